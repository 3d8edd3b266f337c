"""Random hidden layers and a least-squares output layer: training with one linear solve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from algorithms.base import Claim, algorithm
from algorithms.fitting import Array, Fit, best_of, fold, restart_goal, standardise, training_error
from oracle.desk import Task
from oracle.networks import Network


@algorithm("random-features", role="trainer", families=("training",))
def random_features(task: Task, rng: np.random.Generator, *, bits: int = 53, attempts: int = 50) -> Claim:
    """Draw the hidden layers at random and solve for the last one with numpy.linalg.lstsq.

    Guarantee: halts after at most `attempts` linear solves, having read `bits` digits; the last layer is a
    least-squares optimum for the hidden layers drawn. The claim is that the largest training error is at most
    ε̂/√r.

    Parameters
    ----------
    bits : int
        Binary digits read of every coordinate.
    attempts : int
        Draws of the hidden layers, until the largest training error is at most ε̂/√r; the best is kept.

    Source
    ------
    Rahimi, Recht: Weighted sums of random kitchen sinks, NeurIPS 2008; Huang, Zhu, Siew: Extreme learning
    machine, Neurocomputing 70 (2006).
    """
    scaled = standardise(task.read(bits=bits))
    labels = np.asarray(task.labels, dtype=np.float64)
    goal = restart_goal(task.tolerance, len(labels))
    best = best_of(_fits(scaled.features, labels, task.architecture, rng, attempts, goal), goal)
    return Claim(Network(fold(best.layers, scaled.mean, scaled.scale)), converged=best.converged)


def _fits(
    features: Array,
    labels: Array,
    architecture: Sequence[int],
    rng: np.random.Generator,
    attempts: int,
    goal: float,
) -> Iterator[Fit]:
    for _ in range(attempts):
        layers: list[tuple[Array, Array]] = []
        values = features
        for width in architecture[1:-1]:
            weights, biases = _random_layer(values, width, rng)
            layers.append((weights, biases))
            values = np.maximum(values @ weights.T + biases, 0.0)
        design = np.column_stack([values, np.ones(len(labels))])
        solution = np.asarray(np.linalg.lstsq(design, labels, rcond=None)[0], dtype=np.float64)
        layers.append((solution[None, :-1], solution[-1:]))
        error = training_error(layers, features, labels)
        yield Fit(layers, error, error <= goal)


def _random_layer(values: Array, width: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return `width` neurons in random directions, scaled to spread 1 on `values`, with random kinks.

    A kink falls uniformly within the data's range along the neuron's direction or up to one range below it:
    on average half of the neurons are affine on all the data, so that affine functions can be fitted.
    """
    weights = rng.normal(size=(width, values.shape[1]))
    along = values @ weights.T
    low, spread = along.min(axis=0), np.ptp(along, axis=0)
    unit = np.where(spread > 0.0, spread, 1.0)
    kinks = low + unit * rng.uniform(-1.0, 1.0, size=width)
    return weights / unit[:, None], -kinks / unit
