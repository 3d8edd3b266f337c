"""The content of ``summary.json``: everything that is reported about an experiment, as plain data.

Each key is described in docs/summary-json.md.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analysis.prose.findings import findings
from analysis.prose.headline import headline
from analysis.stability.summary import below_guarantee, stability_entry
from analysis.statistics.bound_test import LEVEL, holm, nuisance_error
from analysis.statistics.equivalence import MARGIN
from analysis.statistics.estimates import CONFIDENCE
from analysis.statistics.intervals import EXACT, method_named
from analysis.summary.cell import CELL_COLUMNS, cell_entry, plain
from analysis.summary.comparisons import comparisons
from analysis.summary.counts import STATUSES
from analysis.summary.curves import curves
from analysis.summary.series import group
from analysis.wording import budgets_told

SCHEMA = 1
"""Version of the summary's form; it grows when the meaning of a key changes or a key is taken away."""

PATTERN_COLUMNS = ("cell", "shared", "statuses", "verdicts", "claims", "count")
FAILURE_COLUMNS = ("cell", "trial", "input", "status", "note")
FAILURE_COUNT = "trials"


def _require(frame: pd.DataFrame, name: str, columns: Iterable[str]) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"{name}.columns={list(frame.columns)} lacks {missing}; add the missing columns.")


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _adjusted(cells: list[dict[str, Any]], name: str, verdict: str) -> dict[int, dict[str, Any]]:
    """By cell its test `name` with Holm's adjustment across cells, and whether it rejects."""
    tested = [cell for cell in cells if cell[name] is not None]
    values = holm([cell[name]["p_value"] for cell in tested])
    return {
        cell["cell"]: {**cell[name], "p_adjusted": value, verdict: value <= LEVEL}
        for cell, value in zip(tested, values, strict=True)
    }


