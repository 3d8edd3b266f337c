"""What the conformance suite sees: runs of an algorithm in forked children, with everything around them watched."""

from __future__ import annotations

import json
import os
import pickle
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.algorithm import Abstain, Algorithm, Claim
from algorithms.calling import Status, call
from algorithms.processes import end_group, fork_child, is_over
from algorithms.programs.wire import write_facts
from oracle.errors import BrokenFamily, IllegalQuestion, InvalidClaim, InvalidOutput
from oracle.problems import Index, Input, Oracle, Problem
from oracle.session import Budget, Ledger, Session
from oracle.task import Task, close_session, open_session

_GRACE_SECONDS = 0.5
_POLL_SECONDS = 0.05
_FAREWELL_SECONDS = 2.0
_COINS = 20_210_906
Seeds = tuple[int, ...]


@dataclass(frozen=True)
class Observation:
    """One call of an algorithm and its traces.

    Attributes
    ----------
    problem, policy, input : str
        What it faced.
    seeds : tuple of int
        Of the generators it was handed: one, or for a batched algorithm any number.
    status : str
        As in the record of a trial.
    note : str
        Why it did not halt with outputs in M.
    outputs : tuple of bytes
        The encoded outputs, one for each seed.
    claims : tuple of bool or None
        The exit flags.
    asked : tuple of (row, column, bits)
        The distinct questions, in order.
    illegal : str
        The sentence that refused the first illegal question, even if the algorithm went on.
    bad_claim : bool
        Whether a claim was no bool.
    touched : tuple of str
        What it changed of what is not its own: "random", "numpy.random", "task".
    unloaded : bool
        Whether it could not be loaded in the child, and was not called.
    """

    problem: str
    policy: str
    input: str
    seeds: Seeds
    status: Status
    note: str = ""
    outputs: tuple[bytes, ...] = ()
    claims: tuple[bool | None, ...] = ()
    asked: tuple[tuple[int, int, int], ...] = ()
    illegal: str = ""
    bad_claim: bool = False
    touched: tuple[str, ...] = ()
    unloaded: bool = False


@dataclass(frozen=True)
class Probe:
    """Calls to make one after the other in one child.

    Attributes
    ----------
    problem, policy, member
        What the algorithm faces.
    calls : tuple of tuple of int
        The seeds of each call.
    fresh : bool
        Whether the algorithm is loaded anew in the child, as a worker does.
    """

    problem: Problem
    policy: str
    member: Input
    calls: tuple[Seeds, ...]
    fresh: bool = False


