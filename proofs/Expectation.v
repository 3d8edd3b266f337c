(** One lemma from which every bound of this folder follows: an inequality between sums of indicators that holds
    for all coins holds between the sums of the probabilities. No limit is taken, no choice is made. *)
From Coq Require Import Reals Lra Lia List Arith.
From OneHalf Require Import Statement Probability.
Import ListNotations.
Open Scope R_scope.

Section Expectation.
  Context {S : space}.
  Definition weighted (L : list (R * (S -> Prop))) : R := fold_right (fun cE s => fst cE * Pr S (snd cE) + s) 0 L.

  (** With coins w the indicators add up to x. *)
  Inductive tally (w : S) : list (R * (S -> Prop)) -> R -> Prop :=
  | T_nil : tally w [] 0
  | T_in c (E : S -> Prop) L x : E w -> tally w L x -> tally w ((c, E) :: L) (c + x)
  | T_out c (E : S -> Prop) L x : ~ E w -> tally w L x -> tally w ((c, E) :: L) x.

  Let part (D : S -> Prop) (L : list (R * (S -> Prop))) : R :=
    fold_right (fun cE s => fst cE * Pr S (fun w => snd cE w /\ D w) + s) 0 L.

  Lemma part_split D E L : ev S D -> ev S E -> Forall (fun cE => ev S (snd cE)) L ->
    part D L = part (fun w => D w /\ E w) L + part (fun w => D w /\ ~ E w) L.
  Proof.
    intros HD HE HL. unfold part. induction HL as [| [c F] L HF HL IH]; simpl in *; [lra|]. rewrite IH.
    rewrite (Pr_split S (fun w => F w /\ D w) E) by auto using ev_and.
    rewrite (Pr_ext S (fun w => (F w /\ D w) /\ E w) (fun w => F w /\ D w /\ E w)) by tauto.
    rewrite (Pr_ext S (fun w => (F w /\ D w) /\ ~ E w) (fun w => F w /\ D w /\ ~ E w)) by tauto. lra.
  Qed.

  Lemma part_bound L : Forall (fun cE => ev S (snd cE)) L -> forall D a b, ev S D ->
    (forall w x, D w -> tally w L x -> a + x <= b) -> a * Pr S D + part D L <= b * Pr S D.
  Proof.
    induction 1 as [| [c E] L HE HL IH]; intros D a b HD H; simpl in *.
    - rewrite Rplus_0_r. destruct (Rle_or_lt a b) as [A | A].
      + apply Rmult_le_compat_r; auto. now apply Pr_pos.
      + rewrite (Pr_none D); [lra|]. intros w Hw. specialize (H w 0 Hw (T_nil w)). lra.
    - rewrite (part_split D E L) by auto.
      assert (A := IH (fun w => D w /\ E w) (a + c) b ltac:(now apply ev_and)
        ltac:(intros w x [H1 H2] T; rewrite Rplus_assoc; apply (H w); auto; now constructor)).
      assert (B := IH (fun w => D w /\ ~ E w) a b ltac:(apply ev_and; auto; now apply ev_not)
        ltac:(intros w x [H1 H2] T; apply (H w); auto; now constructor)).
      rewrite (Pr_split S D E) by auto. rewrite (Pr_ext S (fun w => E w /\ D w) (fun w => D w /\ E w)) by tauto. lra.
  Qed.

  Theorem expectation L b : Forall (fun cE => ev S (snd cE)) L -> (forall w x, tally w L x -> x <= b) -> weighted L <= b.
  Proof.
    intros HL H. assert (A := part_bound L HL (fun _ => True) 0 b (ev_all S) ltac:(intros w x _ T; rewrite Rplus_0_l; eauto)).
    rewrite Pr_all in A. replace (weighted L) with (part (fun _ => True) L); [lra|].
    unfold weighted, part. clear. induction L as [| [c E] L IH]; simpl; auto. rewrite IH.
    now rewrite (Pr_ext S (fun w => E w /\ True) E) by tauto.
  Qed.

  (** ** Families of events *)
  Definition family (q : nat -> R) (E : nat -> S -> Prop) (k : nat) := map (fun j => (q j, E j)) (seq 0 k).

  Lemma Sum_shift f k : Sum f (Datatypes.S k) = f 0%nat + Sum (fun j => f (Datatypes.S j)) k.
  Proof. induction k as [| k IH]; [simpl; lra|]. cbn [Sum] in *. lra. Qed.

  Lemma weighted_app L M : weighted (L ++ M) = weighted L + weighted M.
  Proof. unfold weighted. induction L; simpl; lra. Qed.

  Lemma weighted_family q E k : weighted (family q E k) = Sum (fun j => q j * Pr S (E j)) k.
  Proof.
    unfold family. assert (G : forall s, weighted (map (fun j => (q j, E j)) (seq s k)) = Sum (fun j => q (s + j)%nat * Pr S (E (s + j)%nat)) k).
    { induction k as [| k IH]; intros s; [reflexivity|]. rewrite Sum_shift. cbn [seq map weighted fold_right fst snd].
      fold (weighted (map (fun j => (q j, E j)) (seq (Datatypes.S s) k))). rewrite IH, Nat.add_0_r. f_equal.
      apply Sum_ext. intros j _. now replace (s + Datatypes.S j)%nat with (Datatypes.S s + j)%nat by lia. }
    apply G.
  Qed.

  Lemma family_events q E k : (forall j, (j < k)%nat -> ev S (E j)) -> Forall (fun cE => ev S (snd cE)) (family q E k).
  Proof. intros H. apply Forall_map, Forall_forall. intros j Hj. apply in_seq in Hj. simpl. apply H. lia. Qed.

  (** The indices whose events happen, as a test. *)
  Lemma tally_family w q E k x : tally w (family q E k) x ->
    exists sel : nat -> bool, (forall j, (j < k)%nat -> if sel j then E j w else ~ E j w) /\ x = Sum (fun j => if sel j then q j else 0) k.
  Proof.
    unfold family.
    assert (G : forall s x, tally w (map (fun j => (q j, E j)) (seq s k)) x ->
      exists sel : nat -> bool, (forall j, (j < k)%nat -> if sel j then E (s + j)%nat w else ~ E (s + j)%nat w) /\
        x = Sum (fun j => if sel j then q (s + j)%nat else 0) k).
    { clear x. induction k as [| k IH]; intros s x T.
      - inversion T; subst. exists (fun _ => false). split; [lia | reflexivity].
      - cbn [seq map] in T. inversion T as [| c F L y HE T' Ec EL | c F L y HE T' Ec EL]; subst; destruct (IH _ _ T') as [sel [H1 H2]].
        + exists (fun j => match j with O => true | Datatypes.S j => sel j end). split.
          * intros [| j] Hj; [now rewrite Nat.add_0_r|]. specialize (H1 j ltac:(lia)). now replace (s + Datatypes.S j)%nat with (Datatypes.S s + j)%nat by lia.
          * rewrite Sum_shift, H2, Nat.add_0_r. f_equal. apply Sum_ext. intros j _. now replace (s + Datatypes.S j)%nat with (Datatypes.S s + j)%nat by lia.
        + exists (fun j => match j with O => false | Datatypes.S j => sel j end). split.
          * intros [| j] Hj; [now rewrite Nat.add_0_r|]. specialize (H1 j ltac:(lia)). now replace (s + Datatypes.S j)%nat with (Datatypes.S s + j)%nat by lia.
          * rewrite Sum_shift, H2, Rplus_0_l. apply Sum_ext. intros j _. now replace (s + Datatypes.S j)%nat with (Datatypes.S s + j)%nat by lia. }
    apply G.
  Qed.

  Lemma tally_app w L M x : tally w (L ++ M) x -> exists y z, tally w L y /\ tally w M z /\ x = y + z.
  Proof.
    revert x. induction L as [| [c E] L IH]; simpl; intros x T.
    - exists 0, x. repeat split; [constructor | exact T | lra].
    - inversion T as [| c' F L' y HE T' Ec EL | c' F L' y HE T' Ec EL]; subst; destruct (IH _ T') as [u [v [U [V E']]]].
      + exists (c + u), v. repeat split; [now constructor | exact V | lra].
      + exists u, v. repeat split; [now constructor | exact V | lra].
  Qed.
End Expectation.
