"""Numbers of any library are the numbers they are, what lies is found out, and any bytes are decoded or refused."""

import struct
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle.arithmetic.foreign import exact_fraction
from oracle.errors import InvalidOutput
from oracle.networks import Network, decode, encode
from oracle.points import decode_point, encode_point

FIXED = settings(derandomize=True, deadline=None, max_examples=300)


class LyingFloat(float):
    """Says that it is infinite."""

    def as_integer_ratio(self) -> tuple[int, int]:
        return (1, 0)


class LyingInt(int):
    """Says that it is another number."""

    def __int__(self) -> int:
        return 7

    def __index__(self) -> int:
        return 7

    def as_integer_ratio(self) -> tuple[int, int]:
        return (7, 0)


class LyingFraction(Fraction):
    """Has other parts than it computes with."""

    @property
    def numerator(self) -> int:  # type: ignore[override]
        return 5

    @property
    def denominator(self) -> int:  # type: ignore[override]
        return 0


class Zero:
    """A ratio by nothing."""

    def as_integer_ratio(self) -> tuple[int, int]:
        return (1, 0)


class Raises:
    """Raises when it is asked."""

    def as_integer_ratio(self) -> tuple[int, int]:
        raise SystemError("no")


class OnlyFloat:
    """Has a float's value, and is no number."""

    def __float__(self) -> float:
        return 0.5


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (LyingFloat(0.25), Fraction(1, 4)),
        (LyingInt(3), Fraction(3)),
        (LyingFraction(1, 3), Fraction(1, 3)),
        (True, Fraction(1)),
        (np.float32(0.1), Fraction(float(np.float32(0.1)))),
        (np.uint64(2**64 - 1), Fraction(2**64 - 1)),
        (np.longdouble(1) / 3, Fraction(*(np.longdouble(1) / 3).as_integer_ratio())),
        (Decimal("0.1"), Fraction(1, 10)),
        (flint.fmpz(2**200), Fraction(2**200)),
        (flint.fmpq(1, 3), Fraction(1, 3)),
        (flint.arb(0.75), Fraction(3, 4)),
        ("1/3", Fraction(1, 3)),
    ],
    ids=lambda x: type(x).__name__,
)
def test_a_number_is_the_number_that_it_is(number: Any, value: Fraction) -> None:
    found = exact_fraction(number)
    assert found == value
    assert type(found) is Fraction
    assert type(found.numerator) is int
    network = Network([(np.array([[number, Fraction(1, 3)]], dtype=object), np.zeros(1)), ([[1.0]], [0.0])])
    assert network.exact_layers()[0][0][0, 0] == value


@pytest.mark.parametrize(
    "number",
    [
        Zero(),
        Raises(),
        OnlyFloat(),
        flint.arb.pi(),
        float("nan"),
        LyingFloat("inf"),
        Decimal("inf"),
        1j,
        None,
        "x",
    ],
    ids=lambda x: type(x).__name__,
)
def test_what_is_no_rational_number_is_refused_in_a_sentence(number: Any) -> None:
    with pytest.raises(ValueError, match=r"^\w+ (is no finite rational number|has the denominator 0)|cannot"):
        exact_fraction(number)
    with pytest.raises(InvalidOutput):
        Network([(np.array([[number, 0]], dtype=object), np.zeros(1)), ([[1.0]], [0.0])])


@pytest.mark.parametrize(
    ("module", "make", "value"),
    [
        ("gmpy2", lambda m: m.mpq(1, 3), Fraction(1, 3)),
        ("gmpy2", lambda m: m.mpz(3), Fraction(3)),
        ("gmpy2", lambda m: m.mpfr("0.5"), Fraction(1, 2)),
        ("sympy", lambda m: m.Rational(1, 3), Fraction(1, 3)),
        ("sympy", lambda m: m.Integer(4), Fraction(4)),
        ("sympy", lambda m: m.Float("0.375"), Fraction(3, 8)),
        ("mpmath", lambda m: m.mpf(-0.75), Fraction(-3, 4)),
        ("torch", lambda m: m.tensor(1.5, dtype=m.bfloat16), Fraction(3, 2)),
        ("torch", lambda m: m.tensor(0.5, requires_grad=True), Fraction(1, 2)),
        ("ml_dtypes", lambda m: m.bfloat16(1.5), Fraction(3, 2)),
    ],
)
def test_numbers_of_libraries_that_may_be_installed(module: str, make: Any, value: Fraction) -> None:
    library = pytest.importorskip(module)
    assert exact_fraction(make(library)) == value


@pytest.mark.parametrize("name", ["sqrt(2)", "pi", "oo", "nan", "I"])
def test_a_sympy_number_that_is_not_rational_is_refused(name: str) -> None:
    sympy = pytest.importorskip("sympy")
    with pytest.raises(ValueError, match="no finite rational number"):
        exact_fraction(sympy.sympify(name))


