"""What a user's file is made of: itself, every module beside it that it imports, and one digest of them all."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import CodeType
from typing import Any

OUR_PACKAGES = ("onehalf", "oracle", "algorithms", "analysis")
"""Names that mean our packages in the folder which holds them; the first does so in every folder."""
_HOME = Path(__file__).resolve().parents[1]
DELIVERED = "ONEHALF_DELIVERED"
"""The variable that names a folder in which files of another machine stand at the paths that they have there."""


def at_hand(path: Path) -> Path:
    """Return where a user's file is: among what was delivered to this process, if it is there, or where it says."""
    home = os.environ.get(DELIVERED)
    if home and path.is_absolute():
        place = Path(home, *path.parts[1:])
        if place.is_file():
            return place
    return path


def beside(folder: Path, top: str) -> bool:
    """Tell whether a top-level module of this name stands in a folder and so is what a file there imports.

    A folder of Python files without an ``__init__.py`` counts only where nothing else has its name, as for Python.
    The one name that is never taken from beside a file is ``onehalf``: without it a plugin could do nothing.
    """
    if top == OUR_PACKAGES[0] or not top.isidentifier() or (top in OUR_PACKAGES and folder == _HOME):
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
    return tuple(read_sources(file))


def read_sources(file: Path, declared: Iterable[Path] = (), *, packaged: bool = False) -> dict[Path, bytes]:
    """Return what `sources_of` names, and declared data files, each with its bytes, read once.

    Parameters
    ----------
    file : Path
        Absolute.
    declared : iterable of Path
        Data files that count as sources.
    packaged : bool
        Whether the file was imported by its name. It then has the package around it beside it, and nothing else.

    Raises
    ------
    OSError
        If one of the files cannot be read.
    """
    root, package = _root(file) if packaged else (file.parent, None)
    bodies, waiting = {file: file.read_bytes()}, [file]
    while waiting:
        at = waiting.pop()
        for name in _imported(bodies[at], at.parent.relative_to(root).parts):
            top = name.partition(".")[0]
            if top != package if packaged else (top == file.stem and at == file):
                continue
            for found in _files_of(root, name):
                if found not in bodies:
                    bodies[found] = found.read_bytes()
                    waiting += [found] if found.suffix == ".py" else []
    others = sorted(set(bodies) - {file})
    return {path: bodies[path] for path in (file, *others)} | {path: path.read_bytes() for path in declared}


def digest_sources(file: Path, declared: Iterable[Path] = (), *, packaged: bool = False) -> str:
    """Return the SHA-256 of a user's file with the modules beside it that it imports, and of declared data files.

    Where the file stands alone it is the SHA-256 of its bytes. Parameters as for `read_sources`.

    Raises
    ------
    OSError
        If one of the files cannot be read.
    """
    return digest_bodies(file, read_sources(file, declared, packaged=packaged))


def digest_bodies(file: Path, bodies: Mapping[Path, bytes]) -> str:
    """Return the SHA-256 of what `read_sources` read of a file."""
    if len(bodies) == 1:
        return hashlib.sha256(bodies[file]).hexdigest()
    found = hashlib.sha256()
    for path, body in bodies.items():
        found.update(f"{os.path.relpath(path, file.parent)}\0{len(body)}\0".encode() + body)
    return found.hexdigest()


def imported_from_elsewhere(file: Path, *, packaged: bool = False) -> frozenset[str]:
    """Return the top-level modules that a file, or one of those beside it that it imports, takes from elsewhere."""
    root, package = _root(file) if packaged else (file.parent, None)
    bodies = read_sources(file, packaged=packaged)
    names = {
        name.partition(".")[0]
        for path, body in bodies.items()
        if path.suffix == ".py"
        for name in _imported(body, path.parent.relative_to(root).parts)
    }
    return frozenset(name for name in names if name != package and (packaged or not beside(root, name)))


def _root(file: Path) -> tuple[Path, str | None]:
    """Return the folder from which a packaged file's imports are seen, and its package, None where it has none."""
    folder = file.parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        folder = folder.parent
    return folder, None if folder == file.parent else file.relative_to(folder).parts[0]


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


def _imported(body: bytes, package: tuple[str, ...]) -> Iterator[str]:
    """Yield the dotted names that a file in a package imports; those of submodules are guesses."""
    try:
        tree = ast.parse(body)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            stem = _absolute(node.level, node.module or "", package)
            yield from filter(None, (stem, *(f"{stem}.{a.name}".lstrip(".") for a in node.names)))
        elif isinstance(node, ast.Call) and _called(node.func) in ("import_module", "__import__"):
            names = (
                n.value for n in node.args[:1] if isinstance(n, ast.Constant) and isinstance(n.value, str)
            )
            yield from (_absolute(len(n) - len(n.lstrip(".")), n.lstrip("."), package) for n in names)


def _absolute(level: int, module: str, package: tuple[str, ...]) -> str:
    base = package[: len(package) - level + 1] if level else ()
    return ".".join((*base, *((module,) if module else ())))


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


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
