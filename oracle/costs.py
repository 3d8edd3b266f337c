"""Cost functions R ∈ CF_r, their thresholds, exact values, and rigorous float64 enclosures.

A cost is given by an exact value and an exact threshold ε with R(v, w) ≤ ε ⇒ ‖v − w‖_∞ ≤ ε̂. All that is standard
depends on the *inward errors* s_k = v_k (label 0) or 1 − v_k (label 1) alone. Cross-entropy is carried by the
equivalent cost 1 − Π_k (1 − s_k): since R = −(1/r) Σ log(1 − s_k), R ≤ −log(1 − ε̂)/r exactly when
1 − Π_k (1 − s_k) ≤ ε̂, and no logarithm is left to decide.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oracle.arithmetic.effort import OPERATION, product_cost, quadratic_cost
from oracle.errors import InvalidValue
from oracle.namespaces import load_named, place_named
from oracle.numbers import Real, longest_part

Values = Sequence[Any]
Floats = NDArray[np.float64]
Enclosure = tuple[Real, Real]
INFINITE = math.inf
# By ldexp, which is exact in every rounding mode.
_OVERFLOWED = math.ldexp(1, 1023)
_UNIT = math.ldexp(1, -53)
_UNDERFLOW = math.ldexp(1, -1060)


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost function.

    Parameters
    ----------
    name : str
        How reports call it.
    value : callable
        ``value(values, labels)``: the cost of r exact numbers against r labels 0 or 1. It uses only ``+ - *``,
        division by rationals, ``abs``, ``min``, ``max`` and comparisons, and returns an exact number,
        ``math.inf``, or a pair (lower, upper) that encloses the cost, in which case a verdict may be *undecided*.
    threshold : callable
        ``threshold(tolerance, r)``: the ε with R(v, w) ≤ ε ⇒ ‖v − w‖_∞ ≤ tolerance, an exact number.
    enclosure : callable, optional
        ``enclosure(low, high)``: float64 bounds of the cost, shape (B,) each, from bounds of the inward errors,
        shape (B, r). Without it every verdict goes the exact way.
    """

    name: str
    value: Callable[[Values, Sequence[int]], Any]
    threshold: Callable[[Fraction, int], Fraction]
    enclosure: Callable[[Floats, Floats], tuple[Floats, Floats]] | None = None


def inward(values: Values, labels: Sequence[int]) -> list[Any]:
    """Return s_k = v_k where the label is 0 and 1 − v_k where it is 1."""
    return [1 - v if label else v for v, label in zip(values, labels, strict=True)]


def _maximum(values: Values, labels: Sequence[int]) -> Any:
    return max(abs(s) for s in inward(values, labels))


def _mean_absolute(values: Values, labels: Sequence[int]) -> Any:
    return sum(abs(s) for s in inward(values, labels)) / len(values)


def _mean_squared(values: Values, labels: Sequence[int]) -> Any:
    return sum(s * s for s in inward(values, labels)) / len(values)


def _cross_entropy(values: Values, labels: Sequence[int]) -> Any:
    errors = inward(values, labels)
    if any(s < 0 or s > 1 for s in errors):
        return INFINITE
    return 1 - math.prod((1 - s for s in errors), start=Fraction(1))


