"""Shards of one experiment, made apart, join to the rows, decisions and summary of the whole run."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import onehalf as oh
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.plan.rule import read_until
from onehalf.plan.shard import Shard
from onehalf.record import store as stores
from onehalf.record.directory import MANIFEST, TRIALS, inspected, read_manifest
from onehalf.record.environment import environment
from onehalf.record.merging.merge import lacking
from onehalf.record.result import load
from onehalf.record.store import Store
from onehalf.running.run import run_experiment
from oracle.errors import DamagedRecord, InvalidValue

Rows = Callable[..., list[tuple[Any, ...]]]
PROBLEM = oh.AlternatingTraining(exponent=8, hidden=(2,))
STABLE = oh.Stability(hidden=(2,), support=7, training=10, validation=5, exponent=20)


def plan(seed: int = 3, trials: int = 21) -> Experiment:
    """Return cells of a fixed number of trials, cells that stop early, and one whose outputs are certified."""
    fixed = cells_of([PROBLEM], ["decoy"], ["coin-flip", "random-depth"], trials)
    stopping = cells_of(
        [PROBLEM], ["decoy"], ["constant-half", "reader[bits=12]"], 300, until=read_until("decided")
    )
    certified = cells_of([STABLE], ["honest"], ["coin-flip"], 4)
    return Experiment("shared-out", seed, (*fixed, *stopping, *certified))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The experiment run on one machine."""
    return run_experiment(plan(), tmp_path_factory.mktemp("whole"), jobs=1).directory


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same experiment in three shards."""
    home = tmp_path_factory.mktemp("shards")
    numbers = range(1, 4)
    return [run_experiment(plan(), home / f"part{i}", jobs=1, shard=Shard(i, 3)).directory for i in numbers]


def decisions(directory: Path) -> dict[int, Any]:
    """Return where cells stopped."""
    store = Store.to_read(directory / TRIALS)
    try:
        return dict(store.decisions())
    finally:
        store.close()


def told(directory: Path) -> dict[str, Any]:
    """Return the summary but for times, places and how it was started."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: without(each) for name, each in value.items() if "second" not in name}
        return [without(each) for each in value] if isinstance(value, list) else value

    summary = load(directory).summary()
    for name in ("command", "started"):
        summary["provenance"].pop(name)
    summary["experiment"].pop("directory")
    return dict(without(summary))


def test_joined_shards_are_the_whole_run(whole: Path, shards: list[Path], tmp_path: Path, rows: Rows) -> None:
    found = oh.merge([shards[2], shards[0], shards[1]], tmp_path / "joined")
    assert lacking(found) == ""
    assert rows(found) == rows(whole)
    assert decisions(found.directory) == decisions(whole)
    assert len(decisions(whole)) == 2
    assert told(found.directory) == told(whole)
    assert inspected(found.directory, found.manifest) == []
    kept = found.manifest["merged"]
    assert [one["shard"] for one in kept] == ["3/3", "1/3", "2/3"]
    before = [(path / TRIALS).read_bytes() for path in shards]
    assert before == [(path / TRIALS).read_bytes() for path in shards]


def test_what_is_missing_is_told_and_can_be_run(
    whole: Path, shards: list[Path], tmp_path: Path, rows: Rows
) -> None:
    found = oh.merge([shards[0], shards[2]], tmp_path / "joined")
    assert lacking(found).endswith("planned trials, of shard 2/3")
    again = oh.merge([found.directory, shards[1]], tmp_path / "again")
    assert rows(again) == rows(whole)
    assert lacking(again) == ""
    resumed = run_experiment(plan(), found.directory, jobs=1)
    assert rows(resumed) == rows(whole)
    assert told(found.directory) == told(whole)


