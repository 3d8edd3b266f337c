"""The control of the training problem: a network as wide as it likes is right on every input."""

from __future__ import annotations

import itertools

import numpy as np

from algorithms.algorithm import algorithm
from algorithms.parameters.ranges import NATURAL
from oracle.facts import NETWORK_TRAINING
from oracle.networks import Network
from oracle.task import Task


@algorithm(
    "interpolant",
    role="control",
    families=(NETWORK_TRAINING,),
    setting={"free": True},
    ranges={"bits": NATURAL},
)
def interpolant(task: Task, rng: np.random.Generator, *, bits: int = 40) -> Network:
    """Interpolate the labels in x_1 alone with a ramp at each change: right on every input, if it may be so wide.

    The control of docs/theory.md §4 (b): 2(r − 1) hidden neurons, more than a fixed architecture has. Between
    the points it passes 1/2 in the middle third of each gap, so digits enough to order the points suffice.

    Parameters
    ----------
    bits : int
        Digits read; about log2(1/ε(r)) are needed.
    """
    first = [task.ask(k, 0, bits) for k in range(len(task.labels))]
    order = sorted(range(len(first)), key=first.__getitem__)
    starts, slopes = [], []
    for left, right in itertools.pairwise(order):
        rise = int(task.labels[right]) - int(task.labels[left])
        if rise:
            third = (first[right] - first[left]) / 3
            starts += [first[left] + third, first[right] - third]
            slopes += [rise / third, -rise / third]
    w = np.zeros((len(starts), task.shape[1]))
    w[:, 0] = 1.0
    ramps = np.array([[float(s) for s in slopes]])
    return Network([(w, -np.array([float(s) for s in starts])), (ramps, [float(task.labels[order[0]])])])
