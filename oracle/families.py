"""Families of problems by name: those that ship and those that are installed stand in one group of entry points."""

from __future__ import annotations

import importlib.metadata
import inspect
import warnings
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from oracle.errors import InvalidValue
from oracle.namespaces import SourceChanged, load_module, place_of
from oracle.problems import Problem
from oracle.sources import digest_sources

ENTRY_POINTS = "onehalf.problems"
SHIPPED, INSTALLED, OBJECT = "shipped", "installed", "object"
_HOME = "onehalf.families."


@lru_cache(maxsize=1)
def known() -> Mapping[str, type[Problem]]:
    """Return every installed family by name; one that cannot be imported is left out with a warning."""
    found: dict[str, type[Problem]] = {}
    for entry in importlib.metadata.entry_points(group=ENTRY_POINTS):
        try:
            family = entry.load()
        except Exception as error:
            reason = f"cannot be imported: {type(error).__name__}: {error}"
            warnings.warn(f"family {entry.value}: {reason}; it is left out", RuntimeWarning, stacklevel=2)
            continue
        found[family.family] = family
    return found


def find_family(name: str) -> type[Problem]:
    """Return the family of a name.

    Raises
    ------
    InvalidValue
        If there is none.
    """
    if name not in known():
        raise InvalidValue("problem", name, "is no family of problems", f"choose one of {', '.join(known())}")
    return known()[name]


def family_parameters(family: str | type[Problem]) -> dict[str, inspect.Parameter]:
    """Return the parameters of a family, by name."""
    return dict(inspect.signature(find_family(family) if isinstance(family, str) else family).parameters)


def make_problem(family: str | type[Problem], parameters: Mapping[str, Any]) -> Problem:
    """Return a problem from a family, or its name, and JSON parameters.

    Raises
    ------
    InvalidValue
        If the family or a parameter does not exist, or a value is out of range.
    """
    found = find_family(family) if isinstance(family, str) else family
    accepted = family_parameters(found)
    for name, value in parameters.items():
        if name not in accepted:
            raise InvalidValue(
                name,
                value,
                f"the {found.family} family has no such parameter",
                f"it has {', '.join(accepted)}",
            )
    settled = {k: tuple(v) if isinstance(v, list) else v for k, v in parameters.items()}
    return found(**settled)


def origin_of(problem: Problem) -> str:
    """Return where a problem's family comes from: what `family_at` finds it by.

    Returns
    -------
    str
        "shipped", "installed", a file's absolute path with ``::Name``, or "object" for a class of the running program.
    """
    family = type(problem)
    if known().get(family.family) is family:
        return SHIPPED if family.__module__.startswith(_HOME) else INSTALLED
    place = place_of(family.__module__)
    return f"{place[0]}::{family.__qualname__}" if place else OBJECT


def digest_of(problem: Problem) -> str:
    """Return the SHA-256 of a family's source, with the modules beside it that it imports; "" for one that ships."""
    family = type(problem)
    place = place_of(family.__module__)
    if family.__module__.startswith(_HOME):
        return ""
    if place:
        return place[1]
    try:
        return digest_sources(Path(inspect.getsourcefile(family) or ""))
    except (OSError, TypeError):
        return ""


def family_at(origin: str, name: str, digest: str = "") -> type[Problem]:
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
        if name not in known():
            told = f" (SHA-256 {digest[:12]}…)" if digest else ""
            raise InvalidValue("problem", name, f"is not installed here{told}", "install it")
        return known()[name]
    path, _, wanted = origin.rpartition("::")
    if not Path(path).is_file():
        raise InvalidValue(
            "problem", name, f"{path} (SHA-256 {digest[:12]}…) is missing", "put the file there"
        )
    try:
        found: type[Problem] = getattr(load_module(Path(path), digest).module, wanted)
    except SourceChanged as error:
        raise InvalidValue("problem", name, str(error), "put back the file that ran") from error
    return found


def default_policy(problem: Problem, preferred: str) -> str:
    """Return the preferred policy of answers where the problem's family has it, else the family's first."""
    return preferred if preferred in problem.policies else problem.policies[0]


def families_of(problem: Problem) -> tuple[str, ...]:
    """Return the problem's family and those whose facts its own facts extend.

    Algorithms made for any of them run on it unchanged: whatever they read of their facts is there.
    """
    kinds = type(problem.facts).__mro__
    return tuple(dict.fromkeys(vars(kind)["family"] for kind in kinds if "family" in vars(kind)))
