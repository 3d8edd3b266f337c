"""Global minimisation with SciPy: basin-hopping, dual annealing, differential evolution, on a network's weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from algorithms.algorithm import Claim
from algorithms.toolkit.fitting import Array
from algorithms.toolkit.restarts import train_weights
from algorithms.toolkit.trainer import trainer
from algorithms.toolkit.weights import Loss
from oracle.task import Task

_SCIPY = ("scipy.optimize",)


@trainer("basin-hopping", requires=_SCIPY)
def basin_hopping(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    hops: int = 10,
    step: float = 0.5,
    iterations: int = 50,
    neurons: int = 0,
) -> Claim:
    """Hop between local minima of the mean squared error with SciPy's basinhopping over L-BFGS-B.

    Guarantee: halts after at most `hops` + 1 descents of `iterations` steps, having read `bits` digits. The claim is
    that the last local descent that improved met its own test.

    Parameters
    ----------
    hops : int
        Most hops; they end where the largest training error is certain to be at most ε̂/√r.
    step : float
        Largest change of a weight in a hop.
    iterations : int
        Most iterations of a descent.

    Source
    ------
    Wales, Doye: Global optimization by basin-hopping, J. Phys. Chem. A 101 (1997).
    """

    def minimise(loss: Loss, start: Array, rng: np.random.Generator) -> tuple[Array, bool]:
        from scipy.optimize import basinhopping

        local = {"method": "L-BFGS-B", "jac": True, "options": {"maxiter": iterations}}
        called: Any = basinhopping
        result = called(
            loss.with_gradient,
            start,
            niter=hops,
            stepsize=step,
            minimizer_kwargs=local,
            rng=rng,
            callback=lambda x, value, accepted: value <= loss.target,
        )
        return result.x, bool(result.lowest_optimization_result.success)

    return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=1)


@trainer("dual-annealing", requires=_SCIPY)
def dual_annealing(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    evaluations: int = 4000,
    radius: float = 4.0,
    neurons: int = 1,
) -> Claim:
    """Minimise the mean squared error over a box of weights with SciPy's dual annealing.

    Guarantee: halts after about `evaluations` evaluations of the loss, having read `bits` digits. The claim is that
    the loss came down to where the largest training error is certain to be at most ε̂/√r.

    Parameters
    ----------
    evaluations : int
        Most evaluations of the loss, but for a local search under way.
    radius : float
        Every weight, in standardised features, lies within this of 0.

    Source
    ------
    Xiang, Sun, Fan, Gong: Generalized simulated annealing algorithm and its application to the Thomson model,
    Phys. Lett. A 233 (1997).
    """

    def minimise(loss: Loss, start: Array, rng: np.random.Generator) -> tuple[Array, bool]:
        from scipy.optimize import dual_annealing as scipy_dual_annealing

        called: Any = scipy_dual_annealing
        result = called(
            loss,
            [(-radius, radius)] * loss.size,
            maxfun=evaluations,
            x0=np.clip(start, -radius, radius),
            rng=rng,
            callback=lambda x, value, context: value <= loss.target,
        )
        return result.x, bool(result.fun <= loss.target)

    return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=1)


@trainer("differential-evolution", requires=_SCIPY)
def differential_evolution(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    generations: int = 200,
    population: int = 10,
    radius: float = 4.0,
    neurons: int = 1,
) -> Claim:
    """Minimise the mean squared error over a box of weights with SciPy's differential evolution.

    Guarantee: halts after at most `generations`, having read `bits` digits. The claim is that the loss came down to
    where the largest training error is certain to be at most ε̂/√r.

    Parameters
    ----------
    generations : int
        Most generations.
    population : int
        Members of a generation for each weight.
    radius : float
        Every weight, in standardised features, lies within this of 0.

    Source
    ------
    Storn, Price: Differential evolution, J. Global Optim. 11 (1997).
    """

    def minimise(loss: Loss, start: Array, rng: np.random.Generator) -> tuple[Array, bool]:
        from scipy.optimize import differential_evolution as scipy_differential_evolution

        called: Any = scipy_differential_evolution
        result = called(
            lambda columns: loss.many(np.ascontiguousarray(np.atleast_2d(columns.T))),
            [(-radius, radius)] * loss.size,
            maxiter=generations,
            popsize=population,
            vectorized=True,
            updating="deferred",
            polish=False,
            rng=rng,
            callback=lambda intermediate_result: intermediate_result.fun <= loss.target,
        )
        return result.x, bool(result.fun <= loss.target)

    return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=1)
