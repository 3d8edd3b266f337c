"""Basis pursuit, with noise and without, whose columns nearly coincide (docs/problems.md, a)."""

from __future__ import annotations

from oracle.facts import ANSWERS, Axis
from oracle.instances.finite import Anything
from oracle.instances.registration import USUAL, problem
from oracle.instances.sparse.noisy import BasisPursuitDenoising
from oracle.instances.sparse.signed import BasisPursuit
from oracle.instances.stated import Instances, dyadic
from oracle.numbers import parse_real


@problem(
    "sparse-recovery",
    axes=(*USUAL, Axis("answers", "k", "answers that exclude each other", ANSWERS)),
    theory="docs/problems.md, a",
)
def sparse_recovery(
    exponent: int = 53,
    digits: int = 1,
    answers: int = 2,
    y: str = "1",
    norm: str = "max",
    limit: bool = False,
) -> Instances:
    """Minimise ‖x‖₁ subject to a·x = y, where one of k coefficients is 1 + 2^-exponent and the others are 1.

    On ι^j the minimiser is y/(1 + δ) in coordinate j and 0 elsewhere. In the maximum norm k inputs exclude each other
    where 2·10^-K < y/(1 + δ); in the Euclidean norm m of them have a common answer where
    10^-2K ≥ (y/(1 + δ))²(1 − 1/m).

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    answers : int
        k, the number of columns and of inputs.
    y : rational
        The right-hand side, known exactly.
    norm : str
        max or euclidean.
    limit : bool
        Whether the limit, δ = 0, is a member, where every answer is right.
    """
    one = 1 + dyadic(exponent)
    places = range(answers)
    return Instances(
        [
            BasisPursuit(
                A=[[one if i == j else 1 for i in places]],
                y=[parse_real(y)],
                signs=[int(i == j) for i in places],
            )
            for j in places
        ],
        digits=digits,
        norm=norm,
        limit=Anything(of=BasisPursuit(A=[[1] * answers], y=[parse_real(y)])) if limit else None,
    )


@problem(
    "noisy-recovery",
    axes=(*USUAL, Axis("answers", "k", "answers that exclude each other", ANSWERS)),
    theory="docs/problems.md, a",
)
def noisy_recovery(
    exponent: int = 53,
    digits: int = 1,
    answers: int = 2,
    y: str = "1",
    noise_level: str = "1/4",
    limit: bool = False,
) -> Instances:
    """Minimise ‖x‖₁ subject to ‖Ax − (y, y)‖₂ ≤ η, A = [[a, 0], [0, 1]], one entry of a being 1 + 2^-exponent.

    Its others are 1. With m = 1 + δ and τ = η·m/√(1 + m²) the minimiser on ι^j is y/m − τ/m² in coordinate j and
    y − τ in the last one: irrational, and compared exactly. For 2η ≤ y inputs are further apart than
    y(1 − 1/√8)/m: noise does not make the problem easier.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    answers : int
        k, the number of columns that nearly coincide, and of inputs.
    y : rational
        Both entries of the right-hand side, known exactly.
    noise_level : rational
        η, the size of the noise, known exactly.
    limit : bool
        Whether the limit, δ = 0, is a member, where every answer is right.
    """
    places, one, right = range(answers), 1 + dyadic(exponent), [parse_real(y)] * 2
    last = [0] * answers + [1]

    def noisy(row: list[object], signs: list[int]) -> BasisPursuitDenoising:
        return BasisPursuitDenoising(A=[[*row, 0], last], y=right, noise=noise_level, signs=signs)

    equal = noisy([1] * answers, last) if limit else None
    return Instances(
        [noisy([one if i == j else 1 for i in places], [*(int(i == j) for i in places), 1]) for j in places],
        digits=digits,
        limit=Anything(of=equal) if equal else None,
    )
