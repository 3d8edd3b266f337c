"""Reads adaptively, point by point: each second feature until it is seen not to be 0, or to 64 digits."""

from fractions import Fraction

import onehalf as oh


@oh.algorithm("coordinatewise")
def coordinatewise(task, rng):
    """Decide by the first point whose feature shows."""
    for k, label in enumerate(task.labels):
        for bits in (8, 16, 32, 64):
            if task.ask(k, 1, bits) > Fraction(1, 2**bits):
                return task.witness(oh.Input("1" if label else "2", task.exponent))
    return task.witness(oh.Input("1", task.exponent))
