"""The results as a picture: overhead, verdicts, training, and how costs grow."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.style import COLOURS, GREY, MARKERS, drawing
from benchmarks.measure import Row
from benchmarks.table import number


def draw(rows: Sequence[Row], stem: Path) -> None:
    """Write ``stem.svg`` and ``stem.png``; panels whose benchmark was not run stay out."""
    bars = {
        "A trial of nothing, µs": [r for r in rows if r.benchmark == "overhead" and r.unit.startswith("µs")],
        "Exact verdicts a second, 2-16-1": [
            r for r in rows if r.benchmark == "verdicts" and r.unit == "networks/s"
        ],
        "Trainings a second to one loss, 2-8-1": [
            r for r in rows if r.benchmark == "training" and r.unit == "trials/s"
        ],
    }
    bars = {title: found for title, chosen in bars.items() if (found := [r for r in chosen if r.value])}
    series = _series(rows)
    panels = len(bars) + bool(series)
    if not panels:
        return
    with drawing(svg__hashsalt="onehalf"):
        height = -(-panels // 2)
        figure = Figure(figsize=(10, 2.9 * height), layout="constrained")
        axes = itertools.chain(figure.subplots(height, 2, squeeze=False).flat)
        for title, found in bars.items():
            _bars(next(axes), title, found)
        if series:
            _lines(next(axes), series)
        for rest in axes:
            rest.set_axis_off()
        figure.savefig(stem.with_suffix(".svg"), metadata={"Date": None})
        figure.savefig(stem.with_suffix(".png"), dpi=150, metadata={"Software": None})


def _bars(axes: Axes, title: str, rows: Sequence[Row]) -> None:
    """Draw medians on a logarithmic axis, ours first and in colour."""
    names = [row.case for row in rows]
    values = [row.value or 0.0 for row in rows]
    colours = [COLOURS[0], *[GREY] * (len(rows) - 1)]
    axes.barh(names, values, color=colours, height=0.6)
    axes.set_xscale("log")
    axes.set_xlim(min(values) / 3, max(values) * 6)
    axes.invert_yaxis()
    axes.set_title(title, loc="left")
    for place, value in enumerate(values):
        axes.annotate(number(value), (value, place), (4, 0), textcoords="offset points", va="center")


def _series(rows: Sequence[Row]) -> dict[str, list[tuple[float, float]]]:
    """Return (size, seconds of the smallest size's) for each series of the scaling benchmark."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        if row.benchmark == "scaling" and row.unit == "µs" and row.value:
            head, _, what = row.case.partition(": ")
            axis, _, size = head.partition(" ")
            found.setdefault(f"{axis}: {what}", []).append((float(size.replace(",", "")), row.value))
        if row.benchmark == "million" and row.unit == "s" and row.value:
            found.setdefault("trials: coin flip", []).append(
                (float(row.case.partition(" ")[0].replace(",", "")), row.value)
            )
    return {name: [(size, cost / points[0][1]) for size, cost in points] for name, points in found.items()}


def _lines(axes: Axes, series: dict[str, list[tuple[float, float]]]) -> None:
    """Draw cost relative to the smallest size against size, with slope 1 for comparison."""
    for (name, points), colour, marker in zip(
        series.items(), itertools.cycle(COLOURS), itertools.cycle(MARKERS), strict=False
    ):
        sizes, costs = zip(*points, strict=True)
        axes.plot([s / sizes[0] for s in sizes], costs, color=colour, marker=marker, ms=4, lw=1, label=name)
    axes.plot([1, 1000], [1, 1000], color=GREY, lw=1, ls=":", label="slope 1")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("size, relative to the smallest")
    axes.set_title("Cost, relative to the smallest size's", loc="left")
    axes.legend(fontsize=6.5, frameon=False)
