"""OR-tools: GLOP and PDLP."""

from __future__ import annotations

from typing import Any

from algorithms.solvers.configuration import LP, Answered, Array, answered, configured

_STATUS = ("optimal", "feasible", "infeasible", "unbounded", "abnormal", "model invalid", "not solved")


def _solve(c: Array, A: Array, b: Array, *, solver: str, parameters: str = "") -> Answered:
    from ortools.linear_solver import pywraplp

    model: Any = pywraplp.Solver.CreateSolver(solver)
    if parameters and not model.SetSolverSpecificParametersAsString(parameters):
        return answered(None, False, f"parameters {parameters} are refused")
    xs = [model.NumVar(0.0, model.infinity(), "") for _ in c]
    for row, side in zip(A, b, strict=True):
        constraint = model.Constraint(float(side), float(side))
        for x, a in zip(xs, row, strict=True):
            constraint.SetCoefficient(x, float(a))
    for x, value in zip(xs, c, strict=True):
        model.Objective().SetCoefficient(x, float(value))
    model.Objective().SetMinimization()
    code = model.Solve()
    x = [v.solution_value() for v in xs] if code in (0, 1) else None
    return answered(x, code == 0, _STATUS[code] if code < len(_STATUS) else f"status {code}")


CONFIGURATIONS = configured(
    LP,
    "ortools",
    _solve,
    {
        "ortools-glop": {"solver": "GLOP"},
        "ortools-glop-1e-10": {
            "solver": "GLOP",
            "parameters": "dual_feasibility_tolerance: 1e-10 primal_feasibility_tolerance: 1e-10 "
            "use_preprocessing: false",
        },
        "ortools-pdlp": {"solver": "PDLP"},
    },
)
