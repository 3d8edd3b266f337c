"""What is said on standard error while something runs: by attacks and checks as by runs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from onehalf.cli import main
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.running import progress as progressing
from onehalf.running.progress import CheckProgress, Progress
from onehalf.running.run import run_experiment


@pytest.mark.parametrize(("stage", "lines"), [(False, ["one: 1 cell", "3 of 3 trials"]), (True, [])])
def test_a_stage_leaves_no_line_behind(stage: bool, lines: list[str], tmp_path: Path) -> None:
    whole = Experiment("one", 1, tuple(cells_of([AlternatingTraining()], ["blind"], ["coin-flip"], 3)))
    stream = io.StringIO()
    run_experiment(whole, tmp_path / "run", 1, Progress(stream, stage=stage))
    assert [line.partition(",")[0] for line in stream.getvalue().splitlines()] == lines


def test_an_attack_tells_how_far_study_and_confirmation_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progressing, "_LINE_SECONDS", 0.0)
    place = str(tmp_path / "out")
    assert main(["attack", "constant-half", "--out", place, "--trials", "20", "--jobs", "1"]) == 0
    told = capsys.readouterr()
    assert " a second" not in told.out
    study, confirmation = told.err.split("confirmation: to 20 trials\n")
    assert " trials, " in study
    counted, checked = confirmation.splitlines()[-2:]
    assert counted.startswith("20 of 20 trials, ")
    assert checked == "the certificate is checked, and trials are run again"


def test_a_check_tells_what_it_waits_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    told = CheckProgress("it", 20.0, stream)
    for done in range(4):
        told(done, 3)
    assert stream.getvalue() == "check of it: 3 runs, each of at most 20 s\n"
    monkeypatch.setattr(progressing, "_LINE_SECONDS", 0.0)
    assert main(["check", "constant-half", "--seconds", "5"]) == 0
    shown = capsys.readouterr()
    assert shown.err.startswith("check of constant-half: ")
    assert " runs, each of at most 5 s\n2 of " in shown.err
    assert " of 6 runs" not in shown.out
