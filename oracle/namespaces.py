"""A user's file as a module in a namespace of its own: what stands beside it is its own, whatever else has the name.

Each file becomes a module of a private package, named after its place and digest. An import within it, or within a
module beside it, takes what stands beside the file first. Two plugins that each have a ``utils.py`` so get each their
own, and one called ``analysis.py`` hides nobody's. What a file registers while it is executed is kept with it.
"""

from __future__ import annotations

import builtins
import hashlib
import importlib
import importlib.abc
import importlib.util
import io
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import cloudpickle

from oracle.errors import InvalidValue
from oracle.loading.rehearsal import rehearse, undisturbed
from oracle.sources import at_hand, beside, digest_bodies, digest_sources, read_sources, sources_of

_PREFIX = "onehalf_plugin_"
_MAIN = "the_file_itself"
_lock = threading.RLock()
_at_work = threading.local()
_folders: dict[str, Path] = {}
_names: dict[str, tuple[str, str]] = {}
_bodies: dict[str, dict[Path, bytes]] = {}


class SourceChanged(ImportError):
    """A user's file, or one that it imports, is not the one that was named by its digest."""


@dataclass(frozen=True, eq=False)
class UserModule:
    """A user's file, executed.

    Attributes
    ----------
    path : Path
        Where it is, absolute.
    digest : str
        `oracle.sources.digest_sources` of it at that time.
    module : ModuleType
    registered : dict
        What the decorators of `algorithms` registered while it was executed, by name.
    """

    path: Path
    digest: str
    module: ModuleType
    registered: dict[str, Any] = field(default_factory=dict)


def load_module(path: Path, digest: str = "") -> UserModule:
    """Execute a user's file, unless that was done and neither it nor what it imports has changed.

    Parameters
    ----------
    path : Path
        The file.
    digest : str
        What it must be known by; "" for whatever it is now.

    Raises
    ------
    SourceChanged
        If its digest is another.
    Exception
        Whatever executing it raises, OSError if it cannot be read.
    """
    file = at_hand(path).resolve()
    bodies = read_sources(file)
    found = digest_bodies(file, bodies)
    if digest and digest != found:
        raise SourceChanged(f"{file} has changed: its SHA-256 is {found[:12]}…, not {digest[:12]}…")
    with _lock:
        _bodies.setdefault(_package(file, found), bodies)
        return _load(file, found)


def registering() -> dict[str, Any] | None:
    """Return where a file that this thread is executing keeps what it registers; None while it executes none."""
    loading = getattr(_at_work, "loading", ())
    return loading[-1].registered if loading else None


def executing() -> Path | None:
    """Return the user's file that this thread is executing; None while it executes none."""
    loading = getattr(_at_work, "loading", ())
    return loading[-1].path if loading else None


def forget_modules() -> None:
    """Forget every file that was executed, so that the next use executes it anew."""
    with _lock:
        _load.cache_clear()
        _bodies.clear()
        for name in [name for name in sys.modules if name.startswith(_PREFIX)]:
            del sys.modules[name]


def _package(file: Path, digest: str) -> str:
    """Return the name of a file's private package."""
    return f"{_PREFIX}{hashlib.sha256(f'{file}{digest}'.encode()).hexdigest()[:12]}"


@lru_cache(maxsize=256)
def _load(file: Path, digest: str) -> UserModule:
    package = _package(file, digest)
    root = ModuleType(package)
    root.__path__ = [str(file.parent)]
    sys.modules[package] = root
    _folders[package], _names[package] = file.parent, (str(file), digest)
    name = f"{package}.{file.stem if file.stem.isidentifier() else _MAIN}"
    spec = importlib.util.spec_from_file_location(name, file, loader=_Loader(file))
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loaded = UserModule(file, digest, module)
    _at_work.loading = [*getattr(_at_work, "loading", ()), loaded]
    try:
        _Loader(file).exec_module(module)
    except BaseException:
        for each in [each for each in sys.modules if each == package or each.startswith(f"{package}.")]:
            del sys.modules[each]
        raise
    finally:
        _at_work.loading = _at_work.loading[:-1]
    return loaded


