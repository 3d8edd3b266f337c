(** Section 5.3: stable and accurate networks exist, with other dimensions: one ramp for each change of label. *)
From Coq Require Import Reals Lra Lia List.
From OneHalf Require Import Statement Network.
Import ListNotations.
Open Scope R_scope.

(** The network that is [start] plus the ramps: each ramp (u, v, sign) rises, or falls, by 1 from u to v. *)
Local Notation ramp := (R * R * R)%type.
Definition ramp_neurons (d : nat) (q : ramp) : list neuron :=
  [(1 :: repeat 0 (d - 1), - fst (fst q)); (1 :: repeat 0 (d - 1), - snd (fst q))].
Definition ramp_weights (q : ramp) : list R :=
  [snd q / (snd (fst q) - fst (fst q)); - (snd q / (snd (fst q) - fst (fst q)))].
Definition ramps (d : nat) (start : R) (l : list ramp) : network :=
  ([flat_map (ramp_neurons d) l], (flat_map ramp_weights l, start)).

Lemma affine_first d b x t : (1 <= d)%nat -> affine (1 :: repeat 0 (d - 1), b) (t :: x) = t + b.
Proof.
  intros _. unfold affine; simpl. assert (Z : forall n y, fold_right (fun wv s => fst wv * snd wv + s) b (combine (repeat 0 n) y) = b).
  { clear. induction n as [| n IH]; intros [| u y]; simpl; auto. rewrite IH. lra. }
  rewrite Z. lra.
Qed.

Definition step_of (q : ramp) (t : R) : R :=
  snd q / (snd (fst q) - fst (fst q)) * (relu (t - fst (fst q)) - relu (t - snd (fst q))).

Lemma ramps_eval d start l t x : (1 <= d)%nat -> eval (ramps d start l) (t :: x) = start + total (map (fun q => step_of q t) l).
Proof.
  intros Hd. unfold eval, ramps; cbn [fst snd fold_left]. unfold affine at 1, layer; cbn [fst snd].
  induction l as [| q l IH]; simpl; [unfold total; simpl; lra|].
  rewrite !affine_first by auto. rewrite IH. unfold step_of, total, Rminus; simpl. ring.
Qed.

(** Left of a ramp it adds 0, right of it its sign. *)
Lemma step_left q t : fst (fst q) < snd (fst q) -> t <= fst (fst q) -> step_of q t = 0.
Proof. intros L H. unfold step_of, relu. rewrite !Rmax_right by lra. ring. Qed.
Lemma step_right q t : fst (fst q) < snd (fst q) -> snd (fst q) <= t -> step_of q t = snd q.
Proof. intros L H. unfold step_of, relu. rewrite !Rmax_left by lra. field. lra. Qed.

(** Ramps between the balls of radius eps around ordered points wherever the label changes. *)
Fixpoint changes_at (eps : R) (data : list (R * bool)) : list ramp :=
  match data with
  | (t, a) :: (((u, b) :: _) as rest) =>
      (if Bool.eqb a b then [] else [(t + eps, u - eps, b2r b - b2r a)]) ++ changes_at eps rest
  | _ => []
  end.

Lemma changes_cons eps t a u b l : changes_at eps ((t, a) :: (u, b) :: l)
  = (if Bool.eqb a b then [] else [(t + eps, u - eps, b2r b - b2r a)]) ++ changes_at eps ((u, b) :: l).
Proof. reflexivity. Qed.

Definition stable_network (d : nat) (eps : R) (data : list (R * bool)) : network :=
  ramps d (match data with (_, a) :: _ => b2r a | [] => 0 end) (changes_at eps data).

Lemma apart_above gap t u l : 0 <= gap -> apart_by gap (t :: l) -> In u l -> t + gap < u.
Proof.
  intros Hg. revert t. induction l as [| w l IH]; intros t H I; [destruct I|]. destruct H as [H1 H2]. destruct I as [-> | I]; auto.
  specialize (IH w H2 I). lra.
Qed.

