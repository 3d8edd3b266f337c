"""scikit-learn: LinearRegression, which drops small singular values without a warning, and ridge regression."""

from __future__ import annotations

from typing import Any

from algorithms.solvers.configuration import LEAST_SQUARES, Answered, Array, configured, heard


def _linear(A: Array, y: Array, **options: Any) -> Answered:
    from sklearn.linear_model import LinearRegression

    return heard(lambda: (LinearRegression(fit_intercept=False, **options).fit(A, y).coef_, ""))


def _ridge(A: Array, y: Array, *, alpha: float, solver: Any) -> Answered:
    from sklearn.linear_model import Ridge

    return heard(lambda: (Ridge(alpha, fit_intercept=False, solver=solver).fit(A, y).coef_, ""))


CONFIGURATIONS = (
    *configured(
        LEAST_SQUARES,
        "sklearn",
        _linear,
        {"sklearn-linear-regression": {}, "sklearn-linear-regression-1e-15": {"tol": 1e-15}},
    ),
    *configured(
        LEAST_SQUARES,
        "sklearn",
        _ridge,
        {
            "sklearn-ridge-cholesky": {"alpha": 1e-10, "solver": "cholesky"},
            "sklearn-ridge-svd": {"alpha": 1e-10, "solver": "svd"},
        },
    ),
)