class _Loader(importlib.abc.Loader):
    """Executes what a file held when its digest was taken, or else now.

    Python's own cache takes a file for unchanged that was written twice in a second.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to Python to make the module."""

    def exec_module(self, module: ModuleType) -> None:
        """Execute the file with imports that look beside it first."""
        package = module.__name__.partition(".")[0]
        importing = _importer(package, _folders[package])
        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": importing}
        body = _bodies.get(package, {}).get(self.file)
        source = self.file.read_bytes() if body is None else body
        exec(compile(source, str(self.file), "exec"), module.__dict__)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the modules of private packages; what is neither file nor package there is left to Python."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """Return the spec of a module beside a user's file."""
        if not name.startswith(_PREFIX) or path is None:
            return None
        leaf = name.rpartition(".")[2]
        for folder in map(Path, path):
            file, package = folder / f"{leaf}.py", folder / leaf / "__init__.py"
            if package.is_file():
                inner = [str(folder / leaf)]
                return importlib.util.spec_from_file_location(
                    name, package, loader=_Loader(package), submodule_search_locations=inner
                )
            if file.is_file():
                return importlib.util.spec_from_file_location(name, file, loader=_Loader(file))
        return None


sys.meta_path.insert(0, _Finder())


def _importer(package: str, folder: Path) -> Any:
    def importing(name: str, space: Any = None, local: Any = None, wanted: Any = (), level: int = 0) -> Any:
        top = name.partition(".")[0]
        itself = space is not None and space.get("__file__") == str(folder / f"{top}.py")
        if level or itself or not beside(folder, top):
            return builtins.__import__(name, space, local, wanted, level)
        found = builtins.__import__(f"{package}.{name}", space, local, wanted, 0)
        return found if wanted else sys.modules[f"{package}.{top}"]

    return importing


class _Packer(cloudpickle.Pickler):  # type: ignore[misc]
    """Writes what a user's file defines as a reference to that file and its digest."""

    def reducer_override(self, value: Any) -> Any:
        """Return how to write a value."""
        if isinstance(value, ModuleType) and (place := user_place(value.__name__)):
            return _fetch, (*place, "")
        place = user_place(value.__module__) if isinstance(value, type | FunctionType) else None
        if place and _looked_up(sys.modules.get(value.__module__), value.__qualname__) is value:
            return _fetch, (*place, value.__qualname__)
        return super().reducer_override(value)


def pack(value: Any) -> bytes:
    """Return bytes from which any process on a machine with the same files makes a value again (`pickle.loads`).

    What was defined in a user's file is referred to by file, digest and name; functions of the running program are
    written out.
    """
    with io.BytesIO() as file:
        _Packer(file).dump(value)
        return file.getvalue()


def user_place(name: str | None) -> tuple[str, str, str] | None:
    """Return file, digest and submodule of a module in a private package, None for any other module."""
    package, _, rest = (name or "").partition(".")
    return (*_names[package], rest) if package in _names else None


def _looked_up(module: Any, name: str) -> Any:
    found = module
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def _fetch(file: str, digest: str, submodule: str, name: str) -> Any:
    """Return what a user's file defines, in whatever process this is."""
    loaded = load_module(Path(file), digest)
    package = loaded.module.__name__.partition(".")[0]
    module = importlib.import_module(f"{package}.{submodule}") if submodule else sys.modules[package]
    return _looked_up(module, name) if name else module


def load_trusted(path: Path, digest: str = "", what: str = "problem") -> UserModule:
    """Execute a file that judges, such as a family's or a cost's, in this process, which keeps nothing else of it.

    Parameters
    ----------
    path, digest
        As for `load_module`.
    what : str
        What it is asked for as.

    Raises
    ------
    InvalidValue
        If it would end this process, or takes too long (`oracle.loading.rehearsal`).
    Exception
        As `load_module`.
    """
    file = path.resolve()
    rehearse(path, digest_sources(file), lambda: load_module(file), what)
    with undisturbed():
        return load_module(file, digest)


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
        return vars(load_trusted(Path(path), what=parameter).module)[name]
    except InvalidValue:
        raise
    except (Exception, SystemExit) as error:
        reason = f"cannot be loaded ({type(error).__name__}: {error})"
        raise InvalidValue(parameter, written, reason, "check file and name") from error


def place_named(written: str, folder: Path = Path()) -> str:
    """Return ``file.py::name`` with the file's absolute path, and other text as it is."""
    path, separator, name = written.partition("::")
    return f"{(folder / path).resolve()}::{name}" if separator else written


def digest_named(*written: str) -> str:
    """Return the SHA-256 of the files that are named, with what they import from beside them; "" if none is."""
    files = [
        at_hand(Path(path)) for path, separator, _ in (text.partition("::") for text in written) if separator
    ]
    bodies = (f.read_bytes() if len(sources_of(f)) == 1 else digest_sources(f).encode() for f in files)
    return hashlib.sha256(b"".join(bodies)).hexdigest() if files else ""
