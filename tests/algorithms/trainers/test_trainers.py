"""The real trainers: their networks, what they achieve where a feature separates, and their restarts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.algorithm import Claim
from algorithms.toolkit.fitting import Fit, best_of, fold, restart_goal, standardise
from algorithms.toolkit.weights import loss_and_gradient, random_weights, unpack
from algorithms.trainers.random_features import random_features
from algorithms.trainers.scipy import scipy_lbfgsb
from algorithms.trainers.sklearn import mlp_adam, mlp_lbfgs, mlp_sgd
from onehalf.families.training.problem import AlternatingTraining
from oracle.errors import InvalidValue
from oracle.networks import Network
from oracle.problems import Oracle
from oracle.session import Budget, Session
from oracle.task import Task, close_session, open_session

# As Any, for scikit-learn carries no types.
MLPRegressor: Any = import_module("sklearn.neural_network").MLPRegressor
StandardScaler: Any = import_module("sklearn.preprocessing").StandardScaler

Trainer = Callable[..., Claim]


def one_random_features(task: Task, rng: np.random.Generator, **parameters: Any) -> Claim:
    """Random features with a batch of one."""
    return random_features(task, [rng], **parameters)[0]


TRAINERS: list[Trainer] = [mlp_adam, mlp_sgd, mlp_lbfgs, scipy_lbfgsb, one_random_features]
every_trainer = pytest.mark.parametrize("trainer", TRAINERS, ids=lambda f: f.__name__)


def train(trainer: Trainer, problem: AlternatingTraining, policy: str, seed: int, **parameters: Any) -> Claim:
    """Run a trainer once on ι¹ and check that it reads no more than it says."""
    session = Session(Oracle(problem, problem.inputs[0], policy), Budget())
    ticket = open_session(session)
    try:
        claim = trainer(Task(problem.facts, ticket), np.random.default_rng(seed), **parameters)
    finally:
        close_session(ticket)
    assert session.ledger.depth == parameters.get("bits", 53)
    return claim


def accepted(problem: AlternatingTraining, claims: list[Claim]) -> list[tuple[bool, ...]]:
    networks = [problem.check_output(claim.output) for claim in claims]
    return [tuple(v.kind == "accepted" for v in verdicts) for verdicts in problem.judge(networks)]


@every_trainer
@pytest.mark.parametrize("policy", ["decoy", "mirage"])
def test_a_separating_feature_is_learnt_and_claimed(trainer: Trainer, policy: str) -> None:
    problem = AlternatingTraining(exponent=53)
    claims = [train(trainer, problem, policy, seed) for seed in range(20)]
    assert accepted(problem, claims) == [(True, False)] * 20
    assert all(claim.converged for claim in claims)


@every_trainer
def test_blind_data_cannot_be_fitted(trainer: Trainer) -> None:
    problem = AlternatingTraining(exponent=53)
    claims = [train(trainer, problem, "blind", seed) for seed in range(2)]
    assert accepted(problem, claims) == [(False, False)] * 2
    if trainer is one_random_features:
        assert not any(claim.converged for claim in claims)


@every_trainer
@pytest.mark.parametrize(
    "parameters",
    [
        {"hidden": (4, 4)},
        {"hidden": (16,)},
        {"hidden": (3, 3, 3), "points": 70},
        {"dimension": 4},
        {"cost": "mean-squared"},
    ],
    ids=str,
)
def test_other_depths_widths_dimensions_and_costs(trainer: Trainer, parameters: dict[str, Any]) -> None:
    problem = AlternatingTraining(exponent=46, **parameters)
    claims = [train(trainer, problem, "honest", seed, bits=50) for seed in range(3)]
    right = sum(verdict == (True, False) for verdict in accepted(problem, claims))
    assert right == 3


@every_trainer
def test_the_same_generator_gives_the_same_network_and_no_other(trainer: Trainer) -> None:
    problem = AlternatingTraining(exponent=53)
    state = np.random.get_state(legacy=False)["state"]["key"].tolist()  # noqa: NPY002
    first, again, other = (problem.encode(train(trainer, problem, "decoy", s).output) for s in (5, 5, 6))
    assert first == again
    assert first != other
    assert np.random.get_state(legacy=False)["state"]["key"].tolist() == state  # noqa: NPY002


def test_an_adam_run_cut_short_does_not_claim_to_have_converged() -> None:
    claim = train(mlp_adam, AlternatingTraining(exponent=53), "decoy", 0, iterations=5, attempts=1)
    assert not claim.converged


def test_an_interrupt_swallowed_by_scikit_learn_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(MLPRegressor, "_backprop", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(mlp_adam, AlternatingTraining(exponent=53), "decoy", 0)


def test_no_attempts_is_refused() -> None:
    with pytest.raises(InvalidValue, match="attempts=0: a trainer makes at least one attempt"):
        train(one_random_features, AlternatingTraining(exponent=53), "decoy", 0, attempts=0)


def decoy(exponent: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The points (0.75/(k + 1/2), 2^-exponent·label_k, 1/3), k = 1..28."""
    k = np.arange(1, 29)
    return np.column_stack([0.75 / (k + 0.5), np.ldexp((k + 1.0) % 2, -exponent), np.full(28, 1 / 3)])


def test_scikit_learn_scales_a_column_of_size_2_to_the_minus_53() -> None:
    scaler = StandardScaler().fit(decoy(53))
    assert scaler.scale_[1] == 2.0**-54
    assert scaler.scale_[2] == 1.0


