"""Solvers behind CVXPY."""

from __future__ import annotations

from functools import partial
from typing import Any

from algorithms.solvers.configuration import LP, Answered, Array, Configuration
from algorithms.solvers.conic import CONIC, behind_cvxpy


def _solve(c: Array, A: Array, b: Array, *, solver: str, options: dict[str, Any]) -> Answered:
    def state(cvxpy: Any, x: Any) -> Any:
        return cvxpy.Problem(cvxpy.Minimize(c @ x), [A @ x == b, x >= 0])

    return behind_cvxpy(state, len(c), solver, options)


CONFIGURATIONS = tuple(
    Configuration(
        f"cvxpy-{name}",
        LP,
        partial(_solve, solver=solver, options=options),
        ("cvxpy", module),
        ", ".join(f"{key}={value}" for key, value in options.items()),
    )
    for name, (module, solver, options) in CONIC.items()
)
