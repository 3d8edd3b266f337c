"""The training points lie in S^f_ε for every a, κ and r (theory: §4, points), decided exactly."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onehalf.families.training.problem import AlternatingTraining
from onehalf.families.training.separation import check_separation, classify, epsilon, ratio_of
from oracle.numbers import parse_real

FIXED = settings(derandomize=True, deadline=None, max_examples=60)


@FIXED
@given(
    a=st.fractions(Fraction(1, 2), 1, max_denominator=999), kappa=st.fractions(Fraction(1, 4), Fraction(3, 4))
)
def test_points_of_every_rational_family_are_members(a: Fraction, kappa: Fraction) -> None:
    ratios = [k + 1 - kappa for k in range(1, 12)]
    found = check_separation(a, ratios, [(k + 1) % 2 for k in range(1, 12)])
    assert found.member
    assert found.epsilon == epsilon(11) == Fraction(1, 47 * 48)
    assert found.to_jump > found.epsilon
    assert found.between >= 2 * found.epsilon


@pytest.mark.parametrize("a", ["1/2", "1", "1/sqrt(2)", "pi/4", "sqrt(3)/2"])
@pytest.mark.parametrize("kappa", ["1/4", "1/2", "3/4"])
def test_the_problem_s_own_points_are_members(a: str, kappa: str) -> None:
    problem = AlternatingTraining(hidden=(3,), a=a, kappa=kappa)
    points = [problem.value(problem.inputs[0], (k, 0)) for k in range(problem.facts.shape[0])]
    ratios = [ratio_of(problem.facts.a, x) for x in points]
    labels = problem.facts.labels.tolist()
    assert check_separation(problem.facts.a, ratios, labels).member
    # f_a(x) = ⌈a/x⌉ mod 2, in floating point, far from the jumps.
    value = float(problem.facts.a)
    assert labels == [int(-(-value // float(x))) % 2 for x in points]


def test_the_feature_is_smaller_than_the_separation_at_the_default() -> None:
    problem = AlternatingTraining()
    assert Fraction(1, 1 << problem.exponent) < epsilon(problem.facts.shape[0])


def test_points_at_a_jump_too_near_it_or_to_each_other_are_no_members() -> None:
    labels = [1, 0]
    assert check_separation(Fraction(3, 4), [Fraction(1), Fraction(3, 2)], labels).member is False
    near_jump = [Fraction(1) - Fraction(1, 10**6), Fraction(3, 2)]
    assert check_separation(Fraction(3, 4), near_jump, labels).member is False
    close = [Fraction(1, 2), Fraction(1, 2) + Fraction(1, 10**6)]
    assert check_separation(Fraction(3, 4), close, [1, 1]).member is False


def test_wrong_labels_are_no_member() -> None:
    ratios = [Fraction(1, 2), Fraction(3, 2)]
    assert check_separation(Fraction(3, 4), ratios, [1, 0]).member
    found = check_separation(Fraction(3, 4), ratios, [0, 1])
    assert (found.member, found.labels_agree) == (False, False)


def test_the_classification_function_jumps_at_whole_ratios() -> None:
    assert [classify(Fraction(n, 4)) for n in range(1, 10)] == [1, 1, 1, 1, 0, 0, 0, 0, 1]


def test_a_ratio_needs_a_rational_multiple() -> None:
    assert ratio_of(parse_real("pi/4"), parse_real("pi/8")) == 2
    with pytest.raises(TypeError, match="no rational multiple"):
        ratio_of(parse_real("pi/4"), Fraction(1))
