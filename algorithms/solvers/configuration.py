"""A solver in one configuration: a function of plain arrays, and what it says of its own answer."""

from __future__ import annotations

import importlib.util
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

LP, LASSO, LEAST_SQUARES = "lp", "lasso", "least-squares"
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a solver returned.

    Attributes
    ----------
    x : array or None
        The answer; None where the solver gave none.
    converged : bool
        Whether by its own word the answer is what was asked for: its status is "optimal", no warning was raised.
    status : str
        Its own word.
    """

    x: Array | None
    converged: bool
    status: str


@dataclass(frozen=True)
class Configuration:
    """A solver with its options.

    Attributes
    ----------
    name : str
        How tables call it.
    kind : str
        "lp" for ``solve(c, A, b)``, "lasso" for ``solve(A, y, penalty)``, "least-squares" for ``solve(A, y)``.
    solve : callable
        From float64 arrays to `Answered`. It uses no global state and changes none of its arguments.
    requires : tuple of str
        The modules that it needs.
    options : str
        What differs from the library's defaults, for the provenance; "" for nothing.
    """

    name: str
    kind: str
    solve: Callable[..., Answered]
    requires: tuple[str, ...] = ()
    options: str = field(default="")

    @property
    def absent(self) -> tuple[str, ...]:
        """The modules that it needs and that are not installed."""
        return tuple(name for name in self.requires if importlib.util.find_spec(name) is None)


def configured(
    kind: str, requires: str, solve: Callable[..., Answered], several: dict[str, dict[str, Any]]
) -> tuple[Configuration, ...]:
    """Return a solver in several configurations: by name the keyword arguments of each."""
    return tuple(
        Configuration(
            name,
            kind,
            partial(solve, **options) if options else solve,
            tuple(requires.split()),
            _written(options),
        )
        for name, options in several.items()
    )


def _written(options: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in options.items())


def answered(x: Any, converged: bool, status: object) -> Answered:
    """Return an answer as a flat float64 array of finite numbers; without one where there is none."""
    words = " ".join(str(status).split())
    if x is None:
        return Answered(None, False, words)
    values = np.array(x, dtype=np.float64).reshape(-1)
    if not all(map(math.isfinite, values)):
        return Answered(None, False, f"{words}; the answer is not finite")
    return Answered(values, bool(converged), words)


def heard(compute: Callable[[], tuple[Any, str]]) -> Answered:
    """Return the answer of a method that has no status: it claims success unless a warning is raised.

    Parameters
    ----------
    compute : callable
        Returns the answer, and a reservation that the method hands out with it, "" for none. What it raises as an
        error of linear algebra or of values is no answer.
    """
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        try:
            x, reservation = compute()
        except (np.linalg.LinAlgError, ValueError, ArithmeticError) as error:
            return answered(None, False, f"{type(error).__name__}: {error}")
    said = [f"{w.category.__name__}: {w.message}" for w in raised if not _is_of_code(w.category)]
    words = [reservation] * bool(reservation) + said
    return answered(x, not words, "; ".join(words) or "no warning")


def _is_of_code(category: type[Warning]) -> bool:
    """Tell whether warnings of a category are about a program's text or speed, and not about its answer."""
    slow = category.__name__.endswith("PerformanceWarning")
    return slow or issubclass(category, DeprecationWarning | PendingDeprecationWarning | FutureWarning)


def rank_words(rank: int, A: Array) -> str:
    """Return what a method says that hands out a rank with its answer: a reservation where it is not full."""
    return "" if rank == A.shape[1] else f"rank {rank} of {A.shape[1]}"
