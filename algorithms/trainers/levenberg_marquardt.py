"""The Levenberg–Marquardt method, in NumPy, on hundreds of ReLU networks of any depth at once."""

from __future__ import annotations

from functools import partial

import numpy as np

from algorithms.algorithm import Claim
from algorithms.toolkit.batches import Attempts, Generators, Lesson, train_batch
from algorithms.toolkit.fitting import Array
from algorithms.toolkit.trainer import trainer
from algorithms.toolkit.weights import activations, jacobians, random_weights
from oracle.task import Task

_SMALLEST, _LARGEST = 1e-9, 1e9


@trainer("levenberg-marquardt", batched=True)
def levenberg_marquardt(
    task: Task,
    rngs: Generators,
    *,
    bits: int = 53,
    damping: float = 0.1,
    iterations: int = 50,
    attempts: int = 4,
) -> list[Claim]:
    """Minimise the sum of squares by the Levenberg–Marquardt method, many seeds at once.

    Guarantee: halts after at most `attempts` × `iterations` linear solves a network, having read `bits` digits;
    the loss never rises. The claim is that the largest training error came down to ε̂/√r, at which training stops.

    Parameters
    ----------
    damping : float
        The first λ in (JᵀJ + λI) s = Jᵀ(φ − label); it falls to a third with each step that lowers the loss, and
        grows fourfold with each that does not and is taken back.
    iterations : int
        Most steps in one attempt.

    Source
    ------
    Marquardt: An algorithm for least-squares estimation of nonlinear parameters, J. SIAM 11 (1963); Hagan,
    Menhaj: Training feedforward networks with the Marquardt algorithm, IEEE Trans. Neural Networks 5 (1994).
    """
    attempt = partial(_attempt, first=damping, iterations=iterations)
    return train_batch(task, rngs, attempt, bits, attempts)


def _attempt(learnt: Lesson, rngs: Generators, first: float, iterations: int) -> Attempts:
    flat = np.stack([random_weights(learnt.architecture, rng) for rng in rngs])
    result = Attempts(flat.copy(), np.full(len(rngs), np.inf), np.zeros(len(rngs), dtype=np.bool_))
    alive = np.arange(len(rngs))
    damping = np.full(len(rngs), first)
    inputs, residual, loss = _measure(learnt, flat)
    for _ in range(iterations):
        error = np.abs(residual).max(axis=1)
        open_ = error > learnt.goal
        result.flat[alive], result.error[alive], result.converged[alive] = flat, error, ~open_
        alive, flat, damping, residual, loss = (
            part[open_] for part in (alive, flat, damping, residual, loss)
        )
        if not len(alive):
            return result
        inputs = [learnt.features, *(values[open_] for values in inputs[1:])]
        slopes = jacobians(flat, learnt.architecture, inputs)
        tried = flat - _steps(slopes, residual, damping)
        new_inputs, new_residual, new_loss = _measure(learnt, tried)
        better = new_loss < loss
        damping = np.clip(np.where(better, damping / 3.0, damping * 4.0), _SMALLEST, _LARGEST)
        flat = np.where(better[:, None], tried, flat)
        residual = np.where(better[:, None], new_residual, residual)
        loss = np.where(better, new_loss, loss)
        for old, new in zip(inputs[1:], new_inputs[1:], strict=True):
            old[better] = new[better]
    error = np.abs(residual).max(axis=1)
    result.flat[alive], result.error[alive], result.converged[alive] = flat, error, error <= learnt.goal
    return result


def _measure(learnt: Lesson, flat: Array) -> tuple[list[Array], Array, Array]:
    """Return activations, residuals (B, r) and sums of squares (B,)."""
    inputs = activations(flat, learnt.architecture, learnt.features)
    residual = inputs[-1][:, :, 0] - learnt.labels
    return inputs, residual, np.matmul(residual[:, None, :], residual[:, :, None])[:, 0, 0]


def _steps(slopes: Array, residual: Array, damping: Array) -> Array:
    """Return (JᵀJ + λI)^-1 Jᵀ residual, shape (B, n)."""
    across = slopes.transpose(0, 2, 1)
    matrix = np.matmul(across, slopes)
    diagonal = np.einsum("bii->bi", matrix)
    # Not below rounding error, or a singular matrix of large entries would swallow the damping.
    diagonal += np.maximum(damping, 1e-12 * diagonal.max(axis=1))[:, None]
    right = np.matmul(across, residual[:, :, None])
    found: Array = np.linalg.solve(matrix, right)[:, :, 0]
    return found
