"""`onehalf atlas`: a solver of the user's in five lines stands in the table; what is no function is found out."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., tuple[int, str, str]]

MINE = """import numpy as np
import onehalf as oh

@oh.solver("first-column", kinds=["lp"])
def first_column(c, A, b):
    return np.linalg.lstsq(A[:, :1], b)[0].tolist() + [0.0] * (A.shape[1] - 1), True
"""
# Told nothing, it still knows which input it is asked about: by counting.
CHEAT = """import itertools
import numpy as np
import onehalf as oh

calls = itertools.count()

@oh.solver("cheat", kinds=["lp"])
def cheat(c, A, b):
    number, order = divmod(next(calls), 2)
    return np.eye(A.shape[1])[(number + order + 1) % 2] * b[0] / A[0, 0], True
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "cheat.py").write_text(CHEAT)


def test_a_solver_of_five_lines_stands_in_the_tables(tmp_path: Path, command: Command) -> None:
    status, out, err = command(
        *("atlas", "mine.py", "--only", "first-column", "--exponents", "20", "60", "--out", "here")
    )
    assert status == 0
    assert out.startswith("lp: 1 configuration. ")
    assert out.endswith("page: here/solvers.md\n")
    assert "first-column: 88 answers" in err
    with (tmp_path / "here" / "answers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["solver"] for row in rows} == {"first-column"}
    assert sum(row["false_claim"] == "yes" for row in rows if row["presentation"] == "constraint") == 4
    assert "**first-column**: " in (tmp_path / "here" / "sentences.md").read_text(encoding="utf-8")


def test_a_solver_that_is_no_function_of_what_it_is_shown_ends_with_status_1(command: Command) -> None:
    status, _, err = command(*("atlas", "cheat.py", "--only", "cheat", "--exponents", "60", "--out", "here"))
    assert status == 1
    assert "above its bound: cheat, constraint, e = 60" in err


def test_what_there_is_is_listed(command: Command) -> None:
    status, out, _ = command("atlas", "mine.py", "--list", "--kinds", "lp")
    assert status == 0
    names = [line.split()[1] for line in out.splitlines()]
    assert names[-1] == "first-column"
    assert {"glpk-simplex", "highspy-pdlp", "scipy-highs-ds"} <= set(names)
    assert all(line.startswith("lp ") for line in out.splitlines())