@dataclass(eq=False)
class _Recorder(Session):
    """A session that keeps the first refusal of an illegal question, whatever the algorithm does about it."""

    illegal: str = ""

    def answer(self, index: Index, bits: int) -> Any:
        """Answer as a session does."""
        return self._noting(lambda: Session.answer(self, index, bits))

    def table(self, bits: int) -> NDArray[np.float64]:
        """Answer as a session does."""
        found: NDArray[np.float64] = self._noting(lambda: Session.table(self, bits))
        return found

    def _noting(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except IllegalQuestion as error:
            self.illegal = self.illegal or str(error)
            raise


def observe(
    probe: Probe, load: Callable[[bool], Algorithm], parameters: dict[str, Any], budget: Budget
) -> list[Observation]:
    """Make a probe's calls in a forked child, and end with the first one that does not return.

    Parameters
    ----------
    load : callable
        Returns the algorithm; called in the child with `Probe.fresh`.

    Raises
    ------
    BrokenFamily
        If the family has no legal answer to give: nothing is then seen of the algorithm.
    """
    return observe_in_turn([probe], load, parameters, budget)


def observe_in_turn(
    probes: Sequence[Probe],
    load: Callable[[bool], Algorithm],
    parameters: dict[str, Any],
    budget: Budget,
    enter: Callable[[int], None] = lambda number: None,
) -> list[Observation]:
    """Make the calls of several probes in one forked child, and end with the first one that does not return.

    Parameters
    ----------
    load : callable
        Returns the algorithm; called in the child with the first probe's `Probe.fresh`.
    enter : callable
        Called in the child with a probe's number before its calls, and before the algorithm is loaded.

    Raises
    ------
    BrokenFamily
        As `observe`.
    """
    pid, receiver = fork_child(partial(_make_calls, probes, load, parameters, budget, enter))
    calls = [(probe, seeds) for probe in probes for seeds in probe.calls]
    seen: list[Observation] = []
    cause = ""
    try:
        for _, seeds in calls:
            if not arrives(receiver, pid, budget.seconds * len(seeds) + _GRACE_SECONDS):
                cause = f"ran for more than the time budget of {budget.seconds:g} s"
                break
            found = pickle.loads(receiver.recv_bytes())
            if isinstance(found, BrokenFamily):
                raise found
            seen.append(found)
            if seen[-1].unloaded:
                return seen
    except (EOFError, OSError):
        pass
    finally:
        receiver.close()
        how = end_group(pid, patience=0.0 if cause else _FAREWELL_SECONDS)
    if len(seen) < len(calls):
        status: Status = "no_halt" if cause else "crashed"
        seen.append(_observation(*calls[len(seen)], status, note=cause or how))
    return seen


def arrives(receiver: Connection, pid: int, seconds: float) -> bool:
    """Wait for a message, or for the end of the child, which reading then tells."""
    until = time.monotonic() + seconds
    while not receiver.poll(_POLL_SECONDS):
        if is_over(pid):
            return True
        if time.monotonic() > until:
            return False
    return True


def _observation(probe: Probe, seeds: Seeds, status: Status, **seen: Any) -> Observation:
    return Observation(probe.problem.family, probe.policy, probe.member.name, seeds, status, **seen)


def _make_calls(
    probes: Sequence[Probe],
    load: Callable[[bool], Algorithm],
    parameters: dict[str, Any],
    budget: Budget,
    enter: Callable[[int], None],
    sender: Connection,
) -> None:
    """Do the child's work: make the calls and send what is seen, one by one."""
    enter(0)
    try:
        algorithm = load(probes[0].fresh)
    except Exception as error:
        note = f"{type(error).__name__}: {error}"
        failed = _observation(probes[0], probes[0].calls[0], "error", note=note, unloaded=True)
        sender.send_bytes(pickle.dumps(failed))
        return
    try:
        for number, probe in enumerate(probes):
            if number:
                enter(number)
            for seen in _calls(probe, algorithm, parameters, budget):
                sender.send_bytes(pickle.dumps(seen))
    except BrokenFamily as error:
        sender.send_bytes(pickle.dumps(error))


def _calls(
    probe: Probe, algorithm: Algorithm, parameters: dict[str, Any], budget: Budget
) -> Iterator[Observation]:
    oracle = Oracle(probe.problem, probe.member, probe.policy)
    for number, seeds in enumerate(probe.calls):
        session = _Recorder(oracle, budget, Ledger(asked=set()))
        task = Task(probe.problem.facts, open_session(session, len(seeds)))
        before = _surroundings(task, entropy=os.getpid() + number)
        found = call(
            algorithm, task, session, [np.random.default_rng([_COINS, s]) for s in seeds], parameters
        )
        after = _surroundings(task)
        close_session(task.ticket)
        status, note, bodies, claims = found.status, found.note, [], []
        try:
            for output in found.outputs if status == "halted" else ():
                claims.append(bool(output.converged) if isinstance(output, Claim) else None)
                plain = output.output if isinstance(output, Claim) else output
                abstained = isinstance(plain, Abstain)
                bodies.append(b"" if abstained else probe.problem.encode(probe.problem.check_output(plain)))
        except InvalidOutput as error:
            status, note = "invalid", str(error)
        yield _observation(
            probe,
            seeds,
            status,
            note=note,
            outputs=tuple(bodies),
            claims=tuple(claims),
            asked=tuple(sorted(session.ledger.asked or ())),
            illegal=session.illegal,
            bad_claim=isinstance(found.error, InvalidClaim),
            touched=tuple(name for name in before if before[name] != after[name]),
        )


def _surroundings(task: Task, entropy: int | None = None) -> dict[str, str]:
    """Return the state of what is not the algorithm's own, the generators' first set to something of this call."""
    if entropy is not None:
        random.seed(entropy)
        np.random.seed(entropy % 2**32)  # noqa: NPY002
    legacy: Sequence[Any] = np.random.get_state()  # type: ignore[assignment]  # noqa: NPY002
    return {
        "random": repr(random.getstate()),
        "numpy.random": repr((legacy[1].tolist(), legacy[2:])),
        "task": json.dumps([write_facts(task.facts), task.ticket]),
    }
