"""The problems of the atlas: several inputs with far apart solutions, whose data differ by 2^-e, in several guises.

Every solution is proved by its certificate (`oracle.instances`), every coupling depth and value of the game computed;
nothing here is taken on trust. The theorems are G1, G3 and G8.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from algorithms.solvers.configuration import LASSO, LEAST_SQUARES, LP
from oracle.arithmetic.linear_algebra import Vector
from oracle.instances.coupling import HONEST, depth_of
from oracle.instances.game import Game, maximal_faces, play
from oracle.instances.instance import Instance, flat
from oracle.instances.linear import LP as LinearInstance
from oracle.instances.linear import LeastSquares
from oracle.instances.solutions import MAXIMUM, Boxes, common
from oracle.instances.sparse.signed import Lasso

Order = tuple[int, ...]
_TIMES = 2**10
_PENALTY = Fraction(1, 4)


@dataclass(frozen=True)
class Presentation:
    """A guise of a problem.

    Attributes
    ----------
    kind : str
        Of the instances and of the solvers.
    name : str
        Short.
    words : str
        The problem, s = ±1 and δ = 2^-e.
    bits : int
        Digits read after the binary point: what float64 carries at the size of the inexact entries.
    inputs : callable
        δ ↦ the instances, with their certificates.
    orders : tuple of orders
        The orders of columns that a fair coin chooses among: a solver's column i is column order[i].
    """

    kind: str
    name: str
    words: str
    bits: int
    inputs: Callable[[Fraction], tuple[Instance, ...]]
    orders: tuple[Order, ...]


@dataclass(frozen=True)
class Case:
    """A presentation at one e: everything about it is exact.

    Parameters
    ----------
    presentation : Presentation
    exponent : int
        e of δ = 2^-e.
    digits : int
        K: an answer is right within 10^-K of the solution, in the maximum norm.
    """

    presentation: Presentation
    exponent: int
    digits: int

    @property
    def radius(self) -> Fraction:
        """10^-K."""
        return Fraction(1, 10**self.digits)

    @cached_property
    def inputs(self) -> tuple[Instance, ...]:
        """The instances."""
        return self.presentation.inputs(Fraction(1, 1 << self.exponent))

    @cached_property
    def minimisers(self) -> tuple[Vector, ...]:
        """The only solution of each, proved."""
        found = [instance.solutions() for instance in self.inputs]
        assert all(isinstance(s, Boxes) and len(s.boxes) == 1 and s.boxes[0].is_point for s in found)
        return tuple(s.witness for s in found if isinstance(s, Boxes))

    @cached_property
    def depth(self) -> int:
        """To how many digits honest answers are the same on all inputs (G1)."""
        tables = [[x for value in instance.data.values() for x in flat(value)] for instance in self.inputs]
        differing = [values for values in zip(*tables, strict=True) if len(set(values)) > 1]
        return depth_of(HONEST, differing, [None] * len(differing))

    @property
    def beyond(self) -> bool:
        """Whether the digits end: what is read is the same on all inputs."""
        return self.presentation.bits <= self.depth

    @cached_property
    def game(self) -> Game:
        """The game of G3 whose value bounds the smallest success probability where the digits end."""
        sets = [instance.solutions() for instance in self.inputs]
        faces = maximal_faces(
            len(sets), lambda face: common([sets[j] for j in face], MAXIMUM, self.radius) is not None, True
        )
        return play(len(sets), faces)


def _signed(d: Fraction) -> tuple[Fraction, Fraction]:
    return 1 + d, 1 - d


def _constraint(d: Fraction, scale: int = 1) -> tuple[Instance, ...]:
    c = [scale, scale]
    return tuple(LinearInstance(c, [[scale, scale * a]], [scale], basis=[int(a > 1)]) for a in _signed(d))


def _objective(d: Fraction) -> tuple[Instance, ...]:
    return tuple(LinearInstance([1, a], [[1, 1]], [1], basis=[int(a < 1)]) for a in _signed(d))


def _one_of_four(d: Fraction) -> list[list[Fraction]]:
    return [[1 + d * (i == j) for i in range(4)] for j in range(4)]


def _duplicates_lp(d: Fraction) -> tuple[Instance, ...]:
    return tuple(LinearInstance([1] * 4, [row], [1], basis=[j]) for j, row in enumerate(_one_of_four(d)))


def _blocks(d: Fraction) -> list[tuple[list[list[Fraction | int]], tuple[int, int]]]:
    """Return two independent blocks side by side, and the better column of each."""
    return [
        ([[1, a, 0, 0], [0, 0, 1, b]], (int(a > 1), 2 + int(b > 1))) for a in _signed(d) for b in _signed(d)
    ]


def _diagonal_lp(d: Fraction) -> tuple[Instance, ...]:
    return tuple(LinearInstance([1] * 4, A, [1, 1], basis=list(best)) for A, best in _blocks(d))


def _signs(size: int, *places: int) -> list[int]:
    return [int(i in places) for i in range(size)]


def _pair(d: Fraction, rows: Sequence[Fraction | int] = (1,)) -> tuple[Instance, ...]:
    """Return LASSO with the row (1, 1 ± δ), each time in some multiples; the penalty fits their sum of squares."""
    total = sum(Fraction(w) ** 2 for w in rows)
    return tuple(
        Lasso([[w, w * a] for w in rows], list(rows), _PENALTY * total, signs=_signs(2, int(a > 1)))
        for a in _signed(d)
    )


def _duplicates_lasso(d: Fraction) -> tuple[Instance, ...]:
    return tuple(Lasso([row], [1], _PENALTY, signs=_signs(4, j)) for j, row in enumerate(_one_of_four(d)))


def _diagonal_lasso(d: Fraction) -> tuple[Instance, ...]:
    return tuple(Lasso(A, [1, 1], _PENALTY, signs=_signs(4, *best)) for A, best in _blocks(d))


def _collinear(d: Fraction, answers: int = 2, scale: int = 1) -> tuple[Instance, ...]:
    A = [[scale, scale], [0, scale * d]]
    return tuple(LeastSquares(A, [scale, scale * c * d]) for c in range(answers))


def _duplicates_regression(d: Fraction) -> tuple[Instance, ...]:
    return tuple(LeastSquares([[1, 1], [1, 1 + d]], [1, 1 + s * d]) for s in (0, 1))


def _diagonal_regression(d: Fraction) -> tuple[Instance, ...]:
    return tuple(LeastSquares([[1, 0], [0, d]], [1, s * d]) for s in (1, -1))


_TWO, _TURNS = ((0, 1), (1, 0)), tuple(tuple((i + j) % 4 for i in range(4)) for j in range(4))
_SWAPS = ((0, 1, 2, 3), (1, 0, 2, 3), (0, 1, 3, 2), (1, 0, 3, 2))
_DIGITS = 52
_LARGE = _DIGITS - 10

PRESENTATIONS = (
    Presentation(LP, "constraint", "min x₁ + x₂, x₁ + (1 + sδ)x₂ = 1, x ≥ 0", _DIGITS, _constraint, _TWO),
    Presentation(LP, "objective", "min x₁ + (1 + sδ)x₂, x₁ + x₂ = 1, x ≥ 0", _DIGITS, _objective, _TWO),
    Presentation(
        LP,
        "scaled",
        "constraint, objective and row times 2¹⁰",
        _LARGE,
        lambda d: _constraint(d, _TIMES),
        _TWO,
    ),
    Presentation(LP, "near-duplicates", "four columns 1, one of them 1 + δ", _DIGITS, _duplicates_lp, _TURNS),
    Presentation(LP, "diagonal", "two of constraint side by side", _DIGITS, _diagonal_lp, _SWAPS),
    Presentation(LASSO, "pair", "min ½(1 − x₁ − (1 + sδ)x₂)² + ¼‖x‖₁", _DIGITS, _pair, _TWO),
    Presentation(
        LASSO,
        "four rows",
        "pair, its row four times",
        _DIGITS,
        lambda d: _pair(d, (1,) * 4),
        _TWO,
    ),
    Presentation(
        LASSO,
        "scaled",
        "pair, A and y times 2¹⁰, the penalty times 2²⁰",
        _LARGE,
        lambda d: _pair(d, (_TIMES,)),
        _TWO,
    ),
    Presentation(
        LASSO, "near-duplicates", "four columns 1, one of them 1 + δ", _DIGITS, _duplicates_lasso, _TURNS
    ),
    Presentation(LASSO, "diagonal", "two of pair side by side", _DIGITS, _diagonal_lasso, _SWAPS),
    Presentation(
        LEAST_SQUARES, "collinear", "A = [[1, 1], [0, δ]], y = (1, cδ), c = 0, 1", _DIGITS, _collinear, _TWO
    ),
    Presentation(
        LEAST_SQUARES,
        "duplicates",
        "A = [[1, 1], [1, 1 + δ]], y = (1, 1 + cδ), c = 0, 1",
        _DIGITS,
        _duplicates_regression,
        _TWO,
    ),
    Presentation(
        LEAST_SQUARES,
        "scaled",
        "collinear, A and y times 2¹⁰",
        _LARGE,
        lambda d: _collinear(d, scale=_TIMES),
        _TWO,
    ),
    Presentation(
        LEAST_SQUARES,
        "four answers",
        "collinear, c = 0, 1, 2, 3",
        _DIGITS,
        lambda d: _collinear(d, answers=4),
        _TWO,
    ),
    Presentation(
        LEAST_SQUARES, "diagonal", "A = diag(1, δ), y = (1, sδ)", _DIGITS, _diagonal_regression, _TWO
    ),
)


def presentations_of(kind: str) -> tuple[Presentation, ...]:
    """Return the presentations for solvers of a kind."""
    return tuple(p for p in PRESENTATIONS if p.kind == kind)
