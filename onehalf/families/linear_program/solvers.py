"""Solvers for the linear program of docs/theory.md §6."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from algorithms.algorithm import Claim, algorithm
from algorithms.parameters.ranges import NATURAL
from oracle.task import Task

_LINEAR = ("linear-program",)


def _highs(task: Task, method: Any, bits: int) -> Claim:
    from scipy.optimize import linprog

    matrix = task.read_exact(bits).astype(np.float64)
    found: Any = linprog(np.array(task.objective), A_eq=matrix, b_eq=[float(task.y)], method=method)
    return Claim(found.x, converged=bool(found.status == 0))


@algorithm(
    "highs-ds", role="solver", families=_LINEAR, requires=("scipy.optimize",), ranges={"bits": NATURAL}
)
def highs_ds(task: Task, rng: np.random.Generator, *, bits: int = 52) -> Claim:
    """SciPy's HiGHS dual simplex on the matrix in float64; its claim is the status "optimal".

    Parameters
    ----------
    bits : int
        Digits read, then rounded to float64, which carries 52 at magnitudes from 1 to 2.
    """
    return _highs(task, "highs-ds", bits)


@algorithm(
    "highs-ipm", role="solver", families=_LINEAR, requires=("scipy.optimize",), ranges={"bits": NATURAL}
)
def highs_ipm(task: Task, rng: np.random.Generator, *, bits: int = 52) -> Claim:
    """SciPy's HiGHS interior-point method on the matrix in float64; its claim is the status "optimal".

    Parameters
    ----------
    bits : int
        Digits read, then rounded to float64, which carries 52 at magnitudes from 1 to 2.
    """
    return _highs(task, "highs-ipm", bits)


@algorithm("vertex", role="solver", families=_LINEAR, ranges={"bits": NATURAL})
def vertex(task: Task, rng: np.random.Generator, *, bits: int = 52) -> tuple[Fraction, Fraction]:
    """Solve the program as read, exactly, in rational arithmetic; a fair coin where every point is optimal.

    Parameters
    ----------
    bits : int
        Digits read.
    """
    coefficient = task.ask(0, 1, bits)
    corners = (task.y, Fraction(0)), (Fraction(0), task.y / coefficient)
    if coefficient == 1:
        return corners[rng.integers(2)]
    return corners[1] if coefficient > 1 else corners[0]


@algorithm("midpoint", role="control", families=_LINEAR)
def midpoint(task: Task, rng: np.random.Generator) -> tuple[Any, ...]:
    """Answer halfway between both minimisers: right for every K for which one answer serves both inputs."""
    first, second = (task.witness(member) for member in task.members)
    return tuple((a + b) / 2 for a, b in zip(first, second, strict=True))
