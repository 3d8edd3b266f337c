"""Simulated annealing and pure random search on the weights of a narrow network: the plainest minimisers there are."""

from __future__ import annotations

import math

import numpy as np

from algorithms.algorithm import Claim
from algorithms.toolkit.fitting import Array
from algorithms.toolkit.restarts import Minimiser, restarted, train_weights
from algorithms.toolkit.trainer import trainer
from algorithms.toolkit.weights import Loss, random_weights
from oracle.task import Task

_SAMPLES_AT_ONCE = 1000


@restarted("simulated-annealing", neurons=1)
def simulated_annealing(
    *, moves: int = 3000, hottest: float = 0.05, coldest: float = 1e-5, step: float = 0.3
) -> Minimiser:
    """Anneal the weights of a narrow network by the rule of Metropolis, cooling geometrically.

    Guarantee: halts after at most `attempts` × `moves` evaluations of the loss, having read `bits` digits. The claim
    is that the loss came down to where the largest training error is certain to be at most ε̂/√r; there it stops.

    Parameters
    ----------
    moves : int
        Most proposed moves in one attempt.
    hottest, coldest : float
        First and last temperature, in units of the loss.
    step : float
        Standard deviation of a move at the hottest; it falls with the square root of the temperature to a tenth.

    Source
    ------
    Kirkpatrick, Gelatt, Vecchi: Optimization by simulated annealing, Science 220 (1983).
    """
    cooling = (coldest / hottest) ** (1.0 / max(moves - 1, 1))

    def minimise(loss: Loss, start: Array, rng: np.random.Generator) -> tuple[Array, bool]:
        here, height = start, loss(start)
        best, lowest = here, height
        temperature = hottest
        for _ in range(moves):
            if lowest <= loss.target:
                break
            size = step * max(math.sqrt(temperature / hottest), 0.1)
            there = here + rng.normal(scale=size, size=loss.size)
            new = loss(there)
            if new <= height or rng.random() < math.exp((height - new) / temperature):
                here, height = there, new
                if height < lowest:
                    best, lowest = here, height
            temperature *= cooling
        return best, lowest <= loss.target

    return minimise


@trainer("random-search")
def random_search(
    task: Task, rng: np.random.Generator, *, bits: int = 53, samples: int = 50_000, neurons: int = 1
) -> Claim:
    """Draw the weights of a narrow network at random, again and again, and keep those of least loss.

    Guarantee: halts after at most `samples` evaluations of the loss, having read `bits` digits. The claim is that
    the largest training error is at most ε̂, which ends the search.

    Parameters
    ----------
    samples : int
        Most networks drawn.
    neurons : int
        Widest hidden layer drawn, or 0 for the architecture's widths; chances fall with the number of weights.

    Source
    ------
    Solis, Wets: Minimization by random search techniques, Math. Oper. Res. 6 (1981); starts as for
    ``scipy-lbfgsb``.
    """
    tolerance = float(task.tolerance)

    def minimise(loss: Loss, start: Array, rng: np.random.Generator) -> tuple[Array, bool]:
        best, lowest = start, loss(start)
        for drawn in range(0, samples, _SAMPLES_AT_ONCE):
            count = min(_SAMPLES_AT_ONCE, samples - drawn)
            tried = random_weights(loss.architecture, rng, count)
            losses = loss.many(tried)
            least = int(losses.argmin())
            if losses[least] < lowest:
                best, lowest = tried[least], float(losses[least])
                if loss.error(best) <= tolerance:
                    return best, True
        return best, False

    return train_weights(task, rng, minimise, bits=bits, neurons=neurons, attempts=1)
