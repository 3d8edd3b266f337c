"""Minimisers in a finite list, supports, decisions, declared answers, and roots on an interval."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, ClassVar

from oracle.errors import InvalidValue
from oracle.instances.arrays import matrix, scalar, vector
from oracle.instances.instance import DECLARED, FREE, Array, Instance
from oracle.instances.linear import LP
from oracle.instances.solutions import Boxes, Cuboid, Everything, Label, Labels, Surds, finite_set, point


@dataclass(frozen=True)
class ArgMin(Instance):
    """The points of a finite list at which values are least: no certificate is needed.

    Parameters
    ----------
    values
        The data: one value for each point.
    points : list of vectors
        Known exactly; the same on all inputs.
    """

    kind: ClassVar[str] = "argmin"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {"values": ("points",)}
    answer: ClassVar[str] = ""

    values: Any
    points: Any = ()

    def known(self) -> dict[str, Array]:
        """Return the points."""
        return {"points": matrix("points", self.points)}

    def solutions(self) -> Boxes:
        """Return every minimiser."""
        places = matrix("points", self.points)
        if len(places) != len(self.values):
            raise self.refuse(
                f"there are {len(places)} points and {len(self.values)} values", "give one each"
            )
        least = min(self.values)
        return finite_set([x for x, value in zip(places, self.values, strict=True) if value == least])

    def stays(self) -> str:
        """Return why a limit of least points is one."""
        return "the points are finitely many, and one that is least infinitely often is least in the limit"

    def proof(self) -> str:
        """Return the reason."""
        return "no other value is as small"


@dataclass(frozen=True)
class Root(Instance):
    """The roots of a function that is linear between nodes, on the interval from the first to the last of them.

    Parameters
    ----------
    values
        The data: the function at each node.
    nodes : increasing rationals
        Known exactly; the same on all inputs.
    """

    kind: ClassVar[str] = "root"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {"values": ("nodes",)}
    answer: ClassVar[str] = ""

    values: Any
    nodes: Any = ()

    def known(self) -> dict[str, Array]:
        """Return the nodes."""
        return {"nodes": vector("nodes", self.nodes)}

    def solutions(self) -> Boxes:
        """Return every root: points, and intervals where the function is 0."""
        at = vector("nodes", self.nodes)
        if len(at) != len(self.values) or any(a >= b for a, b in itertools.pairwise(at)):
            raise self.refuse("nodes are not increasing, or not as many as values", "give increasing nodes")
        found: list[Cuboid] = []
        for a, b, f, g in zip(at, at[1:], self.values, self.values[1:], strict=False):
            if f == 0 and g == 0:
                found.append(Cuboid((a,), (b,)))
            elif f * g <= 0:
                root = a + (b - a) * f / (f - g)
                found.append(Cuboid((root,), (root,)))
        if not found:
            raise self.refuse("there is no root between the first node and the last", "widen the interval")
        wide = [box for box in found if not box.is_point]
        alone = [box for box in found if box.is_point and all(w.nearest(box.low) != box.low for w in wide)]
        return Boxes(tuple(dict.fromkeys([*wide, *alone])))

    def stays(self) -> str:
        """Return why limits of roots are roots."""
        return "roots lie in a bounded interval, and limits of roots are roots of the limit"

    def proof(self) -> str:
        """Return the reason."""
        return "between nodes the function is linear, and all its roots there are found"


@dataclass(frozen=True)
class _Of(Instance):
    """A question about another instance, whose data it has."""

    answer: ClassVar[str] = ""
    axes: ClassVar[dict[str, tuple[str, ...]]] = {}

    of: Any

    def __post_init__(self) -> None:
        if not isinstance(self.of, Instance):
            raise InvalidValue("of", self.of, "is no instance", "give for example of=oh.Lasso(…)")

    @property
    def data(self) -> dict[str, Array]:
        """The data of the other instance."""
        found: dict[str, Array] = self.of.data
        return found

    def named_axes(self) -> Mapping[str, tuple[str, ...]]:
        """Return those of the other instance."""
        found: Mapping[str, tuple[str, ...]] = self.of.named_axes()
        return found

    def known(self) -> dict[str, Array]:
        """Return what is known exactly of the other instance."""
        found: dict[str, Array] = self.of.known()
        return found


@dataclass(frozen=True)
class Support(_Of):
    """Where the solution of another instance is not 0: the places, ascending, counted from 0.

    Parameters
    ----------
    of : instance
        With one solution.
    """

    kind: ClassVar[str] = "support"

    def solutions(self) -> Labels:
        """Return the support of the only solution."""
        found = self.of.solutions()
        if isinstance(found, Surds):
            return Labels((tuple(j for j, x in enumerate(found.point) if x != 0),))
        if not isinstance(found, Boxes) or len(found.boxes) != 1 or not found.boxes[0].is_point:
            raise self.refuse("the instance does not have one solution", "take another")
        return Labels((tuple(j for j, x in enumerate(found.witness) if x),))

    def proof(self) -> str:
        """Return the reason."""
        return f"the solution is known: {self.of.proof()}"


@dataclass(frozen=True)
class AtLeast(_Of):
    """Whether the minimum of a linear program is at least a threshold: "yes" or "no".

    Parameters
    ----------
    of : LP
        With its certificate.
    threshold : rational
        Known exactly.
    """

    kind: ClassVar[str] = "decision"

    threshold: Any = 0

    def known(self) -> dict[str, Array]:
        """Return the threshold."""
        return {"threshold": scalar("threshold", self.threshold)}

    def solutions(self) -> Labels:
        """Return the answer."""
        if not isinstance(self.of, LP):
            raise self.refuse("it is about no linear program", "give of=oh.LP(…)")
        return Labels(("yes" if self.of.least() >= scalar("threshold", self.threshold) else "no",))

    def proof(self) -> str:
        """Return the reason."""
        return "the minimum is known: a basis is feasible, and no reduced cost off it is below 0"


@dataclass(frozen=True)
class Optimum(_Of):
    """The least value of a linear program, which moves little where the minimiser jumps.

    Parameters
    ----------
    of : LP
        With its certificate.
    """

    kind: ClassVar[str] = "optimum"

    def solutions(self) -> Boxes:
        """Return the one value."""
        if not isinstance(self.of, LP):
            raise self.refuse("it is about no linear program", "give of=oh.LP(…)")
        return point((self.of.least(),))

    def proof(self) -> str:
        """Return the reason."""
        return "the minimum is known: a basis is feasible, and no reduced cost off it is below 0"


@dataclass(frozen=True)
class Anything(_Of):
    """The data of another instance, of which every answer is right: a limit that only asks to halt.

    Parameters
    ----------
    of : instance
        Its certificate is not used.
    """

    kind: ClassVar[str] = FREE

    def known(self) -> dict[str, Array]:
        """Return what the other knows exactly."""
        found: dict[str, Array] = self.of.known()
        return found

    def solutions(self) -> Everything:
        """Return all of M."""
        return Everything(())

    def stays(self) -> str:
        """Return the reason of the other instance."""
        return str(self.of.stays())

    def proof(self) -> str:
        """Return the reason."""
        return "it only asks to halt"


@dataclass(frozen=True)
class TrainingSet(Instance):
    """The labels at the points of a training set: of whatever is trained on it, what it says at all of these places.

    Parameters
    ----------
    X
        The data: a row for each point.
    labels : sequence of int
        Known exactly; the same on all inputs.
    places : list of vectors
        Where the points stand, in an order that is the same on all inputs. Known exactly.
    """

    kind: ClassVar[str] = "training-set"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {"X": ("points", "features")}
    answer: ClassVar[str] = ""

    X: Any
    labels: Any = ()
    places: Any = ()

    def known(self) -> dict[str, Any]:
        """Return the labels and the places."""
        if not all(isinstance(each, Real) and each % 1 == 0 for each in self.labels):
            raise self.refuse("some label is no whole number", "write for example labels=[0, 1]")
        return {"labels": tuple(map(int, self.labels)), "places": matrix("places", self.places)}

    def solutions(self) -> Labels:
        """Return for each place the label of the point that stands there."""
        known = self.known()
        labels, places = known["labels"], known["places"]
        if len(labels) != len(self.X):
            raise self.refuse(
                f"there are {len(labels)} labels and {len(self.X)} points", "give one to each point"
            )
        found = dict(zip(self.X, labels, strict=True))
        if len(found) != len(labels) or len(places) != len(labels) or set(places) != set(found):
            raise self.refuse("points do not stand at different places, one at each", "correct the places")
        return Labels((tuple(found[place] for place in places),))

    def proof(self) -> str:
        """Return the reason."""
        return "one point stands at each place, with its label"


@dataclass(frozen=True)
class Declared(Instance):
    """Data with the right answers as the user says them: nothing is proved of them.

    Parameters
    ----------
    entries : mapping
        The data: numbers, vectors or matrices by name.
    accepted : sequence
        The right answers: vectors for points of R^N, else texts, whole numbers, or tuples of whole numbers.
    """

    kind: ClassVar[str] = "declared"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {}
    answer: ClassVar[str] = ""
    tier: ClassVar[str] = DECLARED

    entries: Mapping[str, Any] = field(default_factory=dict)
    accepted: Any = ()

    @property
    def data(self) -> dict[str, Array]:
        """The entries, each read by its depth."""
        found: dict[str, Array] = {}
        for name, value in self.entries.items():
            if not hasattr(value, "__len__") or isinstance(value, str):
                found[name] = scalar(name, value)
            elif hasattr(value[0], "__len__") and not isinstance(value[0], str):
                found[name] = matrix(name, value)
            else:
                found[name] = vector(name, value)
        return found

    def solutions(self) -> Boxes | Labels:
        """Return what is declared."""
        if not isinstance(self.accepted, list | tuple) or not self.accepted:
            raise self.refuse("no right answer is declared", 'write for example accepted=["yes"]')
        if all(isinstance(a, list) for a in self.accepted):
            return finite_set([vector("accepted", a) for a in self.accepted])
        return Labels(tuple(label(a) for a in self.accepted))

    def proof(self) -> str:
        """Return the reason."""
        return "the user declares it; it is not proved"


def label(value: Any) -> Label:
    """Return an answer that has no distance in its one form.

    Raises
    ------
    InvalidValue
        If it is no text, no whole number, and no sequence of whole numbers.
    """
    if isinstance(value, str | bool | int):
        return value
    if hasattr(value, "tolist"):
        value = value.tolist()
        if isinstance(value, int):
            return value
    if isinstance(value, list | tuple) and all(isinstance(x, int) and not isinstance(x, bool) for x in value):
        return tuple(value)
    raise InvalidValue(
        "answer", value, "is no text, whole number or tuple of whole numbers", "return one of these"
    )
