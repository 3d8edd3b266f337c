(** The universal half for the training problem: with the limit input 0 and all inputs (1, delta = 2^-m) in the family,
    no randomised algorithm, halting or not, succeeds everywhere with probability above 1/2. *)
From Coq Require Import Reals Lra Lia List ZArith.
From OneHalf Require Import Statement Algorithm Probability Theorem1 Theorem2 Pieces Network Errors Witness Costs Oracles Training.
Import ListNotations.
Open Scope R_scope.

Section Limit.
  Context (cost : R -> list R -> list R -> Prop) (tol eps a kappa : R) (d r : nat) (N : list nat).
  Hypothesis Ha : 0 < a.
  Hypothesis Hk : kappa < 1.
  Hypothesis Hd : (2 <= d)%nat.
  Hypothesis HN : N <> [].
  Hypothesis HF : Forall (fun n => (0 < n)%nat) N.
  Hypothesis Hr : (P N + 2 <= r)%nat.
  Hypothesis Ht : tol < 1 / 2.
  Hypothesis HC : cost_function r tol eps cost.

  Let Xi m := acceptable cost eps a kappa (/ 2 ^ m) d r N One.

  Lemma near_labels m phi : Xi m phi -> forall k, (k < r)%nat -> Rabs (eval phi (point a kappa (/ 2 ^ m) d One k) - b2r (label k)) <= tol.
  Proof.
    intros A. apply (Training.near_labels cost tol eps a kappa (/ 2 ^ m) d r N One phi); auto; try congruence; try lia.
    apply Rinv_0_lt_compat, pow_lt; lra.
  Qed.

  (** On the line x_2 = 0 some label is missed (Lemma 5). *)
  Lemma missed_label phi : NN d N phi -> exists k, (k < r)%nat /\ tol < Rabs (eval phi (place d (x1 a kappa k) 0) - b2r (label k)).
  Proof.
    intros M.
    assert (D : forall n, (exists k, (k < n)%nat /\ tol < Rabs (eval phi (place d (x1 a kappa k) 0) - b2r (label k))) \/
                          (forall k, (k < n)%nat -> Rabs (eval phi (place d (x1 a kappa k) 0) - b2r (label k)) <= tol)).
    { induction n as [| n [[k [K1 K2]] | IH]]; [right; intros; lia | left; exists k; split; auto; lia |].
      destruct (Rle_or_lt (Rabs (eval phi (place d (x1 a kappa n) 0) - b2r (label n))) tol) as [L | L].
      - right. intros k K. destruct (Nat.eq_dec k n) as [-> |]; auto. apply IH. lia.
      - left. exists n. split; auto. }
    destruct (D r) as [E | On]; auto. exfalso.
    set (line := (0, 1) :: (0, 0) :: repeat (0, 0) (d - 2)).
    assert (Pl : forall t, on_line line t = place d t 0).
    { intros t. unfold line, on_line, place. simpl. f_equal; [lra | f_equal; [lra|]].
      clear. generalize (d - 2)%nat as n. induction n as [| n IH]; simpl; [reflexivity|]. rewrite IH. f_equal. ring. }
    clearbody line.
    assert (Alt : forall n, (n <= r)%nat -> alternating (fun t => eval phi (on_line line t) - 1 / 2) (downwards a kappa n)).
    { induction n as [| [| n] IH]; intros Hn; simpl; auto. split; [| apply IH; lia]. rewrite !Pl.
      assert (B := On (S n) ltac:(lia)). assert (C := On n ltac:(lia)).
      assert (L : label (S n) = negb (label n)) by (unfold label; rewrite Nat.odd_succ, <- Nat.negb_odd; reflexivity).
      rewrite L in B. unfold Rabs in *. destruct (label n); simpl in *;
        repeat match goal with H : context [Rcase_abs ?e] |- _ => destruct (Rcase_abs e) end; nra. }
    assert (L := lemma5 d N phi line (1 / 2) (downwards a kappa r) M (downwards_increasing a kappa r Ha Hk) (Alt r (le_n r))).
    rewrite downwards_length in L. lia.
  Qed.

  Lemma small_power t : 0 < t -> exists M, forall m, (M <= m)%nat -> 0 < / 2 ^ m < t.
  Proof.
    intros H. destruct (pow_lt_1_zero (/ 2) ltac:(rewrite Rabs_right; lra) t H) as [M HM]. exists M. intros m Hm.
    specialize (HM m Hm). rewrite <- pow_inv by lra. assert (0 < (/ 2) ^ m) by (apply pow_lt; lra). rewrite Rabs_right in HM; lra.
  Qed.

  (** Every network is acceptable for only finitely many of the inputs. *)
  Theorem finitely_many phi : NN d N phi -> exists M, forall m, (M <= m)%nat -> ~ Xi m phi.
  Proof.
    intros HM. destruct (missed_label phi HM) as [k [K1 K2]].
    set (f := fun t => eval phi (place d (x1 a kappa k) t)).
    destruct (label k) eqn:E.
    - (* the point moves along x_2 to the place where the label is missed *)
      set (line := (x1 a kappa k, 0) :: (0, 1) :: repeat (0, 0) (d - 2)).
      assert (Pl : forall t, on_line line t = place d (x1 a kappa k) t).
      { intros t. unfold line, on_line, place. simpl. f_equal; [lra | f_equal; [lra|]].
        clear. generalize (d - 2)%nat as n. induction n as [| n IH]; simpl; [reflexivity|]. rewrite IH. f_equal. ring. }
      destruct (lemma4 d N phi line HM) as [B [_ PB]].
      assert (PB' : pieces B f) by (eapply pieces_ext; [| exact PB]; intros t; unfold f; now rewrite <- Pl).
      assert (Q : exists b, 0 < b /\ exists p q, forall t, 0 <= t <= b -> f t = p + q * t).
      { destruct (next_above B 0) as [[b [B1 [B2 B3]]] | U].
        - exists b. split; auto. apply PB'; auto. intros c Hc. destruct (Rle_or_lt c 0); auto.
        - exists 1. split; [lra|]. apply PB'; [lra|]. intros c Hc. left. auto. }
      destruct Q as [b [Hb [p [q Hq]]]].
      set (gap := Rabs (f 0 - b2r true) - tol). assert (Hgap : 0 < gap) by (unfold gap, f; lra).
      destruct (small_power (Rmin b (gap / (Rabs q + 1)))) as [M HM'].
      { apply Rmin_glb_lt; auto. apply Rdiv_lt_0_compat; auto. assert (A := Rabs_pos q). lra. }
      exists M. intros m Hm A. specialize (HM' m Hm). assert (A' := near_labels m phi A k K1).
      unfold point, x2 in A'. rewrite E in A'. simpl b2r in A'. rewrite Rmult_1_r in A'. fold (f (/ 2 ^ m)) in A'.
      assert (M1 := Rmin_l b (gap / (Rabs q + 1))). assert (M2 := Rmin_r b (gap / (Rabs q + 1))).
      rewrite (Hq (/ 2 ^ m)) in A' by lra. set (t := / 2 ^ m) in *.
      assert (F0 : f 0 = p) by (rewrite Hq by lra; ring). unfold gap in *. rewrite F0 in *. simpl b2r in *.
      assert (T1 : t * (Rabs q + 1) < Rabs (p - 1) - tol).
      { assert (0 < Rabs q + 1) by (assert (X := Rabs_pos q); lra).
        apply (Rmult_lt_reg_r (/ (Rabs q + 1))); [now apply Rinv_0_lt_compat|]. rewrite Rmult_assoc, Rinv_r by lra. unfold Rdiv in *. lra. }
      assert (T2 : Rabs (p - 1) <= Rabs (p + q * t - 1) + Rabs (q * t)).
      { replace (p - 1) with ((p + q * t - 1) + - (q * t)) by ring. eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp. lra. }
      rewrite Rabs_mult, (Rabs_right t) in T2 by lra. lra.
    - (* a point of label 0 is on the line x_2 = 0 *)
      exists 0%nat. intros m _ A. assert (A' := near_labels m phi A k K1).
      unfold point, x2 in A'. rewrite E in A'. simpl b2r in *. rewrite Rmult_0_r in A'. lra.
  Qed.

  (** The blind oracle of the limit, 0 for x_2 at every precision. *)
  Definition blind_limit : oracle (nat * nat) dyadic := fun kc n =>
    if Nat.eqb (snd kc) 1 then (0%Z, 0%nat) else round (entry a kappa 0 d Zero kc) n.

  Lemma blind_limit_legal delta : legal blind_limit (entry a kappa delta d Zero).
  Proof.
    intros [k c] n. unfold blind_limit; cbn [fst snd]. destruct (Nat.eqb_spec c 1) as [-> | Hc].
    - unfold entry, D2R; simpl. replace (0 / 1 - 0) with 0 by lra. rewrite Rabs_R0. left. apply Rinv_0_lt_compat, pow_lt; lra.
    - exact (round_near (entry a kappa delta d Zero (k, c)) n).
  Qed.

  Lemma blind_follows : follows blind_limit (fun m => blind a kappa d m One).
  Proof.
    intros n. exists n. intros m Hm [k c] p Hp. unfold blind, blind_limit; cbn [fst snd].
    destruct (Nat.eqb_spec c 1) as [-> | Hc]; simpl.
    - replace (Nat.leb p m) with true by (symmetry; apply Nat.leb_le; lia). reflexivity.
    - f_equal. unfold entry, point, place; simpl. destruct c as [| [| c]]; auto; lia.
  Qed.

  Theorem universal_half (Xi0 : network -> Prop) : (forall phi, Xi0 phi -> NN d N phi) ->
    exists (O0 : oracle (nat * nat) dyadic) (O : nat -> oracle (nat * nat) dyadic),
      legal O0 (entry a kappa 0 d Zero) /\ (forall m, legal (O m) (entry a kappa (/ 2 ^ m) d One)) /\
      forall (S : space), sigma S -> forall (Gamma : algorithm (nat * nat) dyadic network S),
        ev S (fun w => succeeds O0 Xi0 (Gamma w)) ->
        (forall m, ev S (fun w => succeeds (O m) (Xi m) (Gamma w))) ->
        (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
        (forall m, ev S (fun w => succeeds O0 (fun y => Xi0 y /\ Xi m y) (Gamma w))) ->
        forall s, s <= Pr S (fun w => succeeds O0 Xi0 (Gamma w)) ->
          (forall m, s <= Pr S (fun w => succeeds (O m) (Xi m) (Gamma w))) -> s <= 1 / 2.
  Proof.
    intros HX. exists blind_limit, (fun m => blind a kappa d m One).
    split; [apply blind_limit_legal|]. split; [intros m; apply blind_legal|].
    intros S HS Gamma M0 M1 M2 M3 s H0 H.
    apply (theorem2 blind_limit (fun m => blind a kappa d m One) Xi0 Xi blind_follows (fun y Hy => finitely_many y (HX y Hy))
      S HS Gamma M0 M1 M2 M3 s H0 H).
  Qed.
End Limit.

(** * What acceptable means on the limit, with the maximum error: the infimum there is 1/2 *)
Lemma maximum_iff c a kappa delta d r j psi : maximum_error c (outputs a kappa delta d r psi j) (labels r) <->
  forall k, (k < r)%nat -> Rabs (eval psi (point a kappa delta d j k) - b2r (label k)) <= c.
Proof.
  unfold maximum_error, errors, outputs, labels. rewrite Forall_map, Forall_forall.
  assert (Z : forall l, combine (map (fun k => eval psi (point a kappa delta d j k)) l) (map (fun k => b2r (label k)) l)
            = map (fun k => (eval psi (point a kappa delta d j k), b2r (label k))) l) by (induction l; simpl; congruence).
  rewrite Z. split.
  - intros H k Hk. apply (H (eval psi (point a kappa delta d j k), b2r (label k))).
    apply (in_map (fun k => (eval psi (point a kappa delta d j k), b2r (label k)))). apply in_seq. lia.
  - intros H x Hx. apply in_map_iff in Hx. destruct Hx as [k [<- Hk]]. apply in_seq in Hk. apply H. lia.
Qed.

Theorem acceptable_limit tol a kappa delta d r N phi :
  0 < a -> kappa < 1 -> (2 <= d)%nat -> N <> [] -> Forall (fun n => (0 < n)%nat) N -> (P N + 2 <= r)%nat ->
  acceptable maximum_error tol a kappa delta d r N Zero phi <->
  NN d N phi /\ maximum_error (1 / 2 + tol) (outputs a kappa delta d r phi Zero) (labels r).
Proof.
  intros Ha Hk Hd HN HF Hr. unfold acceptable. split; intros [A B]; (split; [exact A|]).
  - apply (B (1 / 2) (witness d N 0 (1 / 2))); [now apply witness_member|].
    apply maximum_iff. intros k Hkr. rewrite witness_eval by (auto; now apply place_length).
    destruct (label k); simpl; apply Rabs_le; lra.
  - intros c psi M H. destruct (Rle_or_lt (1 / 2) c) as [L | L].
    + eapply Forall_impl; [| exact B]. intros; simpl in *; lra.
    + exfalso. destruct (missed_label c a kappa d r N Ha Hk Hd Hr L psi M) as [k [K1 K2]].
      rewrite maximum_iff in H. specialize (H k K1). unfold point, x2 in H. lra.
Qed.
