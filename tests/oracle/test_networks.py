"""ReLU networks: shapes, piece counts, exact evaluation, exact encoding."""

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle.errors import InvalidOutput
from oracle.networks import Network, decode, encode, fits, pieces
from oracle.numbers import parse_real

FIXED = settings(derandomize=True, deadline=None, max_examples=60)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
WHOLE = st.integers(-3, 3).map(Fraction)


@st.composite
def networks(draw: st.DrawFn, entries: st.SearchStrategy[Any], inputs: int | None = None) -> Network:
    widths = [inputs or draw(st.integers(1, 3)), *draw(st.lists(st.integers(1, 4), max_size=3)), 1]
    layers = []
    for inner, outer in itertools.pairwise(widths):
        w = draw(st.lists(entries, min_size=inner * outer, max_size=inner * outer))
        b = draw(st.lists(entries, min_size=outer, max_size=outer))
        kind = object if isinstance(b[0], Fraction) else float
        layers.append((np.array(w, dtype=kind).reshape(outer, inner), np.array(b, dtype=kind)))
    return Network(layers)


def plain(network: Network, point: list[Fraction]) -> Fraction:
    """Evaluate with Fractions and lists, nothing else."""
    values = point
    for index, (w, b) in enumerate(network.layers):
        if index:
            values = [max(v, Fraction(0)) for v in values]
        values = [
            sum((Fraction(x) * v for x, v in zip(row, values, strict=True)), Fraction(c))
            for row, c in zip(w.tolist(), b.tolist(), strict=True)
        ]
    return values[0]


@FIXED
@given(network=networks(FLOATS))
def test_float_networks_survive_encoding_bit_for_bit(network: Network) -> None:
    again = decode(encode(network))
    assert again.is_float
    assert again.architecture == network.architecture
    for (w, b), (v, c) in zip(network.layers, again.layers, strict=True):
        assert w.tobytes() == v.tobytes()
        assert b.tobytes() == c.tobytes()


@FIXED
@given(network=networks(st.fractions()))
def test_rational_networks_survive_encoding_exactly(network: Network) -> None:
    again = decode(encode(network))
    assert not again.is_float
    assert all(
        (w == v).all() and (b == c).all() for (w, b), (v, c) in zip(network.layers, again.layers, strict=True)
    )


def test_a_network_of_three_hundred_layers_survives_encoding() -> None:
    deep = Network([([[1.0]], [0.25])] * 300)
    assert decode(encode(deep)).architecture == deep.architecture


@FIXED
@given(network=networks(FLOATS, inputs=2), x=st.fractions(-2, 2), y=st.fractions(-2, 2))
def test_values_at_exact_points_are_exact(network: Network, x: Fraction, y: Fraction) -> None:
    points = np.array([[x, y]], dtype=object)
    assert network(points)[0] == plain(network, [x, y])


@FIXED
@given(network=networks(WHOLE, inputs=2), x=st.integers(-3, 3), y=st.integers(-3, 3))
def test_values_at_irrational_points_obey_the_ring(network: Network, x: int, y: int) -> None:
    root = parse_real("sqrt(2)")
    value = network(np.array([[x * root, y + root]], dtype=object))[0]
    close = Fraction(2**200 * 14142135623730950488016887242096980785696718753769, 2**200 * 10**49)
    # The weights are small integers, so a truncated √2 moves the value by less than 10^-40.
    assert abs(value - plain(network, [x * close, y + close])) < Fraction(1, 10**40)


@FIXED
@given(network=networks(WHOLE, inputs=1))
def test_a_line_has_at_most_p_of_n_pieces(network: Network) -> None:
    # Lemma 4. Small integer weights put breakpoints at coarse rationals, and the turns of the values on a fine grid
    # count them from below.
    xs = [Fraction(i, 24) for i in range(-24 * 8, 24 * 8 + 1)]
    ys = network(np.array([[x] for x in xs], dtype=object))
    slopes = [b - a for a, b in itertools.pairwise(ys)]
    turns = [i for i, (a, b) in enumerate(itertools.pairwise(slopes)) if a != b]
    # A breakpoint strictly inside one cell shows as two neighbouring turns.
    breakpoints = sum(1 for n, i in enumerate(turns) if n == 0 or turns[n - 1] != i - 1)
    assert breakpoints <= pieces(network.architecture) - 1


@pytest.mark.parametrize(
    ("architecture", "count"),
    [((2, 8, 1), 9), ((2, 4, 4, 1), 25), ((3, 3, 3, 3, 1), 64), ((2, 1), 1)],
)
def test_p_of_n_is_the_product_over_hidden_layers(architecture: tuple[int, ...], count: int) -> None:
    assert pieces(architecture) == count


def test_a_sawtooth_attains_many_pieces() -> None:
    # |1 − 2·x| folded twice on [0, 1] by widths (2, 2): 4 pieces of the 9 allowed, all of them seen.
    fold = [[2.0, -4.0]], [0.0]
    tooth = Network(
        [([[1.0], [1.0]], [0.0, -0.5]), (np.array([[2, -4], [2, -4]]), np.array([0, -0.5])), fold]
    )
    values = tooth(np.array([[Fraction(i, 4)] for i in range(5)], dtype=object))
    assert list(values) == [0, 1, 0, 1, 0]


def test_padding_fits_and_other_depths_do_not() -> None:
    assert fits((2, 3, 1), (2, 8, 1))
    assert not fits((2, 9, 1), (2, 8, 1))
    assert not fits((2, 3, 3, 1), (2, 8, 1))
    assert not fits((3, 3, 1), (2, 8, 1))


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([], "at least one layer"),
        ([([[1.0, 2.0]], [0.0, 0.0])], "layer 1"),
        ([([[1.0]], [0.0]), ([[1.0, 2.0]], [0.0])], "layer 2"),
        ([([[1.0], [2.0]], [0.0, 0.0])], "has 2 outputs"),
        ([([[float("nan")]], [0.0])], "W_1 holds NaN or infinity"),
        ([([[1.0]], [float("inf")])], "b_1 holds NaN or infinity"),
        ([([["a"]], [0.0])], "must be real numbers"),
        ([([[1j]], [0.0])], "must be real numbers"),
        ([(np.array([[None]], dtype=object), [0.0])], "no finite real number"),
        ([(np.array([[float("nan")]], dtype=object), [0.0])], "no finite real number"),
        (3, "list of"),
    ],
)
def test_what_is_no_network_is_refused(layers: Any, message: str) -> None:
    with pytest.raises(InvalidOutput, match=message):
        Network(layers)


def test_weights_are_a_read_only_copy() -> None:
    w = np.array([[1.0, 2.0]])
    network = Network([(w, [0.0])])
    w[0, 0] = 99.0
    assert network.layers[0][0][0, 0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        network.layers[0][0][0, 0] = 5.0
