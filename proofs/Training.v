(** The training problem: disjoint acceptable sets, and the bound of Theorem 1. *)
From Coq Require Import Reals Lra Lia List ZArith.
From OneHalf Require Import Statement Algorithm Probability Theorem1 Pieces Network Errors Witness Costs Oracles.
Import ListNotations.
Open Scope R_scope.

(** * What acceptable means on inputs 1 and 2: the infimum is 0 *)
Lemma labels_01 r : Forall (fun z => z = 0 \/ z = 1) (labels r).
Proof. apply Forall_forall. intros z Hz. apply in_map_iff in Hz. destruct Hz as [x [<- _]]. destruct (label x); simpl; auto. Qed.
Lemma labels_length r : length (labels r) = r.
Proof. unfold labels. now rewrite map_length, seq_length. Qed.
Lemma outputs_length a kappa delta d r phi j : length (outputs a kappa delta d r phi j) = r.
Proof. unfold outputs. now rewrite map_length, seq_length. Qed.

Theorem acceptable_iff cost tol eps a kappa delta d r N j phi :
  0 < delta -> (1 < d)%nat -> N <> [] -> Forall (fun n => (0 < n)%nat) N -> cost_function r tol eps cost -> j <> Zero ->
  acceptable cost eps a kappa delta d r N j phi <->
  NN d N phi /\ cost eps (outputs a kappa delta d r phi j) (labels r).
Proof.
  intros Hde Hd HN HF HC Hj. unfold acceptable. split; intros [A B]; (split; [exact A|]).
  - destruct (witness_exact a kappa delta d r N j Hde Hd HN HF Hj) as [psi [P1 P2]].
    rewrite <- (Rplus_0_l eps). apply (B 0 psi P1). rewrite P2. apply (cost_exact _ _ _ _ HC); [apply labels_length | apply labels_01].
  - intros c psi _ H. apply (cost_larger _ _ _ _ HC eps); auto.
    assert (X := cost_positive _ _ _ _ HC c _ _ (outputs_length a kappa delta d r psi j) (labels_length r) (labels_01 r) H). lra.
Qed.

Lemma near_labels cost tol eps a kappa delta d r N j phi :
  0 < delta -> (1 < d)%nat -> N <> [] -> Forall (fun n => (0 < n)%nat) N -> cost_function r tol eps cost -> j <> Zero ->
  acceptable cost eps a kappa delta d r N j phi ->
  forall k, (k < r)%nat -> Rabs (eval phi (point a kappa delta d j k) - b2r (label k)) <= tol.
Proof.
  intros Hde Hd HN HF HC Hj A k Hk. rewrite (acceptable_iff cost tol eps) in A by auto. destruct A as [_ B].
  apply (cost_near _ _ _ _ HC) in B; [| apply outputs_length | apply labels_length | apply labels_01].
  rewrite Forall_forall in B. apply (B (eval phi (point a kappa delta d j k), b2r (label k))).
  unfold outputs, labels. assert (I : In k (seq 0 r)) by (apply in_seq; lia).
  revert I. generalize (seq 0 r). intros l. induction l as [| x l IH]; simpl; [tauto|]. intros [-> | I]; auto.
Qed.

(** * Disjointness *)
Fixpoint downwards (a kappa : R) (r : nat) : list R := match r with O => [] | S k => x1 a kappa k :: downwards a kappa k end.

Lemma downwards_length a kappa r : length (downwards a kappa r) = r.
Proof. induction r; simpl; auto. Qed.

Lemma downwards_increasing a kappa r : 0 < a -> kappa < 1 -> increasing (downwards a kappa r).
Proof.
  intros Ha Hk. induction r as [| [| k] IH]; simpl; auto. split; [| exact IH]. unfold x1.
  assert (K := pos_INR k). change (match k with 0%nat => 1 | S _ => INR k + 1 end) with (INR (S k)). rewrite S_INR.
  apply Rmult_lt_compat_l; auto. apply Rinv_lt_contravar; [nra | lra].
Qed.

Theorem disjoint cost tol eps a kappa delta d r N :
  0 < a -> kappa < 1 -> 0 < delta -> (1 < d)%nat -> N <> [] -> Forall (fun n => (0 < n)%nat) N ->
  tol < 1 / 2 -> cost_function r tol eps cost -> (P N + 2 <= r)%nat ->
  forall phi, acceptable cost eps a kappa delta d r N One phi -> acceptable cost eps a kappa delta d r N Two phi -> False.
