"""The heat map: solvers × e, a panel for each presentation; dark is wrong and said optimal."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.figures.style import INK, drawing
from analysis.figures.svg import to_bytes
from onehalf.atlas.cells import OUTCOMES, AtlasCell
from onehalf.atlas.survey import END

# Light, dark, middle, white: told apart without colour as well.
_COLOURS = ("#CBE6F7", "#B84300", "#F0B44C", "#FFFFFF")
ALTERNATIVE = (
    "For each solver, presentation and e: right, wrong and said optimal, wrong and warned, no answer"
)


def heat_map(cells: Sequence[AtlasCell]) -> Figure:
    """Return the heat map of the cells of one kind."""
    solvers = list(dict.fromkeys(cell.solver for cell in cells))
    panels = [
        (name, list(group))
        for name, group in itertools.groupby(
            sorted(cells, key=lambda c: _place(cells, c)), lambda c: c.case.presentation.name
        )
    ]
    figure = Figure(figsize=(2.2 * len(panels) + 2.6, 0.155 * len(solvers) + 1.3), layout="constrained")
    FigureCanvasAgg(figure)
    areas = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for area, (name, group) in zip(areas, panels, strict=True):
        _panel(area, name, group, solvers)
    keys = [
        Patch(
            facecolor=colour,
            edgecolor=INK,
            linewidth=0.4,
            label=label,
            hatch="xxxx" if label == OUTCOMES[3] else "",
        )
        for colour, label in zip(_COLOURS, OUTCOMES, strict=True)
    ]
    figure.legend(handles=keys, loc="outside lower center", ncols=len(keys), fontsize=8, frameon=False)
    return figure


def _place(cells: Sequence[AtlasCell], cell: AtlasCell) -> int:
    return list(dict.fromkeys(c.case.presentation.name for c in cells)).index(cell.case.presentation.name)


def _panel(area: Any, name: str, cells: Sequence[AtlasCell], solvers: Sequence[str]) -> None:
    exponents = sorted({cell.exponent for cell in cells})
    at = {(cell.solver, cell.exponent): cell for cell in cells}
    codes = [[OUTCOMES.index(at[solver, e].outcome) for e in exponents] for solver in solvers]
    area.pcolormesh(
        codes,
        cmap=ListedColormap(_COLOURS),
        vmin=-0.5,
        vmax=len(OUTCOMES) - 0.5,
        edgecolors="white",
        linewidth=0.3,
    )
    for row, line in enumerate(codes):
        for column, code in enumerate(line):
            if OUTCOMES[code] == OUTCOMES[3]:
                area.text(column + 0.5, row + 0.5, "×", ha="center", va="center", fontsize=4)
    area.set_yticks([k + 0.5 for k in range(len(solvers))], solvers, fontsize=7)
    area.set_ylim(len(solvers), 0)
    shown = [(k, e) for k, e in enumerate(exponents) if e % 10 == 0] or list(enumerate(exponents))
    area.set_xticks([k + 0.5 for k, _ in shown], [str(e) for _, e in shown], fontsize=7)
    area.set_title(name, fontsize=9)
    area.set_xlabel("e", fontsize=8)
    area.tick_params(length=0)
    end = next((k for k, e in enumerate(exponents) if at[solvers[0], e].reading == END), None)
    if end is not None:
        area.axvline(end, color=INK, linewidth=1.2)


def heat_map_file(cells: Sequence[AtlasCell], form: str) -> bytes:
    """Return the heat map of one kind as a file of the form "svg", "pdf" or "png"."""
    with drawing():
        return to_bytes(heat_map(cells), form)
