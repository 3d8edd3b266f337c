"""What a directory says of its experiment, read without the sources of its algorithms and families.

A manifest holds the plan, enough to run it again where the sources are at hand, and beside it a description of each
cell: what a report says of it and only its algorithm or its family knows. It is written when the plan is, so that it
is of what was run.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from algorithms.dependencies import dependency_versions
from algorithms.parameters.spelling import spell
from onehalf.plan.experiment import (
    Cell,
    Experiment,
    cell_from_json,
    labels_of,
    problem_from_json,
    require_same_source,
)
from onehalf.plan.rule import Until, read_until
from oracle.errors import InvalidValue
from oracle.problems import Axis, Bound, Certified, Problem
from oracle.session import Budget

CELLS = "cells"


@dataclass(frozen=True)
class Described:
    """A cell as its directory tells it.

    Attributes
    ----------
    label : str
        One line that names it.
    family, parameters, policy, trials, budget, group, until
        As of `onehalf.plan.experiment.Cell` and its problem.
    name, algorithm : str
        The algorithm's registered name, and that with the parameters that were given.
    settled : dict
        The algorithm's parameters, those that were not given at their defaults.
    role : str
        Of the algorithm.
    inputs : tuple of str
        Names of the problem's inputs, in the order in which they were run.
    bound : Bound
        What limits success.
    axes : tuple of Axis
        Of the problem's family.
    outputs : str
        What the family calls right outputs.
    statement : str
        The problem in full; "" where the directory was written before it was kept.
    story : bool
        Whether the family adds something to a report.
    closeness : int or None
        e of the inputs' distance 2^-e, where it is told.
    over_reading : float or None
        Probability of reading past the coupling, where the algorithm knows it.
    certified : bool
        Whether outputs are assessed in a second pass.
    versions : mapping
        By name, of the distributions on which the algorithm rests.
    written : mapping
        The cell as the plan has it (`Cell.as_json`), by which its sources are found.
    at_hand : Problem or None
        The problem, where the program that ran the cell asks.
    """

    label: str
    family: str
    parameters: Mapping[str, Any]
    policy: str
    trials: int
    budget: Budget
    group: str
    until: Until | None
    name: str
    algorithm: str
    settled: Mapping[str, Any]
    role: str
    inputs: tuple[str, ...]
    bound: Bound
    axes: tuple[Axis, ...]
    outputs: str
    statement: str
    story: bool
    closeness: int | None
    over_reading: float | None
    certified: bool
    versions: Mapping[str, str]
    written: Mapping[str, Any]
    at_hand: Problem | None = field(default=None, compare=False, repr=False)

    @property
    def coordinates(self) -> dict[str, Any]:
        """The named coordinates that identify the cell, and from which its seeds derive."""
        names = ("family", "parameters", "oracle", "algorithm", "algorithm_parameters")
        return {name: self.written[name] for name in names}

    @cached_property
    def problem(self) -> Problem:
        """The problem itself, made by its family.

        Raises
        ------
        InvalidValue
            If the family is not at hand; the sentence names file and digest.
        """
        return self.at_hand or problem_from_json(self.written)

    def cell(self) -> Cell:
        """Return the cell as it can be run.

        Raises
        ------
        InvalidValue
            If its algorithm or its family is not at hand; the sentence names file and digest.
        """
        return cell_from_json(self.written)


@dataclass(frozen=True)
class Recorded:
    """An experiment as its directory tells it.

    Attributes
    ----------
    name, seed
        As of `onehalf.plan.experiment.Experiment`.
    cells : tuple of Described
    notes : tuple of str
        Sentences on what is not known of the cells; empty for what this release wrote.
    """

    name: str
    seed: int
    cells: tuple[Described, ...]
    notes: tuple[str, ...] = ()

    @property
    def planned(self) -> int:
        """The number of planned trials."""
        return sum(cell.trials for cell in self.cells)


def description(experiment: Experiment) -> list[dict[str, Any]]:
    """Return what a manifest says of each cell beside the plan, as JSON values.

    Raises
    ------
    InvalidValue
        If an algorithm's own word on how far it reads fails.
    """
    versions = {cell.spec: dependency_versions(cell.spec) for cell in experiment.cells}
    return [
        {
            "label": label,
            "algorithm": cell.spec.label,
            **_of_problem(cell.problem, cell.policy),
            **_of_algorithm(cell),
            "versions": versions[cell.spec],
        }
        for cell, label in zip(experiment.cells, experiment.labels, strict=True)
    ]


def recorded(manifest: Mapping[str, Any]) -> Recorded:
    """Return the experiment of a manifest.

    A manifest of release 0.1 describes no cells; its descriptions are made of the families and algorithms that are at
    hand, and of an algorithm that is not, or is another by now, no role and no defaults are known.

    Raises
    ------
    InvalidValue
        If the manifest is of release 0.1 and one of its families is not at hand.
    """
    plan = manifest["experiment"]
    described, notes = manifest.get(CELLS), dict[str, None]()
    if described is None:
        described = _derived(plan["cells"], notes)
    cells = tuple(_read(written, told) for written, told in zip(plan["cells"], described, strict=True))
    return Recorded(plan["name"], plan["seed"], cells, tuple(notes))


def _of_problem(problem: Problem, policy: str) -> dict[str, Any]:
    bound = problem.bound(policy)
    return {
        "inputs": [member.name for member in problem.inputs],
        "bound": _written_bound(bound),
        "axes": [asdict(axis) for axis in problem.axes],
        "outputs": problem.outputs,
        "statement": in_full(type(problem)),
        "story": bool(problem.story),
        "closeness": problem.closeness if any(m.exponent is not None for m in problem.inputs) else None,
        "certified": isinstance(problem, Certified),
    }


def in_full(family: type[Problem]) -> str:
    """Return what a family says of its problem to a reader who has the report alone."""
    said = str(getattr(family, "statement", ""))
    return said or (inspect.getdoc(family) or "").partition("\n\nParameters\n")[0].replace("\n", " ")


def _written_bound(bound: Bound) -> dict[str, Any]:
    """Return a bound as JSON values; what is not said of it has no key."""
    written = {
        "theorem": bound.theorem,
        "exclusive": list(bound.exclusive),
        "depth": bound.depth,
        "limit": bound.limit,
    }
    if bound.value is not None:
        written |= {"value": str(bound.value), "weights": [[name, str(q)] for name, q in bound.weights]}
    if bound.halting is not None:
        written["halting"] = str(bound.halting)
    return written | {name: value for name in ("tier", "note") if (value := getattr(bound, name))}


def _read_bound(written: Mapping[str, Any]) -> Bound:
    value, halting = written.get("value"), written.get("halting")
    return Bound(
        written["theorem"],
        tuple(written["exclusive"]),
        written["depth"],
        written["limit"],
        None if value is None else Fraction(value),
        tuple((name, Fraction(q)) for name, q in written.get("weights", ())),
        written.get("tier", ""),
        None if halting is None else Fraction(halting),
        written.get("note", ""),
    )


def _of_algorithm(cell: Cell) -> dict[str, Any]:
    found = cell.spec.described()
    defaults = {name: parameter.default for name, parameter in found.parameters.items()}
    settled = {**defaults, **dict(cell.spec.parameters)}
    bound, known = cell.problem.bound(cell.policy), None
    if found.over_reading is not None and bound.theorem == "1":
        try:
            known = float(found.over_reading(settled, bound.depth))
        except InvalidValue:
            raise
        except Exception as error:
            rule = f"its over_reading fails: {type(error).__name__}: {error}"
            raise InvalidValue("algorithm", found.name, rule, "correct it") from error
    return {"role": found.role, "settled": _plain(settled), "over_reading": known}


def _plain(value: Any) -> Any:
    """Return a parameter's value in JSON's terms; what has none is written as text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "item") and hasattr(value, "dtype"):
        return _plain(value.item())
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _derived(cells: Sequence[Mapping[str, Any]], notes: dict[str, None]) -> list[dict[str, Any]]:
    """Return the descriptions of cells that were written down without, and note what is not known of them."""
    problems = [problem_from_json(written) for written in cells]
    told = [_at_hand(written, notes) for written in cells]
    named = [
        (problem, written["oracle"], written["algorithm"], algorithm["algorithm"], written["digest"])
        for problem, written, algorithm in zip(problems, cells, told, strict=True)
    ]
    labels = labels_of(named, [Budget(**written["budget"]) for written in cells])
    return [
        {"label": label, **_of_problem(problem, written["oracle"]), **algorithm, "versions": {}}
        for label, problem, written, algorithm in zip(labels, problems, cells, told, strict=True)
    ]


