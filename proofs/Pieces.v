(** Piecewise affine functions of a real parameter, without sorting:
    B is a list that contains every breakpoint, so there are at most length B + 1 pieces. *)
From Coq Require Import Reals Lra Lia List.
From OneHalf Require Import Statement.
Import ListNotations.
Open Scope R_scope.

Lemma pieces_more B C f : incl B C -> pieces B f -> pieces C f.
Proof. intros H P x y L F. apply P; auto. intros b Hb. apply F; auto. Qed.

(** The least element above t, and the greatest up to t. *)
Lemma next_above B t : (exists b, In b B /\ t < b /\ forall c, In c B -> t < c -> b <= c) \/ (forall b, In b B -> b <= t).
Proof.
  induction B as [| a B [[b [H1 [H2 H3]]] | IH]]; [right; intros b []| |].
  - left. destruct (Rlt_or_le t a) as [A | A].
    + destruct (Rle_or_lt a b).
      * exists a. split; [now left | split; auto]. intros c [-> | C] ?; [lra | specialize (H3 c C); lra].
      * exists b. split; [now right | split; auto]. intros c [-> | C] ?; [lra | now apply H3].
    + exists b. split; [now right | split; auto]. intros c [-> | C] ?; [lra | now apply H3].
  - destruct (Rlt_or_le t a) as [A | A].
    + left. exists a. split; [now left | split; auto]. intros c [-> | C] ?; [lra | specialize (IH c C); lra].
    + right. intros b [-> | C]; auto.
Qed.

Lemma last_upto B t : (exists b, In b B /\ b <= t /\ forall c, In c B -> c <= t -> c <= b) \/ (forall b, In b B -> t < b).
Proof.
  induction B as [| a B [[b [H1 [H2 H3]]] | IH]]; [right; intros b []| |].
  - left. destruct (Rle_or_lt a t) as [A | A].
    + destruct (Rle_or_lt b a).
      * exists a. split; [now left | split; auto]. intros c [-> | C] ?; [lra | specialize (H3 c C); lra].
      * exists b. split; [now right | split; auto]. intros c [-> | C] ?; [lra | now apply H3].
    + exists b. split; [now right | split; auto]. intros c [-> | C] ?; [lra | now apply H3].
  - destruct (Rle_or_lt a t) as [A | A].
    + left. exists a. split; [now left | split; auto]. intros c [-> | C] ?; [lra | specialize (IH c C); lra].
    + right. intros b [-> | C]; auto.
Qed.

(** length B + 1 short intervals, one in each piece. *)
Lemma samples B : exists L : list (R * R), (length L = length B + 1)%nat /\
  Forall (fun uv => fst uv < snd uv /\ free B (fst uv) (snd uv)) L /\
  forall x y, x < y -> free B x y -> Exists (fun uv => free B (Rmin x (fst uv)) (Rmax y (snd uv))) L.
