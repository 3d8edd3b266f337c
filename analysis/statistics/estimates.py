"""Estimates of success probabilities, with intervals that keep their level wherever the truth lies."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.statistics.intervals import EXACT, Method
from analysis.statistics.ranges import check_counts, check_shares

CONFIDENCE = 0.95
"""Two-sided confidence level of every interval that is reported."""


@dataclass(frozen=True)
class Estimate:
    """An observed share and an interval for the probability behind it.

    Attributes
    ----------
    rate
        The observed share; None when there is no trial.
    low, high
        Ends of the interval; 0 and 1 when there is no trial.
    """

    rate: float | None
    low: float
    high: float

    @property
    def interval(self) -> list[float]:
        """The ends as a list, the form they have in ``summary.json``."""
        return [self.low, self.high]


def estimate(successes: int, trials: int, confidence: float = CONFIDENCE, method: Method = EXACT) -> Estimate:
    """Share of successes with an interval.

    Parameters
    ----------
    successes, trials
        Number of successes among a number of independent trials; with every method but the confidence sequence the
        number of trials must not depend on what they showed.
    confidence
        Two-sided level.
    method
        Of `analysis.statistics.intervals`; Clopper–Pearson by default.

    Returns
    -------
    Estimate
        With the method's guarantee. Clopper–Pearson's covers the true probability with at least the stated confidence,
        for every truth and every number of trials; each end errs with probability at most (1 − confidence)/2.

    Raises
    ------
    ValueError
        If the counts are impossible or the level is not in (0, 1).
    """
    check_counts([successes], trials)
    check_shares(confidence=confidence)
    if trials == 0:
        return Estimate(None, 0.0, 1.0)
    return Estimate(successes / trials, *method.limits(successes, trials, confidence))


def clopper_pearson(successes: int, trials: int, confidence: float = CONFIDENCE) -> Estimate:
    """`estimate` by Clopper–Pearson's interval.

    References
    ----------
    Clopper, Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
    Biometrika 26 (1934) 404–413.
    """
    return estimate(successes, trials, confidence)


def upper_limit(successes: int, trials: int, error: float, method: Method = EXACT) -> float:
    """One-sided upper limit: with an exact method it lies below the truth with probability at most `error`."""
    return estimate(successes, trials, _two_sided(successes, trials, error, method), method).high


def lower_limit(successes: int, trials: int, error: float, method: Method = EXACT) -> float:
    """One-sided lower limit: with an exact method it lies above the truth with probability at most `error`."""
    return estimate(successes, trials, _two_sided(successes, trials, error, method), method).low


def _two_sided(successes: int, trials: int, error: float, method: Method) -> float:
    check_counts([successes], trials)
    check_shares(error=error)
    # The limit at 2·error ≥ 1 has no two-sided counterpart; nobody needs an error that large.
    if error >= 0.5:
        raise ValueError(f"error={error} is 0.5 or more; a limit that errs so often says nothing, give less.")
    return method.one_sided(error)


def smallest(
    successes: Sequence[int], trials: int, confidence: float = CONFIDENCE, method: Method = EXACT
) -> Estimate:
    """Smallest of several success probabilities, each observed in the same number of trials.

    The lower end is the least of the one-sided lower limits at error α/2 each (α = 1 − confidence): to lie
    above the smallest probability it would have to lie above the limit of the input that attains it, so no
    correction is due. The upper end is the least of the one-sided upper limits at error α/(2m) each
    (Bonferroni), m the number of inputs. Nothing is assumed about dependence between the inputs, so coupled
    trials may be used. The rate is the least of the observed shares (it is biased downwards when the
    probabilities are equal; the interval is not affected).

    Parameters
    ----------
    successes
        Successes on each of the m inputs.
    trials
        Trials on each input.
    confidence
        Two-sided level.
    method
        How the limits are made.

    Raises
    ------
    ValueError
        If no input is given, the counts are impossible or the level is not in (0, 1).
    """
    if not successes:
        raise ValueError("successes=() names no input; give the successes on at least one input.")
    check_counts(successes, trials)
    check_shares(confidence=confidence)
    if trials == 0:
        return Estimate(None, 0.0, 1.0)
    error = (1.0 - confidence) / 2
    low = min(lower_limit(count, trials, error, method) for count in successes)
    high = min(upper_limit(count, trials, error / len(successes), method) for count in successes)
    return Estimate(min(successes) / trials, low, high)
