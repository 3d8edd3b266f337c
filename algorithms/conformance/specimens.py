"""What a family of problems is checked on: entries, precisions, and every output that the suite can make."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from algorithms.algorithm import Algorithm, Claim
from algorithms.calling import call
from algorithms.programs.wire import write_facts
from oracle.errors import BrokenFamily, InvalidOutput, InvalidValue
from oracle.networks import Network
from oracle.problems import Bound, Index, Input, Oracle, Problem
from oracle.session import Budget, Session
from oracle.task import Task, close_session, open_session

_MOST_ENTRIES = 24
_EDGE = 4
_DEEPEST = 100_000
_SECONDS = 2.0
_SEEDS = 4
_HUGE = Fraction(10**400, 7)
Row = tuple[str, Any]


@dataclass(frozen=True)
class Specimen:
    """A problem, and what it is looked at with.

    Attributes
    ----------
    problem : Problem
    algorithms : tuple of Algorithm
        Those that run on it, for the outputs that they make.
    digits : int
        The digit budget of their runs.
    """

    problem: Problem
    algorithms: tuple[Algorithm, ...]
    digits: int = 1000

    @cached_property
    def policies(self) -> tuple[str, ...]:
        """The policies that the problem takes with its parameters."""
        found = []
        for policy in self.problem.policies:
            with contextlib.suppress(InvalidValue):
                found.append(self.problem.check_policy(policy))
        return tuple(found)

    @cached_property
    def entries(self) -> tuple[Index, ...]:
        """Entries of the table: all, or those of the probe, of the corners, and some spread over the rest."""
        rows, columns = self.problem.facts.shape
        if rows * columns <= _MOST_ENTRIES:
            return tuple(itertools.product(range(rows), range(columns)))
        corners = itertools.product((0, rows - 1), (0, columns - 1))
        step = rows * columns // _MOST_ENTRIES + 1
        spread = (divmod(place, columns) for place in range(0, rows * columns, step))
        return tuple(dict.fromkeys([*self.problem.facts.probe, *corners, *spread]))

    @cached_property
    def sensitive(self) -> tuple[Index, ...]:
        """Those of the entries that the family calls sensitive."""
        return tuple(index for index in self.entries if self.problem.sensitive(index))

    def bound(self, policy: str) -> Bound:
        """Return the problem's bound against a policy."""
        return self.problem.bound(policy)

    def precisions(self, policy: str) -> tuple[int, ...]:
        """Return precisions up to the coupling depth: the first, the last, and some spread in between."""
        depth = min(self.bound(policy).depth, _DEEPEST)
        ends = (*range(_EDGE), *range(depth - _EDGE, depth + 1))
        spread = (depth * step // 32 for step in range(32))
        return tuple(sorted({n for n in (*ends, *spread) if 0 <= n <= depth}))

    def oracles(self, policy: str) -> list[Oracle]:
        """Return the oracles of all inputs."""
        return [Oracle(self.problem, member, policy) for member in self.problem.inputs]

    @cached_property
    def outputs(self) -> tuple[Row, ...]:
        """Outputs in M with a word on where each is from, each once."""
        found: dict[bytes, Row] = {}
        for words, output in self._offered():
            try:
                member = self.problem.check_output(output)
            except InvalidOutput:
                continue
            found.setdefault(self.problem.encode(member), (words, member))
        return tuple(found.values())

    def _offered(self) -> Iterator[Row]:
        witnesses = [(f"the witness of input {m.name}", self._witness(m)) for m in self._witnessed()]
        yield from witnesses
        for (one, first), (other, second) in itertools.combinations(witnesses, 2):
            yield f"half-way between {one} and {other}", average([first, second])
        if len(witnesses) > 2:
            yield "the average of all witnesses", average([output for _, output in witnesses])
        for words, number in (("zeros", Fraction(0)), ("ones", Fraction(1)), ("huge numbers", _HUGE)):
            for _, output in witnesses[:1]:
                yield words, filled(output, number)
                yield f"minus {words}", filled(output, -number)
        yield from self._made()

    def _witnessed(self) -> list[Input]:
        return list(dict.fromkeys([*self.problem.facts.members, *self.problem.inputs]))

    def _witness(self, member: Input) -> Any:
        return self.problem.facts.witness(member)

    def _made(self) -> Iterator[Row]:
        """Yield what algorithms make of the first and the last input, under the first and the last policy."""
        members = dict.fromkeys([self.problem.inputs[0], self.problem.inputs[-1]])
        for policy, member, algorithm in itertools.product(
            dict.fromkeys([self.policies[0], self.policies[-1]]), members, self.algorithms
        ):
            for seed in range(_SEEDS):
                yield from self._run(algorithm, policy, member, seed)

    def _run(self, algorithm: Algorithm, policy: str, member: Input, seed: int) -> Iterator[Row]:
        session = Session(Oracle(self.problem, member, policy), Budget(self.digits, _SECONDS))
        ticket = open_session(session)
        try:
            found = call(
                algorithm, Task(self.problem.facts, ticket), session, [np.random.default_rng(seed)], {}
            )
        except BrokenFamily:
            return  # an answer is not legal, which is a rule of its own
        finally:
            close_session(ticket)
        for output in found.outputs if found.status == "halted" else ():
            plain = output.output if isinstance(output, Claim) else output
            yield f"what {algorithm.name} gives on input {member.name}, {policy}, seed {seed}", plain


def average(outputs: Sequence[Any]) -> Any:
    """Return the average of outputs of one shape, number by number; None where they are not made of numbers."""
    first = outputs[0]
    if all(isinstance(output, Network) for output in outputs):
        if len({output.architecture for output in outputs}) > 1:
            return None
        layers = zip(*(output.exact_layers() for output in outputs), strict=True)
        return Network(
            [tuple(sum(parts) / len(outputs) for parts in zip(*each, strict=True)) for each in layers]
        )
    if all(_is_number(output) for output in outputs):
        return sum((Fraction(output) for output in outputs), Fraction(0)) / len(outputs)
    if all(isinstance(o, Sequence | np.ndarray) and not isinstance(o, str | bytes) for o in outputs):
        same = len({len(output) for output in outputs}) == 1
        return tuple(average(parts) for parts in zip(*outputs, strict=True)) if same else None
    return first if all(output is first for output in outputs) else None


def _is_number(output: Any) -> bool:
    return isinstance(output, int | float | Fraction) and not isinstance(output, bool)


def filled(output: Any, number: Fraction) -> Any:
    """Return an output of the same shape whose every number is this one; None where it is not made of numbers."""
    if isinstance(output, Network):
        return Network(
            [(np.full(w.shape, number), np.full(b.shape, number)) for w, b in output.exact_layers()]
        )
    if _is_number(output):
        return number
    if isinstance(output, Sequence | np.ndarray) and not isinstance(output, str | bytes):
        return tuple(filled(part, number) for part in output)
    return None


def has_equality(value: object) -> bool:
    """Tell whether a value says itself what it is equal to."""
    return "__eq__" in {name for kind in type(value).__mro__[:-1] for name in vars(kind)}


def alike(one: Any, other: Any) -> bool | None:
    """Tell whether two outputs hold the same numbers; None where that cannot be told."""
    if isinstance(one, Network) and isinstance(other, Network):
        pairs = zip(one.exact_layers(), other.exact_layers(), strict=False)
        same = all(np.array_equal(a, b) for left, right in pairs for a, b in zip(left, right, strict=True))
        return same and one.architecture == other.architecture
    if isinstance(one, str | bytes) or isinstance(other, str | bytes):
        return type(one) is type(other) and bool(one == other)  # a letter is a sequence of itself
    if isinstance(one, Sequence | np.ndarray) and isinstance(other, Sequence | np.ndarray):
        return len(one) == len(other) and all(alike(a, b) is True for a, b in zip(one, other, strict=True))
    if not has_equality(one):
        return None
    return bool(one == other)


def portrait(problem: Problem) -> str:
    """Return in JSON what a problem says of itself: facts, entries, answers, and verdicts of what the suite makes."""
    look = Specimen(problem, ())
    said = {
        "parameters": dict(problem.parameters()),
        "facts": write_facts(problem.facts),
        "entries": [
            [str(problem.value(member, index)) for member in problem.inputs] for index in look.entries
        ],
        "bounds": [str(look.bound(policy)) for policy in look.policies],
        "said": [
            [
                str(oracle.claim(index, bits))
                for index in look.sensitive
                for bits in (0, 3, look.precisions(policy)[-1])
            ]
            for policy in look.policies
            for oracle in look.oracles(policy)
        ],
        "outputs": [[words, problem.encode(output).hex()] for words, output in look.outputs],
        "verdicts": [[list(v) for v in row] for row in problem.judge([output for _, output in look.outputs])],
    }
    return json.dumps(said)
