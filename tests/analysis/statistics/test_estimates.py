"""Clopper–Pearson against published values; guarantees by exact enumeration."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from analysis.statistics.estimates import clopper_pearson, smallest, upper_limit
from analysis.statistics.theorems import bound_value


def pmf(trials: int, truth: float) -> list[float]:
    """P(Bin = k) for k = 0..trials."""
    return [float(weight) for weight in np.asarray(binom.pmf(range(trials + 1), trials, truth))]


# Newcombe, "Two-sided confidence intervals for the single proportion", Statist. Med. 17 (1998) 857-872, Table
# I, method 5.
@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_clopper_pearson_agrees_with_newcombe(successes: int, trials: int, low: float, high: float) -> None:
    estimate = clopper_pearson(successes, trials)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=5e-5)


def test_clopper_pearson_agrees_with_the_manual_of_r() -> None:
    # help(binom.test) in R: binom.test(682, 925, p = 0.75).
    assert clopper_pearson(682, 925).interval == pytest.approx([0.7076683, 0.7654066], abs=5e-8)


@pytest.mark.parametrize("trials", [1, 5, 40])
@pytest.mark.parametrize("truth", [0.001, 0.03, 0.3, 0.5, 0.77, 0.999])
def test_each_end_errs_with_probability_at_most_half_the_rest(trials: int, truth: float) -> None:
    estimates = [clopper_pearson(count, trials) for count in range(trials + 1)]
    weights = pmf(trials, truth)
    too_high = sum(weight for weight, part in zip(weights, estimates, strict=True) if part.low > truth)
    too_low = sum(weight for weight, part in zip(weights, estimates, strict=True) if part.high < truth)
    assert too_high <= 0.025 + 1e-12
    assert too_low <= 0.025 + 1e-12


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_holds_the_rate_and_mirrors(counts: tuple[int, int]) -> None:
    successes, trials = counts
    estimate, mirrored = clopper_pearson(successes, trials), clopper_pearson(trials - successes, trials)
    assert estimate.rate is not None
    assert estimate.low <= estimate.rate <= estimate.high
    assert (estimate.low == 0) == (successes == 0)
    assert (estimate.high == 1) == (successes == trials)
    assert mirrored.interval == pytest.approx([1 - estimate.high, 1 - estimate.low], abs=1e-12)


def test_nothing_is_known_without_trials() -> None:
    assert clopper_pearson(0, 0).interval == [0.0, 1.0]
    assert clopper_pearson(0, 0).rate is None
    assert smallest([0, 0], 0).interval == [0.0, 1.0]


def test_upper_limit_of_no_success_is_the_closed_form() -> None:
    # (1 - p)^n = error is solved by 1 - error^(1/n).
    assert upper_limit(0, 200, 1e-4) == pytest.approx(1 - 1e-4 ** (1 / 200), rel=1e-12)


@pytest.mark.parametrize("truths", list(product([0.02, 0.3, 0.5, 0.52, 0.9], repeat=2)))
def test_smallest_covers_for_independent_inputs(truths: tuple[float, float]) -> None:
    trials, missed = 12, 0.0
    first, second = (pmf(trials, truth) for truth in truths)
    for left, right in product(range(trials + 1), repeat=2):
        estimate = smallest([left, right], trials)
        if not estimate.low <= min(truths) <= estimate.high:
            missed += first[left] * second[right]
    assert missed <= 0.05 + 1e-12


def test_smallest_covers_for_inputs_that_exclude_each_other() -> None:
    # The coupled case: a run succeeds on one input or on the other, so the second count is what the first
    # leaves.
    trials, truth = 30, 0.5
    weights = pmf(trials, truth)
    parts = [smallest([count, trials - count], trials) for count in range(trials + 1)]
    missed = sum(
        weight for weight, part in zip(weights, parts, strict=True) if not part.low <= truth <= part.high
    )
    assert missed <= 0.05 + 1e-12


def test_smallest_needs_no_correction_below_and_one_above() -> None:
    estimate, alone = smallest([60, 100], 100), clopper_pearson(60, 100)
    assert estimate.rate == 0.6
    assert estimate.low == alone.low
    assert estimate.high == pytest.approx(upper_limit(60, 100, 0.0125), rel=1e-12)
    assert estimate.high > alone.high


@pytest.mark.parametrize(
    ("exclusive", "over_reading", "bound"),
    [
        (2, 0.0, 0.5),
        (2, 0.5, 0.75),
        (2, 1.0, 1.0),
        (3, 0.0, 1 / 3),
        (5, 0.25, 0.4),
        (1, 0.0, 1.0),
        (0, 0.2, 1.0),
    ],
)
def test_bound_of_theorem_1(exclusive: int, over_reading: float, bound: float) -> None:
    assert bound_value("1", exclusive, over_reading) == pytest.approx(bound, rel=1e-15)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match=r"successes=5 lies outside 0..trials=4"):
        clopper_pearson(5, 4)
    with pytest.raises(ValueError, match=r"confidence=95 is not strictly between 0 and 1"):
        clopper_pearson(1, 4, confidence=95)
    with pytest.raises(ValueError, match=r"successes=\(\) names no input"):
        smallest([], 4)
    with pytest.raises(ValueError, match=r"error=0.5 is 0.5 or more"):
        upper_limit(1, 4, 0.5)
