"""What varies is read from the axes: the names of parameters carry no meaning."""

from pathlib import Path
from typing import Any

import pytest

from analysis.figures.gallery import pictures
from analysis.figures.style import set_larger
from analysis.figures.top import key_pictures
from analysis.report.exports import markdown
from analysis.report.page import render
from analysis.summary.series import series
from onehalf.families.linear_program.problem import LinearProgram
from onehalf.running.run import run
from oracle.problems import Axis

GAP = {"name": "gap", "symbol": "g", "words": "the numbers lying 2⁻ᵍ apart", "kind": "closeness"}
ASKED = {"name": "asked_for", "symbol": "q", "words": "places asked for", "kind": "demand"}


def falling(tables: Any, name: str, axes: list[dict[str, str]]) -> dict[str, Any]:
    """Two algorithms that are right on both inputs below 53, and on one from there on."""
    cells, patterns = [], []
    for n, algorithm in enumerate(("one", "two")):
        for e in range(51, 56):
            number = 10 * n + e
            names = {"algorithm": algorithm, "algorithm_name": algorithm}
            place = {name: e, "other": 3}
            cells.append(tables.cell(cell=number, family="sign", parameters=place, axes=axes, **names))
            verdicts = ("accepted", "accepted" if e < 53 else "rejected")
            patterns.append(tables.pattern(cell=number, shared=e >= 53, verdicts=verdicts))
    found: dict[str, Any] = tables.summarise(cells, patterns)
    return found


def asking(tables: Any) -> dict[str, Any]:
    """One answer serves both inputs for up to two places, and none from three on."""
    cells, patterns = [], []
    for k in (1, 2, 3, 4):
        exclusive = ("1", "2") if k > 2 else ()
        place = {"asked_for": k}
        cells.append(tables.cell(cell=k, family="roots", parameters=place, axes=[ASKED], exclusive=exclusive))
        patterns.append(tables.pattern(cell=k, verdicts=("accepted", "accepted" if k <= 2 else "rejected")))
    found: dict[str, Any] = tables.summarise(cells, patterns)
    return found


def test_a_parameters_name_costs_nothing(tables: Any) -> None:
    """The same experiment under two names of the parameter: the reports differ in nothing but that name."""
    axes = [[{**GAP, "name": name, "symbol": "e"}] for name in ("exponent", "gap")]
    first, second = (falling(tables, axis[0]["name"], axis) for axis in axes)
    assert first["headline"] == second["headline"]
    assert first["findings"] == second["findings"]
    assert {item["kind"] for item in first["findings"]} >= {"fall", "barriers"}
    for make in (render, lambda summary: markdown(summary, pictures(summary))):
        assert make(first) == make(second)


def test_an_axis_appears_with_its_symbol_and_words(tables: Any) -> None:
    summary = falling(tables, "gap", [GAP])
    told = {item["kind"]: item["text"] for item in summary["findings"]}
    assert "(g = 51 and 52; 200 trials each)" in told["fall"]
    assert told["barriers"].endswith("predicts in 2 of 2 series along g.")
    assert "at g = 53" in told["contrast"]
    assert summary["headline"][1].endswith(
        "at g = 51 and 52 (the numbers lying 2⁻ᵍ apart), and in none on the worse at g = 53 to 55."
    )
    assert [(entry["parameter"], entry["symbol"], entry["estimate"]) for entry in summary["barriers"]] == [
        ("gap", "g", 53),
        ("gap", "g", 53),
    ]
    drawn = pictures(summary)
    fall = next(picture for picture in drawn if picture.name == "fall")
    assert "against g, the numbers lying 2⁻ᵍ apart, with" in fall.caption
    assert fall.panels[1].alternative.startswith("Smallest success against g, the numbers lying 2⁻ᵍ apart.")
    assert (
        key_pictures(summary, drawn)[1].told
        == "2 of 2 curves fall from above ¾ to ¾ or below, first at g = 53."
    )
    page = render(summary)
    assert "g from" in page
    assert "<dt>g</dt><dd>the numbers lying 2⁻ᵍ apart.</dd>" in page
    assert "differ by 2<sup>−g</sup>" in page
    assert "sign, along g" in page


