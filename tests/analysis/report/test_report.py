"""The report is one safe, self-contained document, the same from the summary and from its JSON."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from analysis.figures.gallery import FIGURES, pictures
from analysis.report.page import render
from analysis.report.sections import FIGURES as FIGURE_SECTION
from analysis.report.sections import FIRST, LAST

EVIL = "<script>alert('x')</script>"


class Page(HTMLParser):
    """Elements and identifiers of a document, and the text outside scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        values = dict(attrs)
        self.ids += [values["id"]] if values.get("id") else []  # type: ignore[list-item]
        if tag != "a":
            self.fetched += [
                value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "srcset")
            ]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] not in (["script"], ["style"]):
            self.words.append(data)


@pytest.fixture
def summary(tables: Any) -> dict[str, Any]:
    """Cells for every figure, with markup wherever a caller's text can be."""
    cells = [tables.cell(algorithm=EVIL, algorithm_name=EVIL, group=EVIL)]
    patterns = [tables.pattern(count=190)]
    patterns += [tables.pattern(statuses=("error",) * 2, verdicts=(None,) * 2, claims=(None,) * 2, count=10)]
    for e in (52, 53, 54):
        apart = e < 53
        cells.append(tables.cell(cell=e, parameters={"exponent": e, "hidden": (8,)}))
        verdicts = ("accepted", "accepted" if apart else "rejected")
        patterns.append(tables.pattern(cell=e, shared=not apart, verdicts=verdicts))
    for k in (2, 4):
        exclusive = ("1", "2") if k > 2 else ()
        cells.append(
            tables.cell(cell=100 + k, family="linear-program", parameters={"digits": k}, exclusive=exclusive)
        )
        patterns.append(
            tables.pattern(cell=100 + k, verdicts=("accepted", "rejected" if k > 2 else "accepted"))
        )
    cells.append(tables.cell(cell=200, algorithm="rd", algorithm_name="random-depth", over_reading_exact=0.5))
    patterns.append(tables.pattern(cell=200, shared=False, verdicts=("accepted", "accepted"), count=100))
    patterns.append(tables.pattern(cell=200, verdicts=("rejected", "accepted"), count=100))
    failures = [{"cell": 0, "trial": 5, "input": "1", "status": "error", "note": f"ValueError: {EVIL}"}]
    experiment = {"name": "x", "title": f"A {EVIL} title", "description": EVIL, "directory": "out dir"}
    provenance = {"versions": {EVIL: "2.5"}, "commands": [EVIL]}
    found: dict[str, Any] = tables.summarise(cells, patterns, failures, experiment, provenance)
    return found


@pytest.fixture
def html(summary: dict[str, Any]) -> str:
    return render(summary)


def parse(html: str) -> Page:
    page = Page()
    page.feed(html)
    return page


def test_the_same_report_comes_of_the_json(summary: dict[str, Any], html: str) -> None:
    assert render(json.loads(json.dumps(summary))) == html


def test_markup_in_names_and_errors_is_text(html: str) -> None:
    page = parse(html)
    assert EVIL not in html
    assert page.tags.count("script") == 1
    assert "".join(page.words).count(EVIL) >= 7


def test_nothing_is_fetched_and_only_the_own_script_may_run(html: str) -> None:
    page = parse(html)
    assert [target for target in page.fetched if not target.startswith(("#", "data:,"))] == []
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)
    script = html.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert policy[1].startswith("default-src 'none';")
    assert f"script-src 'sha256-{digest}';" in policy[1]


def test_identifiers_and_links_within_the_page_agree(html: str) -> None:
    page = parse(html)
    assert len(page.ids) == len(set(page.ids))
    targets = re.findall(r'href="#([^"]+)"', html) + re.findall(r"url\(#([^)]+)\)", html)
    assert targets
    assert set(targets) <= set(page.ids)
    shown = {*(section.name for section in (*FIRST, *LAST)), FIGURE_SECTION} & set(page.ids)
    assert shown >= {"findings", "figures", "cells", "failures", "methods", "provenance"}


def test_figures_have_text_alternatives(summary: dict[str, Any]) -> None:
    drawn = pictures(summary)
    assert [picture.name for picture in drawn] == ["frontier", "fall", "depth", "staircase"]
    assert {picture.name for picture in drawn} <= {figure.name for figure in FIGURES}
    for picture in drawn:
        for svg in picture.svgs():
            root = ElementTree.fromstring(svg)
            space = "{http://www.w3.org/2000/svg}"
            labels = [root.find(f"{space}{tag}") for tag in ("title", "desc")]
            assert [label.get("id") for label in labels if label is not None] == root.attrib[
                "aria-labelledby"
            ].split()
            assert all(label is not None and label.text for label in labels)
            assert root.get("role") == "img"
            assert root.find(f".//{space}style") is None
        assert picture.svgs() == picture.svgs()


def test_the_frontier_shows_each_oracle_and_says_what_is_on_it(summary: dict[str, Any]) -> None:
    frontier = pictures(summary)[0]
    assert [panel.title for panel in frontier.panels] == [
        "training, decoy oracle, e = 53",
        "linear-program, decoy oracle, K = 4",
    ]
    assert f"{EVIL} 190/200 on ι¹ and 0/200 on ι²" in frontier.panels[0].alternative
    # The reader of random depth read on, so it is not bound by p₁ + p₂ = 1 and must not be here.
    assert "rd " not in frontier.panels[0].alternative


