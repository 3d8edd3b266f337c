"""The summary of hand-made outcomes, number by number."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.statistics.estimates import clopper_pearson

BOTH = ("halted", "halted")


def entry(tables: Any, patterns: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    summary = tables.summarise([tables.cell(**changes)], patterns)
    found: dict[str, Any] = summary["cells"][0]
    return found


def test_a_trainer_under_decoy(tables: Any) -> None:
    cell = entry(tables, [tables.pattern()])
    assert (cell["recorded"], cell["complete"], cell["denominator"]) == (200, True, "planned")
    first, second = cell["by_input"]["1"], cell["by_input"]["2"]
    assert (first["successes"], first["rate"], first["interval"]) == (
        200,
        1.0,
        clopper_pearson(200, 200).interval,
    )
    assert (second["successes"], second["rate"]) == (0, 0.0)
    assert second["false_success"]["count"] == second["false_success"]["of"] == 200
    assert first["false_success"] == {"count": 0, "of": 0, "rate": None, "interval": [0.0, 1.0]}
    assert second["claims"]["true"] == {"accepted": 0, "rejected": 200, "undecided": 0, "none": 0}
    assert (cell["smallest"]["attained_on"], cell["smallest"]["rate"]) == (["2"], 0.0)
    assert (cell["over_reading"]["count"], cell["bound"]["value"], cell["bound"]["theorem"]) == (0, 0.5, "1")
    assert cell["test"]["p_adjusted"] == 1.0
    assert cell["test"]["above_bound"] is False
    assert (cell["double_accepted"], cell["undecided"]) == (0, 0)
    assert (cell["false_success"]["count"], cell["false_success"]["of"]) == (200, 200)


def test_over_reading_raises_the_bound(tables: Any) -> None:
    accepted = ("accepted", "accepted")
    cell = entry(
        tables,
        [
            tables.pattern(shared=False, verdicts=accepted, claims=(None, None), count=50),
            tables.pattern(verdicts=("accepted", "rejected"), claims=(None, None), count=75),
            tables.pattern(verdicts=("rejected", "accepted"), claims=(None, None), count=75),
        ],
        over_reading_exact=0.25,
    )
    assert (cell["over_reading"]["rate"], cell["over_reading"]["exact"]) == (0.25, 0.25)
    assert cell["bound"]["value"] == 0.625
    assert cell["smallest"]["rate"] == 0.625
    assert cell["smallest"]["attained_on"] == ["1", "2"]
    assert cell["double_accepted"] == 0
    assert cell["false_success"]["of"] == 0


def test_success_twice_in_one_run_is_a_violation(tables: Any) -> None:
    summary = tables.summarise(
        [tables.cell(cell=4)],
        [
            tables.pattern(cell=4, count=197),
            tables.pattern(cell=4, verdicts=("accepted", "accepted"), count=3),
        ],
    )
    assert summary["cells"][0]["double_accepted"] == 3
    assert summary["violations"] == [{"cell": 4, "kind": "double_accepted", "trials": 3}]
    assert next(item["text"] for item in summary["findings"] if item["kind"] == "pathwise").startswith(
        "Defect: 3 runs"
    )


def test_success_twice_is_no_violation_where_one_output_serves_both(tables: Any) -> None:
    cell = entry(tables, [tables.pattern(verdicts=("accepted", "accepted"))], exclusive=(), theorem="")
    assert cell["double_accepted"] == 0
    assert cell["bound"] == {
        "applies": False,
        "value": 1.0,
        "interval": [1.0, 1.0],
        "theorem": "",
        "exclusive_inputs": 0,
        "breadth": 1.0,
        "tier": "",
    }
    assert cell["test"] is None
    assert cell["smallest"]["over"] == ["1", "2"]


def test_a_cell_above_its_bound_is_a_violation(tables: Any) -> None:
    # Each run is right on one input only, yet both counts exceed the half: possible only if counts are wrong.
    cells = [tables.cell(cell=number) for number in range(120)]
    patterns = [tables.pattern(cell=0, verdicts=("accepted", "accepted"))]
    patterns += [tables.pattern(cell=number) for number in range(1, 120)]
    summary = tables.summarise(cells, patterns)
    assert {"cell": 0, "kind": "above_bound", "trials": 200} in summary["violations"]
    assert [cell["test"]["above_bound"] for cell in summary["cells"]] == [True, *[False] * 119]
    assert next(item["text"] for item in summary["findings"] if item["kind"] == "bound").startswith("Defect:")


def test_failures_stay_in_the_denominator(tables: Any) -> None:
    nothing = {"verdicts": (None, None), "claims": (None, None)}
    cell = entry(
        tables,
        [
            tables.pattern(count=100),
            tables.pattern(statuses=("error", "error"), count=40, **nothing),
            tables.pattern(statuses=("no_halt", "no_halt"), count=30, **nothing),
            tables.pattern(statuses=("invalid", "invalid"), verdicts=("rejected", "rejected"), count=20),
            tables.pattern(verdicts=("undecided", "rejected"), claims=(False, False), count=10),
        ],
    )
    first = cell["by_input"]["1"]
    assert first["rate"] == 0.5
    assert first["statuses"] == {
        **{"halted": 110, "no_halt": 30, "error": 40, "crashed": 0},
        **{"invalid": 20, "abstained": 0},
    }
    assert (first["undecided"], cell["undecided"]) == (10, 10)
    assert first["claims"]["none"] == {"accepted": 0, "rejected": 0, "undecided": 0, "none": 70}
    assert (first["false_success"]["count"], first["false_success"]["of"]) == (20, 20)
    assert (cell["false_success"]["count"], cell["false_success"]["of"]) == (120, 130)


def test_an_incomplete_run_says_so(tables: Any) -> None:
    summary = tables.summarise([tables.cell(), tables.cell(cell=1)], [tables.pattern(count=50)])
    begun, untouched = summary["cells"]
    assert (begun["denominator"], begun["by_input"]["1"]["rate"]) == ("recorded", 1.0)
    assert (untouched["recorded"], untouched["smallest"]["rate"], untouched["bound"]["value"]) == (
        0,
        None,
        None,
    )
    assert untouched["bound"]["interval"] == [0.5, 1.0]
    assert untouched["test"]["p_value"] == 1.0
    assert summary["totals"]["complete"] is False
    assert summary["totals"]["incomplete_cells"] == 2
    assert "50 of 400 planned trials" in summary["findings"][0]["text"]


def test_statuses_and_failures_are_summed(tables: Any) -> None:
    sample = {"cell": 0, "trial": 7, "input": "1", "status": "crashed", "note": None}
    summary = tables.summarise(
        [tables.cell()],
        [
            tables.pattern(count=190),
            tables.pattern(statuses=("crashed",) * 2, verdicts=(None,) * 2, claims=(None,) * 2, count=10),
        ],
        [sample],
    )
    assert summary["totals"]["statuses"] == {
        "halted": 380,
        "no_halt": 0,
        "error": 0,
        "crashed": 20,
        "invalid": 0,
        "abstained": 0,
    }
    assert summary["totals"]["failures"] == 20
    assert summary["failures"] == [{**sample, "trials": 1}]


def test_the_number_of_failures_may_be_the_callers(tables: Any) -> None:
    summary = tables.summarise([tables.cell()], [tables.pattern()], failure_total=10)
    assert summary["totals"]["failures"] == 10


def test_the_summary_is_json_and_every_key_is_documented(tables: Any) -> None:
    summary = tables.summarise(
        [tables.cell(parameters={"exponent": np.int64(53)})],
        [tables.pattern()],
        experiment={"name": "x", "seed": np.int64(3)},
        provenance={"versions": {"a": (1, 2)}},
    )
    again = json.loads(json.dumps(summary, allow_nan=False))
    assert again == summary
    text = (Path(__file__).parents[3] / "docs" / "summary-json.md").read_text(encoding="utf-8")
    keys = {*summary, *summary["method"], *summary["totals"]}
    for cell in summary["cells"]:
        keys |= {
            *cell,
            *cell["smallest"],
            *cell["bound"],
            *cell["test"],
            *cell["over_reading"],
            *cell["by_input"]["1"],
        }
    assert [key for key in sorted(keys) if f"`{key}`" not in text and f'"{key}"' not in text] == []


@pytest.mark.parametrize(
    ("cell", "pattern", "message"),
    [
        ({}, {"cell": 9}, r"patterns.cell=9 is not in the table of cells"),
        ({}, {"count": 201}, r"planned=200 of cell 0 is below its 201 recorded trials"),
        ({}, {"statuses": ("halted",)}, r"has not one entry for each input \('1', '2'\)"),
        ({}, {"statuses": ("halted", "fine")}, r"status='fine' of cell 0 is none of"),
        ({}, {"verdicts": ("yes", None)}, r"verdict='yes' of cell 0 is none of"),
        ({}, {"statuses": ("error", "halted")}, r"verdict='accepted' of cell 0 has status='error'"),
        ({"exclusive": ("1", "3")}, {}, r"exclusive=\('1', '3'\) of cell 0 is not among inputs"),
        ({"inputs": (), "exclusive": ()}, {}, r"inputs=\(\) of cell 0 is empty"),
    ],
)
def test_contradictions_are_refused(
    tables: Any, cell: dict[str, Any], pattern: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        tables.summarise([tables.cell(**cell)], [tables.pattern(**pattern)])


def test_missing_columns_and_repeated_cells_are_refused(tables: Any) -> None:
    with pytest.raises(ValueError, match=r"repeats a number"):
        tables.summarise([tables.cell(), tables.cell()], [tables.pattern()])
    blind = {key: value for key, value in tables.cell().items() if key != "oracle"}
    with pytest.raises(ValueError, match=r"lacks \['oracle'\]"):
        tables.summarise([blind], [tables.pattern()])
