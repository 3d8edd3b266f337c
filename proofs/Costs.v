(** The four costs: each vanishes at the labels, and R <= threshold forces every error to be at most tol. *)
From Coq Require Import Reals Lra Lia List.
From OneHalf Require Import Statement.
Import ListNotations.
Open Scope R_scope.

Lemma errors_same w : Forall (fun e => e = 0) (errors w w).
Proof. unfold errors. induction w; simpl; constructor; auto. simpl. rewrite Rminus_diag_eq by auto. apply Rabs_R0. Qed.
Lemma total_zero l : Forall (fun e => e = 0) l -> total l = 0.
Proof. unfold total. induction 1; simpl; lra. Qed.
Lemma total_bound l c : Forall (fun e => 0 <= e) l -> total l <= c -> Forall (fun e => e <= c) l.
Proof.
  intros H T. assert (G : 0 <= total l /\ Forall (fun e => e <= total l) l).
  { clear T. unfold total. induction H as [| e l He H [G1 G2]]; simpl; [split; [lra | constructor]|].
    split; [lra|]. constructor; [lra|]. eapply Forall_impl; [| exact G2]. intros; simpl in *; lra. }
  eapply Forall_impl; [| exact (proj2 G)]. intros; simpl in *; lra.
Qed.
Lemma errors_pos v w : Forall (fun e => 0 <= e) (errors v w).
Proof. unfold errors. apply Forall_forall. intros e He. apply in_map_iff in He. destruct He as [x [<- _]]. apply Rabs_pos. Qed.
Lemma errors_near v w c : Forall (fun e => e <= c) (errors v w) -> Forall (fun vw => Rabs (fst vw - snd vw) <= c) (combine v w).
Proof. unfold errors. intros H. apply Forall_map in H. exact H. Qed.


Lemma errors_length v w : length v = length w -> length (errors v w) = length w.
Proof. intros E. unfold errors. rewrite map_length, combine_length, E. apply Nat.min_id. Qed.

Lemma total_pos l : Forall (fun e => 0 <= e) l -> 0 <= total l.
Proof. unfold total. induction 1; simpl; lra. Qed.

Lemma div_le x c r : 0 < r -> (x / r <= c <-> x <= c * r).
Proof.
  intros H. split; intros L.
  - apply (Rmult_le_compat_r r) in L; [| lra]. unfold Rdiv in L. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in L by lra. exact L.
  - apply (Rmult_le_reg_r r); auto. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. exact L.
Qed.

Lemma maximum_error_cost r tol : 0 <= tol -> (0 < r)%nat -> cost_function r tol tol maximum_error.
Proof.
  intros Ht Hr. split.
  - intros w _ _. eapply Forall_impl; [| apply errors_same]. intros; simpl in *; lra.
  - intros c v w E1 E2 _ H. assert (L := errors_length v w ltac:(congruence)). unfold maximum_error in H.
    assert (Q := errors_pos v w). destruct (errors v w) as [| e l]; [simpl in L; lia|].
    inversion H; inversion Q; subst. lra.
  - intros c c' v w L H. eapply Forall_impl; [| exact H]. intros; simpl in *; lra.
  - intros v w _ _ _ H. now apply errors_near.
Qed.

Lemma mean_absolute_cost r tol : 0 <= tol -> (0 < r)%nat -> cost_function r tol (tol / INR r) mean_absolute.
Proof.
  intros Ht Hr. assert (P0 : 0 < INR r) by (apply lt_0_INR; lia). unfold mean_absolute. split.
  - intros w _ _. rewrite total_zero by apply errors_same. lra.
  - intros c v w E1 E2 _ H. rewrite E2 in H. apply (div_le _ _ _ P0) in H. assert (Q := total_pos _ (errors_pos v w)). nra.
  - intros; lra.
  - intros v w E1 E2 _ H. rewrite E2 in H. apply errors_near, total_bound; [apply errors_pos|].
    apply (div_le _ _ _ P0) in H. replace (tol / INR r * INR r) with tol in H by (field; lra). exact H.
Qed.

Lemma squares_pos l : Forall (fun e => 0 <= e) (map (fun e => e * e) l).
Proof. induction l; simpl; constructor; auto. nra. Qed.

Lemma mean_squared_cost r tol : 0 <= tol -> (0 < r)%nat -> cost_function r tol (tol * tol / INR r) mean_squared.
Proof.
  intros Ht Hr. assert (P0 : 0 < INR r) by (apply lt_0_INR; lia). unfold mean_squared. split.
  - intros w _ _. rewrite total_zero; [lra|]. rewrite Forall_map. eapply Forall_impl; [| apply errors_same]. intros; simpl in *; subst; lra.
  - intros c v w E1 E2 _ H. rewrite E2 in H. apply (div_le _ _ _ P0) in H. assert (Q := total_pos _ (squares_pos (errors v w))). nra.
  - intros; lra.
  - intros v w E1 E2 _ H. rewrite E2 in H. apply (div_le _ _ _ P0) in H. replace (tol * tol / INR r * INR r) with (tol * tol) in H by (field; lra).
    apply errors_near. apply total_bound in H; [| apply squares_pos]. rewrite Forall_map in H.
    assert (Q := errors_pos v w). rewrite Forall_forall in *. intros e He. specialize (H e He). specialize (Q e He). simpl in *. nra.
Qed.

