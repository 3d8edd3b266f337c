"""The universal half: families with a limit, what limits them, and the frontiers that are attained."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.registry import resolve
from analysis.figures.gallery import pictures
from analysis.statistics.theorems import bound_value
from analysis.summary.limit import excepted
from onehalf.families.simplex.problem import Simplex
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.running.run import run, run_experiment
from oracle.errors import InvalidOutput, InvalidValue
from oracle.problems import Oracle
from oracle.session import Budget
from tests.scale import sample

PROBLEMS = [
    Simplex(answers=3, exponent=7),
    Simplex(answers=4, exponent=9, limit=True),
    AlternatingTraining(limit=True),
]


def cells(*arguments: Any, **options: Any) -> list[dict[str, Any]]:
    """Return the cells of the summary of a run."""
    found: list[dict[str, Any]] = run(*arguments, **options).summary()["cells"]
    return found


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: f"{p.family}-{p.parameters()['limit']}")
@pytest.mark.parametrize("policy", ["honest", "blind", "decoy", "mirage"])
def test_answers_are_legal_everywhere_and_coupled_to_the_claimed_depth(problem: Any, policy: str) -> None:
    try:
        depth = problem.bound(policy).depth
    except InvalidValue:
        assert policy == "mirage" or (policy == "decoy" and problem.limit)
        return
    rows, columns = problem.facts.shape
    for index, bits in itertools.product(
        itertools.product(range(min(rows, 3)), range(columns)), range(depth + 4)
    ):
        answers = [Oracle(problem, member, policy).answer(index, bits) for member in problem.inputs]
        for member, q in zip(problem.inputs, answers, strict=True):
            assert abs(problem.value(member, index) - q) <= Fraction(1, 2**bits)
        assert len(set(answers)) == 1 or bits > depth


def test_on_the_limit_no_policy_betrays_e() -> None:
    for policy in ("blind", "mirage", "honest"):
        problems = [AlternatingTraining(limit=True, exponent=e) for e in (3, 8, 20)]
        answers = {
            tuple(Oracle(p, p.inputs[2], policy).answer((k, 1), n) for k in range(4) for n in range(30))
            for p in problems
        }
        assert len(answers) == 1
    assert all(p.facts.exponent is None for p in problems)
    with pytest.raises(InvalidValue, match=r"betrays e \(Remark 2b\)"):
        AlternatingTraining(limit=True).check_policy("decoy")
    with pytest.raises(InvalidValue, match="take blind or honest"):
        Simplex(limit=True).check_policy("decoy")


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    k=st.integers(2, 5),
    data=st.data(),
    tolerance=st.fractions(Fraction(1, 100), Fraction(49, 100), max_denominator=200),
)
def test_no_point_is_accepted_on_two_inputs_of_the_simplex(k: int, data: Any, tolerance: Fraction) -> None:
    problem = Simplex(answers=k, tolerance=tolerance, limit=True)
    entries = st.fractions(Fraction(-1), Fraction(2), max_denominator=64)
    point = problem.check_output([data.draw(entries) for _ in range(k)])
    verdicts = problem.judge([point])[0]
    assert sum(v.kind == "accepted" for v in verdicts[:-1]) <= 1
    assert verdicts[-1].kind == "accepted"
    assert problem.decode(problem.encode(point)) == point


def test_witnesses_of_the_simplex_are_accepted_where_they_belong() -> None:
    problem = Simplex(answers=5, limit=True)
    for position, member in enumerate(problem.inputs):
        verdicts = problem.judge([problem.check_output(problem.facts.witness(member))])[0]
        assert [v.kind == "accepted" for v in verdicts[:-1]] == [j == position for j in range(5)]


def test_parameters_and_outputs_of_the_simplex_are_checked() -> None:
    with pytest.raises(InvalidValue, match="answers=1: must be a whole number of at least 2"):
        Simplex(answers=1)
    with pytest.raises(InvalidValue, match=r"tolerance='1/2': must be a rational in \(0, 1/2\)"):
        Simplex(tolerance="1/2")
    with pytest.raises(InvalidOutput, match="return the 3 coordinates"):
        Simplex(answers=3).check_output([1, 0])
    with pytest.raises(InvalidOutput, match="finite reals"):
        Simplex(answers=2).check_output([float("nan"), 0.0])


@pytest.mark.parametrize(
    ("theorem", "k", "share", "value"),
    [
        ("1", 2, Fraction(1, 10), Fraction(11, 20)),
        ("1", 3, Fraction(1, 10), Fraction(2, 5)),
        ("2", 2, Fraction(0), Fraction(1, 2)),
        ("3", 2, Fraction(0), Fraction(2, 3)),
        ("3", 5, Fraction(0), Fraction(5, 9)),
        ("3", 3, Fraction(1), Fraction(1)),
        ("", 0, Fraction(1, 2), Fraction(1)),
    ],
)
def test_bounds(theorem: str, k: int, share: Fraction, value: Fraction) -> None:
    """By hand, from docs/theory.md."""
    assert bound_value(theorem, k, share) == value


OUTCOME = st.tuples(st.booleans(), st.integers(0, 4), st.booleans(), st.tuples(st.booleans(), st.booleans()))


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.lists(OUTCOME, min_size=1, max_size=12))
def test_every_possible_record_keeps_the_finite_forms(outcomes: list[Any]) -> None:
    """Whatever coupled trials record, the smallest share of successes is at most the bound at the share u.

    A shared run halts on all inputs or on none, and is right on at most one of ι¹, ι².
    """
    rows = []
    for shared, which, limit, (first, second) in outcomes:
        right = (which == 1, which == 2) if shared else (first, second)
        halts = which < 4
        found = [halts and right[0], halts and right[1], halts and limit]
        statuses = ["halted" if halts or (r and not shared) else "no_halt" for r in found]
        verdicts = ["accepted" if r else "rejected" for r in found]
        rows.append({"count": 1, "shared": shared, "verdicts": verdicts, "statuses": statuses})
    n, names = len(rows), ["1", "2", "0"]
    share = Fraction(excepted(rows, names, ["1", "2"], "0", "2"), n)
    counts = [sum(row["verdicts"][i] == "accepted" for row in rows) for i in range(3)]
    assert Fraction(min(counts), n) <= bound_value("2", 2, share)
    halting = [{**row, "verdicts": [*row["verdicts"][:2], _on_limit(row)]} for row in rows]
    share = Fraction(excepted(halting, names, ["1", "2"], "0", "3"), n)
    least = min(*counts[:2], sum(row["verdicts"][2] == "accepted" for row in halting))
    assert Fraction(least, n) <= bound_value("3", 2, share)


def _on_limit(row: dict[str, Any]) -> str:
    return "accepted" if row["statuses"][2] == "halted" else "rejected"


def test_the_hedge_lies_on_the_frontier_run_by_run() -> None:
    """In each trial it is right on ι⁰ or on both others, never on neither: p_0 + p_j = 1 in counts."""
    labels = [f"limit-hedge[q={q / 10}]" for q in range(0, 11, 2)]
    for cell in cells(AlternatingTraining(limit=True), labels, oracle="blind", trials=40, jobs=1):
        assert {s["rate"] for s in cell["universal"]["sums"].values()} == {1.0}
        assert cell["universal"]["spent"]["count"] == 0
        assert cell["bound"] | {"interval": None} == {
            "applies": True, "value": 0.5, "interval": None, "theorem": "2", "exclusive_inputs": 2,
            "breadth": 2.0, "tier": "",
        }  # fmt: skip
        assert not cell["test"]["above_bound"]


@pytest.mark.parametrize("k", sample([2, 3, 4, 5], 2))
def test_one_kth_and_the_larger_threshold_are_attained(k: int) -> None:
    """Null: the rates are 1/k and k/(2k − 1). Two Bonferroni-corrected 95% intervals each, coins fixed."""
    q, few = k / (2 * k - 1), Budget(100, 30.0)
    flip = cells(Simplex(answers=k), "coin-flip", oracle="blind", trials=400, jobs=1)[0]
    hedge = cells(
        Simplex(answers=k, limit=True), f"limit-hedge[q={q}]", oracle="blind", trials=400, jobs=1, budget=few
    )[0]
    for cell, value in ((flip, 1 / k), (hedge, q)):
        assert cell["bound"]["value"] == pytest.approx(value)
        assert cell["smallest"]["interval"][0] <= value <= cell["smallest"]["interval"][1]
        assert not cell["test"]["above_bound"]


def test_patient_is_right_wherever_it_halts_and_never_halts_on_the_limit(tmp_path: Path) -> None:
    problem, spec = AlternatingTraining(limit=True, exponent=60), resolve("patient")
    steps = [
        cell
        for digits in (50, 200, 1000)
        for cell in cells_of([problem], ["blind"], [spec], 5, Budget(digits, 30.0))
    ]
    summary = run_experiment(Experiment("budgets", 1, tuple(steps)), tmp_path / "run", jobs=1).summary()
    for cell, digits in zip(summary["cells"], (50, 200, 1000), strict=True):
        assert cell["digit_budget"] == digits
        assert cell["by_input"]["0"]["statuses"]["no_halt"] == 5
        assert cell["by_input"]["1"]["successes"] == cell["by_input"]["2"]["successes"] == 5 * (digits > 63)
        assert cell["smallest"]["over"] == ["0", "1", "2"]
        assert cell["smallest"]["successes"] == 0
    assert {"limit", "budget"} <= {p.name for p in pictures(summary)}
    assert not any("Controls" in item["text"] for item in summary["findings"])


def test_success_on_the_limit_cannot_be_bought_with_a_deep_guess() -> None:
    """A reader of 60 digits is right on all inputs at e = 53, and its excepted event is every trial: no bound."""
    cell = cells(AlternatingTraining(limit=True), "reader[bits=60]", oracle="blind", trials=5)[0]
    assert cell["smallest"]["successes"] == 5
    assert cell["bound"]["value"] == 1.0
    deeper = cells(AlternatingTraining(limit=True, exponent=61), "reader[bits=60]", oracle="blind", trials=5)[
        0
    ]
    assert deeper["smallest"]["successes"] == 0
    assert deeper["bound"]["value"] == 0.5
