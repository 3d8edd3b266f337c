(** The linear program of section 6 and the simplex family: minimisers, exclusion, legal oracles, and the bounds. *)
From Coq Require Import Reals Lra Lia List ZArith Bool.
From OneHalf Require Import Statement Algorithm Probability Theorem1 Theorem2 Oracles Policies LinearProgram.
Import ListNotations.
Open Scope R_scope.

(** * G2 for points in the maximum norm: the balls of radius r meet exactly when the points are within 2r. *)
Lemma near_nth r x y i : near r x y -> (i < length x)%nat -> Rabs (nth i x 0 - nth i y 0) <= r.
Proof. intros H. revert i. induction H as [| u v x y Huv H IH]; intros [| i] L; simpl in *; try lia; auto. apply IH. lia. Qed.

Lemma near_length r x y : near r x y -> length x = length y.
Proof. induction 1; simpl; congruence. Qed.

Theorem balls_meet r x y : length x = length y -> ((exists z, near r z x /\ near r z y) <-> near (2 * r) x y).
Proof.
  intros E. split.
  - intros [z [H1 H2]]. revert y E H2. induction H1 as [| u v z x Huv H1 IH]; intros [| w y] E H2; inversion H2; subst; try discriminate; constructor.
    + replace (v - w) with (- (u - v) + (u - w)) by ring. eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp. lra.
    + apply IH; auto.
  - intros H. exists (map (fun uv => (fst uv + snd uv) / 2) (combine x y)). unfold near in *.
    induction H as [| u v x y Huv H IH]; simpl; [repeat constructor|].
    destruct (IH ltac:(simpl in E; congruence)) as [A B]. unfold Rabs in Huv. split; constructor; auto; apply Rabs_le; destruct (Rcase_abs _); lra.
Qed.

Corollary balls_disjoint r x y : length x = length y -> ((forall z, near r z x -> near r z y -> False) <-> ~ near (2 * r) x y).
Proof. intros E. rewrite <- balls_meet by auto. split; [intros H [z [A B]]; eauto | intros H z A B; apply H; eauto]. Qed.

(** * The simplex *)
Lemma dot_costs delta j x s : dot (map (fun i => if Nat.eqb i j then 1 - delta else 1) (seq s (length x))) x
  = total x - delta * (if Nat.leb s j then nth (j - s) x 0 else 0).
Proof.
  unfold dot, total. revert s. induction x as [| u x IH]; intros s; cbn [length seq map combine fold_right fst snd].
  - destruct (Nat.leb s j); [destruct (j - s)%nat |]; simpl; lra.
  - rewrite IH. destruct (Nat.leb_spec (S s) j), (Nat.leb_spec s j), (Nat.eqb_spec s j); try lia.
    + replace (j - s)%nat with (S (j - S s)) by lia. simpl. lra.
    + subst. rewrite Nat.sub_diag. simpl. lra.
    + lra.
Qed.

Lemma vertex_nth k j i : nth i (vertex k j) 0 = if andb (Nat.ltb i k) (Nat.eqb i j) then 1 else 0.
Proof.
  unfold vertex. destruct (Nat.ltb_spec i k); simpl.
  - rewrite (nth_indep _ 0 (if Nat.eqb 0 j then 1 else 0)) by (now rewrite map_length, seq_length).
    rewrite (map_nth (fun i => if Nat.eqb i j then 1 else 0)), seq_nth by auto. reflexivity.
  - apply nth_overflow. now rewrite map_length, seq_length.
Qed.

Lemma vertex_in k j : (j < k)%nat -> in_simplex k (vertex k j).
Proof.
  intros Hj. unfold vertex. split; [now rewrite map_length, seq_length|]. split.
  - apply Forall_map, Forall_forall. intros i _. destruct (Nat.eqb i j); lra.
  - assert (G : forall n s, total (map (fun i => if Nat.eqb i j then 1 else 0) (seq s n)) = if andb (Nat.leb s j) (Nat.ltb j (s + n)) then 1 else 0).
    { induction n as [| n IH]; intros s; unfold total in *; cbn [seq map fold_right].
      - destruct (Nat.leb_spec s j), (Nat.ltb_spec j (s + 0)); simpl; auto; lia.
      - rewrite IH. destruct (Nat.eqb_spec s j), (Nat.leb_spec (S s) j), (Nat.leb_spec s j), (Nat.ltb_spec j (S s + n)), (Nat.ltb_spec j (s + S n)); simpl; try lia; lra. }
    rewrite G. simpl. destruct (Nat.ltb_spec j k); [reflexivity | lia].
Qed.

