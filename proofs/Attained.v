(** The bounds are attained: the strategies that meet Theorems 1, 2 and 3, and the warning of Remark 2b. *)
From Coq Require Import Reals Lra Lia List ZArith ClassicalDescription.
From OneHalf Require Import Statement Algorithm Probability Spaces Theorem2.
Import ListNotations.
Open Scope R_scope.

Section Strategies.
  Context {I A Y : Type}.
  Implicit Types (O : oracle I A).

  (** Ask a list of questions, and go on from the answers. *)
  Fixpoint ask_all (qs : list (I * nat)) (got : list A) (next : list A -> strategy I A Y) : strategy I A Y :=
    match qs with
    | [] => next got
    | (i, n) :: qs' => Ask i n (fun x => ask_all qs' (got ++ [x]) next)
    end.

  Definition replies O (qs : list (I * nat)) : list A := map (fun q => O (fst q) (snd q)) qs.

  Lemma ask_all_halts O qs next y : forall got, halts O (next (got ++ replies O qs)) y -> halts O (ask_all qs got next) y.
  Proof.
    induction qs as [| [i n] qs IH]; intros got H; simpl in *; [now rewrite app_nil_r in H|].
    apply H_ask, IH. now rewrite <- app_assoc.
  Qed.

  Lemma ask_all_asks O (kind : I -> nat -> Prop) qs next : forall got i n, In (i, n) qs -> kind i n -> asks O kind (ask_all qs got next).
  Proof.
    induction qs as [| [j m] qs IH]; intros got i n Hin Hk; simpl in *; [destruct Hin|].
    destruct Hin as [E | Hin]; [injection E as -> ->; now apply A_here | apply A_later; eauto].
  Qed.

  (** Search: ask for entry i to 0, 1, 2, ... digits until the answer decides. *)
  CoFixpoint search (i : I) (decide : nat -> A -> option Y) (n : nat) : strategy I A Y :=
    Ask i n (fun x => match decide n x with Some y => Out y | None => search i decide (Datatypes.S n) end).

  Definition unfold_strategy (s : strategy I A Y) : strategy I A Y :=
    match s with Out y => Out y | Ask i n next => Ask i n next | Think s => Think s end.
  Lemma unfold_eq s : s = unfold_strategy s. Proof. destruct s; reflexivity. Qed.

  Lemma search_halts O i decide y n : (forall m, (m < n)%nat -> decide m (O i m) = None) -> decide n (O i n) = Some y ->
    halts O (search i decide 0) y.
  Proof.
    intros H E. assert (G : forall d m, (m + d = n)%nat -> halts O (search i decide m) y).
    { induction d as [| d IH]; intros m Hm; rewrite (unfold_eq (search i decide m)); simpl; apply H_ask.
      - replace m with n by lia. rewrite E. constructor.
      - rewrite H by lia. apply IH. lia. }
    apply (G n 0%nat). lia.
  Qed.

  Lemma search_never O i decide y : (forall m, decide m (O i m) = None) -> ~ halts O (search i decide 0) y.
  Proof.
    intros H. assert (G : forall s, halts O s y -> forall n, s <> search i decide n).
    { induction 1 as [y | j m next y Hh IH | s y Hh IH]; intros n E; rewrite (unfold_eq (search i decide n)) in E; simpl in E; try discriminate.
      injection E as -> -> ->. rewrite H in IH. exact (IH (Datatypes.S n) eq_refl). }
    intros C. exact (G _ C 0%nat eq_refl).
  Qed.
End Strategies.

(** Weights of a list of coins, one by one. *)
Lemma weight_cons {T} (E : T -> Prop) x c l : weight E ((x, c) :: l) = (if excluded_middle_informative (E x) then c else 0) + weight E l.
Proof. reflexivity. Qed.

