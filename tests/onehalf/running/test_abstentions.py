"""Abstentions: an outcome of its own from run to report; false promises against a count by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import onehalf as oh
from analysis.statistics.intervals import EXACT
from analysis.summary.promises import promise_entry
from analysis.wording import fraction

FAMILY = "wells[answers=3,exponent=12]"


@pytest.fixture
def summary(tmp_path: Path) -> Any:
    names = [f"cautious[bits={text}]" for text in ("8", "8,boldness=0.5", "40", "8,boldness=0.2")]
    result = oh.run(FAMILY, names, oracle="blind", trials=300, seed=5, directory=tmp_path / "run")
    assert result.violations == []
    assert set(result.trials["status"]) == {"halted", "abstained"}
    return oh.load(tmp_path / "run").summary()


def test_what_abstains_is_never_right_and_never_wrong(summary: Any) -> None:
    never, bold, knows, _ = summary["cells"]
    for entry in never["by_input"].values():
        assert entry["statuses"]["abstained"] == 300
        assert (entry["successes"], entry["rate"]) == (0, 0.0)
        assert entry["claims"]["none"] == {"accepted": 0, "rejected": 0, "undecided": 0, "none": 300}
    assert all(entry["statuses"]["abstained"] == 0 for entry in knows["by_input"].values())
    assert knows["smallest"]["rate"] == 1.0
    answered = bold["by_input"]["1"]["statuses"]["halted"]
    assert 110 < answered < 190, "half of 300, six standard deviations"
    assert sum(entry["successes"] for entry in bold["by_input"].values()) == answered
    assert summary["totals"]["failures"] == 0
    assert any(item["kind"] == "abstentions" for item in summary["findings"])


def test_false_promises_are_as_many_as_they_must_be(summary: Any) -> None:
    never, bold, knows, timid = (cell["promises"] for cell in summary["cells"])
    assert (never["promised"]["count"], never["worst"]["count"], knows) == (0, 0, None)
    assert bold["by"] == "answer"
    answered = summary["cells"][1]["by_input"]["1"]["statuses"]["halted"]
    assert bold["promised"]["count"] == answered
    assert bold["least"] == pytest.approx(answered / 300 * 2 / 3)
    assert bold["worst"]["rate"] >= bold["least"]
    (text,) = [item["text"] for item in summary["findings"] if item["kind"] == "promises"]
    assert "answers and does not abstain" in text
    assert 0 < timid["promised"]["count"] < answered
    assert f" {fraction(answered, 300)} trials" in text, "the cell with most of them is told"


def test_promises_are_those_counted_by_hand() -> None:
    """Every trial is written out; the definition is counted trial by trial."""
    draw = np.random.default_rng(2)
    inputs = ["a", "b", "c"]
    trials = []
    for _ in range(300):
        right, flag, shared = int(draw.integers(4)), bool(draw.integers(2)), bool(draw.integers(4))
        verdicts = ["accepted" if place == right else "rejected" for place in range(3)]
        trials.append((shared, flag, verdicts))
    rows = [
        {"shared": s, "statuses": ["halted"] * 3, "verdicts": v, "claims": [f] * 3, "count": 1}
        for s, f, v in trials
    ]
    found = promise_entry(rows, inputs, inputs, EXACT)
    assert found is not None
    made = [v for s, f, v in trials if s and f]
    wrong = [sum(v[place] == "rejected" for v in made) for place in range(3)]
    assert (found["promised"]["count"], found["worst"]["count"]) == (len(made), max(wrong))
    assert found["least"] == pytest.approx(len(made) / 300 * 2 / 3)
    assert max(wrong) / 300 >= found["least"], "G8, run by run"
    assert promise_entry(rows, inputs, ["a"], EXACT) is None


@oh.algorithm("doubts", families=["wells"])
def doubts(task: oh.Task, rng: Any) -> Any:
    """Abstain, with a flag that says success."""
    return oh.Claim(oh.Abstain(), converged=True) if rng.random() < 0.5 else oh.Abstain()


def flags(result: Any) -> list[dict[str, int]]:
    entries = result.summary()["cells"][0]["by_input"].values()
    return [{name: sum(entry["claims"][name].values()) for name in ("true", "false")} for entry in entries]


def test_a_flag_on_an_abstention_is_none(tmp_path: Path) -> None:
    result = oh.run(FAMILY, [doubts], oracle="blind", trials=20, seed=1)
    assert set(result.trials["status"]) == {"abstained"}
    assert all(claims == {"true": 0, "false": 0} for claims in flags(result))
    assert result.summary()["cells"][0]["promises"]["promised"]["count"] == 0
    report = oh.check(doubts, problem=FAMILY.partition("[")[0])
    assert report.passed, str(report)
