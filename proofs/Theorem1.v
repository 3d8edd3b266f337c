(** Theorem 1 (finite precision), Remark 1a, and the same in counts. *)
From Coq Require Import Reals Lra Lia List.
From OneHalf Require Import Statement Algorithm Probability.
Import ListNotations.
Open Scope R_scope.

Section Theorem1.
  Context {I A Y : Type} (k : nat) (O : nat -> oracle I A) (Xi : nat -> Y -> Prop) (kind : I -> nat -> Prop).
  Hypothesis Hk : (0 < k)%nat.
  (** The oracles answer alike every question that is not of the kind; the acceptable sets exclude each other. *)
  Hypothesis alike : forall i j, (i < k)%nat -> (j < k)%nat -> alike_off kind (O i) (O j).
  Hypothesis exclusive : forall i j y, (i < j < k)%nat -> Xi i y -> Xi j y -> False.

  (** No run succeeds on two of the inputs without asking a question of the kind. *)
  Lemma pathwise (s : strategy I A Y) i j : (i < j < k)%nat ->
    succeeds (O i) (Xi i) s -> succeeds (O j) (Xi j) s -> ~ ~ asks (O 0%nat) kind s.
  Proof.
    intros H [y [H1 H2]] [z [H3 H4]] N.
    assert (Ni : ~ asks (O i) kind s) by (intro C; apply N; eapply coupling_asks; [| exact C]; apply alike; lia).
    assert (E := coupling_output kind (O i) (O j) s y (alike i j ltac:(lia) ltac:(lia)) Ni H1).
    rewrite (halts_unique _ _ _ _ H3 E) in H4. now apply (exclusive i j y H).
  Qed.

  (** Remark 1a: with P(a question of the kind is asked) in the place of t. *)
  Theorem theorem1_sum (S : space) (Gamma : algorithm I A Y S) :
    (forall j, (j < k)%nat -> ev S (fun w => succeeds (O j) (Xi j) (Gamma w))) ->
    ev S (fun w => asks (O 0%nat) kind (Gamma w)) ->
    Sum (fun j => Pr S (fun w => succeeds (O j) (Xi j) (Gamma w))) k
      <= 1 + (INR k - 1) * Pr S (fun w => asks (O 0%nat) kind (Gamma w)).
  Proof.
    intros M1 M2. apply at_most_one; auto.
    intros i j w H Hi Hj. now apply (pathwise (Gamma w) i j).
  Qed.

  Theorem theorem1_min (S : space) (Gamma : algorithm I A Y S) :
    (forall j, (j < k)%nat -> ev S (fun w => succeeds (O j) (Xi j) (Gamma w))) ->
    ev S (fun w => asks (O 0%nat) kind (Gamma w)) ->
    exists j, (j < k)%nat /\ Pr S (fun w => succeeds (O j) (Xi j) (Gamma w))
      <= (1 + (INR k - 1) * Pr S (fun w => asks (O 0%nat) kind (Gamma w))) / INR k.
  Proof.
    intros M1 M2. apply (Sum_min _ k); auto.
    assert (0 < INR k) by (apply lt_0_INR; lia).
    replace (INR k * _) with (1 + (INR k - 1) * Pr S (fun w => asks (O 0%nat) kind (Gamma w))) by (field; lra).
    now apply theorem1_sum.
  Qed.

  (** In counts, for a list of runs (recorded trials, or all seeds of a finite set of equally likely ones):
      marks [right j s] of success that are true, and marks [apart s] that miss no exceptional run. *)
  Theorem theorem1_counts (right : nat -> strategy I A Y -> bool) (apart : strategy I A Y -> bool) runs :
    (forall j s, In s runs -> (j < k)%nat -> right j s = true -> succeeds (O j) (Xi j) s) ->
    (forall s, In s runs -> asks (O 0%nat) kind s -> apart s = true) ->
    (nsum (fun j => count (right j) runs) k <= length runs + (k - 1) * count apart runs)%nat.
  Proof.
    intros HR HA.
    assert (One : forall s, In s runs -> apart s = false ->
              forall n, (n <= k)%nat -> (nsum (fun j => if right j s then 1 else 0)%nat n <= 1)%nat).
    { intros s Hs Ha.
      assert (X : forall i j, (i < j < k)%nat -> right i s = true -> right j s = true -> False).
      { intros i j H Hi Hj. apply (pathwise s i j H); try (apply HR; auto; lia).
        intro C. rewrite (HA s Hs C) in Ha. discriminate. }
      induction n as [| n IH]; intros Hn; simpl; [lia|].
      destruct (right n s) eqn:E; [| specialize (IH ltac:(lia)); lia].
      assert (Z : forall m, (m <= n)%nat -> nsum (fun j => if right j s then 1 else 0)%nat m = 0%nat).
      { induction m as [| m IHm]; intros Hm; simpl; auto. rewrite IHm by lia.
        destruct (right m s) eqn:Em; auto. destruct (X m n); auto; lia. }
      rewrite Z by lia. lia. }
    assert (Most : forall s n, (nsum (fun j => if right j s then 1 else 0)%nat n <= n)%nat).
    { intros s; induction n; simpl; auto. destruct (right n s); lia. }
    clear HR HA.
    assert (Split : forall s l n, nsum (fun j => count (right j) (s :: l)) n =
              (nsum (fun j => count (right j) l) n + nsum (fun j => if right j s then 1 else 0) n)%nat).
    { intros s l n; unfold count; induction n; simpl in *; auto. rewrite IHn. destruct (right n s); simpl; lia. }
    assert (Zero : forall n, nsum (fun j => count (right j) []) n = 0%nat) by (induction n; simpl; auto; now rewrite IHn).
    induction runs as [| s runs IH]; [rewrite Zero; apply Nat.le_0_l|].
    rewrite Split. assert (IHs := IH (fun t H => One t (or_intror H))).
    unfold count in *. simpl filter. destruct (apart s) eqn:E; simpl length.
    - specialize (Most s k). rewrite Nat.mul_succ_r. lia.
    - specialize (One s (or_introl eq_refl) E k (le_n k)). lia.
  Qed.
