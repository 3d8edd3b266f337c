"""Exact membership of {φ : R(φ(T), labels) ≤ level}: a float64 filter with a rigorous bound, exact numbers behind.

The filter evaluates networks in float64 and carries, for each neuron, a bound E of the distance of its value from
the exact one and a bound M of the exact value, over all points. For z = W a + b with inputs known to within E and
at most M in magnitude, any order of summation, fused or not, gives (N. Higham, *Accuracy and Stability of Numerical
Algorithms*, 2nd ed., §3.1 and §4.2)

    |z_computed − z| ≤ |W| (E + c(M + E)) + c|b| + underflow,   |z| ≤ |W| M + |b|,   c = (m + 3) u,   u = 2^-53,

for m inputs, and the ReLU enlarges neither (docs/exact-verdicts.md has the proof). Whatever the filter leaves open
(ties, overflow, NaN) is decided in exact arithmetic, so verdicts are certain; only a user's cost that returns an
enclosure can leave one *undecided*.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from oracle.costs import Cost, lower, upper
from oracle.networks import Network
from oracle.numbers import Irrational, Real, enclose, to_float

Kind = Literal["accepted", "rejected", "undecided"]
Floats = NDArray[np.float64]
_UNIT = 2.0**-53
_UNDERFLOW = 2.0**-1068
_WIDEST = 2**26
_BATCH_FLOATS = 2**17
_LARGEST_BATCH = 256


class Verdict(NamedTuple):
    """Whether an output is in Ξ(ι), and by what margin (threshold − cost in float64; −inf for infinite cost)."""

    kind: Kind
    margin: float


_KINDS: tuple[Kind, ...] = "undecided", "accepted", "rejected"
REJECTED = Verdict("rejected", -math.inf)


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

    def decide(self, network: Network) -> Verdict:
        """Return the verdict by exact arithmetic."""
        value = self.cost.value(exact_values(network, self), self.labels.tolist())
        low, high = lower(value), upper(value)
        kind: Kind = "accepted" if high <= self.level else "rejected" if low > self.level else "undecided"
        middle = low if low == high else (low + high) / 2
        return Verdict(kind, -math.inf if middle == math.inf else to_float(self.level - middle))

    @cached_property
    def floats(self) -> tuple[Floats, Floats] | None:
        """Return the points in float64, shape (d, r), and bounds of their errors; None past float64's range."""
        try:
            pairs = [[enclose(x) for x in row] for row in self.points.T]
        except OverflowError:
            return None
        both = np.array(pairs, dtype=np.float64)
        return both[..., 0], both[..., 1]

    @cached_property
    def integers(self) -> tuple[NDArray[np.object_], NDArray[np.object_]] | None:
        """Return integer coordinates, shape (d, r), and their denominators, shape (r,); None if irrational."""
        if any(isinstance(x, Irrational) for x in self.points.flat):
            return None
        scales = [math.lcm(*(x.denominator for x in row)) for row in self.points]
        rows = [[int(x * c) for x in row] for row, c in zip(self.points, scales, strict=True)]
        return np.array(rows, dtype=object).T, np.array(scales, dtype=object)


def judge(networks: Sequence[Network], levels: Sequence[Level]) -> list[tuple[Verdict, ...]]:
    """Return, for each network, its verdict at each level; certain unless it says *undecided*.

    Kind and margin of a verdict depend on its network and level alone, not on the others in the call.
    """
    found: list[tuple[Verdict, ...]] = [()] * len(networks)
    groups: dict[tuple[tuple[int, ...], ...], list[int]] = defaultdict(list)
    for index, network in enumerate(networks):
        if network.is_float:
            groups[tuple([w.shape for w, _ in network.layers])].append(index)
        else:
            found[index] = tuple(level.decide(network) for level in levels)
    for shapes, members in groups.items():
        size = _batch_size(shapes, levels)
        for start in range(0, len(members), size):
            batch = members[start : start + size]
            verdicts = _judge_floats([networks[i] for i in batch], levels)
            for index, row in zip(batch, verdicts, strict=True):
                found[index] = row
    return found


