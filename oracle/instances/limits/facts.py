"""The public part of a stated problem whose limit is a member: all but the truth, and how close inputs are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from oracle.arithmetic.linear_algebra import Vector
from oracle.facts import WITH_LIMIT, Input
from oracle.instances.limits.tree import Plan
from oracle.instances.public import InstanceFacts, public_part
from oracle.instances.solutions import Label
from oracle.instances.stated import LIMIT, Instances


@dataclass(frozen=True, kw_only=True)
class LimitFacts(InstanceFacts):
    """What an algorithm knows: inputs are their limit plus δ times a direction, and δ is not told.

    Attributes
    ----------
    entries : tuple of vectors
        The limit's entries in which inputs differ, for each input.
    base : tuple of Fraction
        The same, once.
    directions : tuple of vectors
        By instance, what it differs by from the input to which it converges, the largest difference made 1.
    parents : tuple of int
        That input, counted from 0, the limit last.
    plans : tuple of plans
        Where a run of the best strategy halts, and with what.
    player : tuple of Fraction
        Probabilities of plans.
    """

    base: Vector
    directions: tuple[Vector, ...]
    parents: tuple[int, ...]
    plans: tuple[Plan, ...]

    @property
    def members(self) -> tuple[Input, ...]:  # type: ignore[override]
        """ι¹, …, ι^k, without e."""
        return tuple(Input(str(j + 1), None) for j in range(len(self.parents)))

    def witness(self, member: Input) -> Vector | Label:
        """Return a right answer on an input, which does not depend on e where one does not."""
        return self.solutions[-1 if member.name == LIMIT else int(member.name) - 1]

    def recognise(self, answers: Sequence[Fraction], bits: int) -> Input | None:
        """Return the input that it must be, which is one that none converges to."""
        found = self.recognised(answers, bits)
        known = found < len(self.parents) and found not in self.parents
        return Input(str(found + 1), None) if known else None

    def recognised(self, answers: Sequence[Fraction], bits: int) -> int:
        """Return the last input of which it is known that the truth is that, or converges to it; the limit's is k."""
        radius, at = Fraction(1, 1 << bits), len(self.parents)
        while True:
            children = [j for j, parent in enumerate(self.parents) if parent == at]
            own = [i for i in range(len(self.base)) if any(self.directions[j][i] for j in children)]
            if all(abs(answers[i] - self.base[i]) <= radius for i in own):
                return at
            possible = [j for j in children if self._possible(j, answers, radius, own)]
            if len(possible) != 1:
                return at
            at = possible[0]

    def path(self, at: int) -> list[int]:
        """Return the inputs from the limit to one that converges to it, each converging to the one before."""
        found = [at]
        while found[0] < len(self.parents):
            found.insert(0, self.parents[found[0]])
        return found

    def _possible(self, j: int, answers: Sequence[Fraction], radius: Fraction, own: Sequence[int]) -> bool:
        """Tell whether some δ > 0 agrees with the answers."""
        low, high = Fraction(0), None
        for i in own:
            slope, away = self.directions[j][i], answers[i] - self.base[i]
            if slope == 0:
                if abs(away) > radius:
                    return False
                continue
            ends = sorted(((away - radius) / slope, (away + radius) / slope))
            low, high = max(low, ends[0]), ends[1] if high is None else min(high, ends[1])
        return high is not None and high > 0 and low <= high


def limited_part(family: str, stated: Instances, answer: Callable[[object], Vector | Label]) -> LimitFacts:
    """Return the public part of instances with their limit.

    Parameters
    ----------
    answer : callable
        Makes an answer that tells nothing of e, where it can.
    """
    shown = public_part(family, stated, 0)
    places, base = stated.differing, stated.rows[-1]
    directions = []
    for j, parent in enumerate(stated.parents):
        moved = [stated.rows[j][i] - stated.rows[parent][i] for i in places]
        size = max(map(abs, moved))
        directions.append(tuple(x / size for x in moved))
    game = stated.limit_game
    told = {name: getattr(shown, name) for name in shown.__dataclass_fields__}
    told |= {
        "kinds": (*shown.kinds, WITH_LIMIT),
        "entries": tuple(tuple(base[i] for i in places) for _ in stated.parents),
        "solutions": tuple(answer(found.witness) for found in stated.right),
        "shared": tuple(answer(found) for found in shown.shared),
        "player": game.player,
    }
    return LimitFacts(
        **told,
        base=tuple(base[i] for i in places),
        directions=tuple(directions),
        parents=stated.parents,
        plans=tuple(tuple((at, answer(y)) for at, y in plan) for plan in game.plans),
    )
