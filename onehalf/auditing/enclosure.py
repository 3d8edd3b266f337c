"""Lemma P: an enclosure of the solution of a linear system for all data in a box.

Let M be square, Mx = h exactly, and let Q be any matrix. For all |E| ≤ W and |Δh| ≤ g put C = |I − QM| + |Q|W and
u = |Q|(g + W|x|). If some t > 0 has u + Ct < t, then M + E is nonsingular and |x' − x| ≤ t. *Proof.* Ct < t gives
C a spectral radius below 1, so Q(M + E) = I − ((I − QM) − QE) is nonsingular; (M + E)(x' − x) = Δh − Ex, times Q, gives
|x' − x| ≤ u + C|x' − x|, so |x' − x| ≤ (I − C)^-1 u ≤ t. ∎

All numbers here are nonnegative float64s, rounded upwards: a sum of n products of such has a relative error of at most
(n + 2)·2^-52, and an underflow adds less than 1e-290.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from oracle.arithmetic.linear_algebra import Rows, inverse_of

Floats = NDArray[np.float64]
_UNIT = 2.0**-52
_TINY = 1e-290
_ALWAYS_EXACT, _MOST_EXACT = 24, 120
_USABLE = 0.01


@dataclass(frozen=True, eq=False)
class Inverse:
    """An approximate inverse of M, what is left of it, and how it was had.

    Attributes
    ----------
    size : array
        |Q|, rounded upwards.
    rest : array
        |I − QM|, rounded upwards.
    floats : array
        Q, rounded where it is exact.
    exact : bool
        Whether Q is the exact inverse, so that nothing is left of it.
    """

    size: Floats
    rest: Floats
    floats: Floats
    exact: bool

    def transposed(self, matrix: Rows) -> Inverse | None:
        """Return the same for M^T, which is `matrix`."""
        across = np.ascontiguousarray(self.floats.T)
        if self.exact:
            return Inverse(np.ascontiguousarray(self.size.T), self.rest, across, True)
        return _floating(matrix, across)


def approximate_inverse(matrix: Rows) -> Inverse | None:
    """Return an inverse that is good enough for Lemma P: exact where that is cheap, or needed."""
    n = len(matrix)
    if n > _ALWAYS_EXACT:
        with np.errstate(all="ignore"):
            try:
                found = np.linalg.inv(np.array([[float(x) for x in row] for row in matrix]))
            except np.linalg.LinAlgError:
                found = np.full((n, n), np.nan)
        made = _floating(matrix, found)
        if made is not None and float(made.rest.sum(axis=1).max(initial=0.0)) < _USABLE:
            return made
        if n > _MOST_EXACT:
            return made
    exact = inverse_of(matrix)
    if exact is None:
        return None
    try:
        floats = np.array([[float(x) for x in row] for row in exact]).reshape(n, n)
        return Inverse(up(exact).reshape(n, n), np.zeros((n, n)), floats, True)
    except OverflowError:
        return None


def _floating(matrix: Rows, q: Floats) -> Inverse | None:
    """Return |Q| and a bound of |I − QM| with all rounding errors in it."""
    if not np.isfinite(q).all():
        return None
    n = len(matrix)
    m = np.array([[float(x) for x in row] for row in matrix]).reshape(n, n)
    size = np.abs(q)
    across = times(size, np.abs(m) + np.abs(m) * _UNIT)
    rest = np.abs(np.eye(n) - q @ m) + (n + 8) * _UNIT * (across + np.eye(n)) + _TINY
    return Inverse(size, np.nextafter(rest * (1 + 4 * _UNIT), np.inf), q, False)


def up(values: Rows) -> Floats:
    """Return |values| as float64, rounded upwards, zeros kept."""
    raw = np.array([[abs(float(x)) for x in row] for row in values], dtype=np.float64)
    raw = raw.reshape(len(values), len(values[0]) if len(values) else 0)
    nonzero = np.array([[x != 0 for x in row] for row in values], dtype=bool).reshape(raw.shape)
    return np.where(nonzero, np.nextafter(raw, np.inf), 0.0)


def up_vector(values: Sequence[Fraction]) -> Floats:
    """Return |values| as float64, rounded upwards, zeros kept."""
    return up([list(values)])[0] if len(values) else np.zeros(0)


def times(left: Floats, right: Floats) -> Floats:
    """Return a product of nonnegative arrays, rounded upwards; what has no nonzero term is exactly 0."""
    n = left.shape[-1]
    value = left @ right
    pattern = (left > 0).astype(np.float64) @ (right > 0).astype(np.float64)
    result: Floats = np.where(pattern > 0, value * (1 + (n + 4) * _UNIT) + _TINY, 0.0)
    return result


def plus(*parts: Floats) -> Floats:
    """Return a sum of nonnegative arrays, rounded upwards; 0 stays 0."""
    total = np.zeros_like(parts[0])
    for part in parts:
        total = total + part
    return np.where(total > 0, total * (1 + 4 * len(parts) * _UNIT), 0.0)


def enclosed(found: Inverse, box: Floats, size: Floats, right: Floats) -> Floats | None:
    """Return t with |x' − x| ≤ t for all data in the box, None if Lemma P gives none.

    Parameters
    ----------
    found : Inverse
        Of M.
    box : array (n, n)
        W.
    size : array (n,)
        |x|, rounded upwards.
    right : array (n,)
        g.
    """
    if not len(size):
        return np.zeros(0)
    with np.errstate(all="ignore"):
        u = times(found.size, plus(right, times(box, size)))
        step = plus(found.rest, times(found.size, box))
        if not u.any() and not times(found.size, box).any():
            return np.zeros(len(size))
        floor = float(u[u > 0].min(initial=1.0)) * 1e-9
        t = u
        for _ in range(60):
            t = plus(u, times(step, t)) * 1.001 + floor * (times(step, np.ones(len(u))) > 0)
            image = plus(u, times(step, t))
            if not np.isfinite(image).all():
                return None
            # Where a component depends on nothing inexact its t may be 0; C then has a zero row there.
            if bool(((image < t) | ((t == 0) & (image == 0))).all()):
                return np.where(t > 0, np.minimum(t, image), 0.0) if _closed(u, step, image) else t
    return None


def _closed(u: Floats, step: Floats, t: Floats) -> bool:
    """Tell whether a smaller t does as well."""
    image = plus(u, times(step, t))
    return bool(((image < t) | ((t == 0) & (image == 0))).all())
