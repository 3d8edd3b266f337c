"""Estimates of success probabilities, with intervals that keep their level wherever the truth lies."""

from collections.abc import Sequence
from dataclasses import dataclass

from statsmodels.stats.proportion import proportion_confint

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


def _check(successes: int, trials: int, level: float) -> None:
    if not 0 <= successes <= trials:
        raise ValueError(
            f"successes={successes} lies outside 0..trials={trials}; count each trial once and successes "
            "among them."
        )
    if not 0.0 < level < 1.0:
        raise ValueError(f"level={level} is not strictly between 0 and 1; give it as a share, such as 0.95.")


def clopper_pearson(successes: int, trials: int, confidence: float = CONFIDENCE) -> Estimate:
    """Share of successes with the Clopper–Pearson interval.

    Parameters
    ----------
    successes, trials
        Number of successes among a number of independent trials that was fixed in advance.
    confidence
        Two-sided level.

    Returns
    -------
    Estimate
        Covers the true probability with at least the stated confidence, for every truth and every number of
        trials; each end errs with probability at most (1 − confidence)/2.

    Raises
    ------
    ValueError
        If the counts are impossible or the level is not in (0, 1).

    References
    ----------
    Clopper, Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
    Biometrika 26 (1934) 404–413.
    """
    _check(successes, trials, confidence)
    if trials == 0:
        return Estimate(None, 0.0, 1.0)
    low, high = proportion_confint(successes, trials, alpha=1.0 - confidence, method="beta")
    return Estimate(successes / trials, float(low), float(high))


def upper_limit(successes: int, trials: int, error: float) -> float:
    """One-sided Clopper–Pearson upper limit: it lies below the truth with probability at most `error`."""
    _check(successes, trials, error)
    # The limit at 2·error ≥ 1 has no two-sided counterpart; nobody needs an error that large.
    if error >= 0.5:
        raise ValueError(f"error={error} is 0.5 or more; a limit that errs so often says nothing, give less.")
    return clopper_pearson(successes, trials, 1.0 - 2.0 * error).high


def smallest(successes: Sequence[int], trials: int, confidence: float = CONFIDENCE) -> Estimate:
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

    Raises
    ------
    ValueError
        If no input is given, the counts are impossible or the level is not in (0, 1).
    """
    if not successes:
        raise ValueError("successes=() names no input; give the successes on at least one input.")
    alpha = 1.0 - confidence
    parts = [clopper_pearson(count, trials, confidence) for count in successes]
    if trials == 0:
        return Estimate(None, 0.0, 1.0)
    high = min(upper_limit(count, trials, alpha / (2 * len(successes))) for count in successes)
    return Estimate(min(successes) / trials, min(part.low for part in parts), high)


def success_bound(exclusive: int, over_reading: float) -> float:
    """Theorem 1: no algorithm has a larger smallest success probability on coupled, exclusive inputs.

    Parameters
    ----------
    exclusive
        Number k of coupled inputs whose acceptable sets are pairwise disjoint.
    over_reading
        Probability t that a run reads past the depth to which the inputs are coupled.

    Returns
    -------
    float
        (1 + (k − 1)·t)/k for k ≥ 2, and 1 (no bound) for k < 2.
    """
    return 1.0 if exclusive < 2 else (1.0 + (exclusive - 1) * over_reading) / exclusive
