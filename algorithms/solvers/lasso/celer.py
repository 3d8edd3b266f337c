"""celer: working sets with dual extrapolation.

Epochs are fewer than its default of 50,000: where columns are nearly equal it uses all of them.
"""

from __future__ import annotations

from typing import Any

from algorithms.solvers.configuration import LASSO, Answered, Array, configured, heard


def _solve(A: Array, y: Array, penalty: float, *, tol: float, max_epochs: int) -> Answered:
    import celer

    def compute() -> tuple[Any, str]:
        return celer.Lasso(penalty / len(y), fit_intercept=False, tol=tol, max_epochs=max_epochs).fit(
            A, y
        ).coef_, ""

    return heard(compute)


CONFIGURATIONS = configured(
    LASSO,
    "celer",
    _solve,
    {"celer": {"tol": 1e-4, "max_epochs": 1000}, "celer-1e-10": {"tol": 1e-10, "max_epochs": 1000}},
)
