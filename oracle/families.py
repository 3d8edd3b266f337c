"""Families of problems by name: those that ship and those that are installed stand in one group of entry points."""

from __future__ import annotations

import importlib.metadata
import inspect
import warnings
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from oracle.errors import InvalidValue
from oracle.problems import Problem

ENTRY_POINTS = "onehalf.problems"


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


def family_parameters(family: str) -> dict[str, inspect.Parameter]:
    """Return the parameters of a family, by name."""
    return dict(inspect.signature(find_family(family)).parameters)


def make_problem(family: str, parameters: Mapping[str, Any]) -> Problem:
    """Return a problem from a family's name and JSON parameters.

    Raises
    ------
    InvalidValue
        If the family or a parameter does not exist, or a value is out of range.
    """
    accepted = family_parameters(family)
    for name, value in parameters.items():
        if name not in accepted:
            raise InvalidValue(
                name, value, f"the {family} family has no such parameter", f"it has {', '.join(accepted)}"
            )
    settled = {k: tuple(v) if isinstance(v, list) else v for k, v in parameters.items()}
    return find_family(family)(**settled)


def default_policy(problem: Problem, preferred: str) -> str:
    """Return the preferred policy of answers where the problem's family has it, else the family's first."""
    return preferred if preferred in problem.policies else problem.policies[0]


def families_of(problem: Problem) -> tuple[str, ...]:
    """Return the problem's family and those whose facts its own facts extend.

    Algorithms made for any of them run on it unchanged: whatever they read of their facts is there.
    """
    kinds = type(problem.facts).__mro__
    return tuple(dict.fromkeys(vars(kind)["family"] for kind in kinds if "family" in vars(kind)))
