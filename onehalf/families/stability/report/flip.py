"""One network of the instability theorem that flips: its values over the plane, the points, the perturbation."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D

from analysis.figures.style import COLOURS, GREY, INK, lay_out
from analysis.story import Panel
from analysis.wording import number, power_text

Entry = Mapping[str, Any]
CAPTION = (
    "One trained network over the plane of the first two coordinates: colours are its values (cut off to [−1, 2]), the "
    "black line is the value ½ at which it decides, circles (label 0) and triangles (label 1) are the points, all "
    "classified rightly. Across stands a/x₁, in which the classification function f changes at every whole number; it "
    "does not depend on x₂. One and the same perturbation, the arrow, moves every point; where it ends on a cross "
    "the network is wrong."
)
_WIDE, _SMALL = (8.2, 3.6), (4.0, 4.0)


def pictured(summary: Mapping[str, Any]) -> Entry | None:
    """The first problem of which one network is kept over the plane; None where there is none."""
    return next((entry for entry in summary.get("stability", []) if entry["picture"]), None)


def flip(summary: Mapping[str, Any]) -> list[Panel]:
    """A network over the plane (a/x_1, x_2/δ), its points, and the perturbation; [] where none is kept."""
    entry = pictured(summary)
    return [] if entry is None else [_draw(entry, _WIDE)]


def small(summary: Mapping[str, Any]) -> list[Panel]:
    """The same at the size of a panel."""
    entry = pictured(summary)
    return [] if entry is None else [_draw(entry, _SMALL)]


def flip_told(summary: Mapping[str, Any], drawings: int) -> tuple[int, str]:
    """The small drawing, and how many points the perturbation makes wrong."""
    entry = pictured(summary)
    if entry is None:
        return drawings - 1, "A network and its points."
    kept, size = entry["picture"], power_text(2, -entry["background"]["delta_exponent"])
    wrong = len(kept["wrong"][str(kept["sign"])])
    return drawings - 1, f"{len(kept['ratios'])} points right; {wrong} wrong if moved by {size}."


def _draw(entry: Entry, size: tuple[float, float]) -> Panel:
    picture, labels = entry["picture"], entry["background"]["labels"]
    wide = size == _WIDE
    figure = Figure(figsize=size, layout="constrained")
    area = figure.subplots()
    title = f"{picture['algorithm']}, trial {picture['trial']}"
    area.set_title(title, loc="left")
    shown = _values(area, picture)
    wrong = _points(area, entry, 5.5 if wide else 4.2)
    area.set_xlabel("a/x₁")
    area.set_ylabel("x₂/δ")
    area.set_ylim(*picture["up"])
    if wide:
        bar = figure.colorbar(
            shown, ax=area, label="φ(x)", ticks=[-1, 0, 0.5, 1, 2], fraction=0.04, pad=0.015
        )
        bar.ax.set_yticklabels(["≤ −1", "0", "½", "1", "≥ 2"])
    _legend(area, _eta(picture["sign"]), wide)
    lay_out(figure)
    text = (
        f"{picture['algorithm']}: all {number(len(labels))} points right; moved by {_eta(picture['sign'])} in the "
        f"second coordinate, {number(wrong)} of them wrong."
    )
    return Panel(title, text, figure)


def _values(area: Axes, picture: Entry) -> AxesImage:
    """The network's values as colours, and the line on which it decides."""
    values = np.array(picture["values"])
    (left, right), (low, high) = picture["across"], picture["up"]
    shown = area.imshow(
        values,
        origin="lower",
        extent=(left, right, low, high),
        aspect="auto",
        cmap="PuOr_r",
        vmin=-1,
        vmax=2,
        interpolation="bilinear",
        alpha=0.85,
    )
    across = np.linspace(left, right, values.shape[1])
    up = np.linspace(low, high, values.shape[0])
    area.contour(across, up, values, levels=[0.5], colors=[INK], linewidths=1.3)
    return shown


def _points(area: Axes, entry: Entry, size: float) -> int:
    """The points, and where the perturbation takes those that it makes wrong; how many these are."""
    picture, sign = entry["picture"], entry["picture"]["sign"]
    wrong = set(picture["wrong"][str(sign)])
    for k, (ratio, label) in enumerate(zip(picture["ratios"], entry["background"]["labels"], strict=True)):
        if k in wrong:
            area.annotate(
                "",
                (ratio, label + sign),
                (ratio, label),
                arrowprops={"arrowstyle": "->", "color": GREY, "lw": 0.9},
            )
            area.plot(ratio, label + sign, marker="x", color=INK, markersize=size, markeredgewidth=1.4)
        area.plot(
            ratio,
            label,
            marker="^" if label else "o",
            color=COLOURS[4] if label else COLOURS[5],
            markeredgecolor=INK,
            markersize=size,
            markeredgewidth=0.7,
        )
    return len(wrong)


def _legend(area: Axes, eta: str, wide: bool) -> None:
    handles = [
        Line2D([], [], marker="o", color=COLOURS[5], markeredgecolor=INK, linestyle="", label="label 0"),
        Line2D([], [], marker="^", color=COLOURS[4], markeredgecolor=INK, linestyle="", label="label 1"),
        Line2D([], [], marker="x", color=INK, linestyle="", label=f"moved by {eta}, now wrong"),
    ]
    area.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.16 if wide else -0.13),
        ncols=3,
        frameon=False,
        fontsize=8,
        handletextpad=0.3,
        columnspacing=2.0 if wide else 1.2,
    )


def _eta(sign: int) -> str:
    return {-1: "−δ", 0: "0", 1: "+δ"}[sign]
