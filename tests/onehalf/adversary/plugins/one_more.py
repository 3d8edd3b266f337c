"""Reads one digit more than δ needs where it is told e, and until it knows where it is not."""

import onehalf as oh


@oh.algorithm("one-more")
def one_more(task, rng):
    """Beat every fixed δ."""
    bits = 1 if task.exponent is None else task.exponent + 1
    while (seen := task.recognise([task.ask(*place, bits) for place in task.probe], bits)) is None:
        bits = 2 * bits + 1
    return task.witness(seen)
