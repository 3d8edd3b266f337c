(** The limit game G7 and the chains G5 are attained. *)
From Coq Require Import Reals Lra Lia List ZArith ClassicalDescription.
From OneHalf Require Import Statement Algorithm Probability Spaces Attained Policies Limit.
Import ListNotations.
Open Scope R_scope.

(** * G7: an output at once, or read until the input is known *)
Lemma mass_weight {Y} (J : Y -> bool) (E : option Y -> Prop) (l : list (Y * R)) : Forall (fun yw => 0 <= snd yw) l -> (forall y, J y = true -> E (Some y)) ->
  mass J l <= weight E (map (fun yw => (Some (fst yw), snd yw)) l).
Proof.
  intros P H. unfold mass, total. induction P as [| yw l P0 P IH]; cbn [map fold_right weight]; [lra|].
  fold (weight E (map (fun yw => (Some (fst yw), snd yw)) l)). cbn [fst snd]. specialize (H (fst yw)).
  destruct (excluded_middle_informative (E (Some (fst yw)))), (J (fst yw)); try lra. exfalso. auto.
Qed.

Lemma whole_weight {Y} (E : option Y -> Prop) (l : list (Y * R)) : (forall y, E (Some y)) -> weight E (map (fun yw => (Some (fst yw), snd yw)) l) = total (map snd l).
Proof.
  intros H. induction l as [| yw l IH]; [reflexivity|]. cbn [map]. rewrite weight_cons, IH.
  destruct (excluded_middle_informative _) as [_ | C]; [reflexivity | destruct C; apply H].
Qed.

Theorem limit_game_attained : G7_attained.
Proof.
  intros I A Y k O0 O Xi0 Xi right reader l J0 J Hr HX Hn Hl h Hh H0 HJ.
  set (coins := (None, 1 - h) :: map (fun yw => (Some (fst yw), snd yw)) l).
  assert (P : Forall (fun x => 0 <= snd x) coins).
  { constructor; [cbn [snd]; lra|]. apply Forall_map. eapply Forall_impl; [| exact Hl]. auto. }
  assert (E : fold_right (fun x s => snd x + s) 0 coins = 1).
  { unfold coins. cbn [fold_right snd]. enough (X : fold_right (fun x s => snd x + s) 0 (map (fun yw => (Some (fst yw), snd yw)) l) = h) by lra.
    unfold h, total. clear. induction l as [| yw l IH]; cbn [map fold_right snd fst]; [reflexivity | now rewrite IH]. }
  exists (finite_space coins P E), (fun w => match w with Some y => Out y | None => reader end).
  split; [apply finite_sigma|]. cbn [Pr finite_space]. unfold coins. split; [| split].
  - rewrite weight_cons. destruct (excluded_middle_informative _) as [[y [Hy _]] | _]; [exfalso; exact (Hn y Hy)|].
    rewrite Rplus_0_l. apply whole_weight. intros y. exists y. split; [constructor | exact Logic.I].
  - rewrite weight_cons. destruct (excluded_middle_informative _) as [[y [Hy _]] | _]; [exfalso; exact (Hn y Hy)|].
    rewrite Rplus_0_l. apply mass_weight; auto. intros y Jy. exists y. split; [constructor | auto].
  - intros j m _. rewrite weight_cons. destruct (excluded_middle_informative _) as [_ | C]; [| destruct C; exists (right j m); auto].
    rewrite Rplus_comm. apply Rplus_le_compat_l. apply mass_weight; auto. intros y Jy. exists y. split; [constructor | eauto].
Qed.

