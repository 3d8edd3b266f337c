"""What families of problems share: checks of parameters and of outputs, and checked facts of a proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from oracle.errors import InvalidOutput, InvalidValue, not_in_output_set
from oracle.networks import Network, fits
from oracle.numbers import Real, parse_real


@dataclass(frozen=True)
class Step:
    """One fact of a proof, computed on the spot.

    Attributes
    ----------
    title : str
        What kind of fact it is.
    statement : str
        The fact, with its numbers.
    holds : bool
        What the computation gave.
    sampled : bool
        Whether it was tried on samples, which could refute it and cannot prove it.
    offered : bool
        Whether there is such a fact; where there is none, the statement says what is missing.
    """

    title: str
    statement: str
    holds: bool
    sampled: bool = False
    offered: bool = True

    @property
    def mark(self) -> str:
        """How the fact is known."""
        if not self.offered:
            return "not offered"
        return "FALSE" if not self.holds else "sampled" if self.sampled else "checked"


def short(value: Any) -> str:
    """Write an exact number: a power of two as such."""
    if (
        isinstance(value, Fraction)
        and value.numerator in (1, 2)
        and value.denominator & (value.denominator - 1) == 0
    ):
        return f"2^-{value.denominator.bit_length() - value.numerator}"
    return str(value) if len(str(value)) < 40 else f"about {float(value):.6g}"


def number_within(
    name: str, value: Any, low: Fraction, high: Fraction, *, strict: bool = False, irrational: bool = False
) -> Real:
    """Return an exact number of [low, high] (of the open interval if `strict`), or raise `InvalidValue`."""
    number = parse_real(value)
    inside = low < number < high if strict else low <= number <= high
    if not inside or not (irrational or isinstance(number, Fraction)):
        brackets = f"({low}, {high})" if strict else f"[{low}, {high}]"
        kind = "an exact number" if irrational else "a rational"
        raise InvalidValue(name, str(value), f"must be {kind} in {brackets}", "choose one there")
    return number


def whole_number(name: str, value: Any, least: int, reason: str) -> int:
    """Return a whole number of at least `least`, or raise `InvalidValue` with the reason."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InvalidValue(
            name, value, f"must be a whole number of at least {least}: {reason}", f"take {least} or more"
        )
    return value


def check_network(output: Any, wanted: Sequence[int], free: bool) -> Network:
    """Return a member of NN_N (of any architecture with N_0 inputs if `free`), or raise `InvalidOutput`."""
    if not isinstance(output, Network):
        raise not_in_output_set(output, "return a onehalf.Network, or a Claim of one")
    if type(output) is not Network:
        # A subclass may say one thing of itself here and another when it is stored.
        return check_network(Network(output.layers), wanted, free)
    found = output.architecture
    if free:
        if found[0] != wanted[0] or len(found) < 3:
            raise InvalidOutput(
                f"architecture {found}: wants {wanted[0]} inputs and at least one hidden layer"
            )
    elif not fits(found, tuple(wanted)):
        raise InvalidOutput(
            f"architecture {found} is not within {tuple(wanted)}: equal depth, no layer wider"
        )
    return output