Section Coins.
  Context (k : nat) (t : R).
  Hypothesis Hk : (0 < k)%nat.
  Hypothesis Ht : 0 <= t <= 1.

  (** With probability t the coin None, else one of 0, ..., k - 1, all alike. *)
  Definition coins : list (option nat * R) := (None, t) :: map (fun j => (Some j, (1 - t) / INR k)) (seq 0 k).

  Lemma coins_pos : Forall (fun x => 0 <= snd x) coins.
  Proof.
    assert (0 < INR k) by (now apply lt_0_INR). constructor; [simpl; lra|]. apply Forall_map, Forall_forall. intros j _. simpl.
    apply Rmult_le_pos; [lra|]. left. now apply Rinv_0_lt_compat.
  Qed.

  Lemma coins_sum g : fold_right (fun x s => snd x + s) 0 (map (fun j : nat => (Some j, g)) (seq 0 k)) = INR k * g.
  Proof.
    clear. generalize 0%nat. induction k as [| m IH]; intros s; simpl seq; simpl map; simpl fold_right; [simpl; lra|]. rewrite IH, S_INR. lra.
  Qed.

  Lemma coins_one : fold_right (fun x s => snd x + s) 0 coins = 1.
  Proof. unfold coins. simpl fold_right. rewrite coins_sum. assert (0 < INR k) by (now apply lt_0_INR). field. lra. Qed.

  Definition fair : space := finite_space coins coins_pos coins_one.

  Lemma weight_all (E : option nat -> Prop) g : (forall j, (j < k)%nat -> E (Some j)) -> weight E (map (fun j => (Some j, g)) (seq 0 k)) = INR k * g.
  Proof.
    clear Hk Ht.
    intros H. assert (G : forall m s, (s + m <= k)%nat -> weight E (map (fun j => (Some j, g)) (seq s m)) = INR m * g).
    { induction m as [| m IH]; intros s L; [simpl; lra|]. cbn [seq map]. rewrite weight_cons, IH, S_INR by lia.
      destruct (excluded_middle_informative _) as [_ | C]; [lra | destruct C; apply H; lia]. }
    apply (G k 0%nat). lia.
  Qed.

  Lemma weight_none (E : option nat -> Prop) g : (forall j, (j < k)%nat -> ~ E (Some j)) -> weight E (map (fun j => (Some j, g)) (seq 0 k)) = 0.
  Proof.
    clear Hk Ht.
    intros H. assert (G : forall m s, (s + m <= k)%nat -> weight E (map (fun j => (Some j, g)) (seq s m)) = 0).
    { induction m as [| m IH]; intros s L; [reflexivity|]. cbn [seq map]. rewrite weight_cons, IH by lia.
      destruct (excluded_middle_informative _) as [C | _]; [exfalso; apply (H s); auto; lia | lra]. }
    apply (G k 0%nat). lia.
  Qed.

  Lemma weight_one (E : option nat -> Prop) g i : (i < k)%nat -> (forall j, (j < k)%nat -> (E (Some j) <-> j = i)) ->
    weight E (map (fun j => (Some j, g)) (seq 0 k)) = g.
  Proof.
    clear Hk Ht.
    intros Hi H. assert (G : forall m s, (s + m <= k)%nat -> weight E (map (fun j => (Some j, g)) (seq s m)) = if (Nat.leb s i && Nat.ltb i (s + m))%bool then g else 0).
    { induction m as [| m IH]; intros s L.
      - simpl. destruct (Nat.leb_spec s i), (Nat.ltb_spec i (s + 0)); simpl; auto; lia.
      - cbn [seq map]. rewrite weight_cons, IH by lia.
        destruct (excluded_middle_informative _) as [C | C]; rewrite H in C by lia;
        destruct (Nat.leb_spec s i), (Nat.leb_spec (Datatypes.S s) i), (Nat.ltb_spec i (Datatypes.S s + m)), (Nat.ltb_spec i (s + Datatypes.S m)); simpl; try lia; lra. }
    rewrite (G k 0%nat) by lia. simpl. destruct (Nat.ltb_spec i k); [reflexivity | lia].
  Qed.
End Coins.

