"""Linear programs from files (MPS by its text, LP format by HiGHS) and from arrays."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from onehalf.auditing.data import Datum, datum_of, read_decimal
from onehalf.auditing.programs.highs import highs
from onehalf.auditing.programs.model import STRUCTURAL, Shown, shown_program
from onehalf.auditing.programs.mps import read_mps
from oracle.errors import InvalidValue

_INFINITE = 1e20
_SHORTEST = (
    "The numbers are the shortest decimals of what HiGHS read as float64; a trailing zero does not count."
)


def read_program(path: Path) -> Shown:
    """Return the program of an .mps or .lp file.

    Raises
    ------
    InvalidValue
        If it is malformed, or has integer variables.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    if not text.strip():
        raise InvalidValue("file", str(path), "is empty", "give a whole program")
    return read_mps(path, text) if path.suffix.lower() == ".mps" else _read_lp(path)


def _read_lp(path: Path) -> Shown:
    import highspy

    solver = highs()
    status = solver.readModel(str(path))
    model = solver.getLp()
    if status != highspy.HighsStatus.kOk or not model.num_col_ or not model.num_row_:
        raise InvalidValue(
            "file", str(path), "is no linear program that HiGHS reads without a warning", "correct it"
        )
    if any(kind != highspy.HighsVarType.kContinuous for kind in model.integrality_):
        raise InvalidValue("file", str(path), "has integer variables", "audit its relaxation")
    columns, rows = list(model.col_names_), list(model.row_names_)
    for names in (columns, rows):
        twice = [name for at, name in enumerate(names) if name in names[:at]]
        if twice:
            raise InvalidValue("file", str(path), f"holds the name {twice[0]!r} twice", "rename one of them")

    def limit(value: float, name: str) -> Datum | None:
        if abs(value) >= _INFINITE:
            return None
        return STRUCTURAL if value == 0 else _shortest(value, name)

    def limits(name: str, low: float, high: float) -> tuple[str, Datum | None, Datum | None]:
        bar = limit(low, name)
        return name, bar, bar if low == high else limit(high, name)

    starts, matrix = list(model.a_matrix_.start_), model.a_matrix_
    entries = {
        (int(matrix.index_[k]), j): _shortest(matrix.value_[k], columns[j])
        for j in range(len(columns))
        for k in range(starts[j], starts[j + 1])
    }
    return shown_program(
        {j: _shortest(c, columns[j]) for j, c in enumerate(model.col_cost_) if c},
        entries,
        [
            limits(name, low, high)
            for name, low, high in zip(rows, model.row_lower_, model.row_upper_, strict=True)
        ],
        [
            limits(name, low, high)
            for name, low, high in zip(columns, model.col_lower_, model.col_upper_, strict=True)
        ],
        "COST",
        -1 if model.sense_ == highspy.ObjSense.kMaximize else 1,
        _shortest(model.offset_, "offset") if model.offset_ else STRUCTURAL,
        _SHORTEST,
    )


def _shortest(value: float, name: str) -> Datum:
    if not math.isfinite(value):
        return datum_of(value, name)
    return read_decimal(repr(float(value)), name)


def program_of_arrays(matrix: Any, right: Any, cost: Any) -> Shown:
    """Return min c·x subject to Ax = b, x ≥ 0 from arrays of numbers (floats are taken as the rationals they are)."""
    table = [list(row) for row in matrix]
    b, c = list(right), list(cost)
    if not table or len(b) != len(table) or any(len(row) != len(c) for row in table):
        raise InvalidValue("A", (len(table), len(c)), "does not fit b and c", "A is (m, n), b (m,), c (n,)")
    entries = {
        (i, j): datum
        for i, row in enumerate(table)
        for j, value in enumerate(row)
        if (datum := datum_of(value, f"A[{i},{j}]")).value
    }
    sides = [datum_of(value, f"b[{i}]") for i, value in enumerate(b)]
    return shown_program(
        {j: datum_of(value, f"c[{j}]") for j, value in enumerate(c)},
        entries,
        [(f"row{i + 1}", side, side) for i, side in enumerate(sides)],
        [(f"x{j + 1}", STRUCTURAL, None) for j in range(len(c))],
        "COST",
        reading="The numbers are float64s, taken as the rationals that they are.",
    )
