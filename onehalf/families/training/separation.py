"""Membership of the training points in S^f_ε: well separated, and f_a constant on the ε-ball of each."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from oracle.numbers import Irrational, Real


@dataclass(frozen=True, slots=True)
class Separation:
    """What an exact check of S^f_ε found.

    Attributes
    ----------
    epsilon : Fraction
        ε(r) = ((4r + 3)(4r + 4))^-1.
    to_jump : exact number
        Least distance of a point from a jump of f_a.
    between : exact number
        Least distance between two points.
    labels_agree : bool
        Whether f_a is the label at every point.
    member : bool
        Whether the labels agree, f_a is constant on every closed ε-ball and the points are 2ε-separated.
    """

    epsilon: Fraction
    to_jump: Real
    between: Real
    labels_agree: bool
    member: bool


def epsilon(k: int) -> Fraction:
    """Return ε(k) = ((4k + 3)(4k + 4))^-1."""
    return Fraction(1, (4 * k + 3) * (4 * k + 4))


def classify(ratio: Fraction) -> int:
    """Return f_a(x) = ⌈a/x_1⌉ mod 2 from the ratio a/x_1, which is rational at the points used here."""
    return -(-ratio.numerator // ratio.denominator) % 2


def check_separation(a: Real, ratios: Sequence[Fraction], labels: Sequence[int]) -> Separation:
    """Check the points x_1 = a/ratio with their labels, exactly.

    The piece of f_a around x = a/ρ, m = ⌈ρ⌉, is [a/m, a/(m − 1)) (unbounded for m = 1).
    """
    bound = epsilon(len(ratios))
    gaps = []
    for ratio in ratios:
        m = -(-ratio.numerator // ratio.denominator)
        gaps.append(1 / ratio - Fraction(1, m))
        if m > 1:
            gaps.append(Fraction(1, m - 1) - 1 / ratio)
    places = sorted(1 / ratio for ratio in ratios)
    steps = [later - earlier for earlier, later in itertools.pairwise(places)]
    to_jump, between = min(gaps) * a, min(steps) * a
    agree = all(classify(ratio) == label for ratio, label in zip(ratios, labels, strict=True))
    return Separation(bound, to_jump, between, agree, agree and to_jump > bound and between >= 2 * bound)


def ratio_of(a: Real, x: Real) -> Fraction:
    """Return a/x for x a rational multiple of a.

    Raises
    ------
    TypeError
        If x is no rational multiple of a.
    """
    if isinstance(a, Irrational) and isinstance(x, Irrational):
        quotient = a.coefficients[-1] / x.coefficients[-1]
        if x * quotient == a:
            return quotient
    elif isinstance(a, Fraction) and isinstance(x, Fraction):
        return a / x
    raise TypeError(f"{x} is no rational multiple of {a}")
