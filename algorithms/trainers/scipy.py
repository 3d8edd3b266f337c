"""The methods of scipy.optimize.minimize that follow gradients, on the weights of a ReLU network of any depth.

Each function states the parameters of its method; `restarted` adds ``bits``, ``neurons`` and ``attempts``.
"""

from __future__ import annotations

from algorithms.toolkit.restarts import Minimiser, restarted
from algorithms.wrappers.minimiser import scipy_minimiser

_SCIPY = ("scipy.optimize",)


@restarted("scipy-lbfgsb", requires=_SCIPY)
def scipy_lbfgsb(*, gtol: float = 1e-6, iterations: int = 200) -> Minimiser:
    """Minimise the mean squared error over all weights with SciPy's L-BFGS-B.

    Guarantee: halts after at most `attempts` × `iterations` steps, having read `bits` digits; the loss of an
    attempt never exceeds that of its random start. The claim is ``result.success`` of the attempt kept.

    Parameters
    ----------
    gtol : float
        Largest component of the gradient at which the solver stops.

    Source
    ------
    Byrd, Lu, Nocedal, Zhu: A limited memory algorithm for bound constrained optimization, SIAM J. Sci.
    Comput. 16 (1995); random starts after He, Zhang, Ren, Sun: Delving deep into rectifiers, ICCV 2015.
    """
    return scipy_minimiser("L-BFGS-B", gtol=gtol, maxiter=iterations)


@restarted("scipy-bfgs", requires=_SCIPY)
def scipy_bfgs(*, gtol: float = 1e-5, iterations: int = 200) -> Minimiser:
    """Minimise the mean squared error over all weights with SciPy's BFGS.

    Guarantee and claim as for ``scipy-lbfgsb``.

    Source
    ------
    Nocedal, Wright: Numerical optimization, 2nd ed., Springer 2006, section 6.1.
    """
    return scipy_minimiser("BFGS", gtol=gtol, maxiter=iterations)


@restarted("scipy-cg", requires=_SCIPY)
def scipy_cg(*, gtol: float = 1e-5, iterations: int = 300) -> Minimiser:
    """Minimise the mean squared error over all weights with SciPy's conjugate gradients.

    Guarantee and claim as for ``scipy-lbfgsb``.

    Source
    ------
    Polak, Ribière: Note sur la convergence de méthodes de directions conjuguées, ESAIM 3 (1969); Nocedal,
    Wright: Numerical optimization, 2nd ed., Springer 2006, section 5.2.
    """
    return scipy_minimiser("CG", gtol=gtol, maxiter=iterations)


@restarted("scipy-tnc", requires=_SCIPY)
def scipy_tnc(*, evaluations: int = 600) -> Minimiser:
    """Minimise the mean squared error over all weights with SciPy's truncated Newton method.

    Guarantee: halts after at most `attempts` × `evaluations` evaluations, having read `bits` digits. Claim as for
    ``scipy-lbfgsb``.

    Source
    ------
    Nash: Newton-type minimization via the Lanczos method, SIAM J. Numer. Anal. 21 (1984).
    """
    return scipy_minimiser("TNC", maxfun=evaluations)


@restarted("scipy-slsqp", requires=_SCIPY)
def scipy_slsqp(*, iterations: int = 100) -> Minimiser:
    """Minimise the mean squared error over all weights with SciPy's sequential least-squares programming.

    Guarantee and claim as for ``scipy-lbfgsb``.

    Source
    ------
    Kraft: A software package for sequential quadratic programming, DFVLR-FB 88-28 (1988).
    """
    return scipy_minimiser("SLSQP", ftol=1e-9, maxiter=iterations)


@restarted("scipy-trust-constr", requires=_SCIPY, neurons=3)
def scipy_trust_constr(*, iterations: int = 100) -> Minimiser:
    """Minimise the mean squared error over the weights of a narrow network with SciPy's trust-region method.

    Guarantee and claim as for ``scipy-lbfgsb``.

    Parameters
    ----------
    iterations : int
        Most iterations in one attempt; each costs about a millisecond, most of it spent outside the loss.

    Source
    ------
    Byrd, Hribar, Nocedal: An interior point algorithm for large-scale nonlinear programming, SIAM J. Optim. 9
    (1999).
    """
    return scipy_minimiser("trust-constr", gtol=1e-4, maxiter=iterations)
