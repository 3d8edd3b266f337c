"""A network on a segment or a box of a plane, as its affine pieces, exactly.

A network with rational weights restricted to t ↦ x + t·v or (s, t) ↦ x + s·e_i + t·e_j, for rational directions,
has pieces with rational gradients and knots at −(value)/(slope): x may lie in Q[θ] (irrational a), for nothing is
ever divided by a number that is not rational. Where everything is rational the arithmetic is python-flint's.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from oracle.networks import Network
from oracle.numbers import Irrational, Real

Numbers = NDArray[np.object_]
Corner = tuple[Any, Any]
Line = tuple[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """φ(x + t·v) = constant + slope·t for low ≤ t ≤ high."""

    low: Any
    high: Any
    constant: Any
    slope: Any


@dataclass(frozen=True, slots=True)
class Patch:
    """φ(x + s·e_i + t·e_j) = constant + slope·(s, t) on a convex polygon.

    Attributes
    ----------
    corners : tuple of (s, t)
        In order around the polygon.
    edges : tuple of (p, q, c)
        The line p·s + q·t + c = 0 that runs from each corner to the next; p and q are rational.
    """

    corners: tuple[Corner, ...]
    edges: tuple[Line, ...]
    constant: Any
    slope: tuple[Any, Any]


class Restriction:
    """A network made ready for exact restriction, in the arithmetic that the points call for.

    Parameters
    ----------
    network : Network
        Any; its weights are taken as the rationals that they are.
    rational : bool
        Whether all points to come are rational.
    """

    def __init__(self, network: Network, rational: bool = True) -> None:
        self.rational = rational
        self.layers = [(self._convert(w), self._convert(b)) for w, b in network.exact_layers()]

    def _convert(self, table: NDArray[Any]) -> Numbers:
        result = np.empty(table.size, dtype=object)
        result[:] = [self.number(x) for x in table.flat]
        return result.reshape(table.shape)

    def number(self, value: Real | int) -> Any:
        """Return a number in this restriction's arithmetic."""
        if isinstance(value, Irrational):
            return value
        exact = Fraction(value)
        return flint.fmpq(exact.numerator, exact.denominator) if self.rational else exact

    def line(
        self, point: Sequence[Real], direction: Sequence[Fraction | int], low: Real, high: Real
    ) -> list[Piece]:
        """Return the pieces of t ↦ φ(point + t·direction) on [low, high], in order of t.

        Neighbouring pieces may be parts of one affine function.
        """
        weights, bias = self.layers[0]
        constant = weights @ self._convert(np.array(point, dtype=object)) + bias
        slope = weights @ self._convert(np.array(direction, dtype=object))
        state = [(self.number(low), self.number(high), constant, slope)]
        for weights, bias in self.layers[1:]:
            state = [
                (left, right, weights @ c + bias, weights @ s)
                for piece in state
                for left, right, c, s in _rectified(*piece)
            ]
        return [Piece(left, right, c[0], s[0]) for left, right, c, s in state]

    def box(self, point: Sequence[Real], axes: tuple[int, int], sizes: tuple[Real, Real]) -> list[Patch]:
        """Return the patches of (s, t) ↦ φ(point + s·e_i + t·e_j) on |s| ≤ sizes[0], |t| ≤ sizes[1]."""
        weights, bias = self.layers[0]
        constant = weights @ self._convert(np.array(point, dtype=object)) + bias
        one, nil = self.number(1), self.number(0)
        s, t = (self.number(size) for size in sizes)
        corners: tuple[Corner, ...] = ((-s, -t), (s, -t), (s, t), (-s, t))
        edges: tuple[Line, ...] = ((nil, one, t), (one, nil, -s), (nil, one, -t), (one, nil, s))
        state = [(corners, edges, constant, weights[:, list(axes)])]
        for weights, bias in self.layers[1:]:
            state = [
                (ring, lines, weights @ c + bias, weights @ g)
                for patch in state
                for ring, lines, c, g in _folded(*patch)
            ]
        return [Patch(ring, lines, c[0], (g[0, 0], g[0, 1])) for ring, lines, c, g in state]


