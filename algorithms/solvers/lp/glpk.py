"""GLPK: simplex, interior point, simplex in rational arithmetic.

The last of these replaces each number by a short fraction within 1e-9 of it before it begins (`set_d_eps` in its
source): it is exact about other numbers than those that it was given.
"""

from __future__ import annotations

from typing import Any

from algorithms.solvers.configuration import LP, Answered, Array, answered, configured


def _solve(c: Array, A: Array, b: Array, *, method: str) -> Answered:
    import swiglpk as glpk

    rows, columns = A.shape
    glpk.glp_term_out(glpk.GLP_OFF)
    program = glpk.glp_create_prob()
    try:
        glpk.glp_set_obj_dir(program, glpk.GLP_MIN)
        glpk.glp_add_rows(program, rows)
        glpk.glp_add_cols(program, columns)
        for j in range(columns):
            glpk.glp_set_obj_coef(program, j + 1, float(c[j]))
            glpk.glp_set_col_bnds(program, j + 1, glpk.GLP_LO, 0.0, 0.0)
        for i in range(rows):
            glpk.glp_set_row_bnds(program, i + 1, glpk.GLP_FX, float(b[i]), float(b[i]))
            places, values = glpk.intArray(columns + 1), glpk.doubleArray(columns + 1)
            used = [j for j in range(columns) if A[i, j] != 0]
            for k, j in enumerate(used):
                places[k + 1], values[k + 1] = j + 1, float(A[i, j])
            glpk.glp_set_mat_row(program, i + 1, len(used), places, values)
        return _run(glpk, program, columns, method)
    finally:
        glpk.glp_delete_prob(program)


def _run(glpk: Any, program: Any, columns: int, method: str) -> Answered:
    if method == "glp_interior":
        code, status, value = (
            glpk.glp_interior(program, None),
            glpk.glp_ipt_status(program),
            glpk.glp_ipt_col_prim,
        )
    else:
        solve = getattr(glpk, method)
        code, status, value = solve(program, None), glpk.glp_get_status(program), glpk.glp_get_col_prim
    optimal = code == 0 and status == glpk.GLP_OPT
    x = [value(program, j + 1) for j in range(columns)] if status in (glpk.GLP_OPT, glpk.GLP_FEAS) else None
    return answered(x, optimal, "optimal" if optimal else f"return code {code}, status {status}")


CONFIGURATIONS = configured(
    LP,
    "swiglpk",
    _solve,
    {
        "glpk-simplex": {"method": "glp_simplex"},
        "glpk-interior": {"method": "glp_interior"},
        "glpk-exact": {"method": "glp_exact"},
    },
)
