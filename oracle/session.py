"""One run of an algorithm at the oracle: its budget, its ledger, and the answers it gets."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from oracle.errors import BrokenFamily, BudgetExhausted, IllegalQuestion, InvalidValue, TooPrecise
from oracle.problems import Index, Oracle

_FLOAT_DIGITS = 53
_REMEMBERED = 100_000
DEEPEST = 2**62
"""Every precision beyond this is entered as this one, so that a ledger's numbers fit into 64 bits."""


@dataclass(slots=True)
class Ledger:
    """What a run asked: the number of answers, the largest n, and the largest n where the inputs differ.

    What was asked and refused, because it met a budget, is asked: it counts in both depths, and not as an answer.
    `asked` holds the distinct questions (row, column, bits) where a session logs them, else None; row and column
    −1 stand for the whole table.
    """

    queries: int = 0
    depth: int = 0
    sensitive_depth: int = 0
    asked: set[tuple[int, int, int]] | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """How far a run may go: digits of any one question, and seconds of wall-clock time."""

    digits: int = 10_000
    seconds: float = 60.0

    def __post_init__(self) -> None:
        whole = isinstance(self.digits, int) and not isinstance(self.digits, bool)
        if not whole or self.digits < 0:
            raise InvalidValue(
                "digits", self.digits, "must be a whole number of at least 0", "take for example 10000"
            )
        if (
            isinstance(self.seconds, bool)
            or not isinstance(self.seconds, int | float)
            or not self.seconds > 0
        ):
            raise InvalidValue("seconds", self.seconds, "must be a positive number", "take for example 60")

    @property
    def overrun(self) -> str:
        """What is said of a run that takes longer."""
        return f"ran for more than the time budget of {self.seconds:g} s"


@dataclass(slots=True, eq=False)
class Session:
    """One run at the desk: its oracle, ledger and budget. It answers each question once and remembers it.

    `fault` is what the family was found to break. The run then gets no more answers, and whoever called the algorithm
    raises it: it is no outcome of the algorithm's.
    A question is entered in the ledger, and `on_question` told, before it is answered or refused: a run that is killed
    while it waits for an answer has asked.
    """

    oracle: Oracle
    budget: Budget
    ledger: Ledger = field(default_factory=Ledger)
    on_question: Callable[[Ledger], None] | None = None
    deadline: float = 0.0
    exhausted: str = ""
    fault: BrokenFamily | None = None
    memory: dict[tuple[Index, int], Fraction] = field(default_factory=dict)
    tables: dict[int, NDArray[np.float64]] = field(default_factory=dict)

    def answer(self, index: Index, bits: int) -> Fraction:
        """Return a legal answer and enter the question in the ledger."""
        bits = whole_digits(bits)
        rows, columns = self.oracle.problem.facts.shape
        if not (0 <= index[0] < rows and 0 <= index[1] < columns):
            raise IllegalQuestion(
                "entry", index, f"must lie in a table of {rows} by {columns}", "count from 0"
            )
        self._enter(1, (*index, bits), bits if self._sensitive(index) else 0)
        known = self.memory.get((index, bits))
        if known is None:
            if len(self.memory) >= _REMEMBERED:
                self.memory.clear()
            known = self.memory[index, bits] = self._answer(index, bits)
        return known

    def table(self, bits: int) -> NDArray[np.float64]:
        """Return all entries to `bits` digits in float64, exactly as the oracle gives them."""
        bits = whole_digits(bits)
        facts = self.oracle.problem.facts
        rows, columns = facts.shape
        most = _FLOAT_DIGITS - facts.magnitude
        if most < bits <= self.budget.digits and not self.exhausted:
            raise TooPrecise(
                "bits",
                bits,
                f"float64 carries {most} digits at the magnitude read",
                "use task.read_exact(bits)",
            )
        self._enter(rows * columns, (-1, -1, bits), bits)
        if bits not in self.tables:
            exact = [[self._answer((i, j), bits) for j in range(columns)] for i in range(rows)]
            table = np.array(exact, dtype=np.float64)
            pairs = zip(table.ravel().tolist(), itertools.chain(*exact), strict=True)
            if any(x.as_integer_ratio() != q.as_integer_ratio() for x, q in pairs):
                raise TooPrecise(
                    "bits", bits, "an answer of this oracle is no float64", "use task.read_exact(bits)"
                )
            self.tables[bits] = table
        return self.tables[bits].copy()

    def exact_table(self, bits: int) -> NDArray[np.object_]:
        """Return all entries to `bits` digits as Fractions."""
        rows, columns = self.oracle.problem.facts.shape
        table = np.empty((rows, columns), dtype=object)
        for i, j in itertools.product(range(rows), range(columns)):
            table[i, j] = self.answer((i, j), bits)
        return table

    def _answer(self, index: Index, bits: int) -> Fraction:
        try:
            return self.oracle.answer(index, bits)
        except BrokenFamily as error:
            raise self._at_fault(error) from error

    def _sensitive(self, index: Index) -> bool:
        try:
            return self.oracle.sensitive(index)
        except BrokenFamily as error:
            raise self._at_fault(error) from error

    def _at_fault(self, error: BrokenFamily) -> BudgetExhausted:
        """Remember that the family is at fault, and return what ends the run."""
        self.fault, self.exhausted = error, str(error)
        return BudgetExhausted(self.exhausted)

    def _enter(self, count: int, question: tuple[int, int, int], sensitive: int) -> None:
        """Enter a question that has so many answers, and refuse it where a budget is met."""
        ledger = self.ledger
        row, column, bits = int(question[0]), int(question[1]), question[2]
        if bits > self.budget.digits:
            self.exhausted = f"asked for {_short(bits)} digits, the digit budget is {self.budget.digits}"
        elif self.deadline and time.monotonic() > self.deadline:
            self.exhausted = self.budget.overrun
        bits, sensitive = min(bits, DEEPEST), min(sensitive, DEEPEST)
        ledger.depth = max(ledger.depth, bits)
        ledger.sensitive_depth = max(ledger.sensitive_depth, sensitive)
        if not self.exhausted:
            ledger.queries += count
        if ledger.asked is not None:
            ledger.asked.add((row, column, bits))
        if self.on_question is not None:
            self.on_question(ledger)
        if self.exhausted:
            raise BudgetExhausted(self.exhausted)


def whole_digits(bits: int) -> int:
    """Return the number of digits as a Python int (numpy's shifts wrap), or say why it is none."""
    if isinstance(bits, bool) or not isinstance(bits, int | np.integer) or bits < 0:
        raise IllegalQuestion(
            "bits", bits, "must be a whole number of at least 0", "ask for 2^-bits, bits ≥ 0"
        )
    return int(bits)


def _short(bits: int) -> str:
    """Write a number of digits that may itself have more digits than can be written."""
    return str(bits) if bits < DEEPEST else f"2^{bits.bit_length() - 1} or more"
