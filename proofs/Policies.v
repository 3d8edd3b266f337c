(** Legal answers: what every policy shows, that it is legal, and to which depth it couples the inputs. *)
From Coq Require Import Reals Lra Lia List ZArith Bool.
From OneHalf Require Import Statement Oracles.
Import ListNotations.
Open Scope R_scope.

(** * Honest answers: the nearest multiple of 2^-n, ties to the even one *)
Lemma pow2 n : 0 < 2 ^ n. Proof. apply pow_lt; lra. Qed.

Lemma nearest_half x n : Rabs (D2R (nearest x n) - x) <= / 2 ^ (n + 1).
Proof.
  assert (Q := pow2 n). assert (W := archimed (x * 2 ^ n + 1 / 2)). unfold nearest. set (z := x * 2 ^ n) in *. set (m := (up (z + 1 / 2) - 1)%Z) in *.
  assert (M : IZR m <= z + 1 / 2 < IZR m + 1) by (unfold m; rewrite minus_IZR; simpl; lra).
  assert (G : forall p, - (1 / 2) <= IZR p - z <= 1 / 2 -> Rabs (D2R (p, n) - x) <= / 2 ^ (n + 1)).
  { intros p Hp. unfold D2R; cbn [fst snd]. replace (IZR p / 2 ^ n - x) with ((IZR p - z) * / 2 ^ n) by (unfold z; field; lra).
    rewrite pow_add, Rabs_mult. replace (/ (2 ^ n * 2 ^ 1)) with (1 / 2 * / 2 ^ n) by (simpl; field; lra).
    assert (0 < / 2 ^ n) by (now apply Rinv_0_lt_compat). rewrite (Rabs_right (/ 2 ^ n)) by lra. apply Rmult_le_compat_r; [lra|]. now apply Rabs_le. }
  cbv zeta. fold m. destruct (Req_EM_T (IZR m) (z + 1 / 2)) as [E | E]; [destruct (Z.even m) |]; apply G; rewrite ?minus_IZR; simpl; lra.
Qed.

Lemma nearest_legal x n : Rabs (D2R (nearest x n) - x) <= / 2 ^ n.
Proof.
  eapply Rle_trans; [apply nearest_half|]. apply Rinv_le_contravar; [apply pow2|]. apply Rle_pow; [lra | lia].
Qed.

(** The nearest multiple is M/2^n where it is nearer than any other, or where there is a tie and M is even. *)
Lemma nearest_is x n M : Rabs (x * 2 ^ n - IZR M) < 1 / 2 \/ Rabs (x * 2 ^ n - IZR M) = 1 / 2 /\ Z.even M = true -> nearest x n = (M, n).
Proof.
  unfold nearest. assert (W := archimed (x * 2 ^ n + 1 / 2)). set (z := x * 2 ^ n) in *. set (m := (up (z + 1 / 2) - 1)%Z) in *.
  assert (B : IZR m <= z + 1 / 2 < IZR m + 1) by (unfold m; rewrite minus_IZR; simpl; lra). cbv zeta. fold m. intros H. f_equal.
  assert (Near : IZR m - 1 < IZR M + 1 / 2 /\ True) by (split; auto; destruct H as [H | [H _]]; unfold Rabs in H; destruct (Rcase_abs _); lra).
  destruct H as [H | [H Hev]].
  - assert (E : m = M).
    { apply Z.le_antisymm; apply Z.lt_succ_r, lt_IZR; rewrite succ_IZR; unfold Rabs in H; destruct (Rcase_abs _); lra. }
    destruct (Req_EM_T (IZR m) (z + 1 / 2)) as [T | T]; [| exact E]. exfalso. rewrite E in T. unfold Rabs in H. destruct (Rcase_abs _); lra.
  - assert (C : z = IZR M + 1 / 2 \/ z = IZR M - 1 / 2) by (unfold Rabs in H; destruct (Rcase_abs _); lra). destruct C as [C | C].
    + assert (E : m = (M + 1)%Z).
      { apply Z.le_antisymm; apply Z.lt_succ_r, lt_IZR; rewrite succ_IZR, ?plus_IZR; simpl; lra. }
      destruct (Req_EM_T (IZR m) (z + 1 / 2)) as [T | T].
      * rewrite E, Z.add_1_r, Z.even_succ, <- Z.negb_even, Hev. simpl. lia.
      * exfalso. apply T. rewrite E, plus_IZR. simpl. lra.
    + assert (E : m = M).
      { apply Z.le_antisymm; apply Z.lt_succ_r, lt_IZR; rewrite succ_IZR; lra. }
      rewrite E, Hev. destruct (Req_EM_T _ _); reflexivity.
