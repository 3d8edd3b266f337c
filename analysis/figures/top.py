"""The pictures at the top of a report: what a reader is to see first, each with one line about what it shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from analysis.figures.frontier import views
from analysis.figures.picture import Picture
from analysis.figures.svg import referring
from analysis.figures.together import abreast
from analysis.stability.figures import main_entry
from analysis.stability.flip import pictured
from analysis.summary.series import Cell, series
from analysis.wording import none_of, number, plural, power

Summary: TypeAlias = Mapping[str, Any]
_LINE = "p₁ + p₂ = 1".replace(" ", "\N{NO-BREAK SPACE}")


@dataclass(frozen=True)
class Key:
    """One picture at the top of the page.

    Attributes
    ----------
    target
        The figure that shows more of it.
    drawing
        Which of that figure's drawings it is.
    told
        What it shows, in one line.
    """

    target: Picture
    drawing: int
    told: str

    @property
    def element(self) -> str:
        """The identifier of the drawing's element on the page, if it is shown with its figure; else empty."""
        return f"{self.target.name}-{self.drawing}" if self.drawing < len(self.target.panels) else ""

    @property
    def svg(self) -> str:
        """The drawing as an SVG element; where it is shown with its figure, one that refers to it."""
        whole = self.target.elements[self.drawing]
        return referring(whole, self.element) if self.element else whole


def key_pictures(summary: Summary, drawn: Sequence[Picture]) -> list[Key]:
    """Of each of `SLOTS` the first for which there is a figure."""
    by_name = {picture.name: picture for picture in drawn}
    keys = []
    for slot in SLOTS:
        name = next((name for name in slot if name in by_name), None)
        if name is not None:
            drawing, told = slot[name](summary, by_name[name])
            keys.append(Key(by_name[name], drawing, told))
    return keys


def _frontier(summary: Summary, picture: Picture) -> tuple[int, str]:
    """The panel with most algorithms, of several the one whose points come closest to the line; points are counted."""
    found = views(summary)

    def crowd(at: int) -> tuple[int, float, int]:
        cells = found[at].cells
        return len({cell["algorithm"] for cell in cells}), sum(_sum(cell) for cell in cells), -at

    at = max(range(len(found)), key=crowd)
    above, count = sum(_sum(cell) > 1 for cell in found[at].cells), len(found[at].cells)
    if above:
        return at, f"Defect: {plural(above, 'point')} above {_LINE}."
    if count == 1:
        return at, f"The one point is not above {_LINE}."
    return at, f"{none_of(count, 'points').capitalize()} is above {_LINE}."


def _sum(cell: Cell) -> float:
    """p₁ + p₂, exact where it is 1."""
    return sum(int(cell["by_input"][name]["successes"]) for name in cell["exclusive"]) / int(cell["recorded"])


def _limit(summary: Summary, picture: Picture) -> tuple[int, str]:
    return 0, "Success on the limit ι⁰ against success beside it, and the bound."


def _plane(summary: Summary, picture: Picture) -> tuple[int, str]:
    entry = main_entry(summary)
    rows = entry["algorithms"] if entry else []
    total, broken = sum(row["certified"] for row in rows), sum(len(row["broken"]) for row in rows)
    if broken:
        return 0, f"Defect: {number(broken)} of {plural(total, 'network')} against the theorem."
    if entry is not None and not entry["forced"]:
        return 0, f"Accuracy and stability of {plural(total, 'network')}."
    return 0, f"None of {plural(total, 'network')} is both accurate and stable."


def _fall(summary: Summary, picture: Picture) -> tuple[int, str]:
    lines = abreast(series(summary["cells"], "exponent", least=3))
    names = {line.algorithm for line in lines}
    found = {
        entry["estimate"]
        for entry in summary["barriers"]
        if entry["parameter"] == "exponent" and entry["algorithm"] in names
    } - {None}
    count = plural(len({line.cells[0]["algorithm_name"] for line in lines}), "algorithm")
    if not found:
        return 0, f"The smallest success of {count} against e."
    ends = f"{min(found)}" if len(found) == 1 else f"{min(found)} to {max(found)}"
    return 0, f"The success of {count} falls at e = {ends}."


def _staircase(summary: Summary, picture: Picture) -> tuple[int, str]:
    count = len({line.algorithm for line in series(summary["cells"], "digits", least=2)})
    return 0, f"The smallest success of {plural(count, 'algorithm')} against the digits asked for."


def _sweep(summary: Summary, picture: Picture) -> tuple[int, str]:
    return 0, "Accuracy as label changes outgrow the architecture."


def _flip(summary: Summary, picture: Picture) -> tuple[int, str]:
    entry = pictured(summary)
    last = len(picture.drawings) - 1
    if entry is None:
        return last, "A network and its points."
    kept, size = entry["picture"], power(2, -entry["background"]["delta_exponent"])
    wrong = len(kept["wrong"][str(kept["sign"])])
    return last, f"{len(kept['ratios'])} points right; {wrong} wrong if moved by {size}."


SLOTS: tuple[dict[str, Callable[[Summary, Picture], tuple[int, str]]], ...] = (
    {"frontier": _frontier, "limit": _limit, "stability-plane": _plane},
    {"fall": _fall, "staircase": _staircase, "stability-sweep": _sweep},
    {"stability-flip": _flip},
)
"""For each place the figures that can stand there, by name: which of its drawings, and the line about it."""