(** ** Theorem 1: read on with probability t, else guess *)
Section Theorem1Attained.
  Context {I A Y : Type} (eq_dec : forall x y : A, {x = y} + {x <> y}) (k n : nat) (O : nat -> oracle I A) (Xi : nat -> Y -> Prop) (right : nat -> Y)
    (qs : list (I * nat)).
  Hypothesis Hk : (2 <= k)%nat.
  Hypothesis Hx : exclusive k Xi.
  Hypothesis Hright : forall j, (j < k)%nat -> Xi j (right j).
  (** Some questions tell the oracles apart; below depth n they are alike. *)
  Hypothesis apart : forall i j, (i < j < k)%nat -> replies (O i) qs <> replies (O j) qs.
  Hypothesis coupled : coupled_to_depth n k O.

  Fixpoint lookup (got : list A) (m : nat) : Y :=
    match m with
    | 0%nat => right 0
    | Datatypes.S m' => if list_eq_dec eq_dec (replies (O m') qs) got then right m' else lookup got m'
    end.
  Definition reader : strategy I A Y := ask_all qs [] (fun got => Out (lookup got k)).

  Lemma reader_halts j : (j < k)%nat -> halts (O j) reader (right j).
  Proof.
    intros Hj. apply ask_all_halts. cbn [app].
    assert (G : forall m, (j < m <= k)%nat -> lookup (replies (O j) qs) m = right j).
    { induction m as [| m IH]; intros [L1 L2]; [lia|]. cbn [lookup]. destruct (list_eq_dec eq_dec _ _) as [E | E].
      - destruct (Nat.lt_trichotomy m j) as [L | [-> | L]]; auto; [lia|]. exfalso. apply (apart j m); auto; lia.
      - apply IH. split; [|lia]. destruct (Nat.eq_dec j m) as [-> |]; [congruence | lia]. }
    rewrite G by lia. constructor.
  Qed.

  Lemma reader_deep j : (j < k)%nat -> asks (O j) (deeper n) reader.
  Proof.
    intros Hj. assert (D : (exists q, In q qs /\ (n < snd q)%nat) \/ forall q, In q qs -> (snd q <= n)%nat).
    { clear. induction qs as [| q l [[p [H1 H2]] | IH]]; [right; intros q [] | left; exists p; split; [now right | auto] |].
      destruct (Nat.le_gt_cases (snd q) n) as [L | L]; [right | left; exists q; split; [now left | auto]].
      intros p [<- | Hp]; auto. }
    destruct D as [[[i p] [H1 H2]] | D]; [exact (ask_all_asks (O j) (deeper n) qs _ [] i p H1 H2)|].
    exfalso. apply (apart 0 1); [lia|]. unfold replies. apply map_ext_in. intros q Hq. apply coupled; auto; lia.
  Qed.

  Definition guesser : algorithm I A Y (option nat) := fun w => match w with Some j => Out (right j) | None => reader end.

  Theorem theorem1_attained t (Ht : 0 <= t <= 1) : let S := fair k t (Nat.lt_le_trans 0 2 k Nat.lt_0_2 Hk) Ht in
    Pr S (fun w => asks (O 0%nat) (deeper n) (guesser w)) = t /\
    forall j, (j < k)%nat -> Pr S (fun w => succeeds (O j) (Xi j) (guesser w)) = (1 + (INR k - 1) * t) / INR k.
  Proof.
    intros S. assert (P0 : 0 < INR k) by (apply lt_0_INR; lia). split.
    - simpl. destruct (excluded_middle_informative _) as [_ | C]; [| destruct C; apply reader_deep; lia].
      rewrite (weight_none k); [lra|]. intros j Hj C. inversion C.
    - intros j Hj. simpl. destruct (excluded_middle_informative _) as [_ | C].
      + rewrite (weight_one k _ _ j Hj); [field; lra|]. intros i Hi. simpl. split.
        * intros [y [Hy Xy]]. inversion Hy; subst. destruct (Nat.lt_trichotomy i j) as [L | [L | L]]; auto; exfalso;
            [apply (Hx i j (right i)) | apply (Hx j i (right i))]; auto; try lia; now apply Hright.
        * intros ->. exists (right j). split; [constructor | now apply Hright].
      + destruct C. exists (right j). split; [now apply reader_halts | now apply Hright].
  Qed.
End Theorem1Attained.

