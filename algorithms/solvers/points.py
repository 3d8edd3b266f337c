"""Least values, roots and eigenvectors by NumPy, and gradient flow of diagonal networks in closed form."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from algorithms.parameters.ranges import NATURAL, SIZE
from algorithms.wrappers.solver import solver
from oracle.errors import InvalidValue

Array = NDArray[np.float64]


@solver("numpy-argmin", kinds=["argmin"])
def numpy_argmin(values: Array, points: Array) -> Array:
    """The first point of least value."""
    found: Array = points[int(np.argmin(values))]
    return found


@solver("bisection", kinds=["root"], ranges={"steps": NATURAL})
def bisection(values: Array, nodes: Array, *, steps: int = 200) -> list[float]:
    """A root of the function that is linear between the nodes, by bisection of the whole interval.

    Parameters
    ----------
    steps : int
        Halvings.
    """
    low, high = float(nodes[0]), float(nodes[-1])
    at_low = float(values[0])
    for _ in range(steps):
        middle = (low + high) / 2
        at = float(np.interp(middle, nodes, values))
        if at == 0:
            return [middle]
        low, high, at_low = (middle, high, at) if (at > 0) == (at_low > 0) else (low, middle, at_low)
    return [(low + high) / 2]


@solver("numpy-eigh", kinds=["projector"])
def numpy_eigh(A: Array) -> Array:
    """The projector onto the eigenvector of the largest eigenvalue, by NumPy's eigh."""
    _, vectors = np.linalg.eigh(A)
    found: Array = np.outer(vectors[:, -1], vectors[:, -1])
    return found


@solver("numpy-sdp", kinds=["sdp"])
def numpy_sdp(C: Array) -> Array:
    """The projector onto the eigenvector of the least eigenvalue, by NumPy's eigh: the minimiser where it is simple."""
    _, vectors = np.linalg.eigh(C)
    found: Array = np.outer(vectors[:, 0], vectors[:, 0])
    return found


@solver("numpy-feasible", kinds=["sdp-feasible"])
def numpy_feasible(A: Array, B: Array) -> str:
    """Whether A + xB has no negative eigenvalue in float64 at x = 0 or some x = ±2^n, |n| ≤ 60, by NumPy's eigvalsh."""
    tried = [0.0, *(s * 2.0**n for n in range(-60, 61) for s in (1, -1))]
    return "yes" if any(np.linalg.eigvalsh(A + x * B)[0] >= 0 for x in tried) else "no"


@solver("diagonal-network", kinds=["basis-pursuit"], requires=("scipy.optimize",), ranges={"smallness": SIZE})
def diagonal_network(A: Array, y: Array, *, smallness: float = 350.0) -> list[float]:
    """The limit of gradient flow of the network x = u∘u − v∘v that starts at u = v = α: its bias in closed form.

    For one equation a·x = y with a, y > 0 it is x_i = 2α² sinh(a_i T), T > 0 the root of a·x = y (docs/problems.md).
    As α → 0 it tends to the solution of basis pursuit, for fixed α it is computable.

    Parameters
    ----------
    smallness : float
        log(1/α); float64 carries α² as a normal number up to 354.
    """
    from scipy.optimize import brentq

    if A.shape[0] != 1 or A.min() <= 0 or y[0] <= 0:
        raise InvalidValue(
            "A", A.shape, "is not one equation with positive numbers", "run it on another family"
        )
    a, target = A[0], float(y[0])

    def outputs(time: float) -> Array:
        # 2α² sinh(aT) = α²(e^{aT} − e^{−aT}), by logarithms: neither factor need be a float64.
        found: Array = np.exp(a * time - 2 * smallness) * -np.expm1(-2 * a * time)
        return found

    high = (2 * smallness + math.log(1 + target)) / float(a.max()) + 2.0
    time = float(brentq(lambda t: float(a @ outputs(t)) - target, 0.0, high, xtol=1e-13, rtol=1e-14))
    return [float(x) for x in outputs(time)]
