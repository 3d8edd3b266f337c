"""`onehalf.audit`: a file, arrays or a table in, an audit out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onehalf.auditing.listening import AuditListener, Silent
from onehalf.auditing.radii import Radii, radius_models
from onehalf.auditing.verdicts import Audit
from oracle.errors import InvalidValue

if TYPE_CHECKING:
    from onehalf.auditing.datasets.labelled import Labelled

_PROGRAMS = (".mps", ".lp")
_TABLES = (".csv", ".npz", ".parquet")


def audit(
    source: Any,
    *,
    bits: int | Sequence[int] | None = None,
    decimals: bool = False,
    relative: bool = False,
    radius: Any = None,
    inexact: Sequence[str] = (),
    exact: Sequence[str] = (),
    label: str | None = None,
    drop: Sequence[str] = (),
    trainers: Sequence[Any] = (),
    listener: AuditListener | None = None,
) -> Audit:
    """Say which digits of an answer can be had from inexact numbers.

    Parameters
    ----------
    source : path or DataFrame
        A linear program (.mps, .lp), or a training set (.csv, .npz with X and y, .parquet, a DataFrame).
    bits : int or sequence of int, optional
        n: every number that is no integer is correct to 2^-n. With nothing given: 20, 30, 40, 52 and the decimals as
        written; of a training set that brings a `radius`, that one alone. In a training set a feature is exact if all
        of its numbers are integers.
    decimals : bool
        Whether to read the decimals as written (correct to half a unit in the last place), too.
    relative : bool
        Whether 2^-n is a share of each number.
    radius : number, str or dict, optional
        One radius, or radii by entries' names (``{"ROW/COLUMN": "0.05"}``, with * and ?).
    inexact, exact : sequence of str
        Entries that are inexact although integers, or exact although none, by name.
    label : str, optional
        Of a training set, the column of the labels: by default one that is called so, else the last.
    drop : sequence of str
        Of a training set, columns that are no features.
    trainers : sequence
        Of a training set: estimators with fit and predict, names of classifiers of scikit-learn, or ``file.py::name``,
        which are trained on the numbers as shown and judged on the adversarial data sets.
    listener : AuditListener, optional
        Is told how far the audit is.

    Returns
    -------
    Audit

    Raises
    ------
    InvalidValue
        If the file or an option is malformed.

    Examples
    --------
    >>> print(audit("examples/audit/diet.mps", bits=52))  # doctest: +SKIP
    """
    readings = radius_models(
        bits, decimals=decimals, relative=relative, radius=radius, inexact=inexact, exact=exact
    )
    told = listener or Silent()
    asked = bits is not None or decimals or radius is not None
    if hasattr(source, "columns") and hasattr(source, "iloc"):
        from onehalf.auditing.datasets.files import dataset_of_frame

        return _dataset(dataset_of_frame(source, label, drop), "table", readings, asked, trainers, told)
    path = _path(source)
    suffix = path.suffix.lower()
    if suffix in _TABLES:
        from onehalf.auditing.datasets.files import read_dataset

        return _dataset(read_dataset(path, label, drop), path.name, readings, asked, trainers, told)
    for name, given in (("label", label), ("drop", drop), ("trainers", trainers)):
        if given:
            raise InvalidValue(name, given, "is for training sets", "leave it out, or give a table")
    if suffix in _PROGRAMS:
        from onehalf.auditing.programs.audit import audit_program
        from onehalf.auditing.programs.files import read_program

        return audit_program(read_program(path), path.name, readings, told)
    raise InvalidValue(
        "file",
        str(path),
        "is of no kind that can be audited",
        f"give one of {', '.join(_PROGRAMS + _TABLES)}",
    )


def _dataset(
    table: Labelled,
    name: str,
    readings: list[Radii],
    asked: bool,
    trainers: Sequence[Any],
    listener: AuditListener,
) -> Audit:
    from onehalf.auditing.datasets.audit import audit_dataset
    from onehalf.auditing.datasets.trainers import trainers_of

    given = table.widths is not None and not asked
    return audit_dataset(table, name, () if given else readings, listener, trainers_of(trainers))


def _path(source: Any) -> Path:
    if not isinstance(source, str | Path):
        raise InvalidValue(
            "source", type(source).__name__, "is nothing that can be audited", "give a file's path"
        )
    path = Path(source)
    if not path.is_file():
        rule = "is a directory" if path.is_dir() else "does not exist"
        raise InvalidValue("file", str(source), rule, "check the path")
    return path
