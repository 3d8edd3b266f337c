"""The batched trainers: the bits of one seed do not depend on the others, and no seed's failure is another's."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from algorithms.algorithm import Claim
from algorithms.registry import known
from algorithms.toolkit.weights import (
    Loss,
    activations,
    gradients,
    jacobians,
    loss_and_gradient,
    random_weights,
)
from onehalf.families.training.problem import AlternatingTraining
from oracle.errors import InvalidValue
from oracle.networks import Network

BATCHED = {
    "adam": {"epochs": 40, "attempts": 2},
    "sgd": {"epochs": 40, "attempts": 2},
    "levenberg-marquardt": {"iterations": 8, "attempts": 2},
    "random-features": {"attempts": 5},
}
PROBLEMS = [AlternatingTraining(exponent=53), AlternatingTraining(exponent=53, hidden=(4, 3))]
Run = Callable[..., Any]


def test_these_are_the_batched_algorithms() -> None:
    assert {name for name, found in known().items() if found.batched} == set(BATCHED)


@settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    name=st.sampled_from(sorted(BATCHED)),
    problem=st.sampled_from(PROBLEMS),
    policy=st.sampled_from(["decoy", "blind"]),
    seeds=st.lists(st.integers(0, 40), min_size=1, max_size=150),
    batch=st.sampled_from([0, 1, 5, 12]),
)
def test_a_seed_gives_the_same_bits_in_every_batch(
    run: Run, name: str, problem: AlternatingTraining, policy: str, seeds: list[int], batch: int
) -> None:
    parameters: dict[str, Any] = dict(BATCHED[name])
    if name in ("adam", "sgd"):
        parameters.update(batch=batch, epochs=40 if batch == 0 else 4)
    together, _ = run(name, problem, policy, seeds, **parameters)
    chosen = seeds[:: max(1, len(seeds) // 4)]
    alone, _ = run(name, problem, policy, chosen, alone=True, **parameters)
    assert all(isinstance(claim, Claim) for claim in together)
    bits = {seed: (problem.encode(c.output), c.converged) for seed, c in zip(seeds, together, strict=True)}
    assert [bits[seed] for seed in chosen] == [(problem.encode(c.output), c.converged) for c in alone]


@pytest.mark.parametrize("name", sorted(BATCHED))
def test_the_whole_input_is_read_once_for_all(run: Run, name: str) -> None:
    answers, session = run(name, PROBLEMS[0], "decoy", range(7))
    assert len(answers) == 7
    assert (session.ledger.queries, session.ledger.depth) == (56, 53)


@settings(max_examples=30, derandomize=True)
@given(
    hidden=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    inputs=st.integers(1, 3),
    count=st.integers(1, 5),
    seed=st.integers(0, 999),
)
def test_batched_gradients_are_those_of_one_network(
    hidden: list[int], inputs: int, count: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    architecture = (inputs, *hidden, 1)
    features, labels = rng.normal(size=(9, inputs)), rng.integers(0, 2, size=9).astype(np.float64)
    flat = random_weights(architecture, rng, count)
    values = activations(flat, architecture, features)
    residual = values[-1][:, :, 0] - labels
    found = gradients(flat, architecture, values, residual[:, :, None] / 9)
    slopes = jacobians(flat, architecture, values)
    losses = Loss(architecture, features, labels).many(flat)
    for index in range(count):
        loss, gradient = loss_and_gradient(flat[index], architecture, features, labels)
        np.testing.assert_allclose(found[index], gradient, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(slopes[index].T @ residual[index] / 9, gradient, rtol=1e-12, atol=1e-13)
        assert losses[index] == pytest.approx(loss, rel=1e-12)


def test_activations_are_the_values_of_the_network() -> None:
    rng = np.random.default_rng(1)
    architecture, features = (2, 4, 3, 1), rng.normal(size=(6, 2))
    flat = random_weights(architecture, rng, 3)
    values = activations(flat, architecture, features)[-1]
    for weights, found in zip(flat, values, strict=True):
        layers, at = [], 0
        for inputs, outputs in pairwise(architecture):
            middle = at + inputs * outputs
            layers.append((weights[at:middle].reshape(outputs, inputs), weights[middle : middle + outputs]))
            at = middle + outputs
        np.testing.assert_allclose(found[:, 0], Network(layers)(features), rtol=1e-13)


@pytest.mark.parametrize("name", ["adam", "sgd"])
def test_training_that_leaves_the_finite_numbers_gives_a_finite_network_and_no_claim(
    run: Run, name: str
) -> None:
    problem = PROBLEMS[0]
    claims, _ = run(name, problem, "decoy", range(5), learning_rate=1e200, attempts=2)
    assert not any(claim.converged for claim in claims)
    assert all(np.isfinite(w).all() for claim in claims for w, _ in claim.output.layers)


@pytest.mark.parametrize("name", sorted(BATCHED))
def test_a_claim_is_that_the_data_as_read_are_fitted(run: Run, name: str) -> None:
    problem = PROBLEMS[0]
    claims, session = run(name, problem, "decoy", range(20), attempts=1)
    points = session.tables[53]
    errors = [np.abs(claim.output(points) - problem.facts.labels).max() for claim in claims]
    goal = float(problem.facts.tolerance) / np.sqrt(len(points))
    assert [claim.converged for claim in claims] == [error <= 1.01 * goal for error in errors]
    assert any(claim.converged for claim in claims)


def test_mini_batches_learn_too(run: Run, accepted: Run) -> None:
    problem = AlternatingTraining(exponent=46)
    for name in ("adam", "sgd"):
        claims, _ = run(name, problem, "honest", range(20), batch=7)
        assert sum(verdict == (True, False) for verdict in accepted(problem, claims)) >= 18


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("adam", {"batch": 29}, "batch=29: there are 28 points"),
        ("sgd", {"batch": -1}, "batch=-1: there are 28 points"),
        ("levenberg-marquardt", {"attempts": 0}, "attempts=0: a trainer makes at least one attempt"),
    ],
)
def test_parameters_out_of_range_are_refused(
    run: Run, name: str, parameters: dict[str, int], message: str
) -> None:
    with pytest.raises(InvalidValue, match=message):
        run(name, PROBLEMS[0], "decoy", [0], **parameters)
