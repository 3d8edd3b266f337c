"""The game behind Theorem 1 (docs/theory.md, G3): a player names an output, an adversary an input; exact, and checked.

The *nerve* is the family of sets J of inputs whose acceptable sets have a common point. The player draws J, the
adversary j, and the player wins if j ∈ J: v is the value. The adversary's q proves v as an upper bound: no J in the
nerve has Σ_{j∈J} q_j > v. The player's w attains it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

Face = tuple[int, ...]
MOST_INPUTS, MOST_PAIRWISE = 12, 64


@dataclass(frozen=True)
class Game:
    """A solved game.

    Attributes
    ----------
    size : int
        Number of inputs.
    faces : tuple of tuples
        The maximal sets of inputs with a common acceptable output.
    value : Fraction
        v.
    adversary : tuple of Fraction
        q, a distribution on inputs.
    player : tuple of Fraction
        w, a distribution on `faces`.
    """

    size: int
    faces: tuple[Face, ...]
    value: Fraction
    adversary: tuple[Fraction, ...]
    player: tuple[Fraction, ...]

    def check(self) -> bool:
        """Return whether q and w prove v for these faces, by sums of rationals alone."""
        masses = [sum((self.adversary[j] for j in face), Fraction(0)) for face in self.faces]
        served = [
            sum((w for w, face in zip(self.player, self.faces, strict=True) if j in face), Fraction(0))
            for j in range(self.size)
        ]
        distributions = all(sum(d) == 1 and min(d) >= 0 for d in (self.adversary, self.player))
        return distributions and max(masses) <= self.value <= min(served)

    def exclusive(self) -> Face:
        """Return a largest set of inputs no two of which have a common acceptable output."""
        meets = {pair for face in self.faces for pair in itertools.combinations(sorted(face), 2)}
        others = [
            {j for j in range(self.size) if j != i and (min(i, j), max(i, j)) not in meets}
            for i in range(self.size)
        ]
        return max(cliques(others), key=lambda face: (len(face), [-j for j in face]))


def maximal_faces(size: int, meets: Callable[[Face], bool], pairwise: bool) -> tuple[Face, ...]:
    """Return the maximal sets in the nerve.

    Parameters
    ----------
    meets : callable
        Whether some inputs have a common acceptable output.
    pairwise : bool
        Whether sets meet as soon as any two of them do (boxes: Helly's number is 2; answers without a distance where
        each input has one).
    """
    if pairwise:
        near = [{j for j in range(size) if j != i and meets((min(i, j), max(i, j)))} for i in range(size)]
        return tuple(sorted(cliques(near)))
    level: list[Face] = [(j,) for j in range(size)]
    maximal: list[Face] = []
    while level:
        known = set(level)
        longer = [
            (*face, j)
            for face in level
            for j in range(face[-1] + 1, size)
            if all((*face[:i], *face[i + 1 :], j) in known for i in range(len(face))) and meets((*face, j))
        ]
        covered = {part for face in longer for part in itertools.combinations(face, len(face) - 1)}
        maximal += [face for face in level if face not in covered]
        level = longer
    return tuple(sorted(maximal))


def cliques(near: Sequence[set[int]]) -> list[Face]:
    """Return the maximal sets of vertices any two of which are neighbours (Bron and Kerbosch 1973, with a pivot)."""
    found: list[Face] = []

    def extend(chosen: list[int], open_: set[int], closed: set[int]) -> None:
        if not open_ and not closed:
            found.append(tuple(sorted(chosen)))
            return
        pivot = max(open_ | closed, key=lambda j: len(open_ & near[j]))
        for j in sorted(open_ - near[pivot]):
            extend([*chosen, j], open_ & near[j], closed & near[j])
            open_, closed = open_ - {j}, closed | {j}

    extend([], set(range(len(near))), set())
    return found


def play(size: int, faces: Sequence[Face]) -> Game:
    """Return the game's value with optimal strategies of both sides, by the simplex method in rational arithmetic.

    With u = q/v it is: maximise Σ u_j subject to Σ_{j∈J} u_j ≤ 1 for each J, u ≥ 0. The origin is feasible; Bland's
    rule ends it; the dual variables are w/v.

    Raises
    ------
    ArithmeticError
        If the solution does not prove itself, which would be a defect.
    """
    rows = [[Fraction(j in face) for j in range(size)] + [Fraction(1)] for face in faces]
    costs = [Fraction(1)] * size + [Fraction(0)]
    entering, leaving = list(range(size)), [size + i for i in range(len(faces))]
    while (column := _bland(costs, entering)) is not None:
        ratios = [
            (rows[i][-1] / rows[i][column], leaving[i], i) for i in range(len(rows)) if rows[i][column] > 0
        ]
        row = min(ratios)[2]
        _pivot(rows, costs, row, column)
        entering[column], leaving[row] = leaving[row], entering[column]
    total = -costs[-1]
    primal = {name: rows[i][-1] for i, name in enumerate(leaving)}
    dual = {name: -costs[i] for i, name in enumerate(entering)}
    value = 1 / total
    adversary = tuple(primal.get(j, Fraction(0)) * value for j in range(size))
    player = tuple(dual.get(size + i, Fraction(0)) * value for i in range(len(faces)))
    game = Game(size, tuple(faces), value, adversary, player)
    if not game.check():
        raise ArithmeticError("the game's strategies do not prove its value")
    return game


def _bland(costs: Sequence[Fraction], entering: Sequence[int]) -> int | None:
    rising = [(name, i) for i, name in enumerate(entering) if costs[i] > 0]
    return min(rising)[1] if rising else None


def _pivot(rows: list[list[Fraction]], costs: list[Fraction], row: int, column: int) -> None:
    """Exchange a row's slack for a column's variable."""
    pivot = rows[row][column]
    head = [x / pivot for x in rows[row]]
    head[column] = 1 / pivot
    for i, line in enumerate([*rows, costs]):
        factor = line[column]
        if i != row and factor:
            line[:] = [x - factor * h for x, h in zip(line, head, strict=True)]
            line[column] = -factor / pivot
    rows[row] = head