def _magnitudes(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return bounds of |s| from bounds of s."""
    return np.maximum(np.maximum(low, -high), 0.0), np.maximum(-low, high)


def _widen(low: Floats, high: Floats, terms: int) -> tuple[Floats, Floats]:
    """Return bounds that also hold the rounding of at most 4·terms + 16 operations on non-negative numbers.

    A lower bound that overflowed says only that the sum is past half of float64's range.
    """
    slack = (4 * terms + 16) * _UNIT
    least = np.minimum(low, _OVERFLOWED / terms)
    return least * (1 - slack) - _UNDERFLOW, high * (1 + slack) + _UNDERFLOW


def _enclose_maximum(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    small, large = _magnitudes(low, high)
    return small.max(axis=1), large.max(axis=1)


def _enclose_mean_absolute(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    small, large = _magnitudes(low, high)
    return _widen(small.mean(axis=1), large.mean(axis=1), low.shape[1])


def _enclose_mean_squared(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    small, large = _magnitudes(low, high)
    return _widen((small * small).mean(axis=1), (large * large).mean(axis=1), low.shape[1])


def _enclose_cross_entropy(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    outside = ((high < 0) | (low > 1)).any(axis=1)
    maybe = ((low < 0) | (high > 1)).any(axis=1)
    best = np.prod(1 - np.clip(low, 0, 1), axis=1)
    worst = np.prod(1 - np.clip(high, 0, 1), axis=1)
    slack = (4 * low.shape[1] + 16) * _UNIT
    lower = np.where(outside, np.inf, 1 - best - slack)
    return lower, np.where(maybe, np.inf, 1 - worst + slack)


COSTS: dict[str, Cost] = {
    cost.name: cost
    for cost in (
        Cost("max", _maximum, lambda tolerance, r: tolerance, _enclose_maximum),
        Cost("mean-absolute", _mean_absolute, lambda tolerance, r: tolerance / r, _enclose_mean_absolute),
        Cost("mean-squared", _mean_squared, lambda tolerance, r: tolerance**2 / r, _enclose_mean_squared),
        Cost("cross-entropy", _cross_entropy, lambda tolerance, r: tolerance, _enclose_cross_entropy),
    )
}


def cost_units(cost: Cost, values: Values, labels: Sequence[int]) -> int:
    """Return a bound of what `cost.value` costs in exact arithmetic (`oracle.arithmetic.effort`).

    The maximum compares values with each other; other costs add up or multiply them, or their squares, and are taken
    to find denominators that have nothing in common.
    """
    known = COSTS.get(cost.name) is cost
    if known and cost.name == "cross-entropy" and any(s < 0 or s > 1 for s in inward(values, labels)):
        return 10 * OPERATION * len(labels)
    return _units(cost, [longest_part(value) for value in values])


@lru_cache(maxsize=256)
def most_cost_units(cost: Cost, bits: int, count: int) -> int:
    """Return `cost_units` for so many values whose numerators and denominators have at most so many bits."""
    return _units(cost, [bits] * count)


def _units(cost: Cost, sizes: Sequence[int]) -> int:
    known = COSTS.get(cost.name) is cost
    if known and cost.name == "max":
        most = max(sizes)
        return sum(10 * OPERATION + 2 * product_cost(size, most) for size in sizes)
    power = 1 if known and cost.name in ("mean-absolute", "cross-entropy") else 2
    units = whole = 0
    for size in sizes:
        whole += power * size
        units += 10 * OPERATION + 3 * quadratic_cost(whole, power * size)
    return units


def find_cost(name: str | Cost) -> Cost:
    """Return a standard cost by name, a user's from ``file.py::name``, or the `Cost` given.

    Raises
    ------
    InvalidValue
        If there is no such cost.
    """
    if isinstance(name, Cost):
        return name
    if name in COSTS:
        return COSTS[name]
    found = load_named("cost", str(name))
    if isinstance(found, Cost):
        return found
    raise InvalidValue("cost", name, f"must be one of {', '.join(COSTS)}", "or name a Cost as file.py::name")


def place_cost(cost: str | Cost) -> str:
    """Return what to write down for a cost: its name, or ``file.py::name`` with the file's absolute path."""
    return place_named(cost if isinstance(cost, str) else cost.name)


def check_cost(cost: Cost, labels: Sequence[int], tolerance: Fraction, samples: int = 200) -> None:
    """Check on samples that `cost` vanishes only at the labels and that R ≤ ε forces ‖v − w‖_∞ ≤ tolerance.

    Samples are vectors with one or several entries just past the tolerance (by 2^-20), inwards and outwards,
    the rest right or slightly wrong; the sequence is fixed.

    Raises
    ------
    InvalidValue
        With the first vector that breaks a rule.
    """
    labels = [int(label) for label in labels]
    exact = [Fraction(label) for label in labels]
    epsilon = cost.threshold(tolerance, len(labels))
    if upper(cost.value(exact, labels)) != 0:
        raise InvalidValue(
            "cost", cost.name, "must be 0 where the values are the labels", "correct its value"
        )
    draw = random.Random(0)
    past = tolerance + Fraction(1, 1 << 20)
    for sample in range(samples):
        values = list(exact)
        for _ in range(sample % 3):
            values[draw.randrange(len(values))] += Fraction(draw.randint(-64, 64), 1024)
        k = draw.randrange(len(values))
        values[k] = exact[k] + (past * draw.choice((1, 1, 2)) if draw.random() < 0.5 else -past)
        if lower(cost.value(values, labels)) <= epsilon:
            raise InvalidValue(
                "cost",
                cost.name,
                f"its threshold {epsilon} admits an error of {float(abs(values[k] - exact[k])):.6g} at one point, "
                f"past the tolerance {tolerance}",
                "lower the threshold",
            )


def lower(value: Any) -> Any:
    """Return the value itself, or the lower end of an enclosure."""
    return value[0] if isinstance(value, tuple) else value


def upper(value: Any) -> Any:
    """Return the value itself, or the upper end of an enclosure."""
    return value[1] if isinstance(value, tuple) else value
