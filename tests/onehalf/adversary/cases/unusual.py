"""Unusual ways to ask and to fail: from a child process, past the budget, by waiting instead of asking."""

import os
import time

import onehalf as oh


def told(task, rng, bits):
    """Return the member that so many digits tell, else a guess."""
    seen = task.recognise([task.ask(*place, bits) for place in task.probe], bits)
    return seen or task.members[rng.integers(len(task.members))]


@oh.algorithm("asks-from-a-child")
def asks_from_a_child(task, rng):
    """Let a child process read e + 2 digits, and hear from it which input it is; else answer for the first."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(sender, told(task, rng, (task.exponent or 60) + 2).name.encode())
        finally:
            os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as heard:
        name = heard.read() or task.members[0].name
    os.waitpid(child, 0)
    return task.witness(next(member for member in task.members if member.name == name))


@oh.algorithm("half-deep")
def half_deep(task, rng, *, bits: int = 20_000):
    """Read many digits at once with probability 1/2, and else one."""
    return task.witness(told(task, rng, bits if rng.random() < 0.5 else 1))


@oh.algorithm("waits")
def waits(task, rng, *, seconds: float = 3.0, deep: int = 400):
    """Read e + 2 digits; where e is not told, read to some digits, then wait, and answer for the limit."""
    bits = 16 if task.exponent is None else task.exponent + 2
    while bits < deep or task.exponent is not None:
        seen = task.recognise([task.ask(*place, bits) for place in task.probe], bits)
        if seen is not None and seen.name != "0":
            return task.witness(seen)
        bits *= 2
    task.ask(*task.probe[0], deep)
    time.sleep(seconds)
    return task.witness(oh.Input("0", None))


@oh.algorithm("beyond")
def beyond(task, rng, *, most: int = 3_000):
    """Read until it is known, at most past the budget; else answer for the limit. It tosses no coin."""
    return waits(task, rng, seconds=0.0, deep=most)
