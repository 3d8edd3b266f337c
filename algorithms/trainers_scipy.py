"""The methods of scipy.optimize.minimize that follow gradients, on the weights of a ReLU network of any depth."""

from __future__ import annotations

from typing import Any

import numpy as np

from algorithms.base import Claim, algorithm
from algorithms.fitting import Array
from algorithms.minimisers import Minimiser, train_weights
from algorithms.weights import Loss
from oracle.desk import Task

_SCIPY = ("scipy.optimize",)
_TRAINING = ("training",)


def scipy_minimiser(method: str, gradient: bool, options: dict[str, Any]) -> Minimiser:
    """Return scipy.optimize.minimize(method=…) as a minimiser; its flag is ``result.success``."""

    def minimise(loss: Loss, start: Array, rng: np.random.Generator) -> tuple[Array, bool]:
        from scipy.optimize import minimize

        called: Any = minimize
        objective = loss.with_gradient if gradient else loss
        result = called(objective, start, method=method, jac=gradient or None, options=options)
        return result.x, bool(result.success)

    return minimise


@algorithm("scipy-lbfgsb", role="trainer", families=_TRAINING, requires=_SCIPY)
def scipy_lbfgsb(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    gtol: float = 1e-6,
    iterations: int = 200,
    neurons: int = 0,
    attempts: int = 4,
) -> Claim:
    """Minimise the mean squared error over all weights with SciPy's L-BFGS-B.

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
    neurons : int
        Widest hidden layer that is trained; 0 for the widths of the architecture.
    attempts : int
        Restarts from new random weights, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Byrd, Lu, Nocedal, Zhu: A limited memory algorithm for bound constrained optimization, SIAM J. Sci.
    Comput. 16 (1995); random starts after He, Zhang, Ren, Sun: Delving deep into rectifiers, ICCV 2015.
    """
    minimise = scipy_minimiser("L-BFGS-B", True, {"gtol": gtol, "maxiter": iterations})
    return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=attempts)


@algorithm("scipy-bfgs", role="trainer", families=_TRAINING, requires=_SCIPY)
def scipy_bfgs(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    gtol: float = 1e-5,
    iterations: int = 200,
    neurons: int = 0,
    attempts: int = 4,
) -> Claim:
    """Minimise the mean squared error over all weights with SciPy's BFGS.

    Guarantee and claim as for ``scipy-lbfgsb``.

    Parameters
    ----------
    bits : int
        Binary digits read of every coordinate.
    gtol : float
        Norm of the gradient at which the solver stops.
    iterations : int
        Most iterations in one attempt.
    neurons : int
        Widest hidden layer that is trained; 0 for the widths of the architecture.
    attempts : int
        Restarts from new random weights, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Nocedal, Wright: Numerical optimization, 2nd ed., Springer 2006, section 6.1.
    """
    minimise = scipy_minimiser("BFGS", True, {"gtol": gtol, "maxiter": iterations})
    return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=attempts)


@algorithm("scipy-cg", role="trainer", families=_TRAINING, requires=_SCIPY)
def scipy_cg(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    gtol: float = 1e-5,
    iterations: int = 300,
    neurons: int = 0,
    attempts: int = 4,
) -> Claim:
    """Minimise the mean squared error over all weights with SciPy's conjugate gradients.

    Guarantee and claim as for ``scipy-lbfgsb``.

    Parameters
    ----------
    bits : int
        Binary digits read of every coordinate.
    gtol : float
        Norm of the gradient at which the solver stops.
    iterations : int
        Most iterations in one attempt.
    neurons : int
        Widest hidden layer that is trained; 0 for the widths of the architecture.
    attempts : int
        Restarts from new random weights, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Polak, Ribière: Note sur la convergence de méthodes de directions conjuguées, ESAIM 3 (1969); Nocedal,
    Wright: Numerical optimization, 2nd ed., Springer 2006, section 5.2.
    """
    minimise = scipy_minimiser("CG", True, {"gtol": gtol, "maxiter": iterations})
    return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=attempts)


@algorithm("scipy-tnc", role="trainer", families=_TRAINING, requires=_SCIPY)
def scipy_tnc(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    evaluations: int = 600,
    neurons: int = 0,
    attempts: int = 4,
) -> Claim:
    """Minimise the mean squared error over all weights with SciPy's truncated Newton method.

    Guarantee: halts after at most `attempts` × `evaluations` evaluations, having read `bits` digits. Claim as for
    ``scipy-lbfgsb``.

    Parameters
    ----------
    bits : int
        Binary digits read of every coordinate.
    evaluations : int
        Most evaluations of the loss in one attempt.
    neurons : int
        Widest hidden layer that is trained; 0 for the widths of the architecture.
    attempts : int
        Restarts from new random weights, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Nash: Newton-type minimization via the Lanczos method, SIAM J. Numer. Anal. 21 (1984).
    """
    minimise = scipy_minimiser("TNC", True, {"maxfun": evaluations})
    return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=attempts)


@algorithm("scipy-slsqp", role="trainer", families=_TRAINING, requires=_SCIPY)
def scipy_slsqp(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    iterations: int = 100,
    neurons: int = 0,
    attempts: int = 4,
) -> Claim:
    """Minimise the mean squared error over all weights with SciPy's sequential least-squares programming.

    Guarantee and claim as for ``scipy-lbfgsb``.

    Parameters
    ----------
    bits : int
        Binary digits read of every coordinate.
    iterations : int
        Most iterations in one attempt.
    neurons : int
        Widest hidden layer that is trained; 0 for the widths of the architecture.
    attempts : int
        Restarts from new random weights, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Kraft: A software package for sequential quadratic programming, DFVLR-FB 88-28 (1988).
    """
    minimise = scipy_minimiser("SLSQP", True, {"ftol": 1e-9, "maxiter": iterations})
    return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=attempts)


@algorithm("scipy-trust-constr", role="trainer", families=_TRAINING, requires=_SCIPY)
def scipy_trust_constr(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    iterations: int = 100,
    neurons: int = 3,
    attempts: int = 4,
) -> Claim:
    """Minimise the mean squared error over the weights of a narrow network with SciPy's trust-region method.

    Guarantee and claim as for ``scipy-lbfgsb``.

    Parameters
    ----------
    bits : int
        Binary digits read of every coordinate.
    iterations : int
        Most iterations in one attempt; each costs about a millisecond, most of it spent outside the loss.
    neurons : int
        Widest hidden layer that is trained; 0 for the widths of the architecture.
    attempts : int
        Restarts from new random weights, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Byrd, Hribar, Nocedal: An interior point algorithm for large-scale nonlinear programming, SIAM J. Optim. 9
    (1999).
    """
    minimise = scipy_minimiser("trust-constr", True, {"gtol": 1e-4, "maxiter": iterations})
    return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=attempts)
