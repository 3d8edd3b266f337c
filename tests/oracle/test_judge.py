"""Verdicts are exact: filter, integers and plain Fractions agree, and a batch's company changes nothing."""

import itertools
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
import pytest
from numpy.random import Generator

from onehalf.families.training.problem import AlternatingTraining
from oracle.costs import COSTS
from oracle.judge import Level, Verdict, exact_values, filtered, judge
from oracle.networks import Network
from tests.scale import several

SCALES = (1.0, 1.0, 1.0, 1e-3, 1e3, 1e200, 5e-324, 2.0**-1000, 2.0**-1030)
SHAPES = ((2, 2, 1), (2, 1, 2, 1), (2, 3, 1))
LABELS = np.array([0, 1, 0, 1], dtype=np.int64)


def plain_cost(
    name: str, network: Network, points: Sequence[Sequence[Fraction]], labels: Sequence[int]
) -> Fraction:
    """Return the cost by lists and Fractions alone; cross-entropy as 1 − Π(1 − s), 2 where it is infinite."""
    layers = [(w.tolist(), b.tolist()) for w, b in network.layers]
    errors = []
    for point, label in zip(points, labels, strict=True):
        values = list(point)
        for index, (w, b) in enumerate(layers):
            if index:
                values = [v if v > 0 else Fraction(0) for v in values]
            values = [
                sum((Fraction(x) * v for x, v in zip(row, values, strict=True)), Fraction(c))
                for row, c in zip(w, b, strict=True)
            ]
        errors.append(1 - values[0] if label else values[0])
    if name == "max":
        return max(abs(s) for s in errors)
    if name == "mean-absolute":
        return sum((abs(s) for s in errors), Fraction(0)) / len(errors)
    if name == "mean-squared":
        return sum((s * s for s in errors), Fraction(0)) / len(errors)
    if any(s < 0 or s > 1 for s in errors):
        return Fraction(2)
    return 1 - math.prod((1 - s for s in errors), start=Fraction(1))


def points_of(rng: Generator) -> np.ndarray[tuple[int, int], np.dtype[np.object_]]:
    """Return four points: thirds, dyadics, zeros and one coordinate of 2^-1000."""
    pool = [
        Fraction(0),
        Fraction(1, 3),
        Fraction(-5, 7),
        Fraction(3, 8),
        Fraction(1, 2**53),
        Fraction(1, 2**1000),
    ]
    table = np.empty((4, 2), dtype=object)
    for cell in np.ndindex(4, 2):
        table[cell] = pool[rng.integers(len(pool))]
    return table


def random_network(rng: Generator, shape: tuple[int, ...]) -> Network:
    """Return weights of very unequal sizes, with exact cancellations: rows repeated with the other sign."""
    layers = []
    for inner, outer in itertools.pairwise(shape):
        scale = rng.choice(SCALES, size=(outer, inner + 1))
        table = np.clip(rng.normal(size=(outer, inner + 1)), -1.7, 1.7) * scale
        if rng.random() < 0.3:
            table = np.round(table * 8) / 8
        if outer > 1 and rng.random() < 0.3:
            table[1] = -table[0] if rng.random() < 0.5 else table[0] * (1 + 2.0**-52)
        layers.append((table[:, :-1], table[:, -1]))
    return Network(layers)


def level(rng: Generator, name: str, points: object, bar: Fraction | None = None) -> Level:
    wished = Fraction(int(rng.integers(1, 64)), 32) if bar is None else bar
    return Level(points, LABELS, COSTS[name], wished)  # type: ignore[arg-type]