End Theorem1.

(** The form with depth. *)
Theorem theorem1 {I A Y : Type} (k n : nat) (O : nat -> oracle I A) (Xi : nat -> Y -> Prop)
    (S : space) (Gamma : algorithm I A Y S) :
  (0 < k)%nat -> coupled_to_depth n k O ->
  (forall i j y, (i < j < k)%nat -> Xi i y -> Xi j y -> False) ->
  (forall j, (j < k)%nat -> ev S (fun w => succeeds (O j) (Xi j) (Gamma w))) ->
  ev S (fun w => asks (O 0%nat) (deeper n) (Gamma w)) ->
  let t := Pr S (fun w => asks (O 0%nat) (deeper n) (Gamma w)) in
  Sum (fun j => Pr S (fun w => succeeds (O j) (Xi j) (Gamma w))) k <= 1 + (INR k - 1) * t /\
  exists j, (j < k)%nat /\ Pr S (fun w => succeeds (O j) (Xi j) (Gamma w)) <= (1 + (INR k - 1) * t) / INR k.
Proof.
  intros Hk HC HX M1 M2 t.
  assert (HA : forall i j, (i < k)%nat -> (j < k)%nat -> alike_off (deeper n) (O i) (O j)).
  { intros i j Hi Hj e p. destruct (Nat.le_gt_cases p n) as [L | G]; [right | left]; auto. }
  split; [now apply theorem1_sum | now apply theorem1_min].
Qed.

(** For k = 2: (1 + t)/2, and 1/2 for an algorithm that reads at most n digits. *)
Corollary theorem1_two {I A Y : Type} (n : nat) (O1 O2 : oracle I A) (Xi1 Xi2 : Y -> Prop)
    (S : space) (Gamma : algorithm I A Y S) :
  (forall e p, (p <= n)%nat -> O1 e p = O2 e p) -> (forall y, Xi1 y -> Xi2 y -> False) ->
  ev S (fun w => succeeds O1 Xi1 (Gamma w)) -> ev S (fun w => succeeds O2 Xi2 (Gamma w)) ->
  ev S (fun w => asks O1 (deeper n) (Gamma w)) ->
  let p1 := Pr S (fun w => succeeds O1 Xi1 (Gamma w)) in
  let p2 := Pr S (fun w => succeeds O2 Xi2 (Gamma w)) in
  let t := Pr S (fun w => asks O1 (deeper n) (Gamma w)) in
  p1 + p2 <= 1 + t /\ Rmin p1 p2 <= (1 + t) / 2 /\ (t = 0 -> Rmin p1 p2 <= 1 / 2).
Proof.
  intros HC HX M1 M2 M3 p1 p2 t.
  set (O := fun j : nat => match j with 0%nat => O1 | _ => O2 end).
  set (Xi := fun j : nat => match j with 0%nat => Xi1 | _ => Xi2 end).
  assert (H : p1 + p2 <= 1 + t).
  { assert (T := theorem1 2 n O Xi S Gamma ltac:(lia)).
    destruct T as [T _]; auto.
    - intros [| i] [| j] e p _ _ L; simpl; auto. symmetry; auto.
    - intros [| i] [| j] y L; simpl; try lia; eauto.
    - intros [| j] _; simpl; auto.
    - unfold O, Xi in T; simpl in T. unfold p1, p2, t. lra. }
  unfold Rmin. destruct (Rle_dec p1 p2); repeat split; intros; lra.
Qed.
