"""A trainer without rounding: random hidden layers, least squares in rational arithmetic, any number of digits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from algorithms.algorithm import Claim
from algorithms.toolkit.trainer import trainer
from oracle.networks import Network
from oracle.task import Task

# Random weights are multiples of 2^-6: the fewer digits they have, the shorter the exact solution.
_GRID = 64

Rows = list[list[Any]]


@trainer("exact-least-squares")
def exact_least_squares(
    task: Task, rng: np.random.Generator, *, bits: int = 106, attempts: int = 30
) -> Claim:
    """Draw the hidden layers at random and solve for the last one by least squares, exactly, in rational numbers.

    Guarantee: halts after at most `attempts` linear solves, having read `bits` digits, of which none is lost: no
    number is rounded from the answers of the oracle to the network. The last layer is a least-squares optimum for
    the hidden layers drawn. The claim is that the largest training error, known exactly, is at most ε̂/√r.

    Parameters
    ----------
    bits : int
        Binary digits read of every coordinate; float64 would carry 53.
    attempts : int
        Draws of the hidden layers, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Random features as for ``random-features``; the solver is FLINT's (python-flint, fmpq_mat.solve).
    """
    points = [[fmpq(x.numerator, x.denominator) for x in row] for row in task.read_exact(bits)]
    labels = fmpq_mat([[int(label)] for label in task.labels])
    goal = fmpq(task.tolerance.numerator, task.tolerance.denominator) ** 2 / len(points)
    shifts, units, scaled = _scale(points)
    best: _Draw | None = None
    for draw in _draws(scaled, labels, task.architecture, rng, attempts):
        if best is None or draw.error < best.error:
            best = draw
        if best.error**2 <= goal:
            break
    assert best is not None
    return Claim(_network(best.layers, shifts, units), converged=bool(best.error**2 <= goal))


@dataclass(frozen=True, eq=False)
class _Draw:
    """One draw: layers as (rows of W, b), and the largest training error."""

    layers: list[tuple[Rows, list[Any]]]
    error: Any


def _scale(points: Rows) -> tuple[list[Any], list[Any], Rows]:
    """Return for each column its least entry and the power of two next above its range, and the scaled points."""
    columns = list(zip(*points, strict=True))
    shifts = [min(column) for column in columns]
    units = [_power(max(column) - min(column)) for column in columns]
    scaled = [[(x - c) / u for x, c, u in zip(row, shifts, units, strict=True)] for row in points]
    return shifts, units, scaled


def _power(size: Any) -> Any:
    """Return a power of two in (size/2, 2·size], or 1 for 0: division by it keeps dyadic numbers dyadic."""
    if size == 0:
        return fmpq(1)
    exponent = int(size.p).bit_length() - int(size.q).bit_length()
    return fmpq(2) ** exponent


def _draws(
    scaled: Rows, labels: Any, architecture: Sequence[int], rng: np.random.Generator, attempts: int
) -> Iterator[_Draw]:
    for _ in range(attempts):
        layers = []
        values = scaled
        for width in architecture[1:-1]:
            weights, biases, values = _hidden_layer(values, width, rng)
            layers.append((weights, biases))
        design = fmpq_mat([[*row, 1] for row in values])
        solution = _least_squares(design, labels)
        residual = design * solution - labels
        *last, bias = (row[0] for row in solution.tolist())
        layers.append(([last], [bias]))
        yield _Draw(layers, max(abs(row[0]) for row in residual.tolist()))


def _hidden_layer(values: Rows, width: int, rng: np.random.Generator) -> tuple[Rows, list[Any], Rows]:
    """Return W and b of random neurons, and their values: as ``random-features`` draws them, on a grid."""
    weights: Rows = []
    biases: list[Any] = []
    outputs: Rows = []
    for _ in range(width):
        direction = [fmpq(int(w), _GRID) for w in np.rint(rng.normal(size=len(values[0])) * _GRID)]
        along = [sum((w * x for w, x in zip(direction, row, strict=True)), fmpq(0)) for row in values]
        spread = max(along) - min(along)
        unit = _power(spread)
        kink = min(along) + unit * fmpq(int(rng.integers(-_GRID, _GRID)), _GRID)
        weights.append([w / unit for w in direction])
        biases.append(-kink / unit)
        outputs.append([max((x - kink) / unit, fmpq(0)) for x in along])
    return weights, biases, [list(row) for row in zip(*outputs, strict=True)]


def _least_squares(design: Any, labels: Any) -> Any:
    """Return an exact least-squares solution, with 0 for columns that depend on those before them."""
    reduced, rank = design.rref()
    rows = reduced.tolist()
    pivots = [next(j for j, x in enumerate(rows[i]) if x != 0) for i in range(rank)]
    table = design.tolist()
    chosen = fmpq_mat([[row[j] for j in pivots] for row in table])
    across = chosen.transpose()
    found = (across * chosen).solve(across * labels).tolist()
    solution = [[fmpq(0)] for _ in range(design.ncols())]
    for j, row in zip(pivots, found, strict=True):
        solution[j] = row
    return fmpq_mat(solution)


def _network(layers: list[tuple[Rows, list[Any]]], shifts: list[Any], units: list[Any]) -> Network:
    """Return the network x ↦ φ((x − shift) / unit), exactly."""
    (weights, biases), *rest = layers
    folded = [[w / u for w, u in zip(row, units, strict=True)] for row in weights]
    moved = [
        b - sum((v * c for v, c in zip(row, shifts, strict=True)), fmpq(0))
        for row, b in zip(folded, biases, strict=True)
    ]
    return Network([(_fractions(w), _fractions([b])[0]) for w, b in [(folded, moved), *rest]])


def _fractions(rows: Rows) -> np.ndarray[Any, np.dtype[np.object_]]:
    found = np.empty((len(rows), len(rows[0])), dtype=object)
    for i, row in enumerate(rows):
        found[i] = [Fraction(int(x.p), int(x.q)) for x in row]
    return found
