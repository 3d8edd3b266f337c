"""What the atlas says in sentences, and no more than its numbers: three ranges are kept apart.

*Both fine*: the digits that tell the inputs apart are there, and every answer is right. *The tolerance fails*: they are
there, and an answer is wrong or missing, where an exact solver of the same numbers is right. *The digits end*: what is
read is the same on all inputs, and no algorithm does better than the bound.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from algorithms.solvers.configuration import LASSO, LEAST_SQUARES, LP
from analysis.wording import listing, plural
from onehalf.atlas.cells import AtlasCell, Course, series_of
from onehalf.atlas.survey import END, RIGHT, THERE, WRONG

TITLES = {LP: "linear programs", LASSO: "LASSO", LEAST_SQUARES: "least squares"}


def kind_headline(kind: str, cells: Sequence[AtlasCell]) -> str:
    """Return in a few sentences what solvers of a kind do."""
    solvers = list(dict.fromkeys(cell.solver for cell in cells))
    there = [cell for cell in cells if cell.reading == THERE]
    failing = {cell.solver for cell in there if cell.outcome != "right"}
    lying = {cell.solver for cell in there if any(row.false_claim for row in cell.rows)}
    reached = sum(row.objective == RIGHT for c in there for row in c.rows if row.false_claim)
    false = sum(row.false_claim for c in there for row in c.rows)
    right = len(solvers) - len(failing)
    parts = [f"{plural(len(solvers), 'configuration')}."]
    if there:
        parts += [
            f"While the digits are there, {_of(right, len(solvers), 'gives', 'give')} every minimiser; "
            f"{_of(len(lying), len(solvers), 'gives', 'give')} a wrong one somewhere and "
            f"{'claims' if len(lying) == 1 else 'claim'} success: {plural(false, 'false claim')} in "
            f"{plural(sum(len(c.rows) for c in there), 'question')}, of which {_number(reached)} reach the minimum.",
            f"By presentation, as many are right wherever the digits are there: {_by_presentation(cells)}.",
        ]
    end = [cell for cell in cells if cell.reading == END]
    if end:
        above = sum(cell.success > cell.bound for cell in end)
        claiming = {cell.solver for cell in end if cell.false_claims > 0}
        over = "no cell is" if not above else "1 cell is" if above == 1 else f"{above} cells are"
        parts.append(
            f"Where the digits end, {over} above its bound, and "
            f"{_of(len(claiming), len(solvers), 'claims', 'claim')} success for what is wrong on some input."
        )
    return " ".join(parts)


def _of(count: int, whole: int, one: str, many: str) -> str:
    return f"{count or 'none'} of {whole} {one if 1 in (count, whole) else many}"


def _by_presentation(cells: Sequence[AtlasCell]) -> str:
    counts: dict[str, int] = {}
    for series in series_of(cells):
        if series.where(THERE):
            counts[series.presentation] = counts.get(series.presentation, 0) + series.tolerates_all
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def sentence(cells: Sequence[AtlasCell]) -> str:
    """Return the sentence on one solver."""
    series = [s for s in series_of(cells) if s.where(THERE)]
    parts = []
    fine = [s.presentation for s in series if s.tolerates_all]
    if fine:
        every = len(fine) == len({cell.case.presentation.name for cell in cells})
        where = "in every presentation" if every else f"in {listing(fine, 9)}"
        parts.append(f"right wherever the digits are there {where}")
    alike: dict[str, list[str]] = {}
    for s in series:
        if not s.tolerates_all:
            alike.setdefault(_tolerance(s), []).append(s.presentation)
    parts += [f"in {listing(names, 9)} {words}" for words, names in alike.items()]
    end = [cell for cell in cells if cell.reading == END]
    if end:
        parts.append(_end(end))
    if not parts:
        parts.append("asked nowhere where the digits are there, nor where they end")
    return f"**{cells[0].solver}**: {'; '.join(parts)}."


def _tolerance(series: Course) -> str:
    there, last = series.where(THERE), series.right_to
    failing = [cell for cell in there if last is None or cell.exponent > last]
    rows = [row for cell in failing for row in cell.rows]
    wrong = [row for row in rows if row.minimiser == WRONG]
    claims, none = sum(row.converged for row in wrong), sum(row.x is None for row in rows)
    until = (
        f"right up to e = {last}; beyond"
        if last is not None
        else f"not right at e = {there[0].exponent}; from there on"
    )
    words = f"{until}, with the digits there, {_number(len(wrong))} of {plural(len(rows), 'question')} "
    words += f"{'is' if len(wrong) == 1 else 'are'} answered wrongly"
    if wrong:
        words += f", {_number(claims)} of them with a claim of success"
    if none:
        words += f", and {_number(none)} not at all"
    return words + "".join(f", {text}" for text, holds in _manner(failing) if holds)


def _manner(failing: Sequence[AtlasCell]) -> list[tuple[str, bool]]:
    return [
        (
            "some with what reaches the minimum and is near no input's minimiser",
            any(cell.between for cell in failing),
        ),
        ("some depending on the order of columns", any(cell.order_matters for cell in failing)),
    ]


def _end(end: Sequence[AtlasCell]) -> str:
    low, high = min(c.success for c in end), max(c.success for c in end)
    claims = [c.claimed for c in end]
    says = {row.converged for cell in end for row in cell.rows}
    claim = (
        ("always" if True in says else "never") + " claims success"
        if len(says) == 1
        else f"claims success with probability {_span(claims)} on the input where it does least often"
    )
    false = [c.false_claims for c in end]
    return (
        f"where the digits end it {claim}, is right on its worst input with probability {_span([low, high])}, "
        f"and makes a false claim there with probability {_span(false)} "
        f"(the theorem: at least {_span([c.least_false_claims for c in end])} with these claims)"
    )


def _span(values: Sequence[Fraction]) -> str:
    low, high = min(values), max(values)
    return str(low) if low == high else f"{low} to {high}"


def _number(value: int) -> str:
    return f"{value:,}"


def sentences(cells: Sequence[AtlasCell]) -> list[str]:
    """Return the sentences on every solver."""
    return [sentence(list(group)) for _, group in itertools.groupby(cells, lambda cell: cell.solver)]
