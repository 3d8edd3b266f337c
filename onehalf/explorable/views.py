"""What the page shows of each cell of a directory: answers, a trained network over the plane, successes."""

from __future__ import annotations

import string
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from onehalf.record.described import Described
from onehalf.record.result import Result
from oracle.errors import InvalidValue
from oracle.facts import NETWORK_TRAINING
from oracle.networks import Network
from oracle.numbers import to_float
from oracle.problems import Input, Oracle, Problem

_ACROSS, _UP = 48, 20
_LOW, _HIGH = Fraction(-1, 2), Fraction(3, 2)
_DIGITS = string.digits + string.ascii_lowercase
"""A value from −1 to 2 is one of these: 36 colours are more than an eye tells apart."""
_COLUMN = 1
"""The coordinate in which inputs of network training differ."""
_MOST = 40


def views_of(result: Result) -> dict[str, Any]:
    """Return what the page shows, as JSON values.

    Raises
    ------
    InvalidValue
        If the directory has no cell that can be shown: network training on two points or more to 40, two inputs that
        exclude each other, and an algorithm with a parameter ``bits``.
    """
    summary = {cell["cell"]: cell for cell in result.summary()["cells"]}
    views, algorithms = [], []
    for index, cell in enumerate(result.recorded.cells):
        if _fits(cell):
            views.append(_view(result, index, cell, summary[index]))
            algorithms.append(cell.name)
    if not views or len(set(algorithms)) > 1:
        raise InvalidValue(
            "directory",
            str(result.directory),
            "holds no cells of one algorithm with a parameter bits, on network training with few points",
            "leave it out: onehalf explore makes its own",
        )
    return {"algorithm": algorithms[0], "across": _ACROSS, "up": _UP, "views": views}


def _fits(cell: Described) -> bool:
    if "bits" not in cell.settled or len(cell.bound.exclusive) != 2 or cell.closeness is None:
        return False
    facts = cell.problem.facts
    return NETWORK_TRAINING in facts.kinds and 2 <= facts.shape[0] <= _MOST


def _view(result: Result, index: int, cell: Described, found: Mapping[str, Any]) -> dict[str, Any]:
    problem, bits = cell.problem, int(cell.settled["bits"])
    members = [member for member in problem.inputs if member.name in cell.bound.exclusive]
    oracles = [Oracle(problem, member, cell.policy) for member in members]
    shown = [[oracle.answer((k, _COLUMN), bits) for k in _rows(problem)] for oracle in oracles]
    unit = Fraction(1, 2**problem.closeness)
    return {
        "e": problem.closeness,
        "bits": bits,
        "policy": cell.policy,
        "trials": found["recorded"],
        "wins": [found["by_input"][member.name]["successes"] for member in members],
        "apart": found["over_reading"]["count"],
        "names": [member.name for member in members],
        "labels": [int(label) for label in getattr(problem.facts, "labels", ())],
        "truth": [[_in_units(_entry(problem, m, k), unit) for k in _rows(problem)] for m in members],
        "shown": [[_in_units(answer, unit) for answer in answers] for answers in shown],
        "same": shown[0] == shown[1],
        "networks": [_drawn(result, index, cell, problem, member) for member in members],
    }


def _rows(problem: Problem) -> range:
    return range(problem.facts.shape[0])


def _entry(problem: Problem, member: Input, row: int, column: int = _COLUMN) -> Any:
    return problem.value(member, (row, column))


def _in_units(value: Any, unit: Fraction) -> float:
    """Return a number in units of δ, to four decimals; exact ones are told apart from what is off by less."""
    found = float(Fraction(value) / unit)
    return round(found, 4)


def _drawn(
    result: Result, index: int, cell: Described, problem: Problem, member: Input
) -> dict[str, Any] | None:
    """Return the first trial's network on an input: its values over the plane, and how it decides on both inputs."""
    position = [one.name for one in problem.inputs].index(member.name)
    network = result.output(index, 0, position)
    if not isinstance(network, Network):
        return None
    exclusive = [one for one in problem.inputs if one.name in cell.bound.exclusive]
    return {
        "plane": _plane(network, problem, member),
        "decides": [_decides(network, problem, one) for one in exclusive],
    }


def _decides(network: Network, problem: Problem, member: Input) -> list[int]:
    """Return on which side of 1/2 the network's exact value at each point is: 1 above it, 0 at it or below."""
    points = np.empty(problem.facts.shape, dtype=object)
    for row in _rows(problem):
        for column in range(problem.facts.shape[1]):
            points[row, column] = _entry(problem, member, row, column)
    return [int(value > Fraction(1, 2)) for value in network(points)]


def _plane(network: Network, problem: Problem, member: Input) -> str:
    """Return the network's values from the first point to the last, and from −δ/2 to 3δ/2, row by row from below."""
    rows, unit = problem.facts.shape[0], 0.5**problem.closeness
    first = np.array([to_float(_entry(problem, member, k, 0)) for k in range(rows)])
    others = [to_float(_entry(problem, member, 0, c)) for c in range(2, problem.facts.shape[1])]
    across = np.interp(np.linspace(-0.5, rows - 0.5, _ACROSS), np.arange(rows), first)
    up = np.linspace(float(_LOW), float(_HIGH), _UP) * unit
    grid = np.array([[x, y, *others] for y in up for x in across])
    values = np.asarray(network(grid), dtype=np.float64)
    steps = np.clip(np.nan_to_num((values + 1) / 3) * (len(_DIGITS) - 1), 0, len(_DIGITS) - 1)
    return "".join(_DIGITS[int(step)] for step in np.rint(steps))
