"""The section and the figures of the universal half, on an experiment with all that they show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analysis.figures.gallery import pictures
from analysis.report.page import render
from analysis.wording import interval_text
from onehalf.families.simplex.problem import Simplex
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.running.run import run_experiment


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A small experiment: hedges, k answers with and without the limit, repetition."""
    programs = [Simplex(answers=k, limit=limit) for k in (2, 3) for limit in (False, True)]
    repeated = [f"majority[inner=coin-flip,k={k}]" for k in (1, 3, 5)]
    cells = [
        *cells_of([AlternatingTraining(limit=True)], ["blind"], ["limit-hedge[q=0.5]", "patient"], 12),
        *cells_of(programs, ["blind"], ["coin-flip", "limit-hedge"], 12),
        *cells_of([AlternatingTraining()], ["blind"], repeated, 12),
    ]
    place = tmp_path_factory.mktemp("pages") / "run"
    found: dict[str, Any] = run_experiment(Experiment("pages", 1, tuple(cells)), place, jobs=1).summary()
    return found


def test_a_figure_for_each_frontier_and_for_repetition(summary: dict[str, Any]) -> None:
    found = {picture.name: picture for picture in pictures(summary)}
    assert {"limit", "answers", "amplification"} <= set(found)
    assert "budget" not in found
    titles = [panel.title for panel in found["limit"].panels]
    assert titles == [
        "training, blind oracle",
        "simplex, blind oracle, k = 2",
        "simplex, blind oracle, k = 3",
    ]
    assert "majority of coin-flip: 1 times" in found["amplification"].panels[0].alternative
    assert "k = 3, Theorem 3:" in found["answers"].panels[0].alternative
    assert "bound 0.600" in found["answers"].panels[0].alternative


def test_the_section_lists_every_cell_with_the_limit(summary: dict[str, Any], tmp_path: Path) -> None:
    page = render(summary)
    section = page.split('<details class="appendix" id="universal">')[1].split("</details>")[0]
    assert section.count("<tr>") == 1 + sum(cell["universal"] is not None for cell in summary["cells"])
    assert "for u = 0: 0.600" in section
    for cell in summary["cells"]:
        if cell["universal"]:
            worst = min(cell["exclusive"], key=lambda name: cell["by_input"][name]["rate"])
            assert interval_text(cell["universal"]["sums"][worst]["interval"]) in section
    plain = {**summary, "cells": [cell for cell in summary["cells"] if cell["universal"] is None]}
    assert 'id="universal"' not in render(plain)
