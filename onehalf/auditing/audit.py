"""`onehalf.audit`: a file, arrays or a table in, an audit out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onehalf.auditing.listening import AuditListener, Silent
from onehalf.auditing.radii import Radii, radius_models
from onehalf.auditing.verdicts import Audit
from oracle.errors import InvalidValue

if TYPE_CHECKING:
    from onehalf.auditing.datasets.labelled import Labelled

_PROGRAMS = (".mps", ".lp")
_NETWORKS = (".onnx", ".nnet", ".json")
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
    response: str | None = None,
    penalty: Any = None,
    ridge: Any = None,
    trainers: Sequence[Any] = (),
    data: Any = None,
    delta: Any = None,
    directions: Sequence[Any] = (),
    rule: str | None = None,
    listener: AuditListener | None = None,
) -> Audit:
    """Say which digits of an answer can be had from inexact numbers.

    Parameters
    ----------
    source : path or DataFrame
        A linear program (.mps, .lp), a training set (.csv, .npz with X and y, .parquet, a DataFrame), a regression
        (.npz with A and y, or a table with `response`), or with `data` a trained network (.onnx, .nnet, .json, or what
        `read_network` returns).
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
        Of a table, columns that are left out.
    response : str, optional
        Of a table, the column that is regressed on all others.
    penalty, ridge : number, optional
        Of a regression, λ of ½‖Ax − y‖² + λ‖x‖₁ (LASSO), and μ of ½μ‖x‖² besides (elastic net); an .npz may hold them.
    trainers : sequence
        Of a training set: estimators with fit and predict, names of classifiers of scikit-learn, or ``file.py::name``,
        which are trained on the numbers as shown and judged on the adversarial data sets.
    data : path or (X, y), optional
        Of a network, the points and their labels: .npz with X and y, .csv; without labels its own classes.
    delta : number or sequence, optional
        Of a network, how large perturbations may be; 0.01 by default.
    directions : sequence, optional
        Of a network, coordinates from 0, arrays, or files .npy; every coordinate by default.
    rule : str, optional
        Of a network, when a point is right: "argmax", "argmin", "threshold".
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
    if data is not None or _is_network(source):
        return _network(source, data, label, delta, directions, rule, told)
    for name, given in (("delta", delta), ("directions", directions), ("rule", rule)):
        if given:
            raise InvalidValue(name, given, "is for networks", "leave it out, or give points with data")
    asked = bits is not None or decimals or radius is not None
    weighed = {name: value for name, value in (("penalty", penalty), ("ridge", ridge)) if value is not None}
    if hasattr(source, "columns") and hasattr(source, "iloc"):
        if response is not None:
            return _regression(source, "table", response, drop, weighed, readings, told)
        _refuse_penalties(weighed)
        from onehalf.auditing.datasets.files import dataset_of_frame

        return _dataset(dataset_of_frame(source, label, drop), "table", readings, asked, trainers, told)
    path = _path(source)
    suffix = path.suffix.lower()
    if response is not None or (suffix in _TABLES and _is_regression(path)):
        return _regression(path, path.name, response, drop, weighed, readings, told)
    _refuse_penalties(weighed)
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
        f"give one of {', '.join(_PROGRAMS + _TABLES + _NETWORKS)}",
    )


def _is_network(source: Any) -> bool:
    return isinstance(source, str | Path) and Path(source).suffix.lower() in _NETWORKS


def _network(
    source: Any,
    data: Any,
    label: str | None,
    delta: Any,
    directions: Sequence[Any],
    rule: str | None,
    listener: AuditListener,
) -> Audit:
    from onehalf.auditing.networks.audit import audit_network
    from onehalf.auditing.networks.files import read_network
    from onehalf.auditing.networks.points import read_directions, read_limits, read_points

    if data is None:
        raise InvalidValue("data", data, "is needed with a network", "give the points: --data points.npz")
    network = read_network(source)
    file = Path(source) if _is_network(source) else None
    return audit_network(
        network,
        file.name if file else network.source,
        read_points(data, label),
        read_directions(network, directions),
        read_limits(delta),
        rule,
        listener,
        file if file and file.suffix.lower() == ".onnx" else None,
    )


def _is_regression(path: Path) -> bool:
    from onehalf.auditing.regression.files import is_regression

    return is_regression(path)


def _refuse_penalties(weighed: Mapping[str, Any]) -> None:
    for name, value in weighed.items():
        rule = "is for regressions, of which the response is not named"
        raise InvalidValue(name, value, rule, "name it: --response COLUMN, or an .npz with A and y")


def _regression(
    source: Any,
    name: str,
    response: str | None,
    drop: Sequence[str],
    weighed: Mapping[str, Any],
    readings: list[Radii],
    listener: AuditListener,
) -> Audit:
    from onehalf.auditing.regression.audit import audit_regression
    from onehalf.auditing.regression.files import read_regression, regression_of_frame
    from onehalf.auditing.regression.penalty_audit import Chosen, audit_penalised

    if isinstance(source, Path) and source.suffix.lower() not in _TABLES:
        raise InvalidValue("response", response, "is for tables", "leave it out, or give a table")
    read: Any = read_regression if isinstance(source, Path) else regression_of_frame
    found = read(source, response, drop, **weighed)
    if isinstance(found, Chosen):
        return audit_penalised(found, name, readings, listener)
    return audit_regression(found, name, readings, listener)


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
