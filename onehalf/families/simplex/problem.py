"""A linear program over a simplex whose k costs differ by δ = 2^-e: k answers that exclude each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from oracle.checks import Step
from oracle.errors import InvalidOutput, InvalidValue, not_in_output_set
from oracle.judge import Verdict, judge_point
from oracle.networks import exact_fraction
from oracle.numbers import parse_real
from oracle.points import decode_point, encode_point
from oracle.problems import ANSWERS, WITH_LIMIT, Axis, Bound, Facts, Index, Input, Problem, remade

Point = tuple[Fraction, ...]
LIMIT = Input("0", None)


@dataclass(frozen=True)
class SimplexFacts(Facts):
    """What a solver knows: k, the tolerance and, unless the limit is a member, e of δ = 2^-e.

    The costs, shape (1, k), are what it must ask for.
    """

    family: ClassVar[str] = "simplex"
    kinds: ClassVar[tuple[str, ...]] = (WITH_LIMIT,)
    answers: int
    tolerance: Fraction
    exponent: int | None
    magnitude: int = 0

    @property
    def shape(self) -> tuple[int, int]:  # type: ignore[override]
        """(1, k)."""
        return 1, self.answers

    @property
    def probe(self) -> tuple[Index, ...]:  # type: ignore[override]
        """Every cost: the inputs differ in all of them."""
        return tuple((0, j) for j in range(self.answers))

    @property
    def members(self) -> tuple[Input, ...]:  # type: ignore[override]
        """ι¹, …, ι^k; their exponent is None where it is not told."""
        return tuple(Input(str(j + 1), self.exponent) for j in range(self.answers))

    def witness(self, member: Input) -> Point:
        """Return the vertex e_j, which needs no knowledge of δ; on ι⁰ the barycentre."""
        if member.name == LIMIT.name:
            return (Fraction(1, self.answers),) * self.answers
        return tuple(Fraction(int(str(j + 1) == member.name)) for j in range(self.answers))

    def recognise(self, answers: Sequence[Fraction], bits: int) -> Input | None:
        """Return the input whose cost is below 1 by more than the answers can err; None if none is sure to be."""
        radius = Fraction(1, 1 << bits)
        below = [m for m, q in zip(self.members, answers, strict=True) if 1 - q > radius]
        return below[0] if len(below) == 1 else None


@dataclass(frozen=True)
class Simplex(Problem):
    """Minimise c·x over x ≥ 0, Σ x_i = 1, where one of k costs is 1 − δ and the others are 1.

    On ι^j the minimiser is the vertex e_j, and Ξ(ι^j) = {x : ‖x − e_j‖_∞ ≤ tolerance}. Vertices are 1 apart, so
    these k sets are pairwise disjoint for every tolerance below 1/2.

    Parameters
    ----------
    answers : int
        k ≥ 2.
    exponent : int
        e ≥ 2 of δ = 2^-e.
    tolerance : rational in (0, 1/2)
        The largest error of a coordinate.
    limit : bool
        Whether the limit ι⁰, all costs 1, is a member. It only asks to halt, Ξ(ι⁰) = M (Theorem 3), and e is then
        not told.

    Raises
    ------
    InvalidValue
        If a parameter is out of its range.
    """

    family: ClassVar[str] = "simplex"
    policies: ClassVar[tuple[str, ...]] = ("honest", "blind", "decoy")
    theory: ClassVar[str] = "docs/theory.md, section 6"
    constant: ClassVar[tuple[str, ...]] = ("blind", "decoy")
    referee: ClassVar[str] = "simplex"
    statement: ClassVar[str] = (
        "Minimise c·x over x ≥ 0, Σ x_i = 1, where one of k costs is 1 − δ, δ = 2⁻ᵉ, and the others are 1; costs "
        "are read inexactly. On ι^j, j = 1, …, k, the minimiser is the vertex e_j, and an output is accepted if "
        "none of its coordinates is further from it than the tolerance, below 1/2: no output serves two inputs. "
        "Where the limit ι⁰, all costs 1, is an input, too, every output that halts is accepted there."
    )
    axes: ClassVar[tuple[Axis, ...]] = (
        Axis("exponent", "e", "the inputs differing by 2⁻ᵉ"),
        Axis("answers", "k", "answers that exclude each other", ANSWERS),
    )

    answers: int = 2
    exponent: int = 53
    tolerance: Fraction | str = "1/4"
    limit: bool = False

    def __post_init__(self) -> None:
        for name, value in (("answers", self.answers), ("exponent", self.exponent)):
            if not isinstance(value, int) or isinstance(value, bool) or value < 2:
                raise InvalidValue(name, value, "must be a whole number of at least 2", "take 2 or more")
        tolerance = parse_real(self.tolerance)
        if not isinstance(tolerance, Fraction) or not 0 < tolerance < Fraction(1, 2):
            raise InvalidValue(
                "tolerance", str(self.tolerance), "must be a rational in (0, 1/2)", "choose one there"
            )
        object.__setattr__(self, "tolerance", tolerance)

    @cached_property
    def facts(self) -> SimplexFacts:
        """The public part."""
        return SimplexFacts(self.answers, self._tolerance, None if self.limit else self.exponent)

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """ι¹, …, ι^k and, where it is a member, ι⁰."""
        named = tuple(Input(str(j + 1), self.exponent) for j in range(self.answers))
        return (*named, LIMIT) if self.limit else named

    def parameters(self) -> dict[str, Any]:
        """Return the parameters as JSON values."""
        return {
            "answers": self.answers,
            "exponent": self.exponent,
            "tolerance": str(self.tolerance),
            "limit": self.limit,
        }

    def value(self, member: Input, index: Index) -> Fraction:
        """Return 1 − δ for the cost that the input singles out, 1 for the others."""
        lower = member.exponent is not None and str(index[1] + 1) == member.name
        return 1 - self._delta if lower else Fraction(1)

    def sensitive(self, index: Index) -> bool:
        """Tell that inputs differ in every cost."""
        return True

    def shown(self, policy: str, index: Index, bits: int) -> Fraction:
        """Return 1 (blind) or the cost of ι¹ (decoy)."""
        return Fraction(1) if policy == "blind" else self.value(self.inputs[0], index)

    def bound(self, policy: str) -> Bound:
        """Return Theorem 1 with k = `answers`, Theorem 3 where ι⁰ is a member.

        Blind and decoy couple to depth e. The nearest multiple of 2^-n to 1 − δ is 1 while n < e (at n = e − 1 the
        tie goes to the even 2^n), so honest oracles couple to depth e − 1.
        """
        self.check_policy(policy)
        depth = self.exponent - 1 if policy == "honest" else self.exponent
        names = tuple(m.name for m in self.inputs if m != LIMIT)
        return Bound("3", names, depth, LIMIT.name) if self.limit else Bound("1", names, depth)

    def with_limit(self) -> Problem:
        """Return the problem with the limit ι⁰ as a member."""
        return remade(self, limit=True)

    def in_coq(self, policy: str) -> str:
        """Return the bound against a policy as text of a Coq file, with its proof."""
        from onehalf.families.simplex.coq import bound_in_coq  # texts that no trial needs

        return bound_in_coq(self.parameters(), policy.capitalize(), self.bound(policy).depth)

    def exclusion(self) -> Iterator[Step]:
        """Yield why no point is within the tolerance of two vertices."""
        yield Step(
            "Exclusion",
            f"The {self.answers} minimisers are vertices, 1 apart, and answers must be within {self._tolerance} of "
            f"them: 2·{self._tolerance} < 1.",
            2 * self._tolerance < 1,
        )

    def check_policy(self, policy: str) -> str:
        """Return the policy's name, or raise `InvalidValue`; a decoy would betray e on ι⁰ (Remark 2b)."""
        if self.limit and policy == "decoy":
            raise InvalidValue(
                "oracle", policy, "shows δ on ι⁰ too, and so betrays e (Remark 2b)", "take blind or honest"
            )
        return super().check_policy(policy)

    def check_output(self, output: Any) -> Point:
        """Return a point of R^k, or raise `InvalidOutput`."""
        if not isinstance(output, list | tuple | np.ndarray) or np.shape(output) != (self.answers,):
            raise not_in_output_set(output, f"return the {self.answers} coordinates of a point")
        try:
            return tuple(exact_fraction(x) for x in output)
        except (TypeError, ValueError, OverflowError) as error:
            raise InvalidOutput(f"output {output!r}: coordinates must be finite reals ({error})") from error

    def judge(self, outputs: Sequence[Point]) -> list[tuple[Verdict, ...]]:
        """Return whether ‖x − e_j‖_∞ ≤ tolerance on each ι^j, in rational arithmetic; ι⁰ accepts all of M."""
        return [tuple(self._verdict(x, member) for member in self.inputs) for x in outputs]

    def encode(self, output: Point) -> bytes:
        """Return the coordinates as fraction text."""
        return encode_point(output)

    def decode(self, body: bytes) -> Point:
        """Return the point that `encode` wrote."""
        return decode_point(body, self.answers)

    @property
    def _delta(self) -> Fraction:
        return Fraction(1, 1 << self.exponent)

    @property
    def _tolerance(self) -> Fraction:
        assert isinstance(self.tolerance, Fraction)
        return self.tolerance

    def _verdict(self, x: Point, member: Input) -> Verdict:
        if member == LIMIT:
            return Verdict("accepted", math.inf)
        best = self.facts.witness(member)
        return judge_point(x, best, self._tolerance)
