"""The adversarial data sets of Theorem T: each pair of conflicting points stands at two shared places, in either order.

For M disjoint pairs these are 2^M data sets within the radii, all of different points (unless two points with one label
are shown equal and exact). Whatever function was trained, of each pair both points are right in one order and wrong in
the other, or at least one is wrong in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from onehalf.auditing.datasets.labelled import Exact, Labelled, PointBoxes

Place = tuple[Fraction, ...]
_MOST_PARTS = 400


@dataclass(frozen=True)
class Exchange:
    """Two points of different labels and two places that are within the radii of both.

    Attributes
    ----------
    first, second : int
        The points, first < second.
    places : (tuple, tuple)
        Two different places, a coordinate for each feature.
    """

    first: int
    second: int
    places: tuple[Place, Place]


@dataclass(frozen=True, eq=False)
class Twins:
    """All adversarial data sets at once.

    Attributes
    ----------
    exchanges : tuple of Exchange
        Disjoint.
    points : array (r, d) of Fraction
        One data set: every pair in its first order.
    distinct : bool
        Whether all points of it, and so of all others, are different.
    """

    exchanges: tuple[Exchange, ...]
    points: Exact
    distinct: bool

    def data_set(self, swapped: Sequence[bool]) -> Exact:
        """Return the data set in which the pairs marked are exchanged."""
        points = self.points.copy()
        for exchange, other in zip(self.exchanges, swapped, strict=True):
            here, there = exchange.places[::-1] if other else exchange.places
            points[exchange.first], points[exchange.second] = here, there
        return points


def twins_of(table: Labelled, boxes: PointBoxes, pairs: Sequence[tuple[int, int]]) -> Twins:
    """Return the data sets of disjoint conflicting pairs; where floats lie in the shared boxes, places are floats."""
    matched = {k for pair in pairs for k in pair}
    taken: set[Place] = set()
    points = table.numbers.copy()
    rest = [k for k in range(len(points)) if k not in matched]
    distinct = True
    for k in sorted(rest, key=lambda k: bool(boxes.movable[k])):
        place: Place | None = tuple(points[k])
        if place in taken:
            place = next((p for p in _places(boxes.low[k], boxes.high[k]) if p not in taken), None)
        if place is None:
            distinct = False
            continue
        taken.add(place)
        points[k] = place
    exchanges = []
    for i, j in pairs:
        low = np.array([max(a, b) for a, b in zip(boxes.low[i], boxes.low[j], strict=True)], dtype=object)
        high = np.array([min(a, b) for a, b in zip(boxes.high[i], boxes.high[j], strict=True)], dtype=object)
        places = _two(place for place in _places(low, high) if place not in taken)
        taken |= set(places)
        points[i], points[j] = places
        exchanges.append(Exchange(i, j, places))
    return Twins(tuple(exchanges), points, distinct)


def _two(places: Iterator[Place]) -> tuple[Place, Place]:
    return next(places), next(places)


def _places(low: Exact, high: Exact) -> Iterator[Place]:
    """Yield places of a box, ever new ones: floats first, then without rounding; of a point itself alone."""
    if (low == high).all():
        yield tuple(low)
        return
    seen: set[Place] = set()
    for rounded in (True, False):
        for parts in range(3, _MOST_PARTS):
            for k in range(1, parts):
                place = tuple(
                    _between(a, b, Fraction(k, parts), rounded) for a, b in zip(low, high, strict=True)
                )
                if place not in seen:
                    seen.add(place)
                    yield place


def _between(low: Fraction, high: Fraction, share: Fraction, rounded: bool) -> Fraction:
    value = low + share * (high - low)
    if rounded and low < high:
        near = Fraction(float(value))
        return near if low <= near <= high else value
    return value


def exact_decimal(value: Fraction) -> str:
    """Write a rational exactly: as a decimal where that ends, else as p/q."""
    twos = (value.denominator & -value.denominator).bit_length() - 1
    rest, fives = value.denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return str(value)
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def csv_of(table: Labelled, points: Exact) -> str:
    """Return a data set as CSV, its numbers exactly."""
    import csv
    import io

    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*table.features, "label"])
    for point, label in zip(points, table.labels, strict=True):
        writer.writerow([*map(exact_decimal, point), label])
    return stream.getvalue()
