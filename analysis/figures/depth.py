"""Over-reading against success: readers of random depth on the exact bound of Theorem 1."""

from collections.abc import Sequence

from analysis.figures.style import (
    FORBIDDEN,
    INK,
    axes,
    lay_out,
    legend,
    looks,
    points,
    probabilities_across,
)
from analysis.story import Panel
from analysis.summary.schema import CellEntry, Summary
from analysis.summary.series import known_bound, rate_of
from analysis.wording import fraction, rounded

CAPTION = (
    "A reader of random depth reads past the coupling with a probability t that is known in closed form, "
    "and otherwise guesses. Across: t; upwards: its smallest success probability with a 95% interval. The "
    "black line is Theorem 1's bound, (1 + t)/2, which one that guesses evenly attains: its points lie on it, up"
    " to chance. The shaded region is about probabilities: no algorithm's lies there, though by "
    "chance a measured share may. Equal t under several oracles are set slightly apart sideways."
)


_STEP = 0.014
"""How far apart, along t, points are drawn that would cover each other."""


def _position(cell: CellEntry) -> float:
    over = cell["over_reading"]
    return rate_of(over) if over["exact"] is None else over["exact"]


def _apart(cell: CellEntry, cells: Sequence[CellEntry]) -> float:
    """Where a cell is drawn: at its t, or beside it and within [0, 1] where other cells have nearly the same."""
    beside = [other for other in cells if abs(_position(other) - _position(cell)) < _STEP]
    first = _position(cell) - _STEP * (len(beside) - 1) / 2
    first = min(max(first, 0.0), 1.0 - _STEP * (len(beside) - 1))
    return first + _STEP * next(index for index, other in enumerate(beside) if other is cell)


def _of_two(cell: CellEntry) -> bool:
    """Whether the line is the cell's bound: two inputs that exclude each other, and no limit among the inputs."""
    return len(cell["exclusive"]) == cell["bound"]["breadth"] == 2 and not cell["universal"]


def depth(summary: Summary) -> list[Panel]:
    """One panel with every reader of random depth: algorithms whose over-reading probability is known, on two inputs.

    Other cells of these algorithms stand beside them at their measured over-reading, with its interval across.
    """
    two = [cell for cell in summary["cells"] if cell["recorded"] and _of_two(cell)]
    readers = {cell["algorithm_name"] for cell in two if known_bound(cell) is not None}
    cells = [cell for cell in two if cell["algorithm_name"] in readers]
    if not cells:
        return []
    title = "Reader of random depth"
    figure, area = axes(title, "t, probability of reading past the coupling", "smallest success", 4.4, 3.4)
    probabilities_across(area)
    area.fill([0, 1, 0], [0.5, 1, 1], color=FORBIDDEN, linewidth=0, zorder=0)
    area.plot([0, 1], [0.5, 1], color=INK, linewidth=1.2, label="bound (1 + t)/2", zorder=1)
    table = looks(cell["oracle"] for cell in cells)
    known = all(known_bound(cell) is not None for cell in cells)
    for oracle, look in table.items():
        members = [cell for cell in cells if cell["oracle"] == oracle]
        xs = [_apart(cell, cells) for cell in members]
        over = None if known else [cell["over_reading"] for cell in members]
        points(area, xs, [cell["smallest"] for cell in members], look, f"{oracle} oracle", across=over)
    texts = [
        f"t = {rounded(_position(cell))}: {fraction(cell['smallest']['successes'], cell['recorded'])}"
        for cell in cells
    ]
    legend(area)
    lay_out(figure)
    return [Panel(title, f"Smallest success against over-reading. {'; '.join(texts)}.", figure)]
