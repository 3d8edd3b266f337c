"""Think for longer than the budget, before or after reading; or never come back, by chance."""

import time

import onehalf as oh


@oh.algorithm("slow")
def slow(task, rng, *, first: bool = False):
    """Read 60 digits and answer rightly, if there is time."""
    if first:
        time.sleep(5)
    seen = task.recognise([task.ask(*place, 60) for place in task.probe], 60)
    time.sleep(5)
    return task.witness(seen or task.members[rng.integers(len(task.members))])


@oh.algorithm("half-ask")
def half_ask(task, rng):
    """Ask ever deeper with probability 1/2, else guess."""
    bits = 1
    while rng.random() < 0.5 or bits > 1:
        task.ask(*task.probe[0], bits)
        bits += 97
    return task.witness(task.members[rng.integers(len(task.members))])
