"""SciPy's HiGHS."""

from __future__ import annotations

from typing import Any

from algorithms.solvers.configuration import LP, Answered, Array, answered, configured


def _solve(c: Array, A: Array, b: Array, *, method: Any) -> Answered:
    from scipy.optimize import linprog

    found: Any = linprog(c, A_eq=A, b_eq=b, method=method)
    return answered(found.x, found.status == 0, found.message)


CONFIGURATIONS = configured(
    LP,
    "scipy",
    _solve,
    {
        "scipy-highs-ds": {"method": "highs-ds"},
        "scipy-highs-ipm": {"method": "highs-ipm"},
    },
)
