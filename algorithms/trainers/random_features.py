"""Random hidden layers and a least-squares output layer: training with one linear solve, many seeds at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from algorithms.algorithm import Claim
from algorithms.toolkit.batches import Attempts, Generators, Lesson, train_batch
from algorithms.toolkit.fitting import Array
from algorithms.toolkit.trainer import trainer
from algorithms.toolkit.weights import unpack, weight_count
from oracle.task import Task


@trainer("random-features", batched=True)
def random_features(task: Task, rngs: Generators, *, bits: int = 53, attempts: int = 50) -> list[Claim]:
    """Draw the hidden layers at random and solve for the last one by least squares (NumPy's SVD).

    Guarantee: halts after at most `attempts` linear solves, having read `bits` digits; the last layer is a
    least-squares optimum for the hidden layers drawn. The claim is that the largest training error is at most
    ε̂/√r.

    Parameters
    ----------
    attempts : int
        Draws of the hidden layers, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Rahimi, Recht: Weighted sums of random kitchen sinks, NeurIPS 2008; Huang, Zhu, Siew: Extreme learning
    machine, Neurocomputing 70 (2006).
    """
    return train_batch(task, rngs, _attempt, bits, attempts)


def _attempt(learnt: Lesson, rngs: Generators) -> Attempts:
    flat = np.zeros((len(rngs), weight_count(learnt.architecture)))
    *hidden, (last_weights, last_biases) = unpack(flat, learnt.architecture)
    values = np.broadcast_to(learnt.features, (len(rngs), *learnt.features.shape))
    for weights, biases in hidden:
        weights[...], biases[...] = random_layer(values, weights.shape[1], rngs)
        values = np.maximum(np.matmul(values, weights.transpose(0, 2, 1)) + biases[:, None, :], 0.0)
    ones = np.ones((*values.shape[:2], 1))
    design = np.concatenate([values, ones], axis=2)
    solution = _least_squares(design, learnt.labels)
    last_weights[:, 0, :], last_biases[:, 0] = solution[:, :-1], solution[:, -1]
    fitted = np.matmul(design, solution[:, :, None])[:, :, 0]
    error = np.abs(fitted - learnt.labels).max(axis=1)
    return Attempts(flat, error, error <= learnt.goal)


def random_layer(values: Array, width: int, rngs: Generators) -> tuple[Array, Array]:
    """Return `width` neurons for each generator in random directions, of spread 1 on `values`.

    A kink falls uniformly within the data's range along the neuron's direction or up to one range below it:
    on average half of the neurons are affine on all the data, so that affine functions can be fitted.

    Parameters
    ----------
    values : (B, r, m) array

    Returns
    -------
    W of shape (B, width, m) and b of shape (B, width).
    """
    weights = _stack(rngs, lambda rng: rng.normal(size=(width, values.shape[2])))
    along = np.matmul(values, weights.transpose(0, 2, 1))
    low, spread = along.min(axis=1), np.ptp(along, axis=1)
    unit = np.where(spread > 0.0, spread, 1.0)
    kinks = low + unit * _stack(rngs, lambda rng: rng.uniform(-1.0, 1.0, size=width))
    return weights / unit[:, :, None], -kinks / unit


def _stack(rngs: Generators, draw: Callable[[np.random.Generator], Array]) -> Array:
    return np.stack([draw(rng) for rng in rngs])


def _least_squares(design: Array, labels: Array) -> Array:
    """Return the least-squares solutions of least norm, shape (B, m), for designs of shape (B, r, m)."""
    left, sizes, right = np.linalg.svd(design, full_matrices=False)
    cut = max(design.shape[1:]) * np.finfo(np.float64).eps * sizes[:, :1]
    along = np.matmul(left.transpose(0, 2, 1), labels[None, :, None])[:, :, 0]
    kept = np.divide(along, sizes, out=np.zeros_like(along), where=sizes > cut)
    solved: Array = np.matmul(right.transpose(0, 2, 1), kept[:, :, None])[:, :, 0]
    return solved
