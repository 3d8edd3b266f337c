"""`onehalf.flips`: what one small perturbation along a direction makes wrong, exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onehalf.auditing.networks.boxes import certified_box
from onehalf.auditing.networks.classes import Margins, margins_of
from onehalf.auditing.networks.filtered import Filter, in_floats
from onehalf.auditing.networks.trained import TrainedNetwork
from onehalf.auditing.networks.walk import wrong_runs
from oracle.arithmetic.coverage import Run, coverage_of
from oracle.errors import InvalidValue
from oracle.networks import exact_fraction


@dataclass(frozen=True)
class Flips:
    """What t·direction with |t| ≤ limit does to points.

    Attributes
    ----------
    limit : Fraction
    wrong_before : tuple of int
        Points that are wrong unperturbed.
    most : int
        The largest number of points that one such perturbation makes wrong, those that were wrong before and still are
        among them; certain.
    t : Fraction
        A perturbation that does: 0 if that does, else the middle of the widest interval of such, where there is one.
    wrong : tuple of int
        Which points are wrong under it.
    box : Fraction
        τ: they stay wrong wherever each input moves from there by at most τ; 0 where none was certified.
    most_flipped : int
        The largest number of points right unperturbed that one such perturbation makes wrong.
    least : tuple of (Fraction or None)
        For each point the least |t| that makes it wrong (the infimum, where it is not attained): 0 if it is wrong
        unperturbed, None if no |t| ≤ limit does.
    runs : tuple of tuples of (low, high, low_open, high_open)
        For each point where exactly it is wrong.
    """

    limit: Fraction
    wrong_before: tuple[int, ...]
    most: int
    t: Fraction
    wrong: tuple[int, ...]
    box: Fraction
    most_flipped: int
    least: tuple[Fraction | None, ...]
    runs: tuple[tuple[Run, ...], ...]


def flips(
    network: TrainedNetwork,
    points: ArrayLike,
    labels: ArrayLike,
    direction: ArrayLike,
    limit: Any,
    rule: str | None = None,
) -> Flips:
    """Return the largest set of points that one perturbation t·direction, |t| ≤ limit, makes wrong.

    A statement about the network as the rational function that its float64 weights define, at points taken as the
    rationals that they are; not about its evaluation in floating point.

    Parameters
    ----------
    network : TrainedNetwork
        From `read_network`.
    points : array (r, d)
    labels : array (r,) of int
    direction : array (d,), or int
        Numbers, or a coordinate from 0.
    limit : number
        As a float or a `fractions.Fraction`; positive.
    rule : str, optional
        "argmax" (by default), "argmin", or "threshold" where there is one output.

    Returns
    -------
    Flips

    Raises
    ------
    InvalidValue
        If a shape or value does not fit.
    """
    entered = network.entered(points)
    margins = checked_margins(network, len(entered), labels, rule)
    return flips_within(network, entered, margins, direction_of(network, direction), [_limit(limit)])[0]


def checked_margins(network: TrainedNetwork, count: int, labels: Any, rule: str | None) -> Margins:
    """Return the conditions of points, one label for each."""
    classes = np.asarray(labels).ravel()
    if len(classes) != count:
        raise InvalidValue("labels", len(classes), f"must be one for each of {count} points", "give as many")
    return margins_of(classes, network.outputs, rule, network.threshold)


def direction_of(network: TrainedNetwork, direction: Any) -> list[Fraction]:
    """Return a direction as the first layer meets it; a whole number is a coordinate."""
    if isinstance(direction, int | np.integer):
        if not 0 <= direction < network.inputs:
            raise InvalidValue(
                "direction", direction, f"must be from 0 to {network.inputs - 1}", "choose another"
            )
        return network.turned([int(k == direction) for k in range(network.inputs)])
    return network.turned(direction)


def _limit(value: Any) -> Fraction:
    try:
        found = exact_fraction(value)
    except (TypeError, ValueError) as error:
        raise InvalidValue("limit", value, "is no finite number", "give a positive one") from error
    if found <= 0:
        raise InvalidValue("limit", value, "must be positive", "write for example 0.01")
    return found


def flips_within(
    network: TrainedNetwork,
    entered: NDArray[np.object_],
    margins: Margins,
    direction: list[Fraction],
    limits: Sequence[Fraction],
    tell: Callable[[], None] = lambda: None,
) -> list[Flips]:
    """Return what perturbations within each limit do; the lines are walked once, to the largest."""
    far = max(limits)
    runs = wrong_runs(network, entered, direction, margins, -far, far, tell)
    zero = Fraction(0)
    marks = {zero, *(sign * limit for limit in limits for sign in (-1, 1))}
    before = tuple(k for k, of_one in enumerate(runs) if _covers(of_one, zero))
    coverage = coverage_of(runs, marks)
    fresh = coverage_of([of_one for k, of_one in enumerate(runs) if k not in set(before)], marks)
    found = []
    for limit in limits:
        most, nearest = coverage.most(-limit, limit)
        middle = coverage.widest(-limit, limit)
        t = nearest if middle is None or not nearest else middle
        wrong = tuple(k for k, of_one in enumerate(runs) if _covers(of_one, t))
        moved = entered + np.array([t * v for v in direction], dtype=object)
        box = certified_box(network, moved, margins, wrong, limit)
        least = tuple(_least(of_one, limit) for of_one in runs)
        found.append(
            Flips(
                *(limit, before, most, t, wrong, box, fresh.most(-limit, limit)[0], least),
                tuple(tuple(_within(of_one, limit)) for of_one in runs),
            )
        )
    return found


def _covers(runs: Sequence[Run], t: Fraction) -> bool:
    return any(
        low < t < high
        or (t == low and not lo and (t < high or not ho))
        or (t == high and not ho and (t > low or not lo))
        for low, high, lo, ho in runs
    )


def _within(runs: Sequence[Run], limit: Fraction) -> list[Run]:
    """Return runs cut off to [−limit, limit], in order."""
    found = []
    for low, high, low_open, high_open in sorted(runs, key=lambda run: run[:2]):
        left, left_open = (low, low_open) if low >= -limit else (-limit, False)
        right, right_open = (high, high_open) if high <= limit else (limit, False)
        if left < right or (left == right and not left_open and not right_open):
            found.append((left, right, left_open, right_open))
    return found


def _least(runs: Sequence[Run], limit: Fraction) -> Fraction | None:
    sizes = [
        Fraction(0) if low <= 0 <= high else min(abs(low), abs(high))
        for low, high, _, _ in _within(runs, limit)
    ]
    return min(sizes, default=None)


def wrong_at(network: TrainedNetwork, entered: NDArray[np.object_], margins: Margins) -> tuple[int, ...]:
    """Return the points that are wrong, exactly: float64 with error bounds settles most of them."""
    with np.errstate(all="ignore"):
        outputs = Filter(network).values(in_floats(entered))
    wrong = []
    for k in range(len(entered)):
        sure = _surely(margins, k, outputs.value[:, k], outputs.error[:, k])
        right = margins.right(k, network.exact.values(entered[k])) if sure is None else sure
        if not right:
            wrong.append(k)
    return tuple(wrong)


def _surely(margins: Margins, k: int, value: Any, error: Any) -> bool | None:
    """Return whether a point is right, None where the error bounds leave it open."""
    open_ = False
    for c in range(len(margins.plus)):
        middle = float(margins.of(c, k, value)) + float(margins.shift[c, k])
        ends = [at for at in (margins.plus[c, k], margins.minus[c, k]) if at >= 0]
        wide = sum(float(error[at]) + 2.0**-50 * abs(float(value[at])) for at in ends) + 2.0**-50 * abs(
            float(margins.shift[c, k])
        )
        if not middle > wide:
            if middle < -wide:
                return False
            open_ = True
    return None if open_ else True