def _rectified(low: Any, high: Any, constant: Numbers, slope: Numbers) -> list[tuple[Any, Any, Any, Any]]:
    """Return ρ(constant + slope·t) on [low, high], cut where a neuron changes sign."""
    zeros = (-c / s for c, s in zip(constant, slope, strict=True) if s != 0)
    knots = [low, *sorted({z for z in zeros if low < z < high}), high]
    found = []
    for left, right in itertools.pairwise(knots):
        middle = (left + right) / 2
        on = constant + slope * middle > 0
        found.append((left, right, _where(on, constant), _where(on, slope)))
    return found


def _where(on: NDArray[Any], values: Numbers) -> Numbers:
    """Return the values of active neurons and 0 for the others."""
    kept = values.copy()
    kept[~on.astype(bool)] = 0
    return kept


def _folded(
    corners: tuple[Corner, ...], edges: tuple[Line, ...], constant: Numbers, gradient: Numbers
) -> list[tuple[tuple[Corner, ...], tuple[Line, ...], Numbers, Numbers]]:
    """Return ρ(constant + gradient·(s, t)) on a polygon, cut where a neuron changes sign."""
    parts = [(corners, edges)]
    for c, (p, q) in zip(constant, gradient, strict=True):
        parts = [half for ring, lines in parts for half in _halves(ring, lines, (p, q, c))]
    found = []
    for ring, lines in parts:
        # Away from its own line a neuron has one sign on the whole part; a corner that shows it is enough.
        on = np.array(
            [
                any(p * s + q * t + c > 0 for s, t in ring)
                for c, (p, q) in zip(constant, gradient, strict=True)
            ]
        )
        found.append((ring, lines, _where(on, constant), _where(on, gradient)))
    return found


def _halves(
    ring: tuple[Corner, ...], lines: tuple[Line, ...], cut: Line
) -> list[tuple[tuple[Corner, ...], tuple[Line, ...]]]:
    p, q, c = cut
    signs = [p * s + q * t + c for s, t in ring]
    if all(x >= 0 for x in signs) or all(x <= 0 for x in signs):
        return [(ring, lines)]
    return [clip(ring, lines, cut), clip(ring, lines, (-p, -q, -c))]


def clip(
    ring: tuple[Corner, ...], lines: tuple[Line, ...], cut: Line
) -> tuple[tuple[Corner, ...], tuple[Line, ...]]:
    """Return the part of a convex polygon where p·s + q·t + c ≥ 0, for the line `cut` = (p, q, c).

    It may be a single corner, an edge (two corners), or empty.
    """
    p, q, c = cut
    signs = [p * s + q * t + c for s, t in ring]
    corners: list[Corner] = []
    edges: list[Line] = []
    for i, here in enumerate(signs):
        after = signs[(i + 1) % len(signs)]
        if here >= 0:
            corners.append(ring[i])
            edges.append(cut if here == 0 and after < 0 else lines[i])
        if here > 0 > after or here < 0 < after:
            crossing = meet(lines[i], cut)
            assert crossing is not None
            corners.append(crossing)
            edges.append(cut if here > 0 else lines[i])
    return tuple(corners), tuple(edges)


def meet(first: Line, second: Line) -> Corner | None:
    """Return the point where two lines meet, None where they are parallel."""
    (p, q, c), (u, v, d) = first, second
    determinant = p * v - q * u
    if determinant == 0:
        return None
    return (q * d - v * c) / determinant, (u * c - p * d) / determinant


def as_real(value: Any) -> Real:
    """Return a number of a restriction's arithmetic as Fraction or Irrational."""
    if isinstance(value, flint.fmpq):
        return Fraction(int(value.p), int(value.q))
    return value if isinstance(value, Irrational) else Fraction(value)
