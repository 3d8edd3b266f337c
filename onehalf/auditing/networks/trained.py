"""A trained network with any number of outputs, its float64 weights taken as the rationals that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from operator import mul
from typing import Any

import flint
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from oracle.errors import InvalidValue
from oracle.networks import exact_fraction

Floats = NDArray[np.float64]
_LARGEST_TABLE = 1_000_000
Pattern = list[NDArray[np.bool_]]


@dataclass(frozen=True, eq=False)
class AffineLayer:
    """x ↦ Wx + b, then ReLU where `relu`.

    Attributes
    ----------
    weights : sparse array (n, m) of float64
    bias : array (n,) of float64
    relu : bool
    """

    weights: csr_array
    bias: Floats
    relu: bool


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A chain of affine maps and ReLUs.

    Attributes
    ----------
    layers : tuple of AffineLayer
    shape : tuple of int
        Of one input; points are given flat, or in this shape.
    middle, range : tuple of Fraction, optional
        Inputs x enter as (x − middle) / range, exactly.
    notes : tuple of str
        What was done to make it of what was read, sentences.
    threshold : Fraction
        From which value on a network of one output says 1.
    """

    layers: tuple[AffineLayer, ...]
    shape: tuple[int, ...]
    middle: tuple[Fraction, ...] | None = None
    range: tuple[Fraction, ...] | None = None
    notes: tuple[str, ...] = ()
    threshold: Fraction = Fraction(1, 2)
    source: str = "network"

    @property
    def inputs(self) -> int:
        """How many numbers one input has."""
        return int(self.layers[0].weights.shape[1])

    @property
    def outputs(self) -> int:
        """How many outputs there are."""
        return int(self.layers[-1].weights.shape[0])

    @property
    def neurons(self) -> int:
        """How many ReLUs there are."""
        return sum(layer.weights.shape[0] for layer in self.layers if layer.relu)

    @cached_property
    def exact(self) -> ExactLayers:
        """Its layers as integers over powers of two."""
        return ExactLayers(self.layers)

    def difference(self, i: int, j: int) -> TrainedNetwork:
        """Return the network of one output: the i-th minus the j-th, from 0.

        Raises
        ------
        InvalidValue
            If there is no such output.
        """
        for k in (i, j):
            if not 0 <= k < self.outputs:
                raise InvalidValue("output", k, f"must be from 0 to {self.outputs - 1}", "choose another")
        row = np.zeros((1, self.outputs))
        row[0, i] += 1
        row[0, j] -= 1
        return replace(self, layers=(*self.layers, AffineLayer(csr_array(row), np.zeros(1), False)))

    def entered(self, points: ArrayLike | Sequence[Any]) -> NDArray[np.object_]:
        """Return points as the first layer meets them, (r, d) of Fraction.

        Raises
        ------
        InvalidValue
            If they do not have the shape of inputs, or hold what is no finite number.
        """
        table = np.asarray(points)
        if table.ndim and table.shape[1:] != (self.inputs,) and table.size == len(table) * self.inputs:
            table = table.reshape(len(table), -1)
        if table.ndim != 2 or table.shape[1] != self.inputs:
            raise InvalidValue(
                "points",
                table.shape,
                f"must be (r, {self.inputs})",
                f"the network's inputs have shape {self.shape}",
            )
        found = np.empty(table.shape, dtype=object)
        try:
            found[:] = [[exact_fraction(x) for x in row] for row in table]
        except ValueError as error:
            raise InvalidValue(
                "points", "table", f"hold no finite number: {error}", "remove or replace it"
            ) from error
        if self.middle is not None:
            found = found - np.array(self.middle, dtype=object)
        return self._scaled(found)

    def turned(self, direction: Sequence[Any]) -> list[Fraction]:
        """Return a direction of inputs as the first layer meets it.

        Raises
        ------
        InvalidValue
            If it has another length, or is zero.
        """
        found = [exact_fraction(x) for x in np.asarray(direction, dtype=object).ravel()]
        if len(found) != self.inputs or not any(found):
            raise InvalidValue(
                "direction", len(found), f"must be {self.inputs} numbers, not all 0", "give as many"
            )
        return list(self._scaled(np.array([found], dtype=object))[0])

    def _scaled(self, table: NDArray[np.object_]) -> NDArray[np.object_]:
        return table if self.range is None else table / np.array(self.range, dtype=object)

    def __call__(self, points: ArrayLike) -> NDArray[np.object_]:
        """Return the exact values at points, (r, d) → (r, outputs) of Fraction."""
        entered = self.entered(points)
        values = np.empty((len(entered), self.outputs), dtype=object)
        for k, point in enumerate(entered):
            values[k] = self.exact.values(point)
        return values