def _batch_size(shapes: tuple[tuple[int, ...], ...], levels: Sequence[Level]) -> int:
    """Return how many networks keep the values of their widest layer in the processor's cache."""
    points = max((len(level.labels) for level in levels), default=1)
    widest = max(height for height, _ in shapes)
    return min(max(_BATCH_FLOATS // (points * widest), 1), _LARGEST_BATCH)


def _judge_floats(networks: list[Network], levels: Sequence[Level]) -> list[tuple[Verdict, ...]]:
    """Judge float64 networks of one architecture: by the filter where it is sure, exactly elsewhere."""
    layers = _stacked(networks)
    columns = [
        [
            verdict or level.decide(network)
            for network, verdict in zip(networks, _filtered(layers, level), strict=True)
        ]
        for level in levels
    ]
    return list(zip(*columns, strict=True)) if columns else [()] * len(networks)


def filtered(networks: list[Network], level: Level) -> list[Verdict | None]:
    """Return the verdicts on networks of one architecture that float64 makes certain, None for the others."""
    return _filtered(_stacked(networks), level)


def _filtered(layers: list[tuple[Floats, Floats]], level: Level) -> list[Verdict | None]:
    """Return the verdicts that float64 with its error bound makes certain, None for the others.

    Where subnormals are flushed to zero (a setting some libraries change for the whole thread), or a layer is
    too wide for c, the bound does not hold and nothing is decided here.
    """
    known, enclosure = level.floats, level.cost.enclosure
    too_wide = max(w.shape[2] for w, _ in layers) > _WIDEST
    if known is None or enclosure is None or too_wide or not _gradual_underflow():
        return [None] * len(layers[0][0])
    with np.errstate(all="ignore"):
        values, errors = _evaluate(layers, known[0]), _error_bounds(layers, *known)
        inner = np.where(level.labels == 1, 1 - values, values)
        spread = (errors + 2.0**-50 * (np.abs(inner) + errors)) * (1 + 2.0**-50) + _UNDERFLOW
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


def _evaluate(layers: list[tuple[Floats, Floats]], points: Floats) -> Floats:
    """Return the float64 values, shape (B, r), at points of shape (d, r)."""
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


def _gradual_underflow() -> bool:
    """Tell whether this thread's arithmetic keeps subnormal numbers."""
    smallest = np.array([2.0**-1022])
    return bool((smallest * 0.5)[0] != 0.0 and (np.array([5e-324]) * 1.0)[0] != 0.0)


def exact_values(network: Network, level: Level) -> list[Any]:
    """Return φ at every point, exactly.

    Rational points go by homogeneous integers: each point's denominator is an extra coordinate c and each layer
    is scaled to integers, so that with ρ(s·x) = s·ρ(x), s > 0, nothing but integer products is left.
    """
    known = level.integers
    if known is None:
        return list(network(level.points))
    values, scale = known
    for index, (w, b) in enumerate(network.layers):
        if index:
            values = np.maximum(values, 0)
        w_int, b_int, common = _integers(w, b)
        values = w_int @ values + b_int[:, None] * scale
        scale = scale * common
    return [Fraction(v, c) for v, c in zip(values[0], scale, strict=True)]


def _integers(w: NDArray[Any], b: NDArray[Any]) -> tuple[NDArray[np.object_], NDArray[np.object_], int]:
    """Return integer W', b' and the positive integer s with W = W'/s, b = b'/s."""
    both = np.concatenate([w, b[:, None]], axis=1)
    ratios = [x.as_integer_ratio() for x in both.ravel().tolist()]
    common = math.lcm(*(q for _, q in ratios))
    scaled = np.empty(len(ratios), dtype=object)
    scaled[:] = [p * (common // q) for p, q in ratios]
    table = scaled.reshape(both.shape)
    return table[:, :-1], table[:, -1], common
