"""Values of a network in float64 with rigorous error bounds: what they decide need not be decided exactly.

A sum of n products in float64, in whatever order, has an error of at most γ_n·Σ|products|, γ_n = n·2^-53/(1 − n·2^-53),
as long as nothing overflows; underflow adds less than 1e-290. Each bound is inflated for its own rounding errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onehalf.auditing.networks.trained import Floats, Pattern, TrainedNetwork

_U = 2.0**-53
_TINY = 1e-290


@dataclass(frozen=True, eq=False)
class Bounded:
    """Approximations and how far they may be from the truth, arrays of one shape (n, r): a column for each point."""

    value: Floats
    error: Floats

    def at(self, columns: NDArray[np.int64]) -> Bounded:
        """Return some of the columns."""
        return Bounded(self.value[:, columns], self.error[:, columns])


def in_floats(points: NDArray[np.object_]) -> Bounded:
    """Return exact points (r, d) as columns."""
    values = points.astype(np.float64).T
    return Bounded(np.ascontiguousarray(values), np.abs(values) * (2 * _U) + _TINY)


class Filter:
    """A network's layers, ready for evaluation with bounds."""

    def __init__(self, network: TrainedNetwork) -> None:
        self.layers: list[tuple[Any, Any, Floats, int, bool]] = []
        for layer in network.layers:
            dense = layer.weights.shape[0] * layer.weights.shape[1] <= 1_000_000
            weights = layer.weights.toarray() if dense else layer.weights
            longest = int(np.diff(layer.weights.indptr).max(initial=0)) + 2
            self.layers.append((weights, abs(weights), layer.bias[:, None], longest, layer.relu))

    def layer(self, index: int, x: Bounded, biased: bool = True) -> Bounded:
        """Return Wx + b (or Wx) with its error."""
        weights, size, bias, n, _ = self.layers[index]
        value = weights @ x.value
        error = size @ (x.error + (n * _U * 1.01) * np.abs(x.value))
        if biased:
            value = value + bias
            error = error + n * _U * 1.01 * (np.abs(bias) + np.abs(value))
        return Bounded(value, error * (1 + 4 * n * _U) + _TINY)

    def values(self, points: Bounded) -> Bounded:
        """Return the outputs."""
        x = points
        for index, entry in enumerate(self.layers):
            x = self.layer(index, x)
            if entry[-1]:
                x = Bounded(np.maximum(x.value, 0), x.error)
        return x

    def piece(
        self, start: Bounded, slope: Bounded, pattern: Pattern
    ) -> tuple[list[tuple[Bounded, Bounded]], tuple[Bounded, Bounded]]:
        """Return constant and slope of every neuron before its ReLU, and of the outputs, for given patterns."""
        neurons = []
        width = start.value.shape[1]
        # Constants and slopes stand side by side: one product for both.
        both = Bounded(np.hstack([start.value, slope.value]), np.hstack([start.error, slope.error]))
        at = 0
        for index, entry in enumerate(self.layers):
            both = self._two(index, both, width)
            if entry[-1]:
                neurons.append((_part(both, slice(width)), _part(both, slice(width, None))))
                on = np.hstack([pattern[at], pattern[at]])
                at += 1
                both = Bounded(np.where(on, both.value, 0.0), np.where(on, both.error, 0.0))
        return neurons, (_part(both, slice(width)), _part(both, slice(width, None)))

    def _two(self, index: int, both: Bounded, width: int) -> Bounded:
        """Return W(c, s) + (b, 0)."""
        found = self.layer(index, both, biased=False)
        _, _, bias, n, _ = self.layers[index]
        value = found.value.copy()
        value[:, :width] += bias
        error = found.error.copy()
        error[:, :width] += (n * _U * 1.02) * (np.abs(bias) + np.abs(value[:, :width]))
        return Bounded(value, error * (1 + 4 * _U))


def _part(both: Bounded, columns: slice) -> Bounded:
    return Bounded(both.value[:, columns], both.error[:, columns])


def enclosing(value: Fraction) -> tuple[float, float]:
    """Return a float and how far it may be from an exact number."""
    near = float(value)
    return near, abs(near) * (2 * _U) + _TINY
