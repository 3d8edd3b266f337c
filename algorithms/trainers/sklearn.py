"""Scikit-learn's MLPRegressor behind a StandardScaler, a trainer with each of its three solvers."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from algorithms.algorithm import Claim
from algorithms.toolkit.fitting import Array, Fit, best_of, fold, restart_goal, training_error
from algorithms.toolkit.trainer import trainer
from algorithms.wrappers.sklearn import MODULES, fit_quietly
from oracle.networks import Network
from oracle.task import Task


@trainer("mlp-adam", requires=MODULES)
def mlp_adam(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    learning_rate: float = 0.1,
    beta_1: float = 0.8,
    beta_2: float = 0.99,
    tol: float = 1e-5,
    patience: int = 20,
    iterations: int = 400,
    attempts: int = 4,
) -> Claim:
    """Train scikit-learn's MLPRegressor with full-batch Adam on standardised features.

    Guarantee: halts after at most `attempts` × `iterations` steps, having read `bits` digits; that the
    network fits is not guaranteed. The claim is the exit flag of the network kept: the loss stopped improving
    before the last iteration.

    Parameters
    ----------
    beta_1, beta_2 : float
        Decay rates of the first and second moments. They forget sooner than scikit-learn's (0.9, 0.999), which on a
        few dozen points overshoot and then stop by `tol` too early.

    Source
    ------
    Kingma, Ba: Adam, a method for stochastic optimization, ICLR 2015; scikit-learn's implementation.
    """
    step = {"learning_rate_init": learning_rate, "beta_1": beta_1, "beta_2": beta_2}
    stop = {"tol": tol, "n_iter_no_change": patience, "max_iter": iterations}
    return _train(task, rng, bits, attempts, {"solver": "adam", **_full_batch(task), **step, **stop})


@trainer("mlp-sgd", requires=MODULES)
def mlp_sgd(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    learning_rate: float = 0.2,
    momentum: float = 0.9,
    tol: float = 1e-5,
    patience: int = 20,
    iterations: int = 400,
    attempts: int = 4,
) -> Claim:
    """Train scikit-learn's MLPRegressor by full-batch gradient descent with Nesterov momentum.

    Guarantee and claim as for ``mlp-adam``.

    Source
    ------
    Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum in deep learning, ICML
    2013; scikit-learn's implementation.
    """
    step = {"learning_rate_init": learning_rate, "momentum": momentum}
    stop = {"tol": tol, "n_iter_no_change": patience, "max_iter": iterations}
    return _train(task, rng, bits, attempts, {"solver": "sgd", **_full_batch(task), **step, **stop})


@trainer("mlp-lbfgs", requires=MODULES)
def mlp_lbfgs(
    task: Task,
    rng: np.random.Generator,
    *,
    bits: int = 53,
    tol: float = 1e-5,
    iterations: int = 200,
    attempts: int = 4,
) -> Claim:
    """Train scikit-learn's MLPRegressor with its L-BFGS solver on standardised features.

    Guarantee as for ``mlp-adam``. The claim is the exit flag of the network kept: L-BFGS met its stopping
    test.

    Parameters
    ----------
    tol : float
        Largest component of the projected gradient at which the solver stops.

    Source
    ------
    Liu, Nocedal: On the limited memory BFGS method for large scale optimization, Math. Program. 45 (1989).
    """
    return _train(task, rng, bits, attempts, {"solver": "lbfgs", "tol": tol, "max_iter": iterations})


def _full_batch(task: Task) -> dict[str, Any]:
    return {"shuffle": False, "batch_size": len(task.labels)}


def _train(task: Task, rng: np.random.Generator, bits: int, attempts: int, options: dict[str, Any]) -> Claim:
    """Scale, train up to `attempts` times, fold the scaler of the best network into its first layer."""
    preprocessing: Any = import_module("sklearn.preprocessing")
    scaler = preprocessing.StandardScaler()
    features = scaler.fit_transform(task.read(bits=bits))
    labels = np.asarray(task.labels, dtype=np.float64)
    fits = _fits(features, labels, rng, attempts, {**options, "hidden_layer_sizes": task.architecture[1:-1]})
    best = best_of(fits, restart_goal(task.tolerance, len(labels)))
    return Claim(Network(fold(best.layers, scaler.mean_, scaler.scale_)), converged=best.converged)


def _fits(
    features: Array, labels: Array, rng: np.random.Generator, attempts: int, options: dict[str, Any]
) -> Iterator[Fit]:
    neural_network: Any = import_module("sklearn.neural_network")
    for _ in range(attempts):
        model = neural_network.MLPRegressor(alpha=0.0, random_state=int(rng.integers(2**32)), **options)
        converged = fit_quietly(model, features, labels)
        layers = [(w.T, b) for w, b in zip(model.coefs_, model.intercepts_, strict=True)]
        yield Fit(layers, training_error(layers, features, labels), converged)
