(** What a certificate holds, and what its facts mean: plain data (integers and lists), and propositions about them.
    A referee reads this file and Statement.v, not the checker. *)
From Coq Require Import Reals List ZArith Binomial.
From OneHalf Require Import Statement.
Import ListNotations.
Open Scope R_scope.

(** * The data *)

(** Numbers n/d. *)
Definition rational := (Z * Z)%type.
Definition Q2R (q : rational) : R := IZR (fst q) / IZR (snd q).

(** A layer: one denominator, and each neuron's weights and bias over it. *)
Definition neurons := (Z * list (list Z * Z))%type.
Definition net := (list neurons * (Z * (list Z * Z)))%type.
Definition real_neuron (E : Z) (n : list Z * Z) : neuron := (map (fun w => Q2R (w, E)) (fst n), Q2R (snd n, E)).
Definition real (phi : net) : network :=
  (map (fun l => map (real_neuron (fst l)) (snd l)) (fst phi), real_neuron (fst (snd phi)) (snd (snd phi))).
Inductive output := Net (phi : net) | Point (x : list rational).
(** Outputs as they are in mathematics: a network, or a point. *)
Inductive answer := Network (phi : network) | Vector (x : list R).
Definition meant (o : output) : answer := match o with Net phi => Network (real phi) | Point x => Vector (map Q2R x) end.

Inductive family :=
| Training (a kappa tol : rational) (dim : nat) (hidden : list nat) (points : nat) (cost : cost_name)
| Linear_program (y : rational) (digits : nat)
| Simplex (answers : nat) (tol : rational).

(** A question: row, column, bits. An answer m/2^s, on each of the inputs. *)
Definition question := (nat * nat * nat)%type.

(** What it asked (a group of questions, if that is on record), its output, how it ended (0: it halted), and for each
    input that it served whether it is said to be right. *)
Record run := { asked : option nat; made : option nat; status : nat; right : list bool }.
(** One run that served all inputs, or a run on each. *)
Inductive trial := Shared (r : run) | Apart (rs : list run).

(** What a run asked: the places in [answers] of what was answered, and (row, column, bits) of what lay past the budget and
    was refused. *)
Record group := { places : list nat; refused : list (nat * nat * Z) }.

Record certificate := {
  problem : family; exponent : nat; limit : bool; shows : policy;
  depth : nat; budget : Z;
  answers : list (question * list dyadic);
  questions : list group;
  outputs : list output;
  trials : list trial;
  successes : list nat; statuses : list (list nat); spent : nat;
  alpha : rational; margin : rational;          (* 1 - confidence *)
  limits : list (Z * Z); limits_spent : Z * Z;  (* in millionths *)
  target : nat; conclusive : bool;
  second : bool;                                (* the form of release 0.2: meeting a budget may leave open what comes after it *)
  waits : list bool; opens : list nat; unseen : nat;
}.

(** * The meaning *)

(** Inputs are numbered from 0: the exclusive ones, then the limit where it is a member. *)
Definition exclusive_inputs (c : certificate) : nat := match problem c with Simplex k _ => k | _ => 2 end.
Definition inputs (c : certificate) : nat := exclusive_inputs c + if limit c then 1 else 0.
Definition training_input (j : nat) : input := match j with 0%nat => One | 1%nat => Two | _ => Zero end.

Section Meaning.
  Variable c : certificate.
  Let delta := / 2 ^ exponent c.

  (** The value of an entry of input j, and what is acceptable there. *)
  Definition iota (j : nat) : nat * nat -> R :=
    match problem c with
    | Training a kappa _ dim _ _ _ => entry (Q2R a) (Q2R kappa) delta dim (training_input j)
    | Linear_program _ _ => lp_entry delta j
    | Simplex k _ => simplex_entry (if Nat.ltb j k then delta else 0) j
    end.
  Definition Xi (j : nat) (o : answer) : Prop :=
    match problem c, o with
    | Training a kappa tol dim hidden points cost, Network phi =>
        acceptable (cost_of cost) (threshold cost points (Q2R tol)) (Q2R a) (Q2R kappa) delta dim points hidden (training_input j) phi
    | Linear_program y K, Vector x => near (/ 10 ^ K) x (lp_solution delta (Q2R y) j)
    | Simplex k tol, Vector x => if Nat.ltb j k then near (Q2R tol) x (vertex k j) else length x = k
    | _, _ => False
    end.
  (** What the policy answers on input j. *)
  Definition oracle_of (j : nat) : oracle (nat * nat) dyadic :=
    match problem c with
    | Training a kappa _ dim _ _ _ => policy_answers (Q2R a) (Q2R kappa) dim (exponent c) (shows c) (training_input j)
    | Linear_program _ _ => program_answers true (shows c) (exponent c) j
    | Simplex k _ => program_answers false (shows c) (exponent c) j
    end.
  (** The depth to which the policy couples the inputs. *)
  Definition coupling : nat :=
    match problem c with
    | Training _ _ _ _ _ _ _ => couples (shows c) (exponent c)
    | Linear_program _ _ => program_couples true (shows c) (exponent c)
    | Simplex _ _ => program_couples false (shows c) (exponent c)
    end.
  Definition rows : nat := match problem c with Training _ _ _ _ _ r _ => r | _ => 1 end.
  Definition columns : nat := match problem c with Training _ _ _ d _ _ _ => d | Linear_program _ _ => 2 | Simplex k _ => k end.

  (** What came of a trial on input j. *)
  Definition served (j : nat) (t : trial) : option run := match t with Shared r => Some r | Apart rs => nth_error rs j end.
  Definition right_on (j : nat) (t : trial) : bool :=
    match t with
    | Shared r => nth j (right r) false
    | Apart rs => match nth_error rs j with Some r => nth 0 (right r) false | None => false end
    end.
  Definition made_on (j : nat) (t : trial) : option nat := match served j t with Some r => made r | None => None end.
  Definition ended (j s : nat) (t : trial) : bool := match served j t with Some r => Nat.eqb (status r) s | None => false end.
  Definition apart (t : trial) : bool := match t with Apart _ => true | _ => false end.
  (** The event that the proof of the theorem must except: Theorem 1, no limit: not shared. Theorem 2, training: right on the
      limit, and not shared or right on another input too. Theorem 3, simplex: halted on the limit and not shared. *)
  Definition excepted (t : trial) : bool :=
    let k := exclusive_inputs c in
    if limit c then
      match problem c with
      | Simplex _ _ => andb (ended k 0 t) (apart t)
      | _ => andb (right_on k t) (orb (apart t) (existsb (fun j => right_on j t) (seq 0 k)))
      end
    else apart t.

  (** Met its budget on input j, and may be right there beyond it: where that counts (waits), and on the limit also if it met it
      on another input. In the same way a trial may be excepted unseen: it met its budget, or what it asked is not on record. *)
  Definition open_on (j : nat) (t : trial) : bool :=
    andb (second c) (andb (ended j 1 t) (orb (nth j (waits c) false) (existsb (fun i => ended i 1 t) (seq 0 (exclusive_inputs c))))).
  Definition unlogged (t : trial) : bool := match t with Shared r => match asked r with None => true | _ => false end | _ => false end.
  Definition may_except (t : trial) : bool :=
    if limit c then andb (negb (excepted t)) (open_on (exclusive_inputs c) t)
    else andb (second c) (andb (negb (apart t)) (orb (unlogged t) (ended 0 1 t))).

  Definition million : R := 1000000.
  (** The end h (in millionths) is outside of the confidence sequence, its inner neighbour is not, and it is above s/n. *)
  Definition upper_limit (s h : nat) (n : nat) :=
    (s = n /\ INR h = million) \/
    (s < n)%nat /\ INR s / INR n < INR h / million <= 1 /\ statistic n s (INR h / million) <= Q2R (alpha c)
    /\ Q2R (alpha c) < statistic n s ((INR h - 1) / million).

  (** What a theorem allows the smallest success probability, u being the probability of the excepted event. *)
  Definition rule (u : R) : R :=
    let k := INR (exclusive_inputs c) in
    if limit c then match problem c with Simplex _ _ => (k + (k - 1) * u) / (2 * k - 1) | _ => (1 + u) / 2 end
    else (1 + (k - 1) * u) / k.

  (** Some question asked is one on which the oracles do not all answer alike. *)
  Definition telling : nat * nat -> nat -> Prop :=
    fun i n => ~ forall j j', (j < inputs c)%nat -> (j' < inputs c)%nat -> oracle_of j i n = oracle_of j' i n.

  (** The bound, for these parameters and every randomised algorithm. *)
  Definition bound_holds : Prop :=
    let k := exclusive_inputs c in
    (forall j, (j < k)%nat -> legal (oracle_of j) (iota j)) /\
    (forall j j' i n, (j < k)%nat -> (j' < k)%nat -> (n <= depth c)%nat -> oracle_of j i n = oracle_of j' i n) /\
    (limit c = false -> forall (S : space) (Gamma : algorithm (nat * nat) dyadic answer S),
      let p j := Pr S (fun w => succeeds (oracle_of j) (Xi j) (Gamma w)) in
      let t := Pr S (fun w => asks (oracle_of 0) telling (Gamma w)) in
      (forall j, (j < k)%nat -> ev S (fun w => succeeds (oracle_of j) (Xi j) (Gamma w))) ->
      ev S (fun w => asks (oracle_of 0) telling (Gamma w)) ->
      Sum p k <= 1 + (INR k - 1) * t /\ exists j, (j < k)%nat /\ p j <= rule t).

  (** * The facts *)
  Record facts : Prop := {
    (* the hypotheses of the bound, and the bound *)
    f_parameters : match problem c with
      | Training a kappa tol dim hidden points cost =>
          1 / 2 <= Q2R a <= 1 /\ 1 / 4 <= Q2R kappa <= 3 / 4 /\ 0 < Q2R tol < 1 / 2 /\ (2 <= dim)%nat /\ hidden <> [] /\
          Forall (fun n => (0 < n)%nat) hidden /\ (P hidden + 2 <= points)%nat /\ (1 <= exponent c)%nat /\ (limit c = true -> cost = Maximum)
      | Linear_program y K => 0 < Q2R y /\ 2 / 10 ^ K < Q2R y /\ (2 <= exponent c)%nat /\ limit c = false
      | Simplex k tol => (2 <= k)%nat /\ 0 < Q2R tol < 1 / 2 /\ (2 <= exponent c)%nat
      end;
    f_exclusive : exclusive (exclusive_inputs c) Xi;
    f_bound : bound_holds;
    f_depth : depth c = coupling;
    (* one answer to each question; every answer legal on every input, and at precisions up to the coupling depth the same *)
    f_function : NoDup (map fst (answers c));
    f_answers : forall k col n l, In ((k, col, n), l) (answers c) ->
      length l = inputs c /\ (k < rows)%nat /\ (col < columns)%nat /\ (Z.of_nat n <= budget c)%Z /\
      forall j q, nth_error l j = Some q -> Rabs (D2R q - iota j (k, col)) <= / 2 ^ n /\
        ((n <= depth c)%nat -> forall q', In q' l -> D2R q = D2R q');
    f_questions : forall G i, In G (questions c) -> In i (places G) -> (i < length (answers c))%nat;
    (* what was refused lies past the budget, and ends a run (1: it did not halt within its budget) *)
    f_refused : forall G k col n, In G (questions c) -> In (k, col, n) (refused G) -> (k < rows)%nat /\ (col < columns)%nat /\ (budget c < n)%Z;
    f_ended : forall t j r g G, In t (trials c) -> served j t = Some r -> asked r = Some g -> nth_error (questions c) g = Some G ->
      refused G <> [] -> status r = 1%nat;
    (* a run said to serve all inputs asked only what was answered alike, and was refused nothing deeper than the coupling about an
       entry that differs; each run apart asked deeper than the coupling *)
    f_shared : forall r g, In (Shared r) (trials c) -> asked r = Some g -> exists G, nth_error (questions c) g = Some G /\
      (forall i, In i (places G) -> exists q l, nth_error (answers c) i = Some (q, l) /\ forall x y, In x l -> In y l -> D2R x = D2R y) /\
      forall e n, In (e, n) (refused G) -> (n <= Z.of_nat (depth c))%Z \/ forall j j', (j < inputs c)%nat -> (j' < inputs c)%nat -> iota j e = iota j' e;
    f_apart : forall rs r, In (Apart rs) (trials c) -> In r rs -> (made r <> None -> asked r <> None) /\
      forall g, asked r = Some g -> exists G, nth_error (questions c) g = Some G /\
        ((exists i q l, In i (places G) /\ nth_error (answers c) i = Some (q, l) /\ (depth c < snd q)%nat) \/
         exists e n, In (e, n) (refused G) /\ (Z.of_nat (depth c) < n)%Z);
    f_complete : forall rs, In (Apart rs) (trials c) -> length rs = inputs c;
    (* every verdict is right, by the definition of an approximate minimiser; what halted has an output, and nothing else *)
    f_verdicts : forall t j, In t (trials c) -> (j < inputs c)%nat ->
      (right_on j t = true <-> exists i o, made_on j t = Some i /\ nth_error (outputs c) i = Some o /\ Xi j (meant o));
    f_statuses : forall t j r, In t (trials c) -> served j t = Some r -> (made r <> None <-> status r = 0%nat);
    (* the counts *)
    f_counts : forall j, (j < inputs c)%nat -> nth_error (successes c) j = Some (count (right_on j) (trials c)) /\
      nth_error (statuses c) j = Some (map (fun s => count (ended j s) (trials c)) (seq 0 5));
    f_spent : count excepted (trials c) = spent c;
    f_waits : forall j, second c = true -> (j < exclusive_inputs c)%nat -> nth j (waits c) false = true;
    f_open : forall j, (j < inputs c)%nat -> nth_error (opens c) j = Some (count (open_on j) (trials c));
    f_unseen : count may_except (trials c) = unseen c;
    (* the theorem, in counts, with certainty: Theorem 1, 2 or 3 *)
    f_exclusion : let k := exclusive_inputs c in let n := length (trials c) in let S j := count (right_on j) (trials c) in
      if limit c then
        match problem c with
        | Simplex _ _ => (nsum S k + (k - 1) * S k <= k * n + (k - 1) * spent c)%nat
        | _ => forall j, (j < k)%nat -> (S k + S j <= n + spent c)%nat
        end
      else (nsum S k <= n + (k - 1) * spent c)%nat;
    (* the ends of the confidence sequences: the lower one of what was seen, the upper one of that and of what is open *)
    f_limits : forall s o l, In (s, o, l) ((spent c, unseen c, limits_spent c) :: combine (combine (successes c) (opens c)) (limits c)) ->
      (s + o <= length (trials c))%nat /\ upper_limit (s + o) (Z.to_nat (snd l)) (length (trials c)) /\
      upper_limit (length (trials c) - s) (Z.to_nat (1000000 - fst l)) (length (trials c));
    (* what it concludes: on the target the upper end is at most the margin above the bound *)
    f_conclusion : conclusive c = true -> exists low high, nth_error (limits c) (target c) = Some (low, high) /\
      IZR high / million <= rule (if second c then 0 else IZR (fst (limits_spent c)) / million) + Q2R (margin c);
  }.
End Meaning.
