"""What a user names as ``file.py::name``: a cost, a monotone g."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from oracle.errors import InvalidValue


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
    found: dict[str, Any] = {"__name__": f"onehalf_{parameter}", "__file__": path}
    try:
        # Not imported: Python's cache takes a file for unchanged that was written twice within a second.
        exec(compile(Path(path).read_bytes(), path, "exec"), found)
        return found[name]
    except Exception as error:
        reason = f"cannot be loaded ({type(error).__name__}: {error})"
        raise InvalidValue(parameter, written, reason, "check file and name") from error


def place_named(written: str, folder: Path = Path()) -> str:
    """Return ``file.py::name`` with the file's absolute path, and other text as it is."""
    path, separator, name = written.partition("::")
    return f"{(folder / path).resolve()}::{name}" if separator else written


def digest_named(*written: str) -> str:
    """Return the SHA-256 of the files that are named, "" if none is."""
    files = [path for path, separator, _ in (text.partition("::") for text in written) if separator]
    return hashlib.sha256(b"".join(Path(path).read_bytes() for path in files)).hexdigest() if files else ""
