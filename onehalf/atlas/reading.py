"""What a solver sees: the numbers that honest oracles show, in float64, with the columns in a given order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from onehalf.atlas.presentations import Case, Order
from oracle.instances.instance import Array, Instance, shape_of
from oracle.numbers import nearest

_COLUMNS = "columns"


def arrays_shown(instance: Instance, bits: int, order: Order) -> tuple[Any, ...]:
    """Return the data of an instance in order: float64 arrays, and a float for a number.

    Every entry is the multiple of 2^-bits nearest to it, ties to the even one.
    """
    return tuple(
        _permuted(_floats(value, bits), instance.axes[name], order) for name, value in instance.data.items()
    )


def _floats(value: Array, bits: int) -> Any:
    if not shape_of(value):
        return nearest(value, bits) / 2**bits  # type: ignore[arg-type]
    return np.array([_floats(part, bits) for part in value])  # type: ignore[union-attr]


def _permuted(values: Any, axes: tuple[str, ...], order: Order) -> Any:
    return np.ascontiguousarray(np.take(values, order, axes.index(_COLUMNS))) if _COLUMNS in axes else values


def in_place(x: Iterable[float], order: Order) -> tuple[float, ...]:
    """Return an answer with its coordinates where the columns were before they were put in order."""
    placed = dict(zip(order, x, strict=True))
    return tuple(placed[j] for j in range(len(order)))


def looks_alike(case: Case) -> bool:
    """Tell whether two inputs are shown alike."""
    columns = case.presentation.orders[0]
    shown = [arrays_shown(instance, case.presentation.bits, columns) for instance in case.inputs]
    return len({tuple(np.ravel(a).tobytes() for a in arrays) for arrays in shown}) < len(shown)
