"""The linear program: minimisers, exact verdicts, and disjoint answers exactly when 2·10^-K < y."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from onehalf.families.linear_program.problem import LinearProgram
from oracle.errors import InvalidOutput, InvalidValue

FIXED = settings(derandomize=True, deadline=None, max_examples=100)


def kinds(problem: LinearProgram, x: tuple[Fraction, Fraction]) -> list[str]:
    return [verdict.kind for verdict in problem.judge([x])[0]]


@pytest.mark.parametrize("exponent", [2, 5, 10])
def test_minimisers_are_those_a_solver_finds(exponent: int) -> None:
    problem = LinearProgram(y="1/2", exponent=exponent)
    for member in problem.inputs:
        row = [[float(problem.value(member, (0, j))) for j in range(2)]]
        found = linprog([1, 1], A_eq=row, b_eq=[0.5], method="highs-ds").x
        assert [float(x) for x in problem.facts.witness(member)] == pytest.approx(found, abs=1e-9)


@FIXED
@given(y=st.fractions(Fraction(1, 10**6), 10), digits=st.integers(0, 7), exponent=st.integers(2, 60))
def test_answers_are_disjoint_exactly_when_the_digits_demand_it(
    y: Fraction, digits: int, exponent: int
) -> None:
    problem = LinearProgram(y=y, digits=digits, exponent=exponent)
    radius = Fraction(1, 10**digits)
    first, second = (problem.facts.witness(member) for member in problem.inputs)
    apart = max(abs(a - b) for a, b in zip(first, second, strict=True))
    bound = problem.bound("blind")
    assert (apart > 2 * radius) == (bound.theorem == "1") == (2 * radius < y)
    middle = ((first[0] + second[0]) / 2, (first[1] + second[1]) / 2)
    assert kinds(problem, middle) == (["rejected"] * 2 if apart > 2 * radius else ["accepted"] * 2)
    assert kinds(problem, first)[0] == kinds(problem, second)[1] == "accepted"


@pytest.mark.parametrize(("digits", "theorem"), [(2, ""), (3, ""), (4, "1")])
def test_the_edge_itself_is_not_disjoint(digits: int, theorem: str) -> None:
    # y = 2·10^-3: at K = 3 the midpoint is at distance exactly 10^-K of both minimisers.
    problem = LinearProgram(y="1/500", digits=digits)
    assert problem.bound("blind").theorem == theorem
    assert problem.bound("blind").exclusive == (("1", "2") if theorem else ())


@FIXED
@given(digits=st.integers(0, 8), step=st.integers(-3, 3))
def test_verdicts_are_exact_at_the_radius(digits: int, step: int) -> None:
    problem = LinearProgram(y="1", digits=digits)
    x, z = problem.facts.witness(problem.inputs[1])
    off = Fraction(1, 10**digits) + Fraction(step, 10**40)
    assert kinds(problem, (x, z + off))[1] == ("accepted" if step <= 0 else "rejected")


@pytest.mark.parametrize(
    "output", [[0.5, 0.25], (0.5, 0.25), np.array([0.5, 0.25]), [Fraction(1, 2), np.float32(0.25)]]
)
def test_two_real_coordinates_are_an_output(output: object) -> None:
    problem = LinearProgram()
    point = problem.check_output(output)
    assert point == (Fraction(1, 2), Fraction(1, 4))
    assert problem.decode(problem.encode(point)) == point


@pytest.mark.parametrize(
    "output",
    [None, "ab", 1.0, [], [1], [1, 2, 3], [[1, 2]], [[1], [2, 3]], np.zeros((2, 2)), np.array(1.0), ("a", 1), (None, 1),
     (1, float("nan")), (float("inf"), 1), (1j, 0), [np.array([1.0]), 2]],
)  # fmt: skip
def test_anything_else_is_invalid(output: object) -> None:
    with pytest.raises(InvalidOutput, match=r"^output"):
        LinearProgram().check_output(output)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"y": 0}, "^y='0': must be a positive rational"),
        ({"y": "sqrt(2)"}, "^y="),
        ({"digits": -1}, "^digits=-1: must be a whole number of at least 0"),
        ({"exponent": 1}, "^exponent=1: must be a whole number of at least 2"),
    ],
)
def test_parameters_out_of_range_are_refused(parameters: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        LinearProgram(**parameters)  # type: ignore[arg-type]
