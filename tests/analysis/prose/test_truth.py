"""Every sentence about generated experiments is found true again by its checker."""

from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.statistics.smooth_fall import fit_floor
from tests.analysis.conftest import Tables
from tests.analysis.prose.forms import refused
from tests.analysis.prose.store import Raw

STATUSES = ("halted", "halted", "halted", "no_halt", "error", "crashed", "invalid")
FLAT = fit_floor([1, 2, 3], [(1, 0, 0), (1, 0, 0), (1, 0, 0)])


@st.composite
def outcomes(
    draw: st.DrawFn, cell: dict[str, Any], manner: str, shared: bool, perfect: bool
) -> dict[str, Any]:
    """One trial: a shared run has one output, accepted on one exclusive input at most; others have what they have."""
    inputs, exclusive = cell["inputs"], cell["exclusive"]
    status = {"errors": "error", "silent": "no_halt"}.get(manner) or draw(st.sampled_from(STATUSES))
    statuses = (
        [status] * len(inputs) if shared or perfect else [draw(st.sampled_from(STATUSES)) for _ in inputs]
    )
    if manner in ("errors", "silent"):
        statuses = [status] * len(inputs)
    claim = draw(st.sampled_from((None, True, False)))
    chosen = draw(st.sampled_from([*exclusive, None])) if exclusive else None
    verdicts: list[str | None] = []
    for name, ended in zip(inputs, statuses, strict=True):
        if ended != "halted":
            verdicts.append(None)
        elif shared and name in exclusive and len(exclusive) > 1:
            verdicts.append("accepted" if name == chosen else "rejected")
        else:
            verdicts.append(
                "accepted" if perfect else draw(st.sampled_from(("accepted", "rejected", "undecided")))
            )
    claims = tuple(claim if verdict is not None else None for verdict in verdicts)
    return {"shared": shared, "statuses": tuple(statuses), "verdicts": tuple(verdicts), "claims": claims}


@st.composite
def experiments(draw: st.DrawFn) -> Raw:
    """Any mix of families, oracles, algorithms and roles, with few trials, whole or not."""
    cells, trials = [], []
    lines = draw(st.integers(1, 4))
    for line in range(lines):
        name = draw(st.sampled_from(("adam", "reader", "boom")))
        label = draw(st.sampled_from((name, f"{name}[bits={line}]")))
        manner = draw(st.sampled_from(("any", "any", "good", "errors", "silent")))
        kind = {
            "family": draw(st.sampled_from(("training", "other"))),
            "oracle": draw(st.sampled_from(("blind", "honest"))),
            "algorithm": label,
            "algorithm_name": name,
            "role": draw(st.sampled_from(("trainer", "baseline", "control"))),
        }
        three = draw(st.booleans())
        end = draw(st.integers(5, 9))
        digits = draw(st.integers(1, 2))
        for e in range(5, 5 + draw(st.integers(1, 5))):
            limit = draw(st.sampled_from(("", "", "", "0")))
            exclusive = draw(st.sampled_from((("1", "2", "3") if three else ("1", "2"),) * 4 + ((),)))
            cell = {
                **Tables.cell(),
                **kind,
                "cell": len(cells),
                "parameters": {"exponent": e, "digits": draw(st.sampled_from((digits, digits, digits, 3)))},
                "inputs": (*([limit] if limit and exclusive else []), *(exclusive or ("1", "2"))),
                "exclusive": exclusive,
                "limit": limit if exclusive else "",
                "theorem": ("2" if limit else "1") if exclusive else "",
                "over_reading_exact": None,
                "planned": draw(st.integers(1, 6)),
            }
            apart = draw(st.sampled_from((e < end, e < end, e < end, None)))
            done = draw(st.integers(0, cell["planned"]) if draw(st.booleans()) else st.just(cell["planned"]))
            rows = []
            for _ in range(done):
                told = draw(st.booleans()) if apart is None else apart
                rows.append(draw(outcomes(cell, manner, not told, manner == "good")))
            cells.append(cell)
            trials.append(rows)
    return Raw(cells, trials)


@given(experiments())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_sentence_is_true(raw: Raw) -> None:
    with (
        mock.patch("gc.collect"),  # half a second in each of Holm's adjustments
        mock.patch("analysis.summary.curves.fit_floor", return_value=FLAT),
    ):
        summary = Tables.summarise(raw.cells, raw.patterns())
    sentences = [*summary["headline"], *(item["text"] for item in summary["findings"])]
    assert sentences
    assert [why for why in (refused(raw, sentence) for sentence in sentences) if why] == []