(** Every point lies right of the ramps before it and left of those after it. *)
Lemma sum_at eps data : 0 <= eps -> forall t a, apart_by (2 * eps) (map fst ((t, a) :: data)) -> forall u b s, In (u, b) ((t, a) :: data) -> Rabs (s - u) <= eps ->
  b2r a + total (map (fun q => step_of q s) (changes_at eps ((t, a) :: data))) = b2r b.
Proof.
  intros He. induction data as [| [t' a'] data IH]; intros t a HA u b s I Hs.
  - destruct I as [E | []]. injection E as -> ->. unfold total; simpl. lra.
  - destruct HA as [H1 H2]. cbn [fst map] in H1.
    assert (Bs : u - eps <= s <= u + eps) by (unfold Rabs in Hs; destruct (Rcase_abs _); lra).
    rewrite changes_cons, map_app. unfold total in *. rewrite fold_right_app.
    assert (Left : forall t0 a0 data0, apart_by (2 * eps) (map fst ((t0, a0) :: data0)) -> s <= t0 + eps ->
              fold_right Rplus 0 (map (fun q => step_of q s) (changes_at eps ((t0, a0) :: data0))) = 0).
    { clear - He. intros t0 a0 data0. revert t0 a0. induction data0 as [| [t1 a1] data0 IH]; intros t0 a0 HA L; [reflexivity|].
      destruct HA as [H1 H2]. cbn [fst map] in H1. rewrite changes_cons, map_app, fold_right_app, (IH t1 a1 H2 ltac:(lra)).
      destruct (Bool.eqb a0 a1); cbn [map fold_right]; [reflexivity|]. rewrite step_left by (cbn [fst snd]; lra). lra. }
    destruct I as [E | I].
    + injection E as -> ->. rewrite (Left t' a' data H2 ltac:(lra)).
      destruct (Bool.eqb b a'); cbn [map fold_right]; [lra|]. rewrite step_left by (cbn [fst snd]; lra). lra.
    + specialize (IH t' a' H2 u b s I Hs).
      assert (Lu : t' <= u).
      { destruct I as [E | I]; [injection E as -> ->; lra|]. assert (X := apart_above (2 * eps) t' u (map fst data) ltac:(lra) H2 (in_map fst _ (u, b) I)). lra. }
      destruct (Bool.eqb a a') eqn:Ea; cbn [map fold_right].
      * apply Bool.eqb_prop in Ea. subst. exact IH.
      * rewrite step_right by (cbn [fst snd]; lra). cbn [snd]. lra.
Qed.

(** It has one hidden layer of two neurons for each change of label, and equals the label on the whole ball of radius eps
    around every point, whatever the other coordinates. *)
Theorem stable_exists d eps (data : list (R * bool)) : (1 <= d)%nat -> 0 <= eps -> apart_by (2 * eps) (map fst data) ->
  NN d [(2 * changes (map snd data))%nat] (stable_network d eps data) /\
  forall t b s x, In (t, b) data -> Rabs (s - t) <= eps -> eval (stable_network d eps data) (s :: x) = b2r b.
Proof.
  intros Hd He HA. split.
  - unfold NN, stable_network, ramps; cbn [fst snd fits_hidden].
    assert (L : forall l, length (flat_map (ramp_neurons d) l) = (2 * length l)%nat) by (induction l; simpl in *; lia).
    assert (W : forall l, length (flat_map ramp_weights l) = (2 * length l)%nat) by (induction l; simpl in *; lia).
    assert (C : length (changes_at eps data) = changes (map snd data)).
    { clear. induction data as [| [t a] [| [u b] l] IH]; auto. rewrite changes_cons, app_length, IH. cbn [map snd changes].
      unfold differ. destruct (Bool.eqb a b); reflexivity. }
    rewrite L, W, C. repeat split; auto. apply Forall_forall. intros u Hu. apply in_flat_map in Hu. destruct Hu as [q [_ Hq]].
    destruct Hq as [<- | [<- | []]]; simpl; rewrite repeat_length; lia.
  - intros t b s x I Hs. unfold stable_network. rewrite ramps_eval by auto. destruct data as [| [t0 a0] data]; [destruct I|].
    apply (sum_at eps data He t0 a0 HA t b s I Hs).
Qed.
