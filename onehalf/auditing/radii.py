"""Radius models: how far the truth may lie from each number that is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Any

from onehalf.auditing.data import Datum, read_decimal
from oracle.errors import InvalidValue

_POWER = re.compile(r"2\^(-?\d{1,4})")
_QUOTIENT = re.compile(r"(\d{1,400})/(\d{1,400})")
MOST_BITS = 4000
DEFAULT_BITS = (20, 30, 40, 52)


@dataclass(frozen=True)
class Radii:
    """One reading of the numbers: the radius of each.

    Attributes
    ----------
    bits : int or None
        n: every non-integer lies within 2^-n (of its size, if `relative`). None: decimals as written, half a unit in
        the last place.
    relative : bool
        Whether 2^-n is a share of the number.
    uniform : Fraction or None
        One radius for every non-integer, instead of 2^-n.
    named : tuple of (pattern, radius)
        Radii of entries by name, integers as well; the last pattern that fits counts.
    inexact, exact : tuple of str
        Patterns of entries that are inexact although they are integers, and exact although they are none.
    """

    bits: int | None = None
    relative: bool = False
    uniform: Fraction | None = None
    named: tuple[tuple[str, Fraction], ...] = ()
    inexact: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """How a table calls it."""
        if self.uniform is not None:
            return f"within {_shown(self.uniform)}"
        if self.bits is None:
            return "as written"
        return f"2^-{self.bits}" + " of each number" * self.relative

    @property
    def words(self) -> str:
        """How a sentence calls it: "numbers …"."""
        if self.uniform is not None:
            return f"correct to within {_shown(self.uniform)}"
        if self.bits is None:
            return "correct to half a unit in the last place written"
        return f"correct to 2^-{self.bits}" + " of their size" * self.relative

    def of(self, name: str, datum: Datum, whole: bool | None = None) -> Fraction:
        """Return the radius of an entry; `whole` says for a column what `datum.whole` says for a number."""
        for pattern, radius in reversed(self.named):
            if is_meant(name, pattern):
                return radius
        if any(is_meant(name, pattern) for pattern in self.exact):
            return Fraction(0)
        if (datum.whole if whole is None else whole) and not any(
            is_meant(name, pattern) for pattern in self.inexact
        ):
            return Fraction(0)
        return self.size_of(datum)

    def size_of(self, datum: Datum) -> Fraction:
        """Return the radius of an entry that is inexact."""
        if self.uniform is not None:
            return self.uniform
        if self.bits is None:
            return datum.half_unit
        return Fraction(1, 1 << self.bits) * (abs(datum.value) if self.relative else 1)

    def unmatched(self, names: Iterable[str]) -> list[str]:
        """Return the patterns that fit no entry."""
        patterns = {*(pattern for pattern, _ in self.named), *self.inexact, *self.exact}
        for name in names:
            patterns = {pattern for pattern in patterns if not is_meant(name, pattern)}
            if not patterns:
                break
        return sorted(patterns)


def is_meant(name: str, pattern: str) -> bool:
    """Tell whether an entry's name is meant by a pattern: the name or its last part, * and ? as in a shell."""
    return fnmatchcase(name, pattern) or fnmatchcase(name.rpartition("/")[2], pattern)


def check_patterns(radii: Radii, names: Iterable[str]) -> None:
    """Refuse patterns that fit no entry, which would otherwise be silently without effect."""
    unused = radii.unmatched(names)
    if unused:
        raise InvalidValue(
            "radius", unused[0], "fits no entry of the file", "write ROW/COLUMN, or a part with *"
        )


def read_radius(text: Any, name: str = "radius") -> Fraction:
    """Return a radius that was written as a decimal, as 2^-n or as p/q; of a float its shortest decimal.

    Raises
    ------
    InvalidValue
        If it is none of these, or negative.
    """
    written = repr(float(text)) if isinstance(text, float) else str(text)
    if power := _POWER.fullmatch(written):
        value = Fraction(2) ** int(power[1])
    elif (quotient := _QUOTIENT.fullmatch(written)) and int(quotient[2]):
        value = Fraction(int(quotient[1]), int(quotient[2]))
    else:
        value = read_decimal(written, name).value
    if value < 0:
        raise InvalidValue(name, text, "must not be negative", "write for example 0.05, 1/8 or 2^-30")
    return value


def radius_models(
    bits: int | Sequence[int] | None = None,
    *,
    decimals: bool = False,
    relative: bool = False,
    radius: Any = None,
    inexact: Sequence[str] = (),
    exact: Sequence[str] = (),
) -> list[Radii]:
    """Return the readings asked for, one for each precision.

    Parameters
    ----------
    bits : int or sequence of int, optional
        n of 2^-n.
    decimals : bool
        Whether the decimals as written are a reading as well.
    relative : bool
        Whether 2^-n is a share of each number.
    radius : number, str or dict, optional
        One radius for all, or radii by entries' names.
    inexact, exact : sequence of str
        Exceptions, by name.
    """
    asked = [] if bits is None else [bits] if isinstance(bits, int) else list(bits)
    for n in asked:
        if not isinstance(n, int) or isinstance(n, bool) or not 0 <= n <= MOST_BITS:
            raise InvalidValue(
                "bits", n, f"must be a whole number from 0 to {MOST_BITS}", "write for example 52"
            )
    named = tuple((str(k), read_radius(v)) for k, v in radius.items()) if isinstance(radius, dict) else ()
    base = Radii(None, relative, None, named, tuple(inexact), tuple(exact))
    models = [replace(base, bits=n) for n in dict.fromkeys(asked)]
    if radius is not None and not isinstance(radius, dict):
        models.append(replace(base, uniform=read_radius(radius)))
    if decimals:
        models.append(base)
    if not models:
        models = [replace(base, bits=n) for n in DEFAULT_BITS] + [base]
    return models


def _shown(value: Fraction) -> str:
    return str(value) if len(str(value)) < 12 else f"about {float(value):.3g}"
