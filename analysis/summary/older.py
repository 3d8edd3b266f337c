"""A summary of an earlier release, with the keys that have been added since."""

from typing import Any, cast

from analysis.summary.cell import OUTPUTS
from analysis.summary.schema import LineEntry, Summary


def completed(summary: Summary) -> Summary:
    """The summary with every key of this release; what an earlier one did not say is empty.

    Keys may be added while the form's version stays, so that every summary of this version can be read.
    """
    whole = {
        "stories": [],
        **summary,
        "cells": [{"axes": [], "outputs": OUTPUTS, **cell} for cell in summary["cells"]],
        "barriers": [_line(entry) for entry in summary["barriers"]],
        "barrier_differences": [_line(entry) for entry in summary["barrier_differences"]],
    }
    return cast("Summary", whole)


def _line(entry: LineEntry) -> dict[str, Any]:
    return {"symbol": entry["parameter"], "words": entry["parameter"], "kind": "", **entry}
