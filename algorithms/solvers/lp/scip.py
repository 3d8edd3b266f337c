"""SCIP by PySCIPOpt."""

from __future__ import annotations

from typing import Any

from algorithms.solvers.configuration import LP, Answered, Array, answered, configured


def _solve(c: Array, A: Array, b: Array, **options: Any) -> Answered:
    import pyscipopt

    model: Any = pyscipopt.Model()
    model.hideOutput()
    for name, value in options.items():
        model.setParam(name.replace("__", "/"), value)
    xs = [model.addVar(lb=0.0, ub=None, obj=float(value)) for value in c]
    for row, side in zip(A, b, strict=True):
        model.addCons(pyscipopt.quicksum(float(a) * x for a, x in zip(row, xs, strict=True)) == float(side))
    model.optimize()
    status = model.getStatus()
    values = [model.getVal(x) for x in xs] if model.getNSols() else None
    return answered(values, status == "optimal", status)


CONFIGURATIONS = configured(
    LP,
    "pyscipopt",
    _solve,
    {
        "scip": {},
        "scip-1e-10": {
            "numerics__feastol": 1e-10,
            "numerics__dualfeastol": 1e-10,
            "numerics__epsilon": 1e-12,
        },
    },
)
