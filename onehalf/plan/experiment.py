"""The plan of an experiment: cells with their numbers of trials, made before anything runs, as data one can print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from algorithms.parameters.spelling import names_apart
from algorithms.registry import Spec, find, in_file, known, resolve_all, same_source
from analysis.wording import budgets_told
from onehalf.plan.memory import read_memory, spell_memory
from onehalf.plan.rule import Until, read_until
from onehalf.plan.seeds import stream_key
from onehalf.plan.texts import require_printable
from oracle.errors import InvalidValue
from oracle.families import SHIPPED, digest_of, family_at, make_problem, origin_of
from oracle.problems import ANSWERS, Problem, require_sound
from oracle.session import Budget


@dataclass(frozen=True)
class Cell:
    """Problem × oracle × algorithm × parameters, with its number of trials.

    Attributes
    ----------
    problem : Problem
        A family with its parameters.
    policy : str
        The oracle's policy of answers.
    spec : Spec
        The algorithm.
    trials : int
        Planned trials, each of them in the denominator.
    budget : Budget
        Digits and seconds a run may use.
    group : str
        A heading in the report.
    log : bool
        Whether the distinct questions of every run are stored (a certificate needs them).
    until : Until or None
        A rule that may stop the cell before its last planned trial.
    sealed : bool
        Whether oracle, ledger and judge are in another process than the algorithm. It changes no result of an
        algorithm that does what it should, so it is no part of the plan: the record keeps it with the trials.
    sandbox : bool
        Whether files and sockets are kept from the algorithm, which is then sealed; no part of the plan either.
    memory : int or None
        Bytes that a process may take beside what it has when the algorithm is called; no part of the plan either.
    """

    problem: Problem
    policy: str
    spec: Spec
    trials: int
    budget: Budget = field(default_factory=Budget)
    group: str = ""
    log: bool = False
    until: Until | None = None
    sealed: bool = False
    memory: int | None = None
    sandbox: bool = False

    def __post_init__(self) -> None:
        require_sound(self.problem, self.policy)
        if not isinstance(self.trials, int) or isinstance(self.trials, bool) or self.trials < 1:
            raise InvalidValue(
                "trials", self.trials, "must be a whole number of at least 1", "take 1 or more"
            )
        for name, value in (("sealed", self.sealed), ("sandbox", self.sandbox)):
            if not isinstance(value, bool):
                raise InvalidValue(name, value, "must be true or false", f"write for example {name} = true")
        if self.sandbox and not self.sealed:
            raise InvalidValue("sandbox", True, "is for sealed trials", "write sealed = true as well")
        if not isinstance(self.group, str):
            raise InvalidValue(
                "group", self.group, "must be text", 'write for example group = "At the barrier"'
            )
        if self.memory is not None:
            read_memory(self.memory)
        self.spec.require_suited(self.problem)

    def noted(self, status: str, note: str) -> str:
        """Return what is noted of a run, with the limit of memory where it may be why the run ended so."""
        if self.memory is None or status not in ("error", "crashed"):
            return note
        return f"{note} (it could take {spell_memory(self.memory)} of memory)"

    @cached_property
    def coordinates(self) -> dict[str, Any]:
        """The named coordinates that identify the cell, and from which its seeds derive."""
        return {
            "family": self.problem.family,
            "parameters": dict(self.problem.parameters()),
            "oracle": self.policy,
            "algorithm": self.spec.name,
            "algorithm_parameters": dict(self.spec.parameters),
        }

    def positions(self, names: Sequence[str]) -> list[int]:
        """Return the places of the named inputs among the problem's."""
        order = [member.name for member in self.problem.inputs]
        return [order.index(name) for name in names]

    @property
    def label(self) -> str:
        """One line that names the cell."""
        return f"{self.spec.label} · {self.policy} · {describe(self.problem)}"

    def as_json(self) -> dict[str, Any]:
        """Return the cell as JSON values, enough to make it again."""
        return {
            **self.coordinates,
            "trials": self.trials,
            "budget": {"digits": self.budget.digits, "seconds": self.budget.seconds},
            "group": self.group,
            "log": self.log,
            "until": None if self.until is None else self.until.as_json(),
            "origin": self.spec.origin,
            "digest": self.spec.digest,
            "problem_digest": self.problem.digest(),
            "family_origin": origin_of(self.problem),
            "family_digest": digest_of(self.problem),
        }


