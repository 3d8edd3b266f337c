(** Theorem 1 in its other forms: Remark 1b (classes of inputs), Remark 2a (the finite form of Theorem 2), G3 (any pattern
    of common outputs, as a game), G8 (false claims, exit flags). Each is one pathwise inequality and [expectation]. *)
From Coq Require Import Reals Lra Lia List Arith ClassicalDescription.
From OneHalf Require Import Statement Algorithm Probability Expectation Spaces.
Import ListNotations.
Open Scope R_scope.

Section Same.
  Context {I A Y : Type}.
  Implicit Types (O : oracle I A) (s : strategy I A Y).

  (** Where no question of the kind is asked, on either oracle, the outputs are the same. *)
  Lemma same_output kind O O' s y z : alike_off kind O O' -> ~ asks O kind s -> halts O s y -> halts O' s z -> y = z.
  Proof.
    intros HA Hn Hy Hz. assert (E := coupling_output kind O O' s y HA Hn Hy). exact (halts_unique _ _ _ _ E Hz).
  Qed.

  Lemma told_symmetric O O' s : asks O (told O O') s -> asks O' (told O' O) s.
  Proof.
    induction 1 as [i n next H | i n next H IH | s H IH].
    - apply A_here. unfold told in *. congruence.
    - destruct (excluded_middle_informative (O i n = O' i n)) as [E | E].
      + apply A_later. rewrite <- E. exact IH.
      + apply A_here. unfold told. congruence.
    - now apply A_think.
  Qed.

  Lemma told_transitive O1 O2 O3 s : asks O1 (told O1 O3) s -> ~ asks O1 (told O1 O2) s -> ~ asks O2 (told O2 O3) s -> False.
  Proof.
    induction 1 as [i n next H | i n next H IH | s H IH]; intros H1 H2.
    - destruct (excluded_middle_informative (O1 i n = O2 i n)) as [E | E].
      + apply H2, A_here. unfold told in *. congruence.
      + apply H1, A_here. exact E.
    - destruct (excluded_middle_informative (O1 i n = O2 i n)) as [E | E].
      + apply IH; [intro C; apply H1; now apply A_later | intro C; apply H2; apply A_later; now rewrite <- E].
      + apply H1, A_here. exact E.
    - apply IH; [intro C; apply H1; now apply A_think | intro C; apply H2; now apply A_think].
  Qed.

  Lemma told_output O O' s y z : ~ asks O (told O O') s -> halts O s y -> halts O' s z -> y = z.
  Proof.
    intros Hn Hy Hz.
    revert Hn z Hz. induction Hy as [y | i n next y Hy IH | s y Hy IH]; intros Hn z Hz; inversion Hz; subst; auto.
    - destruct (excluded_middle_informative (O i n = O' i n)) as [E | E].
      + apply IH; [intro C; apply Hn; now apply A_later | now rewrite E].
      + destruct Hn. apply A_here. exact E.
    - apply IH; auto. intro C; apply Hn; now apply A_think.
  Qed.
End Same.

Lemma Sum_filter (sel : nat -> bool) k : Sum (fun j => if sel j then 1 else 0) k = INR (length (filter sel (seq 0 k))).
Proof.
  induction k as [| k IH]; [reflexivity|]. cbn [Sum]. rewrite IH, seq_S, filter_app, app_length, plus_INR. cbn [Nat.add filter].
  destruct (sel k); simpl; lra.
Qed.

Lemma Sum_scale c g k : Sum (fun j => c * g j) k = c * Sum g k.
Proof. induction k; simpl; lra. Qed.

(** ** Remark 1b: the sum is at most the expected number of classes *)
Section Remark1b.
  Context {I A Y : Type} (k : nat) (O : nat -> oracle I A) (Xi : nat -> Y -> Prop).
  Hypothesis Hx : exclusive k Xi.

  Theorem remark1b (S : space) (Gamma : algorithm I A Y S) :
    (forall j, (j < k)%nat -> ev S (fun w => succeeds (O j) (Xi j) (Gamma w))) ->
    (forall j, (j < k)%nat -> ev S (fun w => leads O j (Gamma w))) ->
    Sum (fun j => Pr S (fun w => succeeds (O j) (Xi j) (Gamma w))) k <= Sum (fun j => Pr S (fun w => leads O j (Gamma w))) k.
  Proof.
    intros M1 M2. set (E := fun j w => succeeds (O j) (Xi j) (Gamma w)). set (L := fun j w => leads O j (Gamma w)).
    change (Sum (fun j => Pr S (E j)) k <= Sum (fun j => Pr S (L j)) k).
    assert (G := expectation (family (fun _ => 1) E k ++ family (fun _ => -1) L k) 0).
    rewrite weighted_app, !weighted_family in G.
    rewrite (Sum_ext (fun j => 1 * Pr S (E j)) (fun j => Pr S (E j))) in G by (intros; lra).
    rewrite (Sum_scale (-1) (fun j => Pr S (L j))) in G.
    enough (X : Sum (fun j => Pr S (E j)) k + -1 * Sum (fun j => Pr S (L j)) k <= 0) by lra. apply G.
    - apply Forall_app. split; now apply family_events.
    - intros w x T. destruct (tally_app _ _ _ _ T) as [y [z [T1 [T2 ->]]]].
      destruct (tally_family _ _ _ _ _ T1) as [sel [S1 ->]]. destruct (tally_family _ _ _ _ _ T2) as [led [S2 ->]].
      rewrite (Sum_ext (fun j => if led j then -1 else 0) (fun j => -1 * (if led j then 1 else 0))) by (intros j _; destruct (led j); lra).
      rewrite Sum_scale, !Sum_filter.
      set (apart := fun i j => if excluded_middle_informative (asks (O i) (told (O i) (O j)) (Gamma w)) then true else false).
      set (leader := fun j => match find (fun i => negb (apart i j)) (seq 0 j) with Some i => i | None => j end).
      assert (Prop1 : forall j, (j < k)%nat -> sel j = true -> (leader j < k)%nat /\ led (leader j) = true /\ (leader j = j \/ ~ asks (O (leader j)) (told (O (leader j)) (O j)) (Gamma w))).
      { intros j Hj _. unfold leader. destruct (find _ (seq 0 j)) as [l |] eqn:F.
        - assert (Fi := find_some _ _ F). destruct Fi as [F1 F2]. apply in_seq in F1.
          assert (N1 : ~ asks (O l) (told (O l) (O j)) (Gamma w)).
          { unfold apart in F2. destruct (excluded_middle_informative _); [discriminate | auto]. }
          split; [lia|]. split; [| now right].
          specialize (S2 l ltac:(lia)). destruct (led l); auto. exfalso. apply S2. intros i Hi.
          destruct (excluded_middle_informative (asks (O i) (told (O i) (O l)) (Gamma w))) as [C | C]; auto. exfalso.
          (* then i would have been found before l *)
          assert (Ni : apart i j = false).
          { unfold apart. destruct (excluded_middle_informative _) as [D | D]; auto. exfalso. exact (told_transitive _ _ _ _ D C N1). }
          revert F Ni. assert (I1 : In i (seq 0 j)) by (apply in_seq; lia). clear - Hi I1.
          intros F Ni. assert (G : forall n, (n <= i)%nat -> forall m, (i < n + m)%nat -> find (fun i => negb (apart i j)) (seq n m) = Some l -> (l <= i)%nat).
          { intros n Hn m. revert n Hn. induction m as [| m IH]; intros n Hn Hm X; [lia|]. cbn [seq find] in X.
            destruct (negb (apart n j)) eqn:En; [injection X as <-; lia|].
            destruct (Nat.eq_dec n i) as [-> | Hne]; [rewrite Ni in En; discriminate|]. apply (IH (Datatypes.S n)); auto; lia. }
          apply in_seq in I1. specialize (G 0%nat ltac:(lia) j ltac:(lia) F). lia.
        - split; auto. split; [| now left]. specialize (S2 j Hj). destruct (led j); auto. exfalso. apply S2. intros i Hi.
          assert (Z := find_none _ _ F i ltac:(apply in_seq; lia)). unfold apart in Z. destruct (excluded_middle_informative _); [auto | discriminate]. }
      assert (Inj : forall i j, (i < k)%nat -> (j < k)%nat -> sel i = true -> sel j = true -> leader i = leader j -> i = j).
      { intros i j Hi Hj Si Sj E0.
        assert (Ei := S1 i Hi). rewrite Si in Ei. destruct Ei as [yi [Hyi Xi']]. assert (Ej := S1 j Hj). rewrite Sj in Ej. destruct Ej as [yj [Hyj Xj]].
        destruct (Prop1 i Hi Si) as [_ [_ Pi]], (Prop1 j Hj Sj) as [_ [_ Pj]].
        (* both outputs are that of the leader *)
        assert (Same : yi = yj).
        { rewrite E0 in Pi. set (l := leader j) in *.
          assert (Sym : forall h, ~ asks (O l) (told (O l) (O h)) (Gamma w) -> ~ asks (O h) (told (O h) (O l)) (Gamma w)) by (intros h N C; apply N; now apply told_symmetric).
          destruct Pi as [Pi | Pi], Pj as [Pj | Pj].
          - rewrite <- Pi in Hyi. rewrite <- Pj in Hyj. exact (halts_unique _ _ _ _ Hyi Hyj).
          - rewrite <- Pi in Hyi. exact (told_output _ _ _ _ _ Pj Hyi Hyj).
          - rewrite <- Pj in Hyj. symmetry. exact (told_output _ _ _ _ _ Pi Hyj Hyi).
          - assert (Z := coupling_output (told (O i) (O l)) (O i) (O l) (Gamma w) yi
              ltac:(intros e p; unfold told; destruct (excluded_middle_informative (O i e p = O l e p)); auto) (Sym i Pi) Hyi).
            exact (told_output _ _ _ _ _ Pj Z Hyj). }
        subst yj. destruct (Nat.lt_trichotomy i j) as [L1 | [L1 | L1]]; auto; exfalso; [apply (Hx i j yi) | apply (Hx j i yi)]; auto. }
      enough (W : (length (filter sel (seq 0 k)) <= length (filter led (seq 0 k)))%nat) by (apply le_INR in W; lra).
      rewrite <- (map_length leader). apply NoDup_incl_length.
      + assert (ND := NoDup_filter sel (seq_NoDup k 0)).
        assert (Hin : forall j, In j (filter sel (seq 0 k)) -> (j < k)%nat /\ sel j = true).
        { intros j Hj. apply filter_In in Hj. destruct Hj as [Hj Sj]. apply in_seq in Hj. split; [lia | auto]. }
        induction ND as [| j l Hj ND IH]; simpl; constructor.
        * intro C. apply in_map_iff in C. destruct C as [i [Ei Hi]]. apply Hj.
          destruct (Hin j (or_introl eq_refl)), (Hin i (or_intror Hi)). rewrite <- (Inj i j); auto.
        * apply IH. intros i Hi. apply Hin. now right.
      + intros l Hl. apply in_map_iff in Hl. destruct Hl as [j [<- Hj]]. apply filter_In in Hj. destruct Hj as [Hj Sj]. apply in_seq in Hj.
        destruct (Prop1 j ltac:(lia) Sj) as [B1 [B2 _]]. apply filter_In. split; [apply in_seq; lia | auto].
  Qed.
End Remark1b.

(** ** Remark 2a: the finite form of Theorem 2 *)
Theorem remark2a {I A Y : Type} (n : nat) (O0 Om : oracle I A) (Xi0 Xim : Y -> Prop) (S : space) (Gamma : algorithm I A Y S) :
  (forall e p, (p <= n)%nat -> O0 e p = Om e p) ->
  let good0 w := succeeds O0 Xi0 (Gamma w) in
  let deep w := asks O0 (deeper n) (Gamma w) in
  let both w := succeeds O0 (fun y => Xi0 y /\ Xim y) (Gamma w) in
  ev S good0 -> ev S (fun w => succeeds Om Xim (Gamma w)) -> ev S deep -> ev S both ->
  Pr S good0 + Pr S (fun w => succeeds Om Xim (Gamma w))
    <= 1 + Pr S (fun w => deep w /\ good0 w) + Pr S (fun w => ~ deep w /\ both w).
Proof.
  intros HC good0 deep both M0 M1 M2 M3.
  assert (HA : alike_off (deeper n) O0 Om) by (intros e p; unfold deeper; destruct (Nat.le_gt_cases p n); auto).
  assert (G := expectation [(1, good0); (1, fun w => succeeds Om Xim (Gamma w)); (-1, fun w => deep w /\ good0 w); (-1, fun w => ~ deep w /\ both w)] 1).
  cbn [weighted fold_right fst snd] in G.
  enough (X : 1 * Pr S good0 + (1 * Pr S (fun w => succeeds Om Xim (Gamma w)) + (-1 * Pr S (fun w => deep w /\ good0 w) + (-1 * Pr S (fun w => ~ deep w /\ both w) + 0))) <= 1) by lra.
  apply G.
  - repeat constructor; simpl; auto; apply ev_and; auto. now apply ev_not.
  - intros w x T.
    inversion T as [| c1 E1 L1 u1 H1 T1 | c1 E1 L1 u1 H1 T1]; subst; clear T;
    inversion T1 as [| c2 E2 L2 u2 H2 T2 | c2 E2 L2 u2 H2 T2]; subst; clear T1;
    inversion T2 as [| c3 E3 L3 u3 H3 T3 | c3 E3 L3 u3 H3 T3]; subst; clear T2;
    inversion T3 as [| c4 E4 L4 u4 H4 T4 | c4 E4 L4 u4 H4 T4]; subst; clear T3; inversion T4; subst; try lra.
    (* right on both, not deep: then the one output is in both sets *)
    exfalso. apply H4. split; [intros D; apply H3; auto|].
    destruct H1 as [y [Hy X0]], H2 as [z [Hz Xm]].
    assert (D : ~ asks O0 (deeper n) (Gamma w)) by (intros D; apply H3; split; auto; exists y; auto).
    rewrite <- (same_output _ _ _ _ _ _ HA D Hy Hz) in Xm. exists y. auto.
Qed.

(** ** G3: the game *)
Section Game.
  Context {I A Y : Type} (k : nat) (O : nat -> oracle I A) (Xi : nat -> Y -> Prop) (kind : I -> nat -> Prop).
  Hypothesis Hk : (0 < k)%nat.
  Hypothesis alike : forall i j, (i < k)%nat -> (j < k)%nat -> alike_off kind (O i) (O j).

  Theorem game_sum q v (S : space) (Gamma : algorithm I A Y S) : certifies k Xi q v ->
    (forall j, (j < k)%nat -> ev S (fun w => succeeds (O j) (Xi j) (Gamma w))) ->
    ev S (fun w => asks (O 0%nat) kind (Gamma w)) ->
    Sum (fun j => q j * Pr S (fun w => succeeds (O j) (Xi j) (Gamma w))) k
      <= v + (1 - v) * Pr S (fun w => asks (O 0%nat) kind (Gamma w)).
  Proof.
    intros [Hq [Hs [Hv HN]]] M1 M2. set (E := fun j w => succeeds (O j) (Xi j) (Gamma w)). set (deep := fun w => asks (O 0%nat) kind (Gamma w)).
    change (Sum (fun j => q j * Pr S (E j)) k <= v + (1 - v) * Pr S deep).
    assert (G := expectation ((- (1 - v), deep) :: family q E k) v). cbn [weighted fold_right fst snd] in G.
    fold (weighted (family q E k)) in G. rewrite weighted_family in G.
    enough (X : - (1 - v) * Pr S deep + Sum (fun j => q j * Pr S (E j)) k <= v) by lra. apply G.
    - constructor; auto. now apply family_events.
    - intros w x T. inversion T as [| c E' L y HD T' | c E' L y HD T']; subst; clear T; destruct (tally_family _ _ _ _ _ T') as [J [S1 ->]].
      + assert (B : Sum (fun j => if J j then q j else 0) k <= Sum q k) by (apply Sum_le; intros j Hj; specialize (Hq j Hj); destruct (J j); lra). lra.
      + assert (D : (exists j, (j < k)%nat /\ J j = true) \/ forall j, (j < k)%nat -> J j = false).
        { clear. induction k as [| k' [[j [H1 H2]] | IH]]; [right; lia | left; exists j; split; auto; lia |].
          destruct (J k') eqn:E; [left; exists k'; auto|]. right. intros j Hj. destruct (Nat.eq_dec j k') as [-> |]; auto. apply IH; lia. }
        destruct D as [[j [Hj Jj]] | D].
        * assert (Ej := S1 j Hj). rewrite Jj in Ej. destruct Ej as [y [Hy _]].
          apply (HN y J). intros i Hi Ji. assert (Ei := S1 i Hi). rewrite Ji in Ei. destruct Ei as [z [Hz Xz]].
          assert (Dj : ~ asks (O j) kind (Gamma w)) by (intro C; apply HD; unfold deep; eapply coupling_asks; [| exact C]; apply alike; lia).
          now rewrite (same_output _ _ _ _ _ _ (alike j i Hj Hi) Dj Hy Hz).
        * rewrite (Sum_ext _ (fun _ => 0)) by (intros j Hj; now rewrite D). rewrite Sum_const. lra.
  Qed.

  Theorem game_min q v (S : space) (Gamma : algorithm I A Y S) : certifies k Xi q v ->
    (forall j, (j < k)%nat -> ev S (fun w => succeeds (O j) (Xi j) (Gamma w))) ->
    ev S (fun w => asks (O 0%nat) kind (Gamma w)) ->
    exists j, (j < k)%nat /\ Pr S (fun w => succeeds (O j) (Xi j) (Gamma w)) <= v + (1 - v) * Pr S (fun w => asks (O 0%nat) kind (Gamma w)).
  Proof.
    intros Hc M1 M2. assert (B := game_sum q v S Gamma Hc M1 M2). destruct Hc as [Hq [Hs _]].
    set (p := fun j => Pr S (fun w => succeeds (O j) (Xi j) (Gamma w))) in *. set (b := v + _) in *.
    assert (D : (exists j, (j < k)%nat /\ p j <= b) \/ forall j, (j < k)%nat -> b < p j).
    { clear. induction k as [| k' [[j [H1 H2]] | IH]]; [right; lia | left; exists j; split; auto; lia |].
      destruct (Rle_or_lt (p k') b); [left; exists k'; auto|]. right. intros j Hj. destruct (Nat.eq_dec j k') as [-> |]; auto. apply IH; lia. }
    destruct D as [D | D]; auto. exfalso.
    assert (C : b < Sum (fun j => q j * p j) k); [| unfold p in C; lra].
    assert (Z : forall n, (n <= k)%nat -> b * Sum q n <= Sum (fun j => q j * p j) n /\ (0 < Sum q n -> b * Sum q n < Sum (fun j => q j * p j) n)).
    { induction n as [| n IH]; intros Hn; simpl; [split; lra|]. destruct (IH ltac:(lia)) as [A1 A2]. assert (D1 := D n ltac:(lia)). assert (Q := Hq n ltac:(lia)).
      split; [nra|]. intros Pos. destruct (Rlt_or_le 0 (Sum q n)) as [F | F]; [specialize (A2 F); nra|]. nra. }
    destruct (Z k (le_n k)) as [_ Fin]. rewrite Hs in Fin. specialize (Fin ltac:(lra)). lra.
  Qed.

  (** ** G8: false claims. Among outputs that claim success at most one input is served. *)
  Theorem false_claims (claims : Y -> Prop) (S : space) (Gamma : algorithm I A Y S) : exclusive k Xi ->
    let claim w := succeeds (O 0%nat) claims (Gamma w) /\ ~ asks (O 0%nat) kind (Gamma w) in
    let wrongly j w := succeeds (O j) (fun y => claims y /\ ~ Xi j y) (Gamma w) in
    ev S claim -> (forall j, (j < k)%nat -> ev S (wrongly j)) ->
    (INR k - 1) * Pr S claim <= Sum (fun j => Pr S (wrongly j)) k.
  Proof.
    intros Hx claim wrongly M0 M1.
    assert (G := expectation ((INR k - 1, claim) :: family (fun _ => -1) wrongly k) 0). cbn [weighted fold_right fst snd] in G.
    fold (weighted (family (fun _ => -1) wrongly k)) in G. rewrite weighted_family, Sum_scale in G.
    enough (X : (INR k - 1) * Pr S claim + -1 * Sum (fun j => Pr S (wrongly j)) k <= 0) by lra. apply G.
    - constructor; auto. now apply family_events.
    - intros w x T. inversion T as [| c E' L y HD T' | c E' L y HD T']; subst; clear T; destruct (tally_family _ _ _ _ _ T') as [J [S1 ->]].
      + destruct HD as [[y [Hy Cy]] Nd].
        assert (W : forall j, (j < k)%nat -> J j = false -> ~ ~ Xi j y).
        { intros j Hj Jj N. assert (F := S1 j Hj). rewrite Jj in F. apply F. exists y. split; [| auto].
          exact (coupling_output _ _ _ _ _ (alike 0 j ltac:(lia) Hj) Nd Hy). }
        assert (Z : forall n, (n <= k)%nat -> Sum (fun j => if J j then -1 else 0) n <= - INR n + 1 /\
                    ((forall j, (j < n)%nat -> J j = true) -> Sum (fun j => if J j then -1 else 0) n = - INR n) /\
                    ((forall j, (j < n)%nat -> J j = true) \/ exists j, (j < n)%nat /\ J j = false)).
        { induction n as [| n IH]; intros Hn; [simpl; repeat split; try lra; left; lia|].
          destruct (IH ltac:(lia)) as [B1 [B2 B3]]. cbn [Sum]. rewrite S_INR.
          destruct (J n) eqn:En.
          - split; [lra|]. split; [intros H; rewrite B2; [lra|]; intros j Hj; apply H; lia|].
            destruct B3 as [B3 | [j [H1 H2]]]; [left | right; exists j; split; auto; lia].
            intros j Hj. destruct (Nat.eq_dec j n) as [-> |]; auto. apply B3; lia.
          - destruct B3 as [B3 | [j [H1 H2]]].
            + rewrite (B2 B3). split; [lra|]. split; [intros H; rewrite (H n) in En by lia; discriminate|]. right. exists n. auto.
            + exfalso. apply (W j ltac:(lia) H2). intros Xj. apply (W n ltac:(lia) En). intros Xn. apply (Hx j n y); auto. }
        destruct (Z k (le_n k)) as [B _]. lra.
      + assert (B : Sum (fun j => if J j then -1 else 0) k <= Sum (fun _ => 0) k) by (apply Sum_le; intros j _; destruct (J j); lra).
        rewrite Sum_const in B. lra.
  Qed.

  (** Exit flags: a flag computed from the same answers, right on input j when it says whether the output is right there. *)
  Theorem exit_flags (flag : Y -> bool) (S : space) (Gamma : algorithm I A Y S) : (2 <= k)%nat -> exclusive k Xi ->
    (forall w, ~ asks (O 0%nat) kind (Gamma w)) ->
    let served w := exists j, (j < k)%nat /\ succeeds (O j) (Xi j) (Gamma w) in
    let flagged j w := succeeds (O j) (fun y => if flag y then Xi j y else ~ Xi j y) (Gamma w) in
    ev S served -> (forall j, (j < k)%nat -> ev S (flagged j)) ->
    Sum (fun j => Pr S (flagged j)) k <= INR k - Pr S served.
  Proof.
    intros H2k Hx Nd served flagged M0 M1.
    assert (G := expectation ((1, served) :: family (fun _ => 1) flagged k) (INR k)). cbn [weighted fold_right fst snd] in G.
    fold (weighted (family (fun _ => 1) flagged k)) in G. rewrite weighted_family, Sum_scale in G.
    enough (X : 1 * Pr S served + 1 * Sum (fun j => Pr S (flagged j)) k <= INR k) by lra. apply G.
    - constructor; auto. now apply family_events.
    - intros w x T. inversion T as [| c E' L y HD T' | c E' L y HD T']; subst; clear T; destruct (tally_family _ _ _ _ _ T') as [J [S1 ->]].
      + destruct HD as [i [Hi [y [Hy Xy]]]].
        assert (Run : forall j z, (j < k)%nat -> halts (O j) (Gamma w) z -> z = y).
        { intros j z Hj Hz. symmetry. apply (same_output kind (O i) (O j) (Gamma w)); auto.
          intro C. apply (Nd w). eapply coupling_asks; [| exact C]. apply alike; lia. }
        assert (Wr : forall j, (j < k)%nat -> J j = true -> if flag y then j = i else j <> i).
        { intros j Hj Jj. assert (F := S1 j Hj). rewrite Jj in F. destruct F as [z [Hz Fz]]. rewrite (Run j z Hj Hz) in Fz.
          destruct (flag y); [| intros ->; auto]. destruct (Nat.lt_trichotomy j i) as [L | [L | L]]; auto; exfalso; [apply (Hx j i y) | apply (Hx i j y)]; auto. }
        assert (B : Sum (fun j => if J j then 1 else 0) k <= INR k - 1).
        { destruct (flag y).
          - assert (Z : forall n, (n <= k)%nat -> Sum (fun j => if J j then 1 else 0) n <= (if Nat.ltb i n then 1 else 0)).
            { induction n as [| n IH]; intros Hn; [simpl; lra|]. specialize (IH ltac:(lia)). cbn [Sum].
              destruct (J n) eqn:En; [rewrite (Wr n ltac:(lia) En) in *|];
              destruct (Nat.ltb_spec i n), (Nat.ltb_spec i (Datatypes.S n)); try lia; try lra;
              destruct (Nat.ltb_spec i i), (Nat.ltb_spec i (Datatypes.S i)); try lia; lra. }
            specialize (Z k (le_n k)). destruct (Nat.ltb i k); assert (2 <= INR k) by (change 2 with (INR 2); now apply le_INR); lra.
          - assert (Z : forall n, (n <= k)%nat -> Sum (fun j => if J j then 1 else 0) n <= INR n - (if Nat.ltb i n then 1 else 0)).
            { induction n as [| n IH]; intros Hn; [simpl; lra|]. specialize (IH ltac:(lia)). cbn [Sum]. rewrite S_INR.
              destruct (J n) eqn:En; [assert (Ne := Wr n ltac:(lia) En)|];
              destruct (Nat.ltb_spec i n), (Nat.ltb_spec i (Datatypes.S n)); try lia; lra. }
            specialize (Z k (le_n k)). destruct (Nat.ltb_spec i k); [lra | lia]. }
        lra.
      + assert (B : Sum (fun j => if J j then 1 else 0) k <= Sum (fun _ => 1) k) by (apply Sum_le; intros j _; destruct (J j); lra).
        rewrite Sum_const in B. lra.
  Qed.
End Game.

(** G3 is attained: whatever the oracle, drawing an output from a list of weighted ones and asking nothing succeeds on
    input j with the weight of the outputs acceptable there. *)
Theorem game_attained {I A Y : Type} (l : list (Y * R)) (Hpos : Forall (fun x => 0 <= snd x) l)
    (Hone : fold_right (fun x s => snd x + s) 0 l = 1) (O : oracle I A) (Xi : Y -> Prop) :
  Pr (finite_space l Hpos Hone) (fun y => succeeds O Xi (Out y)) = weight Xi l.
Proof.
  simpl. apply weight_ext. intros y. split; [intros [z [H X]]; inversion H; subst; auto | intros X; exists y; split; [constructor | auto]].
Qed.
