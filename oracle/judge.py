"""Exact membership of {φ : R(φ(T), labels) ≤ level}: a float64 filter with a rigorous bound, exact numbers behind.

The filter evaluates networks in float64 and carries, for each neuron, a bound E of the distance of its value from
the exact one and a bound M of the exact value, over all points. For z = W a + b with inputs known to within E and
at most M in magnitude, any order of summation, fused or not, gives (N. Higham, *Accuracy and Stability of Numerical
Algorithms*, 2nd ed., §3.1 and §4.2)

    |z_computed − z| ≤ |W| (E + c(M + E)) + c|b| + underflow,   |z| ≤ |W| M + |b|,   c = (m + 3) u,   u = 2^-53,

for m inputs, and the ReLU enlarges neither (docs/exact-verdicts.md has the proof). Whatever the filter leaves open
(ties, overflow, NaN) is decided in exact arithmetic, so verdicts are certain. One is *undecided* where exact arithmetic
would cost more than its budget, which is counted beforehand (`oracle.arithmetic.effort`), or where a user's cost
returns an enclosure that holds the level.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property, lru_cache, partial
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from oracle.arithmetic import exactly, floating
from oracle.arithmetic.effort import BUDGET, MEMORY_BITS, Effort, TooLarge, product_cost, quadratic_cost
from oracle.costs import Cost, cost_units, lower, most_cost_units, upper
from oracle.networks import Network
from oracle.numbers import Irrational, Real, enclose, longest_part, to_float

Kind = Literal["accepted", "rejected", "undecided"]
Floats = NDArray[np.float64]
# By ldexp, which is exact in every rounding mode.
_UNIT = math.ldexp(1, -53)
_UNDERFLOW = math.ldexp(1, -1068)
_SPREAD = math.ldexp(1, -50)
_WIDEST = 2**26
_BATCH_FLOATS = 2**17
_LARGEST_BATCH = 256
_SLICE_FLOATS = 2**23
_UNTHREADED = 2**12
_FLOATS_A_UNIT = 16


class Verdict(NamedTuple):
    """Whether an output is in Ξ(ι), and by what margin (threshold − cost in float64; −inf for infinite cost).

    The margin is NaN where nothing is known of it: where the exact verdict would cost more than it may.
    """

    kind: Kind
    margin: float

    @property
    def reason(self) -> str:
        """Why it is undecided, in words; "" where it is decided."""
        if self.kind != "undecided":
            return ""
        return TOO_LARGE_WORDS if math.isnan(self.margin) else "the cost's enclosure holds the level"


_KINDS: tuple[Kind, ...] = "undecided", "accepted", "rejected"
REJECTED = Verdict("rejected", -math.inf)
TOO_LARGE = Verdict("undecided", math.nan)
TOO_LARGE_WORDS = (
    f"too large to judge within {BUDGET:,} word operations and {MEMORY_BITS >> 23} MiB of exact arithmetic"
)


@dataclass(frozen=True, eq=False)
class Level:
    """The question R(φ(points), labels) ≤ level, for one input.

    Parameters
    ----------
    points : array of shape (r, d), dtype object
        Exact coordinates, Fractions or Irrationals.
    labels : array of shape (r,)
        0 or 1.
    cost : Cost
        R.
    level : Fraction
        inf R + ε.
    """

    points: NDArray[np.object_]
    labels: NDArray[np.int64]
    cost: Cost
    level: Real

    def decide(self, network: Network, budget: int | None = BUDGET) -> Verdict:
        """Return the verdict by exact arithmetic; *undecided* if it would cost more than `budget` (None: any cost)."""
        effort, labels = Effort(budget), self.labels.tolist()
        try:
            values, bits = _exact_values(network, self, effort)
            if effort.left is not None and most_cost_units(self.cost, bits, len(values)) > effort.left:
                effort.charge(cost_units(self.cost, values, labels))
        except TooLarge:
            return TOO_LARGE
        value = self.cost.value(values, labels)
        low, high = lower(value), upper(value)
        kind: Kind = "accepted" if high <= self.level else "rejected" if low > self.level else "undecided"
        middle = low if low == high else (low + high) / 2
        return Verdict(kind, -math.inf if middle == math.inf else to_float(self.level - middle))

    @cached_property
    def floats(self) -> tuple[Floats, Floats] | None:
        """Return the points in float64, shape (d, r), and bounds of their errors; None past float64's range."""
        both = np.empty((*self.points.T.shape, 2))
        try:
            for place, x in np.ndenumerate(self.points.T):
                both[place] = enclose(x)
        except OverflowError:
            return None
        return both[..., 0], both[..., 1]

    @cached_property
    def integers(self) -> tuple[NDArray[np.object_], NDArray[np.object_], tuple[int, int]] | None:
        """Return integer coordinates, shape (d, r), their denominators, shape (r,), and the most bits of either.

        It is None where a coordinate is irrational.
        """
        if any(isinstance(x, Irrational) for x in self.points.flat):
            return None
        scales = [math.lcm(*(x.denominator for x in row)) for row in self.points]
        rows = [[int(x * c) for x in row] for row, c in zip(self.points, scales, strict=True)]
        values, scale = np.array(rows, dtype=object).T, np.array(scales, dtype=object)
        return values, scale, (exactly.most_bits(values), exactly.most_bits(scale))


