"""Where success falls: isotonic regression along a parameter, and an exact interval for the step."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.stats import binom

from analysis.statistics.bound_test import exceedance
from analysis.statistics.estimates import CONFIDENCE
from analysis.statistics.ranges import check_counts, check_shares


@dataclass(frozen=True)
class Barrier:
    """The first value of a parameter at which the smallest success probability is below a threshold.

    Attributes
    ----------
    estimate
        The first value at which the isotonic fit is below the threshold; None when none is.
    above
        The barrier lies above this value; None when it may be the first one or lie before it.
    at_most
        The barrier is at most this value; None when it may lie after the last one.
    fit
        Isotonic (falling) fit of the smallest share of success, one number for each value.
    """

    estimate: int | None
    above: int | None
    at_most: int | None
    fit: tuple[float, ...]


def falling_fit(rates: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Weighted least-squares fit of a sequence that nowhere rises: the maximum-likelihood fit of binomial shares.

    References
    ----------
    Ayer, Brunk, Ewing, Reid, Silverman, "An empirical distribution function for sampling with incomplete information",
    Ann. Math. Statist. 26 (1955) 641–647.
    """
    found = isotonic_regression(list(rates), weights=list(weights), increasing=False)
    return [float(value) for value in found.x]


def barrier(
    values: Sequence[int],
    successes: Sequence[Sequence[int]],
    trials: Sequence[int],
    threshold: float = 0.75,
    confidence: float = CONFIDENCE,
) -> Barrier:
    """Locate the fall of the smallest success probability below a threshold, with an exact interval.

    The lower end comes of testing "the smallest is at most the threshold" value by value from the first on, at half the
    error each, until a test does not reject; the upper end of testing "it is at least the threshold" from the last
    value backwards. A fixed sequence of tests needs no correction: to err, an end must reject at the barrier itself,
    where the null hypothesis is true. So the interval holds the barrier with the stated confidence, for every
    number of values and of trials, if the success probability does not rise again after its fall.

    Parameters
    ----------
    values
        Values of the parameter, strictly ascending.
    successes
        For each value the successes on each of the inputs compared.
    trials
        For each value the number of trials, fixed in advance.
    threshold
        Halfway between 1 and 1/2 by default.

    Raises
    ------
    ValueError
        If the values do not ascend, the lengths differ, the counts are impossible or a share is outside (0, 1).
    """
    if list(values) != sorted(set(values)) or not len(values) == len(successes) == len(trials):
        raise ValueError(
            f"values={tuple(values)} must ascend, with successes and trials for each; sort them."
        )
    check_shares(threshold=threshold, confidence=confidence)
    for counts, n in zip(successes, trials, strict=True):
        check_counts(counts, n)
    error = (1.0 - confidence) / 2
    rates = [min(counts) / n if n else 1.0 for counts, n in zip(successes, trials, strict=True)]
    fit = falling_fit(rates, [max(n, 1e-9) for n in trials])
    above = at_most = None
    for value, counts, n in zip(values, successes, trials, strict=True):
        # The smallest of the probabilities is above the threshold when each of them is.
        if max(exceedance(count, n, threshold) for count in counts) > error:
            break
        above = value
    for value, counts, n in reversed(list(zip(values, successes, trials, strict=True))):
        # It is below the threshold when any of them is: Bonferroni.
        if len(counts) * min(float(binom.cdf(count, n, threshold)) for count in counts) > error:
            break
        at_most = value
    below = [value for value, fitted in zip(values, fit, strict=True) if fitted < threshold]
    return Barrier(below[0] if below else None, above, at_most, tuple(np.round(fit, 12).tolist()))


def difference(
    first: Barrier, second: Barrier, values: tuple[Sequence[int], Sequence[int]]
) -> tuple[int | None, int | None]:
    """Least and greatest difference first − second that two intervals allow, in the parameter's unit.

    Made from intervals of confidence 1 − α/2 each it holds the difference with confidence 1 − α. None is an end that
    the values looked at leave open.
    """

    def step(barrier_: Barrier, ascending: Sequence[int]) -> int | None:
        after = [value for value in ascending if barrier_.above is not None and value > barrier_.above]
        return after[0] if after else None

    lows = step(first, values[0]), step(second, values[1])
    low = None if lows[0] is None or second.at_most is None else lows[0] - second.at_most
    high = None if first.at_most is None or lows[1] is None else first.at_most - lows[1]
    return low, high
