"""Basis pursuit with noise: numbers p ± √n against sixty digits, ties; minimisers against LARS; what is refused."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal, getcontext
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest

import onehalf as oh
from algorithms.solvers.regression import lars_denoising
from onehalf import verify_kinds
from oracle.families import make_problem
from oracle.instances.solutions import Surds, common
from oracle.instances.sparse.surds import Surd, rational_between, surd


def decimal(p: F, q: F, h: F) -> Decimal:
    getcontext().prec = 60
    ratio = [Decimal(x.numerator) / Decimal(x.denominator) for x in (p, q, h)]
    return ratio[0] + ratio[1] * ratio[2].sqrt()


def test_comparisons_are_those_of_sixty_digits_and_ties_are_ties() -> None:
    """The referee's numbers, which share no code with the library's, too."""
    draw = random.Random(2)
    for _ in range(400):
        parts = [
            (F(draw.randint(-6, 6), 3), F(draw.randint(-4, 4), 2), F(draw.choice([0, 1, 2, 3, 8, 18]), 4))
            for _ in "ab"
        ]
        (a, b), (c, d) = ([of(*part) for part in parts] for of in (surd, verify_kinds.Root))
        difference = decimal(*parts[0]) - decimal(*parts[1])
        tie = abs(difference) < Decimal("1e-40")
        assert (a == b) == (c == d) == tie
        assert (a < b) == (c < d) == (difference < 0 and not tie)
        assert tie <= (hash(a) == hash(b))
        assert float(a) == pytest.approx(float(decimal(*parts[0])), abs=1e-15)
        assert a == abs(a) or -a == abs(a) > 0
    assert surd(F(1), F(1), F(2)) + F(1, 2) == surd(F(3, 2), F(1, 3), F(18))
    assert F(3) - surd(F(1), F(1), F(2)) == surd(F(2), F(-1), F(2))


def test_near_and_between() -> None:
    root = surd(F(0), F(1), F(2))
    assert isinstance(root, Surd)
    for bits in (0, 5, 60):
        assert abs(root - root.near(bits)) < F(1, 2**bits)
    assert rational_between(root, root) is None
    close = root + F(1, 10**40)
    found = rational_between(root, close)
    assert found is not None
    assert root < found < close
    two = [Surds((root,)), Surds((root + F(1, 5),))]
    assert common(two, "max", F(1, 10) + F(1, 10**9)) is not None
    assert common(two, "max", F(1, 10) - F(1, 10**9)) is None
    with pytest.raises(oh.InvalidValue, match="have an irrational answer in common, which no output can be"):
        common(two, "max", F(1, 10))


def test_minimisers_are_those_of_lars_and_meet_the_noise() -> None:
    draw = random.Random(6)
    seen = 0
    for _ in range(60):
        table = [[F(draw.randint(-300, 300), 101) for _ in range(3)] for _ in range(2)]
        right, noise = [F(draw.randint(-400, 400), 103) for _ in range(2)], F(draw.randint(1, 4), 2)
        found: Any = None
        for signs in itertools.product((1, 0, -1), repeat=3):
            try:
                found = oh.BasisPursuitDenoising(A=table, y=right, noise=noise, signs=signs).solutions()
            except oh.InvalidValue:
                continue
            break
        if not isinstance(found, Surds):
            continue
        x = np.array([float(v) for v in found.point])
        a, y = np.array(table, float), np.array(right, float)
        assert float(np.linalg.norm(a @ x - y)) == pytest.approx(float(noise))
        other, solved = lars_denoising(a, y, float(noise))
        assert solved
        assert np.abs(x).sum() == pytest.approx(np.abs(other).sum())
        assert x == pytest.approx(other, abs=1e-7)
        seen += 1
    assert seen > 20


@pytest.mark.parametrize(
    ("signs", "y", "noise", "obligation"),
    [
        ([0, 0, 0], [1, 1], "1/4", "the support is empty, and ‖y‖₂ is above the noise"),
        ([1, 1, 1], [1, 1], "1/4", "the columns of the support are dependent"),
        ([1, 0, 0], [1, 1], "1/4", "is nearer to y than the noise 1/4"),
        ([1, 0, -1], [1, 1], "1/4", r"signs\[2\]=-1, and the solution on the support has x\[2\]"),
        ([0, 1, 1], [1, 1], "1/4", "column 0 is not strictly inactive"),
        ([1, 0, 1], [1, 1], 0, "must be positive"),
    ],
)
def test_what_signs_do_not_prove_is_refused(signs: Any, y: Any, noise: Any, obligation: str) -> None:
    rows = [[1 + F(1, 8), 1, 0], [0, 0, 1]]
    with pytest.raises(oh.InvalidValue, match=obligation):
        oh.BasisPursuitDenoising(A=rows, y=y, noise=noise, signs=signs).solutions()


def test_the_family_has_the_closed_form_and_every_tie_is_recognised() -> None:
    """docs/problems.md, a: y/m − τ/m² and y − τ, τ = noise·m/√(1 + m²); breakdown at 2·10^-K below their distance."""
    problem: Any = make_problem("noisy-recovery", {"exponent": 20, "answers": 3})
    m = 1 + F(1, 2**20)
    square = F(1, 16) * m * m / (1 + m * m)
    one, last = surd(1 / m, -1 / m**2, square), surd(F(1), F(-1), square)
    assert problem.stated.solutions[1].point == (0, one, 0, last)
    assert problem.bound("midpoint") == oh.Bound("1", ("1", "2", "3"), 21, tier="certified")
    values = [make_problem("noisy-recovery", {"digits": k}).bound("blind").breadth for k in (0, 1, 5)]
    assert values == [0, 2, 2]
    x = problem.facts.witness(oh.Input("2", 20))
    assert [v.kind for v in problem.judge([x])[0]] == ["rejected", "accepted", "rejected"]
    edge = (F(1, 10), *x[1:])
    assert problem.judge([edge])[0][1].kind == "accepted"
    assert problem.judge([(edge[0] + F(1, 10**30), *x[1:])])[0][1].kind == "rejected"
    huge = problem.judge([(F(10**400, 7), *x[1:])])[0][1]
    assert (huge.kind, huge.margin) == ("rejected", -float("inf"))
    with pytest.raises(oh.InvalidValue, match="in the Euclidean norm solutions are rational"):
        oh.Instances(problem.stated.members, norm="euclidean")
    assert oh.Support(of=problem.stated.members[0]).solutions().answers == ((0, 3),)


def test_with_its_limit_it_is_theorem_3() -> None:
    bound = make_problem("noisy-recovery", {"exponent": 8, "limit": True}).bound("blind")
    assert (bound.theorem, bound.value, bound.halting) == ("4", F(2, 3), F(1, 2))
