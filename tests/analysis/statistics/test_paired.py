"""Sums from pairs, equivalence and McNemar: exact error rates by enumeration, and published values."""

import itertools
import math

import numpy as np
import pytest
from scipy.stats import binom

from analysis.statistics.bound_test import above_bound, benjamini_hochberg, holm
from analysis.statistics.equivalence import attains_bound
from analysis.statistics.paired import average_of_pair, mcnemar, sum_of_pair
from analysis.summary.comparisons import comparisons


@pytest.mark.parametrize("both", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("one", [0.0, 0.3, 0.5])
def test_the_sum_is_covered_by_exact_enumeration(both: float, one: float) -> None:
    trials, covered = 30, 0.0
    truth = 2 * both + one
    for b, o in itertools.product(range(trials + 1), repeat=2):
        if b + o > trials:
            continue
        mass = math.comb(trials, b) * math.comb(trials - b, o)
        mass *= both**b * one**o * (1 - both - one) ** (trials - b - o)
        ends = sum_of_pair(b + o, b, trials)
        covered += mass * (ends.low <= truth <= ends.high)
    assert covered >= 0.95


def test_the_pairing_is_used() -> None:
    """A coin flip is right on exactly one of two inputs, always: the sum is 1, which two samples could not show."""
    found = sum_of_pair(1000, 0, 1000)
    assert found.rate == 1.0
    assert found.high - found.low < 0.01
    average = average_of_pair(1000, 0, 1000)
    assert (average.rate, average.high - average.low) == (0.5, pytest.approx((found.high - found.low) / 2))


def test_impossible_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match=r"both=3 exceeds either=2"):
        sum_of_pair(2, 3, 10)


@pytest.mark.parametrize(("n", "k"), [(50, 1), (200, 2)])
def test_equivalence_errs_at_most_at_its_level(n: int, k: int) -> None:
    """At the edge of the margin, on either side, with the inputs independent; t = 0 is known but its error is added."""
    s = np.arange(n + 1)
    bound = (lambda share: 0.5) if k == 1 else None
    for edge in (0.3, 0.7):
        mass = binom.pmf(s, n, edge)
        error = 0.0
        for counts in itertools.combinations_with_replacement(range(n + 1), k):
            weight = math.prod(mass[count] for count in counts)
            weight *= 2 if len(set(counts)) == 2 else 1
            if weight < 1e-12:
                continue
            p = attains_bound(counts, n, 0, margin=0.2, bound_at=bound or (lambda share: 0.5)).p_value
            error += weight * (p <= 0.05)
        assert error <= 0.05 + 1e-9


def test_equivalence_confirms_a_fair_coin_and_not_a_failure() -> None:
    assert attains_bound([1000, 1000], 2000, 0).p_value < 0.001
    assert attains_bound([2000, 0], 2000, 0).p_value == 1.0
    assert attains_bound([1000, 1000], 2000, 2000, margin=0.05).p_value == 1.0
    with pytest.raises(ValueError, match=r"margin=0\.0 is not strictly between 0 and 1"):
        attains_bound([1, 1], 2, 0, margin=0.0)


@pytest.mark.parametrize("p", [0.0, 0.25, 0.45, 0.5])
@pytest.mark.parametrize("n", [1, 10, 60, 200])
def test_the_intersection_union_test_keeps_its_level(n: int, p: float) -> None:
    """The worst case for the smallest of two is one input at p, the other always right."""
    mass = binom.pmf(np.arange(n + 1), n, p)
    for level in (0.05, 0.01):
        error = sum(
            weight
            for count, weight in enumerate(mass)
            if above_bound([count, n], n, 0, bound_at=lambda share: 0.5).p_value <= level
        )
        assert error <= level


def test_mcnemar_agrees_with_published_values() -> None:
    """M. P. Fay, exact2x2 vignette: mcnemar.exact of b = 2, c = 9 gives p = 0.06543."""
    assert mcnemar(2, 9).p_value == pytest.approx(0.06543, abs=5e-6)
    assert mcnemar(9, 2).p_value == mcnemar(2, 9).p_value
    assert mcnemar(0, 0).p_value == 1.0
    with pytest.raises(ValueError, match=r"are not both 0 or more"):
        mcnemar(-1, 2)


def test_mcnemar_keeps_its_level_whatever_the_agreement() -> None:
    for discordant in range(1, 60):
        mass = binom.pmf(np.arange(discordant + 1), discordant, 0.5)
        p = np.array([mcnemar(b, discordant - b).p_value for b in range(discordant + 1)])
        for level in (0.2, 0.05, 0.01):
            assert mass[p <= level].sum() <= level + 1e-12


# Benjamini and Hochberg (1995), section 4.2: p-values of 15 hypotheses about thrombolysis. At 0.05 Bonferroni rejects
# three and their procedure four.
_THROMBOLYSIS = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719),
    *(0.6528, 0.7590, 1.0000),
]


def test_adjusted_p_values_agree_with_the_published_example() -> None:
    assert sum(p <= 0.05 for p in benjamini_hochberg(_THROMBOLYSIS)) == 4
    assert sum(p <= 0.05 for p in holm(_THROMBOLYSIS)) == 3
    assert holm(_THROMBOLYSIS)[:4] == pytest.approx([0.0015, 0.0056, 0.0247, 0.114])
    assert benjamini_hochberg(_THROMBOLYSIS)[:4] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625])
    assert benjamini_hochberg([]) == []


def test_comparisons_are_adjusted_together() -> None:
    rows = [
        {
            "first": 0,
            "second": k,
            "input": "1",
            "both": 5,
            "only_first": 10 * k,
            "only_second": 0,
            "neither": 5,
        }
        for k in (0, 1, 2)
    ]
    found = comparisons(rows)
    assert [row["p_value"] for row in found] == [1.0, 2 * 0.5**10, 2 * 0.5**20]
    assert [row["p_holm"] for row in found] == pytest.approx([1.0, 4 * 0.5**10, 6 * 0.5**20])
