"""ReLU networks: architecture, the piece count P(N), exact evaluation, and a compact exact encoding."""

from __future__ import annotations

import itertools
import json
import math
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oracle.arithmetic.effort import reduced
from oracle.arithmetic.foreign import exact_fraction as exact_fraction
from oracle.arithmetic.foreign import plain_array
from oracle.errors import InvalidOutput, InvalidValue

Layer = tuple[NDArray[Any], NDArray[Any]]
_FLOAT_BYTES = 8
_HEAD, _SIZE = 3, 4
_FRACTION = re.compile(r"(-?[0-9a-f]+)/(0*[1-9a-f][0-9a-f]*)")


@dataclass(frozen=True, eq=False, slots=True)
class Network:
    """A ReLU network x ↦ W_L ρ(… ρ(W_1 x + b_1) …) + b_L with one output and no ReLU after the last layer.

    Parameters
    ----------
    layers : sequence of (W, b)
        W of shape (N_i, N_{i−1}) and b of shape (N_i,), the last N_i being 1. Entries are floats, integers or
        `fractions.Fraction`, or numbers of gmpy2, python-flint, SymPy, PyTorch or bfloat16; every finite one is taken
        as the rational that it is. A network of floats keeps float64 arrays, any other keeps object arrays of
        Fractions.

    Raises
    ------
    InvalidOutput
        If a shape does not fit, or an entry is NaN, infinite or not a real number.
    """

    layers: tuple[Layer, ...]

    def __init__(self, layers: Sequence[tuple[ArrayLike, ArrayLike]]) -> None:
        try:
            pairs = [(plain_array(w), plain_array(b)) for w, b in layers]
        except (TypeError, ValueError, OverflowError, RuntimeError) as error:
            raise InvalidOutput(f"a network is a list of (W, b) pairs of numbers: {error}") from error
        if not pairs:
            raise InvalidOutput("a network has at least one layer; none was given")
        exact = any(
            part.dtype.kind in "Oiub" or part.dtype.itemsize > _FLOAT_BYTES for pair in pairs for part in pair
        )
        checked: list[Layer] = []
        for index, (w, b) in enumerate(pairs, start=1):
            _check_shapes(index, w, b, checked[-1][0].shape[0] if checked else None)
            checked.append((_entries(w, f"W_{index}", exact), _entries(b, f"b_{index}", exact)))
        if checked[-1][0].shape[0] != 1:
            raise InvalidOutput(f"the last layer has {checked[-1][0].shape[0]} outputs; a network here has 1")
        object.__setattr__(self, "layers", tuple(checked))

    @property
    def architecture(self) -> tuple[int, ...]:
        """(N_0, N_1, …, N_L)."""
        return (self.layers[0][0].shape[1], *(w.shape[0] for w, _ in self.layers))

    @property
    def is_float(self) -> bool:
        """Whether the weights are held as float64."""
        return self.layers[0][0].dtype == np.float64

    def exact_layers(self) -> list[tuple[NDArray[np.object_], NDArray[np.object_]]]:
        """Return the layers as object arrays of Fractions."""
        return [(_fractions(w), _fractions(b)) for w, b in self.layers]

    def __call__(self, points: ArrayLike) -> NDArray[Any]:
        """Return the values at `points`, shape (m, d) → (m,).

        Exact where `points` is an object array (Fractions, or exact irrationals); float64 otherwise.
        """
        values = np.asarray(points)
        layers: Sequence[Layer] = self.exact_layers() if values.dtype == object else self.layers
        values = values.T
        for index, (w, b) in enumerate(layers):
            if index:
                values = np.maximum(values, 0)
            values = w @ values + b[:, None]
        result: NDArray[Any] = values[0]
        return result


def pieces(architecture: Sequence[int]) -> int:
    """Return P(N) = Π_{i=1}^{L−1} (N_i + 1), the most affine pieces on a line (Lemma 4)."""
    return math.prod(width + 1 for width in architecture[1:-1])


def fits(inner: Sequence[int], outer: Sequence[int]) -> bool:
    """Tell whether NN_inner ⊆ NN_outer by padding with zero neurons: equal depth, no layer wider."""
    return (
        len(inner) == len(outer)
        and (inner[0], inner[-1]) == (outer[0], outer[-1])
        and all(a <= b for a, b in zip(inner, outer, strict=True))
    )


