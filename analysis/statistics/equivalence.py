"""Is the bound attained: two one-sided tests that the smallest success probability is within a margin of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy.stats import binom

from analysis.statistics.bound_test import exceedance
from analysis.statistics.estimates import lower_limit, upper_limit
from analysis.statistics.ranges import check_counts, check_shares
from analysis.statistics.theorems import bound_value

MARGIN = 0.05
"""Largest distance from the bound that counts as attaining it."""


@dataclass(frozen=True)
class Equivalence:
    """Outcome of the two one-sided tests.

    Attributes
    ----------
    p_value
        The larger of the two: at most α means "within the margin of the bound", with error at most α.
    p_below, p_above
        Against "further below than the margin", and against "further above".
    """

    p_value: float
    p_below: float
    p_above: float


def attains_bound(
    successes: Sequence[int],
    trials: int,
    over_reads: int,
    error: float = 1e-4,
    margin: float = MARGIN,
    bound_at: Callable[[float], float] | None = None,
) -> Equivalence:
    """Test H0: |min_j p_j − b| ≥ `margin` against "the bound b is attained, give or take the margin".

    Two one-sided tests (Schuirmann 1987), each at the full level since H0 is a union. Below: min_j p_j ≤ b − margin is
    again a union over j, so the largest of the inputs' exact p-values (Berger 1982). Above: min_j p_j ≥ b + margin is
    an intersection, so k times the smallest (Bonferroni). b depends on the unknown over-reading probability: each test
    takes the end of its confidence limit that is worse, and adds the limit's error β (Berger and Boos 1994).

    Parameters
    ----------
    successes
        Successes on each of the k inputs compared.
    trials
        Number of trials, fixed in advance.
    over_reads, error, bound_at
        As in `analysis.statistics.bound_test.above_bound`.
    margin
        In (0, 1).

    Raises
    ------
    ValueError
        If the margin or the counts are impossible.

    References
    ----------
    Schuirmann, "A comparison of the two one-sided tests procedure and the power approach for assessing the equivalence
    of average bioavailability", J. Pharmacokinet. Biopharm. 15 (1987) 657–680.
    """
    check_shares(margin=margin)
    check_counts(successes, trials)

    def bound(share: float) -> float:
        return bound_value("1", len(successes), share) if bound_at is None else bound_at(share)

    high = bound(upper_limit(over_reads, trials, error)) - margin
    low = bound(lower_limit(over_reads, trials, error)) + margin
    below = max(exceedance(count, trials, max(0.0, high)) for count in successes)
    tail = min(float(binom.cdf(count, trials, low)) for count in successes) if low < 1.0 else 0.0
    p_below, p_above = min(1.0, below + error), min(1.0, len(successes) * tail + error)
    return Equivalence(max(p_below, p_above), p_below, p_above)