Lemma nth_total x j : Forall (fun u => 0 <= u) x -> 0 <= nth j x 0 <= total x.
Proof.
  intros H. unfold total. revert j. induction H as [| u x Hu H IH]; intros j; simpl; [destruct j; lra|].
  assert (A := IH 0%nat). destruct j as [| j]; [lra|]. specialize (IH j). lra.
Qed.

Lemma total_vertex x j : Forall (fun u => 0 <= u) x -> nth j x 0 = total x -> forall i, i <> j -> nth i x 0 = 0.
Proof.
  intros H. unfold total. revert j. induction H as [| u x Hu H IH]; intros j E i Ne; simpl in *; [now destruct i|].
  assert (T := nth_total x). unfold total in T.
  destruct j as [| j], i as [| i]; try congruence.
  - assert (B := T i H). lra.
  - assert (B := T j H). lra.
  - assert (B := T j H). assert (u = 0) by lra. apply (IH j); [lra | congruence].
Qed.

Theorem simplex_unique k delta j x : 0 < delta -> (j < k)%nat -> (simplex_minimiser k delta j x <-> x = vertex k j).
Proof.
  intros Hd Hj.
  assert (D : forall z, in_simplex k z -> dot (simplex_costs k delta j) z = 1 - delta * nth j z 0).
  { intros z [E [_ T]]. unfold simplex_costs. rewrite <- E, dot_costs, T. simpl. now rewrite Nat.sub_0_r. }
  assert (V : nth j (vertex k j) 0 = 1) by (rewrite vertex_nth; destruct (Nat.ltb_spec j k); [now rewrite Nat.eqb_refl | lia]).
  split.
  - intros [F M]. specialize (M _ (vertex_in k j Hj)). rewrite !D, V in M; auto using vertex_in.
    destruct F as [E [Pos T]]. assert (B := nth_total x j Pos). assert (N : nth j x 0 = total x) by nra.
    apply (nth_ext _ _ 0 0); [unfold vertex; now rewrite map_length, seq_length|]. intros i Hi. rewrite vertex_nth.
    destruct (Nat.ltb_spec i k); [| lia]. destruct (Nat.eqb_spec i j) as [-> | Ne]; simpl; [lra|]. now apply (total_vertex x j).
  - intros ->. split; [now apply vertex_in|]. intros z F. rewrite !D, V; auto using vertex_in. destruct F as [_ [Pos T]].
    assert (B := nth_total z j Pos). nra.
Qed.

Theorem simplex_exclusive k tol : tol < 1 / 2 -> exclusive k (fun j x => near tol x (vertex k j)).
Proof.
  intros Ht i j x [L1 L2] H1 H2. assert (E := near_length _ _ _ H1). unfold vertex in E. rewrite map_length, seq_length in E.
  assert (A := near_nth _ _ _ i H1 ltac:(lia)). assert (B := near_nth _ _ _ i H2 ltac:(lia)). rewrite !vertex_nth in *.
  destruct (Nat.ltb_spec i k); [| lia]. rewrite Nat.eqb_refl in A. destruct (Nat.eqb_spec i j); [lia|]. simpl in *.
  unfold Rabs in *. destruct (Rcase_abs (nth i x 0 - 1)), (Rcase_abs (nth i x 0 - 0)); lra.
Qed.

(** * The linear program *)
Theorem lp_exclusive K delta y : 0 < delta < 1 -> 0 < y -> 2 / 10 ^ K < y -> exclusive 2 (fun j x => near (/ 10 ^ K) x (lp_solution delta y j)).
Proof.
  intros Hd Hy HK i j x [L1 L2] H1 H2. replace i with 0%nat in H1 by lia. replace j with 1%nat in H2 by lia.
  assert (E := near_length _ _ _ H1). simpl in *. assert (A := near_nth _ _ _ 0 H1 ltac:(lia)). assert (B := near_nth _ _ _ 0 H2 ltac:(lia)). simpl in *.
  unfold Rabs in *. destruct (Rcase_abs (nth 0 x 0 - 0)), (Rcase_abs (nth 0 x 0 - y)); lra.
Qed.

(** * Oracles *)
Lemma program_range lp delta j i : program_entry lp delta j i = 1 \/ program_entry lp delta j i = 1 - delta \/
  lp = true /\ program_entry lp delta j i = 1 + delta.
Proof.
  unfold program_entry, lp_entry, simplex_entry. destruct lp.
  - destruct (Nat.eqb (snd i) 1); auto. destruct (Nat.eqb j 0); auto.
  - destruct (Nat.eqb (snd i) j); auto.
Qed.

