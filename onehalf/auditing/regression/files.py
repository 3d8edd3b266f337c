"""Regressions from .npz (A, y) and from CSV with a column that is the response."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from onehalf.auditing.data import datum_of
from onehalf.auditing.datasets.files import AS_FLOATS, AS_WRITTEN, column_of, read_arrays, read_rows
from onehalf.auditing.regression.squares import Regression, regression_of
from oracle.errors import InvalidValue

_MATRIX, _PENALTY, _SIDES = "A", "penalty", ("y", "b")


def is_regression(path: Path) -> bool:
    """Tell whether an .npz holds A."""
    return path.suffix.lower() == ".npz" and _MATRIX in read_arrays(path)


def read_regression(path: Path, response: str | None = None, drop: Sequence[str] = ()) -> Regression:
    """Return the regression of an .npz with A (m, n) and y (m,), or of a CSV.

    Parameters
    ----------
    response : str, optional
        Of a CSV, the column of y; all others are columns of A.
    drop : sequence of str
        Columns that are left out.

    Raises
    ------
    InvalidValue
        If the file is malformed, or asks for a penalty.
    """
    if path.suffix.lower() == ".csv":
        names, rows = read_rows(path)
        for name in (response, *drop):
            if name not in names:
                raise InvalidValue("column", name, "is no column", f"choose one of {', '.join(names)}")
        kept = [j for j, name in enumerate(names) if name != response and name not in drop]
        order = [*kept, names.index(str(response))]
        return regression_of(
            [column_of(rows, j, names[j]) for j in order], [names[j] for j in kept], AS_WRITTEN
        )
    arrays = read_arrays(path)
    side = next((name for name in _SIDES if name in arrays), None)
    if _MATRIX not in arrays or side is None:
        raise InvalidValue(
            "file", str(path), f"holds {', '.join(arrays) or 'nothing'}", "give A (m, n) and y (m,)"
        )
    if _PENALTY in arrays:
        raise InvalidValue(
            "penalty", "given", "belongs to LASSO, which is not audited", "leave it out for least squares"
        )
    return regression_of_arrays(arrays[_MATRIX], arrays[side])


def regression_of_arrays(matrix: Any, side: Any) -> Regression:
    """Return a regression from A (m, n) and y (m,), taken as the rationals that they are."""
    table, y = np.asarray(matrix), np.asarray(side).ravel()
    if table.ndim != 2 or len(table) != len(y):
        raise InvalidValue("A", table.shape, f"does not fit a response of {len(y)}", "A is (m, n), y (m,)")
    names = [f"x{j + 1}" for j in range(table.shape[1])]
    columns = [
        [datum_of(value, f"{name} of row {i}") for i, value in enumerate(column, start=1)]
        for name, column in zip([*names, "response"], [*table.T, y], strict=True)
    ]
    return regression_of(columns, names, AS_FLOATS)
