"""Tables by algorithm: what exit flags were worth, and exact comparisons on equal inputs."""

from analysis.statistics.estimates import clopper_pearson
from analysis.summary.counts import CLAIMS, VERDICTS
from analysis.summary.schema import Summary
from analysis.tables.table import Entry, Table, share_entry, text
from analysis.wording import number, p_text, plural, where

_SHOWN = 100
_SAID = {"true": "said success", "false": "said failure", "none": "said nothing"}
_FLAGS = (
    "For each algorithm, what its exit flag said against what was true: outcomes (a trial on one input) "
    "over all its cells. A flag that says success beside many rejected outputs is worth nothing here. "
    "False success: among trials with a flag, those in which it said success on a rejected output on at "
    "least one input, with a 95% interval."
)
_COMPARED = (
    "Two algorithms on the same input under the same oracle, trial by trial: exact McNemar tests of equal "
    "success probability, two-sided, adjusted for all {tests} by Holm (family-wise error) and by Benjamini "
    "and Hochberg (false discovery rate). Least p first{cut}."
)


def flag_tables(summary: Summary) -> list[Table]:
    """A table with a 2×2 table (claim × verdict) for each algorithm that reports a flag; none if none does."""
    rows: list[list[Entry]] = []
    names = dict.fromkeys((cell["family"], cell["algorithm_name"]) for cell in summary["cells"])
    for family, name in names:
        cells = [c for c in summary["cells"] if (c["family"], c["algorithm_name"]) == (family, name)]
        claimed = sum(cell["false_success"]["of"] for cell in cells)
        if not claimed:
            continue
        false = sum(cell["false_success"]["count"] for cell in cells)
        found = clopper_pearson(false, claimed)
        rate = share_entry(false, claimed, {"rate": found.rate, "interval": found.interval})
        for claim in CLAIMS:
            counts = [
                sum(e["claims"][claim][v] for cell in cells for e in cell["by_input"].values())
                for v in VERDICTS
            ]
            if claim == "none" and not sum(counts):
                continue
            rows.append(
                [
                    Entry(name, name, family),
                    text(_SAID[claim]),
                    *(Entry(number(count), float(count)) for count in counts),
                    rate if claim == "true" else Entry("", -2.0),
                ]
            )
    headings = ["algorithm", "exit flag", "accepted", "rejected", "undecided", "no output", "false success"]
    return [Table("flags-1", "", _FLAGS, headings, rows)] if rows else []


def comparison_tables(summary: Summary) -> list[Table]:
    """The table of comparisons, at most 100 rows; none if nothing was compared."""
    found = sorted(summary["comparisons"], key=lambda row: (row["p_value"], row["first"], row["second"]))
    if not found:
        return []
    cells = {cell["cell"]: cell for cell in summary["cells"]}
    rows = [
        [
            text(where(cells[row["first"]])),
            text(cells[row["second"]]["algorithm"]),
            text(row["input"]),
            *(
                Entry(number(count), float(count))
                for count in (row["both"], row["only_first"], row["only_second"], row["neither"])
            ),
            *(Entry(p_text(value), value) for value in (row["p_value"], row["p_holm"], row["p_bh"])),
        ]
        for row in found[:_SHOWN]
    ]
    cut = (
        f"; {_SHOWN} are shown, the rest are in comparisons.csv and summary.json"
        if len(found) > _SHOWN
        else ""
    )
    caption = _COMPARED.format(tests=plural(len(found), "test"), cut=cut)
    headings = ["first", "second", "input", "both", "only first", "only second", "neither", "p", "Holm", "BH"]
    return [Table("comparisons-1", "", caption, headings, rows)]
