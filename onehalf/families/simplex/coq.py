"""The bound of the simplex family for Coq, with its proof."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from onehalf.proof.coq import PROGRAM, real


def bound_in_coq(p: Mapping[str, Any], policy: str, depth: int) -> str:
    """Return the bound with its proof; where the limit is a member, that of Theorem 3."""
    k, tolerance = p["answers"], real(Fraction(p["tolerance"]))
    if p["limit"]:
        return _SIMPLEX_LIMIT.format(k=k, tol=tolerance)
    return PROGRAM.format(
        lp="false",
        entry="simplex_entry",
        k=k,
        e=p["exponent"],
        depth=depth,
        policy=policy,
        right=f"near {tolerance} x (vertex {k} j)",
        share=f"(1 + (INR {k} - 1) * t) / INR {k}",
        lemma=f"simplex_bound {k} {p['exponent']} {tolerance} {policy} ltac:(lia) ltac:(lia) ltac:(lra)",
    )


_SIMPLEX_LIMIT = r"""(** With the limit, all costs 1, in the family: Theorem 3, for every algorithm. *)
Theorem bound :
  exists (O0 : oracle (nat * nat) dyadic) (O : nat -> nat -> oracle (nat * nat) dyadic),
    (forall j, legal O0 (simplex_entry 0 j)) /\ (forall j m, legal (O j m) (simplex_entry (/ 2 ^ (m + 1)) j)) /\
    forall (S : space), sigma S -> forall (Gamma : algorithm (nat * nat) dyadic (list R) S),
      ev S (fun w => succeeds O0 (fun _ => True) (Gamma w)) ->
      (forall j m, ev S (fun w => succeeds (O j m) (fun x => near {tol} x (vertex {k} j)) (Gamma w))) ->
      (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
      let h := Pr S (fun w => succeeds O0 (fun _ => True) (Gamma w)) in
      forall s, s <= h ->
        (forall j m, (j < {k})%nat ->
          s <= Pr S (fun w => succeeds (O j m) (fun x => near {tol} x (vertex {k} j)) (Gamma w))) ->
        (h = 1 -> s <= 1 / INR {k}) /\ s <= INR {k} / (2 * INR {k} - 1).
Proof. exact (simplex_limit {k} {tol} ltac:(lia) ltac:(lra)). Qed.
"""
