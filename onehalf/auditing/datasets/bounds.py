"""What M disjoint conflicts mean for whoever trains on the shown numbers (Theorem T)."""

from __future__ import annotations

import math
from fractions import Fraction


def success_bound(pairs: int) -> Fraction:
    """Return 2^-M: no higher is the probability of being right at all points on every data set."""
    return Fraction(1, 1 << pairs)


def accuracy_bound(pairs: int, points: int) -> Fraction:
    """Return 1 − M/r: no higher is the expected training accuracy on every data set."""
    return 1 - Fraction(pairs, points)


def few_wrong_bound(pairs: int, wrong: int) -> Fraction:
    """Return max_a P(Bin(a, 1/2) ≤ (q − M + a)/2): no higher is the probability of at most q wrong on every data set.

    a pairs are told apart, and each of the M − a others has one wrong point at least.
    """
    best = Fraction(0)
    for told in range(max(0, pairs - wrong), pairs + 1):
        most = (wrong - pairs + told) // 2
        ways = sum(math.comb(told, k) for k in range(min(most, told) + 1))
        best = max(best, Fraction(ways, 1 << told))
    return best


def up_to(value: Fraction, places: int = 3) -> str:
    """Write a bound rounded upwards."""
    scaled = -(-value.numerator * 10**places // value.denominator)
    return f"{scaled // 10**places}.{scaled % 10**places:0{places}d}"
