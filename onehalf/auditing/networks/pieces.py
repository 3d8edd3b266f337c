"""The affine piece of a network on a line, exactly, for one point at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from onehalf.auditing.networks.trained import ExactLayers, Pattern, whole_numbers


@dataclass(frozen=True, eq=False)
class ExactPiece:
    """On a piece of t ↦ φ(x + t·v): constant and slope of every neuron before its ReLU, and of the outputs.

    All are integers over a common denominator; the layers' denominators differ, but each pair shares its own.

    Attributes
    ----------
    neurons : list of (list, list)
        For each layer with ReLUs (c, s).
    outputs : (list, list)
        (c, s).
    denominator : int
        Of the outputs.
    pattern : list of arrays of bool
        Which neurons are active.
    """

    neurons: list[tuple[list[int], list[int]]]
    outputs: tuple[list[int], list[int]]
    denominator: int
    pattern: Pattern

    def breakpoint_after(self) -> Fraction | None:
        """Return where the piece ends: the least zero of a neuron that is on its way to it."""
        ends = [
            Fraction(-c, s)
            for (cs, ss), on in zip(self.neurons, self.pattern, strict=True)
            for c, s, active in zip(cs, ss, on.tolist(), strict=True)
            if (s < 0 if active else s > 0)
        ]
        return min(ends, default=None)


class ExactLine:
    """Lines x + t·v through points, along one direction."""

    def __init__(self, layers: ExactLayers, direction: Sequence[Fraction]) -> None:
        self.layers = layers
        self.direction = list(direction)

    def piece(
        self, point: Sequence[Fraction], pattern: Pattern | None, t: Fraction = Fraction(0)
    ) -> ExactPiece:
        """Return the piece of a known pattern, or the one that begins at t and goes on to the right of it."""
        whole, denominator = whole_numbers([*point, *self.direction])
        c, s = whole[: len(point)], whole[len(point) :]
        neurons = []
        patterns: Pattern = []
        for index, relu in enumerate(self.layers.relu):
            c, s = self.layers.pair(index, c, s, denominator)
            if not relu:
                continue
            neurons.append((c, s))
            if pattern is None:
                p, q = t.numerator, t.denominator
                on = [(z := a * q + b * p) > 0 or (z == 0 and b > 0) for a, b in zip(c, s, strict=True)]
            else:
                on = pattern[len(patterns)].tolist()
            patterns.append(np.array(on, dtype=bool))
            c = [a if active else 0 for a, active in zip(c, on, strict=True)]
            s = [b if active else 0 for b, active in zip(s, on, strict=True)]
        return ExactPiece(neurons, (c, s), self.layers.scale * denominator, patterns)
