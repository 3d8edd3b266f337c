(** What a certificate of the training problem holds, and what its facts mean. Plain data: integers and lists.
    A referee reads this file and Training.v; not the checker. *)
From Coq Require Import Reals List ZArith Binomial.
From OneHalf Require Import Statement Algorithm Probability Network Errors Training.
Import ListNotations.
Open Scope R_scope.

(** Numbers n/d. *)
Definition rational := (Z * Z)%type.
Definition Q2R (q : rational) : R := IZR (fst q) / IZR (snd q).

(** A layer: one denominator, and each neuron's weights and bias over it. *)
Definition neurons := (Z * list (list Z * Z))%type.
Definition net := (list neurons * (Z * (list Z * Z)))%type.
Definition real_neuron (E : Z) (n : list Z * Z) : neuron := (map (fun w => Q2R (w, E)) (fst n), Q2R (snd n, E)).
Definition real (phi : net) : network :=
  (map (fun l => map (real_neuron (fst l)) (snd l)) (fst phi), real_neuron (fst (snd phi)) (snd (snd phi))).

(** A question: row, column, bits. An answer m/2^s, on input 1 and on input 2. *)
Definition question := (nat * nat * nat)%type.
Definition answer := (Z * nat)%type.

Record run := { asked : option nat; output : option nat; right1 : bool; right2 : bool }.
(** One run that served both inputs, or a run on each. *)
Inductive trial := Shared (r : run) | Apart (r1 r2 : run).

Record certificate := {
  a : rational; kappa : rational; tol : rational; dim : nat; hidden : list nat; points : nat; exponent : nat;
  depth : nat;
  answers : list (question * (answer * answer));
  questions : list (list question);
  outputs : list net;
  trials : list trial;
  successes1 : nat; successes2 : nat; spent : nat;
  alpha : rational;             (* 1 - confidence *)
  limits1 : Z * Z; limits2 : Z * Z; limits_spent : Z * Z;  (* in millionths *)
}.

Definition right (j : input) (t : trial) : bool :=
  match t, j with
  | Shared r, One => right1 r | Shared r, Two => right2 r
  | Apart r _, One => right1 r | Apart _ r, Two => right2 r
  | _, Zero => false
  end.
Definition made (j : input) (t : trial) : option nat :=
  match t, j with Shared r, _ => output r | Apart r _, One => output r | Apart _ r, _ => output r end.
Definition apart (t : trial) : bool := match t with Apart _ _ => true | _ => false end.

(** (n + 1) * P(Bin(n, p) = s), the statistic of the confidence sequence {p : it is > alpha}. *)
Definition statistic (n s : nat) (p : R) : R := INR (n + 1) * C n s * p ^ s * (1 - p) ^ (n - s).
Definition million : R := 1000000.

Section Facts.
  Variable c : certificate.
  Let delta := / 2 ^ exponent c.
  Let Xi := acceptable maximum_error (Q2R (tol c)) (Q2R (a c)) (Q2R (kappa c)) delta (dim c) (points c) (hidden c).
  Let iota := entry (Q2R (a c)) (Q2R (kappa c)) delta (dim c).

  (** The end (in millionths) is outside of the confidence sequence, its inner neighbour is not, and it is on the right side. *)
  Definition upper_limit (s h : nat) (n : nat) := 
    (s = n /\ INR h = million) \/
    (s < n)%nat /\ INR s / INR n < INR h / million <= 1 /\ statistic n s (INR h / million) <= Q2R (alpha c)
    /\ Q2R (alpha c) < statistic n s ((INR h - 1) / million).

  Record facts : Prop := {
    (* the hypotheses of the bound *)
    f_parameters : 1 / 2 <= Q2R (a c) <= 1 /\ 1 / 4 <= Q2R (kappa c) <= 3 / 4 /\ 0 < Q2R (tol c) < 1 / 2 /\
      (2 <= dim c)%nat /\ hidden c <> [] /\ Forall (fun n => (0 < n)%nat) (hidden c) /\ (P (hidden c) + 2 <= points c)%nat;
    (* every answer was legal on both inputs, and the same on both at precisions up to the coupling depth *)
    f_answers : forall k col n q1 q2, In ((k, col, n), (q1, q2)) (answers c) ->
      Rabs (D2R q1 - iota One (k, col)) <= / 2 ^ n /\ Rabs (D2R q2 - iota Two (k, col)) <= / 2 ^ n /\
      ((n <= depth c)%nat -> D2R q1 = D2R q2);
    (* a run said to serve both inputs asked only what was answered alike *)
    f_shared : forall r g, In (Shared r) (trials c) -> asked r = Some g -> forall q, In q (nth g (questions c) []) ->
      exists q1 q2, In (q, (q1, q2)) (answers c) /\ D2R q1 = D2R q2;
    (* every verdict is right, by the definition of an approximate minimiser *)
    f_verdicts : forall t j, In t (trials c) -> j <> Zero ->
      (right j t = true <-> exists i phi, made j t = Some i /\ nth_error (outputs c) i = Some phi /\ Xi j (real phi));
    (* the counts *)
    f_counts : count (right One) (trials c) = successes1 c /\ count (right Two) (trials c) = successes2 c /\
      count apart (trials c) = spent c;
    (* no shared run is right on both inputs; so in counts *)
    f_exclusion : (successes1 c + successes2 c <= length (trials c) + spent c)%nat;
    f_limits : forall s l, In (s, l) [(successes1 c, limits1 c); (successes2 c, limits2 c); (spent c, limits_spent c)] ->
      upper_limit s (Z.to_nat (snd l)) (length (trials c)) /\
      upper_limit (length (trials c) - s) (Z.to_nat (1000000 - fst l)) (length (trials c));
    (* the bound *)
    f_bound : exists O1 O2 : oracle (nat * nat) dyadic, legal O1 (iota One) /\ legal O2 (iota Two) /\
      forall (S : space) (Gamma : algorithm (nat * nat) dyadic network S),
        ev S (fun w => succeeds O1 (Xi One) (Gamma w)) -> ev S (fun w => succeeds O2 (Xi Two) (Gamma w)) ->
        ev S (fun w => asks O1 (deep_feature (exponent c)) (Gamma w)) ->
        Rmin (Pr S (fun w => succeeds O1 (Xi One) (Gamma w))) (Pr S (fun w => succeeds O2 (Xi Two) (Gamma w)))
          <= (1 + Pr S (fun w => asks O1 (deep_feature (exponent c)) (Gamma w))) / 2;
  }.
End Facts.
