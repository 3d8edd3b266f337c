"""What is certain of a penalised regression on a box of data: that its support is kept, and how far x moves.

*Support.* On the support S with signs σ residual and coefficients solve [[I, A_S], [A_Sᵀ, −μI]](r, x_S) = (y, λσ),
which Lemma P encloses. If then |x_j| stays above its radius on S, and |A_jᵀr| + Σ_i w_ij|r_i| + Σ_i ρ_i(|A_ij| +
w_ij) below λ − w_λ off it, S and σ are those of every minimiser in the box, and it is the only one.

*Convexity.* Let s be a subgradient of ‖x‖₁ with A_jᵀr = λs_j + μx_j. For other data in the box
q_j = A'_jᵀ(y' − A'x) − λ's_j − μ'x_j has
|q_j| ≤ Σ_i w_ij|r_i| + Σ_i (|A_ij| + w_ij)(w_i + Σ_k w_ik|x_k|) + w_λ + w_μ|x_j|, and −q is a subgradient at x of an
objective that is γ-strongly convex: ‖x' − x‖₂ ≤ ‖q‖₂/γ, where γ = σ² + μ − w_μ, and with any R near the pseudo-inverse
σ ≥ (1 − ‖|I − RA| + |R|W‖_F)/‖R‖_F if that is positive, else σ = 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from onehalf.auditing.enclosure import (
    Floats,
    Inverse,
    approximate_inverse,
    enclosed,
    plus,
    times,
    up,
    up_vector,
)
from onehalf.auditing.regression.penalised import Minimiser, Penalised, residual_of
from onehalf.auditing.regression.squares import Exact
from oracle.arithmetic.linear_algebra import Vector

_UNIT, _TINY = 2.0**-52, 1e-290


@dataclass(frozen=True, eq=False)
class ShownFit:
    """The minimiser of the numbers as shown, with what proofs on every box need.

    Attributes
    ----------
    residual : tuple of Fraction
        y − Ax.
    support : tuple of int
        S.
    """

    problem: Penalised
    minimiser: Minimiser

    @cached_property
    def residual(self) -> Vector:
        """Return y − Ax."""
        return residual_of(self.problem.table, self.minimiser.point)

    @cached_property
    def support(self) -> tuple[int, ...]:
        """Return where x is not 0."""
        return tuple(j for j, s in enumerate(self.minimiser.signs) if s)

    @cached_property
    def matrix(self) -> list[list[Fraction]]:
        """Return [[I, A_S], [A_Sᵀ, −μI]]."""
        table, chosen, ridge = self.problem.table, self.support, self.problem.ridge
        m, zero = len(table), Fraction(0)
        rows = [
            [*(Fraction(int(k == i)) for k in range(m)), *(table[i, j] for j in chosen)] for i in range(m)
        ]
        return rows + [[*table[:, j], *(-ridge if k == j else zero for k in chosen)] for j in chosen]

    @cached_property
    def inverse(self) -> Inverse | None:
        """Return an inverse of the matrix."""
        return approximate_inverse(self.matrix)

    @cached_property
    def left(self) -> Floats | None:
        """Return R near the pseudo-inverse of A."""
        found = np.linalg.pinv(self.problem.table[:, :-1].astype(np.float64))
        return found if np.isfinite(found).all() else None


@dataclass(frozen=True, eq=False)
class KeptFit:
    """What is certain on a box.

    Attributes
    ----------
    support : array (m + |S|,) or None
        The radii of residual and coefficients, where the support is kept.
    convex : float or None
        ‖x' − x‖₂ is at most this.
    """

    support: Floats | None
    convex: float | None

    def radius(self, fit: ShownFit, j: int) -> Fraction | None:
        """Return how far a coefficient may move, None where nothing is certain."""
        found = []
        if self.support is not None:
            at = len(fit.residual) + fit.support.index(j) if j in fit.support else -1
            found.append(Fraction(float(self.support[at])) if at >= 0 else Fraction(0))
        if self.convex is not None:
            found.append(Fraction(self.convex))
        return min(found, default=None)


def kept_of(fit: ShownFit, radii: Exact, loose: tuple[Fraction, Fraction]) -> KeptFit:
    """Return what is certain for all data within the radii (m, n + 1), λ and μ within `loose`."""
    table = fit.problem.table
    tilts = up([list(row) for row in radii[:, :-1]]).reshape(table.shape[0], -1)
    sizes = up([list(row) for row in table[:, :-1]]).reshape(tilts.shape)
    side = up_vector(list(radii[:, -1]))
    if fit.problem.penalty <= loose[0] or fit.problem.ridge < loose[1]:
        return KeptFit(None, None)
    return KeptFit(_support(fit, tilts, sizes, side, loose), _convex(fit, tilts, sizes, side, loose))


def _support(
    fit: ShownFit, tilts: Floats, sizes: Floats, side: Floats, loose: tuple[Fraction, Fraction]
) -> Floats | None:
    chosen, m, point = list(fit.support), len(tilts), fit.minimiser.point
    if fit.inverse is None:
        return None
    box = np.zeros((m + len(chosen),) * 2)
    box[:m, m:], box[m:, :m] = tilts[:, chosen], tilts[:, chosen].T
    box[range(m, len(box)), range(m, len(box))] = up_vector([loose[1]])[0]
    right = np.concatenate([side, np.full(len(chosen), up_vector([loose[0]])[0])])
    held = [*fit.residual, *(point[j] for j in chosen)]
    found = enclosed(fit.inverse, box, up_vector(held), right)
    if found is None:
        return None
    if any(abs(point[j]) <= Fraction(float(found[m + at])) for at, j in enumerate(chosen)):
        return None
    reach = plus(times(tilts.T, up_vector(list(fit.residual))), times(plus(sizes, tilts).T, found[:m]))
    level = fit.problem.penalty - loose[0]
    off = (j for j in range(tilts.shape[1]) if j not in chosen)
    kept = all(abs(fit.minimiser.slopes[j]) + Fraction(float(reach[j])) < level for j in off)
    return found if kept else None


def _convex(
    fit: ShownFit, tilts: Floats, sizes: Floats, side: Floats, loose: tuple[Fraction, Fraction]
) -> float | None:
    far = up_vector(list(fit.minimiser.point))
    spread = plus(side, times(tilts, far))
    parts = [
        times(tilts.T, up_vector(list(fit.residual))),
        times(plus(sizes, tilts).T, spread),
        np.full(len(far), up_vector([loose[0]])[0]),
        up_vector([loose[1]])[0] * far * (1 + 4 * _UNIT),
    ]
    length = _length(plus(*parts))
    floor = fit.problem.ridge - loose[1] + Fraction(_singular(fit, tilts)) ** 2
    if floor <= 0 or not np.isfinite(length):
        return None
    return float(Fraction(length) / floor) * (1 + 4 * _UNIT)


def _singular(fit: ShownFit, tilts: Floats) -> float:
    """Return a lower bound of the least singular value of every A in the box, 0 where none is had."""
    if fit.left is None:
        return 0.0
    table = fit.problem.table[:, :-1].astype(np.float64)
    one, size = np.eye(table.shape[1]), np.abs(fit.left)
    across = times(size, np.abs(table) * (1 + _UNIT))
    rest = np.abs(one - fit.left @ table) + (len(table) + 8) * _UNIT * (across + one) + _TINY
    rho, span = _length(plus(rest, times(size, tilts)).ravel()), _length(size.ravel())
    return (1 - rho) / span * (1 - 8 * _UNIT) if rho < 1 and 0 < span < np.inf else 0.0


def _length(values: Floats) -> float:
    """Return the Euclidean length of a nonnegative vector, rounded upwards."""
    largest = float(values.max(initial=0.0))
    if not 0 < largest < np.inf:
        return largest
    return largest * float(np.sqrt(((values / largest) ** 2).sum())) * (1 + (len(values) + 16) * _UNIT)
