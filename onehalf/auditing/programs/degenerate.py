"""An enclosure of all minimisers about a degenerate vertex, where the basis changes within the box.

Let a basis have the kernel M, strict reduced costs, and basic variables at their limits. Take t ≥ 0, off the basis, y
(the duals, rounded), Q near M^-1, and write N for the columns off the basis, primes for data in the box, v for columns
and activities together, d'_k = c'_k − A'_k·y of columns and y_i of activities, so that c'·x = Σ d'_k v_k wherever
s = A'x; let y_i = 0 for basic activities.

(1) Let x̂' be the basic solution of the kernel with every variable off the basis moved inwards from its limit by t. If
by Lemma P x̂' stays within all limits, every program in the box is feasible.
(2) Let lo_k ≤ |d'_k| ≤ hi_k with lo_k > 0 and the sign of optimality for all k off the basis that are not fixed, and
|d'_j| ≤ D_j in the basis. For x' feasible, c'·x' ≤ c'·x̂', put w = v' − v̂', and P* = Σ lo_k·max(w_k, 0), w_k counted
inwards. There w_k ≥ −t_k, so that 0 ≥ c'·x' − c'·x̂' = Σ d'_k w_k gives P* ≤ Σ hi_k t_k + Σ D_j |w_j|. M'w_B = −N'w_N
gives |w_B| ≤ G|w_N| + C|w_B|, G = |QN| + |Q|W_N, C = |I − QM| + |Q|W, and G|w_N| ≤ u·P* + G·t, u_j = max_k G_jk/lo_k.
So z* = (|w_B|, P*) has z* ≤ Kz* + h with K, h ≥ 0; if some z has Kz + h < z, then K has a spectral radius below 1 and
z* ≤ z. These x' are bounded, and not none: there is a minimiser, and every one has |w_B| ≤ z, w_k ≤ P/lo_k. ∎
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

from onehalf.auditing.enclosure import Floats, plus, times, up_vector
from onehalf.auditing.programs.model import Box, ExactProgram
from onehalf.auditing.programs.stable import Prepared, radii_table, stability_of
from onehalf.auditing.programs.vertex import Basis, Vertex, basic_point, is_fixed, reduced_costs

_ROOMY = 1e6
_MARGINS = (2.0, 20.0)
_LOOSER = 1.001


@dataclass(frozen=True, eq=False)
class VertexOnBox:
    """What is known of all minimisers on a box.

    Attributes
    ----------
    shifts : dict of int to Fraction
        t, of the variables off the basis that are moved.
    moves : array
        |x̂' − x̂| of the columns.
    duals : list of float
        y.
    spread : array
        z of the columns in the basis, ascending.
    price : float
        z's last entry, P.
    columns : list of Fraction
        How far each column of a minimiser may be from the vertex.
    objective : Fraction
        The same for the least value.
    """

    shifts: Mapping[int, Fraction]
    moves: Floats
    duals: list[float]
    spread: Floats
    price: float
    columns: list[Fraction]
    objective: Fraction


def vertex_on_box(prepared: Prepared, box: Box) -> VertexOnBox | None:
    """Return an enclosure of all minimisers for all data in a box, None if this proof gives none."""
    program, vertex = prepared.program, prepared.vertex
    inverse = prepared.inverse
    if inverse is None or "f" in vertex.basis.states.values():
        return None
    duals = [float(y) for y in vertex.duals]
    reduced = reduced_costs(program, [Fraction(y) for y in duals], range(len(vertex.point)))
    loose = [_swing(box, duals, k) for k in range(len(vertex.point))]
    free = [k for k in sorted(vertex.basis.states) if not is_fixed(program, k)]
    least = {k: _inwards(vertex.basis, k) * reduced[k] - loose[k] for k in free}
    if any(gap <= 0 for gap in least.values()):
        return None
    for margin in _MARGINS:
        shifts = _shifts(prepared, box, reduced, free, margin)
        if shifts is None:
            return None
        inner = moved_inwards(program, vertex.basis, shifts)
        point = basic_point(inner, vertex.basis)
        assert point is not None, "a kernel that has an inverse gives a point"
        shifted = Prepared(inner, Vertex(vertex.basis, point, vertex.duals, vertex.reduced), inverse)
        known = stability_of(shifted, replace(box, program=inner))
        if known.feasible and known.columns is not None:
            break
    else:
        return None
    columns, _ = vertex.basis.parts(len(program.cost))
    most = {k: least[k] + 2 * loose[k] for k in free}
    swings = up_vector([abs(reduced[j]) + loose[j] for j in columns])
    found = _spread(prepared, box, free, (least, most, swings), shifts)
    if found is None:
        return None
    spread, price = found
    bounds = _bounds(prepared, box, point, known.columns, found, shifts, least)
    objective = _value_bound(box, vertex, reduced, loose, bounds, shifts, least, price)
    return VertexOnBox(shifts, known.columns, duals, spread, price, bounds[: len(program.cost)], objective)


def moved_inwards(program: ExactProgram, basis: Basis, shifts: Mapping[int, Fraction]) -> ExactProgram:
    """Return the program in which variables off the basis stand at limits that are moved inwards."""
    n = len(program.cost)
    sides = {
        "xl": list(program.low),
        "xu": list(program.high),
        "bl": list(program.row_low),
        "bu": list(program.row_high),
    }
    for k, shift in shifts.items():
        side = sides["xb"[k >= n] + basis.states[k]]
        bar = side[k - n * (k >= n)]
        assert bar is not None, "a variable stands at a limit"
        side[k - n * (k >= n)] = bar + _inwards(basis, k) * shift
    return replace(
        program,
        low=tuple(sides["xl"]),
        high=tuple(sides["xu"]),
        row_low=tuple(sides["bl"]),
        row_high=tuple(sides["bu"]),
    )


def _inwards(basis: Basis, k: int) -> int:
    return 1 if basis.states[k] == "l" else -1


def _swing(box: Box, duals: list[float], k: int) -> Fraction:
    """Return how far c_k − A_k·y moves within the box: 0 for an activity, whose reduced cost is y_i."""
    if k >= len(box.program.cost):
        return Fraction(0)
    rows = box.program.columns[k].keys() | box.rows_of(k)
    return box.radius("c", k) + sum(
        (box.radius("A", i, k) * abs(Fraction(duals[i])) for i in rows), Fraction(0)
    )


def _rates(prepared: Prepared, free: list[int]) -> Floats:
    """Return how basic variables (columns, then activities) move when one off the basis goes inwards, in floats."""
    assert prepared.inverse is not None
    basis, n = prepared.vertex.basis, len(prepared.program.cost)
    columns, rows = basis.parts(n)
    loose = [k - n for k in basis.basic if k >= n]
    inverse, table = prepared.inverse.floats, prepared.floats
    found = np.zeros((len(columns) + len(loose), len(free)))
    for at, k in enumerate(free):
        inner = -inverse @ table[rows, k] if k < n else inverse[:, rows.index(k - n)]
        outer = table[np.ix_(loose, columns)] @ inner + (table[loose, k] if k < n else 0.0)
        found[:, at] = _inwards(basis, k) * np.concatenate([inner, outer])
    return found


def _shifts(
    prepared: Prepared, box: Box, reduced: Mapping[int, Fraction], free: list[int], margin: float
) -> dict[int, Fraction] | None:
    """Return t that is cheap and leaves basic variables room to move, by floats; None if none does."""
    vertex, n = prepared.vertex, len(prepared.program.cost)
    known = stability_of(prepared, box)
    if known.columns is None or known.crossing:
        return None
    tilts = radii_table(box)
    size = up_vector(vertex.point[:n])
    activity = plus(times(tilts, size), times(plus(prepared.sizes, tilts), known.columns))
    reach = np.concatenate([known.columns, activity])
    basic = [*(k for k in vertex.basis.basic if k < n), *(k for k in vertex.basis.basic if k >= n)]
    unit = float(reach[basic].max(initial=0.0))
    if not unit:
        return {}
    rates, rows, rights = _rates(prepared, free), [], []
    for at, k in enumerate(basic):
        for upper, bar in enumerate(prepared.program.limits(k)):
            if bar is None:
                continue
            way = -1 if upper else 1
            room = float((vertex.point[k] - bar) * way) / unit
            need = margin * (float(reach[k]) + float(box.limit_radius(k, bool(upper)))) / unit
            if room < _ROOMY * max(need, 1.0):
                rows.append(-way * rates[at])
                rights.append(room - need - 1e-7 * bool(need))
    if min(rights, default=0.0) >= 0:
        return {}
    if not free:
        return None
    prices = np.array([abs(float(reduced[k])) for k in free])
    ends = [_span(prepared.program, k, unit) for k in free]
    done = linprog(prices / prices.max(initial=1e-300), np.array(rows), rights, bounds=ends, method="highs")
    if done.x is None:
        return None
    return {k: Fraction(float(x) * unit) for k, x in zip(free, done.x.tolist(), strict=True) if x > 1e-9}


def _span(program: ExactProgram, k: int, unit: float) -> tuple[float, float | None]:
    low, high = program.limits(k)
    return 0.0, None if low is None or high is None else float(high - low) / unit / 2


def _spread(
    prepared: Prepared,
    box: Box,
    free: list[int],
    costs: tuple[Mapping[int, Fraction], Mapping[int, Fraction], Floats],
    shifts: Mapping[int, Fraction],
) -> tuple[Floats, float] | None:
    """Return z with Kz + h < z: its entries of the columns in the basis, and the last."""
    assert prepared.inverse is not None
    n, inverse = len(prepared.program.cost), prepared.inverse
    columns, rows = prepared.vertex.basis.parts(n)
    least, most, swings = costs
    tilts = radii_table(box)
    outer, outer_tilts = np.zeros((len(rows), len(free))), np.zeros((len(rows), len(free)))
    for at, k in enumerate(free):
        if k < n:
            outer[:, at], outer_tilts[:, at] = prepared.floats[rows, k], tilts[rows, k]
        else:
            outer[rows.index(k - n), at] = 1.0
    sizes = np.where(outer != 0, np.nextafter(np.abs(outer), np.inf), 0.0)
    slips = times(inverse.size, sizes) * (len(rows) + 8) * 2.0**-52
    across = plus(np.abs(inverse.floats @ outer), slips, times(inverse.size, outer_tilts))
    lower = np.array([np.nextafter(float(least[k]), 0.0) for k in free])
    moved, dear = up_vector([shifts.get(k, Fraction(0)) for k in free]), up_vector([most[k] for k in free])
    with np.errstate(all="ignore"):
        shares = np.nextafter(across / lower, np.inf) if len(free) else np.zeros((len(rows), 0))
        matrix = np.zeros((len(rows) + 1, len(rows) + 1))
        matrix[:-1, :-1] = plus(inverse.rest, times(inverse.size, tilts[np.ix_(rows, columns)]))
        matrix[:-1, -1] = shares.max(axis=1, initial=0.0)
        matrix[-1, :-1] = swings
        right = np.append(times(across, moved), times(dear, moved))
        floor = float(right[right > 0].min(initial=1e-240)) * 1e-9
        z = right
        for _ in range(200):
            z = plus(right, times(matrix, z)) * _LOOSER + floor
            image = plus(right, times(matrix, z))
            if not np.isfinite(image).all():
                return None
            if bool((image < z).all()):
                return z[:-1], float(z[-1])
    return None


def _bounds(
    prepared: Prepared,
    box: Box,
    point: list[Fraction],
    moves: Floats,
    found: tuple[Floats, float],
    shifts: Mapping[int, Fraction],
    least: Mapping[int, Fraction],
) -> list[Fraction]:
    """Return how far columns and activities of a minimiser may be from the vertex."""
    vertex, n = prepared.vertex, len(prepared.program.cost)
    columns, _ = vertex.basis.parts(n)
    spread, price = found
    bounds = [Fraction(0)] * len(vertex.point)
    for j, z in zip(columns, spread.tolist(), strict=True):
        bounds[j] = Fraction(z) + Fraction(float(moves[j])) + abs(point[j] - vertex.point[j])
    for k, state in vertex.basis.states.items():
        bounds[k] = box.limit_radius(k, state == "u")
        if k in least:
            bounds[k] += Fraction(price) / least[k] + shifts.get(k, Fraction(0))
    return bounds


def _value_bound(
    box: Box,
    vertex: Vertex,
    reduced: Mapping[int, Fraction],
    loose: list[Fraction],
    bounds: list[Fraction],
    shifts: Mapping[int, Fraction],
    least: Mapping[int, Fraction],
    price: float,
) -> Fraction:
    """Return how far the least value Σ d'_k v'_k may be from Σ d_k v_k."""
    total = sum(
        (swing * (abs(x) + far) for swing, x, far in zip(loose, vertex.point, bounds, strict=True) if swing),
        Fraction(0),
    )
    for k, d in reduced.items():
        if k not in vertex.basis.states:
            total += abs(d) * bounds[k]
        else:
            stays = box.limit_radius(k, vertex.basis.states[k] == "u") + shifts.get(k, Fraction(0))
            total += abs(d) * stays
    shares = [abs(reduced[k]) / gap for k, gap in least.items()]
    return total + Fraction(price) * max(shares, default=Fraction(0))
