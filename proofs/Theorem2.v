(** Theorems 2 and 3: bounds for every algorithm, halting or not. *)
From Coq Require Import Reals Lra Lia List.
From OneHalf Require Import Statement Algorithm Probability Theorem1.
Open Scope R_scope.

Lemma halts_depth {I A Y : Type} (O : oracle I A) (s : strategy I A Y) y : halts O s y -> exists n, ~ asks O (deeper n) s.
Proof.
  intros H. induction H as [y | i n next y H [m IH] | s y H [m IH]].
  - exists 0%nat. intros C. inversion C.
  - exists (max n m). intros C. inversion C as [i' n' next' D | i' n' next' D |]; subst.
    + unfold deeper in D. lia.
    + apply IH. clear - D. remember (next (O i n)) as s. clear Heqs. induction D.
      * apply A_here. unfold deeper in *. lia.
      * now apply A_later.
      * now apply A_think.
  - exists m. intros C. inversion C; subst. auto.
Qed.

Lemma deeper_mono {I A Y : Type} (O : oracle I A) (s : strategy I A Y) n m : (n <= m)%nat -> asks O (deeper m) s -> asks O (deeper n) s.
Proof.
  intros L D. induction D.
  - apply A_here. unfold deeper in *. lia.
  - now apply A_later.
  - now apply A_think.
Qed.

Lemma follows_alike {I A : Type} (O0 O1 : oracle I A) n : (forall i p, (p <= n)%nat -> O0 i p = O1 i p) -> alike_off (deeper n) O0 O1.
Proof. intros H i p. unfold deeper. destruct (Nat.le_gt_cases p n); auto. Qed.

