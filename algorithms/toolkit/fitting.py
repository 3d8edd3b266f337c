"""What the float64 trainers share: feature scaling that folds into a network, restarts, the restart goal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oracle.errors import InvalidValue

Array = NDArray[np.float64]
Layers = Sequence[tuple[Array, Array]]


@dataclass(frozen=True, eq=False)
class Scaled:
    """Features (x − mean) / scale, shape (r, d), with the mean and the positive scale, each (d,)."""

    features: Array
    mean: Array
    scale: Array


@dataclass(frozen=True, eq=False)
class Fit:
    """One finished attempt: its layers, float64 or exact, its largest training error, the optimiser's exit flag."""

    layers: Sequence[tuple[NDArray[Any], NDArray[Any]]]
    error: float
    converged: bool


def standardise(points: Array) -> Scaled:
    """Return `points`, shape (r, d), shifted and scaled to mean 0 and variance 1 column by column.

    A column's spread is measured relative to its own size, so that a column of 2^-53's or 2^-900's is a
    feature like any other. One that varies by no more than the rounding error of its mean counts as constant
    and has scale 1, much as in scikit-learn's StandardScaler.
    """
    mean = points.mean(axis=0)
    centred = points - mean
    spread = np.abs(centred).max(axis=0)
    varies = spread > len(points) * np.finfo(np.float64).eps * np.abs(mean)
    unit = np.where(varies, spread, 1.0)
    scale = np.where(varies, unit * np.std(centred / unit, axis=0), 1.0)
    return Scaled(centred / scale, mean, scale)


def fold(layers: Layers, mean: Array, scale: Array) -> list[tuple[Array, Array]]:
    """Return the network x ↦ φ((x − mean) / scale) for the network φ given by `layers`.

    W_1 becomes V = W_1 / scale and b_1 becomes b_1 − V mean, each rounded to float64.

    Guarantee
    ---------
    Against exact arithmetic a first-layer value at x is off by at most about
    (d + 2)·2^-53·(|b_1| + |V|(|x| + |mean|)): a few units in the last place, unless a column varies by far
    less than its mean.
    """
    (weights, biases), *rest = layers
    # The bias is taken from the rounded V, not from W_1·mean/scale: V x and V mean then cancel near the mean.
    folded = weights / scale
    return [(folded, biases - folded @ mean), *rest]


def forward(layers: Layers, features: Array) -> Array:
    """Return the network's values, shape (r,), at `features`, shape (r, d)."""
    values = features
    for index, (weights, biases) in enumerate(layers):
        values = (np.maximum(values, 0.0) if index else values) @ weights.T + biases
    result: Array = values[:, 0]
    return result


def training_error(layers: Layers, features: Array, labels: Array) -> float:
    """Return max_k |φ(x_k) − label_k|, infinity where a value is NaN."""
    error = float(np.abs(forward(layers, features) - labels).max())
    return math.inf if math.isnan(error) else error


def best_of(attempts: Iterable[Fit], goal: float) -> Fit:
    """Return the first attempt with error at most `goal`, else the one with the least error.

    Attempts are drawn one by one and no further than needed, so that a generator costs what it uses.

    Raises
    ------
    InvalidValue
        If there is no attempt at all.
    """
    best: Fit | None = None
    for attempt in attempts:
        if best is None or attempt.error < best.error:
            best = attempt
        if best.error <= goal:
            break
    if best is None:
        raise InvalidValue("attempts", 0, "a trainer makes at least one attempt", "give 1 or more")
    return best


def restart_goal(tolerance: str | float | Fraction, points: int) -> float:
    """Return ε̂/√r for r points: an error of at most this passes under maximum and mean squared cost alike."""
    return float(Fraction(tolerance)) / math.sqrt(points)
