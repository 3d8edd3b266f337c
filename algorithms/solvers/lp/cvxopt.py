"""CVXOPT's own interior-point method."""

from __future__ import annotations

from typing import Any

import numpy as np

from algorithms.solvers.configuration import LP, Answered, Array, answered, configured


def _solve(c: Array, A: Array, b: Array, **options: Any) -> Answered:
    import cvxopt

    size = len(c)
    given = [cvxopt.matrix(part) for part in (c, -np.eye(size), np.zeros(size), A, b)]
    try:
        found: Any = cvxopt.solvers.lp(*given, options={"show_progress": False, **options})
    except (ValueError, ArithmeticError) as error:
        return answered(None, False, f"{type(error).__name__}: {error}")
    return answered(found["x"], found["status"] == "optimal", found["status"])


CONFIGURATIONS = configured(
    LP,
    "cvxopt",
    _solve,
    {
        "cvxopt": {},
        "cvxopt-1e-10": {"abstol": 1e-10, "reltol": 1e-10, "feastol": 1e-10},
    },
)
