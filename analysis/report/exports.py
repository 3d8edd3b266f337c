"""The report in other forms: Markdown and CSV, from the same summary and the same tables."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis.figures.picture import Picture
from analysis.prose.methods import REFERENCES, terms
from analysis.report.sections import tables_of
from analysis.story import Story
from analysis.summary.older import completed
from analysis.summary.provenance import provenance, size
from analysis.summary.schema import Summary
from analysis.wording import number

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>|#&~"})


def to_markdown(text: object) -> str:
    """Text in which no character is markup: names and error texts stay what they are."""
    return re.sub(r"\s+", " ", str(text)).translate(_MARKS)


def _markdown_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(map(to_markdown, headings))} |", f"|{'---|' * len(headings)}"]
    return [*lines, *(f"| {' | '.join(map(to_markdown, row))} |" for row in rows)]


def markdown(
    summary: Summary, pictures: Sequence[Picture], figures: str = "figures", stories: Sequence[Story] = ()
) -> str:
    """The report as Markdown; its figures are files in the directory `figures` beside it (SVG)."""
    summary = completed(summary)
    experiment = summary["experiment"]
    title = experiment.get("title") or experiment.get("name") or "Experiment"
    lines = [
        f"# {to_markdown(title)}",
        "",
        *(line for text in summary["headline"] for line in (to_markdown(text), "")),
        *(
            line
            for text in (experiment.get("description"), size(summary))
            if text
            for line in (to_markdown(text), "")
        ),
        "## Findings",
        "",
    ]
    lines += [f"- {to_markdown(item['text'])}" for item in summary["findings"]]
    if summary["findings"]:
        lines.append("")
    lines += ["## Figures", ""] if pictures else []
    for picture in pictures:
        lines += [f"### {to_markdown(picture.title)}", ""]
        for name, panel in zip(picture.files(), picture.panels, strict=False):
            lines += [f"![{to_markdown(panel.alternative)}]({figures}/{name}.svg)", ""]
        lines += [to_markdown(picture.caption), ""]
    for _, heading, make in tables_of(stories):
        for index, table in enumerate(make(summary)):
            lines += [f"## {heading}", ""] if index == 0 else []
            lines += [f"### {to_markdown(table.title)}", ""] if table.title else []
            lines += [to_markdown(table.caption), ""] if table.caption else []
            lines += [*_markdown_table(table.headings, [[e.whole for e in row] for row in table.rows]), ""]
    return "\n".join([*lines, *_ending(summary)]) + "\n"


def _ending(summary: Summary) -> list[str]:
    statuses = summary["totals"]["statuses"].items()
    lines = ["## Statuses and failures", ""]
    lines += [
        *_markdown_table(["status", "outcomes"], [[name, number(count)] for name, count in statuses]),
        "",
    ]
    if summary["failures"]:
        columns = ["cell", "trial", "input", "status", "note"]
        rows = [
            [
                "–" if value is None else str(value)
                for value in (row["cell"], row["trial"], row["input"], row["status"], row["note"])
            ]
            for row in summary["failures"]
        ]
        lines += [*_markdown_table(columns, rows), ""]
    lines += ["## Methods", ""]
    lines += [f"- **{to_markdown(term)}.** {to_markdown(text)}" for term, text in terms(summary)]
    lines += ["", *(f"{at}. {to_markdown(text)}" for at, text in enumerate(REFERENCES, start=1)), ""]
    facts = provenance(summary)
    lines += ["## Provenance", ""]
    lines += ["Run again:", "", f"    {facts['again']}", ""] if facts["again"] else []
    lines += ["One trial again (cell and trial):", "", f"    {facts['replay']}", ""]
    return [
        *lines,
        "```json",
        json.dumps(facts["facts"], indent=1, ensure_ascii=False).replace("```", "'''"),
        "```",
    ]


def _flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested objects as columns ``a.b``, intervals as ``a.low`` and ``a.high``, other lists as JSON."""
    row: dict[str, Any] = {}
    for key, item in value.items():
        name = f"{prefix}{key}"
        if key == "parameters" or key == "algorithm_parameters":
            row[name] = json.dumps(item, ensure_ascii=False)
        elif isinstance(item, Mapping):
            row.update(_flat(item, f"{name}."))
        elif key == "interval" and isinstance(item, list):
            row.update(dict(zip((f"{prefix}low", f"{prefix}high"), item, strict=False)))
        else:
            row[name] = json.dumps(item, ensure_ascii=False) if isinstance(item, list) else item
    return row


def _cell_of(value: Any) -> Any:
    """Return a value as a spreadsheet may have it: numbers as they are, texts that are nothing but texts."""
    if not isinstance(value, str):
        return value
    text = _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def comma_separated(rows: Iterable[Mapping[str, Any]]) -> str:
    """Objects of the summary as CSV, every number in full; columns in order of first appearance.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, and control characters are spelled.
    """
    flat = [{name: _cell_of(value) for name, value in _flat(row).items()} for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)
    return buffer.getvalue()


def data(summary: Summary) -> list[tuple[str, Sequence[Mapping[str, Any]]]]:
    """The lists of the summary that are written as CSV, by name."""
    return [
        ("cells", summary["cells"]),
        ("barriers", summary["barriers"]),
        ("barrier_differences", summary["barrier_differences"]),
        ("comparisons", summary["comparisons"]),
        ("failures", summary["failures"]),
    ]
