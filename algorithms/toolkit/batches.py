"""Many seeds trained at once: attempts, the best of them, and outputs that no other seed in the batch touches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from algorithms.algorithm import Claim
from algorithms.toolkit.fitting import Array, Scaled, fold, restart_goal, standardise
from algorithms.toolkit.weights import unpack
from oracle.errors import InvalidValue
from oracle.networks import Network
from oracle.task import Task

# Networks trained side by side: as many as keep the arrays of a small architecture in the second-level cache.
_SIDE_BY_SIDE = 128

Generators = Sequence[np.random.Generator]


@dataclass(frozen=True, eq=False)
class Lesson:
    """What is to be learnt: scaled features, labels as float64, the architecture, and the largest error aimed at."""

    scaled: Scaled
    labels: Array
    architecture: tuple[int, ...]
    goal: float

    @property
    def features(self) -> Array:
        """Shape (r, d)."""
        return self.scaled.features


@dataclass(frozen=True, eq=False)
class Attempts:
    """One attempt of each of B networks.

    Attributes
    ----------
    flat : (B, n) array
        Finite weights.
    error : (B,) array
        The largest error over the points, infinity where training left the finite numbers.
    converged : (B,) array of bool
        The trainer's own exit flag.
    """

    flat: Array
    error: Array
    converged: NDArray[np.bool_]


Attempt = Callable[[Lesson, Generators], Attempts]


def lesson(task: Task, bits: int) -> Lesson:
    """Read the task to `bits` digits and return the lesson, its goal ε̂/√r."""
    labels = np.asarray(task.labels, dtype=np.float64)
    goal = restart_goal(task.tolerance, len(labels))
    return Lesson(standardise(task.read(bits)), labels, tuple(task.architecture), goal)


def train_batch(
    task: Task, rngs: Generators, attempt: Attempt, bits: int, attempts: int, together: int = _SIDE_BY_SIDE
) -> list[Claim]:
    """Return a claim for each generator: its first attempt within the goal, else its attempt of least error.

    At most `together` generators are handed to one call of `attempt`.

    Guarantee: each claim depends on its own generator alone, bit for bit.

    Raises
    ------
    InvalidValue
        If `attempts` is less than 1.
    """
    if attempts < 1:
        raise InvalidValue("attempts", attempts, "a trainer makes at least one attempt", "give 1 or more")
    learnt = lesson(task, bits)
    claims: list[Claim] = []
    for start in range(0, len(rngs), together):
        best = _best(learnt, rngs[start : start + together], attempt, attempts)
        for flat, converged in zip(best.flat, best.converged, strict=True):
            layers = fold(unpack(flat, learnt.architecture), learnt.scaled.mean, learnt.scaled.scale)
            claims.append(Claim(Network(layers), converged=bool(converged)))
    return claims


def _best(learnt: Lesson, rngs: Generators, attempt: Attempt, attempts: int) -> Attempts:
    with np.errstate(all="ignore"):
        best = attempt(learnt, rngs)
        for _ in range(attempts - 1):
            open_ = np.flatnonzero(best.error > learnt.goal)
            if not len(open_):
                break
            again = attempt(learnt, [rngs[i] for i in open_.tolist()])
            better = again.error < best.error[open_]
            where = open_[better]
            best.flat[where] = again.flat[better]
            best.error[where] = again.error[better]
            best.converged[where] = again.converged[better]
    return best
