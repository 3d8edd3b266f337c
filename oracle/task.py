"""What an algorithm is handed: a task holds public facts and a ticket number, never the oracle.

Sessions live in this module. A task can be looked through, attribute by attribute, without meeting the input;
an algorithm that is not trusted is run sealed, where its desk is in another process (onehalf/running/sealed).
"""

from __future__ import annotations

import itertools
import os
import time
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from oracle.errors import IllegalQuestion
from oracle.facts import Facts, Index
from oracle.session import Session

_tickets = itertools.count(1)


class Desk(Protocol):
    """What answers: a session here, or one in another process."""

    def answer(self, index: Index, bits: int) -> Fraction:
        """Return one entry."""

    def table(self, bits: int) -> NDArray[np.float64]:
        """Return all entries in float64."""

    def exact_table(self, bits: int) -> NDArray[np.object_]:
        """Return all entries as Fractions."""


_desks: dict[int, tuple[int, Desk]] = {}
"""By ticket: the process in which the desk was opened, and the desk. A fork's questions would be on no record here."""


def open_desk(desk: Desk) -> int:
    """Return the ticket to a desk, for this process alone."""
    ticket = next(_tickets)
    _desks[ticket] = os.getpid(), desk
    return ticket


def open_session(session: Session, runs: int = 1) -> int:
    """Start a session's clock, which allows for a number of runs at once, and return its ticket."""
    session.deadline = time.monotonic() + session.budget.seconds * runs
    return open_desk(session)


def close_session(ticket: int) -> None:
    """End a session; its ticket buys no more answers."""
    del _desks[ticket]


def _desk(ticket: int) -> Desk:
    try:
        process, desk = _desks[ticket]
    except KeyError:
        raise IllegalQuestion(
            "ticket",
            ticket,
            "this run is over and its oracle answers no more",
            "ask while the algorithm runs",
        ) from None
    if process != os.getpid():
        raise IllegalQuestion(
            "ticket",
            ticket,
            "another process than the run's own gets no answers, as they would be on no record",
            "ask first, and hand the answers to the processes that work on them",
        )
    return desk


class Task:
    """What an algorithm is handed: the public facts as attributes, and the right to ask.

    Attributes of the family's facts (for training: `labels`, `architecture`, `cost`, `tolerance`, `exponent`, …)
    are attributes of the task.
    """

    __slots__ = ("facts", "ticket")

    def __init__(self, facts: Facts, ticket: int) -> None:
        self.facts = facts
        self.ticket = ticket

    def __getattr__(self, name: str) -> Any:
        if name in Task.__slots__:
            raise AttributeError(name)
        return getattr(self.facts, name)

    def ask(self, point: int, coordinate: int, bits: int) -> Fraction:
        """Return one entry of the input: a dyadic rational within 2^-bits of the truth.

        Raises
        ------
        IllegalQuestion
            If `bits` is negative or no whole number, or there is no such entry.
        """
        return _desk(self.ticket).answer((int(point), int(coordinate)), bits)

    def read(self, bits: int) -> NDArray[np.float64]:
        """Return the whole input in float64, each entry within 2^-bits of the truth.

        Raises
        ------
        TooPrecise
            If float64 does not carry as many digits at the magnitude read (53 below 1, 52 from 1 to 2).
        """
        return _desk(self.ticket).table(bits)

    def read_exact(self, bits: int) -> NDArray[np.object_]:
        """Return the whole input as Fractions, each within 2^-bits of the truth."""
        return _desk(self.ticket).exact_table(bits)
