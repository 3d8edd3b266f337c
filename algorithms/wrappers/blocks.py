"""Exact affine functions of ReLUs at several depths, and the layered network that computes one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from algorithms.wrappers.exact_layers import Exact, ExactLayers

Coefficients = dict[int, Exact]


@dataclass(frozen=True)
class Value:
    """An affine function of blocks: Σ parts[k] · block k + bias.

    Attributes
    ----------
    parts : mapping of int to (n, width of the block) array of Fraction
    bias : (n,) array of Fraction
    """

    parts: Mapping[int, Exact]
    bias: Exact

    @property
    def width(self) -> int:
        """n."""
        return len(self.bias)

    def mapped(self, weights: Exact, bias: Exact) -> Value:
        """Return weights · self + bias."""
        return Value({k: weights @ part for k, part in self.parts.items()}, weights @ self.bias + bias)

    def scaled(self, factors: Exact, shift: Exact) -> Value:
        """Return factors · self + shift, coordinate by coordinate."""
        parts = {k: part * factors[:, None] for k, part in self.parts.items()}
        return Value(parts, self.bias * factors + shift)

    def plus(self, other: Value) -> Value:
        """Return the sum of both."""
        parts = dict(self.parts)
        for k, part in other.parts.items():
            parts[k] = parts[k] + part if k in parts else part
        return Value(parts, self.bias + other.bias)


class Blocks:
    """The inputs, which are block 0, and ρ of values that were made so far.

    A block's level is the number of ReLU layers before it; ρ of a value is one above the highest that the value needs.
    """

    def __init__(self, inputs: int) -> None:
        self._inputs = inputs
        self._made: list[tuple[int, Value]] = []

    def inputs(self) -> Value:
        """Return the inputs as a value."""
        return Value({0: identity(self._inputs)}, zeros(self._inputs))

    def relu(self, value: Value) -> Value:
        """Return ρ(value)."""
        self._made.append((1 + max((self._level(k) for k in value.parts), default=0), value))
        return Value({len(self._made): identity(value.width)}, zeros(value.width))

    def _level(self, block: int) -> int:
        return self._made[block - 1][0] if block else 0

    def layers(self, output: Value) -> ExactLayers:
        """Return the layers of a ReLU network that computes the output.

        A value that a later layer needs is carried there: what ρ made, by ρ(x) = x; an input by ρ(x) − ρ(−x).
        """
        depth = max((self._level(k) for k in output.parts), default=0)
        needed = [set[int]() for _ in range(depth + 1)]
        needed[depth] = set(output.parts)
        for level in range(depth, 0, -1):
            for block in needed[level]:
                own = self._level(block) == level
                needed[level - 1] |= set(self._made[block - 1][1].parts) if own else {block}
        held: Coefficients = {0: identity(self._inputs)}
        width, layers = self._inputs, []
        for level in range(1, depth + 1):
            rows, places = self._rows(level, sorted(needed[level]), held, width)
            layers.append((_matrix(rows, width), np.concatenate([bias for _, bias in rows])))
            width = len(layers[-1][1])
            held = {block: _spread(place, width) for block, place in places.items()}
        weights = _over(output, held, width)
        return [*layers, (weights, output.bias)]

    def _rows(
        self, level: int, blocks: Sequence[int], held: Coefficients, width: int
    ) -> tuple[list[tuple[Exact, Exact]], dict[int, tuple[int, int, bool]]]:
        """Return the rows of a layer, and of each block: where it begins, its width, and whether it has a negative."""
        rows: list[tuple[Exact, Exact]] = []
        places: dict[int, tuple[int, int, bool]] = {}
        at = 0
        for block in blocks:
            source = self._made[block - 1][1] if self._level(block) == level else None
            known = held[block] if source is None else _over(source, held, width)
            bias = zeros(len(known)) if source is None else source.bias
            signed = block == 0
            rows.append((known, bias))
            if signed:
                rows.append((-known, bias))
            places[block] = at, len(known), signed
            at += len(known) * (2 if signed else 1)
        return rows, places


def _over(value: Value, held: Coefficients, width: int) -> Exact:
    """Return the coefficients of a value over what a layer holds."""
    total = zeros((value.width, width))
    for block, part in value.parts.items():
        total = total + part @ held[block]
    return total


def _spread(place: tuple[int, int, bool], width: int) -> Exact:
    at, size, signed = place
    found = zeros((size, width))
    for row in range(size):
        found[row, at + row] = Fraction(1)
        if signed:
            found[row, at + size + row] = Fraction(-1)
    return found


def _matrix(rows: Sequence[tuple[Exact, Exact]], width: int) -> Exact:
    return np.concatenate([weights for weights, _ in rows]).reshape(-1, width)


def identity(width: int) -> Exact:
    """Return the identity matrix, exactly."""
    found = zeros((width, width))
    for k in range(width):
        found[k, k] = Fraction(1)
    return found


def zeros(shape: int | tuple[int, int]) -> Exact:
    """Return an array of zeros, exactly."""
    found = np.empty(shape, dtype=object)
    found[...] = Fraction(0)
    return found