(** ** Theorems 2 and 3: halt at once with probability h, else read until the input is known *)
Section LimitAttained.
  Context {I A Y : Type} (k : nat) (O0 : oracle I A) (O : nat -> nat -> oracle I A) (Xi0 : Y -> Prop) (Xi : nat -> nat -> Y -> Prop)
    (quick : nat -> Y) (right : nat -> nat -> Y) (reader : strategy I A Y).
  Hypothesis Hk : (0 < k)%nat.
  (** The quick outputs are right at the limit; the reader recognises every other input, and never halts at the limit. *)
  Hypothesis quick0 : forall j, (j < k)%nat -> Xi0 (quick j).
  Hypothesis reads : forall j m, halts (O j m) reader (right j m).
  Hypothesis reads_right : forall j m, Xi j m (right j m).
  Hypothesis never : forall y, ~ halts O0 reader y.

  Definition hedger : algorithm I A Y (option nat) := fun w => match w with Some j => Out (quick j) | None => reader end.

  (** The coin None has weight 1 - h. *)
  Theorem limit_attained h (Hh : 0 <= 1 - h <= 1) : let S := fair k (1 - h) Hk Hh in
    Pr S (fun w => succeeds O0 Xi0 (hedger w)) = h /\
    forall j m, ((forall i, (i < k)%nat -> ~ Xi j m (quick i)) -> Pr S (fun w => succeeds (O j m) (Xi j m) (hedger w)) = 1 - h) /\
      (forall l, (l < k)%nat -> (forall i, (i < k)%nat -> (Xi j m (quick i) <-> i = l)) ->
        Pr S (fun w => succeeds (O j m) (Xi j m) (hedger w)) = h / INR k + 1 - h).
  Proof.
    intros S. assert (P0 : 0 < INR k) by (apply lt_0_INR; lia). split; [| intros j m; split].
    - simpl. destruct (excluded_middle_informative _) as [[y [Hy _]] | _]; [exfalso; exact (never y Hy)|].
      rewrite (weight_all k); [field; lra|]. intros j Hj. exists (quick j). split; [constructor | auto].
    - intros Hno. simpl. destruct (excluded_middle_informative _) as [_ | C].
      + rewrite (weight_none k); [lra|]. intros i Hi [y [Hy Xy]]. inversion Hy; subst. exact (Hno i Hi Xy).
      + destruct C. exists (right j m). split; auto.
    - intros l Hl Hone. simpl. destruct (excluded_middle_informative _) as [_ | C].
      + rewrite (weight_one k _ _ l Hl); [field; lra|]. intros i Hi. rewrite <- Hone by auto. simpl. split.
        * intros [y [Hy Xy]]. inversion Hy; subst. exact Xy.
        * intros Xy. exists (quick i). split; [constructor | auto].
      + destruct C. exists (right j m). split; auto.
  Qed.
End LimitAttained.

(** Theorem 2 is attained: p_0 = h, and p_m = 1 - h wherever the quick answer is wrong: the whole frontier p_0 + p_m = 1. *)
Corollary theorem2_attained {I A Y : Type} (O0 : oracle I A) (O : nat -> oracle I A) (Xi0 : Y -> Prop) (Xi : nat -> Y -> Prop)
    (y0 : Y) (right : nat -> Y) (reader : strategy I A Y) h :
  Xi0 y0 -> (forall m, halts (O m) reader (right m)) -> (forall m, Xi m (right m)) -> (forall y, ~ halts O0 reader y) -> 0 <= h <= 1 ->
  exists (S : space) (Gamma : algorithm I A Y S), sigma S /\ Pr S (fun w => succeeds O0 Xi0 (Gamma w)) = h /\
    forall m, ~ Xi m y0 -> Pr S (fun w => succeeds (O m) (Xi m) (Gamma w)) = 1 - h.
