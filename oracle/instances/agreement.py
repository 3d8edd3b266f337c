"""What a policy shows to entries in which inputs differ, and to how many digits it answers alike on all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from oracle.instances.coupling import HONEST, depth_of, shown_by
from oracle.numbers import nearest


@dataclass(frozen=True)
class Agreement:
    """A policy on some inputs.

    Attributes
    ----------
    depth : int
        The largest n to which its oracles say the same on all inputs; −1 where not even at n = 0.
    legal : int
        The largest n at which the constant answers are legal for all inputs. Beyond it, up to `depth`, answers are
        nearest multiples of 2^-n, which are the same there.
    shows : mapping
        By entry, the constant answer; empty for honest answers.
    first : mapping
        By entry, its value on the first input.
    """

    depth: int
    legal: int
    shows: Mapping[int, Fraction]
    first: Mapping[int, Fraction]

    @property
    def constant(self) -> bool:
        """Whether it shows one number to an entry at every precision up to the depth."""
        return bool(self.shows) and self.depth == self.legal

    @classmethod
    def of(cls, policy: str, entries: Mapping[int, Sequence[Fraction]]) -> Agreement:
        """Return a policy on entries, given with their values on all inputs."""
        values = list(entries.values())
        depth = legal = depth_of(policy, values, [None] * len(values))
        first = {place: found[0] for place, found in entries.items()}
        if policy == HONEST:
            return cls(depth, depth, {}, first)
        while depth >= 0 and all(nearest(min(v), depth + 1) == nearest(max(v), depth + 1) for v in values):
            depth += 1
        return cls(depth, legal, {place: shown_by(policy, found) for place, found in entries.items()}, first)

    def answer(self, place: int, bits: int) -> Fraction:
        """Return what is shown at an entry."""
        if self.shows and bits <= self.legal:
            return self.shows[place]
        return Fraction(nearest(self.first[place], bits), 1 << bits)
