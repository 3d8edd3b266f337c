"""Regressions from .npz (A, y, and penalties), CSV, Parquet and tables in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from onehalf.auditing.data import Datum, datum_of
from onehalf.auditing.datasets.files import (
    AS_FLOATS,
    AS_WRITTEN,
    column_of,
    frame_columns,
    read_arrays,
    read_parquet,
    read_rows,
)
from onehalf.auditing.regression.penalty_audit import PENALTY, RIDGE, Chosen
from onehalf.auditing.regression.squares import Regression, regression_of
from oracle.errors import InvalidValue

_MATRIX, _SIDES = "A", ("y", "b")


def is_regression(path: Path) -> bool:
    """Tell whether an .npz holds A."""
    return path.suffix.lower() == ".npz" and _MATRIX in read_arrays(path)


def read_regression(
    path: Path,
    response: str | None = None,
    drop: Sequence[str] = (),
    penalty: Any = None,
    ridge: Any = None,
) -> Regression | Chosen:
    """Return the regression of an .npz with A (m, n) and y (m,), and `penalty` and `ridge` if wanted, or of a table.

    Parameters
    ----------
    response : str, optional
        Of a table, the column of y; all others are columns of A.
    drop : sequence of str
        Columns that are left out.
    penalty, ridge : numbers, optional
        Those of a LASSO or an elastic net; else those that an .npz holds.

    Raises
    ------
    InvalidValue
        If the file is malformed.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        names, rows = read_rows(path)
        order = _order(names, response, drop)
        columns = [column_of(rows, j, names[j]) for j in order]
        return _of(columns, [names[j] for j in order[:-1]], AS_WRITTEN, penalty, ridge)
    if suffix == ".parquet":
        return regression_of_frame(read_parquet(path), response, drop, penalty, ridge)
    arrays = read_arrays(path)
    side = next((name for name in _SIDES if name in arrays), None)
    if _MATRIX not in arrays or side is None:
        raise InvalidValue(
            "file", str(path), f"holds {', '.join(arrays) or 'nothing'}", "give A (m, n) and y (m,)"
        )
    for name, value in ((PENALTY, penalty), (RIDGE, ridge)):
        if name in arrays and arrays[name].size != 1:
            raise InvalidValue(name, arrays[name].shape, "must be one number", "give one for all columns")
        if name in arrays and value is not None:
            raise InvalidValue(name, value, f"stands in {path.name}, too", "give it once")
    given = {name: arrays[name].item() for name in (PENALTY, RIDGE) if name in arrays}
    return regression_of_arrays(
        arrays[_MATRIX], arrays[side], given.get(PENALTY, penalty), given.get(RIDGE, ridge)
    )


def regression_of_frame(
    frame: Any, response: str | None, drop: Sequence[str] = (), penalty: Any = None, ridge: Any = None
) -> Regression | Chosen:
    """Return the regression of a pandas DataFrame."""
    names = [str(name) for name in frame.columns]
    order = _order(names, response, drop)
    return _of(frame_columns(frame, names, order), [names[j] for j in order[:-1]], AS_FLOATS, penalty, ridge)


def regression_of_arrays(
    matrix: Any, side: Any, penalty: Any = None, ridge: Any = None
) -> Regression | Chosen:
    """Return a regression from A (m, n) and y (m,), taken as the rationals that they are."""
    table, y = np.asarray(matrix), np.asarray(side).ravel()
    if table.ndim != 2 or len(table) != len(y):
        raise InvalidValue("A", table.shape, f"does not fit a response of {len(y)}", "A is (m, n), y (m,)")
    names = [f"x{j + 1}" for j in range(table.shape[1])]
    columns = [
        [datum_of(value, f"{name} of row {i}") for i, value in enumerate(column, start=1)]
        for name, column in zip([*names, "response"], [*table.T, y], strict=True)
    ]
    return _of(columns, names, AS_FLOATS, penalty, ridge)


def _order(names: Sequence[str], response: str | None, drop: Sequence[str]) -> list[int]:
    """Return the places of the columns of A, and that of y."""
    for name in (response, *drop):
        if name not in names:
            raise InvalidValue("column", name, "is no column", f"choose one of {', '.join(names)}")
    kept = [j for j, name in enumerate(names) if name != response and name not in drop]
    return [*kept, list(names).index(str(response))]


def _of(
    columns: Sequence[Sequence[Datum]], names: Sequence[str], reading: str, penalty: Any, ridge: Any
) -> Regression | Chosen:
    """Return least squares, or with a penalty a LASSO, and with a ridge as well an elastic net."""
    if penalty is None:
        if ridge is not None:
            raise InvalidValue(RIDGE, ridge, "stands without a penalty", "give a penalty as well")
        return regression_of(columns, names, reading)
    found = [None if value is None else _positive(name, value) for name, value in _named(penalty, ridge)]
    assert found[0] is not None
    return Chosen(regression_of(columns, names, reading, wide=True), found[0], found[1])


def _named(penalty: Any, ridge: Any) -> tuple[tuple[str, Any], ...]:
    return ((PENALTY, penalty), (RIDGE, ridge))


def _positive(name: str, value: Any) -> Datum:
    found = datum_of(value, name)
    if found.value <= 0:
        raise InvalidValue(name, value, "must be positive", "take a positive number, or leave it out")
    return found
