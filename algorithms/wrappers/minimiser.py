"""A training algorithm from any minimiser of functions, such as a method of scipy.optimize.minimize."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from algorithms.algorithm import Claim, Function
from algorithms.toolkit.fitting import Array
from algorithms.toolkit.restarts import Minimiser, train_weights
from algorithms.toolkit.weights import Loss
from algorithms.wrappers.register import register_trainer
from oracle.task import Task


def from_minimiser(
    name: str,
    minimise: Minimiser,
    *,
    bits: int = 53,
    neurons: int = 0,
    attempts: int = 4,
    requires: tuple[str, ...] = (),
) -> Function:
    """Register a minimiser, run on the flat weights of a ReLU network, as a training algorithm.

    Parameters
    ----------
    name : str
        How experiments and reports call it.
    minimise : callable
        ``minimise(loss, start, rng) -> (weights, converged)``. ``loss(weights)`` is half the mean squared error on
        standardised features, ``loss.with_gradient(weights)`` that and its gradient, ``loss.many(table)`` the losses
        of many weights at once, ``loss.target`` a loss at which one may stop, ``loss.size`` the number of weights.
    bits, neurons, attempts : int
        Defaults of the parameters of these names: binary digits read; the widest hidden layer trained, 0 for the
        architecture's widths; starts, until the largest training error is at most ε̂/√r, of which the best is kept.
    requires : tuple of str
        Modules it needs.

    Returns
    -------
    function
        The algorithm ``(task, rng, *, bits, neurons, attempts) -> Claim``.

    Examples
    --------
    >>> def descend(loss, start, rng):
    ...     weights = start
    ...     for _ in range(3000):
    ...         value, gradient = loss.with_gradient(weights)
    ...         weights = weights - 0.2 * gradient
    ...     return weights, value <= loss.target
    >>> algorithm = from_minimiser("plain-descent", descend)
    """
    return _register(name, minimise, minimise, (bits, neurons, attempts), requires)


def from_scipy(
    name: str,
    method: str,
    *,
    gradient: bool = True,
    options: Mapping[str, Any] | None = None,
    bits: int = 53,
    neurons: int = 0,
    attempts: int = 4,
) -> Function:
    """Register a method of scipy.optimize.minimize, run on the flat weights of a ReLU network, as an algorithm.

    Parameters
    ----------
    name : str
        How experiments and reports call it.
    method : str
        As scipy.optimize.minimize takes it, such as "Newton-CG" or "COBYLA".
    gradient : bool
        Whether it uses the gradient (SciPy's ``jac``).
    options : mapping, optional
        SciPy's options of the method.
    bits, neurons, attempts
        As for `from_minimiser`.

    Returns
    -------
    function
        The algorithm; its claim is SciPy's ``result.success``.

    Examples
    --------
    >>> algorithm = from_scipy("newton-cg", "Newton-CG", options={"maxiter": 200})
    """
    minimise = scipy_minimiser(method, gradient=gradient, **(options or {}))
    subject = (method, gradient, tuple(sorted((options or {}).items())))
    return _register(name, minimise, subject, (bits, neurons, attempts), ("scipy.optimize",))


def _register(
    name: str, minimise: Minimiser, subject: Any, defaults: tuple[int, int, int], requires: tuple[str, ...]
) -> Function:
    default_bits, default_neurons, default_attempts = defaults

    def train(
        task: Task,
        rng: np.random.Generator,
        *,
        bits: int = default_bits,
        neurons: int = default_neurons,
        attempts: int = default_attempts,
    ) -> Claim:
        return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=attempts)

    summary = f"Minimise the mean squared error over the weights with {name}."
    return register_trainer(name, train, subject, summary, requires)


def scipy_minimiser(method: str, /, *, gradient: bool = True, **options: Any) -> Minimiser:
    """Return scipy.optimize.minimize(method=…, options=…) as a minimiser; its flag is ``result.success``."""

    def minimise(loss: Loss, start: Array, rng: np.random.Generator) -> tuple[Array, bool]:
        from scipy.optimize import minimize

        called: Any = minimize
        objective = loss.with_gradient if gradient else loss
        result = called(objective, start, method=method, jac=gradient or None, options=options)
        return result.x, bool(result.success)

    return minimise
