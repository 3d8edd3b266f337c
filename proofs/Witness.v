(** Witnesses: every input has an acceptable output, of cost exactly 0. *)
From Coq Require Import Reals Lra Lia List.
From OneHalf Require Import Statement Network.
Import ListNotations.
Open Scope R_scope.

(** * Witnesses: rho(x_2)/delta on input 1, 1 - rho(x_2)/delta on input 2. *)
Definition unit (d i : nat) (z : R) : list R := map (fun c => if Nat.eqb c i then z else 0) (seq 0 d).
Definition first_only (d n : nat) : list neuron := map (fun i => (unit d 0 (if Nat.eqb i 0 then 1 else 0), 0)) (seq 0 n).
Fixpoint pass (d : nat) (N : list nat) : list (list neuron) :=
  match N with [] => [] | n :: N' => first_only d n :: pass n N' end.
Definition witness (d : nat) (N : list nat) (scale bias : R) : network :=
  match N with
  | [] => ([], (unit d 1 scale, bias))
  | n :: N' => (map (fun i => (unit d 1 (if Nat.eqb i 0 then 1 else 0), 0)) (seq 0 n) :: pass n N', (unit (last N 0%nat) 0 scale, bias))
  end.

Lemma affine_unit i z b : forall d x s, length x = d ->
  affine (map (fun c => if Nat.eqb c (i + s) then z else 0) (seq s d), b) x = b + (if Nat.ltb i d then z * nth i x 0 else 0).
Proof.
  unfold affine; simpl. induction i as [| i IH]; intros d x s E.
  - destruct x as [| y x]; destruct d as [| d]; try discriminate; simpl; [lra|].
    rewrite Nat.eqb_refl. injection E as E.
    assert (Z : forall d x t, (s < t)%nat -> fold_right (fun wv q => fst wv * snd wv + q) b
        (combine (map (fun c => if Nat.eqb c s then z else 0) (seq t d)) x) = b).
    { clear. induction d as [| d IH]; intros [| y x] t H; simpl; auto.
      replace (Nat.eqb t s) with false by (symmetry; apply Nat.eqb_neq; lia). rewrite IH by lia. lra. }
    rewrite Z by lia. lra.
  - destruct x as [| y x]; destruct d as [| d]; try discriminate; simpl.
    + lra.
    + injection E as E. replace (Nat.eqb s (S (i + s))) with false by (symmetry; apply Nat.eqb_neq; lia).
      specialize (IH d x (S s) E). replace (i + S s)%nat with (S (i + s)) in IH by lia. rewrite IH.
      replace (Nat.ltb (S i) (S d)) with (Nat.ltb i d) by reflexivity. lra.
Qed.

Lemma affine_unit' d i z b x : length x = d -> (i < d)%nat -> affine (unit d i z, b) x = b + z * nth i x 0.
Proof.
  intros E L. unfold unit. assert (A := affine_unit i z b d x 0 E). rewrite Nat.add_0_r in A. rewrite A.
  apply Nat.ltb_lt in L. now rewrite L.
Qed.

Lemma unit_length d i z : length (unit d i z) = d.
Proof. unfold unit. now rewrite map_length, seq_length. Qed.

Lemma layer_first d n u x : length x = d -> (0 < n)%nat -> (u < d)%nat ->
  let y := layer (map (fun i => (unit d u (if Nat.eqb i 0 then 1 else 0), 0)) (seq 0 n)) x in
  length y = n /\ nth 0 y 0 = relu (nth u x 0).
Proof.
  intros E Hn Hu y. unfold y, layer. split; [now rewrite !map_length, seq_length|].
  destruct n; [lia|]. simpl. rewrite affine_unit' by auto. f_equal. lra.
Qed.

Lemma last_cons (N : list nat) : forall n d, last (n :: N) d = last N n.
Proof. induction N as [| m N IH]; intros n d; [reflexivity|]. change (last (m :: N) d = last (m :: N) n). now rewrite !IH. Qed.

Lemma pass_first N : forall d x, length x = d -> (0 < d)%nat -> Forall (fun n => (0 < n)%nat) N -> 0 <= nth 0 x 0 ->
  let y := fold_left (fun x l => layer l x) (pass d N) x in
  length y = last N d /\ nth 0 y 0 = nth 0 x 0.
