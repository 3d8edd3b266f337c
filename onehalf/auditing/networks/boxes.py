"""A box of perturbations on all of which points stay wrong, certified with float64 and rigorous error bounds.

On the box |x' − x| ≤ h every value is z(x) + J(x' − x), J in the interval that the rules of the layers give (a ReLU
that may change sign there contributes the hull of 0 and J), for z is piecewise affine.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onehalf.auditing.networks.classes import NONE, Margins
from onehalf.auditing.networks.filtered import Bounded, Filter, in_floats
from onehalf.auditing.networks.trained import Floats, TrainedNetwork

_U = 2.0**-53
_HALVINGS, _REFINEMENTS = 60, 8
_MOST_INPUTS = 1200


def certified_box(
    network: TrainedNetwork,
    points: NDArray[np.object_],
    margins: Margins,
    wrong: Sequence[int],
    largest: Fraction,
) -> Fraction:
    """Return a τ for which each of the wrong points stays wrong wherever every input moves by at most τ; 0 for none.

    Parameters
    ----------
    points : array (r, d) of Fraction
        As the first layer meets them, already moved.
    largest : Fraction
        No larger τ is tried.
    """
    if network.inputs > _MOST_INPUTS or not wrong:
        return Fraction(0)
    ready = Filter(network)
    unit = np.ones(network.inputs)
    if network.range is not None:
        unit = np.array([np.nextafter(float(1 / abs(x)), np.inf) for x in network.range])
    order = list(wrong)

    def holds(size: Fraction) -> bool:
        half = unit * np.nextafter(float(size), np.inf) * (1 + 4 * _U)
        for at, k in enumerate(order):
            if not _stays_wrong(ready, points[k : k + 1], half, margins, k):
                order.insert(0, order.pop(at))  # what fails is asked first next time
                return False
        return True

    size = largest
    with np.errstate(all="ignore"):
        for _ in range(_HALVINGS):
            if holds(size):
                break
            size /= 2
        else:
            return Fraction(0)
        step = size if size < largest else Fraction(0)
        for _ in range(_REFINEMENTS):
            step /= 2
            if step and holds(size + step):
                size += step
    return size


def _stays_wrong(ready: Filter, point: NDArray[np.object_], half: Floats, margins: Margins, k: int) -> bool:
    z = in_floats(point)
    count = len(half)
    jacobian = Bounded(np.eye(count), np.zeros((count, count)))
    for index, entry in enumerate(ready.layers):
        z = ready.layer(index, z)
        jacobian = ready.layer(index, jacobian, biased=False)
        if entry[-1]:
            reach = z.error[:, 0] + _reach(jacobian, half)
            value = z.value[:, 0]
            on, off = value > reach, value < -reach
            unsure = ~(on | off)
            middle = np.where(unsure[:, None], jacobian.value / 2, jacobian.value)
            wide = np.where(
                unsure[:, None], np.abs(jacobian.value) / 2 * (1 + 4 * _U) + jacobian.error, jacobian.error
            )
            jacobian = Bounded(np.where(off[:, None], 0.0, middle), np.where(off[:, None], 0.0, wide))
            z = Bounded(
                np.where(off, 0.0, np.maximum(value, 0))[:, None], np.where(off, 0.0, z.error[:, 0])[:, None]
            )
    for plus, minus, shift, strict in zip(
        margins.plus[:, k], margins.minus[:, k], margins.shift[:, k], margins.strict[:, k], strict=True
    ):
        rows = [(sign, at) for sign, at in ((1, plus), (-1, minus)) if at != NONE]
        centre = sum(sign * z.value[at, 0] for sign, at in rows) + float(shift)
        doubt: Any = sum(z.error[at, 0] + 8 * _U * abs(z.value[at, 0]) for _, at in rows) + 8 * _U * abs(
            float(shift)
        )
        slope = Bounded(
            sum((sign * jacobian.value[at : at + 1] for sign, at in rows), np.zeros((1, count))),
            sum((jacobian.error[at : at + 1] for _, at in rows), np.zeros((1, count)))
            + 4 * _U * sum((np.abs(jacobian.value[at : at + 1]) for _, at in rows), np.zeros((1, count))),
        )
        most = (centre + doubt + _reach(slope, half)[0]) if rows else np.inf
        if most < -16 * _U * abs(centre) - (0.0 if strict else 1e-290):
            return True
    return False


def _reach(slope: Bounded, half: Floats) -> Floats:
    """Return how far a value may move on the box, rounded upwards."""
    found: Floats = ((np.abs(slope.value) + slope.error) @ half) * (1 + (len(half) + 8) * 2 * _U) + 1e-290
    return found
