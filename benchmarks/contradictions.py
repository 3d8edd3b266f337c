"""Does the filter ever contradict exact arithmetic? A million random and a hundred thousand adversarial cases."""

from __future__ import annotations

from fractions import Fraction

import joblib
import numpy as np

from benchmarks.measure import Row
from benchmarks.networks import adversarial_network, random_level, random_networks, tied
from oracle.costs import COSTS
from oracle.judge import Level, Verdict, filtered
from oracle.networks import Network

RANDOM, ADVERSARIAL = 1_000_000, 100_000
_SHAPES = ((2, 2, 1), (2, 1, 2, 1), (2, 3, 1))
_BATCH, _SHARE = 250, 10_000


def run() -> list[Row]:
    """Count cases, cases that the filter decided, and contradictions, of which there must be none."""
    rows = []
    for kind, cases in (("random", RANDOM), ("adversarial", ADVERSARIAL)):
        shares = joblib.Parallel(n_jobs=2)(
            joblib.delayed(contradictions)(kind, seed, _SHARE) for seed in range(cases // _SHARE)
        )
        wrong, decided = (sum(column) for column in zip(*shares, strict=True))
        note = f"{cases:,} cases, {decided / cases:.1%} decided by the filter"
        rows.append(Row("contradictions", kind, wrong, "cases", None, "= 0", wrong == 0, note))
    return rows


def contradictions(kind: str, seed: int, cases: int) -> tuple[int, int]:
    """Return in how many cases filter and exact arithmetic contradict each other, and how many the filter decided.

    Random networks have normal weights and points of the pool of `random_level`; of the adversarial ones every
    fourth batch is judged at a level that is one network's cost, or that cost less 2^-60 of it.
    """
    rng = np.random.default_rng([seed, len(kind)])
    names = list(COSTS)
    wrong = decided = 0
    for turn in range(cases // _BATCH):
        shape = _SHAPES[turn % len(_SHAPES)]
        level = random_level(rng, names[turn // len(_SHAPES) % len(names)])
        if kind == "random":
            networks = random_networks(rng, shape, _BATCH)
        else:
            networks = [adversarial_network(rng, shape) for _ in range(_BATCH)]
            if turn % 4 == 0:
                level = tied(level, networks[0])
                if turn % 8 == 0:
                    near = level.level * (1 - Fraction(1, 2**60))
                    level = Level(level.points, level.labels, level.cost, near)
        for network, quick in zip(networks, filtered(networks, level), strict=True):
            if quick is not None:
                decided += 1
                wrong += not _agrees(quick, network, level)
    return wrong, decided


def _agrees(quick: Verdict, network: Network, level: Level) -> bool:
    return quick.kind == level.decide(network).kind
