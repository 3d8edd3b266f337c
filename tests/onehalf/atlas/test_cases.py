"""The problems of the atlas: solutions proved, depths and values those of the theory, verdicts exact."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onehalf.atlas.presentations import PRESENTATIONS, Case, Presentation, presentations_of
from onehalf.atlas.reading import arrays_shown, in_place, looks_alike
from onehalf.atlas.verdicts import is_near, reaches_minimum

NAMES = [f"{p.kind}/{p.name}" for p in PRESENTATIONS]


@pytest.mark.parametrize("presentation", PRESENTATIONS, ids=NAMES)
@pytest.mark.parametrize("e", [10, 37, 52, 60])
def test_minimisers_are_far_apart_and_the_game_is_won_once_in_k(presentation: Presentation, e: int) -> None:
    case = Case(presentation, e, 2)
    k = len(case.inputs)
    assert len(set(case.minimisers)) == k
    assert case.game.value == Fraction(1, k)
    assert case.game.check()
    assert case.game.exclusive() == tuple(range(k))


@pytest.mark.parametrize("presentation", PRESENTATIONS, ids=NAMES)
def test_up_to_e_52_the_data_are_shown_as_they_are_and_from_some_e_on_all_alike(
    presentation: Presentation,
) -> None:
    for e in (10, 52):
        case = Case(presentation, e, 2)
        assert not case.beyond
        assert not looks_alike(case)
        for instance in case.inputs:
            exact = [np.array(value, dtype=object) for value in instance.data.values()]
            shown = arrays_shown(instance, presentation.bits, presentation.orders[0])
            assert all(np.array_equal(a, b) for a, b in zip(exact, shown, strict=True))
    case = Case(presentation, 60, 2)
    assert case.beyond
    columns = presentation.orders[0]
    first, *others = (arrays_shown(i, presentation.bits, columns) for i in case.inputs)
    for other in others:
        assert all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_the_digits_end_between_e_52_and_53_where_two_inputs_are_told_apart_by_one_number() -> None:
    for presentation in PRESENTATIONS:
        if presentation.name != "four answers":
            assert [Case(presentation, e, 2).beyond for e in (52, 53)] == [False, True]


@pytest.mark.parametrize("presentation", PRESENTATIONS, ids=NAMES)
def test_orders_are_permutations_and_answers_come_back_in_place(presentation: Presentation) -> None:
    case = Case(presentation, 12, 2)
    size = len(case.minimisers[0])
    assert len(set(presentation.orders)) == len(presentation.orders)
    for order in presentation.orders:
        assert sorted(order) == list(range(size))
        shown = arrays_shown(case.inputs[0], presentation.bits, order)
        plain = arrays_shown(case.inputs[0], presentation.bits, tuple(range(size)))
        at = list(case.inputs[0].data).index("A")
        assert np.array_equal(shown[at], plain[at][:, list(order)])
        x = [float(j) for j in range(size)]
        assert in_place([x[j] for j in order], order) == tuple(x)


@given(st.integers(10, 60), st.sampled_from(range(len(PRESENTATIONS))))
def test_a_minimiser_is_right_and_another_inputs_minimiser_reaches_the_minimum_only(e: int, at: int) -> None:
    """Their objectives differ by some 2^-e, which K = 2 digits of the objective do not see (e ≥ 10)."""
    case = Case(PRESENTATIONS[at], e, 2)
    for instance, own in zip(case.inputs, case.minimisers, strict=True):
        for x in case.minimisers:
            assert is_near(x, own, case.radius) == (x == own)
            assert reaches_minimum(x, instance, own, case.radius)


def test_the_verdict_on_the_objective_sees_what_is_infeasible_or_costly() -> None:
    lp, lasso, squares = (Case(presentations_of(kind)[0], 20, 2) for kind in ("lp", "lasso", "least-squares"))
    outside = (Fraction(2), Fraction(-1))
    assert not reaches_minimum(outside, lp.inputs[0], lp.minimisers[0], lp.radius)
    costly = (Fraction(1), Fraction(1))
    assert not reaches_minimum(costly, lp.inputs[0], lp.minimisers[0], lp.radius)
    zero = (Fraction(0), Fraction(0))
    for case in (lasso, squares):
        assert not reaches_minimum(zero, case.inputs[0], case.minimisers[0], case.radius)


def test_a_residual_of_the_radius_is_allowed_and_no_more() -> None:
    case = Case(presentations_of("least-squares")[-1], 30, 2)  # A = diag(1, δ), y = (1, δ)
    for gap, allowed in ((case.radius, True), (case.radius * Fraction(100000001, 100000000), False)):
        x = (1 + gap, Fraction(1))
        assert reaches_minimum(x, case.inputs[0], case.minimisers[0], case.radius) == allowed
