"""Direct search: the methods of scipy.optimize.minimize that see nothing but the loss, on a narrow network."""

from __future__ import annotations

from algorithms.toolkit.restarts import Minimiser, restarted
from algorithms.wrappers.minimiser import scipy_minimiser

_SCIPY = ("scipy.optimize",)


@restarted("scipy-nelder-mead", requires=_SCIPY, neurons=1, attempts=10)
def scipy_nelder_mead(*, evaluations: int = 1500) -> Minimiser:
    """Minimise the mean squared error over the weights of a narrow network with SciPy's Nelder–Mead simplex.

    Guarantee: halts after at most `attempts` × `evaluations` evaluations of the loss, having read `bits` digits;
    the loss of an attempt never exceeds that of its random start. The claim is ``result.success``.

    Source
    ------
    Nelder, Mead: A simplex method for function minimization, Comput. J. 7 (1965); Gao, Han: Implementing the
    Nelder–Mead simplex algorithm with adaptive parameters, Comput. Optim. Appl. 51 (2012).
    """
    return scipy_minimiser(
        "Nelder-Mead", gradient=False, maxfev=evaluations, adaptive=True, xatol=1e-3, fatol=1e-6
    )


@restarted("scipy-powell", requires=_SCIPY, neurons=1, attempts=10)
def scipy_powell(*, evaluations: int = 2000) -> Minimiser:
    """Minimise the mean squared error over the weights of a narrow network with SciPy's method of Powell.

    Guarantee and claim as for ``scipy-nelder-mead``.

    Source
    ------
    Powell: An efficient method for finding the minimum of a function of several variables without calculating
    derivatives, Comput. J. 7 (1964).
    """
    return scipy_minimiser("Powell", gradient=False, maxfev=evaluations, xtol=1e-3, ftol=1e-5)
