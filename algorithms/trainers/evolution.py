"""Evolution strategies from packages of their own, which are extras: CMA-ES (cma) and Nevergrad."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from algorithms.toolkit.fitting import Array
from algorithms.toolkit.nevergrad_registry import VERSION, WITHOUT_NUMPY_2_4, WITHOUT_SEED
from algorithms.toolkit.restarts import Minimiser, restarted
from algorithms.toolkit.weights import Loss
from oracle.errors import InvalidValue

# Nevergrad clips higher values itself, with a warning for each.
_HIGHEST = 1e6
_ADVICE = "take another, such as CauchyOnePlusOne, TwoPointsDE, PSO or CMA"


@restarted("cma-es", requires=("cma",), neurons=1)
def cma_es(*, evaluations: int = 2000, sigma: float = 0.5) -> Minimiser:
    """Minimise the mean squared error over the weights of a narrow network with CMA-ES (package cma).

    Guarantee: halts after about `attempts` × `evaluations` evaluations of the loss, having read `bits` digits. The
    claim is that the loss came down to where the largest training error is certain to be at most ε̂/√r.

    Parameters
    ----------
    evaluations : int
        Most evaluations of the loss in one attempt, to the end of a generation.
    sigma : float
        The first standard deviation.

    Source
    ------
    Hansen, Ostermeier: Completely derandomized self-adaptation in evolution strategies, Evol. Comput. 9 (2001).
    """
    cma: Any = import_module("cma")

    def minimise(loss: Loss, start: Array, rng: np.random.Generator) -> tuple[Array, bool]:
        options = {
            "verbose": -9,
            "ftarget": loss.target,
            "maxfevals": evaluations,
            # Its draws come from the trial's generator, and it leaves NumPy's global one alone.
            "seed": float("nan"),
            "randn": lambda *shape: rng.standard_normal(shape),
        }
        strategy = cma.CMAEvolutionStrategy(start, sigma, options)
        while not strategy.stop():
            population = strategy.ask()
            strategy.tell(population, loss.many(np.array(population)).tolist())
        return strategy.result.xbest, bool(strategy.result.fbest <= loss.target)

    return minimise


def _check_optimiser(parameters: Mapping[str, Any]) -> None:
    if find_spec("nevergrad") is None:
        return  # that it is needed is said when the algorithm is loaded
    offered = import_module("nevergrad").optimizers.registry
    if parameters["optimiser"] not in offered:
        offer = ", ".join(offered)[:80]
        raise InvalidValue(
            "optimiser", parameters["optimiser"], "is not in Nevergrad's registry", f"it has {offer}, …"
        )
    name = parameters["optimiser"].strip()
    if name in WITHOUT_SEED:
        raise InvalidValue(
            "optimiser",
            name,
            f"draws from generators that no seed reaches (Nevergrad {VERSION}), so that a trial could not be repeated",
            _ADVICE,
        )
    if name in WITHOUT_NUMPY_2_4 and not _numpy_before(2, 4):
        raise InvalidValue(
            "optimiser",
            name,
            f"fails with NumPy {np.__version__}: it makes a number of an array (Nevergrad {VERSION})",
            f"{_ADVICE}, or install numpy<2.4",
        )


def _numpy_before(*version: int) -> bool:
    return tuple(int(part) for part in np.__version__.split(".")[:2]) < version


@restarted("nevergrad", requires=("nevergrad",), neurons=1, attempts=5, check=_check_optimiser)
def nevergrad(*, optimiser: str = "CauchyOnePlusOne", budget: int = 700) -> Minimiser:
    """Minimise the mean squared error over the weights of a narrow network with an optimiser of Nevergrad.

    Guarantee: halts after at most `attempts` × `budget` evaluations of the loss, having read `bits` digits. The
    claim is that the loss came down to where the largest training error is certain to be at most ε̂/√r.

    Parameters
    ----------
    optimiser : str
        A name of Nevergrad's registry, such as CauchyOnePlusOne, TwoPointsDE, PSO or CMA. Some that no
        seed reaches, or that fail with the NumPy installed, are refused.
    budget : int
        Most evaluations of the loss in one attempt.

    Source
    ------
    Rapin, Teytaud: Nevergrad, a gradient-free optimization platform (2018); the optimiser named.
    """
    ng: Any = import_module("nevergrad")

    def minimise(loss: Loss, start: Array, rng: np.random.Generator) -> tuple[Array, bool]:
        space = ng.p.Array(init=start)
        space.random_state = np.random.RandomState(int(rng.integers(2**32)))
        search = ng.optimizers.registry[optimiser](parametrization=space, budget=budget)
        best, lowest = start, loss(start)
        for _ in range(budget):
            if lowest <= loss.target:
                break
            candidate = search.ask()
            value = loss(candidate.value)
            search.tell(candidate, min(value, _HIGHEST))
            if value < lowest:
                best, lowest = candidate.value, value
        return best, lowest <= loss.target

    return minimise