class ExactLayers:
    """The layers as integers: weights over 2^k, biases over the product of all so far.

    On a piece where the pattern of ReLUs is fixed, φ(x + t·v) = c + s·t; c and s are integers over `scale` times the
    common denominator of x and v.
    """

    def __init__(self, layers: Sequence[AffineLayer]) -> None:
        self.relu = [layer.relu for layer in layers]
        self.rows: list[list[tuple[list[int] | None, list[int]]]] = []
        self.bias: list[list[int]] = []
        bits = 0
        for layer in layers:
            table = layer.weights
            exponent = max(_exponent(table.data), _exponent(layer.bias) - bits, 0)
            bits += exponent
            rows: list[tuple[list[int] | None, list[int]]] = []
            for low, high in zip(table.indptr[:-1], table.indptr[1:], strict=True):
                places = table.indices[low:high].tolist()
                whole = [_scaled(x, exponent) for x in table.data[low:high].tolist()]
                rows.append((None if places == list(range(table.shape[1])) else places, whole))
            self.rows.append(rows)
            self.bias.append([_scaled(x, bits) for x in layer.bias.tolist()])
        self.scale = 1 << bits
        self.tables = [
            _table(rows, layer.weights.shape) for rows, layer in zip(self.rows, layers, strict=True)
        ]

    def layer(self, index: int, vector: list[int], factor: int) -> list[int]:
        """Return W·vector + factor·b, as integers."""
        return [
            sum(map(mul, whole, vector if places is None else [vector[k] for k in places])) + factor * b
            for (places, whole), b in zip(self.rows[index], self.bias[index], strict=True)
        ]

    def pair(self, index: int, c: list[int], s: list[int], factor: int) -> tuple[list[int], list[int]]:
        """Return W·c + factor·b and W·s, as integers."""
        table = self.tables[index]
        if table is None:
            return self.layer(index, c, factor), self.layer(index, s, 0)
        both = (
            table * flint.fmpz_mat(len(c), 2, [x for entry in zip(c, s, strict=True) for x in entry])
        ).entries()
        whole = [int(x) for x in both]
        return [x + factor * b for x, b in zip(whole[::2], self.bias[index], strict=True)], whole[1::2]

    def values(self, point: Sequence[Fraction]) -> list[Fraction]:
        """Return the outputs at one point."""
        vector, denominator = whole_numbers(point)
        for index, relu in enumerate(self.relu):
            vector = self.layer(index, vector, denominator)
            if relu:
                vector = [max(x, 0) for x in vector]
        return [Fraction(x, self.scale * denominator) for x in vector]


def _table(rows: list[tuple[list[int] | None, list[int]]], shape: tuple[int, ...]) -> Any:
    """Return a layer's integers as one matrix where it is dense and small, else None."""
    if shape[0] * shape[1] > _LARGEST_TABLE or any(places is not None for places, _ in rows):
        return None
    return flint.fmpz_mat(shape[0], shape[1], [x for _, whole in rows for x in whole])


def whole_numbers(values: Sequence[Fraction]) -> tuple[list[int], int]:
    """Return integers and their common denominator."""
    denominator = int(np.lcm.reduce([x.denominator for x in values], dtype=object)) if len(values) else 1
    return [x.numerator * (denominator // x.denominator) for x in values], denominator


def _exponent(values: Floats) -> int:
    """Return the least k ≥ 0 for which all values times 2^k are integers."""
    return max((x.as_integer_ratio()[1].bit_length() - 1 for x in values.tolist()), default=0)


def _scaled(value: float, bits: int) -> int:
    numerator, denominator = value.as_integer_ratio()
    return numerator * ((1 << bits) // denominator)
