"""What a user's file is made of: itself, every module beside it that it imports, and one digest of them all."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

OURS = "onehalf"
"""The one name that is never taken from beside a file: without it a plugin could do nothing."""


def beside(folder: Path, top: str) -> bool:
    """Tell whether a top-level module of this name stands in a folder and so is what a file there imports.

    A folder of Python files without an ``__init__.py`` counts only where nothing else has its name, as for Python.
    """
    if top == OURS or not top.isidentifier():
        return False
    place = folder / top
    if place.with_suffix(".py").is_file() or (place / "__init__.py").is_file() or _compiled(folder, top):
        return True
    return place.is_dir() and any(place.glob("*.py")) and _unknown(top)


def sources_of(file: Path) -> tuple[Path, ...]:
    """Return a file and the files beside it that importing it, or calling what is in it, can execute.

    Import statements are read wherever they stand, within functions too, and so are calls of ``import_module`` with
    a literal name.

    Returns
    -------
    tuple of Path
        The file itself first, the others in order of name.
    """
    folder, seen, waiting = file.parent, {file}, [file]
    while waiting:
        at = waiting.pop()
        for name in _imported(at, folder):
            if name.partition(".")[0] == file.stem and at == file:
                continue
            fresh = [found for found in _files_of(folder, name) if found not in seen]
            seen.update(fresh)
            waiting += [found for found in fresh if found.suffix == ".py"]
    return file, *sorted(seen - {file})


def digest_sources(file: Path, declared: Iterable[Path] = ()) -> str:
    """Return the SHA-256 of a user's file with the modules beside it that it imports, and of declared data files.

    Where the file stands alone it is the SHA-256 of its bytes.

    Raises
    ------
    OSError
        If one of the files cannot be read.
    """
    everything = [*sources_of(file), *declared]
    if len(everything) == 1:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    found = hashlib.sha256()
    for each in everything:
        body = each.read_bytes()
        found.update(f"{os.path.relpath(each, file.parent)}\0{len(body)}\0".encode() + body)
    return found.hexdigest()


def digest_code(*what: Any) -> str:
    """Return the SHA-256 of what functions, and whatever wraps one, are compiled to: the same in every process."""
    found = hashlib.sha256()
    for value in what:
        for part in (value, *(getattr(value, name, None) for name in ("fget", "func", "__func__"))):
            if isinstance(code := getattr(part, "__code__", None), CodeType):
                found.update(_written(code).encode())
    return found.hexdigest()


def _written(code: CodeType) -> str:
    """Return instructions, names and constants, whatever lines they stand on."""
    constants = [
        _written(value)
        if isinstance(value, CodeType)
        else repr(sorted(map(repr, value)) if isinstance(value, frozenset) else value)
        for value in code.co_consts
    ]
    return repr((code.co_name, code.co_code, code.co_names, constants))


def _imported(file: Path, folder: Path) -> Iterator[str]:
    """Yield the dotted names, seen from `folder`, that a file imports; those of submodules are guesses."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    package = file.parent.relative_to(folder).parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join((*base, *((node.module,) if node.module else ())))
            yield from filter(None, (stem, *(f"{stem}.{a.name}".lstrip(".") for a in node.names)))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from (str(name.value) for name in node.args[:1] if isinstance(name, ast.Constant))


def _files_of(folder: Path, dotted: str) -> Iterator[Path]:
    """Yield the files beside that importing a dotted name executes, outermost package first."""
    first, *rest = dotted.split(".")
    if not beside(folder, first):
        return
    place = folder
    for part in (first, *rest):
        module, package = place / f"{part}.py", place / part / "__init__.py"
        if package.is_file():
            yield package
        elif module.is_file():
            yield module
            return
        else:
            yield from _compiled(place, part)
        place = place / part


def _compiled(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(f"{name}.*.so")) + sorted(folder.glob(f"{name}.so"))


def _unknown(top: str) -> bool:
    try:
        return importlib.util.find_spec(top) is None
    except (ImportError, ValueError):
        return True
