"""SciPy's L-BFGS-B on the weights of a ReLU network of any depth, with random restarts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from algorithms.base import Claim, algorithm
from algorithms.fitting import Array, Fit, best_of, fold, restart_goal, standardise, training_error
from algorithms.weights import loss_and_gradient, random_weights, unpack
from oracle.desk import Task
from oracle.networks import Network


@algorithm("scipy-lbfgsb", role="trainer", families=("training",), requires=("scipy.optimize",))
def scipy_lbfgsb(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    gtol: float = 1e-6,
    iterations: int = 200,
    attempts: int = 4,
) -> Claim:
    """Minimise the mean squared error over all weights with scipy.optimize.minimize(method="L-BFGS-B").

    Guarantee: halts after at most `attempts` × `iterations` steps, having read `bits` digits; the loss of an
    attempt never exceeds that of its random start. The claim is ``result.success`` of the attempt kept.

    Parameters
    ----------
    bits : int
        Binary digits read of every coordinate.
    gtol : float
        Largest component of the gradient at which the solver stops.
    iterations : int
        Most iterations in one attempt.
    attempts : int
        Restarts from new random weights, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Byrd, Lu, Nocedal, Zhu: A limited memory algorithm for bound constrained optimization, SIAM J. Sci.
    Comput. 16 (1995); random starts after He, Zhang, Ren, Sun: Delving deep into rectifiers, ICCV 2015.
    """
    scaled = standardise(task.read(bits=bits))
    labels = np.asarray(task.labels, dtype=np.float64)
    fits = _fits(scaled.features, labels, task.architecture, rng, attempts, gtol, iterations)
    best = best_of(fits, restart_goal(task.tolerance, len(labels)))
    return Claim(Network(fold(best.layers, scaled.mean, scaled.scale)), converged=best.converged)


def _fits(
    features: Array,
    labels: Array,
    architecture: Sequence[int],
    rng: np.random.Generator,
    attempts: int,
    gtol: float,
    iterations: int,
) -> Iterator[Fit]:
    from scipy.optimize import minimize

    for _ in range(attempts):
        start = random_weights(architecture, rng)
        result = minimize(
            loss_and_gradient,
            start,
            args=(architecture, features, labels),
            method="L-BFGS-B",
            jac=True,
            options={"gtol": gtol, "maxiter": iterations},
        )
        layers = unpack(result.x, architecture)
        yield Fit(layers, training_error(layers, features, labels), bool(result.success))
