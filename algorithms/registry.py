"""Finding algorithms: the ones that ship, installed plugins, files, programs, and functions of the running program."""

from __future__ import annotations

import difflib
import importlib
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from pathlib import Path
from pickle import PicklingError
from typing import Any

import cloudpickle

from algorithms.algorithm import Algorithm, registered, shipped
from algorithms.described.installed import known as known
from algorithms.described.installed import load_installed, stands_for
from algorithms.described.offers import forget_offers, load_file, offer_of, require_free
from algorithms.library import same_source as same_source
from algorithms.library import settled_digest as settled_digest
from algorithms.library import shipped_names as shipped_names
from algorithms.parameters.signatures import choices
from algorithms.parameters.spelling import spell, split_parameters
from algorithms.programs.program import Program, locate
from oracle import namespaces
from oracle.errors import InvalidValue
from oracle.namespaces import pack
from oracle.problems import Problem
from oracle.sources import at_hand, digest_sources

PROGRAM = "exec:"
_TABLE = ("algorithm", "program", "name", "parameters")
_NAMED = ("shipped", "installed")


@dataclass(frozen=True)
class Spec:
    """An algorithm with its parameters, as a value that can be written down, sent to a worker and loaded there.

    Attributes
    ----------
    name : str
        The registered name.
    parameters : tuple of (str, value)
        Sorted by name.
    origin : str
        "shipped", "installed", a file's absolute path, "exec:" with a program's command, or "object".
    payload : bytes
        The pickled algorithm where the origin is "object".
    digest : str
        SHA-256 of its source, or of the program's files.
    """

    name: str
    parameters: tuple[tuple[str, Any], ...] = ()
    origin: str = "shipped"
    payload: bytes = b""
    digest: str = ""

    @property
    def label(self) -> str:
        """``name`` or ``name[param=value,…]``."""
        return spell(self.name, self.parameters)

    def load(self) -> Algorithm:
        """Return the algorithm, importing what it needs and what the algorithms that its parameters name need.

        Raises
        ------
        InvalidValue
            If it is not to be found, or its source is not the one that the spec was made from.
        """
        found = _load(self.name, self.origin, self.payload, self.digest)
        for inner in self._named_by(found):
            inner.load()
        return found

    def described(self) -> Algorithm:
        """Return the algorithm; of a plugin what stands for it, as none is executed in this process."""
        return _shown(self.name, self.origin, self.payload)

    def require_suited(self, problem: Problem) -> None:
        """Raise `InvalidValue` if it, or an algorithm that its parameters name, is made for other families."""
        found = self.described()
        found.require_suited(problem)
        for inner in self._named_by(found):
            inner.require_suited(problem)

    def inner(self) -> list[Spec]:
        """Return the algorithms that its parameters name."""
        return self._named_by(self.described())

    def _named_by(self, found: Algorithm) -> list[Spec]:
        given = dict(self.parameters)
        return [resolve(given.get(name, found.parameters[name].default)) for name in found.inner]


@lru_cache(maxsize=256)
def _load(name: str, origin: str, payload: bytes, digest: str) -> Algorithm:
    found = _at(name, origin, payload)
    if digest and origin not in ("object", *_NAMED) and _digest(found, origin) != digest:
        raise InvalidValue(
            "algorithm", name, "its source has changed since the experiment was planned", "run it again"
        )
    for module in found.requires:
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise InvalidValue(
                "algorithm", name, f"needs {module}, which cannot be imported ({error})", "install it"
            ) from error
    return found


def _at(name: str, origin: str, payload: bytes = b"") -> Algorithm:
    """Return the algorithm of that name at a place, with its code."""
    if origin == "installed":
        return load_installed(name)
    return _picked(name, origin, load_file(origin)) if in_file(origin) else _shown(name, origin, payload)


def _shown(name: str, origin: str, payload: bytes = b"") -> Algorithm:
    """Return the algorithm of that name at a place, or what stands for one of a plugin's."""
    if origin == "object":
        found: Algorithm = cloudpickle.loads(payload)
        return found
    if origin.startswith(PROGRAM):
        return Algorithm(name, Program(tuple(shlex.split(origin.removeprefix(PROGRAM)))))
    if origin == "shipped" and name in shipped:
        return shipped[name]
    return _picked(name, origin, known() if origin in _NAMED else offer_of(origin).algorithms)


