"""Solvers behind CVXPY."""

from __future__ import annotations

from functools import partial
from typing import Any

from algorithms.solvers.configuration import LASSO, Answered, Array, Configuration
from algorithms.solvers.conic import CONIC, behind_cvxpy


def _solve(A: Array, y: Array, penalty: float, *, solver: str, options: dict[str, Any]) -> Answered:
    def state(cvxpy: Any, x: Any) -> Any:
        fit = cvxpy.sum_squares(A @ x - y) / 2
        return cvxpy.Problem(cvxpy.Minimize(fit + penalty * cvxpy.norm1(x)))

    return behind_cvxpy(state, A.shape[1], solver, options)


CONFIGURATIONS = tuple(
    Configuration(
        f"cvxpy-{name}-lasso",
        LASSO,
        partial(_solve, solver=solver, options=options),
        ("cvxpy", module),
        ", ".join(f"{key}={value}" for key, value in options.items()),
    )
    for name, (module, solver, options) in CONIC.items()
)
