"""The content of ``summary.json``: everything that is reported about an experiment, as plain data.

Each key is described in docs/summary-json.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import pandas as pd

from analysis.prose.findings import findings
from analysis.prose.headline import headline
from analysis.statistics.bound_test import LEVEL, holm, nuisance_error
from analysis.statistics.equivalence import MARGIN
from analysis.statistics.estimates import CONFIDENCE
from analysis.statistics.intervals import EXACT, method_named
from analysis.story import Group, Story
from analysis.summary.cell import CELL_COLUMNS, cell_entry, limited, plain
from analysis.summary.comparisons import comparisons
from analysis.summary.counts import STATUSES
from analysis.summary.curves import curves
from analysis.summary.schema import (
    AttainedEntry,
    BoundTestEntry,
    CellEntry,
    FailureEntry,
    StoryEntry,
    Summary,
    TotalsEntry,
    ViolationEntry,
)
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


def _adjust(cells: Sequence[CellEntry]) -> list[CellEntry]:
    """The cells, each of their tests with Holm's adjustment across cells, and whether it rejects."""
    above = iter(holm([cell["test"]["p_value"] for cell in cells if cell["test"] is not None]))
    same = iter(holm([cell["attained"]["p_value"] for cell in cells if cell["attained"] is not None]))
    found: list[CellEntry] = []
    for cell in cells:
        test: BoundTestEntry | None = None
        attained: AttainedEntry | None = None
        if cell["test"] is not None:
            value = next(above)
            test = {**cell["test"], "p_adjusted": value, "above_bound": value <= LEVEL}
        if cell["attained"] is not None:
            value = next(same)
            attained = {**cell["attained"], "p_adjusted": value, "holds": value <= LEVEL}
        found.append({**cell, "test": test, "attained": attained})
    return found


def _with_budgets(cells: Sequence[CellEntry]) -> list[CellEntry]:
    """The cells with their ``budget`` in words, where those of an algorithm on a family differ in it."""
    told: dict[int, str] = {}
    for members in group(cells, lambda cell: (cell["family"], cell["algorithm_name"])).values():
        words = budgets_told([(cell["digit_budget"], cell["second_budget"]) for cell in members])
        told.update(zip((cell["cell"] for cell in members), words, strict=True))
    return [{**cell, "budget": told[cell["cell"]]} for cell in cells]


def _totals(cells: Sequence[CellEntry], failures: int) -> TotalsEntry:
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


def _violations(cells: Sequence[CellEntry]) -> list[ViolationEntry]:
    double: list[ViolationEntry] = [
        {"cell": cell["cell"], "kind": "double_accepted", "trials": cell["double_accepted"]}
        for cell in cells
        if cell["double_accepted"]
    ]
    above: list[ViolationEntry] = [
        {"cell": cell["cell"], "kind": "above_bound", "trials": cell["recorded"]}
        for cell in cells
        if cell["test"] is not None and cell["test"]["above_bound"]
    ]
    return double + above


def _failures(frame: pd.DataFrame) -> list[FailureEntry]:
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
    pairs: pd.DataFrame | None = None,
    interval: str = EXACT.name,
    told: Sequence[tuple[Story, Sequence[Group]]] = (),
    untold: Sequence[tuple[str, str]] = (),
) -> Summary:
    """Everything that is reported about an experiment, as JSON-able data (docs/summary-json.md).

    Parameters
    ----------
    experiment
        What was run: ``name``, ``title``, ``description`` and ``directory`` are used where they are present.
    cells
        One row for each cell: `CELL_COLUMNS`, and optionally what `analysis.summary.cell.cell_entry` says, such as
        ``axes`` and ``outputs``, and ``over_reading_exact``, the algorithm's over-reading probability, a float, where
        it is known in closed form (otherwise missing). A cell that may
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
    pairs
        Trials of two algorithms on one input, as `analysis.summary.comparisons.comparisons` takes them.
    interval
        Name of the method of intervals, see `analysis.statistics.intervals`; the tests are exact whatever it is, and
        cells with a stopping rule have confidence sequences.
    told
        The stories of the families that are present, each with what it gathered from the record.
    untold
        Families whose story is not at hand, each with the reason.

    Returns
    -------
    dict
        Intervals are at 95%, by default Clopper–Pearson's. The denominator is the number of recorded trials; in a
        complete cell that is the number planned.

    Raises
    ------
    ValueError
        If a column is missing, the method is unknown, a cell number is given twice or unknown, the counts
        contradict the plan, or a story's name is that of a key of the summary.
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
    beta = nuisance_error(sum(limited(cell) for cell in plan))
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
    found = curves(entries)
    summary: Summary = {
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
        "barriers": found["barriers"],
        "barrier_differences": found["barrier_differences"],
        "comparisons": [] if pairs is None else comparisons(_rows(pairs)),
        "failures": _failures(failures),
        "provenance": plain(provenance),
        "stories": _stories([story for story, _ in told], untold),
        "headline": [],
        "findings": [],
    }
    for story, groups in told:
        summary = _with_entry(summary, story, groups)
    stories = [story for story, _ in told]
    summary["headline"] = headline(summary, stories)
    summary["findings"] = findings(summary, stories)
    return summary


def _stories(stories: Iterable[Story], untold: Iterable[tuple[str, str]]) -> list[StoryEntry]:
    known: list[StoryEntry] = [
        {"name": story.name, "families": list(story.about), "missing": ""} for story in stories
    ]
    missing: list[StoryEntry] = [
        {"name": family, "families": [family], "missing": reason} for family, reason in untold
    ]
    return known + missing


def _with_entry(summary: Summary, story: Story, groups: Sequence[Group]) -> Summary:
    """The summary with what a story says of its groups, and what of that contradicts a theorem."""
    if story.name in Summary.__annotations__:
        raise ValueError(f"story.name={story.name!r} is a key of the summary already; give it another name.")
    entry = story.entry(groups)
    if not entry:
        return summary
    found = cast("list[ViolationEntry]", plain(list(story.violations(entry))))
    whole: dict[str, Any] = {**dict(summary), story.name: plain(entry)}
    whole["violations"] = [*summary["violations"], *found]
    return cast("Summary", whole)