def _adjust(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    above, same = _adjusted(cells, "test", "above_bound"), _adjusted(cells, "attained", "holds")
    return [{**cell, "test": above.get(cell["cell"]), "attained": same.get(cell["cell"])} for cell in cells]


def _with_budgets(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cells with their ``budget`` in words, where those of an algorithm on a family differ in it."""
    told: dict[int, str] = {}
    for members in group(cells, lambda cell: (cell["family"], cell["algorithm_name"])).values():
        words = budgets_told([(cell["digit_budget"], cell["second_budget"]) for cell in members])
        told.update(zip((cell["cell"] for cell in members), words, strict=True))
    return [{**cell, "budget": told[cell["cell"]]} for cell in cells]


def _totals(cells: list[dict[str, Any]], failures: int) -> dict[str, Any]:
    statuses = {
        status: sum(entry["statuses"][status] for cell in cells for entry in cell["by_input"].values())
        for status in STATUSES
    }
    return {
        "cells": len(cells),
        "incomplete_cells": sum(not cell["complete"] for cell in cells),
        "complete": all(cell["complete"] for cell in cells),
        "planned": sum(cell["planned"] for cell in cells),
        "recorded": sum(cell["recorded"] for cell in cells),
        "statuses": statuses,
        "failures": failures,
        "undecided": sum(cell["undecided"] for cell in cells),
        "tested_cells": sum(cell["test"] is not None for cell in cells),
    }


def _violations(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    double = [
        {"cell": cell["cell"], "kind": "double_accepted", "trials": cell["double_accepted"]}
        for cell in cells
        if cell["double_accepted"]
    ]
    above = [
        {"cell": cell["cell"], "kind": "above_bound", "trials": cell["recorded"]}
        for cell in cells
        if cell["test"] is not None and cell["test"]["above_bound"]
    ]
    return double + above


def _failures(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The sample of failures as plain data, with a number of trials in every row."""
    counted = [FAILURE_COUNT] if FAILURE_COUNT in frame.columns else []
    return [plain({FAILURE_COUNT: 1, **row}) for row in _rows(frame[[*FAILURE_COLUMNS, *counted]])]


def summarise(
    experiment: Mapping[str, Any],
    cells: pd.DataFrame,
    patterns: pd.DataFrame,
    failures: pd.DataFrame,
    provenance: Mapping[str, Any],
    failure_total: int | None = None,
    certified: Iterable[Mapping[str, Any]] = (),
    pairs: pd.DataFrame | None = None,
    interval: str = EXACT.name,
) -> dict[str, Any]:
    """Everything that is reported about an experiment, as JSON-able data (docs/summary-json.md).

    Parameters
    ----------
    experiment
        What was run: ``name``, ``title``, ``description`` and ``directory`` are used where they are present.
    cells
        One row for each cell: `CELL_COLUMNS`, and optionally ``over_reading_exact``, the algorithm's
        over-reading probability, a float, where it is known in closed form (otherwise missing). A cell that may
        stop early has ``until`` (its rule in words), ``cap`` (trials at most), ``against`` (the bound to decide
        about, or None for the theorem's), ``stopped`` (why it stopped, or None), and in ``planned`` the trials it
        stopped at.
    patterns
        Joint outcomes: `PATTERN_COLUMNS`, one row for each distinct outcome of a trial within a cell. Trials
        that are planned and not yet run have no row.
    failures
        A sample of the outcomes that did not halt as they should: `FAILURE_COLUMNS`, and optionally `FAILURE_COUNT`,
        the number of trials of the cell that ended with this status and note (1 where the column is missing).
    provenance
        Versions, platform, seeds, commands; handed on as it is.
    failure_total
        Number of failures of which `failures` is a sample; by default the outcomes (a trial on an input) with
        a status other than ``halted``.
    certified
        The groups of certificates of the stability family, as `analysis.stability.summary.stability_entry` takes them.
    pairs
        Trials of two algorithms on one input, as `analysis.summary.comparisons.comparisons` takes them.
    interval
        Name of the method of intervals, see `analysis.statistics.intervals`; the tests are exact whatever it is, and
        cells with a stopping rule have confidence sequences.

    Returns
    -------
    dict
        Intervals are at 95%, by default Clopper–Pearson's. The denominator is the number of recorded trials; in a
        complete cell that is the number planned.

    Raises
    ------
    ValueError
        If a column is missing, the method is unknown, a cell number is given twice or unknown, or the counts
        contradict the plan.
    """
    for frame, name, columns in (
        (cells, "cells", CELL_COLUMNS),
        (patterns, "patterns", PATTERN_COLUMNS),
        (failures, "failures", FAILURE_COLUMNS),
    ):
        _require(frame, name, columns)
    plan = _rows(cells)
    outcomes: dict[int, list[dict[str, Any]]] = {int(cell["cell"]): [] for cell in plan}
    if len(outcomes) != len(plan):
        raise ValueError(
            f"cells.cell={[cell['cell'] for cell in plan]} repeats a number; number the cells apart."
        )
    for row in _rows(patterns):
        if int(row["cell"]) not in outcomes:
            raise ValueError(
                f"patterns.cell={row['cell']} is not in the table of cells; add the cell to the plan."
            )
        outcomes[int(row["cell"])].append(row)
    beta = nuisance_error(sum(len(cell["exclusive"]) >= 2 for cell in plan))
    method = method_named(interval)
    entries = [cell_entry(cell, outcomes[int(cell["cell"])], beta, method) for cell in plan]
    entries = _with_budgets(_adjust(entries))
    bad = sum(
        number
        for cell in entries
        for entry in cell["by_input"].values()
        for status, number in entry["statuses"].items()
        if status != "halted"
    )
    summary = {
        "schema": SCHEMA,
        "experiment": plain(experiment),
        "method": {
            "interval": method.name,
            "guarantee": method.guarantee,
            "confidence": CONFIDENCE,
            "test": "intersection-union, berger-boos, holm",
            "level": LEVEL,
            "beta": beta,
            "margin": MARGIN,
        },
        "totals": _totals(entries, bad if failure_total is None else failure_total),
        "violations": _violations(entries),
        "cells": entries,
        **curves(entries),
        "comparisons": [] if pairs is None else comparisons(_rows(pairs)),
        "failures": _failures(failures),
        "provenance": plain(provenance),
    }
    groups = [stability_entry(group) for group in certified]
    if groups:
        summary["stability"] = plain(groups)
        summary["violations"] += below_guarantee(groups)
    return {**summary, "headline": headline(summary), "findings": findings(summary)}
