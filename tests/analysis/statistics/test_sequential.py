"""Sequential tests keep their level when looked at after every trial up to 10,000: exact dynamic programming."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta

from analysis.statistics.operating import (
    Boundaries,
    comparison,
    e_process,
    e_process_boundary,
    fixed,
    never,
    passage,
    wald,
)
from analysis.statistics.sequential import (
    anytime_p_value,
    confidence_sequence,
    log_e_above,
    log_e_below,
    log_e_smallest_above,
    log_e_smallest_below,
    log_martingale,
)

CAP = 10_000
TRUTHS = (0.0, 0.05, 0.25, 0.45, 0.49, 0.5)


@pytest.mark.parametrize("level", [0.05, 0.01])
def test_the_e_process_errs_at_most_at_its_level_at_every_truth_below_the_bound(level: float) -> None:
    boundaries = e_process(CAP, level)
    errors = [passage(boundaries, p).above for p in TRUTHS]
    assert max(errors) <= level
    assert errors == sorted(errors)
    # The guarantee must not be empty: at the bound itself most of the level is used.
    assert errors[-1] > level / 2


def test_the_mirror_errs_at_most_at_its_level_above_the_bound() -> None:
    upper, _ = never(CAP)
    boundaries = Boundaries(upper, e_process_boundary(CAP, 0.01, below=True))
    assert max(passage(boundaries, p).below for p in (0.5, 0.51, 0.55, 0.75, 1.0)) <= 0.01


@pytest.mark.parametrize("bound", [0.1, 1 / 3, 2 / 3])
def test_other_bounds_keep_their_level(bound: float) -> None:
    boundaries = e_process(3000, 0.05, bound)
    assert max(passage(boundaries, p).above for p in (0.0, bound / 2, bound - 0.01, bound)) <= 0.05


@pytest.mark.parametrize("truth", [0.001, 0.05, 0.3, 0.5, 0.9, 0.999])
def test_the_confidence_sequence_holds_the_truth_at_all_times(truth: float) -> None:
    """It misses where the martingale at the truth reaches 1/α: the boundaries of that, and their first passage."""
    alpha = 0.05
    n = np.arange(1, CAP + 1)
    peak = np.floor(n * truth).astype(np.int64)

    def outside(successes: np.ndarray) -> np.ndarray:
        return np.asarray(log_martingale(successes, n, truth) >= -math.log(alpha))

    low, high = peak.copy(), n + 1
    while np.any(low + 1 < high):
        middle = (low + high) // 2
        reached = outside(np.minimum(middle, n)) & (middle > peak)
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    upper = high
    low, high = np.full(CAP, -1), peak + 1
    while np.any(low + 1 < high):
        middle = (low + high) // 2
        reached = outside(np.maximum(middle, 0)) & (middle <= peak)
        low, high = np.where(reached, middle, low), np.where(reached, high, middle)
    found = passage(Boundaries(upper, low), truth)
    assert 0 < found.above + found.below <= alpha
    for index in (9, 99, 999):
        for successes in {int(low[index]), int(low[index]) + 1, int(upper[index]) - 1, int(upper[index])}:
            if 0 <= successes <= n[index]:
                ends = confidence_sequence(successes, int(n[index]), 1 - alpha)
                missed = not ends[0] <= truth <= ends[1]
                assert missed == bool(log_martingale(successes, n[index], truth) >= -math.log(alpha))


def test_expected_trials_beside_wald_and_fixed_n() -> None:
    """The target is at most 280 trials at p = 0.6; Wald's test needs 213 when it is told 0.6, a fixed n 391."""
    rows = comparison((0.5, 0.6))
    process, both, sprt, fixed_n = (row.passages for row in rows)
    assert process[1].expected <= 280
    assert both[1].expected <= 280
    assert sprt[1].expected == pytest.approx(213, abs=0.5)
    assert sprt[0].above <= 0.01
    assert rows[3].name == "fixed n = 391"
    assert fixed_n[0].above <= 0.01
    assert fixed_n[1].above >= 0.95


def test_a_fixed_test_looked_at_after_every_trial_does_not_keep_its_level() -> None:
    """The same dynamic programming finds the error that the e-process avoids (Armitage, McPherson, Rowe 1969)."""
    from scipy.stats import binom

    n = np.arange(1, 1001)
    peeking = Boundaries(binom.isf(0.01, n, 0.5).astype(np.int64) + 1, never(1000)[1])
    assert passage(peeking, 0.5).above > 0.05


