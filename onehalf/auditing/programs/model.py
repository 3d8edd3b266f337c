"""A linear program with exact numbers, and the box of programs about it.

minimise c·x subject to row_low ≤ Ax ≤ row_high and low ≤ x ≤ high. An equality is one
datum, and so is a fixed variable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from onehalf.auditing.data import Datum
from onehalf.auditing.radii import Radii, check_patterns
from oracle.arithmetic.linear_algebra import WholeColumns

Key = tuple[str, int, int]
"""("c", j, 0), ("A", i, j), ("b", i, 0) of an equality or a ranged row, ("r", i, 0) its range, ("bl" | "bu", i, 0),
("xl" | "xu", j, 0), ("xf", j, 0), ("o", 0, 0) the objective's constant."""
Limit = Fraction | None
STRUCTURAL = Datum(Fraction(0), Fraction(0))
"""A zero that nobody wrote: a sign condition, a side that is not given. It is no datum, and exact."""


@dataclass(frozen=True)
class ExactProgram:
    """A linear program.

    Attributes
    ----------
    cost : tuple of Fraction
        c, of the minimisation.
    columns : tuple of dict
        For each column of A its nonzero entries by row.
    row_low, row_high, low, high : tuples
        Limits, None where there is none.
    """

    cost: tuple[Fraction, ...]
    columns: tuple[Mapping[int, Fraction], ...]
    row_low: tuple[Limit, ...]
    row_high: tuple[Limit, ...]
    low: tuple[Limit, ...]
    high: tuple[Limit, ...]

    def changed(self, changes: Mapping[Key, Fraction]) -> ExactProgram:
        """Return the program with some of its data replaced."""
        cost, columns = list(self.cost), list(self.columns)
        own: dict[int, dict[int, Fraction]] = {}
        limits = {
            "bl": list(self.row_low),
            "bu": list(self.row_high),
            "xl": list(self.low),
            "xu": list(self.high),
        }
        for (kind, i, j), value in changes.items():
            if kind == "c":
                cost[i] = value
            elif kind == "A":
                if j not in own:
                    columns[j] = own[j] = dict(columns[j])
                own[j][i] = value
            else:
                for side in {"b": ("bl", "bu"), "xf": ("xl", "xu")}.get(kind, (kind,)):
                    limits[side][i] = value
        rest = {"row_low": "bl", "row_high": "bu", "low": "xl", "high": "xu"}
        return replace(
            self,
            cost=tuple(cost),
            columns=tuple(columns),
            **{name: tuple(limits[side]) for name, side in rest.items()},
        )

    @cached_property
    def whole(self) -> WholeColumns:
        """The columns of A as integers."""
        return WholeColumns(self.columns)

    def limits(self, index: int) -> tuple[Limit, Limit]:
        """Return the limits of a column, or (from the number of columns on) of a row's activity."""
        n = len(self.cost)
        return (
            (self.low[index], self.high[index])
            if index < n
            else (self.row_low[index - n], self.row_high[index - n])
        )


@dataclass(frozen=True)
class Shown:
    """A program as it was shown: data with their last places, and names.

    Attributes
    ----------
    data : dict of Key to Datum
        Every entry that is a datum; structural zeros and absent limits are none.
    names : dict of Key to str
        What patterns of radii are matched with.
    sense : int
        1 to minimise, −1 to maximise (the costs in `program` are negated).
    """

    program: ExactProgram
    data: Mapping[Key, Datum]
    names: Mapping[Key, str]
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    sense: int = 1
    offset: Fraction = Fraction(0)
    reading: str = ""


@dataclass(frozen=True)
class Box:
    """The radius of each datum; those that are exact have no entry."""

    program: ExactProgram
    radii: Mapping[Key, Fraction]
    values: Mapping[Key, Fraction] = field(repr=False)

    def radius(self, kind: str, i: int, j: int = 0) -> Fraction:
        """Return a radius, 0 if exact."""
        return self.radii.get((kind, i, j), Fraction(0))

    def rows_of(self, j: int) -> tuple[int, ...]:
        """Return the rows in which a column has an inexact entry."""
        return self._rows.get(j, ())

    @cached_property
    def _rows(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, tuple[int, ...]] = {}
        for kind, i, j in self.radii:
            if kind == "A":
                found[j] = (*found.get(j, ()), i)
        return found

    def limit_radius(self, index: int, upper: bool) -> Fraction:
        """Return the radius of a limit of a column or (from the number of columns on) of a row."""
        n = len(self.program.cost)
        if index < n:
            return self.radius("xf", index) + self.radius("xu" if upper else "xl", index)
        return (
            self.radius("b", index - n)
            + self.radius("bu" if upper else "bl", index - n)
            + self.radius("r", index - n)
        )

    def may_cross(self, index: int) -> bool:
        """Tell whether the two limits of a variable may pass each other; what moves both moves them together."""
        low, high = self.program.limits(index)
        if low is None or high is None:
            return False
        n = len(self.program.cost)
        kinds, at = (("xl", "xu"), index) if index < n else (("bl", "bu", "r"), index - n)
        return high - low < sum((self.radius(kind, at) for kind in kinds), Fraction(0))

    def moved(self, directions: Mapping[Key, int]) -> dict[Key, Fraction]:
        """Return the values of the data that are moved to an end of their intervals.

        The two limits of a ranged row are made of one side and one range: copies of a datum, which may not move apart.
        They stay where they are, so that no pair of programs rests on them; what is certified holds if they move.
        """
        ends = self.ends
        return {key: ends[key][way] for key, way in self.movable(directions).items()}

    def movable(self, directions: Mapping[Key, int]) -> dict[Key, int]:
        """Return the directions of data that are moved."""
        ends = self.ends
        return {key: way for key, way in directions.items() if way and key in ends}

    @cached_property
    def ends(self) -> Mapping[Key, Mapping[int, Fraction]]:
        """The lower (−1) and the upper (1) end of each datum that is inexact, and moved."""
        return {
            key: {way: self.values[key] + way * size for way in (-1, 1)}
            for key, size in self.radii.items()
            if not self._ranged(key)
        }

    def _ranged(self, key: Key) -> bool:
        kind, i, _ = key
        made = ("r", i, 0) in self.values or {("bl", i, 0), ("bu", i, 0)} <= self.values.keys()
        return kind in ("b", "bl", "bu", "r") and made


