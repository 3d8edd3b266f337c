"""Networks and questions to judge: random ones, trained-like ones near a witness, and adversarial ones."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.random import Generator

from oracle.costs import COSTS
from oracle.judge import Level
from oracle.networks import Network

_SCALES = (1.0, 1.0, 1.0, 1e-3, 1e3, 1e200, 5e-324, 2.0**-1000, 2.0**1000, 2.0**-1030, 2.0**-60)


def random_networks(rng: Generator, architecture: Sequence[int], count: int) -> list[Network]:
    """Return networks with normal weights."""
    return [
        Network(
            [
                (rng.normal(size=(outer, inner)), rng.normal(size=outer))
                for inner, outer in itertools.pairwise(architecture)
            ]
        )
        for _ in range(count)
    ]


def alternating_level(points: int) -> Level:
    """Return the question of the training family's first input at e = 53, for any number of points."""
    table = np.empty((points, 2), dtype=object)
    labels = np.arange(2, points + 2, dtype=np.int64) % 2
    for k, label in enumerate(labels.tolist()):
        table[k] = Fraction(3, 4) / (k + Fraction(3, 2)), Fraction(label, 2**53)
    return Level(table, labels, COSTS["max"], Fraction(1, 4))


def adversarial_network(rng: Generator, architecture: Sequence[int]) -> Network:
    """Return weights of sizes 2^±1000, subnormals and 1e200, with rows that cancel exactly or but for one ulp."""
    layers = []
    for inner, outer in itertools.pairwise(architecture):
        table = rng.normal(size=(outer, inner + 1)).clip(-1.7, 1.7) * rng.choice(_SCALES, (outer, inner + 1))
        if rng.random() < 0.3:
            table = np.round(table * 8) / 8
        if outer > 1 and rng.random() < 0.5:
            table[1] = -table[0] if rng.random() < 0.5 else table[0] * (1 + 2.0**-52)
        if outer == 1 and inner > 1 and rng.random() < 0.5:
            table[0, 1] = -table[0, 0] * (1 if rng.random() < 0.5 else 1 + 2.0**-52)
        layers.append((table[:, :-1], table[:, -1]))
    return Network(layers)


def random_level(rng: Generator, cost: str, points: int = 4) -> Level:
    """Return a question at points that are thirds, dyadics, zeros, gaps of 2^-60 and 2^-1000."""
    pool = [Fraction(0), Fraction(1, 3), Fraction(-5, 7), Fraction(3, 8), Fraction(1, 2**1000)]
    pool += [Fraction(3, 8) + Fraction(1, 2**60)]
    table = np.empty((points, 2), dtype=object)
    for cell in np.ndindex(points, 2):
        table[cell] = pool[rng.integers(len(pool))]
    return Level(table, np.arange(points) % 2, COSTS[cost], Fraction(int(rng.integers(1, 64)), 32))


def tied(level: Level, network: Network) -> Level:
    """Return the question with its level moved to the network's cost, or a hair below where it is positive."""
    value = level.cost.value([Fraction(v) for v in network(level.points)], level.labels.tolist())
    if not isinstance(value, Fraction):
        return level
    return Level(level.points, level.labels, level.cost, value)
