(** G5: Theorem 2 for chains of limits: 1/(p + 1) for every algorithm. *)
From Coq Require Import Reals Lra Lia List Arith.
From OneHalf Require Import Statement Algorithm Probability Expectation Theorem2.
Import ListNotations.
Open Scope R_scope.

(** An event, from events by "not" and "and". *)
Ltac event := repeat first [solve [auto] | apply ev_not | apply ev_and].

Section Chains.
  Context {I A Y : Type} (p : nat) (O : list nat -> oracle I A) (Xi : list nat -> Y -> Prop).
  (** Inputs are named by words of at most p numbers; u followed by m tends to u. *)
  Hypothesis Hfollow : forall u, (length u < p)%nat -> follows (O u) (fun m => O (u ++ [m])).
  (** What is right on u is right, for finitely many m only, on some word that begins with u and m. *)
  Hypothesis Hfinite : forall u y, (length u < p)%nat -> Xi u y -> exists M, forall m, (M <= m)%nat -> forall w, ~ Xi (u ++ m :: w) y.
  Context (S : space) (HS : sigma S) (Gamma : algorithm I A Y S).
  Let good u w := succeeds (O u) (Xi u) (Gamma w).
  Let late u M w := succeeds (O u) (fun y => Xi u y /\ exists m v, (M <= m)%nat /\ Xi (u ++ m :: v) y) (Gamma w).
  Hypothesis M0 : forall u, ev S (good u).
  Hypothesis M1 : forall u n, ev S (fun w => asks (O u) (deeper n) (Gamma w)).
  Hypothesis M2 : forall u M, ev S (late u M).

  Lemma chain q : forall u, (length u + q = p)%nat -> forall eps n (D : S -> Prop), 0 < eps -> ev S D ->
    exists f : nat -> list nat, f 0%nat = u /\ (forall l, (l <= q)%nat -> (length (f l) <= p)%nat) /\
      (forall l, (l <= q)%nat -> exists w, f l = u ++ w) /\
      (forall l, (l <= q)%nat -> forall i r, (r <= n)%nat -> O u i r = O (f l) i r) /\
      Sum (fun l => Pr S (fun w => good (f l) w /\ D w)) (Datatypes.S q) <= Pr S D + INR ((q + 1) * (q + 1)) * eps.
  Proof.
    induction q as [| q IH]; intros u Hu eps n D He HD.
    - exists (fun _ => u). repeat split; auto; try lia.
      + intros l _. exists []. now rewrite app_nil_r.
      + simpl. assert (X := Pr_mono (fun w => good u w /\ D w) D ltac:(now apply ev_and) HD ltac:(intros w; tauto)). lra.
    - (* the success on u happens to a finite depth, and is shared with late words rarely *)
      set (G n w := good u w /\ ~ asks (O u) (deeper n) (Gamma w)).
      assert (EG : forall n, ev S (G n)) by (intros m; apply ev_and; auto; now apply ev_not).
      destruct (Pr_union S HS G EG ltac:(intros m w [H1 H2]; split; auto; intros C; apply H2; now apply (deeper_mono _ _ m (m + 1) ltac:(lia))) eps He) as [n1 Hn1].
      assert (Hn2 := Hn1 (max n n1) ltac:(lia)). set (N := max n n1) in *. clear Hn1.
      rewrite (Pr_ext S (fun w => exists n, G n w) (good u)) in Hn2.
      2:{ intro w; split; [intros [m [H1 _]]; auto|]. intros H1. destruct H1 as [y [H1 X]]. destruct (halts_depth _ _ _ H1) as [m Hm]. exists m. split; auto. exists y; auto. }
      set (early M w := good u w /\ ~ late u M w).
      assert (EE : forall M, ev S (early M)) by (intros M; apply ev_and; auto; now apply ev_not).
      destruct (Pr_union S HS early EE ltac:(intros M w [H1 H2]; split; auto; intros [y [Hy [Xy [m [v [L X]]]]]]; apply H2; exists y; split; auto; split; auto; exists m, v; split; auto; lia) eps He) as [M HM].
      specialize (HM M (le_n M)). rewrite (Pr_ext S (fun w => exists n, early n w) (good u)) in HM.
      2:{ intro w; split; [intros [m [H1 _]]; auto|]. intros H1. assert (H1' := H1). destruct H1' as [y [Hy Xy]]. destruct (Hfinite u y ltac:(lia) Xy) as [k Hk]. exists k. split; auto.
          intros [z [Hz [_ [m [v [L X]]]]]]. rewrite (halts_unique _ _ _ _ Hz Hy) in X. exact (Hk m L v X). }
      unfold R_dist in *. apply Rabs_def2 in Hn2, HM.
      destruct (Hfollow u ltac:(lia) N) as [M' HM']. set (m := max M M').
      set (D' := fun w => D w /\ ~ G N w). assert (ED' : ev S D') by (apply ev_and; auto; now apply ev_not).
      destruct (IH (u ++ [m]) ltac:(rewrite app_length; simpl; lia) eps N D' He ED') as [f [F0 [F1 [F2 [F3 F4]]]]].
      assert (Al : forall l, (l <= q)%nat -> forall i r, (r <= N)%nat -> O u i r = O (f l) i r).
      { intros l Hl i r Hr. rewrite (HM' m ltac:(unfold m; lia) i r Hr). now apply F3. }
      exists (fun l => match l with 0%nat => u | Datatypes.S l => f l end). split; [reflexivity|]. repeat split.
      + intros [| l] Hl; [lia | apply F1; lia].
      + intros [| l] Hl; [exists []; now rewrite app_nil_r|]. destruct (F2 l ltac:(lia)) as [w E]. exists (m :: w). rewrite E, <- app_assoc. reflexivity.
      + intros [| l] Hl i r Hr; [reflexivity | apply Al; [lia | unfold N; lia]].
      + rewrite Sum_shift. cbv beta iota.
        assert (A0 : Pr S (fun w => good u w /\ D w) <= Pr S (fun w => G N w /\ D w) + eps).
        { rewrite (Pr_split S (fun w => good u w /\ D w) (G N)) by event.
          assert (X1 := Pr_mono (fun w => (good u w /\ D w) /\ G N w) (fun w => G N w /\ D w) ltac:(event) ltac:(event) ltac:(intros w; tauto)).
          assert (X2 := Pr_mono (fun w => (good u w /\ D w) /\ ~ G N w) (fun w => good u w /\ ~ G N w) ltac:(event) ltac:(event) ltac:(intros w; tauto)).
          assert (X3 := Pr_split S (good u) (G N) (M0 u) (EG N)). rewrite (Pr_ext S (fun w => good u w /\ G N w) (G N)) in X3 by (intro w; unfold G; tauto). lra. }
        assert (Rare : Pr S (late u M) <= eps).
        { assert (X := Pr_split S (good u) (late u M) (M0 u) (M2 u M)). change (Pr S (fun w => good u w /\ ~ late u M w)) with (Pr S (early M)) in X.
          rewrite (Pr_ext S (fun w => good u w /\ late u M w) (late u M)) in X; [lra|]. intro w; split; [tauto|]. intros L. split; auto. destruct L as [y [Hy [Xy _]]]. exists y. auto. }
        assert (Each : forall l, (l < Datatypes.S q)%nat -> Pr S (fun w => good (f l) w /\ D w) <= Pr S (fun w => good (f l) w /\ D' w) + eps).
        { intros l Hl. rewrite (Pr_split S (fun w => good (f l) w /\ D w) (G N)) by event.
          assert (X1 : Pr S (fun w => (good (f l) w /\ D w) /\ G N w) <= Pr S (late u M)).
          { apply Pr_mono; [event | auto |]. intros w [[[z [Hz Xz]] _] [[y [Hy Xy]] Nd]].
            assert (C := coupling_output (deeper N) (O u) (O (f l)) (Gamma w) y (follows_alike _ _ N (Al l ltac:(lia))) Nd Hy).
            rewrite (halts_unique _ _ _ _ Hz C) in Xz. exists y. split; auto. split; auto.
            destruct (F2 l ltac:(lia)) as [v E]. exists m, v. split; [unfold m; lia|]. rewrite E, <- app_assoc in Xz. exact Xz. }
          assert (X2 := Pr_mono (fun w => (good (f l) w /\ D w) /\ ~ G N w) (fun w => good (f l) w /\ D' w) ltac:(event) ltac:(event) ltac:(intros w; unfold D'; tauto)).
          eapply Rle_trans; [apply Rplus_le_compat; [exact X1 | exact X2] | rewrite Rplus_comm; apply Rplus_le_compat_l; exact Rare]. }
        assert (All : Sum (fun l => Pr S (fun w => good (f l) w /\ D w)) (Datatypes.S q) <= Sum (fun l => Pr S (fun w => good (f l) w /\ D' w) + eps) (Datatypes.S q)) by (now apply Sum_le).
        rewrite Sum_plus, Sum_const in All.
        assert (PD : Pr S D = Pr S (fun w => G N w /\ D w) + Pr S D').
        { rewrite (Pr_split S D (G N)) by auto. f_equal. apply Pr_ext. tauto. }
        assert (E1 : INR ((q + 1) * (q + 1)) = (INR q + 1) * (INR q + 1)) by (rewrite mult_INR, plus_INR; simpl (INR 1); ring).
        assert (E2 : INR ((Datatypes.S q + 1) * (Datatypes.S q + 1)) = (INR q + 2) * (INR q + 2)) by (rewrite mult_INR, plus_INR, S_INR; simpl (INR 1); ring).
        rewrite E1 in F4. rewrite E2. rewrite S_INR in All. assert (Q : 0 <= (INR q + 1) * eps) by (apply Rmult_le_pos; [assert (B := pos_INR q); lra | lra]).
        lra.
  Qed.

  Theorem chains s : (forall u, (length u <= p)%nat -> s <= Pr S (good u)) -> s <= 1 / INR (p + 1).
  Proof.
    intros H. assert (P0 : 0 < INR (p + 1)) by (apply lt_0_INR; lia). apply Rnot_lt_le. intros C.
    set (gap := INR (p + 1) * s - 1).
    assert (Hg : 0 < gap).
    { unfold gap. apply (Rmult_lt_compat_l (INR (p + 1))) in C; auto. replace (INR (p + 1) * (1 / INR (p + 1))) with 1 in C by (field; lra). lra. }
    assert (PP : 0 < INR ((p + 1) * (p + 1))) by (apply lt_0_INR; lia).
    destruct (chain p [] eq_refl (gap / (2 * INR ((p + 1) * (p + 1)))) 0 (fun _ => True) ltac:(apply Rdiv_lt_0_compat; lra) (ev_all S)) as [f [_ [F1 [_ [_ F4]]]]].
    rewrite Pr_all in F4.
    assert (X : INR (Datatypes.S p) * s <= Sum (fun l => Pr S (fun w => good (f l) w /\ True)) (Datatypes.S p)).
    { rewrite <- Sum_const. apply Sum_le. intros l Hl. rewrite (Pr_ext S (fun w => good (f l) w /\ True) (good (f l))) by tauto. apply H, F1. lia. }
    replace (INR ((p + 1) * (p + 1)) * (gap / (2 * INR ((p + 1) * (p + 1))))) with (gap / 2) in F4 by (field; lra).
    replace (Datatypes.S p) with (p + 1)%nat in * by lia. unfold gap in *. lra.
  Qed.
End Chains.
