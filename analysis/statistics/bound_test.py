"""Exact tests of success rates against the bound of Theorem 1, and their adjustment across cells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from scipy.stats import binom
from statsmodels.stats.multitest import multipletests

from analysis.statistics.estimates import upper_limit
from analysis.statistics.intervals import ANYTIME, EXACT, Method
from analysis.statistics.ranges import check_counts
from analysis.statistics.sequential import anytime_p_value
from analysis.statistics.theorems import bound_value

LEVEL = 0.01
"""Family-wise level at which a cell is said to be above its bound."""


@dataclass(frozen=True)
class BoundTest:
    """Outcome of the test of "every success probability is above the bound".

    Attributes
    ----------
    p_value
        Valid whatever the over-reading probability and however the inputs' outcomes depend on each other.
    bound
        The bound that was tested: Theorem 1's at the upper confidence limit of the over-reading probability.
    """

    p_value: float
    bound: float


def exceedance(successes: int, trials: int, probability: float) -> float:
    """Exact one-sided binomial p-value P(Bin(trials, probability) ≥ successes)."""
    return float(binom.sf(successes - 1, trials, probability))


def nuisance_error(tests: int, level: float = LEVEL) -> float:
    """Error β spent on the unknown over-reading probability in each of `tests` tests.

    At most 10⁻⁴, and at most a tenth of what Holm's method grants the first of the tests: with a larger β no
    p-value, being at least β, could ever survive the adjustment. It depends on the plan alone, never on the
    data.
    """
    return min(1e-4, level / (10 * max(tests, 1)))


def above_bound(
    successes: Sequence[int],
    trials: int,
    over_reads: int,
    error: float = 1e-4,
    bound_at: Callable[[float], float] | None = None,
    method: Method = EXACT,
) -> BoundTest:
    """Test H0: min_j p_j ≤ (1 + (k − 1)t)/k against "every p_j is larger" (intersection–union test).

    For a known bound b the p-value is max_j P(Bin(n, b) ≥ S_j): H0 is a union over j, so each part must be
    rejected and no correction is due (Berger 1982). The over-reading probability t is not known; the p-value
    is the largest over a one-sided Clopper–Pearson confidence set [0, t_U] for t at level 1 − β, plus β
    (Berger and Boos 1994), and the largest is attained at t_U.

    Parameters
    ----------
    successes
        Successes S_j on each of the k ≥ 2 exclusive inputs.
    trials
        Number n of trials.
    over_reads
        Trials in which the algorithm read past the coupling.
    error
        β.
    bound_at
        The bound as an increasing function of the unknown probability behind `over_reads`; Theorem 1's for k inputs
        by default.
    method
        `EXACT` where the number of trials was fixed in advance. `ANYTIME` where it was not: the confidence set for t is
        then a confidence sequence and each input's p-value is `analysis.statistics.sequential.anytime_p_value`, so
        that the result is valid wherever the trials were stopped.

    Raises
    ------
    ValueError
        If there are fewer than two inputs or the counts are impossible.

    References
    ----------
    Berger, "Multiparameter hypothesis testing and acceptance sampling", Technometrics 24 (1982) 295–300.
    Berger, Boos, "P values maximized over a confidence set for the nuisance parameter", JASA 89 (1994)
    1012–1016.
    """
    if len(successes) < 2:
        raise ValueError(
            f"successes={tuple(successes)} has fewer than two inputs; one input alone has no bound."
        )
    check_counts(successes, trials)
    limit = upper_limit(over_reads, trials, error, method)
    bound = bound_value("1", len(successes), limit) if bound_at is None else bound_at(limit)
    tail = anytime_p_value if method is ANYTIME else exceedance
    largest = max(tail(count, trials, bound) for count in successes)
    return BoundTest(min(1.0, largest + error), bound)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm-adjusted p-values, in the given order: rejecting those ≤ α errs anywhere with probability ≤ α.

    References
    ----------
    Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6 (1979) 65–70.
    """
    if len(p_values) < 2:
        return list(p_values)
    adjust: Any = multipletests
    return [float(p) for p in adjust(list(p_values), method="holm")[1]]


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Benjamini–Hochberg-adjusted p-values, in the given order.

    Rejecting those ≤ α, the expected share of wrong rejections is at most α where the p-values are independent or
    positively dependent (Benjamini and Yekutieli 2001).

    References
    ----------
    Benjamini, Hochberg, "Controlling the false discovery rate", J. R. Statist. Soc. B 57 (1995) 289–300.
    """
    if not p_values:
        return []
    adjust: Any = multipletests
    return [float(p) for p in adjust(list(p_values), method="fdr_bh")[1]]
