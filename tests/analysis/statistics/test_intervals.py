"""Intervals: coverage by exact enumeration, and published values."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from analysis.statistics.intervals import METHODS, method_named

TRUTHS = np.arange(1, 1000) / 1000
TRIALS = (*range(1, 25), 30, 40, 50, 75, 100, 137, 150, 199, 200)
# What `Method.guarantee` states: least coverage at any truth, and least average over truths, at 95%, n ≤ 200.
GUARANTEED = {
    "clopper-pearson": (0.95, 0.95),
    "wilson": (0.79, 0.949),
    "jeffreys": (0.85, 0.949),
    "agresti-coull": (0.82, 0.95),
    "mid-p": (0.91, 0.95),
    "anytime": (0.95, 0.95),
}


def limits(name: str, trials: int, confidence: float) -> NDArray[np.float64]:
    return np.array([METHODS[name].limits(s, trials, confidence) for s in range(trials + 1)])


def coverage(ends: NDArray[np.float64], truths: NDArray[np.float64]) -> NDArray[np.float64]:
    trials = len(ends) - 1
    mass = binom.pmf(np.arange(trials + 1)[:, None], trials, truths)
    found: NDArray[np.float64] = (mass * ((ends[:, :1] <= truths) & (truths <= ends[:, 1:]))).sum(axis=0)
    return found


@pytest.mark.parametrize("name", METHODS)
def test_every_method_covers_as_it_says(name: str) -> None:
    least, average = GUARANTEED[name]
    for trials in TRIALS:
        found = coverage(limits(name, trials, 0.95), TRUTHS)
        assert found.min() >= least - 1e-9, f"n = {trials}, p = {TRUTHS[found.argmin()]}"
        assert found.mean() >= average - 1e-9, f"n = {trials}"


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.99, 0.999])
def test_clopper_pearson_covers_at_every_level(confidence: float) -> None:
    for trials in (1, 2, 7, 20, 61, 200):
        assert coverage(limits("clopper-pearson", trials, confidence), TRUTHS).min() >= confidence - 1e-12


@pytest.mark.parametrize("name", METHODS)
def test_ends_are_ordered_symmetric_and_monotone(name: str) -> None:
    for trials in (1, 2, 10, 57):
        ends = limits(name, trials, 0.95)
        assert np.all(ends[:, 0] <= ends[:, 1])
        assert np.all((ends >= 0) & (ends <= 1))
        assert ends[::-1, ::-1] == pytest.approx(1 - ends, abs=1e-9)
        assert np.all(np.diff(ends[:, 0]) >= 0)


# R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods",
# Statist. Med. 17 (1998) 857–872, Table I: 95% limits to four places.
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("clopper-pearson", [(0.2527, 0.3676), (0.0578, 0.1617), (0.0, 0.1684), (0.0009, 0.1776)]),
        ("wilson", [(0.2553, 0.3662), (0.0624, 0.1605), (0.0, 0.1611), (0.0061, 0.1718)]),
        ("mid-p", [(0.2544, 0.3658), (0.0601, 0.1581), (0.0, 0.1391), (0.0017, 0.1585)]),
    ],
)
def test_published_limits(name: str, expected: list[tuple[float, float]]) -> None:
    for (successes, trials), ends in zip(((81, 263), (15, 148), (0, 20), (1, 29)), expected, strict=True):
        assert METHODS[name].limits(successes, trials, 0.95) == pytest.approx(ends, abs=5.1e-5)


def test_r_binom_test() -> None:
    """R's help page of binom.test: binom.test(682, 925) prints 0.7076683 0.7654066 (Conover 1971, p. 97 f.)."""
    assert METHODS["clopper-pearson"].limits(682, 925, 0.95) == pytest.approx(
        (0.7076683, 0.7654066), abs=5e-8
    )


def test_unknown_methods_are_refused() -> None:
    with pytest.raises(ValueError, match=r"interval='wald' is no method; choose one of clopper-pearson"):
        method_named("wald")


def test_a_summary_uses_the_method_asked_for(tables: Any) -> None:
    from analysis.summarise import summarise

    exact = tables.summarise([tables.cell()], [tables.pattern()])
    assert exact["method"]["interval"] == "clopper-pearson"
    assert "for every truth" in exact["method"]["guarantee"]
    import pandas as pd

    from analysis.summarise import FAILURE_COLUMNS

    frames = pd.DataFrame([tables.cell()]), pd.DataFrame([tables.pattern()])
    wilson = summarise({}, *frames, pd.DataFrame([], columns=list(FAILURE_COLUMNS)), {}, interval="wilson")
    cell = wilson["cells"][0]
    assert cell["by_input"]["1"]["interval"] == pytest.approx(METHODS["wilson"].limits(200, 200, 0.95))
    assert cell["test"] == exact["cells"][0]["test"]
