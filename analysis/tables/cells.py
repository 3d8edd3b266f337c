"""The table of cells: one row for each algorithm, oracle and setting."""

from collections.abc import Mapping
from typing import Any

from analysis.tables.table import Entry, Table, share
from analysis.wording import iota, number, p_text, place_of, rounded, setting


def _input_entry(cell: Mapping[str, Any], name: str) -> Entry:
    if name not in cell["by_input"]:
        return Entry("", -2.0)
    entry = cell["by_input"][name]
    return share(entry["successes"], cell["recorded"], entry)


def _outcomes(cell: Mapping[str, Any]) -> Entry:
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


def _bound(cell: Mapping[str, Any]) -> Entry:
    bound = cell["bound"]
    if not bound["applies"]:
        return Entry("none", 1.0)
    if bound["value"] is None:
        return Entry("–", -1.0)
    return Entry(
        rounded(bound["value"]), float(bound["value"]), f"Theorem {bound['theorem']}" * bool(bound["theorem"])
    )


def _test(cell: Mapping[str, Any]) -> Entry:
    test = cell["test"]
    if test is None or not cell["recorded"]:
        return Entry("", 2.0)
    note = "above the bound" if test["above_bound"] else ""
    return Entry(p_text(test["p_adjusted"]), float(test["p_adjusted"]), note, alarm=bool(test["above_bound"]))


def _false_claims(cell: Mapping[str, Any]) -> Entry:
    found = cell["false_success"]
    return share(found["count"], found["of"], found) if found["of"] else Entry("no flag", -1.0)


def _usual(cells: list[dict[str, Any]]) -> dict[str, Any]:
    """Values that most cells have: said once above the table, so that rows tell what sets them apart."""
    usual = {}
    for name in dict.fromkeys(name for cell in cells for name in cell["parameters"]):
        values = [cell["parameters"][name] for cell in cells if name in cell["parameters"]]
        common = max(values, key=values.count)
        if name not in ("exponent", "digits") or len(cells) == values.count(common):
            usual.update({name: common} if values.count(common) >= 0.8 * len(cells) else {})
    return usual


def _setting(cell: Mapping[str, Any], usual: Mapping[str, Any]) -> Entry:
    own = {
        name: value for name, value in cell["parameters"].items() if name not in usual or usual[name] != value
    }
    order = sorted(own, key=lambda name: ("exponent", "digits", name).index(name))
    numbers = " ".join(f"{own.get(name, 0):>12}" for name in ("exponent", "digits"))
    place = place_of({**cell, "parameters": own}, order)
    return Entry(place or "as above", f"{numbers} {cell['digit_budget'] or 0:>12} {place}", cell["group"])


def _row(cell: Mapping[str, Any], names: list[str], usual: Mapping[str, Any]) -> list[Entry]:
    over, least = cell["over_reading"], cell["smallest"]
    return [
        Entry(str(cell["cell"]), float(cell["cell"])),
        Entry(cell["algorithm"], cell["algorithm"], cell["role"]),
        Entry(cell["oracle"], cell["oracle"]),
        _setting(cell, usual),
        *(_input_entry(cell, name) for name in names),
        share(least["successes"], cell["recorded"], least),
        share(over["count"], over["of"], over),
        _bound(cell),
        _test(cell),
        _false_claims(cell),
        _outcomes(cell),
    ]


def cell_tables(summary: Mapping[str, Any]) -> list[Table]:
    """A table for each family of problems, with a row for each cell."""
    cells = summary["cells"]
    names = sorted({name for cell in cells for name in cell["by_input"]})
    tables = []
    for index, family in enumerate(dict.fromkeys(cell["family"] for cell in cells), start=1):
        members = [cell for cell in cells if cell["family"] == family]
        used = [name for name in names if any(name in cell["by_input"] for cell in members)]
        usual = _usual(members)
        headings = ["cell", "algorithm", "oracle", "setting", *map(iota, used)]
        headings += ["smallest", "t", "bound", "adjusted p", "false claims", "outcomes"]
        caption = f"Unless a row says otherwise: {setting(usual, usual)}." if usual else ""
        rows = [_row(cell, used, usual) for cell in members]
        table = Table(f"cells-{index}", family or "Cells", caption, headings, rows)
        tables.append(table.compact(kept=("cell", "algorithm", "setting", *map(iota, used), "smallest")))
    return tables
