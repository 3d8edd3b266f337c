"""Training sets from CSV, .npz, Parquet, and tables in memory."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from onehalf.auditing.data import Datum, datum_of, read_decimal
from onehalf.auditing.datasets.labelled import Labelled, labelled
from onehalf.auditing.radii import read_radius
from oracle.errors import InvalidValue

_LABELS = ("label", "labels", "class", "target", "species", "y")
_FEATURES, _TARGETS, _RADIUS = "X", ("y", "labels", "label", "target"), "radius"
AS_WRITTEN = "The decimals were taken as written in the file."
AS_FLOATS = "The numbers are floats, taken as the rationals that they are."


def read_dataset(path: Path, label: str | None, drop: Sequence[str]) -> Labelled:
    """Return the training set of a .csv, .npz or .parquet file.

    Parameters
    ----------
    label : str, optional
        The column of the labels; by default one that is called so, else the last one.
    drop : sequence of str
        Columns that are no features, such as a running number.

    Raises
    ------
    InvalidValue
        If the file is malformed.
    """
    suffix = path.suffix.lower()
    if suffix == ".npz":
        return _read_npz(path, drop)
    if suffix == ".parquet":
        return dataset_of_frame(read_parquet(path), label, drop)
    return _read_csv(path, label, drop)


def read_rows(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns of a CSV, made up where it has no head, and its rows.

    Raises
    ------
    InvalidValue
        If it is empty, or its rows are of different lengths.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        rows = [row for row in csv.reader(io.StringIO(text), strict=True) if any(c.strip() for c in row)]
    except csv.Error as error:
        raise InvalidValue("file", str(path), f"is no CSV: {error}", "correct it") from error
    if not rows:
        raise InvalidValue("file", str(path), "is empty", "give a table with a row for each point")
    width = len(rows[0])
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            rule = f"row {number} has {len(row)} cells, the first has {width}"
            raise InvalidValue("file", str(path), rule, "give every row the same number of cells")
    if any(_is_number(cell) for cell in rows[0]):
        return [f"x{j + 1}" for j in range(width)], rows
    return [cell.strip() for cell in rows[0]], rows[1:]


def column_of(rows: Sequence[Sequence[str]], at: int, name: str) -> list[Datum]:
    """Return a column of decimals as written."""
    return [read_decimal(row[at].strip(), f"{name} of row {i}") for i, row in enumerate(rows, start=1)]


def _read_csv(path: Path, label: str | None, drop: Sequence[str]) -> Labelled:
    names, rows = read_rows(path)
    at = _label_column(names, label)
    kept = _kept(names, at, drop)
    columns = [column_of(rows, j, names[j]) for j in kept]
    return labelled(columns, [row[at].strip() for row in rows], [names[j] for j in kept], AS_WRITTEN)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _label_column(names: Sequence[str], label: str | None) -> int:
    if label is not None:
        if label not in names:
            raise InvalidValue("label", label, "is no column", f"choose one of {', '.join(names)}")
        return list(names).index(label)
    known = [j for j, name in enumerate(names) if name.lower() in _LABELS]
    return known[0] if len(known) == 1 else len(names) - 1


def _kept(names: Sequence[str], at: int, drop: Sequence[str]) -> list[int]:
    for name in drop:
        if name not in names:
            raise InvalidValue("drop", name, "is no column", f"choose one of {', '.join(names)}")
    return [j for j, name in enumerate(names) if j != at and name not in drop]


def _read_npz(path: Path, drop: Sequence[str]) -> Labelled:
    arrays = read_arrays(path)
    target = next((name for name in _TARGETS if name in arrays), None)
    if _FEATURES not in arrays or target is None:
        held = ", ".join(arrays) or "nothing"
        raise InvalidValue(
            "file",
            str(path),
            f"holds {held}",
            "a training set has X (r, d) and y (r,), and radius (d,) if known",
        )
    names = arrays.get("features")
    return dataset_of_arrays(
        arrays[_FEATURES],
        arrays[target],
        arrays.get(_RADIUS),
        None if names is None else [str(name) for name in names.ravel()],
        drop,
    )


def read_arrays(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays of an .npz file.

    Raises
    ------
    InvalidValue
        If it is none, or holds objects, which would be code.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, AttributeError) as error:
        raise InvalidValue(
            "file", str(path), f"is no .npz of plain arrays: {error}", "write it with numpy.savez"
        ) from error


def dataset_of_arrays(
    points: Any, labels: Any, radius: Any = None, names: Sequence[str] | None = None, drop: Sequence[str] = ()
) -> Labelled:
    """Return a training set from X (r, d) and labels (r,), taken as the rationals that they are."""
    table, marks = np.asarray(points), np.asarray(labels).ravel()
    table = table.reshape(len(table), -1) if table.ndim != 1 else table.reshape(-1, 1)
    if len(table) != len(marks):
        raise InvalidValue(
            "labels", len(marks), f"must be one for each of {len(table)} points", "give as many"
        )
    features = list(names) if names is not None else [f"x{j + 1}" for j in range(table.shape[1])]
    if len(features) != table.shape[1]:
        raise InvalidValue(
            "features", len(features), f"must name {table.shape[1]} columns", "name each of them"
        )
    kept = _kept([*features, ""], len(features), drop)
    widths = None
    if radius is not None:
        given = (
            np.broadcast_to(np.asarray(radius).ravel(), (len(features),))
            if np.size(radius) in (1, len(features))
            else None
        )
        if given is None:
            raise InvalidValue(
                "radius", np.size(radius), "must be one for each feature", f"give {len(features)}"
            )
        widths = [read_radius(given[j].item(), f"radius of {features[j]}") for j in kept]
    columns = [
        [datum_of(value, f"{features[j]} of point {i}") for i, value in enumerate(table[:, j], start=1)]
        for j in kept
    ]
    reading = AS_FLOATS if table.dtype.kind == "f" else "The numbers were taken as they are."
    return labelled(columns, [_label(mark) for mark in marks], [features[j] for j in kept], reading, widths)


def _label(mark: Any) -> Any:
    """Return a label; 1.0 and 1 are one class."""
    value = mark.item() if isinstance(mark, np.generic) else mark
    if isinstance(value, float):
        if value != value:
            raise InvalidValue("label", value, "is NaN", "give every point a label, or remove it")
        return int(value) if value.is_integer() else value
    return value


def read_parquet(path: Path) -> Any:
    """Return the DataFrame of a Parquet file.

    Raises
    ------
    InvalidValue
        If it is none, or pyarrow is not installed.
    """
    import pandas as pd

    try:
        return pd.read_parquet(path)
    except ImportError as error:
        raise InvalidValue(
            "file", str(path), "needs pyarrow to be read", "pip install pyarrow, or give CSV"
        ) from error
    except Exception as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise InvalidValue(
            "file", str(path), f"is no Parquet that can be read: {first}", "correct it"
        ) from error


def dataset_of_frame(frame: Any, label: str | None = None, drop: Sequence[str] = ()) -> Labelled:
    """Return a training set from a pandas DataFrame."""
    names = [str(name) for name in frame.columns]
    if not names:
        raise InvalidValue("data", frame.shape, "has no columns", "give features and a label")
    at = _label_column(names, label)
    kept = _kept(names, at, drop)
    marks = [_label(mark) for mark in frame.iloc[:, at].array]
    return labelled(frame_columns(frame, names, kept, "point"), marks, [names[j] for j in kept], AS_FLOATS)


def frame_columns(
    frame: Any, names: Sequence[str], places: Sequence[int], row: str = "row"
) -> list[list[Datum]]:
    """Return columns of a DataFrame by their places."""
    return [
        [
            datum_of(value, f"{names[j]} of {row} {i}")
            for i, value in enumerate(frame.iloc[:, j].array, start=1)
        ]
        for j in places
    ]
