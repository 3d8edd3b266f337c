"""Amounts of memory as they are written: "500M", "2G", or a number of bytes."""

from __future__ import annotations

import re
from typing import Any

from oracle.errors import InvalidValue

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_WRITTEN = re.compile(r"(\d{1,15})\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)
_LEAST = 1 << 20


def read_memory(written: Any) -> int | None:
    """Return a number of bytes, None for None.

    Raises
    ------
    InvalidValue
        If it is no amount of memory, or less than 1 MiB.
    """
    if written is None:
        return None
    found = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    size = int(found[1]) * _UNITS[found[2].upper()] if found else written
    if not isinstance(size, int) or isinstance(size, bool) or size < _LEAST:
        raise InvalidValue("memory", written, "must be at least 1M", 'write for example "500M" or "2G"')
    return size


def spell_memory(size: int) -> str:
    """Return a number of bytes as it may be written."""
    for unit in "TGMK":
        if size % _UNITS[unit] == 0:
            return f"{size // _UNITS[unit]}{unit}"
    return str(size)
