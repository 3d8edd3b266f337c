"""Problems stated by instances: value, depth and verdicts against definitions tried by brute force; what is refused.

The brute force shares no code with the library: common answers are looked for on a grid that holds one if there is
one, depths by trying multiples of a fine power of two, values by SciPy's linear programming in float64.
"""

from __future__ import annotations

import itertools
import math
import pickle
import random
from collections.abc import Callable
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import onehalf as oh
from oracle.families import families_of, make_problem
from oracle.instances.arrays import vector
from oracle.instances.game import Game
from oracle.instances.problem import InstanceProblem
from oracle.problems import Oracle


@oh.problem("two-columns")
def two_columns(exponent: int = 20, digits: int = 1, penalty: str = "1/4") -> oh.Instances:
    """LASSO with two columns that differ by 2^-exponent."""
    d = oh.dyadic(exponent)
    return oh.Instances(
        [
            oh.Lasso(A=[[1, 1 + d]], y=[1], penalty=penalty, signs=[0, 1]),
            oh.Lasso(A=[[1, 1 - d]], y=[1], penalty=penalty, signs=[1, 0]),
        ],
        digits=digits,
    )


def made(instances: Callable[[], oh.Instances]) -> InstanceProblem:
    return oh.problem("made")(lambda: instances())()  # type: ignore[no-any-return]


def points(several: list[list[F]], digits: int, norm: str = "max") -> InstanceProblem:
    """A problem whose answers are these points: input j has the least value at point j."""
    size = len(several)
    values = [[1 - F(1, 1024) if i == j else F(1) for i in range(size)] for j in range(size)]
    return made(
        lambda: oh.Instances([oh.ArgMin(values=v, points=several) for v in values], digits=digits, norm=norm)
    )


def least_of_largest(size: int, sets: list[set[int]]) -> float:
    """min_q max_J q(J), by float64 linear programming over q and the value."""
    rows = [[float(j in s) for j in range(size)] + [-1.0] for s in sets]
    found = linprog(
        [0.0] * size + [1.0], A_ub=rows, b_ub=[0.0] * len(sets), A_eq=[[1.0] * size + [0.0]], b_eq=[1.0]
    )
    return float(found.fun)


def test_values_are_those_of_brute_force_in_the_maximum_norm() -> None:
    """Points with whole coordinates /10 and radius 1/10: boxes meet in a multiple of 1/10 if they meet at all."""
    draw = random.Random(3)
    for _ in range(60):
        size = draw.randint(2, 6)
        several = [[F(draw.randint(0, 5), 10) for _ in range(2)] for _ in range(size)]
        if len({tuple(p) for p in several}) < size:
            continue
        served = [
            {
                j
                for j, p in enumerate(several)
                if all(abs(a - F(x, 10)) <= F(1, 10) for a, x in zip(p, at, strict=True))
            }
            for at in itertools.product(range(-1, 7), repeat=2)
        ]
        problem = points(several, 1)
        assert float(problem.stated.game.value) == pytest.approx(least_of_largest(size, served), abs=1e-9)
        bound = problem.bound("blind")
        apart = [several[int(name) - 1] for name in bound.exclusive]
        assert all(max(map(abs, np.subtract(p, q))) > F(2, 10) for p, q in itertools.combinations(apart, 2))


def test_values_are_those_of_brute_force_in_the_euclidean_norm() -> None:
    """Discs of radius 1 meet in a disc's centre or where two circles cross, if they meet at all (float64, no ties)."""
    draw = random.Random(5)
    for _ in range(60):
        size = draw.randint(3, 6)
        several = [[F(draw.randint(0, 3000), 1000) for _ in range(2)] for _ in range(size)]
        at = [(float(a), float(b)) for a, b in several]
        candidates = list(at)
        for p, q in itertools.combinations(at, 2):
            half = math.dist(p, q) / 2
            if 0 < half <= 1:
                middle = ((p[0] + q[0]) / 2, (p[1] + q[1]) / 2)
                rise = math.sqrt(1 - half * half) / (2 * half)
                candidates += [
                    (middle[0] + s * rise * (p[1] - q[1]), middle[1] - s * rise * (p[0] - q[0]))
                    for s in (1, -1)
                ]
        served = [{j for j, p in enumerate(at) if math.dist(p, c) <= 1 + 1e-9} for c in candidates]
        problem = points(several, 0, "euclidean")
        assert float(problem.stated.game.value) == pytest.approx(least_of_largest(size, served), abs=1e-9)


