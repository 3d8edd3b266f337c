"""Baselines whose success probabilities are known: they know the whole family and lack only the input's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from algorithms.algorithm import algorithm
from algorithms.parameters.ranges import NATURAL, PROBABILITY, Interval
from oracle.facts import NETWORK_TRAINING, WITH_LIMIT, Input
from oracle.networks import Network
from oracle.task import Task


@algorithm("coin-flip", role="baseline")
def coin_flip(task: Task, rng: np.random.Generator) -> Any:
    """Guess the input and write down its witness: success 1/k on each of k inputs (Theorem 1 is tight)."""
    return task.witness(_guess(task, rng))


@algorithm("constant-half", role="baseline", families=(NETWORK_TRAINING,))
def constant_half(task: Task, rng: np.random.Generator) -> Network:
    """Answer φ = 1/2, right on ι⁰ alone."""
    return task.facts.witness(Input("0", None))  # type: ignore[no-any-return]


@algorithm("reader", role="baseline", ranges={"bits": NATURAL})
def reader(task: Task, rng: np.random.Generator, *, bits: int = 53) -> Any:
    """Read to a fixed depth; answer rightly if that tells the inputs apart, else guess.

    Parameters
    ----------
    bits : int
        Digits read. Success is 1 from e + 1 digits on and 1/2 up to e.
    """
    return _answer_or_guess(task, rng, bits)


def _past(parameters: Mapping[str, Any], depth: int) -> float:
    return float((1 - parameters["stop"]) ** depth)


@algorithm("random-depth", role="baseline", over_reading=_past, ranges={"stop": Interval(0, 1, above=True)})
def random_depth(task: Task, rng: np.random.Generator, *, stop: float = 0.01) -> Any:
    """Read to a geometric depth D, P(D > n) = (1 − stop)^n, then do as *reader*: success exactly (1 + t)/2.

    Parameters
    ----------
    stop : float
        Chance to stop at each digit, in (0, 1]. On inputs coupled to depth e, t = P(D > e) = (1 − stop)^e
        (Theorem 1, attained for every t).
    """
    return _answer_or_guess(task, rng, int(rng.geometric(stop)))


@algorithm("patient", role="baseline")
def patient(task: Task, rng: np.random.Generator) -> Any:
    """Read 1, 2, 4, … digits until only one input is left. On ι⁰, where it is a member, it never halts (Theorem 2)."""
    bits = 1
    while (member := _recognise(task, bits)) is None:
        bits *= 2
    return task.witness(member)


@algorithm("limit-hedge", role="baseline", families=(WITH_LIMIT,), ranges={"q": PROBABILITY})
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


def _guess(task: Task, rng: np.random.Generator) -> Input:
    member: Input = task.members[rng.integers(len(task.members))]
    return member


def _recognise(task: Task, bits: int) -> Input | None:
    member: Input | None = task.recognise([task.ask(i, j, bits) for i, j in task.probe], bits)
    return member


def _answer_or_guess(task: Task, rng: np.random.Generator, bits: int) -> Any:
    member = _recognise(task, bits)
    return task.witness(_guess(task, rng) if member is None else member)