def _at_hand(written: Mapping[str, Any], notes: dict[str, None]) -> dict[str, Any]:
    """Return what the algorithm of a cell says of itself, if it is at hand and what it was."""
    try:
        cell = cell_from_json(written)
        require_same_source(cell, written)
    except InvalidValue as error:
        label = spell(written["algorithm"], sorted(written["algorithm_parameters"].items()))
        known = f"The role and the defaults of {label} are not known"
        notes[f"{known}, as release 0.1 did not write them down: {error}"] = None
        return {
            "algorithm": label,
            "role": "",
            "settled": dict(written["algorithm_parameters"]),
            "over_reading": None,
        }
    return {"algorithm": cell.spec.label, **_of_algorithm(cell)}


def _read(written: Mapping[str, Any], told: Mapping[str, Any]) -> Described:
    return Described(
        label=told["label"],
        family=written["family"],
        parameters=written["parameters"],
        policy=written["oracle"],
        trials=written["trials"],
        budget=Budget(written["budget"]["digits"], written["budget"]["seconds"]),
        group=written["group"],
        until=read_until(written["until"]),
        name=written["algorithm"],
        algorithm=told["algorithm"],
        settled=told["settled"],
        role=told["role"],
        inputs=tuple(told["inputs"]),
        bound=_read_bound(told["bound"]),
        axes=tuple(Axis(**axis) for axis in told["axes"]),
        outputs=told["outputs"],
        statement=told.get("statement", ""),
        story=told["story"],
        closeness=told["closeness"],
        over_reading=told["over_reading"],
        certified=told["certified"],
        versions=told["versions"],
        written=written,
    )
