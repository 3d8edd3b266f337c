"""Floating point as IEEE 754 has it by default: seen to before anything rests on it, and put back afterwards.

Rounding mode, flushing of subnormal results and of subnormal operands are settings of the calling thread that any
library may change for good, as some that do interval arithmetic or neural networks do on import.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from functools import cache
from math import ldexp
from typing import Any

import numpy as np

# By ldexp, which is exact in every rounding mode, for this may be imported in a wrong one; a power is not.
_UP, _DOWN = 1 + ldexp(1, -52), 1 - ldexp(1, -52)
# Products that lie a hair above and a hair below a float64, of either sign, one with a subnormal result and one with a
# subnormal operand (few, for processors are slow at them): each wrong setting changes some.
_FACTORS = np.array([_UP, _UP, -_UP, -_UP, ldexp(1, -1022), ldexp(1, -1074), _UP, _UP, -_UP])
_OTHERS = np.array([_UP, _DOWN, _UP, _DOWN, 0.5, 1.0, _UP, _DOWN, _UP])
_A, _B = 1 + ldexp(1, -51), 1.0
_PRODUCTS = np.array([_A, _B, -_A, -_B, ldexp(1, -1023), ldexp(1, -1074), _A, _B, -_A]).tobytes()
_ENVIRONMENT_BYTES = 256


def is_standard() -> bool:
    """Tell whether this thread rounds to nearest and keeps subnormal numbers, by doing it."""
    products: bytes = (_FACTORS * _OTHERS).tobytes()
    return products == _PRODUCTS


class Standard:
    """A context of IEEE 754's defaults where the platform lets us set them; the caller's settings are put back.

    Whoever relies on it asks `is_standard` within: there may be no way to set it.
    """

    __slots__ = ("kept",)

    def __enter__(self) -> None:
        self.kept: Any = None
        library = None if is_standard() else _library()
        if library is not None:
            self.kept = ctypes.create_string_buffer(_ENVIRONMENT_BYTES)
            library.fegetenv(self.kept)
            _set_default(library)

    def __exit__(self, *_: object) -> None:
        if self.kept is not None:
            _library().fesetenv(self.kept)


def _set_default(library: Any) -> None:
    library.fesetround(0)  # to nearest, on every platform that Python runs on
    if sys.platform == "linux":
        # C's FE_DFL_ENV is the pointer −1 there; it also ends the flushing of subnormal numbers.
        library.fesetenv(ctypes.c_void_p(-1))


@cache
def _library() -> Any:
    """Return the C library that holds the floating-point environment, None where it cannot be had."""
    for name in ("libm.so.6", None):
        with contextlib.suppress(OSError, TypeError, AttributeError):
            library = ctypes.CDLL(name)
            if library.fegetenv and library.fesetenv and library.fesetround:
                return library
    return None