Lemma decoy_shown lp e i : D2R (program_shown lp Decoy e i) = if lp then (if Nat.eqb (snd i) 1 then 1 + / 2 ^ e else 1) else (if Nat.eqb (snd i) 0 then 1 - / 2 ^ e else 1).
Proof.
  assert (Q := pow2 e). assert (E : IZR (2 ^ Z.of_nat e) = 2 ^ e) by (rewrite <- pow_IZR; reflexivity).
  unfold program_shown, D2R. destruct lp; destruct (Nat.eqb _ _); cbn [fst snd]; rewrite ?plus_IZR, ?minus_IZR, ?E; simpl; try field; lra.
Qed.

Lemma small_dyadic n e : (n <= e)%nat -> 0 < / 2 ^ e <= / 2 ^ n.
Proof. intros L. split; [apply Rinv_0_lt_compat, pow2|]. apply Rinv_le_contravar; [apply pow2 | apply Rle_pow; auto; lra]. Qed.

Lemma double_dyadic n e : (n <= e - 1)%nat -> (1 <= e)%nat -> 2 * / 2 ^ e <= / 2 ^ n.
Proof.
  intros L He. replace (2 * / 2 ^ e) with (/ 2 ^ (e - 1)); [now apply small_dyadic|].
  replace e with (1 + (e - 1))%nat at 2 by lia. rewrite pow_add. simpl. assert (Q := pow2 (e - 1)). field. lra.
Qed.

