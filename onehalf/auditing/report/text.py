"""An audit on a terminal: sentences first, then the table of digits × precision."""

from __future__ import annotations

from collections.abc import Sequence

from onehalf.auditing.verdicts import Audit
from onehalf.auditing.wording import cell

_MOST_ROWS = 40
CAPTION = (
    "digits certain | first digit that cannot be had: no algorithm has it with probability above 1/2 on both of two "
    "data sets within the radii (– where none is proved)"
)


def digit_table(audit: Audit, most: int | None = None) -> tuple[list[str], list[list[str]]]:
    """Return the heads and rows of digits × precision; those that are worst first where not all are shown."""
    findings = [finding for finding in audit.findings if finding.answers]
    if not findings:
        return [], []
    names = [answer.name for answer in findings[0].answers]
    shown = list(range(len(names)))
    if most is not None and len(names) > most:
        shown = sorted(shown, key=lambda k: (_rank(audit, k), k))[:most]
    rows = [[names[k], *(cell(finding.answers[k]) for finding in findings)] for k in sorted(shown)]
    return ["component", *(finding.title for finding in findings)], rows


def _rank(audit: Audit, k: int) -> int:
    values = [f.answers[k].impossible for f in audit.findings if f.answers]
    return min((v for v in values if v is not None), default=10**6)


def audit_text(audit: Audit) -> str:
    """Return an audit as plain text."""
    lines = [f"{audit.kind}: {audit.source}", *audit.sentences, ""]
    heads, rows = digit_table(audit, _MOST_ROWS)
    if rows:
        lines += [CAPTION, *_aligned([heads, *rows])]
        left = len(audit.findings[0].answers) - len(rows)
        lines += [f"and {left} more components, in report.html and audit.json"] * (left > 0)
    for title, heads_, rows_ in audit.tables:
        lines += ["", title, *_aligned([list(heads_), *map(list, rows_)])]
    for finding in audit.findings:
        lines += [f"{finding.title}: {d.question}: {d.verdict}: {d.words}" for d in finding.decisions]
    return "\n".join(lines)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
