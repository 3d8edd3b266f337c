"""The test against the bound: reference values, its level by exact enumeration, its power; Holm's method."""

from fractions import Fraction
from math import comb, factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.bound_test import LEVEL, above_bound, exceedance, holm, nuisance_error
from analysis.statistics.theorems import bound_value


def exact_tail(successes: int, trials: int, probability: Fraction) -> Fraction:
    """P(Bin ≥ successes), term by term in rational arithmetic."""
    return sum(
        (
            comb(trials, k) * probability**k * (1 - probability) ** (trials - k)
            for k in range(successes, trials + 1)
        ),
        Fraction(0),
    )


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (6, 10), (10, 10), (60, 100), (115, 200)])
@pytest.mark.parametrize("bound", [Fraction(1, 2), Fraction(9, 16), Fraction(1)])
def test_tail_agrees_with_rational_arithmetic(successes: int, trials: int, bound: Fraction) -> None:
    assert exceedance(successes, trials, float(bound)) == pytest.approx(
        float(exact_tail(successes, trials, bound)), rel=1e-10
    )


def test_tail_of_the_manual_of_r() -> None:
    # help(binom.test) in R: binom.test(682, 925, p = 0.75) has 682 or fewer with probability 0.2018...; its
    # mirror.
    assert exceedance(925 - 682, 925, 0.25) == pytest.approx(
        float(exact_tail(243, 925, Fraction(1, 4))), rel=1e-10
    )


def test_p_value_is_the_larger_part_at_the_upper_limit_of_t() -> None:
    outcome = above_bound([150, 180], 200, over_reads=0, error=1e-4)
    limit = 1 - 1e-4 ** (1 / 200)
    assert outcome.bound == pytest.approx((1 + limit) / 2, rel=1e-12)
    assert outcome.p_value == pytest.approx(exceedance(150, 200, (1 + limit) / 2) + 1e-4, rel=1e-12)


@pytest.mark.parametrize("over_reading", [0.0, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("level", [0.05, 0.01])
def test_level_holds_for_an_algorithm_on_the_bound(over_reading: float, level: float) -> None:
    # The tight algorithm of Theorem 1: right on both inputs with probability t, else on one of them at
    # random. All outcomes of 24 trials are enumerated, with their multinomial probabilities.
    trials, rejected = 24, 0.0
    half = (1 - over_reading) / 2
    for both in range(trials + 1):
        for first in range(trials - both + 1):
            second = trials - both - first
            outcome = above_bound([both + first, both + second], trials, over_reads=both)
            if outcome.p_value <= level:
                ways = factorial(trials) // (factorial(both) * factorial(first) * factorial(second))
                rejected += ways * over_reading**both * half ** (first + second)
    assert rejected <= level


def test_a_harness_that_lets_runs_succeed_twice_is_found() -> None:
    assert above_bound([40, 40], 40, over_reads=0).p_value < LEVEL
    assert above_bound([200, 200], 200, over_reads=0).p_value == pytest.approx(1e-4, rel=1e-3)


@pytest.mark.parametrize(
    "counts", [([0, 200], 200, 0), ([200, 200], 200, 200), ([100, 100], 200, 0), ([0, 0], 0, 0)]
)
def test_what_theory_allows_is_not_rejected(counts: tuple[list[int], int, int]) -> None:
    assert above_bound(*counts).p_value > 0.5


def test_more_inputs_have_the_smaller_bound() -> None:
    outcome = above_bound([90, 95, 99], 200, over_reads=0)
    limit = 1 - 1e-4 ** (1 / 200)
    assert outcome.bound == pytest.approx(bound_value("1", 3, limit), rel=1e-12)
    assert outcome.p_value < LEVEL


def test_one_input_has_no_test() -> None:
    with pytest.raises(ValueError, match=r"successes=\(5,\) has fewer than two inputs"):
        above_bound([5], 10, 0)
    with pytest.raises(ValueError, match=r"successes=11 lies outside 0..trials=10"):
        above_bound([5, 11], 10, 0)


@pytest.mark.parametrize("tests", [1, 10, 61, 150, 5000])
def test_a_clear_violation_survives_the_adjustment_whatever_the_number_of_cells(tests: int) -> None:
    error = nuisance_error(tests)
    violation = above_bound([1000, 1000], 1000, over_reads=0, error=error).p_value
    assert holm([violation, *[1.0] * (tests - 1)])[0] <= LEVEL


def test_holm_by_hand() -> None:
    # Holm (1979): the j-th smallest of m is multiplied by m - j + 1 and made no less than those before it.
    # 0.01·4 = 0.04; 0.011·3 = 0.033, raised to 0.04; 0.03·2 = 0.06; 0.04·1 = 0.04, raised to 0.06.
    assert holm([0.03, 0.01, 0.04, 0.011]) == pytest.approx([0.06, 0.04, 0.06, 0.04], rel=1e-12)
    assert holm([]) == []


# statsmodels collects garbage in every call, so that each takes some 50 ms.
@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_by_its_definition(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    for index, value in enumerate(p_values):
        smaller = sorted(p for p in p_values if p <= value)
        parts = [min(1.0, p * (len(p_values) - rank)) for rank, p in enumerate(smaller)]
        # Equal p-values share the adjustment of the first of them.
        ties = p_values.count(value)
        assert adjusted[index] >= value
        assert adjusted[index] == pytest.approx(max(parts[: len(parts) - ties + 1]), rel=1e-9, abs=1e-300)
