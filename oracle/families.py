"""Families of problems: installed ones by name, others by the file of a user's, and what a record keeps of either."""

from __future__ import annotations

import importlib.metadata
import inspect
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from oracle.errors import InvalidValue, meant
from oracle.instances.data import SUFFIXES, StatedByData, family_from_data
from oracle.loading.rehearsal import rehearse, undisturbed
from oracle.namespaces import SourceChanged, load_trusted, user_place
from oracle.problems import Problem
from oracle.sources import digest_code, digest_sources

ENTRY_POINTS = "onehalf.problems"
SHIPPED, INSTALLED, OBJECT = "shipped", "installed", "object"
_HOME = "onehalf.families."
_THEORY = "docs/theory.md"
_REFUSED_IN_NAMES = set("[]=,:; \n\t")
Family = type[Problem]


@lru_cache(maxsize=1)
def known_families() -> Mapping[str, Family]:
    """Return every installed family by name: those that ship in the order of the theory, and then the others.

    One that cannot be imported, or whose name is taken, is left out with a warning.
    """
    loaded: list[tuple[str, Family]] = []
    for entry in importlib.metadata.entry_points(group=ENTRY_POINTS):
        try:
            family = entry.load() if entry.value.startswith(_HOME) else _tried(entry)
            if not issubclass(family, Problem) or inspect.isabstract(family):
                raise TypeError("is no family of problems")
            loaded.append((entry.value, family))
        except (Exception, SystemExit) as error:
            _leave_out(entry.value, f"cannot be imported: {type(error).__name__}: {error}")
    found: dict[str, Family] = {}
    for value, family in sorted(loaded, key=_order):
        if found.setdefault(family.family, family) is not family:
            _leave_out(value, f"the name {family.family} is taken")
    return found


def _tried(entry: importlib.metadata.EntryPoint) -> Any:
    """Import what is installed beside what ships: in a child first, and then here, where nothing else is left of it."""
    rehearse(Path(entry.value), entry.value, entry.load)
    with undisturbed():
        return entry.load()


def _order(loaded: tuple[str, Family]) -> tuple[bool, bool, str]:
    value, family = loaded
    return not value.startswith(_HOME), not family.theory.startswith(_THEORY), family.theory


def _leave_out(value: str, reason: str) -> None:
    warnings.warn(f"family {value}: {reason}; it is left out", RuntimeWarning, stacklevel=3)


def ships(family: Family) -> bool:
    """Tell whether a family is one of the library's own."""
    return family.__module__.startswith(_HOME) and known_families().get(family.family) is family


def find_family(written: str, folder: Path = Path()) -> Family:
    """Return the family of an installed name, of ``file.py::Name``, or of ``file.py`` where that holds one.

    ``Name`` is the class's or what its `family` says. A relative path is taken from `folder`.

    Raises
    ------
    InvalidValue
        If there is none, or its file cannot be executed.
    """
    path, _, name = written.partition("::")
    if path.endswith((".py", *SUFFIXES)):
        return _in_file(families_in(folder / path), written, name)
    if written not in known_families():
        remedy = f"choose one of {', '.join(known_families())}, or name one of a file's as file.py::Name"
        remedy = meant(written, known_families()) + remedy
        raise InvalidValue("problem", written, "is no family of problems", remedy)
    return known_families()[written]


def families_in(path: Path) -> dict[str, Family]:
    """Return the families that a user's file defines, by the names of their classes, in order.

    Where it defines none, they are those that it imports from beside it. A file of data states one.

    Raises
    ------
    InvalidValue
        If the file is none, cannot be executed, or a family in it has a name that it cannot have.
    """
    file = path.resolve()
    if not file.is_file():
        raise InvalidValue("problem", str(path), "is no file", "give the path of a .py file")
    if file.suffix in SUFFIXES:
        stated = family_from_data(file)
        _check_name(path.name, stated)
        return {stated.__name__: stated}
    try:
        module = load_trusted(path).module
    except InvalidValue:
        raise
    except (Exception, SystemExit) as error:
        reason = f"cannot be loaded: {type(error).__name__}: {error}"
        raise InvalidValue("problem", str(path), reason, "correct the file") from error
    package = module.__name__.partition(".")[0]
    every = {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, Problem)
        and value.__module__.partition(".")[0] == package
        and not _unfinished(value)
    }
    own = {name: value for name, value in every.items() if value.__module__ == module.__name__}
    for name, family in (own or every).items():
        _check_name(f"{path.name}::{name}", family)
    return own or every


