"""How algorithms are written in experiment files and on the command line: ``name[param=value,…]``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from typing import Any

from oracle.errors import InvalidValue

_PLAIN = re.compile(r"[\w./:@%+-]+")


def split_parameters(text: str) -> tuple[str, dict[str, Any]]:
    """Split ``name[param=value,…]`` into name and parameters; values are literals, bare words are strings.

    Raises
    ------
    InvalidValue
        If the brackets or an item cannot be read.
    """
    place, bracket, rest = text.partition("[")
    if not bracket:
        return text.strip(), {}
    rule, remedy = "parameters are written name[param=value,param=value]", "check brackets and commas"
    if not rest.rstrip().endswith("]"):
        raise InvalidValue("algorithm", text, rule, remedy)
    parameters = {}
    for item in _split_items(rest.rstrip()[:-1]):
        name, equals, value = item.partition("=")
        if not equals or not name.strip().isidentifier() or name.strip() in parameters:
            raise InvalidValue("algorithm", text, rule, remedy)
        parameters[name.strip()] = _read(value.strip())
    return place.strip(), parameters


def spell(name: str, parameters: Iterable[tuple[str, Any]]) -> str:
    """Return ``name`` or ``name[param=value,…]``, which `split_parameters` reads."""
    inner = ",".join(f"{k}={_write(v)}" for k, v in parameters)
    return f"{name}[{inner}]" if inner else name


def names_apart(sources: Sequence[tuple[str, str]]) -> list[str]:
    """Return the names of sources, each with the beginning of its digest where another source has its name, too.

    Parameters
    ----------
    sources : sequence of (str, str)
        Names with SHA-256 digests; "" for a source that needs none.

    Returns
    -------
    list of str
        ``name``, or ``name@1a2b3c4d``: eight signs of the digest, or as many as tell it from the others.
    """
    digests: dict[str, set[str]] = {}
    for name, digest in sources:
        digests.setdefault(name, set()).add(digest)
    return [
        f"{name}@{digest[: _signs(digests[name])]}" if digest and len(digests[name]) > 1 else name
        for name, digest in sources
    ]


def _signs(digests: set[str]) -> int:
    """Return how many first signs tell digests apart, at least eight."""
    length = 8
    while len({digest[:length] for digest in digests}) < len(digests):
        length += 1
    return length


def _split_items(inner: str) -> list[str]:
    """Split at commas outside brackets and quotes."""
    items, depth, quote, start, escaped = [], 0, "", 0, False
    for at, sign in enumerate(inner):
        if quote:
            quote = "" if sign == quote and not escaped else quote
            escaped = sign == "\\" and not escaped
        elif sign in "'\"":
            quote = sign
        elif sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        elif sign == "," and depth == 0:
            items.append(inner[start:at])
            start = at + 1
    items.append(inner[start:])
    return [item for item in items if item.strip()]


def _read(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        pass
    if text.startswith("[") and text.endswith("]"):
        return [_read(item.strip()) for item in _split_items(text[1:-1])]
    return text


def _write(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ",".join(_write(v) for v in value) + "]"
    plain = isinstance(value, str) and _PLAIN.fullmatch(value) and _read(value) == value
    return str(value) if plain or not isinstance(value, str) else repr(value)