@st.composite
def ruled(draw: st.DrawFn) -> Raw:
    """Cells with stopping rules that ended as their trials let them, beside a control that needs other dimensions."""
    cells, trials = [], []
    for number in range(draw(st.integers(1, 5))):
        end = draw(st.sampled_from(("above", "below", "width", None)))
        apart, planned = end == "above" or draw(st.booleans()), draw(st.integers(1, 5))
        mixed = end == "above" and draw(st.booleans())
        verdicts = ("accepted",) * 2 if apart else ("accepted", "rejected")
        trial = {"statuses": ("halted",) * 2, "verdicts": verdicts, "claims": (None, None)}
        rule = {"until": "decided", "cap": planned + draw(st.integers(0, 9)), "against": None, "stopped": end}
        cells.append(Tables.cell(cell=number, planned=planned, algorithm=f"a{number}", limit="", **rule))
        done = planned if draw(st.booleans()) else draw(st.integers(0, planned))
        alike = {**trial, "verdicts": ("accepted", "rejected"), "shared": True}
        trials.append([alike if mixed and k else {**trial, "shared": not apart} for k in range(done)])
    plain = {"algorithm": "wide", "role": "control", "limit": "", "until": None, "cap": 0, "against": None}
    for free in (True, False):
        verdict, status = ("accepted", "halted") if free else (None, "invalid")
        ended = {
            "shared": True,
            "statuses": (status,) * 2,
            "verdicts": (verdict,) * 2,
            "claims": (None, None),
        }
        exclusive = () if free else ("1", "2")
        size = draw(st.integers(1, 3))
        kind = {"exclusive": exclusive, "theorem": "" if free else "1", "planned": size, "stopped": None}
        cells.append(Tables.cell(cell=len(cells), parameters={"exponent": 53, "free": free}, **plain, **kind))
        trials.append([ended] * size)
    return Raw(cells, trials)


@given(ruled())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_sentences_about_rules_and_dimensions_are_true(raw: Raw) -> None:
    with mock.patch("gc.collect"), mock.patch("analysis.summary.curves.fit_floor", return_value=FLAT):
        summary = Tables.summarise(raw.cells, raw.patterns())
    told = [item["text"] for item in summary["findings"]]
    told = [text for text in told if text.startswith(("Stopped early", "Dimensions"))]
    assert any(text.startswith("Dimensions") for text in told)
    assert [why for why in (refused(raw, text) for text in told) if why] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Stopped early: the one cell with a stopping rule was decided above 1/2 (inputs told apart), after 1 of at "
        "most 1 trial.",
        "Dimensions: adam, a control, is right in every trial where dimensions may vary (1 cell); where they are fixed "
        "(1 cell) all its 2 outputs are invalid, which is no failure: it is what the control is to show.",
    ],
)
def test_a_false_sentence_about_rules_and_dimensions_is_refused(sentence: str) -> None:
    rule = {"until": "decided", "cap": 1, "against": None, "stopped": "above"}
    cell = Tables.cell(planned=1, limit="", **rule)
    shared = {"statuses": ("halted",) * 2, "verdicts": ("accepted", "rejected"), "claims": (None, None)}
    assert refused(Raw([cell], [[{**shared, "shared": True}]]), sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Exit flags: of 1 rejected output that came with an exit flag, 0 (0%) were reported as converged.",
        "Run by run: 3 runs gave one answer to mutually exclusive inputs; none was accepted on two of them.",
        "Success falls where the digits that are read end: 1 algorithm is right in all trials on each "
        "input at e = 50 and "
        "51 (the inputs differing by 2⁻ᵉ), and in none on the worse at e = 53.",
        "Something that nobody has a checker for.",
    ],
)
def test_a_false_sentence_is_refused(sentence: str) -> None:
    cell = {**Tables.cell(), "parameters": {"exponent": 53, "digits": 1}, "limit": ""}
    trial = {
        "shared": True,
        "statuses": ("halted",) * 2,
        "verdicts": ("accepted", "rejected"),
        "claims": (True, True),
    }
    assert refused(Raw([cell], [[trial]]), sentence)
