"""How a radius is written: one number has one meaning, in a file, on the command line and in Python."""

from fractions import Fraction

import numpy as np
import pytest

from onehalf.auditing.radii import read_radius
from oracle.errors import InvalidValue


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.05", Fraction(1, 20)),
        (0.05, Fraction(1, 20)),
        (np.float64(0.05), Fraction(1, 20)),
        (1e-20, Fraction(1, 10**20)),
        ("1e-20", Fraction(1, 10**20)),
        ("1/8", Fraction(1, 8)),
        ("2^-30", Fraction(1, 2**30)),
        (2, Fraction(2)),
        (Fraction(1, 3), Fraction(1, 3)),
        (0.0, Fraction(0)),
    ],
)
def test_a_radius_is_the_number_that_is_written(written: object, value: Fraction) -> None:
    assert read_radius(written) == value


@pytest.mark.parametrize("written", ["", "a", "1/0", "-1", -0.5, float("nan"), float("inf"), None])
def test_what_is_no_radius_is_refused_with_its_name(written: object) -> None:
    with pytest.raises(InvalidValue, match=r"^delta="):
        read_radius(written, "delta")