Proof.
  assert (N : forall C, exists L, length L = length C /\ (Forall (fun uv => fst uv < snd uv /\ free B (fst uv) (snd uv)) L) /\
              forall b, In b C -> exists e, In (b, e) L /\ forall c, In c B -> c <= b \/ e <= c).
  { induction C as [| b C [L [H1 [H2 H3]]]]; [exists []; repeat split; auto; intros b []|].
    assert (E : exists e, b < e /\ forall c, In c B -> c <= b \/ e <= c).
    { destruct (next_above B b) as [[e [E1 [E2 E3]]] | E].
      - exists e. split; auto. intros c Hc. destruct (Rle_or_lt c b); auto.
      - exists (b + 1). split; [lra|]. intros c Hc. left. auto. }
    destruct E as [e [E1 E2]]. exists ((b, e) :: L). repeat split; simpl; auto.
    intros b' [<- | Hb].
    - exists e. auto.
    - destruct (H3 b' Hb) as [e' [E3 E4]]. exists e'. auto. }
  assert (M : exists m, forall b, In b B -> m <= b).
  { clear N. induction B as [| b B [m IH]]; [exists 0; intros b []|].
    exists (Rmin m b). intros c [<- | H]; [apply Rmin_r|]. specialize (IH c H). assert (A := Rmin_l m b). lra. }
  destruct M as [m M].
  destruct (N B) as [L [L1 [L2 L3]]].
  exists ((m - 1, m) :: L). repeat split.
  - simpl. lia.
  - constructor; auto. simpl. split; [lra|]. intros b Hb. right. auto.
  - intros x y Hxy F. destruct (last_upto B x) as [[b [B1 [B2 B3]]] | U].
    + apply Exists_cons_tl. destruct (L3 b B1) as [e [E1 E2]].
      apply Exists_exists. exists (b, e). split; auto. simpl.
      intros c Hc. destruct (Rle_or_lt c x) as [C | C].
      * left. apply Rmin_glb; auto.
      * right. apply Rmax_lub.
        -- destruct (F c Hc); lra.
        -- destruct (E2 c Hc); lra.
    + apply Exists_cons_hd. simpl. intros c Hc. right. apply Rmax_lub.
      * destruct (F c Hc); auto. specialize (U c Hc). lra.
      * apply M; auto.
Qed.

(** ReLU adds at most one breakpoint to each piece. *)
Lemma pieces_relu B f : pieces B f -> exists C, (length C = length B + 1)%nat /\ pieces (B ++ C) (fun t => relu (f t)).
Proof.
  intros P. destruct (samples B) as [L [L1 [L2 L3]]].
  assert (Z : exists C, length C = length L /\
    Forall (fun uv => exists p q, (forall t, fst uv <= t <= snd uv -> f t = p + q * t) /\
                      (q <> 0 -> exists c, In c C /\ p + q * c = 0)) L).
  { clear L1 L3. induction L2 as [| [u v] L [U1 U2] L2 [C [IH1 IH2]]]; [exists []; auto|]. simpl in *.
    destruct (P u v U1 U2) as [p [q E]].
    exists (- p / q :: C). split; [simpl; auto|]. constructor.
    - exists p, q. split; auto. intros Hq. exists (- p / q). split; [now left|]. field; auto.
    - eapply Forall_impl; [| exact IH2]. intros [u' v'] [p' [q' [E1 E2]]]. exists p', q'. split; auto.
      intros Hq. destruct (E2 Hq) as [c [C1 C2]]. exists c. split; [now right | auto]. }
  destruct Z as [C [C1 C2]]. exists C. split; [lia|].
  intros x y Hxy F.
  assert (FB : free B x y) by (intros b Hb; apply F, in_or_app; auto).
  assert (FC : free C x y) by (intros b Hb; apply F, in_or_app; auto).
  destruct (proj1 (Exists_exists _ _) (L3 x y Hxy FB)) as [[u v] [U1 U2]]. simpl in U2.
  rewrite Forall_forall in L2, C2. destruct (L2 _ U1) as [V1 V2]. destruct (C2 _ U1) as [p [q [E1 E2]]]. simpl in *.
  assert (M1 := Rmin_l x u). assert (M2 := Rmin_r x u). assert (M3 := Rmax_l y v). assert (M4 := Rmax_r y v).
  destruct (P (Rmin x u) (Rmax y v)) as [p' [q' E']]; [lra | auto |].
  (* the affine function of the hull is that of the sample *)
  assert (Eq : p' = p /\ q' = q).
  { assert (A := E1 u ltac:(lra)). assert (B1 := E1 v ltac:(lra)).
    rewrite E' in A by lra. rewrite E' in B1 by lra.
    assert (D : (q' - q) * (v - u) = 0) by lra.
    apply Rmult_integral in D. destruct D as [D | D]; [| lra]. assert (q' = q) by lra. subst. split; lra. }
  destruct Eq as [-> ->].
  assert (E : forall t, x <= t <= y -> f t = p + q * t) by (intros; apply E'; lra).
  (* one sign on [x, y] *)
  assert (S : (forall t, x <= t <= y -> 0 <= f t) \/ (forall t, x <= t <= y -> f t <= 0)).
  { destruct (Req_dec q 0) as [-> | Hq].
    - destruct (Rle_or_lt 0 p); [left | right]; intros t T; rewrite E by auto; lra.
    - destruct (E2 Hq) as [c [Cin Cz]]. destruct (FC c Cin) as [K | K].
      + destruct (Rlt_or_le 0 q); [left | right]; intros t T; rewrite E by auto; nra.
      + destruct (Rlt_or_le 0 q); [right | left]; intros t T; rewrite E by auto; nra. }
  destruct S as [S | S].
  - exists p, q. intros t T. unfold relu. rewrite <- E by auto. apply Rmax_left. auto.
  - exists 0, 0. intros t T. unfold relu. rewrite Rmax_right by auto. lra.
Qed.

Lemma pieces_const B c : pieces B (fun _ => c).
Proof. intros x y _ _. exists c, 0. intros; lra. Qed.
Lemma pieces_line B p q : pieces B (fun t => p + t * q).
Proof. intros x y _ _. exists p, q. intros; lra. Qed.
Lemma pieces_plus B f g : pieces B f -> pieces B g -> pieces B (fun t => f t + g t).
Proof.
  intros P Q x y L F. destruct (P x y L F) as [p [q E]]. destruct (Q x y L F) as [p' [q' E']].
  exists (p + p'), (q + q'). intros t T. rewrite E, E' by auto. lra.
Qed.
Lemma pieces_scale B c f : pieces B f -> pieces B (fun t => c * f t).
Proof.
  intros P x y L F. destruct (P x y L F) as [p [q E]].
  exists (c * p), (c * q). intros t T. rewrite E by auto. lra.
Qed.

(** Lemma 5, for piecewise affine functions. *)
Definition above (t : R) (B : list R) := filter (fun b => if Rlt_dec t b then true else false) B.

Lemma above_shrinks t u b B : In b B -> t < b -> b <= u -> (length (above u B) < length (above t B))%nat.
Proof.
  intros H L1 L2. unfold above.
  assert (W : forall C, (length (filter (fun b => if Rlt_dec u b then true else false) C)
                         <= length (filter (fun b => if Rlt_dec t b then true else false) C))%nat).
  { induction C as [| c C IH]; simpl; auto. destruct (Rlt_dec u c), (Rlt_dec t c); simpl; try lia; lra. }
  induction B as [| c B IH]; [destruct H|]. simpl. destruct H as [<- | H].
  - destruct (Rlt_dec u c); [lra|]. destruct (Rlt_dec t c); [| lra]. simpl. specialize (W B). lia.
  - specialize (IH H). destruct (Rlt_dec u c), (Rlt_dec t c); simpl; try lia; lra.
Qed.

(** An affine function that changes sign between t and u keeps its sign after u. *)
Lemma keeps_sign p q t u b : t < u -> u < b -> (p + q * t) * (p + q * u) < 0 -> 0 < (p + q * b) * (p + q * u).
Proof.
  intros L1 L2 H. set (z := p + q * u) in *.
  replace (p + q * t) with (z - q * (u - t)) in H by (unfold z; ring).
  replace (p + q * b) with (z + q * (b - u)) by (unfold z; ring).
  assert (Z : 0 < q * z).
  { destruct (Rlt_or_le 0 (q * z)) as [|N]; auto. exfalso.
    assert (q * z * (u - t) <= 0) by nra. nra. }
  assert (0 < q * z * (b - u)) by (apply Rmult_lt_0_compat; lra). nra.
Qed.

Lemma alternations B f : pieces B f -> forall l t, increasing (t :: l) -> alternating f (t :: l) ->
  (length l <= length (above t B) + 1)%nat.
Proof.
  intros P. intros l. remember (length l) as n eqn:En. revert l En.
  induction n as [n IH] using lt_wf_ind. intros l En t Hi Ha.
  destruct l as [| u [| v l]]; try (simpl in *; lia).
  destruct Hi as [Htu [Huv Hi]]. destruct Ha as [Atu [Auv Ha]].
  destruct (next_above B t) as [[b [B1 [B2 B3]]] | N].
  - assert (Hb : b < v).
    { destruct (Rlt_or_le b v); auto. exfalso.
      destruct (P t v ltac:(lra)) as [p [q E]].
      - intros c Hc. destruct (Rle_or_lt c t); auto. right. specialize (B3 c Hc ltac:(lra)). lra.
      - rewrite (E t), (E u) in Atu by lra. rewrite (E u), (E v) in Auv by lra.
        assert (K := keeps_sign p q t u v Htu Huv Atu). lra. }
    destruct (Rle_or_lt b u) as [L | L].
    + assert (A := IH (length (v :: l)) ltac:(simpl in *; lia) (v :: l) eq_refl u (conj Huv Hi) (conj Auv Ha)).
      assert (C := above_shrinks t u b B B1 B2 L). simpl in *. lia.
    + (* u < b < v: f has at b the sign that it has at u *)
      assert (Ab : f b * f v < 0).
      { destruct (P t b ltac:(lra)) as [p [q E]].
        - intros c Hc. destruct (Rle_or_lt c t); auto.
        - rewrite (E t), (E u) in Atu by lra. rewrite (E u) in Auv by lra. rewrite (E b) by lra.
          assert (D := keeps_sign p q t u b Htu L Atu).
          set (z := p + q * u) in *. set (y := p + q * b) in *. set (x := f v) in *.
          assert (Z : 0 < z * z) by nra.
          destruct (Rlt_or_le (y * x) 0) as [|N]; auto. exfalso.
          assert (0 <= (y * x) * (z * z)) by nra. assert ((y * z) * (z * x) < 0) by nra. nra. }
      assert (A := IH (length (v :: l)) ltac:(simpl in *; lia) (v :: l) eq_refl b (conj Hb Hi) (conj Ab Ha)).
      assert (C := above_shrinks t b b B B1 B2 ltac:(lra)). simpl in *. lia.
  - exfalso. destruct (P t v ltac:(lra)) as [p [q E]]; [intros c Hc; left; auto|].
    rewrite (E t), (E u) in Atu by lra. rewrite (E u), (E v) in Auv by lra.
        assert (K := keeps_sign p q t u v Htu Huv Atu). lra.
Qed.

Lemma alternations_pieces B f l : pieces B f -> increasing l -> alternating f l -> (length l <= length B + 2)%nat.
Proof.
  intros P Hi Ha. destruct l as [| t l]; [simpl; lia|].
  assert (A := alternations B f P l t Hi Ha).
  assert (F : (length (above t B) <= length B)%nat).
  { unfold above. clear. induction B as [| b B IH]; simpl; auto. destruct (Rlt_dec t b); simpl; lia. }
  simpl. lia.
Qed.
