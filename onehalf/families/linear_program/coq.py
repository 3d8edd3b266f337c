"""The bound of the linear program for Coq, with its proof."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from onehalf.proof.coq import PROGRAM, real


def bound_in_coq(p: Mapping[str, Any], policy: str, depth: int) -> str:
    """Return the bound with its proof."""
    y, digits, e = real(Fraction(p["y"])), p["digits"], p["exponent"]
    return _DIGITS.format(y=y, digits=digits) + PROGRAM.format(
        lp="true",
        entry="lp_entry",
        k=2,
        e=e,
        depth=depth,
        policy=policy,
        right=f"near (/ 10 ^ {digits}) x (lp_solution (/ 2 ^ {e}) {y} j)",
        share="(1 + t) / 2",
        lemma=f"lp_bound {digits} {e} {y} {policy} ltac:(lia) ltac:(lra) the_digits",
    )


_DIGITS = r"""Lemma the_digits : 2 / 10 ^ {digits} < {y}.
Proof.
  apply (Rmult_lt_reg_r (10 ^ {digits})); [apply pow_lt; lra|]. unfold Rdiv at 1.
  rewrite Rmult_assoc, Rinv_l by (apply pow_nonzero; lra). simpl. lra.
Qed.

"""
