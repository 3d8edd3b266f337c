"""Layers as the rational numbers that they are, so that exporting a trained network changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oracle.arithmetic.foreign import plain_array
from oracle.errors import InvalidOutput
from oracle.numbers import to_float

Exact = NDArray[np.object_]
Floats = NDArray[np.float64]
ExactLayers = list[tuple[Exact, Exact]]
# x ↦ factor·x + shift, coordinate by coordinate
Affine = tuple[Exact, Exact]


def exact(values: Any) -> Exact:
    """Return an array of floats of any width as Fractions.

    Raises
    ------
    InvalidOutput
        If an entry is NaN or infinite.
    """
    array = plain_array(values)
    if not np.isfinite(array).all():
        raise InvalidOutput("the trained network holds NaN or infinity; weights must be finite")
    found = np.empty(array.size, dtype=object)
    found[:] = [Fraction(x.item()) for x in array.ravel()]
    return found.reshape(array.shape)


def after(layers: ExactLayers, affine: Affine) -> ExactLayers:
    """Return the network x ↦ φ(factor·x + shift), exactly."""
    factor, shift = affine
    (weights, biases), *rest = layers
    return [(weights * factor, biases + weights @ shift), *rest]


def require_same(
    layers: ExactLayers,
    points: Floats,
    said: Floats,
    reason: Callable[[], str],
    unit: float = 2.0**-52,
    largest: float = 1e300,
) -> None:
    """Check that exported layers compute what the model itself computes, to rounding error.

    A model whose magnitudes pass float's range at a point is not compared there.

    Parameters
    ----------
    points : (m, d) array
        Where; as the model was given them.
    said : (m,) array
        The model's own values.
    reason : callable
        Returns what may be the cause, in words.
    unit, largest : float
        The spacing of the model's floats at 1, and the largest of them. Values may differ by
        8 · unit · Σ (inputs + 3) over the layers times the sum of the magnitudes that make them up.

    Raises
    ------
    InvalidOutput
        If they differ by more.
    """
    floats = [(_rounded(w), _rounded(b)) for w, b in layers]
    with np.errstate(all="ignore"):
        values = points.T
        for index, (weights, biases) in enumerate(floats):
            values = weights @ (np.maximum(values, 0) if index else values) + biases[:, None]
        values = values[0]
        sizes = np.abs(points).T
        for weights, biases in floats:
            sizes = np.abs(weights) @ sizes + np.abs(biases)[:, None]
        allowed = 8 * unit * sum(w.shape[1] + 3 for w, _ in floats) * sizes[0] + np.finfo(np.float64).tiny
        off = np.abs(values - said)
        comparable = sizes[0] < largest
        wrong = np.flatnonzero(comparable & ~(off <= allowed))
    if wrong.size:
        worst = wrong[np.nan_to_num(off[wrong], nan=np.inf).argmax()]
        raise InvalidOutput(
            f"the exported network is {values[worst]:.6g} where the model itself is {said[worst]:.6g}: {reason()}"
        )


def _rounded(part: Exact) -> Floats:
    """Return float64, infinite beyond their range."""
    return np.array([to_float(x) for x in part.ravel().tolist()]).reshape(part.shape)


def probes(points: Floats) -> Floats:
    """Return the points and as many random ones of the columns' spread, at least 16; always the same."""
    rng = np.random.default_rng(0)
    spread = np.abs(points - points.mean(axis=0)).max(axis=0)
    more = points.mean(axis=0) + 2 * spread * rng.normal(size=(max(len(points), 16), points.shape[1]))
    return np.concatenate([points, more])
