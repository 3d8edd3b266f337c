"""The record says which trials were sealed, and a run that none can be is refused wherever it appears."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import onehalf as oh
from algorithms.registry import resolve
from onehalf.cli import main
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Cell
from onehalf.plan.file import read_experiment
from onehalf.record.boundary import sealed_ranges
from onehalf.record.rows import Run
from onehalf.running.replay import replay
from onehalf.running.worker import judge_runs
from tests.sealing import sealed_again, unsealed


def told(directory: Path) -> str:
    found: str = oh.load(directory).summary()["provenance"]["boundary"]
    return found


def test_the_record_says_which_trials_were_sealed(tmp_path: Path) -> None:
    place, plain = tmp_path / "run", tmp_path / "plain"
    common = ["run", "coin-flip", "--jobs", "1", "--trials", "6"]
    assert main([*common, "--out", str(place), "--sealed"]) == 0
    assert main([*common, "--out", str(plain)]) == 0
    sealed, shared = oh.load(place), oh.load(plain)
    assert sealed.trials["sealed"].tolist() == [True] * 6
    assert shared.trials["sealed"].tolist() == [False] * 6
    assert told(place) == (
        "Every trial was made sealed: oracle, ledger and judge in another process than the algorithm."
    )
    assert "in a process that the algorithm shares" in told(plain)
    columns = ["trial", "shared", "status", "verdict_1", "verdict_2", "depth", "queries"]
    assert sealed.trials[columns].equals(shared.trials[columns]), "what is sealed changes no result"
    assert replay(sealed, 0, 3).same
    page = (place / "report.html").read_text(encoding="utf-8")
    assert "Every trial was made sealed" in page
    with closing(sqlite3.connect(place / "trials.sqlite")) as connection, connection:
        connection.execute("UPDATE sealed SET stop = 4 WHERE start = 0")
    sealed_again(place)
    assert told(place).startswith("4 of 6 trials were made sealed")
    unsealed(plain)
    with closing(sqlite3.connect(plain / "trials.sqlite")) as connection:
        assert sealed_ranges(connection) == {}
    assert "in a process that the algorithm shares" in told(plain)


def test_a_file_says_which_cells_are_sealed(tmp_path: Path) -> None:
    path = tmp_path / "some.toml"
    cell = '[[cells]]\nproblem = "training"\noracle = "decoy"\nalgorithms = "{}"\n{}\n'
    path.write_text(
        "sealed = true\n" + cell.format("coin-flip", "") + cell.format("patient", "sealed = false")
    )
    assert [cell.sealed for cell in read_experiment(path).cells] == [True, False]
    path.write_text('sealed = "yes"\n' + cell.format("coin-flip", ""))
    with pytest.raises(oh.InvalidValue, match="must be true or false"):
        read_experiment(path)


def test_a_row_that_no_run_can_leave_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = oh.run("training", "coin-flip", trials=4, directory=tmp_path / "run")
    with closing(sqlite3.connect(tmp_path / "run" / "trials.sqlite")) as connection, connection:
        connection.execute("UPDATE outcomes SET shared = 0 WHERE trial = 2")
    sealed_again(tmp_path / "run")
    for look in (lambda: found.trials, lambda: found.outcomes, found.summary):
        with pytest.raises(oh.InvalidValue, match="cell 0, trial 2 asked no more than"):
            look()
    assert main(["report", str(tmp_path / "run")]) == 2
    assert "holds a trial that none can be" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("status = 'crashed', verdict = NULL, output = NULL, depth = 0", "crashed"),  # killed before it read
        ("depth = 10", "halted"),  # asks as it likes, as with os.urandom
        ("status = 'error', verdict = NULL, output = NULL, depth = 3", "error"),
    ],
)
@pytest.mark.parametrize("position", [0, 1])
def test_one_run_of_a_trial_may_ask_less_than_another(
    tmp_path: Path, change: str, status: str, position: int
) -> None:
    found = oh.run("training", "reader[bits=60]", trials=4, directory=tmp_path / "run")
    with closing(sqlite3.connect(tmp_path / "run" / "trials.sqlite")) as connection, connection:
        connection.execute(f"UPDATE outcomes SET {change} WHERE trial = 2 AND input = {position}")
    sealed_again(tmp_path / "run")
    assert found.summary()["cells"][0]["recorded"] == 4
    assert status in list(found.outcomes["status"])
    with closing(sqlite3.connect(tmp_path / "run" / "trials.sqlite")) as connection, connection:
        connection.execute("UPDATE outcomes SET depth = 53 WHERE trial = 2")
    sealed_again(tmp_path / "run")
    with pytest.raises(oh.InvalidValue, match="cell 0, trial 2 asked no more than 53 digits"):
        _ = found.trials


def test_no_such_row_is_recorded() -> None:
    problem = AlternatingTraining()
    cell = Cell(problem, "decoy", resolve("coin-flip"), 1)
    depth = problem.bound("decoy").depth
    runs = [Run(0, place, "error", False, depth, 1, None, 0.1, None, "why") for place in range(2)]
    with pytest.raises(RuntimeError, match="an unshared run that asked no more than"):
        judge_runs(0, cell, 0, 1, runs)
    assert len(judge_runs(0, cell, 0, 1, [run._replace(depth=depth + 1) for run in runs]).rows) == 2