def labels_of(cells: Sequence[tuple[Problem, str, str, str, str]], budgets: Sequence[Budget]) -> list[str]:
    """Return a line for each cell that names it beside the others, as `Experiment.labels` does.

    Parameters
    ----------
    cells : sequence of (Problem, str, str, str, str)
        Problem, policy, and the algorithm's name, label and digest.
    budgets : sequence of Budget
        One for each cell.
    """
    names = names_apart([(name, digest) for _, _, name, _, digest in cells])
    kinds: dict[tuple[str, str], list[int]] = {}
    for index, (cell, name) in enumerate(zip(cells, names, strict=True)):
        kinds.setdefault((cell[0].family, name), []).append(index)
    told: dict[int, str] = {}
    for members in kinds.values():
        words = budgets_told([(budgets[i].digits, budgets[i].seconds) for i in members])
        told.update(zip(members, words, strict=True))
    return [
        " · ".join(filter(None, (known + label[len(name) :], policy, describe(problem), told[index])))
        for index, (known, (problem, policy, name, label, _)) in enumerate(zip(names, cells, strict=True))
    ]


def describe(problem: Problem) -> str:
    """Return the parameters of a problem that differ from their defaults, always with those that matter most."""
    try:
        defaults = type(problem)().parameters()
    except Exception:
        defaults = {}  # a family may have parameters without a default
    asked = {axis.name for axis in problem.axes if axis.kind != ANSWERS}
    shown = {
        k: v for k, v in problem.parameters().items() if k in asked or k not in defaults or v != defaults[k]
    }
    return " ".join([problem.family, *(f"{k}={v}" for k, v in shown.items())])


@dataclass(frozen=True)
class Experiment:
    """A list of cells under one name and one root seed."""

    name: str
    seed: int
    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise InvalidValue("name", self.name, "must be text", 'write for example name = "barrier"')
        if not isinstance(self.seed, int) or isinstance(self.seed, bool) or self.seed < 0:
            raise InvalidValue(
                "seed", self.seed, "must be a whole number of at least 0", "take for example 1"
            )
        if not self.cells:
            raise InvalidValue(
                "cells", [], "an experiment has at least one cell", "name a problem and an algorithm"
            )
        require_printable("name", self.name)
        seen: set[str] = set()
        for cell in self.cells:
            require_printable("group", cell.group)
            for name, value in cell.coordinates.items():
                require_printable(name, value)
            sources = cell.spec.digest, cell.problem.digest(), digest_of(cell.problem)
            mark = repr((sorted(cell.coordinates.items()), cell.budget, sources))
            if mark in seen:
                raise InvalidValue("cells", cell.label, "stands twice in the experiment", "leave one out")
            seen.add(mark)

    @property
    def directory(self) -> Path:
        """Where a command keeps it that is not told where: results/NAME, never outside of results.

        Raises
        ------
        InvalidValue
            If its name is no folder's.
        """
        if self.name in ("", ".", "..") or set(self.name) & set("/\\") or not self.name.isprintable():
            raise InvalidValue(
                "name",
                self.name,
                'names no folder in results: it is empty, "." or "..", or holds "/", "\\" or a control character',
                "change it, or name a directory with --out",
            )
        return Path("results") / self.name

    @property
    def planned(self) -> int:
        """The number of planned trials."""
        return sum(cell.trials for cell in self.cells)

    @cached_property
    def labels(self) -> list[str]:
        """A line that names each cell.

        It has the cell's budget where cells of one algorithm on a family differ in that, and a part of the digest of
        an algorithm that has another's name.
        """
        return labels_of(
            [
                (cell.problem, cell.policy, cell.spec.name, cell.spec.label, cell.spec.digest)
                for cell in self.cells
            ],
            [cell.budget for cell in self.cells],
        )

    def keys(self) -> list[tuple[int, int]]:
        """Return the stream key of every cell."""
        return [stream_key(self.seed, cell.coordinates) for cell in self.cells]

    def as_json(self) -> dict[str, Any]:
        """Return the experiment as JSON values."""
        return {"name": self.name, "seed": self.seed, "cells": [cell.as_json() for cell in self.cells]}


