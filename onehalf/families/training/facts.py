"""What is public of a training problem: labels, architecture, and witnesses; not which input it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from oracle.networks import Network
from oracle.numbers import Real
from oracle.problems import NETWORK_TRAINING, WITH_LIMIT, Facts, Index, Input

FEATURE = 1
"""The column that is read inexactly."""
_LARGEST_FLOAT_EXPONENT = 1000


@dataclass(frozen=True, eq=False)
class TrainingFacts(Facts):
    """What a training algorithm knows.

    Attributes
    ----------
    labels : int64 array of shape (r,), read-only
        0 or 1, alternating.
    architecture : tuple of int
        (d, N_1, …, N_{L−1}, 1).
    cost : str
        The cost's name.
    tolerance : Fraction
        ε̂.
    exponent : int or None
        e of δ = 2^-e; None where ι⁰ is a member, for then δ is part of the input.
    a, kappa : exact numbers
        The points are x_1^k = a/(k + 1 − κ).
    free : bool
        Whether the architecture is free (variable dimensions).
    """

    family: ClassVar[str] = "training"
    kinds: ClassVar[tuple[str, ...]] = (NETWORK_TRAINING, WITH_LIMIT)
    labels: NDArray[np.int64]
    architecture: tuple[int, ...]
    cost: str
    tolerance: Fraction
    exponent: int | None
    a: Real
    kappa: Fraction
    free: bool
    magnitude: int = 0

    @property
    def shape(self) -> tuple[int, int]:  # type: ignore[override]
        """(r, d)."""
        return len(self.labels), self.architecture[0]

    @property
    def probe(self) -> tuple[Index, ...]:  # type: ignore[override]
        """Two entries that tell the inputs apart: the second feature of a point of either label."""
        return (0, FEATURE), (1, FEATURE)

    @property
    def members(self) -> tuple[Input, ...]:  # type: ignore[override]
        """The inputs whose names an algorithm knows beforehand."""
        if self.exponent is None:
            return (Input("0", None),)
        return Input("1", self.exponent), Input("2", self.exponent)

    def witness(self, member: Input) -> Network:
        """Return ρ(x_2)/δ on ι¹, 1 − ρ(x_2)/δ on ι² (cost exactly 0), 1/2 on ι⁰ (cost exactly 1/2)."""
        return _witness(self.architecture, member.name, member.exponent)

    def recognise(self, answers: Sequence[Fraction], bits: int) -> Input | None:
        """Return the only input that agrees with answers at the two probes to within 2^-bits."""
        radius = Fraction(1, 1 << bits)
        if self.exponent is not None:
            delta = Fraction(1, 1 << self.exponent)
            features = {"1": (Fraction(0), delta), "2": (delta, Fraction(0))}
            agree = [
                name
                for name, values in features.items()
                if all(abs(q - value) <= radius for q, value in zip(answers, values, strict=True))
            ]
            return Input(agree[0], self.exponent) if len(agree) == 1 else None
        away = [abs(q) > radius for q in answers]
        if sum(away) != 1:
            return None
        name, shown = ("2", answers[0]) if away[0] else ("1", answers[1])
        exponents = _exponents_near(shown, radius)
        return Input(name, exponents.pop()) if len(exponents) == 1 else None

    def ballot(self, output: Network, read: Callable[[], NDArray[np.object_]]) -> bool:
        """Return the class that most points, their second feature erased, get from a network.

        A network that is right on ι¹ votes for class 0, one that is right on ι² for class 1.
        """
        points = read()
        points[:, FEATURE] = Fraction(0)
        ones = sum(value > Fraction(1, 2) for value in output(points))
        return bool(2 * ones > len(points))


@lru_cache(maxsize=64)
def _witness(architecture: tuple[int, ...], name: str, exponent: int | None) -> Network:
    if exponent is None:
        return _carrier(architecture, Fraction(0), Fraction(1, 2))
    slope = Fraction(1 << exponent)
    if name == "1":
        return _carrier(architecture, slope, Fraction(0))
    return _carrier(architecture, -slope, Fraction(1))


def _carrier(architecture: tuple[int, ...], slope: Fraction, offset: Fraction) -> Network:
    """Return offset + slope·ρ(x_2), handed on through the first neuron of every layer."""
    number: Any = Fraction if slope.numerator.bit_length() > _LARGEST_FLOAT_EXPONENT else float
    layers = []
    for index, (inner, outer) in enumerate(pairwise(architecture)):
        w, b = np.full((outer, inner), number(0)), np.full(outer, number(0))
        last = index == len(architecture) - 2
        w[0, FEATURE if index == 0 else 0] = number(slope) if last else number(1)
        b[0] = number(offset) if last else number(0)
        layers.append((w, b))
    return Network(layers)


def _exponents_near(shown: Fraction, radius: Fraction) -> set[int]:
    """Return the e ≥ 0 with |2^-e − shown| ≤ radius < shown; two of them where there are more."""
    low, high = shown - radius, shown + radius
    e = max(0, (high.denominator // high.numerator).bit_length() - 1)
    while Fraction(1, 1 << e) > high:
        e += 1
    return {candidate for candidate in (e, e + 1) if Fraction(1, 1 << candidate) >= low}
