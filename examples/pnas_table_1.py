"""Table 1 of Colbrook, Antun, Hansen (PNAS 119(12), 2022, e2107151119), the row of FIRENETs, computed anew.

The square-root LASSO min ‖Ax − y‖₂ + ‖x‖₁ with y = (1, 0, …, 0) and the first row of A equal to (a, a, 0, …, 0),
a = √2·10^K/3, but for the coordinate j ∈ {1, 2}, where it is a + 2^-(n+1). The only minimiser is e_j/(a + 2^-(n+1)),
so that the minimisers for j = 1 and j = 2 are 3·10^-K apart in ℓ², and their data 2^-n at most: from A to n digits
nobody can have K digits of x on both. (An orthogonal transform of the rows, the DCT, changes nothing of that, and
is applied as in the paper.) A FIRENET is the primal-dual iteration for this problem, restarted 30 times after 50
steps each, and applied to the data with j = 2; its answer is compared with the minimiser for j = 1.

*Two columns of figures.* The public demo of the paper (github.com/Comp-Foundations-and-Barriers-of-AI/firenet,
inexact_input/Demo_test_firenet.py) runs its loop over K with a variable of the name j, which is the coordinate's
name, too. For K = 1 it therefore places the coordinates at 0 and −1, which Python counts from the end: the matrices
have the right two columns, in the other order, but the "minimiser" that is compared with has its entry at the last
coordinate but one, which is no minimiser (for K = 3 it is the last; for K = 6 the number is 2, as meant). The
distances are then those of the paper, 0.2597823, 0.2598049 and 0.2598051. With the coordinates meant they are
0.1500233, 0.1500000 and 0.1500000. It is a slip in a script that prints a table, and the conclusion stands with
either column: the answer is halfway between the two minimisers, further than 10^-K from the right one, and no
number n of digits mends it.

*The last digit* of the published column is rounding. The demo's steps have τσ‖A‖² = 6.7 for K = 1, above the 1 of
the convergence proof, so that the iteration keeps wandering by some 10⁻⁷ about the halfway point: other processors,
or A times 1 + 10⁻¹⁶, give 0.2597823 to 0.2597829. It wanders along (1, 1), which the distance from the true
minimiser does not feel to first order.

Run: python examples/pnas_table_1.py
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

Array = NDArray[np.float64]
TWO, MORE = 2, 20
"""Columns that compete, and columns beside them."""
RESTARTS, STEPS, FLOOR = 30, 50, 1e-6
DIGITS, BITS = (1, 3, 6), (10, 20, 30)


def problem(K: int, n: int, j: int, places: tuple[int, int]) -> tuple[Array, Array, Array]:
    """Return A, y, and the vector that is compared with.

    Parameters
    ----------
    K, n : int
        Decimal digits of x, binary digits of the data.
    j : int
        0 or 1: which of the first two columns has the larger entry.
    places : pair of int
        Where the vector has its entry, for j = 0 and for j = 1; (0, 1) for the minimiser.
    """
    a = np.sqrt(2) * 10.0**K / 3
    first = np.full(TWO, a)
    first[j] += 2.0 ** -(n + 1)
    A = np.zeros((1 + MORE, TWO + MORE))
    A[0, :TWO] = first
    A[1:, TWO:] = np.linalg.norm(first) * np.eye(MORE)
    y, x = np.zeros(1 + MORE), np.zeros(TWO + MORE)
    y[0], x[places[j]] = 1.0, 1 / first[j]
    return dct(A, axis=0, norm="ortho"), dct(y, norm="ortho"), x


def firenet(A: Array, y: Array) -> Array:
    """Return what a FIRENET computes: restarted and averaged steps of the primal-dual iteration for λ = 1."""
    size = float(np.linalg.norm(A, 2))
    step = np.sqrt(1 / size) - 1e-4
    error, x = float(np.linalg.norm(y)), np.zeros(A.shape[1])
    for _ in range(RESTARTS):
        error = np.exp(-1) * (FLOOR + error)
        scale = 2 * size / (error * STEPS)
        x = _average(A, scale * y, scale * x, step) / scale
    return x


def _average(A: Array, y: Array, x: Array, step: float) -> Array:
    dual, total = np.zeros(len(y)), np.zeros(len(x))
    for _ in range(STEPS):
        moved = x - step * (A.T @ dual)
        new = np.sign(moved) * np.maximum(np.abs(moved) - step, 0)
        dual = dual + step * (A @ (2 * new - x)) - step * y
        dual /= max(1.0, float(np.linalg.norm(dual)))
        total, x = total + new, new
    return total / STEPS


def distance(K: int, n: int, as_published: bool) -> float:
    """Return the ℓ² distance of the FIRENET's answer from what it is compared with.

    Parameters
    ----------
    K, n : int
        Decimal digits of x, binary digits of the data.
    as_published : bool
        Place coordinates as the public demo does, where the loop's number of K, 0, 1 or 2, is the coordinate, which
        is counted from 1.
    """
    j = DIGITS.index(K) if as_published else 2
    read, true = (j - 1) % TWO, (j - 2) % TWO
    # Python's x[-1] is the last entry, whether of the first two or of all.
    place = j - 2
    A, y, _ = problem(K, n, read, (0, 1))
    _, _, x = problem(K, n, true, (place, place))
    return float(np.linalg.norm(firenet(A, y) - x))


def main() -> None:
    """Print the table."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    print("  K   n  as published  as meant  10^-K")
    for K in DIGITS:
        for n in BITS:
            print(f"{K:3} {n:3}  {distance(K, n, True):12.7f} {distance(K, n, False):9.7f}  1e-{K}")


if __name__ == "__main__":
    main()