def experiment_from_json(written: Mapping[str, Any]) -> Experiment:
    """Return the experiment that `Experiment.as_json` wrote, with whatever sources are there now.

    Raises
    ------
    InvalidValue
        If an algorithm or a family is no longer to be found.
    """
    return Experiment(written["name"], written["seed"], tuple(map(cell_from_json, written["cells"])))


def cell_from_json(written: Mapping[str, Any]) -> Cell:
    """Return the cell that `Cell.as_json` wrote.

    Raises
    ------
    InvalidValue
        If its algorithm or its family is no longer to be found; the sentence names file and digest.
    """
    budget = Budget(written["budget"]["digits"], written["budget"]["seconds"])
    return Cell(
        problem_from_json(written),
        written["oracle"],
        _spec_from_json(written),
        written["trials"],
        budget,
        written["group"],
        written["log"],
        read_until(written["until"]),
    )


def problem_from_json(written: Mapping[str, Any]) -> Problem:
    """Return the problem of the cell that `Cell.as_json` wrote.

    Raises
    ------
    InvalidValue
        If its family, or what its parameters name in a file, is no longer to be found, or is another than what was
        planned.
    """
    origin, digest = written.get("family_origin", SHIPPED), written.get("family_digest", "")
    problem = make_problem(family_at(origin, written["family"], digest), written["parameters"])
    recorded, present = written["problem_digest"], problem.digest()
    if recorded != present:
        rule = f"a file that its parameters name has changed: its SHA-256 was {recorded[:12]}…, is {present[:12]}…"
        raise InvalidValue("problem", problem.family, rule, "put back the file that ran")
    return problem


def require_same_source(cell: Cell, written: Mapping[str, Any]) -> None:
    """Raise `InvalidValue` if a cell's algorithm is not of the source with which the cell was written down."""
    spec, recorded = cell.spec, written["digest"]
    if not same_source(spec.name, spec.origin, recorded, spec.digest):
        what = f"its source has changed since it ran: SHA-256 of {spec.origin} was {recorded[:12]}…"
        raise InvalidValue(
            "algorithm", spec.name, f"{what}, is {spec.digest[:12]}…", "put back the source that ran"
        )


def _spec_from_json(written: Mapping[str, Any]) -> Spec:
    name, origin, digest = written["algorithm"], written["origin"], f"(SHA-256 {written['digest'][:12]}…)"
    if origin == "object":
        raise InvalidValue(
            "algorithm",
            name,
            f"was defined inside the program that ran it {digest}, so it cannot be loaded again",
            "run it from a file: onehalf run, or algorithms=['file.py::name']",
        )
    if in_file(origin) and not Path(origin).is_file():
        raise InvalidValue("algorithm", name, f"its file {origin} {digest} is missing", "put the file there")
    if origin == "installed" and name not in known():
        raise InvalidValue(
            "algorithm", name, f"is no longer installed {digest}", "install the plugin that has it"
        )
    return find(name, origin, written["algorithm_parameters"])


def cells_of(
    problems: Sequence[Problem],
    policies: Sequence[str],
    algorithms: Sequence[Any],
    trials: int,
    budget: Budget | None = None,
    group: str = "",
    until: Until | None = None,
    sealed: bool = False,
    memory: int | None = None,
    sandbox: bool = False,
) -> Iterator[Cell]:
    """Yield the grid of cells problems × policies × algorithms; lists of parameters' values expand, too."""
    specs = [spec for a in algorithms for spec in resolve_all(a)]
    for problem in problems:
        for policy in policies:
            for spec in specs:
                limits = budget or Budget()
                yield Cell(
                    problem,
                    policy,
                    spec,
                    trials,
                    limits,
                    group,
                    until=until,
                    sealed=sealed,
                    memory=memory,
                    sandbox=sandbox,
                )