def _unfinished(family: Family) -> bool:
    """Tell whether a class is a base of families, which leaves methods to them."""
    return inspect.isabstract(family) and not hasattr(family, "family")


def _in_file(families: Mapping[str, Family], written: str, name: str) -> Family:
    if not families:
        remedy = "derive a class from onehalf.Problem, with a name: family = …"
        raise InvalidValue("problem", written, "holds no family of problems", remedy)
    named = {**{family.family: family for family in families.values()}, **families}
    if name and name not in named:
        raise InvalidValue(
            "problem", written, "is not in that file", f"choose one of {', '.join(families)} there"
        )
    if not name and len(families) > 1:
        remedy = f"name one as file.py::Name of {', '.join(families)}"
        raise InvalidValue("problem", written, "holds more than one family", remedy)
    found = named[name] if name else next(iter(families.values()))
    if missing := sorted(found.__abstractmethods__):
        remedy = "write them (see onehalf.Problem)"
        raise InvalidValue("problem", written, f"lacks what a family has: {', '.join(missing)}", remedy)
    return found


def _check_name(written: str, family: Family) -> None:
    name = getattr(family, "family", None)
    if not isinstance(name, str) or not name or set(name) & _REFUSED_IN_NAMES:
        rule = f"its name is {name!r}, not text without brackets, commas, colons or spaces"
        raise InvalidValue("problem", written, rule, 'write for example family = "sign"')
    if not inspect.isabstract(family) and not getattr(family, "policies", ()):
        rule = "says of no policy how its oracles may answer"
        raise InvalidValue("problem", written, rule, 'write for example policies = ("honest", "blind")')
    if name in known_families() and ships(known_families()[name]):
        rule = f"takes the name {name} of a family that ships, and its records would be taken for that one's"
        raise InvalidValue("problem", written, rule, "let `family` in it say another name")


def family_parameters(family: str | Family, folder: Path = Path()) -> dict[str, inspect.Parameter]:
    """Return the parameters of a family, by name."""
    found = find_family(family, folder) if isinstance(family, str) else family
    return dict(inspect.signature(found).parameters)


def make_problem(
    family: str | Family, parameters: Mapping[str, Any] | None = None, folder: Path = Path()
) -> Problem:
    """Return a problem from a family (or what `find_family` takes) and JSON parameters.

    Raises
    ------
    InvalidValue
        If the family or a parameter does not exist, or a value is out of range.
    """
    found = find_family(family, folder) if isinstance(family, str) else family
    given = parameters or {}
    accepted = family_parameters(found)
    for name, value in given.items():
        if name not in accepted:
            raise InvalidValue(
                name,
                value,
                f"the {found.family} family has no such parameter",
                f"{meant(name, accepted)}it has {', '.join(accepted)}",
            )
    try:
        return found(**{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})
    except InvalidValue:
        raise
    except Exception as error:
        rule = f"cannot be made with {dict(given)} ({type(error).__name__}: {error})"
        raise InvalidValue("problem", found.family, rule, "correct the parameters, or the family") from error


def origin_of(problem: Problem | Family) -> str:
    """Return where a problem's family comes from: what `family_at` finds it by.

    Returns
    -------
    str
        "shipped", "installed", a file's absolute path with ``::Name``, or "object" for a class of the running program.
    """
    family = _class_of(problem)
    if known_families().get(getattr(family, "family", "")) is family:
        return SHIPPED if ships(family) else INSTALLED
    found = _placed(family)
    return f"{found[0]}::{found[1]}" if found else OBJECT


def digest_of(problem: Problem | Family) -> str:
    """Return the SHA-256 of a family's source, with the modules beside it that it imports; "" for one that ships.

    Of a class without a file, such as a notebook's, it is the digest of its code.
    """
    family = _class_of(problem)
    return "" if ships(family) else _digest(family)


@lru_cache(maxsize=256)
def _digest(family: Family) -> str:
    if found := _placed(family):
        return found[2]
    try:
        file = inspect.getsourcefile(family)
        return digest_sources(Path(file or ""))
    except (OSError, TypeError):
        classes = [kind for kind in family.__mro__ if issubclass(kind, Problem) and kind is not Problem]
        return digest_code(*(value for kind in classes for _, value in sorted(vars(kind).items())))


