"""Monotone g: R → R that turns a network's value into a class, and the values that are wrong for a label.

A point with label y is *wrong* where |g(φ(x)) − y| ≥ 1/2. For monotone g the values that are right for a label form
an interval, its *span*; everything below and above is wrong.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from oracle.errors import InvalidValue
from oracle.namespaces import load_named

HALF = Fraction(1, 2)
_BITS = 64


@dataclass(frozen=True, slots=True)
class Span:
    """An interval of values, unbounded where an end is None."""

    low: Fraction | None
    high: Fraction | None
    low_closed: bool = False
    high_closed: bool = False

    def holds(self, value: Any) -> bool:
        """Tell whether a value lies in it."""
        above = self.low is None or value > self.low or (self.low_closed and value == self.low)
        below = self.high is None or value < self.high or (self.high_closed and value == self.high)
        return bool(above and below)


@dataclass(frozen=True, slots=True)
class Rule:
    """A monotone g by the values that are right for label 0 and for label 1.

    Attributes
    ----------
    name : str
        How reports call it.
    spans : (Span, Span)
        They contain the right values; exactly these where `g` is None.
    g : callable, optional
        The function itself, on exact numbers, where the spans are enclosures.
    """

    name: str
    spans: tuple[Span, Span]
    g: Callable[[Any], Any] | None = None

    def wrong(self, value: Any, label: int) -> bool:
        """Tell whether |g(value) − label| ≥ 1/2, exactly."""
        if self.g is not None:
            return bool(abs(self.g(value) - label) >= HALF)
        return not self.spans[label].holds(value)


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        # g = 1 from 1/2 on, else 0.
        Rule("threshold", (Span(None, HALF), Span(HALF, None, low_closed=True))),
        # g(t) = t.
        Rule("identity", (Span(-HALF, HALF), Span(HALF, 3 * HALF))),
        # g(t) = t cut off to [0, 1].
        Rule("clip", (Span(None, HALF), Span(HALF, None))),
    )
}


def rule_of(g: Callable[[Any], Any], name: str) -> Rule:
    """Return the rule of a monotone function on exact numbers.

    The ends of its spans are enclosed by bisection to 2^-64, wrongness is decided by g itself.

    Raises
    ------
    InvalidValue
        If g is not monotone on a sample of numbers.
    """
    sample = [Fraction(k, 8) for k in range(-64, 65)] + [
        s * Fraction(1 << k) for k in (8, 60) for s in (-1, 1)
    ]
    values = [g(t) for t in sorted(sample)]
    pairs = list(itertools.pairwise(values))
    rising = all(a <= b for a, b in pairs)
    if not rising and not all(a >= b for a, b in pairs):
        raise InvalidValue("rule", name, "must be monotone", "take a function that only rises or only falls")
    up: Callable[[Any], Any] = g if rising else lambda t: g(-t)
    spans = []
    for label in (0, 1):
        low = _last(lambda t, y=label: up(t) <= y - HALF)  # type: ignore[misc]
        over = _last(lambda t, y=label: up(-t) >= y + HALF)  # type: ignore[misc]
        high = None if over is None else -over
        if not rising:
            low, high = (None if high is None else -high), (None if low is None else -low)
        spans.append(Span(low, high))
    return Rule(name, (spans[0], spans[1]), g)


def _last(holds: Callable[[Fraction], bool]) -> Fraction | None:
    """Return a t with `holds`, true on a half-line to the left, within 2^-64 of its last one; None if none is found."""
    size = Fraction(1)
    while not holds(-size):
        size *= 2
        if size > 1 << _BITS:
            return None
    low, high = -size, size
    while holds(high):
        high *= 2
        if high > 1 << _BITS:
            return high
    while high - low > Fraction(1, 1 << _BITS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def find_rule(name: str) -> Rule:
    """Return a standard rule by name, or a user's monotone function from ``file.py::name``.

    Raises
    ------
    InvalidValue
        If there is no such rule, or the function is not monotone.
    """
    if name in RULES:
        return RULES[name]
    found = load_named("rule", str(name))
    if callable(found):
        return rule_of(found, name)
    raise InvalidValue(
        "rule", name, "is no monotone g", f"choose one of {', '.join(RULES)}, or write file.py::function"
    )
