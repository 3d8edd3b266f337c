"""Least squares with columns that are nearly dependent (docs/problems.md, f)."""

from __future__ import annotations

from fractions import Fraction

from oracle.facts import ANSWERS, Axis
from oracle.instances.finite import Anything
from oracle.instances.linear import LeastSquares, MinimumNorm
from oracle.instances.registration import USUAL, problem
from oracle.instances.stated import Instances, dyadic

_HERE = "docs/problems.md, f"


@problem("pseudo-inverse", theory=_HERE)
def pseudo_inverse(exponent: int = 53, digits: int = 4, scale: int = 3, limit: bool = False) -> Instances:
    """The shortest minimiser of ‖Ax − b‖ for A = diag(1, δ), b = (1, ±δY), and for δ = 0: 1, 1/2, 1/3 in steps of K.

    With δ = 2^-exponent and Y = 1.5·10^-scale it is (1, ±Y), and (1, 0) for δ = 0, where b = (1, 0).

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    scale : int
        Of Y.
    limit : bool
        Whether δ = 0 is the limit of the others, and e not told, or one of three inputs.
    """
    delta, size = dyadic(exponent), Fraction(3, 2) * Fraction(10) ** -scale
    sides = [(delta, delta * size), (delta, -delta * size), (Fraction(0), Fraction(0))]
    found = [MinimumNorm(A=[[1, 0], [0, h]], y=[1, b]) for h, b in sides]
    if limit:
        return Instances(found[:2], digits=digits, limit=found[2])
    return Instances(found, digits=digits)


@problem(
    "collinear-regression",
    axes=(*USUAL, Axis("answers", "k", "answers that exclude each other", ANSWERS)),
    theory=_HERE,
)
def collinear_regression(
    exponent: int = 53, digits: int = 1, answers: int = 3, limit: bool = False
) -> Instances:
    """Least squares with two columns that nearly coincide, whose coefficients are (1 − c, c), c = 0, …, k − 1.

    X = [[1, 1], [0, δ]], y = (1, cδ), δ = 2^-exponent. For K ≥ 1 the k inputs exclude each other, for every k.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    answers : int
        k, the number of inputs.
    limit : bool
        Whether the limit, δ = 0, is a member, where every answer is right.
    """
    delta = dyadic(exponent)
    singular = LeastSquares(A=[[1, 1], [0, 0]], y=[1, 0])
    return Instances(
        [LeastSquares(A=[[1, 1], [0, delta]], y=[1, c * delta]) for c in range(answers)],
        digits=digits,
        limit=Anything(of=singular) if limit else None,
    )
