"""A smooth fall to a floor: a binomial model p = c + (1 − c)·logistic(β₀ + β₁x), fitted where it is identified."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit, xlog1py, xlogy
from scipy.stats import norm
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.families.links import Link
from statsmodels.genmod.generalized_linear_model import GLM

from analysis.statistics.estimates import CONFIDENCE
from analysis.statistics.ranges import check_shares

Floats = NDArray[np.float64]
_GAIN = 1e-3


class FloorLink(Link):  # type: ignore[misc]
    """Link η = logit((p − c)/(1 − c)) of probabilities between a floor c and 1."""

    def __init__(self, floor: float) -> None:
        self.floor = floor

    def _share(self, p: Any) -> Floats:
        return np.clip((np.asarray(p) - self.floor) / (1.0 - self.floor), 1e-12, 1.0 - 1e-12)

    def __call__(self, p: Any) -> Floats:
        """η at p."""
        return np.asarray(logit(self._share(p)))

    def inverse(self, z: Any) -> Floats:
        """P at η."""
        return np.asarray(self.floor + (1.0 - self.floor) * expit(z))

    def deriv(self, p: Any) -> Floats:
        """dη/dp."""
        share = self._share(p)
        return np.asarray(1.0 / (share * (1.0 - share) * (1.0 - self.floor)))

    def deriv2(self, p: Any) -> Floats:
        """d²η/dp²."""
        share = self._share(p)
        return np.asarray((2.0 * share - 1.0) / (share * (1.0 - share) * (1.0 - self.floor)) ** 2)

    def inverse_deriv(self, z: Any) -> Floats:
        """dp/dη."""
        share = expit(z)
        return np.asarray((1.0 - self.floor) * share * (1.0 - share))


@dataclass(frozen=True)
class FloorFit:
    """A fitted fall.

    Attributes
    ----------
    identified
        Whether the likelihood has a maximum at a finite slope. A step has none: the steeper, the better.
    reason
        Why it is not identified; empty when it is.
    coefficients, errors
        β₀, β₁ and their standard errors; empty when not identified.
    midpoint, interval
        x at which p is halfway between the floor and 1, −β₀/β₁, and its interval (delta method); None and empty
        when not identified.
    """

    identified: bool
    reason: str
    coefficients: tuple[float, ...] = ()
    errors: tuple[float, ...] = ()
    midpoint: float | None = None
    interval: tuple[float, ...] = ()


def _log_likelihood(p: Floats, successes: Floats, trials: Floats) -> float:
    return float(np.sum(xlogy(successes, p) + xlog1py(trials - successes, -p)))


def _best_step(successes: Floats, trials: Floats, floor: float) -> float:
    """Largest log-likelihood on the model's edge: 1 before some place (or nowhere), the floor after it, or constant."""
    k = len(trials)
    best = _log_likelihood(np.full(k, max(floor, successes.sum() / trials.sum())), successes, trials)
    for place in range(-1, k):
        p = np.where(np.arange(k) < place, 1.0, floor)
        if place >= 0:
            p[place] = max(floor, successes[place] / trials[place])
        best = max(best, _log_likelihood(p, successes, trials))
    return best


def fit_floor(
    x: Sequence[float],
    pairs: Sequence[tuple[int, int, int]],
    floor: float = 0.5,
    confidence: float = CONFIDENCE,
) -> FloorFit:
    """Fit the success probability, averaged over two inputs, along x.

    A trial on two inputs gives two responses that depend on each other (one run serves both): the model is fitted as if
    they did not, which is consistent, and the standard errors are those of the sandwich with a trial as the cluster
    (Liang and Zeger 1986), which are right all the same. With one input a trial (``both`` and ``neither`` alone, see
    below) they are the sandwich's of an ordinary binomial model.

    Parameters
    ----------
    x
        Values of the parameter, ascending.
    pairs
        For each value the trials that succeeded on both inputs, on one, and on neither.
    floor
        c, in [0, 1): 1/2 by Theorem 1, for algorithms that attain it.
    confidence
        Of the midpoint's interval, which is approximate (large samples).

    Raises
    ------
    ValueError
        If the lengths differ, a value has no trial, or a share is outside its range.

    References
    ----------
    Liang, Zeger, "Longitudinal data analysis using generalized linear models", Biometrika 73 (1986) 13–22.
    """
    check_shares(confidence=confidence, **({} if floor == 0.0 else {"floor": floor}))
    table = np.asarray(pairs, dtype=np.float64)
    if len(x) != len(pairs) or not np.all(table.sum(axis=1) > 0):
        raise ValueError(f"x={tuple(x)} needs trials at each value; give both, one and neither for each.")
    successes, trials = 2 * table[:, 0] + table[:, 1], 2 * table.sum(axis=1)
    place = np.asarray(x, dtype=np.float64)
    centre, spread = place.mean(), max(float(place.std()), 1e-12)
    design = np.column_stack([np.ones(len(place)), (place - centre) / spread])

    def loss(coefficients: Floats) -> float:
        p = floor + (1.0 - floor) * expit(design @ coefficients)
        return -_log_likelihood(np.clip(p, 1e-15, 1 - 1e-15), successes, trials)

    starts = [np.array([b0, b1]) for b0 in (-2.0, 0.0, 2.0) for b1 in (-4.0, -1.0, 1.0)]
    found = min((minimize(loss, start, method="Nelder-Mead") for start in starts), key=lambda fit: fit.fun)
    if -found.fun < _best_step(successes, trials, floor) + _GAIN:
        return FloorFit(False, "a step, or a constant, fits as well as any slope")
    if np.linalg.matrix_rank(design) < 2:
        return FloorFit(False, "one value of the parameter has no slope")
    link = FloorLink(floor)
    with warnings.catch_warnings():
        # statsmodels warns of every link that it does not know.
        warnings.simplefilter("ignore")
        family = Binomial(link=link, check_link=False)
        model = GLM(np.column_stack([successes, trials - successes]), design, family=family)
        fitted = model.fit(start_params=found.x, maxiter=200)
    return _report(fitted.params, model, design, table, link, (centre, spread), confidence)


def _report(
    parameters: Floats,
    model: Any,
    design: Floats,
    table: Floats,
    link: FloorLink,
    scaling: tuple[float, float],
    confidence: float,
) -> FloorFit:
    bread = np.linalg.inv(-model.hessian(parameters, observed=True))
    eta = design @ parameters
    p, slope = link.inverse(eta), link.inverse_deriv(eta)
    weight = slope / (p * (1.0 - p))
    # The score of a trial with y successes on two inputs is (y − 2p)·weight·x.
    spreads = sum(table[:, column] * (y - 2 * p) ** 2 for column, y in enumerate((2, 1, 0)))
    meat = (design * (spreads * weight**2)[:, None]).T @ design
    scaled = bread @ meat @ bread
    centre, spread = scaling
    change = np.array([[1.0, -centre / spread], [0.0, 1.0 / spread]])
    coefficients, covariance = change @ parameters, change @ scaled @ change.T
    midpoint = -coefficients[0] / coefficients[1]
    gradient = np.array([-1.0, -midpoint]) / coefficients[1]
    reach = float(norm.isf((1.0 - confidence) / 2) * np.sqrt(gradient @ covariance @ gradient))
    return FloorFit(
        True,
        "",
        tuple(map(float, coefficients)),
        tuple(map(float, np.sqrt(np.diag(covariance)))),
        float(midpoint),
        (float(midpoint) - reach, float(midpoint) + reach),
    )