Theorem program_legal lp p e j : (1 <= e)%nat -> legal (program_answers lp p e j) (program_entry lp (/ 2 ^ e) j).
Proof.
  intros He. assert (Blindly : forall D, (D <= e)%nat -> legal (policy_oracle (fun _ => true) D (fun _ _ => (1%Z, 0%nat)) (program_entry lp (/ 2 ^ e) j)) (program_entry lp (/ 2 ^ e) j)).
  { intros D HD. apply policy_legal. intros i n _ L. assert (S := small_dyadic n e ltac:(lia)). unfold D2R; cbn [fst snd pow]. apply Rabs_le.
    destruct (program_range lp (/ 2 ^ e) j i) as [-> | [-> | [_ ->]]]; lra. }
  destruct p; try (apply Blindly; simpl; lia); [intros i n; apply nearest_legal|].
  apply policy_legal. intros i n _ L. rewrite decoy_shown. simpl in L. unfold program_entry, lp_entry, simplex_entry. destruct lp.
  - assert (S := double_dyadic n e L He). assert (S' := small_dyadic n e ltac:(lia)). apply Rabs_le.
    destruct (Nat.eqb (snd i) 1); [destruct (Nat.eqb j 0)|]; lra.
  - assert (S := small_dyadic n e L). apply Rabs_le. destruct (Nat.eqb (snd i) 0), (Nat.eqb (snd i) j); lra.
Qed.

Lemma honest_one lp e j i n : (2 <= e)%nat -> (n <= e - 1)%nat -> nearest (program_entry lp (/ 2 ^ e) j i) n = ((2 ^ Z.of_nat n)%Z, n).
Proof.
  intros He L. apply nearest_is. assert (Qn := pow2 n). rewrite <- pow_IZR.
  assert (S := double_dyadic n e L ltac:(lia)). assert (S' := small_dyadic n e ltac:(lia)).
  assert (E : forall s, (1 + s) * 2 ^ n - 2 ^ n = s * 2 ^ n) by (intros; ring).
  assert (H : / 2 ^ e * 2 ^ n <= 1 / 2).
  { apply (Rmult_le_compat_r (2 ^ n)) in S; [| lra]. rewrite Rinv_l in S by lra. lra. }
  assert (H0 : 0 < / 2 ^ e * 2 ^ n) by (apply Rmult_lt_0_compat; lra).
  assert (Strict : (n < e - 1)%nat -> / 2 ^ e * 2 ^ n < 1 / 2).
  { intros L'. assert (S2 := double_dyadic (n + 1) e ltac:(lia) ltac:(lia)). rewrite pow_add, Rinv_mult in S2. simpl in S2.
    apply (Rmult_le_compat_r (2 ^ n)) in S2; [| lra]. replace (/ 2 ^ n * / (2 * 1) * 2 ^ n) with (1 / 2) in S2 by (field; lra). lra. }
  assert (Even : n = (e - 1)%nat -> Z.even (2 ^ Z.of_nat n) = true).
  { intros ->. rewrite Z.even_pow by lia. reflexivity. }
  destruct (program_range lp (/ 2 ^ e) j i) as [-> | [-> | [_ ->]]].
  - left. rewrite Rmult_1_l, Rminus_diag_eq, Rabs_R0 by auto. lra.
  - replace ((1 - / 2 ^ e) * 2 ^ n - 2 ^ n) with (- (/ 2 ^ e * 2 ^ n)) by ring. rewrite Rabs_Ropp, Rabs_right by lra.
    destruct (Nat.eq_dec n (e - 1)) as [D | D]; [| left; apply Strict; lia]. destruct H as [H | H]; [left | right]; auto.
  - rewrite E, Rabs_right by lra.
    destruct (Nat.eq_dec n (e - 1)) as [D | D]; [| left; apply Strict; lia]. destruct H as [H | H]; [left | right]; auto.
Qed.

Theorem program_coupled lp p e j j' i n : (2 <= e)%nat -> (n <= program_couples lp p e)%nat -> program_answers lp p e j i n = program_answers lp p e j' i n.
Proof.
  intros He L. destruct p; [| apply policy_coupled; auto; discriminate ..].
  simpl in *. now rewrite !honest_one by auto.
Qed.

(** * The bounds: every policy, every algorithm *)
Theorem simplex_bound k e tol p : (2 <= k)%nat -> (2 <= e)%nat -> tol < 1 / 2 ->
  (forall j, legal (program_answers false p e j) (simplex_entry (/ 2 ^ e) j)) /\
  forall (S : space) (Gamma : algorithm (nat * nat) dyadic (list R) S),
    let n := program_couples false p e in
    let t := Pr S (fun w => asks (program_answers false p e 0) (deeper n) (Gamma w)) in
    let right j w := succeeds (program_answers false p e j) (fun x => near tol x (vertex k j)) (Gamma w) in
    (forall j, (j < k)%nat -> ev S (right j)) -> ev S (fun w => asks (program_answers false p e 0) (deeper n) (Gamma w)) ->
    Sum (fun j => Pr S (right j)) k <= 1 + (INR k - 1) * t /\ exists j, (j < k)%nat /\ Pr S (right j) <= (1 + (INR k - 1) * t) / INR k.
Proof.
  intros Hk He Ht. split; [intros j; apply (program_legal false); lia|]. intros S Gamma n t right M1 M2.
  apply (theorem1 k n (program_answers false p e) (fun j x => near tol x (vertex k j))); auto; try lia.
  - intros i j c m _ _ L. now apply program_coupled.
  - now apply simplex_exclusive.
Qed.

Theorem lp_bound K e y p : (2 <= e)%nat -> 0 < y -> 2 / 10 ^ K < y ->
  (forall j, legal (program_answers true p e j) (lp_entry (/ 2 ^ e) j)) /\
  forall (S : space) (Gamma : algorithm (nat * nat) dyadic (list R) S),
    let n := program_couples true p e in
    let t := Pr S (fun w => asks (program_answers true p e 0) (deeper n) (Gamma w)) in
    let right j w := succeeds (program_answers true p e j) (fun x => near (/ 10 ^ K) x (lp_solution (/ 2 ^ e) y j)) (Gamma w) in
    (forall j, (j < 2)%nat -> ev S (right j)) -> ev S (fun w => asks (program_answers true p e 0) (deeper n) (Gamma w)) ->
    Sum (fun j => Pr S (right j)) 2 <= 1 + t /\ exists j, (j < 2)%nat /\ Pr S (right j) <= (1 + t) / 2.
Proof.
  intros He Hy HK. split; [intros j; apply (program_legal true); lia|]. intros S Gamma n t right M1 M2.
  assert (Hd : 0 < / 2 ^ e < 1).
  { assert (A := double_dyadic 0 e ltac:(lia) ltac:(lia)). assert (B := small_dyadic e e (le_n e)). simpl in A. lra. }
  assert (T := theorem1 2 n (program_answers true p e) (fun j x => near (/ 10 ^ K) x (lp_solution (/ 2 ^ e) y j)) S Gamma).
  cbv zeta in T. replace (INR 2) with 2 in T by reflexivity. unfold t, right. replace (1 + (2 - 1) * _) with (1 + t) in T by (unfold t; ring).
  apply T; auto; try lia.
  - intros i j c m _ _ L. now apply program_coupled.
  - now apply lp_exclusive.
Qed.

(** * The limits: all costs 1, or the coefficient 1; Theorem 3 *)
Definition ones : oracle (nat * nat) dyadic := fun _ _ => (1%Z, 0%nat).

Lemma ones_legal lp j : legal ones (program_entry lp 0 j).
Proof.
  intros i n. unfold ones, D2R; cbn [fst snd pow]. destruct (program_range lp 0 j i) as [-> | [-> | [_ ->]]]; rewrite ?Rminus_0_r, ?Rplus_0_r;
    replace (1 / 1 - 1) with 0 by lra; rewrite Rabs_R0; left; apply Rinv_0_lt_compat, pow2.
Qed.

Lemma blind_ones lp e j i n : (n <= e)%nat -> ones i n = program_answers lp Blind e j i n.
Proof. intros L. unfold program_answers, policy_oracle; simpl. apply Nat.leb_le in L. now rewrite L. Qed.

Theorem simplex_limit k tol : (2 <= k)%nat -> tol < 1 / 2 ->
  exists (O0 : oracle (nat * nat) dyadic) (O : nat -> nat -> oracle (nat * nat) dyadic),
    (forall j, legal O0 (simplex_entry 0 j)) /\ (forall j m, legal (O j m) (simplex_entry (/ 2 ^ (m + 1)) j)) /\
    forall (S : space), sigma S -> forall (Gamma : algorithm (nat * nat) dyadic (list R) S),
      ev S (fun w => succeeds O0 (fun _ => True) (Gamma w)) ->
      (forall j m, ev S (fun w => succeeds (O j m) (fun x => near tol x (vertex k j)) (Gamma w))) ->
      (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
      let h := Pr S (fun w => succeeds O0 (fun _ => True) (Gamma w)) in
      forall s, s <= h -> (forall j m, (j < k)%nat -> s <= Pr S (fun w => succeeds (O j m) (fun x => near tol x (vertex k j)) (Gamma w))) ->
        (h = 1 -> s <= 1 / INR k) /\ s <= INR k / (2 * INR k - 1).
Proof.
  intros Hk Ht. exists ones, (fun j m => program_answers false Blind (m + 1) j).
  split; [intros j; apply (ones_legal false j)|]. split; [intros j m; apply (program_legal false); lia|].
  intros S HS Gamma M0 M1 M2 h s H0 H1.
  apply (theorem3 k ones (fun j m => program_answers false Blind (m + 1) j) (fun j _ x => near tol x (vertex k j))) with (S := S) (Gamma := Gamma); auto; try lia.
  - intros n. exists n. intros j _ i q L. apply blind_ones. lia.
  - intros _ i j x. now apply simplex_exclusive.
Qed.

Theorem lp_limit K y : 0 < y -> 2 / 10 ^ K < y ->
  exists (O0 : oracle (nat * nat) dyadic) (O : nat -> nat -> oracle (nat * nat) dyadic),
    (forall j, legal O0 (lp_entry 0 j)) /\ (forall j m, legal (O j m) (lp_entry (/ 2 ^ (m + 1)) j)) /\
    forall (S : space), sigma S -> forall (Gamma : algorithm (nat * nat) dyadic (list R) S),
      ev S (fun w => succeeds O0 (fun _ => True) (Gamma w)) ->
      (forall j m, ev S (fun w => succeeds (O j m) (fun x => near (/ 10 ^ K) x (lp_solution (/ 2 ^ (m + 1)) y j)) (Gamma w))) ->
      (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
      let h := Pr S (fun w => succeeds O0 (fun _ => True) (Gamma w)) in
      forall s, s <= h -> (forall j m, (j < 2)%nat -> s <= Pr S (fun w => succeeds (O j m) (fun x => near (/ 10 ^ K) x (lp_solution (/ 2 ^ (m + 1)) y j)) (Gamma w))) ->
        (h = 1 -> s <= 1 / 2) /\ s <= 2 / 3.
Proof.
  intros Hy HK. exists ones, (fun j m => program_answers true Blind (m + 1) j).
  split; [intros j; apply (ones_legal true j)|]. split; [intros j m; apply (program_legal true); lia|].
  intros S HS Gamma M0 M1 M2 h s H0 H1.
  assert (T := theorem3 2 ones (fun j m => program_answers true Blind (m + 1) j) (fun j m x => near (/ 10 ^ K) x (lp_solution (/ 2 ^ (m + 1)) y j)) ltac:(lia)).
  replace (INR 2) with 2 in T by reflexivity. replace (2 / (2 * 2 - 1)) with (2 / 3) in T by field.
  apply (T ltac:(intros n; exists n; intros j _ i q L; apply blind_ones; lia)) with (S := S) (Gamma := Gamma); auto.
  intros m i j x. apply lp_exclusive; auto.
  assert (A := double_dyadic 0 (m + 1) ltac:(lia) ltac:(lia)). assert (B := small_dyadic (m + 1) (m + 1) (le_n _)). simpl in A. lra.
Qed.
