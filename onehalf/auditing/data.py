"""Numbers as they were given: their exact value, and half a unit in their last place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from oracle.errors import InvalidValue

LARGEST = Fraction(10) ** 30
"""Nothing larger is audited: solvers take it for infinity."""
_MOST_DIGITS = 4_000
_DECIMAL = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:[eEdD]([+-]?\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Datum:
    """A number of the user's.

    Attributes
    ----------
    value : Fraction
        Exactly what was given.
    half_unit : Fraction
        Half a unit in the last place that was written, of whichever size the number is.
    """

    value: Fraction
    half_unit: Fraction

    @property
    def whole(self) -> bool:
        """Whether it is an integer, which is exact unless it is declared to be otherwise."""
        return self.value.denominator == 1


def read_decimal(text: str, name: str) -> Datum:
    """Return a decimal as written, its own digits kept exactly.

    Raises
    ------
    InvalidValue
        If it is no finite decimal number of at most 10^30.
    """
    found = _DECIMAL.fullmatch(text.strip())
    if found is None:
        raise InvalidValue(name, text, "is no finite decimal number", "write for example 0.25 or 2.5e-3")
    sign, digits, exponent = found[1], found[2], int(found[3] or 0)
    if len(digits) > _MOST_DIGITS:
        raise InvalidValue(name, f"{text[:20]}…", f"has more than {_MOST_DIGITS:,} digits", "round it")
    whole, _, after = digits.partition(".")
    unit = Fraction(10) ** (exponent - len(after))
    value = int(whole + after) * unit
    return _checked(Datum(-value if sign == "-" else value, unit / 2), text, name)


def datum_of(value: Any, name: str) -> Datum:
    """Return a number from memory exactly; its last place is that of its shortest decimal.

    Raises
    ------
    InvalidValue
        If it is NaN, infinite, no real number, or larger than 10^30.
    """
    if isinstance(value, Fraction):
        return _checked(Datum(value, Fraction(0)), value, name)
    if isinstance(value, str):
        return read_decimal(value, name)
    if isinstance(value, np.float32 | np.float16):
        return _checked(Datum(Fraction(float(value)), read_decimal(str(value), name).half_unit), value, name)
    if isinstance(value, bool | np.bool_ | int | np.integer):
        return _checked(Datum(Fraction(int(value)), Fraction(1, 2)), value, name)
    try:
        if isinstance(value, complex | np.complexfloating):
            raise TypeError(value)
        number = float(value)
    except (TypeError, ValueError) as error:
        raise InvalidValue(name, value, "is no real number", "give numbers only") from error
    if not np.isfinite(number):
        raise InvalidValue(name, number, "must be finite", "remove or replace this entry")
    return _checked(Datum(Fraction(number), read_decimal(repr(number), name).half_unit), number, name)


def _checked(datum: Datum, given: object, name: str) -> Datum:
    if abs(datum.value) > LARGEST:
        raise InvalidValue(name, given, "must be at most 10^30 in size", "change the unit it is measured in")
    return datum


def digits_within(radius: Fraction) -> int:
    """Return the largest K with radius ≤ 10^-K; the radius is positive."""
    digits = len(str(radius.denominator)) - len(str(radius.numerator)) + 1
    while radius > Fraction(10) ** -digits:
        digits -= 1
    return digits


def digits_apart(distance: Fraction) -> int:
    """Return the smallest K with 2·10^-K < distance; the distance is positive."""
    digits = len(str(distance.denominator)) - len(str(distance.numerator)) - 2
    while 2 * Fraction(10) ** -digits >= distance:
        digits += 1
    return digits


def as_decimal(value: Fraction, digits: int = 6, rounding: str = ROUND_HALF_EVEN) -> str:
    """Write a number for a reader, rounded as is said: down for what it is at least, up for what it is at most."""
    if value.denominator == 1 and abs(value) < 10**9:
        return str(value.numerator)
    context = Context(prec=digits, rounding=rounding, Emin=-(10**6), Emax=10**6)
    found = context.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(context)
    if -5 <= found.adjusted() < digits:
        return f"{found:f}"
    return f"{found:e}".replace("e+", "e")
