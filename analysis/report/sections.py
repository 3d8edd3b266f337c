"""The parts of a report: what each of them shows, worked out from the summary."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from analysis.figures.gallery import STABILITY
from analysis.figures.picture import Picture
from analysis.prose.methods import REFERENCES, terms
from analysis.prose.series_findings import too_wide
from analysis.report.attack import attack_section
from analysis.report.limit import universal_section
from analysis.stability.section import stability_section
from analysis.summary.provenance import provenance
from analysis.tables.algorithms import comparison_tables, flag_tables
from analysis.tables.barriers import barrier_tables
from analysis.tables.cells import cell_tables
from analysis.tables.pairs import pair_tables
from analysis.tables.rules import sequential_tables
from analysis.tables.table import Table
from analysis.wording import iota, number, where

Summary: TypeAlias = dict[str, Any]
Context: TypeAlias = Callable[[Summary, Sequence[Picture]], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Section:
    """One part of a report.

    Attributes
    ----------
    name
        Anchor, and name of the template ``<name>.html`` in ``analysis/report/templates``.
    title
        Heading.
    context
        What the template is given as ``data``, from the summary and its figures; None leaves the section out.
    template
        Name of the template where it is not the section's.
    """

    name: str
    title: str
    context: Context
    template: str = ""


def _of_summary(context: Callable[[Summary], Mapping[str, Any] | None]) -> Context:
    """The context of a section that shows none of the figures."""
    return lambda summary, drawn: context(summary)


def _findings(summary: Summary) -> Mapping[str, Any]:
    return {
        "items": [{**item, "defect": item["text"].startswith("Defect:")} for item in summary["findings"]],
        "totals": summary["totals"],
    }


def _figures(summary: Summary, drawn: Sequence[Picture]) -> Mapping[str, Any] | None:
    shown = [picture for picture in drawn if not picture.name.startswith(STABILITY)]
    return {"pictures": shown} if shown else None


def _stability(summary: Summary, drawn: Sequence[Picture]) -> Mapping[str, Any] | None:
    found = stability_section(summary)
    if found is None:
        return None
    return {**found, "pictures": [picture for picture in drawn if picture.name.startswith(STABILITY)]}


def _failures(summary: Summary) -> Mapping[str, Any]:
    merged: dict[tuple[Any, ...], list[str]] = {}
    for row in summary["failures"]:
        key = tuple(row[name] for name in ("cell", "trial", "status", "note", "trials"))
        merged.setdefault(key, []).append(iota(row["input"]) if row["input"] else "–")
    labels = {cell["cell"]: where(cell) for cell in summary["cells"]}
    rows = [
        {
            **dict(zip(("cell", "trial", "status", "note", "trials"), key, strict=True)),
            "inputs": ", ".join(inputs),
            "label": labels.get(key[0], ""),
        }
        for key, inputs in merged.items()
    ]
    totals = summary["totals"]
    statuses = [(name, number(value)) for name, value in totals["statuses"].items()]
    return {
        "statuses": statuses,
        "outcomes": number(sum(totals["statuses"].values())),
        "rows": rows,
        "total": number(totals["failures"]),
        "refused": sum(
            value
            for cell in summary["cells"]
            if too_wide(cell, summary["cells"])
            for entry in cell["by_input"].values()
            for value in entry["statuses"].values()
        ),
    }


def _tabled(make: Callable[[Summary], list[Table]]) -> Context:
    """The context of a section that consists of tables; None where there are none."""

    def context(summary: Summary) -> Mapping[str, Any] | None:
        tables = make(summary)
        return {"tables": tables} if tables else None

    return _of_summary(context)


def _methods(summary: Summary) -> Mapping[str, Any]:
    return {"terms": terms(summary), "references": REFERENCES}


TABLES: tuple[tuple[str, str, Callable[[Summary], list[Table]]], ...] = (
    ("cells", "Cells", cell_tables),
    ("pairs", "Two inputs together", pair_tables),
    ("barriers", "Barriers", barrier_tables),
    ("sequential", "Stopped early", sequential_tables),
    ("flags", "Exit flags", flag_tables),
    ("comparisons", "Algorithms compared", comparison_tables),
)
"""Name, title and contents of the sections that consist of tables."""

SECTIONS: tuple[Section, ...] = (
    Section("attack", "The attack", _of_summary(attack_section)),
    Section("findings", "Findings", _of_summary(_findings)),
    Section("figures", "Figures", _figures),
    Section("stability", "Accuracy against stability", _stability),
    Section("universal", "The universal half", _of_summary(universal_section)),
    *(
        Section(name, title, _tabled(make), "cells" if name == "cells" else "tables")
        for name, title, make in TABLES
    ),
    Section("failures", "Statuses and failures", _of_summary(_failures)),
    Section("methods", "Methods", _of_summary(_methods)),
    Section("provenance", "Provenance", _of_summary(provenance)),
)
"""The sections of a report, in order."""
