"""The form of summary.json: its types, its JSON Schema, its documentation and what is made agree."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints, is_typeddict

import pytest
from jsonschema import Draft202012Validator

from algorithms.registry import resolve
from analysis.figures.gallery import pictures
from analysis.report.exports import markdown
from analysis.report.page import render
from analysis.summary import schema
from analysis.summary.json_schema import json_schema, shipped
from onehalf.adversary.attack import attack
from onehalf.families.linear_program.problem import LinearProgram
from onehalf.families.simplex.problem import Simplex
from onehalf.families.stability.problem import Stability
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.plan.rule import read_until
from onehalf.running.run import run_experiment

DOCUMENT = (Path(__file__).parents[3] / "docs" / "summary-json.md").read_text(encoding="utf-8")
TABLES = {
    "Top level": schema.Summary,
    "method": schema.MethodEntry,
    "totals": schema.TotalsEntry,
    "violations": schema.ViolationEntry,
    "cells": schema.CellEntry,
    "axes[]": schema.AxisEntry,
    "by_input[name]": schema.InputEntry,
    "smallest": schema.SmallestEntry,
    "bound": schema.BoundEntry,
    "pair": schema.PairEntry,
    "promises": schema.PromiseEntry,
    "sequential": schema.SequentialEntry,
    "attained": schema.AttainedEntry,
    "universal": schema.UniversalEntry,
    "test": schema.BoundTestEntry,
    "barriers": schema.BarrierEntry,
    "smooth": schema.SmoothEntry,
    "barrier_differences": schema.DifferenceEntry,
    "comparisons": schema.ComparisonEntry,
    "failures": schema.FailureEntry,
    "findings": schema.FindingEntry,
    "stories": schema.StoryEntry,
    "attack": schema.AttackEntry,
    "study[]": schema.StudyEntry,
}
"""Headings of the document, with the type whose keys stand in the tables under them."""
IN_PROSE = {schema.RateEntry, schema.ShareEntry, schema.OverReadingEntry}
"""Types whose keys the text around the tables describes."""


def documented() -> dict[str, set[str]]:
    """By heading the keys that the tables under it describe: the code in their first column."""
    found: dict[str, set[str]] = {}
    heading = ""
    for line in DOCUMENT.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ").strip("`")
        elif line.startswith("| `"):
            found.setdefault(heading, set()).update(re.findall(r"`([^`]+)`", line.split("|")[1]))
    return found


def reached(kind: Any) -> Iterator[Any]:
    """Every type of objects that is part of another, itself included."""
    if is_typeddict(kind):
        yield kind
        for hint in get_type_hints(kind).values():
            yield from reached(hint)
    for part in get_args(kind):
        yield from reached(part)


@pytest.mark.parametrize("heading", TABLES)
def test_every_key_is_documented_and_no_other(heading: str) -> None:
    assert documented()[heading] == set(get_type_hints(TABLES[heading]))


def test_every_type_is_documented() -> None:
    assert set(reached(schema.Summary)) == {*TABLES.values(), *IN_PROSE}
    for kind in IN_PROSE:
        assert [key for key in get_type_hints(kind) if f"`{key}`" not in DOCUMENT] == []


def test_the_schema_that_ships_is_made_of_the_types() -> None:
    """To make it anew, write `analysis.summary.json_schema.written()` to its file."""
    Draft202012Validator.check_schema(shipped())
    assert shipped() == json_schema()


def errors(summary: Any) -> list[str]:
    found = Draft202012Validator(shipped()).iter_errors(json.loads(json.dumps(summary)))
    return [f"{list(error.path)}: {error.message}" for error in found]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """An experiment of every family, with a limit, a rule, a series and a failure."""
    training = [AlternatingTraining(exponent=e, hidden=(2,)) for e in (52, 53, 54)]
    small = Stability(support=6, hidden=(2,), training=20, validation=8)
    cells = [
        *cells_of(training, ["decoy"], ["reader[bits=53]", "coin-flip"], 6),
        *cells_of([AlternatingTraining(exponent=55, hidden=(2,))], ["blind"], ["interpolant"], 3),
        *cells_of([AlternatingTraining(exponent=53, limit=True)], ["blind"], ["coin-flip"], 6),
        *cells_of([LinearProgram(digits=k) for k in (2, 3, 4)], ["blind"], ["vertex", "midpoint"], 6),
        *cells_of([Simplex(answers=k) for k in (2, 3)], ["blind"], ["coin-flip"], 6),
        *cells_of([Simplex(answers=4)], ["blind"], ["coin-flip"], 40, until=read_until("decided")),
        *cells_of([small], ["honest"], ["coin-flip", "constant-half"], 2),
    ]
    place = tmp_path_factory.mktemp("schema") / "run"
    found: dict[str, Any] = run_experiment(Experiment("mixed", 1, tuple(cells)), place, 1).summary()
    return found


def test_summaries_of_every_kind_have_the_form(tables: Any, mixed: dict[str, Any], tmp_path: Path) -> None:
    assert errors(mixed) == []
    assert mixed["barriers"]
    assert mixed["comparisons"]
    assert mixed["failures"]
    assert mixed["stability"]
    assert any(cell["universal"] for cell in mixed["cells"])
    assert any(cell["sequential"] for cell in mixed["cells"])
    for patterns in ([], [tables.pattern(count=7)], [tables.pattern()]):
        assert errors(tables.summarise([tables.cell()], patterns)) == []
    problem = AlternatingTraining(exponent=53, hidden=(2,))
    attack(resolve("coin-flip"), problem, tmp_path / "attack", cap=20, jobs=1)
    attacked = json.loads((tmp_path / "attack" / "summary.json").read_text(encoding="utf-8"))
    assert errors(attacked) == []
    assert attacked["attack"]["study"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("cells", 0, "recorded"), "6"),
        (("cells", 0, "by_input", "1", "rate"), "all"),
        (("barriers", 0, "estimate"), 1.5),
        (("method",), None),
    ],
)
def test_another_form_is_seen(mixed: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    other = json.loads(json.dumps(mixed))
    place = other
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert errors(other) != []
    del place[path[-1]]
    assert errors(other) != []


def test_a_summary_of_the_first_release_is_read(mixed: dict[str, Any]) -> None:
    """It has no axes, no nouns and no stories: what is made of these is missing, and the rest is there."""
    older = json.loads(json.dumps(mixed))
    del older["stories"]
    for cell in older["cells"]:
        del cell["axes"], cell["outputs"]
    for entry in (*older["barriers"], *older["barrier_differences"]):
        del entry["symbol"], entry["words"], entry["kind"]
    page = render(older)
    assert 'id="cells"' in page
    assert "exponent from" in page
    assert {picture.name for picture in pictures(older)} >= {"frontier", "limit"}
    assert "## Barriers" in markdown(older, [])
