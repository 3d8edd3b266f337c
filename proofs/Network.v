(** ReLU networks on a line: Lemmas 4 and 5. *)
From Coq Require Import Reals Lra Lia List.
From OneHalf Require Import Statement Pieces.
Import ListNotations.
Open Scope R_scope.

Lemma pieces_affine B (n : neuron) (fs : list (R -> R)) :
  Forall (pieces B) fs -> pieces B (fun t => affine n (map (fun f => f t) fs)).
Proof.
  destruct n as [w b]. unfold affine; simpl. intros H. revert w.
  induction H as [| f fs Hf H IH]; intros [| a w]; simpl; try apply pieces_const.
  apply pieces_plus; [now apply pieces_scale | apply IH].
Qed.

Lemma pieces_ext B f g : (forall t, f t = g t) -> pieces B f -> pieces B g.
Proof. intros E H x y L F. destruct (H x y L F) as [p [q A]]. exists p, q. intros t T. rewrite <- E. auto. Qed.

Lemma pieces_layer B l fs : Forall (pieces B) fs ->
  exists C, (length C + 1 = (length B + 1) * (length l + 1))%nat /\
    Forall (pieces C) (map (fun n t => relu (affine n (map (fun f => f t) fs))) l).
Proof.
  intros H.
  assert (G : exists C, length C = (length l * (length B + 1))%nat /\
     Forall (pieces (B ++ C)) (map (fun n t => relu (affine n (map (fun f => f t) fs))) l)).
  { induction l as [| n l [C [C1 C2]]]; [exists []; split; simpl; auto|].
    destruct (pieces_relu B _ (pieces_affine B n fs H)) as [D [D1 D2]].
    exists (D ++ C). split; [rewrite app_length; simpl; lia|]. simpl. constructor.
    - eapply pieces_more; [| exact D2]. rewrite app_assoc. now apply incl_appl.
    - eapply Forall_impl; [| exact C2]. intros f. apply pieces_more.
      intros b Hb. apply in_app_or in Hb. rewrite !in_app_iff. tauto. }
  destruct G as [C [C1 C2]]. exists (B ++ C). split; auto. rewrite app_length. lia.
Qed.

Lemma pieces_eval hidden out : forall B fs, Forall (pieces B) fs ->
  exists C, (length C + 1 = (length B + 1) * P (map (@length _) hidden))%nat /\
    pieces C (fun t => eval (hidden, out) (map (fun f => f t) fs)).
Proof.
  unfold eval; simpl. induction hidden as [| l hidden IH]; intros B fs H; simpl.
  - exists B. split; [lia | now apply pieces_affine].
  - destruct (pieces_layer B l fs H) as [C [C1 C2]]. destruct (IH C _ C2) as [D [D1 D2]].
    exists D. split; [rewrite D1, C1; lia|].
    eapply pieces_ext; [| exact D2]. intros t. simpl. unfold layer. f_equal. f_equal. now rewrite map_map.
Qed.

Lemma widths d N hidden out : fits_hidden d N hidden out -> (P (map (@length _) hidden) <= P N)%nat.
Proof.
  revert d hidden. induction N as [| n N IH]; intros d [| l hidden]; simpl; try tauto; auto.
  intros [H1 [_ H2]]. apply Nat.mul_le_mono; [lia | now apply (IH (length l))].
Qed.

(** Lemma 4. On any line a network of architecture N is continuous and piecewise affine
    with at most P(N) pieces (P(N) - 1 breakpoints). *)
Theorem lemma4 d N phi line : NN d N phi ->
  exists B, (length B + 1 <= P N)%nat /\ pieces B (fun t => eval phi (on_line line t)).
Proof.
  destruct phi as [hidden out]. intros H. assert (W := widths d N hidden out H).
  destruct (pieces_eval hidden out [] (map (fun pv t => fst pv + t * snd pv) line)) as [C [C1 C2]].
  - apply Forall_forall. intros f Hf. apply in_map_iff in Hf. destruct Hf as [[p v] [<- _]]. apply pieces_line.
  - exists C. split; [simpl in C1; lia|]. eapply pieces_ext; [| exact C2].
    intros t. unfold on_line. now rewrite map_map.
Qed.

(** Lemma 5. If phi - c has strictly opposite signs at consecutive ones of s + 1 points of a line, then s <= P(N). *)
Theorem lemma5 d N phi line c ts : NN d N phi -> increasing ts ->
  alternating (fun t => eval phi (on_line line t) - c) ts -> (length ts <= P N + 1)%nat.
