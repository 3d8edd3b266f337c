"""Staircases: the exact bounds beside each other, titles that say what differs, and answers that are as many as k."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.figures.along import staircase_panels
from analysis.figures.limit import answers, answers_title, limit_frontier
from analysis.figures.style import drawing
from analysis.summary.older import completed

STEPS = {"max": ("1", "1/4", "1/4"), "euclidean": ("1", "3/4", "1/4")}
ANSWERS = [{"name": "answers", "symbol": "k", "words": "answers that exclude each other", "kind": "answers"}]


def stairs(tables: Any) -> dict[str, Any]:
    """Two norms, three demands each, with games of the values above."""
    cells, patterns = [], []
    for norm, values in STEPS.items():
        for k, value in enumerate(values):
            game = {"exclusive": ("1", "2"), "value": value, "compared": ("1", "2")} if value != "1" else {}
            number = len(cells)
            parameters = {"digits": k, "norm": norm, "y": "1", "exponent": 53}
            cells.append(
                tables.cell(cell=number, parameters=parameters, **{"exclusive": (), "theorem": "", **game})
            )
            patterns.append(tables.pattern(cell=number))
    found: dict[str, Any] = tables.summarise(cells, patterns)
    return found


def test_staircases_of_one_problem_stand_beside_each_other(tables: Any) -> None:
    with drawing():
        panels = staircase_panels(stairs(tables))  # type: ignore[arg-type]
    assert [panel.title for panel in panels] == [
        "training, the bounds",
        "decoy oracle, norm = max",
        "decoy oracle, norm = euclidean",
    ]
    assert (
        "norm = max, 0: 1, 1: 0.25, 2: 0.25; norm = euclidean, 0: 1, 1: 0.75, 2: 0.25"
        in panels[0].alternative
    )
    assert panels[0].figure.axes[0].get_ylabel() == "bound"


def test_answers_are_drawn_where_all_of_k_exclude_each_other(tables: Any) -> None:
    """A game with fewer than k exclusive answers has another bound than the line 1/k, or 1/k for another reason."""
    cells, patterns = [], []
    names = tuple("123456")
    for number, (k, value, exclusive) in enumerate(
        [(2, "1/2", 2), (3, "1/3", 3), (5, "2/5", 2), (4, "1/4", 2), (6, "1/6", 0)]
    ):
        cells.append(
            tables.cell(
                cell=number,
                axes=ANSWERS,
                parameters={"answers": k},
                value=value,
                compared=names[:k],
                inputs=names[:k],
                exclusive=names[:exclusive],
            )
        )
        outcome = {"statuses": ("halted",) * k, "claims": (None,) * k}
        patterns.append(
            tables.pattern(cell=number, verdicts=("accepted",) + ("rejected",) * (k - 1), **outcome)
        )
    summary = tables.summarise(cells, patterns)
    assert answers_title(summary) == "1/k and k/(2k − 1)"
    with drawing():
        (panel,) = answers(summary)
    assert "k = 2" in panel.alternative
    assert "k = 3" in panel.alternative
    assert not any(f"k = {k}" in panel.alternative for k in (4, 5, 6))


@pytest.mark.parametrize(
    ("theorem", "value", "weight", "line"),
    [("4", "1/3", "1/3", [0.5, 0.0]), ("4", "3/5", "2/5", [1.0, 1 / 3]), ("3", "1/3", None, [1.0, 1 / 3])],
)
def test_the_line_of_a_limit_game(
    tables: Any, theorem: str, value: str, weight: str | None, line: list[float]
) -> None:
    """A chain with the weights 1/3 each: p_0/3 + 2p/3 ≤ 1/3; k = 3 by the game and by Theorem 3: the same line."""
    weights = {} if weight is None else {"0": weight, "1": "1/10", "2": "1/10"}
    game = {"value": value, "compared": ("1", "2"), "weights": weights, "halting": "1/3"}
    cell = tables.cell(inputs=("1", "2", "0"), limit="0", theorem=theorem, exclusive=("1", "2"), **game)
    three = {
        name: (*tables.pattern()[name], tables.pattern()[name][1])
        for name in ("statuses", "verdicts", "claims")
    }
    summary = tables.summarise([cell], [tables.pattern(**three)])
    with drawing():
        (panel,) = limit_frontier(summary)
    heights = panel.figure.axes[0].lines[0].get_ydata()
    assert [heights[0], heights[-1]] == pytest.approx(line)
    entry = summary["cells"][0]["universal"]
    assert entry["halting_ceiling"] == pytest.approx(1 / 3)
    assert entry["limit_weight"] == pytest.approx(1 / 3 if line[0] < 1 else 2 / 5)
    for name in ("halting_ceiling", "limit_weight"):
        del entry[name]
    assert completed(summary)["cells"][0]["universal"]["limit_weight"] == pytest.approx(1 - entry["ceiling"])


def test_what_is_excepted_is_read_off_the_verdicts(tables: Any) -> None:
    """Weights 1/3 each: right on one input is within 1/3, right on two is not."""
    weights = {"0": "1/3", "1": "1/3", "2": "1/3"}
    cell = tables.cell(
        inputs=("1", "2", "0"), limit="0", theorem="4", exclusive=("1", "2"), value="1/3", compared=("1", "2"),
        weights=weights, halting="1/3",
    )  # fmt: skip
    whole = {"statuses": ("halted",) * 3, "claims": (None,) * 3, "shared": False}
    one = tables.pattern(**whole, verdicts=("accepted", "rejected", "rejected"), count=150)
    two = tables.pattern(**whole, verdicts=("accepted", "rejected", "accepted"), count=50)
    found = tables.summarise([cell], [one, two])["cells"][0]
    assert found["universal"]["spent"]["count"] == 50
    assert found["bound"]["value"] == pytest.approx(1 / 3 + 2 / 3 * 50 / 200)
    assert found["smallest"]["over"] == ["0", "1", "2"]