Proof.
  intros H0 H1 H2 H3 Hh. assert (Hh' : 0 <= 1 - h <= 1) by lra.
  exists (fair 1 (1 - h) Nat.lt_0_1 Hh'), (hedger (fun _ => y0) reader). split; [apply finite_sigma|].
  destruct (limit_attained 1 O0 (fun _ m => O m) Xi0 (fun _ m => Xi m) (fun _ => y0) (fun _ m => right m) reader Nat.lt_0_1
    (fun _ _ => H0) (fun _ m => H1 m) (fun _ m => H2 m) H3 h Hh') as [A1 A2].
  split; [exact A1|]. intros m Hm. destruct (A2 0%nat m) as [B _]. apply B. auto.
Qed.

(** Theorem 3 is attained: with h = k/(2k - 1) every success probability is h. *)
Corollary theorem3_attained {I A Y : Type} k (O0 : oracle I A) (O : nat -> nat -> oracle I A) (Xi : nat -> nat -> Y -> Prop)
    (quick : nat -> Y) (right : nat -> nat -> Y) (reader : strategy I A Y) :
  (0 < k)%nat -> (forall m, exclusive k (fun j => Xi j m)) -> (forall j m, (j < k)%nat -> Xi j m (quick j)) ->
  (forall j m, halts (O j m) reader (right j m)) -> (forall j m, Xi j m (right j m)) -> (forall y, ~ halts O0 reader y) ->
  let h := INR k / (2 * INR k - 1) in
  exists (S : space) (Gamma : algorithm I A Y S), sigma S /\ Pr S (fun w => succeeds O0 (fun _ => True) (Gamma w)) = h /\
    forall j m, (j < k)%nat -> Pr S (fun w => succeeds (O j m) (Xi j m) (Gamma w)) = h.
Proof.
  intros Hk Hx Hq H1 H2 H3 h. assert (P0 : 1 <= INR k) by (change 1 with (INR 1); apply le_INR; lia).
  assert (Hh : 0 <= 1 - h <= 1).
  { assert (D : 0 < 2 * INR k - 1) by lra. unfold h. split.
    - apply (Rmult_le_reg_r (2 * INR k - 1)); auto. replace ((1 - INR k / (2 * INR k - 1)) * (2 * INR k - 1)) with (INR k - 1) by (field; lra). lra.
    - assert (0 <= INR k / (2 * INR k - 1)) by (apply Rmult_le_pos; [lra | left; now apply Rinv_0_lt_compat]). lra. }
  exists (fair k (1 - h) Hk Hh), (hedger quick reader). split; [apply finite_sigma|].
  destruct (limit_attained k O0 O (fun _ => True) Xi quick right reader Hk (fun _ _ => Logic.I) H1 H2 H3 h Hh) as [A1 A2].
  split; [exact A1|]. intros j m Hj. destruct (A2 j m) as [_ B]. rewrite (B j Hj).
  - unfold h. field. lra.
  - intros i Hi. split; [intros X | intros ->; now apply Hq].
    destruct (Nat.lt_trichotomy i j) as [L | [L | L]]; auto; exfalso; [apply (Hx m i j (quick i)) | apply (Hx m j i (quick i))]; auto; try lia.
Qed.

(** ** Remark 2b: answers on the limit that depend on m give m away, and then Theorem 2 does not apply.
    One entry; the limit is 0, input m is 2^-m; legal oracles coupled to depth m; yet one deterministic algorithm is
    right on all of them, though no output serves the limit and another input. *)
Definition exact_shown (m : nat) : oracle unit dyadic := fun _ _ => (1%Z, m).
Definition limit_shown (m : nat) : oracle unit dyadic := fun _ n => if Nat.leb n m then (1%Z, m) else (0%Z, 0%nat).

Theorem remark2b :
  (forall m, legal (limit_shown m) (fun _ => 0)) /\ (forall m, legal (exact_shown m) (fun _ => / 2 ^ m)) /\
  (forall m i n, (n <= m)%nat -> limit_shown m i n = exact_shown m i n) /\
  exists s : strategy unit dyadic (option nat),
    (forall m, succeeds (limit_shown m) (fun y => y = None) s) /\ forall m, succeeds (exact_shown m) (fun y => y = Some m) s.
Proof.
  assert (Pos : forall n, 0 < 2 ^ n) by (intros; apply pow_lt; lra).
  split; [| split; [| split]].
  - intros m i n. unfold limit_shown. assert (Q := Pos n). assert (Q' := Pos m). destruct (Nat.leb_spec n m); unfold D2R; simpl.
    + replace (1 / 2 ^ m - 0) with (/ 2 ^ m) by (field; lra). rewrite Rabs_right by (left; now apply Rinv_0_lt_compat).
      apply Rinv_le_contravar; auto. apply Rle_pow; auto; lra.
    + replace (0 / 1 - 0) with 0 by lra. rewrite Rabs_R0. left. now apply Rinv_0_lt_compat.
  - intros m i n. unfold exact_shown, D2R; simpl. assert (Q := Pos n). assert (Q' := Pos m).
    replace (1 / 2 ^ m - / 2 ^ m) with 0 by (field; lra). rewrite Rabs_R0. left. now apply Rinv_0_lt_compat.
  - intros m i n L. unfold limit_shown, exact_shown. now apply Nat.leb_le in L; rewrite L.
  - exists (Ask tt 0%nat (fun q => Ask tt (Datatypes.S (snd q)) (fun q' => Out (if Z.eqb (fst q') 1 then Some (snd q) else None)))).
    split; intros m.
    + exists None. split; auto. apply H_ask. simpl. apply H_ask. unfold limit_shown.
      destruct (Nat.leb_spec (Datatypes.S m) m); [lia|]. simpl. constructor.
    + exists (Some m). split; auto. apply H_ask. simpl. apply H_ask. simpl. constructor.
Qed.