def test_arrays_of_other_libraries_hold_their_numbers() -> None:
    torch: Any = pytest.importorskip("torch")
    weights = torch.tensor([[0.5, 0.25]], dtype=torch.bfloat16, requires_grad=True)
    network = Network([(weights, torch.zeros(1)), (flint.fmpq_mat(1, 1, [flint.fmpq(1, 3)]), [0])])
    assert network.exact_layers()[0][0].tolist() == [[Fraction(1, 2), Fraction(1, 4)]]
    assert network.exact_layers()[1][0].tolist() == [[Fraction(1, 3)]]
    whole = torch.tensor([[2**60 + 1, 0]])
    assert Network([(whole, [0]), ([[1]], [0])]).exact_layers()[0][0][0, 0] == 2**60 + 1


def test_an_array_of_bfloat16_is_one_of_numbers() -> None:
    dtypes: Any = pytest.importorskip("ml_dtypes")
    weights = np.array([[1.5, 2.0]], dtype=dtypes.bfloat16)
    assert Network([(weights, np.zeros(1)), ([[1.0]], [0.0])]).is_float


def test_masked_entries_are_no_numbers_and_an_array_that_raises_is_told() -> None:
    masked = np.ma.masked_array([[1.0, 2.0]], mask=[[True, False]])
    with pytest.raises(InvalidOutput, match="masked"):
        Network([(masked, [0.0]), ([[1.0]], [0.0])])

    class Broken:
        def __array__(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("not today")

    with pytest.raises(InvalidOutput, match="not today"):
        Network([(Broken(), [0.0]), ([[1.0]], [0.0])])


NETWORKS = [
    Network([([[1.0, 2.0]], [0.0]), ([[1.0]], [0.5])]),
    Network([([[Fraction(1, 3), 2]], [0]), ([[1]], [Fraction(-5, 7)])]),
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    body = bytearray(encode(draw(st.sampled_from(NETWORKS))))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(body)))
        kind = draw(st.sampled_from(["change", "cut", "insert"]))
        if kind == "change" and at < len(body):
            body[at] = draw(st.integers(0, 255))
        elif kind == "cut":
            del body[at : at + draw(st.integers(1, 9))]
        else:
            body[at:at] = draw(st.binary(max_size=9))
    return bytes(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("0123456789abcdef/-x_ +", max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=8,
)


@st.composite
def forged(draw: st.DrawFn) -> bytes:
    sizes = draw(st.lists(st.sampled_from([0, 1, 2, 3, 2**16, 2**32 - 1]), max_size=5))
    count = draw(st.sampled_from([len(sizes), 0, 1, 65_535]))
    head = struct.pack(f"<cH{len(sizes)}I", draw(st.sampled_from([b"q", b"f", b"x"])), count, *sizes)
    text = repr(draw(JSON)).replace("'", '"').encode("utf-8", "replace")
    return head + draw(
        st.sampled_from([text, b"[" * 100_000, b"[" + b"9" * 5_000 + b"]", b'["1/0"]', b'["-1/-2"]'])
    )


@FIXED
@given(st.binary(max_size=60) | damaged() | forged())
def test_any_bytes_are_a_network_or_invalid(body: bytes) -> None:
    try:
        network = decode(body)
    except InvalidOutput:
        return
    again = decode(encode(network))
    assert again.architecture == network.architecture
    for (w, b), (v, c) in zip(network.exact_layers(), again.exact_layers(), strict=True):
        assert (w == v).all()
        assert (b == c).all()


@FIXED
@given(
    st.binary(max_size=40)
    | JSON.map(lambda value: repr(value).replace("'", '"').encode("utf-8", "replace"))
    | st.sampled_from([b"[" * 100_000, b'["1/0"]', b'["0x1/0x0"]', b'["0x' + b"f" * 9_000 + b'"]', b"[1]"])
)
def test_any_bytes_are_a_point_or_invalid(body: bytes) -> None:
    try:
        point = decode_point(body)
    except InvalidOutput:
        return
    assert decode_point(encode_point(point), len(point)) == point
    with pytest.raises(InvalidOutput):
        decode_point(body, len(point) + 1)


def test_a_lying_number_ends_no_run() -> None:
    onehalf: Any = import_module("onehalf")

    @onehalf.algorithm("lying-float")
    def lying(task: Any, rng: Any) -> Any:
        """Answer weights that say that they are infinite."""
        one = np.array([[LyingFloat(1), LyingFloat(1)]] * 2, dtype=object)
        return onehalf.Network([(one, np.zeros(2)), (np.zeros((1, 2)), [LyingFloat(0)])])

    problem = onehalf.AlternatingTraining(hidden=(2,), exponent=20)
    result = onehalf.run(problem, lying, trials=2)
    assert set(result.outcomes["status"]) == {"halted"}
    assert set(result.outcomes["verdict"]) == {"rejected"}
