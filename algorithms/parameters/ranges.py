"""The ranges of numeric parameters, checked when an experiment is planned."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oracle.errors import InvalidValue


@dataclass(frozen=True)
class Interval:
    """The finite numbers between two ends.

    Attributes
    ----------
    low, high : float
        The ends, which belong to it unless they are infinite.
    above, below : bool
        Whether the low, or the high, end is left out.
    """

    low: float
    high: float = math.inf
    above: bool = False
    below: bool = False

    def __contains__(self, value: float) -> bool:
        over = self.low < value if self.above else self.low <= value
        under = value < self.high if self.below or self.high == math.inf else value <= self.high
        return over and under

    def __str__(self) -> str:
        if self.high == math.inf:
            return f"must be {'more than' if self.above else 'at least'} {self.low:g}, and finite"
        left, right = "(" if self.above else "[", ")" if self.below else "]"
        return f"must lie in {left}{self.low:g}, {self.high:g}{right}"


NATURAL, POSITIVE, PROBABILITY = Interval(0), Interval(1), Interval(0, 1)
"""Whole numbers from 0, and from 1, on where the parameter is an int; and shares."""
SIZE = Interval(0, above=True)
"""Lengths and rates, which are more than 0."""


def check_ranges(ranges: Mapping[str, Interval], parameters: Mapping[str, Any]) -> None:
    """Raise `InvalidValue` if a number among the parameters is out of its range."""
    for name, interval in ranges.items():
        value = parameters.get(name)
        if isinstance(value, int | float) and value not in interval:
            raise InvalidValue(name, value, str(interval), "choose a number there")
