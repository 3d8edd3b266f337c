"""Certificates against a check written from docs/theory.md §5 alone, with fractions.Fraction and nothing of ours."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import numpy as np
import pytest

from algorithms.registry import resolve
from onehalf.families.stability.problem import Stability
from onehalf.plan.seeds import generator
from oracle.networks import Network
from oracle.problems import Oracle
from oracle.session import Budget, Session
from oracle.task import Task, close_session, open_session

HALF = Fraction(1, 2)
TRAINERS = ("mlp-adam", "mlp-lbfgs", "mlp-sgd", "scipy-lbfgsb", "random-features", "constant-half")


def value(layers: list[tuple[list[list[Fraction]], list[Fraction]]], x: list[Fraction]) -> Fraction:
    """Evaluate a ReLU network row by row."""
    for index, (w, b) in enumerate(layers):
        if index:
            x = [max(z, Fraction(0)) for z in x]
        x = [sum((a * z for a, z in zip(row, x, strict=True)), start=c) for row, c in zip(w, b, strict=True)]
    return x[0]


def plain(network: Network) -> list[tuple[list[list[Fraction]], list[Fraction]]]:
    """Return the weights as lists of Fractions."""
    return [
        ([[Fraction(x) for x in row] for row in w.tolist()], [Fraction(x) for x in b.tolist()])
        for w, b in network.layers
    ]


def theory(network: Network, problem: Stability, ks: list[int]) -> dict[int, set[int]]:
    """Return, for η = 0, −δe_2, +δe_2, the k among `ks` with |g(φ(x^k + η)) − label| ≥ 1/2, g the step at 1/2."""
    layers, delta = plain(network), Fraction(1, 2**problem.exponent)
    wrong: dict[int, set[int]] = {}
    for sign in (0, -1, 1):
        wrong[sign] = set()
        for k in ks:
            label = math.ceil(Fraction(k + 1) - Fraction(1, 2)) % 2
            x = [Fraction(3, 4) / (k + 1 - Fraction(1, 2)), delta * label + sign * delta]
            g = 1 if value(layers, x) >= HALF else 0
            if abs(g - label) >= HALF:
                wrong[sign].add(k)
    return wrong


def trained(problem: Stability, name: str, trial: int) -> Network:
    """Train on an honest oracle, as a run does."""
    session = Session(Oracle(problem, problem.inputs[0], "honest"), Budget())
    ticket = open_session(session)
    try:
        algorithm = resolve(name).load()
        rng = generator((17, 4), trial)
        task = Task(problem.facts, ticket)
        found = algorithm.function(task, [rng])[0] if algorithm.batched else algorithm.function(task, rng)
    finally:
        close_session(ticket)
    network = getattr(found, "output", found)
    assert isinstance(network, Network)
    return network


def random_networks() -> list[Network]:
    """Return networks of several depths and scales, most of them inaccurate."""
    rng = np.random.default_rng(5)
    found = []
    for widths in ((8,), (3,), (2, 3), (1, 1, 1)):
        for scale in (1.0, 2.0**40):
            sizes = (2, *widths, 1)
            layers = [(rng.normal(size=(b, a)), rng.normal(size=b)) for a, b in itertools.pairwise(sizes)]
            layers[0] = (layers[0][0] * [4.0, scale], layers[0][1])
            found.append(Network(layers))
    return found


def check(network: Network, problem: Stability) -> None:
    """Compare every accuracy, every wrong set, the guarantee, and random points of the box."""
    training, validation = problem.draws
    ks = sorted({*training, *validation}, reverse=True)
    labels = {k: math.ceil(Fraction(k + 1) - Fraction(1, 2)) % 2 for k in ks}
    found = problem.certify(network)
    wrong = theory(network, problem, ks)
    assert found["training"] == {"right": sum(k not in wrong[0] for k in training), "of": len(training)}
    assert found["validation"] == {"right": sum(k not in wrong[0] for k in validation), "of": len(validation)}
    for sign in (0, -1, 1):
        assert {ks[i] for i in found["wrong"][str(sign)]} == wrong[sign]
    changes = sum(labels[a] != labels[b] for a, b in itertools.pairwise(ks))
    pieces = math.prod(n + 1 for n in network.architecture[1:-1])
    forced = max(0, math.ceil(Fraction(changes - pieces, 2)))
    assert (found["changes"], found["pieces"], found["forced"]) == (changes, pieces, forced)
    largest = max(len(s) for s in wrong.values())
    assert found["flipped"] == largest >= math.ceil(Fraction(forced, 2))
    if not wrong[0]:
        assert len(wrong[-1]) >= forced
    assert problem.violation(found) == ""
    box_holds(network, problem, found, [ks[i] for i in found["wrong"][str(found["sign"])]], labels)


def box_holds(
    network: Network, problem: Stability, found: dict[str, object], flipped: list[int], labels: dict[int, int]
) -> None:
    """Evaluate at random perturbations of the certified box, and at the best one of the search."""
    layers, delta = plain(network), Fraction(1, 2**problem.exponent)
    support = problem.support
    assert isinstance(support, int)
    radius = Fraction(1, (4 * support + 3) * (4 * support + 4))
    box, sign = found["box"], found["sign"]
    draw = random.Random(3)
    if flipped:
        assert isinstance(box, dict)
        tau = Fraction(box["tau"])
        assert 0 <= tau <= 1
        for _ in range(6):
            shift = [
                tau * size * Fraction(draw.randint(-(2**20) + 1, 2**20 - 1), 2**20)
                for size in (radius, delta)
            ]
            for k in flipped:
                x = [Fraction(3, 4) / (k + 1 - HALF) + shift[0], delta * (labels[k] + sign) + shift[1]]
                assert (value(layers, x) >= HALF) != (labels[k] == 1)
                assert math.ceil(Fraction(3, 4) / x[0]) % 2 == labels[k]
    entries = found["search"]
    assert isinstance(entries, list)
    for entry in entries:
        t = Fraction(entry["t"])
        assert abs(t) <= Fraction(entry["limit"])
        flips = sum(
            (value(layers, [Fraction(3, 4) / (k + 1 - HALF), delta * label + t]) >= HALF) != (label == 1)
            for k, label in labels.items()
        )
        assert flips == entry["wrong"]
    assert entries[0]["wrong"] >= found["flipped"]


@pytest.mark.parametrize("name", TRAINERS)
def test_trained_networks(name: str) -> None:
    problem = Stability(training=48, validation=40)
    for trial in range(2):
        check(trained(problem, name, trial), problem)


@pytest.mark.parametrize("index", range(8))
def test_random_networks(index: int) -> None:
    check(random_networks()[index], Stability(support=12, training=30, validation=10))


@pytest.mark.parametrize("construction", ["ramps", "zigzag", "fold"])
def test_stable_networks_survive_every_perturbation_of_their_balls(construction: str) -> None:
    problem = Stability(data_seed=3)
    network = problem.stable(construction)
    layers = plain(network)
    training, validation = problem.draws
    radius = Fraction(1, (4 * 28 + 3) * (4 * 28 + 4))
    draw = random.Random(8)
    for k in {*training, *validation}:
        label = math.ceil(Fraction(k + 1) - HALF) % 2
        for shift in (-radius, radius, *(radius * Fraction(draw.randint(-99, 99), 100) for _ in range(4))):
            found = value(layers, [Fraction(3, 4) / (k + 1 - HALF) + shift, radius * draw.randint(-1, 1)])
            assert found == label if construction == "ramps" else (found >= HALF) == (label == 1)
