"""The computational problem {Ω, Ξ, M, Λ}: what every family of inputs offers to oracle, runner and judge."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from oracle.checks import Step
from oracle.errors import BrokenFamily, InvalidValue, meant
from oracle.errors import not_in_output_set as not_in_output_set
from oracle.facts import ANSWERS as ANSWERS
from oracle.facts import CLOSENESS as CLOSENESS
from oracle.facts import DEMAND as DEMAND
from oracle.facts import NETWORK_TRAINING as NETWORK_TRAINING
from oracle.facts import WITH_LIMIT as WITH_LIMIT
from oracle.facts import Axis as Axis
from oracle.facts import Bound as Bound
from oracle.facts import Facts as Facts
from oracle.facts import Index as Index
from oracle.facts import Input as Input
from oracle.judge import Verdict
from oracle.numbers import Irrational, Real, nearest

Certificate = dict[str, Any]


class Problem(ABC):
    """A family with its parameters fixed."""

    family: ClassVar[str]
    policies: ClassVar[tuple[str, ...]]
    axes: ClassVar[tuple[Axis, ...]] = (Axis("exponent", "e", "the inputs differing by 2⁻ᵉ"),)
    """The parameters along which an experiment may vary; by default the one that is called as `Input` calls it."""
    statement: ClassVar[str] = ""
    """The problem in full for a reader who has the report alone: data, what is asked for, every letter, the theorem;
    by default the beginning of the class's docstring."""
    outputs: ClassVar[str] = "right answers"
    """What a right output is called in a headline, a plural noun."""
    story: ClassVar[object] = ""
    """What the family adds to a report, as an `analysis.story.Story`: the story, or "module:name" of it, which is
    imported when a report is made."""
    lists: ClassVar[tuple[str, ...]] = ()
    """Parameters whose one value is a list, so that a grid of them is a list of lists."""
    files: ClassVar[tuple[str, ...]] = ()
    """Parameters that may name something in a user's file, as ``file.py::name``."""
    algorithms: ClassVar[tuple[str, ...]] = ()
    """Modules that register the algorithms which are the family's own."""
    constant: ClassVar[tuple[str, ...]] = ()
    """Policies that show one number to an entry, whatever the precision that is asked for."""
    theory: ClassVar[str] = ""
    """Where its mathematics is written down, such as "docs/theory.md, section 4"."""
    referee: ClassVar[str] = ""
    """The family's name in the standalone verifier; "" where no second implementation checks its certificates."""

    @property
    @abstractmethod
    def facts(self) -> Facts:
        """The public part."""

    @property
    @abstractmethod
    def inputs(self) -> tuple[Input, ...]:
        """The inputs of a coupled trial, in the order in which they are run."""

    @abstractmethod
    def parameters(self) -> Mapping[str, Any]:
        """Return the parameters as JSON values, enough to make the problem again."""

    @abstractmethod
    def value(self, member: Input, index: Index) -> Real:
        """Return the exact entry of an input."""

    @abstractmethod
    def sensitive(self, index: Index) -> bool:
        """Tell whether the inputs differ in this entry."""

    @abstractmethod
    def shown(self, policy: str, index: Index, bits: int) -> Fraction:
        """Return what an adversarial policy would show at a sensitive entry (legal or not)."""

    @abstractmethod
    def bound(self, policy: str) -> Bound:
        """Return what limits an algorithm against this policy."""

    @abstractmethod
    def check_output(self, output: Any) -> Any:
        """Return the output as a member of M, or raise `InvalidOutput`."""

    @abstractmethod
    def judge(self, outputs: Sequence[Any]) -> list[tuple[Verdict, ...]]:
        """Return the verdicts of outputs in M on every input, aligned with `inputs`."""

    @abstractmethod
    def encode(self, output: Any) -> bytes:
        """Return bytes that hold an output exactly."""

    @abstractmethod
    def decode(self, body: bytes) -> Any:
        """Return the output that `encode` wrote."""

    @property
    def closeness(self) -> int:
        """e of the inputs' distance 2^-e, which an experiment or an adversary may choose.

        Raises
        ------
        InvalidValue
            If no input tells it.
        """
        for member in self.inputs:
            if member.exponent is not None:
                return member.exponent
        raise InvalidValue(
            "problem", self.family, "has no input that tells its distance 2^-e", 'make one Input("1", e)'
        )

    def at(self, closeness: int) -> Problem:
        """Return the same problem with its inputs 2^-closeness apart.

        By default the parameter of the axis of kind "closeness" is changed.

        Raises
        ------
        InvalidValue
            If the family has no such parameter, or does not allow the value.
        """
        accepted = inspect.signature(type(self)).parameters
        for axis in self.axes:
            if axis.kind == CLOSENESS and axis.name in accepted:
                return remade(self, **{axis.name: closeness})
        raise InvalidValue(
            "problem",
            self.family,
            "says of no parameter that the distance of its inputs is 2 to the minus it",
            'name one in axes: Axis("gap", "g", "the inputs differing by 2⁻ᵍ"), or write the method `at`',
        )

    def with_limit(self) -> Problem | None:
        """Return the same problem with the limit of its inputs as a member; None where the family offers none.

        Raises
        ------
        InvalidValue
            If the family has one, but not with these parameters.
        """
        return None

    def exclusion(self) -> Iterator[Step]:
        """Yield why no output is acceptable on two exclusive inputs, for these numbers; by default none is offered."""
        return iter(())

    def between(self, policy: str) -> Iterator[Step]:
        """Yield why a policy is legal at every precision up to the coupling depth, whatever is tried of them.

        It is asked for where there are too many to try, and the policy is neither honest nor `constant`; by default
        none is offered.
        """
        return iter(())

    def in_coq(self, policy: str) -> str:
        """Return the bound against a policy as text of a Coq file, with its proof; "" where proofs/ has none."""
        return ""

    def unlimited(self) -> tuple[str, str]:
        """Return why no theorem limits success, and what to do, where `bound` names less than two exclusive inputs."""
        rule = "has one output that serves every input with these parameters, so nothing limits an algorithm"
        return rule, "take other parameters"

    def digest(self) -> str:
        """Return the SHA-256 of a user's source that the problem depends on, such as a cost's file; "" if none."""
        return ""

    def check_policy(self, policy: str) -> str:
        """Return the policy's name if this family has it, or raise `InvalidValue`."""
        if policy not in self.policies:
            raise InvalidValue(
                "oracle",
                policy,
                f"the {self.family} family has {', '.join(self.policies)}",
                f"{meant(str(policy), self.policies)}choose one of these",
            )
        return policy


