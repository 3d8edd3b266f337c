"""Basis pursuit whose solutions are many: the tier *separated* (docs/problems.md, a)."""

from __future__ import annotations

from fractions import Fraction

from oracle.arithmetic.linear_algebra import Vector
from oracle.instances.registration import problem
from oracle.instances.separated.instance import Separated, Separator
from oracle.instances.sparse.signed import BasisPursuit
from oracle.instances.stated import Instances, dyadic

_HALF = Fraction(1, 2)


@problem("tied-pursuit", theory="docs/problems.md, a")
def tied_pursuit(exponent: int = 53, digits: int = 1) -> Instances:
    """Minimise ‖x‖₁ subject to x_1 + x_2 + a(x_3 + x_4) = 1, a = 1 ± 2^-exponent: each has a segment of minimisers.

    They are those of x_1, x_2 ≥ 0 with x_1 + x_2 = 1 for a < 1, and those of x_3, x_4 ≥ 0 with x_3 + x_4 = 1/a for
    a > 1, so that (x_3 + x_4)/2 is 0 on the ones and 1/(2a) on the others. The inputs exclude each other for K ≥ 1.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    """
    delta, radius = dyadic(exponent), Fraction(10) ** -digits

    def tied(a: Fraction, first: int) -> Separated:
        total = 1 / max(a, Fraction(1))

        def near(x: Vector) -> bool:
            """Tell whether x is near the segment {u, v ≥ 0, u + v = total} in two of its coordinates."""
            u, v, *others = (*x[first : first + 2], *x[:first], *x[first + 2 :])
            least = max(u - radius, total - v - radius, Fraction(0))
            most = min(u + radius, total - v + radius, total)
            return least <= most and max(map(abs, others)) <= radius

        middle = [total / 2 if j in (first, first + 1) else 0 for j in range(4)]
        return Separated(of=BasisPursuit(A=[[1, 1, a, a]], y=[1]), solution=middle, judge=near)

    return Instances(
        [tied(1 - delta, 0), tied(1 + delta, 2)],
        digits=digits,
        separators=[Separator((1, 2), [0, 0, _HALF, _HALF], below=[-_HALF / delta], above=[_HALF / delta])],
    )
