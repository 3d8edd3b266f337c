(** G7: the limit game. It contains Theorems 2 and 3, and says what an algorithm can do that halts at the limit. *)
From Coq Require Import Reals Lra Lia List Arith.
From OneHalf Require Import Statement Algorithm Probability Expectation Games Theorem2.
Import ListNotations.
Open Scope R_scope.

Section LimitGame.
  Context {I A Y : Type} (k : nat) (O0 : oracle I A) (O : nat -> nat -> oracle I A) (Xi0 : Y -> Prop) (Xi : nat -> nat -> Y -> Prop).
  Hypothesis Hfollow : forall n, exists M, forall m, (M <= m)%nat -> forall j, (j < k)%nat -> forall i p, (p <= n)%nat -> O0 i p = O j m i p.
  (** The adversary's weights: q0 for the limit, q j for the sequences. *)
  Context (q0 v : R) (q : nat -> R).
  Hypothesis Hq0 : 0 <= q0.
  Hypothesis Hq : forall j, (j < k)%nat -> 0 <= q j.
  Hypothesis Hone : q0 + Sum q k = 1.
  Hypothesis Hv : 0 <= v.

  Let overweight := Statement.overweight k Xi0 Xi q0 v q.
  (** It does so for finitely many m only: the sets served for infinitely many m (the nerve at infinity) weigh at most v. *)
  Hypothesis Hnerve : forall y, exists M, forall m, (M <= m)%nat -> ~ overweight m y.

  Context (S : space) (HS : sigma S) (Gamma : algorithm I A Y S).
  Let halting w := succeeds O0 (fun _ => True) (Gamma w).
  Let good w := succeeds O0 Xi0 (Gamma w).
  Let over m w := succeeds O0 (overweight m) (Gamma w).
  Hypothesis M0 : ev S halting.
  Hypothesis M0' : ev S good.
  Hypothesis M1 : forall j m, ev S (fun w => succeeds (O j m) (Xi j m) (Gamma w)).
  Hypothesis M2 : forall n, ev S (fun w => asks O0 (deeper n) (Gamma w)).
  Hypothesis M3 : forall m, ev S (over m).
  Let h := Pr S halting.
  Let p0 := Pr S good.
  Let p j m := Pr S (fun w => succeeds (O j m) (Xi j m) (Gamma w)).

  Lemma limit_game_sum eps : 0 < eps -> exists m, q0 * p0 + Sum (fun j => q j * p j m) k <= h * v + (1 - h) * Sum q k + 4 * eps.
  Proof.
    intros He. set (H n w := halting w /\ ~ asks O0 (deeper n) (Gamma w)).
    assert (EH : forall n, ev S (H n)) by (intros n; apply ev_and; auto; now apply ev_not).
    destruct (Pr_union S HS H EH ltac:(intros n w [G D]; split; auto; intros C; apply D; now apply (deeper_mono _ _ n (n + 1) ltac:(lia))) eps He) as [n Hn].
    specialize (Hn n (le_n n)).
    rewrite (Pr_ext S (fun w => exists n, H n w) halting) in Hn.
    2:{ intro w; split; [intros [r [G _]]; auto|]. intros G. destruct G as [y [X _]]. destruct (halts_depth _ _ _ X) as [r Hr]. exists r. split; auto. exists y; auto. }
    (* late overweight outputs are rare *)
    set (late M w := exists m, over (M + m)%nat w). set (early M w := halting w /\ ~ late M w).
    assert (EL : forall M, ev S (late M)) by (intros M; apply (ev_union S HS (fun m => over (M + m)%nat)); auto).
    assert (EE : forall M, ev S (early M)) by (intros M; apply ev_and; auto; now apply ev_not).
    destruct (Pr_union S HS early EE ltac:(intros M w [G D]; split; auto; intros [m C]; apply D; exists (1 + m)%nat; now replace (M + (1 + m))%nat with (M + 1 + m)%nat by lia) eps He) as [M HM].
    specialize (HM M (le_n M)).
    rewrite (Pr_ext S (fun w => exists n, early n w) halting) in HM.
    2:{ intro w; split; [intros [r [G _]]; auto|]. intros G. destruct G as [y [X T]]. destruct (Hnerve y) as [r Hr]. exists r. split; [exists y; auto|].
        intros [m [z [X' Oz]]]. rewrite (halts_unique _ _ _ _ X' X) in Oz. apply (Hr (r + m)%nat); auto; lia. }
    destruct (Hfollow n) as [M' HM']. exists (max M M'). set (m := max M M').
    unfold R_dist in *. apply Rabs_def2 in Hn, HM. fold h in Hn, HM.
    (* q0 [good] + sum q_j [right j] <= v [H n] + (sum q) [not H n] + [late and halting] + [good and not H n] *)
    set (E := fun j w => succeeds (O j m) (Xi j m) (Gamma w)). set (Q := Sum q k).
    assert (HQ : q0 + Q = 1) by exact Hone. assert (Q1 : Q <= 1) by lra.
    assert (Q0 : 0 <= Q) by (unfold Q; rewrite <- (Rmult_0_r (INR k)), <- Sum_const; apply Sum_le; auto).
    assert (G := expectation ((q0, good) :: (Q - v, H n) :: (-1, fun w => halting w /\ late M w) :: (-1, fun w => halting w /\ ~ H n w) :: family q E k) Q).
    cbn [weighted fold_right fst snd] in G. fold (weighted (family q E k)) in G. rewrite weighted_family in G.
    assert (B : q0 * Pr S good + ((Q - v) * Pr S (H n) + (-1 * Pr S (fun w => halting w /\ late M w) + (-1 * Pr S (fun w => halting w /\ ~ H n w) + Sum (fun j => q j * Pr S (E j)) k))) <= Q).
    { apply G.
      - assert (EN : ev S (fun w => halting w /\ ~ H n w)) by (apply ev_and; auto; now apply ev_not).
        assert (EM : ev S (fun w => halting w /\ late M w)) by (apply ev_and; auto).
        do 4 (constructor; [cbn [snd]; auto|]). apply family_events. intros j _. apply M1.
      - intros w x T.
        inversion T as [| c1 E1 L1 u1 H1 T1 | c1 E1 L1 u1 H1 T1]; subst; clear T;
        inversion T1 as [| c2 E2 L2 u2 H2 T2 | c2 E2 L2 u2 H2 T2]; subst; clear T1;
        inversion T2 as [| c3 E3 L3 u3 H3 T3 | c3 E3 L3 u3 H3 T3]; subst; clear T2;
        inversion T3 as [| c4 E4 L4 u4 H4 T4 | c4 E4 L4 u4 H4 T4]; subst; clear T3;
        destruct (tally_family _ _ _ _ _ T4) as [J [S1 ->]];
        assert (JQ : Sum (fun j => if J j then q j else 0) k <= Q) by (apply Sum_le; intros j Hj; specialize (Hq j Hj); destruct (J j); lra);
        try lra; try (exfalso; tauto).
        all: try (exfalso; apply H4; split; auto; destruct H1 as [y [Hy _]]; exists y; auto; fail).
        (* H n happens, nothing is late: the one output is not overweight *)
        all: destruct H2 as [[y [Hy _]] D];
          assert (Ny : ~ overweight m y) by (intros Oy; apply H3; split; [exists y; auto|]; exists (m - M)%nat; exists y; split; auto; now replace (M + (m - M))%nat with m by (unfold m; lia));
          assert (Js : forall j, (j < k)%nat -> J j = true -> Xi j m y)
            by (intros j Hj Jj; assert (F := S1 j Hj); rewrite Jj in F; destruct F as [z [Hz Xz]];
                assert (C := coupling_output (deeper n) O0 (O j m) (Gamma w) y (follows_alike _ _ n (HM' m ltac:(unfold m; lia) j Hj)) D Hy);
                now rewrite (halts_unique _ _ _ _ C Hz)).
        1: assert (X0 : Xi0 y) by (destruct H1 as [z [Hz Xz]]; now rewrite <- (halts_unique _ _ _ _ Hz Hy)).
        1: assert (W : q0 + Sum (fun j => if J j then q j else 0) k <= v) by (apply Rnot_lt_le; intros W; apply Ny; exists true, J; auto).
        2: assert (W : 0 + Sum (fun j => if J j then q j else 0) k <= v) by (apply Rnot_lt_le; intros W; apply Ny; exists false, J; repeat split; auto; discriminate).
        all: lra. }
    assert (P1 : Pr S (fun w => halting w /\ late M w) < eps).
    { assert (X := Pr_split S halting (late M) M0 (EL M)). fold (early M) in X. change (Pr S (fun w => halting w /\ ~ late M w)) with (Pr S (early M)) in X. unfold h in *. lra. }
    assert (P2 : Pr S (fun w => halting w /\ ~ H n w) < eps).
    { assert (X := Pr_split S halting (H n) M0 (EH n)). rewrite (Pr_ext S (fun w => halting w /\ H n w) (H n)) in X by (intro w; unfold H; tauto). unfold h in *. lra. }
    change (Sum (fun j => q j * p j m) k) with (Sum (fun j => q j * Pr S (E j)) k). fold p0 in B.
    assert (PH : 0 <= Pr S (H n) <= h).
    { split; [now apply Pr_pos|]. apply Pr_mono; auto. intros w [X _]. exact X. }
    assert (h <= 1) by (unfold h; rewrite <- (Pr_all S); apply Pr_mono; auto; apply ev_all).
    destruct (Rle_or_lt v Q); [nra|].
    (* v > Q: then H n counts for less than h *) nra.
  Qed.

  Theorem limit_game s : s <= p0 -> (forall j m, (j < k)%nat -> s <= p j m) -> s <= h * v + (1 - h) * Sum q k.
  Proof.
    intros H0 H1. apply Rnot_lt_le. intros C. set (gap := s - (h * v + (1 - h) * Sum q k)) in *.
    destruct (limit_game_sum (gap / 8) ltac:(unfold gap; lra)) as [m B].
    assert (X : s * Sum q k <= Sum (fun j => q j * p j m) k).
    { rewrite <- Sum_scale. apply Sum_le. intros j Hj. specialize (Hq j Hj). specialize (H1 j m Hj). nra. }
    assert (s * q0 <= q0 * p0) by nra. assert (s = s * q0 + s * Sum q k) by (rewrite <- Rmult_plus_distr_l, Hone; ring).
    unfold gap in *. lra.
  Qed.

  (** The two bounds of G7: halting almost surely at the limit, and in general. *)
  Corollary limit_game_bounds s : s <= p0 -> (forall j m, (j < k)%nat -> s <= p j m) -> (h = 1 -> s <= v) /\ s <= Rmax v (Sum q k).
  Proof.
    intros H0 H1. assert (B := limit_game s H0 H1). split; [intros E; rewrite E in B; lra|].
    assert (0 <= h <= 1) by (unfold h; split; [now apply Pr_pos | rewrite <- (Pr_all S); apply Pr_mono; auto; apply ev_all]).
    assert (L := Rmax_l v (Sum q k)). assert (R0 := Rmax_r v (Sum q k)). nra.
  Qed.
End LimitGame.
