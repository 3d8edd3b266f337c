"""The filter's bound, against exact arithmetic, on weights that hurt: 2^±1000, subnormals, 1e200, cancellation."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.contradictions import contradictions
from oracle import judge as judging
from oracle.costs import COSTS
from oracle.judge import Level, exact_values, filtered, judge
from oracle.networks import Network

SIZES = (0.0, 1.0, 1e200, 1.7e308, 5e-324, 2.0**-1022, 2.0**-1000, 2.0**1000, 2.0**-60, 1 / 3, 1 + 2.0**-52)
WEIGHTS = st.one_of(
    st.sampled_from(SIZES + tuple(-x for x in SIZES)),
    st.floats(-2, 2, allow_subnormal=True),
    st.floats(allow_nan=False, allow_infinity=False),
)
NUMBERS = st.sampled_from(
    [
        Fraction(0),
        Fraction(1, 3),
        Fraction(-5, 7),
        Fraction(3, 8),
        Fraction(3, 8) + Fraction(1, 2**60),
        Fraction(1, 2**1000),
        Fraction(1, 2**1080),
        Fraction(10**300),
    ]
)
SHAPES = st.sampled_from([(2, 1, 1), (2, 2, 1), (2, 3, 1), (2, 2, 2, 1), (2, 1, 1, 1, 1)])


@st.composite
def questions(draw: st.DrawFn) -> tuple[Network, Level]:
    sizes = draw(SHAPES)
    layers = []
    for inner, outer in itertools.pairwise(sizes):
        flat = draw(st.lists(WEIGHTS, min_size=outer * (inner + 1), max_size=outer * (inner + 1)))
        table = np.array(flat).reshape(outer, inner + 1)
        if outer > 1 and draw(st.booleans()):
            table[1] = -table[0]
        layers.append((table[:, :-1], table[:, -1]))
    points = np.empty((4, 2), dtype=object)
    points[:] = [[draw(NUMBERS), draw(NUMBERS)] for _ in range(4)]
    cost = COSTS[draw(st.sampled_from(sorted(COSTS)))]
    level = draw(st.sampled_from([Fraction(1, 4), Fraction(1, 3), Fraction(1), Fraction(10**320)]))
    return Network(layers), Level(points, np.array([0, 1, 0, 1]), cost, level)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(questions())
def test_the_bound_holds_wherever_the_filter_trusts_it(question: tuple[Network, Level]) -> None:
    network, level = question
    known = level.floats
    assert known is not None
    with np.errstate(all="ignore"):
        layers = judging._stacked([network])
        values = judging._evaluate(layers, known[0])[0]
        error = judging._error_bounds(layers, *known)[0, 0]
    if math.isfinite(error) and np.isfinite(values).all():
        for computed, exact in zip(values.tolist(), exact_values(network, level), strict=True):
            assert abs(Fraction(computed) - exact) <= Fraction(float(error))


@settings(max_examples=500, deadline=None, derandomize=True)
@given(questions())
def test_the_filter_never_contradicts_exact_arithmetic(question: tuple[Network, Level]) -> None:
    network, level = question
    (quick,) = filtered([network], level)
    exact = level.decide(network)
    assert quick is None or quick.kind == exact.kind
    assert judge([network], [level])[0][0].kind == exact.kind


@settings(max_examples=200, deadline=None, derandomize=True)
@given(questions())
def test_a_tie_goes_the_exact_way(question: tuple[Network, Level]) -> None:
    network, level = question
    cost = level.cost.value(exact_values(network, level), level.labels.tolist())
    if isinstance(cost, Fraction):
        tie = Level(level.points, level.labels, level.cost, cost)
        below = Level(level.points, level.labels, level.cost, cost - Fraction(1, 10**400))
        assert filtered([network], tie)[0] is None or judge([network], [tie])[0][0].kind == "accepted"
        assert judge([network], [tie, below])[0][0].kind == "accepted"
        assert judge([network], [tie, below])[0][1].kind == "rejected"


def test_an_overflow_that_the_relu_hides_is_left_open() -> None:
    # −1.7e308·(x + x) overflows to −∞ and ρ makes it 0, but so is the exact value; its mirror image is not.
    points = np.array([[Fraction(1), Fraction(1)]] * 2, dtype=object)
    level = Level(points, np.array([0, 0]), COSTS["max"], Fraction(1, 4))
    hidden = [[-1.7e308, -1.7e308, 1.7e308]], [0.0]
    network = Network([([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [0.0] * 3), hidden, ([[1.0]], [0.0])])
    assert exact_values(network, level) == [0, 0]
    assert filtered([network], level) in ([None], [level.decide(network)])
    louder = Network([*network.layers[:1], ([[-1.7e308, -1.7e308, 1.75e308]], [0.0]), ([[1.0]], [0.0])])
    assert exact_values(louder, level)[0] > 0
    assert filtered([louder], level) == [None]
    assert judge([louder], [level])[0][0].kind == "rejected"


def test_a_mean_that_overflows_is_compared_with_a_level_past_float64_as_it_should() -> None:
    points = np.array([[Fraction(1), Fraction(0)]] * 4, dtype=object)
    network = Network([([[1.7e308, 0.0]], [0.0]), ([[1.0]], [0.0])])
    level = Level(points, np.zeros(4, dtype=np.int64), COSTS["mean-absolute"], Fraction(1.75e308))
    assert judge([network], [level])[0][0].kind == "accepted" == level.decide(network).kind


def test_nothing_is_decided_where_subnormals_are_flushed(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.array([[Fraction(1), Fraction(0)]] * 2, dtype=object)
    level = Level(points, np.array([0, 1]), COSTS["max"], Fraction(1, 4))
    network = Network([([[1.0, 0.0]], [0.0]), ([[1.0]], [0.0])])
    assert filtered([network], level)[0] is not None
    monkeypatch.setattr(judging.floating, "is_standard", lambda: False)
    assert filtered([network], level) == [None]


@pytest.mark.parametrize(("kind", "cases", "least"), [("random", 6_000, 0.99), ("adversarial", 6_000, 0.5)])
def test_a_sample_of_the_benchmark_s_cases_shows_no_contradiction(
    kind: str, cases: int, least: float
) -> None:
    wrong, decided = contradictions(kind, 99, cases)
    assert wrong == 0
    assert decided >= least * cases
