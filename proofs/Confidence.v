(** What the limits of a certificate mean: Ville's inequality joined to its facts. *)
From Coq Require Import Reals Lra Lia List ZArith Binomial.
From OneHalf Require Import Statement Ville Certificate.
Import ListNotations.
Open Scope R_scope.

Lemma statistic_mirror n s p : (s <= n)%nat -> statistic n s p = statistic n (n - s) (1 - p).
Proof.
  intros H. unfold statistic. rewrite (pascal_step1 n s H). replace (n - (n - s))%nat with s by lia.
  replace (1 - (1 - p)) with p by ring. ring.
Qed.

Lemma above_upper c s h n p : (s <= n)%nat -> 0 < p < 1 -> upper_limit c s h n -> INR h / million <= p -> statistic n s p <= Q2R (alpha c).
Proof.
  intros Hs Hp H L. unfold million in *. destruct H as [[_ E] | [H1 [[H2 H3] [H4 _]]]]; [rewrite E in L; unfold million in L; lra|].
  unfold million in *. set (q := INR h / 1000000) in *. assert (Hn : 0 < INR n) by (apply lt_0_INR; lia).
  assert (Hq : 0 <= INR s / INR n) by (apply Rmult_le_pos; [apply pos_INR | left; now apply Rinv_0_lt_compat]).
  eapply Rle_trans; [| exact H4]. apply statistic_falls; try lra; auto.
  apply (Rmult_le_reg_r (/ INR n)); [now apply Rinv_0_lt_compat|]. replace (INR n * q * / INR n) with q by (field; lra). unfold Rdiv in *. lra.
Qed.

(** Below its mode the statistic rises with the number of successes. *)
Lemma statistic_rises n p s r : (s <= r <= n)%nat -> 0 < p < 1 -> INR r <= INR n * p -> statistic n s p <= statistic n r p.
Proof.
  intros [L Hr] Hp B. induction L as [| r L IH]; [lra|]. eapply Rle_trans; [apply IH; [lia|]|].
  - rewrite S_INR in B. lra.
  - unfold statistic. rewrite pascal_step3 by lia. replace (n - r)%nat with (S (n - S r)) by lia. set (d := (n - S r)%nat).
    assert (E : INR n = INR (S r) + INR d) by (rewrite <- plus_INR; f_equal; unfold d; lia).
    assert (Pc : 0 <= C n r).
    { unfold C. apply Rmult_le_pos; [apply pos_INR | left; apply Rinv_0_lt_compat; apply Rmult_lt_0_compat; apply INR_fact_lt_0]. }
    assert (Pp : 0 <= p ^ r) by (apply pow_le; lra). assert (Pq : 0 <= (1 - p) ^ d) by (apply pow_le; lra).
    assert (P1 : 0 <= INR (n + 1)) by apply pos_INR. assert (Ps : 0 < INR (S r)) by (apply lt_0_INR; lia).
    change (p ^ S r) with (p * p ^ r). change ((1 - p) ^ S d) with ((1 - p) * (1 - p) ^ d).
    assert (W : 0 <= INR (n + 1) * C n r * p ^ r * (1 - p) ^ d) by (apply Rmult_le_pos; [apply Rmult_le_pos; [apply Rmult_le_pos |] |]; assumption).
    replace (INR (n + 1) * C n r * p ^ r * ((1 - p) * (1 - p) ^ d)) with (INR (n + 1) * C n r * p ^ r * (1 - p) ^ d * (1 - p)) by ring.
    replace (INR (n + 1) * (INR (S d) / INR (S r) * C n r) * (p * p ^ r) * (1 - p) ^ d)
      with (INR (n + 1) * C n r * p ^ r * (1 - p) ^ d * (INR (S d) / INR (S r) * p)) by ring.
    apply Rmult_le_compat_l; auto. apply (Rmult_le_reg_r (INR (S r))); auto.
    replace (INR (S d) / INR (S r) * p * INR (S r)) with (INR (S d) * p) by (field; lra). rewrite (S_INR d), E in *. lra.
Qed.

(** A success probability outside the ends of a certificate is one that the confidence sequence misses at the certificate's
    last trial, however many of the open trials are right beyond their budgets; and whatever it is, a run of independent
    trials is missed at any time with probability at most alpha. *)
Theorem confidence c : facts c -> 0 < Q2R (alpha c) ->
  forall s o low high, In (s, o, (low, high)) ((spent c, unseen c, limits_spent c) :: combine (combine (successes c) (opens c)) (limits c)) ->
  (0 <= low <= 1000000)%Z -> (0 <= high <= 1000000)%Z -> forall p, 0 < p < 1 ->
  (p < IZR low / million \/ IZR high / million < p ->
     forall r, (s <= r <= s + o)%nat -> misses p (Q2R (alpha c)) (length (trials c)) r = true) /\
  missed p (Q2R (alpha c)) (length (trials c)) 0 0 <= Q2R (alpha c).
Proof.
  intros F Ha s o low high I Hl Hh p Hp. split; [| now apply ville].
  destruct (f_limits c F s o (low, high) I) as [Hs [U L]]. cbn [fst snd] in *. set (n := length (trials c)) in *.
  (* an upper limit of r, and a p above it: p is above r/n *)
  assert (Above : forall r h q, (r <= n)%nat -> 0 < q < 1 -> upper_limit c r h n -> INR h / million <= q -> INR r <= INR n * q).
  { intros r h q Hr Hq H X. unfold million in *. destruct H as [[_ E] | [H1 [[H2 H3] _]]]; [rewrite E in X; unfold million in X; lra|].
    unfold million in *. assert (Hn : 0 < INR n) by (apply lt_0_INR; lia). replace (INR r) with (INR r / INR n * INR n) by (field; lra).
    rewrite Rmult_comm. apply Rmult_le_compat_l; lra. }
  intros O r Hr. unfold misses. destruct (Rle_dec _ _) as [|N]; auto. exfalso. apply N. destruct O as [O | O].
  - assert (X : INR (Z.to_nat (1000000 - low)) / million <= 1 - p) by (rewrite INR_IZR_INZ, Z2Nat.id, minus_IZR by lia; unfold million in *; lra).
    rewrite statistic_mirror by lia. eapply Rle_trans; [apply (statistic_rises n (1 - p) (n - r) (n - s)); [lia | lra |]|].
    + apply (Above (n - s)%nat (Z.to_nat (1000000 - low))); auto; lia || lra.
    + apply (above_upper c (n - s) (Z.to_nat (1000000 - low)) n); auto; lia || lra.
  - assert (X : INR (Z.to_nat high) / million <= p) by (rewrite INR_IZR_INZ, Z2Nat.id by lia; lra).
    eapply Rle_trans; [apply (statistic_rises n p r (s + o)); [lia | lra |]|].
    + apply (Above (s + o)%nat (Z.to_nat high)); auto; lia || lra.
    + apply (above_upper c (s + o) (Z.to_nat high) n); auto; lia || lra.
Qed.
