"""The public part of a problem that is stated by its instances: all but which of them is the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from oracle.arithmetic.linear_algebra import Vector
from oracle.facts import BY_INSTANCES, Facts, Index, Input
from oracle.instances.solutions import Label
from oracle.instances.stated import Instances, Part, unpacked


@dataclass(frozen=True, kw_only=True)
class InstanceFacts(Facts):
    """What an algorithm knows.

    Attributes
    ----------
    kinds : tuple of str
        The kind of the instances: solvers for it run on the problem.
    digits, norm
        How near to a solution is right: within 10^-digits.
    layout : tuple of (name, names of axes, shape)
        What the entries of the table, which has one row, are.
    answer : str
        The axis of the data by which a solution is indexed; "" where it is indexed by none.
    known : tuple of (name, entries)
        What is known exactly.
    exponent : int
        e, where instances are at most 2^-e apart.
    entries : tuple of vectors
        The entries in which instances differ, by instance.
    solutions : tuple
        One of each instance.
    faces : tuple of tuples
        The largest sets of instances, by place, with a common right answer.
    shared : tuple
        That answer.
    player : tuple of Fraction
        Probabilities with which to give them, so that the smallest success probability is largest.
    """

    family: str  # type: ignore[misc]
    kinds: tuple[str, ...]  # type: ignore[misc]
    digits: int
    norm: str
    layout: tuple[Part, ...]
    answer: str
    known: tuple[tuple[str, Any], ...]
    shape: tuple[int, int]
    magnitude: int
    exponent: int
    places: tuple[int, ...]
    entries: tuple[Vector, ...]
    solutions: tuple[Vector | Label, ...]
    faces: tuple[tuple[int, ...], ...]
    shared: tuple[Vector | Label, ...]
    player: tuple[Fraction, ...]

    @property
    def probe(self) -> tuple[Index, ...]:  # type: ignore[override]
        """Every entry in which instances differ."""
        return tuple((0, place) for place in self.places)

    @property
    def members(self) -> tuple[Input, ...]:  # type: ignore[override]
        """ι¹, …, ι^k."""
        return tuple(Input(str(j + 1), self.exponent) for j in range(len(self.entries)))

    def witness(self, member: Input) -> Vector | Label:
        """Return a solution of an input."""
        return self.solutions[int(member.name) - 1]

    def recognise(self, answers: Sequence[Fraction], bits: int) -> Input | None:
        """Return the only input all of whose entries are within 2^-bits of the answers."""
        radius = Fraction(1, 1 << bits)
        near = [
            member
            for member, values in zip(self.members, self.entries, strict=True)
            if all(abs(value - q) <= radius for value, q in zip(values, answers, strict=True))
        ]
        return near[0] if len(near) == 1 else None

    def ballot(self, output: Any, read: Callable[[], Any]) -> Any:
        """Return the answer itself where answers have no distance, else the place of the largest entry."""
        points = isinstance(self.solutions[0], tuple) and all(
            isinstance(x, Fraction) for x in self.solutions[0]
        )
        if points and self.solutions[0]:
            return super().ballot(output, read)
        return tuple(output) if isinstance(output, list | tuple) else output

    def parts(self, entries: Sequence[Any]) -> Mapping[str, Any]:
        """Return the parts of a table as read, by name, as lists and lists of rows."""
        return unpacked(self.layout, entries)


def public_part(family: str, stated: Instances, exponent: int) -> InstanceFacts:
    """Return what an algorithm may know of stated instances."""
    largest = max(abs(x) for table in stated.tables for x in table)
    places = stated.differing
    first = stated.members[0]
    return InstanceFacts(
        family=family,
        kinds=(*first.solved_as, BY_INSTANCES),
        digits=stated.digits,
        norm=stated.norm,
        layout=stated.layout,
        answer=first.answer,
        known=tuple(first.known().items()),
        shape=(1, len(stated.tables[0])),
        magnitude=max((-((-largest.numerator) // largest.denominator) - 1).bit_length(), 0)
        if largest > 1
        else 0,
        exponent=exponent,
        places=places,
        entries=tuple(tuple(table[i] for i in places) for table in stated.tables),
        solutions=stated.witnesses,
        faces=stated.played.faces,
        shared=stated.shared,
        player=stated.played.player,
    )
