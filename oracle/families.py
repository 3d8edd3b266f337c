"""The problem families by name."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from oracle.errors import InvalidValue
from oracle.linear import LinearProgram
from oracle.problem import Problem
from oracle.simplex import Simplex
from oracle.stability import Stability
from oracle.training import AlternatingTraining

FAMILIES: dict[str, type[Problem]] = {
    family.family: family for family in (AlternatingTraining, LinearProgram, Simplex, Stability)
}


def family_parameters(family: str) -> dict[str, inspect.Parameter]:
    """Return the parameters of a family, by name."""
    if family not in FAMILIES:
        raise InvalidValue(
            "problem", family, "is no family of problems", f"choose one of {', '.join(FAMILIES)}"
        )
    return dict(inspect.signature(FAMILIES[family]).parameters)


def make_problem(family: str, parameters: Mapping[str, Any]) -> Problem:
    """Return a problem from a family's name and JSON parameters.

    Raises
    ------
    InvalidValue
        If the family or a parameter does not exist, or a value is out of range.
    """
    known = family_parameters(family)
    for name, value in parameters.items():
        if name not in known:
            raise InvalidValue(
                name, value, f"the {family} family has no such parameter", f"it has {', '.join(known)}"
            )
    settled = {k: tuple(v) if isinstance(v, list) else v for k, v in parameters.items()}
    return FAMILIES[family](**settled)


def default_policy(problem: Problem, preferred: str) -> str:
    """Return the preferred policy of answers where the problem's family has it, else the family's first."""
    return preferred if preferred in problem.policies else problem.policies[0]


def families_of(problem: Problem) -> tuple[str, ...]:
    """Return the problem's family and those whose facts its own facts extend.

    Algorithms made for any of them run on it unchanged: whatever they read of their facts is there.
    """
    kinds = type(problem.facts).__mro__
    return tuple(dict.fromkeys(vars(kind)["family"] for kind in kinds if "family" in vars(kind)))
