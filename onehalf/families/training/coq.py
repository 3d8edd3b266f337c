"""The bound of the training family for Coq, with its proof."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from onehalf.proof.coq import real
from oracle.errors import InvalidValue
from oracle.numbers import parse_real

_COSTS = {
    "max": "Maximum",
    "mean-absolute": "MeanAbsolute",
    "mean-squared": "MeanSquared",
    "cross-entropy": "CrossEntropy",
}


def bound_in_coq(p: Mapping[str, Any], policy: str, depth: int) -> str:
    """Return the bound, and with the limit as a member the universal half, with their proofs.

    Raises
    ------
    InvalidValue
        If proofs/ has no statement for the cost, or a is irrational.
    """
    if p["cost"] not in _COSTS:
        raise InvalidValue(
            "cost", p["cost"], "has no statement in proofs/", f"take one of {', '.join(_COSTS)}"
        )
    if not isinstance(parse_real(p["a"]), Fraction):
        raise InvalidValue(
            "a", p["a"], "is not rational, which the written file does not cover", "take a rational a"
        )
    a, kappa, tol = (real(Fraction(p[name])) for name in ("a", "kappa", "tolerance"))
    cost, d, r, e = _COSTS[p["cost"]], p["dimension"], p["points"], p["exponent"]
    widths = f"[{'; '.join(f'{n}%nat' for n in p['hidden'])}]"
    level = f"(cost_of {cost}) (threshold {cost} {r} {tol})"
    text = _TRAINING.format(
        a=a,
        kappa=kappa,
        tol=tol,
        cost=cost,
        d=d,
        r=r,
        e=e,
        widths=widths,
        level=level,
        policy=policy,
        depth=depth,
    )
    if p["limit"]:
        text += _UNIVERSAL.format(a=a, kappa=kappa, tol=tol, cost=cost, d=d, r=r, widths=widths, level=level)
    return text


_TRAINING = r"""(** What is acceptable on an input, its entries, and what the oracles answer. *)
Definition right := acceptable {level} {a} {kappa} (/ 2 ^ {e}) {d} {r} {widths}.
Definition inputs := entry {a} {kappa} (/ 2 ^ {e}) {d}.
Definition oracles := policy_answers {a} {kappa} {d} {e} {policy}.

Lemma the_sizes : sizes {d} {r} {widths}.
Proof. repeat split; [lia | discriminate | repeat constructor | apply Nat.leb_le; vm_compute; reflexivity]. Qed.

(** Every algorithm, on every space of coins. *)
Theorem bound :
  (forall j, legal (oracles j) (inputs j)) /\
  forall (S : space) (Gamma : algorithm (nat * nat) dyadic network S),
    let p j := Pr S (fun w => succeeds (oracles j) (right j) (Gamma w)) in
    let t := Pr S (fun w => asks (oracles One) (deep_feature {depth}) (Gamma w)) in
    ev S (fun w => succeeds (oracles One) (right One) (Gamma w)) ->
    ev S (fun w => succeeds (oracles Two) (right Two) (Gamma w)) ->
    ev S (fun w => asks (oracles One) (deep_feature {depth}) (Gamma w)) ->
    Rmin (p One) (p Two) <= (1 + t) / 2.
Proof.
  split; [exact (policies_legal {a} {kappa} {d}%nat {e}%nat {policy})|]. intros S Gamma p t M1 M2 M3.
  exact (proj2 (training (cost_of {cost}) {tol} (threshold {cost} {r} {tol}) {a} {kappa}
    {d}%nat {r}%nat {e}%nat {widths} {policy} ltac:(lra) ltac:(lra) the_sizes ltac:(lia) ltac:(lra)
    (costs {cost} {r}%nat {tol} ltac:(lra) ltac:(lia)) S Gamma M1 M2 M3)).
Qed.
"""

_UNIVERSAL = r"""
(** With the limit and all closer inputs in the family: 1/2 for every algorithm, halting or not. *)
Theorem universal (Xi0 : network -> Prop) : (forall phi, Xi0 phi -> NN {d} {widths} phi) ->
  exists (O0 : oracle (nat * nat) dyadic) (O : nat -> oracle (nat * nat) dyadic),
    legal O0 (entry {a} {kappa} 0 {d} Zero) /\
    (forall m, legal (O m) (entry {a} {kappa} (/ 2 ^ m) {d} One)) /\
    forall (S : space), sigma S -> forall (Gamma : algorithm (nat * nat) dyadic network S),
      let Xi m := acceptable {level} {a} {kappa} (/ 2 ^ m) {d} {r} {widths} One in
      ev S (fun w => succeeds O0 Xi0 (Gamma w)) -> (forall m, ev S (fun w => succeeds (O m) (Xi m) (Gamma w))) ->
      (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
      (forall m, ev S (fun w => succeeds O0 (fun y => Xi0 y /\ Xi m y) (Gamma w))) ->
      forall s, s <= Pr S (fun w => succeeds O0 Xi0 (Gamma w)) ->
        (forall m, s <= Pr S (fun w => succeeds (O m) (Xi m) (Gamma w))) -> s <= 1 / 2.
Proof.
  exact (universal_half (cost_of {cost}) {tol} (threshold {cost} {r} {tol}) {a} {kappa} {d}%nat {r}%nat {widths}
    ltac:(lra) ltac:(lra) the_sizes ltac:(lra) (costs {cost} {r}%nat {tol} ltac:(lra) ltac:(lia)) Xi0).
Qed.
"""
