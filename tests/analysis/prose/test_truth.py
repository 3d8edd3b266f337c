"""Every sentence about generated experiments is found true again by its checker."""

from unittest import mock

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from analysis.statistics.smooth_fall import fit_floor
from analysis.summarise import FAILURE_COLUMNS, summarise
from tests.analysis.conftest import PATTERN, Tables
from tests.analysis.prose.experiments import defective, experiments, falling, plain, ruled, stairs
from tests.analysis.prose.forms import FORMS, changed, checker_of, refused
from tests.analysis.prose.store import Raw

FLAT = fit_floor([1, 2, 3], [(1, 0, 0), (1, 0, 0), (1, 0, 0)])
KNOWN: dict[str, list[tuple[Raw, str]]] = {}
"""By checker the first sentences that it met."""


def told_of(raw: Raw) -> list[str]:
    """Headline and findings of an experiment."""
    with (
        mock.patch("gc.collect"),  # half a second in each of Holm's adjustments
        mock.patch("analysis.summary.curves.fit_floor", return_value=FLAT),
    ):
        summary = summarise(
            {},
            pd.DataFrame(raw.cells),
            pd.DataFrame(raw.patterns(), columns=list(PATTERN)),
            pd.DataFrame(columns=list(FAILURE_COLUMNS)),
            {},
            untold=raw.untold,
        )
    return [*summary["headline"], *(item["text"] for item in summary["findings"])]


def require_true(raw: Raw, sentences: list[str]) -> None:
    for sentence in sentences:
        known = KNOWN.setdefault(checker_of(sentence), [])
        known += [(raw, sentence)] if len(known) < 4 else []
    assert sentences
    assert [why for why in (refused(raw, sentence) for sentence in sentences) if why] == []


@given(experiments())
@settings(max_examples=22, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_sentence_is_true(raw: Raw) -> None:
    require_true(raw, told_of(raw))


def test_rare_sentences_are_true() -> None:
    for raw in plain():
        require_true(raw, told_of(raw))


@given(experiments(most=1))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_sentences_about_one_cell_are_true(raw: Raw) -> None:
    require_true(raw, told_of(raw))


@given(falling())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_sentences_about_falls_are_true(raw: Raw) -> None:
    require_true(raw, told_of(raw))


@given(stairs())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_sentences_about_steps_are_true(raw: Raw) -> None:
    require_true(raw, told_of(raw))


@given(defective())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_sentences_about_defects_are_true(raw: Raw) -> None:
    sentences = [text for text in told_of(raw) if text.startswith("Defect")]
    require_true(raw, sentences)


@given(ruled())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_sentences_about_rules_and_dimensions_are_true(raw: Raw) -> None:
    told = [text for text in told_of(raw) if text.startswith(("Stopped early", "Dimensions"))]
    assert any(text.startswith("Dimensions") for text in told)
    require_true(raw, told)


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


def test_every_checker_meets_true_sentences_and_refuses_false_ones() -> None:
    """Of the sentences that a checker met it refuses one at least as soon as one number or name is another."""
    if not KNOWN:
        for generate in (
            test_every_sentence_is_true,
            test_rare_sentences_are_true,
            test_sentences_about_one_cell_are_true,
            test_sentences_about_falls_are_true,
            test_sentences_about_steps_are_true,
            test_sentences_about_defects_are_true,
            test_sentences_about_rules_and_dimensions_are_true,
        ):
            generate()
    alert = {
        name
        for name, examples in KNOWN.items()
        for raw, sentence in examples
        if any(refused(raw, other).startswith("not true") for other in changed(sentence))
    }
    checkers = {check.__name__ for _, check in FORMS}
    assert checkers - set(KNOWN) == set()
    assert checkers - alert == set()
