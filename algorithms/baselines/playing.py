"""The strategy that attains the bound of a problem stated by its instances, and one that would rather not answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from algorithms.algorithm import Abstain, algorithm
from algorithms.parameters.ranges import NATURAL, PROBABILITY
from oracle.facts import BY_INSTANCES, WITH_LIMIT
from oracle.task import Task


def _never(parameters: Mapping[str, Any], depth: int) -> float:
    return 0.0


@algorithm("player", role="baseline", families=(BY_INSTANCES,), over_reading=_never)
def player(task: Task, rng: np.random.Generator) -> Any:
    """Ask nothing; give an answer right on several inputs, drawn by the optimal strategy of the game: success v.

    A set of inputs with a common right answer is drawn with the probabilities of the game's player (docs/problems.md,
    G3), and that answer is given. On each input it is right with probability v at least, whatever the oracle.
    Where the limit of the inputs is a member it draws a plan of the limit game (G7): it halts where the plan says, with
    the answer that it gives there, and else reads on until it is known what the truth is, or converges to.
    """
    if WITH_LIMIT in task.kinds:
        return _follow(task, dict(task.plans[_drawn(task, rng)]))
    return task.shared[_drawn(task, rng)]


def _drawn(task: Task, rng: np.random.Generator) -> int:
    place = int(np.searchsorted(np.cumsum([float(w) for w in task.player]), rng.random(), side="right"))
    return min(place, len(task.player) - 1)


def _follow(task: Task, plan: Mapping[int, Any]) -> Any:
    """Read 1, 2, 4, … digits until what is recognised is an input at which the plan halts, or converges to one."""
    halts, bits = [at for at in task.path(len(task.members)) if at in plan], 1
    while not halts:
        known = task.recognised([task.ask(i, j, bits) for i, j in task.probe], bits)
        halts, bits = [at for at in task.path(known) if at in plan], 2 * bits
    return plan[halts[0]]


@algorithm("cautious", role="baseline", ranges={"bits": NATURAL, "boldness": PROBABILITY})
def cautious(task: Task, rng: np.random.Generator, *, bits: int = 53, boldness: float = 0.0) -> Any:
    """Read to a fixed depth; answer if that tells the inputs apart, else guess with a probability, and abstain.

    Where it does not tell them apart it is right with probability boldness/k and wrong with boldness·(k − 1)/k: what
    it answers beyond what it knows is wrong as G8 of docs/problems.md says.

    Parameters
    ----------
    bits : int
        Digits read.
    boldness : float
        Chance to guess where the inputs are not told apart, in [0, 1].
    """
    member = task.recognise([task.ask(i, j, bits) for i, j in task.probe], bits)
    if member is None and rng.random() >= boldness:
        return Abstain()
    return task.witness(task.members[rng.integers(len(task.members))] if member is None else member)
