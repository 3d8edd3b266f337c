"""HiGHS: files in, and a basis that is nearly always optimal. Everything it says is proved afterwards."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from onehalf.auditing.programs.model import ExactProgram
from onehalf.auditing.programs.vertex import Basis
from oracle.errors import InvalidValue


def highs(**options: Any) -> Any:
    """Return a silent HiGHS.

    Raises
    ------
    InvalidValue
        If highspy is not installed.
    """
    try:
        import highspy
    except ImportError as error:
        raise InvalidValue("package", "highspy", "is not installed", "pip install highspy") from error
    made: Any = highspy.Highs
    solver = made()
    for name, value in ({"output_flag": False, "threads": 1, "random_seed": 0} | options).items():
        solver.setOptionValue(name, value)
    return solver


def float_basis(program: ExactProgram, start: Basis | None = None) -> Basis:
    """Return the basis in which HiGHS ends, of whichever status; the one of all rows if it has none.

    Parameters
    ----------
    start : Basis, optional
        Where it begins.
    """
    import highspy

    n, m = len(program.cost), len(program.row_low)
    solver = highs(presolve="off", primal_feasibility_tolerance=1e-9, dual_feasibility_tolerance=1e-9)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = n, m
    model.col_cost_ = np.array([float(c) for c in program.cost])
    model.col_lower_, model.col_upper_ = _floats(program.low, -1), _floats(program.high, 1)
    model.row_lower_, model.row_upper_ = _floats(program.row_low, -1), _floats(program.row_high, 1)
    columns = [sorted(column.items()) for column in program.columns]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.cumsum([0, *map(len, columns)]).astype(np.int32)
    model.a_matrix_.index_ = np.array([i for column in columns for i, _ in column], dtype=np.int32)
    model.a_matrix_.value_ = np.array([float(a) for column in columns for _, a in column])
    solver.passModel(model)
    kind = highspy.HighsBasisStatus
    if start is not None:
        kinds = {"l": kind.kLower, "u": kind.kUpper, "f": kind.kZero}
        given: Any = highspy.HighsBasis()
        begun = [kinds[start.states[k]] if k in start.states else kind.kBasic for k in range(n + m)]
        given.col_status, given.row_status, given.valid = begun[:n], begun[n:], True
        solver.setBasis(given)
    solver.run()
    found = solver.getBasis()
    statuses = [*found.col_status, *found.row_status] if found.valid else []
    if len(statuses) != n + m or sum(s == kind.kBasic for s in statuses) != m:
        return slack_basis(program)
    basic = [index for index, s in enumerate(statuses) if s == kind.kBasic]
    upper = {index for index, s in enumerate(statuses) if s == kind.kUpper}
    chosen = set(basic)
    return Basis(
        tuple(basic),
        {index: _state(program, index, index in upper) for index in range(n + m) if index not in chosen},
    )


def slack_basis(program: ExactProgram) -> Basis:
    """Return the basis of all rows' activities."""
    n, m = len(program.cost), len(program.row_low)
    return Basis(tuple(range(n, n + m)), {j: _state(program, j, False) for j in range(n)})


def _state(program: ExactProgram, index: int, upper: bool) -> str:
    low, high = program.limits(index)
    if low is None and high is None:
        return "f"
    return "u" if (upper and high is not None) or low is None else "l"


def _floats(values: Any, sign: int) -> Any:
    return np.array([sign * math.inf if x is None else float(x) for x in values])
