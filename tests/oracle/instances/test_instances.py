"""Certified instances: coupling, nerve and value against brute force; certificates that prove, and those that do not.

The brute-force side shares no code with the library: depths by trying every multiple of a fine power of two, nerves by
trying every subset, values by SciPy's linear programming in float64.
"""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction as F

import numpy as np
import pytest
from scipy.optimize import linprog

from oracle.arithmetic.linear_algebra import Vector
from oracle.errors import InvalidValue
from oracle.instances.coupling import (
    POLICIES,
    depth_of,
    depth_of_answer,
    depth_of_pair,
    honest_depth,
    shown_by,
)
from oracle.instances.finite import ArgMin, AtLeast, Declared, Root, Support
from oracle.instances.game import Game, maximal_faces, play
from oracle.instances.instance import Instance, Refused
from oracle.instances.linear import LP, LeastSquares, MinimumNorm, Projector, Rank
from oracle.instances.solutions import EUCLIDEAN, MAXIMUM, Solutions, common, enclosing_ball, excess, point
from oracle.instances.sparse.signed import BasisPursuit, ElasticNet, Lasso, SqrtLasso

D = F(1, 2**53)


def solved(sets: list[Solutions], radius: F, norm: str = MAXIMUM) -> Game:
    faces = maximal_faces(len(sets), lambda J: common([sets[j] for j in J], norm, radius) is not None, False)
    return play(len(sets), faces)


def near(x: Vector, several: list[F], n: int) -> bool:
    return all(abs(v - x) <= F(1, 2**n) for v in several)


def test_depths_are_those_of_brute_force() -> None:
    draw = random.Random(1)
    for _ in range(1500):
        low = F(draw.randint(-40, 40), draw.choice([1, 2, 3, 4, 5, 8, 32]))
        high = low + F(draw.randint(1, 60), draw.choice([7, 16, 64, 100, 1000]))
        depth = -1
        # A common answer, if there is one, is the midpoint, or a multiple of 2^-(n+1) of an interval longer than that.
        for n in range(16):
            a, b = high - F(1, 2**n), low + F(1, 2**n)
            fine = 2**24
            if a > b or math.ceil(a * fine) > math.floor(b * fine):
                break
            depth = n
        assert depth_of_pair(low, high) == depth
        honest = next(n for n in range(40) if round(low * 2**n) != round(high * 2**n)) - 1
        assert honest_depth(low, high) == honest
        if depth >= 0:
            assert depth_of_answer(shown_by("midpoint", [low, high]), low, high) == depth


@pytest.mark.parametrize(
    ("values", "depths"),
    [
        ((1 - D, 1 + D), (52, 53, 52, 53)),  # the nearest multiple of 2^-53 to 1 ± δ is 1 ± δ
        ((F(1), 1 + D), (52, 53, 53, 54)),  # G1: e + 1 by the midpoint
        ((F(0), F(5)), (-1, -1, -1, -1)),  # more than 2 apart: nothing couples them
    ],
)
def test_each_policy_has_the_depth_of_the_theory(values: tuple[F, ...], depths: tuple[int, ...]) -> None:
    assert tuple(depth_of(policy, [values], [None]) for policy in POLICIES) == depths


@pytest.mark.parametrize("norm", [MAXIMUM, EUCLIDEAN])
def test_nerve_and_value_are_those_of_brute_force(norm: str) -> None:
    draw = random.Random(2)
    for _ in range(25):
        size, radius = draw.randint(2, 5), F(draw.randint(1, 6), 4)
        centres = [(F(draw.randint(0, 5)), F(draw.randint(0, 5))) for _ in range(size)]
        game = solved([point(x) for x in centres], radius, norm)
        # Where neighbourhoods meet, they do so at a midpoint of coordinates, or at a centre or crossing of circles.
        nerve = [
            J
            for m in range(1, size + 1)
            for J in itertools.combinations(range(size), m)
            if meet(centres, J, radius, norm)
        ]
        top = {J for J in nerve if not any(set(J) < set(other) for other in nerve)}
        assert set(game.faces) == top
        table = np.array([[-float(j in J) for j in range(size)] + [1.0] for J in nerve])
        found = linprog(
            [0.0] * size + [1.0],
            A_ub=-table,
            b_ub=[0.0] * len(nerve),
            A_eq=[[1.0] * size + [0.0]],
            b_eq=[1.0],
        )
        assert float(game.value) == pytest.approx(found.fun, abs=1e-9)
        assert game.check()