def box_of(shown: Shown, radii: Radii) -> Box:
    """Return the box of a reading."""
    check_patterns(radii, shown.names.values())
    sizes = {key: radii.of(shown.names[key], datum) for key, datum in shown.data.items()}
    values = {key: datum.value for key, datum in shown.data.items()}
    for key in values:
        if key[0] == "c":
            values[key] *= shown.sense
    return Box(shown.program, {key: size for key, size in sizes.items() if size}, values)


def shown_program(
    cost: Mapping[int, Datum],
    entries: Mapping[tuple[int, int], Datum],
    rows: list[tuple[str, Datum | None, Datum | None]],
    columns: list[tuple[str, Datum | None, Datum | None]],
    objective: str,
    sense: int = 1,
    offset: Datum = STRUCTURAL,
    reading: str = "",
    ranges: Mapping[int, tuple[Datum, Datum]] | None = None,
) -> Shown:
    """Put a program together. Two limits that are the same object are one datum: an equality's side, a fixed value.

    Parameters
    ----------
    ranges : dict of int to (Datum, Datum), optional
        Of a row whose limits are made of a side and a range, these two.
    """
    data: dict[Key, Datum] = {}
    names: dict[Key, str] = {}

    def add(key: Key, datum: Datum, name: str) -> None:
        data[key] = datum
        names[key] = name

    for j, datum in cost.items():
        add(("c", j, 0), datum, f"{objective}/{columns[j][0]}")
    for (i, j), datum in entries.items():
        add(("A", i, j), datum, f"{rows[i][0]}/{columns[j][0]}")
    if offset is not STRUCTURAL:
        add(("o", 0, 0), offset, f"{objective}/RHS")
    made_of = ranges or {}
    for i, (middle, span) in made_of.items():
        if middle is not STRUCTURAL:
            add(("b", i, 0), middle, f"{rows[i][0]}/RHS")
        add(("r", i, 0), span, f"{rows[i][0]}/RANGE")
    for kind, things in (("b", rows), ("x", columns)):
        for i, (name, low, high) in enumerate(things):
            where = f"{name}/RHS" if kind == "b" else f"BOUND/{name}"
            if kind == "b" and i in made_of:
                continue
            if low is not None and low is high:
                if low is not STRUCTURAL:
                    add(("b" if kind == "b" else "xf", i, 0), low, where)
                continue
            for side, limit in (("l", low), ("u", high)):
                if limit is not None and limit is not STRUCTURAL:
                    add((kind + side, i, 0), limit, where)
    table: list[dict[int, Fraction]] = [{} for _ in columns]
    for (i, j), datum in entries.items():
        if datum.value:
            table[j][i] = datum.value
    program = ExactProgram(
        tuple(sense * cost[j].value if j in cost else Fraction(0) for j in range(len(columns))),
        tuple(table),
        *(tuple(None if d is None else d.value for d in side) for side in _sides(rows)),
        *(tuple(None if d is None else d.value for d in side) for side in _sides(columns)),
    )
    return Shown(
        program,
        data,
        names,
        tuple(c[0] for c in columns),
        tuple(r[0] for r in rows),
        sense,
        offset.value,
        reading,
    )


def _sides(things: list[tuple[str, Datum | None, Datum | None]]) -> Iterator[list[Datum | None]]:
    yield [low for _, low, _ in things]
    yield [high for _, _, high in things]


def program_json(shown: Shown) -> dict[str, Any]:
    """Return a program for a file."""
    return {
        "sense": "minimise" if shown.sense == 1 else "maximise",
        "columns": list(shown.columns),
        "rows": list(shown.rows),
        "offset": str(shown.offset),
        "limits": {
            side: [None if bar is None else str(bar) for bar in bars]
            for side, bars in (
                ("bl", shown.program.row_low),
                ("bu", shown.program.row_high),
                ("xl", shown.program.low),
                ("xu", shown.program.high),
            )
        },
        "entries": [[*key, str(datum.value)] for key, datum in shown.data.items()],
    }
