"""Identity is what was run: two sources of one name never pool, never form one series and never share a label."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import onehalf as oh
from onehalf import cli
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.running.replay import replay
from onehalf.running.run import run_experiment
from oracle.errors import InvalidValue
from tests.sealing import sealed_again

FIRST = """
import onehalf as oh
@oh.algorithm("mine")
def f(task, rng):
    return task.witness(task.members[0])
"""
SECOND = FIRST.replace("[0]", "[1]")
UTILS = """
import onehalf as oh
import utils
@oh.algorithm("who-{0}")
def f(task, rng):
    return task.witness(task.members[utils.K])
"""
HELPED = """
import onehalf as oh
from helper_mod import helper
@oh.algorithm("helped")
def f(task, rng):
    return helper(task)
"""
HELPER = "def helper(t):\n    return t.witness(t.members[{}])\n"

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Call a command in this process and return its status, its output and its words."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = cli.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two plugin files that each register an algorithm of one name."""
    files = tmp_path / "a1.py", tmp_path / "a2.py"
    for file, text in zip(files, (FIRST, SECOND), strict=True):
        file.write_text(text)
    return files


def successes(summary: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {
        cell["algorithm"]: {name: entry["successes"] for name, entry in cell["by_input"].items()}
        for cell in summary["cells"]
    }


def test_two_sources_of_one_name_stay_apart_when_directories_are_joined(
    two: tuple[Path, Path], tmp_path: Path, command: Command
) -> None:
    for seed, file in enumerate(two):
        assert command("run", file, "--trials", 10, "--seed", seed, "--out", tmp_path / str(seed))[0] == 0
    status, out, _ = command("report", tmp_path / "0", tmp_path / "1", "--out", tmp_path / "both", "--json")
    summary = json.loads(out)
    found = successes(summary)
    assert status == 0
    assert sorted(found.values(), key=lambda counts: counts["2"]) == [{"1": 10, "2": 0}, {"1": 0, "2": 10}]
    assert all(name.startswith("mine@") and len(name) == len("mine@") + 8 for name in found)
    sources = {k: v for part in summary["provenance"].values() for k, v in part["sources"].items()}
    assert {name.partition("@")[2] for name in found} == {source["sha256"][:8] for source in sources.values()}
    assert set(sources) == set(found)
    page = (tmp_path / "both" / "report.html").read_text()
    assert all(name in page for name in found)


def test_two_sources_of_one_name_are_two_cells_of_an_experiment(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    result = oh.run("training[hidden=[2]]", list(map(str, two)), trials=12, directory=tmp_path / "run")
    summary = result.summary()
    found = successes(summary)
    assert list(found.values()) == [{"1": 12, "2": 0}, {"1": 0, "2": 12}]
    first, second = found
    assert first.partition("@")[0] == second.partition("@")[0] == "mine"
    (both,) = {(row["first"], row["second"]) for row in summary["comparisons"]}
    assert both == (0, 1)
    with sqlite3.connect(tmp_path / "run" / "trials.sqlite") as connection:
        labels, keys = zip(
            *connection.execute("SELECT label, stream_key FROM cells ORDER BY cell"), strict=True
        )
    connection.close()
    assert [label.partition(" · ")[0] for label in labels] == [first, second]
    assert keys[0] == keys[1], "coordinates know no digest, so they share their seeds"
    assert [replay(result, index, 3).label for index in range(2)] == list(labels)
    assert all(replay(oh.load(tmp_path / "run"), index, 3).same for index in range(2))


def test_two_sources_of_one_name_form_no_series(two: tuple[Path, Path], tmp_path: Path) -> None:
    problems = [oh.AlternatingTraining(hidden=(2,), exponent=e) for e in (20, 21, 22)]
    files = [str(two[0]), str(two[1]), str(two[0])]
    cells = tuple(
        cell for p, a in zip(problems, files, strict=True) for cell in cells_of([p], ["decoy"], [a], 4)
    )
    summary = run_experiment(Experiment("mixed", 1, cells), tmp_path / "run", 1).summary()
    names = [cell["algorithm"] for cell in summary["cells"]]
    assert names[0] == names[2] != names[1]


def test_one_source_at_two_places_is_one_algorithm(two: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    copy = tmp_path / "copy" / "other_name.py"
    copy.write_text(FIRST)
    problem = oh.AlternatingTraining(hidden=(2,))
    parts = [
        oh.run(problem, str(file), trials=5, seed=seed, directory=tmp_path / f"run{seed}")
        for seed, file in enumerate((two[0], copy))
    ]
    from onehalf.record.gather import gather

    summary = gather([(part.directory, part.recorded) for part in parts])
    assert successes(summary) == {"mine": {"1": 10, "2": 0}}
    with pytest.raises(InvalidValue, match="stands twice"):
        oh.run(problem, [str(two[0]), str(copy)], trials=5)


def test_other_names_stay_as_they_are(two: tuple[Path, Path], tmp_path: Path) -> None:
    algorithms = [*map(str, two), "coin-flip", "reader[bits=20]"]
    found = successes(
        oh.run("training[hidden=[2]]", algorithms, trials=2, directory=tmp_path / "run").summary()
    )
    assert list(found)[2:] == ["coin-flip", "reader[bits=20]"]


def test_each_plugin_has_its_own_helper(tmp_path: Path) -> None:
    for k in range(2):
        (tmp_path / f"p{k}").mkdir()
        (tmp_path / f"p{k}" / "plug.py").write_text(UTILS.format(k))
        (tmp_path / f"p{k}" / "utils.py").write_text(f"K = {k}\n")
    file = tmp_path / "two.toml"
    file.write_text(
        'trials = 20\n[[cells]]\nproblem = { family = "training", exponent = 53 }\noracle = "decoy"\n'
        'algorithms = ["p0/plug.py", "p1/plug.py"]\n'
    )
    summary = run_experiment(oh.read_experiment(file), tmp_path / "run", 2).summary()
    assert successes(summary) == {"who-0": {"1": 20, "2": 0}, "who-1": {"1": 0, "2": 20}}


def test_a_run_is_not_continued_with_another_helper(tmp_path: Path, command: Command) -> None:
    (tmp_path / "sib.py").write_text(HELPED)
    helper = tmp_path / "helper_mod.py"
    helper.write_text(HELPER.format(1))
    words = ["run", tmp_path / "sib.py", "--trials", 10, "--out", tmp_path / "run"]
    assert command(*words)[0] == 0
    before = json.loads((tmp_path / "run" / "summary.json").read_text())
    with sqlite3.connect(tmp_path / "run" / "trials.sqlite") as connection:
        connection.execute("DELETE FROM outcomes WHERE trial > 4")
    connection.close()
    sealed_again(tmp_path / "run")
    helper.write_text(HELPER.format(0))
    status, _, err = command(*words)
    assert status == 2
    assert "was begun with another version of the source of helped" in err
    status, _, err = command("replay", tmp_path / "run", 0, 3)
    assert status == 2
    assert "its source has changed since it ran" in err
    helper.write_text(HELPER.format(1))
    assert command(*words)[0] == 0
    assert json.loads((tmp_path / "run" / "summary.json").read_text())["cells"] == before["cells"]


def test_a_moved_plugin_goes_on_and_a_report_says_where_it_was(tmp_path: Path, command: Command) -> None:
    plugin = tmp_path / "mine.py"
    plugin.write_text(FIRST)
    words = ["--trials", 6, "--out", tmp_path / "run"]
    assert command("run", plugin, *words)[0] == 0
    (tmp_path / "moved").mkdir()
    moved = plugin.rename(tmp_path / "moved" / "mine.py")
    assert command("run", moved, *words)[0] == 0
    (source,) = oh.load(tmp_path / "run").summary()["provenance"]["sources"].values()
    assert source["origin"] == str(plugin)


def test_what_was_recorded_stands_in_a_report_whatever_the_file_holds_now(
    tmp_path: Path, command: Command
) -> None:
    plugin = tmp_path / "mine.py"
    plugin.write_text("import scipy\n" + FIRST)
    assert command("run", plugin, "--trials", 6, "--out", tmp_path / "run")[0] == 0
    before = oh.load(tmp_path / "run").summary()
    (source,) = before["provenance"]["sources"].values()
    assert set(source["versions"]) == {"scipy"}
    plugin.write_text(SECOND.replace('"mine"', '"mine", role="baseline"'))
    assert oh.load(tmp_path / "run").summary() == before
    assert source["sha256"] in json.dumps(before)


def test_a_label_is_as_long_as_it_must_be() -> None:
    from algorithms.parameters.spelling import names_apart

    near = "0123456789" + "a" * 54, "0123456789" + "b" * 54
    assert names_apart([("x", near[0]), ("x", near[1]), ("y", near[0])]) == [
        "x@0123456789a",
        "x@0123456789b",
        "y",
    ]
    assert names_apart([("x", ""), ("x", near[0])]) == ["x", "x@01234567"]