Proof.
  intros Ha Hk Hde Hd HN HF Ht HC Hr phi [M A1] [_ A2].
  assert (Near : forall j, j <> Zero -> acceptable cost eps a kappa delta d r N j phi ->
            forall k, (k < r)%nat -> Rabs (eval phi (point a kappa delta d j k) - b2r (label k)) <= tol).
  { intros j Hj A. apply (near_labels cost tol eps a kappa delta d r N j phi); auto. }
  assert (N1 := Near One ltac:(congruence) (conj M A1)). assert (N2 := Near Two ltac:(congruence) (conj M A2)).
  set (line := (0, 1) :: (0, 0) :: repeat (0, 0) (d - 2)).
  assert (Pl : forall t, on_line line t = place d t 0).
  { intros t. unfold line, on_line, place. simpl. f_equal; [lra | f_equal; [lra|]].
    clear. generalize (d - 2)%nat as n. induction n as [| n IH]; simpl; [reflexivity|]. rewrite IH. f_equal. ring. }
  (* on the line x_2 = 0 phi is within tol of every label *)
  assert (On : forall k, (k < r)%nat -> Rabs (eval phi (on_line line (x1 a kappa k)) - b2r (label k)) <= tol).
  { intros k Hkr. rewrite Pl. specialize (N1 k Hkr). specialize (N2 k Hkr). unfold point, x2 in N1, N2.
    destruct (label k); simpl in *; rewrite Rmult_0_r in *; auto. }
  assert (Alt : forall n, (n <= r)%nat -> alternating (fun t => eval phi (on_line line t) - 1 / 2) (downwards a kappa n)).
  { induction n as [| [| n] IH]; intros Hn; simpl; auto. split; [| apply IH; lia].
    assert (B := On (S n) ltac:(lia)). assert (C := On n ltac:(lia)).
    assert (L : label (S n) = negb (label n)) by (unfold label; rewrite Nat.odd_succ, <- Nat.negb_odd; reflexivity).
    rewrite L in B. unfold Rabs in *. destruct (label n); simpl in *;
      repeat match goal with H : context [Rcase_abs ?e] |- _ => destruct (Rcase_abs e) end; nra. }
  assert (L := lemma5 d N phi line (1 / 2) (downwards a kappa r) M (downwards_increasing a kappa r Ha Hk) (Alt r (le_n r))).
  rewrite downwards_length in L. lia.
Qed.

(** * The result. For all these parameters and every legal choice of cost there are legal oracles such that every
    randomised algorithm, on every probability space of coins, succeeds on the worse of inputs 1 and 2 with probability
    at most (1 + t)/2, t being the probability that it asks for more than e digits of x_2. *)
Theorem training_bound cost tol eps a kappa (d r e : nat) (N : list nat) :
  0 < a -> kappa < 1 -> (2 <= d)%nat -> N <> [] -> Forall (fun n => (0 < n)%nat) N -> (P N + 2 <= r)%nat ->
  tol < 1 / 2 -> cost_function r tol eps cost ->
  let delta := / 2 ^ e in
  let Xi := acceptable cost eps a kappa delta d r N in
  exists O1 O2 : oracle (nat * nat) dyadic,
    legal O1 (entry a kappa delta d One) /\ legal O2 (entry a kappa delta d Two) /\
    forall (S : space) (Gamma : algorithm (nat * nat) dyadic network S),
      let p1 := Pr S (fun w => succeeds O1 (Xi One) (Gamma w)) in
      let p2 := Pr S (fun w => succeeds O2 (Xi Two) (Gamma w)) in
      let t := Pr S (fun w => asks O1 (deep_feature e) (Gamma w)) in
      ev S (fun w => succeeds O1 (Xi One) (Gamma w)) -> ev S (fun w => succeeds O2 (Xi Two) (Gamma w)) ->
      ev S (fun w => asks O1 (deep_feature e) (Gamma w)) ->
      p1 + p2 <= 1 + t /\ Rmin p1 p2 <= (1 + t) / 2.
Proof.
  intros Ha Hk Hd HN HF Hr Ht HC delta Xi.
  assert (Hde : 0 < delta) by (apply Rinv_0_lt_compat, pow_lt; lra).
  exists (blind a kappa d e One), (blind a kappa d e Two).
  split; [apply blind_legal|]. split; [apply blind_legal|].
  intros S Gamma p1 p2 t M1 M2 M3.
  set (inp := fun j : nat => match j with 0%nat => One | _ => Two end).
  assert (H : p1 + p2 <= 1 + t).
  { assert (T := theorem1_sum 2 (fun j => blind a kappa d e (inp j)) (fun j => Xi (inp j)) (deep_feature e) ltac:(lia)
      (fun i j _ _ => blind_coupled a kappa d e (inp i) (inp j))).
    simpl in T. unfold p1, p2, t. specialize (T ltac:(intros [| i] [| j] y L; simpl; try lia;
      intros; eapply (disjoint cost tol eps a kappa delta d r N); eauto; lia)).
    specialize (T S Gamma ltac:(intros [| j] _; simpl; auto) M3). lra. }
  split; auto. unfold Rmin. destruct (Rle_dec p1 p2); lra.
Qed.
