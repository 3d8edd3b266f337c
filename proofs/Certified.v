(** What a solution, a dual vector and a left inverse prove: that it is the only minimiser. (KKT conditions, strict off the columns
    that are inverted.) *)
From Coq Require Import Reals Lra Lia List ZArith QArith Qreals.
From OneHalf Require Import Statement Probability Games Registered.
Import ListNotations.
Open Scope R_scope.

(** * Sums *)
Lemma Sum_swap (f : nat -> nat -> R) m n : Sum (fun i => Sum (fun j => f i j) n) m = Sum (fun j => Sum (fun i => f i j) m) n.
Proof.
  induction m as [| m IH]; cbn [Sum].
  - induction n as [| n IHn]; cbn [Sum]; lra.
  - rewrite IH, <- Sum_plus. reflexivity.
Qed.
Lemma Sum_minus f g k : Sum (fun j => f j - g j) k = Sum f k - Sum g k.
Proof. induction k as [| k IH]; cbn [Sum]; lra. Qed.
Lemma Sum_zero f k : (forall j, (j < k)%nat -> 0 <= f j) -> 0 <= Sum f k /\ (Sum f k <= 0 -> forall j, (j < k)%nat -> f j = 0).
Proof.
  induction k as [| k IH]; intros H; cbn [Sum]; [split; [lra | lia]|].
  destruct (IH ltac:(intros j Hj; apply H; lia)) as [P Z]. assert (Hk := H k ltac:(lia)). split; [lra|].
  intros E j Hj. destruct (Nat.eq_dec j k) as [-> | N]; [lra|]. apply Z; [lra | lia].
Qed.
Lemma Sum_pick (z : nat -> R) i n : (i < n)%nat -> Sum (fun j => if Nat.eqb i j then z j else 0) n = z i.
Proof.
  intros H. enough (G : forall k, Sum (fun j => if Nat.eqb i j then z j else 0) k = if Nat.ltb i k then z i else 0) by (rewrite G; destruct (Nat.ltb_spec i n); [auto | lia]).
  induction k as [| k IH]; cbn [Sum]; [reflexivity|]. rewrite IH.
  destruct (Nat.ltb_spec i k), (Nat.ltb_spec i (S k)), (Nat.eqb_spec i k); subst; try lia; lra.
Qed.
Lemma squared_pos x n : 0 <= squared x n /\ (squared x n <= 0 -> forall j, (j < n)%nat -> x j = 0).
Proof.
  destruct (Sum_zero (fun j => x j * x j) n ltac:(intros j _; nra)) as [P Z]. split; [exact P|]. intros H j Hj. specialize (Z H j Hj). cbv beta in Z. nra.
Qed.
Lemma inner_ext a b a' b' n : (forall j, (j < n)%nat -> a j = a' j) -> (forall j, (j < n)%nat -> b j = b' j) -> inner a b n = inner a' b' n.
Proof. intros H H'. apply Sum_ext. intros j Hj. now rewrite H, H'. Qed.

(** A^T u *)
Definition back (A : nat -> nat -> R) (m : nat) (u : nat -> R) (j : nat) : R := Sum (fun i => A i j * u i) m.
Lemma adjoint A m n u x : inner u (image A n x) m = inner (back A m u) x n.
Proof.
  unfold inner, image, back. transitivity (Sum (fun i => Sum (fun j => A i j * u i * x j) n) m).
  - apply Sum_ext. intros i _. unfold inner. rewrite <- Sum_scale. apply Sum_ext. intros j _. ring.
  - rewrite Sum_swap. apply Sum_ext. intros j _. rewrite (Rmult_comm _ (x j)), <- Sum_scale. apply Sum_ext. intros i _. ring.
Qed.
Lemma image_minus A n z x i : image A n (fun j => z j - x j) i = image A n z i - image A n x i.
Proof. unfold image, inner. rewrite <- Sum_minus. apply Sum_ext. intros j _. ring. Qed.

