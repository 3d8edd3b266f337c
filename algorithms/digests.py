"""What an algorithm's code is known by: one SHA-256 of what defines it."""

from __future__ import annotations

import ast
import hashlib
import inspect
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from oracle.sources import OUR_PACKAGES, digest_bodies, imported_from_elsewhere, read_sources

_LIBRARIES = tuple({Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "purelib", "platlib")})


def source_digest(
    what: Callable[..., Any], otherwise: str, declared: Sequence[str] = (), *, installed: bool = False
) -> str:
    """Return the SHA-256 of the source files that define a function or an object.

    A file counts with the modules beside it that it imports (`oracle.sources`). What a decorator made of a function
    (its ``__wrapped__``) is defined by the files of both. Where there is no file, it is the digest of the compiled
    code, and where there is no code, of the text `otherwise`.

    Parameters
    ----------
    what : callable
        The function or object.
    otherwise : str
        What it is known by if it has neither file nor code.
    declared : sequence of str
        Paths of data files that count, too.
    installed : bool
        Whether it is a plugin that is installed, whose package counts although it stands among libraries.
    """
    files = source_files(what)
    data = [Path(path) for path in declared]
    found = [_read(what, file, data if file == files[0] else [], installed) for file in files]
    if not found:
        code = getattr(what, "__code__", None)
        written = (_written(code) if code else otherwise).encode()
        return hashlib.sha256(b"".join([written, *(path.read_bytes() for path in data)])).hexdigest()
    if len(found) == 1:
        return digest_bodies(files[0], found[0])
    parts = (
        next(iter(bodies.values())) if len(bodies) == 1 else digest_bodies(file, bodies).encode()
        for file, bodies in zip(files, found, strict=True)
    )
    return hashlib.sha256(b"".join(parts)).hexdigest()


@lru_cache(maxsize=512)
def shipped_digest(what: Callable[..., Any]) -> str:
    """Return the SHA-256 of what defines an algorithm that ships, wherever its files stand.

    Of each file that defines it only what `defining` returns counts, and no path does: a file that moves, or whose
    imports move, defines what it defined.
    """
    return hashlib.sha256(b"\0".join(defining(file.read_bytes()) for file in source_files(what))).hexdigest()


def defining(source: bytes) -> bytes:
    """Return a source without its docstring, its import statements and what stands between its statements.

    The top level alone is meant: everything within a function or a class is as written.
    """
    lines = source.splitlines(keepends=True)
    kept = []
    for index, node in enumerate(ast.parse(source).body):
        if (index == 0 and _is_text(node)) or _imports(node):
            continue
        assert node.end_lineno is not None
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        start = node.col_offset if first == node.lineno else 0
        text = b"".join(lines[first - 1 : node.end_lineno])
        beyond = len(lines[node.end_lineno - 1]) - (node.end_col_offset or 0)
        kept.append(text[start : len(text) - beyond])
    return b"\n".join(kept)


def _imports(node: ast.stmt) -> bool:
    """Whether a statement only imports, for a checker of types or for all."""
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING" and all(map(_imports, node.body)) and not node.orelse
    return isinstance(node, ast.Import | ast.ImportFrom)


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def source_files(what: Callable[..., Any]) -> list[Path]:
    """Return the files that define a function or an object and what it wraps, outermost first, each once."""
    found = (_source(layer) for layer in _layers(what))
    return list(dict.fromkeys(file for file in found if file is not None))


def is_packaged(what: Any, file: Path, installed: bool = False) -> bool:
    """Tell whether a file belongs to the package that an object's module is in, and counts with that package."""
    top = str(getattr(what, "__module__", "")).partition(".")[0]
    return top not in OUR_PACKAGES and f"/{top}/" in str(file) and (installed or not _in_library(file))


def imported_by(function: Callable[..., Any], *, installed: bool = False) -> set[str]:
    """Return the top-level modules that a function's files import or, where it has none, that its code names.

    A function that stands for another says them itself; of a plugin that is `installed` its package's files count.
    """
    said = getattr(function, "imports", None)
    if isinstance(said, frozenset):
        return set(said)
    files = source_files(function)
    if not files:
        return set(_named_by(function))
    return {
        name
        for file in files
        for name in imported_from_elsewhere(file, packaged=is_packaged(function, file, installed))
    }


def _named_by(function: Callable[..., Any]) -> Iterator[str]:
    code, space = getattr(function, "__code__", None), getattr(function, "__globals__", {})
    for name in code.co_names if code else ():
        value = space.get(name)
        home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
        yield str(home or "").partition(".")[0]


def _read(what: Any, file: Path, declared: Sequence[Path], installed: bool) -> dict[Path, bytes]:
    packaged = is_packaged(what, file, installed)
    alone = not packaged and ((file.parent / "__init__.py").is_file() or _in_library(file))
    if alone:
        return {path: path.read_bytes() for path in (file, *declared)}
    return read_sources(file, declared, packaged=packaged)


def _in_library(file: Path) -> bool:
    return any(file.is_relative_to(place) for place in _LIBRARIES)


def _layers(what: Any) -> Iterator[Any]:
    while what is not None:
        yield what
        what = getattr(what, "__wrapped__", None)


def _source(what: Any) -> Path | None:
    try:
        file = inspect.getsourcefile(what)
    except (OSError, TypeError):
        return None
    path = Path(file).resolve() if file else None
    return path if path is not None and path.is_file() else None


def _written(code: CodeType) -> str:
    """Return instructions, names and constants: the same for the same code, in every process and on every line."""
    constants = [_constant(value) for value in code.co_consts]
    return repr((code.co_code, code.co_names, constants))


def _constant(value: object) -> str:
    if isinstance(value, CodeType):
        return _written(value)
    return repr(sorted(map(repr, value))) if isinstance(value, frozenset) else repr(value)
