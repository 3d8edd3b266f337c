"""A summary of an earlier release, with the keys that have been added since."""

from typing import Any, cast

from analysis.summary.cell import OUTPUTS
from analysis.summary.schema import CellEntry, LineEntry, Summary


def completed(summary: Summary) -> Summary:
    """The summary with every key of this release; what an earlier one did not say is empty.

    Keys may be added while the form's version stays, so that every summary of this version can be read.
    """
    whole = {
        "stories": [],
        **summary,
        "cells": [
            {"axes": [], "outputs": OUTPUTS, **cell, "universal": _limited(cell)} for cell in summary["cells"]
        ],
        "barriers": [_line(entry) for entry in summary["barriers"]],
        "barrier_differences": [_line(entry) for entry in summary["barrier_differences"]],
    }
    return cast("Summary", whole)


def _limited(cell: CellEntry) -> dict[str, Any] | None:
    """What the limit adds, with what is known of the weight of ι⁰ by the theorem."""
    found = cell["universal"]
    if not found:
        return None
    weight = 0.5 if cell["theorem"] == "2" else 1 - found["ceiling"]
    return {"halting_ceiling": None, "limit_weight": weight, **found}


def _line(entry: LineEntry) -> dict[str, Any]:
    return {"symbol": entry["parameter"], "words": entry["parameter"], "kind": "", **entry}
