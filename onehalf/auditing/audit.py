"""`onehalf.audit`: a file, arrays or a table in, an audit out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from onehalf.auditing.listening import AuditListener, Silent
from onehalf.auditing.radii import Radii, radius_models
from onehalf.auditing.verdicts import Audit
from oracle.errors import InvalidValue

_PROGRAMS = (".mps", ".lp")


def audit(
    source: Any,
    *,
    bits: int | Sequence[int] | None = None,
    decimals: bool = False,
    relative: bool = False,
    radius: Any = None,
    inexact: Sequence[str] = (),
    exact: Sequence[str] = (),
    listener: AuditListener | None = None,
) -> Audit:
    """Say which digits of an answer can be had from inexact numbers.

    Parameters
    ----------
    source : path
        A linear program (.mps, .lp).
    bits : int or sequence of int, optional
        n: every number that is no integer is correct to 2^-n. With nothing given: 20, 30, 40, 52 and the decimals as
        written.
    decimals : bool
        Whether to read the decimals as written (correct to half a unit in the last place), too.
    relative : bool
        Whether 2^-n is a share of each number.
    radius : number, str or dict, optional
        One radius, or radii by entries' names (``{"ROW/COLUMN": "0.05"}``, with * and ?).
    inexact, exact : sequence of str
        Entries that are inexact although integers, or exact although none, by name.
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
    return _dispatch(source, readings, listener or Silent())


def _dispatch(source: Any, readings: list[Radii], listener: AuditListener) -> Audit:
    path = _path(source)
    suffix = path.suffix.lower()
    if suffix in _PROGRAMS:
        from onehalf.auditing.programs.audit import audit_program
        from onehalf.auditing.programs.files import read_program

        return audit_program(read_program(path), path.name, readings, listener)
    raise InvalidValue(
        "file", str(path), "is of no kind that can be audited", f"give one of {', '.join(_PROGRAMS)}"
    )


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
