"""Gradient descent with momentum and Adam, in NumPy, on hundreds of ReLU networks of any depth at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from algorithms.base import Claim, algorithm
from algorithms.batches import Attempts, Generators, Lesson, train_batch
from algorithms.fitting import Array
from algorithms.weights import activations, gradients, random_weights
from oracle.desk import Task
from oracle.errors import InvalidValue

# (weights, gradient, state, number of the step): changes weights and state in place.
Update = Callable[[Array, Array, Array, int], None]


@algorithm("adam", role="trainer", families=("training",), batched=True)
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
    bits : int
        Binary digits read of every coordinate.
    learning_rate : float
        Step size.
    beta_1, beta_2 : float
        Decay rates of the first and second moments.
    batch : int
        Points in a mini-batch, drawn anew in each pass; 0 for all of them.
    epochs : int
        Most passes over the data in one attempt.
    attempts : int
        Restarts from new random weights, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Kingma, Ba: Adam, a method for stochastic optimization, ICLR 2015.
    """
    update = partial(_adam_step, rate=learning_rate, beta_1=beta_1, beta_2=beta_2)
    descent = Descent(update, 2, _batch_size(batch, task), epochs)
    return train_batch(task, rngs, descent.attempt, bits, attempts)


@algorithm("sgd", role="trainer", families=("training",), batched=True)
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

    Parameters
    ----------
    bits : int
        Binary digits read of every coordinate.
    learning_rate : float
        Step size.
    momentum : float
        The share of the last step that is taken again.
    batch : int
        Points in a mini-batch, drawn anew in each pass; 0 for all of them.
    epochs : int
        Most passes over the data in one attempt.
    attempts : int
        Restarts from new random weights, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum in deep learning, ICML 2013.
    """
    update = partial(_momentum_step, rate=learning_rate, momentum=momentum)
    descent = Descent(update, 1, _batch_size(batch, task), epochs)
    return train_batch(task, rngs, descent.attempt, bits, attempts)


def _adam_step(
    flat: Array, gradient: Array, state: Array, step: int, rate: float, beta_1: float, beta_2: float
) -> None:
    first, second = state
    first *= beta_1
    first += (1.0 - beta_1) * gradient
    second *= beta_2
    gradient *= gradient
    second += (1.0 - beta_2) * gradient
    size = np.sqrt(second * (1.0 / (1.0 - beta_2**step)))
    size += 1e-8
    flat -= (rate / (1.0 - beta_1**step)) * first / size


def _momentum_step(
    flat: Array, gradient: Array, state: Array, step: int, rate: float, momentum: float
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
        """Train one network for each generator from random weights, until its largest error meets the goal."""
        start = np.stack([random_weights(learnt.architecture, rng) for rng in rngs])
        result = Attempts(start.copy(), np.full(len(rngs), np.inf), np.zeros(len(rngs), dtype=np.bool_))
        alive = np.arange(len(rngs))
        flat, state = start, np.zeros((self.slots, *start.shape))
        steps = 0
        for epoch in range(self.epochs + 1):
            inputs = activations(flat, learnt.architecture, learnt.features)
            residual = inputs[-1][:, :, 0] - learnt.labels
            worst = np.abs(residual).max(axis=1)
            last = epoch == self.epochs
            met = (worst <= learnt.goal) & ~result.converged[alive]
            done = met if not last else ~result.converged[alive] & np.isfinite(worst)
            where = alive[done]
            result.flat[where], result.error[where] = flat[done], worst[done]
            result.converged[where] = met[done]
            keep = ~result.converged[alive]
            if last or not keep.any():
                break
            if 4 * np.count_nonzero(keep) <= 3 * len(keep):
                alive, flat, state = alive[keep], flat[keep], state[:, keep]
                inputs = [learnt.features, *(values[keep] for values in inputs[1:])]
                residual = residual[keep]
            if self.batch == len(learnt.labels):
                steps += 1
                downstream = residual[:, :, None] / len(learnt.labels)
                gradient = gradients(flat, learnt.architecture, inputs, downstream)
                self.update(flat, gradient, state, steps)
            else:
                steps = self._pass(learnt, flat, state, [rngs[i] for i in alive.tolist()], steps)
        return result

    def _pass(self, learnt: Lesson, flat: Array, state: Array, rngs: Generators, steps: int) -> int:
        """Step once for each mini-batch of a random order of the points, drawn for each network on its own."""
        points = len(learnt.labels)
        order = np.stack([rng.permutation(points) for rng in rngs])
        for start in range(0, points, self.batch):
            chosen = order[:, start : start + self.batch]
            inputs = activations(flat, learnt.architecture, learnt.features[chosen])
            residual = inputs[-1][:, :, 0] - learnt.labels[chosen]
            downstream = residual[:, :, None] / chosen.shape[1]
            steps += 1
            gradient = gradients(flat, learnt.architecture, inputs, downstream)
            self.update(flat, gradient, state, steps)
        return steps
