"""What coupled trials say that separate samples would not: sums over inputs, and differences between algorithms."""

from dataclasses import dataclass

from scipy.stats import binom

from analysis.statistics.estimates import CONFIDENCE, Estimate, estimate
from analysis.statistics.intervals import EXACT, Method
from analysis.statistics.ranges import check_shares


def sum_of_pair(
    either: int, both: int, trials: int, confidence: float = CONFIDENCE, method: Method = EXACT
) -> Estimate:
    """p_1 + p_2 from coupled trials: the share right on either input plus the share right on both.

    Parameters
    ----------
    either, both
        Trials that succeeded on at least one of the inputs, and on both.
    trials
        Number of coupled trials.
    confidence, method
        Two-sided level, and how the intervals of the two shares are made, each at half the error (Bonferroni); with an
        exact method the sum is covered with at least this confidence.

    Returns
    -------
    Estimate
        Ends within [0, 2]. By Theorem 1 no run of depth ≤ n is right on both, so its width is that of one binomial
        interval where the two inputs one by one would give the sum of two.

    Raises
    ------
    ValueError
        If `both` exceeds `either` or the counts are impossible.
    """
    if both > either:
        raise ValueError(f"both={both} exceeds either={either}; a trial right on both is right on either.")
    check_shares(confidence=confidence)
    level = 1.0 - (1.0 - confidence) / 2
    parts = [estimate(count, trials, level, method) for count in (either, both)]
    rate = (either + both) / trials if trials else None
    return Estimate(rate, parts[0].low + parts[1].low, min(2.0, parts[0].high + parts[1].high))


def average_of_pair(
    either: int, both: int, trials: int, confidence: float = CONFIDENCE, method: Method = EXACT
) -> Estimate:
    """Success probability when a fair coin chooses the truth among two inputs: half of `sum_of_pair`."""
    total = sum_of_pair(either, both, trials, confidence, method)
    rate = None if total.rate is None else total.rate / 2
    return Estimate(rate, total.low / 2, total.high / 2)


@dataclass(frozen=True)
class McNemar:
    """Outcome of the exact test that two algorithms succeed equally often.

    Attributes
    ----------
    p_value
        Two-sided, exact given the number of discordant trials.
    only_first, only_second
        Discordant trials: in which only one of the two succeeded.
    """

    p_value: float
    only_first: int
    only_second: int


def mcnemar(only_first: int, only_second: int) -> McNemar:
    """Exact McNemar test: H0 says that a discordant trial falls on either side with probability 1/2.

    Given the number m of discordant trials the smaller count is Bin(m, 1/2) under H0; the p-value is twice its tail,
    at most 1. Its level is kept for every m and every dependence within a trial.

    Raises
    ------
    ValueError
        If a count is negative.

    References
    ----------
    McNemar, "Note on the sampling error of the difference between correlated proportions", Psychometrika 12 (1947)
    153–157.
    """
    if min(only_first, only_second) < 0:
        raise ValueError(
            f"discordant trials {only_first} and {only_second} are not both 0 or more; count trials."
        )
    tail = float(binom.cdf(min(only_first, only_second), only_first + only_second, 0.5))
    return McNemar(min(1.0, 2.0 * tail), only_first, only_second)
