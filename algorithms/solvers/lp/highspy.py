"""HiGHS by its own interface."""

from __future__ import annotations

from typing import Any

import numpy as np

from algorithms.solvers.configuration import LP, Answered, Array, answered, configured


def _solve(c: Array, A: Array, b: Array, **options: Any) -> Answered:
    import highspy

    rows, columns = A.shape
    program: Any = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns, rows
    program.col_cost_ = c
    program.col_lower_, program.col_upper_ = np.zeros(columns), np.full(columns, highspy.kHighsInf)
    program.row_lower_ = program.row_upper_ = b
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.arange(rows + 1) * columns
    program.a_matrix_.index_ = np.tile(np.arange(columns), rows)
    program.a_matrix_.value_ = A.reshape(-1)
    make: Any = highspy.Highs
    solver = make()
    solver.setOptionValue("output_flag", False)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(program)
    solver.run()
    status = solver.getModelStatus()
    values = solver.getSolution().col_value
    found = list(values) if len(values) == columns and solver.getInfo().primal_solution_status else None
    return answered(found, status == highspy.HighsModelStatus.kOptimal, solver.modelStatusToString(status))


CONFIGURATIONS = configured(
    LP,
    "highspy",
    _solve,
    {
        "highspy": {},
        "highspy-presolve-off": {"presolve": "off"},
        "highspy-1e-10": {
            "presolve": "off",
            "primal_feasibility_tolerance": 1e-10,
            "dual_feasibility_tolerance": 1e-10,
        },
        "highspy-primal": {"presolve": "off", "simplex_strategy": 4},
        "highspy-ipm": {"presolve": "off", "solver": "ipm"},
        "highspy-ipm-no-crossover": {"presolve": "off", "solver": "ipm", "run_crossover": "off"},
        "highspy-pdlp": {"presolve": "off", "solver": "pdlp"},
    },
)
