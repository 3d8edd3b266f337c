"""Exact real numbers: rationals, and the ring Q[θ] of one irrational constant θ = √q · π^k.

A number is a `fractions.Fraction` or an `Irrational`. Every comparison is decided: an element of Q[θ] vanishes
only if it is the zero polynomial (k ≠ 0: θ is transcendental) or the zero element of Q(√q) (k = 0: powers are
reduced by θ² = q), and such elements are `Fraction(0)` here; for any other, refining an enclosure of its value
ends. Enclosures are python-flint's balls (F. Johansson, *Arb: efficient arbitrary-precision midpoint-radius
interval arithmetic*, IEEE Trans. Comput. 66, 2017).
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import total_ordering
from typing import TypeVar

import flint

from oracle.errors import InvalidValue

_T = TypeVar("_T")
_FIRST_PRECISION = 64
_LARGEST_DECIMAL_EXPONENT = 100_000


@dataclass(frozen=True, slots=True)
class Constant:
    """The positive irrational θ = √radicand · π^pi_power, radicand a squarefree positive integer."""

    radicand: int
    pi_power: int

    def ball(self) -> flint.arb:
        """Return an enclosure of θ at flint's current working precision."""
        root = flint.arb(self.radicand).sqrt()
        return root * flint.arb.pi() ** self.pi_power if self.pi_power else root


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Irrational:
    """The element Σ coefficients[i] · θ^i of Q[θ] whose last coefficient, not the constant one, is non-zero."""

    coefficients: tuple[Fraction, ...]
    theta: Constant

    def __add__(self, other: Real | int) -> Real:
        mine, theirs = self.coefficients, self._coefficients_of(other)
        short, long = sorted((mine, theirs), key=len)
        head = tuple(a + b for a, b in zip(short, long, strict=False))
        return _element(head + long[len(short) :], self.theta)

    __radd__ = __add__

    def __neg__(self) -> Irrational:
        return Irrational(tuple(-c for c in self.coefficients), self.theta)

    def __sub__(self, other: Real | int) -> Real:
        return self + (-other)

    def __rsub__(self, other: Real | int) -> Real:
        return -self + other

    def __mul__(self, other: Real | int) -> Real:
        theirs = self._coefficients_of(other)
        product = [Fraction(0)] * (len(self.coefficients) + len(theirs) - 1)
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(theirs):
                product[i + j] += a * b
        return _element(tuple(product), self.theta)

    __rmul__ = __mul__

    def __truediv__(self, other: Fraction | int) -> Real:
        return self * (Fraction(1) / other)

    def __abs__(self) -> Irrational:
        return -self if self.sign() < 0 else self

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Irrational):
            return self.theta == other.theta and self.coefficients == other.coefficients
        return False if isinstance(other, int | Fraction) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.coefficients, self.theta))

    def __lt__(self, other: Real | int) -> bool:
        difference = self - other
        return difference.sign() < 0 if isinstance(difference, Irrational) else difference < 0

    def __float__(self) -> float:
        return self._refine(lambda ball: float(ball.mid()) if ball.rel_accuracy_bits() >= 60 else None)

    def sign(self) -> int:
        """Return −1 or 1 with certainty; 0 cannot occur."""
        return self._refine(lambda ball: 1 if ball > 0 else -1 if ball < 0 else None)

    def floor_scaled(self, bits: int) -> int:
        """Return ⌊x · 2^bits⌋, exactly."""

        def floor(ball: flint.arb) -> int | None:
            unique = (ball * flint.arb(2) ** bits).floor().unique_fmpz()
            return None if unique is None else int(unique)

        return self._refine(floor, bits)

    def _refine(self, decide: Callable[[flint.arb], _T | None], bits: int = 0) -> _T:
        """Double the working precision until `decide` takes the enclosure of this number."""
        precision = _FIRST_PRECISION + max(bits, 0)
        while True:
            with flint.ctx.workprec(precision):
                theta, ball = self.theta.ball(), flint.arb(0)
                for c in reversed(self.coefficients):
                    ball = ball * theta + flint.arb(flint.fmpq(c.numerator, c.denominator))
                decision = decide(ball)
            if decision is not None:
                return decision
            precision *= 2

    def _coefficients_of(self, other: Real | int) -> tuple[Fraction, ...]:
        if isinstance(other, Irrational):
            if other.theta != self.theta:
                raise TypeError(f"exact arithmetic mixes {self.theta} and {other.theta}; use one constant")
            return other.coefficients
        return (Fraction(other),)


Real = Fraction | Irrational


