(** Soundness of the checker: whatever it accepts has the facts. *)
From Coq Require Import Reals Lra Lia List ZArith Binomial Bool Sorted.
From OneHalf Require Import Statement Algorithm Probability Theorem1 Pieces Network Errors Witness Costs Oracles Policies Training Limit
  LinearProgram Programs Certificate Code Values.
Import ListNotations.

Module Make (T : INTS).
  Module V := Values T.
  Module X := V.X.
  Import V X.
  Local Infix "*!" := T.mul (at level 40, left associativity).
  Open Scope R_scope.

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

    Lemma untold_spec e n : untold c (e, n) = true ->
      (n <= Z.of_nat (depth c))%Z \/ forall j j', (j < inputs c)%nat -> (j' < inputs c)%nat -> iota c j e = iota c j' e.
    Proof.
      unfold untold. cbn [fst snd]. rewrite orb_true_iff, Z.leb_le, forallb_forall. intros [H | H]; [now left | right].
      assert (G : forall j, (j < inputs c)%nat -> iota c j e = iota c 0 e).
      { intros j Hj. specialize (H j ltac:(apply in_seq; lia)). unfold same_rational in H. apply Z.eqb_eq, (f_equal IZR) in H. rewrite !mult_IZR in H.
        destruct (truth_spec j e Hj) as [P1 <-]. destruct (truth_spec 0 e ltac:(lia)) as [P2 <-]. unfold Q2R.
        apply (Rmult_eq_reg_r (IZR (snd (truth c j e)) * IZR (snd (truth c 0 e)))); [| apply Rmult_integral_contrapositive; lra].
        transitivity (IZR (fst (truth c j e)) * IZR (snd (truth c 0 e))); [field; lra|]. rewrite H. field; lra. }
      intros j j' Hj Hj'. now rewrite (G j Hj), (G j' Hj').
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
        IZR high / million <= rule c (if second c then 0 else IZR (fst (limits_spent c)) / million) + Q2R (margin c).
    Proof.
      intros Hm H E. apply proper_pos in Hm. unfold check_conclusion in H. fold k in H. rewrite E in H. simpl negb in H. cbn [orb] in H.
      destruct (nth_error (limits c) (target c)) as [[low high] |]; [| discriminate]. exists low, high. split; auto.
      assert (Kp := le_INR _ _ k_pos). unfold rule. fold k. change (INR 1) with 1 in Kp. set (u := if second c then 0%Z else fst (limits_spent c)) in *.
      assert (Eu : (if second c then 0 else IZR (fst (limits_spent c)) / million) = IZR u / million) by (unfold u, million; destruct (second c); lra).
      rewrite Eu. clear Eu.
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
    unfold check. cbv zeta. set (like := map (fun G => forallb _ _ && _) (questions c)). set (deep := map (fun G => existsb _ _ || _) (questions c)).
    set (cut := map (fun G => match refused G with [] => false | _ => true end) (questions c)).
    rewrite !andb_true_iff. intros [[[[[[[[[[[[[[[[H1 H2] H3] H3'] H4] H5] He] H6] H7] H8] H9] H10] Hw] Ho] Hu] H11] H12].
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
    - intros G i IG Ii. rewrite forallb_forall in H3'. specialize (H3' G IG). cbv beta in H3'. rewrite andb_true_iff, forallb_forall in H3'. now apply Nat.ltb_lt, H3'.
    - intros G r col n IG Ii. rewrite forallb_forall in H3'. specialize (H3' G IG). cbv beta in H3'. rewrite andb_true_iff in H3'.
      destruct H3' as [_ H]. rewrite forallb_forall in H. specialize (H _ Ii). cbn [past_budget] in H. now rewrite !andb_true_iff, !Nat.ltb_lt, Z.ltb_lt, and_assoc in H.
    - clear Hw Ho Hu. intros t j r g G I E A EG N. assert (C : check_end cut r = true).
      { rewrite forallb_forall in He. specialize (He t I). destruct t as [r' | rs]; cbn [served] in E; [congruence|].
        rewrite forallb_forall in He. apply He. eapply nth_error_In; eauto. }
      unfold check_end in C. rewrite A, orb_true_iff, negb_true_iff in C. destruct C as [C | C]; [| now apply Nat.eqb_eq].
      unfold holds, cut in C. rewrite nth_error_map, EG in C. cbn [option_map] in C. destruct (refused G); [congruence | discriminate].
    - intros r g I E. specialize (H5' _ I). cbn [check_trial] in H5'. rewrite !andb_true_iff, E in H5'. destruct H5' as [_ H].
      unfold like in H. apply holds_map in H. destruct H as [G [EG H]]. rewrite andb_true_iff, !forallb_forall in H. destruct H as [H Hr].
      exists G. split; [auto | split].
      + intros i Hi. specialize (H i Hi). apply holds_map in H. destruct H as [[q l] [Eq Hs]]. exists q, l. split; auto. intros x y Ix Iy. eapply all_same_spec; eauto.
      + intros e n Hi. eapply untold_spec; eauto.
    - clear Hw Ho Hu. intros rs r I Ir. specialize (H5' _ I). cbn [check_trial] in H5'. rewrite andb_true_iff, Nat.eqb_eq, forallb_forall in H5'. destruct H5' as [L H].
      destruct (In_nth_error _ _ Ir) as [j Ej]. specialize (H _ (in_places rs _ j r L Ej)). cbn [fst snd] in H. rewrite !andb_true_iff in H. destruct H as [_ H].
      split.
      + intros M A. rewrite A in H. destruct (made r); [discriminate | congruence].
      + intros g A. rewrite A in H. unfold deep in H. apply holds_map in H. destruct H as [G [EG H]]. exists G. split; [auto|].
        rewrite orb_true_iff, !existsb_exists in H. destruct H as [[i [Hi H]] | [[e n] [Hi H]]]; [left | right].
        * apply holds_map in H. destruct H as [[q l] [Eq Hs]]. apply Nat.ltb_lt in Hs. exists i, q, l. auto.
        * apply Z.ltb_lt in H. exists e, n. auto.
    - intros rs I. specialize (H5' _ I). cbn [check_trial] in H5'. rewrite andb_true_iff, Nat.eqb_eq in H5'. tauto.
    - intros t j I Hj. assert (TR : right_on j t = nth j (verdict c (map (judge c (tables c)) (outputs c)) (made_on j t)) false) by (eapply trial_right; eauto).
      rewrite TR. apply verdict_spec; auto.
    - intros t j r I E. eapply trial_status; eauto.
    - intros j Hj. split.
      + rewrite H6. rewrite nth_error_map, nth_error_seq by auto. reflexivity.
      + rewrite forallb_forall in H8. destruct (nth_error (statuses c) j) as [l |] eqn:E; [| apply nth_error_None in E; lia].
        f_equal. apply nats_eqb_spec. exact (H8 _ (in_places _ _ j l H7 E)).
    - exact H9.
    - intros j Hs Hj. rewrite Hs in Hw. cbn [negb orb] in Hw. rewrite forallb_forall in Hw. apply Hw, in_seq. lia.
    - intros j Hj. apply nats_eqb_spec in Ho. rewrite Ho, nth_error_map, nth_error_seq by auto. reflexivity.
    - now apply Nat.eqb_eq in Hu.
    - rewrite <- H9. apply exclusion_spec with (like := like) (deep := deep); auto.
    - rewrite forallb_forall in H11. intros s o l I. specialize (H11 _ I). unfold check_limits in H11. cbn [fst snd] in H11.
      rewrite !andb_true_iff, Nat.leb_le in H11. destruct H11 as [[L H] H']. split; [exact L | split; eapply upper_spec; eauto].
    - intros E. apply conclusion_spec; auto.
  Qed.
End Make.
