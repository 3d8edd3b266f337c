"""Exact verdicts on one answer: is it the minimiser, does it reach the minimum."""

from __future__ import annotations

from fractions import Fraction

from oracle.arithmetic.linear_algebra import Vector, image_of, inner_product, minus
from oracle.instances.instance import Instance
from oracle.instances.linear import LP, LeastSquares
from oracle.instances.sparse.signed import Lasso


def is_near(x: Vector, minimiser: Vector, radius: Fraction) -> bool:
    """Tell whether ‖x − minimiser‖_∞ ≤ radius."""
    return max(abs(a - b) for a, b in zip(x, minimiser, strict=True)) <= radius


def reaches_minimum(x: Vector, instance: Instance, minimiser: Vector, radius: Fraction) -> bool:
    """Tell whether x is as good as the minimiser within the radius, relative where numbers are above 1.

    Linear programs: the objective within radius·max(1, |minimum|), rows within radius·max(1, |b|), x ≥ −radius.
    LASSO: the objective at most radius·max(1, minimum) above the minimum. Least squares: the squared residual at most
    radius²·max(1, ‖y‖²) above the least.
    """
    if isinstance(instance, LP):
        least = inner_product(instance.c, minimiser)
        misses = minus(image_of(instance.A, x), instance.b)
        allowed = radius * max(Fraction(1), _size(instance.b))
        feasible = min(x) >= -radius and _size(misses) <= allowed
        return feasible and abs(inner_product(instance.c, x) - least) <= radius * max(Fraction(1), abs(least))
    if isinstance(instance, Lasso):
        least = _lasso(x=minimiser, instance=instance)
        return _lasso(x=x, instance=instance) - least <= radius * max(Fraction(1), least)
    assert isinstance(instance, LeastSquares), f"no objective is known for {instance.kind}"
    allowed = radius**2 * max(Fraction(1), inner_product(instance.y, instance.y))
    return _misfit(x, instance) - _misfit(minimiser, instance) <= allowed


def _misfit(x: Vector, instance: LeastSquares | Lasso) -> Fraction:
    rest = minus(image_of(instance.A, x), instance.y)
    return inner_product(rest, rest)


def _lasso(x: Vector, instance: Lasso) -> Fraction:
    weight: Fraction = instance.penalty
    return _misfit(x, instance) / 2 + weight * sum((abs(v) for v in x), Fraction(0))


def _size(x: Vector) -> Fraction:
    return max(abs(v) for v in x)
