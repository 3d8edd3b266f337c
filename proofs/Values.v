(** What the checker computes, in real numbers: evaluation, costs, one network, points. *)
From Coq Require Import Reals Lra Lia List ZArith Binomial Bool Sorted.
From OneHalf Require Import Statement Algorithm Probability Theorem1 Pieces Network Errors Witness Costs Oracles Policies Training Limit
  LinearProgram Programs Certificate Code.
Import ListNotations.

Lemma bools_eqb_spec l m : bools_eqb l m = true -> l = m.
Proof.
  unfold bools_eqb. rewrite andb_true_iff, Nat.eqb_eq. intros [E H]. revert m E H.
  induction l as [| x l IH]; intros [| y m] E H; try discriminate; auto. simpl in H. apply andb_prop in H. destruct H as [H1 H2].
  apply eqb_prop in H1. simpl in H1. subst. f_equal. apply IH; auto.
Qed.
Lemma nats_eqb_spec l m : nats_eqb l m = true -> l = m.
Proof.
  unfold nats_eqb. rewrite andb_true_iff, Nat.eqb_eq. intros [E H]. revert m E H.
  induction l as [| x l IH]; intros [| y m] E H; try discriminate; auto. simpl in H. apply andb_prop in H. destruct H as [H1 H2].
  apply Nat.eqb_eq in H1. subst. f_equal. apply IH; auto.
