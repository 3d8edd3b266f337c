"""A trainer that looks for one feature which separates the labels."""

import numpy as np

import onehalf


@onehalf.algorithm("stump", role="trainer", families=["training"])
def stump(task, rng, *, bits: int = 53):
    """Find a coordinate that separates the labels, and draw a ramp across the gap; 1/2 where there is none.

    Parameters
    ----------
    bits : int
        Binary digits read of every number.
    """
    points, labels = task.read(bits), np.asarray(task.labels)
    ramp = next((r for j in range(points.shape[1]) if (r := _ramp(points[:, j], labels, j))), None)
    coordinate, low, high, rising = ramp or (0, 0.0, 1.0, True)
    width = 1.0 / (high - low)
    layers = []
    for index, (inner, outer) in enumerate(zip(task.architecture, task.architecture[1:], strict=False)):
        weights, biases = np.zeros((outer, inner)), np.zeros(outer)
        last = index == len(task.architecture) - 2
        if index == 0:
            weights[0, coordinate], biases[0] = 1.0, -low
        elif not last:
            weights[0, 0] = 1.0
        elif ramp:
            weights[0, 0], biases[0] = (width, 0.0) if rising else (-width, 1.0)
        else:
            biases[0] = 0.5
        layers.append((weights, biases))
    return onehalf.Claim(onehalf.Network(layers), converged=ramp is not None)


def _ramp(values, labels, coordinate):
    """Return coordinate, both ends of the gap, and whether label 1 is above it; None if the labels overlap."""
    zeros, ones = values[labels == 0], values[labels == 1]
    if zeros.max() < ones.min():
        return coordinate, zeros.max(), ones.min(), True
    if ones.max() < zeros.min():
        return coordinate, ones.max(), zeros.min(), False
    return None
