(** Probability spaces, finitely additive and countably additive, and sums. *)
From Coq Require Import Reals Lra Lia.
From OneHalf Require Import Statement.
Open Scope R_scope.

Lemma Sum_le f g k : (forall j, (j < k)%nat -> f j <= g j) -> Sum f k <= Sum g k.
Proof. induction k; simpl; intros H; [lra|]. assert (A := IHk ltac:(intros; apply H; lia)). assert (B := H k ltac:(lia)). lra. Qed.

Lemma Sum_plus f g k : Sum (fun j => f j + g j) k = Sum f k + Sum g k.
Proof. induction k; simpl; lra. Qed.

Lemma Sum_const c k : Sum (fun _ => c) k = INR k * c.
Proof. induction k; simpl Sum; [simpl; lra|]. rewrite IHk, S_INR. lra. Qed.

Lemma Sum_ext f g k : (forall j, (j < k)%nat -> f j = g j) -> Sum f k = Sum g k.
Proof. intros H. apply Rle_antisym; apply Sum_le; intros; rewrite H; auto; lra. Qed.

(** One of k numbers is at most their mean. *)
Lemma Sum_min f k b : (0 < k)%nat -> Sum f k <= INR k * b -> exists j, (j < k)%nat /\ f j <= b.
Proof.
  intros Hk H. induction k; [lia|].
  destruct (Rle_or_lt (f k) b) as [L | L]; [exists k; split; [lia | lra]|].
  simpl Sum in H. rewrite S_INR in H.
  destruct k as [| k]; [simpl in *; exfalso; lra|].
  destruct (IHk ltac:(lia)) as [j [J1 J2]]; [lra|]. exists j; split; [lia | lra].
Qed.

Section Facts.
  Context {S : space}.
  Implicit Types A B : S -> Prop.

  Lemma Pr_none A : (forall w, ~ A w) -> Pr S A = 0.
  Proof.
    intros H. assert (E := Pr_split S (fun _ => True) (fun _ => True) (ev_all S) (ev_all S)); cbv beta in E.
    rewrite (Pr_ext S (fun w => True /\ True) (fun _ => True)) in E by tauto.
    rewrite (Pr_ext S (fun w => True /\ ~ True) A) in E by (intro w; specialize (H w); tauto). lra.
  Qed.

  Lemma ev_none A : (forall w, ~ A w) -> ev S A.
  Proof. intros H. apply (ev_ext S (fun _ => ~ True)); [intro w; specialize (H w); tauto|]. apply ev_not, ev_all. Qed.

  Lemma Pr_mono A B : ev S A -> ev S B -> (forall w, A w -> B w) -> Pr S A <= Pr S B.
  Proof.
    intros HA HB H. rewrite (Pr_split S B A) by auto.
    rewrite (Pr_ext S (fun w => B w /\ A w) A) by (intro w; specialize (H w); tauto).
    assert (P := Pr_pos S (fun w => B w /\ ~ A w) ltac:(apply ev_and; auto; now apply ev_not)). lra.
  Qed.

  Lemma Pr_not A : ev S A -> Pr S (fun w => ~ A w) = 1 - Pr S A.
  Proof.
    intros HA. assert (E := Pr_split S (fun _ => True) A (ev_all S) HA); cbv beta in E. rewrite Pr_all in E.
    rewrite (Pr_ext S (fun w => True /\ A w) A) in E by tauto.
    rewrite (Pr_ext S (fun w => True /\ ~ A w) (fun w => ~ A w)) in E by tauto. lra.
  Qed.

  Lemma Pr_add A B : ev S A -> ev S B -> (forall w, A w -> B w -> False) ->
    Pr S (fun w => A w \/ B w) = Pr S A + Pr S B.
  Proof.
    intros HA HB H. rewrite (Pr_split S (fun w => A w \/ B w) A) by (auto using ev_or).
    f_equal; apply Pr_ext; intro w; specialize (H w); tauto.
  Qed.

  (** Of events any two of which happen together only when D does. *)
  Lemma exclusive_events (E : nat -> S -> Prop) (D : S -> Prop) k :
    (forall j, (j < k)%nat -> ev S (E j)) -> ev S D ->
    (forall i j w, (i < j < k)%nat -> E i w -> E j w -> ~ ~ D w) ->
    Sum (fun j => Pr S (fun w => E j w /\ ~ D w)) k <= 1 - Pr S D.
  Proof.
    intros HE HD HX.
    assert (G : Sum (fun j => Pr S (fun w => E j w /\ ~ D w)) k
                = Pr S (fun w => exists j, (j < k)%nat /\ E j w /\ ~ D w)
              /\ ev S (fun w => exists j, (j < k)%nat /\ E j w /\ ~ D w)).
    { induction k as [| k IH].
      - simpl. split; [rewrite Pr_none; auto; intros w [j [J _]]; lia|].
        apply ev_none. intros w [j [J _]]; lia.
      - destruct IH as [IH1 IH2]; [intros; apply HE; lia | intros i j w H; apply (HX i j w); lia |].
        assert (HEk : ev S (fun w => E k w /\ ~ D w)) by (apply ev_and; [apply HE; lia | now apply ev_not]).
        assert (Eq : forall w, ((exists j, (j < k)%nat /\ E j w /\ ~ D w) \/ E k w /\ ~ D w)
                               <-> exists j, (j < Datatypes.S k)%nat /\ E j w /\ ~ D w).
        { intro w; split.
          - intros [[j [J H]] | H]; [exists j | exists k]; (split; [lia | auto]).
          - intros [j [J H]]. destruct (Nat.eq_dec j k) as [-> | N]; [auto|]. left; exists j; split; [lia | auto]. }
        split; [| apply (ev_ext S _ _ Eq); now apply ev_or].
        simpl. rewrite IH1, <- Pr_add; auto.
        + now apply Pr_ext.
        + intros w [j [J [H1 H2]]] [H3 _]. apply (HX j k w); auto; lia. }
    destruct G as [-> G]. rewrite <- Pr_not by auto.
    apply Pr_mono; auto; [now apply ev_not | intros w [j [_ [_ H]]]; auto].
  Qed.

  Lemma at_most_one (E : nat -> S -> Prop) (D : S -> Prop) k :
    (0 < k)%nat -> (forall j, (j < k)%nat -> ev S (E j)) -> ev S D ->
    (forall i j w, (i < j < k)%nat -> E i w -> E j w -> ~ ~ D w) ->
    Sum (fun j => Pr S (E j)) k <= 1 + (INR k - 1) * Pr S D.
  Proof.
    intros Hk HE HD HX.
    rewrite (Sum_ext _ (fun j => Pr S (fun w => E j w /\ D w) + Pr S (fun w => E j w /\ ~ D w)))
      by (intros; apply Pr_split; auto).
    rewrite Sum_plus. assert (A := exclusive_events E D k HE HD HX).
    assert (B : Sum (fun j => Pr S (fun w => E j w /\ D w)) k <= Sum (fun _ => Pr S D) k).
    { apply Sum_le. intros j J. apply Pr_mono; auto; [apply ev_and; auto | tauto]. }
    rewrite Sum_const in B. lra.
  Qed.
End Facts.
