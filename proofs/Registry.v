(** The checker of registered problems, [check_registered], and its soundness. *)
From Coq Require Import Reals Lra Lia List ZArith QArith Qreals Bool.
From OneHalf Require Import Statement Probability Games Theorem2 Oracles Policies Programs Registered Certified.
Import ListNotations.
Open Scope Q_scope.

(** * The code *)
Fixpoint qsum (f : nat -> Q) (k : nat) : Q := match k with O => 0 | S k => Qred (qsum f k + f k) end.
Definition qat (l : list Q) (j : nat) : Q := nth j l 0.
Definition qmat (M : list (list Q)) (i j : nat) : Q := qat (nth i M []) j.
Definition tab {A} (f : nat -> A) (k : nat) : list A := map f (seq 0 k).
Definition all_below (k : nat) (p : nat -> bool) : bool := forallb p (seq 0 k).
Definition below (a b : Q) : bool := negb (Qle_bool b a).
Definition qabs (a : Q) : Q := if Qle_bool 0 a then a else - a.

Definition inverse_ok (m n : nat) (A L : nat -> nat -> Q) (tight : nat -> bool) : bool :=
  all_below n (fun i => negb (tight i) || all_below n (fun j => negb (tight j) ||
    Qeq_bool (qsum (fun l => L i l * A l j) m) (if Nat.eqb i j then 1 else 0))).
Definition slopes_ok (n : nat) (lambda : Q) (x w : nat -> Q) (tight : nat -> bool) : bool :=
  all_below n (fun j => Qeq_bool (lambda * qabs (x j)) (w j * x j) && (if tight j then Qeq_bool (qabs (w j)) lambda else below (qabs (w j)) lambda)).
Definition fits_ok (m n : nat) (A : nat -> nat -> Q) (x b : nat -> Q) : bool :=
  all_below m (fun i => Qeq_bool (qsum (fun j => A i j * x j) n) (b i)).

Definition shape_ok (P : instance) : bool :=
  Nat.eqb (length (rows P)) (length (right P)) && forallb (fun row => Nat.eqb (length row) (length (hd [] (rows P)))) (rows P).
Definition solution_ok (kd : kind) (p : proved) : bool :=
  let P := input p in
  let m := length (right P) in let n := length (hd [] (rows P)) in
  let A := qmat (rows P) in let b := qat (right P) in let x := qat (solution p) in let u := qat (dual p) in let L := qmat (inverse p) in
  let lambda := penalty P in let mu := ridge P in
  let rest := tab (fun i => b i - qsum (fun j => A i j * x j) n) m in
  let w := qat (tab (fun j => match kd with
    | Linear => qat (costs P) j - qsum (fun i => A i j * u i) m
    | Pursuit | Square_root => qsum (fun i => A i j * u i) m
    | Regression => qsum (fun i => A i j * qat rest i) m - mu * x j
    end) n) in
  let level := match kd with Pursuit => 1 | _ => lambda end in
  let tights := tab (fun j => match kd with Linear => Qeq_bool (w j) 0 | _ => Qeq_bool (qabs (w j)) level end) n in
  let tight := fun j => nth j tights false in
  Nat.eqb (length (solution p)) n && shape_ok P &&
  match kd with
  | Linear => all_below n (fun j => Qle_bool 0 (x j)) && fits_ok m n A x b
      && all_below n (fun j => if tight j then Qeq_bool (w j) 0 else below 0 (w j) && Qeq_bool (x j) 0) && inverse_ok m n A L tight
  | Pursuit => fits_ok m n A x b && slopes_ok n 1 x w tight && inverse_ok m n A L tight
  | Regression => Qle_bool 0 mu && slopes_ok n lambda x w tight && (below 0 mu || inverse_ok m n A L tight)
  | Square_root => fits_ok m n A x b && below (qsum (fun i => u i * u i) m) 1 && slopes_ok n lambda x w tight && inverse_ok m n A L tight
  end.

(** 2^s *)
Fixpoint two_to (s : nat) : positive := match s with O => 1%positive | S s => xO (two_to s) end.
Definition of_dyadic (q : dyadic) : Q := fst q # two_to (snd q).
Definition same_table (sh : list (nat * nat * dyadic)) (P P0 : instance) : bool :=
  Nat.eqb (length (table P)) (length (table P0)) &&
  all_below (length (table P0)) (fun r =>
    let row := nth r (table P) [] in let row0 := nth r (table P0) [] in
    Nat.eqb (length row) (length row0) && all_below (length row0) (fun col => existsb (listed (r, col)) sh || Qeq_bool (qat row col) (qat row0 col))).

