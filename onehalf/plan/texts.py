"""Texts of a plan: what no report, table, figure or terminal can show is refused before anything runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from oracle.errors import InvalidValue

# Control characters, separators of lines, what turns the direction of writing, halves of surrogate pairs.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def require_printable(name: str, value: Any) -> None:
    """Raise `InvalidValue` if a name, or a text anywhere in a parameter's value, has a character that none can see."""
    if isinstance(value, str):
        found = _UNSEEN.search(value)
        if found is not None:
            rule = f"holds the control character U+{ord(found[0]):04X}, which no report can show"
            raise InvalidValue(name, value, rule, "leave it out")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            require_printable(name, key)
            require_printable(str(key), item)
    elif isinstance(value, list | tuple):
        for item in value:
            require_printable(name, item)
