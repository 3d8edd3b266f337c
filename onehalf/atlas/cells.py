"""Answers put together: one cell for each solver, presentation and e; and what G8 says of false claims."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from onehalf.atlas.presentations import Case, presentations_of
from onehalf.atlas.survey import END, NONE, RIGHT, THERE, WRONG, Judged

ALL_RIGHT, FALSE_CLAIM, WARNED, NO_ANSWER = (
    "right",
    "wrong and said optimal",
    "wrong and warned",
    "no answer",
)
OUTCOMES = (ALL_RIGHT, FALSE_CLAIM, WARNED, NO_ANSWER)


@dataclass(frozen=True)
class AtlasCell:
    """All answers of one solver to one presentation at one e: to every input, in every order of columns.

    The coin that orders the columns is fair, so a share of orders is a probability, and no estimate.
    """

    case: Case
    rows: tuple[Judged, ...]

    @property
    def solver(self) -> str:
        """Its name."""
        return self.rows[0].solver

    @property
    def exponent(self) -> int:
        """E of δ = 2^-e."""
        return self.case.exponent

    @property
    def reading(self) -> str:
        """Whether the digits that tell the inputs apart are there."""
        return self.rows[0].digits_read

    @cached_property
    def outcome(self) -> str:
        """The worst of its answers: a false claim before a wrong answer with a warning before none at all."""
        if any(row.false_claim for row in self.rows):
            return FALSE_CLAIM
        if any(row.minimiser == WRONG for row in self.rows):
            return WARNED
        return NO_ANSWER if any(row.minimiser == NONE for row in self.rows) else ALL_RIGHT

    @property
    def by_input(self) -> list[list[Judged]]:
        """Its rows, input by input."""
        return [list(rows) for _, rows in itertools.groupby(self.rows, lambda row: row.input)]

    @cached_property
    def success(self) -> Fraction:
        """The probability of the minimiser on the worst input."""
        return min(Fraction(sum(r.minimiser == RIGHT for r in rows), len(rows)) for rows in self.by_input)

    @cached_property
    def claimed(self) -> Fraction:
        """The probability of a claim, on the input where it is least."""
        return min(Fraction(sum(r.converged for r in rows), len(rows)) for rows in self.by_input)

    @cached_property
    def false_claims(self) -> Fraction:
        """The probability of a false claim, on the worst input."""
        return max(Fraction(sum(r.false_claim for r in rows), len(rows)) for rows in self.by_input)

    @cached_property
    def order_matters(self) -> bool:
        """Whether on some input answers in two orders of columns differ by more than the radius."""
        return any(_apart(rows, float(self.case.radius)) for rows in self.by_input)

    @property
    def between(self) -> bool:
        """Whether an answer reaches the minimum and is near the minimiser of no input: a mixture of them."""
        return any(row.between for row in self.rows)

    @cached_property
    def bound(self) -> Fraction:
        """Where the digits end, what success is at most: the value of the game (G3)."""
        return self.case.game.value

    @cached_property
    def least_false_claims(self) -> Fraction:
        """Where the digits end, the least of false claims, given c of claims: c(k − 1)/k, k exclusive inputs (G8)."""
        k = len(self.case.game.exclusive())
        return self.claimed * (k - 1) / k

    @property
    def contradicts(self) -> bool:
        """Whether it contradicts a theorem: the solver is no function of what it is shown, or this program is wrong."""
        return self.reading == END and (
            self.success > self.bound or self.false_claims < self.least_false_claims
        )


def _apart(rows: Sequence[Judged], radius: float) -> bool:
    given = [row.x for row in rows if row.x is not None]
    return any(
        abs(a - b) > radius for x, y in itertools.combinations(given, 2) for a, b in zip(x, y, strict=True)
    )


def atlas_cells(rows: Sequence[Judged], digits: int) -> list[AtlasCell]:
    """Return the cells of a survey, in its order."""
    found = []
    for (_, name, exponent, kind), group in itertools.groupby(
        rows, lambda row: (row.solver, row.presentation, row.exponent, row.kind)
    ):
        presentation = next(p for p in presentations_of(kind) if p.name == name)
        found.append(AtlasCell(Case(presentation, exponent, digits), tuple(group)))
    return found


@dataclass(frozen=True)
class Course:
    """The cells of one solver and presentation along e."""

    cells: tuple[AtlasCell, ...]

    @property
    def presentation(self) -> str:
        """Its name."""
        return self.cells[0].case.presentation.name

    def where(self, reading: str) -> list[AtlasCell]:
        """Return the cells in which the digits are there, or end."""
        return [cell for cell in self.cells if cell.reading == reading]

    @property
    def right_to(self) -> int | None:
        """The largest e up to which all is right; None where the first cell is not."""
        right = [c.exponent for c in itertools.takewhile(lambda c: c.outcome == ALL_RIGHT, self.cells)]
        return right[-1] if right else None

    @property
    def tolerates_all(self) -> bool:
        """Whether it is right wherever the digits are there."""
        return all(cell.outcome == ALL_RIGHT for cell in self.where(THERE))


def series_of(cells: Sequence[AtlasCell]) -> Iterator[Course]:
    """Yield the series, in order."""
    for _, group in itertools.groupby(cells, lambda c: (c.solver, c.case.presentation.name)):
        yield Course(tuple(group))