def meet(centres: list[Vector], J: tuple[int, ...], radius: F, norm: str) -> bool:
    """Whether balls meet: pairwise in the maximum norm (Helly); in the plane by discs of two or three points."""
    mine = [centres[j] for j in J]
    if norm == MAXIMUM:
        return all(
            max(abs(a - b) for a, b in zip(x, y, strict=True)) <= 2 * radius for x in mine for y in mine
        )
    tried = list(mine)
    for x, y in itertools.combinations(mine, 2):
        tried.append(tuple((a + b) / 2 for a, b in zip(x, y, strict=True)))
    for (ax, ay), (bx, by), (cx, cy) in itertools.combinations(mine, 3):
        twice = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by))
        if twice:
            a, b, c = ax**2 + ay**2, bx**2 + by**2, cx**2 + cy**2
            ux = (a * (by - cy) + b * (cy - ay) + c * (ay - by)) / twice
            tried.append((ux, (a * (cx - bx) + b * (ax - cx) + c * (bx - ax)) / twice))
    return any(
        all(sum((a - b) ** 2 for a, b in zip(x, y, strict=True)) <= radius**2 for y in mine) for x in tried
    )


def test_the_least_ball_encloses() -> None:
    assert enclosing_ball([(F(0), F(0)), (F(2), F(0)), (F(1), F(1, 4))]) == ((F(1), F(0)), F(1))


