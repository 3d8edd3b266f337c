"""Linear programs and basis pursuit by SciPy's HiGHS."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.wrappers.solver import solver

_SCIPY = ("scipy.optimize",)
Array = NDArray[np.float64]


def _linprog(c: Any, A: Array, b: Array, method: Any) -> tuple[Array, bool, float]:
    from scipy.optimize import linprog

    found: Any = linprog(c, A_eq=A, b_eq=b, method=method)
    solved = bool(found.status == 0)
    return (found.x if solved else np.zeros(len(c))), solved, (float(found.fun) if solved else 0.0)


@solver("linprog", kinds=["lp"], requires=_SCIPY)
def linprog_solver(c: Array, A: Array, b: Array, *, method: str = "highs") -> tuple[Array, bool]:
    """SciPy's linprog on the program in float64; its claim is the status "optimal".

    Parameters
    ----------
    method : str
        highs, highs-ds (dual simplex) or highs-ipm (interior point).
    """
    x, solved, _ = _linprog(c, A, b, method)
    return x, solved


@solver("linprog-value", kinds=["optimum"], requires=_SCIPY)
def linprog_value(c: Array, A: Array, b: Array, *, method: str = "highs") -> tuple[list[float], bool]:
    """The least value of a linear program, by SciPy's linprog in float64; its claim is the status "optimal".

    Parameters
    ----------
    method : str
        As for linprog.
    """
    _, solved, value = _linprog(c, A, b, method)
    return [value], solved


@solver("linprog-decision", kinds=["decision"], requires=_SCIPY)
def linprog_decision(
    c: Array, A: Array, b: Array, threshold: float, *, method: str = "highs"
) -> tuple[str, bool]:
    """Whether the least value that SciPy's linprog finds is at least the threshold.

    Parameters
    ----------
    method : str
        As for linprog.
    """
    _, solved, value = _linprog(c, A, b, method)
    return ("yes" if value >= threshold else "no"), solved


@solver("linprog-pursuit", kinds=["basis-pursuit"], requires=_SCIPY)
def linprog_pursuit(A: Array, y: Array, *, method: str = "highs") -> tuple[Array, bool]:
    """Basis pursuit as the linear program in the positive and the negative part of x, by SciPy's linprog.

    Parameters
    ----------
    method : str
        As for linprog.
    """
    n = A.shape[1]
    x, solved, _ = _linprog(np.ones(2 * n), np.hstack([A, -A]), y, method)
    return x[:n] - x[n:], solved
