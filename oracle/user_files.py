"""What a user names as ``file.py::name``: a cost, a monotone g, a family of problems."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from oracle.errors import InvalidValue
from oracle.namespaces import load_module
from oracle.sources import digest_sources, sources_of


def load_named(parameter: str, written: str) -> Any:
    """Execute the file of ``file.py::name`` and return what has that name in it; None for text of another form.

    Raises
    ------
    InvalidValue
        If there is no such file, it cannot be executed, or it has nothing of that name.
    """
    path, _, name = written.partition("::")
    if not path.endswith(".py") or not name:
        return None
    try:
        return vars(load_module(Path(path)).module)[name]
    except Exception as error:
        reason = f"cannot be loaded ({type(error).__name__}: {error})"
        raise InvalidValue(parameter, written, reason, "check file and name") from error


def place_named(written: str, folder: Path = Path()) -> str:
    """Return ``file.py::name`` with the file's absolute path, and other text as it is."""
    path, separator, name = written.partition("::")
    return f"{(folder / path).resolve()}::{name}" if separator else written


def digest_named(*written: str) -> str:
    """Return the SHA-256 of the files that are named, with what they import from beside them; "" if none is."""
    files = [Path(path) for path, separator, _ in (text.partition("::") for text in written) if separator]
    bodies = (f.read_bytes() if len(sources_of(f)) == 1 else digest_sources(f).encode() for f in files)
    return hashlib.sha256(b"".join(bodies)).hexdigest() if files else ""
