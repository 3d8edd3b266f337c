"""A comparison as files: the page, and the same for programs."""

from __future__ import annotations

import importlib.resources
import json
from pathlib import Path

import jinja2

from analysis.figures.svg import to_bytes, to_svg
from analysis.report.exports import comma_separated
from onehalf.comparing.pairs import Comparison
from onehalf.comparing.picture import against, discordant
from onehalf.comparing.words import comparison_sentences, comparison_table

PAGE = "compare.html"


def write_comparison(found: Comparison, place: Path) -> list[Path]:
    """Write the page, ``compare.json``, ``compare.csv`` and the pictures as PDF into a directory; return the paths."""
    place.mkdir(parents=True, exist_ok=True)
    figures = [("against", "Success against success", against(found))] if found.rows else []
    bars = discordant(found)
    if bars is not None:
        figures.append(("discordant", "Trials that only one of the two got right", bars))
    elements = [
        to_svg(to_bytes(figure, "svg"), title, f"{title}; every number is in the table.", name)
        for name, title, figure in figures
    ]
    template = importlib.resources.files("onehalf").joinpath("templates/compare.html")
    environment = jinja2.Environment(autoescape=True)
    page = environment.from_string(template.read_text(encoding="utf-8")).render(
        directories=found.directories,
        sentences=comparison_sentences(found),
        figures=elements,
        table=comparison_table(found),
    )
    rows = [row.as_json() for row in found.rows]
    document = {
        "directories": list(found.directories),
        "sentences": comparison_sentences(found),
        "rows": rows,
    }
    texts = {
        PAGE: page,
        "compare.json": json.dumps(document, indent=1, ensure_ascii=False),
        "compare.csv": comma_separated(rows),
    }
    for name, text in texts.items():
        (place / name).write_text(text, encoding="utf-8")
    for name, _, figure in figures:
        (place / f"{name}.pdf").write_bytes(to_bytes(figure, "pdf"))
    return [*(place / name for name in texts), *(place / f"{name}.pdf" for name, _, _ in figures)]
