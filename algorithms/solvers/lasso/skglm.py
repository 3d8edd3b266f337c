"""skglm: working sets with Anderson acceleration; its first call compiles for some seconds.

Epochs are fewer than its default of 50,000: where columns are nearly equal it uses all of them.
"""

from __future__ import annotations

from typing import Any

from algorithms.solvers.configuration import LASSO, Answered, Array, configured, heard


def _solve(A: Array, y: Array, penalty: float, *, tol: float, max_epochs: int) -> Answered:
    import skglm

    def compute() -> tuple[Any, str]:
        return skglm.Lasso(penalty / len(y), fit_intercept=False, tol=tol, max_epochs=max_epochs).fit(
            A, y
        ).coef_, ""

    return heard(compute)


CONFIGURATIONS = configured(
    LASSO,
    "skglm",
    _solve,
    {"skglm": {"tol": 1e-4, "max_epochs": 100}, "skglm-1e-10": {"tol": 1e-10, "max_epochs": 100}},
)
