"""Barriers, smooth falls and power: exact where they say so, and equal to published fits."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from analysis.statistics.barrier import barrier, difference, falling_fit
from analysis.statistics.power import (
    detectable,
    half_width,
    half_widths,
    power,
    trials_for_half_width,
    trials_for_power,
)
from analysis.statistics.smooth_fall import fit_floor


def test_the_isotonic_fit_is_r_isoreg() -> None:
    """R's help page of isoreg: isoreg(c(1,0,4,3,3,5,4,2,0)) rises 0.5, 0.5, 3, …, 3; mirrored here, it falls."""
    found = falling_fit([0, 2, 4, 5, 3, 3, 4, 0, 1], [1.0] * 9)
    assert found == pytest.approx([3, 3, 3, 3, 3, 3, 3, 0.5, 0.5])


@pytest.mark.parametrize(
    "truth", [(1, 1, 0.5, 0.5), (0.9, 0.76, 0.74, 0.3), (0.74, 0.7, 0.6, 0.5), (1, 0.9, 0.9, 0.8)]
)
def test_the_interval_of_the_step_is_exact(truth: tuple[float, ...]) -> None:
    """All outcomes of 8 trials at four values, on one input: the interval holds the first value below 3/4."""
    n, values = 8, (10, 11, 12, 13)
    step = next((v for v, p in zip(values, truth, strict=True) if p < 0.75), 14)
    mass = [binom.pmf(np.arange(n + 1), n, p) for p in truth]
    missed = 0.0
    for counts in itertools.product(range(n + 1), repeat=4):
        weight = math.prod(m[count] for m, count in zip(mass, counts, strict=True))
        if weight:
            found = barrier(values, [[count] for count in counts], [n] * 4, confidence=0.8)
            above = found.above is not None and step <= found.above
            below = found.at_most is not None and step > found.at_most
            missed += weight * (above or below)
    assert missed <= 0.2


def test_a_clear_step_is_located_and_compared() -> None:
    values = list(range(46, 61))
    early = barrier(values, [[200, 200] if e < 53 else [100, 100] for e in values], [200] * 15)
    late = barrier(values, [[200, 200] if e < 56 else [200, 0] for e in values], [200] * 15)
    assert (early.estimate, early.above, early.at_most) == (53, 52, 53)
    assert difference(late, early, (values, values)) == (3, 3)
    flat = barrier(values, [[200, 200]] * 15, [200] * 15)
    assert (flat.estimate, flat.above, flat.at_most) == (None, 60, None)
    assert difference(early, flat, (values, values)) == (None, None)
    with pytest.raises(ValueError, match=r"values=\(2, 1\) must ascend"):
        barrier([2, 1], [[1], [1]], [1, 1])


_DOSE = (1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839)
_BEETLES = (59, 60, 62, 56, 63, 59, 62, 60)
_KILLED = (6, 13, 18, 28, 52, 53, 61, 60)


def test_without_a_floor_the_model_is_logistic_regression() -> None:
    """Beetle mortality (Bliss 1935), A. J. Dobson, An Introduction to Generalized Linear Models, 2nd ed. 2002.

    Table 7.4: coefficients −60.717 (standard error 5.181) and 34.270 (2.912); LD50 at 60.717/34.270 = 1.7717.
    """
    found = fit_floor(_DOSE, [(k, 0, n - k) for k, n in zip(_KILLED, _BEETLES, strict=True)], floor=0.0)
    assert found.identified
    assert found.coefficients == pytest.approx((-60.717, 34.270), abs=6e-4)
    assert found.errors == pytest.approx((5.181, 2.912), rel=0.02)
    assert found.midpoint == pytest.approx(1.7717, abs=5e-5)


def test_a_step_and_a_constant_are_not_identified() -> None:
    x = list(range(46, 61))
    assert not fit_floor(x, [(40, 0, 0) if e < 53 else (0, 40, 0) for e in x]).identified
    assert not fit_floor(x, [(0, 40, 0)] * 15).identified
    assert not fit_floor(x, [(0, 0, 40)] * 15).identified
    with pytest.raises(ValueError, match=r"needs trials at each value"):
        fit_floor([1, 2], [(1, 0, 0), (0, 0, 0)])


def test_standard_errors_of_a_smooth_fall_are_right() -> None:
    """A reader that is right on both inputs with probability t(x), else on one: 120 data sets with a fixed seed.

    The spread of the estimates is the stated error within four standard errors of such a ratio (26%), and the intervals
    cover 95% up to four standard errors.
    """
    rng = np.random.default_rng(4)
    x = np.arange(40, 61)
    t = 1 / (1 + np.exp((x - 50) / 3))
    midpoints, errors, covered = [], [], 0
    for _ in range(120):
        both = rng.binomial(100, t)
        found = fit_floor(x.tolist(), [(int(b), int(100 - b), 0) for b in both])
        assert found.identified
        assert found.midpoint is not None
        low, high = found.interval
        midpoints.append(found.midpoint)
        errors.append((high - low) / 2 / 1.959964)
        covered += low <= 50 <= high
    assert np.std(midpoints) == pytest.approx(np.mean(errors), rel=0.26)
    assert covered / 120 > 0.95 - 4 * math.sqrt(0.95 * 0.05 / 120)


def test_trials_for_power_is_exact_with_its_sawtooth() -> None:
    """391 for p = 0.6, error 0.01, power 0.95: by enumeration of every smaller and many larger numbers."""
    found = trials_for_power(0.6)
    assert (found.first, found.onwards) == (391, 402)
    reached = [power(n, 0.6) >= 0.95 for n in range(1, 900)]
    assert reached.index(True) + 1 == 391
    assert [n for n, ok in enumerate(reached, start=1) if not ok][-1] == 401
    assert trials_for_power(0.4) == found


@pytest.mark.parametrize(("n", "p"), [(10, 0.8), (57, 0.6), (200, 0.45)])
def test_power_is_the_probability_that_the_exact_test_rejects(n: int, p: float) -> None:
    s = np.arange(n + 1)
    null = binom.sf(s - 1, n, 0.5) if p > 0.5 else binom.cdf(s, n, 0.5)
    assert power(n, p) == pytest.approx(binom.pmf(s, n, p)[null <= 0.01].sum(), abs=1e-12)


def test_the_reverse_of_power() -> None:
    below, above = detectable(391)
    assert below is not None
    assert above is not None
    assert power(391, above) == pytest.approx(0.95, abs=1e-9)
    assert below == pytest.approx(1 - above)
    assert detectable(3) == (None, None)


def test_half_widths() -> None:
    for n in range(1, 200):
        widths = half_widths(np.full(n + 1, n), np.arange(n + 1), 0.95)
        assert half_width(n) == pytest.approx(widths.max())
    assert trials_for_half_width(0.02) == 2449
    for half, p in ((0.05, None), (0.02, 0.05), (0.1, 0.5)):
        n = trials_for_half_width(half, p)
        assert half_width(n, p) <= half < half_width(n - 1, p)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: trials_for_power(0.5), r"probability=0\.5 must lie in \[0, 1\] and differ from bound=0\.5"),
        (lambda: trials_for_power(0.5001), r"probability=0\.5001 is so close to bound=0\.5"),
        (lambda: trials_for_half_width(0.7), r"width=1\.4 is not strictly between 0 and 1"),
        (lambda: power(10, 0.6, level=2.0), r"level=2\.0 is not strictly between 0 and 1"),
    ],
)
def test_impossible_requests_are_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
