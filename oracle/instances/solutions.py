"""Solution sets that a certificate can prove: finite unions of boxes, and sets of answers without a distance."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from oracle.arithmetic.linear_algebra import Vector, inner_product, only_solution
from oracle.errors import BrokenFamily, InvalidValue
from oracle.instances.sparse.surds import Number, rational_between, rational_near

MAXIMUM, EUCLIDEAN = "max", "euclidean"
NORMS = (MAXIMUM, EUCLIDEAN)
Label = str | int | bool | tuple[int, ...]


@dataclass(frozen=True)
class Cuboid:
    """A box [low, high]; a point where both are equal."""

    low: Vector
    high: Vector

    @property
    def is_point(self) -> bool:
        """Whether it is a single point."""
        return self.low == self.high

    def nearest(self, x: Vector) -> Vector:
        """Return the point of the box nearest to x, in the maximum norm and in the Euclidean one."""
        return tuple(min(max(a, low), high) for a, low, high in zip(x, self.low, self.high, strict=True))


@dataclass(frozen=True)
class Boxes:
    """A finite union of boxes: a solution set in R^N."""

    boxes: tuple[Cuboid, ...]

    @property
    def witness(self) -> Vector:
        """A member."""
        return self.boxes[0].low

    @property
    def words(self) -> str:
        """The set as it is written."""
        return " ∪ ".join(_box_words(box) for box in self.boxes)


@dataclass(frozen=True)
class Labels:
    """A set of right answers that have no distance: decisions, supports, ranks."""

    answers: tuple[Label, ...]

    @property
    def witness(self) -> Label:
        """A member."""
        return self.answers[0]

    @property
    def words(self) -> str:
        """The set as it is written."""
        return "{" + ", ".join(map(str, self.answers)) + "}"


@dataclass(frozen=True)
class Everything:
    """All of M: what an input asks for that only asks to halt."""

    witness: Vector | Label

    @property
    def words(self) -> str:
        """The set as it is written."""
        return "M"


@dataclass(frozen=True)
class Surds:
    """One point with irrational coordinates p ± √n, and a rational one near it."""

    point: tuple[Number, ...]
    witness: Vector = ()

    @property
    def words(self) -> str:
        """The set as it is written."""
        return (
            "{(" + ", ".join(str(x) if len(str(x)) <= 24 else f"≈ {float(x):.6g}" for x in self.point) + ")}"
        )

    def within(self, radius: Fraction) -> Surds:
        """Return the same with a rational point that is nearer to it than a thousandth of a radius."""
        bits = max((radius.denominator // radius.numerator).bit_length(), 0) + 11
        return Surds(self.point, tuple(rational_near(x, bits) for x in self.point))

    def room(self, x: Vector, radius: Fraction) -> Number:
        """Return radius − distance in the maximum norm: ≥ 0 iff a point is accepted."""
        gaps: list[Number] = [b - a if b > a else -(b - a) for a, b in zip(x, self.point, strict=True)]
        found: Number = radius - max(gaps)
        return found


@dataclass(frozen=True)
class Wall:
    """A half-space ℓ(x) ≤ most in which every right answer is proved to lie."""

    functional: Vector
    most: Fraction


@dataclass(frozen=True, eq=False)
class ByJudge:
    """What an exact judge of the user's accepts, of which one member is known, and walls that must hold it."""

    witness: Vector
    judge: Callable[[Vector], bool]
    walls: tuple[Wall, ...] = ()

    @property
    def words(self) -> str:
        """The set as it is written."""
        return f"that its judge accepts, {_words_of(self.witness)} among them"

    def accepts(self, x: Vector) -> bool:
        """Tell whether a point is right.

        Raises
        ------
        BrokenFamily
            If the judge raises, says neither True nor False, or accepts what is proved to be wrong.
        """
        try:
            found = self.judge(x)
        except Exception as error:
            rule = f"raises {type(error).__name__}: {error}"
            raise BrokenFamily("judge", _words_of(x), rule, "correct the judge") from error
        if type(found) is not bool:
            rule = f"says {found!r}, which is neither True nor False"
            raise BrokenFamily("judge", _words_of(x), rule, "return a bool")
        for wall in self.walls if found else ():
            at = inner_product(wall.functional, x)
            if at > wall.most:
                rule = (
                    f"accepts it, and ℓ = {_words_of(wall.functional)} is {_short(at)} there, though it is at most "
                    f"{_short(wall.most)} where an answer is as near to a solution as is asked for"
                )
                raise BrokenFamily("judge", _words_of(x), rule, "correct the judge, or ask for fewer digits")
        return found


