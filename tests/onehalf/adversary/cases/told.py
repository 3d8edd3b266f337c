"""Use that e is told: up to a cap, or for the e of a table alone."""

import onehalf as oh


def go(task, rng, bits):
    """Answer what so many digits show."""
    seen = task.recognise([task.ask(*place, bits) for place in task.probe], bits)
    return task.witness(seen or task.members[rng.integers(len(task.members))])


@oh.algorithm("told")
def told(task, rng, *, extra: int = 0, cap: int = 100_000):
    """Read e + extra digits, at most cap."""
    return go(task, rng, min((task.exponent or 40) + extra, cap))


@oh.algorithm("ladder")
def ladder(task, rng):
    """Resolve the e of a table."""
    return go(task, rng, task.exponent + 2 if task.exponent in (53, 107, 320, 1000, 5000) else 3)
