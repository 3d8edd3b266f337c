(** The labels are the values of f_a(x) = ceil(a/x_1) mod 2 at the points. *)
From Coq Require Import Reals Lra Lia ZArith.
From OneHalf Require Import Statement Training.
Open Scope R_scope.
Lemma ceil_spec x : IZR (ceil x) - 1 < x <= IZR (ceil x).
Proof. unfold ceil. rewrite minus_IZR. destruct (archimed (- x)). split; lra. Qed.
Theorem label_is_f a kappa k : 0 < a -> 0 < kappa < 1 -> f_a a (x1 a kappa k) = label k.
Proof.
  intros Ha Hk. unfold f_a, x1, label. assert (Q := pos_INR k).
  replace (a / (a / (INR k + 2 - kappa))) with (INR k + 2 - kappa) by (field; lra).
  destruct (ceil_spec (INR k + 2 - kappa)) as [A B]. rewrite INR_IZR_INZ in *.
  assert (C : ceil (IZR (Z.of_nat k) + 2 - kappa) = (Z.of_nat k + 2)%Z).
  { apply Z.le_antisymm.
    - apply Z.lt_succ_r, lt_IZR. rewrite succ_IZR, plus_IZR. lra.
    - apply Z.lt_succ_r, lt_IZR. rewrite succ_IZR, plus_IZR. lra. }
  rewrite C. replace (Z.of_nat k + 2)%Z with (Z.succ (Z.succ (Z.of_nat k))) by lia.
  rewrite Z.odd_succ, Z.even_succ. clear. induction k as [| k IH]; auto. rewrite Nat2Z.inj_succ, Z.odd_succ, Nat.odd_succ, <- Z.negb_odd, <- Nat.negb_odd. now rewrite IH.
Qed.

(** Well separated, with a factor 2: distance to the nearest jumps a/(k+2) (left) and a/(k+1) (right), row k being point k + 1. *)
Theorem separated_from_jumps a kappa k : 1 / 2 <= a <= 1 -> 1 / 4 <= kappa <= 3 / 4 ->
  let K := INR k + 1 in let eps := / ((4 * K + 3) * (4 * K + 4)) in
  2 * eps <= x1 a kappa k - a / (K + 1) /\ 2 * eps <= a / K - x1 a kappa k.
Proof.
  intros Ha Hk K eps. assert (Q := pos_INR k). unfold x1, eps. replace (INR k + 2 - kappa) with (K + 1 - kappa) by (unfold K; lra).
  assert (1 <= K) by (unfold K; lra).
  assert (M : 0 < (4 * K + 3) * (4 * K + 4)) by nra.
  split.
  - replace (a / (K + 1 - kappa) - a / (K + 1)) with (a * kappa / ((K + 1) * (K + 1 - kappa))) by (field; lra).
    assert (D : 0 < (K + 1) * (K + 1 - kappa)) by nra.
    apply (Rmult_le_reg_r ((4 * K + 3) * (4 * K + 4) * ((K + 1) * (K + 1 - kappa)))); [nra|].
    replace (2 * / ((4 * K + 3) * (4 * K + 4)) * ((4 * K + 3) * (4 * K + 4) * ((K + 1) * (K + 1 - kappa)))) with (2 * ((K + 1) * (K + 1 - kappa))) by (field; split; nra).
    replace (a * kappa / ((K + 1) * (K + 1 - kappa)) * ((4 * K + 3) * (4 * K + 4) * ((K + 1) * (K + 1 - kappa)))) with (a * kappa * ((4 * K + 3) * (4 * K + 4))) by (field; split; nra).
    assert (kappa / 2 <= a * kappa) by nra. nra.
  - replace (a / K - a / (K + 1 - kappa)) with (a * (1 - kappa) / (K * (K + 1 - kappa))) by (field; lra).
    assert (D : 0 < K * (K + 1 - kappa)) by nra.
    apply (Rmult_le_reg_r ((4 * K + 3) * (4 * K + 4) * (K * (K + 1 - kappa)))); [nra|].
    replace (2 * / ((4 * K + 3) * (4 * K + 4)) * ((4 * K + 3) * (4 * K + 4) * (K * (K + 1 - kappa)))) with (2 * (K * (K + 1 - kappa))) by (field; split; nra).
    replace (a * (1 - kappa) / (K * (K + 1 - kappa)) * ((4 * K + 3) * (4 * K + 4) * (K * (K + 1 - kappa)))) with (a * (1 - kappa) * ((4 * K + 3) * (4 * K + 4))) by (field; split; nra).
    assert ((1 - kappa) / 2 <= a * (1 - kappa)) by nra. nra.
Qed.

(** Neighbours are more than 8*eps(r) apart. *)
Theorem neighbours_apart a kappa k r : 1 / 2 <= a <= 1 -> 1 / 4 <= kappa <= 3 / 4 -> (k + 2 <= r)%nat ->
  8 * / ((4 * INR r + 3) * (4 * INR r + 4)) < x1 a kappa k - x1 a kappa (k + 1).
Proof.
  intros Ha Hk Hr. assert (Q := pos_INR k). apply le_INR in Hr. rewrite plus_INR in *. simpl (INR 2) in Hr. simpl (INR 1).
  unfold x1. rewrite plus_INR. simpl (INR 1). set (K := INR k) in *. set (r' := INR r) in *.
  replace (a / (K + 2 - kappa) - a / (K + 1 + 2 - kappa)) with (a / ((K + 2 - kappa) * (K + 3 - kappa))) by (field; lra).
  assert (D : 0 < (K + 2 - kappa) * (K + 3 - kappa)) by nra. assert (M : 0 < (4 * r' + 3) * (4 * r' + 4)) by nra.
  apply (Rmult_lt_reg_r ((4 * r' + 3) * (4 * r' + 4) * ((K + 2 - kappa) * (K + 3 - kappa)))); [now apply Rmult_lt_0_compat|].
  replace (8 * / ((4 * r' + 3) * (4 * r' + 4)) * ((4 * r' + 3) * (4 * r' + 4) * ((K + 2 - kappa) * (K + 3 - kappa))))
    with (8 * ((K + 2 - kappa) * (K + 3 - kappa))) by (field; lra).
  replace (a / ((K + 2 - kappa) * (K + 3 - kappa)) * ((4 * r' + 3) * (4 * r' + 4) * ((K + 2 - kappa) * (K + 3 - kappa))))
    with (a * ((4 * r' + 3) * (4 * r' + 4))) by (field; lra).
  assert (B1 : (K + 2 - kappa) * (K + 3 - kappa) <= (K + 7 / 4) * (K + 11 / 4)) by nra.
  assert (B2 : (4 * (K + 2) + 3) * (4 * (K + 2) + 4) <= (4 * r' + 3) * (4 * r' + 4)) by nra.
  nra.
Qed.

Theorem separated a kappa k : 1 / 2 <= a <= 1 -> 1 / 4 <= kappa <= 3 / 4 ->
  let K := INR k + 1 in let eps := / ((4 * K + 3) * (4 * K + 4)) in
  2 * eps <= x1 a kappa k - a / (K + 1) /\ 2 * eps <= a / K - x1 a kappa k /\
  forall r, (k + 2 <= r)%nat -> 8 * / ((4 * INR r + 3) * (4 * INR r + 4)) < x1 a kappa k - x1 a kappa (k + 1).
Proof.
  intros Ha Hk K eps. destruct (separated_from_jumps a kappa k Ha Hk) as [A B]. split; [exact A|]. split; [exact B|].
  intros r Hr. now apply neighbours_apart.
Qed.
