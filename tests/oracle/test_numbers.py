"""Exact reals: rounding at any precision, decided comparisons in Q[θ], enclosures, and reading from text."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle.errors import InvalidValue
from oracle.numbers import Irrational, Real, enclose, nearest, parse_real, to_float

FIXED = settings(derandomize=True, deadline=None, max_examples=100)
RATIONALS = st.fractions(min_value=-50, max_value=50, max_denominator=10**6)
POSITIVE = st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000)


def irrational(text: str) -> Irrational:
    value = parse_real(text)
    assert isinstance(value, Irrational)
    return value


def nearest_root(radicand: Fraction, bits: int) -> int:
    """Round √radicand to 2^-bits by integer square roots alone: ⌊2·2^bits·√q⌋ decides the last digit."""
    twice = math.isqrt((radicand.numerator << (2 * bits + 2)) // radicand.denominator)
    return (twice + 1) // 2


def machin(bits: int) -> int:
    """Return ⌊π · 2^bits⌋ up to an error of a few units in a 64-bit guard (J. Machin, 1706), integers only."""
    guard = bits + 64

    def arctan(inverse: int) -> int:
        power = total = (1 << guard) // inverse
        n, sign, square = 3, -1, inverse * inverse
        while power := power // square:
            total += sign * (power // n)
            n, sign = n + 2, -sign
        return total

    return (4 * (4 * arctan(5) - arctan(239))) >> 64


@pytest.mark.parametrize("bits", [0, 1, 2, 53, 64, 1000, 100_000])
@pytest.mark.parametrize(
    ("text", "square"), [("sqrt(2)", 2), ("1/sqrt(2)", Fraction(1, 2)), ("3*sqrt(5/7)", Fraction(45, 7))]
)
def test_roots_round_as_integer_square_roots_do(text: str, square: Fraction | int, bits: int) -> None:
    assert nearest(parse_real(text), bits) == nearest_root(Fraction(square), bits)


@pytest.mark.parametrize("bits", [0, 1, 53, 1000, 100_000])
def test_pi_rounds_as_machin_s_formula_does(bits: int) -> None:
    assert nearest(parse_real("pi"), bits) == (machin(bits + 1) + 1) // 2


@FIXED
@given(value=RATIONALS, bits=st.integers(0, 300))
def test_rationals_round_to_the_nearest_and_ties_to_even(value: Fraction, bits: int) -> None:
    m = nearest(value, bits)
    distance = abs(Fraction(m, 1 << bits) - value)
    assert distance <= Fraction(1, 1 << (bits + 1))
    if distance == Fraction(1, 1 << (bits + 1)):
        assert m % 2 == 0


def test_ties_go_to_even_on_both_sides_of_zero() -> None:
    halves = [Fraction(n, 2) for n in (-5, -3, -1, 1, 3, 5)]
    assert [nearest(h, 0) for h in halves] == [-2, -2, 0, 0, 2, 2]


@FIXED
@given(q=POSITIVE, c=RATIONALS, n=st.integers(0, 200))
def test_a_multiple_of_a_root_is_rounded_within_half_a_unit(q: Fraction, c: Fraction, n: int) -> None:
    value = parse_real(f"{c}*sqrt({q})") if c >= 0 else -parse_real(f"{-c}*sqrt({q})")
    m = nearest(value, n)
    # |m − 2^n·c·√q| ≤ 1/2, compared through squares.
    scaled = c * (1 << n)
    for edge, below in ((Fraction(2 * m - 1, 2), True), (Fraction(2 * m + 1, 2), False)):
        root = (1 if scaled >= 0 else -1) * scaled * scaled * q
        square = (1 if edge >= 0 else -1) * edge * edge
        assert square <= root if below else square >= root


@FIXED
@given(a=RATIONALS, b=RATIONALS, c=RATIONALS, d=RATIONALS)
def test_q_root_two_is_ordered_as_squares_say(a: Fraction, b: Fraction, c: Fraction, d: Fraction) -> None:
    root = irrational("sqrt(2)")
    left, right = a + b * root, c + d * root
    x, y = a - c, b - d
    # sign(x + y√2) from rational arithmetic: where the signs differ, x² against 2y².
    same = (x >= 0) == (y >= 0) or x == 0 or y == 0
    expected = (
        (x > 0 or y > 0) - (x < 0 or y < 0)
        if same
        else ((x > 0) - (x < 0)) * (1 if x * x > 2 * y * y else -1)
    )
    assert (left > right) - (left < right) == expected
    assert (left == right) == (expected == 0)


@FIXED
@given(a=RATIONALS, b=RATIONALS, c=RATIONALS, d=RATIONALS)
def test_multiplication_in_q_root_two_is_the_ring_s(
    a: Fraction, b: Fraction, c: Fraction, d: Fraction
) -> None:
    root = irrational("sqrt(2)")
    assert (a + b * root) * (c + d * root) == (a * c + 2 * b * d) + (a * d + b * c) * root
    assert (a + b * root) - (a + b * root) == 0


def test_comparisons_are_decided_however_near() -> None:
    root = irrational("sqrt(2)")
    near = Fraction(nearest(root, 5000), 1 << 5000)
    assert root != near
    assert (root > near) == (near * near < 2)
    assert (root - near).sign() == (1 if near * near < 2 else -1)  # type: ignore[union-attr]
    assert -Fraction(1, 1 << 5001) <= near - root <= Fraction(1, 1 << 5001)


def test_powers_of_pi_are_not_reduced() -> None:
    pi = irrational("pi")
    square: Real = pi * pi
    assert 9 < square < 10
    assert square - pi * pi == 0
    assert square > 3 * pi


def test_two_constants_are_not_mixed() -> None:
    with pytest.raises(TypeError, match="use one constant"):
        irrational("sqrt(2)") + irrational("sqrt(3)")


@FIXED
@given(value=st.one_of(RATIONALS, RATIONALS.map(lambda c: c + parse_real("1/sqrt(3)"))))
def test_an_enclosure_holds_its_number_and_is_tight(value: Fraction | Irrational) -> None:
    centre, radius = enclose(value)
    assert Fraction(centre) - Fraction(radius) <= value <= Fraction(centre) + Fraction(radius)
    assert radius <= 2.0**-52 * abs(centre) + 2.0**-1074
    assert (radius == 0.0) == (value == Fraction(centre))


def test_floats_past_the_range_are_infinite_and_enclosures_refuse() -> None:
    huge = Fraction(10) ** 400
    assert (to_float(huge), to_float(-huge)) == (math.inf, -math.inf)
    with pytest.raises(OverflowError):
        enclose(huge)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3/4", Fraction(3, 4)),
        ("0.75", Fraction(3, 4)),
        (" -2 ", Fraction(-2)),
        ("1e-3", Fraction(1, 1000)),
        ("sqrt(9/16)", Fraction(3, 4)),
        ("sqrt(2)*sqrt(8)", Fraction(4)),
        ("pi/pi", Fraction(1)),
        ("1/2 + 1/3", Fraction(5, 6)),
        (7, Fraction(7)),
        (0.5, Fraction(1, 2)),
        (
            "0.1234567890123456789012345678901234567890",
            Fraction(1234567890123456789012345678901234567890, 10**40),
        ),
        ("1e-400", Fraction(1, 10**400)),
    ],
)
def test_text_is_read_exactly(text: str | int | float, value: Fraction) -> None:
    assert parse_real(text) == value


def test_equal_irrationals_are_one_value_however_written() -> None:
    assert (
        parse_real("1/sqrt(2)")
        == parse_real("sqrt(2)/2")
        == parse_real("sqrt(1/2)")
        == parse_real("sqrt(8)/4")
    )
    assert hash(parse_real("1/sqrt(2)")) == hash(parse_real("sqrt(1/2)"))
    assert float(parse_real("1/sqrt(2)")) == 0.5**0.5
    assert parse_real("sqrt(2)") != parse_real("pi")


@pytest.mark.parametrize(
    "text",
    ["", "x", "1/0", "sqrt(-1)", "sqrt(pi)", "pi + 1", "2**3", "sqrt(2) + sqrt(3)", "__import__('os')", "1 +", "True",
     "nan", "1e999999999", "sqrt(2, 3)", float("nan"), float("inf"), None, [1], True],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(text: object) -> None:
    with pytest.raises(InvalidValue, match=r"^number=.*; write for example 3/4, 1/sqrt\(2\) or pi/4$"):
        parse_real(text)  # type: ignore[arg-type]
