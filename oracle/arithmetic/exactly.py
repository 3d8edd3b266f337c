"""The values of a ReLU network in exact arithmetic: what it costs is known before, and points are taken in slices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from oracle.arithmetic.effort import (
    LONG,
    OPERATION,
    SLICE_BITS,
    Effort,
    common_multiple,
    divisor_cost,
    fast_product_cost,
    quadratic_cost,
    reduced,
)

Layers = Sequence[tuple[NDArray[Any], NDArray[Any]]]
Integers = NDArray[Any]
# Bits of a float64's numerator over a common denominator of a layer, and of that denominator.
_FLOAT_BITS, _FLOAT_SCALE_BITS = 2100, 1076
_OBJECT_BITS = 300
_IRRATIONAL_STEPS = 10
_SIGN = 400


def values_at_rationals(
    layers: Layers,
    is_float: bool,
    points: Integers,
    scale: Integers,
    sizes: tuple[int, int],
    effort: Effort,
) -> tuple[list[Any], int]:
    """Return the values at points given as integers, shape (d, r), over denominators, shape (r,).

    With them comes a bound of the bits of their numerators and denominators.

    Parameters
    ----------
    sizes : (int, int)
        The most bits of the points' coordinates, and of their denominators.

    It goes by homogeneous integers: each point's denominator is an extra coordinate c and each layer is scaled to
    integers, so that with ρ(s·x) = s·ρ(x), s > 0, nothing but integer products is left.

    Raises
    ------
    TooLarge
        If that costs more than `effort`.
    """
    whole, size, longest = _in_integers(layers, is_float, len(scale), sizes, effort)
    if longest >= LONG:
        whole = [(_in_flint(w), _in_flint(b), flint.fmpz(common)) for w, b, common in whole]
        points, scale = _in_flint(points), _in_flint(scale)
    found: list[Any] = []
    for start in range(0, len(scale), size):
        values, scales = points[:, start : start + size], scale[start : start + size]
        for index, (w, b, common) in enumerate(whole):
            if index:
                values = np.maximum(values, 0)
            values = w @ values + b[:, None] * scales
            scales = scales * common
        if longest >= LONG:
            found += [reduced(int(v), int(c)) for v, c in zip(values[0], scales, strict=True)]
        else:
            found += [Fraction(v, c) for v, c in zip(values[0], scales, strict=True)]
    return found, longest


def _in_flint(part: Integers) -> Integers:
    found = np.empty(part.size, dtype=object)
    found[:] = [flint.fmpz(x) for x in part.flat]
    return found.reshape(part.shape)


def _in_integers(
    layers: Layers, is_float: bool, points: int, sizes: tuple[int, int], effort: Effort
) -> tuple[list[tuple[Integers, Integers, Any]], int, int]:
    """Return the layers in integers, how many points may be taken at once, and how many bits the longest integer has.

    What all of it costs is charged.
    """
    shapes = tuple([w.shape for w, _ in layers])
    if is_float and effort.left is not None:
        units, bits, longest = _float_units(shapes, points, sizes)
        if units <= effort.left and bits <= SLICE_BITS and longest < LONG:
            return [integers(w, b, effort) for w, b in layers], points, longest
    whole, held = [], 0
    for w, b in layers:
        whole.append(integers(w, b, effort))
        held += sum(int(x.bit_length()) for part in whole[-1][:2] for x in part.flat)
        effort.hold(held)
    lengths = [(Counter(x.bit_length() for x in w.flat), most_bits(b), s.bit_length()) for w, b, s in whole]
    units, bits, longest = _units(lengths, shapes, points, sizes)
    effort.charge(units)
    effort.hold(held + 2 * longest * points)
    return whole, max(SLICE_BITS * points // bits, 1), longest


def most_bits(part: Integers) -> int:
    """Return how many bits the longest integer has."""
    return max(int(x.bit_length()) for x in part.flat)


@lru_cache(maxsize=256)
def _float_units(
    shapes: tuple[tuple[int, int], ...], points: int, sizes: tuple[int, int]
) -> tuple[int, int, int]:
    """Return `_units` for the longest integers that layers of float64 of these shapes can have."""
    layers = [(Counter({_FLOAT_BITS: h * m}), _FLOAT_BITS, _FLOAT_SCALE_BITS) for h, m in shapes]
    return _units(layers, shapes, points, sizes)


def _units(
    layers: Sequence[tuple[Counter[int], int, int]],
    shapes: Sequence[tuple[int, int]],
    points: int,
    sizes: tuple[int, int],
) -> tuple[int, int, int]:
    """Return what the evaluation costs at most, and how many bits the widest layer's values and one number have.

    Parameters
    ----------
    layers : sequence of (counter, int, int)
        How many weights have how many bits, the most bits of an offset, and those of the common denominator.
    sizes : (int, int)
        The most bits of the points' coordinates, and of their denominators.
    """
    value, scale = sizes
    each, most = 0, 0
    for (weights, offset, common), (height, inputs) in zip(layers, shapes, strict=True):
        each += sum(count * fast_product_cost(bits, value) for bits, count in weights.items())
        each += height * fast_product_cost(offset, scale) + fast_product_cost(scale, common)
        value = max(max(weights) + value, offset + scale) + inputs.bit_length() + 1
        scale += common
        most = max(most, height * (value + _OBJECT_BITS) + scale)
    each += 20 * OPERATION + divisor_cost(value, scale) + 2 * fast_product_cost(value, scale)
    return each * points, most * points, max(value, scale)


def integers(w: NDArray[Any], b: NDArray[Any], effort: Effort) -> tuple[Integers, Integers, int]:
    """Return integer W', b' and the positive integer s with W = W'/s, b = b'/s."""
    both = np.concatenate([w, b[:, None]], axis=1)
    ratios = [x.as_integer_ratio() for x in both.ravel().tolist()]
    scaled = np.empty(len(ratios), dtype=object)
    if both.dtype == np.float64:
        common = max([q for _, q in ratios])  # powers of two
        scaled[:] = [p * (common // q) for p, q in ratios]
    else:
        common = common_multiple((q for _, q in ratios), effort)
        length = common.bit_length()
        number = flint.fmpz if length >= LONG else int
        rests = [length - q.bit_length() + 1 for _, q in ratios]
        effort.hold(sum(p.bit_length() + rest for (p, _), rest in zip(ratios, rests, strict=True)))
        for (p, q), rest in zip(ratios, rests, strict=True):
            effort.charge(
                2 * fast_product_cost(q.bit_length(), rest) + fast_product_cost(p.bit_length(), rest)
            )
        scaled[:] = [number(p) * (number(common) // number(q)) for p, q in ratios]
    table = scaled.reshape(both.shape)
    return table[:, :-1], table[:, -1], common


def values_at_irrationals(
    layers: Layers, is_float: bool, points: NDArray[np.object_], effort: Effort
) -> tuple[list[Any], int]:
    """Return the values at points of shape (r, d) with coordinates in Q[θ], in the arithmetic of that ring.

    With them comes a bound of the bits of the rationals that make them up.

    Raises
    ------
    TooLarge
        If that costs more than `effort`.
    """
    first = max(_bits_of(x) for x in points.flat)
    shapes = tuple([w.shape for w, _ in layers])
    limit = effort.left
    units, bits = _irrational_units(shapes, [_FLOAT_BITS + _FLOAT_SCALE_BITS] * len(layers), first)
    if limit is not None and not (is_float and units * len(points) <= limit):
        sizes = []
        for w, b in layers:
            whole, offsets, common = integers(w, b, effort)
            sizes.append(max(most_bits(whole), most_bits(offsets)) + common.bit_length())
        units, bits = _irrational_units(shapes, sizes, first)
        effort.charge(units * len(points))
        effort.hold(bits * len(points))
    size = max(SLICE_BITS // (bits * max(height for height, _ in shapes)), 1)
    exact = [(_fractions(w), _fractions(b)) for w, b in layers]
    found: list[Any] = []
    for start in range(0, len(points), size):
        values = points[start : start + size].T
        for index, (w, b) in enumerate(exact):
            if index:
                values = np.maximum(values, 0)
            values = w @ values + b[:, None]
        found += values[0].tolist()
    return found, bits


def _irrational_units(shapes: Sequence[tuple[int, int]], sizes: Sequence[int], first: int) -> tuple[int, int]:
    """Return what one point costs at most, and how many bits its value has; `sizes` are a weight's in each layer."""
    units, bits = 0, first
    for (height, inputs), size in zip(shapes, sizes, strict=True):
        bits += size + 2 * inputs.bit_length()
        units += height * ((inputs + 1) * _IRRATIONAL_STEPS * quadratic_cost(bits, bits) + _SIGN * OPERATION)
    return units, 2 * bits + _OBJECT_BITS


def _bits_of(x: Any) -> int:
    parts: tuple[Fraction, ...] = getattr(x, "coefficients", (x,))
    return max(part.numerator.bit_length() + part.denominator.bit_length() for part in parts)


def _fractions(part: NDArray[Any]) -> NDArray[np.object_]:
    if part.dtype == object:
        return part
    found = np.empty(part.size, dtype=object)
    found[:] = [Fraction(x) for x in part.ravel().tolist()]
    return found.reshape(part.shape)
