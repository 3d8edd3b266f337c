(** Every statement of [Statement.v], proved: one theorem for each, under its name in docs/theory.md. *)
From Coq Require Import Reals Lra Lia List ZArith.
From OneHalf Require Import Statement Algorithm Probability Spaces Theorem1 Theorem2 Games LimitGame Attained Network Errors Stable
  Witness Costs Oracles Policies Training Limit Halting Chains Reached Labels LinearProgram Programs Coupling Ville.
Import ListNotations.
Open Scope R_scope.

Theorem theorem1 : Statement.Theorem1.
Proof. intros I A Y k n O Xi Hk HC HX S Gamma p t M1 M2. now apply Theorem1.theorem1. Qed.
Theorem remark1a : Statement.Remark1a.
Proof. intros I A Y k O Xi kind Hk HA HX S Gamma M1 M2. now apply Theorem1.theorem1_sum. Qed.
Theorem counts : Statement.Counts.
Proof. intros I A Y k O Xi kind Hk HA HX right apart runs H1 H2. now apply (theorem1_counts k O Xi kind). Qed.
Theorem remark1b : Statement.Remark1b.
Proof. intros I A Y k O Xi HX S Gamma M1 M2. now apply Games.remark1b. Qed.
Theorem theorem2 : Statement.Theorem2.
Proof. intros I A Y O0 O Xi0 Xi H1 H2 S HS Gamma M0 M1 M2 M3 s H0 H. exact (Theorem2.theorem2 O0 O Xi0 Xi H1 H2 S HS Gamma M0 M1 M2 M3 s H0 H). Qed.
Theorem remark2a : Statement.Remark2a.
Proof. intros I A Y n O0 Om Xi0 Xim S Gamma HC good0 deep both M0 M1 M2 M3. now apply Games.remark2a. Qed.
Theorem remark2b : Statement.Remark2b.
Proof. exists limit_shown, exact_shown. exact Attained.remark2b. Qed.
Theorem theorem3 : Statement.Theorem3.
Proof.
  intros I A Y k O0 O Xi Hk Hf Hx S HS Gamma M0 M1 M2 h s H0 H.
  exact (Theorem2.theorem3 k O0 O Xi Hk Hf (fun m i j y L => Hx m i j y L) S HS Gamma M0 M1 M2 s H0 H).
Qed.
Theorem theorem1_attained : Statement.Theorem1_attained.
Proof.
  intros I A Y dec k n O Xi right qs Hk Hx Hr Hc Ha t Ht. exists (fair k t (Nat.lt_le_trans 0 2 k Nat.lt_0_2 Hk) Ht), (guesser dec k O right qs).
  split; [apply finite_sigma|]. exact (Attained.theorem1_attained dec k n O Xi right qs Hk Hx Hr Ha Hc t Ht).
Qed.
Theorem theorem2_attained : Statement.Theorem2_attained.
Proof. intros I A Y O0 O Xi0 Xi y0 right reader h H0 H1 H2 H3 Hh. exact (Attained.theorem2_attained O0 O Xi0 Xi y0 right reader h H0 H1 H2 H3 Hh). Qed.
Theorem theorem3_attained : Statement.Theorem3_attained.
Proof. intros I A Y k O0 O Xi quick right reader Hk Hx Hq H1 H2 H3. exact (Attained.theorem3_attained k O0 O Xi quick right reader Hk Hx Hq H1 H2 H3). Qed.

Theorem padding : Statement.Padding. Proof. exact Network.padding. Qed.
Theorem lemma4 : Statement.Lemma4. Proof. exact Network.lemma4. Qed.
Theorem lemma5 : Statement.Lemma5. Proof. exact Network.lemma5. Qed.
Theorem lemma6 : Statement.Lemma6. Proof. exact Errors.lemma6. Qed.

Theorem labels_are_values : Statement.Labels. Proof. exact Labels.label_is_f. Qed.
Theorem separated : Statement.Separated. Proof. exact Labels.separated. Qed.
Theorem costs : Statement.Costs. Proof. exact Costs.costs. Qed.
Theorem cross_entropy_log : Statement.Cross_entropy. Proof. exact Costs.cross_entropy_log. Qed.
Theorem witnesses : Statement.Witnesses.
Proof. intros a kappa delta d r N j Hde [Hd [HN [HF Hr]]] Hj. apply witness_exact; auto. Qed.
Theorem exclusion : Statement.Exclusion.
Proof.
  intros cost tol eps a kappa delta d r N Ha Hk Hde [Hd [HN [HF Hr]]] Ht HC phi H1 H2.
  exact (disjoint cost tol eps a kappa delta d r N Ha Hk Hde ltac:(lia) HN HF Ht HC Hr phi H1 H2).
