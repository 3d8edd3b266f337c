"""A user's cost or monotone g in a file: found from the experiment file's folder, and part of what an experiment is."""

from pathlib import Path

import pytest

from onehalf.families.stability.problem import Stability
from onehalf.plan.file import problems_of, read_experiment
from onehalf.running.run import run_experiment
from oracle.errors import InvalidValue

_COST = """
from fractions import Fraction
from oracle.costs import Cost
weighted = Cost("weighted", lambda v, w: {factor} * max(abs(a - b) for a, b in zip(v, w)), lambda t, r: {factor} * t)
"""
_RULE = """
def scaled(t):
    return {factor} * t
"""
_FILE = """
[[cells]]
problem = { family = "training", cost = "my_cost.py::weighted" }
oracle = "decoy"
algorithms = "coin-flip"
trials = 5

[[cells]]
problem = { family = "stability", hidden = [2], training = 4, validation = 4, rule = "my_rule.py::scaled" }
oracle = "honest"
algorithms = "constant-half"
trials = 5
"""


def _write(folder: Path, cost: int = 1, rule: int = 1) -> Path:
    (folder / "my_cost.py").write_text(_COST.replace("{factor}", str(cost)))
    (folder / "my_rule.py").write_text(_RULE.replace("{factor}", str(rule)))
    (folder / "file.toml").write_text(_FILE)
    return folder / "file.toml"


@pytest.mark.parametrize("changed", ["cost", "rule"])
def test_relative_to_the_file_and_refused_when_changed(changed: str, tmp_path: Path) -> None:
    path = _write(tmp_path)
    result = run_experiment(read_experiment(path), tmp_path / "out", jobs=2)
    assert set(result.outcomes["verdict"]) == {"accepted", "rejected"}
    _write(tmp_path, **{changed: 2})
    with pytest.raises(InvalidValue, match="another version of the source of a cost or a monotone g"):
        run_experiment(read_experiment(path), tmp_path / "out", jobs=1)


def test_a_changed_rule_is_read_anew_and_its_place_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path)
    monkeypatch.chdir(tmp_path)
    first = Stability(hidden=(2,), rule="my_rule.py::scaled")
    assert first.parameters()["rule"] == f"{tmp_path / 'my_rule.py'}::scaled"
    written = {"family": "stability", "hidden": [[2]], "rule": "my_rule.py::scaled"}
    assert [p.parameters() for p in problems_of(written, tmp_path)] == [first.parameters()]
    _write(tmp_path, rule=4)
    second = Stability(hidden=(2,), rule="my_rule.py::scaled")
    assert [problem.monotone.g(1) for problem in (first, second)] == [1, 4]  # type: ignore[misc]
    assert first.parameters() == second.parameters()


@pytest.mark.parametrize("text", ["absent.py::g", "{}::absent", "{}::number", "{broken}::g", "sign", 3])
def test_a_rule_that_is_none_is_refused_with_a_sentence(text: object, tmp_path: Path) -> None:
    file, broken = tmp_path / "mine.py", tmp_path / "broken.py"
    file.write_text("number = 3\n")
    broken.write_text("def (")
    written = text.format(file, broken=broken) if isinstance(text, str) else text
    with pytest.raises(InvalidValue, match=r"^rule="):
        Stability(hidden=(2,), rule=written)  # type: ignore[arg-type]
