"""Names beside what they name, where they cover least: for points and curves that lie together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, DrawingArea, HPacker, TextArea, VPacker
from matplotlib.transforms import Bbox

from analysis.figures.style import GREY, Look

Place: TypeAlias = tuple[float, float]
_CROWD = 8
"""Algorithms at one place that are all named; of more than these, two fewer, and how many others."""
_REACHES = (12.0, 34.0, 60.0, 90.0, 120.0)
"""How far from its point, in points, a cluster may be named."""


def around(area: Axes, places: Iterable[Place], half: float) -> list[Bbox]:
    """Squares around places of the data, of `half` as many pixels to each side."""
    return [
        Bbox.from_bounds(x - half, y - half, 2 * half, 2 * half)
        for x, y in (area.transData.transform(at) for at in places)
    ]


def _block(members: Sequence[str], table: Mapping[str, Look]) -> VPacker:
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


def _positions(reach: float) -> Iterator[tuple[Place, Place]]:
    """Where names may stand: a shift from the point, and the part of the names' box that is put there."""
    for across, up in ((1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1), (1, 0), (-1, 0)):
        yield (across * reach, up * reach), ((1 - across) / 2, (1 - up) / 2)
    for across, up in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        yield (across * 4.0, up * reach), ((1 + across) / 2, (1 - up) / 2)


def _box(at: Place, rows: VPacker, **placing: Any) -> AnnotationBbox:
    box = AnnotationBbox(rows, at, boxcoords="offset points", frameon=False, pad=0.1, **placing)
    box.set_in_layout(False)
    return box


def name_beside(
    area: Axes, at: Place, members: Sequence[str], table: Mapping[str, Look], taken: list[Bbox]
) -> None:
    """Name what lies together beside its point, where the names cover least of what is taken, and take that place.

    Parameters
    ----------
    area
        Axes of a figure that is laid out (`analysis.figures.style.lay_out`).
    at
        The point, in data coordinates.
    members
        Names, each a key of `table`, which has their looks.
    taken
        What should not be covered, in pixels; the names are added to it.
    """
    trial = area.add_artist(_box(at, _block(members, table), xybox=(0.0, 0.0)))
    size = trial.get_window_extent()
    trial.remove()
    x, y = area.transData.transform(at)
    pixels = area.figure.dpi / 72
    frame = area.get_window_extent().padded(-4)

    def extent(shift: Place, alignment: Place) -> Bbox:
        left = x + shift[0] * pixels - alignment[0] * size.width
        low = y + shift[1] * pixels - alignment[1] * size.height
        return Bbox.from_bounds(left, low, size.width, size.height)

    def cost(place: tuple[Place, Place]) -> float:
        names = extent(*place)
        outside = names.width * names.height - _overlap(names, frame)
        return 20 * outside + sum(_overlap(names, other) for other in taken) + max(map(abs, place[0]))

    shift, alignment = min((place for reach in _REACHES for place in _positions(reach)), key=cost)
    arrow = {"arrowstyle": "-", "color": GREY, "linewidth": 0.6, "shrinkB": 3}
    area.add_artist(_box(at, _block(members, table), xybox=shift, box_alignment=alignment, arrowprops=arrow))
    taken.append(extent(shift, alignment))


def _overlap(first: Bbox, second: Bbox) -> float:
    """Return the area that two boxes share; a figure asks thousands of times, for which Matplotlib is slow."""
    (left, low), (right, high) = first.get_points().tolist()
    (other_left, other_low), (other_right, other_high) = second.get_points().tolist()
    width = min(right, other_right) - max(left, other_left)
    height = min(high, other_high) - max(low, other_low)
    return float(max(width, 0.0) * max(height, 0.0))
