"""How many trials an answer takes, and what a number of trials can answer: exact, with the sawtooth.

The power of an exact binomial test does not grow with every trial: its critical value is a whole number, so it falls
by a little at most n and jumps at some. Two numbers of trials are therefore given: the first that is enough, and the
one from which on every number is.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import beta, binom, norm

from analysis.statistics.estimates import CONFIDENCE
from analysis.statistics.ranges import check_probability, check_shares

_MOST = 4_000_000
_ROUNDING = 1e-13
"""What the sums of floats may lose: a power of exactly 1/2, such as that of a median, is one."""


@dataclass(frozen=True)
class Trials:
    """Numbers of trials that are enough.

    Attributes
    ----------
    first
        The least.
    onwards
        The least from which on every number is.
    """

    first: int
    onwards: int


def _check_truth(probability: float, bound: float) -> None:
    if not 0.0 <= probability <= 1.0 or probability == bound:
        raise ValueError(
            f"probability={probability} must lie in [0, 1] and differ from bound={bound}; change it."
        )


def _check_power(power: float, level: float) -> None:
    if power <= level:
        raise ValueError(
            f"power={power} is not above level={level}, which a test has without any trial; ask for more, such as 0.95."
        )


def power(trials: int, probability: float, bound: float = 0.5, level: float = 0.01) -> float:
    """Probability that the exact one-sided test tells `probability` from `bound` in this many trials.

    Above the bound it tests H0: p ≤ bound, below it H0: p ≥ bound.
    """
    check_shares(bound=bound, level=level)
    _check_truth(probability, bound)
    return float(_powers(np.array([trials]), probability, bound, level)[0])


def _powers(n: NDArray[np.int64], probability: float, bound: float, level: float) -> NDArray[np.float64]:
    if probability < bound:
        return _powers(n, 1.0 - probability, 1.0 - bound, level)
    return np.asarray(binom.sf(binom.isf(level, n, bound), n, probability))


def _surely_enough(gap: float, level: float, miss: float) -> int:
    """A number of trials from which on Hoeffding's inequality guarantees the power.

    The critical value is at most n·b + √(n log(1/level)/2) + 1, and a shortfall of the successes by x trials has
    probability at most exp(−2x²/n).
    """
    slack = math.sqrt(-math.log(level) / 2) + math.sqrt(-math.log(miss) / 2)
    root = (slack + math.sqrt(slack * slack + 4 * gap)) / (2 * gap)
    return math.ceil(root * root) + 1


def _about(probability: float, bound: float, level: float, power: float) -> int:
    """The number of trials by the normal approximation."""
    spread = norm.isf(level) * math.sqrt(bound * (1 - bound))
    spread += norm.ppf(power) * math.sqrt(probability * (1 - probability))
    return math.ceil((spread / (probability - bound)) ** 2)


def trials_for_power(
    probability: float, bound: float = 0.5, level: float = 0.01, power: float = 0.95
) -> Trials:
    """Trials in which the exact one-sided test tells `probability` from `bound` with the given error rates.

    Parameters
    ----------
    probability
        The truth that is to be told from the bound, on either side of it.
    bound
        As in H0: p ≤ bound (or ≥, for a truth below).
    level
        Largest probability of rejecting where H0 holds.
    power
        Least probability of rejecting at the truth.

    Raises
    ------
    ValueError
        If a share is outside (0, 1), the truth is the bound, the power is not above the level, or more than 4·10⁶
        trials would have to be looked at.
    """
    check_shares(bound=bound, level=level, power=power)
    _check_truth(probability, bound)
    _check_power(power, level)
    most = _surely_enough(abs(probability - bound), level, 1.0 - power)
    if most > _MOST:
        raise ValueError(
            f"probability={probability} is so close to bound={bound} that its exact number is not looked for: it takes "
            f"about {_about(probability, bound, level, power):,} trials (normal approximation), and {most:,} are "
            "surely enough (Hoeffding's inequality); plan with these or take a larger difference."
        )
    enough = _powers(np.arange(1, most + 1), probability, bound, level) >= power * (1 - _ROUNDING)
    return Trials(int(np.argmax(enough)) + 1, int(np.flatnonzero(~enough)[-1]) + 2 if not enough.all() else 1)


def detectable(
    trials: int, bound: float = 0.5, level: float = 0.01, power: float = 0.95
) -> tuple[float | None, float | None]:
    """The success probabilities nearest to the bound, below and above, that this many trials tell from it.

    None on a side on which even a probability of 0 or 1 is not told from the bound.
    """
    check_shares(bound=bound, level=level, power=power)
    _check_power(power, level)
    n = np.array([trials])

    def side(b: float) -> float | None:
        def short(p: float) -> float:
            return float(_powers(n, p, b, level)[0]) - power

        return None if short(1.0) < 0 else float(brentq(short, b, 1.0, xtol=1e-12))

    below, above = side(1.0 - bound), side(bound)
    return None if below is None else 1.0 - below, above


def half_widths(n: NDArray[np.int64], successes: NDArray[np.int64], confidence: float) -> NDArray[np.float64]:
    """Half the width of Clopper–Pearson's interval, for many counts at once."""
    tail = (1.0 - confidence) / 2
    s = successes.astype(np.float64)
    with np.errstate(invalid="ignore"):
        low = np.where(s == 0, 0.0, beta.ppf(tail, s, n - s + 1))
        high = np.where(s == n, 1.0, beta.isf(tail, s + 1, n - s))
    found: NDArray[np.float64] = (high - low) / 2
    return found


def half_width(trials: int, probability: float | None = None, confidence: float = CONFIDENCE) -> float:
    """Half-width of Clopper–Pearson's interval: the largest that can occur, or the expected one at a probability."""
    check_shares(confidence=confidence)
    if probability is not None:
        check_probability(probability=probability)
    if probability is None:
        return float(half_widths(np.array([trials]), np.array([trials // 2]), confidence)[0])
    s = np.arange(trials + 1)
    weights = binom.pmf(s, trials, probability)
    likely = weights > 1e-15
    found = half_widths(np.full(int(likely.sum()), trials), s[likely], confidence)
    return float(found @ weights[likely])


def trials_for_half_width(
    half: float, probability: float | None = None, confidence: float = CONFIDENCE
) -> int:
    """Least number of trials after which Clopper–Pearson's interval is at most 2·`half` wide.

    Parameters
    ----------
    half
        Half-width wanted, in (0, 1/2).
    probability
        None: whatever the outcome (the widest is at as many failures as successes). Otherwise: on average at this
        truth. Either width falls with every trial, so there is no sawtooth here.

    Raises
    ------
    ValueError
        If a share is outside its range.
    """
    check_shares(width=2 * half, confidence=confidence)
    low, high = 0, 1
    while half_width(high, probability, confidence) > half:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        wide = half_width(middle, probability, confidence) > half
        low, high = (middle, high) if wide else (low, middle)
    return high
