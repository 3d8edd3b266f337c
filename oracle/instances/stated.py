"""What a user states: instances with certificates, K and a norm; and what follows from them alone (Theorem R)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from oracle.arithmetic.linear_algebra import Vector
from oracle.errors import InvalidValue
from oracle.instances.game import MOST_INPUTS, MOST_PAIRWISE, Face, Game, cliques, maximal_faces, play
from oracle.instances.instance import (
    CERTIFIED,
    DECLARED,
    FREE,
    SEPARATED,
    Array,
    Instance,
    Refused,
    flat,
    shape_of,
)
from oracle.instances.limits.tree import LimitGame, limit_game
from oracle.instances.separated.instance import Gap, Separator, proved_gap
from oracle.instances.solutions import (
    EUCLIDEAN,
    MAXIMUM,
    NORMS,
    Boxes,
    ByJudge,
    Everything,
    Label,
    Labels,
    Solutions,
    Surds,
    common,
)

Part = tuple[str, tuple[str, ...], tuple[int, ...]]
LIMIT = "0"
_MOST_POINTS = 40
_MOST_EXPONENT = 10_000_000
_MOST_DIGITS = 10_000


@dataclass(frozen=True)
class Instances:
    """Inputs that an oracle answers alike, each with a certificate of its solutions, and how near is right.

    An answer is right on an input where it is within 10^-digits of a solution of that, in the norm; where answers
    have no distance, where it is one of the right ones.

    Parameters
    ----------
    members : sequence of instances
        Two or more, of one kind and one shape.
    digits : int
        K, the correct decimal digits asked for.
    norm : str
        "max", or "euclidean" where each input has one solution.
    limit : instance, optional
        The limit of the members, where it is an input, too: oh.Anything(of=…) where it only asks to halt.
    converging : sequence of int, optional
        For each member the one to which it converges, counted from 1; 0, the default, is the limit.
    separators : sequence of oh.Separator
        Of instances of oh.Separated, what keeps the solutions of two of them apart.

    Raises
    ------
    InvalidValue
        With the obligation of the proof that fails.
    """

    members: Sequence[Instance]
    digits: int = 1
    norm: str = MAXIMUM
    limit: Instance | None = None
    converging: Sequence[int] = ()
    separators: Sequence[Separator] = ()

    def __post_init__(self) -> None:
        members = self.members if isinstance(self.members, list | tuple) else ()
        object.__setattr__(self, "members", tuple(members))
        least = 2 if self.limit is None else 1
        if len(members) < least or not all(isinstance(member, Instance) for member in members):
            raise _refused(
                "there are two instances or more", f"{len(members)} are given", "give a list of them"
            )
        if self.limit is not None and not isinstance(self.limit, Instance):
            raise _refused(
                "the limit is an instance", "the limit is no instance", "give for example oh.Lasso(…)"
            )
        if not isinstance(self.digits, int) or isinstance(self.digits, bool):
            raise InvalidValue("digits", self.digits, "must be a whole number", "take for example 1")
        if abs(self.digits) > _MOST_DIGITS:
            rule = f"must be from -{_MOST_DIGITS:,} to {_MOST_DIGITS:,}"
            raise InvalidValue("digits", self.digits, rule, "take for example 1")
        if self.norm not in NORMS:
            raise InvalidValue("norm", self.norm, f"must be one of {', '.join(NORMS)}", "choose one")
        self._check_tables()
        self._check_answers()
        self._check_separators()
        if self.limit is not None or self.converging:
            self._check_limit()

    def _check_separators(self) -> None:
        object.__setattr__(self, "separators", tuple(self.separators))
        if not all(isinstance(each, Separator) for each in self.separators):
            rule = "some entry is none"
            raise _refused("separators are oh.Separator", rule, "write oh.Separator((1, 2), …)")
        if self.tier == SEPARATED and not self.gaps:
            rule = "none is given, and no certificate lists what is right"
            raise _refused("functionals keep inputs apart", rule, "give separators=[oh.Separator((1, 2), …)]")
        if self.limit is not None and SEPARATED in {m.tier for m in (*self.members, self.limit)}:
            rule = "the limit game asks which answers serve it, too, and a judge does not list them"
            raise _refused("separated instances have no limit", rule, "leave it out")

    def _check_limit(self) -> None:
        size = len(self.members)
        given = tuple(self.converging) or (0,) * size
        right = all(type(to) is int and 0 <= to <= j for j, to in enumerate(given))
        if self.limit is None or len(given) != size or not right:
            rule = (
                f"converging={given} are no {size} numbers, each of an earlier instance, or there is no limit"
            )
            raise _refused(
                "each instance converges to the limit or to an earlier one", rule, "write 0 or its number"
            )
        object.__setattr__(self, "converging", given)
        for j, parent in enumerate(self.parents):
            own = [i for i, x in enumerate(self.rows[j]) if x != self.rows[parent][i]]
            if any(self.rows[parent][i] != self.rows[-1][i] for i in own):
                rule = f"instance {j + 1} and that to which it converges differ where the latter is not the limit"
                raise _refused("each level has entries of its own", rule, "let other entries differ")

    def _check_tables(self) -> None:
        first, *others = (*self.members, *([self.limit] if self.limit is not None else []))
        for number, other in enumerate(others, start=2):
            if other.kind not in (first.kind, FREE):
                rule = f"instance {number} is of kind {other.kind}, and instance 1 of kind {first.kind}"
                raise _refused("all instances are of one kind", rule, "give instances of one kind")
            if _layout(other) != _layout(first):
                rule = f"instance {number} has {_shapes(other)}, and instance 1 has {_shapes(first)}"
                raise _refused("all tables have one shape", rule, "give data of equal shape")
            if other.known() != first.known():
                rule = f"{', '.join(first.known())} of instance {number} are not those of instance 1"
                raise _refused("what is known exactly is the same on all inputs", rule, "give equal ones")
        for (i, table), (j, same) in itertools.combinations(enumerate(self.rows, start=1), 2):
            if table == same:
                rule = f"instances {i} and {j} have the same data"
                raise _refused("inputs differ", rule, "let their data differ, if only by 2^-e")

    def _check_answers(self) -> None:
        sets = [found for found in self.right if not isinstance(found, Everything)]
        if len({isinstance(found, Labels) for found in sets}) > 1:
            raise _refused("all answers are of one sort", "some are points and some are not", "give one sort")
        boxes = [box for found in sets if isinstance(found, Boxes) for box in found.boxes]
        others = [found for found in sets if isinstance(found, ByJudge | Surds)]
        sizes = sorted({len(box.low) for box in boxes} | {len(found.witness) for found in others})
        if len(sizes) > 1:
            rule = f"solutions have {' and '.join(map(str, sizes))} coordinates"
            raise _refused("all answers are of one dimension", rule, "give instances of one size")
        single = len(boxes) == len(sets) and all(box.is_point for box in boxes)
        if self.norm == EUCLIDEAN and any(isinstance(found, Surds) for found in sets):
            rule = "some solution is irrational, and distances between such are not compared"
            raise _refused("in the Euclidean norm solutions are rational", rule, 'take norm="max"')
        if self.norm == EUCLIDEAN and boxes and not single:
            rule = "some input has more than one solution"
            raise _refused("in the Euclidean norm each input has one solution", rule, 'take norm="max"')
        most = MOST_PAIRWISE if self._pairwise else _MOST_POINTS if single else MOST_INPUTS
        if len(sets) > most:
            rule = f"{len(sets)} inputs are given, and the game is solved for at most {most} of such"
            raise _refused("the game can be solved", rule, "give fewer")

    @cached_property
    def solutions(self) -> tuple[Solutions, ...]:
        """The solution set of each instance, proved from its certificate."""
        found = [_solved(member, f"instance {n}") for n, member in enumerate(self.members, start=1)]
        return tuple(
            each.within(self.radius)
            if isinstance(each, Surds)
            else replace(each, walls=tuple(gap.wall(j, self.radius) for gap in self.gaps if j in gap.pair))
            if isinstance(each, ByJudge)
            else each
            for j, each in enumerate(found)
        )

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What the separators prove."""
        return tuple(
            proved_gap(given, tuple(self.members), self.norm, self.radius) for given in self.separators
        )

    @cached_property
    def right(self) -> tuple[Solutions, ...]:
        """The same with those of the limit, where it is a member, last."""
        if self.limit is None:
            return self.solutions
        found = _solved(self.limit, "the limit")
        return (
            *self.solutions,
            Everything(self.solutions[0].witness) if isinstance(found, Everything) else found,
        )

    @cached_property
    def rows(self) -> tuple[Vector, ...]:
        """All entries of each instance, one after the other, with those of the limit, where it is a member, last."""
        limit = () if self.limit is None else (_entries(self.limit),)
        return (*self.tables, *limit)

    @property
    def parents(self) -> tuple[int, ...]:
        """For each instance that to which it converges, counted from 0; the number of instances is the limit's."""
        return tuple(to - 1 if to else len(self.members) for to in self.converging)

    @property
    def kind(self) -> str:
        """The kind of the instances."""
        return self.members[0].kind

    @property
    def tier(self) -> str:
        """Whether solutions are proved ("certified"), kept apart ("separated") or the user's word ("declared")."""
        every = {member.tier for member in (*self.members, *([self.limit] if self.limit is not None else []))}
        return next(tier for tier in (DECLARED, SEPARATED, CERTIFIED) if tier in every)

    @property
    def radius(self) -> Fraction:
        """10^-K."""
        return Fraction(10) ** -self.digits

    @property
    def layout(self) -> tuple[Part, ...]:
        """Name, names of axes, and shape of each part of the data, in the order of the table."""
        return _layout(self.members[0])

    @cached_property
    def tables(self) -> tuple[Vector, ...]:
        """All entries of each instance, one after the other."""
        return tuple(_entries(member) for member in self.members)

    @cached_property
    def differing(self) -> tuple[int, ...]:
        """The entries in which instances differ."""
        return tuple(i for i, values in enumerate(zip(*self.rows, strict=True)) if len(set(values)) > 1)

    @cached_property
    def distance(self) -> Fraction:
        """By how much they differ in any entry, at most."""
        columns = list(zip(*self.rows, strict=True))
        spans: list[Fraction] = [max(columns[i]) - min(columns[i]) for i in self.differing]
        return max(spans)

    @cached_property
    def game(self) -> Game:
        """The solved game; of separated inputs, those that no functional keeps apart count as having one answer."""
        size = len(self.members)
        if self.tier == SEPARATED:
            apart = {frozenset(gap.pair) for gap in self.gaps}
            near = [
                {j for j in range(size) if j != i and frozenset((i, j)) not in apart} for i in range(size)
            ]
            return play(size, sorted(cliques(near)))
        faces = (tuple(range(size)),) if self._meet(tuple(range(size))) else self._faces()
        return play(size, faces)

    @cached_property
    def limit_game(self) -> LimitGame:
        """The solved game with the limit as a member."""
        return limit_game(
            self.parents, lambda face: common([self.right[j] for j in face], self.norm, self.radius)
        )

    @cached_property
    def stays(self) -> str:
        """Why Theorem 2 never applies, a sentence; "" where that is not known of a limit."""
        if self.limit is None:
            return ""
        every = (*self.members, self.limit)
        reasons = [every[j].stays() for j in sorted(set(self.parents), reverse=True)]
        if not all(reasons):
            return ""
        return (
            f"Theorem 2 never applies (G6): {reasons[0]}; so some answer is right on a limit and on infinitely many of "
            "the inputs that converge to it."
        )

    @cached_property
    def played(self) -> Game:
        """The game with common answers that are known, which the player plays: for separated inputs another one."""
        return play(len(self.members), self._faces()) if self.tier == SEPARATED else self.game

    @cached_property
    def shared(self) -> tuple[Vector | Label, ...]:
        """An answer for each face of the game as it is played: right on all of its inputs."""
        found = tuple(self._common(face) for face in self.played.faces)
        assert all(answer is not None for answer in found), "a face of the nerve has a common answer"
        return found  # type: ignore[return-value]

    @property
    def witnesses(self) -> tuple[Vector | Label, ...]:
        """A solution of each instance."""
        return tuple(found.witness for found in self.solutions)

    @property
    def _pairwise(self) -> bool:
        single = not any(isinstance(found, ByJudge) for found in self.solutions) and all(
            len(found.boxes) == 1 if isinstance(found, Boxes) else len(found.answers) == 1
            for found in self.solutions
            if isinstance(found, Boxes | Labels)
        )
        return single and (self.norm == MAXIMUM or isinstance(self.solutions[0], Labels))

    def _faces(self) -> tuple[Face, ...]:
        return maximal_faces(len(self.members), self._meet, self._pairwise)

    def _meet(self, face: Face) -> bool:
        return self._common(face) is not None

    def _common(self, face: Face) -> Vector | Label | None:
        return common([self.solutions[j] for j in face], self.norm, self.radius)


