"""A run accepted on two inputs that exclude each other is a defect: it stops everything with exit status 1."""

from pathlib import Path

import pytest

import onehalf as oh
from onehalf import cli
from onehalf.families.training.problem import AlternatingTraining
from oracle.judge import Verdict

PROBLEM = oh.AlternatingTraining(hidden=(2,), exponent=20)


def always_accept(self: AlternatingTraining, outputs: list[object]) -> list[tuple[Verdict, ...]]:
    return [tuple(Verdict("accepted", 0.0) for _ in self.inputs) for _ in outputs]


def test_a_broken_judge_is_caught_by_the_pathwise_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AlternatingTraining, "judge", always_accept)
    result = oh.run(PROBLEM, ["coin-flip", "reader[bits=5]"], trials=5_000)
    assert result.violations[0] == (0, 0)
    assert {cell for cell, _ in result.violations} == {0}
    assert len(result.trials) < 10_000, "the run stops"


def test_a_broken_oracle_is_caught_too(monkeypatch: pytest.MonkeyPatch) -> None:
    # An oracle whose depth of coupling is overstated lets one run stand for both inputs while it told them apart:
    # judged against inputs whose points agree, its output is accepted on both.
    monkeypatch.setattr(AlternatingTraining, "points_of", lambda self, member, of=AlternatingTraining.points_of: of(
        self, self.inputs[0]))  # fmt: skip
    result = oh.run(oh.AlternatingTraining(hidden=(2,), exponent=21), "coin-flip", trials=50)
    assert len(result.violations) > 5


def test_the_command_ends_with_status_1_and_names_the_trial(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(AlternatingTraining, "judge", always_accept)
    out = tmp_path / "run"
    status = cli.main(["run", "coin-flip", "--trials", "5", "--jobs", "1", "--out", str(out)])
    said = capsys.readouterr().err
    assert status == cli.VIOLATION == 1
    assert "violation: cell 0, trial 0" in said
    assert f"onehalf replay {out} 0 0" in said


def test_where_nothing_excludes_acceptance_on_both_is_no_violation() -> None:
    free = oh.AlternatingTraining(hidden=(2,), exponent=20, free=True)
    result = oh.run(free, "interpolant", trials=5)
    assert result.violations == []
    assert set(result.trials["verdict_1"]) == set(result.trials["verdict_2"]) == {"accepted"}
