"""Answers differently by the parity of its coins."""

import onehalf as oh


@oh.algorithm("parity")
def parity(task, rng):
    """Toss eleven coins; an even number of heads is ι¹, an odd number ι²."""
    task.read(30)
    return oh.Claim(task.witness(task.members[rng.integers(0, 2, size=11).sum() % 2]), converged=True)
