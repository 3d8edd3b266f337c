"""The strategy that attains the bound of a problem stated by its instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from algorithms.algorithm import algorithm
from oracle.facts import BY_INSTANCES
from oracle.task import Task


def _never(parameters: Mapping[str, Any], depth: int) -> float:
    return 0.0


@algorithm("player", role="baseline", families=(BY_INSTANCES,), over_reading=_never)
def player(task: Task, rng: np.random.Generator) -> Any:
    """Ask nothing; give an answer right on several inputs, drawn by the optimal strategy of the game: success v.

    A set of inputs with a common right answer is drawn with the probabilities of the game's player (docs/problems.md,
    G3), and that answer is given. On each input it is right with probability v at least, whatever the oracle.
    """
    place = int(np.searchsorted(np.cumsum([float(w) for w in task.player]), rng.random(), side="right"))
    return task.shared[min(place, len(task.shared) - 1)]
