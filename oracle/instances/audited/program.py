"""A linear program's data sets in standard form: minimise c·x subject to Ax = b, x ≥ 0.

No number of the form is a sum of two data, so that an oracle can hide as many digits of it as of the data:

- a column with the lower limit l ≠ 0 is l' + x, with a column for l' that a row of its own sets to l;
- one with an upper limit alone is u' − x; one with both has a row x + slack + l' = u;
- where that limit differs, a column of its own is x + S, so that what is asked for is x;
- a free one is x − s with a row s = S, S exact and larger than |x| at both minimisers;
- an inequality has a slack column.

A minimiser that is the only one stays so, with a basis that proves it: what is added is fixed, or not met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from oracle.arithmetic.linear_algebra import only_solution, transpose_of
from oracle.errors import InvalidValue
from oracle.instances.audited.regression import moved
from oracle.instances.linear import LP

Limit = Fraction | None
_SIDES = ("bl", "bu", "xl", "xu")
_OF = {"b": ("bl", "bu"), "xf": ("xl", "xu")}
_MOST = 40_000


@dataclass(frozen=True)
class _Corner:
    """A data set: general form, and the basis of its only minimiser (columns 0..n−1, activities n..n+m−1)."""

    cost: list[Fraction]
    columns: list[dict[int, Fraction]]
    limits: dict[str, list[Limit]]
    basic: frozenset[int]
    states: Mapping[int, str]

    def bars(self, index: int) -> tuple[Limit, Limit]:
        """Return the limits of a column or an activity."""
        n = len(self.cost)
        sides = ("xl", "xu") if index < n else ("bl", "bu")
        at = index if index < n else index - n
        return self.limits[sides[0]][at], self.limits[sides[1]][at]

    def solved(self) -> tuple[list[Fraction], list[Fraction]]:
        """Return the basic solution's columns, and the duals of the rows."""
        n, m = len(self.cost), len(self.limits["bl"])
        inner = [j for j in range(n) if j in self.basic]
        rows = [i for i in range(m) if n + i not in self.basic]
        zero = Fraction(0)
        matrix = [[self.columns[j].get(i, zero) for j in inner] for i in rows]
        point = [zero if j in self.basic else self.standing(j) for j in range(n)]
        right = {i: self.standing(n + i) for i in rows}
        for j in range(n):
            for i, a in self.columns[j].items() if point[j] else ():
                if i in right:
                    right[i] -= a * point[j]
        found = only_solution(matrix, [right[i] for i in rows])
        prices = only_solution(transpose_of(matrix), [self.cost[j] for j in inner])
        if found is None or prices is None:
            raise ValueError("a kernel is singular")
        for j, x in zip(inner, found, strict=True):
            point[j] = x
        duals = [zero] * m
        for i, y in zip(rows, prices, strict=True):
            duals[i] = y
        return point, duals

    def standing(self, index: int) -> Fraction:
        """Return where a variable off the basis stands."""
        low, high = self.bars(index)
        found = {"l": low, "u": high, "f": Fraction(0)}[self.states[index]]
        if found is None:
            raise ValueError("a variable stands at a limit that it does not have")
        return found

    def reduced(self, index: int, duals: Sequence[Fraction]) -> Fraction:
        """Return the reduced cost of a column, or of an activity."""
        n = len(self.cost)
        if index >= n:
            return duals[index - n]
        return self.cost[index] - sum((a * duals[i] for i, a in self.columns[index].items()), Fraction(0))


@dataclass
class _Form:
    """A standard form as it grows."""

    cost: list[Fraction] = field(default_factory=list)
    entries: dict[tuple[int, int], Fraction] = field(default_factory=dict)
    right: list[Fraction] = field(default_factory=list)
    basis: list[int] = field(default_factory=list)

    def column(self, cost: Fraction, entries: Mapping[int, Fraction], basic: bool) -> int:
        """Add a column and return its place."""
        place = len(self.cost)
        self.cost.append(cost)
        self.entries |= {(i, place): a for i, a in entries.items() if a}
        if basic:
            self.basis.append(place)
        return place

    def row(self, right: Fraction, entries: Mapping[int, int]) -> None:
        """Add a row of columns that are there."""
        self.entries |= {(len(self.right), place): Fraction(a) for place, a in entries.items()}
        self.right.append(right)

    def program(self) -> LP:
        """Return the instance; its certificate is checked where its solutions are asked for."""
        table = [[Fraction(0)] * len(self.cost) for _ in self.right]
        for (i, j), a in self.entries.items():
            table[i][j] = a
        return LP(self.cost, table, self.right, self.basis)


