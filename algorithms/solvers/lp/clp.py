"""CLP by CyLP."""

from __future__ import annotations

from typing import Any

import numpy as np

from algorithms.solvers.configuration import LP, Answered, Array, answered, configured


def _solve(c: Array, A: Array, b: Array, *, method: str) -> Answered:
    from cylp.cy import CyClpSimplex
    from cylp.py.modeling.CyLPModel import CyLPArray

    solver: Any = CyClpSimplex()
    solver.logLevel = 0
    x = solver.addVariable("x", len(c))
    solver += np.asmatrix(A) * x == CyLPArray(b)
    solver += x >= 0
    solver.objective = CyLPArray(c) * x
    status = getattr(solver, method)()
    return answered(np.array(solver.primalVariableSolution["x"]), status == "optimal", status)


CONFIGURATIONS = configured(
    LP,
    "cylp",
    _solve,
    {"clp-primal": {"method": "primal"}, "clp-dual": {"method": "dual"}},
)
