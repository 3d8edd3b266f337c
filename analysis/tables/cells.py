"""The table of cells: one row for each algorithm, oracle and setting."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.summary.schema import AxisEntry, CellEntry, Summary
from analysis.summary.series import axes_of, tier_sentences
from analysis.tables.table import Entry, Table, share_entry
from analysis.wording import FALLING, iota, number, p_text, place_of, rounded, setting, theorem_text


def _input_entry(cell: CellEntry, name: str) -> Entry:
    if name not in cell["by_input"]:
        return Entry("", -2.0)
    entry = cell["by_input"][name]
    return share_entry(entry["successes"], cell["recorded"], entry)


def _outcomes(cell: CellEntry) -> Entry:
    recorded, planned = number(cell["recorded"]), number(cell["planned"])
    trials = f"{planned} trials" if cell["complete"] else f"{recorded} of {planned} trials"
    if cell["double_accepted"]:
        return Entry(
            f"{number(cell['double_accepted'])} right twice", float("1e9"), f"defect; {trials}", alarm=True
        )
    totals: dict[str, int] = {}
    for entry in cell["by_input"].values():
        for status, value in entry["statuses"].items():
            totals[status] = totals.get(status, 0) + value
    bad = {status: value for status, value in totals.items() if value and status != "halted"}
    text = ", ".join(f"{number(value)} {status}" for status, value in bad.items()) or "all halted"
    return Entry(text if cell["recorded"] else "–", float(sum(bad.values())), trials)


def _bound(cell: CellEntry) -> Entry:
    bound = cell["bound"]
    if not bound["applies"]:
        return Entry("none", 1.0)
    if bound["value"] is None:
        return Entry("–", -1.0)
    note = ", ".join(
        filter(None, (theorem_text(bound["theorem"]) if bound["theorem"] else "", bound["tier"]))
    )
    return Entry(rounded(bound["value"]), bound["value"], note)


def _test(cell: CellEntry) -> Entry:
    test = cell["test"]
    if test is None or not cell["recorded"]:
        return Entry("", 2.0)
    note = "above the bound" if test["above_bound"] else ""
    return Entry(p_text(test["p_adjusted"]), float(test["p_adjusted"]), note, alarm=bool(test["above_bound"]))


def _false_claims(cell: CellEntry) -> Entry:
    found = cell["false_success"]
    return share_entry(found["count"], found["of"], found) if found["of"] else Entry("no flag", -1.0)


def _usual(cells: Sequence[CellEntry], axes: Sequence[AxisEntry]) -> dict[str, Any]:
    """Values that most cells have: said once above the table, so that rows tell what sets them apart."""
    usual: dict[str, Any] = {}
    varied = {axis["name"] for axis in axes}
    for name in dict.fromkeys(name for cell in cells for name in cell["parameters"]):
        values = [cell["parameters"][name] for cell in cells if name in cell["parameters"]]
        common = max(values, key=values.count)
        share = values.count(common) / len(cells)
        if share == 1 or (share >= 0.8 and name not in varied):
            usual[name] = common
    return usual


def _setting(cell: CellEntry, usual: Mapping[str, Any], axes: Sequence[AxisEntry]) -> Entry:
    own = {
        name: value for name, value in cell["parameters"].items() if name not in usual or usual[name] != value
    }
    varied = [axis["name"] for axis in axes]
    order = [*(name for name in varied if name in own), *(name for name in own if name not in varied)]
    numbers = " ".join(f"{own.get(name, 0)!s:>12}" for name in varied)
    place = place_of({**cell, "parameters": own}, order)
    return Entry(place or "as above", f"{numbers} {cell['digit_budget'] or 0:>12} {place}", cell["group"])


def _row(
    cell: CellEntry, names: Sequence[str], usual: Mapping[str, Any], axes: Sequence[AxisEntry]
) -> list[Entry]:
    over, least = cell["over_reading"], cell["smallest"]
    return [
        Entry(str(cell["cell"]), float(cell["cell"])),
        Entry(cell["algorithm"], cell["algorithm"], cell["role"]),
        Entry(cell["oracle"], cell["oracle"]),
        _setting(cell, usual, axes),
        *(_input_entry(cell, name) for name in names),
        share_entry(least["successes"], cell["recorded"], least),
        share_entry(over["count"], over["of"], over),
        _bound(cell),
        _test(cell),
        _false_claims(cell),
        _outcomes(cell),
    ]


def cell_tables(summary: Summary) -> list[Table]:
    """A table for each family of problems, with a row for each cell."""
    cells = summary["cells"]
    names = sorted({name for cell in cells for name in cell["by_input"]})
    tables = []
    for index, family in enumerate(dict.fromkeys(cell["family"] for cell in cells), start=1):
        members = [cell for cell in cells if cell["family"] == family]
        used = [name for name in names if any(name in cell["by_input"] for cell in members)]
        axes = axes_of(members, *FALLING)
        usual = _usual(members, axes)
        headings = ["cell", "algorithm", "oracle", "setting", *map(iota, used)]
        headings += ["smallest", "t", "bound", "adjusted p", "false claims", "outcomes"]
        caption = f"Unless a row says otherwise: {setting(usual, axes, usual)}." if usual else ""
        caption = " ".join(part for part in (caption, *tier_sentences(members)) if part)
        rows = [_row(cell, used, usual, axes) for cell in members]
        table = Table(f"cells-{index}", family or "Cells", caption, headings, rows)
        tables.append(table.compact(kept=("cell", "algorithm", "setting", *map(iota, used), "smallest")))
    return tables