Qed.
Theorem policies_legal : Statement.Policies_legal. Proof. exact training_legal. Qed.
Theorem policies_coupled : Statement.Policies_coupled. Proof. exact training_coupled. Qed.
Theorem training : Statement.Training.
Proof.
  intros cost tol eps a kappa d r e N p Ha Hk Hs He Ht HC Xi O S Gamma p1 p2 t M1 M2 M3. assert (Hs' := Hs). destruct Hs' as [Hd _].
  assert (Hde : 0 < / 2 ^ e) by apply Rinv_0_lt_compat, pow2.
  set (inp := fun j : nat => match j with 0%nat => One | _ => Two end).
  assert (H : p1 + p2 <= 1 + t).
  { assert (T := remark1a (nat * nat)%type dyadic network 2%nat (fun j => O (inp j)) (fun j => Xi (inp j)) (deep_feature (couples p e)) ltac:(lia)).
    simpl in T. unfold p1, p2, t. enough (X : 0 + Pr S (fun w => succeeds (O One) (Xi One) (Gamma w)) + Pr S (fun w => succeeds (O Two) (Xi Two) (Gamma w))
      <= 1 + (1 + 1 - 1) * Pr S (fun w => asks (O One) (deep_feature (couples p e)) (Gamma w))) by lra. apply T; auto.
    - intros i j _ _ kc n. unfold deep_feature, O. destruct kc as [k c]; cbn [snd]. destruct (Nat.le_gt_cases n (couples p e)) as [L | L].
      + right. now apply training_coupled.
      + destruct (Nat.eqb_spec c 1) as [E | E]; [left; auto|]. right.
        assert (F : feature (k, c) = false) by (now apply Nat.eqb_neq).
        assert (X : forall j0, entry a kappa (/ 2 ^ e) d j0 (k, c) = entry a kappa (/ 2 ^ e) d One (k, c)) by (intros j0; now apply other_entry).
        unfold policy_answers. destruct p; unfold policy_oracle; rewrite ?F; cbn [andb]; now rewrite (X (inp i)), (X (inp j)).
    - intros [| i] [| j] phi L; simpl; try lia. intros H1 H2.
      exact (exclusion cost tol eps a kappa (/ 2 ^ e) d r N Ha Hk Hde Hs Ht HC phi H1 H2).
    - intros [| j] _; auto. }
  split; auto. unfold Rmin. destruct (Rle_dec p1 p2); lra.
Qed.
Theorem universal_half : Statement.Universal_half.
Proof.
  intros cost tol eps a kappa d r N Ha Hk [Hd [HN [HF Hr]]] Ht HC Xi0 HX.
  exact (Limit.universal_half cost tol eps a kappa d r N Ha Hk Hd HN HF Hr Ht HC Xi0 HX).
Qed.
Theorem untold : Statement.Untold.
Proof.
  intros cost tol eps a kappa d r N Ha Hk [Hd [HN [HF Hr]]] Ht HC.
  exact (Halting.untold cost tol eps a kappa d r N Ha Hk Hd HN HF Hr Ht HC).
Qed.
Theorem limit_level : Statement.Limit_level.
Proof. intros tol a kappa delta d r N phi Ha Hk [Hd [HN [HF Hr]]]. now apply acceptable_limit. Qed.

Theorem instability : Statement.Instability.
Proof.
  intros d N phi g data delta h HN Hg Hi m. split.
  - intros Z. exact (unstable_if_accurate d N phi g data delta h HN Hg Hi Z).
  - intros c J. exact (inaccurate_or_unstable d N phi g data delta h HN Hg Hi c J).
Qed.
Theorem stable : Statement.Stable.
Proof. intros d eps data Hd He Ha. exists (stable_network d eps data). now apply stable_exists. Qed.

Theorem lp_minimisers : Statement.Lp_minimisers.
Proof. intros delta y x Hd Hy. split; [now apply minimiser_minus | now apply minimiser_plus]. Qed.
Theorem lp_disjoint : Statement.Lp_disjoint. Proof. exact disjoint_iff. Qed.
Theorem simplex_minimiser_is : Statement.Simplex_minimiser. Proof. exact simplex_unique. Qed.
Theorem programs_legal : Statement.Programs_legal. Proof. exact program_legal. Qed.
Theorem programs_coupled : Statement.Programs_coupled. Proof. exact program_coupled. Qed.

Theorem ville : Statement.Ville. Proof. intros p alpha N Hp Ha. now apply Ville.ville. Qed.

Theorem g1 : Statement.G1. Proof. exact coupling_exact. Qed.
Theorem g2 : Statement.G2. Proof. exact balls_disjoint. Qed.
Theorem g3 : Statement.G3.
Proof. intros I A Y k O Xi kind Hk Ha q v S Gamma Hc M1 M2. exact (game_min k O Xi kind Hk Ha q v S Gamma Hc M1 M2). Qed.
Theorem g7 : Statement.G7.
Proof.
  intros I A Y k O0 O Xi0 Xi Hf q0 v q H1 H2 H3 H4 H5 S HS Gamma M0 M0' M1 M2 M3 s H0 H.
  exact (limit_game_bounds k O0 O Xi0 Xi Hf q0 v q H1 H2 H3 H4 H5 S HS Gamma M0 M0' M1 M2 M3 s H0 H).
Qed.
Theorem g8 : Statement.G8.
Proof. intros I A Y k O Xi kind Hk Ha Hx claims S Gamma claim wrongly M0 M1. now apply (false_claims k O Xi kind Hk Ha claims S Gamma Hx). Qed.
Theorem g5 : Statement.G5.
Proof. intros I A Y p O Xi H1 H2 S HS Gamma M0 M1 M2 s H. exact (chains p O Xi H1 H2 S HS Gamma M0 M1 M2 s H). Qed.
Theorem g7_attained : Statement.G7_attained. Proof. exact limit_game_attained. Qed.
Theorem g5_attained : Statement.G5_attained. Proof. exact chains_attained. Qed.
Theorem registration : Statement.Registration.
Proof.
  intros k x r q v E Hq Hs Hv HJ. repeat split; auto. intros y J Hy. apply HJ. intros i j [L1 L2] Ji Jj.
  apply balls_meet; [apply E|]. exists y. split; apply Hy; auto; lia.
Qed.