class Certified(ABC):
    """A problem whose outputs carry a certificate beyond their verdict."""

    @abstractmethod
    def certify(self, output: Any) -> Certificate:
        """Return what is known exactly of an output in M, as JSON values; a pure function of the output."""

    @abstractmethod
    def background(self) -> Certificate:
        """Return what the certificates are read against, as JSON values."""

    @abstractmethod
    def violation(self, certificate: Mapping[str, Any]) -> str:
        """Return in what a certificate contradicts a theorem; "" where it does not."""


def remade(problem: Problem, **changes: Any) -> Problem:
    """Return a problem of the same family with other values of some parameters."""
    parameters = {k: tuple(v) if isinstance(v, list) else v for k, v in problem.parameters().items()}
    return type(problem)(**{**parameters, **changes})


def require_sound(problem: Problem, policy: str) -> None:
    """Raise an error in a sentence if a problem cannot say what it is, or its bound against a policy is none.

    Raises
    ------
    BrokenFamily
        If facts, inputs, parameters, policies or bound raise, or the bound does not fit the inputs.
    InvalidValue
        If the family has no such policy.
    """

    def asked(what: str, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except (InvalidValue, MemoryError):
            raise
        except Exception as error:
            rule = f"its {what} raises {type(error).__name__}: {error}"
            raise BrokenFamily("problem", problem.family, rule) from error

    facts = asked("facts", lambda: problem.facts)
    asked("facts", lambda: (facts.shape, facts.magnitude, facts.probe, facts.members))
    asked("parameters", problem.parameters)
    asked("policies", lambda: problem.check_policy(policy))
    names = asked("inputs", lambda: [member.name for member in problem.inputs])
    bound = asked("bound", lambda: problem.bound(policy))
    try:
        named = {*bound.exclusive, *bound.compared}
        fits = type(bound.depth) is int and bound.depth >= 0 and named <= set(names)
    except (AttributeError, TypeError):
        fits = False
    if not fits:
        rule = f"its bound is {bound}, with no depth from 0 on or not of inputs {', '.join(map(str, names))}"
        raise BrokenFamily("problem", problem.family, rule, "correct `bound`")


@dataclass(frozen=True, eq=False)
class Oracle:
    """A legal oracle: an input and a policy of answers. A function of the question; it keeps no state.

    Beyond the coupling depth, where the policy's answers would not all be legal for every input of the trial, and
    wherever the inputs do not differ, the answer is the nearest multiple of 2^-n to the truth (ties to even). On
    the limit input the policy goes on for as long as it is legal there: what it answers must not depend on the
    other inputs' δ (docs/theory.md, Remark 2b).

    Every answer is checked, whoever wrote the family. One up to the coupling depth is legal for all inputs, and what
    the oracles of all of them say; an entry that is called insensitive is the same on all of them.
    """

    problem: Problem
    member: Input
    policy: str

    def answer(self, index: Index, bits: int) -> Fraction:
        """Return a dyadic q with |q − ι_index| ≤ 2^-bits.

        Raises
        ------
        BrokenFamily
            If the family has no such answer to give, or a method of it raises.
        """
        depth = self._depth
        try:
            if not self.problem.sensitive(index):
                truth = self._same(index)
                return Fraction(nearest(truth, bits), 1 << bits)
            if bits > depth:
                return self._beyond(index, bits)
            return self._rounded(index, bits) if self.policy == "honest" else self._coupled(index, bits)
        except (BrokenFamily, MemoryError, RecursionError):
            raise
        except Exception as error:
            raise self._broken(index, bits, f"raises {type(error).__name__}: {error}") from error

    def claim(self, index: Index, bits: int) -> Fraction:
        """Return what the policy says, which `answer` checks: it need not be legal.

        Raises
        ------
        BrokenFamily
            If a method of the family raises.
        """
        depth = self._depth
        try:
            if bits > depth and self.problem.sensitive(index):
                return self._beyond(index, bits)
            if self.policy == "honest" or not self.problem.sensitive(index):
                return Fraction(nearest(self._truth(self.member, index), bits), 1 << bits)
            return self._shown(index, bits)
        except (BrokenFamily, MemoryError, RecursionError):
            raise
        except Exception as error:
            raise self._broken(index, bits, f"raises {type(error).__name__}: {error}") from error

    def sensitive(self, index: Index) -> bool:
        """Tell whether the inputs differ in an entry.

        Raises
        ------
        BrokenFamily
            If the family raises.
        """
        try:
            return self.problem.sensitive(index)
        except Exception as error:
            raise self._broken(index, 0, f"raises {type(error).__name__}: {error}") from error

    def try_depth(self, most: int) -> None:
        """Ask what is asked of a family to tell its inputs apart, to the coupling depth but to `most` digits at most.

        Raises
        ------
        BrokenFamily
            As `answer` does: where the depth is overstated, it is refused at the first place where that shows.
        """
        for index in self.problem.facts.probe:
            if self.sensitive(index):
                self.answer(index, min(self._depth, most))

    @cached_property
    def _depth(self) -> int:
        return self.problem.bound(self.policy).depth

    @cached_property
    def _known(self) -> dict[Index, Real]:
        """The entries that were seen to be the same on all inputs."""
        return {}

    def _same(self, index: Index) -> Real:
        """Return an entry in which the inputs do not differ."""
        if index not in self._known:
            truth = self._truth(self.member, index)
            for other in self.problem.inputs:
                if other != self.member and self._truth(other, index) != truth:
                    rule = f"inputs {self.member.name} and {other.name} differ there, and it is called insensitive"
                    raise self._broken(index, 0, rule, "correct `sensitive` or `value`")
            self._known[index] = truth
        return self._known[index]

    def _rounded(self, index: Index, bits: int) -> Fraction:
        """Return what honest oracles of all inputs say."""
        answer = nearest(self._truth(self.member, index), bits)
        for other in self.problem.inputs:
            if other != self.member and nearest(self._truth(other, index), bits) != answer:
                raise self._uncoupled(index, bits, f"differs on inputs {self.member.name} and {other.name}")
        return Fraction(answer, 1 << bits)

    def _coupled(self, index: Index, bits: int) -> Fraction:
        """Return what the policy shows, which has to be legal on all inputs."""
        shown = self._shown(index, bits)
        for other in self.problem.inputs:
            if not self._legal(shown, other, index, bits):
                raise self._uncoupled(index, bits, f"is {shown}, further than that from input {other.name}")
        return shown

    def _beyond(self, index: Index, bits: int) -> Fraction:
        """Return what is legal on this input alone."""
        if self.member.exponent is None and self.policy != "honest":
            shown = self._shown(index, bits)
            if self._legal(shown, self.member, index, bits):
                return shown
        return Fraction(nearest(self._truth(self.member, index), bits), 1 << bits)

    def _truth(self, member: Input, index: Index) -> Real:
        truth = self.problem.value(member, index)
        if not isinstance(truth, Fraction | int | Irrational):
            raise self._broken(index, 0, f"comes of a {type(truth).__name__}: `value` returns exact numbers")
        return truth

    def _shown(self, index: Index, bits: int) -> Fraction:
        shown = self.problem.shown(self.policy, index, bits)
        if not isinstance(shown, Fraction | int):
            raise self._broken(index, bits, f"is a {type(shown).__name__}: `shown` returns fractions")
        return Fraction(shown)

    def _legal(self, answer: Fraction, member: Input, index: Index, bits: int) -> bool:
        distance = self._truth(member, index) - answer
        radius = Fraction(1, 1 << bits)
        return -radius <= distance <= radius

    def _uncoupled(self, index: Index, bits: int, what: str) -> BrokenFamily:
        rule = f"{what}, and its bound says that all inputs are answered alike to depth {self._depth}"
        return self._broken(index, bits, rule, "correct `shown`, or the depth of `bound`")

    def _broken(self, index: Index, bits: int, rule: str, remedy: str = "correct the family") -> BrokenFamily:
        at = f"the answer of its {self.policy} oracle at entry {index} to within 2^-{bits}"
        return BrokenFamily("problem", self.problem.family, f"{at} {rule}", remedy)
