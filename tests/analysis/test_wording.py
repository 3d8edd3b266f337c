"""Numbers as they are printed say no more and no less than the numbers themselves."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.wording import (
    at_least,
    at_most,
    budgets_told,
    interval_text,
    iota,
    listing,
    p_text,
    percent,
    percent_at_least,
    percent_at_most,
    rounded,
    setting,
    value_text,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.0, "1"),
        (0.5, "0.500"),
        (0.9996, "0.9996"),
        (0.00012, "0.0001"),
        (1e-12, "< 10⁻⁹"),
        (1 - 1e-12, "> 1 − 10⁻⁹"),
        (None, "–"),
    ],
)
def test_rounded(value: float | None, text: str) -> None:
    assert rounded(value) == text


@given(st.floats(0, 1))
def test_only_zero_and_one_read_so(value: float) -> None:
    text = rounded(value)
    assert (text == "0") == (value == 0)
    assert (text == "1") == (value == 1)


@given(st.floats(1e-8, 1 - 1e-8), st.floats(1e-8, 1 - 1e-8))
def test_intervals_are_rounded_outwards(first: float, second: float) -> None:
    low, high = sorted((first, second))
    printed = interval_text([low, high]).strip("[]").split(", ")
    assert printed == [rounded(low, ROUND_FLOOR), rounded(high, ROUND_CEILING)]
    assert Decimal(printed[0]) <= Decimal(low)
    assert Decimal(printed[1]) >= Decimal(high)


@given(st.floats(0, 2), st.floats(0, 2))
def test_intervals_of_sums_are_rounded_outwards(first: float, second: float) -> None:
    low, high = sorted((first, second))
    printed = interval_text([low, high]).strip("[]").split(", ")
    for text, end, outwards in zip(printed, (low, high), (Decimal.__le__, Decimal.__ge__), strict=True):
        if text[0].isdigit():
            assert outwards(Decimal(text), Decimal(end))
            assert abs(Decimal(text) - Decimal(end)) < Decimal("0.001") or end < 1


@given(st.floats(1e-12, 1e12))
def test_at_least_and_at_most_hold(value: float) -> None:
    least, most = float(at_least(value)), float(at_most(value))
    assert least <= value <= most
    assert least >= value * 0.98
    assert most <= value * 1.02


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_shares_of_counts_are_rounded_in_their_direction(counts: tuple[int, int]) -> None:
    successes, trials = counts
    exact = Fraction(100 * successes, trials)
    least, most = (
        Fraction(told(successes / trials).rstrip("%")) for told in (percent_at_least, percent_at_most)
    )
    assert least <= exact <= most
    if (exact * 10).denominator == 1:
        assert least == most


def test_words() -> None:
    assert [iota("1"), iota("20"), iota("limit")] == ["ι¹", "ι²⁰", "input limit"]
    assert [p_text(1.0), p_text(0.0213), p_text(1.234e-5), p_text(1e-4)] == [
        "1",
        "0.021",
        "1.2·10⁻⁵",
        "1·10⁻⁴",
    ]
    assert [percent(share) for share in (0, 0.5, 2391 / 2407, 0.9999, 1.0)] == [
        "0%",
        "50%",
        "99.3%",
        "99.99%",
        "100%",
    ]
    assert [listing("a"), listing("ab"), listing("abcde")] == ["a", "a and b", "a, b, c and 2 more"]
    axes = [
        {"name": "gap", "symbol": "g", "kind": "closeness"},
        {"name": "k", "symbol": "K", "kind": "demand"},
    ]
    axes.append({"name": "answers", "symbol": "n", "kind": "answers"})
    cell = {"k": 2, "gap": 53, "y": "1/2", "answers": 3}
    assert setting(cell, axes) == "g = 53, K = 2"
    assert setting(cell, axes, cell) == "K = 2, g = 53, y = 1/2, n = 3"
    assert setting(cell, []) == ""
    assert value_text({"hidden": (8, 4), "none": None}) == "{hidden: (8, 4), none: –}"


def test_budgets_are_told_in_what_differs() -> None:
    assert budgets_told([(50, 60.0), (50, 60.0)]) == ["", ""]
    assert budgets_told([(1, 60.0), (5000, 60.0)]) == ["1 digit", "5,000 digits"]
    assert budgets_told([(50, 0.5), (50, 1)]) == ["0.5 seconds", "1 second"]
    assert budgets_told([(50, 2.0), (None, 3.0)]) == [
        "50 digits, 2 seconds",
        "any number of digits, 3 seconds",
    ]
