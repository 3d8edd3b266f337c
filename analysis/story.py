"""A story: what a family of problems may add to a report, as plain functions. Nothing of this project is imported here.

A report is made of a summary (docs/summary-json.md) alone, in two steps. When the summary is made, a story may put an
entry of its own into it, name what contradicts a theorem, and tell sentences; when the page is made, it may show
figures and sections. Each of these is a function of plain data, and each may be left out.

    story = Story(
        "sign",
        findings=lambda summary: [f"Signs: {len(summary['cells'])} cells were looked at."],
        figures=(Figure("sign-counts", "Signs", "How often each sign was given.", draw),),
    )
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

Summary: TypeAlias = Mapping[str, Any]
"""The content of summary.json."""
Group: TypeAlias = Mapping[str, Any]
"""What a story takes from the record, as plain data: from one problem, or however it groups cells."""


@dataclass(frozen=True)
class RecordedCell:
    """One cell of a family as it is on record: what a story gathers from.

    Attributes
    ----------
    number
        The cell's number in the summary.
    problem
        Its problem, an object of the family's class.
    algorithm, role
        The algorithm's label and role.
    planned, recorded
        Trials planned, and on record.
    depth
        The largest number of digits that a run on the first input asked for; None without one.
    assessed
        By name of a table ("certificates", "attacks") what is known of stored outputs, as (trial, JSON value) by trial.
    output
        The output of a trial on the input at a position, as the algorithm gave it; None where there is none.
    """

    number: int
    problem: Any
    algorithm: str
    role: str
    planned: int
    recorded: int
    depth: int | None
    assessed: Callable[[str], Sequence[tuple[int, Any]]]
    output: Callable[[int, int], Any]


@dataclass(frozen=True)
class Panel:
    """One picture of a set of small multiples.

    Attributes
    ----------
    title
        What sets it apart from its neighbours.
    alternative
        What it shows, in words and numbers, for readers who do not see it.
    figure
        The drawing, a Matplotlib figure.
    """

    title: str
    alternative: str
    figure: Drawing


def _nothing(summary: Summary) -> list[Any]:
    return []


@dataclass(frozen=True)
class Figure:
    """How one figure of a report is made.

    Attributes
    ----------
    name
        Short, unique, fit for a file name and an anchor.
    title
        Its heading: text, or a function of the summary.
    caption
        How to read it: text, or a function of the summary.
    draw
        Its panels, [] where the summary has no data for it.
    layout
        "single" for one panel of ordinary size, "wide" for one across the page, empty for several side by side.
    small
        A smaller drawing of the same, where none of the panels is fit for the top of the page.
    slot
        0, 1 or 2: the place at the top of the page where it may stand; None for none. The first figure that has data
        takes a place, the report's own before those of stories.
    told
        What it shows at the top of the page: which of its drawings, and one line about that, from the summary and the
        number of drawings.
    """

    name: str
    title: str | Callable[[Any], str]
    caption: str | Callable[[Any], str]
    draw: Callable[[Any], Sequence[Panel]]
    layout: str = ""
    small: Callable[[Any], Sequence[Panel]] = _nothing
    slot: int | None = None
    told: Callable[[Any, int], tuple[int, str]] = lambda summary, drawings: (0, "")


@dataclass(frozen=True)
class Section:
    """One part of a report.

    Attributes
    ----------
    name
        Anchor, unique in the report.
    title
        Heading.
    context
        What the template is given as ``data``, from the summary; None leaves the section out.
    template
        The template: a Jinja file of one's own, by its path, or its text. Without one a section of a story shows
        its figures. What is printed by ``{{ }}`` is escaped; ``{% include "figures.html" %}`` shows the figures.
    figures
        Names of the figures that stand in this section, as ``data.pictures``, and not among all others.
    """

    name: str
    title: str
    context: Callable[[Any], Mapping[str, Any] | None] = lambda summary: {}
    template: str | Path = '{% include "figures.html" %}'
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    """What a family adds to a report.

    Attributes
    ----------
    name
        The key of its entry in the summary, and the kind of its findings.
    families
        Names of the families whose cells it is about; by default one of its own name.
    gather
        From the record to groups of plain data, one call for each directory.
    entry
        From the groups of all directories to what stands in the summary under the story's name; None for nothing.
    violations
        What of the entry contradicts a theorem: objects with ``cell``, ``kind`` and ``trials``.
    kinds
        For each kind of violation how one and how several of them are called in the headline.
    headline
        Sentences for the headline, of a summary without violations. Where a story has this, the headline's own words
        are about the other families' cells.
    findings
        Sentences for the findings.
    figures, sections, tables
        What the page shows. A table is made by a function of the summary that returns tables of
        `analysis.tables.table`, under a name and a heading.
    """

    name: str
    families: tuple[str, ...] = ()
    gather: Callable[[Sequence[RecordedCell]], Sequence[Group]] | None = None
    entry: Callable[[Sequence[Group]], Any] = lambda groups: None
    violations: Callable[[Any], Sequence[Mapping[str, Any]]] = _nothing
    kinds: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    headline: Callable[[Summary], Sequence[str]] | None = None
    findings: Callable[[Summary], Sequence[str]] = _nothing
    figures: tuple[Figure, ...] = ()
    sections: tuple[Section, ...] = ()
    tables: tuple[tuple[str, str, Callable[[Any], Sequence[Any]]], ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """The families whose cells it is about."""
        return self.families or (self.name,)
