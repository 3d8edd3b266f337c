"""Gradient descent with momentum and Adam, in NumPy, on hundreds of ReLU networks of any depth at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from algorithms.algorithm import Claim
from algorithms.toolkit.batches import Attempts, Generators, Lesson, train_batch
from algorithms.toolkit.fitting import Array
from algorithms.toolkit.trainer import trainer
from algorithms.toolkit.weights import activations, gradients, random_weights
from oracle.errors import InvalidValue
from oracle.task import Task

Steps = NDArray[np.int64]

# (weights, gradient, state, number of each network's step): changes weights and state in place.
Update = Callable[[Array, Array, Array, Steps], None]

# Networks trained side by side, and the most that one call trains; one that is done gives its place to the next.
_PLACES = 256
_LARGEST_CALL = 8192


@trainer("adam", batched=True)
def adam(
    task: Task,
    rngs: Generators,
    *,
    bits: int = 53,
    learning_rate: float = 0.1,
    beta_1: float = 0.8,
    beta_2: float = 0.99,
    batch: int = 0,
    epochs: int = 400,
    attempts: int = 4,
) -> list[Claim]:
    """Minimise the mean squared error with Adam on standardised features, many seeds at once.

    Guarantee: halts after at most `attempts` × `epochs` passes over the data, having read `bits` digits. The
    claim is that the largest training error came down to ε̂/√r, at which training stops.

    Parameters
    ----------
    beta_1, beta_2 : float
        Decay rates of the first and second moments.

    Source
    ------
    Kingma, Ba: Adam, a method for stochastic optimization, ICLR 2015.
    """
    size = _batch_size(batch, task)
    steps = range(1, epochs * -(-len(task.labels) // size) + 1)
    update = partial(
        _adam_step,
        beta_1=beta_1,
        beta_2=beta_2,
        rates=np.array([0.0, *(learning_rate / (1.0 - beta_1**k) for k in steps)])[:, None],
        scales=np.array([0.0, *(1.0 / (1.0 - beta_2**k) for k in steps)])[:, None],
    )
    return train_batch(task, rngs, Descent(update, 2, size, epochs).attempt, bits, attempts, _LARGEST_CALL)


@trainer("sgd", batched=True)
def sgd(
    task: Task,
    rngs: Generators,
    *,
    bits: int = 53,
    learning_rate: float = 0.2,
    momentum: float = 0.9,
    batch: int = 0,
    epochs: int = 400,
    attempts: int = 4,
) -> list[Claim]:
    """Minimise the mean squared error by gradient descent with Nesterov momentum, many seeds at once.

    Guarantee and claim as for ``adam``.

    Source
    ------
    Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum in deep learning, ICML 2013.
    """
    update = partial(_momentum_step, rate=learning_rate, momentum=momentum)
    descent = Descent(update, 1, _batch_size(batch, task), epochs)
    return train_batch(task, rngs, descent.attempt, bits, attempts, _LARGEST_CALL)


def _adam_step(
    flat: Array,
    gradient: Array,
    state: Array,
    steps: Steps,
    beta_1: float,
    beta_2: float,
    rates: Array,
    scales: Array,
) -> None:
    """Step; `rates` and `scales` hold the step size and 1/(1 − β_2^k) with Adam's corrections, by k."""
    first, second = state
    first *= beta_1
    first += (1.0 - beta_1) * gradient
    second *= beta_2
    gradient *= gradient
    second += (1.0 - beta_2) * gradient
    size = np.sqrt(second * scales[steps])
    size += 1e-8
    flat -= rates[steps] * first / size


def _momentum_step(
    flat: Array, gradient: Array, state: Array, steps: Steps, rate: float, momentum: float
) -> None:
    (velocity,) = state
    velocity *= momentum
    gradient *= rate
    velocity -= gradient
    flat += momentum * velocity - gradient


def _batch_size(batch: int, task: Task) -> int:
    points = len(task.labels)
    if not 0 <= batch <= points:
        raise InvalidValue("batch", batch, f"there are {points} points", "give 0 (all of them) to as many")
    return batch or points


