"""The frontier: success on one input against success on the other, where the two cannot be told apart."""

from collections.abc import Iterator, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, DrawingArea, HPacker, TextArea, VPacker
from matplotlib.transforms import Bbox

from analysis.plot_style import (
    FORBIDDEN,
    GREY,
    INK,
    Look,
    Panel,
    axes,
    looks,
    points,
    probabilities_across,
    settle,
)
from analysis.series import Cell, coupled, group
from analysis.wording import fraction, iota, setting

CAPTION = (
    "Each point is an algorithm in one cell: across, its share of successes on one input; upwards, on the "
    "other, with 95% intervals. Only cells in which no run read past the coupling are shown, and of an "
    "algorithm with several e or K those with the one that most share, which stands in the title. Each run "
    "is the same run on both inputs, and can be right on one at most, so every point lies on or below the "
    "line p₁ + p₂ = 1; intervals may cross it, probabilities may not. The star is (½, ½), the best smallest"
    " success probability there is. Algorithms named together lie together; where they are many, the first "
    "few are named, and the table names all."
)

_NEAR = 0.06
"""Points closer than this in both directions are named together."""
_CROWD = 8
"""Algorithms at one place that are all named; of more than these, two fewer, and how many others."""
_REACHES = (12.0, 34.0, 60.0, 90.0, 120.0)
"""How far from its point, in points, a cluster may be named."""


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
    shown = members if len(members) <= _CROWD else members[: _CROWD - 2]
    for name in shown:
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
    if len(shown) < len(members):
        more = f"and {len(members) - len(shown)} more"
        rows.append(TextArea(more, textprops={"fontsize": 7.5, "color": GREY}))
    return VPacker(children=rows, pad=1, sep=1)


def _positions(reach: float) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Where names may stand: a shift from the point, and the part of the names' box that is put there."""
    for across, up in ((1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1), (1, 0), (-1, 0)):
        yield (across * reach, up * reach), ((1 - across) / 2, (1 - up) / 2)
    for across, up in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        yield (across * 4.0, up * reach), ((1 + across) / 2, (1 - up) / 2)


def _box(at: tuple[float, float], rows: VPacker, **placing: Any) -> AnnotationBbox:
    box = AnnotationBbox(rows, at, boxcoords="offset points", frameon=False, pad=0.1, **placing)
    box.set_in_layout(False)
    return box


def _place(
    area: Axes, at: tuple[float, float], members: Sequence[str], table: dict[str, Look], taken: list[Bbox]
) -> None:
    """Name a cluster beside its point, where the names cover least of what is taken, and take that place."""
    trial = area.add_artist(_box(at, _block(members, table), xybox=(0.0, 0.0)))
    size = trial.get_window_extent()
    trial.remove()
    x, y = area.transData.transform(at)
    pixels = area.figure.dpi / 72
    frame = area.get_window_extent().padded(-4)

    def extent(shift: tuple[float, float], alignment: tuple[float, float]) -> Bbox:
        left = x + shift[0] * pixels - alignment[0] * size.width
        low = y + shift[1] * pixels - alignment[1] * size.height
        return Bbox.from_bounds(left, low, size.width, size.height)

    def cost(place: tuple[tuple[float, float], tuple[float, float]]) -> float:
        names = extent(*place)
        outside = names.width * names.height - _overlap(names, frame)
        return 20 * outside + sum(_overlap(names, other) for other in taken) + max(map(abs, place[0]))

    shift, alignment = min((place for reach in _REACHES for place in _positions(reach)), key=cost)
    arrow = {"arrowstyle": "-", "color": GREY, "linewidth": 0.6, "shrinkB": 3}
    area.add_artist(_box(at, _block(members, table), xybox=shift, box_alignment=alignment, arrowprops=arrow))
    taken.append(extent(shift, alignment))


def _overlap(first: Bbox, second: Bbox) -> float:
    common = Bbox.intersection(first, second)
    return 0.0 if common is None else float(common.width * common.height)


