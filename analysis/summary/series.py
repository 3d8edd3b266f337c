"""Groups of cells that differ in one parameter: what a curve is drawn through and a finding compares."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from analysis.statistics.theorems import bound_value
from analysis.summary.schema import AxisEntry, CellEntry, InputEntry, RateEntry
from analysis.wording import value_text

Key = TypeVar("Key")
_TIERS = {
    "certified": "Certified bound: the solutions of each input are proved from its certificate, and from them depth, "
    "value and bound, exactly.",
    "separated": "Separated bound: an exact judge of the family's own says what is right, and functionals that are "
    "proved by duality keep right answers on one input apart from those on another; the bound is proved, and need not "
    "be attained.",
    "declared": "Declared bound: what is right on each input is the user's word, so the bound is an assumption; an "
    "output that is right on two inputs that exclude each other would refute it, and nothing here proves it.",
}


@dataclass(frozen=True)
class Series:
    """Cells of one algorithm, family and oracle that agree in every parameter but one.

    Attributes
    ----------
    family, oracle, algorithm
        As in the summary.
    fixed
        The parameters that the cells share, and their budget where others have another, in words.
    axis
        The parameter that varies.
    values
        Its values, ascending.
    cells
        The cells, in the order of `values`.
    """

    family: str
    oracle: str
    algorithm: str
    fixed: str
    axis: AxisEntry
    values: tuple[int, ...]
    cells: tuple[CellEntry, ...]


@dataclass(frozen=True)
class Grid:
    """Cells of one algorithm, family and oracle that agree in every number but two.

    Attributes
    ----------
    family, oracle, algorithm
        As in the summary, the algorithm without parameters.
    across, up
        Symbols and words of what varies along the two axes: an axis of the family, or a parameter.
    cells
        The cells by their two values.
    """

    family: str
    oracle: str
    algorithm: str
    across: str
    up: str
    cells: Mapping[tuple[int, int], CellEntry]

    @property
    def values(self) -> tuple[list[int], list[int]]:
        """The different values along both axes, ascending."""
        across, up = zip(*self.cells, strict=True)
        return sorted(set(across)), sorted(set(up))


LEAST_GRID = 5
"""Different values along each axis of a grid; fewer are told as series."""


def grids(cells: Sequence[CellEntry]) -> list[Grid]:
    """Every grid among the cells of one group that have a trial on record, in order of first appearance."""
    places = group(
        (cell for cell in cells if cell["recorded"]),
        lambda cell: (cell["group"], cell["family"], cell["oracle"], cell["algorithm_name"], cell["budget"]),
    )
    return [found for members in places.values() if (found := _grid(members)) is not None]


def ungridded(cells: Sequence[CellEntry]) -> list[CellEntry]:
    """The cells that are in no grid: one map stands for the many curves of those that are."""
    mapped = {cell["cell"] for grid in grids(cells) for cell in grid.cells.values()}
    return [cell for cell in cells if cell["cell"] not in mapped]


def _grid(cells: Sequence[CellEntry]) -> Grid | None:
    """The grid of some cells; None where not exactly two numbers vary, or two cells have the same place."""
    every = [_quantities(cell) for cell in cells]
    if any(one.keys() != every[0].keys() for one in every):
        return None
    varying = [name for name in every[0] if len({str(one[name]) for one in every}) > 1]
    if len(varying) != 2 or not all(type(one[name]) is int for one in every for name in varying):
        return None
    placed = {(one[varying[0]], one[varying[1]]): cell for one, cell in zip(every, cells, strict=True)}
    across, up = (_called(name, cells[0]) for name in varying)
    head = cells[0]
    found = Grid(head["family"], head["oracle"], head["algorithm_name"], across, up, placed)
    wide = all(len(values) >= LEAST_GRID for values in found.values)
    return found if wide and len(placed) == len(cells) else None


def _quantities(cell: CellEntry) -> dict[tuple[str, str], Any]:
    """The parameters of a cell's problem and of its algorithm, by kind and name; those of the problem first."""
    return {
        (kind, name): value
        for kind in ("parameters", "algorithm_parameters")
        for name, value in cell[kind].items()
    }


def _called(place: tuple[str, str], cell: CellEntry) -> str:
    """What a parameter is called on an axis."""
    kind, name = place
    for axis in cell["axes"]:
        if kind == "parameters" and axis["name"] == name:
            return f"{axis['symbol']}, {axis['words']}"
    return name if kind == "parameters" else f"{name} of {cell['algorithm_name']}"


def tier_sentences(cells: Iterable[CellEntry]) -> list[str]:
    """How the bounds of cells are known, a sentence for each way."""
    told = dict.fromkeys(cell["bound"]["tier"] for cell in cells if cell["bound"]["applies"])
    return [_TIERS[tier] for tier in _TIERS if tier in told]


