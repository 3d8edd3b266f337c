"""Tables for notebooks: what a cell is stands in columns of its own, so that grouping needs no join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.wording import value_text
from onehalf.record.described import Recorded

_OF_CELLS = (
    "group",
    "family",
    "oracle",
    "algorithm",
    "algorithm_name",
    "role",
    "digit_budget",
    "second_budget",
)


def cells_frame(experiment: Recorded) -> pd.DataFrame:
    """Return one row a cell, by its number: what it is, and each parameter of its problem under its own name.

    A parameter whose name is another column's already has ``problem_`` before it. Lists are text, so that columns can
    be grouped by and written in any form.
    """
    rows = []
    for cell in experiment.cells:
        row: dict[str, Any] = {
            **{
                "group": cell.group,
                "family": cell.family,
                "oracle": cell.policy,
                "algorithm": cell.algorithm,
            },
            **{"algorithm_name": cell.name, "role": cell.role},
            **{"digit_budget": cell.budget.digits, "second_budget": cell.budget.seconds},
        }
        rows.append({**row, **_parameters(cell.parameters)})
    return pd.DataFrame(rows).rename_axis("cell")


def _parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    taken = (*_OF_CELLS, "cell", "trial", "seed", "status", "shared", "depth", "queries", "seconds", "note")
    return {
        f"problem_{name}" if name in taken else name: value
        if value is None or isinstance(value, bool | int | float | str)
        else value_text(value)
        for name, value in given.items()
    }


def with_cells(trials: pd.DataFrame, experiment: Recorded) -> pd.DataFrame:
    """Return rows of trials, each with what its cell is."""
    return trials.join(cells_frame(experiment), on="cell")


def results_frame(experiment: Recorded, cells: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return one row a cell: what it is, and what was found, from the cells of a summary."""
    found = [
        {
            "planned": cell["planned"],
            "recorded": cell["recorded"],
            "successes": cell["smallest"]["successes"],
            "rate": cell["smallest"]["rate"],
            "low": cell["smallest"]["interval"][0],
            "high": cell["smallest"]["interval"][1],
            "told_apart": cell["over_reading"]["rate"],
            "bound": cell["bound"]["value"],
        }
        for cell in cells
    ]
    return cells_frame(experiment).join(pd.DataFrame(found).rename_axis("cell")).reset_index()
