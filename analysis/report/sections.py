"""The parts of a report: what each of them shows, worked out from the summary."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from analysis.figures.picture import Picture
from analysis.prose.methods import REFERENCES, terms
from analysis.prose.series_findings import too_wide
from analysis.report.asked import asked_section, participants
from analysis.report.attack import attack_section
from analysis.report.limit import universal_section
from analysis.story import Section, Story
from analysis.summary.provenance import provenance
from analysis.summary.schema import Summary
from analysis.tables.algorithms import comparison_tables, flag_tables
from analysis.tables.barriers import barrier_tables
from analysis.tables.cells import cell_tables
from analysis.tables.pairs import pair_tables
from analysis.tables.rules import sequential_tables
from analysis.tables.table import Table
from analysis.wording import iota, number, where

Make: TypeAlias = Callable[[Summary], Sequence[Table]]


@dataclass(frozen=True)
class Part:
    """One part of a report that has something to show.

    Attributes
    ----------
    name
        Anchor.
    title
        Heading.
    template
        Name of its template.
    data
        What the template is given.
    appendix
        Whether it is collapsed on screen and left out of print unless it is opened.
    """

    name: str
    title: str
    template: str
    data: Mapping[str, Any]
    appendix: bool = True


def _findings(summary: Summary) -> Mapping[str, Any]:
    return {
        "items": [{**item, "defect": item["text"].startswith("Defect:")} for item in summary["findings"]],
        "totals": summary["totals"],
    }


def _failures(summary: Summary) -> Mapping[str, Any]:
    merged: dict[tuple[int, int, str, str | None, int], list[str]] = {}
    for row in summary["failures"]:
        key = row["cell"], row["trial"], row["status"], row["note"], row["trials"]
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


def _methods(summary: Summary) -> Mapping[str, Any]:
    return {"terms": terms(summary), "references": REFERENCES}


TABLES: tuple[tuple[str, str, Make], ...] = (
    ("cells", "Cells", cell_tables),
    ("pairs", "Two inputs together", pair_tables),
    ("barriers", "Barriers", barrier_tables),
    ("sequential", "Stopped early", sequential_tables),
    ("flags", "Exit flags", flag_tables),
    ("comparisons", "Algorithms compared", comparison_tables),
)
"""Name, title and contents of the sections that consist of tables."""


def _tabled(make: Make) -> Callable[[Summary], Mapping[str, Any] | None]:
    """The context of a section that consists of tables; None where there are none."""

    def context(summary: Summary) -> Mapping[str, Any] | None:
        tables = make(summary)
        return {"tables": tables} if tables else None

    return context


FIRST: tuple[Section, ...] = (
    Section("attack", "The attack", attack_section, Path("attack.html")),
    Section("asked", "What was asked", asked_section, Path("asked.html")),
    Section("participants", "Who took part", participants, Path("participants.html")),
    Section("findings", "What was found", _findings, Path("findings.html")),
    Section("methods", "How", _methods, Path("methods.html")),
)
"""The sections that a reader is to read; their templates are the report's own. All else is appendix."""
LAST: tuple[Section, ...] = (
    Section("universal", "The universal half", universal_section, Path("universal.html")),
    *(
        Section(name, title, _tabled(make), Path("cells.html" if name == "cells" else "tables.html"))
        for name, title, make in TABLES
    ),
    Section("failures", "Statuses and failures", _failures, Path("failures.html")),
    Section("provenance", "Provenance", provenance, Path("provenance.html")),
)
"""The sections after them."""
FIGURES = "figures"
"""Name of the section with all figures that stand in no other."""


def tables_of(stories: Sequence[Story]) -> list[tuple[str, str, Make]]:
    """Name, title and contents of all sections that consist of tables."""
    return [*TABLES, *(made for story in stories for made in story.tables)]


def template_of(story: Story, section: Section) -> str:
    """The name under which the page knows a story's template."""
    return f"stories/{story.name}/{section.name}.html"


def parts(summary: Summary, drawn: Sequence[Picture], stories: Sequence[Story] = ()) -> list[Part]:
    """The parts of a report that have something to show, in order.

    Parameters
    ----------
    summary
        What is reported.
    drawn
        Its figures.
    stories
        What families add: their sections follow the figures, then their tables.
    """
    told: list[Part] = []
    taken: set[str] = set()
    for story in stories:
        for section in story.sections:
            data = section.context(summary)
            if data is not None:
                shown = [picture for picture in drawn if picture.name in section.figures]
                taken.update(section.figures)
                told.append(
                    Part(
                        section.name, section.title, template_of(story, section), {"pictures": shown, **data}
                    )
                )
        for name, title, make in story.tables:
            tables = make(summary)
            if tables:
                told.append(Part(name, title, "tables.html", {"tables": tables}))
    others = [picture for picture in drawn if picture.name not in taken]
    figures = [Part(FIGURES, "Figures", "figures.html", {"pictures": others})] if others else []
    return [*_own(summary, FIRST, appendix=False), *figures, *told, *_own(summary, LAST, appendix=True)]


def _own(summary: Summary, sections: Sequence[Section], appendix: bool) -> list[Part]:
    contexts = ((section, section.context(summary)) for section in sections)
    return [
        Part(section.name, section.title, str(section.template), data, appendix)
        for section, data in contexts
        if data is not None
    ]
