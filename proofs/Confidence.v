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

(** A success probability outside the ends of a certificate is one that the confidence sequence misses at the certificate's
    last trial; and whatever it is, a run of independent trials is missed at any time with probability at most alpha. *)
Theorem confidence c : facts c -> 0 < Q2R (alpha c) ->
  forall s low high, In (s, (low, high)) ((spent c, limits_spent c) :: combine (successes c) (limits c)) ->
  (0 <= low <= 1000000)%Z -> (0 <= high <= 1000000)%Z -> forall p, 0 < p < 1 ->
  (p < IZR low / million \/ IZR high / million < p -> misses p (Q2R (alpha c)) (length (trials c)) s = true) /\
  missed p (Q2R (alpha c)) (length (trials c)) 0 0 <= Q2R (alpha c).
Proof.
  intros F Ha s low high I Hl Hh p Hp. split; [| now apply ville].
  destruct (f_limits c F s (low, high) I) as [Hs [U L]]. cbn [fst snd] in *. set (n := length (trials c)) in *.
  intros O. unfold misses. destruct (Rle_dec _ _) as [|N]; auto. exfalso. apply N. destruct O as [O | O].
  - rewrite statistic_mirror by auto. apply (above_upper c (n - s) (Z.to_nat (1000000 - low)) n); auto; try lia; try lra.
    rewrite INR_IZR_INZ, Z2Nat.id, minus_IZR by lia. unfold million in *. lra.
  - apply (above_upper c s (Z.to_nat high) n); auto. rewrite INR_IZR_INZ, Z2Nat.id by lia. lra.
Qed.
