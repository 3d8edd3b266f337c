"""One run of one algorithm on one oracle with one seed, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from algorithms.algorithm import Claim
from algorithms.calling import Status as Status
from algorithms.calling import call
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


class Bench:
    """A cell made ready to run: its algorithm loaded, one session an input, answers remembered across trials."""

    def __init__(
        self, cell: Cell, key: tuple[int, int], on_question: Callable[[Ledger], None] | None = None
    ) -> None:
        self.cell = cell
        self.key = key
        self.algorithm = cell.spec.load()
        self.parameters = dict(cell.spec.parameters)
        self.coupled = cell.problem.bound(cell.policy).depth
        self.on_question = on_question
        self.encoded: dict[int, tuple[Any, bytes]] = {}
        self.sessions = [
            Session(Oracle(cell.problem, member, cell.policy), cell.budget) for member in cell.problem.inputs
        ]

    def run(self, trials: Sequence[int], position: int) -> list[Run]:
        """Run trials (one, or for a batched algorithm several at once) on the input at `position`."""
        session = self.sessions[position]
        session.ledger = Ledger(asked=set() if self.cell.log else None)
        session.exhausted = ""
        session.on_question = self.on_question
        rngs = [generator(self.key, trial) for trial in trials]
        ticket = open_session(session, len(trials))
        started = time.perf_counter()
        try:
            task = Task(self.cell.problem.facts, ticket)
            found = call(self.algorithm, task, session, rngs, self.parameters)
        finally:
            seconds = (time.perf_counter() - started) / len(trials)
            close_session(ticket)
        asked = session.ledger.asked
        log = None if asked is None else encode_questions(asked)
        pairs = zip(trials, found.outputs, strict=True)
        return [
            self._record(trial, position, found.status, output, seconds, found.note, log)
            for trial, output in pairs
        ]

    def _encode(self, output: Any) -> bytes:
        """Return the encoded member of M; a network, which cannot change, is encoded once while it is met again."""
        known = self.encoded.get(id(output))
        if known is not None and known[0] is output:
            return known[1]
        member = self.cell.problem.check_output(output)
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
        output: Any,
        seconds: float,
        note: str,
        asked: bytes | None,
    ) -> Run:
        ledger = self.sessions[position].ledger
        claim = None
        body = None
        if status == "halted":
            if isinstance(output, Claim):
                claim, output = bool(output.converged), output.output
            try:
                body = self._encode(output)
            except InvalidOutput as error:
                status, note = "invalid", str(error)
        shared = ledger.sensitive_depth <= self.coupled
        # An algorithm's words may hold surrogates, which no store and no page takes.
        note = note[:_NOTE_LENGTH].encode("utf-8", "backslashreplace").decode("utf-8")
        depth, queries = ledger.depth, ledger.queries
        return Run(trial, position, status, shared, depth, queries, claim, seconds, body, note, asked)