def _element(coefficients: tuple[Fraction, ...], theta: Constant) -> Real:
    """Reduce powers by θ² = q where θ is algebraic, drop leading zeros, and collapse constants."""
    if theta.pi_power == 0 and len(coefficients) > 2:
        reduced = [Fraction(0), Fraction(0)]
        for i, c in enumerate(coefficients):
            reduced[i % 2] += c * Fraction(theta.radicand) ** (i // 2)
        coefficients = tuple(reduced)
    while len(coefficients) > 1 and coefficients[-1] == 0:
        coefficients = coefficients[:-1]
    return coefficients[0] if len(coefficients) == 1 else Irrational(coefficients, theta)


def nearest(value: Real, bits: int) -> int:
    """Return the integer m for which m · 2^-bits is nearest to `value`; ties go to the even m.

    Parameters
    ----------
    value : Real
        The number to round.
    bits : int
        Binary digits after the point, at least 0; there is no upper limit.
    """
    if isinstance(value, Irrational):
        return (value.floor_scaled(bits + 1) + 1) // 2
    quotient, rest = divmod(value.numerator << bits, value.denominator)
    doubled = 2 * rest - value.denominator
    return quotient + (doubled > 0 or (doubled == 0 and quotient % 2 == 1))


def to_float(value: Real) -> float:
    """Return a float64 within one unit in the last place of `value` (±inf past the range of float64)."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def longest_part(value: Real) -> int:
    """Return how many bits the longest numerator or denominator has that makes up a number."""
    parts = value.coefficients if isinstance(value, Irrational) else (value,)
    return max(max(part.numerator.bit_length(), part.denominator.bit_length()) for part in parts)


def enclose(value: Real) -> tuple[float, float]:
    """Return a float64 and a float64 bound of its distance from `value`, both finite.

    The bound is exact 0 only where the float is `value` itself.

    Raises
    ------
    OverflowError
        If `value` is beyond the range of float64.
    """
    centre = float(value)
    difference = value - Fraction(centre)
    error = difference if difference >= 0 else -difference
    if error == 0:
        return centre, 0.0
    return centre, math.nextafter(float(error) * (1 + math.ldexp(1, -40)), math.inf)


def parse_real(text: str | int | Fraction | float | Real) -> Real:
    """Read an exact number, such as ``3/4``, ``0.75``, ``1/sqrt(2)``, ``pi/4`` or ``2*sqrt(3/5)/pi``.

    Products and quotients of rationals, square roots of rationals and π are understood: for these, whether the
    value is rational is decidable, hence so is every comparison. Sums of irrational terms are not.

    Raises
    ------
    InvalidValue
        If the text is anything else.
    """
    if isinstance(text, Fraction | Irrational):
        return text
    try:
        if isinstance(text, int | float) and not isinstance(text, bool):
            return Fraction(text)
        if not isinstance(text, str):
            raise TypeError("neither text nor a number")
        source = text.strip()
        factor, radicand, pi_power = _monomial(ast.parse(source, mode="eval").body, source)
    except (SyntaxError, TypeError, ValueError, ZeroDivisionError, OverflowError) as error:
        raise InvalidValue(
            "number",
            text,
            "must be a product of rationals, sqrt(rational) and pi",
            "write for example 3/4, 1/sqrt(2) or pi/4",
        ) from error
    square, free = _square_part(radicand.numerator * radicand.denominator)
    factor *= Fraction(square, radicand.denominator)
    if factor == 0 or (free == 1 and pi_power == 0):
        return factor
    return Irrational((Fraction(0), factor), Constant(free, pi_power))


def _square_part(n: int) -> tuple[int, int]:
    """Return (s, f) with n = s² f, f squarefree, for n ≥ 1."""
    square = free = 1
    for prime, power in flint.fmpz(n).factor():
        square *= int(prime) ** (power // 2)
        free *= int(prime) ** (power % 2)
    return square, free


def _literal(text: str) -> Fraction:
    """Return a decimal literal as it is written, which no float64 need carry."""
    exponent = text.lower().partition("e")[2]
    if exponent and abs(int(exponent)) > _LARGEST_DECIMAL_EXPONENT:
        raise ValueError(f"a decimal exponent is at most {_LARGEST_DECIMAL_EXPONENT} here")
    return Fraction(text)


def _monomial(node: ast.expr, source: str) -> tuple[Fraction, Fraction, int]:
    """Return (c, q, k) for an expression of value c · √q · π^k that stands in `source`."""
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return Fraction(value), Fraction(1), 0
        case ast.Constant(value=float()):
            return _literal(ast.get_source_segment(source, node) or ""), Fraction(1), 0
        case ast.Name(id="pi"):
            return Fraction(1), Fraction(1), 1
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            factor, radicand, power = _monomial(operand, source)
            return -factor, radicand, power
        case ast.Call(func=ast.Name(id="sqrt"), args=[argument], keywords=[]):
            factor, radicand, power = _monomial(argument, source)
            if factor < 0 or radicand != 1 or power != 0:
                raise ValueError("a square root of a rational only")
            return (Fraction(0), Fraction(1), 0) if factor == 0 else (Fraction(1), factor, 0)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            (a, p, i), (b, q, j) = _monomial(left, source), _monomial(right, source)
            return a * b, p * q, i + j
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            (a, p, i), (b, q, j) = _monomial(left, source), _monomial(right, source)
            return a / b, p / q, i - j
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            (a, p, i), (b, q, j) = _monomial(left, source), _monomial(right, source)
            if p * q != 1 or i or j:
                raise ValueError("a sum of rationals only")
            return a + b if isinstance(op, ast.Add) else a - b, Fraction(1), 0
        case _:
            raise ValueError("not a number")
