"""Findings about barriers and about cells that a rule stopped."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.summary.series import Cell, told_apart
from analysis.wording import fraction_text, listing, number, plural

_SYMBOLS = {"exponent": "e", "digits": "K"}


def _predicted(entry: Mapping[str, Any]) -> bool:
    """Whether the interval of a barrier holds the value that Theorem 1 predicts."""
    above, at_most, theory = entry["above"], entry["at_most"], entry["theory"]
    return (above is None or above < theory) and (at_most is None or theory <= at_most)


def barriers(summary: dict[str, Any]) -> list[str]:
    """Whether success falls where Theorem 1, at the measured over-reading, says that it must at the latest."""
    parts, some_early = [], False
    for parameter, symbol in _SYMBOLS.items():
        known = [e for e in summary["barriers"] if e["parameter"] == parameter and e["theory"] is not None]
        if not known:
            continue
        inside = [entry for entry in known if _predicted(entry)]
        early = [
            entry for entry in known if entry["at_most"] is not None and entry["at_most"] < entry["theory"]
        ]
        late = len(known) - len(inside) - len(early)
        others = [f"{number(len(early))} fall earlier"] * bool(early) + [f"{number(late)} later"] * bool(late)
        tail = f" ({listing(others)})" if others else ""
        some_early = some_early or bool(early)
        parts.append(
            f"in {number(len(inside))} of {plural(len(known), 'series', 'series')} along {symbol}{tail}"
        )
    if not parts:
        return []
    latest = "; the theorem says where it must fall at the latest" * some_early
    return [
        "Barriers: the exact 95% interval of the place where success falls holds the place that Theorem 1 predicts "
        f"{listing(parts)}{latest}."
    ]


def stopped(summary: dict[str, Any]) -> list[str]:
    """How the cells with a stopping rule ended, and what that saved."""
    cells = [
        cell for cell in summary["cells"] if cell["sequential"] and cell["complete"] and cell["recorded"]
    ]
    if not cells:
        return []
    parts = []
    for end in ("above", "below", "width", None):
        members = [cell for cell in cells if cell["sequential"]["stopped"] == end]
        if members:
            parts.append(
                f"{number(len(members))} {_ended(end, members)}" if cells[1:] else _ended(end, members)
            )
    cap = sum(cell["sequential"]["cap"] for cell in cells)
    subject = f"of {number(len(cells))} cells" if cells[1:] else "the one cell"
    return [
        f"Stopped early: {subject} with a stopping rule {listing(parts)}, after "
        f"{number(sum(cell['recorded'] for cell in cells))} of at most {plural(cap, 'trial')}."
    ]


def _ended(end: str | None, cells: Sequence[Cell]) -> str:
    """How cells ended, about which number they were decided, and what let them be above it."""
    if end is None:
        return "ran to the cap"
    if end == "width":
        return "ended with a narrow enough interval"
    bounds = list(dict.fromkeys(fraction_text(cell["sequential"]["bound"]) for cell in cells))
    why = f" ({_reason(cells)})" if end == "above" else ""
    verb = "was" if len(cells) == 1 else "were"
    return f"{verb} decided {end} {listing(bounds)}{why}"


def _reason(cells: Sequence[Cell]) -> str:
    """What let cells be above a bound about inputs that look alike."""
    if all(map(told_apart, cells)):
        return "inputs told apart"
    if all(cell["over_reading"]["count"] for cell in cells):
        return "inputs told apart in all trials or some"
    return "inputs told apart, or one answer for all"
