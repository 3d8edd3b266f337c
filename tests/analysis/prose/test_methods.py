"""What a report says of its methods is what was done: its numbers, and which terms stand there, counted apart."""

import re
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
from hypothesis import HealthCheck, given, settings

from analysis.prose import methods as module
from analysis.prose.methods import REFERENCES, terms
from analysis.summarise import FAILURE_COLUMNS, summarise
from tests.analysis.conftest import PATTERN
from tests.analysis.prose.experiments import experiments
from tests.analysis.prose.store import Raw
from tests.analysis.prose.test_truth import FLAT


def summary_of(raw: Raw) -> Any:
    with (
        mock.patch("gc.collect"),
        mock.patch("analysis.summary.curves.fit_floor", return_value=FLAT),
    ):
        return summarise(
            {},
            pd.DataFrame(raw.cells),
            pd.DataFrame(raw.patterns(), columns=list(PATTERN)),
            pd.DataFrame(columns=list(FAILURE_COLUMNS)),
            {},
            untold=raw.untold,
        )


@given(experiments())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_methods_say_what_was_done(raw: Raw) -> None:
    told = dict(terms(summary_of(raw)))
    tested = [at for at in raw.numbers if raw.bounded(at)]  # a cell without a trial counts: it was planned
    said = re.search(
        r"Holm's method \[4\] for ([\d,]+) cells?; .* at most (\S+)\. A large", told["Adjusted p"]
    )
    assert said is not None
    assert int(said[1].replace(",", "")) == len(tested)
    assert float(said[2]) == 0.01  # the documented level of "above the bound"
    assert told["Intervals"].startswith("Clopper–Pearson [1] at 95%. ")

    limits = {raw.cells[at]["theorem"] for at in tested if raw.cells[at]["limit"]}
    count = re.search(r"In ([\d,]+) cells? the limit .* that of (.*?), at the measured", told["Bound"])
    assert (count is not None) == bool(limits)
    if count is not None:
        assert int(count[1]) == sum(bool(raw.cells[at]["limit"]) for at in tested)
        named = {"2": "Theorem 2", "3": "Theorem 3", "4": "the limit game"}
        assert {name for name, words in named.items() if words in count[2]} == limits
        assert set(re.findall(r"Theorem (\d)", count[2])) == limits - {"4"}  # the limit game is no Theorem 4
    shared = [at for at in tested if raw.cells[at]["value"] and not raw.cells[at]["limit"]]
    assert ("the value v of a game" in told["Bound"]) == bool(shared)
    assert "Stopped early" not in told  # no cell that is drawn has a rule


def test_every_reference_is_cited_and_every_citation_is_a_reference() -> None:
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    assert {int(number) for number in re.findall(r"\[(\d+)\]", text)} == set(range(1, len(REFERENCES) + 1))