(** * G5: count what is seen to be positive *)
Section Count.
  Context (p : nat).
  (** An answer to n digits that only a positive number can have. *)
  Definition seen (q : dyadic) (n : nat) : bool := Z.ltb (2 ^ Z.of_nat (snd q)) (fst q * 2 ^ Z.of_nat n).
  (** Ask for all p numbers to n digits; output J if at least J are seen to be positive, else ask for n + 1. *)
  CoFixpoint tally (J n i found : nat) : strategy nat dyadic nat :=
    if Nat.ltb i p then Ask i n (fun q => tally J n (Datatypes.S i) (if seen q n then Datatypes.S found else found))
    else if Nat.leb J found then Out J else Think (tally J (Datatypes.S n) 0 0).
  Lemma tally_eq J n i found : tally J n i found =
    if Nat.ltb i p then Ask i n (fun q => tally J n (Datatypes.S i) (if seen q n then Datatypes.S found else found))
    else if Nat.leb J found then Out J else Think (tally J (Datatypes.S n) 0 0).
  Proof. rewrite (unfold_eq (tally J n i found)) at 1. cbv delta [unfold_strategy tally] beta iota. destruct (Nat.ltb i p); [reflexivity|]. destruct (Nat.leb J found); reflexivity. Qed.

  Lemma two_power n : IZR (2 ^ Z.of_nat n) = 2 ^ n.
  Proof. now rewrite <- pow_IZR. Qed.
  Lemma seen_spec q n : seen q n = true <-> / 2 ^ n < D2R q.
  Proof.
    unfold seen, D2R. rewrite Z.ltb_lt. assert (Q := pow2 n). assert (Q' := pow2 (snd q)).
    transitivity (2 ^ snd q < IZR (fst q) * 2 ^ n).
    - split; intros H; [apply IZR_lt in H; now rewrite mult_IZR, !two_power in H | apply lt_IZR; now rewrite mult_IZR, !two_power].
    - split; intros H.
      + apply (Rmult_lt_reg_r (2 ^ n * 2 ^ snd q)); [now apply Rmult_lt_0_compat|].
        replace (/ 2 ^ n * (2 ^ n * 2 ^ snd q)) with (2 ^ snd q) by (field; lra). replace (IZR (fst q) / 2 ^ snd q * (2 ^ n * 2 ^ snd q)) with (IZR (fst q) * 2 ^ n) by (field; lra). exact H.
      + apply (Rmult_lt_compat_r (2 ^ n * 2 ^ snd q)) in H; [| now apply Rmult_lt_0_compat].
        replace (/ 2 ^ n * (2 ^ n * 2 ^ snd q)) with (2 ^ snd q) in H by (field; lra). replace (IZR (fst q) / 2 ^ snd q * (2 ^ n * 2 ^ snd q)) with (IZR (fst q) * 2 ^ n) in H by (field; lra). exact H.
  Qed.

  Context (h : nat -> R) (O : oracle nat dyadic).
  Hypothesis Hh : forall i, 0 <= h i.
  Hypothesis HO : legal O h.

  Fixpoint found (n i : nat) : nat := match i with 0%nat => 0%nat | Datatypes.S i => if seen (O i n) n then Datatypes.S (found n i) else found n i end.
  Fixpoint truly (i : nat) : nat := match i with 0%nat => 0%nat | Datatypes.S i => if Rlt_dec 0 (h i) then Datatypes.S (truly i) else truly i end.

  Lemma found_most n i : (found n i <= truly i)%nat.
  Proof.
    induction i as [| i IH]; cbn [found truly]; [lia|]. destruct (Rlt_dec 0 (h i)) as [| N].
    - destruct (seen (O i n) n); lia.
    - destruct (seen (O i n) n) eqn:E; [| lia]. exfalso. apply seen_spec in E. assert (B := HO i n). assert (Z : h i = 0) by (specialize (Hh i); lra).
      rewrite Z, Rminus_0_r in B. assert (C := Rle_abs (D2R (O i n))). lra.
  Qed.
  Lemma found_all i : exists N, forall n, (N <= n)%nat -> found n i = truly i.
  Proof.
    induction i as [| i [N IH]]; [exists 0%nat; auto|]. cbn [found truly]. destruct (Rlt_dec 0 (h i)) as [Pos | No].
    - destruct (small_power (h i / 2) ltac:(lra)) as [M HM]. exists (max N M). intros n Hn. rewrite IH by lia.
      replace (seen (O i n) n) with true; [reflexivity|]. symmetry. apply seen_spec. specialize (HM n ltac:(lia)). assert (B := HO i n).
      unfold Rabs in B. destruct (Rcase_abs _); lra.
    - exists N. intros n Hn. rewrite IH by lia. assert (L := found_most n (Datatypes.S i)). cbn [found truly] in L. rewrite IH in L by lia.
      destruct (Rlt_dec 0 (h i)); [tauto|]. destruct (seen (O i n) n); [lia | reflexivity].
  Qed.

  Lemma tally_round J n y : halts O (tally J n p (found n p)) y -> halts O (tally J n 0 0) y.
  Proof.
    intros H. assert (G : forall d i, (i + d = p)%nat -> halts O (tally J n i (found n i)) y).
    { induction d as [| d IH]; intros i Hi; [now replace i with p by lia|]. rewrite tally_eq. destruct (Nat.ltb_spec i p); [| lia].
      apply H_ask. exact (IH (Datatypes.S i) ltac:(lia)). }
    exact (G p 0%nat ltac:(lia)).
  Qed.
  Lemma tally_halts J : (J <= truly p)%nat -> halts O (tally J 0 0 0) J.
  Proof.
    intros L. destruct (found_all p) as [N HN].
    assert (G : forall d n, (n + d = N)%nat -> halts O (tally J n 0 0) J).
    { induction d as [| d IH]; intros n Hn; apply tally_round; rewrite tally_eq, Nat.ltb_irrefl; destruct (Nat.leb_spec J (found n p)) as [B | B]; try constructor.
      - rewrite HN in B by lia. lia.
      - apply IH. lia. }
    exact (G N 0%nat ltac:(lia)).
  Qed.
  Lemma tally_right J n i c y : halts O (tally J n i c) y -> y = J.
  Proof.
    assert (G : forall s, halts O s y -> forall n i c, s = tally J n i c -> y = J).
    { induction 1 as [y | i0 m next y H IH | s y H IH]; intros n' i' c' E; rewrite tally_eq in E;
        destruct (Nat.ltb i' p), (Nat.leb J c'); try discriminate.
      - now injection E as ->.
      - injection E as -> -> ->. eauto.
      - injection E as -> -> ->. eauto.
      - injection E as ->. eauto. }
    intros H. exact (G _ H n i c eq_refl).
  Qed.
  Lemma tally_never J y : (truly p < J)%nat -> ~ halts O (tally J 0 0 0) y.
  Proof.
    intros L. assert (G : forall s, halts O s y -> forall n i, (i <= p)%nat -> s <> tally J n i (found n i)).
    { induction 1 as [y | i0 m next y Hy IH | s y Hy IH]; intros n' i' Hi E; rewrite tally_eq in E;
        destruct (Nat.ltb_spec i' p) as [B | B]; try discriminate.
      - replace i' with p in E by lia. destruct (Nat.leb_spec J (found n' p)); [| discriminate]. assert (X := found_most n' p). lia.
      - injection E as -> -> ->. exact (IH n' (Datatypes.S i') ltac:(lia) eq_refl).
      - destruct (Nat.leb J (found n' i')); discriminate.
      - replace i' with p in E by lia. destruct (Nat.leb_spec J (found n' p)); [discriminate|]. injection E as ->. exact (IH (Datatypes.S n') 0%nat ltac:(lia) eq_refl). }
    intros H. exact (G _ H 0%nat 0%nat ltac:(lia) eq_refl).
  Qed.
  Lemma truly_positives : truly p = positives p h.
  Proof.
    unfold positives. induction p as [| i IH]; [reflexivity|]. rewrite seq_S, filter_app, app_length, <- IH. cbn [truly filter Nat.add].
    destruct (Rlt_dec 0 (h i)); cbn [length]; lia.
  Qed.
  Lemma truly_most i : (truly i <= i)%nat.
  Proof. induction i as [| i IH]; cbn [truly]; [lia|]. destruct (Rlt_dec 0 (h i)); lia. Qed.
End Count.

Theorem chains_attained : G5_attained.
Proof.
  intros p. assert (Hk : (0 < p + 1)%nat) by lia. assert (H0 : 0 <= 0 <= 1) by lra.
  exists (fair (p + 1) 0 Hk H0), (fun w => match w with Some J => tally p J 0 0 0 | None => Out 0%nat end). split; [apply finite_sigma|].
  intros h O Hh HO. cbn [Pr fair finite_space]. unfold coins. rewrite weight_cons.
  assert (Z : forall P : Prop, (if excluded_middle_informative P then 0 else 0) = 0) by (intros P; destruct (excluded_middle_informative P); reflexivity).
  rewrite Z, Rplus_0_l. rewrite <- (truly_positives p h).
  assert (T := truly_most h p).
  rewrite (weight_one (p + 1) _ _ (truly h p)); [field; apply not_0_INR; lia | lia |].
  intros J _. split.
  - intros [y [Hy E]]. rewrite E in Hy. symmetry. exact (tally_right p O J 0 0 0 _ Hy).
  - intros ->. exists (truly h p). split; [| reflexivity]. apply (tally_halts p h O Hh HO); auto.
Qed.
