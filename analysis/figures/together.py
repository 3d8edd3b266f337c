"""Curves of several algorithms in one panel, under the bound that holds for all of them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.figures.labels import Place, around, name_beside
from analysis.figures.short_names import short_names
from analysis.figures.style import FORBIDDEN, INK, axes, lay_out, looks
from analysis.story import Panel
from analysis.summary.series import Series, bound_of, rate_of
from analysis.wording import listing

_NEAR = 0.06
"""Curves that nowhere differ by more than this are named together."""


def bounds_of(lines: Sequence[Series]) -> dict[int, float]:
    """The largest bound at each value: what no curve of the panel may exceed."""
    bounds: dict[int, float] = {}
    for line in lines:
        for value, cell in zip(line.values, line.cells, strict=True):
            bounds[value] = max(bounds.get(value, 0.0), bound_of(cell))
    return dict(sorted(bounds.items()))


def shade(area: Axes, bounds: Mapping[int, float]) -> None:
    edges = [min(bounds) - 0.5, *(value + 0.5 for value in bounds)]
    heights = list(bounds.values())
    area.fill_between(
        edges,
        [*heights, heights[-1]],
        1.04,
        step="post",
        color=FORBIDDEN,
        linewidth=0,
        zorder=0,
        where=[height < 1 for height in [*heights, heights[-1]]],
    )
    area.stairs(heights, edges, baseline=None, color=INK, linewidth=1.2, label="bound", zorder=1)
    area.set_xlim(edges[0], edges[-1])


def abreast(found: Sequence[Series]) -> list[Series]:
    """The series that can stand in one panel: of the setting that most algorithms have, one for each algorithm."""
    settings: dict[tuple[str, ...], dict[str, Series]] = {}
    for line in found:
        key = line.family, line.oracle, line.fixed, line.axis["name"]
        settings.setdefault(key, {}).setdefault(line.algorithm, line)
    return list(max(settings.values(), key=len, default={}).values())


def together(found: Sequence[Series]) -> list[Panel]:
    """A panel with the curves that can stand in one; [] for fewer than two."""
    lines = abreast(found)
    if len(lines) < 2:
        return []
    names, axis = _names(lines), lines[0].axis
    title = f"every algorithm, {lines[0].oracle} oracle"
    figure, area = axes(title, f"{axis['symbol']}, {axis['words']}", "smallest success", 4.0, 4.0)
    shade(area, bounds_of(lines))
    area.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    table = looks(names)
    for line, name in zip(lines, names, strict=True):
        look = table[name]
        area.plot(
            line.values,
            _rates(line),
            color=look.colour,
            marker=look.marker,
            markersize=4.5,
            markeredgewidth=0,
            linewidth=1.0,
            drawstyle="steps-mid",
        )
    lay_out(figure)
    clusters = _clusters(lines, names)
    taken = [box for line, _ in clusters for box in around(area, _along(line), 6.0)]
    for line, members in sorted(clusters, key=lambda item: -len(item[1])):
        name_beside(area, _foot(line), members, table, taken)
    parts = [
        f"{listing(members, len(members))}: "
        + ", ".join(f"{value}: {rate:.3g}" for value, rate in zip(line.values, _rates(line), strict=True))
        for line, members in clusters
    ]
    return [Panel(title, f"Smallest success against {axis['symbol']}. {'; '.join(parts)}.", figure)]


def _names(lines: Sequence[Series]) -> list[str]:
    """The algorithms without those of their parameters that are not needed to tell them apart."""
    short = short_names(line.cells[0] for line in lines)
    return [short[line.algorithm] for line in lines]


def _rates(line: Series) -> list[float]:
    return [rate_of(cell["smallest"]) for cell in line.cells]


def _clusters(lines: Sequence[Series], names: Sequence[str]) -> list[tuple[Series, list[str]]]:
    """The curves that lie together, each with the first of them."""
    clusters: list[tuple[Series, list[str]]] = []
    for line, name in zip(lines, names, strict=True):
        for first, members in clusters:
            pairs = zip(_rates(first), _rates(line), strict=False)
            if first.values == line.values and all(abs(one - other) <= _NEAR for one, other in pairs):
                members.append(name)
                break
        else:
            clusters.append((line, [name]))
    return clusters


def _along(line: Series) -> list[Place]:
    """The points of a curve, and places between them."""
    ends = list(zip(line.values, _rates(line), strict=True))
    return [
        (x + (right - x) * step / 8, y + (up - y) * step / 8)
        for (x, y), (right, up) in pairwise(ends)
        for step in range(9)
    ]


def _foot(line: Series) -> Place:
    """Where a curve is lowest, the first such place."""
    rates = _rates(line)
    at = rates.index(min(rates))
    return float(line.values[at]), rates[at]
