"""Algorithms made of algorithms: restarts, majority, deeper, hedge. None of them amplifies past the bound.

Theorem 1 (docs/theory.md) is about any randomised algorithm, and these are some: what is made of algorithms that
read at most n digits reads at most n digits itself, so that its success probability is at most 1/2 again. Each
inner run draws from a generator of its own, spawned from the trial's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from algorithms.algorithm import Algorithm, Claim, algorithm
from algorithms.parameters.ranges import NATURAL, POSITIVE, PROBABILITY
from algorithms.parameters.signatures import takes_any
from oracle.errors import InvalidValue, TooPrecise
from oracle.facts import NETWORK_TRAINING
from oracle.networks import Network
from oracle.task import Task

if TYPE_CHECKING:
    from algorithms.registry import Spec

_REPEATED = {"k": POSITIVE, "bits": NATURAL}


@algorithm("restarts", role="combinator", families=(NETWORK_TRAINING,), inner=("inner",), ranges=_REPEATED)
def restarts(
    task: Task, rng: np.random.Generator, *, inner: str = "reader[bits=53]", k: int = 5, bits: int = 53
) -> Any:
    """Run an algorithm k times and keep the output of least training loss on the input as read.

    Guarantee: halts if every run of the inner algorithm does; the output is one of theirs, with its claim. Reads no
    more digits than `bits` and the inner algorithm do.

    Parameters
    ----------
    inner : str
        The algorithm that is run, written as in an experiment file, such as "adam[epochs=50]".
    k : int
        Runs.
    bits : int
        Binary digits read for the loss, the mean squared error.
    """
    answers = _answers(inner, task, rng, k)
    points = task.read_exact(bits)
    losses = [_mean_squared_error(_output(answer), points, task.labels) for answer in answers]
    return answers[losses.index(min(losses))]


def _check_odd(parameters: Mapping[str, Any]) -> None:
    if parameters["k"] % 2 == 0:
        raise InvalidValue(
            "k", parameters["k"], "must be odd, so that two camps are never of one size", "take 1, 3, 5, …"
        )


@algorithm("majority", role="combinator", inner=("inner",), ranges=_REPEATED, check=_check_odd)
def majority(
    task: Task, rng: np.random.Generator, *, inner: str = "reader[bits=53]", k: int = 5, bits: int = 53
) -> Any:
    """Run an algorithm k times and give the first of the outputs that most of the runs agree with.

    What outputs agree, the problem's facts say (`ballot`). Vectors do if the same entry is the largest; networks of the
    training problem if most points, their second feature erased, get the same class from them: class 0 from a network
    that is right on ι¹, class 1 from one that is right on ι².

    Guarantee: halts if every run of the inner algorithm does; the output is one of theirs, with its claim. Reads no
    more digits than `bits` and the inner algorithm do.

    Parameters
    ----------
    inner : str
        The algorithm that is run, written as in an experiment file, such as "adam[epochs=50]".
    k : int
        Runs; odd, so that two camps are never of one size.
    bits : int
        Binary digits read of the first coordinates, at which networks are compared.
    """
    answers = _answers(inner, task, rng, k)
    ballots = [task.ballot(_output(answer), lambda: task.read_exact(bits)) for answer in answers]
    winner, _ = Counter(ballots).most_common(1)[0]
    return answers[ballots.index(winner)]


def _check_bits(parameters: Mapping[str, Any]) -> None:
    spec = _resolved(parameters["inner"])
    found = spec.described()
    if "bits" not in found.parameters and not takes_any(found.function):
        raise InvalidValue(
            "inner",
            parameters["inner"],
            f"{found.name} has no parameter bits, whose value deeper doubles",
            "choose an algorithm that has one",
        )
    found.plan({**dict(spec.parameters), "bits": parameters["bits"]})


@algorithm(
    "deeper",
    role="combinator",
    inner=("inner",),
    ranges={"bits": POSITIVE, "most": POSITIVE},
    check=_check_bits,
)
def deeper(
    task: Task,
    rng: np.random.Generator,
    *,
    inner: str = "reader",
    bits: int = 53,
    most: int = 1_000_000,
) -> Any:
    """Run an algorithm with its digits doubled for as long as it is unsure of its answer.

    It is unsure if its claim is False; one that makes no claims is unsure if the digits do not tell the inputs
    apart. Where float64 carries no more digits, the last answer stands.

    Guarantee: reads at most `most` digits. It halts if every run of the inner algorithm does.

    Parameters
    ----------
    inner : str
        The algorithm that is run; it must have a parameter ``bits``, which is given here.
    bits : int
        Binary digits read at first.
    most : int
        Most digits; the answer that was got with at most this many stands.
    """
    previous: Any = None
    while True:
        try:
            answer = _run(inner, task, rng.spawn(1)[0], bits=bits)
        except TooPrecise:
            if previous is None:
                raise
            return previous
        sure = answer.converged if isinstance(answer, Claim) else _told_apart(task, bits)
        if sure or 2 * bits > most:
            return answer
        previous, bits = answer, 2 * bits


@algorithm("hedge", role="combinator", inner=("inner", "later"), ranges={"q": PROBABILITY})
def hedge(
    task: Task, rng: np.random.Generator, *, inner: str = "coin-flip", later: str = "patient", q: float = 0.5
) -> Any:
    """Answer now with probability q, else go on reading: any point of the frontier p_0 + p_m = 1 of Theorem 2.

    Guarantee: halts if the algorithm chosen does.

    Parameters
    ----------
    inner : str
        The algorithm that answers now.
    later : str
        The algorithm that goes on reading.
    q : float
        Chance to answer now, in [0, 1].
    """
    now = rng.random() < q
    return _run(inner if now else later, task, rng.spawn(1)[0])


def _answers(inner: str, task: Task, rng: np.random.Generator, k: int) -> list[Any]:
    return [_run(inner, task, child) for child in rng.spawn(k)]


def _run(inner: str, task: Task, rng: np.random.Generator, **parameters: Any) -> Any:
    found, given = _loaded(inner)
    settled = dict(found.settle({**given, **parameters}))
    if found.batched:
        return found.function(task, [rng], **settled)[0]
    return found.function(task, rng, **settled)


@lru_cache(maxsize=64)
def _loaded(inner: str) -> tuple[Algorithm, dict[str, Any]]:
    spec = _resolved(inner)
    return spec.load(), dict(spec.parameters)


def _resolved(inner: str) -> Spec:
    # Imported on use: the registry imports this module.
    from algorithms.registry import resolve

    return resolve(inner)


def _output(answer: Any) -> Any:
    return answer.output if isinstance(answer, Claim) else answer


def _told_apart(task: Task, bits: int) -> bool:
    return task.recognise([task.ask(i, j, bits) for i, j in task.probe], bits) is not None


def _mean_squared_error(network: Network, points: Any, labels: Any) -> Fraction:
    """Return the error exactly: weights of 2^1100 have no float, and a tie is a tie."""
    errors = network(points) - labels
    mean: Fraction = (errors * errors).sum() / len(labels)
    return mean