def _picked(name: str, origin: str, offer: Mapping[str, Algorithm]) -> Algorithm:
    if name not in offer:
        raise InvalidValue("algorithm", name, "is no algorithm", f"these are in {origin}: {', '.join(offer)}")
    return offer[name]


def _digest(found: Algorithm, origin: str) -> str:
    """Return the SHA-256 of a plugin file, whatever made the algorithm in it; elsewhere the algorithm's own.

    Both cover the modules beside it that it imports, and the data files that the algorithm declares.
    """
    if origin in ("object", *_NAMED) or origin.startswith(PROGRAM):
        return found.digest(installed=origin == "installed")
    try:
        return digest_sources(at_hand(Path(origin)), map(Path, found.sources))
    except OSError as error:
        raise InvalidValue(
            "algorithm",
            found.name,
            f"{error.filename} cannot be read ({error.strerror})",
            "put the file back",
        ) from error


def executed_apart(origin: str) -> bool:
    """Tell whether an algorithm's code is a plugin's, which children alone execute."""
    return origin == "installed" or in_file(origin)


def in_file(origin: str) -> bool:
    """Tell whether an origin is a plugin file's path."""
    return origin.endswith(".py") and not origin.startswith(PROGRAM)


def forget() -> None:
    """Forget every plugin that was loaded from a file or from bytes, so that the next use loads it anew."""
    _load.cache_clear()
    forget_offers()
    namespaces.forget_modules()


def find(name: str, origin: str, parameters: Mapping[str, Any] | None = None) -> Spec:
    """Return the spec of the algorithm of that name at a place (`Spec.origin`, but not "object").

    Raises
    ------
    InvalidValue
        If it is not there, or does not take the parameters.
    """
    found = _shown(name, origin)
    return Spec(name, found.settle(parameters or {}), origin, b"", _digest(found, origin))


def resolve_all(what: Any, folder: Path | None = None) -> list[Spec]:
    """Return the specs of an algorithm written with a grid of parameters; `resolve` says what can be written.

    Besides, `what` can be a table of an experiment file: ``{algorithm = "reader", parameters = {bits = [46, 53]}}``
    or ``{program = ["./solve", "-v"], name = "solve", parameters = {…}}``. Relative paths are taken from `folder`.
    """
    if isinstance(what, Mapping):
        base, parameters = _read_table(what, folder or Path())
    elif isinstance(what, str):
        place, parameters = split_parameters(what)
        base = _base(place, folder or Path())
    else:
        return [resolve(what)]
    function = _shown(base.name, base.origin, base.payload).function
    grid = [[(name, v) for v in choices(function, name, value)] for name, value in parameters.items()]
    return [_with(base, dict(combination)) for combination in product(*grid)]


def resolve_every(text: str) -> list[Spec]:
    """Return the specs of `resolve_all`, and of a file without ``::name`` or parameters all that it registers."""
    place, parameters = split_parameters(text)
    if parameters or place.startswith(PROGRAM) or not place.endswith(".py"):
        return resolve_all(text)
    origin = str(Path(place).resolve())
    return [find(name, origin) for name in offer_of(origin).algorithms]


def resolve(what: str | Mapping[str, Any] | Callable[..., Any] | Algorithm | Spec) -> Spec:
    """Return the spec of an algorithm given by text, by its function, or by itself.

    Text is ``name``, ``file.py`` (which must register one algorithm), ``file.py::name`` or ``exec:command``, each
    of them also with ``[param=value,…]``.

    Raises
    ------
    InvalidValue
        If there is no such algorithm or parameter, or the text is a grid.
    """
    if isinstance(what, Spec):
        return what
    if isinstance(what, str | Mapping):
        specs = resolve_all(what)
        if len(specs) > 1:
            raise InvalidValue("algorithm", what, "is a grid, and one algorithm is wanted", "give one value")
        return specs[0]
    found = what if isinstance(what, Algorithm) else _registered_as(what)
    offered = known().get(found.name)
    if offered is not None and (
        offered.function is found.function or stands_for(offered.function, found.function)
    ):
        origin = _origin(found.name)
        return Spec(found.name, found.plan({}), origin, b"", _digest(found, origin))
    require_free(found.name)
    return Spec(found.name, found.plan({}), "object", _pickle(found), found.digest())


