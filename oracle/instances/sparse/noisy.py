"""Basis pursuit with noise: minimisers in Q(√g), proved by signs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from oracle.arithmetic.linear_algebra import (
    gram,
    image_of,
    inner_product,
    minus,
    only_solution,
    rank_of,
    transpose_of,
)
from oracle.instances.solutions import Boxes, Surds, point
from oracle.instances.sparse.signed import SIGNS_REMEDY, Signed, positive
from oracle.instances.sparse.surds import Number, surd

_ZERO = Fraction(0)


@dataclass(frozen=True)
class BasisPursuitDenoising(Signed):
    """Minimise ‖x‖₁ subject to ‖Ax − y‖₂ ≤ noise.

    Parameters
    ----------
    A, y, noise
        The data.
    signs : sequence of −1, 0, 1
        Certificate: the signs of the minimiser.
    """

    kind: ClassVar[str] = "basis-pursuit-denoising"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {**Signed.axes, "noise": ()}

    noise: Any
    signs: Any = ()

    def solutions(self) -> Boxes | Surds:
        """Return the minimiser, of coordinates p + q√g.

        Let G = A_SᵀA_S, d = G⁻¹σ, ρ₀ the residual of the least-squares fit on S, τ² = (noise² − ‖ρ₀‖²)/(σ·d) > 0.
        Then x_S = G⁻¹A_Sᵀy − τd has the residual ρ = ρ₀ + τA_Sd with ‖ρ‖ = noise, A_Sᵀρ = τσ. If |A_jᵀρ| < τ off S,
        each feasible z has ‖z‖₁ ≥ ρ·Az/τ ≥ (ρ·y − noise²)/τ = ‖x‖₁, and equality forces z = 0 off S and y − Az = ρ, so
        that z = x, as the columns of S are independent.
        """
        noise = positive("noise", self.noise)
        signs, support, part = self._support(self.signs)
        if not support:
            if inner_product(self.y, self.y) > noise**2:
                raise self.refuse("the support is empty, and ‖y‖₂ is above the noise", SIGNS_REMEDY)
            return point((_ZERO,) * len(signs))
        products, sides = gram(part), image_of(transpose_of(part), self.y)
        fit = only_solution(products, sides)
        slope = only_solution(products, tuple(Fraction(signs[j]) for j in support))
        if fit is None or slope is None:
            raise self.refuse("the columns of the support are dependent", SIGNS_REMEDY)
        residual, direction = minus(self.y, image_of(part, fit)), image_of(part, slope)
        left = noise**2 - inner_product(residual, residual)
        if left <= 0:
            rule = f"no combination of the columns of the support is nearer to y than the noise {noise}"
            raise self.refuse(rule, SIGNS_REMEDY)
        square = left / inner_product(direction, direction)
        found: list[Number] = [_ZERO] * len(signs)
        for j, value, d in zip(support, fit, slope, strict=True):
            found[j] = surd(value, -d, square)
            if found[j] < 0 if signs[j] > 0 else found[j] > 0:
                rule = f"signs[{j}]={signs[j]}, and the solution on the support has x[{j}] ≈ {float(found[j]):.6g}"
                raise self.refuse(rule, SIGNS_REMEDY)
        for j, (sign, column) in enumerate(zip(signs, transpose_of(self.A), strict=True)):
            u, w = inner_product(column, residual), inner_product(column, direction)
            # |u + τw| < τ, which is τ(1 − w) − u > 0 and τ(1 + w) + u > 0.
            if not sign and not (surd(-u, 1 - w, square) > 0 and surd(u, 1 + w, square) > 0):
                raise self.refuse(
                    f"column {j} is not strictly inactive: |A_{j}ᵀ(y − Ax)| is not below τ", SIGNS_REMEDY
                )
        if all(isinstance(x, Fraction) for x in found):
            return point(tuple(x for x in found if isinstance(x, Fraction)))
        return Surds(tuple(found))

    def stays(self) -> str:
        """Return why limits of minimisers are minimisers, if A has full row rank."""
        full = rank_of(self.A) == len(self.A)
        return (
            "A has full row rank, so that minimisers are bounded, and limits of minimisers are minimisers"
            * full
        )

    def proof(self) -> str:
        """Return the reason."""
        return "its residual proves it optimal, strictly off the support, whose columns are independent"
