"""What is known of a problem beforehand, as values: its inputs, axes and bound, and what an algorithm may know."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from oracle.errors import InvalidValue

Index = tuple[int, int]
CLOSENESS, DEMAND, ANSWERS = "closeness", "demand", "answers"
NETWORK_TRAINING = "network-training"
"""Kind of task: facts have labels, architecture, cost and tolerance; a row is a point, and an output is a network."""
WITH_LIMIT = "with-limit"
"""Kind of task: the limit ι⁰ of the inputs may be a member, and the facts have a witness of `Input("0", None)`."""
BY_INSTANCES = "by-instances"
"""Kind of task: a problem stated by instances; the facts have the faces of its game and the player's strategy."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input ι of a family, by its name and the exponent e of its δ = 2^-e (None: δ = 0, or e is not told)."""

    name: str
    exponent: int | None


@dataclass(frozen=True, slots=True)
class Axis:
    """A parameter of a family along which an experiment may vary and success may change.

    Attributes
    ----------
    name : str
        The parameter, a whole number.
    symbol : str
        How it is written in sentences and figures, such as "e".
    words : str
        What it is, such as "the inputs differing by 2⁻ᵉ".
    kind : str
        "closeness" (inputs 2^-value apart: they cease to be told apart), "demand" (how much is asked of an output) or
        "answers" (how many answers exclude each other).
    """

    name: str
    symbol: str
    words: str
    kind: str = CLOSENESS


@dataclass(frozen=True, slots=True)
class Bound:
    """What limits the success probability on a cell.

    Parameters
    ----------
    theorem : str
        "1", "2" or "3" (docs/theory.md), "4" for the limit game of which the last two are cases, or "" where one
        output serves every input and nothing limits it.
    exclusive : tuple of str
        Names of the inputs whose acceptable sets are pairwise disjoint.
    depth : int
        The depth to which the oracles of these inputs, and of the limit, are coupled.
    limit : str
        Name of the limit input ι⁰ where it is a member (Theorems 2 and 3), else "".
    value : Fraction, optional
        Where it is not 1/k for k exclusive inputs, the value of the game "name an output, against an input": no
        output is right on inputs drawn with `weights` with a larger probability (docs/problems.md).
    weights : tuple of (name, Fraction)
        The inputs that such an adversary draws, with their probabilities.
    tier : str
        How it is known: "certified" from certificates of the inputs' solutions, "declared" by the user; "" where the
        family's own theory says so.
    halting : Fraction, optional
        What an algorithm that halts almost surely on ι⁰ does not surpass, where the limit game says so.
    note : str
        Why Theorem 2 does not apply where the limit is a member, a sentence, if that is known (docs/problems.md, G6).
    inner : tuple of str
        Names of the inputs besides the limit to which others converge.
    """

    theorem: str
    exclusive: tuple[str, ...]
    depth: int
    limit: str = ""
    value: Fraction | None = None
    weights: tuple[tuple[str, Fraction], ...] = ()
    tier: str = ""
    halting: Fraction | None = None
    note: str = ""
    inner: tuple[str, ...] = ()

    @property
    def resting(self) -> tuple[str, ...]:
        """The inputs to which others converge, the limit last."""
        return (*self.inner, *([self.limit] if self.limit else []))

    @property
    def breadth(self) -> Fraction:
        """k of k exclusive inputs, 1/v for a game of value v; what is below 2 without a value limits nothing."""
        return Fraction(len(self.exclusive)) if self.value is None else 1 / self.value

    @property
    def limits(self) -> bool:
        """Whether success is limited at all."""
        return len(self.exclusive) > 1 or self.breadth > 1

    @property
    def compared(self) -> tuple[str, ...]:
        """The inputs, without the limit, the smallest of whose success probabilities is limited."""
        return self.exclusive if self.value is None else tuple(n for n, _ in self.weights if n != self.limit)


class Facts(ABC):
    """What an algorithm may know: everything but which input it faces. A plain value without hidden parts.

    Attributes
    ----------
    shape : (int, int)
        Rows and columns of the table of entries that can be asked for.
    magnitude : int
        The least m with all entries at most 2^m in size: float64 carries 53 − m digits of them.
    probe : tuple of (row, column)
        Entries that tell the inputs apart.
    members : tuple of Input
        The inputs as far as they are known beforehand.
    """

    family: ClassVar[str] = ""
    """The family's name, which an external program is told."""
    kinds: ClassVar[tuple[str, ...]] = ()
    """Kinds of task that it is: algorithms that are made for a kind run on every family of it."""
    shape: tuple[int, int]
    magnitude: int
    probe: tuple[Index, ...]
    members: tuple[Input, ...]

    @abstractmethod
    def witness(self, member: Input) -> Any:
        """Return an exact member of Ξ(member)."""

    @abstractmethod
    def recognise(self, answers: Sequence[Fraction], bits: int) -> Input | None:
        """Return the only input with which answers at `probe`, precision `bits`, agree; None if several do."""

    def ballot(self, output: Any, read: Callable[[], Any]) -> Any:
        """Return what an output votes for, where a majority of outputs is sought; equal votes are for the same.

        By default a vector votes for the place of its largest entry, and a number for itself.

        Parameters
        ----------
        read : callable
            Returns the table of all entries as read, Fractions, should it be needed.

        Raises
        ------
        InvalidValue
            If nobody has said how such an output votes.
        """
        if isinstance(output, int | float | str | Fraction):
            return output
        if hasattr(output, "__len__") and hasattr(output, "__getitem__"):
            return max(range(len(output)), key=output.__getitem__)
        raise InvalidValue(
            "output",
            type(output).__name__,
            "has no vote in this family",
            "write the method `ballot` of its facts",
        )
