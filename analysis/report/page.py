"""One self-contained HTML file about an experiment, from its summary alone."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from analysis.figures.gallery import pictures
from analysis.figures.picture import Picture
from analysis.figures.top import key_pictures
from analysis.report.sections import SECTIONS
from analysis.summarise import SCHEMA
from analysis.summary.provenance import size


def _environment() -> Environment:
    # Everything that a summary holds is data: a name or an error text with markup in it shows as text.
    return Environment(
        loader=PackageLoader("analysis.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str) -> str:
    return resources.files("analysis.report").joinpath("templates", name).read_text(encoding="utf-8")


def _check(summary: Mapping[str, Any]) -> None:
    if summary.get("schema") != SCHEMA:
        raise ValueError(
            f"schema={summary.get('schema')!r} is not {SCHEMA}, the version that this release reads; "
            "make summary.json anew from the directory of the run with `onehalf report`."
        )


def fragment(summary: Mapping[str, Any]) -> str:
    """Findings, figures and cells as one HTML element for a notebook: no script, and styles that reach nothing else.

    Raises
    ------
    ValueError
        If the summary is of another version than this code reads.
    """
    _check(summary)
    wanted = ("findings", "figures", "cells")
    drawn = pictures(dict(summary))
    present = [
        (section, section.context(dict(summary), drawn)) for section in SECTIONS if section.name in wanted
    ]
    return (
        _environment()
        .get_template("fragment.html")
        .render(
            title=str(
                summary["experiment"].get("title") or summary["experiment"].get("name") or "Experiment"
            ),
            headline=_headline(summary),
            sections=[(section, data) for section, data in present if data is not None],
        )
    )


def _headline(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"text": text, "defect": text.startswith("Defect:")} for text in summary["headline"]]


def render(summary: Mapping[str, Any], drawn: Sequence[Picture] | None = None) -> str:
    """The report of a summary as HTML.

    Parameters
    ----------
    summary
        What `analysis.summarise.summarise` returned, as it was or read back from ``summary.json``: the same
        report comes of both.
    drawn
        Its figures, where they are drawn already (`analysis.figures.gallery.pictures`).

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
    _check(summary)
    # The hash must be of exactly what stands between the script tags, so the text is not touched after this.
    script = _template("report.js").strip()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    shown = pictures(dict(summary)) if drawn is None else drawn
    present = [(section, section.context(dict(summary), shown)) for section in SECTIONS]
    experiment = summary["experiment"]
    return (
        _environment()
        .get_template("report.html")
        .render(
            title=str(experiment.get("title") or experiment.get("name") or "Experiment"),
            description=str(experiment.get("description") or ""),
            size=size(summary),
            bounded=any(cell["bound"]["applies"] for cell in summary["cells"]),
            headline=_headline(summary),
            keys=key_pictures(summary, shown),
            sections=[(section, data) for section, data in present if data is not None],
            style=_template("report.css"),
            script=script,
            script_hash=digest,
        )
    )
