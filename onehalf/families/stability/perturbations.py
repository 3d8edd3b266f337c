"""Universal adversarial perturbations of a network, exactly (docs/theory.md §5).

The points are (x_1, δ·label, 0, …). For η among 0, −δe_2, +δe_2 the set of points that η makes wrong is decided by
exact evaluation; around the best η a box is certified on all of which those points stay wrong; and the line
η = t·e_2 is searched through all breakpoints of the network for the η that makes most points wrong.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onehalf.families.stability.classifier import RULES, Rule, Span
from onehalf.families.stability.restriction import Corner, Patch, Restriction, as_real, clip, meet
from oracle.arithmetic.coverage import Run, coverage_of
from oracle.costs import COSTS
from oracle.judge import Level, exact_values
from oracle.networks import Network, pieces
from oracle.numbers import Irrational, Real

SIGNS = (0, -1, 1)


@dataclass(frozen=True, eq=False)
class Sample:
    """The distinct points of T ∪ V.

    Attributes
    ----------
    places : tuple of exact numbers
        x_1, ascending.
    labels : tuple of int
        f at each of them, 0 or 1.
    training, validation : tuple of int
        How often each point was drawn for T and for V.
    delta : Fraction
        δ.
    radius : Fraction
        ε > δ, such that f is constant on the ε-ball of each point.
    dimension : int
        d ≥ 2; coordinates 3..d are 0.
    feature : bool
        Whether x_2 = δ·label; without the second feature x_2 = 0.
    """

    places: tuple[Real, ...]
    labels: tuple[int, ...]
    training: tuple[int, ...]
    validation: tuple[int, ...]
    delta: Fraction
    radius: Fraction
    dimension: int = 2
    feature: bool = True

    @property
    def changes(self) -> int:
        """A, the number of label changes along x_1."""
        return sum(a != b for a, b in itertools.pairwise(self.labels))

    @cached_property
    def rational(self) -> bool:
        """Whether all points are rational."""
        return not any(isinstance(x, Irrational) for x in self.places)

    def level(self, sign: int) -> Level:
        """Return the points moved by sign·δ·e_2, ready for exact evaluation."""
        return self._levels[SIGNS.index(sign)]

    @cached_property
    def _levels(self) -> tuple[Level, ...]:
        labels = np.array(self.labels, dtype=np.int64)
        found = []
        for sign in SIGNS:
            points = np.full((len(labels), self.dimension), Fraction(0), dtype=object)
            points[:, 0] = self.places
            points[:, 1] = [self.delta * (label * self.feature + sign) for label in self.labels]
            found.append(Level(points, labels, COSTS["max"], Fraction(0)))
        return tuple(found)


def values_at(network: Network, points: NDArray[np.object_]) -> list[Any]:
    """Return φ at exact points, shape (n, d), dtype object, exactly."""
    return exact_values(
        network, Level(points, np.zeros(len(points), dtype=np.int64), COSTS["max"], Fraction(0))
    )


def wrong_sets(
    network: Network, sample: Sample, rule: Rule = RULES["threshold"]
) -> dict[int, tuple[int, ...]]:
    """Return, for each sign in (0, −1, +1), the points that sign·δ·e_2 makes wrong, exactly."""
    return {
        sign: tuple(
            k
            for k, (value, label) in enumerate(
                zip(exact_values(network, sample.level(sign)), sample.labels, strict=True)
            )
            if rule.wrong(value, label)
        )
        for sign in SIGNS
    }


def forced_errors(changes: int, architecture: Sequence[int]) -> int:
    """Return ⌈(A − P(N))/2⌉, at least 0: the errors that Lemma 6 forces on a line."""
    return max(0, -((pieces(architecture) - changes) // 2))


def guarantee(changes: int, architecture: Sequence[int], one_line: bool) -> int:
    """Return the least size of the largest wrong set that docs/theory.md §5 guarantees in NN_N.

    Parameters
    ----------
    one_line : bool
        Whether all forced errors fall to one perturbation: where the network is right everywhere (to −δe_2), or
        the points lie on one line as they are (to η = 0). Otherwise −δe_2, 0 and δe_2 share twice as many: ⌈2m/3⌉.
    """
    forced = forced_errors(changes, architecture)
    return forced if one_line else -(-2 * forced // 3)


@dataclass(frozen=True, slots=True)
class Search:
    """The best η = t·e_2 with |t| ≤ limit.

    Attributes
    ----------
    limit : Real
        How far was searched.
    wrong : int
        The largest number of points that one such η makes wrong; certain.
    t : Real
        An η that does: where these form an open interval, its middle.
    least : Real
        The infimum of |t| over all that do.
    attained : bool
        Whether one of that size does; otherwise those of every greater size near it.
    """

    limit: Real
    wrong: int
    t: Real
    least: Real
    attained: bool


def best_perturbations(
    network: Network, sample: Sample, limits: Sequence[Real], rule: Rule = RULES["threshold"]
) -> list[Search]:
    """Return the best perturbation along e_2 within each limit, by exact search over all breakpoints.

    Between neighbouring events (where some point's value leaves its span) nothing changes, so that events
    and the midpoints between them are all there is to try.
    """
    restriction = Restriction(network, sample.rational)
    longest = max(limits)
    direction = [0, 1, *[0] * (sample.dimension - 2)]
    runs: list[list[Run]] = []
    for point, label in zip(sample.level(0).points, sample.labels, strict=True):
        found = restriction.line(list(point), direction, -longest, longest)
        runs.append(
            [
                run
                for piece in found
                for run in _wrong_runs(piece.low, piece.high, piece.constant, piece.slope, rule.spans[label])
            ]
        )
    zero = restriction.number(0)
    ends = {zero, *(restriction.number(s * x) for x in limits for s in (-1, 1))}
    coverage = coverage_of(runs, ends)
    results = []
    for limit in limits:
        size = restriction.number(limit)
        best, place = coverage.most(-size, size)
        least, attained = coverage.least(-size, size)
        results.append(Search(limit, best, as_real(place), as_real(least), attained))
    return results


def _wrong_runs(low: Any, high: Any, constant: Any, slope: Any, span: Span) -> list[Run]:
    """Return the (low, high, low_open, high_open) on which constant + slope·t lies outside a span."""
    if slope == 0:
        return [] if span.holds(as_real(constant)) else [(low, high, False, False)]
    runs = []
    for end, closed, below in ((span.low, span.low_closed, True), (span.high, span.high_closed, False)):
        if end is None:
            continue
        knot = (_like(end, slope) - constant) / slope
        if (slope > 0) == below:
            left, right, left_open, right_open = low, min(high, knot), False, closed and knot <= high
        else:
            left, right, left_open, right_open = max(low, knot), high, closed and knot >= low, False
        if left < right or (left == right and not left_open and not right_open):
            runs.append((left, right, left_open, right_open))
    return runs


def _like(value: Fraction, number: Any) -> Any:
    """Return a Fraction in the arithmetic of `number`."""
    return value if isinstance(number, Fraction) else type(number)(value.numerator, value.denominator)


def certified_radii(
    network: Network, sample: Sample, sign: int, wrong: Sequence[int], rule: Rule = RULES["threshold"]
) -> list[Real]:
    """Return, for each point of a wrong set, the largest τ ≤ 1 on whose open box it stays wrong, exactly.

    The box of τ around η = sign·δ·e_2 is {η + s·e_1 + t·e_2 : |s| < τ·ε, |t| < τ·δ}; f is constant on it. It is
    the largest one for spans that are exact, and never too large.
    """
    restriction = Restriction(network, sample.rational)
    sizes = (sample.radius, sample.delta)
    points = sample.level(sign).points
    return [
        _distance(
            restriction, restriction.box(list(points[k]), (0, 1), sizes), sizes, rule.spans[sample.labels[k]]
        )
        for k in wrong
    ]


def _distance(restriction: Restriction, patches: list[Patch], sizes: tuple[Real, Real], span: Span) -> Real:
    """Return the least weighted maximum norm of a point whose value is in the span; 1 if there is none within 1."""
    s, t = (restriction.number(size) for size in sizes)
    one = restriction.number(1)
    best = one
    for patch in patches:
        for corner in _right_corners(restriction, patch, span, (s, t)):
            best = min(best, max(abs(corner[0]) / s, abs(corner[1]) / t))
    return as_real(best)


def _right_corners(
    restriction: Restriction, patch: Patch, span: Span, sizes: tuple[Any, Any]
) -> list[Corner]:
    """Return points of the closure of {value in span} ∩ patch among which is one of least norm; [] if it is empty."""
    p, q = patch.slope
    values = [patch.constant + p * s + q * t for s, t in patch.corners]
    ring, lines = patch.corners, patch.edges
    for end, closed, side in ((span.low, span.low_closed, 1), (span.high, span.high_closed, -1)):
        if end is None:
            continue
        bar = restriction.number(end)
        if not any(side * (v - bar) > 0 or (closed and v == bar) for v in values):
            return []
        if any(side * (v - bar) < 0 for v in values):
            ring, lines = clip(ring, lines, (side * p, side * q, side * (patch.constant - bar)))
    return [*ring, *_crossings(ring, lines, sizes)]


def _crossings(ring: Sequence[Corner], lines: Sequence[Any], sizes: tuple[Any, Any]) -> list[Corner]:
    """Return where the polygon's edges meet the axes and diagonals of the box: the norm is affine in between."""
    s, t = sizes
    one, nil = s / s, s - s
    rays = ((one, nil, nil), (nil, one, nil), (t, -s, nil), (t, s, nil))
    found = []
    for index, (start, line) in enumerate(zip(ring, lines, strict=True)):
        end = ring[(index + 1) % len(ring)]
        for ray in rays:
            corner = meet(line, ray)
            if corner is not None and all(
                min(a, b) <= x <= max(a, b) for a, b, x in zip(start, end, corner, strict=True)
            ):
                found.append(corner)
    return found


def norms(shift: Real, delta: Real) -> dict[str, Real]:
    """Return ‖shift·e_1 + delta·e_2‖ in the norms 1, 2 (squared, to stay exact) and ∞."""
    across: Any = abs(shift)
    up: Any = abs(delta)
    return {"1": across + up, "2 squared": across * across + up * up, "inf": max(across, up)}
