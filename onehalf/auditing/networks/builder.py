"""A network put together layer by layer, whatever format it comes from; what is no affine map or ReLU is refused."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, eye_array

from onehalf.auditing.networks.trained import AffineLayer, Floats, TrainedNetwork
from oracle.errors import InvalidValue

WAY_OUT = "export it with Dense, Conv, ReLU, BatchNorm, Dropout and Identity alone, or cut it off before"
_ROUNDED = "The factors γ/√(σ² + ε) of batch normalisation, irrational in general, were rounded to float64."
_SQRT_BITS = 300


@dataclass
class Builder:
    """Layers so far, and the shape of what the last one gives (without the batch)."""

    source: str
    shape: tuple[int, ...]
    entered: tuple[int, ...] = ()
    layers: list[AffineLayer] = field(default_factory=list)
    middle: tuple[Fraction, ...] | None = None
    range: tuple[Fraction, ...] | None = None
    notes: list[str] = field(default_factory=list)
    threshold: Fraction = Fraction(1, 2)
    ended: str = ""

    def __post_init__(self) -> None:
        self.entered = self.shape

    @property
    def size(self) -> int:
        """How many numbers the last layer gives."""
        return math.prod(self.shape)

    def affine(self, weights: Any, bias: Any = None, shape: tuple[int, ...] | None = None) -> None:
        """Add x ↦ Wx + b on the flat numbers."""
        self._go_on()
        table = csr_array(weights, dtype=np.float64)
        added = np.zeros(table.shape[0]) if bias is None else numbers(bias, self.source).ravel()
        if table.shape != (len(added), self.size):
            rule = f"meets {self.size} numbers and has a bias of {len(added)}"
            raise InvalidValue("layer", table.shape, rule, "correct the file")
        numbers(table.data, self.source)
        self.layers.append(AffineLayer(table, added, False))
        self.shape = shape or (table.shape[0],)

    def dense(self, weights: Any, bias: Any = None) -> None:
        """Add a Dense layer; W is (n, m). On a shape with leading ones these are kept."""
        table = numbers(weights, self.source)
        if table.ndim != 2 or self.shape[-1:] != (table.shape[1],) or self.size != table.shape[1]:
            raise InvalidValue(
                "Dense", table.shape, f"meets an input of shape {self.shape}", "flatten before it"
            )
        self.affine(table, bias, (*self.shape[:-1], table.shape[0]))

    def shift(self, by: Any) -> None:
        """Add x ↦ x + b, exactly."""
        given = _broadcast(numbers(by, self.source), self.shape)
        if not self.layers and self.range is None:
            before = self.middle or (Fraction(0),) * self.size
            self.middle = tuple(m - Fraction(b) for m, b in zip(before, given.tolist(), strict=True))
            return
        if self.layers and not self.layers[-1].relu and not self.layers[-1].bias.any():
            self._go_on()
            self.layers[-1] = AffineLayer(self.layers[-1].weights, given, False)
            return
        self.affine(eye_array(self.size, format="csr"), given, self.shape)

    def scale(self, by: Any, bias: Any = None) -> None:
        """Add x ↦ a·x + b, number by number."""
        factors = _broadcast(numbers(by, self.source), self.shape)
        added = None if bias is None else _broadcast(numbers(bias, self.source), self.shape)
        self.affine(diags_array(factors, format="csr"), added, self.shape)

    def divide(self, by: Any) -> None:
        """Add x ↦ x/a: before the first layer exactly, later only by powers of two."""
        given = _broadcast(numbers(by, self.source), self.shape)
        if not given.all():
            raise InvalidValue("Div", 0, "divides by zero", "correct the file")
        if not self.layers:
            before = self.range or (Fraction(1),) * self.size
            self.range = tuple(m * Fraction(b) for m, b in zip(before, given.tolist(), strict=True))
            return
        if (np.abs(np.frexp(given)[0]) != 0.5).any():
            raise InvalidValue(
                "Div", self.source, "divides by no power of two, which is not exact", "multiply instead"
            )
        self.scale(1 / given)

    def conv(
        self,
        weights: Any,
        bias: Any,
        strides: Sequence[int],
        pads: Sequence[int],
        dilations: Sequence[int],
        groups: int,
    ) -> None:
        """Add a convolution as the affine map that it is; W is (out, in/groups, …), pads all begins, then all ends."""
        kernel = numbers(weights, self.source)
        rank = kernel.ndim - 2
        if len(self.shape) != rank + 1 or self.shape[0] != kernel.shape[1] * groups:
            raise InvalidValue(
                "Conv", kernel.shape, f"meets an input of shape {self.shape}", "correct the file"
            )
        sizes = self.shape[1:]
        spread = [d * (k - 1) + 1 for d, k in zip(dilations, kernel.shape[2:], strict=True)]
        out = [(sizes[a] + pads[a] + pads[a + rank] - spread[a]) // strides[a] + 1 for a in range(rank)]
        if min(out) < 1:
            raise InvalidValue(
                "Conv", kernel.shape, f"is larger than its input of shape {self.shape}", "correct it"
            )
        places = np.arange(self.size).reshape(self.shape)
        steps = np.indices(out).reshape(rank, -1)
        rows, columns, values = [], [], []
        each = kernel.shape[0] // groups
        cells = math.prod(out)
        for o in range(kernel.shape[0]):
            for i in range(kernel.shape[1]):
                channel = places[o // each * kernel.shape[1] + i]
                for offset in np.ndindex(*kernel.shape[2:]):
                    at = [steps[a] * strides[a] - pads[a] + offset[a] * dilations[a] for a in range(rank)]
                    inside = np.logical_and.reduce(
                        [(x >= 0) & (x < n) for x, n in zip(at, sizes, strict=True)]
                    )
                    rows.append(o * cells + np.flatnonzero(inside))
                    columns.append(channel[tuple(x[inside] for x in at)])
                    values.append(np.full(int(inside.sum()), kernel[(o, i, *offset)]))
        table = csr_array(
            (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
            shape=(kernel.shape[0] * cells, self.size),
        )
        added = np.zeros(kernel.shape[0]) if bias is None else numbers(bias, self.source)
        self.affine(table, np.repeat(added, cells), (kernel.shape[0], *out))

    def normalise(self, scale: Any, shift: Any, mean: Any, variance: Any, epsilon: float) -> None:
        """Add a batch normalisation in evaluation mode: its factor to float64, all else exactly."""
        arrays = [numbers(part, self.source).ravel() for part in (scale, shift, mean, variance)]
        channels = self.shape[0] if len(self.shape) > 1 else self.size
        if any(len(part) != channels for part in arrays):
            raise InvalidValue(
                "BatchNormalization", self.shape, "has another number of channels", "correct the file"
            )
        factors = [
            _factor(Fraction(g), Fraction(v) + Fraction(float(epsilon)), self.source)
            for g, v in zip(arrays[0].tolist(), arrays[3].tolist(), strict=True)
        ]
        across = (channels, *[1] * (len(self.shape) - 1))
        self.affine(
            eye_array(self.size, format="csr"), -_broadcast(arrays[2].reshape(across), self.shape), self.shape
        )
        self.scale(np.array(factors).reshape(across), arrays[1].reshape(across))
        if _ROUNDED not in self.notes:
            self.notes.append(_ROUNDED)

    def relu(self) -> None:
        """Add a ReLU."""
        self._go_on()
        if not self.layers or self.layers[-1].relu:
            self.affine(eye_array(self.size, format="csr"), None, self.shape)
        last = self.layers[-1]
        self.layers[-1] = AffineLayer(last.weights, last.bias, True)

    def permute(self, order: Sequence[int]) -> None:
        """Exchange the axes of what the last layer gives."""
        places = np.arange(self.size).reshape(self.shape).transpose(order)
        if (places.ravel() == np.arange(self.size)).all():
            self.shape = places.shape
            return
        table = csr_array(
            (np.ones(self.size), (np.arange(self.size), places.ravel())), shape=(self.size, self.size)
        )
        self.affine(table, None, places.shape)

    def finish(self, kind: str) -> None:
        """End with a monotone map of the outputs, which is left out: no class depends on it."""
        self._go_on()
        if kind == "Sigmoid" and self.size == 1:
            self.threshold = Fraction(0)
            self.notes.append(
                "The last Sigmoid was left out: it is at least 1/2 where its argument is at least 0."
            )
        elif kind in ("Softmax", "LogSoftmax", "Sigmoid"):
            self.notes.append(
                f"The last {kind} was left out: it does not change which output is the largest."
            )
        else:
            self.refuse(kind)
        self.ended = kind

    def _go_on(self) -> None:
        if self.ended:
            self.refuse(self.ended)

    def refuse(self, kind: str, rule: str = "is no affine map and no ReLU") -> None:
        """Refuse an operation by name."""
        raise InvalidValue("operation", kind, f"of {self.source} {rule}", WAY_OUT)

    def network(self) -> TrainedNetwork:
        """Return what was put together."""
        if not self.layers:
            raise InvalidValue("network", self.source, "has no layer", "give a network with one at least")
        return TrainedNetwork(
            tuple(self.layers),
            self.entered,
            self.middle,
            self.range,
            tuple(self.notes),
            self.threshold,
            self.source,
        )


def numbers(values: Any, source: str) -> Floats:
    """Return float64s, exactly as given; wider numbers and what is not finite are refused."""
    table = np.asarray(values)
    if table.dtype.kind not in "fiub" or table.dtype.itemsize > 8:
        raise InvalidValue(
            "weights", str(table.dtype), f"of {source} must be float64 or narrower", "convert them"
        )
    found: Floats = table.astype(np.float64)
    if not np.isfinite(found).all():
        raise InvalidValue("weights", source, "hold NaN or infinity", "train it anew, or correct the file")
    return found


def _broadcast(values: NDArray[Any], shape: tuple[int, ...]) -> Floats:
    """Return numbers for each place; leading axes of size one (the batch) are dropped."""
    while values.ndim > len(shape) and values.shape[0] == 1:
        values = values[0]
    try:
        return np.ascontiguousarray(np.broadcast_to(values, shape)).ravel()
    except ValueError as error:
        raise InvalidValue(
            "constant", values.shape, f"does not fit an input of shape {shape}", "correct the file"
        ) from error


def _factor(scale: Fraction, variance: Fraction, source: str) -> float:
    """Return scale/√variance, rounded to float64."""
    if variance <= 0:
        raise InvalidValue("variance", float(variance), f"of {source} must be positive", "correct the file")
    root = Fraction(
        math.isqrt((variance.numerator << _SQRT_BITS * 2) // variance.denominator), 1 << _SQRT_BITS
    )
    return float(scale / root)
