"""A problem that is stated by its instances: oracle, bound and judge follow from them (docs/problems.md)."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from oracle.arithmetic.effort import BUDGET, quadratic_cost
from oracle.checks import Step, short
from oracle.errors import BrokenFamily, InvalidValue
from oracle.instances.answers import Point, decode_label, encode_label, label_output, point_of
from oracle.instances.coupling import BLIND, HONEST, POLICIES, Agreement, is_dyadic
from oracle.instances.instance import CERTIFIED, DECLARED, SEPARATED
from oracle.instances.limits.facts import limited_part
from oracle.instances.public import InstanceFacts, public_part
from oracle.instances.separated.instance import separation
from oracle.instances.solutions import MAXIMUM, Boxes, ByJudge, Everything, Labels, Solutions, Surds, excess
from oracle.instances.sparse.surds import Surd
from oracle.instances.stated import LIMIT, Instances
from oracle.judge import REJECTED, TOO_LARGE, Verdict, judge_point
from oracle.numbers import longest_part, nearest, to_float
from oracle.points import decode_point, encode_point
from oracle.problems import CLOSENESS, Bound, Index, Input, Problem

REFEREE = "instances"
_MEMBER = "limit"


class InstanceProblem(Problem):
    """A family stated by a function that returns instances; its parameters are the function's.

    Each family is a subclass with `function`. What an obligation of the proof refuses is refused when it is made.
    """

    policies: ClassVar[tuple[str, ...]] = POLICIES
    function: ClassVar[Callable[..., Instances]]

    def __init__(self, *values: Any, **named: Any) -> None:
        try:
            given = inspect.signature(type(self)).bind(*values, **named)
        except TypeError as error:
            raise InvalidValue(
                "problem", self.family, f"cannot be made: {error}", "correct the parameters"
            ) from None
        given.apply_defaults()
        self._parameters = {name: _plain(name, value) for name, value in given.arguments.items()}
        if not self._couplings:
            rule = "the obligation fails: no policy answers alike on all instances, not even to no digit"
            raise InvalidValue(
                "problem", self.family, rule, "take inputs that are less than 2 apart in any entry"
            )

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._parameters == self._parameters

    def __hash__(self) -> int:
        return hash((type(self), json.dumps(self._parameters)))

    def __repr__(self) -> str:
        inner = ", ".join(f"{name}={value!r}" for name, value in self._parameters.items())
        return f"{type(self).__name__}({inner})"

    def __reduce__(self) -> tuple[Any, ...]:
        return remake_stated, (type(self), self._parameters)

    @cached_property
    def stated(self) -> Instances:
        """The instances.

        Raises
        ------
        InvalidValue
            If an obligation of the proof fails.
        BrokenFamily
            If the function returns none.
        """
        values = {name: tuple(v) if isinstance(v, list) else v for name, v in self._parameters.items()}
        found = type(self).function(**values)
        if not isinstance(found, Instances):
            rule = f"its function returns a {type(found).__name__}"
            raise BrokenFamily("problem", self.family, rule, "return oh.Instances([…], digits=…)")
        return found

    @cached_property
    def facts(self) -> InstanceFacts:
        """The public part."""
        if self.stated.limit is not None:
            return limited_part(self.family, self.stated, self._untold)
        return public_part(self.family, self.stated, self._exponent)

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """ι¹, …, ι^k in the order in which they are stated, and ι⁰ where it is a member.

        What others converge to is a limit itself, and has no e.
        """
        named = tuple(Input(str(j + 1), self._exponent) for j in range(len(self.stated.members)))
        if self.stated.limit is None:
            return named
        limits = {Input(str(j + 1), None) for j in self.stated.parents}
        own = (
            each if parent == len(named) else Input(each.name, self._apart_by(j, parent))
            for j, (each, parent) in enumerate(zip(named, self.stated.parents, strict=True))
        )
        told = (Input(e.name, None) if Input(e.name, None) in limits else e for e in own)
        return (*told, Input(LIMIT, None))

    @property
    def closeness(self) -> int:
        """e of the inputs' distance 2^-e."""
        return self._exponent

    def _apart_by(self, j: int, parent: int) -> int:
        """Return e of the distance 2^-e of an instance from that to which it converges, rounded down."""
        rows = self.stated.rows
        return -_floor_log2(max(abs(a - b) for a, b in zip(rows[j], rows[parent], strict=True)))

    @property
    def constant(self) -> tuple[str, ...]:  # type: ignore[override]
        """Policies that show one number to an entry at every precision up to their depth."""
        return tuple(policy for policy, found in self._couplings.items() if found.constant)

    @property
    def referee(self) -> str:  # type: ignore[override]
        """What the verifier calls problems whose instances it proves again; "" where solutions are declared."""
        return REFEREE if self.stated.tier == CERTIFIED else ""

    def parameters(self) -> dict[str, Any]:
        """Return the parameters as JSON values."""
        return dict(self._parameters)

    def value(self, member: Input, index: Index) -> Fraction:
        """Return the entry of an instance."""
        return self.stated.rows[int(member.name) - 1][index[1]]

    def sensitive(self, index: Index) -> bool:
        """Tell whether the instances differ in the entry."""
        return index[1] in self._differing

    def shown(self, policy: str, index: Index, bits: int) -> Fraction:
        """Return what a policy shows."""
        return self._coupling(policy).answer(index[1], bits)

    def check_policy(self, policy: str) -> str:
        """Return the policy's name, or raise `InvalidValue`; it must be legal for all inputs at some precision.

        Where the limit is a member it must not betray there how close the others are (Remark 2b).
        """
        if self.stated.limit is not None and policy in self.policies and not self._tells_nothing(policy):
            rule = "would show on ι⁰, too, how close the other inputs are (Remark 2b)"
            raise InvalidValue("oracle", policy, rule, f"take {' or '.join(self._couplings)}")
        if policy in self.policies and policy not in self._couplings:
            rule = "the obligation fails: its answers are legal for all inputs at no precision"
            raise InvalidValue("oracle", policy, rule, f"take {' or '.join(self._couplings)}")
        return super().check_policy(policy)

    def bound(self, policy: str) -> Bound:
        """Return Theorem 1 in its game form, the value of the game, at the depth to which the policy couples.

        Where the limit is a member, the limit game, of which Theorems 2 and 3 are cases.
        """
        self.check_policy(policy)
        return self._bounds[policy]

    def exclusion(self) -> Iterator[Step]:
        """Yield the solutions with their proofs, and the game with its certificate."""
        stated, game = self.stated, self.stated.game
        every = (*stated.members, *([stated.limit] if stated.limit is not None else []))
        for member, found, instance in zip(self.inputs, stated.right, every, strict=True):
            words = f"Input {member.name} has the solutions {found.words}: {instance.proof()}."
            yield Step("Solutions", words, True, offered=instance.tier != DECLARED)
        if stated.limit is not None:
            yield self._limit_step()
            if stated.stays:
                yield Step("Why not Theorem 2", stated.stays, True)
            return
        if stated.tier == SEPARATED:
            yield from separation(stated.gaps, game, stated.digits)
            return
        radius = "" if isinstance(stated.solutions[0], Labels) else f" to within 10^{-stated.digits}"
        faces = ", ".join("{" + ", ".join(str(j + 1) for j in face) + "}" for face in game.faces[:12])
        more = f" and {len(game.faces) - 12} more" if len(game.faces) > 12 else ""
        adversary = ", ".join(map(str, game.adversary))
        yield Step(
            "Exclusion",
            f"The largest sets of inputs with a common answer right{radius} are {faces}{more}, found exactly. An "
            f"adversary who draws the input with the probabilities ({adversary}) has none of these sets with more "
            f"than {game.value}: no answer is right with a larger probability.",
            game.check(),
        )

    def unlimited(self) -> tuple[str, str]:
        """Return why nothing limits success."""
        rule = f"one answer, {self._words(self.stated.shared[0])}, is right on every input, so nothing limits success"
        return rule, "ask for more digits, or take other parameters"

    def check_output(self, output: Any) -> Any:
        """Return a point, or for answers without a distance an answer, or raise `InvalidOutput`."""
        if isinstance(self.stated.solutions[0], Labels):
            return label_output(output)
        return point_of(output, len(self.stated.solutions[0].witness))  # type: ignore[arg-type]

    def judge(self, outputs: Sequence[Any]) -> list[tuple[Verdict, ...]]:
        """Return exact verdicts."""
        return [tuple(self._verdict(y, found) for found in self.stated.right) for y in outputs]

    def encode(self, output: Any) -> bytes:
        """Return an output as text."""
        return encode_label(output) if isinstance(self.stated.solutions[0], Labels) else encode_point(output)

    def decode(self, body: bytes) -> Any:
        """Return what `encode` wrote."""
        return decode_label(body) if isinstance(self.stated.solutions[0], Labels) else decode_point(body)

    @property
    def _exponent(self) -> int:
        for axis in self.axes:
            given = self._parameters.get(axis.name)
            if axis.kind == CLOSENESS and isinstance(given, int):
                return given
        distance = self.stated.distance
        return max((distance.denominator // distance.numerator).bit_length() - 1, 0)

    @cached_property
    def _differing(self) -> frozenset[int]:
        return frozenset(self.stated.differing)

    @cached_property
    def _couplings(self) -> Mapping[str, Agreement]:
        """The policies that answer alike at least at precision 0."""
        columns = list(zip(*self.stated.rows, strict=True))
        entries = {i: columns[i] for i in self.stated.differing}
        limits = {i: columns[i][-1] for i in entries} if self.stated.limit is not None else None
        found = {p: Agreement.of(p, entries, limits) for p in self.policies if self._tells_nothing(p)}
        return {policy: each for policy, each in found.items() if each.depth >= 0}

    def _tells_nothing(self, policy: str) -> bool:
        """Tell whether what a policy shows on the limit, if that is a member, does not depend on the others."""
        if self.stated.limit is None or policy == HONEST:
            return True
        return policy == BLIND and all(is_dyadic(self.stated.rows[-1][i]) for i in self.stated.differing)

    def _untold(self, answer: Any) -> Any:
        """Return an answer, right where that is, which does not tell how close the inputs are, if rounding does so."""
        if isinstance(self.stated.right[0], Labels):
            return answer
        bits = max(3 - _floor_log2(self.stated.radius), 0)
        rounded = tuple(Fraction(nearest(x, bits), 1 << bits) for x in answer)
        before, after = self.judge([answer, rounded])
        kept = all(v.kind != "accepted" or w.kind == "accepted" for v, w in zip(before, after, strict=True))
        return rounded if kept else answer

    def _limit_step(self) -> Step:
        game, names = self.stated.limit_game, [member.name for member in self.inputs]
        weights = ", ".join(f"{q} on input {n}" for n, q in zip(names, game.adversary, strict=True) if q)
        words = (
            "A run either halts before it tells an input from what converges to it, with an answer right on some of "
            f"these, or reads on and is not right there: an adversary with the weights {weights} has no such set of "
            f"inputs with more than {game.value}, and one who meets only runs that halt on ι⁰ none with more than "
            f"{game.halting}."
        )
        return Step("Limit game", words, sum(game.adversary) == 1 and min(game.adversary) >= 0)

    def _coupling(self, policy: str) -> Agreement:
        self.check_policy(policy)
        return self._couplings[policy]

    @cached_property
    def _bounds(self) -> Mapping[str, Bound]:
        return {policy: self._bound(found.depth) for policy, found in self._couplings.items()}

    def _bound(self, depth: int) -> Bound:
        game, tier = self.stated.game, self.stated.tier
        names = [member.name for member in self.inputs]
        if self.stated.limit is not None:
            return self._limit_bound(depth, names)
        if game.value == 1:
            return Bound("", (), depth, tier=tier)
        apart = tuple(names[j] for j in game.exclusive())
        exclusive = apart if len(apart) > 1 else ()
        if game.value * len(apart) == 1:
            return Bound("1", exclusive, depth, tier=tier)
        weights = tuple((n, q) for n, q in zip(names, game.adversary, strict=True) if q)
        return Bound("1", exclusive, depth, value=game.value, weights=weights, tier=tier)

    def _limit_bound(self, depth: int, names: Sequence[str]) -> Bound:
        limits = self.stated.limit_game
        if limits.value == 1:
            return Bound("", (), depth, tier=self.stated.tier)
        apart = tuple(names[j] for j in self.stated.game.exclusive())
        weights = tuple((n, q) for n, q in zip(names, limits.adversary, strict=True) if q)
        exclusive = apart if len(apart) > 1 else ()
        value, halting = limits.value, limits.halting
        note, limit = self.stated.stays, len(self.stated.members)
        inner = tuple(names[j] for j in sorted(set(self.stated.parents)) if j != limit)
        return Bound("4", exclusive, depth, LIMIT, value, weights, self.stated.tier, halting, note, inner)

    def with_limit(self) -> Problem | None:
        """Return the problem with its limit, where its parameter `limit` says whether that is a member."""
        given = self._parameters.get(_MEMBER)
        return type(self)(**{**self._parameters, _MEMBER: True}) if isinstance(given, bool) else None

    def _verdict(self, output: Any, found: Solutions) -> Verdict:
        if isinstance(found, Everything):
            return Verdict("accepted", math.inf)
        if isinstance(found, Labels):
            right = any(type(a) is type(output) and a == output for a in found.answers)
            return Verdict("accepted", math.inf) if right else REJECTED
        size = sum(longest_part(a) for a in output)
        if quadratic_cost(size, size) * (len(found.boxes) if isinstance(found, Boxes) else 1) > BUDGET:
            return TOO_LARGE
        if isinstance(found, ByJudge):
            return Verdict("accepted", math.inf) if found.accepts(output) else REJECTED
        if isinstance(found, Surds):
            room = found.room(output, self.stated.radius)
            margin = float(room) if isinstance(room, Surd) else to_float(room)
            return Verdict("accepted" if room >= 0 else "rejected", margin)
        return self._distance_verdict(output, found)

    def _distance_verdict(self, x: Point, found: Boxes) -> Verdict:
        if self.stated.norm == MAXIMUM:
            each = [judge_point(x, box.nearest(x), self.stated.radius) for box in found.boxes]
            return max(each, key=lambda verdict: (verdict.kind == "accepted", verdict.margin))
        margin = excess(x, found, self.stated.norm, self.stated.radius)
        return Verdict("accepted" if margin >= 0 else "rejected", to_float(margin))

    def _words(self, answer: Any) -> str:
        return f"({', '.join(map(short, answer))})" if isinstance(answer, tuple) else str(answer)


def remake_stated(family: type[InstanceProblem], parameters: Mapping[str, Any]) -> InstanceProblem:
    """Return a problem from its family and its parameters."""
    return family(**parameters)


def _plain(name: str, value: Any) -> Any:
    """Return a parameter as a JSON value."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, list | tuple):
        return [_plain(name, item) for item in value]
    if isinstance(value, Fraction):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise InvalidValue(name, value, "a parameter is a number, text, or a list of such", "give one")


def _floor_log2(x: Fraction) -> int:
    found = x.numerator.bit_length() - x.denominator.bit_length()
    return found if x >= Fraction(2) ** found else found - 1
