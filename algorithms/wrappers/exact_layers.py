"""Layers as the rational numbers that they are, so that exporting a trained network changes nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oracle.arithmetic.foreign import plain_array
from oracle.errors import InvalidOutput

Exact = NDArray[np.object_]
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
