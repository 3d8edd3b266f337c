"""Where success changes, along an axis and between inputs: what findings and the headline are made of."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from analysis.summary.schema import AxisEntry, CellEntry, Summary
from analysis.summary.series import (
    Series,
    bound_of,
    coupled,
    group,
    inputs_bounded,
    rate_of,
    series,
    told_apart,
    unobstructed,
)
from analysis.wording import listing, value_text

Placed: TypeAlias = tuple[int, CellEntry]
"""A cell, and its value on an axis."""


@dataclass(frozen=True)
class Fall:
    """Series along an axis of closeness in each of which success falls where inputs stop being told apart.

    Attributes
    ----------
    axis
        What varies.
    lines
        The series that fall: see `_falls`. There is at least one.
    others
        How many more series have cells in which every trial told the inputs apart and cells in which none did.
    before, after
        The cells of `lines` in which every trial told the inputs apart, and those in which none did; neither is empty.
    lowest, highest
        The cell of `before` with the smallest, and that of `after` with the largest smallest success rate.
    at_one_place
        Whether at each value of `before` every series has told all inputs apart, and none at any value of `after`, so
        that the values alone say which cells are meant.
    """

    axis: AxisEntry
    lines: list[Series]
    others: int
    before: list[Placed]
    after: list[Placed]
    lowest: CellEntry
    highest: CellEntry
    at_one_place: bool

    @property
    def algorithms(self) -> int:
        """How many algorithms fall, each counted once whatever its parameters."""
        return len({line.cells[0]["algorithm_name"] for line in self.lines})


@dataclass(frozen=True)
class Staircase:
    """Series of one family along an axis of demand, on either side of the place where answers begin to exclude.

    Attributes
    ----------
    axis
        What varies.
    before, after
        The cells in which no bound stands in the way, and those in which one does; neither is empty, and they share no
        value.
    easiest, hardest
        Of either the cell with the best smallest success rate.
    fixed
        The family's other parameters that vary, where with other ones the step is elsewhere.
    """

    axis: AxisEntry
    before: list[Placed]
    after: list[Placed]
    easiest: CellEntry
    hardest: CellEntry
    fixed: str = ""


@dataclass(frozen=True)
class Contrast:
    """A cell that fares differently on inputs that look alike: on `high` best, on `low` worst."""

    cell: CellEntry
    high: str
    low: str

    def successes(self, name: str) -> int:
        """Trials that succeeded on an input."""
        return self.cell["by_input"][name]["successes"]


def _placed(lines: Iterable[Series]) -> list[Placed]:
    return [placed for line in lines for placed in zip(line.values, line.cells, strict=True)]


def _sides(lines: Iterable[Series]) -> tuple[list[Placed], list[Placed], list[Placed]]:
    """The cells in which every trial told the inputs apart, those in which some did, and those in which none did."""
    placed = _placed(lines)
    before = [(value, cell) for value, cell in placed if told_apart(cell)]
    after = [(value, cell) for value, cell in placed if coupled(cell)]
    between = [(value, cell) for value, cell in placed if not told_apart(cell) and not coupled(cell)]
    return before, between, after


def _in_order(lines: Iterable[Series]) -> bool:
    """Whether the places where all trials told the inputs apart, some did, and none did follow one another."""
    sides = [[value for value, _ in side] for side in _sides(lines) if side]
    return all(max(first) < min(second) for first, second in itertools.pairwise(sides))


def _comparable(line: Series) -> bool:
    """Whether a series has cells on both sides; a limit among the inputs is no matter of telling them apart."""
    before, _, after = _sides([line])
    return bool(before and after) and not any(cell["universal"] for cell in line.cells)


def _falls(line: Series) -> bool:
    """Whether a series with both sides has them in order, and before the fall more success than any bound after it."""
    _, _, after = _sides([line])
    return _in_order([line]) and _least(line) > max(bound_of(cell) for _, cell in after)


def _least(line: Series) -> float:
    """The least success rate where every trial told the inputs apart."""
    before, _, _ = _sides([line])
    return min(rate_of(cell["smallest"]) for _, cell in before)


def falls(summary: Summary) -> list[Fall]:
    """What becomes of success where inputs stop being told apart: a fall for each axis along which a series falls.

    Axes that are written alike are one. Series that succeed less before their fall than another does after its own are
    not told in one sentence with that one.
    """
    lines = [line for line in series(summary["cells"], "closeness", least=3) if _comparable(line)]
    found = []
    for symbol in dict.fromkeys(line.axis["symbol"] for line in lines):
        both = [line for line in lines if line.axis["symbol"] == symbol]
        members = sorted(filter(_falls, both), key=_least)
        while members:
            before, _, after = _sides(members)
            lowest, highest = (
                min(without_places(before), key=rate_key),
                max(without_places(after), key=rate_key),
            )
            if rate_of(lowest["smallest"]) > rate_of(highest["smallest"]):
                others = len(both) - len(members)
                place = _in_order(members)
                found.append(Fall(both[0].axis, members, others, before, after, lowest, highest, place))
                break
            members = members[1:]
    return found


def staircases(summary: Summary) -> list[Staircase]:
    """What becomes of success as more is asked for: a step for each family and axis that has both sides.

    Where a family's other parameters move the step, there is one for each choice of them.
    """
    every = series(summary["cells"], "demand", least=1)
    long = {_place(line) for line in every if len(set(line.values)) > 1}
    found = []
    for family, symbol in dict.fromkeys(place[:2] for line in every if (place := _place(line)) in long):
        kin = [line for line in every if _place(line)[:2] == (family, symbol)]
        members = [line for line in kin if _place(line) in long]
        whole = _steps(members)
        if whole and _one_step(members) and _best_of(whole[0], kin):
            found += whole
            continue
        for fixed in dict.fromkeys(line.fixed for line in members):
            alike = [line for line in members if line.fixed == fixed]
            found += [replace(step, fixed=_varying(alike[0], kin)) for step in _steps(alike)]
    return found


def _place(line: Series) -> tuple[str, str, str]:
    return line.family, line.axis["symbol"], line.fixed


def _varying(line: Series, kin: Iterable[Series]) -> str:
    """Those of a series' other parameters that not all of its kin share, and its budget where it is told, in words."""
    cells = [cell for other in kin for cell in other.cells]
    own = line.cells[0]
    parts = [
        f"{name} = {value_text(value)}"
        for name, value in own["parameters"].items()
        if name != line.axis["name"] and len({value_text(cell["parameters"].get(name)) for cell in cells}) > 1
    ]
    return ", ".join([*parts, own["budget"]] if own["budget"] else parts)


