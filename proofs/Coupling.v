(** G1: which values have a common answer, exactly. *)
From Coq Require Import Reals Lra Lia ZArith.
From OneHalf Require Import Statement Oracles Policies Limit Labels.
Open Scope R_scope.

(** lo and hi: the least and the greatest of the values of an entry on the inputs that are to be coupled. *)
Theorem coupling_exact lo hi n : lo <= hi ->
  ((exists q, Rabs (D2R q - lo) <= / 2 ^ n /\ Rabs (D2R q - hi) <= / 2 ^ n) <->
   hi - lo < 2 * / 2 ^ n \/ hi - lo = 2 * / 2 ^ n /\ exists q, D2R q = (lo + hi) / 2).
Proof.
  intros L. assert (Pn : 0 < / 2 ^ n) by (apply Rinv_0_lt_compat, pow2). set (r := / 2 ^ n) in *. split.
  - intros [q [A B]]. assert (A' : - r <= D2R q - lo <= r) by (unfold Rabs in A; destruct (Rcase_abs _); lra).
    assert (B' : - r <= D2R q - hi <= r) by (unfold Rabs in B; destruct (Rcase_abs _); lra).
    destruct (Rlt_or_le (hi - lo) (2 * r)) as [|G]; [now left | right]. split; [lra|]. exists q. lra.
  - intros [G | [G [q E]]].
    + destruct (small_power (r - (hi - lo) / 2) ltac:(lra)) as [N HN]. specialize (HN N (le_n N)).
      assert (R0 := round_near ((lo + hi) / 2) N). exists (round ((lo + hi) / 2) N).
      assert (B : - / 2 ^ N <= D2R (round ((lo + hi) / 2) N) - (lo + hi) / 2 <= / 2 ^ N) by (unfold Rabs in R0; destruct (Rcase_abs _); lra).
      split; apply Rabs_le; lra.
    + exists q. rewrite E. split; apply Rabs_le; lra.
Qed.

Definition floor (x : R) : Z := (- ceil (- x))%Z.
Lemma floor_spec x : IZR (floor x) <= x < IZR (floor x) + 1.
Proof. unfold floor. rewrite opp_IZR. destruct (ceil_spec (- x)). lra. Qed.

Lemma scaled n m x : Rabs (D2R (m, n) - x) <= / 2 ^ n <-> - 1 <= IZR m - 2 ^ n * x <= 1.
Proof.
  assert (Q := pow2 n). unfold D2R; simpl. replace (IZR m / 2 ^ n - x) with ((IZR m - 2 ^ n * x) * / 2 ^ n) by (field; lra).
  assert (Pn : 0 < / 2 ^ n) by (now apply Rinv_0_lt_compat). rewrite Rabs_mult, (Rabs_right (/ 2 ^ n)) by lra. split; intros H.
  - assert (B : Rabs (IZR m - 2 ^ n * x) <= 1) by (apply (Rmult_le_reg_r (/ 2 ^ n)); lra). unfold Rabs in B. destruct (Rcase_abs _); lra.
  - assert (B : Rabs (IZR m - 2 ^ n * x) <= 1) by (now apply Rabs_le). nra.
Qed.

Theorem coupling_multiples lo hi n :
  ((exists m, Rabs (D2R (m, n) - lo) <= / 2 ^ n /\ Rabs (D2R (m, n) - hi) <= / 2 ^ n) /\ lo <= hi <->
   (ceil (2 ^ n * hi) - floor (2 ^ n * lo) <= 2)%Z /\ lo <= hi).
Proof.
  destruct (ceil_spec (2 ^ n * hi)) as [C1 C2]. destruct (floor_spec (2 ^ n * lo)) as [F1 F2]. split; intros [H L]; (split; [|exact L]).
  - destruct H as [m [A B]]. rewrite scaled in *. assert (X : (ceil (2 ^ n * hi) - 1 <= m)%Z).
    { apply Z.lt_succ_r, lt_IZR. rewrite succ_IZR, minus_IZR. simpl. lra. }
    assert (Y : (m <= floor (2 ^ n * lo) + 1)%Z) by (apply Z.lt_succ_r, lt_IZR; rewrite succ_IZR, plus_IZR; simpl; lra). lia.
  - exists (ceil (2 ^ n * hi) - 1)%Z. rewrite !scaled, minus_IZR. assert (Q := pow2 n).
    assert (W : 2 ^ n * lo <= 2 ^ n * hi) by (apply Rmult_le_compat_l; lra).
    apply IZR_le in H. rewrite minus_IZR in H. simpl in *. lra.
Qed.

(** Coupled at n, coupled at every smaller precision, there by a multiple of 2^-n'. *)
Theorem coupling_downwards lo hi n n' : lo <= hi -> (n' < n)%nat ->
  (exists q, Rabs (D2R q - lo) <= / 2 ^ n /\ Rabs (D2R q - hi) <= / 2 ^ n) ->
  exists m, Rabs (D2R (m, n') - lo) <= / 2 ^ n' /\ Rabs (D2R (m, n') - hi) <= / 2 ^ n'.
Proof.
  intros L Hn H. apply coupling_exact in H; auto. assert (D : hi - lo <= 2 * / 2 ^ n) by (destruct H as [H | [H _]]; lra).
  assert (Q := pow2 n'). assert (Qn := pow2 n).
  assert (S : 2 * / 2 ^ n <= / 2 ^ n').
  { apply (Rmult_le_reg_r (2 ^ n * 2 ^ n')); [nra|]. replace (2 * / 2 ^ n * (2 ^ n * 2 ^ n')) with (2 ^ (n' + 1)) by (rewrite pow_add; simpl; field; lra).
    replace (/ 2 ^ n' * (2 ^ n * 2 ^ n')) with (2 ^ n) by (field; lra). apply Rle_pow; [lra | lia]. }
  exists (ceil (2 ^ n' * hi) - 1)%Z. rewrite !scaled, minus_IZR. destruct (ceil_spec (2 ^ n' * hi)) as [C1 C2].
  assert (W : 2 ^ n' * lo <= 2 ^ n' * hi) by (apply Rmult_le_compat_l; lra).
  assert (W' : 2 ^ n' * hi <= 2 ^ n' * lo + 1).
  { assert (X : 2 ^ n' * (hi - lo) <= 2 ^ n' * / 2 ^ n') by (apply Rmult_le_compat_l; lra). rewrite Rinv_r in X by lra. lra. }
  simpl. lra.
Qed.

(** How deep can any policy couple? To depth e + 1 exactly: no answer at e + 2 is legal for 0 and for 2^-e. *)
Theorem coupling_deepest e : (exists q, Rabs (D2R q - 0) <= / 2 ^ (e + 1) /\ Rabs (D2R q - / 2 ^ e) <= / 2 ^ (e + 1)) /\
  ~ exists q, Rabs (D2R q - 0) <= / 2 ^ (e + 2) /\ Rabs (D2R q - / 2 ^ e) <= / 2 ^ (e + 2).
Proof.
  assert (Q := pow2 e). assert (Pe : 0 < / 2 ^ e) by (now apply Rinv_0_lt_compat). split.
  - exists (1%Z, (e + 1)%nat). unfold D2R; cbn [fst snd]. rewrite pow_add, Rinv_mult. unfold Rdiv. rewrite Rinv_mult. simpl. rewrite Rmult_1_r.
    split; apply Rabs_le; lra.
  - intros H. apply coupling_exact in H; [| lra]. rewrite pow_add, Rinv_mult in H. simpl in H.
    replace (/ (2 * (2 * 1))) with (1 / 4) in H by field. destruct H as [H | [H _]]; lra.
Qed.
