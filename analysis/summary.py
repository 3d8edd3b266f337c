"""The content of ``summary.json``: everything that is reported about an experiment, as plain data.

Each key is described in docs/summary-json.md.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.counts import STATUSES, CellCounts, InputCounts, count
from analysis.estimates import CONFIDENCE, Estimate, clopper_pearson, smallest, success_bound
from analysis.findings import findings
from analysis.tests import LEVEL, above_bound, holm, nuisance_error

SCHEMA = 1
"""Version of the summary's form; it grows when the meaning of a key changes or a key is taken away."""

CELL_COLUMNS = (
    *(
        "cell",
        "group",
        "family",
        "parameters",
        "oracle",
        "algorithm",
        "algorithm_name",
        "algorithm_parameters",
    ),
    *("role", "planned", "inputs", "exclusive", "theorem", "coupling_depth"),
)
PATTERN_COLUMNS = ("cell", "shared", "statuses", "verdicts", "claims", "count")
FAILURE_COLUMNS = ("cell", "trial", "input", "status", "note")


def plain(value: Any) -> Any:
    """The value in JSON's terms: tuples as lists, NumPy scalars as Python's, NaN as None, the rest as text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None if np.isnan(value) else str(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _require(frame: pd.DataFrame, name: str, columns: Iterable[str]) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"{name}.columns={list(frame.columns)} lacks {missing}; add the missing columns.")


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _share(part: int, whole: int) -> dict[str, Any]:
    estimate = clopper_pearson(part, whole)
    return {"count": part, "of": whole, "rate": estimate.rate, "interval": estimate.interval}


def _input_entry(counts: InputCounts, denominator: int) -> dict[str, Any]:
    successes = counts.verdict("accepted")
    estimate = clopper_pearson(successes, denominator)
    return {
        "successes": successes,
        "rate": estimate.rate,
        "interval": estimate.interval,
        "undecided": counts.verdict("undecided"),
        "statuses": counts.statuses,
        "claims": counts.claims,
        "false_success": _share(counts.claims["true"]["rejected"], counts.verdict("rejected")),
    }


def _smallest_entry(counts: CellCounts, over: list[str], denominator: int) -> dict[str, Any]:
    successes = dict(zip(over, counts.successes(over), strict=True))
    estimate = smallest(list(successes.values()), denominator)
    least = min(successes.values())
    attained = [name for name, value in successes.items() if value == least]
    return {
        "over": over,
        "attained_on": attained,
        "successes": least,
        "rate": estimate.rate,
        "interval": estimate.interval,
    }


def _bound_entry(exclusive: int, theorem: str, over_reading: Estimate) -> dict[str, Any]:
    applies = exclusive >= 2
    value = None if over_reading.rate is None else success_bound(exclusive, over_reading.rate)
    return {
        "applies": applies,
        "value": value if applies else 1.0,
        "interval": [success_bound(exclusive, end) for end in over_reading.interval],
        "theorem": theorem if applies else "",
        "exclusive_inputs": exclusive,
    }


def _test_entry(counts: CellCounts, exclusive: list[str], beta: float) -> dict[str, Any] | None:
    if len(exclusive) < 2:
        return None
    outcome = above_bound(counts.successes(exclusive), counts.recorded, counts.over_reads, beta)
    return {"p_value": outcome.p_value, "bound_tested": outcome.bound}


def _cell_entry(cell: dict[str, Any], rows: list[dict[str, Any]], beta: float) -> dict[str, Any]:
    inputs, exclusive = [str(name) for name in cell["inputs"]], [str(name) for name in cell["exclusive"]]
    number, planned = int(cell["cell"]), int(cell["planned"])
    if not inputs:
        raise ValueError(f"inputs=() of cell {number} is empty; a cell needs at least one input.")
    counts = count(number, inputs, exclusive, rows)
    recorded = counts.recorded
    if recorded > planned:
        raise ValueError(
            f"planned={planned} of cell {number} is below its {recorded} recorded trials; correct the plan."
        )
    exact = cell.get("over_reading_exact")
    over_reading = _share(counts.over_reads, recorded)
    over = exclusive if len(exclusive) >= 2 else inputs
    return {
        **{name: plain(cell[name]) for name in CELL_COLUMNS if name != "planned"},
        "planned": planned,
        "recorded": recorded,
        "complete": recorded == planned,
        "denominator": "planned" if recorded == planned else "recorded",
        "by_input": {name: _input_entry(counts.by_input[name], recorded) for name in inputs},
        "smallest": _smallest_entry(counts, over, recorded),
        "over_reading": {**over_reading, "exact": plain(exact)},
        "bound": _bound_entry(
            len(exclusive), str(cell["theorem"]), clopper_pearson(counts.over_reads, recorded)
        ),
        "test": _test_entry(counts, exclusive, beta),
        "double_accepted": counts.double_accepted,
        "undecided": sum(part.verdict("undecided") for part in counts.by_input.values()),
        "false_success": _share(counts.false_success, counts.claimed),
    }


def _adjust(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    tested = [cell["cell"] for cell in cells if cell["test"] is not None]
    adjusted = dict(
        zip(
            tested, holm([cell["test"]["p_value"] for cell in cells if cell["test"] is not None]), strict=True
        )
    )
    return [
        cell
        if cell["test"] is None
        else {
            **cell,
            "test": {
                **cell["test"],
                "p_adjusted": adjusted[cell["cell"]],
                "above_bound": adjusted[cell["cell"]] <= LEVEL,
            },
        }
        for cell in cells
    ]


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


def summarise(
    experiment: Mapping[str, Any],
    cells: pd.DataFrame,
    patterns: pd.DataFrame,
    failures: pd.DataFrame,
    provenance: Mapping[str, Any],
    failure_total: int | None = None,
) -> dict[str, Any]:
    """Everything that is reported about an experiment, as JSON-able data (docs/summary-json.md).

    Parameters
    ----------
    experiment
        What was run: ``name``, ``title``, ``description`` and ``directory`` are used where they are present.
    cells
        One row for each cell: `CELL_COLUMNS`, and optionally ``over_reading_exact``, the algorithm's
        over-reading probability where it is known in closed form (otherwise missing).
    patterns
        Joint outcomes: `PATTERN_COLUMNS`, one row for each distinct outcome of a trial within a cell. Trials
        that are planned and not yet run have no row.
    failures
        A sample of the outcomes that did not halt as they should: `FAILURE_COLUMNS`.
    provenance
        Versions, platform, seeds, commands; handed on as it is.
    failure_total
        Number of failures of which `failures` is a sample; by default the outcomes (a trial on an input) with
        a status other than ``halted``.

    Returns
    -------
    dict
        Intervals are Clopper–Pearson at 95%. The denominator is the number of recorded trials; in a complete
        cell that is the number planned.

    Raises
    ------
    ValueError
        If a column is missing, a cell number is given twice or unknown, or the counts contradict the plan.
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
    entries = _adjust([_cell_entry(cell, outcomes[int(cell["cell"])], beta) for cell in plan])
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
            "interval": "clopper-pearson",
            "confidence": CONFIDENCE,
            "test": "intersection-union, berger-boos, holm",
            "level": LEVEL,
            "beta": beta,
        },
        "totals": _totals(entries, bad if failure_total is None else failure_total),
        "violations": _violations(entries),
        "cells": entries,
        "failures": plain(_rows(failures[list(FAILURE_COLUMNS)])),
        "provenance": plain(provenance),
    }
    return {**summary, "findings": findings(summary)}
