"""The conflicts of a training set in the plane of two features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from onehalf.auditing.datasets.labelled import Labelled
from onehalf.auditing.datasets.look import TableLook
from onehalf.auditing.report.drawing import figure_of, svg_of

_COLOURS = ("#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#222222")
_MARKERS = ("o", "s", "^", "D", "v", "P")
_MOST_POINTS = 3000
_LABEL = "Points by label in two features; lines join pairs of different labels that may stand in each other's place"


def scatter(table: Labelled, looks: Sequence[TableLook]) -> str:
    """Return the largest matching of the coarsest reading as SVG: points by label, a line for each pair."""
    look = max(looks, key=lambda one: one.pairs)
    values = table.numbers.astype(np.float64)[:_MOST_POINTS]
    marks = np.array(table.labels, dtype=str)[:_MOST_POINTS]
    spread = [_told_apart(values[:, j], marks) for j in range(values.shape[1])]
    across, up = sorted(np.argsort(spread)[-2:].tolist()) if len(spread) > 1 else (0, 0)
    figure = figure_of(6.4, 4.6)
    axes = figure.subplots()
    for i, j in look.matching.pairs:
        if max(i, j) < len(values):
            axes.plot(values[[i, j], across], values[[i, j], up], color="#d55e00", linewidth=1, zorder=1)
    for k, label in enumerate(table.classes[: len(_COLOURS)]):
        chosen = marks == label
        axes.scatter(
            values[chosen, across],
            values[chosen, up],
            s=14,
            color=_COLOURS[k],
            marker=_MARKERS[k],
            label=label,
            zorder=2,
        )
    axes.set_xlabel(table.features[across])
    axes.set_ylabel(table.features[up])
    axes.set_title(f"{len(look.matching.pairs)} disjoint pairs, {look.title}", fontsize=10)
    figure.legend(loc="outside lower center", ncols=4, fontsize=8, frameon=False)
    return svg_of(figure, _LABEL)


def _told_apart(column: Any, marks: Any) -> float:
    """Return which share of a feature's variance lies between the labels."""
    total = float(((column - column.mean()) ** 2).sum())
    between = sum(
        (marks == m).sum() * (column[marks == m].mean() - column.mean()) ** 2 for m in np.unique(marks)
    )
    return float(between) / total if total else 0.0