def test_a_demand_has_its_staircase(tables: Any) -> None:
    summary = asking(tables)
    told = {item["kind"]: item["text"] for item in summary["findings"]}
    assert told["staircase"] == (
        "Asked for (roots): with q = 1 and 2, where one answer serves every input or they were told apart, the best "
        "has 200/200 (adam); with q = 3 and 4, where no answer serves them all and no "
        "trial told them apart, 0/200 on the worst input (adam)."
    )
    assert summary["headline"][1] == (
        "With q = 1 and 2 (places asked for), where one answer serves every input or they were told apart, the best "
        "algorithm is right in 200 of 200 trials; with q = 3 and 4, where no answer serves them all and no trial told "
        "them apart, in 0 of 200 "
        "trials on its worst input."
    )
    stairs = next(picture for picture in pictures(summary) if picture.name == "staircase")
    assert stairs.title == "Places asked for against success"
    assert "from the q on at which" in stairs.caption
    assert "in 1 of 1 series along q" in told["barriers"]


def test_two_axes_of_a_kind_are_told_apart(tables: Any) -> None:
    """A family that writes e and one that writes g stand in one report, each with its own fall and its own panels."""
    both = {**GAP, "name": "exponent", "symbol": "e", "words": "the inputs differing by 2⁻ᵉ"}
    first, second = falling(tables, "gap", [GAP]), falling(tables, "exponent", [both])
    cells = [*first["cells"], *({**cell, "family": "other"} for cell in second["cells"])]
    panels = next(p for p in pictures({**first, "cells": cells}) if p.name == "fall").panels
    labels = {panel.alternative.partition(".")[0] for panel in panels[1:]}
    assert labels == {
        "Smallest success against g, the numbers lying 2⁻ᵍ apart",
        "Smallest success against e, the inputs differing by 2⁻ᵉ",
    }


def test_without_axes_there_is_no_series(tables: Any) -> None:
    summary = falling(tables, "gap", [])
    assert series(summary["cells"], "closeness", 2) == []
    assert summary["barriers"] == []
    assert "fall" not in {item["kind"] for item in summary["findings"]}
    assert "g from" not in render(summary)


@pytest.mark.parametrize(
    ("label", "larger"),
    [
        ("e, the inputs differing by 2⁻ᵉ", "e, the inputs differing by $2^{-e}$"),
        ("g, the numbers lying 2⁻ᵍ apart", "g, the numbers lying $2^{-g}$ apart"),
        ("n, x² and $3 or 10⁻ⁿ", r"n, x² and \$3 or $10^{-n}$"),
    ],
)
def test_raised_letters_are_set_larger(label: str, larger: str) -> None:
    assert set_larger(label) == larger


class Renamed(LinearProgram):
    """The linear program, its parameters under other names."""

    family = "renamed"
    axes = (
        Axis("gap", "g", "the rows lying 2⁻ᵍ apart"),
        Axis("places", "q", "places asked for", "demand"),
    )
    outputs = "points of the plane"

    def parameters(self) -> dict[str, Any]:
        given = dict(super().parameters())
        return {"y": given["y"], "places": given["digits"], "gap": given["exponent"]}


def test_a_family_of_ones_own_is_reported_along_its_axes(tmp_path: Path) -> None:
    problems = [Renamed(digits=4, exponent=e) for e in (20, 30, 53)]
    problems += [Renamed(digits=k, exponent=53) for k in (1, 2, 3)]
    result = run(problems, ["vertex"], oracle="blind", trials=40, directory=tmp_path / "run")
    summary = result.summary()
    assert summary["headline"][0].startswith("Points of the plane")
    told = {item["kind"]: item["text"] for item in summary["findings"]}
    assert told["staircase"].startswith("Places (renamed): with q = 1")
    assert {entry["parameter"] for entry in summary["barriers"]} == {"gap", "places"}
    assert "q from" in result.report().read_text(encoding="utf-8")
