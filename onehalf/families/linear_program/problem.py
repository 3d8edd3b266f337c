"""The linear program of docs/theory.md §6: min x_1 + x_2, x_1 + (1 + s·δ) x_2 = y, x ≥ 0, one coefficient inexact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from oracle.checks import Step, short
from oracle.errors import InvalidOutput, InvalidValue, not_in_output_set
from oracle.judge import Verdict, judge_point
from oracle.networks import exact_fraction
from oracle.numbers import parse_real
from oracle.points import decode_point, encode_point
from oracle.problems import DEMAND, Axis, Bound, Facts, Index, Input, Problem

Point = tuple[Fraction, Fraction]
_COEFFICIENT = (0, 1)


@dataclass(frozen=True)
class LinearProgramFacts(Facts):
    """What a solver knows: y, the objective (1, 1), the digits wanted, and e of δ = 2^-e.

    The constraint matrix, shape (1, 2), is what it must ask for. Input "1" has the coefficient 1 + δ, input "2"
    has 1 − δ.
    """

    family: ClassVar[str] = "linear-program"
    y: Fraction
    digits: int
    exponent: int
    objective: tuple[int, int] = (1, 1)
    shape: tuple[int, int] = (1, 2)
    magnitude: int = 1
    probe: tuple[Index, ...] = (_COEFFICIENT,)

    @property
    def members(self) -> tuple[Input, ...]:  # type: ignore[override]
        """Both inputs."""
        return Input("1", self.exponent), Input("2", self.exponent)

    def coefficient(self, member: Input) -> Fraction:
        """Return 1 + s·δ."""
        delta = Fraction(1, 1 << self.exponent)
        return 1 + delta if member.name == "1" else 1 - delta

    def minimiser(self, coefficient: Fraction) -> Point:
        """Return the minimiser (y, 0) for a coefficient below 1, (0, y/coefficient) above."""
        return (Fraction(0), self.y / coefficient) if coefficient > 1 else (self.y, Fraction(0))

    def witness(self, member: Input) -> Point:
        """Return the minimiser itself."""
        return self.minimiser(self.coefficient(member))

    def recognise(self, answers: Sequence[Fraction], bits: int) -> Input | None:
        """Return the only input whose coefficient is within 2^-bits of the answer."""
        radius = Fraction(1, 1 << bits)
        near = [m for m in self.members if abs(self.coefficient(m) - answers[0]) <= radius]
        return near[0] if len(near) == 1 else None


@dataclass(frozen=True)
class LinearProgram(Problem):
    """Minimise x_1 + x_2 subject to x_1 + (1 + s·δ) x_2 = y, x ≥ 0, to K correct decimal digits.

    The coefficient 1 + s·δ is read inexactly, s = 1 on ι¹ and −1 on ι²; all else is known. The minimiser x* is
    (0, y/(1 + δ)) on ι¹ and (y, 0) on ι², and an output x is acceptable where ‖x − x*‖_∞ ≤ 10^-K.

    Parameters
    ----------
    y : positive rational
        Right-hand side of the equation.
    digits : int
        K ≥ 0.
    exponent : int
        e ≥ 2 of δ = 2^-e.

    Raises
    ------
    InvalidValue
        If a parameter is out of its range.
    """

    family: ClassVar[str] = "linear-program"
    policies: ClassVar[tuple[str, ...]] = ("honest", "blind", "decoy")
    theory: ClassVar[str] = "docs/theory.md, section 6"
    constant: ClassVar[tuple[str, ...]] = ("blind", "decoy")
    referee: ClassVar[str] = "linear-program"
    axes: ClassVar[tuple[Axis, ...]] = (
        Axis("exponent", "e", "the inputs differing by 2⁻ᵉ"),
        Axis("digits", "K", "correct digits asked for", DEMAND),
    )
    outputs: ClassVar[str] = "solutions of linear programs"
    statement: ClassVar[str] = (
        "Minimise x₁ + x₂ subject to x₁ + (1 + s·δ)·x₂ = y, x ≥ 0. The coefficient 1 + s·δ is read inexactly, δ = "
        "2⁻ᵉ, s = 1 on ι¹ and −1 on ι²; y is known. The minimiser is (0, y/(1 + δ)) on ι¹ and (y, 0) on ι², and an "
        "output is accepted if no coordinate is more than 10⁻ᴷ from it: K correct digits. One output serves both "
        "inputs exactly as long as 2·10⁻ᴷ ≥ y."
    )
    algorithms: ClassVar[tuple[str, ...]] = ("onehalf.families.linear_program.solvers",)

    y: Fraction | str = "1/500"
    digits: int = 4
    exponent: int = 53
    _y: Fraction = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        y = parse_real(self.y)
        if not isinstance(y, Fraction) or y <= 0:
            raise InvalidValue("y", str(self.y), "must be a positive rational", "write for example 1/500")
        object.__setattr__(self, "y", y)
        object.__setattr__(self, "_y", y)
        for name, value, least in (("digits", self.digits, 0), ("exponent", self.exponent, 2)):
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise InvalidValue(
                    name, value, f"must be a whole number of at least {least}", f"take {least} or more"
                )

    @cached_property
    def facts(self) -> LinearProgramFacts:
        """The public part."""
        return LinearProgramFacts(self._y, self.digits, self.exponent)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """s = +1 and s = −1."""
        return self.facts.members

    def parameters(self) -> dict[str, Any]:
        """Return the parameters as JSON values."""
        return {"y": str(self.y), "digits": self.digits, "exponent": self.exponent}

    def value(self, member: Input, index: Index) -> Fraction:
        """Return the entry of the constraint matrix."""
        return self.facts.coefficient(member) if self.sensitive(index) else Fraction(1)

    def sensitive(self, index: Index) -> bool:
        """Tell whether the entry is the second coefficient."""
        return index == _COEFFICIENT

    def shown(self, policy: str, index: Index, bits: int) -> Fraction:
        """Return 1 (blind) or 1 + δ (decoy)."""
        return Fraction(1) if policy == "blind" else self.facts.coefficient(self.inputs[0])

    def bound(self, policy: str) -> Bound:
        """Return Theorem 1 with k = 2 where the answer sets are disjoint: exactly when 2·10^-K < y.

        Blind couples to depth e. Decoy couples to e − 1, for 1 + δ is a legal answer for 1 − δ while
        2δ ≤ 2^-n; so do honest oracles (at n = e − 1 both ties go to the even multiple, 1).
        """
        self.check_policy(policy)
        depth = self.exponent if policy == "blind" else self.exponent - 1
        disjoint = 2 * self._radius < self._y
        return Bound("1", ("1", "2"), depth) if disjoint else Bound("", (), depth)

    def in_coq(self, policy: str) -> str:
        """Return the bound against a policy as text of a Coq file, with its proof."""
        from onehalf.families.linear_program.coq import bound_in_coq  # texts that no trial needs

        return bound_in_coq(self.parameters(), policy.capitalize(), self.bound(policy).depth)

    def exclusion(self) -> Iterator[Step]:
        """Yield why no point is right to K digits on both inputs: the minimisers are too far apart."""
        first, second = (self.facts.witness(member) for member in self.inputs)
        apart = max(abs(a - b) for a, b in zip(first, second, strict=True))
        yield Step(
            "Exclusion",
            f"The minimisers are {short(apart)} apart, and each answer must be within 10^-{self.digits} of one of "
            f"them: 2·10^-{self.digits} < {short(apart)}.",
            2 * self._radius < apart,
        )

    def check_output(self, output: Any) -> Point:
        """Return a point of the plane, or raise `InvalidOutput`."""
        if not isinstance(output, list | tuple | np.ndarray):
            raise not_in_output_set(output, "return the two coordinates (x_1, x_2)")
        entries = list(np.atleast_1d(output) if isinstance(output, np.ndarray) else output)
        if len(entries) != 2:
            raise InvalidOutput(f"output of length {len(entries)}: return the two coordinates (x_1, x_2)")
        try:
            first, second = (exact_fraction(x) for x in entries)
        except (TypeError, ValueError, OverflowError) as error:
            raise InvalidOutput(
                f"output {output!r}: coordinates must be finite real numbers ({error})"
            ) from error
        return first, second

    def judge(self, outputs: Sequence[Point]) -> list[tuple[Verdict, ...]]:
        """Return whether ‖x − x*‖_∞ ≤ 10^-K on each input, in rational arithmetic."""
        minimisers = [self.facts.witness(m) for m in self.inputs]
        return [tuple(self._verdict(x, best) for best in minimisers) for x in outputs]

    def encode(self, output: Point) -> bytes:
        """Return the coordinates as fraction text."""
        return encode_point(output)

    def decode(self, body: bytes) -> Point:
        """Return the point that `encode` wrote."""
        first, second = decode_point(body, 2)
        return first, second

    @property
    def _radius(self) -> Fraction:
        return Fraction(1, 10**self.digits)

    def _verdict(self, x: Point, best: Point) -> Verdict:
        return judge_point(x, best, self._radius)
