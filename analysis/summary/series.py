"""Groups of cells that differ in one parameter: what a curve is drawn through and a finding compares."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from analysis.wording import value_text

Cell: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Series:
    """Cells of one algorithm, family and oracle that agree in every parameter but one.

    Attributes
    ----------
    family, oracle, algorithm
        As in the summary.
    fixed
        The parameters that the cells share, and their budget where others have another, in words.
    values
        The values of the parameter that varies, ascending.
    cells
        The cells, in the order of `values`.
    """

    family: str
    oracle: str
    algorithm: str
    fixed: str
    values: tuple[int, ...]
    cells: tuple[Cell, ...]


def told_apart(cell: Cell) -> bool:
    """Whether every recorded trial read past the coupling, so that nothing stood in its way."""
    return bool(cell["recorded"]) and cell["over_reading"]["count"] == cell["recorded"]


def halted(cell: Cell) -> int:
    """How many outcomes (a trial on one input) are an output."""
    return sum(int(entry["statuses"]["halted"]) for entry in cell["by_input"].values())


def coupled(cell: Cell) -> bool:
    """Whether the inputs exclude each other and no recorded trial read past their coupling."""
    return bool(cell["recorded"]) and cell["bound"]["applies"] and cell["over_reading"]["count"] == 0


def unobstructed(cell: Cell) -> bool:
    """Whether no bound below 1 applies: every trial told the inputs apart, or one output serves them all.

    Where the limit is a member a bound always applies: telling the others apart does not help on the limit.
    """
    free = told_apart(cell) and not cell["universal"]
    return bool(cell["recorded"]) and (free or not cell["bound"]["applies"])


def worst_exclusive(cell: Cell) -> Mapping[str, Any]:
    """The entry of the mutually exclusive input with the smallest share of successes."""
    entries: list[Mapping[str, Any]] = [cell["by_input"][name] for name in cell["exclusive"]]
    return min(entries, key=lambda entry: float(entry["rate"]))


def group(cells: Iterable[Cell], key: Callable[[Cell], tuple[str, ...]]) -> dict[tuple[str, ...], list[Cell]]:
    """Cells by key, keys in order of first appearance."""
    groups: dict[tuple[str, ...], list[Cell]] = {}
    for cell in cells:
        groups.setdefault(key(cell), []).append(cell)
    return groups


def series(cells: Iterable[Cell], parameter: str, least: int) -> list[Series]:
    """Every series along `parameter` with at least `least` different values, in order of first appearance.

    Cells without a recorded trial, or without an integer value of the parameter, take no part.
    """

    def key(cell: Cell) -> tuple[str, ...]:
        others = [
            f"{name} = {value_text(value)}" for name, value in cell["parameters"].items() if name != parameter
        ]
        others += [cell["budget"]] * bool(cell["budget"])
        return cell["family"], cell["oracle"], cell["algorithm"], ", ".join(others)

    present = (
        cell for cell in cells if cell["recorded"] and isinstance(cell["parameters"].get(parameter), int)
    )
    found = []
    for (family, oracle, algorithm, fixed), members in group(present, key).items():
        ordered = sorted(members, key=lambda cell: (int(cell["parameters"][parameter]), int(cell["cell"])))
        values = tuple(int(cell["parameters"][parameter]) for cell in ordered)
        if len(set(values)) >= least:
            found.append(Series(family, oracle, algorithm, fixed, values, tuple(ordered)))
    return found
