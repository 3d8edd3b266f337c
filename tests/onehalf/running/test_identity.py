"""One experiment, one table: whatever the workers, the backend, the interruptions and the order of the cells."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import pytest

import onehalf as oh
from onehalf.plan.experiment import Cell, Experiment, cells_of
from onehalf.plan.rule import Decision, Until
from onehalf.record.rows import Chunk
from onehalf.running.listener import Listener
from onehalf.running.replay import replay
from onehalf.running.run import run_experiment
from oracle.errors import DamagedRecord, InvalidValue
from oracle.session import Budget

WIDE = Until(width=0.7)
Rows = Callable[..., list[tuple[Any, ...]]]


def cells() -> list[Cell]:
    problem = oh.AlternatingTraining(hidden=(2,), exponent=20)
    limit = oh.AlternatingTraining(hidden=(2,), exponent=8, limit=True)
    return [
        *cells_of([problem], ["blind", "decoy"], ["coin-flip", "random-depth[stop=0.05]"], 40),
        *cells_of([problem], ["blind", "decoy"], ["scipy-lbfgsb"], 10),
        *cells_of([limit], ["mirage"], ["random-depth[stop=0.1]", "constant-half"], 30),
        *cells_of([limit], ["blind"], ["patient"], 3, Budget(digits=64)),
        *cells_of([oh.LinearProgram()], ["blind"], ["vertex", "highs-ds"], 25),
    ]


EXPERIMENT = Experiment("identity", 11, tuple(cells()))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> oh.Result:
    return run_experiment(EXPERIMENT, tmp_path_factory.mktemp("serial") / "run", jobs=1)


def test_two_workers_give_the_serial_table(undisturbed: oh.Result, tmp_path: Path, rows: Rows) -> None:
    assert rows(run_experiment(EXPERIMENT, tmp_path / "run", jobs=2)) == rows(undisturbed)


def test_threads_give_the_serial_table(undisturbed: oh.Result, tmp_path: Path, rows: Rows) -> None:
    with joblib.parallel_config(backend="threading"):
        assert rows(run_experiment(EXPERIMENT, tmp_path / "run", jobs=2)) == rows(undisturbed)


@pytest.mark.parametrize(("jobs", "times"), [(1, 3), (2, 1)])
def test_an_interrupted_run_goes_on_to_the_same_table(
    undisturbed: oh.Result, tmp_path: Path, rows: Rows, jobs: int, times: int
) -> None:
    class Stopping(Listener):
        attempts = 0

        def chunk(self, chunk: Chunk) -> None:
            self.attempts += 1
            if self.attempts % 3 == 0:
                raise KeyboardInterrupt

    stopping = Stopping()
    for _ in range(times):
        with pytest.raises(KeyboardInterrupt):
            run_experiment(EXPERIMENT, tmp_path / "run", jobs=jobs, listener=stopping)
    partial = len(oh.load(tmp_path / "run").trials)
    assert 0 < partial < EXPERIMENT.planned
    assert rows(run_experiment(EXPERIMENT, tmp_path / "run", jobs=jobs)) == rows(undisturbed)


class Hearing(Listener):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []

    def begun(self, experiment: Experiment, done: int) -> None:
        self.heard.append(("begun", done))

    def chunk(self, chunk: Chunk) -> None:
        self.heard.append(("chunk", chunk.stop - chunk.start))

    def decided(self, cell: int, decision: Decision) -> None:
        self.heard.append(("decided", cell, decision.reason))

    def assessed(self, done: int, total: int) -> None:
        self.heard.append(("assessed", done, total))

    def ended(self) -> None:
        self.heard.append(("ended",))


def test_a_listener_hears_all_of_a_run_in_order(tmp_path: Path) -> None:
    stopping = cells_of(
        [oh.AlternatingTraining(hidden=(2,), exponent=20)], ["blind"], ["coin-flip"], 60, until=WIDE
    )
    stable = oh.Stability(hidden=(2,), support=7, training=10, validation=5, exponent=20)
    assessed = cells_of([stable], ["honest"], ["coin-flip"], 2)
    experiment, hearing = Experiment("heard", 1, (*stopping, *assessed)), Hearing()
    run_experiment(experiment, tmp_path / "run", 1, hearing)
    kinds = [told[0] for told in hearing.heard]
    assert (kinds[0], kinds[-1], kinds.count("begun"), kinds.count("ended")) == ("begun", "ended", 1, 1)
    assert [told for told in hearing.heard if told[0] == "decided"] == [("decided", 0, "width")]
    assert [told[1:] for told in hearing.heard if told[0] == "assessed"] == [(0, 1), (1, 1)], (
        "of equal outputs one"
    )
    assert max(i for i, kind in enumerate(kinds) if kind == "chunk") < kinds.index("assessed")


def test_a_finished_run_runs_nothing_again(undisturbed: oh.Result, rows: Rows) -> None:
    hearing = Hearing()
    before = rows(undisturbed)
    again = run_experiment(EXPERIMENT, undisturbed.directory, jobs=1, listener=hearing)
    assert hearing.heard == [("begun", EXPERIMENT.planned), ("ended",)]
    assert rows(again) == before


def test_the_order_of_the_cells_changes_no_trial(undisturbed: oh.Result, tmp_path: Path, rows: Rows) -> None:
    backwards = Experiment("identity", 11, tuple(reversed(EXPERIMENT.cells)))
    last = len(EXPERIMENT.cells) - 1
    found = rows(run_experiment(backwards, tmp_path / "run", jobs=1))
    assert sorted((last - row[0], *row[1:3]) for row in found) == [row[:3] for row in rows(undisturbed)]
    by_place = {(last - row[0], *row[1:3]): row[3:] for row in found}
    assert all(by_place[row[:3]] == row[3:] for row in rows(undisturbed))


def test_more_trials_leave_the_first_as_they_were(undisturbed: oh.Result, tmp_path: Path, rows: Rows) -> None:
    few = tuple(cells_of([EXPERIMENT.cells[0].problem], ["blind"], ["random-depth[stop=0.05]"], 7))
    found = rows(run_experiment(Experiment("identity", 11, few), tmp_path / "run", jobs=1))
    assert [row[1:] for row in found] == [row[1:] for row in rows(undisturbed) if row[0] == 1 and row[1] < 7]


def test_another_seed_gives_another_table(undisturbed: oh.Result, tmp_path: Path, rows: Rows) -> None:
    other = Experiment("identity", 12, EXPERIMENT.cells[:2])
    found = [row[1:] for row in rows(run_experiment(other, tmp_path / "run", jobs=1)) if row[0] == 0]
    assert found != [row[1:] for row in rows(undisturbed) if row[0] == 0]


def test_every_record_is_what_a_replay_gives(undisturbed: oh.Result) -> None:
    for index, cell in enumerate(EXPERIMENT.cells):
        for trial in {0, cell.trials - 1}:
            again = replay(undisturbed, index, trial)
            assert again.same, again.rows
            assert [row["input"] for row in again.rows] == [member.name for member in cell.problem.inputs]


def test_a_replay_sees_a_forged_record(tmp_path: Path) -> None:
    result = oh.run(EXPERIMENT.cells[0].problem, "coin-flip", trials=3, directory=tmp_path / "run")
    from onehalf.record.store import Store

    store = Store(tmp_path / "run" / "trials.sqlite")
    store.connection.execute("UPDATE outcomes SET verdict = 'accepted', margin = 0.25 WHERE trial = 1")
    store.close()
    for trial in (0, 1):
        with pytest.raises(DamagedRecord, match="the rows are not those that were written"):
            replay(result, 0, trial)


@pytest.mark.parametrize("off", [0, 1, 7])
def test_a_replay_of_no_trial_is_refused_with_those_that_there_are(undisturbed: oh.Result, off: int) -> None:
    cells = len(EXPERIMENT.cells)
    with pytest.raises(
        InvalidValue, match=rf"^cell={cells + off}: the experiment has cells 0 to {cells - 1};"
    ):
        replay(undisturbed, cells + off, 0)
    trials = EXPERIMENT.cells[0].trials
    with pytest.raises(InvalidValue, match=rf"^trial={trials + off}: the cell has trials 0 to {trials - 1};"):
        replay(undisturbed, 0, trials + off)
    for cell, trial in ((-1 - off, 0), (0, -1 - off)):
        with pytest.raises(InvalidValue):
            replay(undisturbed, cell, trial)


def test_the_stored_outputs_give_the_recorded_verdicts_again(undisturbed: oh.Result) -> None:
    recorded = undisturbed.outcomes.dropna(subset=["output"])
    assert len(recorded) > 200
    for row in recorded.iloc[::23].itertuples():
        output = undisturbed.output(row.cell, row.trial, row.input)
        found = EXPERIMENT.cells[row.cell].problem.judge([output])[0][row.input]
        assert (found.kind, found.margin) == (row.verdict, row.margin)
