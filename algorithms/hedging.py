"""The baseline that attains Theorems 2 and 3: answer now with some probability, else read until it is known."""

from __future__ import annotations

from typing import Any

import numpy as np

from algorithms.base import algorithm
from algorithms.baselines import patient
from algorithms.ranges import PROBABILITY
from oracle.desk import Task
from oracle.problems import Input


@algorithm("limit-hedge", role="baseline", families=("training", "simplex"), ranges={"q": PROBABILITY})
def limit_hedge(task: Task, rng: np.random.Generator, *, q: float = 0.5) -> Any:
    """Halt at once with probability q, with what is right on the limit or a guess; else read on until it is known.

    Where an answer on ι⁰ is right on no other input (the training family) p_0 = q and p_j = 1 − q: the frontier
    p_0 + p_j = 1 of Theorem 2. Where ι⁰ only asks to halt (the simplex), the answer is a guess among the k inputs:
    p_0 = q and p_j = q/k + 1 − q, which at q = k/(2k − 1) is the bound of Theorem 3.

    Parameters
    ----------
    q : float
        Chance to halt at once, in [0, 1].
    """
    if rng.random() < q:
        named = [member for member in task.members if member.name != "0"]
        return task.witness(named[rng.integers(len(named))] if named else Input("0", None))
    return patient(task, rng)
