"""Cells that differ in nothing but their budget are told apart wherever a reader meets them, with the same coins."""

import sqlite3
from contextlib import closing
from pathlib import Path

from analysis.figures.gallery import pictures
from analysis.report.exports import markdown
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.record.directory import TRIALS
from onehalf.running.replay import replay
from onehalf.running.run import run_experiment
from oracle.session import Budget


def experiment(*digits: int) -> Experiment:
    cells = []
    for most in digits:
        cells += cells_of(
            [AlternatingTraining(exponent=53, hidden=(2,))],
            ["decoy"],
            ["reader[bits=53]"],
            8,
            Budget(digits=most),
        )
    return Experiment("budgets", 3, tuple(cells))


def test_budgets_that_differ_are_named_everywhere(tmp_path: Path) -> None:
    plan = experiment(50, 1000)
    result = run_experiment(plan, tmp_path / "d", 1)
    names = ["50 digits", "1,000 digits"]
    with closing(sqlite3.connect(tmp_path / "d" / TRIALS)) as connection:
        labels = [row[0] for row in connection.execute("SELECT label FROM cells ORDER BY cell")]
    for at, name in enumerate(names):
        assert labels[at].endswith(f" · {name}")
        assert replay(result, at, 0).label == labels[at]
    summary = result.summary()
    assert [cell["budget"] for cell in summary["cells"]] == names
    text = markdown(summary, pictures(summary))
    rows = [line for line in text.splitlines() if line.startswith(("| 0 | reader", "| 1 | reader"))]
    assert len(rows) == 4
    assert all(names[int(line[2])] in line for line in rows)
    assert "reader[bits=53], 50 digits 0/8" in pictures(summary)[0].panels[0].alternative
    best = next(item["text"] for item in summary["findings"] if item["kind"] == "attained")
    assert "at e = 53, 1,000 digits comes closest" in best
    # Seeds come of the coordinates alone, of which the budget is none.
    assert len(set(plan.keys())) == 1


def test_one_budget_is_not_named(tmp_path: Path) -> None:
    plan = experiment(1000)
    assert plan.labels == [plan.cells[0].label]
    summary = run_experiment(plan, tmp_path / "d", 1).summary()
    assert [cell["budget"] for cell in summary["cells"]] == [""]
    text = markdown(summary, [])
    assert "digits" not in text[text.index("## Cells") : text.index("## Methods")]
