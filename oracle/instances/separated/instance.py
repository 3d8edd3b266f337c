"""Solutions that no certificate lists, kept apart by functionals that are proved by duality: the tier *separated*.

Where a problem has many solutions its set S need not be a union of boxes. A user's exact judge then says which answers
are right, those within 10^-K of S, and of each pair of inputs that exclude each other a functional ℓ of dual norm at
most 1 is given with ℓ ≤ c on S(ι^i), ℓ ≥ c' on S(ι^j) and c' − c > 2·10^-K. Within 10^-K of S(ι^i) is ℓ ≤ c + 10^-K,
and within that of S(ι^j) ℓ ≥ c' − 10^-K: nothing is both. Each accepted output is held against these inequalities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from oracle.arithmetic.linear_algebra import Vector, gram, image_of, inner_product, minus, transpose_of
from oracle.checks import Step, short
from oracle.errors import InvalidValue
from oracle.instances.arrays import vector
from oracle.instances.game import Game
from oracle.instances.instance import SEPARATED, Array, Instance, Refused
from oracle.instances.linear import LP, LeastSquares
from oracle.instances.solutions import EUCLIDEAN, ByJudge, Wall
from oracle.instances.sparse.signed import BasisPursuit, Lasso

ZERO = Fraction(0)
_OF = (LP, BasisPursuit, Lasso, LeastSquares)
_PRICES = "give other prices"


@dataclass(frozen=True, eq=False)
class Separated(Instance):
    """The data of another instance, whose solutions may be many, with an exact judge of answers.

    Parameters
    ----------
    of : LP, BasisPursuit, Lasso or LeastSquares
        Its certificate is not used.
    solution : vector
        One of them: feasible, and right by the judge. Of linear programs and basis pursuit it is not proved optimal:
        were it not, what is proved of the solutions would be weaker, and no less true.
    judge : callable
        Takes a tuple of Fractions and returns True where that is within 10^-digits of a solution, else False.
    """

    kind: ClassVar[str] = "separated"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {}
    tier: ClassVar[str] = SEPARATED

    of: Any
    solution: Any
    judge: Callable[[Vector], bool]

    def __post_init__(self) -> None:
        if type(self.of) not in _OF:
            rule = "is no instance whose solutions functionals can be proved to keep apart"
            remedy = f"give one of {', '.join(f'oh.{each.__name__}' for each in _OF)}"
            raise InvalidValue("of", type(self.of).__name__, rule, remedy)
        if not callable(self.judge):
            rule = "is no function, and a judge is one, which a file of data cannot hold"
            raise InvalidValue("judge", self.judge, rule, "state the problem in a Python file")
        object.__setattr__(self, "solution", vector("solution", self.solution))
        wide = len(self.of.A[0])
        if len(self.solution) != wide:
            rule = f"has {len(self.solution)} coordinates, and A has {wide} columns"
            raise InvalidValue("solution", len(self.solution), rule, "give one for each column")

    @property
    def data(self) -> dict[str, Array]:
        """The data of the other instance."""
        found: dict[str, Array] = self.of.data
        return found

    @property
    def solved_as(self) -> tuple[str, ...]:
        """Its own kind, and that of the other instance: a solution of that is one of this."""
        return (self.kind, self.of.kind)

    def named_axes(self) -> Mapping[str, tuple[str, ...]]:
        """Return those of the other instance."""
        found: Mapping[str, tuple[str, ...]] = self.of.named_axes()
        return found

    def solutions(self) -> ByJudge:
        """Return what the judge accepts, its solution among it.

        Raises
        ------
        Refused
            If that is not feasible, or not right by the judge.
        """
        self.most((ZERO,) * len(self.solution), (ZERO,) * _rows(self.of))
        found = ByJudge(self.solution, self.judge)
        if not found.accepts(self.solution):
            raise self.refuse(
                "its own judge does not accept its solution", "correct the solution, or the judge"
            )
        return found

    def proof(self) -> str:
        """Return the reason."""
        return (
            "so says an exact judge, whose word on each accepted output is held against the functionals below"
        )

    def most(self, functional: Vector, prices: Vector) -> Fraction:
        """Return a number that a functional does not surpass on the solutions, proved by prices (duality).

        For a linear program: ℓ·x ≤ π·Ax + κc·x ≤ π·b + κc·x̄ where ℓ ≤ Aᵀπ + κc, κ ≥ 0, as x ≥ 0 and c·x ≤ c·x̄. Basis
        pursuit: ℓ·x ≤ π·y + κ‖x̄‖₁, κ = max|ℓ − Aᵀπ|; LASSO: the same with the fit Ax̄ for y, as all minimisers have one
        fit and one norm. Least squares: ℓ = AᵀAπ, so that ℓ·x = π·Aᵀy.

        Raises
        ------
        Refused
            If they prove nothing.
        """
        of, x = self.of, self.solution
        if len(functional) != len(x) or len(prices) != _rows(of):
            rule = (
                f"ℓ has {len(functional)} entries and the prices {len(prices)}, not {len(x)} and {_rows(of)}"
            )
            raise self.refuse(rule, "give ℓ an entry for each column, and a price for each equation")
        if isinstance(of, LeastSquares):
            right = image_of(transpose_of(of.A), of.y)
            if image_of(gram(of.A), x) != right:
                raise self.refuse("the solution does not solve the normal equations", "correct it")
            if image_of(gram(of.A), prices) != functional:
                raise self.refuse("ℓ is not AᵀA times the prices", _PRICES)
            return inner_product(prices, right)
        fit, left = image_of(of.A, x), minus(functional, image_of(transpose_of(of.A), prices))
        if isinstance(of, LP):
            if fit != of.b or min(x) < 0:
                raise self.refuse("the solution is not feasible", "correct it")
            return inner_product(prices, of.b) + self._charged(left)
        if isinstance(of, Lasso):
            self._optimal(of, fit)
        elif fit != of.y:
            raise self.refuse("the solution is not feasible", "correct it")
        return inner_product(prices, fit) + max(map(abs, left)) * sum(map(abs, x), ZERO)

    def _charged(self, left: Vector) -> Fraction:
        """Return the least κc·x̄ with κ ≥ 0 and κc ≥ what is left of ℓ, coordinate by coordinate."""
        costs: Vector = self.of.c
        least = max([ZERO, *(v / c for v, c in zip(left, costs, strict=True) if c > 0)])
        most = min((v / c for v, c in zip(left, costs, strict=True) if c < 0), default=None)
        free = [v for v, c in zip(left, costs, strict=True) if c == 0]
        if max(free, default=ZERO) > 0 or (most is not None and most < least):
            raise self.refuse("ℓ is not at most Aᵀπ + κc for these prices and any κ ≥ 0", _PRICES)
        worth = inner_product(costs, self.solution)
        return worth * (most if worth < 0 and most is not None else least)

    def _optimal(self, of: Lasso, fit: Vector) -> None:
        slopes = image_of(transpose_of(of.A), minus(of.y, fit))
        if of.penalty <= 0:
            raise self.refuse(f"the penalty is {of.penalty}, not above 0", "take a positive one")
        for j, (slope, value) in enumerate(zip(slopes, self.solution, strict=True)):
            wrong = slope != of.penalty * (1 if value > 0 else -1) if value else abs(slope) > of.penalty
            if wrong:
                raise self.refuse(
                    f"the KKT conditions fail at column {j}: its slope is {slope}", "correct the solution"
                )


@dataclass(frozen=True)
class Separator:
    """A functional that keeps the solutions of two inputs apart, with prices that prove it (`Separated.most`).

    Parameters
    ----------
    pair : (int, int)
        The inputs i and j, counted from 1.
    functional : vector
        ℓ; in the maximum norm Σ|ℓ_i| ≤ 1, in the Euclidean norm Σℓ_i² ≤ 1.
    below : vector
        Prices that prove ℓ ≤ c on the solutions of input i.
    above : vector
        Prices that prove ℓ ≥ c' on those of input j.
    """

    pair: tuple[int, int]
    functional: Any
    below: Any
    above: Any


@dataclass(frozen=True)
class Gap:
    """What a separator was found to prove: ℓ ≤ low on the one, ℓ ≥ high on the other, input; counted from 0."""

    pair: tuple[int, int]
    functional: Vector
    low: Fraction
    high: Fraction

    def wall(self, j: int, radius: Fraction) -> Wall:
        """Return the half-space in which all that is within a radius of the solutions of one of both lies."""
        if j == self.pair[0]:
            return Wall(self.functional, self.low + radius)
        return Wall(tuple(-v for v in self.functional), radius - self.high)


def proved_gap(given: Separator, members: tuple[Instance, ...], norm: str, radius: Fraction) -> Gap:
    """Return what a separator proves.

    Raises
    ------
    Refused
        With the obligation that fails.
    """
    pair = tuple(given.pair) if isinstance(given.pair, list | tuple) else ()
    if (
        len(pair) != 2
        or len(set(pair)) < 2
        or not all(type(j) is int and 0 < j <= len(members) for j in pair)
    ):
        raise _refused(
            given.pair, f"it names no two of {len(members)} inputs", "write for example pair=(1, 2)"
        )
    first, second = (members[j - 1] for j in pair)
    if not isinstance(first, Separated) or not isinstance(second, Separated):
        raise _refused(pair, "an input has certified or declared solutions", "give instances of oh.Separated")
    ell = vector("functional", given.functional)
    size = inner_product(ell, ell) if norm == EUCLIDEAN else sum(map(abs, ell), ZERO)
    if size > 1:
        raise _refused(
            pair, f"the dual norm of ℓ{'²' if norm == EUCLIDEAN else ''} is {size}, above 1", "scale ℓ"
        )
    low = first.most(ell, vector("below", given.below))
    high = -second.most(tuple(-v for v in ell), tuple(-v for v in vector("above", given.above)))
    if high - low <= 2 * radius:
        rule = f"ℓ ≤ {low} on the one and ℓ ≥ {high} on the other, {high - low} apart, not more than 2·10^-K"
        raise _refused(pair, rule, "give another functional or other prices, or ask for more digits")
    return Gap((pair[0] - 1, pair[1] - 1), ell, low, high)


def separation(gaps: Sequence[Gap], game: Game, digits: int) -> Iterator[Step]:
    """Yield what keeps inputs apart, and the game that it leaves."""
    for gap in gaps:
        i, j = (place + 1 for place in gap.pair)
        ell = ", ".join(map(short, gap.functional))
        yield Step(
            "Separation",
            f"ℓ = ({ell}) is at most {short(gap.low)} on the solutions of input {i} and at least {short(gap.high)} on "
            f"those of input {j}, by duality with the prices given; its dual norm is at most 1. No answer is within "
            f"10^{-digits} of both, as these are more than 2·10^{-digits} apart.",
            True,
        )
    faces = ", ".join("{" + ", ".join(str(j + 1) for j in face) + "}" for face in game.faces[:12])
    more = f" and {len(game.faces) - 12} more" if len(game.faces) > 12 else ""
    weights = ", ".join(map(str, game.adversary))
    yield Step(
        "Exclusion",
        f"No answer is right on two inputs that are kept apart; the largest sets without such two are {faces}{more}, "
        f"whether their inputs have a common answer or not. An adversary with the probabilities ({weights}) has none "
        f"with more than {game.value}: no answer is right with a larger probability.",
        game.check(),
    )


def _rows(of: Any) -> int:
    return len(of.A[0] if isinstance(of, LeastSquares) else of.A)


def _refused(pair: object, rule: str, remedy: str) -> Refused:
    return Refused("separator", pair, f"the obligation fails: {rule}", remedy)
