"""Findings about barriers and about cells that a rule stopped."""

from collections.abc import Mapping
from typing import Any

from analysis.wording import listing, number, plural

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
    words = {
        "above": "ended above its bound",
        "below": "ended below its bound",
        "width": "ended with a narrow enough interval",
        None: "ran to its cap",
    }
    ends = [cell["sequential"]["stopped"] for cell in cells]
    parts = [f"{number(ends.count(end))} {text}" for end, text in words.items() if end in ends]
    cap = sum(cell["sequential"]["cap"] for cell in cells)
    return [
        f"Stopped early: of {plural(len(cells), 'cell')} with a stopping rule {listing(parts)}, after "
        f"{number(sum(cell['recorded'] for cell in cells))} of at most {plural(cap, 'trial')}."
    ]
