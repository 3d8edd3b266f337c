"""Costs: values and thresholds of the theory, the check of a user's own, and how one plugs in."""

import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onehalf.families.training.problem import AlternatingTraining
from oracle.costs import COSTS, Cost, check_cost, find_cost
from oracle.errors import InvalidValue

FIXED = settings(derandomize=True, deadline=None, max_examples=100)
LABELS = [0, 1, 0, 1, 1]
VALUES = st.lists(st.fractions(-2, 3, max_denominator=999), min_size=5, max_size=5)
TOLERANCES = st.fractions(Fraction(1, 100), Fraction(49, 100), max_denominator=200)

PLUGIN = """
from oracle.costs import Cost, inward

def value(values, labels):
    return max(abs(s) for s in inward(values, labels)) * 3

triple = Cost("triple", value, lambda tolerance, r: 3 * tolerance)
slack = Cost("slack", value, lambda tolerance, r: 4 * tolerance)
number = 7
"""


def three_times(values: Sequence[Any], labels: Sequence[int]) -> Any:
    return 3 * COSTS["max"].value(values, labels)


@pytest.mark.parametrize("name", COSTS)
@FIXED
@given(values=VALUES, tolerance=TOLERANCES)
def test_a_cost_within_its_threshold_means_errors_within_the_tolerance(
    name: str, values: list[Fraction], tolerance: Fraction
) -> None:
    cost = COSTS[name]
    worst = max(abs(v - label) for v, label in zip(values, LABELS, strict=True))
    if cost.value(values, LABELS) <= cost.threshold(tolerance, 5):
        assert worst <= tolerance
    assert (cost.value(values, LABELS) == 0) == (worst == 0)


@pytest.mark.parametrize("name", COSTS)
@FIXED
@given(tolerance=TOLERANCES, place=st.integers(0, 4))
def test_thresholds_are_the_largest_possible(name: str, tolerance: Fraction, place: int) -> None:
    # One point off by exactly the tolerance, inwards, all others right: on the threshold, and beyond it by any more.
    cost = COSTS[name]
    for extra in (Fraction(0), Fraction(1, 10**30)):
        values = [Fraction(label) for label in LABELS]
        values[place] += (tolerance + extra) * (1 - 2 * LABELS[place])
        found = cost.value(values, LABELS)
        assert (
            (found == cost.threshold(tolerance, 5)) if extra == 0 else (found > cost.threshold(tolerance, 5))
        )


@FIXED
@given(errors=st.lists(st.floats(0.01, 0.6), min_size=5, max_size=5))
def test_cross_entropy_decides_as_the_logarithms_do(errors: list[float]) -> None:
    values = [Fraction(1 - s) if label else Fraction(s) for s, label in zip(errors, LABELS, strict=True)]
    cost, tolerance = COSTS["cross-entropy"], Fraction(2, 5)
    entropy = -sum(math.log(1 - s) for s in errors) / 5
    bar = -math.log(1 - 2 / 5) / 5
    if abs(entropy - bar) > 1e-9:
        assert (cost.value(values, LABELS) <= cost.threshold(tolerance, 5)) == (entropy <= bar)


@pytest.mark.parametrize("outside", [Fraction(-1, 10**9), 1 + Fraction(1, 10**9)])
def test_cross_entropy_is_infinite_outside_the_unit_interval(outside: Fraction) -> None:
    assert COSTS["cross-entropy"].value([outside, Fraction(1)], [0, 1]) == math.inf


@pytest.mark.parametrize("cost", COSTS.values(), ids=lambda cost: cost.name)
def test_standard_costs_pass_the_check(cost: Cost) -> None:
    check_cost(cost, LABELS * 3, Fraction(1, 4))


@pytest.mark.parametrize(
    ("cost", "message"),
    [
        (
            Cost("loose", three_times, lambda tolerance, r: 4 * tolerance),
            "past the tolerance 1/4; lower the threshold",
        ),
        (Cost("mean", COSTS["mean-absolute"].value, lambda tolerance, r: tolerance), "past the tolerance"),
        (
            Cost("shifted", lambda v, w: three_times(v, w) + 1, lambda tolerance, r: tolerance),
            "must be 0 where",
        ),
        (Cost("zero", lambda v, w: Fraction(0), lambda tolerance, r: tolerance), "past the tolerance"),
        (
            Cost(
                "one-sided", lambda v, w: max(0, *(a - b for a, b in zip(v, w, strict=True))), lambda t, r: t
            ),
            "past the tolerance",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Cost) else "",
)
def test_a_bad_cost_is_refused_by_the_check_and_by_the_problem(cost: Cost, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        check_cost(cost, LABELS * 3, Fraction(1, 4))
    with pytest.raises(InvalidValue, match=message):
        AlternatingTraining(hidden=(2,), cost=cost)


def test_a_cost_plugs_in_as_an_object() -> None:
    cost = Cost("triple", three_times, lambda tolerance, r: 3 * tolerance)
    custom, standard = AlternatingTraining(hidden=(2,), cost=cost), AlternatingTraining(hidden=(2,))
    networks = [standard.facts.witness(member) for member in standard.inputs]
    kinds = [[v.kind for v in row] for row in custom.judge(networks)]
    assert kinds == [[v.kind for v in row] for row in standard.judge(networks)]
    assert custom.facts.cost == custom.parameters()["cost"] == "triple"


def test_a_cost_plugs_in_by_file_and_name(tmp_path: Path) -> None:
    file = tmp_path / "costs_of_mine.py"
    file.write_text(PLUGIN)
    assert find_cost(f"{file}::triple").name == "triple"
    problem = AlternatingTraining(hidden=(2,), cost=f"{file}::triple")
    assert [v.kind for v in problem.judge([problem.facts.witness(problem.inputs[0])])[0]] == [
        "accepted",
        "rejected",
    ]
    assert problem.parameters()["cost"] == f"{file}::triple"
    with pytest.raises(InvalidValue, match="lower the threshold"):
        AlternatingTraining(hidden=(2,), cost=f"{file}::slack")


@pytest.mark.parametrize(
    "wanted", ["absent.py::triple", "{}::absent", "{}::number", "{}", "median", 3, None, "{broken}::triple"]
)
def test_a_cost_that_is_none_is_refused_with_a_sentence(wanted: Any, tmp_path: Path) -> None:
    file, broken = tmp_path / "mine.py", tmp_path / "broken.py"
    file.write_text(PLUGIN)
    broken.write_text("def (")
    text = wanted.format(file, broken=broken) if isinstance(wanted, str) else wanted
    with pytest.raises(InvalidValue, match=r"^cost="):
        AlternatingTraining(cost=text)


def test_an_enclosing_cost_leaves_undecided_what_it_straddles() -> None:
    def fuzzy(values: Sequence[Any], labels: Sequence[int]) -> Any:
        exact = COSTS["max"].value(values, labels)
        return exact, exact * 2

    problem = AlternatingTraining(hidden=(2,), cost=Cost("fuzzy", fuzzy, lambda tolerance, r: tolerance))
    one, two = (problem.facts.witness(member) for member in problem.inputs)
    scaled = [(w, b) for w, b in one.layers]
    scaled[-1] = (scaled[-1][0] * 0.8125, scaled[-1][1])
    network = type(one)(scaled)
    kinds = [[v.kind for v in row] for row in problem.judge([one, two, network])]
    assert kinds == [["accepted", "rejected"], ["rejected", "accepted"], ["undecided", "rejected"]]
