"""What an output may not depend on: the clock, files that runs left, and runs before it in the same process.

The same runs are made on all inputs in three ways: in one process in backward order, with another clock; each in a
process of its own, all in one folder; in one process in forward order. The first are made while no run has left
anything. What differs between them is then looked for one cause at a time, and named only where it is found again.
"""

from __future__ import annotations

import ctypes
import datetime
import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from algorithms.algorithm import Algorithm
from algorithms.conformance.probes import Observation, Probe, observe_in_turn
from algorithms.conformance.rules import Ruling
from oracle.errors import InvalidValue
from oracle.problems import Input, Problem
from oracle.session import Budget

RULE = "depends on input and generator alone"
LATE_SECONDS = 40_000_003
_FOLDERS = (
    "HOME",
    "TMPDIR",
    "TMP",
    "TEMP",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
)
_SEED = 0
_KILLED = ("no_halt", "crashed")


@dataclass(frozen=True)
class Dependence:
    """What was found.

    Attributes
    ----------
    cause : str
        "" or what the output depends on, such as "the clock".
    where : str
        A run that showed it.
    seen : tuple of Observation
        The runs in processes of their own.
    """

    cause: str
    where: str
    seen: tuple[Observation, ...]

    @property
    def sentence(self) -> str:
        """What is to be said of it."""
        return f"{self.where}: the output depends on {self.cause}"


def number_of_calls(problem: Problem) -> int:
    """Return how many calls `dependence` makes, unless it finds something."""
    return 3 * len(at_its_widest(problem).inputs)


def at_its_widest(problem: Problem) -> Problem:
    """Return the problem with its limit as a member, where it has one: there an algorithm must find out most."""
    try:
        return problem.with_limit() or problem
    except InvalidValue:
        return problem


def states_rule(found: Sequence[Dependence]) -> Ruling:
    """Return what became of the rule."""
    bad = next((each for each in found if each.cause), None)
    if bad is not None:
        remedy = "keep nothing between runs, and use no clock and no generator but the one handed in"
        return Ruling(RULE, "failed", f"{bad.sentence}: {remedy}")
    return Ruling(
        RULE,
        "passed",
        "the same in processes of their own and in one, in both orders of the inputs, with another clock and "
        "other folders",
    )


def dependence(
    problem: Problem,
    policy: str,
    load: Callable[[bool], Algorithm],
    parameters: dict[str, Any],
    budget: Budget,
) -> Dependence:
    """Run an algorithm on all inputs in several states of its surroundings, and compare.

    Parameters
    ----------
    load : callable
        Returns the algorithm; called in the child with whether to load it anew.
    """
    with tempfile.TemporaryDirectory(prefix="onehalf-states-") as place:
        bench = _Bench(problem, policy, load, parameters, budget, Path(place))
        members = list(problem.inputs)
        backward = bench.together(members[::-1], late=True)
        folder = bench.fresh()
        alone = [bench.alone(member, folder) for member in members]
        forward = bench.together(members)
        for member, mine in zip(members, alone, strict=True):
            others = [o for o in (*backward, *forward) if o.input == member.name]
            if any(_differ(mine, other) for other in others):
                cause = bench.cause(member, [m for m in members if m != member])
                if cause:
                    where = f"{problem.family}, input {member.name}, {policy}"
                    return Dependence(cause, where, tuple(alone))
    return Dependence("", "", tuple(alone))


def _differ(one: Observation, other: Observation) -> bool:
    """Tell whether two runs differ in what they do; of what was killed only the status is known for sure."""
    facets = ["status"] if one.status in _KILLED else ["status", "outputs", "claims", "asked"]
    return any(getattr(one, facet) != getattr(other, facet) for facet in facets)


@dataclass
class _Bench:
    """Makes runs in folders that are empty at first."""

    problem: Problem
    policy: str
    load: Callable[[bool], Algorithm]
    parameters: dict[str, Any]
    budget: Budget
    place: Path
    numbers: Iterator[int] = field(default_factory=count)

    def fresh(self) -> Path:
        """Return an empty folder."""
        folder = self.place / str(next(self.numbers))
        folder.mkdir()
        return folder

    def alone(self, member: Input, folder: Path | None = None, late: bool = False) -> Observation:
        """Make one run in a process of its own."""
        return self._in_turn([member], [folder or self.fresh()], late)[0]

    def together(
        self, members: Sequence[Input], apart: bool = False, late: bool = False
    ) -> list[Observation]:
        """Make runs in one process, in one folder or each in its own, up to the first that does not come back."""
        folder = self.fresh()
        return self._in_turn(members, [self.fresh() if apart else folder for _ in members], late)

    def _in_turn(self, members: Sequence[Input], folders: Sequence[Path], late: bool) -> list[Observation]:
        def enter(number: int) -> None:
            _move_to(folders[number])
            if late and number == 0:
                _shift_clock(LATE_SECONDS)

        probes = [Probe(self.problem, self.policy, member, ((_SEED,),), fresh=late) for member in members]
        return observe_in_turn(probes, self.load, self.parameters, self.budget, enter)

    def cause(self, member: Input, others: Sequence[Input]) -> str:
        """Return what a run on an input depends on, "" if that cannot be found again."""
        base = self.alone(member)
        if _differ(base, self.alone(member)):
            return "chance that is not its generator's, or on how long it takes"
        if _differ(base, self.alone(member, late=True)):
            return "the clock"
        for order in (others, others[::-1]):
            folder = self.fresh()
            for other in order:
                self.alone(other, folder)
            if _differ(base, self.alone(member, folder)):
                return "files that earlier runs left"
            last = self.together([*order, member], apart=True)[-1]
            if last.input == member.name and _differ(base, last):
                return "runs before it in the same process"
        return ""


def _move_to(folder: Path) -> None:
    """Make a folder the current one, the home, and the place of temporary files."""
    os.chdir(folder)
    os.environ.update(dict.fromkeys(_FOLDERS, str(folder)))
    tempfile.tempdir = None


def _shift_clock(seconds: int) -> None:
    """Let the clocks of this process, which is to end soon, be late by a number of seconds.

    The type `datetime` is changed in place: libraries that are imported afterwards derive types of C from it, and end
    the process where another one stands there.
    """
    now, now_ns = time.time, time.time_ns
    time.time = lambda: now() + seconds
    time.time_ns = lambda: now_ns() + seconds * 10**9
    (methods,) = gc.get_referents(datetime.datetime.__dict__)
    methods["now"] = classmethod(lambda cls, tz=None: cls.fromtimestamp(time.time(), tz))
    methods["today"] = classmethod(lambda cls: cls.fromtimestamp(time.time()))
    methods["utcnow"] = classmethod(lambda cls: cls.now(datetime.UTC).replace(tzinfo=None))
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime.datetime))
