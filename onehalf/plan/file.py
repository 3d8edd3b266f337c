"""Experiment files: TOML in, a plan out."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from algorithms.parameters.spelling import split_parameters
from algorithms.registry import resolve_all
from onehalf.plan.experiment import Cell, Experiment, cells_of
from onehalf.plan.memory import read_memory
from onehalf.plan.rule import read_until
from oracle.errors import InvalidValue
from oracle.families import find_family, make_problem
from oracle.namespaces import place_named
from oracle.problems import Problem
from oracle.session import Budget

_TOP = ("name", "seed", "trials", "until", "budget", "sealed", "sandbox", "memory", "cells")
_CELL = (
    "group",
    "problem",
    "oracle",
    "algorithms",
    "trials",
    "until",
    "budget",
    "sealed",
    "sandbox",
    "memory",
)


def read_experiment(path: str | Path) -> Experiment:
    """Return the experiment that a TOML file describes (docs/experiment-files.md).

    Relative paths of plugins and programs are taken from the file's directory.

    Raises
    ------
    InvalidValue
        If the file cannot be read, or something in it is misspelt or out of range.
    """
    path = Path(path)
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidValue(
            "file", str(path), f"cannot be read ({error.strerror})", "check the path"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidValue("file", str(path), f"is no TOML ({error})", "correct the line") from error
    _only(written, _TOP, str(path))
    cells = written.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise InvalidValue("cells", cells, "must be one or more tables", "write [[cells]]")
    made = [cell for table in cells for cell in _cells(table, written, path.parent)]
    return Experiment(written.get("name", path.stem), written.get("seed", 1), tuple(made))


def _cells(table: Mapping[str, Any], defaults: Mapping[str, Any], folder: Path) -> Iterator[Cell]:
    _only(table, _CELL, "[[cells]]")
    for name in ("problem", "oracle", "algorithms"):
        if name not in table:
            raise InvalidValue("cells", dict(table), f"has no {name}", f"give it one: {name} = …")
    problems = list(problems_of(table["problem"], folder))
    specs = [spec for a in _listed("algorithms", table["algorithms"]) for spec in resolve_all(a, folder)]
    sandbox = table.get("sandbox", defaults.get("sandbox", False))
    for budget in _budgets(defaults, table):
        yield from cells_of(
            problems,
            _listed("oracle", table["oracle"]),
            specs,
            table.get("trials", defaults.get("trials", 200)),
            budget,
            table.get("group", ""),
            read_until(table.get("until", defaults.get("until"))),
            table.get("sealed", defaults.get("sealed", sandbox is True)),
            read_memory(table.get("memory", defaults.get("memory"))),
            sandbox,
        )


def _budgets(*tables: Mapping[str, Any]) -> Iterator[Budget]:
    """Yield the grid of budgets that tables ask for, the last one's entries going first."""
    limits = {name: value for table in tables for name, value in _budget(table).items()}
    _only(limits, ("digits", "seconds"), "budget")
    for values in itertools.product(*(_listed(name, value) for name, value in limits.items())):
        yield Budget(**dict(zip(limits, values, strict=True)))


def _budget(table: Mapping[str, Any]) -> dict[str, Any]:
    limits = table.get("budget", {})
    if not isinstance(limits, dict):
        raise InvalidValue(
            "budget", limits, "must be a table", "write budget = { digits = 10000, seconds = 60 }"
        )
    return limits


def problems_given(problem: Any) -> list[Problem]:
    """Return the problems that a function of `onehalf` is handed: one, its text, or a sequence of either.

    Raises
    ------
    InvalidValue
        If one is no problem, such as a class instead of an instance, or is misspelt.
    """
    if isinstance(problem, PathLike):
        problem = fspath(problem)
    if not isinstance(problem, Problem | str | type | Iterable):
        remedy = 'give an instance, its text such as "training[exponent=53]", or a list of these'
        raise InvalidValue("problem", problem, "is no problem", remedy)
    several = [problem] if isinstance(problem, Problem | str | Mapping | type) else list(problem)
    return [found for one in several for found in ([one] if isinstance(one, Problem) else problems_of(one))]


def problems_of(written: Any, folder: Path = Path()) -> Iterator[Problem]:
    """Yield the problems of ``{family = "training", exponent = [46, 47]}`` or ``"training[exponent=[46,47]]"``.

    Lists are a grid. A family is an installed one or ``file.py::Name``; its file's relative path, and that of what a
    parameter names in a file, is taken from `folder`.
    """
    if isinstance(written, type):
        rule = "is a class, and a problem is an instance of one"
        raise InvalidValue("problem", written.__name__, rule, f"write {written.__name__}()")
    if isinstance(written, str):
        family, table = split_parameters(written)
    else:
        table = dict(written) if isinstance(written, Mapping) else {}
        family = table.pop("family", None)
    if not isinstance(family, str):
        raise InvalidValue("problem", written, "names no family", 'write problem = { family = "training" }')
    kind = find_family(family, folder)
    choices = [[(name, value) for value in _choices(kind, name, value)] for name, value in table.items()]
    for combination in itertools.product(*choices):
        parameters = dict(combination)
        for name in kind.files:
            if isinstance(parameters.get(name), str):
                parameters[name] = place_named(parameters[name], folder)
        yield make_problem(kind, parameters)


def _choices(kind: type[Problem], name: str, value: Any) -> list[Any]:
    """Return the values of one parameter: a list is a grid, but of lists where the parameter itself is one."""
    if name in kind.lists and isinstance(value, list) and not any(isinstance(item, list) for item in value):
        return [value]
    return _listed(name, value)


def _listed(name: str, value: Any) -> list[Any]:
    if value == []:
        raise InvalidValue(
            name, value, "a grid has at least one value", f"name one or more, or leave {name} out"
        )
    return list(value) if isinstance(value, list) else [value]


def _only(table: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
    for name in table:
        if name not in allowed:
            raise InvalidValue(
                name, table[name], f"{where} has no such entry", f"it has {', '.join(allowed)}"
            )