def test_equal_algorithms_have_one_name_and_one_setting_in_the_frontier(tables: Any) -> None:
    cells = [
        tables.cell(
            cell=n,
            algorithm=f"adam[bits={bits}]" if n else "adam",
            algorithm_parameters={"bits": bits},
            parameters={"exponent": e},
        )
        for n, (bits, e) in enumerate([(53, 53), (53, 53), (50, 53), (53, 54)])
    ]
    (panel,) = pictures(tables.summarise(cells, [tables.pattern(cell=n) for n in range(4)]))[0].panels
    assert panel.title == "decoy oracle, e = 53"
    assert panel.alternative.count("adam 200/200") == 2
    assert panel.alternative.count("adam[bits=50] 200/200") == 1
    assert "adam[bits=53]" not in panel.alternative


def test_readers_of_random_depth_are_drawn_apart_and_within_the_axes(tables: Any) -> None:
    reader = {"algorithm": "random-depth", "algorithm_name": "random-depth"}
    known = [(0.0, "blind"), (0.0, "decoy"), (0.5, "blind"), (1.0, "blind"), (1.0, "decoy"), (1.0, "mirage")]
    cells = [
        tables.cell(cell=n, oracle=oracle, over_reading_exact=t, **reader)
        for n, (t, oracle) in enumerate(known)
    ]
    summary = tables.summarise(cells, [tables.pattern(cell=n) for n in range(len(known))])
    (depth,) = (picture for picture in pictures(summary) if picture.name == "depth")
    found = [container.lines[0] for container in depth.panels[0].figure.axes[0].containers]
    xs = sorted(float(x) for line in found for x in line.get_xdata())
    assert xs == sorted(set(xs))
    assert len(xs) == len(known)
    assert (xs[0], xs[2], xs[-1]) == (0.0, 0.5, 1.0)


def test_a_legend_is_not_repeated(tables: Any) -> None:
    cells = [
        tables.cell(cell=10 * n + e, algorithm=name, oracle=oracle, parameters={"exponent": e})
        for n, (name, oracle) in enumerate([("first", "decoy"), ("second", "decoy"), ("third", "blind")])
        for e in range(3)
    ]
    summary = tables.summarise(cells, [tables.pattern(cell=cell["cell"]) for cell in cells])
    (fall,) = (picture for picture in pictures(summary) if picture.name == "fall")
    legends = [panel.figure.axes[0].get_legend() for panel in fall.panels]
    # The first panel has both algorithms under one oracle, named beside their curves.
    assert [legend is None for legend in legends] == [True, False, True, False]
    assert fall.panels[0].title == "every algorithm, decoy oracle"
    assert "first and second: 0: 0, 1: 0, 2: 0" in fall.panels[0].alternative


def test_figures_without_data_do_not_appear(tables: Any) -> None:
    lone = tables.summarise([tables.cell(exclusive=(), theorem="")], [tables.pattern()])
    assert pictures(lone) == []
    assert 'id="figures"' not in render(lone)
    empty = tables.summarise([tables.cell()], [])
    assert pictures(empty) == []
    assert "incomplete" in render(empty)


def test_counts_intervals_and_commands_are_there(html: str) -> None:
    text = " ".join(parse(html).words)
    assert "190/200" in text
    assert "onehalf replay 'out dir' CELL TRIAL" in text
    # Cell 0 has errors; an example is to be a trial that gave an output.
    assert "onehalf replay 'out dir' 52 0" in text
    # "1.0…" would be a number rounded up to certainty; certainty is written "1".
    assert not re.search(r"(?<![\d.])1\.0+(?![\d.])", text)


def test_a_failed_trial_has_one_row_for_all_inputs(tables: Any) -> None:
    failures = [
        {"cell": 0, "trial": 5, "input": name, "status": "error", "note": "NOTE", "trials": 10}
        for name in "12"
    ]
    error = tables.pattern(statuses=("error",) * 2, verdicts=(None,) * 2, claims=(None,) * 2, count=10)
    html = render(tables.summarise([tables.cell()], [tables.pattern(count=190), error], failures))
    (row,) = re.findall(r"<tr>(?:(?!<tr>).)*>NOTE</td></tr>", html)
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row)[2:] == ["5", "10", "ι¹, ι²", "error", "NOTE"]


def test_provenance_names_each_source_once_and_the_command(tables: Any) -> None:
    source = {"origin": "shipped", "sha256": "ab12"}
    facts = {"command": ["cli.py", "run", "a b.toml", "--quick"], "sources": {"x": source, "y": source}}
    summary = tables.summarise([tables.cell()], [tables.pattern()], provenance=facts)
    html = render(summary)
    assert html.count("ab12") == 1
    assert "x, y" in html
    assert "onehalf run &#39;a b.toml&#39; --quick</code></pre>" in html
    assert "1 cell with 200 trials each, 200 in all. This is a reduced run (--quick)" in html
    joined = render({**summary, "provenance": {"first": facts, "second": facts}})
    assert joined.count("ab12") == 2
    assert "reduced run" not in joined


def test_a_defect_stands_out(tables: Any) -> None:
    twice = tables.pattern(verdicts=("accepted", "accepted"))
    html = render(tables.summarise([tables.cell()], [twice]))
    # The headline, the frontier's line, and the findings about single runs and about the bound.
    assert html.count('class="defect"') == 4
    assert "200 right twice" in html


def test_another_form_is_refused(summary: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"schema=2 is not 1"):
        render({**summary, "schema": 2})
