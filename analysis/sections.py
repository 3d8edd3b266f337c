"""The parts of a report: what each of them shows, worked out from the summary."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from analysis.attacked import attack_section
from analysis.plots import pictures
from analysis.stability_section import stability_section
from analysis.universal_section import universal_section
from analysis.wording import (
    fraction,
    interval_text,
    iota,
    number,
    p_text,
    plural,
    rounded,
    setting,
    value_text,
)

Summary: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """One part of a report.

    Attributes
    ----------
    name
        Anchor, and name of the template ``<name>.html`` in ``analysis/templates``.
    title
        Heading.
    context
        What the template is given as ``data``; None leaves the section out.
    """

    name: str
    title: str
    context: Callable[[Summary], Mapping[str, Any] | None]


def _findings(summary: Summary) -> Mapping[str, Any]:
    return {
        "items": [{**item, "defect": item["text"].startswith("Defect:")} for item in summary["findings"]],
        "totals": summary["totals"],
    }


def _figures(summary: Summary) -> Mapping[str, Any] | None:
    drawn = pictures(summary)
    return {"pictures": drawn} if drawn else None


@dataclass(frozen=True)
class Entry:
    """One entry of a table: what is read, what is sorted by, and a smaller second line."""

    text: str
    key: float | str
    note: str = ""
    alarm: bool = False


def _share(count: int, of: int, entry: Mapping[str, Any]) -> Entry:
    if not of:
        return Entry("–", -1.0)
    return Entry(fraction(count, of), float(entry["rate"]), interval_text(entry["interval"]))


def _input_entry(cell: Mapping[str, Any], name: str) -> Entry:
    if name not in cell["by_input"]:
        return Entry("", -2.0)
    entry = cell["by_input"][name]
    return _share(entry["successes"], cell["recorded"], entry)


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
    share = cell["false_success"]
    return _share(share["count"], share["of"], share) if share["of"] else Entry("no flag", -1.0)


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
    return Entry(setting(own, order) or "as above", f"{numbers} {setting(own, order)}", cell["group"])


def _row(cell: Mapping[str, Any], names: list[str], usual: Mapping[str, Any]) -> dict[str, Any]:
    over, least = cell["over_reading"], cell["smallest"]
    entries = [
        Entry(str(cell["cell"]), float(cell["cell"])),
        Entry(cell["algorithm"], cell["algorithm"], cell["role"]),
        Entry(cell["oracle"], cell["oracle"]),
        _setting(cell, usual),
        *(_input_entry(cell, name) for name in names),
        _share(least["successes"], cell["recorded"], least),
        _share(over["count"], over["of"], over),
        _bound(cell),
        _test(cell),
        _false_claims(cell),
        _outcomes(cell),
    ]
    return {"entries": entries, "search": " ".join(f"{entry.text} {entry.note}" for entry in entries).lower()}


def _cells(summary: Summary) -> Mapping[str, Any]:
    cells = summary["cells"]
    names = sorted({name for cell in cells for name in cell["by_input"]})
    families = dict.fromkeys(cell["family"] for cell in cells)
    tables = []
    for family in families:
        members = [cell for cell in cells if cell["family"] == family]
        used = [name for name in names if any(name in cell["by_input"] for cell in members)]
        usual = _usual(members)
        headings = ["cell", "algorithm", "oracle", "setting", *map(iota, used)]
        headings += ["smallest", "t", "bound", "adjusted p", "false claims", "outcomes"]
        tables.append(
            {
                "family": family,
                "headings": headings,
                "usual": setting(usual, usual),
                "rows": [_row(cell, used, usual) for cell in members],
            }
        )
    return {"tables": tables}


def _failures(summary: Summary) -> Mapping[str, Any]:
    rows = [{**row, "input": iota(row["input"]) if row["input"] else "–"} for row in summary["failures"]]
    totals = summary["totals"]
    statuses = [(name, number(value)) for name, value in totals["statuses"].items()]
    return {
        "statuses": statuses,
        "outcomes": number(sum(totals["statuses"].values())),
        "rows": rows,
        "total": number(totals["failures"]),
        "shown": number(len(rows)),
        "is_sample": len(rows) < totals["failures"],
    }


def _methods(summary: Summary) -> Mapping[str, Any]:
    method = summary["method"]
    return {
        "confidence": f"{100 * method['confidence']:g}%",
        "level": f"{method['level']:g}",
        "beta": p_text(method["beta"]),
        "tested": plural(summary["totals"]["tested_cells"], "cell"),
        "theorems": sorted({cell["bound"]["theorem"] for cell in summary["cells"]} - {""}),
    }


def _provenance(summary: Summary) -> Mapping[str, Any]:
    directory = summary["experiment"].get("directory") or "DIR"
    failed = summary["failures"][:1]
    example = f"{failed[0]['cell']} {failed[0]['trial']}" if failed else "0 0"
    return {
        "replay": f"onehalf replay {value_text(directory)} CELL TRIAL",
        "example": f"onehalf replay {value_text(directory)} {example}",
        "facts": summary["provenance"],
        "schema": summary["schema"],
    }


SECTIONS: tuple[Section, ...] = (
    Section("attack", "The attack", attack_section),
    Section("findings", "Findings", _findings),
    Section("figures", "Figures", _figures),
    Section("stability", "Accuracy against stability", stability_section),
    Section("universal", "The universal half", universal_section),
    Section("cells", "Cells", _cells),
    Section("failures", "Statuses and failures", _failures),
    Section("methods", "Methods", _methods),
    Section("provenance", "Provenance", _provenance),
)
"""The sections of a report, in order."""
