"""A training algorithm from a scikit-learn estimator: an MLP, alone or behind scalers, exported exactly."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from fractions import Fraction
from importlib import import_module
from typing import Any

import numpy as np

from algorithms.algorithm import Claim, Function
from algorithms.toolkit.fitting import Array, Fit, best_of, restart_goal
from algorithms.wrappers.exact_layers import Affine, ExactLayers, after, exact, probes, require_same
from algorithms.wrappers.register import register_trainer
from oracle.costs import COSTS
from oracle.errors import InvalidOutput, InvalidValue
from oracle.judge import Level, exact_values
from oracle.networks import Network
from oracle.task import Task

# Imported on use, for they take a second; as Any, for scikit-learn carries no types.
MODULES = ("sklearn.neural_network", "sklearn.preprocessing")
_SCALERS = ("StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler")
_UNSURE = 1e-6
_CAUSE = (
    "a step's transform or the estimator's predict is not scikit-learn's own; use its classes as they are"
)
_NETWORKS = ("MLPRegressor", "MLPClassifier")


def from_sklearn(
    name: str, estimator: Any | Callable[[Task], Any], *, bits: int = 53, attempts: int = 1
) -> Function:
    """Register a scikit-learn estimator as a training algorithm.

    Parameters
    ----------
    name : str
        How experiments and reports call it.
    estimator : estimator, or callable
        An MLPRegressor or MLPClassifier with activation "relu", alone or as the last step of a Pipeline after
        StandardScaler, MinMaxScaler, MaxAbsScaler or RobustScaler. It is cloned for each trial, and every
        ``random_state`` in it is drawn from the trial's generator. A callable ``(task) -> estimator`` makes one
        that suits the task, for instance its architecture.
    bits : int
        Default of the parameter of this name: binary digits read of every coordinate.
    attempts : int
        Default of the parameter of this name: fits, until the largest training error is at most ε̂/√r; the best
        is kept.

    Returns
    -------
    function
        The algorithm ``(task, rng, *, bits, attempts) -> Claim``; its claim is that `fit` gave no
        ConvergenceWarning.

    Raises
    ------
    InvalidValue
        If the estimator holds a step that is no affine scaler or no ReLU network, or is fitted already.

    Examples
    --------
    >>> from sklearn.neural_network import MLPRegressor
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import RobustScaler
    >>> pipeline = make_pipeline(RobustScaler(), MLPRegressor(hidden_layer_sizes=(8,), solver="lbfgs"))
    >>> train = from_sklearn("robust-lbfgs", pipeline, attempts=4)
    """
    if isinstance(estimator, type) and hasattr(estimator, "get_params"):
        name = estimator.__name__
        raise InvalidValue(
            "estimator", name, "is a class, and an estimator is an instance", f"write {name}(…)"
        )
    made = hasattr(estimator, "get_params")
    if made:
        _steps(estimator)
        _require_unfitted(estimator)
    default_bits, default_attempts = bits, attempts

    def train(
        task: Task, rng: np.random.Generator, *, bits: int = default_bits, attempts: int = default_attempts
    ) -> Claim:
        return fit_estimator(task, rng, estimator if made else estimator(task), bits, attempts)

    what = _title(estimator) if made else "estimator, made for the task"
    return register_trainer(name, train, estimator, f"Train scikit-learn's {what}.", MODULES)


def fit_estimator(task: Task, rng: np.random.Generator, estimator: Any, bits: int, attempts: int) -> Claim:
    """Fit clones of an estimator until one meets the goal ε̂/√r, and return the best as a claim of its network."""
    points = task.read(bits)
    labels = np.asarray(task.labels)
    goal = restart_goal(task.tolerance, len(labels))
    layers = None if task.free else len(task.architecture) - 1
    best = best_of(_fits(estimator, points, labels, layers, rng, attempts), goal)
    return Claim(Network(best.layers), converged=best.converged)


def _fits(
    estimator: Any, points: Array, labels: Any, room: int | None, rng: np.random.Generator, attempts: int
) -> Iterator[Fit]:
    base: Any = import_module("sklearn.base")
    _require_unfitted(estimator)
    for _ in range(attempts):
        model = base.clone(estimator)
        seeds = sorted(key for key in model.get_params() if key.split("__")[-1] == "random_state")
        model.set_params(**{key: int(rng.integers(2**32)) for key in seeds})
        regression = base.is_regressor(model)
        converged = fit_quietly(model, points, labels.astype(np.float64) if regression else labels)
        layers = network_layers(model, points, room)
        _require_same(model, layers, points)
        values = Network(layers)(exact(points)).astype(np.float64)
        yield Fit(layers, float(np.abs(values - labels).max()), converged)


def _require_unfitted(estimator: Any) -> None:
    """Raise `InvalidValue` if an estimator is fitted: it is cloned, and its fit would be lost without a word."""
    for step in [step for _, step in estimator.steps] if hasattr(estimator, "steps") else [estimator]:
        if any(name.endswith("_") and not name.startswith("_") for name in getattr(step, "__dict__", {})):
            raise InvalidValue(
                "estimator",
                _title(estimator),
                "is fitted already, but is cloned and fitted anew in every trial",
                "give sklearn.base.clone(estimator); a network made beforehand is @onehalf.algorithm's to answer",
            )


def _require_same(model: Any, layers: ExactLayers, points: Array) -> None:
    """Check that exported layers predict what the fitted estimator itself predicts, at its points and at random ones.

    Raises
    ------
    InvalidOutput
        If they do not: the estimator's class is not scikit-learn's own, or its `predict` is another.
    """
    places = probes(points)
    if not hasattr(model, "predict_proba"):
        said = np.asarray(model.predict(places), dtype=np.float64).reshape(-1)
        require_same(layers, places, said, lambda: _CAUSE)
        return
    sure = np.abs(np.asarray(model.predict_proba(places))[:, 1] - 0.5) > _UNSURE
    question = Level(exact(places), np.zeros(len(places), dtype=np.int64), COSTS["max"], Fraction(0))
    decided = np.array([value > Fraction(1, 2) for value in exact_values(Network(layers), question)])
    if (decided[sure] != (np.asarray(model.predict(places)) == model.classes_[-1])[sure]).any():
        raise InvalidOutput(f"the exported network decides otherwise than the estimator itself: {_CAUSE}")


def exported_estimator(fitted: Any, points: Array) -> ExactLayers:
    """Return the layers of a fitted estimator that predict or decide what it does, at `points` and random ones."""
    layers = network_layers(fitted, points, None)
    _require_same(fitted, layers, points)
    return layers


def network_layers(fitted: Any, points: Array, room: int | None) -> ExactLayers:
    """Return the layers of a fitted estimator, exactly: scalers and weights as the rational numbers they are.

    A regressor's network is its `predict`, as a function of real numbers. A classifier's makes its decisions: it is
    above 1/2 where the logit z is above 0. With room for one more hidden layer it is ρ(s z + 1/2) − ρ(s z − 1/2),
    the 0 or 1 that is decided wherever |s z| ≥ 1/2, where s is a power of two that makes |s z| at least 1 at all
    of `points`; without room it is 1/2 + s z, with the s for which that is nearest to 0 and 1 on `points`.

    Parameters
    ----------
    fitted : estimator
        As `from_sklearn` takes it, fitted.
    points : (r, d) array
        What it was fitted on.
    room : int or None
        The number of layers that the network may have; None for any.

    Raises
    ------
    InvalidValue
        If a step is no affine scaler or no ReLU network of one output for labels 0 and 1.
    """
    scalers, model = _steps(fitted)
    layers: ExactLayers = [
        (exact(w.T), exact(b)) for w, b in zip(model.coefs_, model.intercepts_, strict=True)
    ]
    if len(layers[-1][1]) != 1:
        raise InvalidValue(
            "outputs", len(layers[-1][1]), "a network here has one output", "fit it on labels 0 and 1"
        )
    if model.out_activation_ not in ("identity", "logistic"):
        raise InvalidValue("loss", model.loss, "its output is no affine function", 'take "squared_error"')
    if model.out_activation_ == "logistic":
        sizes = [abs(z) for z in Network(layers)(_transform(scalers, points))]
        layers = (
            _clipped(layers, min(sizes)) if room is None or room > len(layers) else _shrunk(layers, sizes)
        )
    for scaler in reversed(scalers):
        layers = after(layers, _affine(scaler))
    return layers


def _clipped(layers: ExactLayers, least: Fraction) -> ExactLayers:
    steep = Fraction(1)
    while least and steep * least < 1:
        steep *= 2
    (*hidden, (weights, bias)) = layers
    half = Fraction(1, 2)
    both = np.concatenate([steep * weights, steep * weights])
    shifts = np.array([steep * bias[0] + half, steep * bias[0] - half], dtype=object)
    difference = np.array([[Fraction(1), Fraction(-1)]], dtype=object)
    return [*hidden, (both, shifts), (difference, np.array([Fraction(0)], dtype=object))]


def _shrunk(layers: ExactLayers, sizes: list[Fraction]) -> ExactLayers:
    slope = 1 / (min(sizes) + max(sizes)) if any(sizes) else Fraction(1)
    (*hidden, (weights, bias)) = layers
    return [*hidden, (slope * weights, slope * bias + Fraction(1, 2))]


def _transform(scalers: list[Any], points: Array) -> Any:
    values = exact(points)
    for scaler in scalers:
        factor, shift = _affine(scaler)
        values = values * factor + shift
    return values


def _steps(estimator: Any) -> tuple[list[Any], Any]:
    """Return the scalers of a pipeline and its network, all of them of kinds that can be exported."""
    steps = [step for _, step in estimator.steps] if hasattr(estimator, "steps") else [estimator]
    scalers = [step for step in steps[:-1] if step not in (None, "passthrough")]
    for step in scalers:
        if type(step).__name__ not in _SCALERS or getattr(step, "clip", False):
            raise InvalidValue(
                "step", _title(step), "is no affine scaler", f"use {', '.join(_SCALERS)} without clipping"
            )
    model = steps[-1]
    if any(hasattr(model, name) for name in ("best_estimator_", "param_grid", "param_distributions")):
        raise InvalidValue(
            "estimator",
            _title(model),
            "is a search, and no network",
            "fit it in @onehalf.algorithm's function, and return onehalf.network_from(search.best_estimator_, points)",
        )
    if type(model).__name__ not in _NETWORKS:
        raise InvalidValue(
            "estimator", _title(model), "is no ReLU network", f"end with {' or '.join(_NETWORKS)}"
        )
    if model.activation != "relu":
        raise InvalidValue(
            "activation", model.activation, "networks here are ReLU networks", 'take activation="relu"'
        )
    return scalers, model


def _affine(scaler: Any) -> Affine:
    """Return factor and shift, (d,) each: a fitted scaler maps x to factor·x + shift."""
    width = scaler.n_features_in_
    one, zero = exact(np.ones(width)), exact(np.zeros(width))
    if type(scaler).__name__ == "MinMaxScaler":
        return exact(scaler.scale_), exact(scaler.min_)
    scale = getattr(scaler, "scale_", None)
    factor = one if scale is None else one / exact(scale)
    centre = getattr(scaler, "mean_" if type(scaler).__name__ == "StandardScaler" else "center_", None)
    centred = centre is not None and getattr(scaler, "with_mean", True)
    return factor, -factor * exact(centre) if centred else zero


def _title(estimator: Any) -> str:
    steps = [step for _, step in estimator.steps] if hasattr(estimator, "steps") else [estimator]
    return " after ".join(type(step).__name__ for step in reversed(steps))


def fit_quietly(model: Any, features: Array, labels: Array) -> bool:
    """Fit `model` and tell whether it did so without a ConvergenceWarning, its only exit flag."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(features, labels)
    # The stochastic solvers swallow Ctrl-C and leave this warning: pass it on, or a run could not be stopped.
    if any("interrupted by user" in str(item.message) for item in caught):
        raise KeyboardInterrupt
    return not any(issubclass(item.category, ConvergenceWarning) for item in caught)
