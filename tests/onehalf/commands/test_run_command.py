"""`onehalf run` of several files, and what is handed to `onehalf.run` that is none of what it takes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import onehalf as oh
from onehalf.cli import DONE, USAGE, main
from onehalf.commands import run as command

TWO = """
import onehalf as oh

@oh.algorithm("first", families=["simplex"])
def first(task, rng):
    return task.witness(task.members[0])

@oh.algorithm("last", families=["simplex"])
def last(task, rng):
    return task.witness(task.members[-1])
"""
ONE = """
import onehalf as oh

@oh.algorithm("middle")
def middle(task, rng):
    return task.witness(task.members[rng.integers(len(task.members))])
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.py").write_text(TWO)
    (tmp_path / "one.py").write_text(ONE)
    (tmp_path / "twice.py").write_text(ONE + ONE)
    (tmp_path / "plan.toml").write_text("cells = []")


def test_several_files_run_with_all_their_algorithms(monkeypatch: pytest.MonkeyPatch) -> None:
    planned = []

    def noted(experiment: oh.Experiment, options: object) -> int:
        planned.append(experiment)
        return DONE

    monkeypatch.setattr(command, "run_and_report", noted)
    assert main(["run", "two.py", "one.py", "coin-flip", "--trials", "2"]) == DONE
    (experiment,) = planned
    assert experiment.directory == Path("results/two+one+coin-flip")
    assert [(cell.problem.family, cell.spec.name) for cell in experiment.cells] == [
        ("simplex", "first"), ("simplex", "last"), ("training", "middle"), ("training", "coin-flip")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["one.py", "plan.toml"], "an experiment file is run alone; run plan.toml by itself"),
        (
            ["twice.py"],
            "name='middle': is registered twice in one file; give each algorithm a name of its own",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *words]) == USAGE
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: oh.run(oh.Simplex, "coin-flip"), r"problem='Simplex': is a class.*; write Simplex\(\)"),
        (lambda: oh.run(3, "coin-flip"), "problem=3: is no problem; give an instance"),  # type: ignore[arg-type]
        (lambda: oh.run(Path("no.py::F"), "coin-flip"), "no.py'?: is no file"),  # type: ignore[arg-type]
        (
            lambda: oh.run(oh.Simplex(), "coin-flip", oracle=oh.Oracle),
            "oracle='Oracle': is no name of a policy",
        ),  # type: ignore[arg-type]
        (lambda: oh.check(Path("no.py")), "no.py'?: does not exist"),
        (lambda: oh.algorithm("name")(3), "function=3: is no function"),  # type: ignore[type-var]
        (lambda: oh.read_experiment("no.toml"), "file='no.toml': cannot be read"),
        (
            lambda: oh.run(oh.Simplex(), "reader[bit=3]"),
            "bit=3: reader has no such parameter; did you mean bits",
        ),
    ],
)
def test_what_is_no_problem_algorithm_or_oracle_gets_one_sentence(
    call: Callable[[], Any], sentence: str
) -> None:
    with pytest.raises(oh.InvalidValue, match=sentence):
        call()


def test_another_experiment_gets_a_directory_of_its_own_and_that_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["run", "one.py", "--problem", "simplex", "--oracle", "blind", "--trials", "2", "--jobs", "1"]
    assert main(words) == DONE
    first = Path("one.py").read_text()
    Path("one.py").write_text(first + "# edited\n")
    capsys.readouterr()
    assert main(words) == DONE
    assert capsys.readouterr().err.startswith(
        "results/one was begun with another version of the source of middle: this one goes to results/one-2 ("
    )
    assert main([*words, "--out", "results/one"]) == USAGE  # what is named is meant
    Path("one.py").write_text(first)
    capsys.readouterr()
    assert main(words) == DONE  # as it was: the first is continued
    assert "this one goes to" not in capsys.readouterr().err
    assert sorted(path.name for path in Path("results").iterdir()) == ["one", "one-2"]
    assert main([*words[:-3], "3", "--seed", "5", "--jobs", "1", "--overwrite"]) == DONE
    assert oh.load("results/one").experiment.seed == 5
    assert not Path("results/one-3").exists()
