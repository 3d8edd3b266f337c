"""Intervals for a success probability, each with what it guarantees."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from scipy.optimize import brentq
from scipy.special import bdtr, bdtrc
from scipy.stats import beta
from statsmodels.stats.proportion import proportion_confint

from analysis.statistics.sequential import confidence_sequence

Limits: TypeAlias = Callable[[int, int, float], tuple[float, float]]


@dataclass(frozen=True)
class Method:
    """A way to make an interval.

    Attributes
    ----------
    name
        As it is asked for.
    title
        As it is printed.
    guarantee
        What holds, in one sentence.
    reference
        Where it comes from.
    limits
        Ends for successes, trials ≥ 1 and a two-sided confidence.
    shares
        How many one-sided errors make up the two-sided one: 2 for methods whose ends err with half the error each, 1
        where nothing is known of the ends one by one.
    """

    name: str
    title: str
    guarantee: str
    reference: str
    limits: Limits
    shares: int = 2

    def one_sided(self, error: float) -> float:
        """The two-sided confidence at which one end alone errs with probability at most `error`."""
        return 1.0 - self.shares * error


def _clopper_pearson(successes: int, trials: int, confidence: float) -> tuple[float, float]:
    low, high = proportion_confint(successes, trials, alpha=1.0 - confidence, method="beta")
    return float(low), float(high)


def _wilson(successes: int, trials: int, confidence: float) -> tuple[float, float]:
    low, high = proportion_confint(successes, trials, alpha=1.0 - confidence, method="wilson")
    # At no success and at no failure the ends are 0 and 1, and are missed by a rounding error.
    return 0.0 if successes == 0 else float(low), 1.0 if successes == trials else float(high)


def _agresti_coull(successes: int, trials: int, confidence: float) -> tuple[float, float]:
    low, high = proportion_confint(successes, trials, alpha=1.0 - confidence, method="agresti_coull")
    return max(0.0, float(low)), min(1.0, float(high))


def _jeffreys(successes: int, trials: int, confidence: float) -> tuple[float, float]:
    tail = (1.0 - confidence) / 2
    posterior = beta(successes + 0.5, trials - successes + 0.5)
    # Brown, Cai and DasGupta (2001) move the ends at no success and at no failure; else the coverage falls to 0 there.
    low = 0.0 if successes == 0 else float(posterior.ppf(tail))
    return low, 1.0 if successes == trials else float(posterior.isf(tail))


def _mid_p(successes: int, trials: int, confidence: float) -> tuple[float, float]:
    """Ends at which P(more) + P(as many)/2, or its mirror, is half the error."""
    tail = (1.0 - confidence) / 2

    def above(p: float) -> float:
        more = float(bdtrc(successes, trials, p))
        return more + (float(bdtrc(successes - 1, trials, p)) - more) / 2 - tail

    def below(p: float) -> float:
        fewer = float(bdtr(successes - 1, trials, p)) if successes else 0.0
        return fewer + (float(bdtr(successes, trials, p)) - fewer) / 2 - tail

    # At confidences near 0 both ends may lie on one side of the rate, where mid-P is not 1/2.
    rate = successes / trials
    right, left = rate if above(rate) >= 0.0 else 1.0, rate if below(rate) >= 0.0 else 0.0
    low = 0.0 if successes == 0 else float(brentq(above, 0.0, right, xtol=1e-14))
    return low, 1.0 if successes == trials else float(brentq(below, left, 1.0, xtol=1e-14))


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            "clopper-pearson",
            "Clopper–Pearson",
            "Covers the truth with at least the stated confidence for every truth and every fixed number of trials.",
            "Clopper, Pearson, Biometrika 26 (1934) 404–413.",
            _clopper_pearson,
        ),
        Method(
            "wilson",
            "Wilson",
            "Approximate: at 95% and up to 200 trials it covers with at least 0.949 on average over truths, and with "
            "at least 0.79 at the worst of them.",
            "Wilson, J. Amer. Statist. Assoc. 22 (1927) 209–212.",
            _wilson,
        ),
        Method(
            "jeffreys",
            "Jeffreys",
            "Approximate (equal-tailed posterior under the prior Beta(1/2, 1/2)): at 95% and up to 200 trials it "
            "covers with at least 0.949 on average over truths, and with at least 0.85 at the worst of them.",
            "Brown, Cai, DasGupta, Statist. Sci. 16 (2001) 101–133.",
            _jeffreys,
        ),
        Method(
            "agresti-coull",
            "Agresti–Coull",
            "Approximate (contains Wilson's): at 95% and up to 200 trials it covers with at least 0.95 on average over "
            "truths, and with at least 0.82 at the worst of them.",
            "Agresti, Coull, Amer. Statist. 52 (1998) 119–126.",
            _agresti_coull,
        ),
        Method(
            "mid-p",
            "mid-P",
            "Approximate (lies within Clopper–Pearson's): at 95% and up to 200 trials it covers with at least 0.95 on "
            "average over truths, and with at least 0.91 at the worst of them.",
            "Berry, Armitage, The Statistician 44 (1995) 417–423.",
            _mid_p,
        ),
        Method(
            "anytime",
            "confidence sequence",
            "Holds the truth at all times at once with at least the stated confidence, so trials may be stopped by "
            "what they showed.",
            "Robbins, Ann. Math. Statist. 41 (1970) 1397–1409.",
            confidence_sequence,
            shares=1,
        ),
    )
}
"""Every method, by name."""

EXACT = METHODS["clopper-pearson"]
ANYTIME = METHODS["anytime"]


def method_named(name: str) -> Method:
    """The method of this name.

    Raises
    ------
    ValueError
        If there is none.
    """
    if name not in METHODS:
        raise ValueError(f"interval={name!r} is no method; choose one of {', '.join(METHODS)}.")
    return METHODS[name]