Qed.
Lemma nth_error_seq n j : (j < n)%nat -> nth_error (seq 0 n) j = Some j.
Proof. intros H. rewrite (nth_error_nth' _ 0%nat) by (now rewrite seq_length). now rewrite seq_nth. Qed.
Lemma in_places {A} (l : list A) n j x : length l = n -> nth_error l j = Some x -> In (j, x) (combine (seq 0 n) l).
Proof.
  intros E H. assert (L : (j < n)%nat) by (rewrite <- E; apply nth_error_Some; congruence).
  apply (nth_error_In _ j). revert E H L. assert (G : forall s j n, length l = n -> nth_error l j = Some x -> nth_error (combine (seq s n) l) j = Some (s + j, x)%nat).
  { clear. induction l as [| y l IH]; intros s [| j] [| n] E H; try discriminate.
    - simpl in *. injection H as ->. now rewrite Nat.add_0_r.
    - simpl in *. rewrite (IH (S s) j n) by (auto; lia). f_equal. f_equal. lia. }
  intros E H _. rewrite (G 0%nat j n E H). reflexivity.
Qed.
Lemma places_in {A} (l : list A) n j x : In (j, x) (combine (seq 0 n) l) -> nth_error l j = Some x.
Proof.
  assert (G : forall s, In (j, x) (combine (seq s n) l) -> (s <= j)%nat /\ nth_error l (j - s) = Some x).
  { revert l. induction n as [| n IH]; intros [| y l] s H; simpl in H; try tauto. destruct H as [H | H].
    - injection H as -> ->. rewrite Nat.sub_diag. split; [lia | reflexivity].
    - destruct (IH l (S s) H) as [L E]. split; [lia|]. now replace (j - s)%nat with (S (j - S s)) by lia. }
  intros H. destruct (G 0%nat H) as [_ E]. now rewrite Nat.sub_0_r in E.
Qed.

Module Values (T : INTS).
  Module X := Code T.
  Import X.
  Local Infix "+!" := T.add (at level 50, left associativity).
  Local Infix "-!" := T.sub (at level 50, left associativity).
  Local Infix "*!" := T.mul (at level 40, left associativity).
  Open Scope R_scope.

  (** * The value of an integer *)
  Definition val (x : int) : R := IZR (T.to_Z x).
  Lemma val_add x y : val (x +! y) = val x + val y. Proof. unfold val. now rewrite T.add_spec, plus_IZR. Qed.
  Lemma val_sub x y : val (x -! y) = val x - val y. Proof. unfold val. now rewrite T.sub_spec, minus_IZR. Qed.
  Lemma val_mul x y : val (x *! y) = val x * val y. Proof. unfold val. now rewrite T.mul_spec, mult_IZR. Qed.
  Lemma val_of z : val (T.of_Z z) = IZR z. Proof. unfold val. now rewrite T.of_spec. Qed.
  Lemma val_zero : val zero = 0. Proof. apply val_of. Qed.
  Lemma val_max x y : val (T.max x y) = Rmax (val x) (val y).
  Proof.
    unfold val. rewrite T.max_spec. destruct (Z.max_spec (T.to_Z x) (T.to_Z y)) as [[L ->] | [L ->]].
    - rewrite Rmax_right; auto. apply IZR_le; lia.
    - rewrite Rmax_left; auto. now apply IZR_le.
  Qed.
  Lemma val_leb x y : T.leb x y = true <-> val x <= val y.
  Proof. rewrite T.leb_spec, Z.leb_le. unfold val. split; [apply IZR_le | apply le_IZR]. Qed.

  (** * Evaluation *)
  Definition over (D : R) (x : list int) : list R := map (fun z => val z / D) x.
  Definition rneuron (E : R) (n : list int * int) : neuron := (over E (fst n), val (snd n) / E).

  Lemma dot_spec E n D x : 0 < E -> 0 < val D -> affine (rneuron E n) (over (val D) x) = val (dot n D x) / (E * val D).
  Proof.
    intros HE HD. destruct n as [w b]. unfold affine, dot, rneuron, over; cbn [fst snd]. revert x.
    induction w as [| u w IH]; intros [| z x]; cbn [map combine fold_right fst snd]; try (rewrite val_mul; field; lra).
    rewrite IH, val_add, val_mul. field; lra.
  Qed.

  Lemma relu_over y D : 0 < D -> relu (y / D) = Rmax y 0 / D.
  Proof.
    intros HD. unfold relu. assert (0 < / D) by (now apply Rinv_0_lt_compat). unfold Rdiv.
    unfold Rmax. destruct (Rle_dec y 0), (Rle_dec (y * / D) 0); nra.
  Qed.

  Definition rnet (phi : list (int * list (list int * int)) * (int * (list int * int))) : network :=
    (map (fun l => map (rneuron (val (fst l))) (snd l)) (fst phi), rneuron (val (fst (snd phi))) (snd (snd phi))).

  Lemma value_spec phi x : Forall (fun l => 0 < val (fst l)) (fst phi) -> 0 < val (fst (snd phi)) -> 0 < val (fst x) ->
    0 < val (fst (value phi x)) /\ eval (rnet phi) (over (val (fst x)) (snd x)) = val (snd (value phi x)) / val (fst (value phi x)).
  Proof.
    destruct phi as [hid [E out]]. unfold eval, rnet, value; cbn [fst snd]. intros HH HE.
    revert x. induction HH as [| l hid Hl HH IH]; intros x Hx; cbn [map fold_left].
    - cbn [fst snd]. rewrite val_mul. split; [now apply Rmult_lt_0_compat|]. rewrite dot_spec by auto. reflexivity.
    - assert (Hy : 0 < val (fst (step l x))) by (unfold step; cbn [fst]; rewrite val_mul; now apply Rmult_lt_0_compat).
      specialize (IH (step l x) Hy).
      assert (Q : layer (map (rneuron (val (fst l))) (snd l)) (over (val (fst x)) (snd x)) = over (val (fst (step l x))) (snd (step l x))).
      { unfold layer, over at 2, step; cbn [fst snd]. rewrite !map_map. apply map_ext. intros n.
        rewrite dot_spec by auto. rewrite val_max, val_mul, val_zero. apply relu_over. now apply Rmult_lt_0_compat. }
      rewrite Q. exact IH.
  Qed.

  Lemma real_of phi : rnet (of_net phi) = real phi.
  Proof.
    destruct phi as [hid [E [w b]]]. unfold rnet, of_net, real, real_neuron, rneuron, over, Q2R, of_neuron; cbn [fst snd].
    f_equal.
    - rewrite map_map. apply map_ext. intros [F l]; cbn [fst snd]. rewrite map_map. apply map_ext. intros [u z]; cbn [fst snd].
      rewrite map_map, !val_of. f_equal. apply map_ext. intros; now rewrite val_of.
    - rewrite map_map, !val_of. f_equal. apply map_ext. intros; now rewrite val_of.
  Qed.

  Lemma fits_spec d N hid out : fits d N hid out = true -> NN d N (real (hid, out)).
  Proof.
    unfold NN, real; cbn [fst snd]. revert d hid.
    induction N as [| n N IH]; intros d [| l hid]; cbn [fits map fits_hidden]; try discriminate.
    - unfold real_neuron; cbn [fst]. rewrite map_length. apply Nat.eqb_eq.
    - rewrite !andb_true_iff, Nat.leb_le, map_length, forallb_forall, Forall_map, Forall_forall.
      unfold real_neuron at 2; cbn [fst]. setoid_rewrite Nat.eqb_eq. setoid_rewrite map_length. intros [[H1 H2] H3]. auto.
  Qed.

  (** * Costs *)
  Definition ratio (Ds : int * int) : R := val (snd Ds) / val (fst Ds).
  Definition sound_list (l : list (int * int)) := Forall (fun Ds => 0 < val (fst Ds)) l.

  Lemma val_absolute x : val (absolute x) = Rabs (val x).
  Proof.
    unfold absolute. rewrite val_max, val_sub, val_zero. unfold Rmax, Rabs.
    destruct (Rle_dec _ _), (Rcase_abs _); lra.
  Qed.

  Lemma abs_ratio x D : 0 < D -> Rabs (x / D) = Rabs x / D.
  Proof. intros H. unfold Rdiv. rewrite Rabs_mult, (Rabs_right (/ D)); auto. left. now apply Rinv_0_lt_compat. Qed.

  Lemma sum_spec l : sound_list l -> 0 < val (fst (sum l)) /\ ratio (sum l) = total (map (fun Ds => Rabs (ratio Ds)) l).
  Proof.
    unfold sum, total, ratio. induction 1 as [| [D s] l HD H [IH1 IH2]]; cbn [fold_right map fst snd] in *.
    - rewrite val_of, val_zero. split; [simpl; lra | unfold Rdiv; ring].
    - rewrite val_add, !val_mul, val_absolute. split; [now apply Rmult_lt_0_compat|]. rewrite <- IH2, abs_ratio by auto. field. lra.
  Qed.

  Lemma prod_spec l : sound_list l -> 0 < val (fst (prod l)) /\ ratio (prod l) = product (map (fun Ds => 1 - ratio Ds) l).
  Proof.
    unfold prod, product, ratio. induction 1 as [| [D s] l HD H [IH1 IH2]]; cbn [fold_right map fst snd] in *.
    - rewrite val_of. split; [simpl; lra | simpl; field].
    - rewrite !val_mul, val_sub. split; [now apply Rmult_lt_0_compat|]. rewrite <- IH2. field. lra.
  Qed.

  Lemma frac_le s D p q : 0 < D -> 0 < q -> (q * s <= p * D <-> s / D <= p / q).
  Proof.
    intros HD Hq. split; intros L.
    - apply (Rmult_le_reg_r (D * q)); [now apply Rmult_lt_0_compat|].
      replace (s / D * (D * q)) with (q * s) by (field; lra). replace (p / q * (D * q)) with (p * D) by (field; lra). auto.
    - apply (Rmult_le_compat_r (D * q)) in L; [| apply Rlt_le; now apply Rmult_lt_0_compat].
      replace (s / D * (D * q)) with (q * s) in L by (field; lra). replace (p / q * (D * q)) with (p * D) in L by (field; lra). auto.
  Qed.

  Lemma at_most_spec pq Ds : 0 < val (snd pq) -> 0 < val (fst Ds) -> (at_most pq Ds = true <-> ratio Ds <= val (fst pq) / val (snd pq)).
  Proof. intros Hq HD. unfold at_most, ratio. rewrite val_leb, !val_mul. now apply frac_le. Qed.

  Lemma forallb_Forall {A} (p : A -> bool) (Q : A -> Prop) l : (forall x, In x l -> (p x = true <-> Q x)) -> (forallb p l = true <-> Forall Q l).
  Proof. intros H. rewrite forallb_forall, Forall_forall. split; intros G x I; apply (H x I); auto. Qed.

  Definition cost_real (cost : cost_name) (t : R) (l : list R) : Prop :=
    match cost with
    | Maximum => Forall (fun e => Rabs e <= t) l
    | MeanAbsolute => total (map Rabs l) <= t
    | MeanSquared => total (map (fun e => e * e) l) <= t * t
    | CrossEntropy => Forall (fun e => 0 <= e <= 1) l /\ 1 - t <= product (map (fun e => 1 - e) l)
    end.

  Lemma cost_spec cost pq l : 0 < val (snd pq) -> sound_list l ->
    (cost_ok cost pq l = true <-> cost_real cost (val (fst pq) / val (snd pq)) (map ratio l)).
  Proof.
    intros Hq Hl. assert (Hl' := Hl). unfold sound_list in Hl'. rewrite Forall_forall in Hl'. destruct cost; unfold cost_ok, cost_real.
    - rewrite Forall_map. apply forallb_Forall. intros Ds I. rewrite at_most_spec; [| exact Hq | cbn [fst]; now apply Hl'].
      unfold ratio; cbn [fst snd]. rewrite val_absolute, abs_ratio by (now apply Hl'). tauto.
    - destruct (sum_spec l Hl) as [S1 S2]. rewrite at_most_spec, S2, map_map by auto. tauto.
    - assert (Hs : sound_list (map square l)).
      { unfold sound_list. rewrite Forall_map. eapply Forall_impl; [| exact Hl]. intros Ds H. unfold square; cbn [fst]. rewrite val_mul. now apply Rmult_lt_0_compat. }
      destruct (sum_spec _ Hs) as [S1 S2]. cbv zeta. rewrite at_most_spec by (auto; unfold square; cbn [snd]; rewrite val_mul; now apply Rmult_lt_0_compat).
      rewrite S2. unfold square at 2 3; cbn [fst snd]. rewrite !val_mul.
      replace (val (fst pq) * val (fst pq) / (val (snd pq) * val (snd pq))) with (val (fst pq) / val (snd pq) * (val (fst pq) / val (snd pq))) by (field; lra).
      rewrite !map_map.
      replace (map (fun x => Rabs (ratio (square x))) l) with (map (fun x => ratio x * ratio x) l); [tauto|].
      apply map_ext_in. intros Ds I. specialize (Hl' Ds I). unfold ratio, square; cbn [fst snd]. rewrite !val_mul.
      rewrite Rabs_right; [field; lra|]. apply Rle_ge. replace (val (snd Ds) * val (snd Ds) / (val (fst Ds) * val (fst Ds)))
        with ((val (snd Ds) / val (fst Ds)) * (val (snd Ds) / val (fst Ds))) by (field; lra). nra.
    - destruct (prod_spec l Hl) as [S1 S2]. cbv zeta. rewrite andb_true_iff, val_leb, !val_mul, val_sub, Forall_map, map_map, <- S2.
      rewrite (forallb_Forall _ (fun Ds => 0 <= ratio Ds <= 1)).
      + assert (E : (val (snd pq) - val (fst pq)) * val (fst (prod l)) <= val (snd pq) * val (snd (prod l)) <->
                  1 - val (fst pq) / val (snd pq) <= ratio (prod l)); [| tauto].
        unfold ratio. replace (1 - val (fst pq) / val (snd pq)) with ((val (snd pq) - val (fst pq)) / val (snd pq)) by (field; lra).
        rewrite <- (frac_le (val (snd pq) - val (fst pq)) (val (snd pq)) (val (snd (prod l))) (val (fst (prod l)))) by auto.
        rewrite (Rmult_comm (val (fst (prod l)))), (Rmult_comm (val (snd (prod l)))). tauto.
      + intros Ds I. specialize (Hl' Ds I). unfold ratio. rewrite andb_true_iff, !val_leb, val_zero.
        assert (A := frac_le (val (snd Ds)) (val (fst Ds)) 1 1 Hl' ltac:(lra)). assert (B := frac_le 0 1 (val (snd Ds)) (val (fst Ds)) ltac:(lra) Hl').
        unfold Rdiv in *. rewrite ?Rinv_1, ?Rmult_0_l, ?Rmult_0_r, ?Rmult_1_l, ?Rmult_1_r in *. tauto.
  Qed.

  Lemma pow2_IZR n : IZR (2 ^ Z.of_nat n) = 2 ^ n.
  Proof. rewrite <- pow_IZR. reflexivity. Qed.
  Lemma pow10_IZR n : IZR (10 ^ Z.of_nat n) = 10 ^ n.
  Proof. rewrite <- pow_IZR. reflexivity. Qed.

  Lemma between_spec p q r : proper p = true -> proper q = true -> proper r = true -> between p q r = true -> Q2R p <= Q2R q <= Q2R r.
  Proof.
    unfold proper, between, Q2R. intros Hp Hq Hr H. apply Z.ltb_lt in Hp, Hq, Hr.
    apply andb_prop in H. destruct H as [H1 H2]. apply Z.leb_le in H1, H2.
    apply IZR_lt in Hp, Hq, Hr. apply IZR_le in H1, H2. rewrite !mult_IZR in H1, H2.
    split; [apply (proj1 (frac_le _ _ _ _ Hp Hq)) | apply (proj1 (frac_le _ _ _ _ Hq Hr))]; lra.
  Qed.
  Lemma below_half_spec q : proper q = true -> below_half q = true -> 0 < Q2R q < 1 / 2.
  Proof.
    unfold proper, below_half, Q2R. rewrite andb_true_iff, !Z.ltb_lt. intros H [H1 H2]. apply IZR_lt in H, H1, H2. rewrite mult_IZR in H2.
    split; [now apply Rdiv_lt_0_compat|]. apply (Rmult_lt_reg_r (IZR (snd q))); auto. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
  Qed.

  (** * One network of the training problem *)
  Section Training.
    Context (a kappa tol : rational) (dim : nat) (hidden : list nat) (r e : nat) (cost : cost_name).
    Hypothesis Pa : 0 < IZR (snd a).
    Hypothesis Pk : 0 < IZR (snd kappa).
    Hypothesis Pt : 0 < IZR (snd tol).
    Hypothesis BA : 1 / 2 <= Q2R a <= 1.
    Hypothesis BK : 1 / 4 <= Q2R kappa <= 3 / 4.
    Hypothesis BT : 0 < Q2R tol < 1 / 2.
    Hypothesis Hd : (2 <= dim)%nat.
    Hypothesis HN : hidden <> [].
    Hypothesis HF : Forall (fun n => (0 < n)%nat) hidden.
    Hypothesis Hr : (P hidden + 2 <= r)%nat.
    Let A := Q2R a.
    Let K := Q2R kappa.
    Let delta := / 2 ^ e.

    Lemma coordinates_spec j k :
      0 < IZR (fst (coordinates a kappa dim e j k)) /\
      map (fun z => IZR z / IZR (fst (coordinates a kappa dim e j k))) (snd (coordinates a kappa dim e j k)) = point A K delta dim j k.
    Proof.
      unfold coordinates, big_x1, point, place, x1, x2, A, K, Q2R, delta in *; cbn [fst snd].
      set (n := (fst a * snd kappa)%Z). set (d := (snd a * ((Z.of_nat k + 2) * snd kappa - fst kappa))%Z).
      assert (Hk := pos_INR k). set (u := IZR (snd kappa)) in *. set (v := IZR (fst kappa)) in *.
      assert (Ev : v = v / u * u) by (field; lra).
      assert (Ed : IZR d = IZR (snd a) * (u * (INR k + 2 - v / u))).
      { unfold d. rewrite mult_IZR, minus_IZR, mult_IZR, plus_IZR, <- INR_IZR_INZ. fold u v. f_equal. rewrite Ev at 1. simpl. ring. }
      assert (Hpd : 0 < IZR d) by (rewrite Ed; repeat apply Rmult_lt_0_compat; lra).
      assert (Hp : 0 < 2 ^ e) by (apply pow_lt; lra).
      rewrite mult_IZR, pow2_IZR. split; [now apply Rmult_lt_0_compat|]. cbn [map].
      f_equal; [| f_equal].
      - rewrite mult_IZR, pow2_IZR, Ed. unfold n. rewrite mult_IZR. fold u. field. repeat split; try lra; nra.
      - unfold high. destruct j; try destruct (label k); simpl; field; lra.
      - clear. induction (dim - 2)%nat as [| m IH]; simpl; auto. f_equal; auto. unfold Rdiv. apply Rmult_0_l.
    Qed.

    Definition errors_of (j : input) (phi : net) : list (int * int) :=
      map (fun xl => inward (value (of_net phi) (fst xl)) (snd xl)) (table a kappa dim e r j).

    Lemma errors_of_spec j phi : Forall (fun l => 0 < IZR (fst l)) (fst phi) -> 0 < IZR (fst (snd phi)) ->
      sound_list (errors_of j phi) /\
      map ratio (errors_of j phi) = map (fun k => let v := eval (real phi) (point A K delta dim j k) in if label k then 1 - v else v) (seq 0 r).
    Proof.
      intros F2 F3. unfold errors_of, sound_list, table.
      assert (E : forall k, let V := value (of_net phi) (T.of_Z (fst (coordinates a kappa dim e j k)), map T.of_Z (snd (coordinates a kappa dim e j k))) in
                0 < val (fst V) /\ eval (real phi) (point A K delta dim j k) = ratio V).
      { intros k. destruct (coordinates_spec j k) as [C1 C2].
        destruct (value_spec (of_net phi) (T.of_Z (fst (coordinates a kappa dim e j k)), map T.of_Z (snd (coordinates a kappa dim e j k)))) as [V1 V2].
        - unfold of_net; cbn [fst]. apply Forall_map. eapply Forall_impl; [| exact F2]. intros l Hl; cbn [fst]. now rewrite val_of.
        - unfold of_net; cbn [fst snd]. now rewrite val_of.
        - cbn [fst]. now rewrite val_of.
        - split; auto. unfold ratio. rewrite <- V2, real_of. unfold over; cbn [fst snd]. rewrite map_map, val_of.
          rewrite (map_ext _ (fun z => IZR z / IZR (fst (coordinates a kappa dim e j k)))) by (intros; now rewrite val_of). now rewrite C2. }
      rewrite !map_map. split.
      - rewrite Forall_map. apply Forall_forall. intros k _. destruct (E k) as [E1 _]. destruct (coordinates a kappa dim e j k); exact E1.
      - apply map_ext. intros k. destruct (E k) as [E1 E2]. cbv zeta. rewrite E2. destruct (coordinates a kappa dim e j k) as [D x].
        unfold inward, ratio; cbn [fst snd] in *. destruct (label k); [rewrite val_sub; field; lra | reflexivity].
    Qed.

    Lemma outputs_errors phi j : errors (Statement.outputs A K delta dim r phi j) (labels r)
      = map Rabs (map (fun k => let v := eval phi (point A K delta dim j k) in if label k then 1 - v else v) (seq 0 r)).
    Proof.
      unfold errors, Statement.outputs, labels. rewrite map_map. induction (seq 0 r) as [| k l IH]; simpl; auto. rewrite IH. f_equal.
      destruct (label k); simpl; [apply Rabs_minus_sym | now rewrite Rminus_0_r].
    Qed.

    Lemma cost_real_spec phi j : let E := map (fun k => let v := eval phi (point A K delta dim j k) in if label k then 1 - v else v) (seq 0 r) in
      cost_of cost (threshold cost r (Q2R tol)) (Statement.outputs A K delta dim r phi j) (labels r) <-> cost_real cost (Q2R tol) E.
    Proof.
      intros E. assert (P0 : 0 < INR r) by (apply lt_0_INR; lia).
      destruct cost; simpl; unfold maximum_error, mean_absolute, mean_squared, cross_entropy; rewrite outputs_errors, ?labels_length; fold E.
      - rewrite Forall_map. tauto.
      - rewrite div_le by auto. replace (Q2R tol / INR r * INR r) with (Q2R tol) by (field; lra). tauto.
      - rewrite div_le, map_map by auto. replace (Q2R tol * Q2R tol / INR r * INR r) with (Q2R tol * Q2R tol) by (field; lra).
        replace (map (fun x => Rabs x * Rabs x) E) with (map (fun e => e * e) E); [tauto|]. apply map_ext. intros x.
        unfold Rabs. destruct (Rcase_abs x); ring.
      - replace (- (INR r * (- ln (1 - Q2R tol) / INR r))) with (ln (1 - Q2R tol)) by (field; lra). rewrite exp_ln by lra.
        assert (Q : Forall (fun z => 0 <= z <= 1) (Statement.outputs A K delta dim r phi j) <-> Forall (fun x => 0 <= x <= 1) E).
        { unfold Statement.outputs, E. rewrite !Forall_map, !Forall_forall. split; intros H k I; specialize (H k I); cbv zeta in *; destruct (label k); lra. }
        rewrite Q. split; intros [H1 H2]; split; auto.
        + replace (map (fun e => 1 - e) E) with (map (fun e => 1 - e) (map Rabs E)); auto. rewrite map_map. apply map_ext_in. intros x I.
          rewrite Forall_forall in H1. specialize (H1 x I). rewrite Rabs_right by lra. reflexivity.
        + replace (map (fun e => 1 - e) (map Rabs E)) with (map (fun e => 1 - e) E); auto. rewrite map_map. apply map_ext_in. intros x I.
          rewrite Forall_forall in H1. specialize (H1 x I). rewrite Rabs_right by lra. reflexivity.
    Qed.

    Lemma network_spec j phi : (j = Zero -> cost = Maximum) ->
      Forall (fun l => 0 < IZR (fst l)) (fst phi) -> 0 < IZR (fst (snd phi)) -> NN dim hidden (real phi) ->
      (cost_ok cost (level tol j) (errors_of j phi) = true <->
       acceptable (cost_of cost) (threshold cost r (Q2R tol)) A K delta dim r hidden j (real phi)).
    Proof.
      intros HZ F2 F3 M. destruct (errors_of_spec j phi F2 F3) as [S1 S2].
      assert (Hde : 0 < delta) by (apply Rinv_0_lt_compat, pow_lt; lra). unfold A, K in *.
      assert (Lv : 0 < val (snd (level tol j))) by (destruct j; cbn [level snd]; rewrite val_of, ?mult_IZR; lra).
      rewrite cost_spec, S2 by auto.
      destruct (match j with Zero => true | _ => false end) eqn:Z.
      - destruct j; try discriminate. rewrite (HZ eq_refl). cbn [cost_of threshold].
        rewrite acceptable_limit by (auto; lra). cbn [level fst snd]. rewrite !val_of, plus_IZR, !mult_IZR.
        replace ((IZR (snd tol) + 2 * IZR (fst tol)) / (2 * IZR (snd tol))) with (1 / 2 + Q2R tol) by (unfold Q2R; field; lra).
        unfold maximum_error. rewrite outputs_errors, Forall_map. simpl. tauto.
      - assert (Hj : j <> Zero) by (destruct j; congruence).
        rewrite (acceptable_iff (cost_of cost) (Q2R tol)) by (auto; try lia; apply costs; lra || lia).
        assert (CS := cost_real_spec (real phi) j). cbv zeta in CS. unfold A, K in CS. rewrite CS. clear CS.
        replace (val (fst (level tol j)) / val (snd (level tol j))) with (Q2R tol); [tauto|].
        destruct j; try congruence; cbn [level fst snd]; rewrite !val_of; reflexivity.
    Qed.
  End Training.

  (** * Points *)
  Lemma close_to_spec tol x y : proper tol = true -> proper x = true -> proper y = true -> (close_to tol x y = true <-> Rabs (Q2R x - Q2R y) <= Q2R tol).
  Proof.
    unfold proper, close_to, Q2R. rewrite !Z.ltb_lt, andb_true_iff, !Z.leb_le. intros Ht Hx Hy. apply IZR_lt in Ht, Hx, Hy.
    set (D := IZR (snd x) * IZR (snd y)). assert (HD : 0 < D) by (now apply Rmult_lt_0_compat).
    set (v := IZR (fst x) / IZR (snd x) - IZR (fst y) / IZR (snd y)).
    assert (E : IZR (snd tol * (fst x * snd y - fst y * snd x)) = IZR (snd tol) * (v * D)) by (rewrite mult_IZR, minus_IZR, !mult_IZR; unfold v, D; field; lra).
    assert (M : IZR (fst tol * (snd x * snd y)) = IZR (fst tol) * D) by (now rewrite !mult_IZR).
    assert (T0 : IZR (fst tol) = IZR (fst tol) / IZR (snd tol) * IZR (snd tol)) by (field; lra).
    set (t := IZR (fst tol) / IZR (snd tol)) in *. set (q := IZR (snd tol)) in *.
    assert (Hq : 0 < q * D) by (now apply Rmult_lt_0_compat).
    split.
    - intros [H1 H2]. apply IZR_le in H1, H2. rewrite opp_IZR, E, M in *. rewrite T0 in *. apply Rabs_le. split; nra.
    - intros H. assert (B : - t <= v <= t) by (unfold Rabs in H; destruct (Rcase_abs v); lra).
      split; apply le_IZR; rewrite ?opp_IZR, E, M, T0; nra.
  Qed.

  Lemma near_all_spec tol x y : proper tol = true -> forallb proper x = true -> forallb proper y = true ->
    (near_all tol x y = true <-> near (Q2R tol) (map Q2R x) (map Q2R y)).
  Proof.
    intros Ht. unfold near_all, near. revert y. induction x as [| u x IH]; intros [| v y]; cbn [forallb map length combine Nat.eqb andb]; intros Hx Hy.
    - split; auto.
    - split; [discriminate | intros H; inversion H].
    - split; [discriminate | intros H; inversion H].
    - apply andb_prop in Hx, Hy. destruct Hx as [Hu Hx], Hy as [Hv Hy]. specialize (IH y Hx Hy). cbn [fst snd]. rewrite !andb_true_iff in *.
      rewrite close_to_spec by auto. split.
      + intros [L [H1 H2]]. constructor; auto. apply IH. auto.
      + intros H. inversion H; subst. apply IH in H5. tauto.
  Qed.

  Lemma vertex_target_spec k j : map Q2R (vertex_target k j) = vertex k j /\ forallb proper (vertex_target k j) = true.
  Proof.
    unfold vertex_target, vertex. split.
    - rewrite map_map. apply map_ext. intros i. unfold Q2R. destruct (Nat.eqb i j); cbn [fst snd]; field.
    - apply forallb_forall. intros q I. apply in_map_iff in I. destruct I as [i [<- _]]. destruct (Nat.eqb i j); reflexivity.
  Qed.

  Lemma lp_target_spec e y j : proper y = true -> map Q2R (lp_target e y j) = lp_solution (/ 2 ^ e) (Q2R y) j /\ forallb proper (lp_target e y j) = true.
  Proof.
    unfold proper. intros Hy. assert (Hy' := Hy). apply Z.ltb_lt in Hy. assert (Q := pow2 e). unfold lp_target, lp_solution.
    assert (P2 : (0 < 2 ^ Z.of_nat e)%Z) by (apply Z.pow_pos_nonneg; lia).
    destruct (Nat.eqb j 0); cbn [map forallb]; unfold Q2R; cbn [fst snd]; split.
    - apply IZR_lt in Hy. rewrite !mult_IZR, plus_IZR, pow2_IZR. f_equal; [field|]. f_equal. field. repeat split; try lra.
    - unfold proper; cbn [snd]. rewrite andb_true_r. apply Z.ltb_lt. nia.
    - f_equal. f_equal. field.
    - unfold proper. now rewrite Hy'.
  Qed.
End Values.
