"""The page about families: its file is written, its commands executed, its script run, and its tables are whole."""

from __future__ import annotations

import inspect
import re
import shlex
from pathlib import Path

import pytest

import onehalf as oh
from algorithms.conformance.family_rules import RULES
from onehalf.cli import main

PAGE = (Path(__file__).parents[3] / "docs" / "families.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(python|sh)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\S+\.py)\n")
COMMANDS = [line for kind, body in BLOCKS if kind == "sh" for line in body.splitlines()]
SCRIPTS = [body for kind, body in BLOCKS if kind == "python" and not FILE.match(body)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page's files."""
    place = tmp_path_factory.mktemp("page")
    for _, body in BLOCKS:
        if found := FILE.match(body):
            (place / found[1]).write_text(body)
    return place


def test_the_page_has_what_is_tested() -> None:
    assert (len(COMMANDS), len(SCRIPTS)) == (7, 1)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    program, *arguments = shlex.split(command)
    assert program == "onehalf"
    extra = ["--jobs", "1", "--out", f"results/{abs(hash(command))}"] if arguments[0] == "run" else []
    assert main([*arguments, *extra]) == 0, capsys.readouterr()
    if arguments[0] == "prove":
        assert "not closed" not in capsys.readouterr().out


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    exec(compile(script, "docs/families.md", "exec"), {"__name__": "page"})


def test_the_fall_is_where_the_page_says(folder: Path) -> None:
    problem = f"{folder / 'sign.py'}::Sign[gap=[50,52,53,54,56]]"
    trials = oh.run(problem, str(folder / "sign.py"), oracle="honest", trials=20).trials
    right = (trials[["verdict_1", "verdict_2"]] == "accepted").sum(axis=1).groupby(trials.cell).min()
    assert right.tolist() == [2, 2, 2, 1, 1]


def test_every_rule_and_every_method_is_told() -> None:
    assert set(re.findall(r"^\| ([a-z][a-z ]*?) \|", PAGE, re.MULTILINE)) >= {*RULES, "deterministic"}
    for kind in (oh.Problem, oh.Facts):
        own = {name for name in vars(kind) if not name.startswith("_")} | set(kind.__annotations__)
        told = {name for name in own if re.search(rf"`[^`|]*\b{name}\b", PAGE)}
        assert own - told <= {"check_policy", "closeness", "digest"} | (
            {"story"} if kind is oh.Problem else set()
        )
    assert inspect.isabstract(oh.Problem)
