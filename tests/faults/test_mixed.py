"""Going on with other versions of what computes is told, and refused where what ships may come out otherwise."""

import shutil
from pathlib import Path

import pytest

import onehalf as oh
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.record import store as stores
from onehalf.record.directory import MANIFEST, opened
from onehalf.record.environment import computed_otherwise, environment
from onehalf.running.run import run_experiment
from oracle.errors import InvalidValue


def plan(trials: int = 12) -> Experiment:
    """Return a small plan."""
    return Experiment("run", 1, tuple(cells_of([oh.AlternatingTraining()], ["decoy"], ["coin-flip"], trials)))


@pytest.fixture
def half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory half of whose trials were made with another NumPy."""
    place, whole = tmp_path / "half", tmp_path / "whole"
    old = {**environment(), "numpy": "1.0.0"}
    with monkeypatch.context() as patch:
        patch.setattr(stores, "environment", lambda: old)
        run_experiment(plan(), whole, jobs=1)
    shutil.copytree(whole, place)
    with opened(place, plan(), allow_mixed=True) as store, store.transaction() as connection:
        connection.execute("DELETE FROM outcomes WHERE trial >= 6")
        connection.execute("DELETE FROM chunks WHERE start >= 6")
        stores.chain.cut_off(connection, 0, 6)
    return place


def test_it_is_refused_and_with_the_option_told(half_done: Path) -> None:
    before = (half_done / MANIFEST).read_bytes()
    with pytest.raises(InvalidValue, match=r"numpy 1\.0\.0, now .* --allow-mixed"):
        run_experiment(plan(), half_done, jobs=1)
    assert (half_done / MANIFEST).read_bytes() == before
    result = run_experiment(plan(), half_done, jobs=1, allow_mixed=True)
    told = result.summary()["provenance"]
    assert len(result.trials) == 12
    assert [one["numpy"] for one in told["environments"]] == ["1.0.0", environment()["numpy"]]
    assert any("computed by different versions: numpy 1.0.0, now" in note for note in told["notes"])


def test_only_what_both_know_is_compared() -> None:
    before = {"numpy": "2.0", "torch": "2.6", "blas": ["openblas Haswell", "mkl"]}
    assert list(computed_otherwise(before, {"numpy": "2.0", "blas": ["openblas Haswell"]})) == []
    assert list(computed_otherwise(before, {"torch": "2.7", "blas": ["openblas Zen"]})) == [
        "torch 2.6, now 2.7",
        "BLAS kernel openblas Haswell, now openblas Zen",
    ]
    assert list(computed_otherwise(before, {"torch": "2.7"}, ("numpy",))) == []
