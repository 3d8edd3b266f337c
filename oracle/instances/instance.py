"""What every kind of instance has in common: its data, and a certificate from which its solutions follow."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from oracle.arithmetic.linear_algebra import Matrix, Vector
from oracle.errors import InvalidValue
from oracle.instances.arrays import matrix, scalar, vector
from oracle.instances.solutions import Solutions

CERTIFIED, SEPARATED, DECLARED = "certified", "separated", "declared"
FREE = "anything"
"""The kind of a limit that only asks to halt."""
_READERS = (scalar, vector, matrix)
Array = Fraction | Vector | Matrix


class Refused(InvalidValue):
    """A certificate does not prove what it is for: the sentence names the obligation that failed."""


@dataclass(frozen=True)
class Instance(ABC):
    """One input with a certificate of its solutions.

    Class attributes
    ----------------
    kind : str
        What solvers are made for.
    axes : mapping
        The names of its data, each with the names of its axes: what is permuted together has one name.
    answer : str
        The axis of a solution, or "" where solutions are not indexed by one.
    tier : str
        "certified" where a checker proves the solutions, "separated" where they are a judge's, which functionals keep
        apart from those of other inputs, "declared" where they are the user's word.
    """

    kind: ClassVar[str]
    axes: ClassVar[Mapping[str, tuple[str, ...]]]
    answer: ClassVar[str] = "columns"
    tier: ClassVar[str] = CERTIFIED

    def __post_init__(self) -> None:
        sizes: dict[str, tuple[int, str]] = {}
        for name, axes in self.axes.items():
            value = _READERS[len(axes)](name, getattr(self, name))
            object.__setattr__(self, name, value)
            for axis, size in zip(axes, shape_of(value), strict=True):
                known, other = sizes.setdefault(axis, (size, name))
                if known != size:
                    rule = f"has {size} {axis}, and {other} has {known}"
                    raise InvalidValue(name, f"{size} {axis}", rule, "give them one size")

    @property
    def data(self) -> dict[str, Array]:
        """The input: its numbers, vectors and matrices by name."""
        return {name: getattr(self, name) for name in self.axes}

    def named_axes(self) -> Mapping[str, tuple[str, ...]]:
        """Return the names of the axes of its data."""
        return self.axes

    @property
    def solved_as(self) -> tuple[str, ...]:
        """The kinds of which a solver gives an answer: its own."""
        return (self.kind,)

    def known(self) -> dict[str, Array]:
        """Return what is known exactly, by name."""
        return {}

    @abstractmethod
    def solutions(self) -> Solutions:
        """Return the solution set, proved from the certificate.

        Raises
        ------
        Refused
            If an obligation of the proof fails.
        """

    @abstractmethod
    def proof(self) -> str:
        """Return in a sentence why the solutions are these."""

    def stays(self) -> str:
        """Return why limits of solutions of inputs that converge to this one are solutions here (G6); "" if unknown."""
        return ""

    def refuse(self, obligation: str, remedy: str) -> Refused:
        """Return the error for an obligation that fails."""
        return Refused(self.kind, "certificate", f"the obligation fails: {obligation}", remedy)


def shape_of(value: Array) -> tuple[int, ...]:
    """Return the shape of data."""
    if isinstance(value, Fraction):
        return ()
    first = value[0]
    return (len(value),) if isinstance(first, Fraction) else (len(value), len(first))


def flat(value: Array) -> Vector:
    """Return the entries of data in order, rows first."""
    if isinstance(value, Fraction):
        return (value,)
    return tuple(x for part in value for x in (part if isinstance(part, tuple) else (part,)))


def sign_vector(instance: Instance, signs: Any, size: int) -> tuple[int, ...]:
    """Return a certificate of signs −1, 0, 1, one a column."""
    try:
        found = tuple(int(s) for s in signs)
    except (TypeError, ValueError):
        found = ()
    if len(found) != size or not set(found) <= {-1, 0, 1}:
        raise instance.refuse(
            f"signs={signs!r} are no {size} numbers −1, 0 or 1", "give the sign of each coordinate"
        )
    return found