def test_passage_agrees_with_enumeration() -> None:
    boundaries = Boundaries(np.array([9, 2, 3, 3]), np.array([-1, 0, 0, 1]))
    p, above, below, expected = 0.3, 0.0, 0.0, 0.0
    for bits in range(16):
        path = [(bits >> k) & 1 for k in range(4)]
        mass = math.prod(p if bit else 1 - p for bit in path)
        total = 0
        for n, bit in enumerate(path, start=1):
            total += bit
            if total >= boundaries.upper[n - 1]:
                above += mass
                break
            if total <= boundaries.lower[n - 1]:
                below += mass
                break
        expected += mass * n
    found = passage(boundaries, p)
    assert (found.above, found.below, found.expected) == pytest.approx((above, below, expected), abs=1e-14)


def test_boundaries_are_the_first_and_last_counts_that_reach_the_level() -> None:
    upper, lower = e_process_boundary(300, 0.01, 0.4), e_process_boundary(300, 0.01, 0.4, below=True)
    for n in (1, 5, 50, 300):
        s = np.arange(n + 1)
        above = np.flatnonzero(log_e_above(s, n, 0.4) >= math.log(100))
        below = np.flatnonzero(log_e_below(s, n, 0.4) >= math.log(100))
        assert upper[n - 1] == (above[0] if len(above) else n + 1)
        assert lower[n - 1] == (below[-1] if len(below) else -1)


def test_walds_boundaries_are_the_likelihood_ratios() -> None:
    found = wald(200, 0.01, 0.05, 0.5, 0.6)
    n = np.arange(1, 201)
    ratio = np.arange(201)[:, None] * math.log(1.2) + (n - np.arange(201)[:, None]) * math.log(0.8)
    for k in (20, 100, 200):
        column = ratio[: k + 1, k - 1]
        reached = np.flatnonzero(column >= math.log(95))
        assert found.upper[k - 1] == (reached[0] if len(reached) else found.upper[k - 1])
        dropped = np.flatnonzero(column <= math.log(0.05 / 0.99))
        assert found.lower[k - 1] == (dropped[-1] if len(dropped) else -1)
    assert int(fixed(391, 0.01).upper[-1]) == 219


@given(n=st.integers(0, 60), share=st.floats(0, 1), bound=st.floats(0.1, 0.9))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_the_closed_form_is_the_mixture_over_the_truncated_prior(n: int, share: float, bound: float) -> None:
    s = round(share * n)
    prior = beta(40 * bound, 40 * (1 - bound))

    def integrand(theta: float) -> float:
        ratio = (theta / bound) ** s * ((1 - theta) / (1 - bound)) ** (n - s)
        return float(prior.pdf(theta) * ratio)

    mass = quad(integrand, bound, 1, epsabs=1e-13, limit=200)[0] / prior.sf(bound)
    assert float(log_e_above(s, n, bound)) == pytest.approx(math.log(mass), abs=1e-6)
    assert float(log_e_below(n - s, n, 1 - bound)) == pytest.approx(float(log_e_above(s, n, bound)), abs=1e-9)


@given(n=st.integers(1, 400), data=st.data(), bound=st.floats(0.05, 0.95))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_the_anytime_p_value_belongs_to_the_confidence_sequence(
    n: int, data: st.DataObject, bound: float
) -> None:
    s = data.draw(st.integers(0, n))
    p = anytime_p_value(s, n, bound)
    for level in (0.2, 0.05, 0.01):
        low = confidence_sequence(s, n, 1 - level)[0]
        if abs(low - bound) > 1e-9:
            assert (p <= level) == (low > bound)


def test_evidence_about_several_inputs() -> None:
    """Above: the least of the inputs'. Below: their mean."""
    assert log_e_smallest_above([90, 10], 100, 0.5) == float(log_e_above(10, 100))
    mean = (math.exp(log_e_below(90, 100)) + math.exp(log_e_below(10, 100))) / 2
    assert log_e_smallest_below([90, 10], 100, 0.5) == pytest.approx(math.log(mean))
    assert float(log_e_above(0, 0)) == 0.0
    assert float(log_e_above(0, 10_000)) == -math.inf


def test_a_bound_that_cannot_be_crossed_is_refused() -> None:
    with pytest.raises(ValueError, match=r"bound=1\.0 is not strictly between 0 and 1"):
        log_e_above(1, 2, 1.0)