def test_every_answer_of_every_policy_is_legal_and_alike_to_the_depth_and_no_further() -> None:
    draw = random.Random(7)
    seen = 0
    for _ in range(40):
        values = [[F(draw.randint(1, 60), draw.choice([64, 100, 81])) for _ in range(2)] for _ in range(3)]
        if len({tuple(v) for v in values}) < 3:
            continue
        problem = made(lambda values=values: told(values))  # type: ignore[misc]
        for policy in ("honest", "blind", "decoy", "midpoint"):
            try:
                depth = problem.bound(policy).depth
            except oh.InvalidValue:
                continue
            answers = {}
            for n in range(depth + 2):
                for place in problem.stated.differing:
                    said = {Oracle(problem, m, policy).claim((0, place), n) for m in problem.inputs}
                    answers[n] = answers.get(n, True) and len(said) == 1
                    if n <= depth:
                        assert all(abs(v[place] - min(said)) <= F(1, 2**n) for v in values)
            assert [n for n, alike in answers.items() if not alike] == [depth + 1]
            seen += 1
    assert seen > 80


def told(values: list[list[F]]) -> oh.Instances:
    return oh.Instances([oh.ArgMin(values=v, points=[[0], [1]]) for v in values])


def test_a_registered_family_is_a_family_like_any() -> None:
    problem = two_columns(exponent=9)
    assert problem == make_problem(two_columns, {"exponent": 9, "digits": 1, "penalty": "1/4"})
    assert pickle.loads(pickle.dumps(problem)) == problem
    assert problem != two_columns(exponent=10)
    assert hash(problem) == hash(two_columns(9))
    assert families_of(problem)[:2] == ("two-columns", "lasso")
    assert [axis.name for axis in problem.axes] == ["exponent", "digits"]
    assert problem.at(12).closeness == 12
    assert {p: problem.bound(p).depth for p in problem.policies} == {
        "honest": 8,
        "blind": 9,
        "decoy": 8,
        "midpoint": 9,
    }
    report = oh.check(problem)
    assert report.passed, str(report)


def test_verdicts_are_exact_at_the_edge() -> None:
    problem = two_columns(exponent=9)
    best = problem.facts.witness(problem.inputs[1])
    assert best == (F(3, 4), F(0))
    on, over = (F(3, 4) + F(1, 10), F(0)), (F(3, 4) + F(1, 10) + F(1, 10**40), F(0))
    assert [row[1].kind for row in problem.judge([on, over])] == ["accepted", "rejected"]
    assert problem.judge([(F(10**400, 7), F(0))])[0][0].kind == "rejected"


def test_answers_without_a_distance() -> None:
    problem = made(
        lambda: oh.Instances(
            [
                oh.Declared(entries={"h": 0}, accepted=["no"]),
                oh.Declared(entries={"h": F(1, 8)}, accepted=["yes", 1]),
            ]
        )
    )
    assert [v.kind for v in problem.judge([1])[0]] == ["rejected", "accepted"]
    assert [v.kind for v in problem.judge([True])[0]] == ["rejected", "rejected"], "True is not the number 1"
    for answer in ("no", 1, True, (1, 2), -5, ()):
        assert problem.decode(problem.encode(problem.check_output(answer))) == answer
    assert problem.bound("blind").tier == "declared"