def judge(
    networks: Sequence[Network], levels: Sequence[Level], budget: int | None = BUDGET
) -> list[tuple[Verdict, ...]]:
    """Return, for each network, its verdict at each level; certain unless it says *undecided*.

    Kind and margin of a verdict depend on its network and level alone, not on the others in the call, nor on what
    the thread's floating point is set to.

    Parameters
    ----------
    budget : int or None
        What exact arithmetic may cost a verdict (`oracle.arithmetic.effort`); None for no limit.
    """
    found: list[tuple[Verdict, ...]] = [()] * len(networks)
    groups: dict[tuple[tuple[int, ...], ...], list[int]] = defaultdict(list)
    for index, network in enumerate(networks):
        if network.is_float:
            groups[tuple([w.shape for w, _ in network.layers])].append(index)
        else:
            with floating.Standard():
                found[index] = tuple(level.decide(network, budget) for level in levels)
    for shapes, members in groups.items():
        size = _batch_size(shapes, levels)
        for start in range(0, len(members), size):
            batch = members[start : start + size]
            with floating.Standard():
                verdicts = _judge_floats([networks[i] for i in batch], levels, budget)
            for index, row in zip(batch, verdicts, strict=True):
                found[index] = row
    return found


def _batch_size(shapes: tuple[tuple[int, ...], ...], levels: Sequence[Level]) -> int:
    """Return how many networks keep the values of their widest layer in the processor's cache."""
    points = max((len(level.labels) for level in levels), default=1)
    widest = max(height for height, _ in shapes)
    return min(max(_BATCH_FLOATS // (points * widest), 1), _LARGEST_BATCH)


def _judge_floats(
    networks: list[Network], levels: Sequence[Level], budget: int | None
) -> list[tuple[Verdict, ...]]:
    """Judge float64 networks of one architecture: by the filter where it is sure, exactly elsewhere."""
    layers = _stacked(networks)
    columns = [
        [
            verdict or level.decide(network, budget)
            for network, verdict in zip(networks, _filtered(layers, level), strict=True)
        ]
        for level in levels
    ]
    return list(zip(*columns, strict=True)) if columns else [()] * len(networks)


def filtered(networks: list[Network], level: Level) -> list[Verdict | None]:
    """Return the verdicts on networks of one architecture that float64 makes certain, None for the others."""
    with floating.Standard():
        return _filtered(_stacked(networks), level)


def _filtered(layers: list[tuple[Floats, Floats]], level: Level) -> list[Verdict | None]:
    """Return the verdicts that float64 with its error bound makes certain, None for the others.

    Where this thread rounds otherwise than to nearest or flushes subnormals to zero (settings that some libraries
    change for the whole thread), a layer is too wide for c, or the work is more than a verdict may cost, nothing is
    decided here.
    """
    known, enclosure = level.floats, level.cost.enclosure
    too_large, threads = _work(tuple([w.shape for w, _ in layers]), len(level.labels))
    if known is None or enclosure is None or too_large or not floating.is_standard():
        return [None] * len(layers[0][0])
    with np.errstate(all="ignore"), threads():
        values, errors = _evaluate(layers, known[0]), _error_bounds(layers, *known)
        inner = np.where(level.labels == 1, 1 - values, values)
        spread = (errors + _SPREAD * (np.abs(inner) + errors)) * (1 + _SPREAD) + _UNDERFLOW
        low, high = enclosure(inner - spread, inner + spread)
        finite = np.isfinite(values).all(axis=1) & np.isfinite(errors[:, 0])
        bar = to_float(level.level)
        accepted = finite & (high <= math.nextafter(bar, -math.inf))
        rejected = finite & (low > math.nextafter(bar, math.inf))
        margins = bar - (low + high) / 2
    codes = accepted + 2 * rejected
    return [
        Verdict(_KINDS[code], margin) if code else None
        for code, margin in zip(codes.tolist(), margins.tolist(), strict=True)
    ]


def _stacked(networks: list[Network]) -> list[tuple[Floats, Floats]]:
    """Return W, shape (B, n, m), and b, shape (B, n, 1), of every layer of B networks of one architecture."""
    depth = len(networks[0].layers)
    return [
        (
            np.array([network.layers[i][0] for network in networks]),
            np.array([network.layers[i][1] for network in networks])[:, :, None],
        )
        for i in range(depth)
    ]


@lru_cache(maxsize=256)
def _work(
    shapes: tuple[tuple[int, ...], ...], points: int
) -> tuple[bool, Callable[[], AbstractContextManager[Any]]]:
    """Return whether networks of weights of shapes (B, n, m) are too large for the filter, and what context it needs.

    In that context products that a BLAS may share among threads are not shared: its threads have settings of their
    own, which cannot be asked for; those of this thread are known.
    """
    sizes = [height * inputs for _, height, inputs in shapes]
    too_large = max(shape[2] for shape in shapes) > _WIDEST or sum(sizes) * points > BUDGET * _FLOATS_A_UNIT
    if max(sizes) * min(points, 16) < 16 * _UNTHREADED and max(sizes) * points < 16 * _UNTHREADED:
        return too_large, nullcontext
    return too_large, partial(_threads().limit, limits=1)


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _evaluate(layers: list[tuple[Floats, Floats]], points: Floats) -> Floats:
    """Return the float64 values, shape (B, r), at points of shape (d, r), in slices of points where r is large."""
    batch, widest = len(layers[0][0]), max(w.shape[1] for w, _ in layers)
    size = max(_SLICE_FLOATS // (batch * widest), 1)
    if size >= points.shape[1]:
        return _evaluate_slice(layers, points)
    slices = (points[:, start : start + size] for start in range(0, points.shape[1], size))
    return np.concatenate([_evaluate_slice(layers, part) for part in slices], axis=1)


def _evaluate_slice(layers: list[tuple[Floats, Floats]], points: Floats) -> Floats:
    value = points
    for index, (w, b) in enumerate(layers):
        if index:
            np.maximum(value, 0.0, out=value)
        value = w @ value
        value += b
    return value[:, 0, :]


def _error_bounds(layers: list[tuple[Floats, Floats]], points: Floats, errors: Floats) -> Floats:
    """Return bounds of the distance of `_evaluate` from the exact values, over all points, shape (B, 1)."""
    error: Floats = errors.max(axis=1)[:, None]
    most: Floats = (np.abs(points).max(axis=1)[:, None] + error) * (1 + 4 * _UNIT)
    for w, b in layers:
        terms = w.shape[2]
        c = (terms + 3) * _UNIT
        inflate = 1 + (8 * terms + 64) * _UNIT
        size, offset = np.abs(w), np.abs(b)
        error = inflate * (size @ (error + c * (most + error) + _UNDERFLOW) + c * offset) + terms * _UNDERFLOW
        most = inflate * (size @ most + offset) + terms * _UNDERFLOW
    return error[:, 0, :]


def exact_values(network: Network, level: Level, effort: Effort | None = None) -> list[Any]:
    """Return φ at every point, exactly.

    Raises
    ------
    TooLarge
        If that costs more than `effort`; without one there is no limit.
    """
    return _exact_values(network, level, Effort(None) if effort is None else effort)[0]


def _exact_values(network: Network, level: Level, effort: Effort) -> tuple[list[Any], int]:
    known = level.integers
    if known is None:
        return exactly.values_at_irrationals(network.layers, network.is_float, level.points, effort)
    return exactly.values_at_rationals(network.layers, network.is_float, *known, effort)


def judge_point(
    point: Sequence[Fraction], best: Sequence[Fraction], tolerance: Fraction, budget: int | None = BUDGET
) -> Verdict:
    """Return whether ‖point − best‖_∞ ≤ tolerance, exactly; *undecided* if that would cost more than `budget`."""
    pairs = list(zip(point, best, strict=True))
    sizes = [longest_part(a) + longest_part(b) for a, b in pairs]
    units = sum(2 * quadratic_cost(longest_part(a), longest_part(b)) for a, b in pairs)
    units += sum(2 * product_cost(size, max(sizes)) for size in sizes)
    if budget is not None and units > budget:
        return TOO_LARGE
    with floating.Standard():
        margin = tolerance - max(abs(a - b) for a, b in pairs)
        return Verdict("accepted" if margin >= 0 else "rejected", to_float(margin))
