"""The page docs/problems.md: its code runs as it stands, and it names every kind, family and solver."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import onehalf as oh
from algorithms.registry import known
from onehalf.cli import main
from oracle.families import known_families, make_problem
from oracle.instances.kinds import KINDS

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "problems.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the page's files, as the working directory."""
    monkeypatch.chdir(tmp_path)
    for block in re.findall(r"```python\n(# (\S+\.py)\n.*?)```", PAGE, re.DOTALL):
        Path(block[1]).write_text(block[0], encoding="utf-8")
    (data,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    Path("near_duplicates.toml").write_text(data, encoding="utf-8")
    return tmp_path


def test_both_forms_state_one_problem(folder: Path) -> None:
    python, data = make_problem("near_duplicates.py"), make_problem("near_duplicates.toml")
    assert python.facts == data.facts
    assert python.bound("midpoint") == oh.Bound("1", ("1", "2"), 53, tier="certified")


def test_the_commands_run(folder: Path) -> None:
    assert main(["check", "near_duplicates.py", "my_lasso.py"]) == 0
    assert main(["prove", "near_duplicates.py", "--oracle", "midpoint"]) == 0
    run = ["run", "my_lasso.py", "--problem", "near_duplicates.toml", "--trials", "10", "--jobs", "1"]
    assert main([*run, "--oracle", "blind", "--out", "results"]) == 0
    (cell,) = oh.load("results").summary()["cells"]
    assert (cell["bound"]["value"], cell["bound"]["tier"]) == (0.5, "certified")
    assert sorted(entry["successes"] for entry in cell["by_input"].values()) == [0, 10]


def test_it_names_everything() -> None:
    names = [*KINDS]
    names += [n for n, f in known_families().items() if f.__module__.startswith("onehalf.families.stated.")]
    names += [n for n, a in known().items() if a.function.__module__.startswith("algorithms.solvers.")]
    assert [name for name in names if f"`{name}`" not in PAGE] == []
    assert [kind for kind, made in KINDS.items() if f"`oh.{made.__name__}" not in PAGE] == []
