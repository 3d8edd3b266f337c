"""Corners of the box worth a look: where a component is largest, where a column enters, where a basic one leaves.

Directions come from first derivatives in floating point; nothing rests on them, for what is found is proved exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from onehalf.auditing.enclosure import Floats
from onehalf.auditing.programs.model import Box, Key
from onehalf.auditing.programs.stable import BasisOnBox, Prepared, radii_table

Moves = dict[Key, int]


@dataclass(frozen=True, eq=False)
class Tilter:
    """The derivatives of a vertex with respect to all data."""

    prepared: Prepared
    box: Box
    columns: list[int]
    rows: list[int]
    inverse: Floats
    point: Floats
    duals: Floats

    def along(self, index: int, way: int) -> Moves:
        """Return the corner to which a basic variable rises (or falls) most, other columns tilted away."""
        n = len(self.box.program.cost)
        if index < n:
            weights = self.inverse[self.columns.index(index)]
            own: Moves = {}
        else:
            weights = self.prepared.floats[index - n][self.columns] @ self.inverse
            own = {("A", index - n, j): way * _sign(self.point[j]) for j in range(n)}
        # What it leaves through is its own limit, which is a datum as well.
        at, kind = (index, "x") if index < n else (index - n, "b")
        bars = {(name, at, 0): -way for name in (kind + "l", kind + "u", "xf" if index < n else "b")}
        return self._pushed(weights * way) | own | bars

    def objective(self, way: int) -> Moves:
        """Return the corner at which the objective rises (or falls) most."""
        n = len(self.box.program.cost)
        moves = self._pushed(way * self.duals[self.rows])
        for j, state in self.prepared.vertex.basis.states.items():
            if j < n and state in ("l", "u"):
                moves |= self._limit(j, state, way * _sign(float(self.prepared.vertex.reduced[j])))
        return moves | {("c", j, 0): way * _sign(self.point[j]) for j in range(n) if self.point[j]}

    def _pushed(self, weights: Floats) -> Moves:
        """Return the moves that raise weights·(s − Ax) in the kernel's rows, other columns tilted away."""
        n = len(self.box.program.cost)
        moves: Moves = self.away()
        weigh = np.where(np.abs(weights) > 1e-13 * np.abs(weights).max(initial=0.0), weights, 0.0)
        states = self.prepared.vertex.basis.states
        for i, z in zip(self.rows, weigh, strict=True):
            if z:
                moves |= self._limit(n + i, states[n + i], _sign(z))
        for j in np.flatnonzero(self.point[:n]).tolist():
            moves.update(
                zip(self._entries(j), (-np.sign(weigh * self.point[j])).astype(int).tolist(), strict=True)
            )
        effect = weigh @ self.prepared.floats[self.rows]
        for index, state in states.items():
            if index < n and state in ("l", "u"):
                moves |= self._limit(index, state, -_sign(effect[index]))
        return moves

    def _entries(self, j: int) -> list[Key]:
        """Return the names of a column's entries in the kernel's rows."""
        return [("A", i, j) for i in self.rows]

    def away(self) -> Moves:
        """Return the moves that make every nonbasic column that stands at 0 less attractive."""
        return dict(self._away)

    @cached_property
    def _away(self) -> Moves:
        n = len(self.box.program.cost)
        moves: Moves = {}
        for j, state in self.prepared.vertex.basis.states.items():
            if j < n and state in ("l", "u"):
                way = 1 if state == "l" else -1
                moves[("c", j, 0)] = way
                if not self.point[j]:
                    moves |= {("A", i, j): -way * _sign(self.duals[i]) for i in self.rows}
        return moves

    def entering(self, index: int, way: int) -> Moves:
        """Return the corner at which a nonbasic variable is most (or least, for −1) attractive."""
        n = len(self.box.program.cost)
        state = self.prepared.vertex.basis.states[index]
        turn = way if state == "l" else -way
        moves = self.away()
        if index < n:
            rates = self.inverse @ self.prepared.floats[self.rows, index]
            moves[("c", index, 0)] = -turn
            moves |= {("A", i, index): turn * _sign(self.duals[i]) for i in self.rows}
        else:
            rates = -self.inverse[:, self.rows.index(index - n)]
        for b, q in zip(self.columns, rates, strict=True):
            moves[("c", b, 0)] = turn * _sign(q)
            moves |= {("A", i, b): -turn * _sign(self.duals[i] * q) for i in self.rows}
        return moves

    def _limit(self, index: int, state: str, way: int) -> Moves:
        """Return the moves of the limit at which a nonbasic variable stands; an equality's side is one datum."""
        n = len(self.box.program.cost)
        kinds = ("xf", "x" + state) if index < n else ("b", "b" + state)
        at = index if index < n else index - n
        if state == "f":
            return {}
        return {(kind, at, 0): way for kind in kinds if (kind, at, 0) in self.box.radii}

    def shortfalls(self, suspects: list[int]) -> list[tuple[float, int]]:
        """Return how far each reduced cost can be pushed past zero, to first order; the farthest first."""
        n = len(self.box.program.cost)
        tilts, states = radii_table(self.box), self.prepared.vertex.basis.states
        costs = np.array([float(self.box.radius("c", j)) for j in range(n)])
        price = np.abs(self.duals)
        found = []
        for index in suspects:
            if index < n:
                rates = np.abs(self.inverse @ self.prepared.floats[self.rows, index])
                reach = costs[index] + price @ tilts[:, index]
            else:
                rates, reach = np.abs(self.inverse[:, self.rows.index(index - n)]), 0.0
            reach += costs[self.columns] @ rates + price @ tilts[:, self.columns] @ rates
            reduced = abs(float(self.prepared.vertex.reduced[index])) if states[index] != "f" else 0.0
            found.append((reduced / reach if reach > 0 else np.inf, index))
        return sorted(found)


def tilter_of(prepared: Prepared, box: Box) -> Tilter | None:
    """Return the derivatives of a vertex, None where the kernel has no inverse in floating point."""
    if prepared.inverse is None:
        return None
    n = len(box.program.cost)
    columns, rows = prepared.vertex.basis.parts(n)
    point = np.array([float(x) for x in prepared.vertex.point])
    duals = np.array([float(y) for y in prepared.vertex.duals])
    return Tilter(prepared, box, columns, rows, prepared.inverse.floats, point, duals)


def corners(tilter: Tilter, known: BasisOnBox, most: int) -> Iterator[Moves]:
    """Yield corners, those that may change the basis first, then those that move one component most."""
    yield {}
    yield tilter.away()
    ranked = [index for share, index in tilter.shortfalls(known.entering) if share < 1.01][:most]
    for index in ranked:
        for way in (1, -1):
            yield tilter.entering(index, way)
    for index, side in known.leaving[: 2 * most]:
        yield tilter.along(index, side)
    moving = tilter.columns
    if known.columns is not None:
        reach = known.columns
        moving = sorted((j for j in moving if reach[j] > 0), key=lambda j: (-reach[j], j))
    for way in (1, -1):
        yield tilter.objective(way)
    for index in moving[:most]:
        for way in (1, -1):
            yield tilter.along(index, way)


def _sign(value: float) -> int:
    return int(value > 0) - int(value < 0)
