"""Numbers and arrays of any library, taken as the rational numbers that they are, or refused.

A subclass of Python's numbers may say anything of itself: what counts is the number that its base class holds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oracle.arithmetic.effort import reduced

_LARGEST_BINARY_EXPONENT = 1 << 30


def exact_fraction(x: Any) -> Fraction:
    """Return a number as a Fraction of Python's own integers.

    Understood are Python's and NumPy's numbers, `decimal`, and those of gmpy2, python-flint, SymPy, mpmath and PyTorch.

    Raises
    ------
    ValueError
        If it is no finite rational number: NaN, infinite, irrational, complex, or no number.
    """
    if type(x) is Fraction and type(x.numerator) is int and type(x.denominator) is int:
        return x
    if type(x) is float or type(x) is int:
        return Fraction(x)
    try:
        numerator, denominator = _ratio(x)
    except Exception as error:
        raise ValueError(f"{type(x).__name__} is no finite rational number: {error}") from error
    if denominator == 0:
        raise ValueError(f"{type(x).__name__} has the denominator 0")
    return reduced(numerator, denominator)


def _ratio(x: Any) -> tuple[int, int]:
    """Return numerator and denominator, not 0 unless the number lies."""
    if isinstance(x, float):
        return float.as_integer_ratio(x)
    if isinstance(x, int):
        return int.__add__(x, 0), 1
    if isinstance(x, Fraction):
        # The attributes below a subclass's: those that Fraction's own arithmetic takes.
        own: Any = Fraction
        return _whole(own.numerator.fget(x)), _whole(own.denominator.fget(x))
    if isinstance(x, np.floating) and not np.isfinite(x):
        raise ValueError("it is NaN or infinite")
    if isinstance(x, np.generic) and not isinstance(x, np.longdouble):
        return _ratio(x.item())
    if callable(getattr(x, "detach", None)):
        return _ratio(x.detach().item())
    for form in (_by_ratio, _by_parts, _by_ball, _by_mantissa):
        found = form(x)
        if found is not None:
            return found
    plain = Fraction(x)
    return plain.numerator, plain.denominator


def _whole(value: Any) -> int:
    """Return an integer of any library as Python's own."""
    number = int(value() if callable(value) else value)
    return int.__add__(number, 0)


def _by_ratio(x: Any) -> tuple[int, int] | None:
    """Return the ratio that a number of gmpy2, NumPy or `decimal` says."""
    if not callable(getattr(x, "as_integer_ratio", None)):
        return None
    numerator, denominator = x.as_integer_ratio()
    return _whole(numerator), _whole(denominator)


def _by_parts(x: Any) -> tuple[int, int] | None:
    """Return the parts that a rational of python-flint or SymPy has."""
    if not hasattr(x, "numerator") or not hasattr(x, "denominator"):
        return None
    return _whole(x.numerator), _whole(x.denominator)


def _by_mantissa(x: Any) -> tuple[int, int] | None:
    """Return what a binary float of mpmath or SymPy is: (sign, mantissa, exponent, bits)."""
    parts = getattr(x, "_mpf_", None)
    if parts is None:
        return None
    sign, mantissa, exponent, _ = parts
    if not mantissa and exponent:
        raise ValueError("it is NaN or infinite")
    return _scaled(-_whole(mantissa) if sign else _whole(mantissa), _whole(exponent))


def _by_ball(x: Any) -> tuple[int, int] | None:
    """Return what a ball of python-flint is, if it holds one number."""
    exact: Callable[[], bool] | None = getattr(x, "is_exact", None)
    if exact is None or not hasattr(x, "man_exp"):
        return None
    if not exact():
        raise ValueError("it is a ball that holds more than one number")
    mantissa, exponent = x.man_exp()
    return _scaled(_whole(mantissa), _whole(exponent))


def _scaled(mantissa: int, exponent: int) -> tuple[int, int]:
    if abs(exponent) > _LARGEST_BINARY_EXPONENT:
        raise ValueError("its exponent is too large")
    return (mantissa << exponent, 1) if exponent >= 0 else (mantissa, 1 << -exponent)


def masked(values: Any) -> bool:
    """Tell whether an array has masked entries; NumPy's part for these is not imported where nobody else did."""
    known = sys.modules.get("numpy.ma")
    return known is not None and isinstance(values, known.MaskedArray) and bool(known.is_masked(values))


def plain_array(values: Any) -> NDArray[Any]:
    """Return an array of any library as NumPy's own, with the same numbers; bfloat16 and its like become float64.

    Raises
    ------
    ValueError
        If it is a masked array of which an entry is masked, which has no number there.
    """
    if callable(getattr(values, "detach", None)):
        values = values.detach().cpu()
        values = (values.double() if values.is_floating_point() else values).numpy()
    elif type(values).__module__.startswith("flint") and callable(getattr(values, "tolist", None)):
        values = np.array(values.tolist(), dtype=object)
    if masked(values):
        raise ValueError("an entry is masked, and so no number")
    found = np.asarray(values)
    # bfloat16 and its like register themselves with NumPy; raw bytes, of the same kind, cannot be cast.
    if found.dtype.kind == "V" and found.dtype.fields is None and np.can_cast(found.dtype, np.float64):
        return found.astype(np.float64)
    return found