@pytest.mark.parametrize(("digits", "blocks"), [(0, 2), (1, 2), (2, 2), (3, 2), (3, 3)])
def test_products_cost_a_factor_two_a_digit(digits: int, blocks: int) -> None:
    """G4: v = 2^-max(0, min(K, L)) for y_i = 4·10^-i."""
    sets: list[Solutions] = []
    for signs in itertools.product((1, -1), repeat=blocks):
        columns = range(2 * blocks)
        rows = [[(1, 1 + s * D)[j % 2] if j // 2 == i else 0 for j in columns] for i, s in enumerate(signs)]
        y = [F(4, 10 ** (i + 1)) for i in range(blocks)]
        basis = [2 * i + (s > 0) for i, s in enumerate(signs)]
        sets.append(LP(c=[1] * 2 * blocks, A=rows, b=y, basis=basis).solutions())
    assert solved(sets, F(1, 10**digits)).value == F(1, 2 ** min(digits, blocks))


@pytest.mark.parametrize(("digits", "value"), [(2, F(1)), (3, F(1, 2)), (4, F(1, 3))])
def test_minimum_norm_least_squares(digits: int, value: F) -> None:
    """f2 with Y = 1.5·10^-3: three inputs, the limit among them."""
    y = F(3, 2000)
    sets: list[Solutions] = [
        MinimumNorm(A=[[1, 0], [0, d]], y=[1, s * d * y]).solutions() for d, s in ((D, 1), (D, -1), (F(0), 0))
    ]
    assert solved(sets, F(1, 10**digits)).value == value


@pytest.mark.parametrize("k", [2, 3, 6])
def test_collinear_least_squares_have_any_number_of_answers(k: int) -> None:
    """f3: 1/k, coupled by midpoints to depth e + 1 − ⌈log2(k − 1)⌉ exactly."""
    d = F(1, 2**30)
    sets: list[Solutions] = [LeastSquares(A=[[1, 1], [0, d]], y=[1, c * d]).solutions() for c in range(k)]
    assert solved(sets, F(1, 10)).value == F(1, k)
    assert depth_of("midpoint", [[c * d for c in range(k)]], [None]) == 31 - math.ceil(math.log2(k - 1))


def test_supports_and_ranks() -> None:
    """c2: 2^p supports; of the 2^p ranks only p + 1 are different."""
    orders = list(itertools.product((0, 1), repeat=3))
    unit = [[int(i == j) for j in range(3)] for i in range(3)]
    supports: list[Solutions] = [
        Support(of=Lasso(A=unit, y=[1 + (D if h else -D) for h in hs], penalty=1, signs=hs)).solutions()
        for hs in orders
    ]
    ranks: list[Solutions] = [
        Rank(A=[[D * h if i == j else 0 for j in range(3)] for i, h in enumerate(hs)]).solutions()
        for hs in orders
    ]
    assert solved(supports, F(0)).value == F(1, 8)
    assert solved(ranks, F(0)).value == F(1, 4)


def test_the_euclidean_norm_has_more_steps() -> None:
    """G3: k points at mutual distance √2·Y have v = min(k, ⌊1/(1 − r²/Y²)⌋)/k; the maximum norm has one step."""
    sets: list[Solutions] = [point(tuple(F(i == j) for j in range(3))) for i in range(3)]
    radii = [F(7, 10), F(71, 100), F(81, 100), F(82, 100)]
    assert [solved(sets, r, EUCLIDEAN).value for r in radii] == [F(1, 3), F(2, 3), F(2, 3), F(1)]
    assert [solved(sets, r).value for r in (F(49, 100), F(1, 2))] == [F(1, 3), F(1)]


def test_a_cycle_has_a_value_that_no_exclusive_inputs_give() -> None:
    game = play(5, [(i, (i + 1) % 5) for i in range(5)])
    assert (game.value, len(game.exclusive())) == (F(2, 5), 2)


@pytest.mark.parametrize(
    ("instance", "solution"),
    [
        (Lasso(A=[[1, 2]], y=[1], penalty="1/4", signs=[0, 1]), (0, F(7, 16))),
        (ElasticNet(A=[[1, 1]], y=[1], penalty="1/4", ridge=1, signs=[1, 1]), (F(1, 4), F(1, 4))),
        (BasisPursuit(A=[[1, 2]], y=[1], signs=[0, 1]), (0, F(1, 2))),
        (SqrtLasso(A=[[1, 2]], y=[1], penalty="1/4", signs=[0, 1]), (0, F(1, 2))),
        (Projector(A=[[2, -D], [-D, 2]], eigenvector=[1, -1]), (F(1, 2), F(-1, 2), F(-1, 2), F(1, 2))),
        (ArgMin(values=[D, 0], points=[[-1], [1]]), (1,)),
        (Root(values=[-1, D, D, 1], nodes=[0, 1, 2, 3]), (1 / (1 + D),)),
    ],
)
def test_certificates_prove_the_solution(instance: Instance, solution: tuple[F, ...]) -> None:
    found = instance.solutions()
    assert found.witness == solution
    assert excess(tuple(map(F, solution)), found, MAXIMUM, F(0)) == 0  # type: ignore[arg-type]


def test_all_roots_are_found() -> None:
    assert Root(values=[-1, 0, 0, 1], nodes=[0, 1, 2, 3]).solutions().words == "([1, 2])"
    assert Root(values=[1, 0, 1], nodes=[0, 1, 2]).solutions().words == "{(1)}"


@pytest.mark.parametrize(
    ("instance", "obligation"),
    [
        (Lasso(A=[[1, 2]], y=[1], penalty="1/4", signs=[1, 0]), "column 1 is not strictly inactive"),
        (Lasso(A=[[1, 1]], y=[1], penalty="1/4", signs=[1, 0]), "column 1 is not strictly inactive"),
        (Lasso(A=[[1, 1]], y=[1], penalty="1/4", signs=[1, 1]), "dependent"),
        (Lasso(A=[[1]], y=[1], penalty="1/4", signs=[-1]), r"signs\[0\]=-1"),
        (Lasso(A=[[1]], y=[1], penalty="1/4", signs=[2]), "no 1 numbers"),
        (BasisPursuit(A=[[1, 1]], y=[1], signs=[1, 0]), "column 1 is not strictly inactive"),
        (BasisPursuit(A=[[1, 0], [0, 1]], y=[1, 1], signs=[1, 0]), "no combination"),
        (SqrtLasso(A=[[1, 0]], y=[1], penalty=1, signs=[1, 0]), "not below 1"),
        (LP(c=[1, 1], A=[[1, 1]], b=[1], basis=[0]), "reduced cost of column 1 is 0"),
        (LP(c=[1, 1], A=[[1, 1]], b=[-1], basis=[0]), "negative coordinate"),
        (LP(c=[1, 1], A=[[1, 1]], b=[1], basis=[0, 1]), "no 1 of 2 columns"),
        (LeastSquares(A=[[1, 1], [1, 1]], y=[1, 1]), "dependent"),
        (Projector(A=[[2, 0], [0, 2]], eigenvector=[1, 0]), "not below"),
        (Projector(A=[[2, 1], [1, 2]], eigenvector=[1, 0]), "no eigenvector"),
        (Root(values=[1, 1], nodes=[0, 1]), "no root"),
        (Root(values=[1, -1], nodes=[1, 0]), "not increasing"),
        (ArgMin(values=[1, 2], points=[[1]]), "1 points and 2 values"),
        (Declared(), "no right answer"),
        (AtLeast(of=Rank(A=[[1]])), "no linear program"),
    ],
)
def test_what_proves_nothing_is_refused_with_its_obligation(instance: Instance, obligation: str) -> None:
    with pytest.raises(Refused, match=obligation):
        instance.solutions()


def test_data_of_different_sizes_are_refused() -> None:
    with pytest.raises(InvalidValue, match=r"has 2 rows, and A has 1"):
        Lasso(A=[[1, 2]], y=[1, 2], penalty=1)