def rate_of(entry: RateEntry) -> float:
    """The observed share of an entry that has trials.

    Raises
    ------
    ValueError
        If it has none.
    """
    if entry["rate"] is None:
        raise ValueError("rate=None is of no trial; leave out what has no trial on record.")
    return entry["rate"]


def bound_of(cell: CellEntry) -> float:
    """The bound of a cell with recorded trials, at the measured probability of the event that its proof excepts.

    Raises
    ------
    ValueError
        If no trial is on record.
    """
    if cell["bound"]["value"] is None:
        raise ValueError("bound.value=None is of no trial; leave out what has no trial on record.")
    return cell["bound"]["value"]


def known_bound(cell: CellEntry) -> float | None:
    """Theorem 1's bound at the over-reading probability known in closed form; None where none is known or needed."""
    exact, breadth = cell["over_reading"]["exact"], cell["bound"]["breadth"]
    return None if exact is None or breadth <= 1 else bound_value("1", breadth, exact)


def told_apart(cell: CellEntry) -> bool:
    """Whether every recorded trial read past the coupling, so that nothing stood in its way."""
    return bool(cell["recorded"]) and cell["over_reading"]["count"] == cell["recorded"]


def halted(cell: CellEntry) -> int:
    """How many outcomes (a trial on one input) are an output."""
    return sum(entry["statuses"]["halted"] for entry in cell["by_input"].values())


def coupled(cell: CellEntry) -> bool:
    """Whether the inputs exclude each other and no recorded trial read past their coupling."""
    return bool(cell["recorded"]) and cell["bound"]["applies"] and cell["over_reading"]["count"] == 0


def unobstructed(cell: CellEntry) -> bool:
    """Whether no bound below 1 applies: every trial told the inputs apart, or one output serves them all.

    Where the limit is a member a bound always applies: telling the others apart does not help on the limit.
    """
    free = told_apart(cell) and not cell["universal"]
    return bool(cell["recorded"]) and (free or not cell["bound"]["applies"])


def inputs_bounded(cell: CellEntry) -> list[str]:
    """The inputs, without the limit, of which the bound is."""
    limit = cell["universal"]["limit"] if cell["universal"] else None
    return [name for name in cell["smallest"]["over"] if name != limit]


def worst_exclusive(cell: CellEntry) -> InputEntry:
    """The entry of the input, of those that the bound is about, with the smallest share of successes."""
    return min((cell["by_input"][name] for name in inputs_bounded(cell)), key=rate_of)


def group(cells: Iterable[CellEntry], key: Callable[[CellEntry], Key]) -> dict[Key, list[CellEntry]]:
    """Cells by key, keys in order of first appearance."""
    groups: dict[Key, list[CellEntry]] = {}
    for cell in cells:
        groups.setdefault(key(cell), []).append(cell)
    return groups


def axes_of(cells: Iterable[CellEntry], *kinds: str) -> list[AxisEntry]:
    """The different axes of some cells that are of one of the kinds: kind by kind, then in order of appearance."""
    found = [axis for cell in cells for axis in cell["axes"]]
    distinct = [axis for at, axis in enumerate(found) if axis not in found[:at]]
    return [axis for kind in kinds for axis in distinct if axis["kind"] == kind]


def value_along(cell: CellEntry, axis: AxisEntry) -> int | None:
    """The value of an axis in a cell; None where it is no whole number."""
    value = cell["parameters"].get(axis["name"])
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def series(cells: Sequence[CellEntry], kind: str, least: int) -> list[Series]:
    """Every series along an axis of a kind with at least `least` different values, in order of first appearance.

    Cells without a recorded trial, or without a whole number on the axis, take no part.
    """
    groups: dict[tuple[str, ...], list[tuple[int, CellEntry]]] = {}
    axes: dict[tuple[str, ...], AxisEntry] = {}
    for cell in cells:
        for axis in cell["axes"]:
            value = value_along(cell, axis)
            if cell["recorded"] and axis["kind"] == kind and value is not None:
                names = cell["family"], cell["oracle"], cell["algorithm"], _others(cell, axis["name"])
                key: tuple[str, ...] = (*names, axis["name"], axis["symbol"], axis["words"])
                axes.setdefault(key, axis)
                groups.setdefault(key, []).append((value, cell))
    found = []
    for place, members in groups.items():
        ordered = sorted(members, key=lambda placed: (placed[0], placed[1]["cell"]))
        values = tuple(value for value, _ in ordered)
        if len(set(values)) >= least:
            family, oracle, algorithm, fixed, *_ = place
            line = tuple(cell for _, cell in ordered)
            found.append(Series(family, oracle, algorithm, fixed, axes[place], values, line))
    return found


def _others(cell: CellEntry, name: str) -> str:
    """The parameters but one in words, and the budget where others have another."""
    parts = [f"{key} = {value_text(value)}" for key, value in cell["parameters"].items() if key != name]
    return ", ".join([*parts, cell["budget"]] if cell["budget"] else parts)
