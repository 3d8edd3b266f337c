"""A basis of a linear program and what it says exactly: point, duals, and what fails.

With Ax = s the variables are the columns (0..n−1) and the rows' activities (n..n+m−1). Only the kernel is solved for:
the basic columns in the rows whose activity is not basic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from onehalf.auditing.programs.model import ExactProgram
from oracle.arithmetic.linear_algebra import (
    OneDenominator,
    SquarePart,
    solutions_of,
)


@dataclass(frozen=True)
class Basis:
    """Which variables are basic, and where the others stand.

    Attributes
    ----------
    basic : tuple of int
        Ascending.
    states : dict
        For each other variable "l" or "u" (at that limit) or "f" (free, at 0).
    """

    basic: tuple[int, ...]
    states: Mapping[int, str]

    def parts(self, n: int) -> tuple[list[int], list[int]]:
        """Return the basic columns and the rows that are not basic: the kernel."""
        return [j for j in self.basic if j < n], [i - n for i in sorted(self.states) if i >= n]


@dataclass(frozen=True)
class Vertex:
    """The exact basic solution.

    Attributes
    ----------
    point : list of Fraction
        Values of columns and activities.
    duals : list of Fraction
        y, one for each row; 0 in basic rows. Empty where a proof on the whole box makes them needless.
    reduced : dict
        c_j − A_j·y of each nonbasic column, y_i of each nonbasic row. Empty with the duals.
    """

    basis: Basis
    point: list[Fraction]
    duals: list[Fraction]
    reduced: dict[int, Fraction]


def kernel(program: ExactProgram, basis: Basis) -> list[list[Fraction]]:
    """Return the kernel matrix, rows by columns."""
    columns, rows = basis.parts(len(program.cost))
    zero = Fraction(0)
    return [[program.columns[j].get(i, zero) for j in columns] for i in rows]


def whole_kernel(program: ExactProgram, basis: Basis) -> SquarePart:
    """Return the kernel as what systems are solved with."""
    columns, rows = basis.parts(len(program.cost))
    return program.whole.part(rows, columns)


def standing(program: ExactProgram, basis: Basis, index: int) -> Fraction | None:
    """Return the value of a nonbasic variable, None if it has no such limit."""
    state = basis.states[index]
    low, high = program.limits(index)
    return Fraction(0) if state == "f" else low if state == "l" else high


def vertex_of(program: ExactProgram, basis: Basis) -> Vertex | None:
    """Return the basic solution, None if the kernel is singular or a limit is missing."""
    right = _right(program, basis)
    if right is None:
        return None
    columns, rows = basis.parts(len(program.cost))
    inner = whole_kernel(program, basis)
    found = inner.solution(*right)
    costs = None if found is None else inner.prices([program.cost[j] for j in columns])
    if found is None or costs is None:
        return None
    duals = [Fraction(0)] * len(program.row_low)
    for i, y in zip(rows, costs, strict=True):
        duals[i] = y
    point = _point(program, basis, found)
    return Vertex(basis, point, duals, reduced_costs(program, duals, basis.states))


def basic_point(program: ExactProgram, basis: Basis) -> list[Fraction] | None:
    """Return the values of columns and activities in a basic solution, None if there is none."""
    right = _right(program, basis)
    found = None if right is None else whole_kernel(program, basis).solution(*right)
    return None if found is None else _point(program, basis, found)


def _right(program: ExactProgram, basis: Basis) -> tuple[list[Fraction]] | None:
    """Return the right side of the kernel's equations, None if a limit is missing."""
    n = len(program.cost)
    stand: dict[int, Fraction] = {}
    for index in basis.states:
        value = standing(program, basis, index)
        if value is None:
            return None
        stand[index] = value
    right = {index - n: value for index, value in stand.items() if index >= n}
    for j, x in stand.items():
        if j < n and x:
            for i, a in program.columns[j].items():
                if i in right:
                    right[i] -= a * x
    return ([right[i] for i in sorted(right)],)


def _point(program: ExactProgram, basis: Basis, found: Sequence[Fraction]) -> list[Fraction]:
    n, m = len(program.cost), len(program.row_low)
    point: list[Fraction] = [Fraction(0)] * (n + m)
    for index in basis.states:
        point[index] = standing(program, basis, index) or point[index]
    columns, rows = basis.parts(n)
    for j, x in zip(columns, found, strict=True):
        point[j] = x
    nonbasic, values = set(rows), OneDenominator(dict(enumerate(point[:n])))
    loose: dict[int, dict[int, Fraction]] = {i: {} for i in range(m) if i not in nonbasic}
    for j in values.numerators if loose else ():
        for i, a in program.columns[j].items():
            if i in loose:
                loose[i][j] = a
    for i, row in loose.items():
        point[n + i] = values.product(row)
    return point


