"""Stable and accurate networks (docs/theory.md §5.3), their certificates, and the width that they need.

All of them look at x_1 alone: between neighbouring points of different label there is an interval that no ball of
radius ε reaches, and the change is made there.

=========  ==============  =======================  ==========================================================
name       hidden neurons  hidden layers            on every ball
=========  ==============  =======================  ==========================================================
ramps (ψ)  2A              1                        equal to the label
zigzag     A               1                        on the label's side of 1/2; Lemma 6 asks for A − 1 at least
fold       ⌈A/2⌉ + 2       2                        on the label's side of 1/2; less than one layer can do
=========  ==============  =======================  ==========================================================
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from onehalf.families.stability.classifier import RULES, Rule
from onehalf.families.stability.perturbations import Sample
from onehalf.families.stability.restriction import Restriction, as_real
from oracle.errors import InvalidValue
from oracle.networks import Network
from oracle.numbers import Irrational, Real, nearest

Gap = tuple[Fraction, Fraction]
_SPARE_BITS = 8


def label_gaps(places: Sequence[Real], labels: Sequence[int], radius: Fraction) -> list[Gap]:
    """Return, in order of x_1, rational (low, high) between the ε-balls of neighbours with different labels.

    Parameters
    ----------
    places : sequence of exact numbers
        x_1, ascending.
    radius : Fraction
        ε.

    Raises
    ------
    InvalidValue
        If two balls with different labels meet.
    """
    gaps = []
    for (left, before), (right, after) in itertools.pairwise(zip(places, labels, strict=True)):
        if before != after:
            low, high = left + radius, right - radius
            if not low < high:
                raise InvalidValue(
                    "radius", str(radius), "must leave room between points of different label", "take less"
                )
            gaps.append(_rational_within(low, high))
    return gaps


def _rational_within(low: Real, high: Real) -> Gap:
    """Return rationals with low ≤ p < q ≤ high; the ends themselves where they are rational."""
    if not isinstance(low, Irrational) and not isinstance(high, Irrational):
        return low, high
    bits = _SPARE_BITS + max(0, math.ceil(-math.log2(float(high - low))))
    unit = Fraction(1, 1 << bits)
    return (nearest(low, bits) + 1) * unit, (nearest(high, bits) - 1) * unit


def ramps(gaps: Sequence[Gap], first: int, dimension: int) -> Network:
    """Return ψ: a ramp of two ReLUs in every gap, equal to the label everywhere else. 2A hidden neurons.

    Parameters
    ----------
    gaps : sequence of (low, high)
        Where the label changes, in order; at least one.
    first : int
        The label before the first gap.
    dimension : int
        d.
    """
    starts: list[Fraction] = []
    slopes: list[Fraction] = []
    rise = Fraction(1 - 2 * first)
    for low, high in gaps:
        starts += [low, high]
        slopes += [rise / (high - low), -rise / (high - low)]
        rise = -rise
    return _of_first([1] * len(starts), [-x for x in starts], dimension, [([slopes], [Fraction(first)])])


def zigzag(gaps: Sequence[Gap], first: int, dimension: int) -> Network:
    """Return a zigzag that passes 1/2 in the middle of each gap: A hidden neurons. It needs x_1 > 0."""
    centres = [(low + high) / 2 for low, high in gaps]
    # A first slope of 2/gap makes the values of the order of the label, whatever the scale of x_1.
    slope = Fraction(1 - 2 * first) * 2 / (gaps[0][1] - gaps[0][0])
    knots, slopes = [Fraction(0)], [slope]
    for left, right in itertools.pairwise(centres):
        knot = (left + right) / 2
        knots.append(knot)
        slopes.append(-slopes[-1])
    steps = [slopes[0], *(b - a for a, b in itertools.pairwise(slopes))]
    offset = Fraction(1, 2) - slope * centres[0]
    return _of_first([1] * len(knots), [-x for x in knots], dimension, [([steps], [offset])])


def folded(gaps: Sequence[Gap], first: int, dimension: int) -> Network:
    """Return a network that folds the line so that two changes lie over two: ⌈A/2⌉ + 2 hidden neurons in 2 layers.

    The fold F is affine on each of ⌈A/2⌉ intervals and takes the two changes in it to 1/3 and 2/3, rising and
    falling in turn; a tent on [1/3, 2/3] then gives the label. It needs x_1 > 0.
    """
    centres = [(low + high) / 2 for low, high in gaps]
    if len(centres) % 2:
        # A change at x_1 = 0, before all points, makes pairs.
        centres.insert(0, Fraction(0))
        first = 1 - first
    third = Fraction(1, 3)
    slopes: list[Fraction] = []
    knots = [Fraction(0)]
    sign = 1
    for index in range(0, len(centres), 2):
        left, right = centres[index : index + 2]
        slope = sign * third / (right - left)
        if slopes:
            # Both lines take the changes next to the knot to one height: 2/3 and 1/3 in turn.
            knots.append((slope * left - slopes[-1] * centres[index - 1]) / (slope - slopes[-1]))
        slopes.append(slope)
        sign = -sign
    steps = [slopes[0], *(b - a for a, b in itertools.pairwise(slopes))]
    offset = third - slopes[0] * centres[0]
    # The tent 1/2 ± 3(1/6 − |F − 1/2|) rises through 1/2 at 1/3 and falls through it at 2/3.
    half, turn = Fraction(1, 2), Fraction(3 * (1 - 2 * first))
    middle = ([steps, [-x for x in steps]], [offset - half, half - offset])
    last = ([[-turn, -turn]], [half + turn / 6])
    return _of_first([1] * len(knots), [-x for x in knots], dimension, [middle, last])


CONSTRUCTIONS: dict[str, Callable[[Sequence[Gap], int, int], Network]] = {
    "ramps": ramps,
    "zigzag": zigzag,
    "fold": folded,
}


def _of_first(weights: list[int], biases: list[Fraction], dimension: int, rest: list[Any]) -> Network:
    """Return the network whose first layer sees x_1 alone."""
    first = np.full((len(weights), dimension), Fraction(0), dtype=object)
    first[:, 0] = [Fraction(w) for w in weights]
    return Network([(first, np.array(biases, dtype=object)), *((np.array(w), np.array(b)) for w, b in rest)])


def stable_network(sample: Sample, construction: str = "ramps") -> Network:
    """Return a stable and accurate network for a sample, in exact arithmetic.

    Raises
    ------
    InvalidValue
        If the construction is unknown, or all points have one label.
    """
    if construction not in CONSTRUCTIONS:
        raise InvalidValue(
            "construction", construction, "is none of these", f"choose one of {', '.join(CONSTRUCTIONS)}"
        )
    gaps = label_gaps(sample.places, sample.labels, sample.radius)
    if not gaps:
        raise InvalidValue(
            "labels", sample.labels[0], "are all alike; a constant does it", "take more points"
        )
    return CONSTRUCTIONS[construction](gaps, sample.labels[0], sample.dimension)


@dataclass(frozen=True, slots=True)
class Balls:
    """What holds on the closed ball (maximum norm) of radius ε around every point of a sample.

    Attributes
    ----------
    equal : bool
        φ is equal to the label on all balls.
    right : bool
        No point of any ball is wrong (|g(φ(x)) − label| < 1/2).
    margin : Real
        The least distance of φ from 1/2 on the label's side over all balls; negative where it is on the other.
    """

    equal: bool
    right: bool
    margin: Real


def certify_stable(network: Network, sample: Sample, rule: Rule = RULES["threshold"]) -> Balls | None:
    """Return what holds on the whole ball of radius ε around every point, exactly; None if φ uses more than x_1.

    φ is affine between its breakpoints, so that the values at breakpoints and ends decide.
    """
    if any(x != 0 for x in network.layers[0][0][:, 1:].flat):
        return None
    restriction = Restriction(network, sample.rational)
    direction = [1, *[0] * (sample.dimension - 1)]
    equal = right = True
    margins = []
    for point, label in zip(sample.level(0).points, sample.labels, strict=True):
        for piece in restriction.line(list(point), direction, -sample.radius, sample.radius):
            ends = [as_real(piece.constant + piece.slope * t) for t in (piece.low, piece.high)]
            equal = equal and all(value == label for value in ends)
            # The right values form an interval, so a piece is right throughout if both of its ends are.
            right = right and not any(rule.wrong(value, label) for value in ends)
            margins += [value - Fraction(1, 2) if label else Fraction(1, 2) - value for value in ends]
    return Balls(equal, right, min(margins))


def least_neurons(changes: int, hidden_layers: int) -> int:
    """Return the fewest hidden neurons, over all widths, with which Lemma 6 allows A changes on a line.

    They are the least N_1 + … + N_m with (N_1 + 1)…(N_m + 1) ≥ A; the product is largest where the widths differ
    by at most one. A network that is right on the line x_2 = 0 at all points has as many at least.
    """
    total = hidden_layers
    while True:
        width, wider = divmod(total, hidden_layers)
        if (width + 1) ** (hidden_layers - wider) * (width + 2) ** wider >= changes:
            return total
        total += 1
