(** Soundness of the checker: whatever it accepts has the facts. *)
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

Module Make (T : INTS).
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

  (** * The certificate *)
  Section Sound.
    Variable c : certificate.
    Hypothesis Hc : check_problem c = true.
    Hypothesis Hal : proper (alpha c) = true.
    Hypothesis Hdepth : depth c = coupling c.
    Let k := exclusive_inputs c.

    Definition parameters : Prop := match problem c with
      | Training a kappa tol dim hidden points cost =>
          1 / 2 <= Q2R a <= 1 /\ 1 / 4 <= Q2R kappa <= 3 / 4 /\ 0 < Q2R tol < 1 / 2 /\ (2 <= dim)%nat /\ hidden <> [] /\
          Forall (fun n => (0 < n)%nat) hidden /\ (P hidden + 2 <= points)%nat /\ (1 <= exponent c)%nat /\ (limit c = true -> cost = Maximum)
      | Linear_program y K => 0 < Q2R y /\ 2 / 10 ^ K < Q2R y /\ (2 <= exponent c)%nat /\ limit c = false
      | Simplex k tol => (2 <= k)%nat /\ 0 < Q2R tol < 1 / 2 /\ (2 <= exponent c)%nat
      end.
    Definition denominators : Prop := match problem c with
      | Training a kappa tol _ _ _ _ => 0 < IZR (snd a) /\ 0 < IZR (snd kappa) /\ 0 < IZR (snd tol)
      | Linear_program y _ => proper y = true
      | Simplex _ tol => proper tol = true
      end.

    Lemma proper_pos q : proper q = true -> 0 < IZR (snd q).
    Proof. unfold proper. rewrite Z.ltb_lt. apply IZR_lt. Qed.

    Lemma parameters_spec : parameters /\ denominators.
    Proof.
      unfold parameters, denominators. pose proof Hc as H. unfold check_problem in H. destruct (problem c) as [a kappa tol dim hidden points cost | y K | kk tol].
      - rewrite !andb_true_iff, !Nat.leb_le in H.
        destruct H as [[[[[[[[[[[H1 H2] H3] H4] H5] H6] H7] H8] H9] H10] H11] H12].
        assert (B1 := between_spec (1, 2)%Z _ (1, 1)%Z eq_refl H1 eq_refl H4). assert (B2 := between_spec (1, 4)%Z _ (3, 4)%Z eq_refl H2 eq_refl H5).
        assert (B3 := below_half_spec _ H3 H6). unfold Q2R in B1, B2; cbn [fst snd] in B1, B2. fold (Q2R a) in B1. fold (Q2R kappa) in B2.
        split; [| repeat split; now apply proper_pos].
        repeat split; try lra; auto.
        + destruct hidden; [discriminate | congruence].
        + rewrite forallb_forall in H9. apply Forall_forall. intros n Hn. now apply Nat.ltb_lt, H9.
        + intros L. rewrite L in H12. simpl in H12. destruct cost; try discriminate; reflexivity.
      - rewrite !andb_true_iff, Nat.leb_le in H. destruct H as [[[[H1 H2] H3] H4] H5]. split; auto.
        apply Z.ltb_lt in H2, H3. apply IZR_lt in H2, H3. rewrite !mult_IZR, pow10_IZR in H3. assert (Pd := proper_pos _ H1).
        assert (P10 : 0 < 10 ^ K) by (apply pow_lt; lra). unfold Q2R. repeat split; auto.
        + now apply Rdiv_lt_0_compat.
        + apply (Rmult_lt_reg_r (10 ^ K * IZR (snd y))); [now apply Rmult_lt_0_compat|].
          replace (2 / 10 ^ K * (10 ^ K * IZR (snd y))) with (2 * IZR (snd y)) by (field; lra).
          replace (IZR (fst y) / IZR (snd y) * (10 ^ K * IZR (snd y))) with (IZR (fst y) * 10 ^ K) by (field; lra). auto.
        + now apply negb_true_iff.
      - rewrite !andb_true_iff, !Nat.leb_le in H. destruct H as [[[H1 H2] H3] H4]. assert (B := below_half_spec _ H2 H3). repeat split; auto; lra.
    Qed.

    Lemma delta_pos : 0 < / 2 ^ exponent c. Proof. apply Rinv_0_lt_compat, pow2. Qed.

    (** ** Exclusion and the bound *)
    Lemma exclusive_spec : exclusive k (Xi c).
    Proof.
      destruct parameters_spec as [Hp _]. unfold parameters in Hp. unfold k, exclusive_inputs, Xi.
      destruct (problem c) as [a kappa tol dim hidden points cost | y K | kk tol].
      - destruct Hp as [BA [BK [BT [Hd [HN [HF [Hr [He HZ]]]]]]]]. intros i j o [L1 L2] H1 H2.
        replace i with 0%nat in H1 by lia. replace j with 1%nat in H2 by lia. destruct o as [phi | x]; auto. cbn [training_input] in *.
        refine (disjoint (cost_of cost) (Q2R tol) (threshold cost points (Q2R tol)) (Q2R a) (Q2R kappa) (/ 2 ^ exponent c) dim points hidden
          _ _ delta_pos _ HN HF _ _ Hr phi H1 H2); try lra; try lia. apply costs; lra || lia.
      - destruct Hp as [H1 [H2 [H3 H4]]]. intros i j [phi | x] L X1 X2; auto.
        assert (Hd : 0 < / 2 ^ exponent c < 1).
        { split; [apply delta_pos|]. assert (A := double_dyadic 0 (exponent c) ltac:(lia) ltac:(lia)). assert (B := delta_pos). simpl in A. lra. }
        exact (lp_exclusive K (/ 2 ^ exponent c) (Q2R y) Hd H1 H2 i j x L X1 X2).
      - destruct Hp as [H1 [H2 H3]]. intros i j [phi | x] L X1 X2; auto. destruct (Nat.ltb_spec i kk), (Nat.ltb_spec j kk); try lia.
        exact (simplex_exclusive kk (Q2R tol) ltac:(lra) i j x L X1 X2).
    Qed.

    Lemma legal_spec j : (j < k)%nat -> legal (oracle_of c j) (iota c j).
    Proof.
      destruct parameters_spec as [Hp _]. unfold parameters in Hp. unfold k, exclusive_inputs, oracle_of, iota.
      destruct (problem c) as [a kappa tol dim hidden points cost | y K | kk tol]; intros Hj.
      - apply training_legal.
      - apply (program_legal true). lia.
      - destruct (Nat.ltb_spec j kk); [| lia]. apply (program_legal false). lia.
    Qed.

    Lemma coupled_spec j j' i n : (n <= depth c)%nat -> oracle_of c j i n = oracle_of c j' i n.
    Proof.
      rewrite Hdepth. destruct parameters_spec as [Hp _]. unfold parameters in Hp. unfold coupling, oracle_of.
      destruct (problem c) as [a kappa tol dim hidden points cost | y K | kk tol]; intros L.
      - apply training_coupled; auto; tauto.
      - apply program_coupled; auto; tauto.
      - apply program_coupled; auto; tauto.
    Qed.

    Lemma k_pos : (1 <= k)%nat.
    Proof.
      destruct parameters_spec as [Hp _]. unfold parameters in Hp. unfold k, exclusive_inputs. destruct (problem c); lia.
    Qed.

    Lemma dyadic_dec (x y : dyadic) : {x = y} + {x <> y}.
    Proof. decide equality; [apply Nat.eq_dec | apply Z.eq_dec]. Qed.

    Lemma all_alike_dec n (F : nat -> dyadic) : (forall j j', (j < n)%nat -> (j' < n)%nat -> F j = F j') \/ ~ (forall j j', (j < n)%nat -> (j' < n)%nat -> F j = F j').
    Proof.
      assert (G : (forall j, (j < n)%nat -> F j = F 0%nat) \/ exists j, (j < n)%nat /\ F j <> F 0%nat).
      { induction n as [| n [IH | [j [H1 H2]]]]; [left; lia | | right; exists j; split; auto; lia].
        destruct (dyadic_dec (F n) (F 0%nat)) as [E | E]; [left | right; exists n; auto].
        intros j Hj. destruct (Nat.eq_dec j n) as [-> |]; auto. apply IH. lia. }
      destruct G as [G | [j [H1 H2]]].
      - left. intros j j' Hj Hj'. now rewrite (G j), (G j').
      - right. intros H. apply H2, H; lia.
    Qed.

    Lemma telling_alike i j : (i < inputs c)%nat -> (j < inputs c)%nat -> alike_off (telling c) (oracle_of c i) (oracle_of c j).
    Proof.
      intros Hi Hj e n. unfold telling. destruct (all_alike_dec (inputs c) (fun j => oracle_of c j e n)) as [H | H]; [right | now left].
      now apply H.
    Qed.

    Lemma bound_spec : bound_holds c.
    Proof.
      unfold bound_holds. cbv zeta. fold k. split; [exact legal_spec|]. split; [intros; now apply coupled_spec|].
      intros Hl S Gamma M1 M2. assert (Kp := k_pos). assert (E : inputs c = k) by (unfold inputs; rewrite Hl; fold k; lia).
      assert (Al : forall i j, (i < k)%nat -> (j < k)%nat -> alike_off (telling c) (oracle_of c i) (oracle_of c j)) by (intros i j Hi Hj; apply telling_alike; lia).
      split; [apply (theorem1_sum k (oracle_of c) (Xi c) (telling c)); auto; apply exclusive_spec|].
      unfold rule. rewrite Hl. fold k. apply (theorem1_min k (oracle_of c) (Xi c) (telling c)); auto. apply exclusive_spec.
    Qed.

    (** ** Verdicts *)
    Lemma combine_map {A B} (G : A -> B) l : combine l (map G l) = map (fun j => (j, G j)) l.
    Proof. induction l; simpl; congruence. Qed.
    Lemma nth_map_seq {A} (F : nat -> A) n j d : (j < n)%nat -> nth j (map F (seq 0 n)) d = F j.
    Proof.
      intros H. rewrite (nth_indep _ d (F 0%nat)) by (now rewrite map_length, seq_length). rewrite map_nth, seq_nth by auto. reflexivity.
    Qed.

    Lemma judge_spec o j : well_formed c o = true -> (j < inputs c)%nat -> (nth j (judge c (tables c) o) false = true <-> Xi c j (meant o)).
    Proof.
      destruct parameters_spec as [Hp Hden]. unfold parameters, denominators in *. intros W Hj.
      unfold well_formed in W. unfold judge, tables, Xi.
      destruct (problem c) as [a kappa tol dim hidden points cost | y K | kk tol] eqn:Ep; destruct o as [phi | x]; try discriminate; cbn [meant].
      - destruct Hp as [BA [BK [BT [Hd [HN [HF [Hr [He HZ]]]]]]]]. destruct Hden as [Pa [Pk Pt]].
        rewrite !andb_true_iff, forallb_forall, Z.ltb_lt in W. destruct W as [[W1 W2] W3].
        rewrite combine_map, map_map, nth_map_seq by auto. cbn [fst snd].
        change (map (fun xl => inward (value (of_net phi) (fst xl)) (snd xl)) (table a kappa dim (exponent c) points (training_input j)))
          with (errors_of a kappa dim points (exponent c) (training_input j) phi).
        apply network_spec; auto.
        + intros Z. apply HZ. unfold inputs, exclusive_inputs in Hj. rewrite Ep in Hj. destruct (limit c); auto.
          destruct j as [| [| j]]; try discriminate. lia.
        + apply Forall_forall. intros l Hl. apply IZR_lt, Z.ltb_lt, W1, Hl.
        + now apply IZR_lt.
        + destruct phi as [hid out]. now apply fits_spec.
      - rewrite andb_true_iff in W. destruct W as [W1 W2]. rewrite nth_map_seq by auto.
        destruct (lp_target_spec (exponent c) y j Hden) as [E1 E2]. rewrite near_all_spec, E1; auto.
        + unfold Q2R at 1; cbn [fst snd]. rewrite pow10_IZR. replace (1 / 10 ^ K) with (/ 10 ^ K) by (unfold Rdiv; ring). tauto.
        + unfold proper; cbn [snd]. apply Z.ltb_lt, Z.pow_pos_nonneg; lia.
      - rewrite andb_true_iff, Nat.eqb_eq in W. destruct W as [W1 W2]. rewrite nth_map_seq by auto.
        destruct (vertex_target_spec kk j) as [E1 E2]. destruct (Nat.ltb j kk).
        + rewrite near_all_spec, E1; auto. tauto.
        + rewrite map_length. tauto.
    Qed.

    Let made_list := map (judge c (tables c)) (outputs c).

    Lemma verdict_spec m j : forallb (well_formed c) (outputs c) = true -> (j < inputs c)%nat ->
      (nth j (verdict c made_list m) false = true <-> exists i o, m = Some i /\ nth_error (outputs c) i = Some o /\ Xi c j (meant o)).
    Proof.
      rewrite forallb_forall. intros W Hj. destruct m as [i |]; cbn [verdict].
      - assert (G : nth i made_list [] = match nth_error (outputs c) i with Some o => judge c (tables c) o | None => [] end).
        { unfold made_list. generalize (judge c (tables c)). intros J. clear. revert i. induction (outputs c) as [| o l IH]; intros [| i]; simpl; auto. }
        rewrite G. destruct (nth_error (outputs c) i) as [o |] eqn:E.
        + rewrite judge_spec by (auto; apply W; eapply nth_error_In; eauto). split.
          * intros H. exists i, o. auto.
          * intros [i' [o' [E1 [E2 H]]]]. injection E1 as <-. rewrite E in E2. injection E2 as <-. exact H.
        + split; [destruct j; discriminate|]. intros [i' [o [E1 [E2 _]]]]. injection E1 as <-. congruence.
      - split; [| intros [i [o [E _]]]; discriminate]. intros H. exfalso.
        assert (Z : forall n, nth j (repeat false n) false = false) by (clear; intros n; revert j; induction n; intros [| j]; simpl; auto).
        rewrite Z in H. discriminate.
    Qed.

    Context (like deep : list bool).

    Lemma trial_right t j : check_trial c made_list like deep t = true -> (j < inputs c)%nat ->
      right_on j t = nth j (verdict c made_list (made_on j t)) false.
    Proof.
      intros H Hj. unfold made_on. destruct t as [r | rs]; cbn [check_trial served right_on] in *.
      - rewrite !andb_true_iff in H. destruct H as [[_ H] _]. apply bools_eqb_spec in H. now rewrite H.
      - rewrite andb_true_iff, Nat.eqb_eq, forallb_forall in H. destruct H as [E H].
        destruct (nth_error rs j) as [r |] eqn:Er; [| apply nth_error_None in Er; lia].
        specialize (H _ (in_places rs (inputs c) j r E Er)). cbn [fst snd] in H. rewrite !andb_true_iff in H. destruct H as [[_ H] _]. now apply eqb_prop.
    Qed.

    Lemma trial_status t j r : check_trial c made_list like deep t = true -> served j t = Some r -> (made r <> None <-> status r = 0%nat).
    Proof.
      assert (G : check_status (length made_list) r = true -> (made r <> None <-> status r = 0%nat)).
      { unfold check_status. destruct (made r) as [i |].
        - rewrite andb_true_iff, Nat.eqb_eq. intros [E _]. split; [auto | discriminate].
        - rewrite negb_true_iff, Nat.eqb_neq. intros E. split; [congruence | intros F; congruence]. }
      intros H E. apply G. destruct t as [r' | rs]; cbn [check_trial served] in *.
      - injection E as ->. rewrite !andb_true_iff in H. tauto.
      - rewrite andb_true_iff, Nat.eqb_eq, forallb_forall in H. destruct H as [L H]. specialize (H _ (in_places rs (inputs c) j r L E)).
        cbn [snd] in H. rewrite !andb_true_iff in H. tauto.
    Qed.

    (** ** Counting *)
    Lemma count_split (F : nat -> trial -> bool) l n : nsum (fun j => count (F j) l) n = fold_right (fun t s => (nsum (fun j => if F j t then 1 else 0) n + s)%nat) 0%nat l.
    Proof.
      induction l as [| t l IH]; cbn [fold_right].
      - induction n as [| n IH]; cbn [nsum]; auto. rewrite IH. reflexivity.
      - rewrite <- IH. clear IH. unfold count. induction n as [| n IH]; cbn [nsum]; auto. rewrite IH. cbn [filter].
        destruct (F n t); cbn [length]; lia.
    Qed.

    Lemma count_fold (p : trial -> bool) l : count p l = fold_right (fun t s => ((if p t then 1 else 0) + s)%nat) 0%nat l.
    Proof. unfold count. induction l as [| t l IH]; simpl; auto. destruct (p t); simpl; lia. Qed.

    Lemma nsum_most (F : nat -> bool) n : (nsum (fun j => if F j then 1 else 0) n <= n)%nat.
    Proof. induction n; simpl; auto. destruct (F n); lia. Qed.

    Lemma nsum_one (F : nat -> bool) n : (forall i j, (i < j < n)%nat -> F i = true -> F j = true -> False) -> (nsum (fun j => if F j then 1 else 0) n <= 1)%nat.
    Proof.
      induction n as [| n IH]; intros H; simpl; [lia|]. specialize (IH ltac:(intros i j L; apply H; lia)).
      destruct (F n) eqn:E; [| lia].
      assert (Z : forall m, (m <= n)%nat -> nsum (fun j => if F j then 1%nat else 0%nat) m = 0%nat).
      { induction m as [| m IHm]; intros Hm; simpl; auto. rewrite IHm by lia. destruct (F m) eqn:Em; auto. destruct (H m n); auto; lia. }
      rewrite Z by lia. lia.
    Qed.

    Lemma shared_once r : forallb (well_formed c) (outputs c) = true -> check_trial c made_list like deep (Shared r) = true ->
      forall i j, (i < j < k)%nat -> right_on i (Shared r) = true -> right_on j (Shared r) = true -> False.
    Proof.
      intros W H i j L R1 R2. assert (K : (k <= inputs c)%nat) by (unfold inputs, k; lia).
      rewrite (trial_right _ i H ltac:(lia)), verdict_spec in R1 by (auto; lia). rewrite (trial_right _ j H ltac:(lia)), verdict_spec in R2 by (auto; lia).
      destruct R1 as [n [o [E1 [E2 X1]]]], R2 as [n' [o' [E3 [E4 X2]]]]. simpl in E1, E3. unfold made_on in *. simpl in *. rewrite E1 in E3. injection E3 as <-.
      rewrite E2 in E4. injection E4 as <-. exact (exclusive_spec i j _ L X1 X2).
    Qed.

    Lemma exclusion_spec : forallb (well_formed c) (outputs c) = true -> forallb (check_trial c made_list like deep) (trials c) = true ->
      let n := length (trials c) in let S j := count (right_on j) (trials c) in let spent := count (excepted c) (trials c) in
      if limit c then
        match problem c with
        | Simplex _ _ => (nsum S k + (k - 1) * S k <= k * n + (k - 1) * spent)%nat
        | _ => forall j, (j < k)%nat -> (S k + S j <= n + spent)%nat
        end
      else (nsum S k <= n + (k - 1) * spent)%nat.
    Proof.
      intros W H. cbv zeta. rewrite forallb_forall in H. assert (Kp := k_pos). unfold excepted. fold k.
      destruct (limit c) eqn:Hl; [destruct (problem c) eqn:Ep|].
      1, 2: intros j Hj; rewrite !count_fold; clear H; assert (Ij : In j (seq 0 k)) by (apply in_seq; lia);
        induction (trials c) as [| t l IH]; [apply Nat.le_refl|]; cbn [fold_right length];
        assert (Ej : right_on j t = true -> existsb (fun j => right_on j t) (seq 0 k) = true)
          by (intros E; apply existsb_exists; exists j; split; [exact Ij | exact E]);
        destruct (right_on k t), (right_on j t); cbn [andb]; try lia; rewrite Ej by reflexivity; rewrite orb_true_r; lia.
      - rewrite count_split, !count_fold. induction (trials c) as [| t l IH]; [simpl; lia|]. specialize (IH (fun t I => H t (or_intror I))).
        specialize (H t (or_introl eq_refl)). cbn [fold_right length].
        assert (B : (nsum (fun j => if right_on j t then 1 else 0) k + (k - 1) * (if right_on k t then 1 else 0)
                     <= k + (k - 1) * (if (ended k 0 t && apart t)%bool then 1 else 0))%nat).
        { destruct t as [r | rs].
          - assert (O := nsum_one (fun j => right_on j (Shared r)) k (shared_once r W H)). cbn [apart]. rewrite andb_false_r.
            destruct (right_on k (Shared r)); cbv iota; lia.
          - assert (O := nsum_most (fun j => right_on j (Apart rs)) k). cbn [apart]. rewrite andb_true_r.
            destruct (right_on k (Apart rs)) eqn:R; [| destruct (ended k 0 (Apart rs)); cbv iota; lia].
            assert (Hk : (k < inputs c)%nat) by (unfold inputs; rewrite Hl; fold k; lia).
            assert (En : ended k 0 (Apart rs) = true).
            { rewrite (trial_right _ k H Hk), verdict_spec in R by auto. destruct R as [i [o [E1 _]]]. unfold made_on in E1. unfold ended.
              destruct (served k (Apart rs)) as [r |] eqn:Es; [| discriminate]. apply Nat.eqb_eq, (trial_status _ k r H Es). congruence. }
            rewrite En. cbv iota. lia. }
        set (x := nsum _ k) in *. set (y := if right_on k t then 1%nat else 0%nat) in *. set (z := if (_ && _)%bool then 1%nat else 0%nat) in *.
        clearbody x y z. nia.
      - rewrite count_split, !count_fold. induction (trials c) as [| t l IH]; [simpl; lia|]. specialize (IH (fun t I => H t (or_intror I))).
        specialize (H t (or_introl eq_refl)). cbn [fold_right length].
        assert (B : (nsum (fun j => if right_on j t then 1 else 0) k <= 1 + (k - 1) * (if apart t then 1 else 0))%nat).
        { destruct t as [r | rs].
          - assert (O := nsum_one (fun j => right_on j (Shared r)) k (shared_once r W H)). simpl apart. cbv iota. lia.
          - assert (O := nsum_most (fun j => right_on j (Apart rs)) k). simpl apart. cbv iota. lia. }
        set (x := nsum _ k) in *. set (z := if apart t then 1%nat else 0%nat) in *. nia.
    Qed.

    (** ** Answers *)
    Lemma same_spec q1 q2 : same q1 q2 = true -> D2R q1 = D2R q2.
    Proof.
      unfold same, D2R. rewrite orb_true_iff, andb_true_iff, !Z.eqb_eq, Nat.eqb_eq. intros [[-> ->] | E]; auto.
      assert (0 < 2 ^ snd q1) by (apply pow_lt; lra). assert (0 < 2 ^ snd q2) by (apply pow_lt; lra).
      apply (f_equal IZR) in E. rewrite !mult_IZR, !pow2_IZR in E.
      apply (Rmult_eq_reg_r (2 ^ snd q1 * 2 ^ snd q2)); [| apply Rmult_integral_contrapositive; lra].
      transitivity (IZR (fst q1) * 2 ^ snd q2); [field; lra|]. rewrite E. field; lra.
    Qed.
    Lemma all_same_spec l : all_same l = true -> forall x y, In x l -> In y l -> D2R x = D2R y.
    Proof.
      destruct l as [| q l]; [intros _ x y []|]. cbn [all_same]. rewrite forallb_forall. intros H.
      assert (G : forall x, In x (q :: l) -> D2R q = D2R x) by (intros x [<- | I]; auto; apply same_spec, H, I).
      intros x y Ix Iy. now rewrite <- (G x), <- (G y).
    Qed.

    Lemma close_spec q u n : 0 < IZR (snd u) -> close q u n = true -> Rabs (D2R q - Q2R u) <= / 2 ^ n.
    Proof.
      intros Hu. unfold close, D2R, Q2R. rewrite andb_true_iff, !val_leb, !val_sub, !val_mul, !val_sub, !val_mul, val_zero. rewrite !val_of, !pow2_IZR.
      assert (H1 : 0 < 2 ^ snd q) by (apply pow_lt; lra). assert (H2 : 0 < 2 ^ n) by (apply pow_lt; lra).
      set (p := 2 ^ snd q) in *. set (b := 2 ^ n) in *. set (v := IZR (snd u)) in *. set (m := IZR (fst q)). set (w := IZR (fst u)).
      assert (E : b * (m * v - w * p) = b * (m / p - w / v) * (v * p)) by (field; lra). rewrite E.
      set (x := m / p - w / v). assert (Hvp : 0 < v * p) by (now apply Rmult_lt_0_compat). intros [L1 L2].
      assert (Q : - 1 <= b * x <= 1) by (split; nra).
      assert (Hb : 0 < / b) by (now apply Rinv_0_lt_compat).
      apply Rabs_le. replace x with (b * x * / b) by (field; lra). split; nra.
    Qed.

    Lemma truth_spec j kc : (j < inputs c)%nat -> 0 < IZR (snd (truth c j kc)) /\ Q2R (truth c j kc) = iota c j kc.
    Proof.
      destruct parameters_spec as [Hp Hden]. unfold parameters, denominators in *. intros Hj. assert (Qe := pow2 (exponent c)).
      unfold truth, iota. destruct (problem c) as [a kappa tol dim hidden points cost | y K | kk tol] eqn:Ep.
      - destruct Hp as [BA [BK [BT _]]]. destruct Hden as [Pa [Pk _]].
        destruct (coordinates_spec a kappa tol dim (exponent c) Pa Pk BK BT (training_input j) (fst kc)) as [C1 C2].
        unfold entry. rewrite <- C2. destruct (coordinates a kappa dim (exponent c) (training_input j) (fst kc)) as [D x]; cbn [fst snd] in *. split; auto. unfold Q2R; cbn [fst snd].
        replace 0 with (IZR 0 / IZR D) at 1 by (unfold Rdiv; now rewrite Rmult_0_l).
        symmetry. apply (map_nth (fun z => IZR z / IZR D)).
      - unfold lp_entry, Q2R. destruct (Nat.eqb (snd kc) 1); cbn [fst snd]; [| split; lra]. destruct (Nat.eqb j 0); rewrite ?plus_IZR, ?minus_IZR, pow2_IZR; split; auto; field; lra.
      - unfold simplex_entry, Q2R. destruct (Nat.ltb j kk), (Nat.eqb (snd kc) j); cbn [andb fst snd]; rewrite ?minus_IZR, ?pow2_IZR; split; auto; try lra; field; lra.
    Qed.

    Lemma answers_spec : forallb (check_answer c) (answers c) = true -> forall r col n l, In ((r, col, n), l) (answers c) ->
      length l = inputs c /\ (r < rows c)%nat /\ (col < columns c)%nat /\ (Z.of_nat n <= budget c)%Z /\
      forall j q, nth_error l j = Some q -> Rabs (D2R q - iota c j (r, col)) <= / 2 ^ n /\ ((n <= depth c)%nat -> forall q', In q' l -> D2R q = D2R q').
    Proof.
      rewrite forallb_forall. intros H r col n l I. specialize (H _ I). cbn [check_answer] in H.
      rewrite !andb_true_iff, orb_true_iff, Nat.eqb_eq, !Nat.ltb_lt, Z.leb_le, forallb_forall in H. destruct H as [[[[[H1 H2] H3] H4] H5] H6].
      repeat split; auto.
      - assert (Lj : (j < inputs c)%nat) by (rewrite <- H1; apply nth_error_Some; congruence).
        destruct (truth_spec j (r, col) Lj) as [T1 T2]. rewrite <- T2. apply close_spec; auto.
        exact (H5 _ (in_places l (inputs c) j q H1 H)).
      - intros L q' I'. destruct H6 as [H6 | H6]; [lia|]. apply (all_same_spec l H6); auto. eapply nth_error_In; eauto.
    Qed.

    Lemma earlier_trans p q r : earlier p q = true -> earlier q r = true -> earlier p r = true.
    Proof.
      destruct p as [[a1 a2] a3], q as [[b1 b2] b3], r as [[c1 c2] c3]. unfold earlier.
      rewrite !orb_true_iff, !andb_true_iff, !orb_true_iff, !andb_true_iff, !Nat.ltb_lt, !Nat.eqb_eq. lia.
    Qed.
    Lemma earlier_irrefl p : earlier p p = true -> False.
    Proof. destruct p as [[a1 a2] a3]. unfold earlier. rewrite !orb_true_iff, !andb_true_iff, !orb_true_iff, !andb_true_iff, !Nat.ltb_lt. lia. Qed.

    Lemma in_order_spec l : in_order l = true -> NoDup l.
    Proof.
      assert (G : forall l p, in_order (p :: l) = true -> Forall (fun q => earlier p q = true) l /\ NoDup (p :: l)).
      { clear l. induction l as [| q l IH]; intros p H; [split; constructor; [intros [] | constructor]|].
        cbn [in_order] in H. apply andb_prop in H. destruct H as [H1 H2]. destruct (IH q H2) as [F N].
        assert (F' : Forall (fun r => earlier p r = true) (q :: l)).
        { constructor; auto. eapply Forall_impl; [| exact F]. intros r Hr. exact (earlier_trans p q r H1 Hr). }
        split; auto. constructor; auto. intros I. rewrite Forall_forall in F'. exact (earlier_irrefl p (F' p I)). }
      destruct l as [| p l]; [constructor|]. intros H. exact (proj2 (G l p H)).
    Qed.

    (** ** Limits *)
    Lemma factorial_spec n : val (factorial n) = INR (fact n).
    Proof. induction n as [| n IH]; cbn [factorial]; [apply val_of|]. rewrite val_mul, IH, val_of, <- INR_IZR_INZ. change (fact (S n)) with (S n * fact n)%nat. now rewrite mult_INR. Qed.
    Lemma power_pos_spec x p : val (power_pos x p) = val x ^ Pos.to_nat p.
    Proof.
      induction p as [p IH | p IH |]; cbn [power_pos]; rewrite ?val_mul, ?IH.
      - rewrite Pos2Nat.inj_xI. replace (S (2 * Pos.to_nat p)) with (1 + Pos.to_nat p + Pos.to_nat p)%nat by lia. rewrite !pow_add. ring.
      - rewrite Pos2Nat.inj_xO. replace (2 * Pos.to_nat p)%nat with (Pos.to_nat p + Pos.to_nat p)%nat by lia. now rewrite pow_add.
      - simpl. ring.
    Qed.
    Lemma power_spec x n : val (power x n) = val x ^ n.
    Proof.
      unfold power. destruct (N.of_nat n) as [| p] eqn:E.
      - replace n with 0%nat by lia. apply val_of.
      - rewrite power_pos_spec. f_equal. apply (f_equal N.to_nat) in E. rewrite Nnat.Nat2N.id in E. simpl in E. lia.
    Qed.

    Lemma upper_spec s h n : check_upper (alpha c) n s h = true -> upper_limit c s (Z.to_nat h) n.
    Proof.
      assert (Pal := proper_pos _ Hal).
      unfold check_upper, upper_limit. destruct (Nat.eqb_spec s n) as [-> | Hne].
      { rewrite Z.eqb_eq. intros ->. left. split; auto. rewrite INR_IZR_INZ. unfold million. f_equal. }
      cbv zeta. rewrite !andb_true_iff, negb_true_iff. intros [[[[H1 H2] H3] H4] H5]. right.
      apply Nat.ltb_lt in H1. apply Z.ltb_lt in H2. apply Z.leb_le in H3.
      assert (Hh : (0 < h)%Z) by nia.
      assert (Eh : INR (Z.to_nat h) = IZR h) by (rewrite INR_IZR_INZ, Z2Nat.id by lia; auto).
      rewrite Eh. assert (Hn : 0 < INR n) by (apply lt_0_INR; lia). unfold million.
      apply IZR_lt in H2. rewrite !mult_IZR, <- !INR_IZR_INZ in H2. apply IZR_le in H3.
      assert (St : forall g, val (T.of_Z (Z.of_nat (n + 1)) *! factorial n *! T.of_Z (snd (alpha c)) *! (power (T.of_Z g) s *! power (T.of_Z (1000000 - g)) (n - s)))
          = statistic n s (IZR g / 1000000) * (INR (fact s) * INR (fact (n - s)) * 1000000 ^ n * IZR (snd (alpha c)))).
      { intros g. rewrite !val_mul, !power_spec, factorial_spec, !val_of, <- INR_IZR_INZ, minus_IZR. unfold statistic, C.
        replace (IZR g / 1000000) with (IZR g * / 1000000) by reflexivity.
        replace (1 - IZR g * / 1000000) with ((1000000 - IZR g) * / 1000000) by field.
        rewrite !Rpow_mult_distr.
        replace (1000000 ^ n) with (1000000 ^ s * 1000000 ^ (n - s)) by (rewrite <- pow_add; f_equal; lia).
        rewrite !pow_inv by lra.
        assert (F1 := INR_fact_neq_0 s). assert (F2 := INR_fact_neq_0 (n - s)).
        assert (P1 : 1000000 ^ s <> 0) by (apply pow_nonzero; lra). assert (P2 : 1000000 ^ (n - s) <> 0) by (apply pow_nonzero; lra).
        field. auto. }
      assert (Lv : val (T.of_Z (fst (alpha c)) *! (factorial s *! factorial (n - s)) *! power (T.of_Z 1000000) n)
          = Q2R (alpha c) * (INR (fact s) * INR (fact (n - s)) * 1000000 ^ n * IZR (snd (alpha c)))).
      { rewrite !val_mul, power_spec, !factorial_spec, !val_of. unfold Q2R. field. lra. }
      assert (W : 0 < INR (fact s) * INR (fact (n - s)) * 1000000 ^ n * IZR (snd (alpha c))).
      { repeat apply Rmult_lt_0_compat; auto; try apply INR_fact_lt_0; apply pow_lt; lra. }
      apply val_leb in H4. rewrite St, Lv in H4.
      match type of H5 with T.leb ?x ?y = false => assert (H6 : ~ val x <= val y) by (rewrite <- val_leb; congruence) end.
      rewrite St, Lv, minus_IZR in H6.
      repeat split; auto.
      - apply (Rmult_lt_reg_r (INR n * 1000000)); [lra|]. replace (INR s / INR n * (INR n * 1000000)) with (INR s * 1000000) by (field; lra).
        replace (IZR h / 1000000 * (INR n * 1000000)) with (IZR h * INR n) by field. lra.
      - lra.
      - now apply Rmult_le_reg_r in H4.
      - apply Rnot_le_lt. intros Y. apply H6. apply Rmult_le_compat_r; lra.
    Qed.

    Lemma conclusion_spec : proper (margin c) = true -> check_conclusion c = true -> conclusive c = true ->
      exists low high, nth_error (limits c) (target c) = Some (low, high) /\
        IZR high / million <= rule c (IZR (fst (limits_spent c)) / million) + Q2R (margin c).
    Proof.
      intros Hm H E. apply proper_pos in Hm. unfold check_conclusion in H. fold k in H. rewrite E in H. simpl negb in H. cbn [orb] in H.
      destruct (nth_error (limits c) (target c)) as [[low high] |]; [| discriminate]. exists low, high. split; auto.
      assert (Kp := le_INR _ _ k_pos). unfold rule. fold k. change (INR 1) with 1 in Kp. set (u := fst (limits_spent c)) in *.
      assert (Ek : IZR (Z.of_nat k) = INR k) by (symmetry; apply INR_IZR_INZ).
      assert (G : forall A B, 0 < IZR B -> Z.leb (high * (B * snd (margin c))) (A * snd (margin c) + fst (margin c) * (B * 1000000)) = true ->
                  IZR high / million <= IZR A / (IZR B * million) + Q2R (margin c)).
      { intros A B HB L. apply Z.leb_le, IZR_le in L. rewrite plus_IZR, !mult_IZR in L. unfold Q2R, million.
        apply (Rmult_le_reg_r (1000000 * IZR B * IZR (snd (margin c)))); [repeat apply Rmult_lt_0_compat; lra|].
        replace (IZR high / 1000000 * (1000000 * IZR B * IZR (snd (margin c)))) with (IZR high * (IZR B * IZR (snd (margin c)))) by field.
        replace ((IZR A / (IZR B * 1000000) + IZR (fst (margin c)) / IZR (snd (margin c))) * (1000000 * IZR B * IZR (snd (margin c))))
          with (IZR A * IZR (snd (margin c)) + IZR (fst (margin c)) * (IZR B * 1000000)) by (field; lra). exact L. }
      destruct (limit c); [destruct (problem c)|].
      1, 2: apply G in H; [| simpl; lra]; eapply Rle_trans; [exact H|]; right; f_equal; rewrite plus_IZR; unfold million; simpl; field.
      - apply G in H; [| rewrite minus_IZR, mult_IZR, Ek; simpl; lra]. eapply Rle_trans; [exact H|]. right. f_equal.
        rewrite !minus_IZR, plus_IZR, !mult_IZR, minus_IZR, Ek. unfold million. simpl. field. lra.
      - apply G in H; [| rewrite Ek; lra]. eapply Rle_trans; [exact H|]. right. f_equal.
        rewrite plus_IZR, !mult_IZR, minus_IZR, Ek. unfold million. simpl. field. lra.
    Qed.
  End Sound.

  Lemma holds_map {A} (p : A -> bool) l i : holds (map p l) i = true -> exists x, nth_error l i = Some x /\ p x = true.
  Proof. unfold holds. revert i. induction l as [| x l IH]; intros [| i]; simpl; try discriminate; eauto. Qed.

  Theorem check_sound c : check c = true -> facts c.
  Proof.
    unfold check. cbv zeta. set (like := map (forallb _) (questions c)). set (deep := map (existsb _) (questions c)).
    rewrite !andb_true_iff. intros [[[[[[[[[[[H1 H2] H3] H4] H5] H6] H7] H8] H9] H10] H11] H12].
    unfold check_parameters in H1. rewrite !andb_true_iff, Nat.eqb_eq in H1. destruct H1 as [[[Hc Hal] Hm] Hdepth].
    apply nats_eqb_spec in H6. apply Nat.eqb_eq in H7, H9, H10.
    assert (H5' := H5). rewrite forallb_forall in H5'.
    constructor.
    - apply (parameters_spec c Hc).
    - apply exclusive_spec; auto.
    - apply bound_spec; auto.
    - exact Hdepth.
    - eapply in_order_spec; eauto.
    - apply answers_spec; auto.
    - intros r g I E. specialize (H5' _ I). cbn [check_trial] in H5'. rewrite !andb_true_iff, E in H5'. destruct H5' as [_ H].
      unfold like in H. apply holds_map in H. destruct H as [G [EG H]]. exists G. split; auto. intros i Hi. rewrite forallb_forall in H.
      specialize (H i Hi). apply holds_map in H. destruct H as [[q l] [Eq Hs]]. exists q, l. split; auto. intros x y Ix Iy. eapply all_same_spec; eauto.
    - intros rs r I Ir. specialize (H5' _ I). cbn [check_trial] in H5'. rewrite andb_true_iff, Nat.eqb_eq, forallb_forall in H5'. destruct H5' as [L H].
      destruct (In_nth_error _ _ Ir) as [j Ej]. specialize (H _ (in_places rs _ j r L Ej)). cbn [fst snd] in H. rewrite !andb_true_iff in H. destruct H as [_ H].
      split.
      + intros M A. rewrite A in H. destruct (made r); [discriminate | congruence].
      + intros g A. rewrite A in H. unfold deep in H. apply holds_map in H. destruct H as [G [EG H]]. apply existsb_exists in H.
        destruct H as [i [Hi H]]. apply holds_map in H. destruct H as [[q l] [Eq Hs]]. apply Nat.ltb_lt in Hs. exists G, i, q, l. auto.
    - intros rs I. specialize (H5' _ I). cbn [check_trial] in H5'. rewrite andb_true_iff, Nat.eqb_eq in H5'. tauto.
    - intros t j I Hj. assert (TR : right_on j t = nth j (verdict c (map (judge c (tables c)) (outputs c)) (made_on j t)) false) by (eapply trial_right; eauto).
      rewrite TR. apply verdict_spec; auto.
    - intros t j r I E. eapply trial_status; eauto.
    - intros j Hj. split.
      + rewrite H6. rewrite nth_error_map, nth_error_seq by auto. reflexivity.
      + rewrite forallb_forall in H8. destruct (nth_error (statuses c) j) as [l |] eqn:E; [| apply nth_error_None in E; lia].
        f_equal. apply nats_eqb_spec. exact (H8 _ (in_places _ _ j l H7 E)).
    - exact H9.
    - rewrite <- H9. apply exclusion_spec with (like := like) (deep := deep); auto.
    - rewrite forallb_forall in H11. intros s l I. specialize (H11 _ I). unfold check_limits in H11. cbn [fst snd] in H11.
      rewrite !andb_true_iff, Nat.leb_le in H11. destruct H11 as [[L H] H']. split; [exact L | split; eapply upper_spec; eauto].
    - intros E. apply conclusion_spec; auto.
  Qed.
End Make.
