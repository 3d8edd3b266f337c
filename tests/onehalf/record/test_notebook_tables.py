"""Tables in notebooks: several directories joined, an index for xarray, and Parquet."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

import onehalf as oh
from onehalf.cli import DONE, USAGE, main
from onehalf.families.simplex.problem import Simplex
from onehalf.families.training.problem import AlternatingTraining
from onehalf.running.run import run

PROBLEMS = [AlternatingTraining(exponent=e, hidden=(2,)) for e in (5, 9)]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    home = tmp_path_factory.mktemp("runs")
    for name, seed, algorithms in (("a", 1, ["coin-flip", "constant-half"]), ("b", 2, ["coin-flip"])):
        run(PROBLEMS, algorithms, seed=seed, trials=4, directory=home / name, name=name)
    return [home / "a", home / "b"]


def test_joined_directories_are_one_table(places: list[Path]) -> None:
    joined = oh.load(places)
    trials = joined.trials
    assert len(trials) == 16 + 8
    counts = trials.groupby(["algorithm", "exponent", "directory"]).size().to_dict()
    assert counts[("coin-flip", 5, str(places[1]))] == 4
    assert counts[("constant-half", 9, str(places[0]))] == 4
    cells = joined.cells.set_index(["algorithm", "exponent"])
    assert cells["recorded"].to_dict() == {
        ("coin-flip", 5): 8, ("coin-flip", 9): 8, ("constant-half", 5): 4, ("constant-half", 9): 4
    }  # fmt: skip
    accepted = joined.outcomes[joined.outcomes["verdict"] == "accepted"]
    own = accepted[accepted["cell"] == int(cells.loc[("coin-flip", 9), "cell"])]
    smallest = own.groupby("input").size().reindex([0, 1], fill_value=0).min()
    assert smallest == cells.loc[("coin-flip", 9), "successes"]
    assert {"Joined", "load"} <= set(dir(oh))


def test_the_index_tells_cells_apart(places: list[Path], tmp_path: Path) -> None:
    grid = oh.load(places[0]).grid
    assert set(grid.index.names) == {"algorithm", "exponent"}
    assert grid.index.is_unique
    assert [len(level) for level in grid.index.levels] == [2, 2]
    alone = run(Simplex(answers=3), ["coin-flip"], trials=2, directory=tmp_path / "one")
    assert list(alone.grid.index.names) == ["cell"]


def test_one_directory_is_a_result_and_none_is_refused(places: list[Path]) -> None:
    assert isinstance(oh.load(str(places[0])), oh.Result)
    with pytest.raises(oh.InvalidValue, match="names no directory; give at least one"):
        oh.load([])
    with pytest.raises(oh.InvalidValue, match="is no directory and no list of some"):
        oh.load(3)


def test_parquet_without_pyarrow_is_a_sentence(
    places: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    told = ["report", *map(str, places), "--out", str(tmp_path / "r"), "--formats", "parquet"]
    assert main(told) == USAGE
    assert "needs pyarrow, which is not installed; pip install 'onehalf[parquet]'" in capsys.readouterr().err


def test_parquet_holds_the_tables(places: list[Path], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    out = tmp_path / "r"
    assert main(["report", *map(str, places), "--out", str(out), "--formats", "parquet"]) == DONE
    joined = oh.load(places)
    for name in ("trials", "cells", "outcomes"):
        read = pd.read_parquet(out / "tables" / f"{name}.parquet")
        assert read.shape == getattr(joined, name).shape
