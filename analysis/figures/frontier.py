"""The frontier: success on one input against success on the other, where the two cannot be told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.figures.labels import around, name_beside
from analysis.figures.short_names import NOTE, short_names
from analysis.figures.style import (
    FORBIDDEN,
    GREY,
    INK,
    Look,
    axes,
    lay_out,
    looks,
    points,
    probabilities_across,
)
from analysis.story import Panel
from analysis.summary.schema import CellEntry, Summary
from analysis.summary.series import coupled, group, rate_of
from analysis.wording import fraction, iota, none_of, plural, setting

CAPTION = (
    "Each point is an algorithm in one cell: across, its share of successes on one input; upwards, on the "
    "other, with 95% intervals. Only cells in which no run read past the coupling are shown, and of an "
    "algorithm in several settings those in the one that most share, which stands in the title. Each run "
    "is the same run on both inputs, and can be right on one at most, so every point lies on or below the "
    "line p₁ + p₂ = 1; intervals may cross it, probabilities may not. The star is (½, ½), the best smallest"
    " success probability there is. Algorithms named together lie together; where they are many, the first "
    f"few are named, and the table names all. {NOTE}"
)

_NEAR = 0.06
"""Points closer than this in both directions are named together."""


def _clusters(
    cells: Sequence[CellEntry], names: tuple[str, str]
) -> list[tuple[tuple[float, float], list[str]]]:
    clusters: list[tuple[tuple[float, float], list[str]]] = []
    for cell in cells:
        x, y = (rate_of(cell["by_input"][name]) for name in names)
        for (left, low), members in clusters:
            if abs(left - x) <= _NEAR and abs(low - y) <= _NEAR:
                if cell["algorithm"] not in members:
                    members.append(cell["algorithm"])
                break
        else:
            clusters.append(((x, y), [cell["algorithm"]]))
    return clusters


def _draw(
    title: str,
    cells: Sequence[CellEntry],
    names: tuple[str, str],
    table: dict[str, Look],
    short: Mapping[str, str],
) -> Panel:
    figure, area = axes(title, f"success on {iota(names[0])}", f"success on {iota(names[1])}", 4.0, 4.0)
    probabilities_across(area)
    area.set_aspect("equal")
    area.fill([0, 1, 1], [1, 0, 1], color=FORBIDDEN, linewidth=0, zorder=0)
    area.plot([0, 1], [1, 0], color=INK, linewidth=1)
    area.plot([0.5], [0.5], marker=(5, 1, 0), color="none", markeredgecolor=INK, markersize=11, zorder=1)
    area.text(0.99, 0.99, "no algorithm", ha="right", va="top", fontsize=8, color=GREY)
    for name, members in group(cells, lambda cell: cell["algorithm"]).items():
        across, up = ([cell["by_input"][key] for cell in members] for key in names)
        points(area, [rate_of(part) for part in across], up, table[name], across=across)
    lay_out(figure)
    clusters, shown = _clusters(cells, names), {short[name]: look for name, look in table.items()}
    line = [(step / 40, 1 - step / 40) for step in range(41)]
    taken = [*around(area, [at for at, _ in clusters], 12.0), *around(area, line, 5.0)]
    for at, together in sorted(clusters, key=lambda item: -len(item[1])):
        name_beside(area, at, [short[name] for name in together], shown, taken)
    text = "; ".join(
        f"{cell['algorithm']} {fraction(cell['by_input'][names[0]]['successes'], cell['recorded'])} on "
        f"{iota(names[0])} and {fraction(cell['by_input'][names[1]]['successes'], cell['recorded'])} on "
        f"{iota(names[1])}"
        for cell in cells
    )
    return Panel(title, f"Success on {iota(names[0])} against success on {iota(names[1])}. {text}.", figure)


@dataclass(frozen=True)
class View:
    """What one panel shows: cells on which two inputs, by name, were coupled and exclude each other."""

    title: str
    cells: list[CellEntry]
    names: tuple[str, str]


def views(summary: Summary) -> list[View]:
    """What each panel shows: one for each family, oracle and pair of coupled, mutually exclusive inputs."""
    cells = [cell for cell in summary["cells"] if coupled(cell) and len(cell["exclusive"]) == 2]
    cells = _same_names(cells)
    families = {cell["family"] for cell in cells}
    found = []
    for (family, oracle, names), members in group(
        cells, lambda cell: (cell["family"], cell["oracle"], (cell["exclusive"][0], cell["exclusive"][1]))
    ).items():
        shown, place = _shared_setting(members)
        parts = [family if len(families) > 1 else "", f"{oracle} oracle", place]
        found.append(View(", ".join(part for part in parts if part), shown, names))
    return found


def frontier(summary: Summary) -> list[Panel]:
    """A panel for each of the `views`; an algorithm looks the same in all."""
    found = views(summary)
    cells = sorted((cell for view in found for cell in view.cells), key=lambda cell: cell["cell"])
    table, short = looks(cell["algorithm"] for cell in cells), short_names(cells)
    return [_draw(view.title, view.cells, view.names, table, short) for view in found]


_LINE = "p₁ + p₂ = 1".replace(" ", "\N{NO-BREAK SPACE}")


def frontier_told(summary: Summary, drawings: int) -> tuple[int, str]:
    """The panel with most algorithms, of several the one whose points come closest to the line; points are counted."""
    found = views(summary)

    def crowd(at: int) -> tuple[int, float, int]:
        cells = found[at].cells
        return len({cell["algorithm"] for cell in cells}), sum(map(_sum, cells)), -at

    at = max(range(len(found)), key=crowd)
    above, count = sum(_sum(cell) > 1 for cell in found[at].cells), len(found[at].cells)
    if above:
        return at, f"Defect: {plural(above, 'point')} above {_LINE}."
    if count == 1:
        return at, f"The one point is not above {_LINE}."
    return at, f"{none_of(count, 'points').capitalize()} is above {_LINE}."


def _sum(cell: CellEntry) -> float:
    """p₁ + p₂, exact where it is 1."""
    return sum(cell["by_input"][name]["successes"] for name in cell["exclusive"]) / cell["recorded"]


def _same_names(cells: Sequence[CellEntry]) -> list[CellEntry]:
    """The cells, those of one algorithm with equal parameters under one name: the shortest, the first of equals.

    Where cells differ in their budget the name tells it: such cells are points of their own.
    """
    names: dict[str, str] = {}
    keys = [f"{cell['algorithm_name']} {sorted(cell['algorithm_parameters'].items())}" for cell in cells]
    for key, cell in zip(keys, cells, strict=True):
        names[key] = min(names.get(key, cell["algorithm"]), cell["algorithm"], key=len)
    return [
        {**cell, "algorithm": f"{names[key]}, {cell['budget']}" if cell["budget"] else names[key]}
        for key, cell in zip(keys, cells, strict=True)
    ]


def _shared_setting(cells: Sequence[CellEntry]) -> tuple[list[CellEntry], str]:
    """Of each algorithm the cells with the place on axes that most algorithms have, and that setting in words.

    An algorithm that was not run there keeps all its cells, and then no setting is named.
    """
    users: dict[str, set[str]] = {}
    for cell in cells:
        users.setdefault(_setting(cell), set()).add(cell["algorithm"])
    common = max(users, key=lambda place: len(users[place]))
    shown = [cell for cell in cells if _setting(cell) == common or cell["algorithm"] not in users[common]]
    return shown, common if all(_setting(cell) == common for cell in shown) else ""


def _setting(cell: CellEntry) -> str:
    return setting(cell["parameters"], cell["axes"])