(** A product of numbers in [0, 1] is at most each of them, and lies in [0, 1]. *)
Lemma product_bound l : Forall (fun x => 0 <= x <= 1) l -> 0 <= product l <= 1 /\ Forall (fun x => product l <= x) l.
Proof.
  unfold product. induction 1 as [| x l Hx H [IH1 IH2]]; simpl; [split; [lra | constructor]|].
  split; [nra|]. constructor; [nra|]. eapply Forall_impl; [| exact IH2]. intros y Hy; simpl in *. nra.
Qed.

Lemma errors_small v w : length v = length w -> Forall (fun z => z = 0 \/ z = 1) w -> Forall (fun z => 0 <= z <= 1) v ->
  Forall (fun x => 0 <= x <= 1) (map (fun e => 1 - e) (errors v w)).
Proof.
  intros E Hw. revert v E. unfold errors. induction Hw as [| z w Hz Hw IH]; intros [| x v] E Hv; try discriminate; simpl; constructor; auto.
  - inversion Hv; subst. unfold Rabs. destruct (Rcase_abs (x - z)), Hz; lra.
  - inversion Hv; subst. apply IH; auto.
Qed.

Lemma cross_entropy_cost r tol : 0 <= tol < 1 -> (0 < r)%nat -> cost_function r tol (- ln (1 - tol) / INR r) cross_entropy.
Proof.
  intros Ht Hr. assert (P0 : 0 < INR r) by (apply lt_0_INR; lia). unfold cross_entropy. split.
  - intros w _ Hw. split; [eapply Forall_impl; [| exact Hw]; simpl; intros z [-> | ->]; lra|].
    replace (- (INR (length w) * 0)) with 0 by ring. rewrite exp_0. right.
    assert (Z := errors_same w). induction Z as [| e l He Z IH]; simpl; auto. rewrite He. unfold product in *. simpl. rewrite <- IH. lra.
  - intros c v w E1 E2 Hw [H1 H2]. rewrite E2 in H2.
    assert (Q := proj1 (product_bound _ (errors_small v w ltac:(congruence) Hw H1))).
    apply Rnot_lt_le. intros L. assert (X : exp 0 < exp (- (INR r * c))) by (apply exp_increasing; nra). rewrite exp_0 in X. lra.
  - intros c c' v w L [H1 H2]. split; auto. eapply Rle_trans; [| exact H2].
    assert (X : - (INR (length w) * c') <= - (INR (length w) * c)) by (assert (A := pos_INR (length w)); nra).
    destruct X as [X | X]; [left; now apply exp_increasing | rewrite X; lra].
  - intros v w E1 E2 Hw [H1 H2]. rewrite E2 in H2. replace (- (INR r * (- ln (1 - tol) / INR r))) with (ln (1 - tol)) in H2 by (field; lra).
    rewrite exp_ln in H2 by lra. apply errors_near.
    assert (Q := proj2 (product_bound _ (errors_small v w ltac:(congruence) Hw H1))). rewrite Forall_map in Q.
    eapply Forall_impl; [| exact Q]. intros e He; simpl in *. lra.
Qed.

(** All four, by name. *)
Theorem costs name r tol : 0 <= tol < 1 -> (0 < r)%nat -> cost_function r tol (threshold name r tol) (cost_of name).
Proof.
  intros Ht Hr. destruct name; simpl; [apply maximum_error_cost | apply mean_absolute_cost | apply mean_squared_cost | apply cross_entropy_cost]; auto; lra.
Qed.

(** The product form is the logarithmic one: where every psi is positive (the cost is infinite otherwise),
    R = -(1/r) sum log psi <= c. *)
Theorem cross_entropy_log c v w : (0 < length w)%nat -> Forall (fun z => 0 <= z <= 1) v -> Forall (fun e => e < 1) (errors v w) ->
  (cross_entropy c v w <-> - total (map (fun e => ln (1 - e)) (errors v w)) / INR (length w) <= c).
Proof.
  intros Hr Hv He. assert (P0 : 0 < INR (length w)) by (now apply lt_0_INR).
  assert (G : 0 < product (map (fun e => 1 - e) (errors v w)) /\
              ln (product (map (fun e => 1 - e) (errors v w))) = total (map (fun e => ln (1 - e)) (errors v w))).
  { induction He as [| e l H He [IH1 IH2]]; unfold product, total in *; simpl; [split; [lra | apply ln_1]|].
    split; [nra|]. rewrite ln_mult by lra. now rewrite IH2. }
  destruct G as [G1 G2]. unfold cross_entropy. rewrite div_le by auto. rewrite <- G2. set (p := product _) in *. split.
  - intros [_ H]. destruct H as [H | H].
    + apply ln_increasing in H; [| apply exp_pos]. rewrite ln_exp in H. nra.
    + rewrite <- H, ln_exp. lra.
  - intros H. split; auto. rewrite <- (exp_ln p) by auto.
    assert (X : - (INR (length w) * c) <= ln p) by lra. destruct X as [X | X]; [left; now apply exp_increasing | rewrite X; lra].
Qed.

(** Where some psi is 0 the cost is infinite. *)
Theorem cross_entropy_infinite c v w : In 1 (errors v w) -> ~ cross_entropy c v w.
Proof.
  intros I [_ H]. assert (Z : product (map (fun e => 1 - e) (errors v w)) = 0).
  { clear H. unfold product. induction (errors v w) as [| e l IH]; [destruct I|]. destruct I as [-> | I]; simpl; [lra | rewrite IH by auto; lra]. }
  rewrite Z in H. assert (X := exp_pos (- (INR (length w) * c))). lra.
Qed.
