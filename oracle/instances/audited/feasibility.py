"""A feasible and an infeasible data set as a decision: whether the constraints must be violated by so much.

Of Ax = b, x ≥ 0 the least violation is min Σ(u + v) over Ax + u − v = b, x, u, v ≥ 0: 0 exactly where there is a
solution. It is the minimum of a linear program, and asked is whether it is at least τ, half of what it is for the
infeasible data set: no for the one, yes for the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from oracle.errors import InvalidValue
from oracle.instances.audited.program import constraints_of
from oracle.instances.finite import AtLeast
from oracle.instances.linear import LP

_MOST = 4_000
_ZERO, _ONE = Fraction(0), Fraction(1)


def violations(data: Mapping[str, Any], finding: Mapping[str, Any], pair: Sequence[int]) -> list[Any]:
    """Return the two decisions of a pair, first that of the feasible data set.

    Raises
    ------
    InvalidValue
        If the program is too large, or has no standard form.
    """
    forms = constraints_of(data, finding, pair)
    if len(forms[0][1]) * len(forms[0][0][0]) > _MOST:
        rule = f"has more than {_MOST:,} entries in standard form"
        raise InvalidValue("problem", "program", rule, "run a smaller one, or another component")
    programs = [_least_violation(matrix, right) for matrix, right in forms]
    least = programs[1].least()
    if not least > programs[0].least() == 0:
        raise ValueError("the data sets of the pair are not a feasible and an infeasible one")
    return [AtLeast(of=program, threshold=least / 2) for program in programs]


def _least_violation(matrix: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> LP:
    """Return min Σ(u + v), Ax + u − v = b, with its optimal basis: exact pivots by Bland's rule."""
    count, wide = range(len(right)), len(matrix[0])
    rows = [
        [*row, *(_ONE * (i == k) for k in count), *(-_ONE * (i == k) for k in count)]
        for i, row in enumerate(matrix)
    ]
    cost = [_ZERO] * wide + [_ONE] * (2 * len(right))
    basis = [wide + i + len(right) * (right[i] < 0) for i in count]
    table = [[*row, b] if b >= 0 else [-x for x in (*row, b)] for row, b in zip(rows, right, strict=True)]
    reduced = [c - sum((line[j] for line in table), _ZERO) for j, c in enumerate(cost)]
    while (entering := next((j for j, d in enumerate(reduced) if d < 0), None)) is not None:
        _, _, at = min(
            (line[-1] / line[entering], basis[i], i) for i, line in enumerate(table) if line[entering] > 0
        )
        lead = table[at] = [x / table[at][entering] for x in table[at]]
        for i, line in enumerate(table):
            if i != at and line[entering]:
                table[i] = [x - line[entering] * y for x, y in zip(line, lead, strict=True)]
        reduced = [d - reduced[entering] * y for d, y in zip(reduced, lead, strict=False)]
        basis[at] = entering
    return LP(cost, rows, list(right), sorted(basis))
