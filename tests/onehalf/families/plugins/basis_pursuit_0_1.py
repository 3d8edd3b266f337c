"""Basis pursuit as a user wrote it for release 0.1: it imports the packages beneath, and knows no axes."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

import onehalf as oh
from oracle.errors import InvalidOutput
from oracle.networks import exact_fraction
from oracle.numbers import to_float
from oracle.points import decode_point, encode_point
from oracle.problems import Bound, Facts, Input, Problem


@dataclass(frozen=True)
class BasisPursuitFacts(Facts):
    family: ClassVar[str] = "basis-pursuit"
    y: Fraction
    radius: Fraction
    exponent: int
    shape: tuple[int, int] = (1, 2)
    magnitude: int = 1
    probe: tuple = ((0, 0), (0, 1))

    @property
    def members(self):
        return Input("1", self.exponent), Input("2", self.exponent)

    def matrix(self, member):
        d = Fraction(1, 1 << self.exponent)
        return (1 + d, Fraction(1)) if member.name == "1" else (Fraction(1), 1 + d)

    def witness(self, member):
        a = self.matrix(member)
        return (self.y / a[0], Fraction(0)) if a[0] > a[1] else (Fraction(0), self.y / a[1])

    def recognise(self, answers, bits):
        r = Fraction(1, 1 << bits)
        near = [
            m
            for m in self.members
            if all(abs(x - q) <= r for x, q in zip(self.matrix(m), answers, strict=True))
        ]
        return near[0] if len(near) == 1 else None


@dataclass(frozen=True)
class BasisPursuit(Problem):
    """Minimise |x|_1 subject to Ax = y, A = (1 + δ, 1) or (1, 1 + δ).

    Parameters
    ----------
    y : positive rational
        Right-hand side.
    radius : positive rational
        Accepted within this distance of the minimiser.
    exponent : int
        e of δ = 2^-e.
    """

    family: ClassVar[str] = "basis-pursuit"
    policies: ClassVar[tuple[str, ...]] = ("honest", "blind", "decoy")
    y: Fraction | str = "1"
    radius: Fraction | str = "1/10"
    exponent: int = 53

    @property
    def facts(self):
        return BasisPursuitFacts(Fraction(self.y), Fraction(self.radius), self.exponent)

    @property
    def inputs(self):
        return self.facts.members

    def parameters(self):
        return {"y": str(self.y), "radius": str(self.radius), "exponent": self.exponent}

    def value(self, member, index):
        return self.facts.matrix(member)[index[1]]

    def sensitive(self, index):
        return True

    def shown(self, policy, index, bits):
        return Fraction(1) if policy == "blind" else self.facts.matrix(self.inputs[0])[index[1]]

    def bound(self, policy):
        self.check_policy(policy)
        depth = self.exponent if policy in ("blind", "decoy") else self.exponent - 1
        return Bound("1", ("1", "2"), depth)

    def check_output(self, output):
        if not isinstance(output, list | tuple | np.ndarray) or len(output) != 2:
            raise InvalidOutput("return the two coordinates (x_1, x_2)")
        try:
            return tuple(exact_fraction(x) for x in output)
        except (TypeError, ValueError, OverflowError) as error:
            raise InvalidOutput(f"{output!r}: {error}") from error

    def judge(self, outputs):
        best = [self.facts.witness(m) for m in self.inputs]
        return [tuple(self._v(x, b) for b in best) for x in outputs]

    def _v(self, x, b):
        margin = Fraction(self.radius) - max(abs(p - q) for p, q in zip(x, b, strict=True))
        return oh.Verdict("accepted" if margin >= 0 else "rejected", to_float(margin))

    def encode(self, output):
        return encode_point(output)

    def decode(self, body):
        return decode_point(body)


@oh.algorithm("bp-solver", families=["basis-pursuit"])
def bp(task, rng, *, bits: int = 53):
    """Exact minimiser of the matrix as read; ties by coin."""
    a1, a2 = task.read_exact(bits)[0]
    first = rng.random() < 0.5 if a1 == a2 else a1 > a2
    return oh.Claim((task.y / a1, 0) if first else (0, task.y / a2), True)