def test_a_shard_is_resumed_and_nothing_but_itself(shards: list[Path], tmp_path: Path, rows: Rows) -> None:
    place = tmp_path / "part"
    shutil.copytree(shards[0], place)
    expected = rows(place)
    with Store(place / TRIALS).transaction() as connection:
        connection.execute("DELETE FROM outcomes WHERE cell = 0 AND trial >= 3")
        connection.execute("DELETE FROM chunks WHERE cell = 0 AND start >= 3")
        stores.chain.cut_off(connection, 0, 3)
    joined = oh.merge([place, *shards[1:]], tmp_path / "joined")
    assert "shard 1/3 (in part)" in lacking(joined)
    assert rows(run_experiment(plan(), place, jobs=1, shard=Shard(1, 3))) == expected
    with pytest.raises(InvalidValue, match="holds shard 1/3, not 2/3"):
        run_experiment(plan(), place, shard=Shard(2, 3))
    with pytest.raises(InvalidValue, match="holds shard 1/3, not the whole experiment"):
        run_experiment(plan(), place)
    with pytest.raises(InvalidValue, match="was begun whole, and not as shard 1/3"):
        run_experiment(plan(), joined.directory, shard=Shard(1, 3))


def test_strangers_overlaps_and_damage_are_refused(whole: Path, shards: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "joined"
    with pytest.raises(InvalidValue, match=r"both hold trials 0 to 6 of coin-flip · decoy"):
        oh.merge([whole, shards[0]], out)
    with pytest.raises(InvalidValue, match=r"both hold trials"):
        oh.merge([shards[0], shards[0]], out)
    for other in (plan(seed=4), plan(trials=22)):
        stranger = run_experiment(
            other, tmp_path / f"{other.seed}-{other.planned}", jobs=1, shard=Shard(1, 60)
        )
        with pytest.raises(InvalidValue, match="are no shards of one experiment"):
            oh.merge([shards[0], stranger.directory], out)
    with pytest.raises(InvalidValue, match="is there already"):
        oh.merge(shards, shards[0])
    with pytest.raises(InvalidValue, match="must be a list"):
        oh.merge([], out)
    broken = tmp_path / "broken"
    shutil.copytree(shards[1], broken)
    with Store(broken / TRIALS).transaction() as connection:
        connection.execute("UPDATE outcomes SET depth = depth + 1 WHERE cell = 0")
    with pytest.raises(DamagedRecord, match="rows are not those that were written"):
        oh.merge([shards[0], broken], out)
    assert not out.exists()
    assert sorted(path.name for path in tmp_path.iterdir() if "part" in path.name) == []


def test_other_versions_in_one_cell_are_refused_or_told(
    shards: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = {**environment(), "numpy": "1.0.0"}
    with monkeypatch.context() as patch:
        patch.setattr(stores, "environment", lambda: old)
        other = run_experiment(plan(), tmp_path / "part2", jobs=1, shard=Shard(2, 3)).directory
    parts = [shards[0], other, shards[2]]
    with pytest.raises(InvalidValue, match=r"numpy .*, now 1\.0\.0: trials of .* --allow-mixed"):
        oh.merge(parts, tmp_path / "joined")
    found = oh.merge(parts, tmp_path / "joined", allow_mixed=True)
    notes = found.summary()["provenance"]["notes"]
    assert any("computed by different versions" in note for note in notes)


def test_the_commands(tmp_path: Path, command: Callable[..., tuple[int, str, str]], rows: Rows) -> None:
    given = ["coin-flip", "--problem", "training[exponent=8,hidden=[2]]", "--trials", 10]
    for i in (1, 2):
        status, out, _ = command(
            "run", *given, "--jobs", 1, "--shard", f"{i}/2", "--out", tmp_path / f"part{i}"
        )
        assert (status, out.count("5 trials on record")) == (0, 1)
    status, out, _ = command("merge", tmp_path / "part1", "--out", tmp_path / "half")
    assert (status, "still missing: 5 of 10 planned trials, of shard 2/2" in out) == (3, True)
    status, out, _ = command("merge", tmp_path / "part1", tmp_path / "part2", "--out", tmp_path / "all")
    assert (status, "report:" in out) == (0, True)
    assert read_manifest(tmp_path / "all")["merged"][1]["shard"] == "2/2"
    assert (tmp_path / "all" / MANIFEST).exists()
    alone = oh.run(oh.AlternatingTraining(exponent=8, hidden=(2,)), "coin-flip", trials=10)
    assert rows(tmp_path / "all") == rows(alone)
    half = oh.run(oh.AlternatingTraining(exponent=8, hidden=(2,)), "coin-flip", trials=10, shard=(2, 2))
    assert rows(half) == rows(tmp_path / "part2")
