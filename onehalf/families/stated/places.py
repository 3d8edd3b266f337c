"""Roots, least values, labels of points and eigenvectors (docs/problems.md, g)."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

from oracle.errors import InvalidValue
from oracle.facts import ANSWERS, Axis
from oracle.instances.finite import Anything, ArgMin, Root, TrainingSet
from oracle.instances.linear import Projector
from oracle.instances.registration import USUAL, problem
from oracle.instances.stated import Instances, dyadic

_HERE = "docs/problems.md, g"
_AXES = (*USUAL, Axis("answers", "k", "answers that exclude each other", ANSWERS))
_TWINS = (USUAL[0], Axis("twins", "M", "pairs of points that may be exchanged", ANSWERS))
_PAIRS = 6
_ANGLES = 1 << 20


@problem("flat-root", outputs="roots", theory=_HERE)
def flat_root(exponent: int = 53, digits: int = 1, limit: bool = False) -> Instances:
    """A root of the function that is linear between (0, −1), (1, h), (2, h), (3, 1), where h = ±2^-exponent.

    It is below 1 for h > 0 and above 2 for h < 0: the inputs exclude each other for K ≥ 1.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    limit : bool
        Whether the limit, h = 0, is a member, whose roots are all of [1, 2].
    """
    delta = dyadic(exponent)
    roots = [Root(values=[-1, h, h, 1], nodes=[0, 1, 2, 3]) for h in (delta, -delta, 0)]
    return Instances(roots[:2], digits=digits, limit=roots[2] if limit else None)


@problem("wells", axes=_AXES, theory=_HERE)
def wells(exponent: int = 53, digits: int = 1, answers: int = 2, limit: bool = False) -> Instances:
    """Which of k points 0, 1, …, k − 1 has the least value: it is 2^-exponent lower at one of them.

    Answers are 1 apart: v = 1/k for K ≥ 1, and 1/⌈k/3⌉ at K = 0, where one answer serves three neighbours.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    answers : int
        k, the number of points and of inputs.
    limit : bool
        Whether the limit, all values equal, is a member, where each point is right.
    """
    delta, points = dyadic(exponent), [[i] for i in range(answers)]
    values = [[1 - delta if i == j else 1 for i in range(answers)] for j in range(answers)]
    flat = ArgMin(values=[1] * answers, points=points) if limit else None
    return Instances([ArgMin(values=each, points=points) for each in values], digits=digits, limit=flat)


@problem("twin-points", axes=_TWINS, outputs="predictions", theory=_HERE)
def twin_points(exponent: int = 53, twins: int = 1) -> Instances:
    """The labels at all points of a training set: pairs with different labels, 2^-exponent apart, in either order.

    The 2^M inputs exclude each other: v = 2^-M, whatever is trained, and whatever its hypothesis class (Theorem T).

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    twins : int
        M, the number of pairs.
    """
    if not 1 <= twins <= _PAIRS:
        raise InvalidValue("twins", twins, f"must be a whole number from 1 to {_PAIRS}", "take 1")
    delta = dyadic(exponent)
    ends = [(Fraction(2 * i), 2 * i + delta) for i in range(twins)]
    places = [[x] for pair in ends for x in pair]
    found = []
    for swapped in itertools.product((False, True), repeat=twins):
        points = [
            [x] for pair, other in zip(ends, swapped, strict=True) for x in (pair[::-1] if other else pair)
        ]
        found.append(TrainingSet(X=points, labels=[0, 1] * twins, places=places))
    return Instances(found)


@problem("cycle", axes=_AXES, theory=_HERE)
def cycle(exponent: int = 53, digits: int = 1, answers: int = 5) -> Instances:
    """Which of k points on a circle has the least value: two neighbours have it, so that v = 2/k for k ≥ 4.

    Each answer serves two of the k inputs, and no answer serves inputs that are not neighbours. For odd k no number of
    inputs that exclude each other gives the bound: 2/5 for k = 5, while of these inputs two at most exclude each other.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    answers : int
        k, the number of points and of inputs.
    """
    delta, points = dyadic(exponent), [[i] for i in range(answers)]
    values = [
        [1 - delta if i in (j, (j + 1) % answers) else 1 for i in range(answers)] for j in range(answers)
    ]
    return Instances([ArgMin(values=each, points=points) for each in values], digits=digits)


@problem("eigenprojector", axes=_AXES, outputs="projectors", theory=_HERE)
def eigenprojector(exponent: int = 53, digits: int = 1, answers: int = 4, limit: bool = False) -> Instances:
    """The projector onto the eigenvector of the largest eigenvalue of I + 2^-exponent·(2P − I), P one of k projectors.

    Their directions are k nearly equal angles, rational points of the circle. Errors are measured in the Frobenius
    norm, in which projectors lie on a circle of radius 1/√2: about k < π/arcsin(√2·10^-K) of them exclude each other,
    and with more v = c/k, c the number that one answer can serve.

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
    if answers < 2:
        raise InvalidValue("answers", answers, "must be a whole number of at least 2", "take 2 or more")
    delta = dyadic(exponent)
    found = []
    for j in range(answers):
        t = Fraction(round(math.tan(math.pi * j / (2 * answers)) * _ANGLES), _ANGLES)
        a, b = 1 - t * t, 2 * t
        squared = a * a + b * b
        p, q, r = (a * a / squared, a * b / squared, b * b / squared)
        rows = [[1 + delta * (2 * p - 1), 2 * delta * q], [2 * delta * q, 1 + delta * (2 * r - 1)]]
        found.append(Projector(A=rows, eigenvector=[a, b]))
    unit = Anything(of=Projector(A=[[1, 0], [0, 1]])) if limit else None
    return Instances(found, digits=digits, norm="euclidean", limit=unit)
