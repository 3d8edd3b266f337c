"""Reads a random number of digits with a heavy tail, P(D > n) = (n + 1)^-1, and guesses where that is too few."""

import onehalf as oh


@oh.algorithm("heavy-tail")
def heavy_tail(task, rng):
    """Answer what D digits tell, else guess."""
    bits = min(int(1 / (1 - rng.random())), 9000)
    seen = task.recognise([task.ask(*place, bits) for place in task.probe], bits)
    return task.witness(seen or task.members[rng.integers(len(task.members))])
