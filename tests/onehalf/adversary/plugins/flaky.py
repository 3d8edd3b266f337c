"""Fails in every way by chance: an exception, NaN, the wrong shape; else it answers ι²."""

import numpy as np

import onehalf as oh


@oh.algorithm("flaky")
def flaky(task, rng):
    """Be unreliable."""
    fate = rng.integers(5)
    if fate == 0:
        raise ValueError("no luck today")
    if fate == 1:
        return oh.Network([(np.full((8, 2), np.nan), np.zeros(8)), (np.ones((1, 8)), [0.0])])
    if fate == 2:
        return oh.Network([(np.zeros((9, 2)), np.zeros(9)), (np.ones((1, 9)), [0.0])])
    return task.witness(task.members[1])
