"""Stopping rules: decided by the seeds alone, whatever the workers, the order and the interruptions."""

import itertools
import random
from pathlib import Path
from typing import Any

import pytest

from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Cell, Experiment, cells_of
from onehalf.plan.rule import Decision, Until, look_points, read_until, verdict_at
from onehalf.record.directory import TRIALS
from onehalf.record.store import Store
from onehalf.running.backends.engine import Near
from onehalf.running.listener import Listener
from onehalf.running.run import run, run_experiment
from onehalf.running.scheduler import execute
from onehalf.running.stops import Stop
from oracle.errors import InvalidValue

PROBLEM = AlternatingTraining(exponent=8, hidden=(2,))


def cells(*algorithms: str, until: Any = "decided", trials: int = 600) -> tuple[Cell, ...]:
    return tuple(cells_of([PROBLEM], ["decoy"], list(algorithms), trials, until=read_until(until)))


def record(directory: Path) -> tuple[Any, ...]:
    store = Store(directory / TRIALS)
    try:
        columns = "cell, trial, input, shared, status, verdict, depth, queries, claim, note, output"
        rows = store.connection.execute(
            f"SELECT {columns} FROM outcomes ORDER BY cell, trial, input"
        ).fetchall()
        digests = store.connection.execute("SELECT digest FROM outputs ORDER BY digest").fetchall()
        return rows, digests, store.decisions()
    finally:
        store.close()


def test_rules_are_read_in_every_spelling() -> None:
    assert read_until("decided") == Until(decided=True)
    assert read_until("width=0.02") == Until(width=0.02)
    assert read_until({"width": 0.02, "level": 0.05}) == Until(width=0.02, level=0.05)
    assert read_until("decided, width=0.1") == Until(decided=True, width=0.1)
    assert read_until("decided=true, width=1/10, bound=1/4") == Until(decided=True, width=0.1, bound=0.25)
    assert read_until({"decided": True, "width": 0.1}) == Until(decided=True, width=0.1)
    assert read_until(None) is None
    assert read_until(Until(width=0.1).as_json()) == Until(width=0.1)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("soon", r"until\.soon"),
        ({"width": 2}, r"until\.width=2: must lie between 0 and 1"),
        ("width=wide", r"until\.width='wide': must be a number"),
        ({}, r"until=\{\}: names no rule"),
        (3, r"until=3: is no rule"),
    ],
)
def test_misspelt_rules_are_refused(written: Any, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        read_until(written)


def test_looks_are_at_every_trial_first_and_at_the_cap_last() -> None:
    found = list(look_points(5000))
    assert found[:100] == list(range(1, 101))
    assert found[-1] == 5000
    assert found == sorted(set(found))
    assert list(look_points(1)) == [1]


def test_decisions_depend_on_the_trials_and_not_on_their_order() -> None:
    (cell,) = cells("coin-flip")
    draws = random.Random(3)
    rows = [
        (t, i, 1, "halted", "accepted" if draws.random() < 0.75 else "rejected")
        for t in range(600)
        for i in (0, 1)
    ]

    def decided(chunks: list[list[Any]]) -> Decision | None:
        watch = Stop(cell)
        for chunk in chunks:
            watch.note(chunk)
            found = watch.decide()
            if found:
                return found
        return None

    pieces = [list(part) for _, part in itertools.groupby(rows, key=lambda row: row[0] // 16)]
    expected = decided(pieces)
    assert expected is not None
    assert expected.reason == "above"
    assert expected.trials < 200
    for seed in range(5):
        shuffled = pieces[:]
        random.Random(seed).shuffle(shuffled)
        assert decided(shuffled) == expected
    assert decided([rows]) == expected


def test_each_rule_is_met_where_it_says() -> None:
    assert verdict_at(Until(decided=True), [100, 100], 100, 0.5) == "above"
    assert verdict_at(Until(decided=True), [100, 0], 100, 0.5) == "below"
    assert verdict_at(Until(decided=True), [50, 50], 100, 0.5) is None
    assert verdict_at(Until(decided=True, bound=0.9), [50, 50], 100, 0.5) == "below"
    assert verdict_at(Until(width=0.1), [1000, 1000], 1000, 0.5) == "width"
    assert verdict_at(Until(width=0.01), [500, 500], 1000, 0.5) is None


def test_the_record_is_the_same_for_any_number_of_workers(tmp_path: Path) -> None:
    experiment = Experiment(
        "x", 5, cells("reader[bits=9]", "constant-half", "random-depth[stop=0.1]", "coin-flip")
    )
    for jobs in (1, 2):
        run_experiment(experiment, tmp_path / str(jobs), jobs)
    one, two = record(tmp_path / "1"), record(tmp_path / "2")
    assert one == two
    decisions = one[2]
    assert decisions[0].reason == "above"
    assert decisions[1].reason == "below"
    assert 3 not in decisions
    for index, decision in decisions.items():
        trials = {row[1] for row in one[0] if row[0] == index}
        assert trials == set(range(decision.trials))
    assert {row[1] for row in one[0] if row[0] == 3} == set(range(600))


def test_an_interrupted_run_makes_the_same_decision(tmp_path: Path) -> None:
    """Interrupted after each of its first chunks in turn, then resumed."""
    experiment = Experiment("x", 5, cells("reader[bits=9]", "random-depth[stop=0.1]"))
    run_experiment(experiment, tmp_path / "whole", 1)
    expected = record(tmp_path / "whole")

    class Interrupted(Exception):
        pass

    class Interrupting(Listener):
        def __init__(self, after: int) -> None:
            self.left = after

        def chunk(self, chunk: Any) -> None:
            self.left -= 1
            if self.left == 0:
                raise Interrupted

    for after in (1, 2, 3, 4):
        place = tmp_path / str(after)
        try:
            run_experiment(experiment, place, 1, Interrupting(after))
        except Interrupted:
            run_experiment(experiment, place, 1)
        assert record(place) == expected


def test_a_second_run_adds_nothing(tmp_path: Path) -> None:
    experiment = Experiment("x", 5, cells("reader[bits=9]"))
    run_experiment(experiment, tmp_path / "d", 1)
    before = record(tmp_path / "d")
    chunks: list[Any] = []
    store = Store(tmp_path / "d" / TRIALS)
    try:
        execute(experiment, store, Near(1), chunks.append)
    finally:
        store.close()
    assert chunks == []
    assert record(tmp_path / "d") == before


def test_the_summary_says_where_and_why_a_cell_stopped(tmp_path: Path) -> None:
    result = run(
        PROBLEM, ["reader[bits=9]", "coin-flip"], trials=400, until="decided", directory=tmp_path / "d"
    )
    stopped, capped = result.summary()["cells"]
    assert stopped["sequential"]["stopped"] == "above"
    assert stopped["sequential"]["cap"] == 400
    assert stopped["planned"] == stopped["recorded"] < 100
    assert stopped["complete"]
    assert capped["sequential"]["stopped"] is None
    assert capped["recorded"] == 400
    assert stopped["interval_method"] == "anytime"
    assert result.experiment.cells[0].until == Until(decided=True)
