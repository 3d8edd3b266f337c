"""A user's cost in a file: found from the experiment file's folder, and part of what an experiment is."""

from pathlib import Path

import pytest

from onehalf.running import run_experiment
from onehalf.toml import read_experiment
from oracle.errors import InvalidValue

_COST = """
from fractions import Fraction
from oracle.costs import Cost
weighted = Cost("weighted", lambda v, w: {factor} * max(abs(a - b) for a, b in zip(v, w)), lambda t, r: {factor} * t)
"""
_FILE = """
[[cells]]
problem = { family = "training", cost = "my_cost.py::weighted" }
oracle = "decoy"
algorithms = "coin-flip"
trials = 5
"""


def _write(folder: Path, factor: int) -> Path:
    (folder / "my_cost.py").write_text(_COST.replace("{factor}", str(factor)))
    (folder / "file.toml").write_text(_FILE)
    return folder / "file.toml"


def test_relative_to_the_file_and_refused_when_changed(tmp_path: Path) -> None:
    path = _write(tmp_path, 1)
    result = run_experiment(read_experiment(path), tmp_path / "out", jobs=1)
    assert set(result.outcomes["verdict"]) == {"accepted", "rejected"}
    _write(tmp_path, 2)
    with pytest.raises(InvalidValue, match="another version of the source of a cost"):
        run_experiment(read_experiment(path), tmp_path / "out", jobs=1)