Solutions = Boxes | Labels | Everything | ByJudge | Surds


def point(x: Vector) -> Boxes:
    """Return the set of one point."""
    return Boxes((Cuboid(x, x),))


def finite_set(several: Sequence[Vector]) -> Boxes:
    """Return a finite set of points."""
    return Boxes(tuple(Cuboid(x, x) for x in several))


def excess(x: Vector, found: Boxes, norm: str, radius: Fraction) -> Fraction:
    """Return radius − distance in the maximum norm, radius² − distance² in the Euclidean one: ≥ 0 iff x is accepted."""
    gaps = [[abs(a - b) for a, b in zip(x, box.nearest(x), strict=True)] for box in found.boxes]
    if norm == MAXIMUM:
        return radius - min(max(gap) for gap in gaps)
    return radius**2 - min(sum((g * g for g in gap), Fraction(0)) for gap in gaps)


def common(sets: Sequence[Solutions], norm: str, radius: Fraction) -> Vector | Label | None:
    """Return a member of all radius-neighbourhoods (of all sets of answers); None where there is none: exact.

    Maximum norm: neighbourhoods of boxes are boxes, and boxes meet coordinate by coordinate. Euclidean norm: balls of
    equal radius about points meet where the least ball that encloses the points is no larger. Of what judges accept
    only members that are known, and their mean, are tried: None then says that no common one is known.
    """
    limited = [found for found in sets if not isinstance(found, Everything)]
    if not limited:
        return sets[0].witness
    if all(isinstance(found, Labels) for found in limited):
        shared = [a for a in limited[0].answers if all(a in found.answers for found in limited)]  # type: ignore[union-attr]
        return shared[0] if shared else None
    judged = [found for found in limited if isinstance(found, ByJudge)]
    if judged:
        return _accepted_by_all(judged)
    if any(isinstance(found, Surds) for found in limited):
        return _intervals_meet([_ends(found) for found in limited], radius)
    unions = [found for found in limited if isinstance(found, Boxes)]
    for chosen in itertools.product(*(found.boxes for found in unions)):
        met = _boxes_meet(chosen, radius) if norm == MAXIMUM else _balls_meet(chosen, radius)
        if met is not None:
            return met
    return None


def _accepted_by_all(judged: Sequence[ByJudge]) -> Vector | None:
    known = [found.witness for found in judged]
    mean = tuple(sum(parts, Fraction(0)) / len(known) for parts in zip(*known, strict=True))
    return next((x for x in (*known, mean) if all(found.accepts(x) for found in judged)), None)


def _ends(found: Solutions) -> tuple[tuple[Number, ...], tuple[Number, ...]]:
    if isinstance(found, Surds):
        return found.point, found.point
    if isinstance(found, Boxes) and len(found.boxes) == 1:
        return found.boxes[0].low, found.boxes[0].high
    raise InvalidValue(
        "solutions", found.words, "are no single box, beside irrational ones", "give other inputs"
    )


