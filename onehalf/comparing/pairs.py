"""Which cells of two directories belong together, and how their trials of equal number came out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.bound_test import LEVEL, holm
from analysis.statistics.paired import mcnemar
from analysis.wording import budgets_told, setting
from onehalf.record.boundary import require_possible
from onehalf.record.described import Described, Recorded
from onehalf.record.directory import read_store
from onehalf.record.reading.tables import success_vectors
from onehalf.record.store import Store
from oracle.errors import InvalidValue

Part = tuple[Path, Recorded]


@dataclass(frozen=True)
class Compared:
    """Two cells on one input.

    Attributes
    ----------
    cells : (int, int)
        Their numbers, each in its directory.
    algorithms : (str, str)
        With the parameters that were given.
    family, oracle, place : str
        Where; `place` is the setting in words, such as "e = 53".
    input : str
    trials : int
        Trials of equal number that both have.
    both, only_first, only_second, neither : int
        Of these, in which the outputs were accepted.
    same_coins : bool
        Whether trials of equal number had the same random numbers.
    same_source : bool
        Whether both ran one source.
    p_value, p_holm : float
        Exact McNemar, and adjusted for the number of comparisons.
    """

    cells: tuple[int, int]
    algorithms: tuple[str, str]
    family: str
    oracle: str
    place: str
    input: str
    trials: int
    both: int
    only_first: int
    only_second: int
    neither: int
    same_coins: bool
    same_source: bool
    p_value: float = 1.0
    p_holm: float = 1.0

    @property
    def where(self) -> str:
        """Family, oracle and setting in words."""
        return f"{self.family} under {self.oracle}" + (f" at {self.place}" if self.place else "")

    @property
    def shares(self) -> tuple[float, float]:
        """The shares of the trials that succeeded, in the first and in the second."""
        return (self.both + self.only_first) / self.trials, (self.both + self.only_second) / self.trials

    @property
    def better(self) -> int:
        """Return 1 or 2 for the directory that succeeds more often at the level of the test, else 0."""
        if self.p_holm > LEVEL:
            return 0
        return 1 if self.only_first > self.only_second else 2

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "first_cell": self.cells[0],
            "second_cell": self.cells[1],
            "first_algorithm": self.algorithms[0],
            "second_algorithm": self.algorithms[1],
            "where": self.where,
            "input": self.input,
            "trials": self.trials,
            "both": self.both,
            "only_first": self.only_first,
            "only_second": self.only_second,
            "neither": self.neither,
            "first_rate": self.shares[0],
            "second_rate": self.shares[1],
            "same_coins": self.same_coins,
            "same_source": self.same_source,
            "p_value": self.p_value,
            "p_holm": self.p_holm,
            "better": ("", "first", "second")[self.better],
        }


@dataclass(frozen=True)
class Comparison:
    """Everything that two directories say of each other.

    Attributes
    ----------
    directories : (str, str)
    rows : tuple of Compared
    alone : (int, int)
        How many cells of each have no counterpart.
    stopping : int
        How many pairs are left out because a rule ended one of the two early.
    empty : int
        How many pairs are left out because they have no trial of one number.
    """

    directories: tuple[str, str]
    rows: tuple[Compared, ...]
    alone: tuple[int, int]
    stopping: int
    empty: int


def compare_directories(first: Part, second: Part) -> Comparison:
    """Compare the cells that two directories share, input by input.

    Cells belong together if they agree in problem, oracle and budget, and in the algorithm's name and parameters. Where
    what is left of a problem, oracle and budget is one cell in each directory, these two belong together as well:
    two algorithms on the same cells.

    Raises
    ------
    InvalidValue
        If they share no cell.
    """
    pairs = matched(first[1].cells, second[1].cells)
    if not pairs:
        raise InvalidValue(
            "directories",
            [str(first[0]), str(second[0])],
            "have no cell of the same problem, oracle, budget and algorithm",
            "give two runs of one experiment, or of one algorithm each on the same cells",
        )
    fixed = [(a, b) for a, b in pairs if first[1].cells[a].until is None and second[1].cells[b].until is None]
    budgets = budgets_told([(cell.budget.digits, cell.budget.seconds) for cell in first[1].cells])
    rows: list[Compared] = []
    empty = 0
    with read_store(first[0]) as store, read_store(second[0]) as other:
        require_possible(store.connection, first[1], first[0])
        require_possible(other.connection, second[1], second[0])
        for a, b in fixed:
            found = list(_rows((first[1], store, a), (second[1], other, b), budgets[a]))
            empty += not found
            rows += found
    p_values = [mcnemar(row.only_first, row.only_second).p_value for row in rows]
    tested = [
        replace(row, p_value=p, p_holm=h) for row, p, h in zip(rows, p_values, holm(p_values), strict=True)
    ]
    alone = len(first[1].cells) - len(pairs), len(second[1].cells) - len(pairs)
    return Comparison((str(first[0]), str(second[0])), tuple(tested), alone, len(pairs) - len(fixed), empty)


def matched(first: Sequence[Described], second: Sequence[Described]) -> list[tuple[int, int]]:
    """Return the places of the cells that belong together."""
    there = {(_place(cell), cell.algorithm): index for index, cell in enumerate(second)}
    pairs = [
        (index, there[_place(cell), cell.algorithm])
        for index, cell in enumerate(first)
        if (_place(cell), cell.algorithm) in there
    ]
    taken = {a for a, _ in pairs}, {b for _, b in pairs}
    rest = [_left(cells, known) for cells, known in zip((first, second), taken, strict=True)]
    pairs += [
        (rest[0][place][0], rest[1][place][0])
        for place in rest[0]
        if len(rest[0][place]) == 1 == len(rest[1].get(place, ()))
    ]
    return sorted(pairs)


def _left(cells: Sequence[Described], known: set[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, cell in enumerate(cells):
        if index not in known:
            found.setdefault(_place(cell), []).append(index)
    return found


def _place(cell: Described) -> str:
    asked = [cell.family, cell.parameters, cell.policy, cell.budget.digits, cell.budget.seconds]
    return json.dumps(asked, sort_keys=True, default=str)


def _rows(
    one: tuple[Recorded, Store, int], other: tuple[Recorded, Store, int], budget: str
) -> Iterator[Compared]:
    cells = one[0].cells[one[2]], other[0].cells[other[2]]
    numbers = np.intersect1d(_recorded(one), _recorded(other))
    if not numbers.size:
        return
    x, y = (success_vectors(recorded, store, index)[:, numbers] for recorded, store, index in (one, other))
    same = one[0].seed == other[0].seed and cells[0].coordinates == cells[1].coordinates
    axes: list[Mapping[str, Any]] = [
        {"name": axis.name, "symbol": axis.symbol, "kind": axis.kind} for axis in cells[0].axes
    ]
    place = ", ".join(filter(None, (setting(cells[0].parameters, axes), budget)))
    for position, name in enumerate(cells[0].inputs):
        a, b = x[position], y[position]
        yield Compared(
            (one[2], other[2]),
            (cells[0].algorithm, cells[1].algorithm),
            cells[0].family,
            cells[0].policy,
            place,
            name,
            len(numbers),
            int((a & b).sum()),
            int((a & ~b).sum()),
            int((~a & b).sum()),
            int((~a & ~b).sum()),
            same,
            cells[0].written["digest"] == cells[1].written["digest"],
        )


def _recorded(part: tuple[Recorded, Store, int]) -> NDArray[np.int64]:
    query = "SELECT trial FROM every_outcome WHERE cell = ? AND input = 0 ORDER BY trial"
    return np.array([trial for (trial,) in part[1].connection.execute(query, (part[2],))], dtype=np.int64)