@pytest.mark.parametrize("exponent", [1, 53, 500, 900])
def test_standardised_columns_have_mean_0_and_variance_1(exponent: int) -> None:
    scaled = standardise(decoy(exponent))
    np.testing.assert_allclose(scaled.features.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(scaled.features[:, :2].std(axis=0), 1, rtol=1e-14)
    assert scaled.scale[2] == 1.0


@pytest.mark.parametrize("hidden", [(8,), (5, 3)])
@pytest.mark.parametrize("exponent", [20, 53])
def test_a_folded_network_equals_scikit_learns_prediction(hidden: tuple[int, ...], exponent: int) -> None:
    points = decoy(exponent)
    scaler = StandardScaler()
    features = scaler.fit_transform(points)
    model = MLPRegressor(hidden_layer_sizes=hidden, solver="lbfgs", random_state=1, max_iter=50, tol=1e-2)
    model.fit(features, points[:, 1] > 0)
    layers = [(w.T, b) for w, b in zip(model.coefs_, model.intercepts_, strict=True)]
    folded = Network(fold(layers, scaler.mean_, scaler.scale_))
    exact = np.array([[Fraction(x) for x in row] for row in points.tolist()], dtype=object)
    values = folded(exact).astype(np.float64)
    np.testing.assert_allclose(values, model.predict(features), rtol=1e-9, atol=1e-9)


finite = st.floats(-1e3, 1e3)


@given(
    weights=st.lists(finite, min_size=2, max_size=2),
    bias=finite,
    point=st.lists(finite, min_size=2, max_size=2),
    mean=st.lists(finite, min_size=2, max_size=2),
    exponents=st.lists(st.integers(-60, 4), min_size=2, max_size=2),
    mantissa=st.floats(1, 2),
)
def test_folding_errs_by_no_more_than_its_bound(
    weights: list[float],
    bias: float,
    point: list[float],
    mean: list[float],
    exponents: list[int],
    mantissa: float,
) -> None:
    scale = np.ldexp(mantissa, exponents)
    [(folded, shift)] = fold([(np.array([weights]), np.array([bias]))], np.array(mean), scale)
    exact, value, size = Fraction(bias), Fraction(float(shift[0])), abs(Fraction(bias))
    for j in range(2):
        slope, x, centre = (
            Fraction(weights[j]) / Fraction(float(scale[j])),
            Fraction(point[j]),
            Fraction(mean[j]),
        )
        exact += slope * (x - centre)
        value += Fraction(float(folded[0, j])) * x
        size += abs(slope) * (abs(x) + abs(centre))
    # 5 in place of d + 2 = 4 covers the bound's second-order terms, 2^-1000 products below the normal range.
    assert abs(value - exact) <= 5 * size / 2**53 + Fraction(1, 2**1000)


@settings(max_examples=40, derandomize=True)  # a random example might straddle a kink
@given(
    hidden=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    inputs=st.integers(1, 3),
    seed=st.integers(0, 999),
)
def test_the_gradient_agrees_with_finite_differences(hidden: list[int], inputs: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    architecture = (inputs, *hidden, 1)
    features, labels = rng.normal(size=(7, inputs)), rng.integers(0, 2, size=7).astype(np.float64)
    flat, direction = (
        random_weights(architecture, rng),
        rng.normal(size=random_weights(architecture, rng).size),
    )
    _, gradient = loss_and_gradient(flat, architecture, features, labels)
    step = 1e-7
    ahead, behind = (
        loss_and_gradient(flat + sign * step * direction, architecture, features, labels)[0]
        for sign in (1, -1)
    )
    slope = float(gradient @ direction)
    assert (ahead - behind) / (2 * step) == pytest.approx(slope, rel=1e-4, abs=1e-4)


def test_the_loss_is_half_the_mean_squared_error_of_the_network() -> None:
    rng = np.random.default_rng(3)
    architecture, features = (2, 4, 3, 1), rng.normal(size=(9, 2))
    flat, labels = random_weights(architecture, rng), np.zeros(9)
    layers = unpack(flat, architecture)
    assert [w.shape for w, _ in layers] == [(outputs, inputs) for inputs, outputs in pairwise(architecture)]
    expected = 0.5 * np.mean(Network(layers)(features) ** 2)
    assert loss_and_gradient(flat, architecture, features, labels)[0] == pytest.approx(expected, rel=1e-12)


def fits(*errors: float) -> Iterator[Fit]:
    return (Fit((), error, converged=True) for error in errors)


def test_restarts_stop_at_the_first_attempt_within_the_goal() -> None:
    attempts = fits(0.5, 0.2, 0.1, 0.0)
    assert best_of(attempts, goal=0.2).error == 0.2
    assert [fit.error for fit in attempts] == [0.1, 0.0]


def test_restarts_keep_the_least_error_where_none_reaches_the_goal() -> None:
    assert best_of(fits(float("inf"), 0.4, 0.3, 0.6), goal=0.1).error == 0.3


@given(st.integers(1, 10_000), st.fractions(Fraction(1, 1000), Fraction(499, 1000)))
def test_an_error_at_the_restart_goal_passes_the_mean_squared_cost(points: int, tolerance: Fraction) -> None:
    assert restart_goal(tolerance, points) ** 2 == pytest.approx(float(tolerance**2 / points), rel=1e-12)