def _draw(title: str, cells: Sequence[Cell], names: tuple[str, str], table: dict[str, Look]) -> Panel:
    figure, area = axes(title, f"success on {iota(names[0])}", f"success on {iota(names[1])}", 4.0, 4.0)
    probabilities_across(area)
    area.set_aspect("equal")
    area.fill([0, 1, 1], [1, 0, 1], color=FORBIDDEN, linewidth=0, zorder=0)
    area.plot([0, 1], [1, 0], color=INK, linewidth=1)
    area.plot([0.5], [0.5], marker=(5, 1, 0), color="none", markeredgecolor=INK, markersize=11, zorder=1)
    area.text(0.99, 0.99, "no algorithm", ha="right", va="top", fontsize=8, color=GREY)
    for (name,), members in group(cells, lambda cell: (cell["algorithm"],)).items():
        across, up = ([cell["by_input"][key] for cell in members] for key in names)
        points(area, [part["rate"] for part in across], up, table[name], across=across)
    settle(figure)
    clusters = _clusters(cells, names)
    taken = []
    line = [(step / 40, 1 - step / 40) for step in range(41)]
    for at, half in [(at, 12.0) for at, _ in clusters] + [(at, 5.0) for at in line]:
        x, y = area.transData.transform(at)
        taken.append(Bbox.from_bounds(x - half, y - half, 2 * half, 2 * half))
    for at, together in sorted(clusters, key=lambda item: -len(item[1])):
        _place(area, at, together, table, taken)
    text = "; ".join(
        f"{cell['algorithm']} {fraction(cell['by_input'][names[0]]['successes'], cell['recorded'])} on "
        f"{iota(names[0])} and {fraction(cell['by_input'][names[1]]['successes'], cell['recorded'])} on "
        f"{iota(names[1])}"
        for cell in cells
    )
    return Panel(title, f"Success on {iota(names[0])} against success on {iota(names[1])}. {text}.", figure)


def frontier(summary: dict[str, Any]) -> list[Panel]:
    """A panel for each family, oracle and pair of coupled, mutually exclusive inputs."""
    cells = [cell for cell in summary["cells"] if coupled(cell) and len(cell["exclusive"]) == 2]
    cells = _same_names(cells)
    table = looks(cell["algorithm"] for cell in cells)
    families = {cell["family"] for cell in cells}
    panels = []
    for (family, oracle, first, second), members in group(
        cells, lambda cell: (cell["family"], cell["oracle"], *cell["exclusive"])
    ).items():
        shown, place = _shared_setting(members)
        parts = [family] * (len(families) > 1) + [f"{oracle} oracle"] + [place] * bool(place)
        panels.append(_draw(", ".join(parts), shown, (first, second), table))
    return panels


def _same_names(cells: Sequence[Cell]) -> list[Cell]:
    """The cells, those of one algorithm with equal parameters under one name: the shortest, the first of equals."""
    names: dict[str, str] = {}
    keys = [f"{cell['algorithm_name']} {sorted(cell['algorithm_parameters'].items())}" for cell in cells]
    for key, cell in zip(keys, cells, strict=True):
        names[key] = min(names.get(key, cell["algorithm"]), cell["algorithm"], key=len)
    return [{**cell, "algorithm": names[key]} for key, cell in zip(keys, cells, strict=True)]


def _shared_setting(cells: Sequence[Cell]) -> tuple[list[Cell], str]:
    """Of each algorithm the cells with the e and K that most algorithms have, and that setting in words.

    An algorithm that was not run there keeps all its cells, and then no setting is named.
    """
    users: dict[str, set[str]] = {}
    for cell in cells:
        users.setdefault(setting(cell["parameters"]), set()).add(cell["algorithm"])
    common = max(users, key=lambda place: len(users[place]))
    shown = [
        cell
        for cell in cells
        if setting(cell["parameters"]) == common or cell["algorithm"] not in users[common]
    ]
    return shown, common if all(setting(cell["parameters"]) == common for cell in shown) else ""
