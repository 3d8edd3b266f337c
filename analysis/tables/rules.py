"""Tables about cells with a stopping rule: how each ended, and what such rules cost and risk."""

import math
from functools import lru_cache

from analysis.statistics.operating import Row, comparison
from analysis.summary.schema import CellEntry, SequentialEntry, Summary
from analysis.summary.series import rate_of
from analysis.tables.table import Entry, Table, text
from analysis.wording import interval_text, number, p_text, power_text, rounded, where

_TRUTHS = (0.0, 0.45, 0.5, 0.55, 0.6)
_ENDED = {
    "above": "above the bound",
    "below": "below the bound",
    "width": "narrow enough",
    None: "at its cap",
}
_CAPTION = (
    "Cells whose trials were stopped by what they showed. E-values are evidence against “at most the "
    "bound” (E>) and “at least the bound” (E<) that may be looked at after every trial: each exceeds 1/α "
    "anywhere with probability at most α. Intervals are confidence sequences."
)
_OPERATING = (
    "Worked out exactly, by dynamic programming, for one input, the bound ½, level 0.01, at most 5,000 "
    "trials, looking after every trial. Above: probability to decide “above ½”; below: “below ½”; N: "
    "expected trials. Wald's test is told the alternative 0.6 and may miss it with probability 0.05; the "
    "fixed-n test has the same error rates."
)


@lru_cache(maxsize=1)
def _operating() -> tuple[Row, ...]:
    return tuple(comparison(_TRUTHS))


def _power(log: float) -> Entry:
    if not math.isfinite(log):
        return Entry("0", log)
    if abs(log) <= 6.9:
        return Entry(f"{math.exp(log):.3g}", log)
    # The number itself may be too large for a float.
    exponent = math.floor(log / math.log(10))
    return Entry(f"{10 ** (log / math.log(10) - exponent):.2g}·{power_text(10, exponent)}", log)


def _row(cell: CellEntry, found: SequentialEntry) -> list[Entry]:
    least = cell["smallest"]
    p_value = cell["test"]["p_adjusted"] if cell["test"] else None
    return [
        Entry(str(cell["cell"]), float(cell["cell"])),
        text(where(cell)),
        Entry(number(cell["recorded"]), float(cell["recorded"]), f"of at most {number(found['cap'])}"),
        text(_ENDED[found["stopped"]] if cell["complete"] else "not yet"),
        Entry(rounded(least["rate"]), rate_of(least) or -1.0, interval_text(least["interval"])),
        Entry(rounded(found["bound"]), found["bound"]),
        _power(found["log_e_above"]),
        _power(found["log_e_below"]),
        Entry("", 2.0) if p_value is None else Entry(p_text(p_value), p_value),
    ]


def sequential_tables(summary: Summary) -> list[Table]:
    """How each cell with a rule ended, and the rules' operating characteristics; none if no cell has one."""
    cells = [
        (cell, cell["sequential"]) for cell in summary["cells"] if cell["sequential"] and cell["recorded"]
    ]
    if not cells:
        return []
    headings = ["cell", "what", "trials", "ended", "smallest", "bound", "E>", "E<", "adjusted p"]
    rules = "; ".join(dict.fromkeys(rule["rule"] for _, rule in cells))
    rows = [_row(cell, rule) for cell, rule in cells]
    shown = [
        [
            text(row.name),
            Entry(f"{truth:g}", truth),
            Entry(f"{found.above:.4f}", found.above),
            Entry(f"{found.below:.4f}", found.below),
            Entry(f"{found.expected:,.0f}", found.expected),
        ]
        for row in _operating()
        for truth, found in zip(_TRUTHS, row.passages, strict=True)
    ]
    operating = ["test", "true p", "above", "below", "N"]
    return [
        Table("sequential-1", "", f"{_CAPTION} Stop when {rules}.", headings, rows),
        Table("operating-1", "What such rules cost and risk", _OPERATING, operating, shown),
    ]