def _class_of(problem: Problem | Family) -> Family:
    return problem if isinstance(problem, type) else type(problem)


def _placed(family: Family) -> tuple[str, str, str] | None:
    """Return file, name and digest of a class in a user's file, by which any process finds it again."""
    if issubclass(family, StatedByData):
        return family.data_file, family.__name__, family.data_digest
    place = user_place(family.__module__)
    if place is None or "." in family.__qualname__:
        return None
    file, digest, _ = place
    package = family.__module__.partition(".")[0]
    modules = {name: module for name, module in sys.modules.items() if name.startswith(f"{package}.")}
    for module in modules.values():
        if module.__file__ == file and family in vars(module).values():
            return file, next(name for name, value in vars(module).items() if value is family), digest
    own: Any = modules.get(family.__module__)
    if own is None or own.__file__ == file:
        return file, family.__qualname__, digest
    return own.__file__, family.__qualname__, digest_sources(Path(own.__file__))


def family_at(origin: str, name: str, digest: str = "") -> Family:
    """Return the family of a record.

    Parameters
    ----------
    origin : str
        As `origin_of` wrote it.
    name : str
        What the family calls itself.
    digest : str
        As `digest_of` wrote it; "" for whatever is there.

    Raises
    ------
    InvalidValue
        If it is missing, or is no longer what it was; the sentence names file and digest.
    """
    if origin == OBJECT:
        rule = "was defined inside the program that ran it, so it cannot be loaded again"
        raise InvalidValue("problem", name, rule, "put it into a file, and name it as file.py::Name")
    if origin in (SHIPPED, INSTALLED):
        if name not in known_families():
            raise InvalidValue("problem", name, f"is not installed here{_with(digest)}", "install it")
        found = known_families()[name]
        if digest and digest_of(found) != digest:
            rule = f"is installed here in another version than that of the record{_with(digest)}"
            raise InvalidValue("problem", name, rule, "install that version")
        return found
    path = Path(origin.rpartition("::")[0] or origin)
    if not path.is_file():
        raise InvalidValue("problem", name, f"{path}{_with(digest)} is missing", "put the file there")
    if path.suffix in SUFFIXES:
        return family_from_data(path, digest)
    try:
        load_trusted(path, digest)
    except InvalidValue:
        raise
    except SourceChanged as error:
        raise InvalidValue("problem", name, str(error), "put back the file that ran") from error
    except (Exception, SystemExit):
        pass  # what is wrong with it is told below
    return find_family(origin)


def _with(digest: str) -> str:
    return f" (SHA-256 {digest[:12]}…)" if digest else ""


def made_for(names: Sequence[str]) -> tuple[Family, ...]:
    """Return the installed families of these names; for a kind of task, the one that is least besides.

    Without a name it is the first of those that ship.

    Raises
    ------
    InvalidValue
        If no installed family has one of the names or is of that kind.
    """
    if not names:
        return (next(iter(known_families().values())),)
    return tuple(
        known_families()[n] if n in known_families() else find_family((of_kind(n) or [n])[0]) for n in names
    )


def of_kind(name: str) -> list[str]:
    """Return the names of the installed families that are of a kind of task, those that are least besides first."""
    told = _told_of_installed()
    return sorted((other for other in told if name in told[other]), key=lambda other: len(told[other]))


@lru_cache(maxsize=1)
def _told_of_installed() -> dict[str, tuple[str, ...]]:
    found = {}
    for name, family in known_families().items():
        try:
            found[name] = families_of(family())
        except Exception:
            found[name] = (name,)  # with no parameters given there is no problem, and no facts to look at
    return found


def default_policy(problem: Problem, preferred: str) -> str:
    """Return the preferred policy of answers where the problem's family has it, else the family's first."""
    return preferred if preferred in problem.policies else problem.policies[0]


def families_of(problem: Problem) -> tuple[str, ...]:
    """Return the problem's family, those whose facts its own facts extend, and the kinds of task that it is.

    Algorithms made for any of them run on it unchanged: whatever they read of their facts is there.
    """
    facts = problem.facts
    return tuple(dict.fromkeys([problem.family, *_told(type(facts)), *facts.kinds]))


def _told(facts: type) -> Iterator[str]:
    for kind in facts.__mro__:
        if vars(kind).get("family"):
            yield vars(kind)["family"]
    for kind in facts.__mro__:
        yield from vars(kind).get("kinds", ())
