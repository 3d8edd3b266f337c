"""Findings about barriers and about cells that a rule stopped."""

from collections.abc import Sequence

from analysis.summary.schema import BarrierEntry, CellEntry, SequentialEntry, Summary
from analysis.summary.series import told_apart
from analysis.wording import fraction_text, listing, number, plural


def _predicted(entry: BarrierEntry, theory: int) -> bool:
    """Whether the interval of a barrier holds the value that Theorem 1 predicts."""
    above, at_most = entry["above"], entry["at_most"]
    return (above is None or above < theory) and (at_most is None or theory <= at_most)


def _telling(entry: BarrierEntry, theory: int) -> bool:
    """Whether the interval of a barrier says anything of its prediction.

    One that is open at an end, and holds the prediction, would hold almost any; one that does not excludes it.
    """
    closed = entry["above"] is not None and entry["at_most"] is not None
    return closed or not _predicted(entry, theory)


def barriers(summary: Summary) -> list[str]:
    """Whether success falls where Theorem 1, at the measured over-reading, says that it must at the latest."""
    placed = [(entry, entry["theory"]) for entry in summary["barriers"] if entry["theory"] is not None]
    known = [(entry, theory) for entry, theory in placed if _telling(entry, theory)]
    if not known:
        return []
    open_ended = len(placed) - len(known)
    parts, some_early = [], False
    for symbol in dict.fromkeys(entry["symbol"] for entry, _ in known):
        members = [(entry, theory) for entry, theory in known if entry["symbol"] == symbol]
        inside = sum(_predicted(entry, theory) for entry, theory in members)
        ends = ((entry["at_most"], theory) for entry, theory in members)
        early = sum(at_most is not None and at_most < theory for at_most, theory in ends)
        late = len(members) - inside - early
        others = [
            part
            for count, part in ((early, f"{number(early)} fall earlier"), (late, f"{number(late)} later"))
            if count
        ]
        tail = f" ({listing(others)})" if others else ""
        some_early = some_early or early > 0
        parts.append(
            f"in {number(inside)} of {plural(len(members), 'series', 'series')} along {symbol}{tail}"
        )
    latest = "; the theorem says where it must fall at the latest" if some_early else ""
    return [
        "Barriers: the exact 95% interval of the place where success falls holds the place that Theorem 1 predicts "
        f"{listing(parts)}{latest}."
        + (
            f" Left out: {number(open_ended)} series that would hold any, with an interval that has an open end."
            if open_ended
            else ""
        )
    ]


def stopped(summary: Summary) -> list[str]:
    """How the cells with a stopping rule ended, and what that saved."""
    cells = [
        (cell, cell["sequential"])
        for cell in summary["cells"]
        if cell["sequential"] and cell["complete"] and cell["recorded"]
    ]
    if not cells:
        return []
    parts = []
    for end in ("above", "below", "width", None):
        members = [(cell, rule) for cell, rule in cells if rule["stopped"] == end]
        if members:
            parts.append(
                f"{number(len(members))} {_ended(end, members)}" if cells[1:] else _ended(end, members)
            )
    cap = sum(rule["cap"] for _, rule in cells)
    subject = f"of {number(len(cells))} cells" if cells[1:] else "the one cell"
    return [
        f"Stopped early: {subject} with a stopping rule {listing(parts)}, after "
        f"{number(sum(cell['recorded'] for cell, _ in cells))} of at most {plural(cap, 'trial')}."
    ]


def _ended(end: str | None, cells: Sequence[tuple[CellEntry, SequentialEntry]]) -> str:
    """How cells ended, about which number they were decided, and what let them be above it."""
    if end is None:
        return "ran to the cap"
    if end == "width":
        return "ended with a narrow enough interval"
    bounds = list(dict.fromkeys(fraction_text(rule["bound"]) for _, rule in cells))
    why = f" ({_reason([cell for cell, _ in cells])})" if end == "above" else ""
    verb = "was" if len(cells) == 1 else "were"
    return f"{verb} decided {end} {listing(bounds)}{why}"


def _reason(cells: Sequence[CellEntry]) -> str:
    """What let cells be above a bound about inputs that look alike."""
    if all(map(told_apart, cells)):
        return "inputs told apart"
    if all(cell["over_reading"]["count"] for cell in cells):
        return "inputs told apart in all trials or some"
    return "inputs told apart, or one answer for all"
