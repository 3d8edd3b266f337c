"""Packs hold what rows would: the same outcomes one by one, the same counts, and a change is told."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import onehalf as oh
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.plan.rule import read_until
from onehalf.plan.shard import Shard
from onehalf.record.boundary import require_possible
from onehalf.record.directory import TRIALS, read_store
from onehalf.record.packed import pack as packing
from onehalf.record.packed.pack import Half, pack_trials
from onehalf.record.reading.tables import failures_table, patterns_table, success_vectors
from onehalf.record.result import Result
from onehalf.record.store import Store
from onehalf.running.listener import Listener
from onehalf.running.replay import replay
from onehalf.running.run import run_experiment
from onehalf.running.stops import Stops
from oracle.errors import DamagedRecord, InvalidValue
from oracle.session import Budget

PROBLEM = AlternatingTraining(exponent=9, hidden=(2,))
TRIALS_A_CELL = 2_000


def experiment(trials: int = TRIALS_A_CELL, until: Any = None) -> Experiment:
    # random-depth asks too much in some trials, which then have a run for each input, and in others does not.
    several = ["coin-flip", "random-depth[stop=0.1]", "constant-half"]
    return Experiment(
        "packs",
        3,
        tuple(cells_of([PROBLEM], ["decoy"], several, trials, Budget(digits=14), until=read_until(until))),
    )


def ran(directory: Path, plan: Experiment, shard: Shard | None = None) -> Result:
    # Trials are expected to cost nothing, so that chunks are as large as can be.
    return run_experiment(plan, directory, jobs=1, expected=1e-9, shard=shard)


def timeless(result: Result, rows: str = "outcomes") -> pd.DataFrame:
    found: pd.DataFrame = getattr(result, rows).drop(columns="seconds")
    return found


def packs_in(result: Result) -> int:
    with read_store(result.directory) as store:
        return int(store.connection.execute("SELECT COUNT(*) FROM packs").fetchone()[0])


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return ran(tmp_path_factory.mktemp("packed") / "run", experiment())


@pytest.fixture(scope="module")
def rowed(tmp_path_factory: pytest.TempPathFactory) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "FEWEST_TRIALS", 10**9)
        return ran(tmp_path_factory.mktemp("rowed") / "run", experiment())


def test_packs_hold_what_rows_hold(packed: Result, rowed: Result) -> None:
    assert packs_in(packed) == 3
    assert packs_in(rowed) == 0
    for rows in ("outcomes", "trials"):
        pd.testing.assert_frame_equal(timeless(packed, rows), timeless(rowed, rows))
    assert (packed.outcomes["seconds"] > 0).all()
    mixed = packed.outcomes[packed.outcomes["cell"] == 1]
    assert set(mixed["shared"]) == {True, False}
    assert len(set(mixed["status"])) > 1


def test_counts_are_those_of_the_rows(packed: Result, rowed: Result) -> None:
    with read_store(packed.directory) as one, read_store(rowed.directory) as two:
        told = packed.recorded
        pd.testing.assert_frame_equal(patterns_table(told, one), patterns_table(told, two))
        failures, others = failures_table(told, one), failures_table(told, two)
        pd.testing.assert_frame_equal(failures[0], others[0])
        assert failures[1] == others[1]
        for index in range(3):
            assert (success_vectors(told, one, index) == success_vectors(told, two, index)).all()
            assert one.outputs(index) == two.outputs(index)
            assert one.uncertified(index) == two.uncertified(index)
        assert one.recorded() == two.recorded() == 3 * TRIALS_A_CELL
        assert one.missing(1, TRIALS_A_CELL + 5) == [(TRIALS_A_CELL, TRIALS_A_CELL + 5)]
        assert one.output(0, 1_234, 1) == two.output(0, 1_234, 1)
    mine, theirs = (dict(result.summary()) for result in (packed, rowed))
    for found in (mine, theirs):
        found["experiment"] = {k: v for k, v in found["experiment"].items() if k != "directory"}
        del found["provenance"]
    assert mine == theirs


def test_a_trial_of_a_pack_is_replayed(packed: Result) -> None:
    assert all(replay(packed, cell, 1_777).same for cell in range(3))


def test_shards_of_packs_are_the_run(packed: Result, tmp_path: Path) -> None:
    parts = [ran(tmp_path / f"part{i}", experiment(), Shard(i, 2)).directory for i in (1, 2)]
    joined = oh.merge(parts, tmp_path / "whole")
    assert packs_in(joined) >= 3
    pd.testing.assert_frame_equal(timeless(joined), timeless(packed))


def test_a_directory_of_few_trials_gets_more_in_packs(packed: Result, tmp_path: Path) -> None:
    ran(tmp_path / "run", experiment(trials=50))
    grown = ran(tmp_path / "run", experiment())
    assert packs_in(grown) == 3
    pd.testing.assert_frame_equal(timeless(grown), timeless(packed))


def test_a_decision_cuts_a_pack(tmp_path: Path) -> None:
    plan = experiment(until="width=0.2")
    result = run_experiment(plan, tmp_path / "run", jobs=1, expected=1e-9)
    whole = replace(plan, cells=tuple(replace(cell, until=None) for cell in plan.cells))
    late = ran(tmp_path / "late", whole)
    with read_store(result.directory) as store:
        decided = store.decisions()
    assert decided
    store = Store(late.directory / TRIALS)
    try:  # the same decisions, taken of packs that reach beyond them
        assert Stops(plan, store, Listener()).decided == decided
        store.sweep()
        columns = "cell, trial, input, shared, status, verdict, depth, note, output"
        query = f"SELECT {columns} FROM every_outcome ORDER BY 1, 2, 3"
        kept = store.connection.execute(query).fetchall()
        outputs = store.connection.execute("SELECT digest FROM outputs ORDER BY 1").fetchall()
    finally:
        store.close()
    with read_store(result.directory) as other:
        assert kept == other.connection.execute(query).fetchall()
        assert outputs == other.connection.execute("SELECT digest FROM outputs ORDER BY 1").fetchall()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE packs SET body = replace(body, '1', '2') WHERE cell = 1",
        "UPDATE patterns SET verdict = 'accepted' WHERE cell = 0",
        "UPDATE patterns SET alike = alike + 1 WHERE cell = 2 AND pattern = 0",
        "DELETE FROM packs WHERE cell = 1",
        "INSERT INTO packs SELECT 2, 5000, 5001, width, base, body FROM packs WHERE cell = 0",
        "DELETE FROM patterns WHERE cell = 0 AND pattern = 1",
    ],
)
def test_what_changes_in_a_pack_is_told(packed: Result, tmp_path: Path, change: str) -> None:
    source = sqlite3.connect(packed.directory / TRIALS)
    place = tmp_path / "run"
    place.mkdir()
    (place / "manifest.json").write_bytes((packed.directory / "manifest.json").read_bytes())
    with sqlite3.connect(place / TRIALS) as connection:
        source.backup(connection)
        connection.execute(change)
    source.close()
    connection.close()
    with pytest.raises(DamagedRecord):
        Result(place).summary()


def test_few_trials_and_many_outcomes_stay_rows() -> None:
    half: Half = (1, "halted", "accepted", None, 0, 0, None, "", None)
    numbers, times = [0] * 999, [(1e-5,)] * 999
    assert pack_trials(0, numbers, times, [[half]]) is None
    assert pack_trials(0, [*numbers, 0], [*times, (1e-5,)], [[half]]) is not None
    assert pack_trials(0, [*numbers, 0], [*times, (1e7,)], [[half]]) is None
    assert pack_trials(0, list(range(1_000)), [*times, (1e-5,)], [[half]] * 1_000) is None


def test_a_pack_with_a_trial_that_none_can_be_is_refused(packed: Result, tmp_path: Path) -> None:
    """Of random-depth's trials that told the inputs apart, one run may have asked less, and not both."""
    copy = Path(shutil.copytree(packed.directory, tmp_path / "copy"))
    with closing(sqlite3.connect(copy / TRIALS)) as connection:
        connection.execute("UPDATE patterns SET depth = 0 WHERE NOT shared AND input = 1")
        require_possible(connection, packed.recorded, copy)
        connection.execute("UPDATE patterns SET depth = 0 WHERE NOT shared")
        with pytest.raises(InvalidValue, match=r"cell 1, trial [0-9]+ asked no more than 0 digits"):
            require_possible(connection, packed.recorded, copy)
