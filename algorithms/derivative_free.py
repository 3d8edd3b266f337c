"""Direct search: the methods of scipy.optimize.minimize that see nothing but the loss, on a narrow network."""

from __future__ import annotations

import numpy as np

from algorithms.base import Claim, algorithm
from algorithms.minimisers import train_weights
from algorithms.trainers_scipy import scipy_minimiser
from oracle.desk import Task

_SCIPY = ("scipy.optimize",)
_TRAINING = ("training",)


@algorithm("scipy-nelder-mead", role="trainer", families=_TRAINING, requires=_SCIPY)
def scipy_nelder_mead(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    evaluations: int = 1500,
    neurons: int = 1,
    attempts: int = 10,
) -> Claim:
    """Minimise the mean squared error over the weights of a narrow network with SciPy's Nelder–Mead simplex.

    Guarantee: halts after at most `attempts` × `evaluations` evaluations of the loss, having read `bits` digits;
    the loss of an attempt never exceeds that of its random start. The claim is ``result.success``.

    Parameters
    ----------
    bits : int
        Binary digits read of every coordinate.
    evaluations : int
        Most evaluations of the loss in one attempt.
    neurons : int
        Widest hidden layer that is trained: the method is for few variables; 0 for the architecture's widths.
    attempts : int
        Restarts from new random weights, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Nelder, Mead: A simplex method for function minimization, Comput. J. 7 (1965); Gao, Han: Implementing the
    Nelder–Mead simplex algorithm with adaptive parameters, Comput. Optim. Appl. 51 (2012).
    """
    options = {"maxfev": evaluations, "adaptive": True, "xatol": 1e-3, "fatol": 1e-6}
    minimise = scipy_minimiser("Nelder-Mead", False, options)
    return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=attempts)


@algorithm("scipy-powell", role="trainer", families=_TRAINING, requires=_SCIPY)
def scipy_powell(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    evaluations: int = 2000,
    neurons: int = 1,
    attempts: int = 10,
) -> Claim:
    """Minimise the mean squared error over the weights of a narrow network with SciPy's method of Powell.

    Guarantee and claim as for ``scipy-nelder-mead``.

    Parameters
    ----------
    bits : int
        Binary digits read of every coordinate.
    evaluations : int
        Most evaluations of the loss in one attempt.
    neurons : int
        Widest hidden layer that is trained: the method is for few variables; 0 for the architecture's widths.
    attempts : int
        Restarts from new random weights, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Powell: An efficient method for finding the minimum of a function of several variables without calculating
    derivatives, Comput. J. 7 (1964).
    """
    options = {"maxfev": evaluations, "xtol": 1e-3, "ftol": 1e-5}
    minimise = scipy_minimiser("Powell", False, options)
    return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=attempts)