def reduced_costs(
    program: ExactProgram, duals: Sequence[Fraction], indices: Iterable[int]
) -> dict[int, Fraction]:
    """Return c_j − A_j·y of columns, y_i of rows' activities."""
    n, prices = len(program.cost), OneDenominator(dict(enumerate(duals)))
    return {
        index: duals[index - n] if index >= n else program.cost[index] - program.whole.product(index, prices)
        for index in indices
    }


def is_fixed(program: ExactProgram, index: int) -> bool:
    """Tell whether a variable has no freedom: what its reduced cost is does not matter."""
    low, high = program.limits(index)
    return low is not None and low == high


def infeasibilities(program: ExactProgram, vertex: Vertex) -> list[tuple[int, int]]:
    """Return the basic variables outside their limits: (index, −1 below or +1 above)."""
    found = []
    for index in vertex.basis.basic:
        low, high = program.limits(index)
        if low is not None and vertex.point[index] < low:
            found.append((index, -1))
        elif high is not None and vertex.point[index] > high:
            found.append((index, 1))
    return found


def attractive(program: ExactProgram, vertex: Vertex) -> list[int]:
    """Return the nonbasic variables whose reduced cost has the wrong sign."""
    return [index for index in vertex.reduced if slack(program, vertex, index) < 0]


def slack(program: ExactProgram, vertex: Vertex, index: int) -> Fraction:
    """Return how far a reduced cost is on the right side: negative if it is wrong, and None's place is 1 if fixed."""
    if is_fixed(program, index):
        return Fraction(1)
    reduced, state = vertex.reduced[index], vertex.basis.states[index]
    return reduced if state == "l" else -reduced if state == "u" else -abs(reduced)


def unique(program: ExactProgram, vertex: Vertex) -> bool:
    """Tell whether an optimal vertex is the only minimiser by strict reduced costs (sufficient)."""
    return all(slack(program, vertex, index) > 0 for index in vertex.reduced)


def undetermined(program: ExactProgram, vertex: Vertex) -> frozenset[int]:
    """Return the columns that may differ among minimisers, where there are several; the others have one value.

    Minimisers differ in nonbasic variables whose reduced costs are 0 alone. A basic variable that does not depend on
    these is the same in all of them.
    """
    n = len(program.cost)
    columns, rows = vertex.basis.parts(n)
    ties = [k for k in vertex.reduced if slack(program, vertex, k) <= 0]
    zero, one = Fraction(0), Fraction(1)
    sides = [
        [one if i == k - n else zero for i in rows]
        if k >= n
        else [program.columns[k].get(i, zero) for i in rows]
        for k in ties
    ]
    rates = solutions_of(kernel(program, vertex.basis), sides)
    if rates is None:
        return frozenset(range(n))
    moved = {j for rate in rates for j, x in zip(columns, rate, strict=True) if x}
    return frozenset({*moved, *(k for k in ties if k < n)})


def changes_of(program: ExactProgram, basis: Basis, entering: int) -> dict[int, Fraction] | None:
    """Return how all variables move when a nonbasic one rises by 1."""
    n = len(program.cost)
    columns, rows = basis.parts(n)
    right = [Fraction(0)] * len(rows)
    if entering < n:
        right = [-program.columns[entering].get(i, Fraction(0)) for i in rows]
    else:
        right[rows.index(entering - n)] = Fraction(1)
    moved = whole_kernel(program, basis).solution(right)
    if moved is None:
        return None
    step = {j: x for j, x in zip(columns, moved, strict=True) if x}
    step[entering] = Fraction(1)
    nonbasic = set(rows)
    activities: dict[int, Fraction] = {}
    for j, x in step.items():
        if j < n:
            for i, a in program.columns[j].items():
                if i not in nonbasic:
                    activities[n + i] = activities.get(n + i, Fraction(0)) + a * x
    return step | activities


def row_of(
    program: ExactProgram, basis: Basis, leaving: int
) -> tuple[dict[int, Fraction], list[Fraction]] | None:
    """Return a basic variable in terms of the nonbasic ones, and multipliers of the rows that show it.

    With multipliers z: Σ_i z_i(A_i·x − s_i) = 0 has the coefficient 1 at the basic variable (up to sign) and 0 at
    the other basic ones; returned is basic = Σ coefficient · nonbasic.
    """
    n, m = len(program.cost), len(program.row_low)
    columns, rows = basis.parts(n)
    if leaving < n:
        right = [Fraction(int(j == leaving)) for j in columns]
    else:
        right = [-program.columns[j].get(leaving - n, Fraction(0)) for j in columns]
    found = whole_kernel(program, basis).prices(right)
    if found is None:
        return None
    multipliers = [Fraction(0)] * m
    for i, z in zip(rows, found, strict=True):
        multipliers[i] = z
    if leaving >= n:
        multipliers[leaving - n] = Fraction(1)
    sign = -1 if leaving < n else 1
    terms: dict[int, Fraction] = {}
    scaled = OneDenominator(dict(enumerate(multipliers)))
    for index in basis.states:
        value = -multipliers[index - n] if index >= n else program.whole.product(index, scaled)
        if value:
            terms[index] = sign * value
    return terms, multipliers
