"""The atlas as tables: every answer, every cell, what is right how far, and false claims beside their bound."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Sequence
from fractions import Fraction

from analysis.tables.table import Entry, Table, text
from onehalf.atlas.cells import AtlasCell, series_of
from onehalf.atlas.survey import END, THERE, Judged
from onehalf.atlas.words import TITLES


def rows_csv(rows: Sequence[Judged]) -> str:
    """Return every answer as CSV; coordinates are separated by spaces, and are the exact float64 numbers."""
    heads = [*Judged.__dataclass_fields__, "false_claim"]
    return _csv(heads, ([_written(getattr(row, name)) for name in heads] for row in rows))


def cells_csv(cells: Sequence[AtlasCell]) -> str:
    """Return every cell as CSV; probabilities are fractions, over the orders of columns, on the worst input."""
    return _csv(_CELL, (_cell(cell) for cell in cells))


_CELL = (
    *("kind", "solver", "presentation", "e", "digits_read", "outcome", "success", "bound"),
    *("claimed", "false_claims", "least_false_claims", "order_matters", "between"),
)


def _cell(cell: AtlasCell) -> list[str]:
    end = cell.reading == END
    return [
        *(cell.case.presentation.kind, cell.solver, cell.case.presentation.name, str(cell.exponent)),
        *(cell.reading, cell.outcome, str(cell.success), str(cell.bound) if end else ""),
        *(str(cell.claimed), str(cell.false_claims), str(cell.least_false_claims) if end else ""),
        *(_written(cell.order_matters), _written(cell.between)),
    ]


def _csv(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(lines)
    return stream.getvalue()


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(map(repr, value))
    return "" if value is None else str(value)


def reach_table(kind: str, cells: Sequence[AtlasCell]) -> Table:
    """Return for each solver up to which e it is right, by presentation, and its false claims."""
    names = list(dict.fromkeys(cell.case.presentation.name for cell in cells))
    lines = []
    for solver, group in itertools.groupby(cells, lambda cell: cell.solver):
        own = list(group)
        there = [row for cell in own if cell.reading == THERE for row in cell.rows]
        false = sum(row.false_claim for row in there)
        end = [cell for cell in own if cell.reading == END]
        reach = [
            Entry("–" if s.right_to is None else str(s.right_to), s.right_to or -1) for s in series_of(own)
        ]
        lines.append(
            [
                text(solver),
                *reach,
                Entry(f"{false}/{len(there)}", false),
                _span([c.claimed for c in end]),
                _span([c.false_claims for c in end]),
                _span([c.least_false_claims for c in end]),
            ]
        )
    heads = ["solver", *names, "false claims, digits there", "claims, digits end", "false claims", "at least"]
    caption = (
        "By presentation the largest e up to which every answer is right; false claims among the answers to data "
        "whose digits tell the inputs apart; where the digits end, the probability of a claim, that of a false "
        "claim on the worst input, and what the theorem says it is at least (G8)."
    )
    return Table(f"atlas-{kind}", f"What solvers say: {TITLES[kind]}", caption, heads, lines)


def _span(values: Sequence[Fraction]) -> Entry:
    if not values:
        return Entry("–", -1.0)
    low, high = min(values), max(values)
    return Entry(str(low) if low == high else f"{low} to {high}", float(high))


def false_claims_table(cells: Sequence[AtlasCell]) -> list[tuple[str, str, str, list[str]]]:
    """Return claims, bound and measured false claims where two inputs look alike, with the solvers that have them."""
    found: dict[tuple[str, str, str], list[str]] = {}
    two = [cell for cell in cells if cell.reading == END and len(cell.case.inputs) == 2]
    for solver, group in itertools.groupby(two, lambda cell: cell.solver):
        own = list(group)
        spans = (
            _span([getattr(c, name) for c in own]).text
            for name in ("claimed", "least_false_claims", "false_claims")
        )
        c, least, measured = spans
        found.setdefault((c, least, measured), []).append(solver)
    return [(*key, solvers) for key, solvers in sorted(found.items(), key=lambda item: -len(item[1]))]
