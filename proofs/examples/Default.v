(* training (hidden = [8], exponent = 53, a = 3/4, kappa = 1/2, dimension = 2, points = 28, cost = max, tolerance = 1/4, free = False, limit = False), blind oracle. Written by onehalf prove --coq. *)
From Coq Require Import Reals Lra Lia List.
From OneHalf Require Import Statement Programs Proved.
Import ListNotations.
Open Scope R_scope.

(** What is acceptable on an input, its entries, and what the oracles answer. *)
Definition right := acceptable (cost_of Maximum) (threshold Maximum 28 (1 / 4)) (3 / 4) (1 / 2) (/ 2 ^ 53) 2 28 [8%nat].
Definition inputs := entry (3 / 4) (1 / 2) (/ 2 ^ 53) 2.
Definition oracles := policy_answers (3 / 4) (1 / 2) 2 53 Blind.

Lemma the_sizes : sizes 2 28 [8%nat].
Proof. repeat split; [lia | discriminate | repeat constructor | apply Nat.leb_le; vm_compute; reflexivity]. Qed.

(** Every algorithm, on every space of coins. *)
Theorem bound :
  (forall j, legal (oracles j) (inputs j)) /\
  forall (S : space) (Gamma : algorithm (nat * nat) dyadic network S),
    let p j := Pr S (fun w => succeeds (oracles j) (right j) (Gamma w)) in
    let t := Pr S (fun w => asks (oracles One) (deep_feature 53) (Gamma w)) in
    ev S (fun w => succeeds (oracles One) (right One) (Gamma w)) ->
    ev S (fun w => succeeds (oracles Two) (right Two) (Gamma w)) ->
    ev S (fun w => asks (oracles One) (deep_feature 53) (Gamma w)) ->
    Rmin (p One) (p Two) <= (1 + t) / 2.
Proof.
  split; [exact (policies_legal (3 / 4) (1 / 2) 2%nat 53%nat Blind)|]. intros S Gamma p t M1 M2 M3.
  exact (proj2 (training (cost_of Maximum) (1 / 4) (threshold Maximum 28 (1 / 4)) (3 / 4) (1 / 2)
    2%nat 28%nat 53%nat [8%nat] Blind ltac:(lra) ltac:(lra) the_sizes ltac:(lia) ltac:(lra)
    (costs Maximum 28%nat (1 / 4) ltac:(lra) ltac:(lia)) S Gamma M1 M2 M3)).
Qed.
