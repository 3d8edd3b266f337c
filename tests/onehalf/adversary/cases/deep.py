"""Read a fixed number of digits, whatever it takes, and answer what is seen, or else guess."""

import onehalf as oh


def go(task, rng, bits):
    """Answer what so many digits show."""
    seen = task.recognise([task.ask(*place, bits) for place in task.probe], bits)
    return task.witness(seen or task.members[rng.integers(len(task.members))])


@oh.algorithm("deep-fixed")
def deep_fixed(task, rng, *, bits: int = 6000):
    """Read always the same number of digits."""
    return go(task, rng, bits)


@oh.algorithm("half-deep")
def half_deep(task, rng, *, bits: int = 20_000):
    """Do so with probability 1/2, else guess."""
    return go(task, rng, bits if rng.random() < 0.5 else 1)


@oh.algorithm("heavy-log")
def heavy_log(task, rng):
    """Read D digits, P(D > n) = 1/log2(n): more than there are atoms, now and then."""
    power = 1 / (1 - rng.random())
    return go(task, rng, 2 ** min(int(power), 5000) if power > 1000 else int(2.0**power))
