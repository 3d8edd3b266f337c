"""Operating characteristics of sequential tests by exact dynamic programming: error rates and expected trials.

A test that stops on the counts alone is a pair of boundaries: after n trials it decides "above" from u_n successes on,
"below" up to l_n. The distribution of the number of successes among runs that have not stopped is carried on from
trial to trial; nothing is simulated.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from analysis.statistics.power import trials_for_power
from analysis.statistics.sequential import STRENGTH, log_e_above

Ints = NDArray[np.int64]
CAP = 5000
"""Trials after which the sequential tests of a comparison end, decided or not."""


@dataclass(frozen=True)
class Passage:
    """What becomes of a sequential test at one truth.

    Attributes
    ----------
    above, below
        Probabilities of the two decisions.
    expected
        Expected number of trials, those that meet the cap counted with the cap.
    """

    above: float
    below: float
    expected: float


@dataclass(frozen=True)
class Boundaries:
    """Successes from which on a test decides "above", and up to which "below", after n = 1, 2, … trials."""

    upper: Ints
    lower: Ints


def passage(boundaries: Boundaries, probability: float) -> Passage:
    """Exact probabilities of the decisions, and the expected number of trials, at a true success probability."""
    cap = len(boundaries.upper)
    mass = np.zeros(cap + 2)
    mass[0], first, last = 1.0, 0, 0
    above = below = expected = 0.0
    for n in range(1, cap + 1):
        window = mass[first : last + 1]
        expected += float(window.sum())
        carried = window * probability
        window *= 1.0 - probability
        last += 1
        mass[last] = 0.0
        mass[first + 1 : last + 1] += carried
        up, down = int(boundaries.upper[n - 1]), int(boundaries.lower[n - 1])
        if up <= last:
            above += float(mass[max(up, first) : last + 1].sum())
            last = max(up, first) - 1
        if down >= first:
            end = min(down, last)
            below += float(mass[first : end + 1].sum())
            first = end + 1
        if first > last:
            break
    return Passage(above, below, expected)


def never(cap: int) -> tuple[Ints, Ints]:
    """Boundaries that are never met: upper and lower."""
    return np.full(cap, np.iinfo(np.int64).max // 2), np.full(cap, -1)


def e_process_boundary(
    cap: int, level: float, bound: float = 0.5, strength: float = STRENGTH, below: bool = False
) -> Ints:
    """Least number of successes at which the e-process reaches 1/level, for n = 1…cap (n + 1 where none does).

    With `below` the largest number at which its mirror does (−1 where none does). Both are found by bisection: the
    e-process increases with the successes.
    """
    n = np.arange(1, cap + 1)
    if below:
        return n - e_process_boundary(cap, level, 1.0 - bound, strength)
    low, high = np.zeros(cap, dtype=np.int64), n + 1
    while np.any(low < high):
        middle = (low + high) // 2
        open_ = low < high
        reached = log_e_above(np.minimum(middle, n), n, bound, strength) >= -math.log(level)
        reached |= middle > n
        high = np.where(open_ & reached, middle, high)
        low = np.where(open_ & ~reached, middle + 1, low)
    return low


def e_process(cap: int, level: float, bound: float = 0.5, mirror: bool = False) -> Boundaries:
    """The truncated-mixture e-process looked at after every trial; with `mirror` it may also decide "below"."""
    lower = e_process_boundary(cap, level, bound, below=True) if mirror else never(cap)[1]
    return Boundaries(e_process_boundary(cap, level, bound), lower)


def wald(cap: int, level: float, miss: float, null: float, alternative: float) -> Boundaries:
    """Wald's sequential probability ratio test of `null` against `alternative` > `null`, which it must be told.

    References
    ----------
    Wald, *Sequential Analysis* (1947): accept where the ratio is ≤ miss/(1 − level), reject where it is ≥ (1 −
    miss)/level.
    """
    n = np.arange(1, cap + 1)
    success, failure = math.log(alternative / null), math.log((1 - alternative) / (1 - null))
    step = success - failure
    upper = np.ceil((math.log((1 - miss) / level) - n * failure) / step - 1e-12).astype(np.int64)
    lower = np.floor((math.log(miss / (1 - level)) - n * failure) / step + 1e-12).astype(np.int64)
    return Boundaries(upper, np.maximum(lower, -1))


def fixed(trials: int, level: float, bound: float = 0.5) -> Boundaries:
    """The exact one-sided binomial test after a fixed number of trials."""
    upper, lower = never(trials)
    upper[-1] = int(binom.isf(level, trials, bound)) + 1
    return Boundaries(upper, lower)


@dataclass(frozen=True)
class Row:
    """One test in a table of operating characteristics: a passage at each of the truths."""

    name: str
    passages: tuple[Passage, ...]


def comparison(
    truths: tuple[float, ...],
    alternative: float = 0.6,
    level: float = 0.01,
    power: float = 0.95,
    cap: int = CAP,
    bound: float = 0.5,
    mirrored: bool = False,
) -> list[Row]:
    """The e-process, alone and with its mirror, beside Wald's test and the fixed-n test of H0: p ≤ bound.

    Parameters
    ----------
    truths
        Success probabilities at which each test is worked out.
    alternative
        What Wald's test is told, above the bound, and where the fixed-n test has the given power.
    level, power
        Error at the bound, and power at the alternative of the two tests that have one.
    cap
        Most trials of the sequential tests.
    mirrored
        Whether all of it stands for its mirror image, so that failures are counted and 1 − `alternative` is written.

    An alternative of 1 has no test of Wald's, whose ratio is not finite there.
    """
    n = trials_for_power(alternative, bound, level, power).first
    told = 1 - alternative if mirrored else alternative
    tests = [
        ("e-process", e_process(cap, level, bound)),
        ("e-process and its mirror", e_process(cap, level, bound, mirror=True)),
    ]
    if alternative < 1:
        tests.append((f"Wald's test, told {told:g}", wald(cap, level, 1 - power, bound, alternative)))
    tests.append((f"fixed n = {n}", fixed(n, level, bound)))
    return [Row(name, tuple(passage(boundaries, p) for p in truths)) for name, boundaries in tests]
