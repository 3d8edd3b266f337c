(** What an algorithm can do that halts at the limit of the training problem: nothing (G7 with k = 1). *)
From Coq Require Import Reals Lra Lia List ZArith.
From OneHalf Require Import Statement Algorithm Probability Theorem2 LimitGame Training Oracles Limit.
Import ListNotations.
Open Scope R_scope.

Lemma fits_dec d N phi : NN d N phi \/ ~ NN d N phi.
Proof.
  destruct phi as [hidden out]. unfold NN; cbn [fst snd]. revert d hidden. induction N as [| n N IH]; intros d [| l hidden]; cbn [fits_hidden].
  - destruct (Nat.eq_dec (length (fst out)) d); [now left | now right].
  - right. intros [].
  - right. intros [].
  - destruct (le_dec (length l) n) as [L | L]; [| right; intros [X _]; contradiction].
    destruct (Forall_dec (fun u : neuron => length (fst u) = d) (fun u => Nat.eq_dec (length (fst u)) d) l) as [F | F]; [| right; intros [_ [X _]]; contradiction].
    destruct (IH (length l) hidden) as [G | G]; [now left | right; intros [_ [_ X]]; contradiction].
Qed.

Theorem untold cost tol eps a kappa (d r : nat) (N : list nat) : 0 < a -> kappa < 1 -> (2 <= d)%nat -> N <> [] ->
  Forall (fun n => (0 < n)%nat) N -> (P N + 2 <= r)%nat -> tol < 1 / 2 -> cost_function r tol eps cost ->
  exists (O0 : oracle (nat * nat) dyadic) (O : nat -> oracle (nat * nat) dyadic),
    legal O0 (entry a kappa 0 d Zero) /\ (forall m, legal (O m) (entry a kappa (/ 2 ^ m) d One)) /\
    forall (S : space), sigma S -> forall (Gamma : algorithm (nat * nat) dyadic network S),
      let Xi m := acceptable cost eps a kappa (/ 2 ^ m) d r N One in
      ev S (fun w => succeeds O0 (fun _ => True) (Gamma w)) -> (forall m, ev S (fun w => succeeds (O m) (Xi m) (Gamma w))) ->
      (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
      (forall m, ev S (fun w => succeeds O0 (Xi m) (Gamma w))) ->
      Pr S (fun w => succeeds O0 (fun _ => True) (Gamma w)) = 1 ->
      forall s, (forall m, s <= Pr S (fun w => succeeds (O m) (Xi m) (Gamma w))) -> s <= 0.
Proof.
  intros Ha Hk Hd HN HF Hr Ht HC. exists (blind_limit a kappa d), (fun m => blind a kappa d m One).
  split; [apply blind_limit_legal|]. split; [intros m; apply blind_legal|]. intros S HS Gamma Xi M0 M1 M2 M3 E s H.
  set (q := fun _ : nat => 1).
  assert (Iff : forall m y, overweight 1 (fun _ => True) (fun _ m => Xi m) 0 0 q m y <-> Xi m y).
  { intros m y. split.
    - intros [J0 [J [_ [H1 H2]]]]. simpl in H2. destruct (J 0%nat) eqn:F; [apply (H1 0%nat); auto|]. exfalso. destruct J0; lra.
    - intros X. exists false, (fun _ => true). split; [discriminate|]. split; [intros; exact X | unfold q; simpl; lra]. }
  assert (Finite : forall y, exists M, forall m, (M <= m)%nat -> ~ Xi m y).
  { intros y. destruct (fits_dec d N y) as [F | F].
    - exact (finitely_many cost tol eps a kappa d r N Ha Hk Hd HN HF Hr Ht HC y F).
    - exists 0%nat. intros m _ [X _]. contradiction. }
  assert (Hs : s <= 1).
  { assert (X : Pr S (fun w => succeeds (blind a kappa d 0 One) (Xi 0%nat) (Gamma w)) <= 1) by (rewrite <- (Pr_all S); apply Pr_mono; auto; apply ev_all).
    specialize (H 0%nat). lra. }
  assert (Q1 : 0 + Sum q 1 = 1) by (unfold q; simpl; lra). assert (Q0 : forall j, (j < 1)%nat -> 0 <= q j) by (intros; unfold q; lra).
  apply (proj1 (limit_game_bounds 1 (blind_limit a kappa d) (fun _ m => blind a kappa d m One) (fun _ => True) (fun _ m => Xi m)
    ltac:(intros n; destruct (blind_follows a kappa d r N Hd Hr n) as [M HM]; exists M; intros m Lm j _; now apply HM) 0 0 q ltac:(lra) Q0 Q1 ltac:(lra)
    ltac:(intros y; destruct (Finite y) as [M HM]; exists M; intros m Lm O; apply (HM m Lm); now apply Iff) S HS Gamma M0 M0 (fun _ => M1) M2
    ltac:(intros m; apply (ev_ext S (fun w => succeeds (blind_limit a kappa d) (Xi m) (Gamma w))); [|apply M3]; intros w; split; intros [y [Hy Xy]]; exists y; split; auto; now apply Iff) s
    ltac:(rewrite E; exact Hs) (fun _ m _ => H m)) E).
Qed.
