"""statsmodels: regularised least squares by coordinate descent."""

from __future__ import annotations

from typing import Any

from algorithms.solvers.configuration import LASSO, Answered, Array, configured, heard


def _solve(A: Array, y: Array, penalty: float) -> Answered:
    from statsmodels.api import OLS

    def compute() -> tuple[Any, str]:
        return OLS(y, A).fit_regularized("elastic_net", alpha=penalty / len(y), L1_wt=1.0).params, ""

    return heard(compute)


CONFIGURATIONS = configured(LASSO, "statsmodels", _solve, {"statsmodels-lasso": {}})
