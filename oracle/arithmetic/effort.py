"""The work of exact arithmetic, counted in operations on machine words before it is done.

A verdict may cost so much and no more. The count is a function of the numbers alone, not of the machine or of the
clock, so that the same output is judged, or found too large, wherever and whenever it is judged. One unit is about a
nanosecond on a processor of 2020; the formulas are those of CPython's integers (schoolbook products below 70 digits of
30 bits, Karatsuba's above) and, where numbers are `LONG`, of FLINT's (fast Fourier transforms), rounded up.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from fractions import Fraction
from math import gcd
from typing import Any, NamedTuple

import flint

BUDGET = 1 << 35
"""Units that the exact verdict on one output at one input may cost: about half a minute."""
MEMORY_BITS = 1 << 32
"""Bits of numbers that it may hold at once: half a gigabyte."""
SLICE_BITS = 1 << 28
"""Bits of values within the network that are held at once; points are taken in slices that keep to it."""
OPERATION = 100
"""Units that an operation costs whatever its numbers."""
_DIGIT = 30
_KARATSUBA = 70
LONG = 20_000
"""Bits from which on FLINT's integers are used."""
_TRANSFORM, _HALF_DIVISOR = 20, 60


class TooLarge(Exception):
    """An exact computation would cost more than it may; nothing is known of its result."""


class Effort:
    """What a computation may cost still.

    Parameters
    ----------
    budget : int or None
        Units; None for no limit, on memory neither.
    """

    __slots__ = ("left",)

    def __init__(self, budget: int | None = BUDGET) -> None:
        self.left = budget

    def charge(self, units: int) -> None:
        """Take units away before they are spent.

        Raises
        ------
        TooLarge
            If there are not as many left.
        """
        if self.left is not None:
            self.left -= units
            if self.left < 0:
                raise TooLarge

    def hold(self, bits: int) -> None:
        """Raise `TooLarge` if numbers of so many bits together are more than may be held at once."""
        if self.left is not None and bits > MEMORY_BITS:
            raise TooLarge


def words(bits: int) -> int:
    """Return the number of CPython's digits in an integer of so many bits, at least 1."""
    return bits // _DIGIT + 1


def product_cost(bits: int, other: int) -> int:
    """Return what a product of two integers of so many bits costs."""
    small, large = sorted((words(bits), words(other)))
    if small <= _KARATSUBA:
        return OPERATION + small * large
    half, powers = small, 1
    while half > _KARATSUBA:
        half, powers = (half + 1) // 2, 3 * powers
    return OPERATION + -(-large // small) * powers * half * half


def fast_product_cost(bits: int, other: int) -> int:
    """Return the same where integers that are long are FLINT's."""
    small, large = sorted((bits, other))
    if small < LONG:
        return product_cost(small, large)
    return OPERATION + _TRANSFORM * words(large) * words(small).bit_length()


def divisor_cost(bits: int, other: int) -> int:
    """Return what the greatest common divisor of two integers of so many bits costs (`common_divisor`)."""
    small, large = sorted((bits, other))
    if small < LONG:
        return 10 * OPERATION + words(small) * words(large)
    return fast_product_cost(small, large) + _HALF_DIVISOR * words(small) * words(small).bit_length() ** 2


def quadratic_cost(bits: int, other: int) -> int:
    """Return what a sum or product of two fractions of CPython's costs."""
    return 10 * OPERATION + words(bits) * words(other)


def common_divisor(a: int, b: int) -> int:
    """Return the greatest common divisor, in much less than quadratic time also where both are long."""
    if min(a.bit_length(), b.bit_length()) < LONG:
        return gcd(a, b)
    return int(flint.fmpz(a).gcd(flint.fmpz(b)))


class _Lowest(NamedTuple):
    """Numerator and denominator without a common divisor, of which a Fraction is made without looking for one."""

    numerator: int
    denominator: int


numbers.Rational.register(_Lowest)


def reduced(numerator: int, denominator: int) -> Fraction:
    """Return numerator/denominator, denominator not 0, as `Fraction` does, but not in quadratic time."""
    if min(numerator.bit_length(), denominator.bit_length()) < LONG:
        return Fraction(numerator, denominator)
    above, below = flint.fmpz(numerator), flint.fmpz(denominator)
    divisor = above.gcd(below) * (1 if denominator > 0 else -1)
    lowest: Any = _Lowest(int(above // divisor), int(below // divisor))
    return Fraction(lowest)


def common_multiple(denominators: Iterable[int], effort: Effort) -> int:
    """Return the least common multiple of positive integers."""
    found, power = 1, 1
    for q in dict.fromkeys(denominators):
        if q & (q - 1) == 0:
            power = max(power, q)
            continue
        lengths = found.bit_length(), q.bit_length()
        effort.charge(divisor_cost(*lengths) + 2 * fast_product_cost(*lengths))
        effort.hold(found.bit_length() + q.bit_length())
        if min(lengths) < LONG:
            found *= q // common_divisor(found, q)
        else:
            found = int(flint.fmpz(found) * (flint.fmpz(q) // common_divisor(found, q)))
    twos = (found & -found).bit_length() - 1
    return found * max(power >> twos, 1)
