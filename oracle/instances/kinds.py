"""The kinds of instances, by name: what data can state, and what solvers are made for."""

from __future__ import annotations

from collections.abc import Mapping

from oracle.instances.finite import Anything, ArgMin, AtLeast, Declared, Optimum, Root, Support
from oracle.instances.instance import Instance
from oracle.instances.linear import LP, LeastSquares, MinimumNorm, Projector, Rank
from oracle.instances.semidefinite.sdp import SDP, SDPFeasible
from oracle.instances.separated.instance import Separated
from oracle.instances.sparse.noisy import BasisPursuitDenoising
from oracle.instances.sparse.signed import BasisPursuit, ElasticNet, Lasso, SqrtLasso

KINDS: Mapping[str, type[Instance]] = {
    each.kind: each
    for each in (
        *(
            LP,
            BasisPursuit,
            BasisPursuitDenoising,
            Lasso,
            SqrtLasso,
            ElasticNet,
            LeastSquares,
            MinimumNorm,
            Rank,
            Projector,
        ),
        *(SDP, SDPFeasible),
        *(ArgMin, Root, Support, AtLeast, Optimum, Separated, Declared, Anything),
    )
}
OF_ANOTHER = (Support.kind, AtLeast.kind, Optimum.kind, Separated.kind, Anything.kind)
"""Kinds that are questions about an instance of another kind, whose data they have."""
EXACTLY_KNOWN: Mapping[str, tuple[str, ...]] = {
    ArgMin.kind: ("points",),
    Root.kind: ("nodes",),
    AtLeast.kind: ("threshold",),
}
"""By kind, what an instance has besides its data and is known exactly."""
