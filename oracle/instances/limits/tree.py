"""The limit game (docs/problems.md, G7): a limit is a member, and inputs converge to it, or to one another in a tree.

A run on an input u either halts before it can tell what converges to u from u, with an answer that serves some of
these and u; or it reads on, is not right on u, and meets each of what converges to u as an input of its own. So the
sets of inputs on which one run is right are those of this recursion, but for an event whose probability vanishes as
inputs approach their limits. Theorem 2, Theorem 3, chains (G5) and blocks (G4b) are the cases of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from oracle.errors import InvalidValue
from oracle.instances.game import Face, Game, maximal_faces, play

Plan = tuple[tuple[int, Any], ...]
"""Where a run halts, and with what; elsewhere it reads on."""
_MOST_PLANS, _MOST_BELOW = 4000, 16


@dataclass(frozen=True)
class LimitGame:
    """A solved limit game; inputs are counted from 0, the limit last.

    Attributes
    ----------
    value : Fraction
        What no algorithm surpasses.
    adversary : tuple of Fraction
        Weights of the inputs.
    plans : tuple of plans
        The player's.
    player : tuple of Fraction
        Their probabilities.
    at_once : Game
        The game of those that halt almost surely on the limit.
    answers : tuple
        A common answer for each of its faces.
    """

    value: Fraction
    adversary: tuple[Fraction, ...]
    plans: tuple[Plan, ...]
    player: tuple[Fraction, ...]
    at_once: Game
    answers: tuple[Any, ...]

    @property
    def halting(self) -> Fraction:
        """What no algorithm surpasses that halts almost surely on the limit."""
        return self.at_once.value


def limit_game(parents: Sequence[int], answer_for: Callable[[Face], Any]) -> LimitGame:
    """Solve the game.

    Parameters
    ----------
    parents : sequence of int
        For each input but the limit the one to which it converges; the limit's number is the number of these.
    answer_for : callable
        An answer that is right on all of some inputs, or None.

    Raises
    ------
    InvalidValue
        If there are too many ways for a run to go.
    """
    limit = len(parents)
    below = {u: _descendants(parents, u) for u in range(limit + 1)}
    if len(below[limit]) > _MOST_BELOW:
        rule = f"{limit} inputs and their limit are given, and at most {_MOST_BELOW - 1} are solved"
        raise InvalidValue("instances", limit, rule, "give fewer")

    def halts(u: int) -> list[tuple[Face, Plan]]:
        inputs = below[u]
        found = maximal_faces(
            len(inputs), lambda face: answer_for(tuple(inputs[i] for i in face)) is not None, pairwise=False
        )
        faces = [tuple(inputs[i] for i in face) for face in found]
        return [(face, ((u, answer_for(face)),)) for face in faces]

    def ways(u: int) -> list[tuple[Face, Plan]]:
        children = [j for j, parent in enumerate(parents) if parent == u]
        found = halts(u)
        if children:
            each = [ways(child) for child in children]
            if len(found) + _product(len(way) for way in each) > _MOST_PLANS:
                rule = "there are too many ways for a run to go, and the game is solved for a few thousand"
                raise InvalidValue("instances", limit, rule, "give fewer instances, or fewer levels")
            for chosen in itertools.product(*each):
                served = tuple(sorted(itertools.chain.from_iterable(face for face, _ in chosen)))
                found.append((served, tuple(itertools.chain.from_iterable(plan for _, plan in chosen))))
        sets = [set(face) for face, _ in found]
        keep = [
            i
            for i, mine in enumerate(sets)
            if not any(mine < other or (mine == other and j < i) for j, other in enumerate(sets))
        ]
        return [found[i] for i in keep]

    every = ways(limit)
    game = play(limit + 1, [face for face, _ in every])
    there = halts(limit)
    at_once = play(limit + 1, [face for face, _ in there])
    plans, answers = tuple(plan for _, plan in every), tuple(plan[0][1] for _, plan in there)
    return LimitGame(game.value, game.adversary, plans, game.player, at_once, answers)


def _descendants(parents: Sequence[int], u: int) -> list[int]:
    """Return an input and all that converge to it, at any remove, in order."""
    found = {u}
    while more := {j for j, parent in enumerate(parents) if parent in found} - found:
        found |= more
    return sorted(found)


def _product(sizes: Any) -> int:
    total = 1
    for size in sizes:
        total *= size
    return total