Section Unique.
  Context (m n : nat) (c : nat -> R) (A : nat -> nat -> R) (b : nat -> R) (lambda mu : R) (x u : nat -> R) (L : nat -> nat -> R) (tight : nat -> bool).
  (** The tight columns are independent: L is a left inverse of them. *)
  Definition inverts := forall i j, (i < n)%nat -> (j < n)%nat -> tight i = true -> tight j = true ->
    Sum (fun l => L i l * A l j) m = if Nat.eqb i j then 1 else 0.

  Lemma pinned z : inverts -> (forall j, (j < n)%nat -> tight j = false -> x j = 0) -> (forall j, (j < n)%nat -> tight j = false -> z j = 0) ->
    (forall i, (i < m)%nat -> image A n z i = image A n x i) -> forall j, (j < n)%nat -> z j = x j.
  Proof.
    intros HL Hx Hz E.
    assert (G : forall y, (forall j, (j < n)%nat -> tight j = false -> y j = 0) -> forall i, (i < n)%nat -> tight i = true ->
                Sum (fun l => L i l * image A n y l) m = y i).
    { intros y Hy i Hi Ti. transitivity (Sum (fun l => Sum (fun j => L i l * A l j * y j) n) m).
      - apply Sum_ext. intros l _. unfold image, inner. rewrite <- Sum_scale. apply Sum_ext. intros j _. ring.
      - rewrite Sum_swap. rewrite <- (Sum_pick y i n Hi). apply Sum_ext. intros j Hj.
        destruct (tight j) eqn:Tj.
        + transitivity (y j * Sum (fun l => L i l * A l j) m).
          * rewrite <- Sum_scale. apply Sum_ext. intros l _. ring.
          * rewrite HL by auto. destruct (Nat.eqb i j); ring.
        + rewrite (Hy j Hj Tj). transitivity (Sum (fun _ => 0) m); [apply Sum_ext; intros l _; ring|]. rewrite Sum_const. destruct (Nat.eqb i j); ring. }
    intros j Hj. destruct (tight j) eqn:Tj; [| now rewrite Hx, Hz].
    rewrite <- (G z Hz j Hj Tj), <- (G x Hx j Hj Tj). apply Sum_ext. intros l Hl. now rewrite E.
  Qed.

  (** ** The linear program: reduced costs d = c - A^T u *)
  Theorem linear_unique : let d j := c j - back A m u j in
    (forall j, (j < n)%nat -> 0 <= x j) -> (forall i, (i < m)%nat -> image A n x i = b i) ->
    (forall j, (j < n)%nat -> if tight j then d j = 0 else 0 < d j /\ x j = 0) -> inverts ->
    minimises Linear m n c A b lambda mu x /\ forall z, minimises Linear m n c A b lambda mu z -> forall j, (j < n)%nat -> z j = x j.
  Proof.
    intros d Hx HA Hd HL.
    assert (Off : forall j, (j < n)%nat -> tight j = false -> x j = 0) by (intros j Hj T; specialize (Hd j Hj); rewrite T in Hd; tauto).
    assert (Split : forall z, (forall i, (i < m)%nat -> image A n z i = b i) -> inner c z n = Sum (fun j => d j * z j) n + inner u b m).
    { intros z Hz. rewrite <- (inner_ext u (image A n z) u b m) by auto. rewrite adjoint. unfold inner. rewrite <- Sum_plus. apply Sum_ext. intros j _. unfold d. ring. }
    assert (Zx : Sum (fun j => d j * x j) n = 0).
    { rewrite <- (Rmult_0_r (INR n)), <- Sum_const. apply Sum_ext. intros j Hj. specialize (Hd j Hj). destruct (tight j); [rewrite Hd | rewrite (proj2 Hd)]; ring. }
    assert (Pos : forall z, (forall j, (j < n)%nat -> 0 <= z j) -> forall j, (j < n)%nat -> 0 <= d j * z j).
    { intros z Hz j Hj. specialize (Hz j Hj). specialize (Hd j Hj). destruct (tight j); [rewrite Hd; lra|]. apply Rmult_le_pos; lra. }
    split.
    - split; [split; auto|]. intros z [Z1 Z2]. cbn [objective]. rewrite (Split x HA), (Split z Z2), Zx. destruct (Sum_zero _ n (Pos z Z1)) as [P _]. lra.
    - intros z [[Z1 Z2] Z3]. specialize (Z3 x (conj Hx HA)). cbn [objective] in Z3. rewrite (Split x HA), (Split z Z2), Zx in Z3.
      destruct (Sum_zero _ n (Pos z Z1)) as [_ P]. specialize (P ltac:(lra)).
      apply pinned; auto.
      + intros j Hj T. specialize (P j Hj). cbv beta in P. specialize (Hd j Hj). rewrite T in Hd. nra.
      + intros i Hi. now rewrite Z2, HA.
  Qed.

  (** ** Slopes w of a penalty: |w| <= lambda, = lambda where the column is tight, and x has the sign of w *)
  Definition slopes (w : nat -> R) := forall j, (j < n)%nat ->
    lambda * Rabs (x j) = w j * x j /\ if tight j then Rabs (w j) = lambda else Rabs (w j) < lambda.
  Lemma slope_pos w z j : slopes w -> (j < n)%nat -> 0 <= lambda * Rabs (z j) - w j * z j.
  Proof.
    intros H Hj. destruct (H j Hj) as [_ T]. assert (B : Rabs (w j) <= lambda) by (destruct (tight j); lra).
    assert (C := Rle_abs (w j * z j)). rewrite Rabs_mult in C. assert (D := Rabs_pos (z j)). nra.
  Qed.
  Lemma slope_zero w z j : slopes w -> (j < n)%nat -> tight j = false -> lambda * Rabs (z j) - w j * z j = 0 -> z j = 0.
  Proof.
    intros H Hj T E. destruct (H j Hj) as [_ B]. rewrite T in B. destruct (Req_dec (z j) 0) as [| N]; auto. exfalso.
    assert (C := Rle_abs (w j * z j)). rewrite Rabs_mult in C. assert (D := Rabs_pos_lt (z j) N). nra.
  Qed.
  Lemma slope_sum w : slopes w -> Sum (fun j => lambda * Rabs (x j) - w j * x j) n = 0.
  Proof. intros H. rewrite <- (Rmult_0_r (INR n)), <- Sum_const. apply Sum_ext. intros j Hj. destruct (H j Hj). lra. Qed.
  Lemma slope_off w : slopes w -> forall j, (j < n)%nat -> tight j = false -> x j = 0.
  Proof. intros H j Hj T. apply (slope_zero w x j H Hj T). destruct (H j Hj). lra. Qed.
  Lemma slope_norm w z : Sum (fun j => lambda * Rabs (z j) - w j * z j) n = lambda * norm1 z n - inner w z n.
  Proof. unfold norm1, inner. now rewrite Sum_minus, Sum_scale. Qed.

  (** ** Basis pursuit: lambda = 1, w = A^T u *)
  Theorem pursuit_unique : lambda = 1 -> (forall i, (i < m)%nat -> image A n x i = b i) -> slopes (back A m u) -> inverts ->
    minimises Pursuit m n c A b lambda mu x /\ forall z, minimises Pursuit m n c A b lambda mu z -> forall j, (j < n)%nat -> z j = x j.
  Proof.
    intros L1 HA HS HL.
    assert (Split : forall z, (forall i, (i < m)%nat -> image A n z i = b i) ->
              norm1 z n = Sum (fun j => lambda * Rabs (z j) - back A m u j * z j) n + inner u b m).
    { intros z Hz. rewrite slope_norm, <- (inner_ext u (image A n z) u b m), adjoint by auto. rewrite L1. ring. }
    assert (Zx := slope_sum _ HS). split.
    - split; [exact HA|]. intros z Hz. cbn [objective feasible] in *. rewrite (Split x HA), (Split z Hz), Zx.
      destruct (Sum_zero _ n (fun j => slope_pos _ z j HS)) as [P _]. lra.
    - intros z [Hz Z3]. specialize (Z3 x HA). cbn [objective feasible] in *. rewrite (Split x HA), (Split z Hz), Zx in Z3.
      destruct (Sum_zero _ n (fun j => slope_pos _ z j HS)) as [_ P]. specialize (P ltac:(lra)).
      apply pinned; auto.
      + eapply slope_off; eauto.
      + intros j Hj T. exact (slope_zero _ z j HS Hj T (P j Hj)).
      + intros i Hi. now rewrite Hz, HA.
  Qed.

  (** ** Regression: w = A^T (b - Ax) - mu x *)
  Theorem regression_unique : let w j := back A m (residual n A b x) j - mu * x j in
    0 <= mu -> slopes w -> (0 < mu \/ inverts) ->
    minimises Regression m n c A b lambda mu x /\ forall z, minimises Regression m n c A b lambda mu z -> forall j, (j < n)%nat -> z j = x j.
  Proof.
    intros w Hmu HS HL. set (r := residual n A b x) in *.
    assert (Split : forall z, objective Regression m n c A b lambda mu z - objective Regression m n c A b lambda mu x =
              squared (image A n (fun j => z j - x j)) m / 2 + mu * squared (fun j => z j - x j) n / 2 + Sum (fun j => lambda * Rabs (z j) - w j * z j) n).
    { intros z. cbn [objective].
      assert (E1 : squared (residual n A b z) m = squared r m - 2 * inner r (image A n (fun j => z j - x j)) m + squared (image A n (fun j => z j - x j)) m).
      { unfold squared, inner. rewrite <- Sum_scale, <- Sum_minus, <- Sum_plus. apply Sum_ext. intros i _. rewrite image_minus. unfold r, residual. ring. }
      assert (E2 : inner r (image A n (fun j => z j - x j)) m = inner w z n - inner w x n + mu * inner x (fun j => z j - x j) n).
      { rewrite adjoint. unfold inner. rewrite <- Sum_scale, <- Sum_minus, <- Sum_plus. apply Sum_ext. intros j _. unfold w. ring. }
      assert (E3 : squared z n = squared x n + 2 * inner x (fun j => z j - x j) n + squared (fun j => z j - x j) n).
      { unfold squared, inner. rewrite <- Sum_scale, <- !Sum_plus. apply Sum_ext. intros j _. ring. }
      assert (Zx := slope_sum w HS). rewrite slope_norm in Zx. rewrite slope_norm. fold r. rewrite E1, E2, E3. lra. }
    assert (P0 := fun z => proj1 (Sum_zero _ n (fun j => slope_pos w z j HS))).
    assert (PA : forall z, 0 <= squared (image A n (fun j => z j - x j)) m) by (intros z; apply squared_pos).
    assert (Pm : forall z, 0 <= mu * squared (fun j => z j - x j) n) by (intros z; apply Rmult_le_pos; auto; apply squared_pos).
    split.
    - split; [exact Logic.I|]. intros z _. specialize (Split z). specialize (P0 z). specialize (PA z). specialize (Pm z). lra.
    - intros z [_ Z3]. specialize (Z3 x Logic.I). specialize (Split z). specialize (P0 z). specialize (PA z). specialize (Pm z).
      destruct HL as [HL | HL].
      + intros j Hj. destruct (squared_pos (fun j => z j - x j) n) as [Q Z]. assert (Q0 : squared (fun j => z j - x j) n <= 0) by nra.
        specialize (Z Q0 j Hj). cbv beta in Z. lra.
      + destruct (squared_pos (image A n (fun j => z j - x j)) m) as [_ Z]. specialize (Z ltac:(lra)).
        destruct (Sum_zero _ n (fun j => slope_pos w z j HS)) as [_ P]. specialize (P ltac:(lra)).
        apply pinned; auto.
        * eapply slope_off; eauto.
        * intros j Hj T. exact (slope_zero _ z j HS Hj T (P j Hj)).
        * intros i Hi. specialize (Z i Hi). rewrite image_minus in Z. lra.
  Qed.

  (** ** Square-root LASSO with a solution that fits: a dual vector shorter than 1 *)
  Lemma short_dual r : squared u m < 1 -> inner u r m <= sqrt (squared r m) /\ (sqrt (squared r m) <= inner u r m -> forall i, (i < m)%nat -> r i = 0).
  Proof.
    intros Hu. destruct (squared_pos r m) as [P Z]. assert (S0 := sqrt_pos (squared r m)). assert (SS := sqrt_sqrt _ P). set (s := sqrt (squared r m)) in *.
    assert (E : squared (fun i => r i - s * u i) m = squared r m - 2 * s * inner u r m + s * s * squared u m).
    { unfold squared, inner. rewrite <- !Sum_scale, <- Sum_minus, <- Sum_plus. apply Sum_ext. intros i _. ring. }
    destruct (squared_pos (fun i => r i - s * u i) m) as [Q _].
    destruct (Req_dec s 0) as [E0 | N].
    - assert (R0 : forall i, (i < m)%nat -> r i = 0) by (apply Z; rewrite <- SS, E0; lra).
      assert (I0 : inner u r m = 0).
      { unfold inner. rewrite <- (Rmult_0_r (INR m)), <- Sum_const. apply Sum_ext. intros i Hi. rewrite R0 by auto. ring. }
      split; [lra | auto].
    - assert (Sp : 0 < s) by lra. assert (B1 : s * s * squared u m < s * s) by (rewrite <- (Rmult_1_r (s * s)) at 2; apply Rmult_lt_compat_l; [now apply Rmult_lt_0_compat | auto]).
      assert (B : inner u r m < s) by (apply (Rmult_lt_reg_l s); [auto | rewrite E, <- SS in Q; lra]). split; [lra | intros C; lra].
  Qed.
  Theorem square_root_unique : (forall i, (i < m)%nat -> image A n x i = b i) -> squared u m < 1 -> slopes (back A m u) -> inverts ->
    minimises Square_root m n c A b lambda mu x /\ forall z, minimises Square_root m n c A b lambda mu z -> forall j, (j < n)%nat -> z j = x j.
  Proof.
    intros HA Hu HS HL.
    assert (Rx : squared (residual n A b x) m = 0).
    { unfold squared, inner. rewrite <- (Rmult_0_r (INR m)), <- Sum_const. apply Sum_ext. intros i Hi. unfold residual. rewrite HA by auto. ring. }
    assert (Split : forall z, objective Square_root m n c A b lambda mu z - objective Square_root m n c A b lambda mu x =
              (sqrt (squared (residual n A b z) m) - inner u (residual n A b z) m) + Sum (fun j => lambda * Rabs (z j) - back A m u j * z j) n).
    { intros z. cbn [objective]. rewrite Rx, sqrt_0. assert (Zx := slope_sum _ HS). rewrite slope_norm in *.
      assert (E : forall y, inner u (residual n A b y) m = inner u b m - inner (back A m u) y n).
      { intros y. rewrite <- adjoint. unfold inner. rewrite <- Sum_minus. apply Sum_ext. intros i _. unfold residual. ring. }
      rewrite E. assert (Ex : inner u (residual n A b x) m = 0).
      { unfold inner. rewrite <- (Rmult_0_r (INR m)), <- Sum_const. apply Sum_ext. intros i Hi. unfold residual. rewrite HA by auto. ring. }
      rewrite E in Ex. lra. }
    split.
    - split; [exact Logic.I|]. intros z _. specialize (Split z). destruct (Sum_zero _ n (fun j => slope_pos _ z j HS)) as [P _].
      destruct (short_dual (residual n A b z) Hu) as [Q _]. lra.
    - intros z [_ Z3]. specialize (Z3 x Logic.I). specialize (Split z). destruct (Sum_zero _ n (fun j => slope_pos _ z j HS)) as [P P'].
      destruct (short_dual (residual n A b z) Hu) as [Q Q']. specialize (P' ltac:(lra)). specialize (Q' ltac:(lra)).
      apply pinned; auto.
      + eapply slope_off; eauto.
      + intros j Hj T. exact (slope_zero _ z j HS Hj T (P' j Hj)).
      + intros i Hi. specialize (Q' i Hi). unfold residual in Q'. rewrite HA by auto. lra.
  Qed.
End Unique.
