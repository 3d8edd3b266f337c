"""The trusted side: it holds the truth, answers a run's questions, keeps the ledger, and enters what was handed over.

The algorithm's process is started by its own program, so that its memory never held the input, and is told public
facts alone. Nothing that it sends can name another trial, another ledger or another status of the budget: all it can
do is to ask, and to hand over one output.
"""

from __future__ import annotations

import pickle
import socket
import time
from collections.abc import Sequence
from typing import Any

from algorithms.calling import STATUSES, Outcome, Status
from algorithms.processes import describe_end
from onehalf.plan.experiment import Cell
from onehalf.record.rows import Run
from onehalf.running.sealed.channel import (
    ANSWER,
    ASK,
    ENTRY,
    EXACT,
    EXHAUSTED,
    REFUSAL,
    RESULT,
    TABLE,
    BrokenChannel,
    Channel,
    OutOfTime,
    no_message,
    read_bits,
    write_fractions,
    write_refusal,
)
from onehalf.running.sealed.fork_server import server_of
from onehalf.running.sealed.values import unpack_value
from onehalf.running.trial import Books
from oracle.errors import BudgetExhausted, IllegalQuestion, TooPrecise
from oracle.namespaces import pack
from oracle.session import Session

_GRACE_SECONDS = 0.25
_NOTHING = "the process closed its channel and did not end"


def run_sealed(cell: Cell, key: tuple[int, int], trials: Sequence[int], position: int) -> list[Run]:
    """Run trials on one input, each in a fork of an image that was never told which.

    Raises
    ------
    BrokenFamily
        If the cell's family is not what it says.
    InvalidValue
        If the algorithm cannot be loaded in a process of its own.
    """
    seal = Seal(cell, key)
    if seal.server.batched and len(trials) > 1:
        runs = seal.run(trials, position)
        if runs is not None:
            return runs
    done: list[Run] = []
    for trial in trials:
        found = seal.run([trial], position)
        done += [seal.fate(trial, position)] if found is None else found
    return done


class Seal:
    """A cell's books, and a process that forks runs and cannot look into them."""

    def __init__(self, cell: Cell, key: tuple[int, int]) -> None:
        self.cell = cell
        self.books = Books(cell)
        self.books.sessions[0].oracle.try_depth(cell.budget.digits)
        self.key = key
        self.told = pack((cell.problem.facts, dict(cell.spec.parameters), cell.memory))
        self.server = server_of(cell.spec, True, cell.sandbox)
        self.cause = ""
        self.slow = False
        self.seconds = 0.0

    def run(self, trials: Sequence[int], position: int) -> list[Run] | None:
        """Run trials at once; None where the process hung, died or broke the channel, of which `fate` tells."""
        session = self.books.begin(position)
        mine, theirs = socket.socketpair()
        channel = Channel(mine)
        found: tuple[Outcome, list[Any]] | None = None
        self.cause, self.slow, child = "", False, 0
        started = time.monotonic()
        try:
            told = self.told, pickle.dumps((self.key, tuple(trials)))
            child = self.server.begin([theirs.fileno()], told)
            theirs.close()
            started = time.monotonic()
            seconds = self.cell.budget.seconds * len(trials)
            session.deadline = started + seconds
            found = self._attend(channel, session, len(trials), started + seconds + _GRACE_SECONDS)
        except OutOfTime:
            self.slow = True
        except BrokenChannel as error:
            self.cause = str(error)
        finally:
            theirs.close()
            channel.close()
        self.seconds = time.monotonic() - started
        self._end(child)
        if session.fault is not None:
            raise session.fault
        if found is None:
            return None
        outcome, claims = found
        if session.exhausted:
            nothing: list[Any] = [None] * len(trials)
            outcome, claims = Outcome("no_halt", nothing, session.exhausted), nothing
        claimed = list(zip(claims, outcome.outputs, strict=True))
        return self.books.enter(trials, position, outcome, claimed, self.seconds / len(trials))

    def fate(self, trial: int, position: int) -> Run:
        """Return the record of a run that hung, died or broke the channel."""
        ledger = self.books.sessions[position].ledger
        status: Status = "no_halt" if self.slow else "crashed"
        note = self.cell.noted(status, self.cell.budget.overrun if self.slow else self.cause)
        shared = ledger.sensitive_depth <= self.books.coupled
        depth, queries = ledger.depth, ledger.queries
        return Run(trial, position, status, shared, depth, queries, None, self.seconds, None, note)

    def _attend(
        self, channel: Channel, session: Session, count: int, until: float
    ) -> tuple[Outcome, list[Any]]:
        """Answer a run's questions until it hands over what it returns."""
        while True:
            letter, body = channel.receive(until)
            if letter == RESULT:
                return _read_result(body, count)
            try:
                kind, answer = ANSWER, _answered(session, letter, body)
            except (IllegalQuestion, TooPrecise) as error:
                kind, answer = REFUSAL, write_refusal(error)
            except BudgetExhausted as error:
                kind, answer = EXHAUSTED, str(error).encode()
            channel.send(kind, answer, until)

    def _end(self, child: int) -> None:
        """See to it that a run's process is gone, and note how it ended."""
        if not child:
            return
        code = self.server.ended(child, patient=not self.slow)
        if not self.cause.startswith("a message"):
            self.cause = _NOTHING if code is None else f"the process {describe_end(code)}"


def _answered(session: Session, letter: bytes, body: bytes) -> bytes:
    """Return the answer to a question, which is entered in the ledger."""
    if letter == ASK:
        if len(body) < ENTRY.size:
            raise no_message(letter)
        index = ENTRY.unpack_from(body)
        return write_fractions([session.answer(index, read_bits(body[ENTRY.size :]))])
    if letter == TABLE:
        return session.table(read_bits(body)).astype("<f8").tobytes()
    if letter == EXACT:
        return write_fractions(list(session.exact_table(read_bits(body)).ravel()))
    raise no_message(letter)


def _read_result(body: bytes, count: int) -> tuple[Outcome, list[Any]]:
    """Return what a run handed over, with the exit flags."""
    try:
        found = unpack_value(body)
    except (ValueError, RecursionError) as error:
        raise BrokenChannel(f"a message that holds no value: {error}") from error
    match found:
        case (str() as said, str() as note, list() as outputs) if said in STATUSES and len(outputs) == count:
            if all(type(o) is tuple and len(o) == 2 and type(o[0]) in (bool, type(None)) for o in outputs):
                claims, made = [claim for claim, _ in outputs], [output for _, output in outputs]
                return Outcome(said, made, note), claims
    raise BrokenChannel("a message that holds no outcome")
