"""Halts at once with probability 0.4 and the answer for ι⁰; else it reads until it knows."""

import onehalf as oh


@oh.algorithm("gambler")
def gambler(task, rng):
    """Hedge between the limit and everything else."""
    if rng.random() < 0.4:
        return task.witness(oh.Input("0", None))
    bits = 4
    while (seen := task.recognise([task.ask(*place, bits) for place in task.probe], bits)) is None:
        bits *= 3
    return task.witness(seen)
