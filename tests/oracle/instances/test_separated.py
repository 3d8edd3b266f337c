"""The tier separated: what functionals prove, against linear programs in SciPy; what is refused; judges that lie."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import onehalf as oh
from oracle.families import make_problem

HALF = F(1, 2)


def yes(x: Any) -> bool:
    """Accept everything."""
    return True


def largest(of: Any, x: Any, ell: list[F]) -> float:
    """max ℓ·x over the points as good as x, in float64: of a program, or of basis pursuit for the fit of x."""
    table, value = np.array(of.A, float), np.array(x, float)
    if isinstance(of, oh.LP):
        costs, columns, sides, right = np.array(of.c, float), table, ell, np.array(of.b, float)
    else:
        costs, columns = np.ones(2 * len(x)), np.hstack([table, -table])
        sides, right = [*ell, *(-v for v in ell)], table @ value
        value = np.concatenate([np.maximum(value, 0), np.maximum(-value, 0)])
    found = linprog(
        -np.array(sides, float),
        A_eq=columns,
        b_eq=right,
        A_ub=[costs],
        b_ub=[costs @ value],
        bounds=(0, None),
    )
    return float(-found.fun) if found.status == 0 else np.inf if found.status == 3 else -np.inf


def test_what_prices_prove_is_not_less_than_the_largest_value() -> None:
    """H0, by construction: no proof is false. Programs, basis pursuit and LASSO with random feasible points."""
    draw = random.Random(4)
    proved = 0
    for _ in range(150):
        rows, wide = draw.randint(1, 2), draw.randint(2, 4)
        table = [[F(draw.randint(-3, 4)) for _ in range(wide)] for _ in range(rows)]
        x = [F(draw.randint(0, 3)) for _ in range(wide)]
        fit = [sum((a * b for a, b in zip(row, x, strict=True)), F(0)) for row in table]
        ell, prices = ([F(draw.randint(-2, 2)) for _ in range(n)] for n in (wide, rows))
        of: Any = draw.choice([
            oh.LP(c=[F(draw.randint(-1, 3)) for _ in range(wide)], A=table, b=fit),
            oh.BasisPursuit(A=table, y=fit),
        ])  # fmt: skip
        with contextlib.suppress(oh.InvalidValue):
            most = oh.Separated(of=of, solution=x, judge=yes).most(tuple(ell), tuple(prices))
            assert float(most) >= largest(of, x, ell) - 1e-7
            proved += 1
    assert proved > 80


def test_lasso_and_least_squares() -> None:
    """Twin columns: x_1 + x_2 = 3/4 with both ≥ 0; and the line x_1 + x_2 = 1."""
    twins = oh.Separated(of=oh.Lasso(A=[[1, 1]], y=[1], penalty="1/4"), solution=[HALF, F(1, 4)], judge=yes)
    assert twins.most((HALF, HALF), (HALF,)) == F(3, 8)
    assert twins.most((F(1), F(0)), (HALF,)) == F(3, 4)
    line = oh.Separated(of=oh.LeastSquares(A=[[1, 1], [0, 0]], y=[1, 5]), solution=[3, -2], judge=yes)
    assert line.most((HALF, HALF), (HALF, F(0))) == HALF
    with pytest.raises(oh.InvalidValue, match="ℓ is not AᵀA times the prices"):
        line.most((F(1), F(0)), (HALF, F(0)))
    with pytest.raises(oh.InvalidValue, match="the KKT conditions fail at column 1"):
        oh.Separated(
            of=oh.Lasso(A=[[1, 2]], y=[1], penalty="1/4"), solution=["3/4", 0], judge=yes
        ).solutions()


def groups(signs: list[int], pairs: list[tuple[int, int]], **more: Any) -> Any:
    """Basis pursuit with twins for each sign, one group larger by δ on each input, and some pairs kept apart."""
    delta, size = F(1, 2**20), len(signs)

    def member(j: int) -> oh.Separated:
        row = [1 + delta if i == j else F(1) for i in range(size) for _ in range(2)]
        total = 1 / (1 + delta)
        x = [total / 2 if k // 2 == j else F(0) for k in range(2 * size)]

        def near(y: Any) -> bool:
            return abs(y[2 * j] + y[2 * j + 1] - total) <= F(1, 5) and max(map(abs, y)) <= F(11, 10)

        return oh.Separated(of=oh.BasisPursuit(A=[row], y=[1]), solution=x, judge=more.get("judge", near))

    separators = []
    for i, j in pairs:
        ell = [HALF * (k // 2 == j - 1) for k in range(2 * size)]
        at = HALF / delta
        separators.append(
            oh.Separator((i, j), ell, below=[more.get("below", -at)], above=[more.get("above", at)])
        )
    return oh.problem("made")(
        lambda: oh.Instances(
            [member(j) for j in range(size)], separators=separators, digits=more.get("digits", 1)
        )
    )()


def test_pairs_that_nothing_keeps_apart_count_as_having_a_common_answer() -> None:
    problem = groups([1, 1, 1], [(1, 2), (1, 3)])
    bound = problem.bound("blind")
    assert (bound.exclusive, bound.breadth, bound.tier) == (("1", "2"), 2, "separated")
    assert groups([1, 1, 1], [(1, 2), (1, 3), (2, 3)]).bound("blind").breadth == 3
    assert problem.facts.faces == ((0,), (1,), (2,))
    assert [v.kind for v in problem.judge([problem.facts.witness(oh.Input("2", 20))])[0]] == [
        "rejected",
        "accepted",
        "rejected",
    ]


@pytest.mark.parametrize(
    ("pairs", "more", "obligation"),
    [
        ([], {}, "functionals keep inputs apart.*none is given"),
        ([(1, 1)], {}, "it names no two of 2 inputs"),
        ([(1, 2)], {"below": 0}, "not more than 2·10"),
        ([(1, 2)], {"digits": 0}, "not more than 2·10"),
        ([(1, 2)], {"judge": lambda x: False}, "its own judge does not accept its solution"),
    ],
)
def test_what_fails_is_refused_with_the_obligation(pairs: Any, more: Any, obligation: str) -> None:
    with pytest.raises(oh.InvalidValue, match=obligation):
        groups([1, 1], pairs, **more)


def test_more_that_is_refused() -> None:
    pursuit = oh.BasisPursuit(A=[[1, 1]], y=[1])
    with pytest.raises(oh.InvalidValue, match="no instance whose solutions functionals can be proved"):
        oh.Separated(of=oh.Rank(A=[[1]]), solution=[1], judge=yes)
    with pytest.raises(oh.InvalidValue, match="is no function, and a judge is one"):
        oh.Separated(of=pursuit, solution=[1, 0], judge="yes")  # type: ignore[arg-type]
    with pytest.raises(oh.InvalidValue, match="the solution is not feasible"):
        oh.Separated(of=pursuit, solution=[1, 1], judge=yes).solutions()
    one, two = (
        oh.Separated(of=oh.BasisPursuit(A=[[1, a]], y=[1]), solution=[1, 0], judge=yes) for a in (1, HALF)
    )
    wide = oh.Separator((1, 2), [1, 1], below=[0], above=[0])
    with pytest.raises(oh.InvalidValue, match="the dual norm of ℓ is 2, above 1"):
        oh.Instances([one, two], separators=[wide])
    stated = make_problem("tied-pursuit", {"exponent": 20}).stated  # type: ignore[attr-defined]
    equal = oh.BasisPursuit(A=[[1, 1, 1, 1]], y=[1])
    with pytest.raises(oh.InvalidValue, match="separated instances have no limit"):
        replace(stated, limit=oh.Separated(of=equal, solution=[1, 0, 0, 0], judge=yes))


@pytest.mark.parametrize(
    ("judge", "sentence"),
    [
        (lambda x: True, "accepts it, and ℓ = .* though it is at most"),
        (lambda x: 1, "says 1, which is neither True nor False"),
        (lambda x: x[17], "raises IndexError"),
    ],
)
def test_a_judge_that_lies_is_found_out(judge: Callable[[Any], Any], sentence: str) -> None:
    def judged() -> None:
        problem = groups([1, 1], [(1, 2)], judge=judge)
        problem.judge([problem.facts.witness(member) for member in problem.inputs])

    with pytest.raises(oh.InvalidValue, match=sentence):
        judged()


def test_the_family_that_ships_accepts_all_of_a_segment_and_no_more() -> None:
    problem: Any = make_problem("tied-pursuit", {"exponent": 20})
    near, far = F(1, 10), F(1, 10) + F(1, 10**9)
    for t in (F(0), F(1, 3), F(1)):
        assert [v.kind for v in problem.judge([(t, 1 - t, near, -near)])[0]] == ["accepted", "rejected"]
        assert [v.kind for v in problem.judge([(t, 1 - t, far, F(0))])[0]] == ["rejected", "rejected"]
    corner = (F(11, 10), F(1, 10), F(0), F(0))
    assert problem.judge([corner])[0][0].kind == "accepted"
    assert problem.judge([(corner[0] + F(1, 10**9), *corner[1:])])[0][0].kind == "rejected"
    with pytest.raises(oh.InvalidValue, match="the obligation fails"):
        make_problem("tied-pursuit", {"digits": 0})