def encode(network: Network) -> bytes:
    """Return bytes that hold the network exactly: its architecture, then float64 or fraction text."""
    flat = np.concatenate([np.concatenate([w.ravel(), b]) for w, b in network.layers])
    sizes = network.architecture
    head = struct.pack(f"<cH{len(sizes)}I", b"f" if network.is_float else b"q", len(sizes), *sizes)
    if network.is_float:
        return head + flat.astype("<f8").tobytes()
    return head + json.dumps([f"{x.numerator:x}/{x.denominator:x}" for x in flat]).encode()


def decode(body: bytes) -> Network:
    """Return the network that `encode` wrote.

    Raises
    ------
    InvalidOutput
        If no network is written like that; nothing else is raised, whatever the bytes.
    """
    try:
        kind, count = struct.unpack_from("<cH", body)
        sizes = struct.unpack_from(f"<{count}I", body, _HEAD)
        flat = _decode_entries(kind, body[_HEAD + _SIZE * count :])
        if count < 2 or len(flat) != sum((m + 1) * n for m, n in itertools.pairwise(sizes)):
            raise ValueError(f"{len(flat)} entries do not fill the layers of {sizes}")
    except (ValueError, TypeError, RecursionError, struct.error) as error:
        raise InvalidOutput(f"bytes that hold no network: {error}") from error
    layers, at = [], 0
    for width, height in itertools.pairwise(sizes):
        w = flat[at : at + width * height].reshape(height, width)
        at += width * height
        layers.append((w, flat[at : at + height]))
        at += height
    return Network(layers)


def _decode_entries(kind: bytes, body: bytes) -> NDArray[Any]:
    if kind == b"f":
        return np.frombuffer(body, dtype="<f8").astype(np.float64)
    if kind != b"q":
        raise ValueError(f"of kind {kind!r}")
    texts = json.loads(body)
    if not isinstance(texts, list):
        raise TypeError("no list of fractions")
    flat = np.empty(len(texts), dtype=object)
    flat[:] = [_decode_fraction(text) for text in texts]
    return flat


def _decode_fraction(text: Any) -> Fraction:
    """Return the fraction of ``p/q`` in hexadecimal digits, q not 0."""
    found = _FRACTION.fullmatch(text)
    if found is None:
        raise ValueError("an entry is no fraction")
    return reduced(int(found[1], 16), int(found[2], 16))


def check_hidden(hidden: Sequence[int]) -> tuple[int, ...]:
    """Return the hidden widths as a tuple of positive integers, or raise `InvalidValue`."""
    widths = tuple(hidden) if isinstance(hidden, Sequence) else ()
    if not widths or any(not isinstance(n, int) or isinstance(n, bool) or n < 1 for n in widths):
        raise InvalidValue(
            "hidden",
            hidden,
            "must be a list of one or more positive widths",
            "write for example [8] or [4, 4]",
        )
    return widths


def _check_shapes(index: int, w: NDArray[Any], b: NDArray[Any], inputs: int | None) -> None:
    if w.ndim != 2 or b.shape != (w.shape[0],) or 0 in w.shape:
        raise InvalidOutput(
            f"layer {index}: W has shape {w.shape} and b {b.shape}; W must be (n, m) and b (n,), n and m at least 1"
        )
    if inputs is not None and w.shape[1] != inputs:
        raise InvalidOutput(
            f"layer {index}: W has shape {w.shape}; the layer before has {inputs} outputs, so W must be (n, {inputs})"
        )


def _entries(part: NDArray[Any], name: str, exact: bool) -> NDArray[Any]:
    """Return a read-only copy, float64 or (where any layer is exact) Fractions; only finite reals pass."""
    if part.dtype.kind not in "fiubO":
        raise InvalidOutput(f"{name} has entries of type {part.dtype}; they must be real numbers")
    if part.dtype.kind == "f" and np.count_nonzero(np.isfinite(part)) < part.size:
        raise InvalidOutput(f"{name} holds NaN or infinity; weights must be finite")
    # Neither bytes nor a view of what is read-only can be made writable: no one changes a network that is judged.
    if not exact:
        return np.frombuffer(np.ascontiguousarray(part, dtype=np.float64).tobytes()).reshape(part.shape)
    return _fractions(part, name)


def _fractions(part: NDArray[Any], name: str = "weights") -> NDArray[np.object_]:
    result = np.empty(part.size, dtype=object)
    try:
        result[:] = [exact_fraction(x) for x in part.flat]
    except ValueError as error:
        raise InvalidOutput(f"{name} holds an entry that is no finite real number: {error}") from error
    result.setflags(write=False)
    return result.reshape(part.shape)