def standard_forms(data: Mapping[str, Any], finding: Mapping[str, Any], pair: Sequence[int]) -> list[Any]:
    """Return the two programs of a pair of minimisers, which have one form.

    Raises
    ------
    InvalidValue
        If a free variable is not basic, the program is too large, or a limit changes its sign.
    """
    sets = [finding["data_sets"][k] for k in pair]
    if not all(entry["outcome"] == "optimal" for entry in sets):
        raise ValueError("a data set of the pair has no minimiser")
    corners = [_corner(data, finding, entry) for entry in sets]
    if any("f" in corner.states.values() for corner in corners):
        rule = "has a free variable off the basis of a minimiser, which no standard form has"
        raise InvalidValue("problem", "program", rule, "choose another component")
    return _side_by_side(corners, [corner.solved() for corner in corners])


def constraints_of(
    data: Mapping[str, Any], finding: Mapping[str, Any], pair: Sequence[int]
) -> list[tuple[tuple[tuple[Fraction, ...], ...], tuple[Fraction, ...]]]:
    """Return A and b of the two data sets of a pair, a feasible one and an infeasible one, in one standard form.

    Raises
    ------
    InvalidValue
        If the program is too large, or a limit changes its sign.
    """
    first, second = (finding["data_sets"][k] for k in pair)
    if (first["outcome"], second["outcome"]) != ("optimal", "infeasible"):
        rule = "has a feasible data set without a minimiser, of which no standard form is made"
        raise InvalidValue("problem", "program", rule, "choose another reading")
    size = len(data["columns"]) + len(data["rows"])
    none = {"basic": range(size), "states": {}}
    corners = [_corner(data, finding, first), _corner(data, finding, {**second, "basis": none})]
    point, _ = corners[0].solved()
    zero = [Fraction(0)] * len(data["rows"])
    forms = _side_by_side(corners, [(point, zero), (point, zero)])
    return [(form.A, form.b) for form in forms]


def _side_by_side(
    corners: Sequence[_Corner], solved: Sequence[tuple[list[Fraction], list[Fraction]]]
) -> list[LP]:
    """Return the standard forms, of one shape, of two data sets with points and duals."""
    n, m = len(corners[0].cost), len(corners[0].limits["bl"])
    shifts = [1 + max(abs(point[j]).__ceil__() for point, _ in solved) for j in range(n)]
    forms = []
    for corner, (_, duals) in zip(corners, solved, strict=True):
        form = _Form()
        kept = {i: at for at, i in enumerate(i for i in range(m) if corner.bars(n + i) != (None, None))}
        form.right = [Fraction(0)] * len(kept)
        for j in range(n):
            entries = {kept[i]: a for i, a in corner.columns[j].items() if i in kept}
            _add_column(form, corners, corner, duals, j, entries, shifts[j])
        for i, at in kept.items():
            _add_row(form, corners, corner, duals, n + i, at)
        forms.append(form)
    if len(forms[0].cost) * len(forms[0].right) > _MOST:
        rule = f"has {len(forms[0].right)} rows and {len(forms[0].cost)} columns in standard form"
        raise InvalidValue("problem", "program", rule, f"run a program of at most {_MOST:,} entries there")
    return [form.program() for form in forms]