def batches(count: int) -> Iterator[tuple[Level, list[Network]]]:
    """Yield batches of 100 networks, costs and shapes in turn, `count` networks in all."""
    rng = np.random.default_rng(20_210_906)
    turns = itertools.cycle(itertools.product(COSTS, SHAPES))
    for _, (name, shape) in zip(range(count // 100), turns, strict=False):
        yield level(rng, name, points_of(rng)), [random_network(rng, shape) for _ in range(100)]


def test_verdicts_agree_with_plain_fractions() -> None:
    decided = {"accepted": 0, "rejected": 0}
    by_filter = 0
    for question, networks in batches(several(2_000, 10_000)):
        points, labels = question.points.tolist(), LABELS.tolist()
        costs = [plain_cost(question.cost.name, n, points, labels) for n in networks]
        sure = filtered(networks, question)
        for network, cost, quick, (verdict,) in zip(
            networks, costs, sure, judge(networks, [question]), strict=True
        ):
            expected = "accepted" if cost <= question.level else "rejected"
            assert verdict.kind == expected
            assert quick is None or quick.kind == expected
            by_filter += quick is not None
            decided[expected] += 1
            exact = question.decide(network)
            assert exact.kind == expected
            if math.isfinite(exact.margin) and math.isfinite(verdict.margin):
                assert verdict.margin == pytest.approx(exact.margin, rel=1e-6, abs=1e-6)
    assert min(decided.values()) > several(100, 500), decided
    assert by_filter > several(400, 2_000), "the filter takes part"


@pytest.mark.parametrize("name", COSTS)
def test_ties_at_the_level_are_accepted_and_a_hair_beyond_is_not(name: str) -> None:
    rng = np.random.default_rng(7)
    ties = 0
    for _ in range(60):
        points = points_of(rng)
        network = random_network(rng, (2, 2, 1))
        # Values near the labels, so that cross-entropy is finite: shrink the output and move it to 1/2.
        w, b = network.layers[-1]
        largest = max(1.0, *(abs(float(v)) if abs(v) < 10**300 else 1e300 for v in network(points)))
        network = Network([*network.layers[:-1], (w / largest / 4, b / largest / 4 + 0.5)])
        cost = plain_cost(name, network, points.tolist(), LABELS.tolist())
        if name == "cross-entropy" and cost == 2:
            continue  # infinite: there is no level to tie with
        for bar, expected in ((cost, "accepted"), (cost - Fraction(1, 10**90), "rejected")):
            question = level(rng, name, points, bar)
            (verdict,) = judge([network], [question])[0]
            assert verdict.kind == expected == question.decide(network).kind
            assert filtered([network], question)[0] in (None, verdict)
            ties += verdict.kind == "accepted" and verdict.margin == 0
    assert ties >= 40


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        (1e200, "rejected"),
        (1.7e308, "rejected"),
        (5e-324, "rejected"),
        (2.0**-1000, "rejected"),
        (1.0, "accepted"),
    ],
)
def test_one_extreme_weight_is_judged_right(weight: float, expected: str) -> None:
    # φ(x) = w·ρ(x_1) at x_1 = label: right for w = 1 alone.
    points = np.array([[Fraction(v), Fraction(0)] for v in LABELS.tolist()], dtype=object)
    question = Level(points, LABELS, COSTS["max"], Fraction(1, 4))
    network = Network([([[1.0, 0.0]], [0.0]), ([[weight]], [0.0])])
    assert judge([network], [question])[0][0].kind == expected


def test_huge_weights_that_cancel_exactly_are_accepted() -> None:
    # 1e200·x − 1e200·x + x overflows nowhere and cancels exactly; 1.7e308 twice overflows in float64 and is exact here.
    points = np.array([[Fraction(v), Fraction(0)] for v in LABELS.tolist()], dtype=object)
    question = Level(points, LABELS, COSTS["mean-squared"], Fraction(1, 64))
    for size in (1e200, 1.7e308):
        first = [[1.0, 0.0]] * 5, [0.0] * 5
        network = Network([first, ([[size, size, -size, -size, 1.0]], [0.0])])
        assert judge([network], [question])[0][0] == Verdict("accepted", 1 / 64)