def _intervals_meet(
    ends: Sequence[tuple[tuple[Number, ...], tuple[Number, ...]]], radius: Fraction
) -> Vector | None:
    low = [max(parts) - radius for parts in zip(*(a for a, _ in ends), strict=True)]
    high = [min(parts) + radius for parts in zip(*(b for _, b in ends), strict=True)]
    if any(a > b for a, b in zip(low, high, strict=True)):
        return None
    shared = [rational_between(a, b) for a, b in zip(low, high, strict=True)]
    if None in shared:
        rule = "have an irrational answer in common, which no output can be, and no other"
        raise InvalidValue("solutions", len(ends), rule, "ask for more digits or for fewer")
    return tuple(x for x in shared if x is not None)


def _boxes_meet(boxes: Sequence[Cuboid], radius: Fraction) -> Vector | None:
    low = [max(parts) for parts in zip(*(box.low for box in boxes), strict=True)]
    high = [min(parts) for parts in zip(*(box.high for box in boxes), strict=True)]
    if any(a - radius > b + radius for a, b in zip(low, high, strict=True)):
        return None
    return tuple((a + b) / 2 for a, b in zip(low, high, strict=True))


def _balls_meet(boxes: Sequence[Cuboid], radius: Fraction) -> Vector | None:
    several = list(dict.fromkeys(box.low for box in boxes))
    if any(_squared(a, b) > 4 * radius**2 for a, b in itertools.combinations(several, 2)):
        return None
    mean = tuple(sum(parts) / len(several) for parts in zip(*several, strict=True))
    if all(_squared(x, mean) <= radius**2 for x in several):
        return mean
    centre, squared = enclosing_ball(several)
    return centre if squared <= radius**2 else None


def enclosing_ball(several: Sequence[Vector]) -> tuple[Vector, Fraction]:
    """Return the centre and the squared radius of the least ball that encloses points, both rational.

    It is the least ball that encloses all among the circumscribed balls of affinely independent subsets.
    """
    best: tuple[Vector, Fraction] | None = None
    for chosen in _subsets(several, len(several[0]) + 1):
        found = _circumscribed(chosen)
        if found is None or (best is not None and found[1] >= best[1]):
            continue
        if all(_squared(x, found[0]) <= found[1] for x in several):
            best = found
    assert best is not None, "a least enclosing ball is circumscribed about some of its points"
    return best


def _subsets(several: Sequence[Vector], most: int) -> Iterator[tuple[Vector, ...]]:
    for size in range(1, min(len(several), most) + 1):
        yield from itertools.combinations(several, size)


def _circumscribed(chosen: Sequence[Vector]) -> tuple[Vector, Fraction] | None:
    """Return the ball through points with its centre in their affine hull; None where they are dependent."""
    first, *others = chosen
    edges = [tuple(b - a for a, b in zip(first, x, strict=True)) for x in others]
    products = tuple(tuple(2 * _inner(u, v) for v in edges) for u in edges)
    weights = only_solution(products, tuple(_inner(u, u) for u in edges))
    if weights is None:
        return None
    centre = tuple(
        a + sum((w * edge[i] for w, edge in zip(weights, edges, strict=True)), Fraction(0))
        for i, a in enumerate(first)
    )
    return centre, _squared(first, centre)


def _inner(u: Vector, v: Vector) -> Fraction:
    return sum((a * b for a, b in zip(u, v, strict=True)), Fraction(0))


def _squared(a: Vector, b: Vector) -> Fraction:
    return sum(((x - y) ** 2 for x, y in zip(a, b, strict=True)), Fraction(0))


def _box_words(box: Cuboid) -> str:
    if box.is_point:
        return "{" + _words_of(box.low) + "}"
    sides = (
        _short(a) if a == b else f"[{_short(a)}, {_short(b)}]" for a, b in zip(box.low, box.high, strict=True)
    )
    return "(" + ", ".join(sides) + ")"


def _words_of(x: Vector) -> str:
    return "(" + ", ".join(map(_short, x)) + ")"


def _short(value: Fraction) -> str:
    text = str(value)
    return text if len(text) <= 16 else f"≈ {float(value):.6g}"
