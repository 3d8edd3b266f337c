"""Recognises decoys: a feature that is exactly the same at 20 and at 40 digits is suspect, and is read past δ."""

import onehalf as oh


@oh.algorithm("decoy-spotter")
def decoy_spotter(task, rng):
    """Trust what looks like noise; look closer at what looks exact."""
    first, second = task.ask(1, 1, 20), task.ask(1, 1, 40)
    bits = task.exponent + 2 if first == second != 0 else 50
    seen = task.recognise([task.ask(*place, bits) for place in task.probe], bits)
    return task.witness(seen or task.members[0])