Proof.
  induction N as [| n N IH]; intros d x E Hd HN Hx; cbn [pass fold_left]; [simpl; auto|].
  inversion HN; subst. destruct (layer_first (length x) n 0 x eq_refl H1 Hd) as [A B].
  assert (C : relu (nth 0 x 0) = nth 0 x 0) by (apply Rmax_left; lra). rewrite C in B.
  destruct (IH n _ A H1 H2) as [F G]; [unfold first_only in *; rewrite B; auto|].
  split.
  - unfold first_only in *. rewrite F. now rewrite last_cons.
  - unfold first_only in *. rewrite G. exact B.
Qed.

Lemma last_pos (N : list nat) d : (0 < d)%nat -> Forall (fun n => (0 < n)%nat) N -> (0 < last N d)%nat.
Proof. intros Hd H. revert d Hd. induction H as [| n N Hn H IH]; intros d Hd; [auto|]. rewrite last_cons. auto. Qed.

Lemma witness_eval d N scale bias x : (1 < d)%nat -> N <> [] -> Forall (fun n => (0 < n)%nat) N -> length x = d ->
  eval (witness d N scale bias) x = bias + scale * relu (nth 1 x 0).
Proof.
  intros Hd HN HF E. destruct N as [| n N]; [congruence|]. inversion HF; subst.
  unfold eval, witness; cbn [fst snd fold_left].
  destruct (layer_first (length x) n 1 x eq_refl H1 Hd) as [A B].
  destruct (pass_first N n _ A H1 H2) as [F G]; [rewrite B; apply Rmax_r|].
  rewrite last_cons, affine_unit'; [| exact F | now apply last_pos]. rewrite G, B. reflexivity.
Qed.

Lemma witness_member d N scale bias : (1 < d)%nat -> Forall (fun n => (0 < n)%nat) N -> NN d N (witness d N scale bias).
Proof.
  intros Hd HF. unfold NN. destruct N as [| n N]; cbn [witness fst snd fits_hidden]; [apply unit_length|].
  assert (U : forall d n u z (l : list neuron), l = map (fun i => (unit d u (z i), 0)) (seq 0 n) ->
           length l = n /\ Forall (fun u => length (fst u) = d) l).
  { intros d' n' u z l ->. split; [now rewrite map_length, seq_length|].
    apply Forall_forall. intros v Hv. apply in_map_iff in Hv. destruct Hv as [i [<- _]]. apply unit_length. }
  destruct (U d n 1%nat (fun i => if Nat.eqb i 0 then 1 else 0) _ eq_refl) as [U1 U2].
  rewrite U1. repeat split; auto. clear HF U1 U2.
  rewrite last_cons. revert n. induction N as [| m N IH]; intros n; cbn [pass fits_hidden].
  - apply unit_length.
  - destruct (U n m 0%nat (fun i => if Nat.eqb i 0 then 1 else 0) (first_only n m) eq_refl) as [U1 U2].
    rewrite U1. repeat split; auto. rewrite last_cons. apply IH.
Qed.

Lemma nth_place d x y : nth 1 (place d x y) 0 = y.
Proof. reflexivity. Qed.
Lemma place_length d x y : (1 < d)%nat -> length (place d x y) = d.
Proof. intros. unfold place. simpl. rewrite repeat_length. lia. Qed.

Theorem witness_exact a kappa delta d r N j : 0 < delta -> (1 < d)%nat -> N <> [] -> Forall (fun n => (0 < n)%nat) N -> j <> Zero ->
  exists psi, NN d N psi /\ outputs a kappa delta d r psi j = labels r.
Proof.
  intros Hde Hd HN HF Hj.
  assert (Q : forall z, relu (delta * b2r z) = delta * b2r z) by (intros []; apply Rmax_left; simpl; lra).
  exists (match j with One => witness d N (/ delta) 0 | _ => witness d N (- / delta) 1 end).
  split; [destruct j; now apply witness_member|].
  unfold outputs, labels. apply map_ext. intros k. destruct j; [| | congruence]; 
    rewrite witness_eval by (auto; now apply place_length); unfold point; rewrite nth_place; unfold x2; rewrite Q;
    destruct (label k); simpl b2r; field; lra.
Qed.

