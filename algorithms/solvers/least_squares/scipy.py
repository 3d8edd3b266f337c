"""SciPy: LAPACK's drivers, pseudo-inverse, QR with pivoting, bounded and iterative least squares."""

from __future__ import annotations

from typing import Any

from algorithms.solvers.configuration import (
    LEAST_SQUARES,
    Answered,
    Array,
    answered,
    configured,
    heard,
    rank_words,
)


def _lapack(A: Array, y: Array, *, driver: Any) -> Answered:
    from scipy.linalg import lstsq

    def compute() -> tuple[Any, str]:
        x, _, rank, _ = lstsq(A, y, lapack_driver=driver)
        return x, rank_words(int(rank), A)

    return heard(compute)


def _pinv(A: Array, y: Array) -> Answered:
    from scipy.linalg import pinv

    return heard(lambda: (pinv(A) @ y, ""))


def _pivoted(A: Array, y: Array) -> Answered:
    import numpy as np
    from scipy.linalg import qr, solve_triangular

    def compute() -> tuple[Any, str]:
        q, r, order = qr(A, mode="economic", pivoting=True)
        x = np.empty(A.shape[1])
        x[order] = solve_triangular(r, q.T @ y)
        return x, ""

    return heard(compute)


def _bounded(A: Array, y: Array, *, method: Any) -> Answered:
    from scipy.optimize import lsq_linear

    found = lsq_linear(A, y, method=method)
    return answered(found.x, found.success, found.message)


_STOPPED = {
    0: "x = 0 solves it",
    1: "solves Ax = y to the tolerances",
    2: "solves least squares to the tolerances",
    4: "solves Ax = y to machine precision",
    5: "solves least squares to machine precision",
}


def _iterative(A: Array, y: Array, *, method: str, tol: float, steps: int | None = None) -> Answered:
    import scipy.sparse.linalg

    found: Any
    if method == "lsmr":
        found = scipy.sparse.linalg.lsmr(A, y, atol=tol, btol=tol, maxiter=steps)
    else:
        found = scipy.sparse.linalg.lsqr(A, y, atol=tol, btol=tol, iter_lim=steps)
    stop = int(found[1])
    return answered(
        found[0], stop in _STOPPED, f"istop={stop}: {_STOPPED.get(stop, 'another limit was met')}"
    )


CONFIGURATIONS = (
    *configured(
        LEAST_SQUARES,
        "scipy",
        _lapack,
        {f"scipy-{name}": {"driver": name} for name in ("gelsd", "gelsy", "gelss")},
    ),
    *configured(LEAST_SQUARES, "scipy", _pinv, {"scipy-pinv": {}}),
    *configured(LEAST_SQUARES, "scipy", _pivoted, {"scipy-qr-pivoting": {}}),
    *configured(
        LEAST_SQUARES,
        "scipy",
        _bounded,
        {f"scipy-lsq-linear-{name}": {"method": name} for name in ("trf", "bvls")},
    ),
    *configured(
        LEAST_SQUARES,
        "scipy",
        _iterative,
        {
            "scipy-lsmr": {"method": "lsmr", "tol": 1e-6},
            "scipy-lsmr-1e-15": {"method": "lsmr", "tol": 1e-15, "steps": 1000},
            "scipy-lsqr": {"method": "lsqr", "tol": 1e-6},
        },
    ),
)