Section Theorem2.
  Context {I A Y : Type} (O0 : oracle I A) (O : nat -> oracle I A) (Xi0 : Y -> Prop) (Xi : nat -> Y -> Prop).
  Hypothesis Hfollow : follows O0 O.
  Hypothesis Hfinite : forall y, Xi0 y -> exists M, forall m, (M <= m)%nat -> ~ Xi m y.
  Context (S : space) (HS : sigma S) (Gamma : algorithm I A Y S).
  Let good w := succeeds O0 Xi0 (Gamma w).
  Let good_to n w := good w /\ ~ asks O0 (deeper n) (Gamma w).
  Let both m w := succeeds O0 (fun y => Xi0 y /\ Xi m y) (Gamma w).
  Hypothesis M0 : ev S good.
  Hypothesis M1 : forall m, ev S (fun w => succeeds (O m) (Xi m) (Gamma w)).
  Hypothesis M2 : forall n, ev S (fun w => asks O0 (deeper n) (Gamma w)).
  Hypothesis M3 : forall m, ev S (both m).
  Let p0 := Pr S good.
  Let p m := Pr S (fun w => succeeds (O m) (Xi m) (Gamma w)).

  Theorem theorem2_sum eps m0 : 0 < eps -> exists m, (m0 <= m)%nat /\ p0 + p m <= 1 + eps.
  Proof.
    intros He.
    assert (EG : forall n, ev S (good_to n)) by (intros n; apply ev_and; auto; now apply ev_not).
    (* almost all of the success on the limit happens to a finite depth n *)
    assert (HG := Pr_union S HS good_to EG). 
    destruct (HG ltac:(intros n w [G D]; split; auto; intros C; apply D; now apply (deeper_mono _ _ n (n + 1) ltac:(lia))) (eps / 2) ltac:(lra)) as [n Hn].
    specialize (Hn n (le_n n)).
    rewrite (Pr_ext S (fun w => exists n, good_to n w) good) in Hn.
    2:{ intro w; split; [intros [k [G _]]; auto|]. intros G. destruct G as [y [H X]]. destruct (halts_depth _ _ _ H) as [k Hk]. exists k. split; auto. exists y; auto. }
    (* outputs that are right on the limit and on late members *)
    set (late M w := exists m, both (M + m) w). set (early M w := good w /\ ~ late M w).
    assert (EL : forall M, ev S (late M)) by (intros M; apply (ev_union S HS (fun m => both (M + m))); auto).
    assert (EE : forall M, ev S (early M)) by (intros M; apply ev_and; auto; now apply ev_not).
    assert (HE := Pr_union S HS early EE).
    destruct (HE ltac:(intros M w [G D]; split; auto; intros [m C]; apply D; exists (1 + m)%nat; now replace (M + (1 + m))%nat with (M + 1 + m)%nat by lia) (eps / 2) ltac:(lra)) as [M HM].
    specialize (HM M (le_n M)).
    rewrite (Pr_ext S (fun w => exists n, early n w) good) in HM.
    2:{ intro w; split; [intros [k [G _]]; auto|]. intros G. destruct G as [y [H X]]. destruct (Hfinite y X) as [k Hk]. exists k. split; [exists y; auto|].
        intros [m [z [H' [_ X']]]]. rewrite (halts_unique _ _ _ _ H' H) in X'. apply (Hk (k + m)%nat); auto; lia. }
    destruct (Hfollow n) as [M' HM'].
    exists (max m0 (max M M')). set (m := max m0 (max M M')). split; [lia|].
    (* p_m <= 1 - P(good_to n) + P(success on m, good_to n) *)
    assert (E1 : p m <= Pr S (fun w => succeeds (O m) (Xi m) (Gamma w) /\ good_to n w) + (1 - Pr S (good_to n))).
    { unfold p. rewrite (Pr_split S _ (good_to n)) by auto. rewrite <- Pr_not by auto.
      assert (X := Pr_mono (fun w => succeeds (O m) (Xi m) (Gamma w) /\ ~ good_to n w) (fun w => ~ good_to n w)
        ltac:(apply ev_and; auto; now apply ev_not) ltac:(now apply ev_not) ltac:(intros w [_ X]; exact X)). lra. }
    assert (E2 : Pr S (fun w => succeeds (O m) (Xi m) (Gamma w) /\ good_to n w) <= Pr S (fun w => good w /\ late M w)).
    { apply Pr_mono; [apply ev_and; auto | apply ev_and; auto |].
      intros w [[z [Hz Xz]] [[y [Hy Xy]] D]]. split; [exists y; auto|]. exists (m - M)%nat. replace (M + (m - M))%nat with m by (unfold m; lia).
      exists y. split; auto. split; auto.
      assert (C := coupling_output (deeper n) O0 (O m) (Gamma w) y (follows_alike _ _ n (HM' m ltac:(unfold m; lia))) D Hy).
      now rewrite (halts_unique _ _ _ _ C Hz). }
    assert (E3 := Pr_split S good (late M) M0 (EL M)). fold (early M) in E3.
    change (Pr S (fun w : S => good w /\ ~ late M w)) with (Pr S (early M)) in E3.
    unfold R_dist in *. apply Rabs_def2 in Hn, HM. unfold p0. lra.
  Qed.

  (** The infimum of the success probability is at most 1/2. *)
  Theorem theorem2 s : s <= p0 -> (forall m, s <= p m) -> s <= 1 / 2.
  Proof.
    intros H0 H. apply Rnot_lt_le. intros C. destruct (theorem2_sum (s - 1 / 2) 0 ltac:(lra)) as [m [_ E]].
    specialize (H m). lra.
  Qed.
End Theorem2.

Section Theorem3.
  Context {I A Y : Type} (k : nat) (O0 : oracle I A) (O : nat -> nat -> oracle I A) (Xi : nat -> nat -> Y -> Prop).
  Hypothesis Hk : (0 < k)%nat.
  Hypothesis Hfollow : forall n, exists m, forall j, (j < k)%nat -> forall i p, (p <= n)%nat -> O0 i p = O j m i p.
  Hypothesis exclusive : forall m i j y, (i < j < k)%nat -> Xi i m y -> Xi j m y -> False.
  Context (S : space) (HS : sigma S) (Gamma : algorithm I A Y S).
  Let halting w := succeeds O0 (fun _ => True) (Gamma w).
  Hypothesis M0 : ev S halting.
  Hypothesis M1 : forall j m, ev S (fun w => succeeds (O j m) (Xi j m) (Gamma w)).
  Hypothesis M2 : forall n, ev S (fun w => asks O0 (deeper n) (Gamma w)).
  Let h := Pr S halting.
  Let p j m := Pr S (fun w => succeeds (O j m) (Xi j m) (Gamma w)).

  Lemma theorem3_sum eps : 0 < eps -> exists m, Sum (fun j => p j m) k <= h + INR k * (1 - h) + (INR k - 1) * eps.
  Proof.
    intros He. set (H n w := halting w /\ ~ asks O0 (deeper n) (Gamma w)).
    assert (EH : forall n, ev S (H n)) by (intros n; apply ev_and; auto; now apply ev_not).
    destruct (Pr_union S HS H EH ltac:(intros n w [G D]; split; auto; intros C; apply D; now apply (deeper_mono _ _ n (n + 1) ltac:(lia))) eps He) as [n Hn].
    specialize (Hn n (le_n n)).
    rewrite (Pr_ext S (fun w => exists n, H n w) halting) in Hn.
    2:{ intro w; split; [intros [q [G _]]; auto|]. intros G. destruct G as [y [X _]]. destruct (halts_depth _ _ _ X) as [q Hq]. exists q. split; auto. exists y; auto. }
    destruct (Hfollow n) as [m Hm]. exists m.
    assert (T := at_most_one (S := S) (fun j w => succeeds (O j m) (Xi j m) (Gamma w)) (fun w => ~ H n w) k Hk (fun j _ => M1 j m) ltac:(now apply ev_not)).
    rewrite Pr_not in T by auto. unfold p.
    assert (L : 1 <= INR k) by (change 1 with (INR 1); apply le_INR; lia).
    apply Rle_trans with (1 + (INR k - 1) * (1 - Pr S (H n))).
    - apply T. intros i j w Hij [y [Hy Xy]] [z [Hz Xz]] N. apply N. intros [[x [Hx _]] D].
      assert (Ci := coupling_output (deeper n) O0 (O i m) (Gamma w) x (follows_alike _ _ n (Hm i ltac:(lia))) D Hx).
      assert (Cj := coupling_output (deeper n) O0 (O j m) (Gamma w) x (follows_alike _ _ n (Hm j ltac:(lia))) D Hx).
      rewrite (halts_unique _ _ _ _ Hy Ci) in Xy. rewrite (halts_unique _ _ _ _ Hz Cj) in Xz. now apply (exclusive m i j x).
    - unfold R_dist in Hn. apply Rabs_def2 in Hn. fold h in Hn. nra.
  Qed.

  (** s <= 1/k if Gamma halts on the limit almost surely; s <= k/(2k - 1) in any case. *)
  Theorem theorem3 s : s <= h -> (forall j m, (j < k)%nat -> s <= p j m) ->
    (h = 1 -> s <= 1 / INR k) /\ s <= INR k / (2 * INR k - 1).
  Proof.
    intros H0 H. assert (L : 1 <= INR k) by (change 1 with (INR 1); apply le_INR; lia).
    assert (B : INR k * s <= h + INR k * (1 - h)).
    { apply Rnot_lt_le. intros C. set (gap := INR k * s - (h + INR k * (1 - h))) in *.
      assert (Hg : 0 < gap) by (unfold gap; lra).
      destruct (theorem3_sum (gap / (2 * INR k)) ltac:(apply Rdiv_lt_0_compat; lra)) as [m E].
      assert (F : INR k * s <= Sum (fun j => p j m) k) by (rewrite <- Sum_const; apply Sum_le; auto).
      assert (G : (INR k - 1) * (gap / (2 * INR k)) <= gap / 2).
      { replace (gap / 2) with (INR k * (gap / (2 * INR k))) by (field; lra). assert (0 < gap / (2 * INR k)) by (apply Rdiv_lt_0_compat; lra). nra. }
      unfold gap in *. lra. }
    split.
    - intros E. rewrite E in B. apply (Rmult_le_reg_r (INR k)); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
    - apply (Rmult_le_reg_r (2 * INR k - 1)); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. nra.
  Qed.
End Theorem3.
