"""No network of the architecture serves both inputs (Lemma 5): tried with the ones that come nearest to it."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from onehalf.families.training.problem import AlternatingTraining
from oracle.costs import COSTS
from oracle.networks import Network, pieces

FIXED = settings(derandomize=True, deadline=None, max_examples=40)
SHAPES = [(8,), (4, 4)]
# The largest tolerance that may be asked for, nearly: acceptance is as easy as it gets.
LOOSE = "499/1000"

Layers = list[tuple[NDArray[np.object_], NDArray[np.object_]]]


def kinds(problem: AlternatingTraining, output: Network) -> list[str]:
    return [verdict.kind for verdict in problem.judge([problem.check_output(output)])[0]]


def zigzag(problem: AlternatingTraining, served: int) -> Network:
    """Return a network in x_1 alone that has the right labels at the first points (from the left), `served` of them.

    Layers of widths N_1, …: the first N_1 + 1 points are joined by straight lines with N_1 ramps; further layers hand
    the value on. It has as many pieces as one layer can have, and is right on both inputs at these points.
    """
    width = problem.hidden[0]
    first = [row[0] for row in problem.points_of(problem.inputs[0])]
    order = sorted(range(len(first)), key=first.__getitem__)[:served]
    xs = [first[k] for k in order]
    ys = [Fraction(int(problem.facts.labels[k])) for k in order]
    slopes = [(d - c) / (b - a) for (a, c), (b, d) in itertools.pairwise(zip(xs, ys, strict=True))]
    turns = [slopes[0], *(b - a for a, b in itertools.pairwise(slopes))]
    assert len(turns) <= width
    w = np.array([[Fraction(1), Fraction(0)]] * len(turns), dtype=object)
    layers: Layers = [(w, np.array([-x for x in xs[:-1]], dtype=object))]
    row, start = np.array([turns], dtype=object), np.array([ys[0]], dtype=object)
    for _ in problem.hidden[1:]:
        layers.append((row, start))
        row, start = np.array([[Fraction(1)]], dtype=object), np.array([Fraction(0)], dtype=object)
    return Network([*layers, (row, start)])


def mixed(one: Network, two: Network, share: Fraction) -> Network:
    """Return the network with weights (1 − share)·one + share·two, exactly."""
    pairs = zip(one.exact_layers(), two.exact_layers(), strict=True)
    return Network([((1 - share) * w + share * v, (1 - share) * b + share * c) for (w, b), (v, c) in pairs])


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("hidden", SHAPES)
@FIXED
@given(
    exponent=st.sampled_from([1, 2, 5, 20, 60]),
    share=st.fractions(0, 1, max_denominator=64),
    digits=st.integers(0, 12),
    seed=st.integers(0, 2**32 - 1),
)
def test_near_the_witnesses_nothing_serves_both_inputs(
    hidden: tuple[int, ...], cost: str, exponent: int, share: Fraction, digits: int, seed: int
) -> None:
    problem = AlternatingTraining(hidden=hidden, exponent=exponent, cost=cost, tolerance=LOOSE)
    one, two = (problem.facts.witness(member) for member in problem.inputs)
    rng = np.random.default_rng(seed)
    middle = mixed(one, two, share)
    shaken = Network(
        [
            (w + 10.0**-digits * rng.normal(size=w.shape), b + 10.0**-digits * rng.normal(size=b.shape))
            for w, b in ((w.astype(float), b.astype(float)) for w, b in middle.layers)
        ]
    )
    for network in (middle, shaken):
        assert kinds(problem, network).count("accepted") <= 1
    assert kinds(problem, mixed(one, two, Fraction(0))) == ["accepted", "rejected"]
    assert kinds(problem, mixed(one, two, Fraction(1))) == ["rejected", "accepted"]


@pytest.mark.parametrize("hidden", SHAPES)
@FIXED
@given(data=st.data())
def test_a_network_that_is_right_on_both_at_all_points_it_can_is_still_rejected(
    hidden: tuple[int, ...], data: st.DataObject
) -> None:
    problem = AlternatingTraining(hidden=hidden, exponent=data.draw(st.integers(1, 30)), tolerance=LOOSE)
    served = data.draw(st.integers(2, hidden[0] + 1))
    network = zigzag(problem, served)
    for member in problem.inputs:
        points = problem.points_of(member)
        right = sum(
            value == label
            for value, label in zip(network(points), problem.facts.labels.tolist(), strict=True)
        )
        assert right >= served
    assert kinds(problem, network) == ["rejected", "rejected"]


def folded(count: int) -> Network:
    """Return a zigzag of widths (4, 4): x_1 is folded twice into [0, count], then each strand is folded twice again."""
    fold = [[Fraction(4), Fraction(0)]] * 4
    starts = [Fraction(0), Fraction(-1), Fraction(-2), Fraction(-3)]
    ramps = [Fraction(1), Fraction(-2), Fraction(2), Fraction(-2)]
    second = [[count * r for r in ramps]] * 4
    layers = [
        (np.array(fold, dtype=object), np.array(starts, dtype=object)),
        (np.array(second, dtype=object), np.array([Fraction(-k * count, 4) for k in range(4)], dtype=object)),
        (
            np.array([[Fraction(4 * r) / count for r in ramps]], dtype=object),
            np.array([Fraction(0)], dtype=object),
        ),
    ]
    return Network(layers)


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("exponent", [2, 30])
def test_a_deep_zigzag_of_many_pieces_is_rejected_on_one_input_at_least(count: int, exponent: int) -> None:
    problem = AlternatingTraining(hidden=(4, 4), exponent=exponent, tolerance=LOOSE)
    network = folded(count)
    line = np.array([[Fraction(k, 1024), Fraction(0)] for k in range(1025)], dtype=object)
    above = [value > Fraction(1, 2) for value in network(line)]
    changes = sum(a != b for a, b in itertools.pairwise(above))
    assert 8 <= changes < pieces(network.architecture), "it folds, and Lemma 4 limits how often"
    assert kinds(problem, network).count("accepted") <= 1


@pytest.mark.parametrize("hidden", [(4, 4), (3, 3, 3)])
@pytest.mark.parametrize("cost", ["max", "cross-entropy"])
def test_deep_witnesses_hold_at_five_thousand_digits(hidden: tuple[int, ...], cost: str) -> None:
    problem = AlternatingTraining(hidden=hidden, exponent=5000, cost=cost)
    one, two = (problem.facts.witness(member) for member in problem.inputs)
    assert kinds(problem, one) == ["accepted", "rejected"]
    assert kinds(problem, two) == ["rejected", "accepted"]
    assert list(one(problem.points_of(problem.inputs[0]))) == problem.facts.labels.tolist()
