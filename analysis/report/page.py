"""One self-contained HTML file about an experiment, from its summary alone."""

import base64
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, DictLoader, Environment, PackageLoader, StrictUndefined

from analysis.figures.gallery import pictures
from analysis.figures.picture import Picture
from analysis.figures.top import key_pictures
from analysis.report.sections import FIGURES, parts, template_of
from analysis.story import Story
from analysis.summarise import SCHEMA
from analysis.summary.older import completed
from analysis.summary.provenance import size
from analysis.summary.schema import Summary
from analysis.wording import listing


def _environment(stories: Sequence[Story]) -> Environment:
    told = {
        template_of(story, section): _text(section.template)
        for story in stories
        for section in story.sections
    }
    return _telling(tuple(told.items()))


@lru_cache(maxsize=8)
def _telling(told: tuple[tuple[str, str], ...]) -> Environment:
    """Return what compiles templates, once, with those of stories by name."""
    # Everything that a summary holds is data: a name or an error text with markup in it shows as text.
    return Environment(
        loader=ChoiceLoader([PackageLoader("analysis.report"), DictLoader(dict(told))]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _text(template: str | Path) -> str:
    return template.read_text(encoding="utf-8") if isinstance(template, Path) else template


def _template(name: str) -> str:
    return resources.files("analysis.report").joinpath("templates", name).read_text(encoding="utf-8")


def _checked(summary: Summary) -> Summary:
    if summary.get("schema") != SCHEMA:
        raise ValueError(
            f"schema={summary.get('schema')!r} is not {SCHEMA}, the version that this release reads; "
            "make summary.json anew from the directory of the run with `onehalf report`."
        )
    return completed(summary)


def fragment(summary: Summary, stories: Sequence[Story] = ()) -> str:
    """Findings, figures and cells as one HTML element for a notebook: no script, and styles that reach nothing else.

    Raises
    ------
    ValueError
        If the summary is of another version than this code reads.
    """
    summary = _checked(summary)
    own = {section.name for story in stories for section in story.sections}
    wanted = {"findings", FIGURES, "cells", *own}
    return (
        _environment(stories)
        .get_template("fragment.html")
        .render(
            title=str(
                summary["experiment"].get("title") or summary["experiment"].get("name") or "Experiment"
            ),
            headline=_headline(summary),
            sections=[
                part for part in parts(summary, pictures(summary, stories), stories) if part.name in wanted
            ],
        )
    )


def _headline(summary: Summary) -> list[dict[str, Any]]:
    return [{"text": text, "defect": text.startswith("Defect:")} for text in summary["headline"]]


def _unshown(summary: Summary, stories: Sequence[Story]) -> str:
    """What of the summary this page does not show, as its story is not at hand; empty where there is nothing."""
    given = {story.name for story in stories}
    names = [
        story["name"] for story in summary["stories"] if not story["missing"] and story["name"] not in given
    ]
    return (
        f"Not shown here: the figures and sections of {listing(names)}, whose story is not at hand."
        if names
        else ""
    )


def render(
    summary: Summary,
    drawn: Sequence[Picture] | None = None,
    stories: Sequence[Story] = (),
    full: bool = False,
) -> str:
    """The report of a summary as HTML.

    Parameters
    ----------
    summary
        What `analysis.summarise.summarise` returned, as it was or read back from ``summary.json``: the same
        report comes of both.
    drawn
        Its figures, where they are drawn already (`analysis.figures.gallery.pictures`).
    stories
        What the families present add. Where one is not given the page is made without what it shows.
    full
        Whether the appendix is open, and so is printed.

    Returns
    -------
    str
        One HTML document with its style, script and figures within. It makes no network request: its content
        security policy allows nothing to be fetched, and no script but its own, by its hash.

    Raises
    ------
    ValueError
        If the summary is of another version than this code reads.
    """
    summary = _checked(summary)
    # The hash must be of exactly what stands between the script tags, so the text is not touched after this.
    script = _template("report.js").strip()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    shown = pictures(summary, stories) if drawn is None else drawn
    experiment = summary["experiment"]
    return (
        _environment(stories)
        .get_template("report.html")
        .render(
            title=str(experiment.get("title") or experiment.get("name") or "Experiment"),
            description=str(experiment.get("description") or ""),
            size=size(summary),
            full=full,
            headline=_headline(summary),
            unshown=_unshown(summary, stories),
            keys=key_pictures(summary, shown, stories),
            sections=parts(summary, shown, stories),
            style=_template("report.css"),
            script=script,
            script_hash=digest,
        )
    )
