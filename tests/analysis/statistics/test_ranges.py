"""Every documented range: both ends, just inside, just outside; a number that is none is outside of all."""

import math
from collections.abc import Callable
from fractions import Fraction

import pytest

from analysis.statistics.barrier import barrier
from analysis.statistics.bound_test import above_bound, benjamini_hochberg, holm, nuisance_error
from analysis.statistics.equivalence import attains_bound
from analysis.statistics.estimates import clopper_pearson, lower_limit, smallest, upper_limit
from analysis.statistics.exact_limits import fixed_limits, sequence_limits
from analysis.statistics.intervals import METHODS, Method
from analysis.statistics.paired import mcnemar, sum_of_pair
from analysis.statistics.power import detectable, half_width, power, trials_for_half_width, trials_for_power
from analysis.statistics.sequential import confidence_sequence, log_e_above, log_e_below
from analysis.statistics.smooth_fall import fit_floor

Call = Callable[[float], object]
_TINY = 2.0**-30
_PAIRS = [(9, 1, 0), (6, 3, 1), (2, 5, 3), (1, 4, 5)]

# Shares strictly between 0 and 1: the name in the sentence, and a call with the share alone open.
OPEN: dict[str, tuple[str, Call]] = {
    "clopper_pearson": ("confidence", lambda x: clopper_pearson(3, 9, x)),
    **{
        f"estimate by {name}": ("confidence", lambda x, m=method: smallest([3], 9, x, m))
        for name, method in METHODS.items()
    },
    "confidence_sequence": ("confidence", lambda x: confidence_sequence(3, 9, x)),
    "sum_of_pair": ("confidence", lambda x: sum_of_pair(7, 2, 9, x)),
    "barrier, its confidence": ("confidence", lambda x: barrier([1, 2], [[9, 9], [4, 5]], [9, 9], 0.75, x)),
    "barrier, its threshold": ("threshold", lambda x: barrier([1, 2], [[9, 9], [4, 5]], [9, 9], x)),
    "fit_floor": ("confidence", lambda x: fit_floor([1, 2, 3, 4], _PAIRS, 0.0, x)),
    "attains_bound": ("margin", lambda x: attains_bound([4, 5], 9, 0, margin=x)),
    "power, the bound": ("bound", lambda x: power(9, 0.7, x)),
    "power, the level": ("level", lambda x: power(9, 0.7, 0.5, x)),
    "detectable": ("bound", lambda x: detectable(9, x)),
    "half_width": ("confidence", lambda x: half_width(9, None, x)),
    "trials_for_half_width": ("width", lambda x: trials_for_half_width(x / 2)),
    "log_e_above": ("bound", lambda x: log_e_above(3, 9, x)),
    "log_e_below": ("bound", lambda x: log_e_below(3, 9, x)),
    "fixed_limits": ("error", lambda x: fixed_limits(3, 9, Fraction(x) if math.isfinite(x) else Fraction(2))),
    "sequence_limits": (
        "error",
        lambda x: sequence_limits(3, 9, Fraction(x) if math.isfinite(x) else Fraction(2)),
    ),
}


@pytest.mark.parametrize("case", OPEN)
@pytest.mark.parametrize("share", [0.0, 1.0, -_TINY, 1.0 + _TINY, math.nan])
def test_a_share_at_an_end_or_beyond_is_refused(case: str, share: float) -> None:
    name, call = OPEN[case]
    with pytest.raises(ValueError, match=rf"^{name}=.* is not strictly between 0 and 1"):
        call(share)


@pytest.mark.parametrize("case", [case for case in OPEN if case != "trials_for_half_width"])
@pytest.mark.parametrize("share", [_TINY, 0.5, 1.0 - _TINY])
def test_a_share_just_inside_is_taken(case: str, share: float) -> None:
    OPEN[case][1](share)


@pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
@pytest.mark.parametrize("counts", [(0, 9), (1, 9), (3, 9), (8, 9), (9, 9), (1, 1)])
def test_an_interval_of_any_confidence_has_its_ends_in_order(method: Method, counts: tuple[int, int]) -> None:
    widths = []
    for confidence in (_TINY, 0.01, 0.5, 0.95, 1.0 - _TINY):
        low, high = method.limits(*counts, confidence)
        assert 0.0 <= low <= high <= 1.0
        widths.append(high - low)
    assert widths == sorted(widths)


# Probabilities in [0, 1].
CLOSED: dict[str, Call] = {
    "power": lambda x: power(9, x, 0.25),
    "half_width": lambda x: half_width(9, x),
    "trials_for_power": lambda x: trials_for_power(x, 0.25),
}


