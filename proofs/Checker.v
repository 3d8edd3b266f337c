(** Soundness of the checker. *)
From Coq Require Import Reals Lra Lia List ZArith Binomial Bool.
From OneHalf Require Import Statement Algorithm Probability Theorem1 Pieces Network Errors Training Certificate Code.
Import ListNotations.

Module Make (T : INTS).
  Module X := Code T.
  Import X.
  Local Infix "+!" := T.add (at level 50, left associativity).
  Local Infix "-!" := T.sub (at level 50, left associativity).
  Local Infix "*!" := T.mul (at level 40, left associativity).

  (** * Soundness *)
  Open Scope R_scope.
  Definition val (x : int) : R := IZR (T.to_Z x).
  Lemma val_add x y : val (x +! y) = val x + val y. Proof. unfold val. now rewrite T.add_spec, plus_IZR. Qed.
  Lemma val_sub x y : val (x -! y) = val x - val y. Proof. unfold val. now rewrite T.sub_spec, minus_IZR. Qed.
  Lemma val_mul x y : val (x *! y) = val x * val y. Proof. unfold val. now rewrite T.mul_spec, mult_IZR. Qed.
  Lemma val_of z : val (T.of_Z z) = IZR z. Proof. unfold val. now rewrite T.of_spec. Qed.
  Lemma val_max x y : val (T.max x y) = Rmax (val x) (val y).
  Proof.
    unfold val. rewrite T.max_spec. destruct (Z.max_spec (T.to_Z x) (T.to_Z y)) as [[L ->] | [L ->]].
    - rewrite Rmax_right; auto. apply IZR_le; lia.
    - rewrite Rmax_left; auto. now apply IZR_le.
  Qed.
  Lemma val_leb x y : T.leb x y = true <-> val x <= val y.
  Proof.
    rewrite T.leb_spec, Z.leb_le. unfold val. split; [apply IZR_le | apply le_IZR].
  Qed.

  Definition over (D : R) (x : list int) : list R := map (fun z => val z / D) x.
  Definition rneuron (E : R) (n : list int * int) : neuron := (over E (fst n), val (snd n) / E).

  Lemma dot_spec E n D x : 0 < E -> 0 < val D ->
    affine (rneuron E n) (over (val D) x) = val (dot n D x) / (E * val D).
  Proof.
    intros HE HD. destruct n as [w b]. unfold affine, dot, rneuron, over; cbn [fst snd]. revert x.
    induction w as [| u w IH]; intros [| z x]; cbn [map combine fold_right fst snd];
      try (rewrite val_mul; field; lra).
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
        rewrite dot_spec by auto. rewrite val_max, val_mul. unfold zero. rewrite val_of. apply relu_over. now apply Rmult_lt_0_compat. }
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

  Lemma fits_spec d N hid out : fits d N hid out = true <-> NN d N (real (hid, out)).
  Proof.
    unfold NN, real; cbn [fst snd]. revert d hid.
    induction N as [| n N IH]; intros d [| l hid]; cbn [fits map fits_hidden]; try (split; [discriminate | tauto]).
    - unfold real_neuron; cbn [fst]. rewrite map_length. apply Nat.eqb_eq.
    - rewrite !andb_true_iff, Nat.eqb_eq, map_length, IH, forallb_forall, Forall_map, Forall_forall.
      unfold real_neuron at 2; cbn [fst]. setoid_rewrite Nat.eqb_eq. setoid_rewrite map_length. tauto.
  Qed.

  Lemma well_formed_spec phi : well_formed phi = true -> Forall (fun l => 0 < IZR (fst l)) (fst phi) /\ 0 < IZR (fst (snd phi)).
  Proof.
    unfold well_formed. rewrite andb_true_iff, forallb_forall, Z.ltb_lt. intros [H1 H2].
    split; [| now apply IZR_lt]. apply Forall_forall. intros l Hl. now apply IZR_lt, Z.ltb_lt, H1.
  Qed.

  Lemma near_spec tol v l : 0 < val (fst v) -> 0 < val (snd tol) ->
    (near tol v l = true <-> Rabs (val (snd v) / val (fst v) - b2r l) <= val (fst tol) / val (snd tol)).
  Proof.
    intros Hv Ht. unfold near. rewrite andb_true_iff, !val_leb, val_sub, !val_mul. unfold zero. rewrite val_of.
    set (e := if l then snd v -! fst v else snd v).
    assert (E : val e = val (fst v) * (val (snd v) / val (fst v) - b2r l)).
    { unfold e. destruct l; simpl b2r; rewrite ?val_sub; field; lra. }
    rewrite E. set (x := val (snd v) / val (fst v) - b2r l). set (t := val (fst tol)) in *. set (s := val (snd tol)) in *. set (D := val (fst v)) in *.
    assert (K : t / s * s = t) by (field; lra). set (q := t / s) in *. rewrite <- K.
    assert (0 < s * D) by (now apply Rmult_lt_0_compat).
    split.
    - intros [A B]. apply Rabs_le. split; nra.
    - intros A. apply Rabs_def2_le in A || (assert (B : - q <= x <= q) by (unfold Rabs in A; destruct (Rcase_abs x); lra)).
      split; nra.
  Qed.

  Section Sound.
    Variable c : certificate.
    Hypothesis Hc : check_parameters c = true.
    Let A := Q2R (a c).
    Let K := Q2R (kappa c).
    Let tolerance := Q2R (tol c).
    Let delta := / 2 ^ exponent c.
    Let Xi := acceptable maximum_error tolerance A K delta (dim c) (points c) (hidden c).

    Lemma between_spec p q r : positive p = true -> positive q = true -> positive r = true ->
      between p q r = true -> Q2R p <= Q2R q <= Q2R r.
    Proof.
      unfold positive, between, Q2R. intros Hp Hq Hr H. apply Z.ltb_lt in Hp, Hq, Hr.
      apply andb_prop in H. destruct H as [H1 H2]. apply Z.leb_le in H1, H2.
      apply IZR_lt in Hp, Hq, Hr. apply IZR_le in H1, H2. rewrite !mult_IZR in H1, H2.
      assert (G : forall x y u v, 0 < y -> 0 < v -> x * v <= u * y -> x / y <= u / v).
      { intros x y u v Hy Hv L. apply (Rmult_le_reg_r (y * v)); [now apply Rmult_lt_0_compat|].
        replace (x / y * (y * v)) with (x * v) by (field; lra). replace (u / v * (y * v)) with (u * y) by (field; lra). auto. }
      split; apply G; auto.
    Qed.

    Lemma parameters_spec : 0 < IZR (snd (a c)) /\ 0 < IZR (snd (kappa c)) /\ 0 < IZR (snd (tol c)) /\ 0 < IZR (snd (alpha c)) /\
      1 / 2 <= A <= 1 /\ 1 / 4 <= K <= 3 / 4 /\ 0 < tolerance < 1 / 2 /\
      (2 <= dim c)%nat /\ hidden c <> [] /\ Forall (fun n => (0 < n)%nat) (hidden c) /\ (P (hidden c) + 2 <= points c)%nat.
    Proof.
      pose proof Hc as H. unfold check_parameters in H. repeat (apply andb_prop in H; let X := fresh "X" in destruct H as [H X]).
      assert (B1 := between_spec (1, 2)%Z _ (1, 1)%Z eq_refl H eq_refl X6). assert (B2 := between_spec (1, 4)%Z _ (3, 4)%Z eq_refl X9 eq_refl X5).
      unfold positive in *. apply Z.ltb_lt in H, X9, X8, X7, X4, X3. apply Nat.leb_le in X2, X.
      apply IZR_lt in H, X9, X8, X7, X4, X3. rewrite mult_IZR in X3.
      unfold A, K, tolerance, Q2R in *; cbn [fst snd] in *.
      assert (T : 0 < IZR (fst (tol c)) / IZR (snd (tol c)) < 1 / 2).
      { split; [now apply Rdiv_lt_0_compat|]. apply (Rmult_lt_reg_r (IZR (snd (tol c)))); auto.
        unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
      repeat split; try lra; auto.
      - destruct (hidden c); [discriminate | congruence].
      - rewrite forallb_forall in X0. apply Forall_forall. intros n Hn. now apply Nat.ltb_lt, X0.
    Qed.

    Lemma coordinates_spec j k : j <> Zero ->
      0 < IZR (fst (coordinates c j k)) /\
      map (fun z => IZR z / IZR (fst (coordinates c j k))) (snd (coordinates c j k)) = point A K delta (dim c) j k.
    Proof.
      intros Hj. destruct parameters_spec as [Pa [Pk [_ [_ [_ [BK _]]]]]].
      unfold coordinates, big_x1, point, place, x1, x2, A, K, Q2R, delta in *; cbn [fst snd].
      set (n := (fst (a c) * snd (kappa c))%Z). set (d := (snd (a c) * ((Z.of_nat k + 2) * snd (kappa c) - fst (kappa c)))%Z).
      assert (Hk := pos_INR k). set (u := IZR (snd (kappa c))) in *. set (v := IZR (fst (kappa c))) in *.
      assert (Ev : v = v / u * u) by (field; lra).
      assert (Ed : IZR d = IZR (snd (a c)) * (u * (INR k + 2 - v / u))).
      { unfold d. rewrite mult_IZR, minus_IZR, mult_IZR, plus_IZR, <- INR_IZR_INZ. fold u v. f_equal. rewrite Ev at 1. simpl. ring. }
      assert (Hd : 0 < IZR d) by (rewrite Ed; repeat apply Rmult_lt_0_compat; lra).
      assert (Hp : 0 < 2 ^ exponent c) by (apply pow_lt; lra).
      assert (Ep : IZR (2 ^ Z.of_nat (exponent c)) = 2 ^ exponent c) by (rewrite <- pow_IZR; reflexivity).
      rewrite mult_IZR, Ep. split; [now apply Rmult_lt_0_compat|]. cbn [map].
      f_equal; [| f_equal].
      - rewrite mult_IZR, Ep, Ed. unfold n. rewrite mult_IZR. fold u. field. repeat split; try lra; nra.
      - unfold high. destruct j; try congruence; destruct (label k); simpl; field; lra.
      - clear. induction (dim c - 2)%nat as [| m IH]; simpl; auto. f_equal; auto. unfold Rdiv. apply Rmult_0_l.
    Qed.

    Let big_tol := (T.of_Z (fst (tol c)), T.of_Z (snd (tol c))).

    Lemma judge_spec j phi : well_formed phi = true -> j <> Zero ->
      ((match j with One => fst | _ => snd end) (judge (hidden c) (dim c) big_tol (table c One, table c Two) phi) = true
       <-> Xi j (real phi)).
    Proof.
      intros W Hj. destruct (well_formed_spec phi W) as [F2 F3]. destruct parameters_spec as [_ [_ [Pt [_ [BA [BK [BT [Hd [HN [HF Hr]]]]]]]]]].
      assert (Hde : 0 < delta) by (apply Rinv_0_lt_compat, pow_lt; lra).
      unfold Xi. rewrite acceptable_maximum by (auto; try lra; try lia).
      unfold judge. destruct (fits (dim c) (hidden c) (fst phi) (snd phi)) eqn:F.
      - destruct phi as [hid out]. cbn [fst snd] in F. assert (F1 := proj1 (fits_spec _ _ _ _) F). cbn [fst snd] in F2, F3.
        assert (G : (match j with One => fst | _ => snd end)
            (forallb (fun xl => near big_tol (value (of_net (hid, out)) (fst xl)) (snd xl)) (fst (table c One, table c Two)),
             forallb (fun xl => near big_tol (value (of_net (hid, out)) (fst xl)) (snd xl)) (snd (table c One, table c Two)))
            = forallb (fun xl => near big_tol (value (of_net (hid, out)) (fst xl)) (snd xl)) (table c j)) by (destruct j; try congruence; reflexivity).
        cbv zeta. rewrite G, forallb_forall. clear G.
        assert (E : forall k, near big_tol (value (of_net (hid, out)) (T.of_Z (fst (coordinates c j k)), map T.of_Z (snd (coordinates c j k)))) (label k) = true
                     <-> Rabs (eval (real (hid, out)) (point A K delta (dim c) j k) - b2r (label k)) <= tolerance).
        { intros k. destruct (coordinates_spec j k Hj) as [C1 C2].
          destruct (value_spec (of_net (hid, out)) (T.of_Z (fst (coordinates c j k)), map T.of_Z (snd (coordinates c j k)))) as [V1 V2].
          - unfold of_net; cbn [fst]. apply Forall_map. eapply Forall_impl; [| exact F2]. intros l Hl; cbn [fst]. now rewrite val_of.
          - unfold of_net; cbn [fst snd]. now rewrite val_of.
          - cbn [fst]. now rewrite val_of.
          - rewrite near_spec; auto; [| unfold big_tol; cbn [snd]; now rewrite val_of].
            rewrite <- V2, real_of. unfold over; cbn [fst snd]. rewrite map_map, val_of.
            rewrite (map_ext _ (fun z => IZR z / IZR (fst (coordinates c j k)))) by (intros; now rewrite val_of).
            rewrite C2. unfold big_tol, tolerance, Q2R; cbn [fst snd]. rewrite !val_of. tauto. }
        split.
        + intros H. split; auto. intros k Hk. apply E.
          specialize (H ((T.of_Z (fst (coordinates c j k)), map T.of_Z (snd (coordinates c j k))), label k)). cbn [fst snd] in H. apply H.
          unfold table. apply in_map_iff. exists k. split; [destruct (coordinates c j k); reflexivity | apply in_seq; lia].
        + intros [_ H] x Hx. unfold table in Hx. apply in_map_iff in Hx. destruct Hx as [k [<- Hk]]. apply in_seq in Hk.
          specialize (H k ltac:(lia)). apply E in H. destruct (coordinates c j k); exact H.
      - split; [destruct j; discriminate || congruence|].
        intros [H _]. exfalso. destruct phi as [hid out]. apply fits_spec in H. cbn [fst snd] in F. congruence.
    Qed.

    Lemma pow2_IZR n : IZR (2 ^ Z.of_nat n) = 2 ^ n.
    Proof. rewrite <- pow_IZR. reflexivity. Qed.

    Lemma same_spec q1 q2 : same q1 q2 = true <-> D2R q1 = D2R q2.
    Proof.
      unfold same, D2R. rewrite Z.eqb_eq.
      assert (0 < 2 ^ snd q1) by (apply pow_lt; lra). assert (0 < 2 ^ snd q2) by (apply pow_lt; lra).
      split; intros E.
      - apply (f_equal IZR) in E. rewrite !mult_IZR, !pow2_IZR in E.
        apply (Rmult_eq_reg_r (2 ^ snd q1 * 2 ^ snd q2)); [| apply Rmult_integral_contrapositive; lra].
        transitivity (IZR (fst q1) * 2 ^ snd q2); [field; lra|]. rewrite E. field; lra.
      - apply eq_IZR. rewrite !mult_IZR, !pow2_IZR.
        transitivity (IZR (fst q1) / 2 ^ snd q1 * (2 ^ snd q1 * 2 ^ snd q2)); [field; lra|]. rewrite E. field; lra.
    Qed.

    Lemma close_spec q u n : 0 < IZR (snd u) -> close q u n = true -> Rabs (D2R q - IZR (fst u) / IZR (snd u)) <= / 2 ^ n.
    Proof.
      intros Hu. unfold close, D2R. rewrite andb_true_iff, !val_leb, !val_sub, !val_mul, !val_sub, !val_mul. unfold zero. rewrite !val_of, !pow2_IZR.
      assert (H1 : 0 < 2 ^ snd q) by (apply pow_lt; lra). assert (H2 : 0 < 2 ^ n) by (apply pow_lt; lra).
      set (p := 2 ^ snd q) in *. set (b := 2 ^ n) in *. set (v := IZR (snd u)) in *. set (m := IZR (fst q)). set (w := IZR (fst u)).
      assert (E : b * (m * v - w * p) = b * (m / p - w / v) * (v * p)) by (field; lra). rewrite E.
      set (x := m / p - w / v). assert (Hvp : 0 < v * p) by (now apply Rmult_lt_0_compat). intros [L1 L2].
      assert (Q : - 1 <= b * x <= 1) by (split; nra).
      assert (Hb : 0 < / b) by (now apply Rinv_0_lt_compat).
      apply Rabs_le. replace x with (b * x * / b) by (field; lra). split; nra.
    Qed.

    Lemma truth_spec j k col : j <> Zero -> let u := truth c j (k, col) in
      0 < IZR (snd u) /\ IZR (fst u) / IZR (snd u) = entry A K delta (dim c) j (k, col).
    Proof.
      intros Hj. unfold truth, entry; cbn [fst snd]. destruct (coordinates_spec j k Hj) as [C1 C2].
      rewrite <- C2. destruct (coordinates c j k) as [D x]; cbn [fst snd] in *. split; auto.
      replace 0 with (IZR 0 / IZR D) at 1 by (unfold Rdiv; now rewrite Rmult_0_l).
      symmetry. apply (map_nth (fun z => IZR z / IZR D)).
    Qed.

    Lemma answers_spec : forallb (check_answer c) (answers c) = true ->
      forall k col n q1 q2, In ((k, col, n), (q1, q2)) (answers c) ->
      Rabs (D2R q1 - entry A K delta (dim c) One (k, col)) <= / 2 ^ n /\
      Rabs (D2R q2 - entry A K delta (dim c) Two (k, col)) <= / 2 ^ n /\ ((n <= depth c)%nat -> D2R q1 = D2R q2).
    Proof.
      rewrite forallb_forall. intros H k col n q1 q2 I. specialize (H _ I). cbn [check_answer] in H.
      rewrite !andb_true_iff, orb_true_iff in H. destruct H as [[H1 H2] H3].
      destruct (truth_spec One k col ltac:(congruence)) as [P1 E1]. destruct (truth_spec Two k col ltac:(congruence)) as [P2 E2].
      rewrite <- E1, <- E2. repeat split; try now apply close_spec.
      intros L. apply same_spec. destruct H3 as [H3 | H3]; auto. apply Nat.ltb_lt in H3. lia.
    Qed.

    Lemma alike_spec q : alike c q = true -> exists q1 q2, In (q, (q1, q2)) (answers c) /\ D2R q1 = D2R q2.
    Proof.
      unfold alike. rewrite existsb_exists. intros [[q' [q1 q2]] [I H]]. cbn [fst snd] in H. apply andb_prop in H. destruct H as [E H].
      exists q1, q2. split; [| now apply same_spec].
      destruct q as [[k col] n], q' as [[k' col'] n']. cbn [question_eqb] in E.
      rewrite !andb_true_iff, !Nat.eqb_eq in E. destruct E as [[-> ->] ->]. exact I.
    Qed.

    Let made_list := map (judge (hidden c) (dim c) big_tol (table c One, table c Two)) (outputs c).
    Let pick (j : input) (b : bool * bool) := match j with One => fst b | _ => snd b end.
    Let ok i := match i with Some i => nth i made_list (false, false) | None => (false, false) end.

    Lemma ok_spec j i : forallb well_formed (outputs c) = true -> j <> Zero ->
      (pick j (ok i) = true <-> exists n phi, i = Some n /\ nth_error (outputs c) n = Some phi /\ Xi j (real phi)).
    Proof.
      rewrite forallb_forall. intros W Hj. unfold ok. destruct i as [n |].
      - assert (G : nth n made_list (false, false) = match nth_error (outputs c) n with
                    Some phi => judge (hidden c) (dim c) big_tol (table c One, table c Two) phi | None => (false, false) end).
        { unfold made_list. clear. revert n. induction (outputs c) as [| phi l IH]; intros [| n]; simpl; auto. }
        rewrite G. destruct (nth_error (outputs c) n) as [phi |] eqn:E.
        + assert (J := judge_spec j phi (W phi (nth_error_In _ _ E)) Hj).
          split.
          * intros H. exists n, phi. split; [reflexivity | split; [exact E |]]. apply J. destruct j; exact H.
          * intros [n' [phi' [E1 [E2 H]]]]. injection E1 as <-. rewrite E in E2. injection E2 as <-. apply J in H. destruct j; exact H.
        + split; [destruct j; discriminate|]. intros [n' [phi' [E1 [E2 _]]]]. injection E1 as <-. congruence.
      - split; [destruct j; discriminate|]. intros [n [phi [E _]]]. discriminate.
    Qed.

    Let like := map (forallb (alike c)) (questions c).

    Lemma trial_spec t j : forallb well_formed (outputs c) = true -> check_trial made_list like t = true -> j <> Zero ->
      (right j t = true <-> exists n phi, made j t = Some n /\ nth_error (outputs c) n = Some phi /\ Xi j (real phi)).
    Proof.
      intros W H Hj. rewrite <- (ok_spec j (made j t) W Hj).
      destruct t as [r | r1 r2]; cbn [check_trial] in H; fold (ok (output r)) in H || (fold (ok (output r1)) in H; fold (ok (output r2)) in H);
        rewrite ?andb_true_iff, ?eqb_true_iff in H; destruct j; try congruence; simpl; unfold pick.
      - destruct H as [[H _] _]. rewrite H. tauto.
      - destruct H as [[_ H] _]. rewrite H. tauto.
      - destruct H as [H _]. rewrite H. tauto.
      - destruct H as [_ H]. rewrite H. tauto.
    Qed.

    Lemma exclusion_spec : forallb well_formed (outputs c) = true -> forallb (check_trial made_list like) (trials c) = true ->
      (count (right One) (trials c) + count (right Two) (trials c) <= length (trials c) + count apart (trials c))%nat.
    Proof.
      intros W H. rewrite forallb_forall in H.
      assert (X : forall t, In t (trials c) -> apart t = false -> right One t = true -> right Two t = true -> False).
      { intros [r | r1 r2] I Ap R1 R2; [| discriminate].
        destruct parameters_spec as [_ [_ [_ [_ [BA [BK [BT [Hd [HN [HF Hr]]]]]]]]]].
        apply (proj1 (trial_spec _ One W (H _ I) ltac:(congruence))) in R1. apply (proj1 (trial_spec _ Two W (H _ I) ltac:(congruence))) in R2.
        destruct R1 as [n [phi [E1 [E2 X1]]]], R2 as [n' [phi' [E3 [E4 X2]]]]. simpl in E1, E3. rewrite E1 in E3. injection E3 as <-.
        rewrite E2 in E4. injection E4 as <-.
        refine (disjoint maximum_error tolerance tolerance A K delta (dim c) (points c) (hidden c) _ _ _ _ HN HF _ _ Hr _ X1 X2); try lra; try lia.
        - apply Rinv_0_lt_compat, pow_lt; lra.
        - apply maximum_error_cost; lra. }
      clear H. unfold count. induction (trials c) as [| t l IH]; simpl; auto.
      specialize (IH (fun t I => X t (or_intror I))). assert (Y := X t (or_introl eq_refl)).
      destruct (right One t), (right Two t), (apart t); simpl; try lia; exfalso; auto.
    Qed.

    Lemma factorial_spec n : val (factorial n) = INR (fact n).
    Proof. induction n as [| n IH]; cbn [factorial]; [apply val_of|]. rewrite val_mul, IH, val_of, <- INR_IZR_INZ. change (fact (S n)) with (S n * fact n)%nat. now rewrite mult_INR. Qed.
    Lemma power_spec x n : val (power x n) = val x ^ n.
    Proof. induction n as [| n IH]; cbn [power]; [apply val_of|]. now rewrite val_mul, IH. Qed.

    Lemma upper_spec s h n : check_upper (alpha c) n s h = true -> upper_limit c s (Z.to_nat h) n.
    Proof.
      destruct parameters_spec as [_ [_ [_ [Pal _]]]].
      unfold check_upper, upper_limit. destruct (Nat.eqb_spec s n) as [-> | Hne].
      { rewrite Z.eqb_eq. intros ->. left. split; auto. rewrite INR_IZR_INZ. unfold million. f_equal. }
      cbv zeta. rewrite !andb_true_iff, negb_true_iff. intros [[[[H1 H2] H3] H4] H5]. right.
      apply Nat.ltb_lt in H1. apply Z.ltb_lt in H2. apply Z.leb_le in H3.
      assert (Hh : (0 < h)%Z) by nia.
      assert (Eh : INR (Z.to_nat h) = IZR h) by (rewrite INR_IZR_INZ, Z2Nat.id by lia; auto).
      rewrite Eh. assert (Hn : 0 < INR n) by (apply lt_0_INR; lia). unfold million.
      apply IZR_lt in H2. rewrite !mult_IZR, <- !INR_IZR_INZ in H2. apply IZR_le in H3.
      assert (St : forall g, val (T.of_Z (Z.of_nat (n + 1)) *! factorial n *! power (T.of_Z g) s *! power (T.of_Z (1000000 - g)) (n - s) *! T.of_Z (snd (alpha c)))
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
      assert (Lv : val (T.of_Z (fst (alpha c)) *! factorial s *! factorial (n - s) *! power (T.of_Z 1000000) n)
          = Q2R (alpha c) * (INR (fact s) * INR (fact (n - s)) * 1000000 ^ n * IZR (snd (alpha c)))).
      { rewrite !val_mul, power_spec, !factorial_spec, !val_of. unfold Q2R. field. lra. }
      assert (W : 0 < INR (fact s) * INR (fact (n - s)) * 1000000 ^ n * IZR (snd (alpha c))).
      { repeat apply Rmult_lt_0_compat; auto; try apply INR_fact_lt_0; apply pow_lt; lra. }
      apply val_leb in H4. rewrite St, Lv in H4.
      assert (H6 : ~ val (T.of_Z (Z.of_nat (n + 1)) *! factorial n *! power (T.of_Z (h - 1)) s *! power (T.of_Z (1000000 - (h - 1))) (n - s) *! T.of_Z (snd (alpha c)))
          <= val (T.of_Z (fst (alpha c)) *! factorial s *! factorial (n - s) *! power (T.of_Z 1000000) n)) by (rewrite <- val_leb; congruence).
      rewrite St, Lv, minus_IZR in H6.
      repeat split; auto.
      - apply (Rmult_lt_reg_r (INR n * 1000000)); [lra|]. replace (INR s / INR n * (INR n * 1000000)) with (INR s * 1000000) by (field; lra).
        replace (IZR h / 1000000 * (INR n * 1000000)) with (IZR h * INR n) by field. lra.
      - lra.
      - now apply Rmult_le_reg_r in H4.
      - apply Rnot_le_lt. intros Y. apply H6. apply Rmult_le_compat_r; lra.
    Qed.
  End Sound.

  Theorem check_sound c : check c = true -> facts c.
  Proof.
    unfold check. cbv zeta. rewrite !andb_true_iff. intros [[[[[[[[[H1 H2] H3] H4] H5] H6] H7] H8] H9] H10].
    apply Nat.eqb_eq in H5, H6, H7.
    destruct (parameters_spec c H1) as [_ [_ [_ [_ [BA [BK [BT [Hd [HN [HF Hr]]]]]]]]]].
    constructor.
    - repeat split; auto; lra.
    - apply answers_spec; auto.
    - intros r g I E q Hq. apply (alike_spec c).
      rewrite forallb_forall in H4. specialize (H4 _ I). cbn [check_trial] in H4. rewrite !andb_true_iff, E in H4. destruct H4 as [_ H4].
      destruct (Nat.lt_ge_cases g (length (questions c))) as [L | L]; [| rewrite nth_overflow in Hq by auto; destruct Hq].
      rewrite nth_indep with (d' := forallb (alike c) []) in H4 by (now rewrite map_length).
      rewrite map_nth, forallb_forall in H4. auto.
    - intros t j I Hj. rewrite forallb_forall in H4. apply (trial_spec c H1); auto.
    - auto.
    - rewrite <- H5, <- H6, <- H7. apply exclusion_spec; auto.
    - assert (L : forall s l, check_limits (alpha c) (length (trials c)) s l = true ->
        upper_limit c s (Z.to_nat (snd l)) (length (trials c)) /\
        upper_limit c (length (trials c) - s) (Z.to_nat (1000000 - fst l)) (length (trials c))).
      { intros s l. unfold check_limits. rewrite !andb_true_iff. intros [[L1 L2] _]. split; now apply upper_spec. }
      intros s l [E | [E | [E | []]]]; injection E as <- <-; now apply L.
    - destruct (training_bound maximum_error (Q2R (tol c)) (Q2R (tol c)) (Q2R (a c)) (Q2R (kappa c)) (dim c) (points c) (exponent c) (hidden c))
        as [O1 [O2 [L1 [L2 B]]]]; auto; try lra.
      { apply maximum_error_cost; lra. }
      exists O1, O2. split; auto. split; auto. intros S Gamma M1 M2 M3. now apply B.
  Qed.
End Make.
