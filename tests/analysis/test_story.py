"""A family may add entries, violations, sentences, figures, sections and tables to a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import onehalf as oh
from analysis.figures.gallery import pictures
from analysis.figures.top import key_pictures
from analysis.report.exports import markdown
from analysis.report.page import fragment, render
from analysis.summarise import FAILURE_COLUMNS, summarise
from analysis.tables.table import Table, text
from onehalf.families.simplex.problem import Simplex
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.record.gather import gather
from onehalf.record.publish import publish
from onehalf.record.reading.stories import load_story, stories_named, stories_of
from onehalf.running.run import run_experiment
from tests.analysis.conftest import PATTERN

EVIL = "<b>bold</b>"


def draw(summary: Any) -> list[oh.Panel]:
    from matplotlib.figure import Figure

    if "signs" not in summary:
        return []
    figure = Figure(figsize=(3, 3))
    figure.subplots().bar(["yes", "no"], summary["signs"]["given"])
    return [oh.Panel("Signs given", f"{summary['signs']['given']} were given.", figure)]


def gathered(cells: Any) -> list[dict[str, Any]]:
    return [{"cell": cell.number, "recorded": cell.recorded, "first": cell.output(0, 0)} for cell in cells]


STORY = oh.Story(
    "signs",
    families=("sign",),
    gather=gathered,
    entry=lambda groups: {"given": [len(groups), 2], "word": EVIL} if groups else None,
    violations=lambda entry: [{"cell": 0, "kind": "no_sign", "trials": 3}] if entry["given"][0] > 5 else [],
    kinds={"no_sign": ("output without a sign", "outputs without a sign")},
    headline=lambda summary: [f"Signs were given {summary['signs']['given'][0]} times."],
    findings=lambda summary: ["Signs: none is missing."],
    figures=(
        oh.Figure("sign-bars", "Signs", "A bar for each.", draw, slot=2, told=lambda s, n: (0, "Bars.")),
    ),
    sections=(
        oh.Section(
            "signs",
            "What was signed",
            lambda summary: {"word": summary["signs"]["word"]} if "signs" in summary else None,
            '<p>Said: {{ data.word }}</p>{% include "figures.html" %}',
            figures=("sign-bars",),
        ),
    ),
    tables=(
        ("sign-table", "Signs by cell", lambda summary: [Table("sign-1", "", "", ["a"], [[text("signed")]])]),
    ),
)


def told(tables: Any, groups: list[Any], **changes: Any) -> dict[str, Any]:
    return dict(
        summarise(
            {},
            pd.DataFrame([tables.cell(family="sign", **changes)]),
            pd.DataFrame([tables.pattern()], columns=list(PATTERN)),
            pd.DataFrame(columns=list(FAILURE_COLUMNS)),
            {},
            told=[(STORY, groups)],
        )
    )


def test_a_story_is_told_in_every_form(tables: Any, tmp_path: Path) -> None:
    summary: Any = told(tables, [{}])
    assert summary["signs"] == {"given": [1, 2], "word": EVIL}
    assert summary["stories"] == [{"name": "signs", "families": ["sign"], "missing": ""}]
    assert {"kind": "signs", "text": "Signs: none is missing."} in summary["findings"]
    # The story has a headline, so the report's own words are about other families' cells.
    assert summary["headline"][1] == "Signs were given 1 times."
    assert "provably exist" not in " ".join(summary["headline"])
    drawn = pictures(summary, [STORY])
    assert "sign-bars" in {picture.name for picture in drawn}
    assert key_pictures(summary, drawn, [STORY])[-1].told == "Bars."
    page = render(summary, stories=[STORY])
    section = page.split('<details class="appendix" id="signs">')[1].split("</details>")[0]
    assert "Said: &lt;b&gt;bold&lt;/b&gt;" in section
    assert 'id="figure-sign-bars"' in section
    assert page.count('id="figure-sign-bars"') == 1
    assert '<details class="appendix" id="sign-table">' in page
    assert page.index('id="signs"') < page.index('id="cells"')
    assert "What was signed" in fragment(summary, [STORY])
    assert "## Signs by cell" in markdown(summary, drawn, stories=[STORY])
    written = publish(summary, tmp_path, ("html", "latex", "svg"), stories=[STORY])
    assert {"sign-bars.svg", "sign-1.tex"} <= {path.name for path in written}


def test_what_a_story_calls_a_violation_is_all_that_is_said(tables: Any) -> None:
    summary = told(tables, [{}] * 6)
    assert summary["violations"] == [{"cell": 0, "kind": "no_sign", "trials": 3}]
    assert "by 3 outputs without a sign (cell 0)." in summary["headline"][0]


def test_a_report_is_made_without_a_story_that_is_not_given(tables: Any) -> None:
    summary: Any = told(tables, [{}])
    page = render(summary)
    assert 'id="signs"' not in page
    assert "none is missing." in page
    assert "Not shown here: the figures and sections of signs, whose story is not at hand." in page
    assert "Not shown here" not in render(summary, stories=[STORY])


def test_names_that_clash_are_refused(tables: Any) -> None:
    with pytest.raises(ValueError, match=r"story\.name='cells' is a key of the summary already"):
        summarise(
            {},
            pd.DataFrame([tables.cell()]),
            pd.DataFrame([tables.pattern()]),
            pd.DataFrame(columns=list(FAILURE_COLUMNS)),
            {},
            told=[(oh.Story("cells"), [])],
        )
    twice = oh.Story("x", figures=(oh.Figure("fall", "", "", lambda summary: []),))
    with pytest.raises(ValueError, match=r"figure\.name='fall' stands for two figures"):
        pictures(told(tables, [{}]), [twice])  # type: ignore[arg-type]


class Sign(Simplex):
    """A family of its own, which brings its story as an object."""

    family = "sign"
    story = STORY


class Silent(Simplex):
    family = "silent"
    story = "no.such.module:STORY"


def test_the_record_of_a_family_is_given_to_its_story(tmp_path: Path) -> None:
    cells = (
        *cells_of([Simplex(answers=2)], ["blind"], ["coin-flip"], 4),
        *cells_of([Sign(answers=2)], ["blind"], ["coin-flip"], 4),
    )
    result = run_experiment(Experiment("signs", 1, cells), tmp_path / "run", 1)
    summary = result.summary()
    assert summary["signs"]["given"] == [1, 2]
    assert 'id="figure-sign-bars"' in result.report().read_text(encoding="utf-8")
    stories = stories_of([result.recorded])
    assert list(stories.told) == ["sign"]
    # Of two directories the cells are numbered anew, and the groups of both are one list.
    other = run_experiment(Experiment("more", 2, cells[1:]), tmp_path / "other", 1)
    joined = gather([(result.directory, result.recorded), (other.directory, other.recorded)])
    assert joined["signs"]["given"] == [2, 2]


def test_a_story_that_cannot_be_loaded_is_missed_in_a_sentence(tmp_path: Path) -> None:
    cells = tuple(cells_of([Silent(answers=2)], ["blind"], ["coin-flip"], 4))
    result = run_experiment(Experiment("silent", 1, cells), tmp_path / "run", 1)
    (sentence,) = (item["text"] for item in result.summary()["findings"] if item["kind"] == "untold")
    assert sentence == (
        "Left out: what the family silent adds to a report, as its story cannot be loaded (ModuleNotFoundError: No "
        "module named 'no')."
    )
    assert "Left out:" in result.report().read_text(encoding="utf-8")


def test_stories_of_families_by_name() -> None:
    found = stories_named(["training", "stability", "gone"])
    assert [story.name for story in found.each] == ["stability"]
    assert found.missing == {"gone": "it is not at hand here"}
    with pytest.raises(TypeError, match="is no Story"):
        load_story(type("Other", (), {"story": "json:dumps"}))
