"""Registering a training algorithm, with the words for the parameters that many of them share in one place."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from algorithms.algorithm import Function, algorithm
from algorithms.digests import source_digest
from algorithms.parameters.ranges import NATURAL, POSITIVE, PROBABILITY, SIZE, Interval
from algorithms.parameters.signatures import parameter_entries, parameters_of, with_parameter_entries
from algorithms.toolkit.settings import default_settings
from oracle.facts import NETWORK_TRAINING

_F = TypeVar("_F", bound=Function)

SHARED = {
    "bits": "Binary digits read of every coordinate.",
    "neurons": "Widest hidden layer that is trained, or 0 for the architecture's widths; fewer weights are easier "
    "to search.",
    "attempts": "Restarts from new random weights, until the largest training error is at most ε̂/√r; the best is kept.",
    "iterations": "Most iterations in one attempt.",
    "evaluations": "Most evaluations of the loss in one attempt.",
    "epochs": "Most passes over the data in one attempt.",
    "batch": "Points in a mini-batch, or 0 for all of them; the batches are drawn anew in each pass.",
    "learning_rate": "Step size.",
    "momentum": "The share of the last step that is taken again.",
    "gtol": "Norm of the gradient at which the solver stops.",
    "tol": "An iteration that improves the loss by less does not count as progress.",
    "patience": "Iterations without progress after which the solver stops.",
}


RANGES = {
    **dict.fromkeys(("bits", "neurons", "batch", "hops"), NATURAL),
    **dict.fromkeys(("attempts", "iterations", "evaluations", "epochs", "patience", "generations"), POSITIVE),
    **dict.fromkeys(("population", "samples", "moves", "budget"), POSITIVE),
    **dict.fromkeys(("learning_rate", "damping", "step", "sigma", "radius", "hottest", "coldest"), SIZE),
    **dict.fromkeys(("tol", "gtol", "target", "penalty"), NATURAL),
    **dict.fromkeys(("beta_1", "beta_2"), Interval(0, 1, below=True)),
    "momentum": PROBABILITY,
}
"""Where the parameters of the trainers that ship must lie: one name means the same in all of them."""
WRAPPED = {name: RANGES[name] for name in ("bits", "attempts")}
"""The same for what a wrapper made of a user's trainer, whose other parameters are the user's own."""


def trainer(
    name: str,
    *,
    requires: Sequence[str] = (),
    batched: bool = False,
    ranges: Mapping[str, Interval] = RANGES,
    check: Callable[[Mapping[str, Any]], None] | None = None,
) -> Callable[[_F], _F]:
    """Register a function as a training algorithm, and return it with a docstring that describes all its parameters.

    A parameter that the docstring says nothing of is described by `SHARED`, if it is there.

    The trainers that ship run in libraries' default settings (`default_settings`), whatever the caller has set.

    Parameters
    ----------
    name, requires, batched, check
        See `algorithms.algorithm.Algorithm`.
    ranges : mapping
        Where parameters of these names must lie.
    """

    def register(function: _F) -> _F:
        function.__doc__ = _completed(function)
        own = {n: interval for n, interval in ranges.items() if n in parameters_of(function)}
        run = _in_default_settings(function, name) if ranges is RANGES else function
        made = algorithm(
            name,
            role="trainer",
            families=(NETWORK_TRAINING,),
            requires=requires,
            batched=batched,
            ranges=own,
            check=check,
        )
        return made(run)

    return register


def _in_default_settings(function: _F, name: str) -> _F:
    """Return the function run in libraries' default settings; it is known by the same source as without."""

    @functools.wraps(function)
    def run(*arguments: Any, **parameters: Any) -> Any:
        with default_settings():
            return function(*arguments, **parameters)

    made: Any = run
    made.digest = lambda: source_digest(function, name)
    return cast("_F", run)


def _completed(function: Function) -> str:
    """Return the docstring with an entry for every parameter, in the order of the signature."""
    text = inspect.getdoc(function) or ""
    entries = {name: entry for names, entry in parameter_entries(text) for name in names}
    for name, parameter in parameters_of(function).items():
        if name not in entries and name in SHARED:
            entries[name] = f"{name} : {parameter.kind}\n    {SHARED[name]}\n"
    ordered = dict.fromkeys(entries[name] for name in parameters_of(function) if name in entries)
    return with_parameter_entries(text, ordered) if ordered else text
