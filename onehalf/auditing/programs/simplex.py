"""Exact optimality: from a basis by exact pivots to a proved optimum, or to a proof that there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from onehalf.auditing.programs.model import ExactProgram
from onehalf.auditing.programs.vertex import (
    Basis,
    Vertex,
    attractive,
    changes_of,
    infeasibilities,
    is_fixed,
    reduced_costs,
    row_of,
    vertex_of,
)

_MOST_PIVOTS = 200


@dataclass(frozen=True)
class Infeasible:
    """Multipliers z of the rows: no x within its limits has Σ z_i A_i·x = Σ z_i s_i with s within its."""

    multipliers: list[Fraction]


@dataclass(frozen=True)
class Unbounded:
    """A feasible point and a direction of the columns along which the cost falls for ever."""

    point: list[Fraction]
    ray: list[Fraction]


Outcome = Vertex | Infeasible | Unbounded | None


def optimise(program: ExactProgram, start: Basis, most: int = _MOST_PIVOTS) -> Outcome:
    """Pivot exactly from a basis to an optimal vertex, or to a proof that there is none; None if pivots run out."""
    vertex = vertex_of(program, start)
    if vertex is None:
        return None
    if infeasibilities(program, vertex):
        outcome = _dual(program, vertex, most)
        if not isinstance(outcome, Vertex):
            return outcome
        vertex = outcome
    return _primal(program, vertex, most)


def _primal(program: ExactProgram, vertex: Vertex | None, most: int) -> Outcome:
    """From a feasible vertex; the first of the attractive ones after a while (Bland), the most attractive before."""
    for count in range(most):
        if vertex is None:
            return None
        choices = attractive(program, vertex)
        if not choices:
            return vertex
        entering = min(choices) if count > most // 2 else _largest(choices, vertex)
        way = -1 if vertex.reduced[entering] > 0 else 1
        step = changes_of(program, vertex.basis, entering)
        if step is None:
            return None
        limit, leaving, state = _ratio(program, vertex, step, entering, way)
        if limit is None:
            n = len(program.cost)
            return Unbounded(vertex.point[:n], [way * step.get(j, Fraction(0)) for j in range(n)])
        vertex = vertex_of(program, _exchanged(vertex.basis, entering, leaving, state))
    return None


def _largest(choices: list[int], vertex: Vertex) -> int:
    return max(choices, key=lambda index: (abs(vertex.reduced[index]), -index))


def _ratio(
    program: ExactProgram, vertex: Vertex, step: Mapping[int, Fraction], entering: int, way: int
) -> tuple[Fraction | None, int, str]:
    """Return how far the entering variable can go, what stops it, and at which of its limits."""
    best: Fraction | None = None
    stops: list[tuple[int, str]] = []
    for index, rate in step.items():
        speed = rate * way
        low, high = program.limits(index)
        bar, state = (high, "u") if speed > 0 else (low, "l")
        if bar is None or not speed:
            continue
        room = (bar - vertex.point[index]) / speed
        if best is None or room < best:
            best, stops = room, [(index, state)]
        elif room == best:
            stops.append((index, state))
    if best is None:
        return None, entering, ""
    leaving, state = min(stops)
    return best, leaving, state


def _dual(program: ExactProgram, vertex: Vertex, most: int) -> Outcome:
    """Return a feasible vertex (by the dual simplex, costs shifted where needed), or a proof that there is none."""
    shift = {index: vertex.reduced[index] for index in attractive(program, vertex)}
    n = len(program.cost)
    shifted = list(program.cost)
    for index, reduced in shift.items():
        if index < n:
            shifted[index] -= reduced
    # A row's activity has no cost of its own; one with a wrong sign is treated as if its reduced cost were 0.
    free = {index for index in shift if index >= n}
    current = replace(program, cost=tuple(shifted))
    for count in range(most):
        failing = infeasibilities(current, vertex)
        if not failing:
            return vertex_of(program, vertex.basis)
        if count > most // 2:
            leaving, side = min(failing)
        else:
            excess = {f: _excess(current, vertex, f) for f in failing}
            leaving, side = max(failing, key=lambda f, by=excess: (by[f], -f[0]))  # type: ignore[misc]
        row = row_of(current, vertex.basis, leaving)
        if row is None:
            return None
        terms, multipliers = row
        choices = []
        for index, rate in terms.items():
            if is_fixed(current, index):
                continue
            state = vertex.basis.states[index]
            helps = rate * -side
            if state == "f" or (state == "l" and helps > 0) or (state == "u" and helps < 0):
                price = Fraction(0) if index in free else abs(vertex.reduced[index])
                choices.append((price / abs(rate), index))
        if not choices:
            return Infeasible(multipliers)
        _, entering = min(choices)
        found = vertex_of(current, _exchanged(vertex.basis, entering, leaving, "l" if side < 0 else "u"))
        if found is None:
            return None
        vertex = found
    return None


def _excess(program: ExactProgram, vertex: Vertex, failing: tuple[int, int]) -> Fraction:
    index, side = failing
    low, high = program.limits(index)
    bar = low if side < 0 else high
    assert bar is not None
    return abs(vertex.point[index] - bar)


def _exchanged(basis: Basis, entering: int, leaving: int, state: str) -> Basis:
    """Return the basis after a pivot; where a variable stops itself it goes to its other limit."""
    if entering == leaving:
        return Basis(basis.basic, {**basis.states, entering: state})
    states = {index: kept for index, kept in basis.states.items() if index != entering}
    states[leaving] = state
    return Basis(tuple(sorted({*basis.basic, entering} - {leaving})), states)


def is_infeasible(program: ExactProgram, multipliers: list[Fraction]) -> bool:
    """Check a proof of infeasibility: the intervals of Σ z_i A_i·x and of Σ z_i s_i do not meet."""
    n = len(program.cost)
    reduced = reduced_costs(program, multipliers, range(n))
    coefficients = [reduced[j] - program.cost[j] for j in range(n)]
    # A reduced cost is c − A^T z, so that these are −A^T z; together with z at the activities they sum to 0.
    low: Fraction | None = Fraction(0)
    high: Fraction | None = Fraction(0)
    for index, rate in enumerate([*coefficients, *multipliers]):
        if not rate:
            continue
        bottom, top = program.limits(index)
        first, second = (bottom, top) if rate > 0 else (top, bottom)
        low = None if low is None or first is None else low + rate * first
        high = None if high is None or second is None else high + rate * second
    return (low is not None and low > 0) or (high is not None and high < 0)


def is_unbounded(program: ExactProgram, proof: Unbounded) -> bool:
    """Check a proof of unboundedness: a feasible point, a direction within all limits, a falling cost."""
    n, m = len(program.cost), len(program.row_low)
    point, ray = [*proof.point, *[Fraction(0)] * m], [*proof.ray, *[Fraction(0)] * m]
    for j in range(n):
        for i, a in program.columns[j].items():
            point[n + i] += a * point[j]
            ray[n + i] += a * ray[j]
    for index in range(n + m):
        low, high = program.limits(index)
        if low is not None and (point[index] < low or ray[index] < 0):
            return False
        if high is not None and (point[index] > high or ray[index] > 0):
            return False
    return sum((c * r for c, r in zip(program.cost, ray, strict=False)), Fraction(0)) < 0


def is_optimal(program: ExactProgram, vertex: Vertex) -> bool:
    """Tell whether a vertex is feasible and no reduced cost has the wrong sign."""
    limits = map(program.limits, range(len(vertex.point)))
    crossed = any(low is not None and high is not None and low > high for low, high in limits)
    return not crossed and not infeasibilities(program, vertex) and not attractive(program, vertex)
