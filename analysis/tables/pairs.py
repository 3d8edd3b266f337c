"""The table of cells with two inputs: sums and averages of success, and whether the bound is attained."""

from collections.abc import Mapping
from typing import Any

from analysis.tables.table import Entry, Table, text
from analysis.wording import interval_text, iota, p_text, place_of, rounded

_CAPTION = (
    "From coupled trials: how many succeeded on both inputs, on one and on neither. The sum of the two "
    "success probabilities, and the average, which is the success probability when a fair coin chooses the "
    "truth; with intervals that use the pairing. Attained: adjusted p-value of the test that the smallest "
    "success probability is within {margin:g} of its bound; small values confirm it."
)


def _estimate(entry: Mapping[str, Any]) -> Entry:
    if entry["rate"] is None:
        return Entry("–", -1.0)
    rate = entry["rate"]
    shown = rounded(rate) if rate <= 1 else f"{rate:.3f}"
    low, high = entry["interval"]
    ends = interval_text((low, high)) if high <= 1 else f"[{_floor(low)}, {_ceil(high)}]"
    return Entry(shown, float(rate), ends)


def _floor(value: float) -> str:
    return f"{int(value * 1000) / 1000:.3f}"


def _ceil(value: float) -> str:
    return f"{-int(-value * 1000 // 1) / 1000:.3f}"


def _attained(cell: Mapping[str, Any]) -> Entry:
    test = cell["attained"]
    if test is None:
        return Entry("", 2.0)
    return Entry(p_text(test["p_adjusted"]), float(test["p_adjusted"]), "attained" if test["holds"] else "")


def pair_tables(summary: Mapping[str, Any]) -> list[Table]:
    """One table with every cell that has two exclusive inputs and a trial; none if there is no such cell."""
    cells = [
        cell
        for cell in summary["cells"]
        if cell["pair"] and cell["recorded"] and cell["bound"]["exclusive_inputs"] == 2
    ]
    if not cells:
        return []
    rows = [
        [
            Entry(str(cell["cell"]), float(cell["cell"])),
            text(cell["algorithm"]),
            text(cell["oracle"]),
            text(place_of(cell) or "–"),
            *(
                Entry(str(cell["pair"][name]), float(cell["pair"][name]))
                for name in ("both", "one", "neither")
            ),
            _estimate(cell["pair"]["sum"]),
            _estimate(cell["pair"]["average"]),
            _attained(cell),
        ]
        for cell in cells
    ]
    first, second = (iota(name) for name in cells[0]["pair"]["inputs"])
    headings = ["cell", "algorithm", "oracle", "setting", "both", "one", "neither"]
    headings += [f"sum over {first}, {second}", "average", "attained"]
    table = Table("pairs-1", "", _CAPTION.format(margin=summary["method"]["margin"]), headings, rows)
    return [table.compact(kept=("cell", "algorithm", "setting"))]
