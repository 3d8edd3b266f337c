"""A summary written out: the page, the same content as Markdown, LaTeX and CSV, and the figures as files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from analysis.wording import plural
from onehalf.record.directory import REPORT, SUMMARY, SUMS, write_text
from onehalf.record.reading.stories import stories_named
from oracle.errors import InvalidValue

if TYPE_CHECKING:
    from analysis.figures.picture import Picture
    from analysis.story import Story
    from analysis.summary.schema import Summary

FORMATS = ("html", "md", "latex", "csv", "json", "svg", "pdf", "png")
USUAL = ("html", "json", "svg", "png")
_WITH_FIGURES = {"html", "md", "svg", "pdf", "png"}

"""The digests of what is published; `sha256sum -c` reads it, too."""
FIGURES, TABLES, PAPER, MARKDOWN = "figures", "tables", "paper", "report.md"
_IN_PAPER = 2


def publish(
    summary: Mapping[str, Any],
    directory: Path,
    formats: Sequence[str] = USUAL,
    page: Path | None = None,
    stories: Sequence[Story] | None = None,
    full: bool = False,
) -> list[Path]:
    """Write a summary's report into a directory, and return the paths of what was written: pages first, then tables.

    Parameters
    ----------
    summary : mapping
        As `Result.summary` returns it.
    directory : Path
        Made if it does not exist. ``summary.json`` and ``report.html`` stand in it, ``report.md`` beside them, figures
        in ``figures/``, tables (``.tex``, ``.csv``) in ``tables/``.
    formats : sequence of str
        Some of "html", "md", "latex", "csv", "json", "svg", "pdf", "png".
    page : Path, optional
        Where the HTML page goes instead.
    stories : sequence of Story, optional
        What the families present add; by default the stories of those that are installed.
    full : bool
        Whether the appendix of the page is open, and so is printed.

    Raises
    ------
    InvalidValue
        If a format is unknown, or none is given.
    """
    unknown = [form for form in formats if form not in FORMATS]
    if unknown or not formats:
        raise InvalidValue(
            "formats", list(formats), "must be known forms", f"choose from {', '.join(FORMATS)}"
        )
    directory.mkdir(parents=True, exist_ok=True)
    whole = cast("Summary", summary)
    told = stories_named(cell["family"] for cell in whole["cells"]).each if stories is None else stories
    drawn = _drawn(whole, told) if set(formats) & _WITH_FIGURES else []
    written = _pages(whole, drawn, directory, formats, page, told, full)
    written += _tables(whole, directory, formats, told)
    written += _figures(drawn, directory, formats)
    note_published(directory, written)
    return written


def told(written: Sequence[Path]) -> str:
    """What was written, for a terminal: the first page, or else the number of files in each folder."""
    if not written:
        return "nothing to write: the summary has no table or figure of these forms"
    if written[0].suffix in (".html", ".md", ".json"):
        return str(written[0])
    folders = [path.parent for path in written]
    return "\n".join(
        f"{folder} ({plural(folders.count(folder), 'file')})" for folder in dict.fromkeys(folders)
    )


def _drawn(summary: Summary, stories: Sequence[Story]) -> list[Picture]:
    from analysis.figures.gallery import pictures

    return pictures(summary, stories)


def _pages(
    summary: Summary,
    drawn: Sequence[Picture],
    directory: Path,
    formats: Sequence[str],
    page: Path | None,
    stories: Sequence[Story],
    full: bool,
) -> list[Path]:
    from analysis.report.exports import markdown
    from analysis.report.page import render

    written = []
    if "html" in formats:
        written.append(_write(page or directory / REPORT, render(summary, drawn, stories, full)))
    if "md" in formats:
        written.append(_write(directory / MARKDOWN, markdown(summary, drawn, FIGURES, stories)))
    if "json" in formats:
        written.append(_write(directory / SUMMARY, json.dumps(summary, indent=1, ensure_ascii=False)))
    return written


def _tables(
    summary: Summary, directory: Path, formats: Sequence[str], stories: Sequence[Story]
) -> list[Path]:
    from analysis.report import exports
    from analysis.report.latex import latex
    from analysis.report.sections import tables_of

    place, written = directory / TABLES, []
    if "latex" in formats:
        for _, _, make in tables_of(stories):
            written += [_write(place / f"{table.name}.tex", latex(table)) for table in make(summary)]
    if "csv" in formats:
        for name, rows in exports.data(summary):
            if rows:
                written.append(_write(place / f"{name}.csv", exports.comma_separated(rows)))
    return written


def _figures(drawn: Sequence[Picture], directory: Path, formats: Sequence[str]) -> list[Path]:
    from analysis.figures.svg import FORMS

    wanted = [form for form in FORMS if form in formats or (form == "svg" and "md" in formats)]
    if not wanted:
        return []
    place, written = directory / FIGURES, []
    place.mkdir(exist_ok=True)
    for picture in drawn:
        for form in wanted:
            for name, body in zip(picture.files(), picture.saved(form), strict=True):
                path = place / f"{name}.{form}"
                path.write_bytes(body)
                written.append(path)
    return written


def publish_paper(summary: Mapping[str, Any], directory: Path, stories: Sequence[Story]) -> list[Path]:
    """Write what a paper takes into ``paper/``: the cells as a table, the first figures, and a document with them."""
    from analysis.report.paper import paper_document, paper_figures, paper_table

    whole = cast("Summary", summary)
    place = directory / PAPER
    figures = paper_figures(_drawn(whole, stories)[:_IN_PAPER])
    table = paper_table(whole)
    document = paper_document(table, [(name, caption) for name, caption, _ in figures])
    written = [_write(place / "paper.tex", document), _write(place / "table.tex", table)]
    for name, _, body in figures:
        written.append(place / f"{name}.pdf")
        written[-1].write_bytes(body)
    note_published(directory, written)
    return written


def _write(path: Path, text: str) -> Path:
    os.makedirs(path.parent, exist_ok=True)
    write_text(path, text)
    return path


def note_published(directory: Path, written: Iterable[Path]) -> None:
    """Write down the digests of files that were written into a directory, beside those known that still exist."""
    home = directory.resolve()
    inside = [path.resolve() for path in written if path.resolve().is_relative_to(home)]
    fresh = {str(path.relative_to(home)): _sha256(path) for path in inside}
    known, _ = _read(directory)
    sums = {name: digest for name, digest in known.items() if (directory / name).is_file()} | fresh
    if sums:
        write_text(directory / SUMS, "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())))


def differing(directory: Path) -> tuple[int, list[str]]:
    """Return the number of published files, and what differs from what was written."""
    known, faults = _read(directory)
    for name, digest in known.items():
        path = directory / name
        if not path.is_file():
            faults.append(f"{name} is gone")
        elif _sha256(path) != digest:
            faults.append(f"{name} is not what was written; onehalf report {directory} writes it again")
    return len(known), faults


def _read(directory: Path) -> tuple[dict[str, str], list[str]]:
    """Return the digests that are known, by name, and what cannot be read of them."""
    try:
        lines = (directory / SUMS).read_bytes().decode("utf-8", "backslashreplace").splitlines()
    except OSError:
        return {}, []
    known, faults = dict[str, str](), list[str]()
    for line in lines:
        digest, gap, name = line.partition("  ")
        if gap and len(digest) == 64 and name and "\0" not in name:
            known[name] = digest
        else:
            faults.append(f"{SUMS} has a line that is none: {line!r}")
    return known, faults


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