def _one_step(lines: Iterable[Series]) -> bool:
    """Whether at no value one answer serves every input in one cell and no answer in another."""
    placed = _placed(lines)
    hard = {value for value, cell in placed if coupled(cell)}
    return not any(value in hard for value, cell in placed if not cell["bound"]["applies"])


def _best_of(step: Staircase, lines: Iterable[Series]) -> bool:
    """Whether no cell of other series, at the step's values, is right more often than the best of its side."""
    placed = _placed(lines)
    sides = (
        (step.before, step.easiest, unobstructed),
        (step.after, step.hardest, coupled),
    )
    return all(
        rate_of(cell["smallest"]) <= rate_of(best["smallest"])
        for side, best, belongs in sides
        for value, cell in placed
        if belongs(cell) and value in {value for value, _ in side}
    )


def _steps(members: Sequence[Series]) -> list[Staircase]:
    """Return the step of some series, or nothing where they have not both sides.

    Whoever told the inputs apart where others did not is no part of it.
    """
    placed = _placed(members)
    after = [(value, cell) for value, cell in placed if coupled(cell)]
    taken = {value for value, _ in after}
    before = [(value, cell) for value, cell in placed if unobstructed(cell) and value not in taken]
    if not (before and after):
        return []
    easiest, hardest = (max(without_places(side), key=rate_key) for side in (before, after))
    return [Staircase(members[0].axis, before, after, easiest, hardest)]


def contrasts_of_inputs(summary: Summary) -> list[Contrast]:
    """For each family, the trainer or solver that fares most differently on inputs it cannot tell apart."""
    cells = [cell for cell in summary["cells"] if coupled(cell) and cell["role"] in ("trainer", "solver")]

    def gap(cell: CellEntry) -> tuple[float, int, int, int]:
        rates = [rate_of(cell["by_input"][name]) for name in inputs_bounded(cell)]
        return max(rates) - min(rates), cell["recorded"], cell["false_success"]["count"], -cell["cell"]

    found = []
    for members in group(cells, lambda cell: cell["family"]).values():
        cell = max(members, key=gap)
        high, *_, low = sorted(inputs_bounded(cell), key=lambda name: -cell["by_input"][name]["successes"])
        if cell["by_input"][high]["successes"]:
            found.append(Contrast(cell, high, low))
    return found


def without_places(placed: Iterable[Placed]) -> list[CellEntry]:
    """The cells without their places."""
    return [cell for _, cell in placed]


def rate_key(cell: CellEntry) -> tuple[float, int]:
    """For ordering by the smallest success rate, and where that is equal, by number."""
    return rate_of(cell["smallest"]), cell["cell"]


def range_of(placed: Sequence[Placed]) -> str:
    """The values of some cells in words, such as "46 to 52"."""
    ordered = sorted({value for value, _ in placed})
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]} to {ordered[-1]}"
    return listing(map(str, ordered), 8)
