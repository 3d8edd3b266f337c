"""Experiment files: the documented example, grids, relative plugins, and refusals."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from onehalf.plan.file import read_experiment
from oracle.errors import InvalidValue

HOME = Path(__file__).resolve().parents[3]
CELL = '[[cells]]\nproblem = "training"\noracle = "blind"\nalgorithms = "coin-flip"\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "experiment.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_documented_example_is_what_it_says(tmp_path: Path) -> None:
    page = (HOME / "docs" / "experiment-files.md").read_text(encoding="utf-8")
    found = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert found
    experiment = read_experiment(written(tmp_path, found[1]))
    assert (experiment.name, experiment.seed, len(experiment.cells)) == ("barrier", 7, 3 * 2 * 2 + 2)
    assert [cell.trials for cell in experiment.cells] == [20] * 12 + [10] * 2
    assert {cell.budget.digits for cell in experiment.cells} == {1000}
    assert experiment.cells[0].group == "Around the barrier"


def test_a_relative_plugin_is_found_beside_the_file(tmp_path: Path, plugin: Callable[..., str]) -> None:
    plugin("mine", "return task.witness(task.members[0])")
    experiment = read_experiment(written(tmp_path, CELL.replace("coin-flip", "mine.py")))
    assert experiment.cells[0].spec.origin == str(tmp_path / "mine.py")


def test_budgets_are_a_grid_and_a_cell_overrides_the_file(tmp_path: Path) -> None:
    top = "budget = { digits = 500, seconds = 2.0 }\n"
    experiment = read_experiment(written(tmp_path, top + CELL + "budget = { digits = [100, 1000] }\n"))
    assert [(cell.budget.digits, cell.budget.seconds) for cell in experiment.cells] == [
        (100, 2.0),
        (1000, 2.0),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = ", "is no TOML"),
        ("trails = 3\n" + CELL, "^trails=3: .*has no such entry"),
        ("name = 'a'", "^cells="),
        (CELL.replace("oracle", "oracel"), "^oracel="),
        (CELL.replace("blind", "kind"), "^oracle='kind'"),
        (CELL.replace("training", "draining"), "^problem='draining'"),
        (CELL.replace("coin-flip", "coin-flop"), "^algorithm='coin-flop'"),
        (CELL + "trials = 0\n", "^trials=0"),
        (CELL + "budget = 3\n", "^budget=3: must be a table"),
        (CELL + "budget = { digits = [100, -1] }\n", "^digits=-1"),
        (CELL + CELL, "stands twice"),
        (CELL + "group = 3\n", "^group=3: must be text; "),
        ("name = 3\n" + CELL, "^name=3: must be text; "),
        (
            CELL.replace('"training"', '{ family = "training", exponent = [] }'),
            r"^exponent=\[\]: a grid has at least",
        ),
        (CELL.replace('"blind"', "[]"), r"^oracle=\[\]: a grid has at least"),
        (CELL.replace('"coin-flip"', "[]"), r"^algorithms=\[\]: a grid has at least"),
        (CELL + "budget = { digits = [] }\n", r"^digits=\[\]: a grid has at least"),
    ],
)
def test_what_is_misspelt_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        read_experiment(written(tmp_path, text))


@pytest.mark.parametrize(
    "name", ["''", "'.'", "'..'", "'../../evil'", "'/tmp'", r"'a\b'", r'"a\u0000b"'], ids=range(7)
)
def test_results_do_not_leave_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Callable[..., tuple[int, str, str]], name: str
) -> None:
    folder = tmp_path / "deep" / "deeper"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    file = written(folder, f"name = {name}\ntrials = 2\n" + CELL)
    status, out, err = command("run", file, "--jobs", 1)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("onehalf: name=")
    assert ("which no report can show" if "u0000" in name else "names no folder in results: ") in err
    assert [f for f in tmp_path.rglob("*") if f.is_file()] == [file]


def test_a_name_may_be_any_text_where_the_folder_is_given(tmp_path: Path) -> None:
    assert read_experiment(written(tmp_path, "name = 'a/b'\n" + CELL)).name == "a/b"


def test_an_experiment_has_a_folder_of_its_name(tmp_path: Path) -> None:
    assert read_experiment(written(tmp_path, "name = 'ε, at 2'\n" + CELL)).directory == Path(
        "results/ε, at 2"
    )