D = F(1, 2**9)
ONE = oh.Lasso(A=[[1, 1 + D]], y=[1], penalty="1/4", signs=[0, 1])
TWO = oh.Lasso(A=[[1, 1 - D]], y=[1], penalty="1/4", signs=[1, 0])
ZERO = oh.Anything(of=oh.Lasso(A=[[1, 1]], y=[1], penalty="1/4"))
REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "one instance": (lambda: [ONE], "two instances or more"),
    "signs of another solution": (
        lambda: [ONE, oh.Lasso(A=[[1, 1 - D]], y=[1], penalty="1/4", signs=[0, 1])],
        "instance 2: the obligation fails: column 0 is not strictly inactive",
    ),
    "two solutions": (
        lambda: [ONE, oh.Lasso(A=[[1, 1]], y=[1], penalty="1/4", signs=[1, 0])],
        "column 1 is not strictly inactive",
    ),
    "shapes": (
        lambda: [ONE, oh.Lasso(A=[[1, 1, 1]], y=[1], penalty="1/4", signs=[1, 0, 0])],
        "all tables have one shape",
    ),
    "kinds": (lambda: [ONE, oh.LeastSquares(A=[[1]], y=[1])], "all instances are of one kind"),
    "the same data": (lambda: [ONE, ONE], "instances 1 and 2 have the same data"),
    "known exactly": (
        lambda: [
            oh.ArgMin(values=[1, 2], points=[[0], [1]]),
            oh.ArgMin(values=[2, 1], points=[[0], [2]]),
        ],
        "points of instance 2 are not those of instance 1",
    ),
    "far apart": (
        lambda: [oh.ArgMin(values=[0, 5], points=[[0], [1]]), oh.ArgMin(values=[5, 0], points=[[0], [1]])],
        "no policy answers alike",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_obligation_that_fails_is_refused_by_name(name: str) -> None:
    instances, words = REFUSED[name]
    with pytest.raises(oh.InvalidValue, match=words.replace("(", r"\(")):
        made(lambda: oh.Instances(instances()))
    if name != "far apart":
        with pytest.raises(oh.InvalidValue, match="obligation"):
            oh.Instances(instances())


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: oh.problem("a name"), "without brackets"),
        (lambda: oh.problem("n")(lambda *many: None), "parameters without a name"),
        (
            lambda: oh.problem("n", axes=[oh.Axis("e", "e", "w")])(lambda: None),
            "is no parameter of the function",
        ),
        (lambda: oh.problem("n")(lambda: 3)(), "its function returns a int"),
        (lambda: two_columns(unknown=1), "cannot be made"),
        (lambda: two_columns(penalty=object()), "a parameter is a number"),
        (lambda: oh.Instances([ONE, TWO], digits=1.5), "must be a whole number"),
        (lambda: oh.Instances([ONE, TWO], digits=10**9), "must be from -10,000 to 10,000"),
        (lambda: oh.Instances([ONE, TWO], limit=3), "the limit is no instance"),
        (lambda: oh.Instances([ONE, TWO], limit=ZERO, converging=["a", 0]), "converges to"),
        (lambda: oh.TrainingSet(X=[[1]], labels=["x"], places=[[1]]).solutions(), "no whole number"),
        (lambda: oh.LP(c=[1, 2], A=[[1, 1]], b=[1], basis=[0], free=["z"]).solutions(), "no columns of A"),
        (lambda: oh.Instances([ONE, TWO], norm="taxi"), "must be one of max, euclidean"),
        (lambda: oh.dyadic(-1), "at least 0"),
    ],
)
def test_what_is_misused_is_told_in_a_sentence(make: Callable[[], Any], words: str) -> None:
    with pytest.raises(oh.InvalidValue, match=words):
        make()


@pytest.mark.parametrize(
    ("entries", "shapes"),
    [
        ({"b": [1, 2]}, {"b": 1}),
        ({"b": [[1, 2]], "c": "1/3"}, {"b": 2, "c": 0}),
        ({"b": ["1/3", "2"]}, {"b": 1}),
    ],
)
def test_a_declared_entry_is_a_number_a_vector_or_a_matrix(
    entries: dict[str, Any], shapes: dict[str, int]
) -> None:
    found = oh.Declared(entries=entries, accepted=["yes"]).data

    def depth(value: Any) -> int:
        return 1 + depth(value[0]) if isinstance(value, tuple) else 0

    assert {name: depth(value) for name, value in found.items()} == shapes


@pytest.mark.parametrize("value", ["12", 3, [], None])
def test_what_is_no_list_of_numbers_is_no_vector(value: Any) -> None:
    with pytest.raises(oh.InvalidValue, match="is no vector"):
        vector("b", value)
    assert vector("b", [1, "1/2", 0.5]) == (F(1), F(1, 2), F(1, 2))


def test_a_game_whose_strategies_are_not_of_its_size_proves_nothing() -> None:
    one, half = F(1), F(1, 2)
    faces = (frozenset({0}), frozenset({1}))
    assert Game(2, faces, half, (half, half), (half, half)).check()
    assert not Game(2, faces, F(1, 3), (half, half), (half, half)).check()  # the player has more
    assert not Game(2, faces, F(2, 3), (half, half), (half, half)).check()  # the adversary lets less
    assert not Game(2, faces, half, (half, half), (one, half)).check()
    assert not Game(2, faces, half, (half, half), (F(3, 2), -half)).check()
    with pytest.raises(ValueError, match=r"shorter|longer"):
        Game(2, faces, half, (half, half), (half, half, F(0))).check()
