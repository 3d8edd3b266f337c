"""What an algorithm's code is known by: the SHA-256 of the files that define it."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any


def source_digest(what: Callable[..., Any], otherwise: str) -> str:
    """Return the SHA-256 of the source files that define a function or an object.

    What a decorator made of a function (its ``__wrapped__``) is defined by the files of both. Where there is no file,
    it is the digest of the compiled code, and where there is no code, of the text `otherwise`.
    """
    sources = dict.fromkeys(filter(None, map(_source, _layers(what))))
    if sources:
        return hashlib.sha256(b"".join(sources)).hexdigest()
    code = getattr(what, "__code__", None)
    return hashlib.sha256((_written(code) if code else otherwise).encode()).hexdigest()


def _layers(what: Any) -> Iterator[Any]:
    while what is not None:
        yield what
        what = getattr(what, "__wrapped__", None)


def _source(what: Any) -> bytes:
    try:
        file = inspect.getsourcefile(what)
        return Path(file).read_bytes() if file else b""
    except (OSError, TypeError):
        return b""


def _written(code: CodeType) -> str:
    """Return instructions, names and constants: the same for the same code, in every process and on every line."""
    constants = [_constant(value) for value in code.co_consts]
    return repr((code.co_code, code.co_names, constants))


def _constant(value: object) -> str:
    if isinstance(value, CodeType):
        return _written(value)
    return repr(sorted(map(repr, value))) if isinstance(value, frozenset) else repr(value)
