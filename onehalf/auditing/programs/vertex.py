"""A basis of a linear program and what it says exactly: point, duals, and what fails.

With Ax = s the variables are the columns (0..n−1) and the rows' activities (n..n+m−1). Only the kernel is solved for:
the basic columns in the rows whose activity is not basic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from onehalf.auditing.programs.model import ExactProgram
from oracle.arithmetic.linear_algebra import Rows, only_solution, transpose_of


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
        y, one for each row; 0 in basic rows.
    reduced : dict
        c_j − A_j·y of each nonbasic column, y_i of each nonbasic row.
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


def standing(program: ExactProgram, basis: Basis, index: int) -> Fraction | None:
    """Return the value of a nonbasic variable, None if it has no such limit."""
    state = basis.states[index]
    low, high = program.limits(index)
    return Fraction(0) if state == "f" else low if state == "l" else high


def vertex_of(program: ExactProgram, basis: Basis) -> Vertex | None:
    """Return the basic solution, None if the kernel is singular or a limit is missing."""
    n, m = len(program.cost), len(program.row_low)
    columns, rows = basis.parts(n)
    matrix = kernel(program, basis)
    point: list[Fraction] = [Fraction(0)] * (n + m)
    for index in basis.states:
        value = standing(program, basis, index)
        if value is None:
            return None
        point[index] = value
    right = {i: point[n + i] for i in rows}
    for j in range(n):
        if j in basis.states and point[j]:
            for i, a in program.columns[j].items():
                if i in right:
                    right[i] -= a * point[j]
    found = only_solution(matrix, [right[i] for i in rows])
    costs = only_solution(transpose_of(matrix), [program.cost[j] for j in columns])
    if found is None or costs is None:
        return None
    for j, x in zip(columns, found, strict=True):
        point[j] = x
    nonbasic = set(rows)
    for j in range(n):
        if point[j]:
            for i, a in program.columns[j].items():
                if i not in nonbasic:
                    point[n + i] += a * point[j]
    duals = [Fraction(0)] * m
    for i, y in zip(rows, costs, strict=True):
        duals[i] = y
    return Vertex(basis, point, duals, {i: reduced_cost(program, duals, i) for i in basis.states})


def reduced_cost(program: ExactProgram, duals: list[Fraction], index: int) -> Fraction:
    """Return c_j − A_j·y of a column, y_i of a row's activity."""
    n = len(program.cost)
    if index >= n:
        return duals[index - n]
    column = program.columns[index]
    return program.cost[index] - sum((a * duals[i] for i, a in column.items() if duals[i]), Fraction(0))


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


def changes_of(program: ExactProgram, basis: Basis, entering: int) -> dict[int, Fraction] | None:
    """Return how all variables move when a nonbasic one rises by 1."""
    n = len(program.cost)
    columns, rows = basis.parts(n)
    matrix: Rows = kernel(program, basis)
    right = [Fraction(0)] * len(rows)
    if entering < n:
        right = [-program.columns[entering].get(i, Fraction(0)) for i in rows]
    else:
        right[rows.index(entering - n)] = Fraction(1)
    moved = only_solution(matrix, right)
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
    matrix = transpose_of(kernel(program, basis))
    if leaving < n:
        right = [Fraction(int(j == leaving)) for j in columns]
    else:
        right = [-program.columns[j].get(leaving - n, Fraction(0)) for j in columns]
    found = only_solution(matrix, right)
    if found is None:
        return None
    multipliers = [Fraction(0)] * m
    for i, z in zip(rows, found, strict=True):
        multipliers[i] = z
    if leaving >= n:
        multipliers[leaving - n] = Fraction(1)
    sign = -1 if leaving < n else 1
    terms: dict[int, Fraction] = {}
    for index in basis.states:
        if index >= n:
            value = -multipliers[index - n]
        else:
            value = sum((a * multipliers[i] for i, a in program.columns[index].items()), Fraction(0))
        if value:
            terms[index] = sign * value
    return terms, multipliers