@pytest.mark.parametrize("case", CLOSED)
def test_a_probability_may_be_0_or_1_and_nothing_beyond(case: str) -> None:
    for inside in (0.0, _TINY, 1.0 - _TINY, 1.0):
        CLOSED[case](inside)
    for outside in (-_TINY, 1.0 + _TINY, math.nan):
        with pytest.raises(ValueError, match=r"probability=.* must lie in \[0, 1\]"):
            CLOSED[case](outside)


# Counts: successes among trials.
COUNTS: dict[str, Callable[[int], object]] = {
    "clopper_pearson": lambda count: clopper_pearson(count, 9),
    "upper_limit": lambda count: upper_limit(count, 9, 0.05),
    "lower_limit": lambda count: lower_limit(count, 9, 0.05),
    "smallest": lambda count: smallest([5, count], 9),
    "above_bound": lambda count: above_bound([5, count], 9, 0),
    "above_bound, over-reading": lambda count: above_bound([5, 4], 9, count),
    "attains_bound": lambda count: attains_bound([5, count], 9, 0),
    "attains_bound, over-reading": lambda count: attains_bound([5, 4], 9, count),
    "fixed_limits": lambda count: fixed_limits(count, 9),
    "sequence_limits": lambda count: sequence_limits(count, 9),
    "confidence_sequence": lambda count: confidence_sequence(count, 9, 0.95),
    "sum_of_pair": lambda count: sum_of_pair(count, min(count, 0), 9),
    "barrier": lambda count: barrier([1], [[5, count]], [9]),
}


@pytest.mark.parametrize("case", COUNTS)
def test_counts_lie_among_the_trials(case: str) -> None:
    for inside in (0, 1, 8, 9):
        COUNTS[case](inside)
    for outside in (-1, 10):
        with pytest.raises(ValueError, match=rf"successes={outside} lies outside 0\.\.trials=9"):
            COUNTS[case](outside)


@pytest.mark.parametrize("limit", [upper_limit, lower_limit])
def test_a_limit_errs_less_than_half_the_time(limit: Callable[[int, int, float], float]) -> None:
    for inside in (_TINY, 0.25, 0.5 - _TINY):
        assert 0.0 <= limit(3, 9, inside) <= 1.0
    with pytest.raises(ValueError, match=r"error=0\.5 is 0\.5 or more"):
        limit(3, 9, 0.5)
    for outside in (0.0, -_TINY):
        with pytest.raises(ValueError, match="is not strictly between 0 and 1"):
            limit(3, 9, outside)


def test_a_floor_may_be_0_and_less_than_1() -> None:
    for inside in (0.0, _TINY, 0.25):
        fit_floor([1, 2, 3, 4], _PAIRS, inside)
    for outside in (-_TINY, 1.0, 1.0 + _TINY, math.nan):
        with pytest.raises(ValueError, match=r"floor=.* is not strictly between 0 and 1"):
            fit_floor([1, 2, 3, 4], _PAIRS, outside)


def test_a_pair_is_right_on_both_at_most_as_often_as_on_either() -> None:
    assert sum_of_pair(3, 3, 9).rate == pytest.approx(6 / 9)
    with pytest.raises(ValueError, match="both=4 exceeds either=3"):
        sum_of_pair(3, 4, 9)


def test_discordant_trials_may_be_none_on_a_side_and_not_fewer() -> None:
    assert mcnemar(0, 0).p_value == mcnemar(1, 0).p_value == mcnemar(0, 1).p_value == 1.0
    for pair in ((-1, 3), (3, -1)):
        with pytest.raises(ValueError, match="are not both 0 or more"):
            mcnemar(*pair)


def test_the_power_exceeds_the_level_and_the_truth_is_not_the_bound() -> None:
    assert trials_for_power(0.75, 0.5, 0.05, 0.05 + _TINY).first >= 1
    with pytest.raises(ValueError, match=r"power=0\.05 is not above level=0\.05"):
        trials_for_power(0.75, 0.5, 0.05, 0.05)
    with pytest.raises(ValueError, match=r"differ from bound=0\.5"):
        power(9, 0.5)


def test_adjusting_none_or_one_changes_nothing_and_two_does() -> None:
    assert holm([]) == benjamini_hochberg([]) == []
    assert holm([0.03]) == benjamini_hochberg([0.03]) == [0.03]
    assert holm([0.03, 0.01]) == [0.03, 0.02]  # Holm: the smaller twice, the larger at least that
    assert benjamini_hochberg([0.03, 0.01]) == [0.03, 0.02]


def test_the_error_spent_on_the_nuisance_is_a_tenth_of_what_holm_grants_the_first_and_never_above_its_cap() -> (
    None
):
    assert nuisance_error(0) == nuisance_error(1) == nuisance_error(10) == 1e-4
    assert nuisance_error(11) == pytest.approx(0.01 / 110)
    assert nuisance_error(1, 1e-5) == pytest.approx(1e-6)
