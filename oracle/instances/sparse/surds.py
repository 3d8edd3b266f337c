"""Numbers p ± √n with p and n rational: every comparison is decided by squaring, ties included."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import total_ordering

from oracle.numbers import to_float

_ENOUGH = 60


@total_ordering
@dataclass(frozen=True, eq=False)
class Surd:
    """The irrational number rational + sign·√square, sign ±1 and square no square of a rational: one form for each.

    It is compared with rationals and with numbers of its own sort, whatever their squares.
    """

    rational: Fraction
    sign: int
    square: Fraction

    def __add__(self, other: Fraction | int) -> Surd:
        return Surd(self.rational + other, self.sign, self.square)

    __radd__ = __add__

    def __neg__(self) -> Surd:
        return Surd(-self.rational, -self.sign, self.square)

    def __sub__(self, other: Fraction | int) -> Surd:
        return self + (-other)

    def __rsub__(self, other: Fraction | int) -> Surd:
        return -self + other

    def __abs__(self) -> Surd:
        return -self if self < 0 else self

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Surd):
            return self._parts() == other._parts()
        return False if isinstance(other, int | Fraction) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._parts())

    def __lt__(self, other: Surd | Fraction | int) -> bool:
        if isinstance(other, Surd):
            return _sign_of_three(self - other.rational, -other.sign, other.square) < 0
        return _sign_of_two(self.rational - other, self.sign, self.square) < 0

    def __str__(self) -> str:
        return f"{self.rational} {'+' if self.sign > 0 else '-'} sqrt({self.square})"

    def __float__(self) -> float:
        bits = _ENOUGH
        while abs(found := self.near(bits)) < Fraction(1 << _ENOUGH, 1 << bits):
            bits *= 2
        return to_float(found)

    def near(self, bits: int) -> Fraction:
        """Return a rational less than 2^-bits away."""
        scaled = self.square * 4 ** (bits + 1)
        root = Fraction(math.isqrt(scaled.numerator // scaled.denominator), 1 << (bits + 1))
        return self.rational + self.sign * root

    def _parts(self) -> tuple[Fraction, int, Fraction]:
        return self.rational, self.sign, self.square


Number = Fraction | Surd


def surd(rational: Fraction, factor: Fraction, radicand: Fraction) -> Number:
    """Return rational + factor·√radicand, radicand ≥ 0, in its one form."""
    square = factor * factor * radicand
    p, q = math.isqrt(square.numerator), math.isqrt(square.denominator)
    if p * p == square.numerator and q * q == square.denominator:
        return rational + (Fraction(p, q) if factor > 0 else -Fraction(p, q))
    return Surd(rational, 1 if factor > 0 else -1, square)


def rational_near(value: Number, bits: int) -> Fraction:
    """Return the number itself where it is rational, else a rational less than 2^-bits away."""
    return value.near(bits) if isinstance(value, Surd) else value


def rational_between(low: Number, high: Number) -> Fraction | None:
    """Return a rational number of [low, high], which is not empty: near its middle; None if its one point is none."""
    if low == high:
        return low if isinstance(low, Fraction) else None
    bits = _ENOUGH
    while not low <= (found := (rational_near(low, bits) + rational_near(high, bits)) / 2) <= high:
        bits *= 2
    return found


def _sign_of_two(rational: Fraction, sign: int, square: Fraction) -> int:
    """Return the sign of rational + sign·√square, sign −1, 0 or 1."""
    if sign == 0 or rational * sign > 0:
        return sign if sign else (rational > 0) - (rational < 0)
    larger = rational * rational - square
    return (larger < 0) * sign - (larger > 0) * sign


def _sign_of_three(left: Surd, sign: int, square: Fraction) -> int:
    """Return the sign of a number and sign·√square together: of opposite signs, the one with the larger square."""
    mine = 1 if left > 0 else -1
    if mine == sign:
        return sign
    # (p ± √n)² = p² + n ± 2p√n, and √n·2p = sign·√(4p²n).
    p, n = left.rational, left.square
    double = left.sign * ((p > 0) - (p < 0))
    larger = _sign_of_two(p * p + n - square, double, 4 * p * p * n)
    return mine * (larger > 0) + sign * (larger < 0)