@dataclass(frozen=True)
class Descent:
    """A descent by some update rule, which keeps `slots` arrays of the weights' shape as its state."""

    update: Update
    slots: int
    batch: int
    epochs: int

    def attempt(self, learnt: Lesson, rngs: Generators) -> Attempts:
        """Train one network for each generator from random weights, until its largest error meets the goal.

        So that no place stays empty while the slowest network trains on, networks are at different epochs.
        """
        start = np.stack([random_weights(learnt.architecture, rng) for rng in rngs])
        result = Attempts(start.copy(), np.full(len(rngs), np.inf), np.zeros(len(rngs), dtype=np.bool_))
        whole = self.batch == len(learnt.labels)
        pool = _Pool.empty(start.shape[1], self.slots)
        admitted = 0
        while admitted < len(rngs) or len(pool.members):
            room = _PLACES - len(pool.members)
            if room and admitted < len(rngs):
                pool = pool.joined(start, range(admitted, min(admitted + room, len(rngs))))
                admitted += len(pool.members) - (_PLACES - room)
            inputs = activations(pool.flat, learnt.architecture, learnt.features)
            residual = inputs[-1][:, :, 0] - learnt.labels
            worst = np.abs(residual).max(axis=1)
            met = (worst <= learnt.goal) & pool.open
            done = met | ((pool.epochs == self.epochs) & pool.open)
            if done.any():
                kept = done & np.isfinite(worst)
                where = pool.members[kept]
                result.flat[where], result.error[where] = pool.flat[kept], worst[kept]
                result.converged[where] = met[kept]
                pool.open[done] = False
                # Closing up costs a copy; a mini-batch draws random numbers, which a network that is done must not.
                if not whole or 4 * np.count_nonzero(pool.open) <= 3 * len(pool.open):
                    keep = pool.open
                    inputs = [learnt.features, *(values[keep] for values in inputs[1:])]
                    residual = residual[keep]
                    pool = pool.kept(keep)
            if not len(pool.members):
                continue
            if whole:
                np.add(pool.steps, 1, out=pool.steps)
                downstream = residual[:, :, None] / len(learnt.labels)
                gradient = gradients(pool.flat, learnt.architecture, inputs, downstream)
                self.update(pool.flat, gradient, pool.state, np.minimum(pool.steps, self.epochs))
            else:
                self._pass(learnt, pool, [rngs[i] for i in pool.members.tolist()])
            np.add(pool.epochs, 1, out=pool.epochs)
        return result

    def _pass(self, learnt: Lesson, pool: _Pool, rngs: Generators) -> None:
        """Step once for each mini-batch of a random order of the points, drawn for each network on its own."""
        points = len(learnt.labels)
        order = np.stack([rng.permutation(points) for rng in rngs])
        for start in range(0, points, self.batch):
            chosen = order[:, start : start + self.batch]
            inputs = activations(pool.flat, learnt.architecture, learnt.features[chosen])
            residual = inputs[-1][:, :, 0] - learnt.labels[chosen]
            downstream = residual[:, :, None] / chosen.shape[1]
            np.add(pool.steps, 1, out=pool.steps)
            gradient = gradients(pool.flat, learnt.architecture, inputs, downstream)
            self.update(pool.flat, gradient, pool.state, pool.steps)


@dataclass(frozen=True, eq=False)
class _Pool:
    """The networks in training: their numbers, weights, optimiser's state, epochs and steps so far, and who is open."""

    members: Steps
    flat: Array
    state: Array
    epochs: Steps
    steps: Steps
    open: NDArray[np.bool_]

    @classmethod
    def empty(cls, weights: int, slots: int) -> _Pool:
        nobody = np.zeros(0, dtype=np.int64)
        none = np.zeros(0, dtype=np.bool_)
        return cls(nobody, np.zeros((0, weights)), np.zeros((slots, 0, weights)), nobody, nobody, none)

    def joined(self, start: Array, newcomers: range) -> _Pool:
        """Return the pool with networks that start from rows of `start`."""
        count, fresh = len(newcomers), np.zeros(len(newcomers), dtype=np.int64)
        slots, _, weights = self.state.shape
        return _Pool(
            np.concatenate([self.members, np.array(newcomers, dtype=np.int64)]),
            np.concatenate([self.flat, start[newcomers.start : newcomers.stop]]),
            np.concatenate([self.state, np.zeros((slots, count, weights))], axis=1),
            np.concatenate([self.epochs, fresh]),
            np.concatenate([self.steps, fresh]),
            np.concatenate([self.open, np.ones(count, dtype=np.bool_)]),
        )

    def kept(self, keep: NDArray[np.bool_]) -> _Pool:
        """Return the pool without the others."""
        return _Pool(
            self.members[keep],
            self.flat[keep],
            self.state[:, keep],
            self.epochs[keep],
            self.steps[keep],
            self.open[keep],
        )