def _read_table(table: Mapping[str, Any], folder: Path) -> tuple[Spec, Mapping[str, Any]]:
    rule = "a table names either an algorithm or a program, and may give parameters"
    remedy = 'write for example { program = ["./solve", "-v"], name = "solve", parameters = { bits = 53 } }'
    parameters, program, text = table.get("parameters", {}), table.get("program"), table.get("algorithm")
    well_formed = (
        set(table) <= set(_TABLE)
        and (text is None) != (program is None)
        and isinstance(parameters, Mapping)
        and ("name" not in table or (isinstance(table["name"], str) and program is not None))
    )
    if not well_formed:
        raise InvalidValue("algorithm", dict(table), rule, remedy)
    if text is not None:
        return _base(str(text), folder), parameters
    if not isinstance(program, list) or not program or not all(isinstance(word, str) for word in program):
        raise InvalidValue("program", program, "must be a list of words", remedy)
    return _program(program, folder, table.get("name", "")), parameters


def _base(place: str, folder: Path) -> Spec:
    """Return the spec, still without parameters, of a name, a file or a program."""
    if place.startswith(PROGRAM):
        try:
            words = shlex.split(place.removeprefix(PROGRAM))
        except ValueError as error:
            raise InvalidValue("program", place, f"cannot be split: {error}", "check the quotes") from error
        return _program(words, folder)
    path, _, name = place.partition("::")
    if not path.endswith(".py"):
        if place in registered and place not in known():
            return resolve(registered[place])
        if place not in known():
            near = difflib.get_close_matches(place, known(), n=3)
            remedy = f"did you mean {' or '.join(near)}?" if near else "see them with: onehalf algorithms"
            raise InvalidValue("algorithm", place, "is no algorithm", remedy)
        origin = _origin(place)
        return Spec(place, (), origin, b"", _digest(known()[place], origin))
    origin = str((folder / path).resolve())
    offered = offer_of(origin).algorithms
    if not name and len(offered) > 1:
        remedy = f"name one as file.py::name of {', '.join(offered)}"
        raise InvalidValue("algorithm", place, "registers more than one algorithm", remedy)
    found = _picked(name or next(iter(offered)), origin, offered)
    return Spec(found.name, (), origin, b"", _digest(found, origin))


def _program(words: list[str], folder: Path, name: str = "") -> Spec:
    program = Program(locate(words, folder))
    origin = PROGRAM + shlex.join(program.command)
    return Spec(name or program.name, (), origin, b"", program.digest())


def _with(base: Spec, parameters: Mapping[str, Any]) -> Spec:
    return replace(base, parameters=_shown(base.name, base.origin, base.payload).plan(parameters))


def _pickle(found: Algorithm) -> bytes:
    """Return bytes from which a worker, which may not be able to import its module, makes the algorithm."""
    module = sys.modules.get(found.function.__module__)
    by_value = module is not None and found.function.__module__ != "__main__"
    if by_value:
        cloudpickle.register_pickle_by_value(module)
    try:
        return pack(found)
    except (TypeError, PicklingError) as error:
        raise InvalidValue(
            "algorithm", found.name, f"cannot be sent to workers ({error})", "put it into a file of its own"
        ) from error
    finally:
        if by_value:
            cloudpickle.unregister_pickle_by_value(module)


def _wrapped(function: Callable[..., Any]) -> Any:
    """Return the solver by kind that an algorithm calls, or None."""
    return getattr(function, "__wrapped__", None)


def _origin(name: str) -> str:
    return "shipped" if name in shipped_names() else "installed"


def _registered_as(function: Callable[..., Any]) -> Algorithm:
    for found in (*registered.values(), *known().values()):
        if found.function is function or (found.role == "solver" and _wrapped(found.function) is function):
            return found
    raise InvalidValue(
        "algorithm",
        getattr(function, "__name__", function),
        "is not registered",
        'decorate the function with @onehalf.algorithm("name")',
    )