Proof.
  intros H Hi Ha. destruct (lemma4 d N phi line H) as [B [B1 B2]].
  assert (A := alternations_pieces B (fun t => eval phi (on_line line t) - c) ts).
  assert (X := A ltac:(apply (pieces_ext B (fun t => eval phi (on_line line t) + - c));
    [intros; lra | apply pieces_plus; [exact B2 | apply pieces_const]]) Hi Ha). lia.
Qed.

(** * Padding: each network of narrower layers is, as a function, one of exactly these widths. *)
Fixpoint exactly (N : list nat) (hidden : list (list neuron)) : Prop :=
  match N, hidden with
  | [], [] => True
  | n :: N', l :: hidden' => length l = n /\ exactly N' hidden'
  | _, _ => False
  end.

Lemma exactly_lengths N : forall hidden, exactly N hidden -> map (@length _) hidden = N.
Proof. induction N as [| n N IH]; intros [| l hidden]; simpl; try tauto. intros [E H]. f_equal; auto. Qed.

Definition widen (by_ : nat) (u : neuron) : neuron := (fst u ++ repeat 0 by_, snd u).

Lemma affine_widen u x m : length (fst u) = length x -> affine (widen m u) (x ++ repeat 0 m) = affine u x.
Proof.
  destruct u as [w b]. unfold affine, widen; simpl. revert x. induction w as [| a w IH]; intros [| y x] E; try discriminate; simpl.
  - induction m as [| m IHm]; simpl; auto. rewrite IHm. lra.
  - rewrite IH; auto.
Qed.

Lemma pad_layer l x m n : Forall (fun u => length (fst u) = length x) l ->
  layer (map (widen m) l ++ repeat (repeat 0 (length x + m), 0) n) (x ++ repeat 0 m) = layer l x ++ repeat 0 n.
Proof.
  intros H. unfold layer. rewrite map_app, map_map. f_equal.
  - apply map_ext_in. intros u Hu. rewrite Forall_forall in H. now rewrite affine_widen by auto.
  - assert (Z : affine (repeat 0 (length x + m), 0) (x ++ repeat 0 m) = 0).
    { unfold affine; simpl. generalize (x ++ repeat 0 m). generalize (length x + m)%nat. intros k. induction k as [| k IH]; intros [| y z]; simpl; auto. rewrite IH. ring. }
    induction n as [| n IH]; cbn [repeat map]; auto. rewrite IH, Z. f_equal. unfold relu. rewrite Rmax_left by lra. reflexivity.
Qed.

Theorem padding d N phi : NN d N phi -> exists psi, NN d N psi /\ map (@length _) (fst psi) = N /\
  forall x, length x = d -> eval psi x = eval phi x.
Proof.
  destruct phi as [hidden out]. unfold NN; simpl. intros H.
  assert (G : forall m, exists hidden' out', fits_hidden (d + m) N hidden' out' /\ exactly N hidden' /\
    forall x, length x = d -> eval (hidden', out') (x ++ repeat 0 m) = eval (hidden, out) x).
  { revert d hidden H. induction N as [| n N IH]; intros d [| l hidden] H m; simpl in H; try tauto.
    - exists [], (widen m out). unfold widen at 1; simpl. rewrite app_length, repeat_length. split; [lia | split; auto].
      intros x E. unfold eval; simpl. apply affine_widen. congruence.
    - destruct H as [H1 [H2 H3]]. destruct (IH (length l) hidden H3 (n - length l)%nat) as [h' [o' [A [B C]]]].
      exists ((map (widen m) l ++ repeat (repeat 0 (d + m), 0) (n - length l)) :: h'), o'.
      assert (L : length (map (widen m) l ++ repeat (repeat 0 (d + m), 0) (n - length l)) = n)
        by (rewrite app_length, map_length, repeat_length; lia).
      simpl. rewrite L. repeat split; auto.
      + apply Forall_app. split.
        * rewrite Forall_map. eapply Forall_impl; [| exact H2]. intros u Hu. cbv beta in Hu. unfold widen; simpl. rewrite app_length, repeat_length. lia.
        * apply Forall_forall. intros u Hu. apply repeat_spec in Hu. subst u. simpl. now rewrite repeat_length.
      + now replace n with (length l + (n - length l))%nat at 1 by lia.
      + intros x E. specialize (C (layer l x)). unfold eval in *; simpl in *. subst d. rewrite pad_layer by auto. apply C.
        unfold layer. now rewrite map_length. }
  destruct (G 0%nat) as [h' [o' [A [B C]]]]. rewrite Nat.add_0_r in A. exists (h', o'). split; [exact A|]. split; [now apply exactly_lengths|].
  intros x E. specialize (C x E). now rewrite app_nil_r in C.
Qed.
