"""The section about cells in which the limit ι⁰ is a member."""

from collections.abc import Mapping
from typing import Any

from analysis.summary.schema import CellEntry, RateEntry, Summary, UniversalEntry
from analysis.summary.series import axes_of, bound_of, inputs_bounded, worst_exclusive
from analysis.wording import fraction, interval_text, iota, rounded, setting


def universal_section(summary: Summary) -> Mapping[str, Any] | None:
    """What the template ``universal.html`` shows; None where no cell has the limit as a member."""
    cells = [(cell, cell["universal"]) for cell in summary["cells"] if cell["universal"]]
    if not cells:
        return None
    return {
        "rows": [_row(cell, found) for cell, found in cells],
        "headings": _HEADINGS,
        "notes": list(
            dict.fromkeys((cell["family"], note) for cell, found in cells if (note := found.get("note")))
        ),
        "closeness": next((axis["symbol"] for axis in axes_of(summary["cells"], "closeness")), ""),
    }


_HEADINGS = (
    *("cell", "algorithm", "oracle", "digit budget", "on ι⁰", "halts on ι⁰", "on the worst other"),
    *("p₀ + p there", "u", "bound", "Theorem"),
)


def _row(cell: CellEntry, found: UniversalEntry) -> list[tuple[str, str]]:
    n = cell["recorded"]
    limit, other = cell["by_input"][found["limit"]], worst_exclusive(cell) if n else None
    if other is None:
        return [
            (str(cell["cell"]), ""),
            (cell["algorithm"], "no trial yet"),
            *([("–", "")] * (len(_HEADINGS) - 2)),
        ]
    name = next(m for m in inputs_bounded(cell) if cell["by_input"][m] is other)
    total = found["sums"][name]
    return [
        (str(cell["cell"]), ""),
        (
            cell["algorithm"],
            setting(cell["parameters"], cell["axes"], (axis["name"] for axis in cell["axes"])),
        ),
        (cell["oracle"], ""),
        (f"{cell['digit_budget']:,}" if cell["digit_budget"] else "–", ""),
        _share(limit["successes"], n, limit),
        _share(found["halting"][found["limit"]]["count"], n, found["halting"][found["limit"]]),
        (fraction(other["successes"], n), f"{iota(name)} {interval_text(other['interval'])}"),
        (rounded(total["rate"]), interval_text(total["interval"])),
        _share(found["spent"]["count"], n, found["spent"]),
        (rounded(bound_of(cell)), f"for u = 0: {rounded(found['ceiling'])}{_halting(found)}"),
        ("limit game" if cell["theorem"] == "4" else cell["theorem"], ""),
    ]


def _halting(found: UniversalEntry) -> str:
    """What an algorithm that halts on ι⁰ cannot surpass, where that is told."""
    told = found.get("halting_ceiling")
    return "" if told is None else f"; halting on ι⁰: {rounded(told)}"


def _share(count: int, of: int, entry: RateEntry) -> tuple[str, str]:
    return fraction(count, of), interval_text(entry["interval"])
