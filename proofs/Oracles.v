(** Oracles: rounding, and the blind policy of the training problem. *)
From Coq Require Import Reals Lra Lia List ZArith.
From OneHalf Require Import Statement.
Import ListNotations.
Open Scope R_scope.

Definition round (x : R) (n : nat) : dyadic := (up (x * 2 ^ n) - 1, n)%Z.
Lemma round_near x n : Rabs (D2R (round x n) - x) <= / 2 ^ n.
Proof.
  assert (H : 0 < 2 ^ n) by (apply pow_lt; lra). destruct (archimed (x * 2 ^ n)) as [A B].
  unfold D2R, round; simpl. rewrite minus_IZR. simpl.
  replace ((IZR (up (x * 2 ^ n)) - 1) / 2 ^ n - x) with ((IZR (up (x * 2 ^ n)) - 1 - x * 2 ^ n) * / 2 ^ n) by (field; lra).
  rewrite Rabs_mult. assert (0 < / 2 ^ n) by (now apply Rinv_0_lt_compat). rewrite (Rabs_right (/ 2 ^ n)) by lra.
  assert (Rabs (IZR (up (x * 2 ^ n)) - 1 - x * 2 ^ n) <= 1) by (apply Rabs_le; lra). nra.
Qed.

(** Blind: 0 for x_2 to depth e; else a rounding of the truth. *)
Definition blind a kappa d (e : nat) (j : input) : oracle (nat * nat) dyadic := fun kc n =>
  if andb (Nat.eqb (snd kc) 1) (Nat.leb n e) then (0%Z, 0%nat) else round (entry a kappa (/ 2 ^ e) d j kc) n.

Lemma blind_legal a kappa d e j : legal (blind a kappa d e j) (entry a kappa (/ 2 ^ e) d j).
Proof.
  intros [k c] n. unfold blind. destruct (andb _ _) eqn:E; [| apply round_near].
  apply andb_prop in E. destruct E as [E1 E2]. apply Nat.eqb_eq in E1. apply Nat.leb_le in E2. simpl in E1. subst c.
  unfold entry, D2R; simpl. assert (0 < 2 ^ n) by (apply pow_lt; lra). assert (0 < 2 ^ e) by (apply pow_lt; lra).
  assert (/ 2 ^ e <= / 2 ^ n) by (apply Rinv_le_contravar; auto; apply Rle_pow; auto; lra).
  assert (0 < / 2 ^ e) by (now apply Rinv_0_lt_compat).
  replace (0 / 1) with 0 by lra. apply Rabs_le.
  destruct j; simpl; try destruct (label k); simpl; lra.
Qed.

Lemma blind_coupled a kappa d e j j' : alike_off (deep_feature e) (blind a kappa d e j) (blind a kappa d e j').
Proof.
  intros [k c] n. unfold blind, deep_feature; simpl. destruct (Nat.eqb_spec c 1) as [-> | Hc]; simpl.
  - destruct (Nat.leb_spec n e); auto.
  - right. f_equal. unfold entry, point, place; simpl. destruct c as [| [| c]]; auto; lia.
Qed.

