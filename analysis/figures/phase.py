"""Success over two axes at once: a map of cells, with the line on which the theorem's bound steps down."""

from itertools import pairwise

import numpy as np
from matplotlib.ticker import MaxNLocator, ScalarFormatter
from numpy.typing import NDArray

from analysis.figures.style import INK, axes, lay_out
from analysis.story import Panel
from analysis.summary.schema import CellEntry, Summary
from analysis.summary.series import Grid, bound_of, grids, rate_of
from analysis.wording import fraction, number

CAPTION = (
    "Smallest success probability (on the worse of the coupled inputs) over two numbers at once, cell by cell: the "
    "lighter, the more often right on every input. The line parts the cells on which no bound below 1 applies from "
    "those on which the theorem bounds every algorithm, at the over-reading that was measured. White: no trial on "
    "record. Each cell has few trials: what is seen is the shape, and single cells differ by chance."
)
_FREE = 1 - 1e-9
_HIGH = 0.75


def phase(summary: Summary) -> list[Panel]:
    """A panel for each grid."""
    return [_draw(grid) for grid in grids(summary["cells"])]


def phase_told(summary: Summary, drawings: int) -> tuple[int, str]:
    """The first map, and its axes."""
    first = grids(summary["cells"])[0]
    across, up = (text.partition(",")[0] for text in (first.across, first.up))
    return 0, f"The smallest success of {first.algorithm} over {across} and {up}, and where a bound applies."


def _draw(grid: Grid) -> Panel:
    columns, rows = grid.values
    shares, free = (np.full((len(rows), len(columns)), np.nan) for _ in range(2))
    places = {value: i for i, value in enumerate(columns)}, {value: i for i, value in enumerate(rows)}
    for (x, y), cell in grid.cells.items():
        shares[places[1][y], places[0][x]] = rate_of(cell["smallest"])
        free[places[1][y], places[0][x]] = bound_of(cell) >= _FREE
    title = f"{grid.algorithm}, {grid.oracle} oracle"
    figure, area = axes(title, grid.across, grid.up, 4.6, 3.8)
    area.grid(visible=False)
    area.set_yticks([])
    drawn = area.pcolormesh(
        _edges(columns), _edges(rows), shares, vmin=0, vmax=1, cmap="cividis", rasterized=True
    )
    figure.colorbar(drawn, ax=area, label="smallest success")
    for xs, ys in _line(columns, rows, free):
        area.plot(xs, ys, color=INK, linewidth=1.6, solid_capstyle="butt")
    for axis in (area.xaxis, area.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    area.yaxis.set_major_formatter(ScalarFormatter())
    area.set_ylim(_edges(rows)[0], _edges(rows)[-1])
    lay_out(figure)
    return Panel(title, _words(grid, columns, rows), figure)


def _edges(values: list[int]) -> list[float]:
    """The ends of cells around ascending values."""
    inner = [(a + b) / 2 for a, b in pairwise(values)]
    return [values[0] - 0.5, *inner, values[-1] + 0.5]


def _line(
    columns: list[int], rows: list[int], free: NDArray[np.float64]
) -> list[tuple[list[float], list[float]]]:
    """The sides that cells with a bound below 1 share with cells without one."""
    xs, ys = _edges(columns), _edges(rows)
    found = []
    for i, j in zip(*np.nonzero(np.abs(np.diff(free, axis=1)) == 1), strict=True):
        found.append(([xs[j + 1]] * 2, [ys[i], ys[i + 1]]))
    for i, j in zip(*np.nonzero(np.abs(np.diff(free, axis=0)) == 1), strict=True):
        found.append(([xs[j], xs[j + 1]], [ys[i + 1]] * 2))
    return found


def _words(grid: Grid, columns: list[int], rows: list[int]) -> str:
    """The map in numbers."""
    bounded = [cell for cell in grid.cells.values() if bound_of(cell) < _FREE]
    free = [cell for cell in grid.cells.values() if bound_of(cell) >= _FREE]
    parts = [
        f"Smallest success over {grid.across} from {columns[0]} to {columns[-1]} and {grid.up} from {rows[0]} to "
        f"{rows[-1]}, {number(len(grid.cells))} cells."
    ]
    for cells, which in ((free, "without a bound below 1"), (bounded, "with one")):
        if cells:
            high = sum(rate_of(cell["smallest"]) >= _HIGH for cell in cells)
            parts.append(
                f"{which.capitalize()} {fraction(high, len(cells))} have at least 3/4; {_of_all(cells)}."
            )
    return " ".join(parts)


def _of_all(cells: list[CellEntry]) -> str:
    right = sum(cell["smallest"]["successes"] for cell in cells)
    trials = sum(cell["recorded"] for cell in cells)
    return f"of all their trials {fraction(right, trials)} succeeded on the worse input"
