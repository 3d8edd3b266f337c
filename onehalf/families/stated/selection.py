"""Which features matter, and ranks: answers without a distance (docs/problems.md, c and f)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from oracle.facts import ANSWERS, Axis
from oracle.instances.finite import Support
from oracle.instances.linear import Rank
from oracle.instances.registration import USUAL, problem
from oracle.instances.sparse.signed import Lasso
from oracle.instances.stated import Instances, dyadic

_AXES = (USUAL[0], Axis("features", "p", "features that may matter or not", ANSWERS))


@problem("feature-selection", axes=_AXES, outputs="supports", theory="docs/problems.md, c")
def feature_selection(exponent: int = 53, features: int = 2, limit: bool = False) -> Instances:
    """The support of the LASSO with p orthonormal columns, penalty 1, y_i = 1 ± 2^-exponent: 2^p exclusive answers.

    Column i is in the support where y_i > 1. The minimiser itself is computable, to every digit: its support is not.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    features : int
        p, the number of columns; there are 2^p inputs.
    limit : bool
        Whether the limit, all y_i = 1, is a member; then the inputs are a chain of p others, of which the i-th has i
        features in its support, y_i being 1 + 2^-e_i, e_1 = exponent, and e_i four times the one before.
    """
    delta, places = dyadic(exponent), range(features)
    unit = [[int(i == j) for j in places] for i in places]
    if limit:
        heights = [_steps(exponent, features, i) for i in range(features + 1)]
        chain = [
            Support(of=Lasso(A=unit, y=[1 + h for h in each], penalty=1, signs=[int(h > 0) for h in each]))
            for each in heights
        ]
        return Instances(chain[1:], limit=chain[0], converging=range(features))
    return Instances(
        [
            Support(
                of=Lasso(A=unit, y=[1 + delta if on else 1 - delta for on in chosen], penalty=1, signs=chosen)
            )
            for chosen in itertools.product((1, 0), repeat=features)
        ]
    )


@problem("matrix-rank", axes=_AXES, outputs="ranks", theory="docs/problems.md, f")
def matrix_rank(exponent: int = 53, features: int = 2, limit: bool = False) -> Instances:
    """The rank of a diagonal p × p matrix whose entries are 0 or 2^-exponent: at best right with probability 1/(p + 1).

    Of the 2^p inputs there are p + 1 ranks, and the inputs of one rank have it in common.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    features : int
        p, the size of the matrix; there are 2^p inputs.
    limit : bool
        Whether the limit, the matrix 0, is a member; then the inputs are a chain of p others, of which the i-th has
        rank i, its entries 2^-e_1, …, 2^-e_i, e_1 = exponent, and e_i four times the one before.
    """
    delta = dyadic(exponent)
    if limit:
        chain = [_diagonal(_steps(exponent, features, i)) for i in range(features + 1)]
        return Instances(chain[1:], limit=chain[0], converging=range(features))
    return Instances(
        [_diagonal([delta * x for x in on]) for on in itertools.product((0, 1), repeat=features)]
    )


def _diagonal(entries: Sequence[Fraction]) -> Rank:
    places = range(len(entries))
    return Rank(A=[[entries[i] if i == j else 0 for j in places] for i in places])


def _steps(exponent: int, size: int, number: int) -> list[Fraction]:
    """Return 2^-e_1, …, 2^-e_i, and zeros: each so far below the one before that reading on shows them one by one."""
    return [dyadic(exponent * 4**i) if i < number else Fraction(0) for i in range(size)]
