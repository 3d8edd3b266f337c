"""Linear programs: the phase transition, products of blocks, decisions and values (docs/problems.md, d and e)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from oracle.facts import ANSWERS, Axis
from oracle.instances.finite import AtLeast, Optimum
from oracle.instances.linear import LP
from oracle.instances.registration import USUAL, problem
from oracle.instances.stated import Instances, dyadic

_TEN = Fraction(10)


def _side_by_side(sides: Sequence[Fraction], signs: Sequence[int], delta: Fraction) -> LP:
    """Return min Σx subject to x_2i + (1 + s_i δ) x_2i+1 = y_i, x ≥ 0, which is a program for each i."""
    size = len(sides)
    rows = [
        [x for j in range(size) for x in ((1, 1 + signs[i] * delta) if i == j else (0, 0))]
        for i in range(size)
    ]
    basis = [2 * i + int(s > 0) for i, s in enumerate(signs)]
    return LP(c=[1] * (2 * size), A=rows, b=list(sides), basis=basis)


def _all_signs(sides: Sequence[Fraction], exponent: int, digits: int) -> Instances:
    delta = dyadic(exponent)
    signs = itertools.product((1, -1), repeat=len(sides))
    return Instances([_side_by_side(sides, s, delta) for s in signs], digits=digits)


@problem("phase-transition", theory="docs/problems.md, d")
def phase_transition(exponent: int = 53, digits: int = 4, scale: int = 4) -> Instances:
    """Two programs side by side with answers 3·10^-scale and 3·10^-(scale − 1) apart, coefficients 1 ± 2^-exponent.

    With K = scale digits no algorithm that reads no further is right with probability above 1/4, with scale − 1 digits
    above 1/2, and scale − 2 digits can be had from no digit at all.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    scale : int
        Where the transition is.
    """
    return _all_signs([3 * _TEN**-scale, 3 * _TEN ** (1 - scale)], exponent, digits)


@problem(
    "digit-products",
    axes=(*USUAL, Axis("blocks", "L", "independent programs", ANSWERS)),
    theory="docs/problems.md, a",
)
def digit_products(exponent: int = 53, digits: int = 2, blocks: int = 2, limit: bool = False) -> Instances:
    """L linear programs side by side, with y_i = 4·10^-i and coefficients 1 ± 2^-exponent: every digit halves success.

    Block i matters where 2·10^-K < 4·10^-i, that is for i ≤ K, so that v = 2^-min(K, L).

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    blocks : int
        L; there are 2^L inputs.
    limit : bool
        Whether limits are members; then blocks leave theirs one after the other, the i-th by 2^-e_i, e_1 = exponent,
        and e_i four times the one before. Of a block at its limit only a point between its solutions is asked for. The
        bound is 2/(min(K, L) + 2) for every algorithm, and 2^-min(K, L) for those that halt.
    """
    sides = [4 * _TEN**-i for i in range(1, blocks + 1)]
    if not limit:
        return _all_signs(sides, exponent, digits)
    words = [w for n in range(blocks + 1) for w in itertools.product((1, -1), repeat=n)]
    programs = [_with_limits(sides, word, exponent) for word in words]
    places = {word: number for number, word in enumerate(words)}
    return Instances(
        programs[1:], digits=digits, limit=programs[0], converging=[places[word[:-1]] for word in words[1:]]
    )


def _with_limits(sides: Sequence[Fraction], signs: Sequence[int], exponent: int) -> LP:
    """Return the programs side by side of which the first have signs and the others are at their limit."""
    size = len(sides)
    moved = [s * dyadic(exponent * 4**i) for i, s in enumerate(signs)] + [Fraction(0)] * (size - len(signs))
    rows = [[x for j in range(size) for x in ((1, 1 + moved[i]) if i == j else (0, 0))] for i in range(size)]
    basis = [2 * i + int(s > 0) for i, s in enumerate(signs)]
    free = range(2 * len(signs), 2 * size)
    return LP(c=[1] * (2 * size), A=rows, b=list(sides), basis=basis, free=free)


@problem("program-decision", outputs="decisions", theory="docs/problems.md, e")
def program_decision(exponent: int = 53, limit: bool = False) -> Instances:
    """Whether min{x_1 + x_2 : x_1 + a x_2 = 1, x ≥ 0} ≥ 1, a = 1 ± 2^-exponent: yes for a ≤ 1, no above.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    limit : bool
        Whether the limit a = 1, where it is so, is a member.
    """
    delta, one = dyadic(exponent), [Fraction(1)]
    asked = [AtLeast(of=_side_by_side(one, [s], delta), threshold=1) for s in (1, -1)]
    equal = AtLeast(of=_side_by_side(one, [0], delta), threshold=1) if limit else None
    return Instances(asked, limit=equal)


@problem("program-value", outputs="values", theory="docs/problems.md, a")
def program_value(exponent: int = 53, digits: int = 4) -> Instances:
    """The value min{x_1 + x_2 : x_1 + a x_2 = 1, x ≥ 0}, a = 1 ± 2^-exponent: a control, which is computable.

    It is 1/max(1, a), a Lipschitz function of a, while the minimiser jumps.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    """
    delta = dyadic(exponent)
    blocks = [_side_by_side([Fraction(1)], [s], delta) for s in (1, -1)]
    return Instances([Optimum(of=block) for block in blocks], digits=digits)
