"""Budgets and ledgers: every limit at its end, just inside and just outside; a run that asked nothing has depth 0."""

import math
from typing import Any

import pytest

from oracle.errors import InvalidValue
from oracle.session import Budget, Ledger


@pytest.mark.parametrize("digits", [0, 1, 10_000, 10**9])
def test_a_number_of_digits_is_0_or_more(digits: int) -> None:
    assert Budget(digits=digits).digits == digits


@pytest.mark.parametrize("digits", [-1, 1.0, True, "3", None, math.nan])
def test_anything_else_is_no_number_of_digits(digits: Any) -> None:
    with pytest.raises(InvalidValue, match=r"^digits=.*: must be a whole number of at least 0"):
        Budget(digits=digits)


@pytest.mark.parametrize("seconds", [1e-9, 1, 0.5, math.inf])
def test_a_number_of_seconds_is_above_0(seconds: float) -> None:
    assert Budget(seconds=seconds).seconds == seconds


@pytest.mark.parametrize("seconds", [0, 0.0, -1e-9, -1, True, "3", None, math.nan])
def test_anything_else_is_no_number_of_seconds(seconds: Any) -> None:
    with pytest.raises(InvalidValue, match=r"^seconds=.*: must be a positive number"):
        Budget(seconds=seconds)


def test_a_run_that_asked_nothing_has_depth_0() -> None:
    ledger = Ledger()
    assert (ledger.queries, ledger.depth, ledger.sensitive_depth, ledger.asked) == (0, 0, 0, None)
