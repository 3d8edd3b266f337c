(** Lemma 6 (errors forced) and the instability theorem. *)
From Coq Require Import Reals Lra Lia List.
From OneHalf Require Import Statement Pieces Network.
Import ListNotations.
Open Scope R_scope.

Fixpoint distance (l m : list bool) : nat :=
  match l, m with a :: l', b :: m' => (differ a b + distance l' m')%nat | _, _ => 0%nat end.

(** Correcting one label alters the number of changes by at most 2. *)
Lemma changes_distance l m : length l = length m -> (changes l <= changes m + 2 * distance l m)%nat.
Proof.
  assert (D : forall a b c, (differ a c <= differ a b + differ b c)%nat) by (intros [] [] []; cbv; lia).
  assert (T : forall a b, differ a b = differ b a) by (intros [] []; reflexivity).
  assert (G : forall l m a b, length l = length m ->
            (changes (a :: l) <= changes (b :: m) + differ a b + 2 * distance l m)%nat).
  { clear l m. induction l as [| a' l IH]; intros [| b' m] a b E; try discriminate; [simpl; lia|].
    injection E as E. specialize (IH m a' b' E). cbn [changes distance] in *.
    assert (A := D a b a'). assert (B := D b b' a'). rewrite (T b' a') in B. lia. }
  destruct l as [| a l], m as [| b m]; try discriminate; intros E; [simpl; lia|].
  injection E as E. assert (A := G l m a b E). cbn [distance]. lia.
Qed.

Fixpoint distinct_neighbours (cls : R -> bool) (l : list R) : Prop :=
  match l with t :: ((u :: _) as l') => cls t <> cls u /\ distinct_neighbours cls l' | _ => True end.

Lemma extract cls ts : forall t, increasing (t :: ts) -> exists us, increasing (t :: us) /\ incl us ts /\
  distinct_neighbours cls (t :: us) /\ length us = changes (map cls (t :: ts)).
Proof.
  induction ts as [| u ts IH]; intros t H.
  - exists []. simpl. repeat split; auto. intros x [].
  - destruct H as [L H]. destruct (IH u H) as [us [H1 [H2 [H3 H4]]]].
    destruct (Bool.eqb (cls t) (cls u)) eqn:E.
    + exists us. apply Bool.eqb_prop in E. repeat split.
      * destruct us as [| v us]; simpl in *; auto. split; [lra | tauto].
      * intros x Hx. right. auto.
      * destruct us as [| v us]; simpl in *; auto. rewrite E. auto.
      * rewrite H4. simpl. unfold differ. rewrite E, Bool.eqb_reflx. reflexivity.
    + exists (u :: us). repeat split; auto.
      * intros x [<- | Hx]; [now left | right; auto].
      * intro C. rewrite C, Bool.eqb_reflx in E. discriminate.
      * simpl length. rewrite H4. simpl. unfold differ. rewrite E. reflexivity.
Qed.

Lemma separate (L M : list R) : (forall x y, In x L -> In y M -> x < y) ->
  exists c, (forall x, In x L -> x < c) /\ (forall y, In y M -> c < y).
Proof.
  assert (Mx : forall l, l = [] \/ exists m : R, In m l /\ forall x, In x l -> x <= m).
  { induction l as [| a l [-> | [m [H1 H2]]]]; [now left | right; exists a; split; [now left | intros x [-> | []]; lra] |].
    right. destruct (Rle_or_lt a m).
    - exists m. split; [now right|]. intros x [<- | X]; auto.
    - exists a. split; [now left|]. intros x [<- | X]; [lra|]. specialize (H2 x X). lra. }
  assert (Mn : forall l, l = [] \/ exists m : R, In m l /\ forall x, In x l -> m <= x).
  { intro l. destruct (Mx (map Ropp l)) as [E | [m [H1 H2]]].
    - left. destruct l; [auto | discriminate].
    - right. apply in_map_iff in H1. destruct H1 as [n [<- H1]]. exists n. split; auto.
      intros x X. specialize (H2 (- x) (in_map Ropp l x X)). lra. }
  intros H. destruct (Mx L) as [-> | [m [A1 A2]]], (Mn M) as [-> | [n [B1 B2]]].
  - exists 0. split; intros x [].
  - exists (n - 1). split; [intros x [] | intros y Y; specialize (B2 y Y); lra].
  - exists (m + 1). split; [intros x X; specialize (A2 x X); lra | intros y []].
  - specialize (H m n A1 B1). exists ((m + n) / 2). split; intros x X; [specialize (A2 x X) | specialize (B2 x X)]; lra.
Qed.

Definition class_of (g : R -> R) (y : R) : bool := if Rlt_dec (1 / 2) (g y) then true else false.

Lemma class_changes d N phi line g ts : NN d N phi -> monotone g -> increasing ts ->
  (changes (map (fun t => class_of g (eval phi (on_line line t))) ts) <= P N)%nat.
Proof.
  intros HN Hg Hi. set (f := fun t => eval phi (on_line line t)). set (cls := fun t => class_of g (f t)).
  destruct ts as [| t ts]; [simpl; lia|].
  destruct (extract cls ts t Hi) as [us [H1 [H2 [H3 H4]]]].
  set (F := filter (fun t => negb (cls t)) (t :: ts)). set (T := filter cls (t :: ts)).
  assert (S : exists c, (forall u v, In u (t :: ts) -> In v (t :: ts) -> cls u <> cls v -> (f u - c) * (f v - c) < 0)).
  { destruct Hg as [Hg | Hg].
    - destruct (separate (map f F) (map f T)) as [c [C1 C2]].
      + intros x y X Y. apply in_map_iff in X, Y. destruct X as [u [<- U]], Y as [v [<- V]].
        apply filter_In in U, V. destruct U as [_ U], V as [_ V]. unfold cls, class_of in U, V.
        destruct (Rlt_dec (1 / 2) (g (f u))) as [|U']; [discriminate|]. destruct (Rlt_dec (1 / 2) (g (f v))); [|discriminate].
        destruct (Rlt_or_le (f u) (f v)) as [|K]; auto. specialize (Hg _ _ K). lra.
      + exists c. intros u v U V D. 
        assert (K : forall w, In w (t :: ts) -> if cls w then c < f w else f w < c).
        { intros w W. destruct (cls w) eqn:E; [apply C2 | apply C1]; apply in_map, filter_In; split; auto. now rewrite E. }
        assert (Ku := K u U). assert (Kv := K v V). destruct (cls u), (cls v); try congruence; nra.
    - destruct (separate (map f T) (map f F)) as [c [C1 C2]].
      + intros x y X Y. apply in_map_iff in X, Y. destruct X as [u [<- U]], Y as [v [<- V]].
        apply filter_In in U, V. destruct U as [_ U], V as [_ V]. unfold cls, class_of in U, V.
        destruct (Rlt_dec (1 / 2) (g (f v))) as [|U']; [discriminate|]. destruct (Rlt_dec (1 / 2) (g (f u))); [|discriminate].
        destruct (Rlt_or_le (f u) (f v)) as [|K]; auto. specialize (Hg _ _ K). lra.
      + exists c. intros u v U V D.
        assert (K : forall w, In w (t :: ts) -> if cls w then f w < c else c < f w).
        { intros w W. destruct (cls w) eqn:E; [apply C1 | apply C2]; apply in_map, filter_In; split; auto. now rewrite E. }
        assert (Ku := K u U). assert (Kv := K v V). destruct (cls u), (cls v); try congruence; nra. }
  destruct S as [c Hc].
  assert (A : alternating (fun t => f t - c) (t :: us)).
  { assert (I : incl (t :: us) (t :: ts)) by (intros x [<- | X]; [now left | right; auto]).
    clear H1 H4 Hi. revert H3 I. generalize (t :: us). intros l. clear us H2. induction l as [| u [| v l] IH]; simpl; auto.
    intros [D H3] I. split; [apply Hc; auto; apply I; simpl; auto|]. apply IH; auto. intros x X. apply I. now right. }
  assert (L := lemma5 d N phi line c (t :: us) HN H1 A). simpl in L. rewrite H4 in L.
  change (map (fun t0 => class_of g (eval phi (on_line line t0))) (t :: ts)) with (map cls (t :: ts)). simpl in *. lia.
Qed.

(** Lemma 6. A <= P(N) + 2 * (number of wrong points): at least (A - P(N))/2 points are wrong. *)
Theorem lemma6 d N phi line g (data : list (R * bool)) : NN d N phi -> monotone g -> increasing (map fst data) ->
  (changes (map snd data)
   <= P N + 2 * count (fun tl => wrong g (eval phi (on_line line (fst tl))) (snd tl)) data)%nat.
Proof.
  intros HN Hg Hi. assert (C := class_changes d N phi line g _ HN Hg Hi). rewrite map_map in C.
  set (f := fun tl : R * bool => eval phi (on_line line (fst tl))) in *.
  assert (D := changes_distance (map snd data) (map (fun tl => class_of g (f tl)) data) ltac:(now rewrite !map_length)).
  assert (W : (distance (map snd data) (map (fun tl => class_of g (f tl)) data)
               <= count (fun tl => wrong g (f tl) (snd tl)) data)%nat).
  { clear. unfold count. induction data as [| [t l] data IH]; simpl; auto.
    assert (K : (differ l (class_of g (f (t, l))) <= if wrong g (f (t, l)) l then 1 else 0)%nat).
    { unfold differ, class_of, wrong. destruct (Rlt_dec (1 / 2) (g (f (t, l)))) as [H | H], l; simpl; try lia;
        destruct (Rle_dec _ _) as [X | X]; auto; exfalso; apply X; unfold b2r, Rabs; destruct (Rcase_abs _); lra. }
    destruct (wrong g (f (t, l)) l); simpl; lia. }
  unfold f in *. lia.
Qed.

(** * The instability theorem *)

Section Instability.
  (** Data points (x_1, delta*label, 0, ...), in the order of x_1; delta any real; h a shift of x_1, the same for all. *)
  Context (d : nat) (N : list nat) (phi : network) (g : R -> R) (data : list (R * bool)) (delta h : R).
  Hypothesis member : NN d N phi.
  Hypothesis mono : monotone g.
  Hypothesis ordered : increasing (map fst data).

  Let flipped := flips d phi g data delta h.
  Let m := ((changes (map snd data) - P N + 1) / 2)%nat.

  Let of_label (b : bool) (s : R) : nat :=
    count (fun tl => andb (Bool.eqb (snd tl) b)
      (wrong g (eval phi (place d (fst tl + h) (delta * b2r (snd tl) + s * delta))) (snd tl))) data.

  Lemma flipped_split s : flipped s = (of_label false s + of_label true s)%nat.
  Proof.
    unfold flipped, flips, of_label, count. clear. induction data as [| [t []] l IH]; simpl; auto;
      destruct (wrong g _ _); simpl; lia.
  Qed.

  Lemma increasing_shift l : increasing l -> increasing (map (fun t => t + h) l).
  Proof. clear. induction l as [| t [| u l] IH]; simpl; auto. intros [L H]. split; [lra | now apply IH]. Qed.

  (** Lemma 6 on the line x_2 = s*delta. *)
  Lemma each_line s : (m <= of_label false s + of_label true (s - 1))%nat.
  Proof.
    set (line := (0, 1) :: (s * delta, 0) :: repeat (0, 0) (d - 2)).
    set (moved := map (fun tl : R * bool => (fst tl + h, snd tl)) data).
    assert (L := lemma6 d N phi line g moved member mono).
    assert (E1 : map snd moved = map snd data) by (unfold moved; rewrite map_map; reflexivity).
    assert (E2 : map fst moved = map (fun t => t + h) (map fst data)) by (unfold moved; rewrite !map_map; reflexivity).
    rewrite E1, E2 in L. specialize (L (increasing_shift _ ordered)).
    assert (Pl : forall t, on_line line t = place d t (s * delta)).
    { intros t. unfold line, on_line, place. simpl. f_equal; [lra | f_equal; [lra|]].
      clear. generalize (d - 2)%nat as n. induction n as [| n IH]; simpl; [reflexivity|]. rewrite IH. f_equal. ring. }
    clearbody line.
    assert (C : count (fun tl => wrong g (eval phi (on_line line (fst tl))) (snd tl)) moved
                = (of_label false s + of_label true (s - 1))%nat).
    { unfold of_label, moved, count. clear - Pl. induction data as [| [t b] l IH]; simpl; auto.
      rewrite Pl. destruct b; simpl b2r; simpl Bool.eqb; simpl andb.
      - replace (delta * 1 + (s - 1) * delta) with (s * delta) by ring.
        destruct (wrong g _ _); simpl; rewrite IH; lia.
      - replace (delta * 0 + s * delta) with (s * delta) by ring.
        destruct (wrong g _ _); simpl; rewrite IH; lia. }
    rewrite C in L. unfold m. apply Nat.lt_succ_r, Nat.div_lt_upper_bound; lia.
  Qed.

  (** If phi is right on all the points, each of -delta*e_2 and +delta*e_2 makes at least m = ceil((A - P(N))/2) wrong. *)
  Theorem unstable_if_accurate : flipped 0 = 0%nat -> (m <= flipped (-1))%nat /\ (m <= flipped 1)%nat.
  Proof.
    intros Z. assert (A := each_line 0). assert (B := each_line 1).
    rewrite flipped_split in *. rewrite !flipped_split. replace (0 - 1) with (-1) in A by lra. replace (1 - 1) with 0 in B by lra. lia.
  Qed.

  Fixpoint all_flipped (c : R) (J : nat) : nat := match J with O => flipped c | S J' => (all_flipped c J' + flipped (c + INR J))%nat end.

  (** Of J + 1 consecutive multiples of delta*e_2 one makes at least ceil(J*m/(J + 1)) points wrong. *)
  Theorem inaccurate_or_unstable c J : exists i, (i <= J)%nat /\ (J * m <= (J + 1) * flipped (c + INR i))%nat.
  Proof.
    assert (G : forall K, (K * m + of_label true (c + INR K) <= all_flipped c K)%nat).
    { induction K as [| K' IH]; [cbn [all_flipped]; rewrite flipped_split; simpl INR; rewrite Rplus_0_r; lia|].
      cbn [all_flipped]. rewrite flipped_split. assert (A := each_line (c + INR (S K'))).
      replace (c + INR (S K') - 1) with (c + INR K') in A by (rewrite S_INR; ring). lia. }
    assert (M : forall K b, (forall i, (i <= K)%nat -> (flipped (c + INR i) <= b)%nat) -> (all_flipped c K <= (K + 1) * b)%nat).
    { induction K as [| K' IH]; intros b H; cbn [all_flipped].
      - specialize (H 0%nat (le_n _)). simpl in H. rewrite Rplus_0_r in H. lia.
      - specialize (IH b ltac:(intros; apply H; lia)). assert (A := H (S K') (le_n _)). lia. }
    assert (Mx : forall K, exists i, (i <= K)%nat /\ forall j, (j <= K)%nat -> (flipped (c + INR j) <= flipped (c + INR i))%nat).
    { clear. induction K as [| K [i [I1 I2]]]; [exists 0%nat; split; auto; intros j Hj; replace j with 0%nat by lia; auto|].
      destruct (Nat.le_gt_cases (flipped (c + INR (S K))) (flipped (c + INR i))) as [L | L].
      - exists i. split; [lia|]. intros j Hj. destruct (Nat.eq_dec j (S K)) as [-> |]; auto. apply I2; lia.
      - exists (S K). split; [lia|]. intros j Hj. destruct (Nat.eq_dec j (S K)) as [-> |]; auto. specialize (I2 j ltac:(lia)). lia. }
    destruct (Mx J) as [i [I1 I2]]. exists i. split; auto. specialize (M J _ I2). specialize (G J). lia.
  Qed.
End Instability.
