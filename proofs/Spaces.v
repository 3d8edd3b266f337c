(** The probability spaces are not empty talk: any finite set of weighted coins is one (every set is an event there). *)
From Coq Require Import Reals Lra Lia List ClassicalDescription.
From OneHalf Require Import Statement Probability.
Import ListNotations.
Open Scope R_scope.

Section Finite.
  Context {T : Type} (l : list (T * R)).
  Hypothesis Hpos : Forall (fun x => 0 <= snd x) l.
  Hypothesis Hone : fold_right (fun x s => snd x + s) 0 l = 1.

  Definition weight (A : T -> Prop) (l : list (T * R)) : R :=
    fold_right (fun x s => (if excluded_middle_informative (A (fst x)) then snd x else 0) + s) 0 l.

  Lemma weight_ext A B m : (forall w, A w <-> B w) -> weight A m = weight B m.
  Proof.
    intros H. induction m as [| x m IH]; simpl; auto. rewrite IH. specialize (H (fst x)).
    destruct (excluded_middle_informative (A (fst x))), (excluded_middle_informative (B (fst x))); tauto || reflexivity.
  Qed.

  Lemma weight_pos A m : Forall (fun x => 0 <= snd x) m -> 0 <= weight A m.
  Proof. induction 1 as [| x m Hx Hm IH]; simpl; [lra|]. destruct (excluded_middle_informative _); lra. Qed.

  Definition finite_space : space.
  Proof.
    refine {| Om := T; ev := fun _ => True; Pr := fun A => weight A l |}; auto.
    - intros A B H. now apply weight_ext.
    - intros A _. now apply weight_pos.
    - rewrite <- Hone. clear. induction l as [| x m IH]; simpl; auto. rewrite IH. destruct (excluded_middle_informative True); tauto || reflexivity.
    - intros A B _ _. clear. induction l as [| x m IH]; simpl; [lra|]. rewrite IH.
      destruct (excluded_middle_informative (A (fst x))), (excluded_middle_informative (A (fst x) /\ B (fst x))), (excluded_middle_informative (A (fst x) /\ ~ B (fst x)));
        try tauto; lra.
  Defined.

  (** All coins that are ever in A n are in it from some n on. *)
  Lemma weight_stable (A : nat -> T -> Prop) m : (forall n w, A n w -> A (n + 1)%nat w) ->
    exists N, forall n, (n >= N)%nat -> weight (A n) m = weight (fun w => exists k, A k w) m.
  Proof.
    intros Hinc.
    assert (Mono : forall n m w, (n <= m)%nat -> A n w -> A m w).
    { intros n p w L. induction L as [| p L IH]; auto. intros H. replace (S p) with (p + 1)%nat by lia. apply Hinc. auto. }
    induction m as [| x m [N HN]]; [exists 0%nat; auto|].
    destruct (excluded_middle_informative (exists k, A k (fst x))) as [[k Hk] | No].
    - exists (max k N). intros n Hn. simpl. rewrite <- (HN n) by lia.
      destruct (excluded_middle_informative (A n (fst x))) as [|C]; [| destruct C; apply (Mono k n); auto; lia].
      destruct (excluded_middle_informative _) as [|C]; [reflexivity | destruct C; eauto].
    - exists N. intros n Hn. simpl. rewrite <- (HN n) by lia.
      destruct (excluded_middle_informative (A n (fst x))); [destruct No; eauto|].
      destruct (excluded_middle_informative _); [tauto | reflexivity].
  Qed.

  Lemma finite_sigma : sigma finite_space.
  Proof.
    split; [simpl; auto|]. intros A _ Hinc. simpl. intros eps He.
    destruct (weight_stable A l (fun n w => Hinc n w)) as [N HN]. exists N. intros n Hn. rewrite (HN n Hn).
    unfold R_dist. rewrite Rminus_diag_eq by auto. now rewrite Rabs_R0.
  Qed.
End Finite.
