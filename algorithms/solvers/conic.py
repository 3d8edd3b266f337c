"""Solvers behind CVXPY, for problems of any kind."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from algorithms.solvers.configuration import Answered, answered

CONIC: dict[str, tuple[str, str, dict[str, Any]]] = {
    "clarabel": ("clarabel", "CLARABEL", {}),
    "scs": ("scs", "SCS", {}),
    "scs-1e-10": ("scs", "SCS", {"eps_abs": 1e-10, "eps_rel": 1e-10, "max_iters": 20000}),
    "osqp": ("osqp", "OSQP", {}),
    "osqp-1e-10": ("osqp", "OSQP", {"eps_abs": 1e-10, "eps_rel": 1e-10, "max_iter": 20000}),
    "ecos": ("ecos", "ECOS", {}),
    "piqp": ("piqp", "PIQP", {}),
    "proxqp": ("proxsuite", "PROXQP", {}),
    "daqp": ("daqp", "DAQP", {}),
}
"""By the end of a configuration's name: the module, CVXPY's name for it, and the options."""


def behind_cvxpy(
    state: Callable[[Any, Any], Any], size: int, solver: str, options: dict[str, Any]
) -> Answered:
    """Solve a problem with a solver behind CVXPY; its claim is CVXPY's status "optimal".

    Parameters
    ----------
    state : callable
        ``state(cvxpy, x)`` returns the problem in the variable x.
    size : int
        Length of x.
    solver : str
        CVXPY's name for the solver.
    options : dict
        As CVXPY hands them on.
    """
    import cvxpy

    x = cvxpy.Variable(size)
    problem = state(cvxpy, x)
    with warnings.catch_warnings():
        # What CVXPY warns of stands in its status as well.
        warnings.simplefilter("ignore")
        try:
            problem.solve(solver=solver, **options)
        except cvxpy.error.SolverError as error:
            return answered(None, False, error)
    return answered(x.value, problem.status == cvxpy.OPTIMAL, problem.status)
