"""Never halts: whatever it is told, it wants to know more."""

import itertools

import onehalf as oh


@oh.algorithm("never")
def never(task, rng):
    """Read on for ever, four times the digits each time."""
    for power in itertools.count():
        task.ask(0, 1, 4**power)