Qed.

(** * A policy: what is shown up to a depth D for the entries in which the inputs differ; honest answers else *)
Lemma policy_legal {I} (sensitive : I -> bool) D shown iota :
  (forall i n, sensitive i = true -> (n <= D)%nat -> Rabs (D2R (shown i n) - iota i) <= / 2 ^ n) ->
  legal (policy_oracle sensitive D shown iota) iota.
Proof.
  intros H i n. unfold policy_oracle. destruct (sensitive i) eqn:E; simpl; [| apply nearest_legal].
  destruct (Nat.leb_spec n D); [auto | apply nearest_legal].
Qed.

Lemma policy_coupled {I} (sensitive : I -> bool) D shown (iota iota' : I -> R) :
  (forall i, sensitive i = false -> iota i = iota' i) ->
  forall i n, (n <= D)%nat -> policy_oracle sensitive D shown iota i n = policy_oracle sensitive D shown iota' i n.
Proof.
  intros H i n L. unfold policy_oracle. destruct (sensitive i) eqn:E; simpl; [| now rewrite (H i E)].
  apply Nat.leb_le in L. now rewrite L.
Qed.

(** * The training problem *)
Section Training.
  Context (a kappa : R) (d e : nat).
  Let iota j := entry a kappa (/ 2 ^ e) d j.

  Lemma feature_entry j kc : feature kc = true -> iota j kc = x2 (/ 2 ^ e) j (fst kc).
  Proof. destruct kc as [k c]. unfold feature; simpl. intros E. apply Nat.eqb_eq in E. subst c. reflexivity. Qed.

  Lemma other_entry j j' kc : feature kc = false -> iota j kc = iota j' kc.
  Proof.
    destruct kc as [k c]. unfold feature; simpl. intros E. apply Nat.eqb_neq in E.
    unfold iota, entry, point, place; simpl. destruct c as [| [| c]]; auto. congruence.
  Qed.

  Lemma feature_range j k : x2 (/ 2 ^ e) j k = 0 \/ x2 (/ 2 ^ e) j k = / 2 ^ e.
  Proof. destruct j; simpl; try destruct (label k); simpl; lra. Qed.

  Theorem training_legal p j : legal (policy_answers a kappa d e p j) (iota j).
  Proof.
    assert (Qe := pow2 e).
    assert (Small : forall n, (n <= e)%nat -> 0 < / 2 ^ e <= / 2 ^ n).
    { intros n L. split; [now apply Rinv_0_lt_compat|]. apply Rinv_le_contravar; [apply pow2 | apply Rle_pow; auto; lra]. }
    destruct p; [intros i n; apply nearest_legal | | | |]; apply policy_legal; intros i n F L; rewrite feature_entry by auto; simpl in L;
      assert (Qn := pow2 n); destruct (feature_range j (fst i)) as [-> | ->]; unfold shown, D2R; try destruct (label (fst i)); cbn [fst snd];
      try (assert (S := Small n L)); assert (Pn : 0 < / 2 ^ n) by (now apply Rinv_0_lt_compat);
      rewrite ?pow_O; unfold Rdiv; rewrite ?Rmult_1_l, ?Rmult_0_l; apply Rabs_le; try lra.
    all: rewrite pow_add, Rinv_mult; assert (S : / 2 ^ e <= 2 * / 2 ^ n);
      [| simpl; rewrite Rmult_1_r; assert (0 < / 2 ^ e) by (now apply Rinv_0_lt_compat); lra].
    all: apply (Rmult_le_reg_r (2 ^ e * 2 ^ n)); [nra|]; replace (/ 2 ^ e * (2 ^ e * 2 ^ n)) with (2 ^ n) by (field; lra);
      replace (2 * / 2 ^ n * (2 ^ e * 2 ^ n)) with (2 ^ 1 * 2 ^ e) by (simpl; field; lra); rewrite <- pow_add; apply Rle_pow; [lra | lia].
  Qed.

  Theorem training_coupled p j j' i n : (1 <= e)%nat -> (n <= couples p e)%nat -> policy_answers a kappa d e p j i n = policy_answers a kappa d e p j' i n.
  Proof.
    intros He L. destruct p; [| apply policy_coupled; auto using other_entry ..].
    simpl in *. destruct (feature i) eqn:F; [| now rewrite (other_entry j j')].
    assert (Z : forall l, nearest (iota l i) n = (0%Z, n)); [| now rewrite !Z].
    intros l. apply nearest_is. rewrite feature_entry by auto. assert (Qn := pow2 n). assert (Qe := pow2 e).
    assert (S : 0 < / 2 ^ e * 2 ^ n <= 1 / 2).
    { split; [apply Rmult_lt_0_compat; auto; now apply Rinv_0_lt_compat|].
      apply (Rmult_le_reg_r (2 ^ e)); auto. replace (/ 2 ^ e * 2 ^ n * 2 ^ e) with (2 ^ n) by (field; lra).
      replace (1 / 2 * 2 ^ e) with (2 ^ (e - 1)); [apply Rle_pow; [lra | lia]|].
      replace e with (1 + (e - 1))%nat at 2 by lia. rewrite pow_add. simpl. lra. }
    destruct (feature_range l (fst i)) as [-> | ->].
    - left. rewrite Rmult_0_l, Rminus_0_r, Rabs_R0. lra.
    - rewrite Rminus_0_r, Rabs_right by lra. destruct S as [S1 [S2 | S2]]; [left; lra | right; split; [lra | reflexivity]].
  Qed.
End Training.

(** Mirage goes on for ever on the limit. *)
Definition mirage_limit (a kappa : R) (d : nat) : oracle (nat * nat) dyadic :=
  fun i n => if feature i then shown Mirage 0 i n else nearest (entry a kappa 0 d Zero i) n.

Theorem mirage_limit_legal a kappa d : legal (mirage_limit a kappa d) (entry a kappa 0 d Zero).
Proof.
  intros [k c] n. unfold mirage_limit. destruct (feature (k, c)) eqn:F; [| apply nearest_legal].
  unfold feature in F; simpl in F. apply Nat.eqb_eq in F. subst c. unfold entry, D2R; simpl. assert (Q := pow2 n).
  assert (0 < / 2 ^ n) by (now apply Rinv_0_lt_compat). destruct (label k); simpl.
  - replace (1 / 2 ^ n - 0) with (/ 2 ^ n) by (field; lra). rewrite Rabs_right by lra. lra.
  - replace (0 / 1 - 0) with 0 by lra. rewrite Rabs_R0. lra.
Qed.

Theorem mirage_follows a kappa d j : follows (mirage_limit a kappa d) (fun m => policy_answers a kappa d m Mirage j).
Proof.
  intros n. exists n. intros m Hm [k c] p Hp. unfold mirage_limit, policy_answers, policy_oracle. destruct (feature (k, c)) eqn:F; simpl.
  - replace (Nat.leb p m) with true by (symmetry; apply Nat.leb_le; lia). reflexivity.
  - f_equal. unfold feature in F; simpl in F. apply Nat.eqb_neq in F. unfold entry, point, place; simpl. destruct c as [| [| c]]; auto. congruence.
Qed.