(** Sets without a common answer. *)
Definition weighed (f : nat -> Q) (J : list (nat * Q)) : Q := fold_right (fun jw s => Qred (snd jw * f (fst jw) + s)) 0 J.

Section Check.
  Variable c : registered.
  Let k := inputs c.
  Let coordinate (l j : nat) : Q := qat (solution (the c j)) l.
  Definition apart_ok (J : list (nat * Q)) : bool :=
    let n := length (solution (the c (fst (hd (0%nat, 0) J)))) in
    forallb (fun jw => Nat.ltb (fst jw) k && Nat.eqb (length (solution (the c (fst jw)))) n) J &&
    if euclidean c then
      forallb (fun jw => Qle_bool 0 (snd jw)) J && Qeq_bool (weighed (fun _ => 1) J) 1
      && below (radius c * radius c)
           (qsum (fun l => weighed (fun j => coordinate l j * coordinate l j) J - weighed (coordinate l) J * weighed (coordinate l) J) n)
    else existsb (fun l => existsb (fun iw => existsb (fun jw => below (2 * radius c) (coordinate l (fst iw) - coordinate l (fst jw))) J) J) (seq 0 n).
  (** Some of these sets lies within what was chosen. *)
  Definition excluded (chosen : list nat) : bool := existsb (fun J => forallb (fun jw => existsb (Nat.eqb (fst jw)) chosen) J) (apart c).
  (** No set of inputs that contains none of them weighs more than the value. *)
  Fixpoint light (w : Q) (chosen : list nat) (n : nat) : bool :=
    match n with
    | O => Qle_bool w (value c)
    | S n => light w chosen n && (excluded (n :: chosen) || light (Qred (w + qat (weights c) n)) (n :: chosen) n)
    end.
  Definition check_registered : bool :=
    Nat.ltb 0 k && forallb (solution_ok (problem c)) (proofs c) &&
    forallb (fun p => same_table (shown c) (input p) (input (the c 0))) (proofs c) &&
    forallb (fun s => forallb (fun p =>
       let q := number (input p) (fst s) in let far := of_dyadic (snd s) - q in
       Qle_bool (qabs far) (1 # two_to (depth c))) (proofs c)) (shown c) &&
    forallb apart_ok (apart c) &&
    all_below k (fun j => Qle_bool 0 (qat (weights c) j)) && Qeq_bool (qsum (qat (weights c)) k) 1 && Qle_bool 0 (value c) && light 0 [] k.
End Check.

(** * Soundness *)
Open Scope R_scope.

Lemma q0 : Q2R 0 = 0. Proof. unfold Q2R; simpl; lra. Qed.
Lemma q1 : Q2R 1 = 1. Proof. unfold Q2R; simpl; lra. Qed.
Lemma q_eq a b : Qeq_bool a b = true -> Q2R a = Q2R b. Proof. intros H. now apply Qeq_eqR, Qeq_bool_eq. Qed.
Lemma q_le a b : Qle_bool a b = true -> Q2R a <= Q2R b. Proof. intros H. now apply Qle_Rle, Qle_bool_iff. Qed.
Lemma q_lt a b : below a b = true -> Q2R a < Q2R b.
Proof. unfold below. rewrite negb_true_iff. intros H. apply Qlt_Rlt, Qnot_le_lt. intros C. apply Qle_bool_iff in C. congruence. Qed.
Lemma q_red a : Q2R (Qred a) = Q2R a. Proof. apply Qeq_eqR, Qred_correct. Qed.
Lemma q_abs a : Q2R (qabs a) = Rabs (Q2R a).
Proof.
  unfold qabs. destruct (Qle_bool 0 a) eqn:E.
  - apply q_le in E. rewrite q0 in E. symmetry. apply Rabs_right. lra.
  - assert (L : below a 0 = true) by (unfold below; now rewrite E). apply q_lt in L. rewrite q0 in L. rewrite Q2R_opp. symmetry. apply Rabs_left. lra.
Qed.
Lemma q_sum f k : Q2R (qsum f k) = Sum (fun j => Q2R (f j)) k.
Proof. induction k as [| k IH]; cbn [qsum Sum]; [apply q0|]. now rewrite q_red, Q2R_plus, IH. Qed.
Lemma q_inner (f g : nat -> Q) k : Q2R (qsum (fun j => (f j * g j)%Q) k) = Sum (fun j => Q2R (f j) * Q2R (g j)) k.
Proof. rewrite q_sum. apply Sum_ext. intros j _. apply Q2R_mult. Qed.
Lemma all_below_spec k p : all_below k p = true -> forall j, (j < k)%nat -> p j = true.
Proof. unfold all_below. rewrite forallb_forall. intros H j Hj. apply H, in_seq. lia. Qed.
Lemma tab_nth {A} (f : nat -> A) k j d : (j < k)%nat -> nth j (tab f k) d = f j.
Proof. intros H. unfold tab. rewrite (nth_indep _ d (f 0%nat)) by (now rewrite map_length, seq_length). now rewrite map_nth, seq_nth. Qed.
Lemma qat_tab f k j : (j < k)%nat -> qat (tab f k) j = f j. Proof. intros H. now apply tab_nth. Qed.

Lemma slopes_spec n lambda x w tight (W : nat -> R) : slopes_ok n lambda x w tight = true -> (forall j, (j < n)%nat -> Q2R (w j) = W j) ->
  slopes n (Q2R lambda) (fun j => Q2R (x j)) tight W.
Proof.
  intros H E j Hj. apply (all_below_spec _ _ H) in Hj as G. cbv beta in G. apply andb_prop in G. destruct G as [G1 G2]. apply q_eq in G1. rewrite !Q2R_mult, q_abs in G1.
  rewrite <- (E j Hj). split; auto. rewrite <- q_abs. destruct (tight j); [now apply q_eq | now apply q_lt].
Qed.
Lemma inverse_spec m n A L tight : inverse_ok m n A L tight = true -> inverts m n (fun i j => Q2R (A i j)) (fun i j => Q2R (L i j)) tight.
Proof.
  intros H i j Hi Hj Ti Tj. apply (all_below_spec _ _ H) in Hi. cbv beta in Hi. rewrite Ti in Hi. cbn [negb orb] in Hi.
  apply (all_below_spec _ _ Hi) in Hj. cbv beta in Hj. rewrite Tj in Hj. cbn [negb orb] in Hj. apply q_eq in Hj. rewrite q_inner in Hj. rewrite Hj.
  destruct (Nat.eqb i j); [apply q1 | apply q0].
Qed.
Lemma fits_spec m n A x b : fits_ok m n A x b = true -> forall i, (i < m)%nat -> image (fun i j => Q2R (A i j)) n (fun j => Q2R (x j)) i = Q2R (b i).
Proof. intros H i Hi. apply (all_below_spec _ _ H) in Hi. cbv beta in Hi. apply q_eq in Hi. now rewrite q_inner in Hi. Qed.
Lemma q_back m (A : nat -> nat -> Q) u j : Q2R (qsum (fun i => (A i j * u i)%Q) m) = back (fun i j => Q2R (A i j)) m (fun i => Q2R (u i)) j.
Proof. apply q_inner. Qed.

(** A statement about a minimiser does not see what lies past its columns. *)
Lemma minimises_ext kd m n c A b lambda mu x y : (forall j, (j < n)%nat -> x j = y j) -> minimises kd m n c A b lambda mu x -> minimises kd m n c A b lambda mu y.
Proof.
  intros E.
  assert (EI : forall i, image A n x i = image A n y i) by (intros i; apply Sum_ext; intros j Hj; now rewrite E).
  assert (EN : norm1 x n = norm1 y n) by (apply Sum_ext; intros j Hj; now rewrite E).
  assert (EQ : squared x n = squared y n) by (apply Sum_ext; intros j Hj; now rewrite E).
  assert (ER : squared (residual n A b x) m = squared (residual n A b y) m) by (apply Sum_ext; intros i Hi; unfold residual; now rewrite EI).
  assert (EO : objective kd m n c A b lambda mu x = objective kd m n c A b lambda mu y).
  { destruct kd; cbn [objective]; rewrite ?EN, ?EQ, ?ER; auto. apply Sum_ext. intros j Hj. now rewrite E. }
  intros [F M]. split.
  - destruct kd; cbn [feasible] in *; auto.
    + destruct F as [F1 F2]. split; [intros j Hj; rewrite <- E by auto; auto | intros i Hi; rewrite <- EI; auto].
    + intros i Hi. rewrite <- EI. auto.
  - intros z Hz. rewrite <- EO. auto.
Qed.
Lemma at_map l j : at_ (map Q2R l) j = vec l j.
Proof. unfold at_, vec. rewrite <- q0. apply map_nth. Qed.

Theorem solution_spec kd p : solution_ok kd p = true -> forall x, solves kd (input p) x <-> x = map Q2R (solution p).
Proof.
  unfold solution_ok. cbv zeta. set (P := input p). set (m := length (right P)). set (n := length (hd [] (rows P))).
  set (A := qmat (rows P)). set (rest := tab _ m). set (w := qat (tab _ n)). set (tights := tab _ n). set (tight := fun j => nth j tights false).
  rewrite !andb_true_iff, Nat.eqb_eq. intros [[Hn _] H].
  assert (HA : forall i j, Q2R (A i j) = mat (rows P) i j) by reflexivity.
  set (X := vec (solution p)).
  assert (G : minimises kd m n (vec (costs P)) (mat (rows P)) (vec (right P)) (Q2R (penalty P)) (Q2R (ridge P)) X /\
    forall z, minimises kd m n (vec (costs P)) (mat (rows P)) (vec (right P)) (Q2R (penalty P)) (Q2R (ridge P)) z -> forall j, (j < n)%nat -> z j = X j).
  { destruct kd.
    - rewrite !andb_true_iff in H. destruct H as [[[H1 H2] H3] H4].
      apply (linear_unique m n _ _ _ _ _ X (vec (dual p)) (mat (inverse p)) tight).
      + intros j Hj. apply (all_below_spec _ _ H1) in Hj. cbv beta in Hj. apply q_le in Hj. now rewrite q0 in Hj.
      + exact (fits_spec _ _ _ _ _ H2).
      + intros j Hj. apply (all_below_spec _ _ H3) in Hj as T. cbv beta in T. change (nth j tights false) with (tight j) in T. unfold w in T. rewrite qat_tab in T by auto.
        assert (E : Q2R (qat (costs P) j - qsum (fun i => (A i j * qat (dual p) i)%Q) m)%Q = vec (costs P) j - back (mat (rows P)) m (vec (dual p)) j)
          by (rewrite Q2R_minus, q_back; reflexivity).
        rewrite <- E, <- q0. destruct (tight j); [now apply q_eq|]. apply andb_prop in T. destruct T as [T1 T2]. split; [now apply q_lt | now apply q_eq].
      + exact (inverse_spec _ _ _ _ _ H4).
    - rewrite !andb_true_iff in H. destruct H as [[H2 H3] H4].
      assert (G := slopes_spec n 1 (qat (solution p)) w tight (back (mat (rows P)) m (vec (dual p))) H3
        ltac:(intros j Hj; unfold w; rewrite qat_tab by auto; apply q_back)).
      rewrite q1 in G.
      assert (Same : forall z, minimises Pursuit m n (vec (costs P)) (mat (rows P)) (vec (right P)) 1 (Q2R (ridge P)) z <->
        minimises Pursuit m n (vec (costs P)) (mat (rows P)) (vec (right P)) (Q2R (penalty P)) (Q2R (ridge P)) z) by (intros z; reflexivity).
      destruct (pursuit_unique m n (vec (costs P)) (mat (rows P)) (vec (right P)) 1 (Q2R (ridge P)) X (vec (dual p)) (mat (inverse p)) tight eq_refl
        (fits_spec _ _ _ _ _ H2) G (inverse_spec _ _ _ _ _ H4)) as [G1 G2].
      split; [exact G1 | exact G2].
    - rewrite !andb_true_iff, orb_true_iff in H. destruct H as [[H1 H2] H3].
      apply (regression_unique m n _ _ _ _ _ X (mat (inverse p)) tight).
      + apply q_le in H1. now rewrite q0 in H1.
      + apply (slopes_spec n _ _ w); auto. intros j Hj. unfold w. rewrite qat_tab by auto. rewrite Q2R_minus, Q2R_mult, q_sum. f_equal.
        apply Sum_ext. intros i Hi. rewrite Q2R_mult. f_equal. unfold rest. rewrite qat_tab, Q2R_minus, q_inner by auto. reflexivity.
      + destruct H3 as [H3 | H3]; [left; apply q_lt in H3; now rewrite q0 in H3 | right; exact (inverse_spec _ _ _ _ _ H3)].
    - rewrite !andb_true_iff in H. destruct H as [[[H1 H2] H3] H4].
      apply (square_root_unique m n _ _ _ _ _ X (vec (dual p)) (mat (inverse p)) tight).
      + exact (fits_spec _ _ _ _ _ H1).
      + apply q_lt in H2. rewrite q_inner, q1 in H2. exact H2.
      + apply (slopes_spec n _ _ w); auto. intros j Hj. unfold w. rewrite qat_tab by auto. apply q_back.
      + exact (inverse_spec _ _ _ _ _ H4). }
  destruct G as [G1 G2]. intros x. unfold solves. fold P m n. split.
  - intros [Hx Hm]. apply (nth_ext _ _ 0 0); [now rewrite map_length, Hn|]. intros j Hj. change (at_ x j = at_ (map Q2R (solution p)) j). rewrite at_map.
    apply (G2 (at_ x) Hm). lia.
  - intros ->. split; [now rewrite map_length|]. apply (minimises_ext kd m n _ _ _ _ _ X); auto. intros j _. now rewrite at_map.
Qed.

(** ** Legal answers, the same up to the depth *)
Lemma two_to_spec s : IZR (Zpos (two_to s)) = 2 ^ s.
Proof. induction s as [| s IH]; cbn [two_to pow]; [reflexivity|]. now rewrite Pos2Z.inj_xO, mult_IZR, IH. Qed.
Lemma dyadic_spec q : Q2R (of_dyadic q) = D2R q.
Proof. unfold of_dyadic, Q2R, D2R; cbn [Qnum Qden]. now rewrite two_to_spec. Qed.
Lemma same_table_spec sh P P0 : same_table sh P P0 = true -> forall rc, existsb (listed rc) sh = false -> Q2R (number P rc) = Q2R (number P0 rc).
Proof.
  intros H [r col] N. unfold same_table in H. apply andb_prop in H. destruct H as [H1 H2]. apply Nat.eqb_eq in H1. unfold number; cbn [fst snd].
  destruct (Nat.lt_ge_cases r (length (table P0))) as [L | L].
  - apply (all_below_spec _ _ H2) in L. cbv beta zeta in L. apply andb_prop in L. destruct L as [L1 L2]. apply Nat.eqb_eq in L1.
    destruct (Nat.lt_ge_cases col (length (nth r (table P0) []))) as [C | C].
    + apply (all_below_spec _ _ L2) in C. cbv beta in C. rewrite N in C. cbn [orb] in C. now apply q_eq.
    + rewrite !nth_overflow by lia. reflexivity.
  - rewrite !(nth_overflow _ []) by lia. reflexivity.
Qed.

(** ** Weighted sets of points *)
Lemma weighed_plus (f g : nat -> R) J : fold_right (fun jw s => Q2R (snd jw) * (f (fst jw) + g (fst jw)) + s) 0 J =
  fold_right (fun jw s => Q2R (snd jw) * f (fst jw) + s) 0 J + fold_right (fun jw s => Q2R (snd jw) * g (fst jw) + s) 0 J.
Proof. induction J as [| jw J IH]; cbn [fold_right]; [lra | rewrite IH; ring]. Qed.
Definition mean (f : nat -> R) (J : list (nat * Q)) : R := fold_right (fun jw s => Q2R (snd jw) * f (fst jw) + s) 0 J.
Lemma q_weighed f J : Q2R (weighed f J) = mean (fun j => Q2R (f j)) J.
Proof. induction J as [| jw J IH]; cbn [weighed fold_right mean]; [apply q0|]. fold (weighed f J) (mean (fun j => Q2R (f j)) J). now rewrite q_red, Q2R_plus, Q2R_mult, IH. Qed.
Lemma mean_line (f : nat -> R) y J : mean (fun j => (y - f j) * (y - f j)) J = mean (fun _ => 1) J * (y * y) - 2 * y * mean f J + mean (fun j => f j * f j) J.
Proof. induction J as [| jw J IH]; cbn [mean fold_right]; [lra|]. fold (mean (fun j => (y - f j) * (y - f j)) J) (mean (fun _ => 1) J) (mean f J) (mean (fun j => f j * f j) J). rewrite IH. ring. Qed.
Lemma mean_Sum (f : nat -> nat -> R) n J : mean (fun j => Sum (fun l => f l j) n) J = Sum (fun l => mean (f l) J) n.
Proof.
  induction J as [| jw J IH]; cbn [mean fold_right]; [rewrite Sum_const; ring|].
  fold (mean (fun j => Sum (fun l => f l j) n) J). rewrite IH, <- Sum_scale, <- Sum_plus. reflexivity.
Qed.
Lemma mean_most (f : nat -> R) b J : (forall jw, In jw J -> 0 <= Q2R (snd jw) /\ f (fst jw) <= b) -> mean f J <= mean (fun _ => 1) J * b.
Proof.
  induction J as [| jw J IH]; intros H; cbn [mean fold_right]; [lra|]. fold (mean f J) (mean (fun _ => 1) J).
  specialize (IH ltac:(intros x Hx; apply H; now right)). destruct (H jw (or_introl eq_refl)) as [P B].
  assert (X := Rmult_le_compat_l _ _ _ P B). lra.
Qed.

Section Sound.
  Variable c : registered.
  Hypothesis Hc : check_registered c = true.
  Let k := inputs c.

  Lemma the_in j : (j < k)%nat -> In (the c j) (proofs c). Proof. intros H. now apply nth_In. Qed.

  Lemma solutions_spec j : (j < k)%nat -> forall x, solves (problem c) (input (the c j)) x <-> x = map Q2R (solution (the c j)).
  Proof. intros H. apply solution_spec. assert (G := Hc). unfold check_registered in G. rewrite !andb_true_iff, !forallb_forall in G. apply G, the_in, H. Qed.
  Lemma Xi_spec j x : (j < k)%nat -> (Xi c j x <-> within (euclidean c) (Q2R (radius c)) x (map Q2R (solution (the c j)))).
  Proof.
    intros H. unfold Xi. split; [intros [s [Hs Hw]]; apply (solutions_spec j H) in Hs; now subst | intros W; eexists; split; [now apply (solutions_spec j H) | exact W]].
  Qed.

  Lemma legal_spec j : (j < k)%nat -> legal (answers c j) (iota c j).
  Proof.
    intros H. assert (G := Hc). unfold check_registered in G. rewrite !andb_true_iff, !forallb_forall in G. destruct G as [[[[[[_ G] _] _] _] _] _].
    apply policy_legal. intros rc n E L. cbv beta.
    destruct (find (listed rc) (shown c)) as [s |] eqn:F.
    - apply find_some in F. destruct F as [Is Es]. specialize (G s Is). rewrite forallb_forall in G. specialize (G _ (the_in j H)). cbv zeta in G.
      apply q_le in G. rewrite q_abs, Q2R_minus, dyadic_spec in G.
      assert (Erc : fst s = rc).
      { unfold listed in Es. apply andb_prop in Es. destruct Es as [E1 E2]. apply Nat.eqb_eq in E1, E2. destruct rc, s as [[r0 c0] q]. cbn [fst snd] in *. now subst. }
      rewrite Erc in G. fold (iota c j rc) in G. eapply Rle_trans; [exact G|].
      unfold Q2R; cbn [Qnum Qden]. rewrite two_to_spec, Rmult_1_l. apply Rinv_le_contravar; [apply pow2 | apply Rle_pow; [lra | exact L]].
    - apply existsb_exists in E. destruct E as [s [Is Es]]. assert (X := find_none _ _ F s Is). congruence.
  Qed.

  Lemma coupled_spec : coupled_to_depth (depth c) k (answers c).
  Proof.
    assert (G := Hc). unfold check_registered in G. rewrite !andb_true_iff, !forallb_forall in G. destruct G as [[[[[[[_ G] _] _] _] _] _] _].
    assert (E : forall j, (j < k)%nat -> forall rc, existsb (listed rc) (shown c) = false -> iota c j rc = iota c 0 rc).
    { intros j Hj rc N. apply (same_table_spec (shown c)); auto. apply G, the_in, Hj. }
    intros i j rc n Hi Hj L. apply policy_coupled; auto. intros rc' N. now rewrite (E i Hi), (E j Hj).
  Qed.

  Lemma apart_spec J : In J (apart c) -> (forall jw, In jw J -> (fst jw < k)%nat) /\ ~ exists x, forall jw, In jw J -> Xi c (fst jw) x.
  Proof.
    intros I. assert (G := Hc). unfold check_registered in G. rewrite !andb_true_iff, !forallb_forall in G. destruct G as [[[[[_ G] _] _] _] _].
    specialize (G J I). unfold apart_ok in G. cbv zeta in G. set (n := length _) in G. rewrite andb_true_iff, forallb_forall in G. destruct G as [G1 G2].
    assert (Hk : forall jw, In jw J -> (fst jw < k)%nat /\ length (solution (the c (fst jw))) = n).
    { intros jw Ij. specialize (G1 jw Ij). apply andb_prop in G1. destruct G1 as [A B]. apply Nat.ltb_lt in A. apply Nat.eqb_eq in B. auto. }
    split; [intros jw Ij; now apply Hk|]. intros [x Hx].
    assert (Hw : forall jw, In jw J -> within (euclidean c) (Q2R (radius c)) x (map Q2R (solution (the c (fst jw))))).
    { intros jw Ij. apply Xi_spec; [now apply Hk | auto]. }
    unfold within in Hw. destruct (euclidean c).
    - rewrite !andb_true_iff, forallb_forall in G2. destruct G2 as [[W1 W2] W3]. apply q_eq in W2. apply q_lt in W3. rewrite q1, q_weighed in W2. rewrite q_sum, Q2R_mult in W3.
      assert (W1' : mean (fun _ => 1) J = 1) by (now rewrite q1 in W2).
      set (D := fun l j => (at_ x l - vec (solution (the c j)) l) * (at_ x l - vec (solution (the c j)) l)).
      assert (U : mean (fun j => Sum (fun l => D l j) n) J <= Q2R (radius c) * Q2R (radius c)).
      { eapply Rle_trans; [apply (mean_most _ (Q2R (radius c) * Q2R (radius c)))|].
        - intros jw Ij. split; [specialize (W1 jw Ij); apply q_le in W1; now rewrite q0 in W1|].
          destruct (Hw jw Ij) as [_ B]. rewrite map_length, (proj2 (Hk jw Ij)) in B. eapply Rle_trans; [right | exact B].
          apply Sum_ext. intros l _. cbv beta. rewrite !at_map. reflexivity.
        - rewrite W1'. lra. }
      rewrite mean_Sum in U.
      assert (V : Sum (fun l => Q2R (weighed (fun j => (qat (solution (the c j)) l * qat (solution (the c j)) l)%Q) J - weighed (fun j => qat (solution (the c j)) l) J * weighed (fun j => qat (solution (the c j)) l) J)) n
                  <= Sum (fun l => mean (D l) J) n).
      { apply Sum_le. intros l _. rewrite Q2R_minus, Q2R_mult, !q_weighed. unfold D. rewrite mean_line.
        rewrite W1'.
        set (f := fun j => vec (solution (the c j)) l). change (mean (fun j => Q2R (qat (solution (the c j)) l)) J) with (mean f J).
        replace (mean (fun j => Q2R (qat (solution (the c j)) l * qat (solution (the c j)) l)) J) with (mean (fun j => f j * f j) J).
        - assert (Sq := Rle_0_sqr (at_ x l - mean f J)). unfold Rsqr in Sq. fold (mean (fun j => f j * f j) J). change (mean (fun j => vec (solution (the c j)) l * vec (solution (the c j)) l) J) with (mean (fun j => f j * f j) J). lra.
        - clear. induction J as [| jw J' IH]; cbn [mean fold_right]; [reflexivity|]. fold (mean (fun j => f j * f j) J'). rewrite IH. now rewrite Q2R_mult. }
      lra.
    - apply existsb_exists in G2. destruct G2 as [l [Il G2]]. apply existsb_exists in G2. destruct G2 as [iw [Ii G2]]. apply existsb_exists in G2. destruct G2 as [jw [Ij G2]].
      apply in_seq in Il. apply q_lt in G2. rewrite Q2R_mult, Q2R_minus in G2.
      assert (Bi := near_nth _ _ _ l (Hw iw Ii)). assert (Bj := near_nth _ _ _ l (Hw jw Ij)).
      assert (Lx : length x = n) by (rewrite (near_length _ _ _ (Hw iw Ii)), map_length; now apply Hk).
      specialize (Bi ltac:(lia)). specialize (Bj ltac:(lia)). fold (at_ x l) in Bi, Bj.
      change (nth l (map Q2R (solution (the c (fst iw)))) 0) with (at_ (map Q2R (solution (the c (fst iw)))) l) in Bi.
      change (nth l (map Q2R (solution (the c (fst jw)))) 0) with (at_ (map Q2R (solution (the c (fst jw)))) l) in Bj.
      rewrite at_map in Bi, Bj. unfold vec in Bi, Bj. unfold qat in G2. replace (Q2R 2) with 2 in G2 by (unfold Q2R; simpl; lra).
      unfold Rabs in Bi, Bj. destruct (Rcase_abs _), (Rcase_abs _); lra.
  Qed.

  Lemma light_spec n : forall w chosen, light c w chosen n = true ->
    forall (served : nat -> Prop) (J : nat -> bool), (forall B, In B (apart c) -> ~ forall jw, In jw B -> served (fst jw)) ->
      (forall i, In i chosen -> served i) -> (forall j, (j < n)%nat -> J j = true -> served j) ->
      Q2R w + Sum (fun j => if J j then vec (weights c) j else 0) n <= Q2R (value c).
  Proof.
    induction n as [| n IH]; intros w chosen H served J HB Hs HJ; cbn [light Sum] in *.
    - apply q_le in H. lra.
    - apply andb_prop in H. destruct H as [H1 H2]. destruct (J n) eqn:Jn.
      + apply orb_prop in H2. assert (Sn : forall i, In i (n :: chosen) -> served i) by (intros i [<- | Hi]; auto).
        destruct H2 as [H2 | H2].
        * exfalso. unfold excluded in H2. apply existsb_exists in H2. destruct H2 as [B [IB H2]]. apply (HB B IB). intros jw Ij.
          rewrite forallb_forall in H2. specialize (H2 jw Ij). apply existsb_exists in H2. destruct H2 as [i [Ii E]]. apply Nat.eqb_eq in E. rewrite E. auto.
        * specialize (IH _ _ H2 served J HB Sn ltac:(intros j Hj; apply HJ; lia)). rewrite q_red, Q2R_plus in IH. change (Q2R (qat (weights c) n)) with (vec (weights c) n) in IH. lra.
      + specialize (IH _ _ H1 served J HB Hs ltac:(intros j Hj; apply HJ; lia)). lra.
  Qed.

  Lemma game_spec : certifies k (Xi c) (vec (weights c)) (Q2R (value c)).
  Proof.
    assert (G := Hc). unfold check_registered in G. rewrite !andb_true_iff in G. destruct G as [[[[_ G1] G2] G3] G4].
    split; [| split; [| split]].
    - intros j Hj. apply (all_below_spec _ _ G1) in Hj. cbv beta in Hj. apply q_le in Hj. now rewrite q0 in Hj.
    - apply q_eq in G2. now rewrite q_sum, q1 in G2.
    - apply q_le in G3. now rewrite q0 in G3.
    - intros y J HJ. assert (L := light_spec k 0 [] G4 (fun j => (j < k)%nat /\ Xi c j y) J). rewrite q0, Rplus_0_l in L. apply L.
      + intros B IB H. destruct (apart_spec B IB) as [_ N]. apply N. exists y. intros jw Ij. now apply H.
      + intros i [].
      + intros j Hj Jj. auto.
  Qed.

  Theorem registered_sound : registered_facts c.
  Proof.
    assert (G := Hc). unfold check_registered in G. rewrite !andb_true_iff, !forallb_forall in G. destruct G as [[[[[[[[G0 G1] _] _] _] _] _] _] _].
    apply Nat.ltb_lt in G0. constructor.
    - intros j Hj P. specialize (G1 _ (the_in j Hj)). unfold solution_ok in G1. cbv zeta in G1. rewrite !andb_true_iff in G1. destruct G1 as [[_ G1] _].
      unfold shape_ok in G1. rewrite andb_true_iff, Nat.eqb_eq, forallb_forall in G1. destruct G1 as [A B]. split; [exact A|].
      intros row Ir. now apply Nat.eqb_eq, B.
    - exact solutions_spec.
    - exact legal_spec.
    - exact coupled_spec.
    - intros J IJ. exact (proj2 (apart_spec J IJ)).
    - exact game_spec.
    - intros S Gamma p t M1 M2. refine (game_min k (answers c) (Xi c) (deeper (depth c)) G0 _ (vec (weights c)) (Q2R (value c)) S Gamma game_spec M1 M2).
      intros i j Hi Hj. apply follows_alike. intros e q L. now apply coupled_spec.
  Qed.
End Sound.
