"""The table of cells with two inputs: sums and averages of success, and whether the bound is attained."""

from analysis.summary.schema import CellEntry, RateEntry, Summary
from analysis.tables.table import Entry, Table, text
from analysis.wording import interval_text, iota, p_text, place_of, rounded

_CAPTION = (
    "From coupled trials: how many succeeded on both inputs, on one and on neither. The sum of the two "
    "success probabilities, and the average, which is the success probability when a fair coin chooses the "
    "truth; with intervals that use the pairing. Attained: adjusted p-value of the test that the smallest "
    "success probability is within {margin:g} of its bound; small values confirm it."
)


def _estimate(entry: RateEntry) -> Entry:
    if entry["rate"] is None:
        return Entry("–", -1.0)
    return Entry(rounded(entry["rate"]), entry["rate"], interval_text(entry["interval"]))


def _attained(cell: CellEntry) -> Entry:
    test = cell["attained"]
    if test is None:
        return Entry("", 2.0)
    return Entry(p_text(test["p_adjusted"]), float(test["p_adjusted"]), "attained" if test["holds"] else "")


def pair_tables(summary: Summary) -> list[Table]:
    """One table with every cell that has two exclusive inputs and a trial; none if there is no such cell."""
    cells = [
        (cell, cell["pair"])
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
            *(Entry(str(count), float(count)) for count in (pair["both"], pair["one"], pair["neither"])),
            _estimate(pair["sum"]),
            _estimate(pair["average"]),
            _attained(cell),
        ]
        for cell, pair in cells
    ]
    first, second = (iota(name) for name in cells[0][1]["inputs"])
    headings = ["cell", "algorithm", "oracle", "setting", "both", "one", "neither"]
    headings += [f"sum over {first}, {second}", "average", "attained"]
    table = Table("pairs-1", "", _CAPTION.format(margin=summary["method"]["margin"]), headings, rows)
    return [table.compact(kept=("cell", "algorithm", "setting"))]
