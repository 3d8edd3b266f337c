"""The frontier: success on one input against success on the other, where the two cannot be told apart."""

from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.offsetbox import AnnotationBbox, DrawingArea, HPacker, TextArea, VPacker
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from analysis.plot_style import FORBIDDEN, GREY, INK, Look, Panel, axes, looks
from analysis.series import Cell, coupled, group
from analysis.wording import fraction, iota

CAPTION = (
    "Each point is an algorithm in one cell: across, its share of successes on one input; upwards, on the other, with "
    "95% intervals. Only cells in which no run read past the coupling are shown: each run is then the same run on both "
    "inputs, and can be right on one at most, so every point lies on or below the line p₁ + p₂ = 1. The star is (½, ½), "
    "the best smallest success probability there is. Algorithms named together lie together."
)

_NEAR = 0.06
"""Points closer than this in both directions are named together."""


def _clusters(cells: Sequence[Cell], names: tuple[str, str]) -> list[tuple[tuple[float, float], list[str]]]:
    clusters: list[tuple[tuple[float, float], list[str]]] = []
    for cell in cells:
        x, y = (float(cell["by_input"][name]["rate"]) for name in names)
        for (left, low), members in clusters:
            if abs(left - x) <= _NEAR and abs(low - y) <= _NEAR:
                members += [cell["algorithm"]] * (cell["algorithm"] not in members)
                break
        else:
            clusters.append(((x, y), [cell["algorithm"]]))
    return clusters


def _block(members: Sequence[str], table: dict[str, Look]) -> VPacker:
    rows: list[Artist] = []
    for name in members:
        mark = DrawingArea(7, 7, 0, 0)
        mark.add_artist(
            Line2D(
                [3.5],
                [2.5],
                marker=table[name].marker,
                color=table[name].colour,
                markersize=4.5,
                markeredgewidth=0,
            )
        )
        rows.append(HPacker(children=[mark, TextArea(name, textprops={"fontsize": 7.5})], pad=0, sep=2))
    return VPacker(children=rows, pad=1, sep=1)


def _place(
    area: Axes, at: tuple[float, float], members: Sequence[str], table: dict[str, Look], taken: list[Bbox]
) -> None:
    """Name a cluster beside its point, where the names cover least of what is already there."""
    figure = area.get_figure(root=True)
    assert figure is not None
    canvas: Any = FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()
    frame = area.get_window_extent(renderer)
    best: tuple[float, AnnotationBbox, Bbox] | None = None
    for reach in (12, 34, 60, 90):
        for across, up in ((1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1), (1, 0), (-1, 0)):
            box = AnnotationBbox(
                _block(members, table),
                at,
                xybox=(across * reach, up * reach),
                boxcoords="offset points",
                box_alignment=((1 - across) / 2, (1 - up) / 2),
                frameon=False,
                pad=0.1,
                arrowprops={
                    "arrowstyle": "-",
                    "color": GREY,
                    "linewidth": 0.6,
                    "shrinkB": 3,
                    "relpos": (0.5, 0.5),
                },
            )
            box.set_in_layout(False)
            area.add_artist(box)
            # Positions are otherwise settled only when the figure is drawn.
            box.update_positions(renderer)
            extent = box.offsetbox.get_window_extent(renderer)
            box.remove()
            outside = extent.width * extent.height - _overlap(extent, frame)
            cost = 4 * outside + sum(_overlap(extent, other) for other in taken) + reach
            if best is None or cost < best[0]:
                best = cost, box, extent
    assert best is not None
    area.add_artist(best[1])
    taken.append(best[2])


def _overlap(first: Bbox, second: Bbox) -> float:
    common = Bbox.intersection(first, second)
    return 0.0 if common is None else float(common.width * common.height)


def _draw(title: str, cells: Sequence[Cell], names: tuple[str, str], table: dict[str, Look]) -> Panel:
    figure, area = axes(title, f"success on {iota(names[0])}", f"success on {iota(names[1])}", 4.0, 4.0)
    area.set_xlim(-0.04, 1.04)
    area.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "¼", "½", "¾", "1"])
    area.set_aspect("equal")
    area.fill([0, 1, 1], [1, 0, 1], color=FORBIDDEN, linewidth=0, zorder=0)
    area.plot([0, 1], [1, 0], color=INK, linewidth=1)
    area.plot([0.5], [0.5], marker=(5, 1, 0), color="none", markeredgecolor=INK, markersize=11, zorder=1)
    area.text(0.99, 0.99, "no algorithm", ha="right", va="top", fontsize=8, color=GREY)
    for cell in cells:
        look = table[cell["algorithm"]]
        first, second = (cell["by_input"][name] for name in names)
        area.hlines(second["rate"], *first["interval"], color=look.colour, linewidth=0.9)
        area.vlines(first["rate"], *second["interval"], color=look.colour, linewidth=0.9)
        area.plot(
            first["rate"], second["rate"], look.marker, color=look.colour, markersize=5, markeredgewidth=0
        )
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    clusters = _clusters(cells, names)
    taken = []
    for at, _ in clusters:
        x, y = area.transData.transform(at)
        taken.append(Bbox.from_bounds(x - 12, y - 12, 24, 24))
    for at, members in sorted(clusters, key=lambda item: -len(item[1])):
        _place(area, at, members, table, taken)
    text = "; ".join(
        f"{cell['algorithm']} {fraction(cell['by_input'][names[0]]['successes'], cell['recorded'])} on {iota(names[0])} and "
        f"{fraction(cell['by_input'][names[1]]['successes'], cell['recorded'])} on {iota(names[1])}"
        for cell in cells
    )
    return Panel(title, f"Success on {iota(names[0])} against success on {iota(names[1])}. {text}.", figure)


def frontier(summary: dict[str, Any]) -> list[Panel]:
    """A panel for each family, oracle and pair of coupled, mutually exclusive inputs."""
    cells = [cell for cell in summary["cells"] if coupled(cell) and len(cell["exclusive"]) == 2]
    table = looks(cell["algorithm"] for cell in cells)
    families = {cell["family"] for cell in cells}
    panels = []
    for (family, oracle, first, second), members in group(
        cells, lambda cell: (cell["family"], cell["oracle"], *cell["exclusive"])
    ).items():
        title = (f"{family}, " if len(families) > 1 else "") + f"{oracle} oracle"
        panels.append(_draw(title, members, (first, second), table))
    return panels
