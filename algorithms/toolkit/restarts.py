"""From a minimiser of functions to a training algorithm: restarts on the flat weights of a ReLU network."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from algorithms.algorithm import Claim, Function
from algorithms.toolkit.fitting import Array, Fit, best_of, fold, restart_goal, standardise
from algorithms.toolkit.trainer import trainer
from algorithms.toolkit.weights import Loss, random_weights, unpack
from oracle.errors import InvalidOutput, InvalidValue
from oracle.networks import Network
from oracle.task import Task

# (loss, start, rng) -> (weights, whether it says that it succeeded)
Minimiser = Callable[[Loss, Array, np.random.Generator], tuple[Any, bool]]


def restarted(
    name: str,
    *,
    requires: Sequence[str] = (),
    neurons: int = 0,
    attempts: int = 4,
    check: Callable[[Mapping[str, Any]], None] | None = None,
) -> Callable[[Callable[..., Minimiser]], Function]:
    """Register a minimiser, restarted by `train_weights` from random weights, as a training algorithm.

    What is decorated takes the minimiser's own parameters, and returns it. The algorithm is
    ``(task, rng, *, bits, own parameters, neurons, attempts) -> Claim``.

    Parameters
    ----------
    name, requires, check
        See `algorithms.algorithm.Algorithm`.
    neurons, attempts : int
        The defaults of these parameters of the algorithm; that of ``bits`` is 53.
    """
    default_neurons, default_attempts = neurons, attempts

    def register(make: Callable[..., Minimiser]) -> Function:
        def train(
            task: Task,
            rng: np.random.Generator,
            *,
            bits: int = 53,
            neurons: int = default_neurons,
            attempts: int = default_attempts,
            **own: Any,
        ) -> Claim:
            return train_weights(task, rng, make(**own), bits=bits, neurons=neurons, attempts=attempts)

        return trainer(name, requires=requires, check=check)(_with_own_parameters(train, make))

    return register


def _with_own_parameters(train: Function, make: Callable[..., Minimiser]) -> Function:
    """Give `train` the name and docstring of `make`, and the parameters of `make` in the place of ``**own``."""
    signature = inspect.signature(train, eval_str=True)
    task, rng, bits, neurons, attempts, _ = signature.parameters.values()
    own = inspect.signature(make, eval_str=True).parameters.values()
    listed = [task, rng, bits, *own, neurons, attempts]
    made: Any = functools.update_wrapper(train, make)
    made.__signature__ = signature.replace(parameters=listed)
    made.__annotations__ = {p.name: p.annotation for p in listed} | {"return": signature.return_annotation}
    return train


def train_weights(
    task: Task, rng: np.random.Generator, minimise: Minimiser, *, bits: int, neurons: int, attempts: int
) -> Claim:
    """Minimise half the mean squared error over all weights from random starts, on standardised features.

    Parameters
    ----------
    minimise : callable
        ``minimise(loss, start, rng) -> (weights, converged)``. `loss` is a `Loss`: a function of the flat weights,
        with `with_gradient` (value and gradient), `many` (values of many at once), `target` (the loss at which one
        may stop).
    bits : int
        Binary digits read of every coordinate.
    neurons : int
        Widest hidden layer that is trained, at most the architecture's; 0 for the architecture's own widths. A
        narrower network is one of the wider architecture, with fewer weights to search.
    attempts : int
        Starts, until the largest training error is at most ε̂/√r; the best is kept, with its exit flag.

    Raises
    ------
    InvalidValue
        If `attempts` is less than 1 or `neurons` negative.
    InvalidOutput
        If the minimiser returns no vector of the start's length.
    """
    if neurons < 0:
        raise InvalidValue("neurons", neurons, "must be 0 (all) or a width", "take 0 or more")
    scaled = standardise(task.read(bits))
    labels = np.asarray(task.labels, dtype=np.float64)
    inputs, *hidden, last = task.architecture
    narrow = tuple(min(width, neurons) if neurons else width for width in hidden)
    loss = Loss((inputs, *narrow, last), scaled.features, labels, restart_goal(task.tolerance, len(labels)))
    best = best_of(_fits(loss, minimise, rng, attempts), loss.goal)
    return Claim(Network(fold(best.layers, scaled.mean, scaled.scale)), converged=best.converged)


def _fits(loss: Loss, minimise: Minimiser, rng: np.random.Generator, attempts: int) -> Iterator[Fit]:
    for _ in range(attempts):
        start = random_weights(loss.architecture, rng)
        found, converged = minimise(loss, start, rng)
        flat = np.asarray(found, dtype=np.float64)
        if flat.shape != start.shape:
            raise InvalidOutput(
                f"the minimiser returned weights of shape {flat.shape}; they must have shape {start.shape}"
            )
        yield Fit(unpack(flat, loss.architecture), loss.error(flat), bool(converged))
