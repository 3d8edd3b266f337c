"""To how many digits inexact answers can be the same on several inputs, from the numbers alone (docs/theory.md, G1).

Reals v_1, …, v_k have a common dyadic answer at precision n iff max − min < 2·2^-n, or = 2·2^-n with a dyadic midpoint;
and then at every smaller n. Policies of answers are *constant*: to each entry they show one dyadic number, legal for
all inputs at the deepest n at which it is, hence at every smaller one. *Honest* answers are nearest multiples of 2^-n.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from oracle.numbers import nearest

HONEST, BLIND, DECOY, MIDPOINT = "honest", "blind", "decoy", "midpoint"
POLICIES = (HONEST, BLIND, DECOY, MIDPOINT)
_NEAR = 16


def depth_of_pair(low: Fraction, high: Fraction) -> int:
    """Return the largest n at which some dyadic is a legal answer for both of two different numbers; −1 if none is."""
    n = _last_power(2 / (high - low))
    if n >= 0 and (high - low) * 2**n == 2 and not is_dyadic((low + high) / 2):
        return n - 1
    return n


def depth_of_answer(answer: Fraction, low: Fraction, high: Fraction) -> int:
    """Return the largest n at which an answer between two different numbers is legal for both; −1 if at none."""
    return _last_power(1 / max(high - answer, answer - low))


def honest_depth(low: Fraction, high: Fraction) -> int:
    """Return the largest n with equal nearest multiples of 2^-m (ties to even) of two different numbers for all m ≤ n.

    They part at m only if an odd multiple of 2^-(m+1) is between them. Where 2^-(m+1) is above their distance, only
    the number between them with the fewest digits can be one; from there on each m is tried.
    """
    first = simplest_dyadic(low, high).denominator.bit_length() - 2
    span = max(_last_power(1 / (high - low)), 0)
    tried = ([first] if 0 <= first < span - 2 else []) + list(range(max(span - 2, 0), span + _NEAR))
    return next(n for n in tried if nearest(low, n) != nearest(high, n)) - 1


def is_dyadic(value: Fraction) -> bool:
    """Tell whether a number is m/2^n."""
    return value.denominator & (value.denominator - 1) == 0


def simplest_dyadic(low: Fraction, high: Fraction) -> Fraction:
    """Return the dyadic number of [low, high], low < high, with the fewest digits after the point; of integers the
    one nearest to 0."""
    n = 0
    if (first := -((-low.numerator) // low.denominator)) > high:
        n = max(_last_power(1 / (high - low)) - 1, 0)
        while (first := -((-low.numerator << n) // low.denominator)) > high * 2**n:
            n += 1
        while n and (coarser := -((-low.numerator << (n - 1)) // low.denominator)) <= high * 2 ** (n - 1):
            n, first = n - 1, coarser
        return Fraction(first, 1 << n)
    last = high.numerator // high.denominator
    return Fraction(min(max(0, first), last))


def dyadic_near(value: Fraction, radius: Fraction) -> Fraction:
    """Return the number itself where it is dyadic, else a dyadic number within `radius` of it."""
    if is_dyadic(value):
        return value
    bits = max(-_last_power(radius) if radius >= 1 else _last_power(1 / radius) + 1, 0)
    return Fraction(nearest(value, bits), 1 << bits)


def shown_by(policy: str, values: Sequence[Fraction], limit: Fraction | None = None) -> Fraction:
    """Return what a constant policy shows for an entry in which inputs differ.

    Parameters
    ----------
    policy : str
        *blind* shows the limit's entry where it is dyadic, and else the number between all with the fewest digits;
        *decoy* that of the first input; *midpoint* what is legal to the greatest depth.
    values : sequence of Fraction
        The entry on every input, the limit among them where it is a member.
    limit : Fraction, optional
        That of the limit.
    """
    low, high = min(values), max(values)
    if policy == BLIND:
        return limit if limit is not None and is_dyadic(limit) else simplest_dyadic(low, high)
    if policy == DECOY:
        return dyadic_near(values[0], (high - low) / 8)
    slack = Fraction(2) ** -max(depth_of_pair(low, high), 0) - (high - low) / 2
    return dyadic_near((low + high) / 2, max(slack, Fraction(0)) or high - low)


def depth_of(policy: str, entries: Sequence[Sequence[Fraction]], limits: Sequence[Fraction | None]) -> int:
    """Return to how many digits a policy answers alike on all inputs; −1 where not even to none.

    Parameters
    ----------
    entries : sequence of sequences
        For each entry in which inputs differ its values on all inputs.
    limits : sequence
        For each of them the limit's value, or None.
    """
    return min(_depth_at(policy, values, limit) for values, limit in zip(entries, limits, strict=True))


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
    def of(
        cls,
        policy: str,
        entries: Mapping[int, Sequence[Fraction]],
        limits: Mapping[int, Fraction] | None = None,
    ) -> Agreement:
        """Return a policy on entries, given with their values on all inputs, and by entry the limit's if it is one."""
        values, at_limit = list(entries.values()), limits or {}
        told = [at_limit.get(place) for place in entries]
        depth = legal = depth_of(policy, values, told)
        first = {place: found[0] for place, found in entries.items()}
        if policy == HONEST:
            return cls(depth, depth, {}, first)
        while depth >= 0 and all(nearest(min(v), depth + 1) == nearest(max(v), depth + 1) for v in values):
            depth += 1
        shows = {place: shown_by(policy, found, at_limit.get(place)) for place, found in entries.items()}
        return cls(depth, legal, shows, first)

    def answer(self, place: int, bits: int) -> Fraction:
        """Return what is shown at an entry; beyond the depth the constant, which on limits may still be legal."""
        if self.shows and not self.legal < bits <= self.depth:
            return self.shows[place]
        return Fraction(nearest(self.first[place], bits), 1 << bits)


def _depth_at(policy: str, values: Sequence[Fraction], limit: Fraction | None) -> int:
    low, high = min(values), max(values)
    if policy == HONEST:
        return honest_depth(low, high)
    return depth_of_answer(shown_by(policy, values, limit), low, high)


def _last_power(ratio: Fraction) -> int:
    """Return the largest n with 2^n ≤ ratio; −1 where ratio < 1."""
    whole = ratio.numerator // ratio.denominator
    return whole.bit_length() - 1