def dyadic(exponent: int) -> Fraction:
    """Return 2^-exponent.

    Raises
    ------
    InvalidValue
        If the exponent is no whole number from 0 to ten million.
    """
    if not isinstance(exponent, int) or isinstance(exponent, bool) or exponent < 0:
        raise InvalidValue(
            "exponent", exponent, "must be a whole number of at least 0", "take for example 53"
        )
    if exponent > _MOST_EXPONENT:
        raise InvalidValue("exponent", exponent, f"must be at most {_MOST_EXPONENT:,}", "take for example 53")
    return Fraction(1, 1 << exponent)


def unpacked(layout: Sequence[Part], entries: Sequence[Any]) -> dict[str, Any]:
    """Return the parts of a table by name: single entries, lists, and lists of rows."""
    found: dict[str, Any] = {}
    at = 0
    for name, _, shape in layout:
        if not shape:
            found[name], at = entries[at], at + 1
        elif len(shape) == 1:
            found[name], at = list(entries[at : at + shape[0]]), at + shape[0]
        else:
            rows, columns = shape
            found[name] = [list(entries[at + i * columns : at + (i + 1) * columns]) for i in range(rows)]
            at += rows * columns
    return found


def _solved(instance: Instance, called: str) -> Solutions:
    try:
        return instance.solutions()
    except InvalidValue as error:
        name, value, rule, remedy = error.sentence
        raise Refused(name, value, f"{called}: {rule}", remedy) from error


def _entries(instance: Instance) -> Vector:
    return tuple(x for value in instance.data.values() for x in flat(value))


def _layout(instance: Instance) -> tuple[Part, ...]:
    data: Mapping[str, Array] = instance.data
    axes = instance.named_axes()
    return tuple((name, axes.get(name, ()), shape_of(value)) for name, value in data.items())


def _shapes(instance: Instance) -> str:
    parts = (f"{name} {'×'.join(map(str, shape)) or 'one number'}" for name, _, shape in _layout(instance))
    return ", ".join(parts)


def _refused(obligation: str, rule: str, remedy: str) -> Refused:
    return Refused("instances", obligation, f"the obligation fails: {rule}", remedy)