def test_two_to_the_minus_1000_is_not_taken_for_nothing() -> None:
    points = np.array([[Fraction(0), Fraction(0)]] * 4, dtype=object)
    tiny = Fraction(1, 2**1000)
    network = Network([([[0.0, 0.0]], [2.0**-1000]), ([[1.0]], [0.0])])
    for bar, expected in ((tiny, "accepted"), (tiny * Fraction(999, 1000), "rejected")):
        question = Level(points, np.zeros(4, dtype=np.int64), COSTS["max"], bar)
        assert judge([network], [question])[0][0].kind == expected


@pytest.mark.parametrize("a", ["3/4", "1/sqrt(2)"])
@pytest.mark.parametrize("cost", COSTS)
def test_a_batch_s_company_changes_no_verdict_and_no_margin(cost: str, a: str) -> None:
    problem = AlternatingTraining(hidden=(3,), cost=cost, a=a, exponent=6)
    rng = np.random.default_rng(3)
    one, two = (problem.facts.witness(member) for member in problem.inputs)
    networks = [one, two]
    for size in (1e-9, 1e-3, 0.3, 1e200):
        for start in (one, two):
            networks += [
                Network([(w + size * rng.normal(size=w.shape), b) for w, b in start.layers]) for _ in range(9)
            ]
    together = problem.judge(networks)
    assert together == [problem.judge([network])[0] for network in networks]
    order = rng.permutation(len(networks))
    assert [together[i] for i in order] == problem.judge([networks[i] for i in order])
    assert problem.judge(networks * 3) == together * 3


@pytest.mark.parametrize("a", ["1/sqrt(2)", "pi/4"])
def test_at_irrational_points_filter_and_exact_arithmetic_agree(a: str) -> None:
    problem = AlternatingTraining(hidden=(2,), a=a, exponent=8)
    rng = np.random.default_rng(11)
    networks = [
        Network([(w + rng.normal(size=w.shape) * size, b) for w, b in problem.facts.witness(member).layers])
        for member in problem.inputs
        for size in (0.0, 1e-4, 1e-2, 1.0)
        for _ in range(5)
    ]
    for question in problem.levels:
        exact = [question.decide(network) for network in networks]
        assert {verdict.kind for verdict in exact} == {"accepted", "rejected"}
        for quick, sure in zip(filtered(networks, question), exact, strict=True):
            assert quick is None or (
                quick.kind == sure.kind and quick.margin == pytest.approx(sure.margin, abs=1e-6)
            )


def test_a_tie_at_an_irrational_point_is_decided() -> None:
    # φ(x) = c·x_1 with c·(a/(k + 1 − κ)) compared with a level that is the value itself, an element of Q(√2).
    problem = AlternatingTraining(hidden=(1,), a="1/sqrt(2)")
    points = problem.points_of(problem.inputs[0])[:1]
    network = Network([([[0.5, 0.0]], [0.0]), ([[1.0]], [0.0])])
    value = exact_values(network, Level(points, np.array([0]), COSTS["max"], Fraction(1)))[0]
    assert not isinstance(value, Fraction)
    for bar, expected in ((value, "accepted"), (value - Fraction(1, 10**60), "rejected")):
        assert judge([network], [Level(points, np.array([0]), COSTS["max"], bar)])[0][0].kind == expected


def test_exact_and_float_weights_of_the_same_network_get_the_same_verdict() -> None:
    problem = AlternatingTraining(hidden=(3,), exponent=20)
    rng = np.random.default_rng(5)
    for member in problem.inputs:
        for size in (0.0, 1e-3, 0.5):
            layers = [
                (w + size * rng.normal(size=w.shape), b) for w, b in problem.facts.witness(member).layers
            ]
            quick = Network(layers)
            exact = Network(quick.exact_layers())
            assert (quick.is_float, exact.is_float) == (True, False)
            for left, right in zip(*problem.judge([quick, exact]), strict=True):
                assert left.kind == right.kind
                assert left.margin == pytest.approx(right.margin, rel=1e-9, abs=1e-9)
