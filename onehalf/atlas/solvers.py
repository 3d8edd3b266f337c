"""Which solvers there are: those that ship, and those of a user's file, registered as `onehalf.solver` does."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from algorithms.algorithm import Abstain, Algorithm
from algorithms.described.offers import load_file
from algorithms.solvers.configuration import (
    LASSO,
    LEAST_SQUARES,
    LP,
    Answered,
    Configuration,
    answered,
    heard,
)
from algorithms.solvers.shelf import shipped_solvers
from oracle.errors import InvalidValue
from oracle.instances.kinds import KINDS
from oracle.loading.rehearsal import rehearse, undisturbed
from oracle.sources import digest_sources

SURVEYED = (LP, LASSO, LEAST_SQUARES)


def all_solvers(file: str | None) -> list[Configuration]:
    """Return the solvers that ship, and then those of a file.

    Raises
    ------
    InvalidValue
        If the file has no solver of a kind that is surveyed, or one whose name is taken.
    """
    found = list(shipped_solvers())
    if file is None:
        return found
    taken = {solver.name for solver in found}
    with suppress(OSError):  # a file that is not there is told of below
        rehearse(Path(file), digest_sources(Path(file).resolve()), lambda: load_file(file), "file")
    with undisturbed():
        loaded = load_file(file)
    own = [each for algorithm in loaded.values() for each in _configurations(algorithm)]
    if not own:
        rule = f"registers no solver of a kind that is surveyed ({', '.join(SURVEYED)})"
        raise InvalidValue("file", file, rule, 'decorate one: @onehalf.solver("mine", kinds=["lp"])')
    for solver in own:
        if solver.name in taken:
            raise InvalidValue("solver", solver.name, "is the name of one that ships", "take another")
    return [*found, *own]


def find_solver(name: str, kind: str, file: str | None) -> Configuration:
    """Return the solver of a name for a kind.

    Raises
    ------
    InvalidValue
        If there is none.
    """
    for solver in all_solvers(file):
        if (solver.name, solver.kind) == (name, kind):
            return solver
    raise InvalidValue("solver", name, f"is no solver of kind {kind}", "see onehalf atlas --list")


def _configurations(algorithm: Algorithm) -> list[Configuration]:
    function = getattr(algorithm.function, "__wrapped__", None)
    if function is None:
        return []
    exact = bool(getattr(algorithm.function, "exact", False))
    return [
        Configuration(algorithm.name, kind, _called(function, kind, exact), algorithm.requires)
        for kind in SURVEYED
        if kind in algorithm.families
    ]


def _called(function: Callable[..., Any], kind: str, exact: bool) -> Callable[..., Answered]:
    """Return a user's function as it is called here: by the names of its data; fractions where it takes them."""
    wanted = inspect.signature(function).parameters

    def solve(*arrays: Any) -> Answered:
        named = dict(zip(KINDS[kind].axes, arrays, strict=True))
        given = {
            name: _fractions(value) if exact else value for name, value in named.items() if name in wanted
        }
        if "rng" in wanted:
            given["rng"] = np.random.default_rng(0)
        said: list[bool] = []

        def compute() -> tuple[Any, str]:
            found = function(**given)
            if isinstance(found, Abstain):
                return None, "it abstains"
            if isinstance(found, tuple) and len(found) == 2 and isinstance(found[1], bool | np.bool_):
                said.append(bool(found[1]))
                return found[0], ""
            return found, ""

        by_warnings = heard(compute)
        if not said or by_warnings.x is None:
            return by_warnings
        return answered(
            by_warnings.x, said[0], "says that it succeeded" if said[0] else "says that it failed"
        )

    return solve


def _fractions(value: Any) -> Any:
    if isinstance(value, float):
        return Fraction(value)
    return np.array([Fraction(float(x)) for x in value.reshape(-1)], dtype=object).reshape(value.shape)
