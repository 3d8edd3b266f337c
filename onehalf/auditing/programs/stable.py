"""On how much of a box one basis stays optimal: Lemma P for the kernel and for its transpose."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from onehalf.auditing.enclosure import (
    Floats,
    Inverse,
    approximate_inverse,
    enclosed,
    plus,
    times,
    up_vector,
)
from onehalf.auditing.programs.model import Box, ExactProgram
from onehalf.auditing.programs.vertex import Vertex, is_fixed, kernel, slack
from oracle.arithmetic.linear_algebra import transpose_of


@dataclass(frozen=True, eq=False)
class Prepared:
    """A vertex with its approximate inverses, which serve every radius."""

    program: ExactProgram
    vertex: Vertex
    inverse: Inverse | None

    @cached_property
    def across(self) -> Inverse | None:
        """The inverse of the transposed kernel."""
        matrix = transpose_of(kernel(self.program, self.vertex.basis))
        return None if self.inverse is None else self.inverse.transposed(matrix)

    @cached_property
    def floats(self) -> Floats:
        """A in float64."""
        table = np.zeros((len(self.program.row_low), len(self.program.cost)))
        for j, column in enumerate(self.program.columns):
            for i, a in column.items():
                table[i, j] = float(a)
        return table

    @cached_property
    def sizes(self) -> Floats:
        """|A|, rounded upwards."""
        absolute = np.abs(self.floats)
        return np.where(absolute > 0, np.nextafter(absolute, np.inf), 0.0)


def prepare_vertex(program: ExactProgram, vertex: Vertex) -> Prepared:
    """Invert a vertex's kernel."""
    return Prepared(program, vertex, approximate_inverse(kernel(program, vertex.basis)))


@dataclass(frozen=True, eq=False)
class BasisOnBox:
    """What is known of a basis on a whole box.

    Attributes
    ----------
    columns, duals : array or None
        |x' − x| and |y' − y| are at most these; None where Lemma P gives nothing.
    objective : Fraction
        The same for the objective; meaningful where the basis is optimal throughout.
    leaving : list of (index, side)
        Basic variables that are not proved to stay within their limits.
    entering : list of int
        Nonbasic variables whose reduced costs are not proved to keep their strict sign.
    wrong : list of int
        Those of them that are not even proved to keep their sign in the wide sense.
    crossing : bool
        Whether the limits of some variable may pass each other, so that nothing is feasible.
    """

    columns: Floats | None
    duals: Floats | None
    objective: Fraction
    leaving: list[tuple[int, int]]
    entering: list[int]
    wrong: list[int]
    crossing: bool

    @property
    def feasible(self) -> bool:
        """Whether the basic point is feasible for all data."""
        return self.columns is not None and not self.leaving and not self.crossing

    @property
    def optimal(self) -> bool:
        """Whether the basis gives the only minimiser for all data."""
        return self.feasible and self.duals is not None and not self.entering

    @property
    def priced(self) -> bool:
        """Whether the basis gives a minimiser for all data, so that its objective is the least one."""
        return self.feasible and self.duals is not None and not self.wrong


def radii_table(box: Box) -> Floats:
    """Return the radii of A, rounded upwards."""
    table = np.zeros((len(box.program.row_low), len(box.program.cost)))
    for (kind, i, j), size in box.radii.items():
        if kind == "A":
            table[i, j] = up_vector([size])[0]
    return table


def stability_of(prepared: Prepared, box: Box) -> BasisOnBox:
    """Return what Lemma P proves of a basis on a box."""
    program, vertex = prepared.program, prepared.vertex
    n, m = len(program.cost), len(program.row_low)
    columns, rows = vertex.basis.parts(n)
    crossing = any(box.may_cross(index) for index in range(n + m))
    tilts, size = radii_table(box), up_vector(vertex.point[:n])
    loose = plus(prepared.sizes, tilts)
    stay = up_vector([_standing_radius(box, vertex, j) for j in range(n)])
    sides = up_vector([_standing_radius(box, vertex, n + i) for i in rows])
    outside = np.array([j not in set(columns) for j in range(n)])
    right = plus(
        sides,
        times(tilts[rows][:, outside], size[outside]),
        times(loose[rows][:, outside], stay[outside]),
    )
    kernel_box = tilts[np.ix_(rows, columns)]
    found = (
        None
        if prepared.inverse is None
        else enclosed(prepared.inverse, kernel_box, size[columns], right.reshape(len(rows)))
    )
    if found is None:
        every = [(index, side) for index in vertex.basis.basic for side in (-1, 1)]
        free = [index for index in vertex.reduced if not is_fixed(program, index)]
        return BasisOnBox(None, None, Fraction(0), every, free, free, crossing)
    moves = stay.copy()
    moves[columns] = found
    activity = plus(times(tilts, size), times(loose, moves))
    reach = np.concatenate([moves, activity])
    leaving = [
        (index, side)
        for index in vertex.basis.basic
        for side in (-1, 1)
        if not _stays(box, vertex, index, side, Fraction(float(reach[index])))
    ]
    duals = _duals(prepared, box, kernel_box.T, columns, rows)
    free = [index for index in vertex.reduced if not is_fixed(program, index)]
    if duals is None:
        return BasisOnBox(moves, None, Fraction(0), leaving, free, free, crossing)
    price = up_vector(vertex.duals)
    shift = plus(
        up_vector([box.radius("c", j) for j in range(n)]), times(tilts.T, price), times(loose.T, duals)
    )
    margin = np.concatenate([shift, duals])
    rooms = {i: slack(program, vertex, i) - Fraction(float(margin[i])) for i in free}
    entering = [i for i, room in rooms.items() if room <= 0]
    wrong = [i for i, room in rooms.items() if room < 0]
    far = plus(size, moves)
    standing = up_vector([_standing_radius(box, vertex, n + i) for i in range(m)])
    costs = up_vector([box.radius("c", j) for j in range(n)])
    reduced = up_vector([vertex.reduced.get(j, Fraction(0)) for j in range(n)])
    parts = [times(costs, far), times(price, plus(standing, times(tilts, far))), times(reduced, stay)]
    objective = sum((Fraction(float(part)) for part in parts), Fraction(0))
    return BasisOnBox(moves, duals, objective, leaving, entering, wrong, crossing)


def _duals(prepared: Prepared, box: Box, tilts: Floats, columns: list[int], rows: list[int]) -> Floats | None:
    if prepared.across is None:
        return None
    price = up_vector([prepared.vertex.duals[i] for i in rows])
    costs = up_vector([box.radius("c", j) for j in columns])
    found = enclosed(prepared.across, np.ascontiguousarray(tilts), price, costs)
    if found is None:
        return None
    duals = np.zeros(len(prepared.program.row_low))
    duals[rows] = found
    return duals


def _standing_radius(box: Box, vertex: Vertex, index: int) -> Fraction:
    """Return the radius of the limit at which a nonbasic variable stands."""
    state = vertex.basis.states.get(index)
    return box.limit_radius(index, state == "u") if state in ("l", "u") else Fraction(0)


def _stays(box: Box, vertex: Vertex, index: int, side: int, reach: Fraction) -> bool:
    low, high = box.program.limits(index)
    bar = low if side < 0 else high
    if bar is None:
        return True
    room = (vertex.point[index] - bar) * -side
    return room >= reach + box.limit_radius(index, side > 0)