def _corner(data: Mapping[str, Any], finding: Mapping[str, Any], entry: Mapping[str, Any]) -> _Corner:
    n = len(data["columns"])
    sign = -1 if data["sense"] == "maximise" else 1
    limits: dict[str, list[Limit]] = {
        side: [None if x is None else Fraction(x) for x in data["limits"][side]] for side in _SIDES
    }
    cost, columns = [Fraction(0)] * n, [dict[int, Fraction]() for _ in range(n)]
    keys = [(str(kind), int(i), int(j)) for kind, i, j, _ in data["entries"]]
    shown = [Fraction(x) * (sign if kind == "c" else 1) for kind, _, _, x in data["entries"]]
    values = moved(shown, [Fraction(w) for w in finding["proof"]["radii"]], entry["moves"])
    for (kind, i, j), x, step in zip(keys, values, entry["moves"], strict=True):
        if kind == "c":
            cost[i] = x
        elif kind == "A":
            columns[j][i] = x
        elif step != "0":
            for side in _OF.get(kind, (kind,)):
                limits[side][i] = x
    basis = entry["basis"]
    states = {int(k): str(v) for k, v in basis["states"].items()}
    return _Corner(cost, columns, limits, frozenset(map(int, basis["basic"])), states)


def _two_sided(corners: Sequence[_Corner], index: int) -> bool:
    """Tell whether a variable with equal limits is written with two of them: it is basic, or they part, somewhere."""
    return any(index in corner.basic or corner.bars(index)[0] != corner.bars(index)[1] for corner in corners)


def _ends(corner: _Corner, duals: Sequence[Fraction], index: int) -> tuple[bool, bool]:
    """Return whether what is above the lower limit, and what is left below the upper one, is basic."""
    if index in corner.basic:
        return True, True
    low, high = corner.bars(index)
    lower = corner.reduced(index, duals) > 0 if low == high else corner.states[index] == "l"
    return not lower, lower


def _add_column(
    form: _Form,
    corners: Sequence[_Corner],
    corner: _Corner,
    duals: Sequence[Fraction],
    j: int,
    entries: Mapping[int, Fraction],
    shift: int,
) -> None:
    (low, high), cost = corner.bars(j), corner.cost[j]
    against = {i: -a for i, a in entries.items()}
    if low is None and high is None:
        form.column(cost, entries, True)
        form.row(Fraction(shift), {form.column(-cost, against, True): 1})
        return
    start = low if low is not None else high
    assert start is not None
    starts = [bar for c in corners if (bar := c.bars(j)[0 if low is not None else 1]) is not None]
    above = min(starts) >= 0
    if not above and max(starts) > 0:
        rule = f"the limit of column {j + 1} is negative in one data set and positive in the other"
        raise InvalidValue("problem", "program", rule, "choose another component, or a smaller radius")
    base: dict[int, int] = {}
    if any(starts):
        base = {
            form.column(cost if above else -cost, entries if above else against, True): 1 if above else -1
        }
        form.row(abs(start), dict.fromkeys(base, 1))
    parts: dict[int, int] = {}
    if low is None:
        parts = {form.column(-cost, against, j in corner.basic): -1}
    elif high is None:
        parts = {form.column(cost, entries, j in corner.basic): 1}
    elif low != high or _two_sided(corners, j):
        up, down = _ends(corner, duals, j)
        parts = {form.column(cost, entries, up): 1}
        form.row(high, {**parts, **base, form.column(Fraction(0), {}, down): 1})
    if len(set(starts)) > 1:
        value = form.column(Fraction(0), {}, True)
        form.row(Fraction(shift), {value: 1} | {place: -sign for place, sign in (base | parts).items()})


def _add_row(
    form: _Form,
    corners: Sequence[_Corner],
    corner: _Corner,
    duals: Sequence[Fraction],
    index: int,
    at: int,
) -> None:
    low, high = corner.bars(index)
    one, zero = Fraction(1), Fraction(0)
    side = low if low is not None else high
    assert side is not None
    form.right[at] = side
    if low is None or high is None:
        form.column(zero, {at: -one if high is None else one}, index in corner.basic)
    elif low != high or _two_sided(corners, index):
        up, down = _ends(corner, duals, index)
        form.row(high - low, {form.column(zero, {at: -one}, up): 1, form.column(zero, {}, down): 1})
