"""The experiment of the instability theorem: every trainer, the sweep over label changes, and stable networks."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence

from algorithms.registry import Spec, known
from onehalf.families.stability.problem import Stability
from onehalf.plan.experiment import Cell, Experiment, cells_of
from oracle.problems import NETWORK_TRAINING

SWEEP_TRAINERS = ("levenberg-marquardt", "mlp-lbfgs")
SUPPORTS = (4, 7, 10, 13, 16, 20, 24, 28)
CONSTRUCTIONS = ("stable", "stable[construction=zigzag]", "stable[construction=fold]")


def stability_experiment(
    quick: bool = False,
    seed: int = 2109,
    exponent: int = 40,
    specs: Sequence[Spec] = (),
    name: str = "stability",
) -> Experiment:
    """Return the plan: 200 networks of every trainer (20 if quick), the sweep, and the computed stable networks.

    Parameters
    ----------
    specs : sequence of Spec, optional
        Algorithms to run, also in the sweep, instead of the library's trainers.
    """
    trials, sweep = (20, 2) if quick else (200, 20)
    if specs:
        cells = stability_cells(specs, trials, sweep, exponent, swept=specs)
    else:
        everything = (*installed_trainers(), "coin-flip", "constant-half")
        cells = stability_cells(everything, trials, sweep, exponent)
    return Experiment(f"{name}-quick" if quick else name, seed, tuple(cells))


def stability_cells(
    trainers: Sequence[str | Spec],
    trials: int,
    sweep: int,
    exponent: int = 40,
    swept: Sequence[str | Spec] = (),
) -> Iterator[Cell]:
    """Yield the cells: `trainers` on the default problem, `swept` on more and more points, stable networks."""
    yield from cells_of(
        [Stability(exponent=exponent)], ["honest"], trainers, trials, group="Inaccurate or unstable"
    )
    # Sets of 4·28 points and more hold, but for rare exceptions, every point of the distribution.
    problems = [
        Stability(exponent=exponent, support=k, training=128, feature=feature)
        for feature in (True, False)
        for k in SUPPORTS
    ]
    yield from cells_of(
        problems, ["honest"], swept or SWEEP_TRAINERS, sweep, group="More label changes than pieces"
    )
    free = Stability(exponent=exponent, training=256, free=True)
    yield from cells_of([free], ["honest"], CONSTRUCTIONS, 2, group="Stable networks from inexact input")


def installed_trainers() -> tuple[str, ...]:
    """Return the names of the training algorithms of the library whose packages are installed."""
    return tuple(
        name
        for name, algorithm in known().items()
        if algorithm.role == "trainer"
        and NETWORK_TRAINING in algorithm.families
        and all(importlib.util.find_spec(module.partition(".")[0]) for module in algorithm.requires)
    )
