"""One run of one algorithm on one oracle with one seed, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from algorithms.algorithm import Abstain, Claim
from algorithms.calling import Outcome, call
from algorithms.calling import Status as Status
from onehalf.plan.experiment import Cell
from onehalf.plan.seeds import generator
from onehalf.record.rows import Run, encode_questions
from oracle.errors import BrokenFamily, InvalidOutput
from oracle.networks import Network
from oracle.problems import Oracle
from oracle.session import Ledger, Session
from oracle.task import Task, close_session, open_session

_NOTE_LENGTH = 500
_REMEMBERED = 16


class Books:
    """What is kept of a cell's runs: one session an input, answers remembered across trials, and records of runs."""

    def __init__(self, cell: Cell, on_question: Callable[[Ledger], None] | None = None) -> None:
        self.cell = cell
        self.coupled = cell.problem.bound(cell.policy).depth
        self.on_question = on_question
        self.encoded: dict[int, tuple[Any, bytes]] = {}
        self.sessions = [
            Session(Oracle(cell.problem, member, cell.policy), cell.budget) for member in cell.problem.inputs
        ]

    def begin(self, position: int) -> Session:
        """Return the session on the input at `position`, with nothing entered in its ledger."""
        session = self.sessions[position]
        session.ledger = Ledger(asked=set() if self.cell.log else None)
        session.exhausted = ""
        session.on_question = self.on_question
        return session

    def enter(
        self,
        trials: Sequence[int],
        position: int,
        found: Outcome,
        claimed: Sequence[tuple[bool | None, Any]],
        seconds: float,
    ) -> list[Run]:
        """Return the records of trials that were run at once, each with its flag and output and in so many seconds."""
        asked = self.sessions[position].ledger.asked
        log = None if asked is None else encode_questions(asked)
        return [
            self._record(trial, position, found.status, claim, output, seconds, found.note, log)
            for trial, (claim, output) in zip(trials, claimed, strict=True)
        ]

    def _encode(self, output: Any) -> bytes:
        """Return the encoded member of M; a network, which cannot change, is encoded once while it is met again."""
        known = self.encoded.get(id(output))
        if known is not None and known[0] is output:
            return known[1]
        try:
            member = self.cell.problem.check_output(output)
        except (InvalidOutput, MemoryError):
            raise
        except Exception as error:
            kind = type(output).__name__
            raise InvalidOutput(
                f"output of type {kind}: checking it raises {type(error).__name__}"
            ) from error
        try:
            body = self.cell.problem.encode(member)
        except Exception as error:
            rule = f"it cannot encode an output that it takes ({type(error).__name__}: {error})"
            raise BrokenFamily("problem", self.cell.problem.family, rule) from error
        if type(output) is Network:
            if len(self.encoded) >= _REMEMBERED:
                self.encoded.clear()
            self.encoded[id(output)] = output, body
        return body

    def _record(
        self,
        trial: int,
        position: int,
        status: Status,
        claim: bool | None,
        output: Any,
        seconds: float,
        note: str,
        asked: bytes | None,
    ) -> Run:
        ledger = self.sessions[position].ledger
        body = None
        if status == "halted" and isinstance(output, Abstain):
            status = "abstained"
        elif status == "halted":
            try:
                body = self._encode(output)
            except InvalidOutput as error:
                status, note = "invalid", str(error)
        shared = ledger.sensitive_depth <= self.coupled
        # An algorithm's words may hold surrogates, which no store and no page takes.
        note = note and note[:_NOTE_LENGTH].encode("utf-8", "backslashreplace").decode("utf-8")
        note = self.cell.noted(status, note)
        depth, queries = ledger.depth, ledger.queries
        return Run(trial, position, status, shared, depth, queries, claim, seconds, body, note, asked)


class Bench(Books):
    """A cell made ready to run in this process: its algorithm loaded."""

    def __init__(
        self, cell: Cell, key: tuple[int, int], on_question: Callable[[Ledger], None] | None = None
    ) -> None:
        super().__init__(cell, on_question)
        self.key = key
        self.algorithm = cell.spec.load()
        self.parameters = dict(cell.spec.parameters)

    def run(self, trials: Sequence[int], position: int) -> list[Run]:
        """Run trials (one, or for a batched algorithm several at once) on the input at `position`."""
        session = self.begin(position)
        rngs = [generator(self.key, trial) for trial in trials]
        ticket = open_session(session, len(trials))
        started = time.perf_counter()
        try:
            task = Task(self.cell.problem.facts, ticket)
            found = call(self.algorithm, task, session, rngs, self.parameters)
        finally:
            seconds = (time.perf_counter() - started) / len(trials)
            close_session(ticket)
        return self.enter(trials, position, found, list(map(split_claim, found.outputs)), seconds)


def split_claim(output: Any) -> tuple[bool | None, Any]:
    """Return the exit flag and the output of what an algorithm returned."""
    if isinstance(output, Claim) and isinstance(output.output, Abstain):
        return None, output.output
    if isinstance(output, Claim):
        return bool(output.converged), output.output
    return None, output
