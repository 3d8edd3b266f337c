"""Training to the same loss: the batched Adam beside scikit-learn and PyTorch, looped over seeds.

All three use full-batch Adam with the same step size and moment decay rates on standardised features, start from
their own random weights, and stop an attempt when the largest training error is at most ε̂/√r or after 400 steps;
up to four attempts. scikit-learn can look at that error between steps by ``partial_fit`` only. The shipped trainer
``mlp-adam``, which calls ``fit`` and stops by scikit-learn's own rule, at a smaller loss, is measured too.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from time import process_time
from typing import Any

import numpy as np

from algorithms.algorithm import Claim
from algorithms.toolkit.fitting import Fit, best_of, fold, restart_goal, standardise, training_error
from algorithms.trainers.descent import adam
from algorithms.trainers.sklearn import mlp_adam
from benchmarks.measure import Row, absent, installed, ratios, rounds, row
from onehalf.families.training.problem import AlternatingTraining
from oracle.networks import Network
from oracle.problems import Oracle
from oracle.session import Budget, Session
from oracle.task import Task, close_session, open_session

_RATE, _BETAS, _STEPS, _ATTEMPTS = 0.1, (0.8, 0.99), 400, 4
_BATCHED, _LOOPED = 2048, 8
_ROUNDS = 3
_PROBLEM = AlternatingTraining(hidden=(8,), exponent=20)
Trainer = Callable[[Task, Sequence[np.random.Generator]], list[Network]]


def run() -> list[Row]:
    """Measure trials a second of processor time on honest input, and the share that was accepted."""
    cases: dict[str, tuple[int, Trainer]] = {
        "adam (batched)": (_BATCHED, lambda task, rngs: [_network(c) for c in adam(task, rngs)]),
        "MLPRegressor.partial_fit": (_LOOPED, lambda task, rngs: [_regressor(task, rng) for rng in rngs]),
        "mlp-adam (MLPRegressor.fit)": (
            _LOOPED,
            lambda task, rngs: [_network(mlp_adam(task, rng)) for rng in rngs],
        ),
    }
    missing = []
    if installed("torch"):
        import_module("torch").set_num_threads(1)
        cases["torch.optim.Adam"] = _LOOPED, lambda task, rngs: [_torch(task, rng) for rng in rngs]
    else:
        missing.append(absent("training", "torch.optim.Adam", "trials/s", "torch"))
    made: dict[str, list[Network]] = {case: [] for case in cases}
    turn = iter(range(10**6))

    def train(case: str) -> None:
        count, trainer = cases[case]
        task, ticket = _open()
        made[case] += trainer(task, [np.random.default_rng([next(turn), i]) for i in range(count)])
        close_session(ticket)

    times = rounds({case: partial(train, case) for case in cases}, _ROUNDS, process_time)
    rates = {case: [cases[case][0] / t for t in times[case]] for case in cases}
    rows = [row("training", case, rates[case], "trials/s", note=_quality(made[case])) for case in cases]
    for peer in list(cases)[1:]:
        least = 50 if peer == "MLPRegressor.partial_fit" else None
        gain = ratios(rates["adam (batched)"], rates[peer])
        rows.append(row("training", f"adam (batched) / {peer}", gain, "times", at_least=least))
    return [*rows, *missing]


def _open() -> tuple[Task, int]:
    session = Session(Oracle(_PROBLEM, _PROBLEM.inputs[0], "honest"), Budget())
    ticket = open_session(session)
    return Task(_PROBLEM.facts, ticket), ticket


def _network(claim: Claim) -> Network:
    network: Network = claim.output
    return network


def _quality(networks: list[Network]) -> str:
    """Say how often the networks were accepted on the input that they were trained on, and their median error."""
    accepted = sum(verdicts[0].kind == "accepted" for verdicts in _PROBLEM.judge(networks))
    points = _PROBLEM.points_of(_PROBLEM.inputs[0]).astype(np.float64)
    errors = [np.abs(network(points) - _PROBLEM.facts.labels).max() for network in networks]
    return f"accepted {accepted} of {len(networks)}; median largest error {np.median(errors):.3f}"


def _attempts(task: Task, attempt: Callable[[Any, Any, float], Fit]) -> Network:
    """Keep the best of up to four attempts, as the trainers of this project do."""
    scaled = standardise(task.read(53))
    labels = np.asarray(task.labels, dtype=np.float64)
    goal = restart_goal(task.tolerance, len(labels))
    best = best_of((attempt(scaled.features, labels, goal) for _ in range(_ATTEMPTS)), goal)
    return Network(fold(best.layers, scaled.mean, scaled.scale))


def _regressor(task: Task, rng: np.random.Generator) -> Network:
    neural_network: Any = import_module("sklearn.neural_network")

    def attempt(features: Any, labels: Any, goal: float) -> Fit:
        model = neural_network.MLPRegressor(
            hidden_layer_sizes=task.architecture[1:-1],
            alpha=0.0,
            batch_size=len(labels),
            shuffle=False,
            learning_rate_init=_RATE,
            beta_1=_BETAS[0],
            beta_2=_BETAS[1],
            random_state=int(rng.integers(2**32)),
        )
        error = np.inf
        for _ in range(_STEPS):
            model.partial_fit(features, labels)
            layers = [(w.T, b) for w, b in zip(model.coefs_, model.intercepts_, strict=True)]
            error = training_error(layers, features, labels)
            if error <= goal:
                break
        return Fit(layers, error, error <= goal)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _attempts(task, attempt)


def _torch(task: Task, rng: np.random.Generator) -> Network:
    torch: Any = import_module("torch")
    torch.manual_seed(int(rng.integers(2**32)))

    def attempt(features: Any, labels: Any, goal: float) -> Fit:
        inputs, width, _ = task.architecture
        first, last = torch.nn.Linear(inputs, width).double(), torch.nn.Linear(width, 1).double()
        model = torch.nn.Sequential(first, torch.nn.ReLU(), last)
        optimiser = torch.optim.Adam(model.parameters(), lr=_RATE, betas=_BETAS)
        x, y = torch.from_numpy(np.ascontiguousarray(features)), torch.from_numpy(labels)[:, None]
        error = np.inf
        for _ in range(_STEPS + 1):
            residual = model(x) - y
            error = float(residual.detach().abs().max())
            if error <= goal:
                break
            optimiser.zero_grad()
            (residual * residual).mean().backward()
            optimiser.step()
        layers = [(p.weight.detach().numpy(), p.bias.detach().numpy()) for p in (first, last)]
        return Fit(layers, error, error <= goal)

    return _attempts(task, attempt)
