"""LASSO, elastic net and the support of a LASSO by scikit-learn, least squares and ranks by NumPy."""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.parameters.ranges import NATURAL, SIZE
from algorithms.wrappers.solver import solver

_SKLEARN = ("sklearn.linear_model",)
Array = NDArray[np.float64]


def _fitted(model: Any, A: Array, y: Array) -> tuple[Array, bool]:
    """Return coefficients, and whether the duality gap was met before the iterations ran out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(A, y)
    return np.asarray(model.coef_, dtype=np.float64), bool(model.n_iter_ < model.max_iter)


def _lasso(A: Array, y: Array, penalty: float, tolerance: float) -> tuple[Array, bool]:
    from sklearn.linear_model import Lasso as Model

    model = Model(
        alpha=penalty / len(y), fit_intercept=False, tol=tolerance, max_iter=100_000, random_state=0
    )
    return _fitted(model, A, y)


@solver("sklearn-lasso", kinds=["lasso"], requires=_SKLEARN, ranges={"tolerance": SIZE})
def sklearn_lasso(A: Array, y: Array, penalty: float, *, tolerance: float = 1e-10) -> tuple[Array, bool]:
    """scikit-learn's LASSO, coordinate descent; its claim is that the duality gap met the tolerance.

    Parameters
    ----------
    tolerance : float
        Of the duality gap.
    """
    return _lasso(A, y, penalty, tolerance)


@solver("sklearn-support", kinds=["support"], requires=_SKLEARN, ranges={"tolerance": SIZE})
def sklearn_support(
    A: Array, y: Array, penalty: float, *, tolerance: float = 1e-10
) -> tuple[tuple[int, ...], bool]:
    """Where scikit-learn's LASSO is not 0; its claim is that the duality gap met the tolerance.

    Parameters
    ----------
    tolerance : float
        Of the duality gap.
    """
    x, solved = _lasso(A, y, penalty, tolerance)
    return tuple(int(j) for j in np.flatnonzero(x)), solved


@solver("sklearn-elastic-net", kinds=["elastic-net"], requires=_SKLEARN, ranges={"tolerance": SIZE})
def sklearn_elastic_net(
    A: Array, y: Array, penalty: float, ridge: float, *, tolerance: float = 1e-10
) -> tuple[Array, bool]:
    """scikit-learn's elastic net, coordinate descent; its claim is that the duality gap met the tolerance.

    Parameters
    ----------
    tolerance : float
        Of the duality gap.
    """
    from sklearn.linear_model import ElasticNet as Model

    total = penalty + ridge
    model = Model(
        alpha=total / len(y),
        l1_ratio=penalty / total,
        fit_intercept=False,
        tol=tolerance,
        max_iter=100_000,
        random_state=0,
    )
    return _fitted(model, A, y)


@solver("numpy-lstsq", kinds=["least-squares", "minimum-norm"], ranges={"cutoff": NATURAL})
def numpy_lstsq(A: Array, y: Array, *, cutoff: float | None = None) -> Array:
    """NumPy's lstsq, by singular values: the shortest minimiser of ‖Ax − y‖.

    Parameters
    ----------
    cutoff : float, optional
        Singular values below this part of the largest count as 0; by default machine precision times the size of A.
    """
    found: Any = np.linalg.lstsq(A, y, rcond=cutoff)[0]
    return np.asarray(found, dtype=np.float64)


def _path(A: Array, y: Array) -> Array:
    """Return the corners of the path of LASSO solutions, one a column, by scikit-learn's LARS."""
    from sklearn.linear_model import lars_path

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(lars_path(A, y, method="lasso")[2], dtype=np.float64)


@solver("lars-sqrt-lasso", kinds=["sqrt-lasso"], requires=(*_SKLEARN, "scipy.optimize"))
def lars_sqrt_lasso(A: Array, y: Array, penalty: float) -> Array:
    """Square-root LASSO from scikit-learn's LARS: where its objective is least on the path of LASSO solutions.

    The minimiser lies on that path: it is the LASSO's whose penalty is that of the square root times the residual.
    """
    from scipy.optimize import minimize_scalar

    def objective(x: Array) -> float:
        return float(np.linalg.norm(A @ x - y) + penalty * np.abs(x).sum())

    path = _path(A, y).T
    found = list(path)
    for first, last in itertools.pairwise(path):
        best = minimize_scalar(
            lambda t, a=first, b=last: objective(a + t * (b - a)), bounds=(0, 1), method="bounded"
        )
        found.append(first + best.x * (last - first))
    return np.asarray(min(found, key=objective), dtype=np.float64)


@solver("lars-denoising", kinds=["basis-pursuit-denoising"], requires=_SKLEARN)
def lars_denoising(A: Array, y: Array, noise: float) -> tuple[Array, bool]:
    """Basis pursuit with noise from scikit-learn's LARS: where its path of LASSO solutions meets ‖Ax − y‖₂ = noise.

    Its claim is that the path gets there.
    """
    path = _path(A, y)
    residuals = y[:, None] - A @ path
    below = np.flatnonzero(np.linalg.norm(residuals, axis=0) <= noise)
    if len(below) == 0 or below[0] == 0:
        return path[:, -1 if len(below) == 0 else 0], len(below) > 0
    first, last = path[:, below[0] - 1], path[:, below[0]]
    start, move = residuals[:, below[0] - 1], A @ (first - last)
    # ‖start + t·move‖ = noise: the lesser root of a quadratic equation in t.
    a, b, c = float(move @ move), float(start @ move), float(start @ start - noise**2)
    t = (-b - np.sqrt(max(b * b - a * c, 0.0))) / a
    return first + min(max(t, 0.0), 1.0) * (last - first), True


@solver("numpy-rank", kinds=["rank"])
def numpy_rank(A: Array) -> int:
    """NumPy's matrix_rank: the singular values above machine precision times the size of A."""
    return int(np.linalg.matrix_rank(A))
