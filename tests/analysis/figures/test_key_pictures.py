"""The top of the page: headline, key pictures, then what was asked and found; each figure is drawn once."""

from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure

from analysis.figures.gallery import pictures
from analysis.figures.top import key_pictures
from analysis.report.page import render
from onehalf.record.publish import publish


@pytest.fixture
def summary(tables: Any) -> dict[str, Any]:
    """Two algorithms along e, under two oracles at the barrier."""
    cells, patterns = [], []
    for n, name in enumerate(("adam", "sgd")):
        for e in range(51, 56):
            number = 10 * n + e
            cells.append(
                tables.cell(
                    cell=number, parameters={"exponent": e}, algorithm=f"{name}[bits=53]", algorithm_name=name
                )
            )
            verdicts = ("accepted", "accepted" if e < 53 else "rejected")
            patterns.append(tables.pattern(cell=number, shared=e >= 53, verdicts=verdicts))
    cells.append(tables.cell(cell=99, oracle="blind", parameters={"exponent": 53}))
    patterns.append(tables.pattern(cell=99))
    found: dict[str, Any] = tables.summarise(cells, patterns)
    return found


def test_headline_then_pictures_then_findings(summary: dict[str, Any]) -> None:
    page = render(summary)
    order = [
        page.index("<h1>"),
        page.index(summary["headline"][0]),
        page.index(summary["headline"][-1]),
        page.index('<div class="keys">'),
        page.index('<section id="asked">'),
        page.index('<section id="participants">'),
        page.index('<section id="findings">'),
        page.index('<section id="methods">'),
        page.index('<details class="appendix" id="figures">'),
    ]
    assert order == sorted(order)
    keys = page.split('<div class="keys">')[1].split("</div>")[0]
    assert keys.count("<figure>") == 2
    assert 'href="#figure-frontier"' in keys
    assert 'href="#figure-fall"' in keys


def test_a_key_picture_refers_to_a_panel_that_is_on_the_page(summary: dict[str, Any]) -> None:
    drawn = pictures(summary)
    frontier, fall = key_pictures(summary, drawn)
    # Two algorithms stand under the decoy oracle, and one under the other.
    assert "decoy" in frontier.target.panels[frontier.drawing].title
    assert frontier.told.replace("\N{NO-BREAK SPACE}", " ") == "Neither of 2 points is above p₁ + p₂ = 1."
    assert fall.told == "2 of 2 curves fall from above ¾ to ¾ or below, first at e = 53."
    for key in (frontier, fall):
        root = ElementTree.fromstring(key.svg)
        (use,) = root
        target = use.attrib["href"]
        whole = next(svg for svg in key.target.svgs() if f' id="{target[1:]}"' in svg)
        assert ElementTree.fromstring(whole).attrib["viewBox"] == root.attrib["viewBox"]


def test_a_point_above_the_line_is_no_success_story(tables: Any) -> None:
    twice = tables.pattern(verdicts=("accepted", "accepted"))
    summary = tables.summarise([tables.cell()], [twice])
    (frontier,) = key_pictures(summary, pictures(summary))
    assert frontier.told.startswith("Defect: 1 point above")
    assert '<figcaption class="defect">Defect: 1 point above' in render(summary)


def test_without_figures_there_are_no_key_pictures(tables: Any) -> None:
    summary = tables.summarise([tables.cell()], [])
    assert key_pictures(summary, pictures(summary)) == []
    assert 'class="keys"' not in render(summary)


def test_each_figure_is_drawn_once_for_page_and_files(
    summary: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panels = sum(len(picture.drawings) for picture in pictures(summary))
    made, saved = [], Counter[str]()
    make, save = Figure.__init__, Figure.savefig

    def making(self: Figure, *args: Any, **named: Any) -> None:
        made.append(self)
        make(self, *args, **named)

    def saving(self: Figure, *args: Any, **named: Any) -> None:
        saved[named["format"]] += 1
        save(self, *args, **named)

    monkeypatch.setattr(Figure, "__init__", making)
    monkeypatch.setattr(Figure, "savefig", saving)
    publish(summary, tmp_path, ("html", "md", "svg", "png"))
    assert len(made) == panels
    assert saved == {"svg": panels, "png": panels}
    assert len(list((tmp_path / "figures").glob("*.svg"))) == panels
