"""Where success changes, along e, along K and between inputs: what findings and the headline are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from analysis.summary.series import Cell, coupled, group, series, told_apart, unobstructed
from analysis.wording import listing

Summary: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Fall:
    """Series along e, on either side of the place where success falls.

    Attributes
    ----------
    before, after
        The cells in which every trial told the inputs apart, and those in which none did; neither is empty.
    lowest, highest
        The cell of `before` with the smallest, and that of `after` with the largest smallest success rate.
    algorithms
        How many algorithms there are, each counted once whatever its parameters.
    """

    before: list[Cell]
    after: list[Cell]
    lowest: Cell
    highest: Cell
    algorithms: int


@dataclass(frozen=True)
class Step:
    """Series of one family along K, on either side of the place from which answers exclude each other.

    Attributes
    ----------
    before, after
        The cells in which no bound stands in the way, and those in which one does; neither is empty.
    easiest, hardest
        Of either the cell with the best smallest success rate.
    """

    before: list[Cell]
    after: list[Cell]
    easiest: Cell
    hardest: Cell


@dataclass(frozen=True)
class Contrast:
    """A cell that fares differently on inputs that look alike: on `high` best, on `low` worst."""

    cell: Cell
    high: str
    low: str

    def successes(self, name: str) -> int:
        """Trials that succeeded on an input."""
        return int(self.cell["by_input"][name]["successes"])


def fall_along_e(summary: Summary) -> Fall | None:
    """What becomes of success where inputs stop being told apart; None where one of the sides was not run."""
    found = series(summary["cells"], "exponent", least=3)
    cells = [cell for line in found for cell in line.cells]
    before, after = [cell for cell in cells if told_apart(cell)], [cell for cell in cells if coupled(cell)]
    if not before or not after:
        return None
    algorithms = len({cell["algorithm_name"] for cell in cells})
    return Fall(before, after, min(before, key=rate_key), max(after, key=rate_key), algorithms)


def steps_along_k(summary: Summary) -> list[Step]:
    """What becomes of success as more digits are asked for: a step for each family that has both sides."""
    found = series(summary["cells"], "digits", least=2)
    cells = (cell for line in found for cell in line.cells)
    families = group(cells, lambda cell: (cell["family"],)).values()
    sides = [
        ([cell for cell in members if unobstructed(cell)], [cell for cell in members if coupled(cell)])
        for members in families
    ]
    return [
        Step(before, after, max(before, key=rate_key), max(after, key=rate_key))
        for before, after in sides
        if before and after
    ]


def contrasts_of_inputs(summary: Summary) -> list[Contrast]:
    """For each family, the trainer or solver that fares most differently on inputs it cannot tell apart."""
    cells = [cell for cell in summary["cells"] if coupled(cell) and cell["role"] in ("trainer", "solver")]

    def gap(cell: Cell) -> tuple[float, int, int, int]:
        rates = [cell["by_input"][name]["rate"] for name in cell["exclusive"]]
        return max(rates) - min(rates), cell["recorded"], cell["false_success"]["count"], -int(cell["cell"])

    found = []
    for members in group(cells, lambda cell: (cell["family"],)).values():
        cell = max(members, key=gap)
        high, *_, low = sorted(cell["exclusive"], key=lambda name: -cell["by_input"][name]["successes"])
        if cell["by_input"][high]["successes"]:
            found.append(Contrast(cell, high, low))
    return found


def rate_key(cell: Cell) -> tuple[float, int]:
    """For ordering by the smallest success rate, and where that is equal, by number."""
    return float(cell["smallest"]["rate"]), int(cell["cell"])


def range_of(cells: Iterable[Cell], parameter: str) -> str:
    """The values of a parameter in words, such as "46 to 52"."""
    ordered = sorted({int(cell["parameters"][parameter]) for cell in cells})
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]} to {ordered[-1]}"
    return listing(map(str, ordered), 8)
