"""Evidence that may be looked at after every trial: e-processes and a confidence sequence for a probability.

For each θ the likelihood ratio of θ to b, after n independent trials of which S succeeded, is

    L(θ) = (θ/b)^S · ((1 − θ)/(1 − b))^(n − S).

Where the truth is p ≤ b and θ ≥ b, a factor of it has mean pθ/b + (1 − p)(1 − θ)/(1 − b) ≤ 1. A mixture of L over a
prior on (b, 1] is therefore a non-negative supermartingale that starts at 1, for **every** p ≤ b, and by Ville's
inequality exceeds 1/α anywhere with probability at most α. A prior with mass below b would not do.

References
----------
Ville, *Étude critique de la notion de collectif* (1939). Robbins, "Statistical methods related to the law of the
iterated logarithm", Ann. Math. Statist. 41 (1970) 1397–1409. Howard, Ramdas, McAuliffe, Sekhon, "Time-uniform,
nonparametric, nonasymptotic confidence sequences", Ann. Statist. 49 (2021) 1055–1080. Ramdas, Grünwald, Vovk, Shafer,
"Game-theoretic statistics and safe anytime-valid inference", Statist. Sci. 38 (2023) 576–601.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import betaincc, betaln, logsumexp, xlog1py, xlogy

from analysis.statistics.ranges import check_counts, check_shares

STRENGTH = 40.0
"""Weight a + b of the Beta prior, in trials: Beta(20, 20) at the bound 1/2, made for differences of about 0.1."""


def log_e_above(
    successes: ArrayLike, trials: ArrayLike, bound: float = 0.5, strength: float = STRENGTH
) -> NDArray[np.float64]:
    """Log of the e-process against H0: p ≤ `bound`, for counts of any shape.

    Parameters
    ----------
    successes, trials
        S and n; arrays broadcast.
    bound
        b, strictly between 0 and 1.
    strength
        a + b of the prior Beta(strength·b, strength·(1 − b)), which is truncated to (b, 1].

    Returns
    -------
    ndarray
        Natural logarithms. P(sup over n of E_n ≥ 1/α) ≤ α for every p ≤ `bound`. Where E is too small for a float
        it is −∞, which errs on the safe side.

    Raises
    ------
    ValueError
        If the bound is not inside (0, 1).
    """
    check_shares(bound=bound)
    s, n = np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    a, b = strength * bound, strength * (1.0 - bound)
    with np.errstate(divide="ignore"):
        kept = np.log(betaincc(a + s, b + n - s, bound)) - np.log(betaincc(a, b, bound))
    ratio = betaln(a + s, b + n - s) - betaln(a, b) - s * np.log(bound) - (n - s) * np.log1p(-bound)
    # Before the first trial the sum is 0 up to rounding; evidence is exactly 1 then.
    found: NDArray[np.float64] = np.where(n == 0, 0.0, ratio + kept)
    return found


def log_e_below(
    successes: ArrayLike, trials: ArrayLike, bound: float = 0.5, strength: float = STRENGTH
) -> NDArray[np.float64]:
    """Log of the mirrored e-process, against H0: p ≥ `bound`; see `log_e_above`."""
    check_shares(bound=bound)
    failures = np.asarray(trials) - np.asarray(successes)
    return log_e_above(failures, trials, 1.0 - bound, strength)


def log_e_smallest_above(successes: Sequence[int], trials: int, bound: float) -> float:
    """Log e-value against "some p_j ≤ bound": the least of the inputs', as that input's is one already."""
    return float(min(log_e_above(count, trials, bound) for count in successes))


def log_e_smallest_below(successes: Sequence[int], trials: int, bound: float) -> float:
    """Log e-value against "every p_j ≥ bound": the mean of the inputs', each of which is one."""
    parts = [float(log_e_below(count, trials, bound)) for count in successes]
    return float(logsumexp(parts)) - math.log(len(parts))


def log_martingale(successes: ArrayLike, trials: ArrayLike, probability: ArrayLike) -> NDArray[np.float64]:
    """Log of the Beta(1/2, 1/2) mixture over the likelihood at `probability`: a martingale where that is the truth."""
    s, n, q = (np.asarray(value, dtype=np.float64) for value in (successes, trials, probability))
    found: NDArray[np.float64] = (
        betaln(0.5 + s, 0.5 + n - s) - betaln(0.5, 0.5) - xlogy(s, q) - xlog1py(n - s, -q)
    )
    return found


def confidence_sequence(successes: int, trials: int, confidence: float) -> tuple[float, float]:
    """Interval that holds the probability at **all** times at once with the given confidence.

    The set of q at which the Beta(1/2, 1/2) mixture over the likelihood of q stays below 1/α (Robbins 1970), α = 1 −
    `confidence`. It depends on the counts alone, not on the order of the trials or on when it was looked at before.
    """
    check_counts([successes], trials)
    check_shares(confidence=confidence)
    if trials == 0:
        return 0.0, 1.0
    return _low(successes, trials, confidence), 1.0 - _low(trials - successes, trials, confidence)


@lru_cache(maxsize=4096)  # many cells of few trials have the same counts
def _low(successes: int, trials: int, confidence: float) -> float:
    if successes == 0:
        return 0.0
    target = -math.log1p(-confidence)

    def excess(q: float) -> float:
        return float(log_martingale(successes, trials, q)) - target

    # At the rate itself the mixture is below the largest likelihood, so the set is never empty.
    return float(brentq(excess, 1e-300, successes / trials, xtol=1e-15, rtol=1e-12))


def anytime_p_value(successes: int, trials: int, bound: float) -> float:
    """P-value of H0: p ≤ `bound` that is valid whenever it is looked at, also where `bound` was estimated.

    1/M(bound) where the rate exceeds the bound, else 1, M the martingale of `log_martingale`. On this side of the
    rate M falls in q, so p ≤ b ≤ bound implies M(p) ≥ M(bound), and M(p) exceeds 1/α with probability at most α:
    an upper confidence limit may stand in for an unknown bound b, at the price of its own error.
    """
    if trials == 0 or bound >= 1.0 or successes <= trials * bound:
        return 1.0
    return min(1.0, math.exp(-float(log_martingale(successes, trials, bound))))
