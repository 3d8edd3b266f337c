"""Semidefinite programs: elimination against NumPy's eigenvalues, what certificates prove, and what is refused."""

from __future__ import annotations

import random
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest

import onehalf as oh
from onehalf import verify_kinds
from oracle.families import make_problem
from oracle.instances.semidefinite.sdp import semidefinite_rank


def test_elimination_finds_rank_and_negative_eigenvalues() -> None:
    """Whole matrices, many of them singular: eigenvalues in float64 are off 0 by more than 1e-9 or are 0."""
    draw = random.Random(1)
    seen = set()
    for _ in range(300):
        size = draw.randint(1, 4)
        if draw.random() < 0.6:
            half = [[draw.randint(-2, 2) for _ in range(draw.randint(1, size))] for _ in range(size)]
            rows = np.array([[sum(a * b for a, b in zip(u, v, strict=False)) for v in half] for u in half])
        else:
            rows = np.array([[draw.randint(-2, 3) for _ in range(size)] for _ in range(size)])
            rows = rows + rows.T
        values = np.linalg.eigvalsh(rows)
        expected = None if values[0] < -1e-9 else int((values > 1e-9).sum())
        exact = [[F(int(x)) for x in row] for row in rows]
        assert semidefinite_rank(exact) == expected
        assert verify_kinds.definite(exact) == (-1 if expected is None else expected)
        seen.add(expected)
    assert seen == {None, 0, 1, 2, 3, 4}


def test_a_minimiser_in_three_dimensions() -> None:
    """C = 3I − 2vvᵀ/‖v‖² has the least eigenvalue 1 at v = (1, 2, 2)."""
    v = [1, 2, 2]
    rows = [[3 * (i == j) - F(2 * a * b, 9) for j, b in enumerate(v)] for i, a in enumerate(v)]
    found = oh.SDP(C=rows, eigenvector=v).solutions()
    assert found.witness == tuple(F(a * b, 9) for a in v for b in v)


@pytest.mark.parametrize(
    ("made", "obligation"),
    [
        (lambda: oh.SDP(C=[[1, 0], [0, 2]], eigenvector=[0, 1]), "its eigenvalue 2 is not the least one, or not"),
        (lambda: oh.SDP(C=[[1, 0], [0, 1]], eigenvector=[1, 0]), "its eigenvalue 1 is not the least one, or not"),
        (lambda: oh.SDP(C=[[1, 0], [0, 2]], eigenvector=[1, 1]), "the vector is no eigenvector"),
        (lambda: oh.SDP(C=[[1, 0], [1, 2]], eigenvector=[1, 0]), "C is no symmetric matrix"),
        (lambda: oh.SDP(C=[[1]], eigenvector=[0]), "no vector of 1 numbers other than 0"),
        (lambda: oh.SDPFeasible(A=[[0, 1], [1, 0]], B=[[0, 0], [0, 1]], point=9), "negative eigenvalue at x = 9"),
        (lambda: oh.SDPFeasible(A=[[1, 0], [0, 1]], B=[[0, 0], [0, 1]], refutation=[[1, 0], [0, 0]]), "do not all"),
        (lambda: oh.SDPFeasible(A=[[-1, 0], [0, 1]], B=[[0, 0], [0, 1]], refutation=[[1, 0]]), "do not all hold"),
        (lambda: oh.SDPFeasible(A=[[1, 1], [1, 0]], B=[[0, 0], [0, 1]], vectors=[[1, 0], [0, 1]]), "do not all hold"),
        (lambda: oh.SDPFeasible(A=[[0, 0], [0, 0]], B=[[0, 0], [0, 1]], vectors=[[1, 0], [0, 1]]), "do not all hold"),
        (lambda: oh.SDPFeasible(A=[[1]], B=[[1]]), "no point, refutation or vectors are given"),
    ],
)  # fmt: skip
def test_what_is_not_proved_is_refused(made: Any, obligation: str) -> None:
    with pytest.raises(oh.InvalidValue, match=obligation):
        made().solutions()


def test_the_families() -> None:
    """docs/problems.md, e: 1 apart; yes from x = 2^e on; Theorem 2 for the decision, and not for the minimiser."""
    minimiser: Any = make_problem("sdp-minimiser", {"exponent": 9})
    assert [found.witness for found in minimiser.stated.solutions] == [
        (F(1, 2), F(-1, 2), F(-1, 2), F(1, 2)),
        (F(1, 2), F(1, 2), F(1, 2), F(1, 2)),
    ]
    assert minimiser.bound("blind") == oh.Bound("1", ("1", "2"), 9, tier="certified")
    assert not make_problem("sdp-minimiser", {"digits": 0}).bound("blind").limits
    limited = make_problem("sdp-minimiser", {"exponent": 9, "limit": True}).bound("blind")
    assert (limited.value, limited.halting) == (F(2, 3), F(1, 2))
    assert "X ⪰ 0 with tr X = 1 are a compact set" in limited.note
    decision: Any = make_problem("sdp-feasibility", {"exponent": 9, "limit": True})
    assert [found.witness for found in decision.stated.right] == ["yes", "no", "no"]
    bound = decision.bound("blind")
    assert (bound.value, bound.halting, bound.note) == (F(1, 2), F(1, 2), "")
