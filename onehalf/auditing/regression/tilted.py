"""Corners of a box at which a penalised regression's coefficients are extreme, or its support changes.

With K = [[I, A_S], [A_Sᵀ, −μI]] and K(r, x_S) = (y, λσ) a change of the data moves what z = K⁻¹e weighs by
Σ_i z_i(Δy_i − Σ_s ΔA_is x_s) + Σ_s z_s(Δλσ_s − Σ_i ΔA_is r_i + Δμ x_s). With e a unit vector it is a coefficient; with
e = (A_j, 0), and ΔA_j·r added, it is the slope A_jᵀr of a column off the support, which enters beyond λ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onehalf.auditing.enclosure import Floats
from onehalf.auditing.regression.kept import ShownFit

Moves = NDArray[np.int64]
_REACHED = 1.01


@dataclass(frozen=True, eq=False)
class PenaltyTilter:
    """The derivatives of a fit in all data: A and y, then λ and μ, one after the other.

    Attributes
    ----------
    sizes : array (m·(n + 1) + 2,)
        The radii.
    """

    fit: ShownFit
    sizes: Floats
    inverse: Floats
    table: Floats
    residual: Floats
    point: Floats

    def along(self, j: int) -> Floats:
        """Return the derivative of a coefficient on the support."""
        unit = np.zeros(len(self.inverse))
        unit[len(self.residual) + self.fit.support.index(j)] = 1.0
        return self._carried(self.inverse @ unit)

    def slope(self, j: int) -> Floats:
        """Return the derivative of a column's slope, off the support, less λ in the slope's direction."""
        m = len(self.residual)
        way = 1.0 if self.fit.minimiser.slopes[j] >= 0 else -1.0
        start = np.zeros(len(self.inverse))
        start[:m] = self.table[:, j]
        rates = self._carried(self.inverse @ start)
        rates[: m * self.table.shape[1]].reshape(self.table.shape)[:, j] += self.residual
        rates[-2] -= way
        return rates * way

    def _carried(self, weights: Floats) -> Floats:
        m, chosen = len(self.residual), list(self.fit.support)
        signs = np.array([self.fit.minimiser.signs[j] for j in chosen], dtype=np.float64)
        rates = np.zeros((m, self.table.shape[1]))
        rates[:, -1] = weights[:m]
        rates[:, chosen] = -np.outer(weights[:m], self.point[chosen]) - np.outer(self.residual, weights[m:])
        last = [float(weights[m:] @ signs), float(weights[m:] @ self.point[chosen])]
        return np.concatenate([rates.ravel(), last])

    def moves(self, rates: Floats, keep: int | None) -> Moves:
        """Return the corner at which what has these derivatives is largest; all columns but one are kept out."""
        found = np.where(self.sizes > 0, np.sign(rates), 0).astype(np.int64)
        m, wide = self.table.shape
        cells = found[: m * wide].reshape(m, wide)
        size = self.sizes[: m * wide].reshape(m, wide)
        for j in range(wide - 1):
            if j not in self.fit.support and j != keep:
                way = -1 if self.fit.minimiser.slopes[j] >= 0 else 1
                cells[:, j] = np.where(size[:, j] > 0, way * np.sign(self.residual), 0)
        return found

    def reachable(self, most: int) -> list[int]:
        """Return the columns off the support whose slopes can reach λ, to first order; those that can soonest first."""
        level, found = self.fit.problem.penalty, []
        for j, slope in enumerate(self.fit.minimiser.slopes):
            if j not in self.fit.support:
                reach = float(np.abs(self.slope(j)) @ self.sizes)
                room = float(level - abs(slope))
                if reach > 0 and room < _REACHED * reach:
                    found.append((room / reach, j))
        return [j for _, j in sorted(found)[:most]]


def tilter_of_fit(fit: ShownFit, sizes: Floats) -> PenaltyTilter | None:
    """Return the derivatives of a fit, None where there is no inverse."""
    if fit.inverse is None:
        return None
    table = fit.problem.table.astype(np.float64)
    residual, point = (np.array([float(x) for x in v]) for v in (fit.residual, fit.minimiser.point))
    return PenaltyTilter(fit, sizes, fit.inverse.floats, table, residual, point)


def corners_of_fit(tilter: PenaltyTilter, most: int) -> Iterator[Moves]:
    """Yield corners: those at which a column enters, or stays out, and those at which a coefficient is extreme."""
    for j in tilter.reachable(most):
        rates = tilter.slope(j)
        yield tilter.moves(rates, j)
        yield tilter.moves(-rates, j)
    for j in tilter.fit.support[:most]:
        rates = tilter.along(j)
        yield tilter.moves(rates, None)
        yield tilter.moves(-rates, None)
