"""What a perturbation makes wrong: every piece of every line walked again in fractions; ties, kinks at points."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from scipy.sparse import csr_array

import onehalf as oh
from onehalf.auditing.networks.classes import margins_of
from onehalf.auditing.networks.flips import checked_margins, wrong_at
from onehalf.auditing.networks.pieces import ExactLine
from onehalf.auditing.networks.trained import AffineLayer, TrainedNetwork
from onehalf.auditing.networks.walk import wrong_runs
from oracle.arithmetic.coverage import Run


def random_network(sizes: list[int], seed: int, grid: int | None = None) -> TrainedNetwork:
    """Return a network; on a grid its neurons vanish together and at the points."""
    rng = np.random.default_rng(seed)
    layers = []
    for index, (m, n) in enumerate(itertools.pairwise(sizes)):
        w, b = rng.normal(size=(n, m)) / np.sqrt(m) * 1.4, rng.normal(size=n) * 0.3
        if grid:
            w, b = np.round(w * grid) / grid, np.round(b * grid) / grid
        layers.append(AffineLayer(csr_array(w), b, index < len(sizes) - 2))
    return TrainedNetwork(tuple(layers), (sizes[0],))


def covers(runs: list[Run], t: Fraction) -> bool:
    return any(
        (lo < t or (lo == t and not lo_)) and (t < hi or (t == hi and not hi_)) for lo, hi, lo_, hi_ in runs
    )


NETWORKS: list[tuple[list[int], int | None, str | None]] = [
    ([3, 8, 8, 3], None, "argmax"),
    ([2, 5, 5, 3], 1, "argmin"),
    ([2, 5, 5, 1], 1, "threshold"),
    ([2, 6, 1], 2, None),
]
"""Sizes of layers, the grid of the weights, and the rule."""


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("sizes", "grid", "rule"),
    NETWORKS,
)
def test_runs_are_right_at_every_breakpoint_and_in_between(
    seed: int, sizes: list[int], grid: int | None, rule: str | None
) -> None:
    network = random_network(sizes, seed, grid)
    rng = np.random.default_rng(seed + 100)
    points = rng.integers(-2, 3, size=(5, sizes[0])).astype(float) if grid else rng.normal(size=(5, sizes[0]))
    margins = margins_of(rng.integers(0, max(sizes[-1], 2), 5), sizes[-1], rule)
    entered, direction = network.entered(points), network.turned([1, -0.5, 0.25][: sizes[0]])
    low, high = Fraction(-2), Fraction(3, 2)
    runs = wrong_runs(network, entered, direction, margins, low, high)
    line = ExactLine(network.exact, direction)
    for k, point in enumerate(entered):
        ends = [low]
        while (end := line.piece(point, None, ends[-1]).breakpoint_after()) is not None and end < high:
            ends.append(end)
        places = sorted({*ends, high, *(t for run in runs[k] for t in run[:2])})
        places += [(a + b) / 2 for a, b in itertools.pairwise(places)]
        for t in places:
            values = network.exact.values([x + t * v for x, v in zip(point, direction, strict=True)])
            assert covers(runs[k], t) == (not margins.right(k, values))


@pytest.mark.parametrize("seed", range(4))
def test_the_largest_set_its_least_sizes_and_its_box(seed: int) -> None:
    """Every t among all ends and between them is tried; points of the certified box are exact counterexamples all."""
    network = random_network([2, 8, 8, 3], seed)
    rng = np.random.default_rng(seed)
    points, labels = rng.normal(size=(12, 2)), rng.integers(0, 3, 12)
    found = oh.flips(network, points, labels, [1.0, 0.5], 0.75)
    ends = sorted({Fraction(0), *(t for runs in found.runs for run in runs for t in run[:2])})
    places = [*ends, *((a + b) / 2 for a, b in itertools.pairwise(ends))]
    counts = [sum(covers(list(runs), t) for runs in found.runs) for t in places]
    assert found.most == max(counts) == len(found.wrong)
    right = [k for k in range(12) if k not in found.wrong_before]
    assert found.most_flipped == max(sum(covers(list(found.runs[k]), t) for k in right) for t in places)
    margins = checked_margins(network, 12, labels, None)
    assert found.wrong_before == wrong_at(network, network.entered(points), margins)
    for k, least in enumerate(found.least):
        if k in found.wrong_before:
            assert least == 0
        elif least is None:
            assert not found.runs[k]
        else:
            assert not any(covers(list(found.runs[k]), t) for t in places if abs(t) < least)
    assert found.box > 0
    for _ in range(30):
        shift = [
            found.t * v + found.box * Fraction(int(rng.integers(-16, 17)), 16)
            for v in (Fraction(1), Fraction(1, 2))
        ]
        for k in found.wrong:
            moved = [Fraction(x) + s for x, s in zip(points[k].tolist(), shift, strict=True)]
            assert not margins.right(k, network.exact.values(moved))


def test_a_tie_is_wrong_and_exact() -> None:
    """φ = (x, 0): at x = 0 the outputs are equal; 2^-1074 decides."""
    network = oh.read_network(oh.Network([([[1.0]], [0.0])]))
    pair = TrainedNetwork((AffineLayer(csr_array([[1.0], [0.0]]), np.zeros(2), False),), (1,))
    margins = checked_margins(pair, 3, [0, 0, 0], None)
    assert wrong_at(pair, pair.entered([[0.0], [5e-324], [-5e-324]]), margins) == (0, 2)
    found = oh.flips(pair, [[5e-324]], [0], 0, Fraction(1, 10))
    assert found.least == (Fraction(5e-324),)
    assert oh.flips(network, [[0.5]], [1], 0, 0.25).least == (Fraction(0),)


def test_the_difference_of_two_outputs_is_a_network_of_one() -> None:
    network = random_network([3, 6, 4], 0)
    points = np.random.default_rng(0).normal(size=(5, 3))
    values = network(points)
    assert (network.difference(2, 0)(points)[:, 0] == values[:, 2] - values[:, 0]).all()
    assert not network.difference(1, 1)(points).any()


def test_normalised_inputs_move_by_their_own_units() -> None:
    """x enters as (x − 1)/3: a perturbation of x by t moves it by t/3, exactly."""
    network = TrainedNetwork(
        (AffineLayer(csr_array([[1.0]]), np.zeros(1), False),),
        (1,),
        (Fraction(1),),
        (Fraction(3),),
        (),
        Fraction(0),
    )
    found = oh.flips(network, [[2.0]], [1], 0, 2)
    assert found.least == (Fraction(1),)
    assert found.runs == (((Fraction(-2), Fraction(-1), False, True),),)
    assert network([[2.0]])[0, 0] == Fraction(1, 3)
    assert 0 < found.box <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("points", "labels", "direction", "limit", "rule", "words"),
    [
        ([[1.0, 2.0]], [0], 0, 1, None, "must be \\(r, 3\\)"),
        ([[1.0, 2.0, np.nan]], [0], 0, 1, None, "no finite number"),
        ([[1.0, 2.0, 3.0]], [0, 1], 0, 1, None, "one for each of 1 points"),
        ([[1.0, 2.0, 3.0]], [3], 0, 1, None, "from 0 to 2"),
        ([[1.0, 2.0, 3.0]], [0.5], 0, 1, None, "whole numbers"),
        ([[1.0, 2.0, 3.0]], [0], 7, 1, None, "from 0 to 2"),
        ([[1.0, 2.0, 3.0]], [0], [0, 0, 0], 1, None, "not all 0"),
        ([[1.0, 2.0, 3.0]], [0], 0, 0, None, "must be positive"),
        ([[1.0, 2.0, 3.0]], [0], 0, 1, "threshold", "does not fit 3 outputs"),
    ],
)
def test_what_does_not_fit_ends_in_a_sentence(
    points: list[list[float]],
    labels: list[float],
    direction: object,
    limit: float,
    rule: str | None,
    words: str,
) -> None:
    with pytest.raises(oh.InvalidValue, match=words):
        oh.flips(random_network([3, 4, 3], 0), points, labels, direction, limit, rule)  # type: ignore[arg-type]
