"""Tables for notebooks: what a cell is stands in columns of its own, so that grouping needs no join."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.wording import value_text
from onehalf.record.described import Recorded
from oracle.errors import InvalidValue

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


_FOUND = ("planned", "recorded", "successes", "rate", "low", "high", "told_apart", "bound")
_SAID_TWICE = ("group", "algorithm_name", "role")


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


def indexed(cells: pd.DataFrame) -> pd.DataFrame:
    """Return rows of cells by what tells them apart, a level of the index for each: with xarray, ``.to_xarray()``.

    What is the same in every cell is left out of the index, and so is what other levels say already. Where no columns
    tell all cells apart, as with two stopping rules, the number of the cell is a level, too.
    """
    what = [name for name in cells.columns if name not in (*_FOUND, *_SAID_TWICE, "cell")]
    levels = [name for name in what if len(cells[name].unique()) > 1]
    if not levels or cells.duplicated(levels).any():
        levels.append("cell")
    return cells.set_index(levels).sort_index()


def with_cells(trials: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Return rows of trials, each with what its cell is (`cells_frame`)."""
    return trials.join(cells, on="cell")


def to_parquet(tables: Mapping[str, pd.DataFrame], directory: Path) -> list[Path]:
    """Write each table into a directory as ``NAME.parquet``, and return the paths.

    Raises
    ------
    InvalidValue
        If pyarrow is not installed.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise InvalidValue(
            "formats", "parquet", "needs pyarrow, which is not installed", "pip install 'onehalf[parquet]'"
        )
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in tables.items():
        written.append(directory / f"{name}.parquet")
        table.to_parquet(written[-1], engine="pyarrow", index=False)
    return written


def results_frame(cells: pd.DataFrame, summary: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return one row a cell: what it is (`cells_frame`), and what was found, from the cells of a summary."""
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
        for cell in summary
    ]
    return cells.join(pd.DataFrame(found).rename_axis("cell")).reset_index()
