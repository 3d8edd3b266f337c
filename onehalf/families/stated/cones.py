"""Semidefinite programs: a minimiser and a decision that inexact entries hide (docs/problems.md, e)."""

from __future__ import annotations

from oracle.instances.finite import Anything
from oracle.instances.registration import USUAL, problem
from oracle.instances.semidefinite.sdp import SDP, SDPFeasible
from oracle.instances.stated import Instances, dyadic


@problem("sdp-minimiser", theory="docs/problems.md, e")
def sdp_minimiser(exponent: int = 53, digits: int = 1, limit: bool = False) -> Instances:
    """Minimise ⟨C, X⟩ over X ⪰ 0 with tr X = 1, where C = [[0, h], [h, 0]], h = ±2^-exponent.

    The minimiser is ½[[1, −s], [−s, 1]] for h = sδ, as ⟨C, X⟩ = 2hX_12 and |X_12| ≤ ½: they are 1 apart, and exclude
    each other for K ≥ 1. The value −δ is computable.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    digits : int
        K, correct decimal digits asked for.
    limit : bool
        Whether the limit, C = 0, is a member, where every answer is right.
    """
    delta = dyadic(exponent)
    zero = Anything(of=SDP(C=[[0, 0], [0, 0]])) if limit else None
    members = [SDP(C=[[0, s * delta], [s * delta, 0]], eigenvector=[1, -s]) for s in (1, -1)]
    return Instances(members, digits=digits, limit=zero)


@problem("sdp-feasibility", axes=USUAL[:1], outputs="decisions", theory="docs/problems.md, e")
def sdp_feasibility(exponent: int = 53, limit: bool = False) -> Instances:
    """Whether some x has [[h, 1], [1, x]] ⪰ 0, h = ±2^-exponent: yes for h > 0, for x from 2^exponent on, else no.

    Parameters
    ----------
    exponent : int
        e of δ = 2^-e.
    limit : bool
        Whether the limit h = 0, where the answer is no, is a member: Theorem 2, 1/2 for every algorithm.
    """
    delta, line = dyadic(exponent), [[0, 0], [0, 1]]
    yes = SDPFeasible(A=[[delta, 1], [1, 0]], B=line, point=1 / delta)
    no = SDPFeasible(A=[[-delta, 1], [1, 0]], B=line, refutation=[[1, 0], [0, 0]])
    edge = SDPFeasible(A=[[0, 1], [1, 0]], B=line, vectors=[[1, 0], [0, 1]])
    return Instances([yes, no], limit=edge if limit else None)
