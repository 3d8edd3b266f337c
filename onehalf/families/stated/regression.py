"""LASSO, square-root LASSO and elastic net whose columns nearly coincide (docs/problems.md, b)."""

from __future__ import annotations

from fractions import Fraction

from oracle.facts import ANSWERS, Axis
from oracle.instances.finite import Anything
from oracle.instances.registration import USUAL, problem
from oracle.instances.sparse.signed import ElasticNet, Lasso, SqrtLasso
from oracle.instances.stated import Instances, dyadic

_HERE = "docs/problems.md, b"


@problem(
    "lasso-duplicates",
    axes=(*USUAL, Axis("answers", "k", "answers that exclude each other", ANSWERS)),
    theory=_HERE,
)
def lasso_duplicates(exponent: int = 53, digits: int = 1, answers: int = 2, limit: bool = False) -> Instances:
    """Minimise ½(1 − a·x)² + ‖x‖₁/4, where one of k coefficients is 1 + 2^-exponent and the others are 1.

    On ι^j the minimiser has one coordinate other than 0, the j-th, near 3/4. The k inputs exclude each other for K ≥ 1.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    answers : int
        k, the number of columns and of inputs.
    limit : bool
        Whether the limit, δ = 0, is a member, where every answer is right.
    """
    one = 1 + dyadic(exponent)
    places = range(answers)
    return Instances(
        [
            Lasso(
                A=[[one if i == j else 1 for i in places]],
                y=[1],
                penalty="1/4",
                signs=[int(i == j) for i in places],
            )
            for j in places
        ],
        digits=digits,
        limit=Anything(of=Lasso(A=[[1] * answers], y=[1], penalty="1/4")) if limit else None,
    )


@problem("sqrt-lasso-duplicates", theory=_HERE)
def sqrt_lasso_duplicates(exponent: int = 53, digits: int = 2, scale: int = 2) -> Instances:
    """Minimise |1 − α·x| + ‖x‖₁, where α = 10^scale/3·(1, 1) and one of both is larger by 2^-exponent.

    The minimisers on both inputs are 3·10^-scale apart, up to δ: digits = scale cannot be had, since 3 > 2, and
    scale − 1 digits can, by the midpoint. It is the form of the inexact inputs of Colbrook, Antun and Hansen (2022).

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    scale : int
        Such that the minimisers are 3·10^-scale apart.
    """
    alpha = Fraction(10) ** scale / 3
    high = alpha + dyadic(exponent)
    return Instances(
        [
            SqrtLasso(A=[[high, alpha]], y=[1], penalty=1, signs=[1, 0]),
            SqrtLasso(A=[[alpha, high]], y=[1], penalty=1, signs=[0, 1]),
        ],
        digits=digits,
    )


@problem("elastic-net-duplicates", theory=_HERE)
def elastic_net_duplicates(exponent: int = 53, digits: int = 4) -> Instances:
    """Minimise ½(1 − x_1 − a x_2)² + ‖x‖₁/4 + ‖x‖²/4, a = 1 ± 2^-exponent: a control, which is computable.

    The minimiser is a Lipschitz function of a, so that both inputs have a common answer as soon as δ is small beside
    10^-K: the value of the game is 1, and nothing limits success.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    """
    delta = dyadic(exponent)
    return Instances(
        [
            ElasticNet(A=[[1, 1 + s * delta]], y=[1], penalty="1/4", ridge="1/2", signs=[1, 1])
            for s in (1, -1)
        ],
        digits=digits,
    )
