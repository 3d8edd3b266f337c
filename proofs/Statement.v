(** What a reader must believe: the definitions, and after them, as propositions, the final statements.
    Every other file only proves them ([Proved.v] has one theorem for each) and may be left unread.
    The names are those of docs/theory.md. *)
From Coq Require Import Reals List ZArith Binomial.
Import ListNotations.
Open Scope R_scope.

(** * 1. The model of computation *)

Section Model.
  (** I: names of the entries of an input; A: answers; Y: outputs. *)
  Context {I A Y : Type}.

  (** An oracle answers (i, n), "entry i to precision 2^-n", always in the same way. *)
  Definition oracle := I -> nat -> A.

  (** What an algorithm does once its coins are tossed: any strategy at all, halting or not, computable or not.
      It outputs, asks and goes on from the answer, or thinks. *)
  CoInductive strategy :=
  | Out (y : Y)
  | Ask (i : I) (n : nat) (next : A -> strategy)
  | Think (s : strategy).

  (** A randomised algorithm is a strategy for each outcome of the coins. *)
  Definition algorithm (Omega : Type) := Omega -> strategy.

  Inductive halts (O : oracle) : strategy -> Y -> Prop :=
  | H_out y : halts O (Out y) y
  | H_ask i n next y : halts O (next (O i n)) y -> halts O (Ask i n next) y
  | H_think s y : halts O s y -> halts O (Think s) y.

  (** The run on O asks, at some time, a question of a kind. *)
  Inductive asks (O : oracle) (kind : I -> nat -> Prop) : strategy -> Prop :=
  | A_here i n next : kind i n -> asks O kind (Ask i n next)
  | A_later i n next : asks O kind (next (O i n)) -> asks O kind (Ask i n next)
  | A_think s : asks O kind s -> asks O kind (Think s).

  (** Success: it halts, and its output is acceptable. *)
  Definition succeeds (O : oracle) (Xi : Y -> Prop) (s : strategy) := exists y, halts O s y /\ Xi y.

  (** Two oracles answer alike every question that is not of a kind. *)
  Definition alike_off (kind : I -> nat -> Prop) (O O' : oracle) := forall i n, kind i n \/ O i n = O' i n.

  (** Questions of a precision above n; "the depth exceeds n" is: one of these is asked. *)
  Definition deeper (n : nat) : I -> nat -> Prop := fun _ p => (n < p)%nat.
  Definition coupled_to_depth (n k : nat) (O : nat -> oracle) :=
    forall i j e p, (i < k)%nat -> (j < k)%nat -> (p <= n)%nat -> O i e p = O j e p.

  (** Oracles O 0, O 1, ... that follow one oracle to depths that tend to infinity (Remark 2b). *)
  Definition follows (O0 : oracle) (O : nat -> oracle) :=
    forall n, exists M, forall m, (M <= m)%nat -> forall i p, (p <= n)%nat -> O0 i p = O m i p.

  (** k acceptable sets, no output in two of them. *)
  Definition exclusive (k : nat) (Xi : nat -> Y -> Prop) := forall i j y, (i < j < k)%nat -> Xi i y -> Xi j y -> False.
End Model.
Arguments strategy : clear implicits.
Arguments oracle : clear implicits.
Arguments algorithm : clear implicits.

(** Coins: what is needed of a probability space. [ev A] says that A is an event (measurable). *)
Record space := {
  Om :> Type;
  ev : (Om -> Prop) -> Prop;
  Pr : (Om -> Prop) -> R;
  ev_ext : forall A B, (forall w, A w <-> B w) -> ev A -> ev B;
  Pr_ext : forall A B, (forall w, A w <-> B w) -> Pr A = Pr B;
  ev_all : ev (fun _ => True);
  ev_not : forall A, ev A -> ev (fun w => ~ A w);
  ev_and : forall A B, ev A -> ev B -> ev (fun w => A w /\ B w);
  ev_or : forall A B, ev A -> ev B -> ev (fun w => A w \/ B w);
  Pr_pos : forall A, ev A -> 0 <= Pr A;
  Pr_all : Pr (fun _ => True) = 1;
  Pr_split : forall A B, ev A -> ev B -> Pr A = Pr (fun w => A w /\ B w) + Pr (fun w => A w /\ ~ B w);
}.

(** Countable additivity, as continuity from below: every probability space of mathematics has it. *)
Record sigma (S : space) : Prop := {
  ev_union : forall A : nat -> S -> Prop, (forall n, ev S (A n)) -> ev S (fun w => exists n, A n w);
  Pr_union : forall A : nat -> S -> Prop, (forall n, ev S (A n)) ->
    (forall n w, A n w -> A (n + 1)%nat w) -> Un_cv (fun n => Pr S (A n)) (Pr S (fun w => exists n, A n w));
}.

Fixpoint Sum (f : nat -> R) (k : nat) : R := match k with O => 0 | S k => Sum f k + f k end.
Fixpoint nsum (f : nat -> nat) (k : nat) : nat := match k with O => 0%nat | S k => (nsum f k + f k)%nat end.
Definition count {T} (p : T -> bool) (l : list T) : nat := length (filter p l).

(** Answers are dyadic rationals m/2^s; an oracle is legal for an input when each is within 2^-n. *)
Definition dyadic := (Z * nat)%type.
Definition D2R (q : dyadic) : R := IZR (fst q) / 2 ^ snd q.
Definition legal {I} (O : oracle I dyadic) (iota : I -> R) := forall i n, Rabs (D2R (O i n) - iota i) <= / 2 ^ n.

(** * 2. ReLU networks on a line *)

Definition relu (x : R) := Rmax x 0.

(** A neuron is its weights and its bias; a network its hidden layers, then the one output neuron. *)
Definition neuron := (list R * R)%type.
Definition network := (list (list neuron) * neuron)%type.
Definition affine (n : neuron) (x : list R) : R :=
  fold_right (fun wv s => fst wv * snd wv + s) (snd n) (combine (fst n) x).
Definition layer (l : list neuron) (x : list R) : list R := map (fun n => relu (affine n x)) l.
Definition eval (phi : network) (x : list R) : R := affine (snd phi) (fold_left (fun x l => layer l x) (fst phi) x).

(** The architecture d - N_1 - ... - N_(L-1) - 1, N the list of hidden widths: as many hidden layers, none wider.
    (Theorem [padding]: each of these networks is, as a function, one of exactly these widths.) *)
Fixpoint fits_hidden (d : nat) (N : list nat) (hidden : list (list neuron)) (out : neuron) : Prop :=
  match N, hidden with
  | [], [] => length (fst out) = d
  | n :: N', l :: hidden' =>
      (length l <= n)%nat /\ Forall (fun u => length (fst u) = d) l /\ fits_hidden (length l) N' hidden' out
  | _, _ => False
  end.
Definition NN (d : nat) (N : list nat) (phi : network) := fits_hidden d N (fst phi) (snd phi).
Definition P (N : list nat) : nat := fold_right (fun n p => ((n + 1) * p)%nat) 1%nat N.

(** The line through p with direction v: a list of pairs (p_i, v_i). *)
Definition on_line (line : list (R * R)) (t : R) : list R := map (fun pv => fst pv + t * snd pv) line.

(** f is affine on every interval, ends included, that has no point of B inside: at most length B + 1 pieces. *)
Definition affine_on (x y : R) (f : R -> R) := exists p q, forall t, x <= t <= y -> f t = p + q * t.
Definition free (B : list R) (x y : R) := forall b, In b B -> b <= x \/ y <= b.
Definition pieces (B : list R) (f : R -> R) := forall x y, x < y -> free B x y -> affine_on x y f.

Fixpoint increasing (l : list R) : Prop :=
  match l with t :: ((u :: _) as l') => t < u /\ increasing l' | _ => True end.
Fixpoint alternating (f : R -> R) (l : list R) : Prop :=
  match l with t :: ((u :: _) as l') => f t * f u < 0 /\ alternating f l' | _ => True end.

Definition b2r (b : bool) : R := if b then 1 else 0.
Definition differ (a b : bool) : nat := if Bool.eqb a b then 0 else 1.
Fixpoint changes (l : list bool) : nat :=
  match l with a :: ((b :: _) as l') => (differ a b + changes l')%nat | _ => 0%nat end.

(** Monotone: increasing or decreasing, not necessarily strictly. *)
Definition monotone (g : R -> R) := (forall x y, x <= y -> g x <= g y) \/ (forall x y, x <= y -> g y <= g x).
(** A labelled point is wrong if |g(phi(x)) - label| >= 1/2. *)
Definition wrong (g : R -> R) (y : R) (label : bool) : bool :=
  if Rle_dec (1 / 2) (Rabs (g y - b2r label)) then true else false.

(** * 3. The training problem *)

(** Row k = 0, ..., r - 1 is the point called k + 1 in docs/theory.md. *)
Definition label (k : nat) : bool := Nat.odd k.
Definition labels (r : nat) : list R := map (fun k => b2r (label k)) (seq 0 r).
Inductive input := One | Two | Zero.

(** x = (x_1, x_2, 0, ..., 0) in R^d, d >= 2. *)
Definition place (d : nat) (x1 x2 : R) : list R := x1 :: x2 :: repeat 0 (d - 2).

Section Family.
  Context (a kappa delta : R) (d r : nat).
  Definition x1 (k : nat) : R := a / (INR k + 2 - kappa).
  Definition x2 (j : input) (k : nat) : R :=
    match j with One => delta * b2r (label k) | Two => delta * b2r (negb (label k)) | Zero => 0 end.
  Definition point (j : input) (k : nat) : list R := place d (x1 k) (x2 j k).
  (** The entry (row k, column c) of an input. *)
  Definition entry (j : input) (kc : nat * nat) : R := nth (snd kc) (point j (fst kc)) 0.
  Definition outputs (phi : network) (j : input) : list R := map (fun k => eval phi (point j k)) (seq 0 r).
End Family.

(** The classification function f_a(x) = ceil(a/x_1) mod 2. *)
Definition ceil (x : R) : Z := (1 - up (- x))%Z.
Definition f_a (a x : R) : bool := Z.odd (ceil (a / x)).

(** Costs. [cost c v w] says R(v, w) <= c; so R may be infinite. *)
Definition errors (v w : list R) : list R := map (fun vw => Rabs (fst vw - snd vw)) (combine v w).
Definition total (l : list R) : R := fold_right Rplus 0 l.
Definition product (l : list R) : R := fold_right Rmult 1 l.
Definition maximum_error (c : R) (v w : list R) := Forall (fun e => e <= c) (errors v w).
Definition mean_absolute (c : R) (v w : list R) := total (errors v w) / INR (length w) <= c.
Definition mean_squared (c : R) (v w : list R) := total (map (fun e => e * e) (errors v w)) / INR (length w) <= c.
(** -(1/r) sum log psi_k <= c, infinite outside [0, 1]; psi_k = 1 - |v_k - w_k| there. In the product form, in which
    no logarithm of 0 occurs ([cross_entropy_log] has the other). *)
Definition cross_entropy (c : R) (v w : list R) :=
  Forall (fun z => 0 <= z <= 1) v /\ exp (- (INR (length w) * c)) <= product (map (fun e => 1 - e) (errors v w)).

Inductive cost_name := Maximum | MeanAbsolute | MeanSquared | CrossEntropy.
Definition cost_of (name : cost_name) : R -> list R -> list R -> Prop :=
  match name with
  | Maximum => maximum_error | MeanAbsolute => mean_absolute | MeanSquared => mean_squared | CrossEntropy => cross_entropy
  end.
(** The epsilon for which R <= epsilon forces every error to be at most tol. *)
Definition threshold (name : cost_name) (r : nat) (tol : R) : R :=
  match name with
  | Maximum => tol | MeanAbsolute => tol / INR r | MeanSquared => tol * tol / INR r | CrossEntropy => - ln (1 - tol) / INR r
  end.

(** What is needed of a cost; any cost that has it may take the place of these four. *)
Record cost_function (r : nat) (tol eps : R) (cost : R -> list R -> list R -> Prop) : Prop := {
  cost_exact : forall w, length w = r -> Forall (fun z => z = 0 \/ z = 1) w -> cost 0 w w;
  cost_positive : forall c v w, length v = r -> length w = r -> Forall (fun z => z = 0 \/ z = 1) w -> cost c v w -> 0 <= c;
  cost_larger : forall c c' v w, c <= c' -> cost c v w -> cost c' v w;
  cost_near : forall v w, length v = r -> length w = r -> Forall (fun z => z = 0 \/ z = 1) w -> cost eps v w ->
    Forall (fun vw => Rabs (fst vw - snd vw) <= tol) (combine v w);
}.

(** Xi: the approximate minimisers over NN_N, {phi : R(phi) <= inf R + eps}. *)
Definition acceptable (cost : R -> list R -> list R -> Prop) eps a kappa delta d r N (j : input) (phi : network) : Prop :=
  NN d N phi /\ forall c psi, NN d N psi -> cost c (outputs a kappa delta d r psi j) (labels r) ->
                              cost (c + eps) (outputs a kappa delta d r phi j) (labels r).

(** A question that the oracles may answer differently: one to x_2, deeper than e. *)
Definition deep_feature (e : nat) : nat * nat -> nat -> Prop := fun kc n => snd kc = 1%nat /\ (e < n)%nat.

(** * 4. The linear programs *)

(** Section 6: min x1 + x2, x1 + c*x2 = y, x >= 0, with c = 1 + delta on input 1 and 1 - delta on input 2. *)
Definition lp_feasible (c y : R) (x : R * R) := 0 <= fst x /\ 0 <= snd x /\ fst x + c * snd x = y.
Definition lp_minimiser (c y : R) (x : R * R) := lp_feasible c y x /\ forall z, lp_feasible c y z -> fst x + snd x <= fst z + snd z.
(** x* is the only minimiser, and within 10^-K of it are the lp_acceptable answers. *)
Definition lp_acceptable (K : nat) (xs x : R * R) := Rabs (fst x - fst xs) <= / 10 ^ K /\ Rabs (snd x - snd xs) <= / 10 ^ K.


(** Maximum norm: every coordinate is within r. *)
Definition near (r : R) (x y : list R) := Forall2 (fun u v => Rabs (u - v) <= r) x y.

(** The simplex family: min c.x over x >= 0, sum x = 1, one of the k costs being 1 - delta, the others 1. *)
Definition dot (c x : list R) : R := fold_right (fun cx s => fst cx * snd cx + s) 0 (combine c x).
Definition simplex_costs (k : nat) (delta : R) (j : nat) : list R := map (fun i => if Nat.eqb i j then 1 - delta else 1) (seq 0 k).
Definition in_simplex (k : nat) (x : list R) := length x = k /\ Forall (fun u => 0 <= u) x /\ total x = 1.
Definition simplex_minimiser (k : nat) (delta : R) (j : nat) (x : list R) :=
  in_simplex k x /\ forall z, in_simplex k z -> dot (simplex_costs k delta j) x <= dot (simplex_costs k delta j) z.
Definition vertex (k j : nat) : list R := map (fun i => if Nat.eqb i j then 1 else 0) (seq 0 k).

(** What is read inexactly: (row 0, column c). With delta = 0 these are the limits. *)
Definition simplex_entry (delta : R) (j : nat) (rc : nat * nat) : R := if Nat.eqb (snd rc) j then 1 - delta else 1.
Definition lp_entry (delta : R) (j : nat) (rc : nat * nat) : R :=
  if Nat.eqb (snd rc) 1 then (if Nat.eqb j 0 then 1 + delta else 1 - delta) else 1.
(** Acceptable: within 10^-K, or the tolerance, of the one minimiser. *)
Definition lp_solution (delta y : R) (j : nat) : list R := if Nat.eqb j 0 then [0; y / (1 + delta)] else [y; 0].

(** * 5. Legal answers *)

(** Honest: the nearest multiple of 2^-n, ties to the even one. *)
Definition nearest (x : R) (n : nat) : dyadic :=
  let z := x * 2 ^ n in
  let m := (up (z + 1 / 2) - 1)%Z in
  ((if Req_EM_T (IZR m) (z + 1 / 2) then if Z.even m then m else (m - 1)%Z else m), n).

(** A policy: what is shown up to a depth D for the entries in which the inputs differ; honest answers else. *)
Definition policy_oracle {I} (sensitive : I -> bool) (D : nat) (shown : I -> nat -> dyadic) (iota : I -> R) : oracle I dyadic :=
  fun i n => if (sensitive i && Nat.leb n D)%bool then shown i n else nearest (iota i) n.

(** The policies of the training problem, delta = 2^-e. *)
Inductive policy := Honest | Blind | Decoy | Mirage | Midpoint.

Definition shown (p : policy) (e : nat) (kc : nat * nat) (n : nat) : dyadic :=
  match p with
  | Blind | Honest => (0%Z, 0%nat)
  | Decoy => if label (fst kc) then (1%Z, e) else (0%Z, 0%nat)
  | Mirage => if label (fst kc) then (1%Z, n) else (0%Z, 0%nat)
  | Midpoint => (1%Z, (e + 1)%nat)
  end.
(** The depth to which a policy couples the three inputs. *)
Definition couples (p : policy) (e : nat) : nat := match p with Honest => e - 1 | Midpoint => e + 1 | _ => e end.
Definition feature (kc : nat * nat) : bool := Nat.eqb (snd kc) 1.

Definition policy_answers (a kappa : R) (d e : nat) (p : policy) (j : input) : oracle (nat * nat) dyadic :=
  match p with
  | Honest => fun i n => nearest (entry a kappa (/ 2 ^ e) d j i) n
  | _ => policy_oracle feature (couples p e) (shown p e) (entry a kappa (/ 2 ^ e) d j)
  end.

(** Those of the linear programs (lp) and of the simplex. *)
Definition program_couples (lp : bool) (p : policy) (e : nat) : nat :=
  match p with Honest => e - 1 | Decoy => if lp then e - 1 else e | _ => e end.
Definition program_shown (lp : bool) (p : policy) (e : nat) (rc : nat * nat) : dyadic :=
  match p with
  | Decoy => if Nat.eqb (snd rc) (if lp then 1 else 0) then ((if lp then 2 ^ Z.of_nat e + 1 else 2 ^ Z.of_nat e - 1)%Z, e) else (1%Z, 0%nat)
  | _ => (1%Z, 0%nat)
  end.
Definition program_entry (lp : bool) (delta : R) (j : nat) : nat * nat -> R := if lp then lp_entry delta j else simplex_entry delta j.
Definition program_answers (lp : bool) (p : policy) (e : nat) (j : nat) : oracle (nat * nat) dyadic :=
  let iota := program_entry lp (/ 2 ^ e) j in
  match p with
  | Honest => fun i n => nearest (iota i) n
  | _ => policy_oracle (fun _ => true) (program_couples lp p e) (fun i _ => program_shown lp p e i) iota
  end.

(** * 6. Confidence *)

(** (n + 1) * P(Bin(n, p) = s): the confidence sequence is {p : this is > alpha}. *)
Definition statistic (n s : nat) (p : R) : R := INR (n + 1) * C n s * p ^ s * (1 - p) ^ (n - s).
Definition misses (p alpha : R) (n s : nat) : bool := if Rle_dec (statistic n s p) alpha then true else false.
(** The probability that the sequence misses p at some time within the next h tosses, after s successes in n: the tosses are
    independent, each a success with probability p. *)
Fixpoint missed (p alpha : R) (h n s : nat) : R :=
  if misses p alpha n s then 1
  else match h with O => 0 | S h' => p * missed p alpha h' (S n) (S s) + (1 - p) * missed p alpha h' (S n) s end.

(** * 7. The statements *)

(** Every algorithm, on every space of coins. The events that the statement speaks of are assumed to be events. *)
Definition Theorem1 := forall (I A Y : Type) (k n : nat) (O : nat -> oracle I A) (Xi : nat -> Y -> Prop),
  (0 < k)%nat -> coupled_to_depth n k O -> exclusive k Xi ->
  forall (S : space) (Gamma : algorithm I A Y S),
    let p j := Pr S (fun w => succeeds (O j) (Xi j) (Gamma w)) in
    let t := Pr S (fun w => asks (O 0%nat) (deeper n) (Gamma w)) in
    (forall j, (j < k)%nat -> ev S (fun w => succeeds (O j) (Xi j) (Gamma w))) ->
    ev S (fun w => asks (O 0%nat) (deeper n) (Gamma w)) ->
    Sum p k <= 1 + (INR k - 1) * t /\ exists j, (j < k)%nat /\ p j <= (1 + (INR k - 1) * t) / INR k.

(** Any legal oracles; instead of depth, any kind of question off which they answer alike. *)
Definition Remark1a := forall (I A Y : Type) (k : nat) (O : nat -> oracle I A) (Xi : nat -> Y -> Prop) (kind : I -> nat -> Prop),
  (0 < k)%nat -> (forall i j, (i < k)%nat -> (j < k)%nat -> alike_off kind (O i) (O j)) -> exclusive k Xi ->
  forall (S : space) (Gamma : algorithm I A Y S),
    (forall j, (j < k)%nat -> ev S (fun w => succeeds (O j) (Xi j) (Gamma w))) ->
    ev S (fun w => asks (O 0%nat) kind (Gamma w)) ->
    Sum (fun j => Pr S (fun w => succeeds (O j) (Xi j) (Gamma w))) k <= 1 + (INR k - 1) * Pr S (fun w => asks (O 0%nat) kind (Gamma w)).

(** In counts, with certainty: runs, marks of success that are true, marks [apart] that miss no exceptional run. *)
Definition Counts := forall (I A Y : Type) (k : nat) (O : nat -> oracle I A) (Xi : nat -> Y -> Prop) (kind : I -> nat -> Prop),
  (0 < k)%nat -> (forall i j, (i < k)%nat -> (j < k)%nat -> alike_off kind (O i) (O j)) -> exclusive k Xi ->
  forall (right : nat -> strategy I A Y -> bool) (apart : strategy I A Y -> bool) runs,
    (forall j s, In s runs -> (j < k)%nat -> right j s = true -> succeeds (O j) (Xi j) s) ->
    (forall s, In s runs -> asks (O 0%nat) kind s -> apart s = true) ->
    (nsum (fun j => count (right j) runs) k <= length runs + (k - 1) * count apart runs)%nat.

(** Input j leads its class: it was told apart from all earlier ones. The sum of the probabilities is E[number of classes]. *)
Definition told {I A} (O O' : oracle I A) : I -> nat -> Prop := fun i n => O i n <> O' i n.
Definition leads {I A Y} (O : nat -> oracle I A) (j : nat) (s : strategy I A Y) := forall i, (i < j)%nat -> asks (O i) (told (O i) (O j)) s.
Definition Remark1b := forall (I A Y : Type) (k : nat) (O : nat -> oracle I A) (Xi : nat -> Y -> Prop), exclusive k Xi ->
  forall (S : space) (Gamma : algorithm I A Y S),
    (forall j, (j < k)%nat -> ev S (fun w => succeeds (O j) (Xi j) (Gamma w))) ->
    (forall j, (j < k)%nat -> ev S (fun w => leads O j (Gamma w))) ->
    Sum (fun j => Pr S (fun w => succeeds (O j) (Xi j) (Gamma w))) k <= Sum (fun j => Pr S (fun w => leads O j (Gamma w))) k.

(** Every algorithm, halting or not: s, a lower bound of all success probabilities, is at most 1/2. *)
Definition Theorem2 := forall (I A Y : Type) (O0 : oracle I A) (O : nat -> oracle I A) (Xi0 : Y -> Prop) (Xi : nat -> Y -> Prop),
  follows O0 O -> (forall y, Xi0 y -> exists M, forall m, (M <= m)%nat -> ~ Xi m y) ->
  forall (S : space), sigma S -> forall (Gamma : algorithm I A Y S),
    ev S (fun w => succeeds O0 Xi0 (Gamma w)) -> (forall m, ev S (fun w => succeeds (O m) (Xi m) (Gamma w))) ->
    (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
    (forall m, ev S (fun w => succeeds O0 (fun y => Xi0 y /\ Xi m y) (Gamma w))) ->
    forall s, s <= Pr S (fun w => succeeds O0 Xi0 (Gamma w)) -> (forall m, s <= Pr S (fun w => succeeds (O m) (Xi m) (Gamma w))) -> s <= 1 / 2.

Definition Remark2a := forall (I A Y : Type) (n : nat) (O0 Om : oracle I A) (Xi0 Xim : Y -> Prop) (S : space) (Gamma : algorithm I A Y S),
  (forall e p, (p <= n)%nat -> O0 e p = Om e p) ->
  let good0 w := succeeds O0 Xi0 (Gamma w) in
  let deep w := asks O0 (deeper n) (Gamma w) in
  let both w := succeeds O0 (fun y => Xi0 y /\ Xim y) (Gamma w) in
  ev S good0 -> ev S (fun w => succeeds Om Xim (Gamma w)) -> ev S deep -> ev S both ->
  Pr S good0 + Pr S (fun w => succeeds Om Xim (Gamma w)) <= 1 + Pr S (fun w => deep w /\ good0 w) + Pr S (fun w => ~ deep w /\ both w).

(** Why one oracle is needed at the limit: with answers there that depend on m, each legal and coupled to depth m, one
    deterministic algorithm is right everywhere (the limit is 0, input m is 2^-m). *)
Definition Remark2b := exists (L O : nat -> oracle unit dyadic),
  (forall m, legal (L m) (fun _ => 0)) /\ (forall m, legal (O m) (fun _ => / 2 ^ m)) /\ (forall m i n, (n <= m)%nat -> L m i n = O m i n) /\
  exists s : strategy unit dyadic (option nat),
    (forall m, succeeds (L m) (fun y => y = None) s) /\ forall m, succeeds (O m) (fun y => y = Some m) s.

(** h: the probability of halting at the limit. *)
Definition Theorem3 := forall (I A Y : Type) (k : nat) (O0 : oracle I A) (O : nat -> nat -> oracle I A) (Xi : nat -> nat -> Y -> Prop),
  (0 < k)%nat -> (forall n, exists m, forall j, (j < k)%nat -> forall i p, (p <= n)%nat -> O0 i p = O j m i p) ->
  (forall m, exclusive k (fun j => Xi j m)) ->
  forall (S : space), sigma S -> forall (Gamma : algorithm I A Y S),
    ev S (fun w => succeeds O0 (fun _ => True) (Gamma w)) -> (forall j m, ev S (fun w => succeeds (O j m) (Xi j m) (Gamma w))) ->
    (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
    let h := Pr S (fun w => succeeds O0 (fun _ => True) (Gamma w)) in
    forall s, s <= h -> (forall j m, (j < k)%nat -> s <= Pr S (fun w => succeeds (O j m) (Xi j m) (Gamma w))) ->
      (h = 1 -> s <= 1 / INR k) /\ s <= INR k / (2 * INR k - 1).

(** The bounds are attained. Theorem 1: coupled to depth n, told apart by some list of questions. *)
Definition Theorem1_attained := forall (I A Y : Type), (forall x y : A, {x = y} + {x <> y}) ->
  forall (k n : nat) (O : nat -> oracle I A) (Xi : nat -> Y -> Prop) (right : nat -> Y) (qs : list (I * nat)),
  (2 <= k)%nat -> exclusive k Xi -> (forall j, (j < k)%nat -> Xi j (right j)) -> coupled_to_depth n k O ->
  (forall i j, (i < j < k)%nat -> map (fun q => O i (fst q) (snd q)) qs <> map (fun q => O j (fst q) (snd q)) qs) ->
  forall t, 0 <= t <= 1 -> exists (S : space) (Gamma : algorithm I A Y S), sigma S /\
    Pr S (fun w => asks (O 0%nat) (deeper n) (Gamma w)) = t /\
    forall j, (j < k)%nat -> Pr S (fun w => succeeds (O j) (Xi j) (Gamma w)) = (1 + (INR k - 1) * t) / INR k.
(** Theorems 2 and 3: where a reader recognises every input but the limit, at which it never halts. *)
Definition Theorem2_attained := forall (I A Y : Type) (O0 : oracle I A) (O : nat -> oracle I A) (Xi0 : Y -> Prop) (Xi : nat -> Y -> Prop)
    (y0 : Y) (right : nat -> Y) (reader : strategy I A Y) h,
  Xi0 y0 -> (forall m, halts (O m) reader (right m)) -> (forall m, Xi m (right m)) -> (forall y, ~ halts O0 reader y) -> 0 <= h <= 1 ->
  exists (S : space) (Gamma : algorithm I A Y S), sigma S /\ Pr S (fun w => succeeds O0 Xi0 (Gamma w)) = h /\
    forall m, ~ Xi m y0 -> Pr S (fun w => succeeds (O m) (Xi m) (Gamma w)) = 1 - h.
Definition Theorem3_attained := forall (I A Y : Type) k (O0 : oracle I A) (O : nat -> nat -> oracle I A) (Xi : nat -> nat -> Y -> Prop)
    (quick : nat -> Y) (right : nat -> nat -> Y) (reader : strategy I A Y),
  (0 < k)%nat -> (forall m, exclusive k (fun j => Xi j m)) -> (forall j m, (j < k)%nat -> Xi j m (quick j)) ->
  (forall j m, halts (O j m) reader (right j m)) -> (forall j m, Xi j m (right j m)) -> (forall y, ~ halts O0 reader y) ->
  let h := INR k / (2 * INR k - 1) in
  exists (S : space) (Gamma : algorithm I A Y S), sigma S /\ Pr S (fun w => succeeds O0 (fun _ => True) (Gamma w)) = h /\
    forall j m, (j < k)%nat -> Pr S (fun w => succeeds (O j m) (Xi j m) (Gamma w)) = h.

(** Networks *)
Definition Padding := forall d N phi, NN d N phi ->
  exists psi, NN d N psi /\ map (@length _) (fst psi) = N /\ forall x, length x = d -> eval psi x = eval phi x.
Definition Lemma4 := forall d N phi line, NN d N phi -> exists B, (length B + 1 <= P N)%nat /\ pieces B (fun t => eval phi (on_line line t)).
Definition Lemma5 := forall d N phi line c ts, NN d N phi -> increasing ts ->
  alternating (fun t => eval phi (on_line line t) - c) ts -> (length ts <= P N + 1)%nat.
Definition Lemma6 := forall d N phi line g (data : list (R * bool)), NN d N phi -> monotone g -> increasing (map fst data) ->
  (changes (map snd data) <= P N + 2 * count (fun tl => wrong g (eval phi (on_line line (fst tl))) (snd tl)) data)%nat.

(** Section 4: the training problem *)
Definition Labels := forall a kappa k, 0 < a -> 0 < kappa < 1 -> f_a a (x1 a kappa k) = label k.
Definition Separated := forall a kappa k, 1 / 2 <= a <= 1 -> 1 / 4 <= kappa <= 3 / 4 ->
  let K := INR k + 1 in let eps := / ((4 * K + 3) * (4 * K + 4)) in
  2 * eps <= x1 a kappa k - a / (K + 1) /\ 2 * eps <= a / K - x1 a kappa k /\
  forall r, (k + 2 <= r)%nat -> 8 * / ((4 * INR r + 3) * (4 * INR r + 4)) < x1 a kappa k - x1 a kappa (k + 1).
Definition Costs := forall name r tol, 0 <= tol < 1 -> (0 < r)%nat -> cost_function r tol (threshold name r tol) (cost_of name).
Definition Cross_entropy := forall c v w, (0 < length w)%nat -> Forall (fun z => 0 <= z <= 1) v -> Forall (fun e => e < 1) (errors v w) ->
  (cross_entropy c v w <-> - total (map (fun e => ln (1 - e)) (errors v w)) / INR (length w) <= c).
(** The parameters of a training problem: d >= 2, hidden layers of at least one neuron each, P(N) + 2 points or more. *)
Definition sizes (d r : nat) (N : list nat) := (2 <= d)%nat /\ N <> [] /\ Forall (fun n => (0 < n)%nat) N /\ (P N + 2 <= r)%nat.
Definition Witnesses := forall a kappa delta d r N j, 0 < delta -> sizes d r N -> j <> Zero ->
  exists psi, NN d N psi /\ outputs a kappa delta d r psi j = labels r.
Definition Exclusion := forall cost tol eps a kappa delta d r N, 0 < a -> kappa < 1 -> 0 < delta -> sizes d r N ->
  tol < 1 / 2 -> cost_function r tol eps cost ->
  forall phi, acceptable cost eps a kappa delta d r N One phi -> acceptable cost eps a kappa delta d r N Two phi -> False.
Definition Policies_legal := forall a kappa d e p j, legal (policy_answers a kappa d e p j) (entry a kappa (/ 2 ^ e) d j).
Definition Policies_coupled := forall a kappa d e p j j' i n, (1 <= e)%nat -> (n <= couples p e)%nat ->
  policy_answers a kappa d e p j i n = policy_answers a kappa d e p j' i n.
(** What follows 1: whatever the cost, the policy and the algorithm. *)
Definition Training := forall cost tol eps a kappa (d r e : nat) (N : list nat) (p : policy),
  0 < a -> kappa < 1 -> sizes d r N -> (1 <= e)%nat -> tol < 1 / 2 -> cost_function r tol eps cost ->
  let Xi := acceptable cost eps a kappa (/ 2 ^ e) d r N in
  let O := policy_answers a kappa d e p in
  forall (S : space) (Gamma : algorithm (nat * nat) dyadic network S),
    let p1 := Pr S (fun w => succeeds (O One) (Xi One) (Gamma w)) in
    let p2 := Pr S (fun w => succeeds (O Two) (Xi Two) (Gamma w)) in
    let t := Pr S (fun w => asks (O One) (deep_feature (couples p e)) (Gamma w)) in
    ev S (fun w => succeeds (O One) (Xi One) (Gamma w)) -> ev S (fun w => succeeds (O Two) (Xi Two) (Gamma w)) ->
    ev S (fun w => asks (O One) (deep_feature (couples p e)) (Gamma w)) ->
    p1 + p2 <= 1 + t /\ Rmin p1 p2 <= (1 + t) / 2.
(** What follows 3: with the limit and all delta = 2^-m in the family, 1/2 bounds every algorithm. *)
Definition Universal_half := forall cost tol eps a kappa (d r : nat) (N : list nat), 0 < a -> kappa < 1 -> sizes d r N -> tol < 1 / 2 ->
  cost_function r tol eps cost -> forall Xi0 : network -> Prop, (forall phi, Xi0 phi -> NN d N phi) ->
  exists (O0 : oracle (nat * nat) dyadic) (O : nat -> oracle (nat * nat) dyadic),
    legal O0 (entry a kappa 0 d Zero) /\ (forall m, legal (O m) (entry a kappa (/ 2 ^ m) d One)) /\
    forall (S : space), sigma S -> forall (Gamma : algorithm (nat * nat) dyadic network S),
      let Xi m := acceptable cost eps a kappa (/ 2 ^ m) d r N One in
      ev S (fun w => succeeds O0 Xi0 (Gamma w)) -> (forall m, ev S (fun w => succeeds (O m) (Xi m) (Gamma w))) ->
      (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
      (forall m, ev S (fun w => succeeds O0 (fun y => Xi0 y /\ Xi m y) (Gamma w))) ->
      forall s, s <= Pr S (fun w => succeeds O0 Xi0 (Gamma w)) ->
        (forall m, s <= Pr S (fun w => succeeds (O m) (Xi m) (Gamma w))) -> s <= 1 / 2.
(** What follows 2, sharpened (G7): e untold, an algorithm that halts almost surely at the limit has nothing anywhere. *)
Definition Untold := forall cost tol eps a kappa (d r : nat) (N : list nat), 0 < a -> kappa < 1 -> sizes d r N -> tol < 1 / 2 ->
  cost_function r tol eps cost ->
  exists (O0 : oracle (nat * nat) dyadic) (O : nat -> oracle (nat * nat) dyadic),
    legal O0 (entry a kappa 0 d Zero) /\ (forall m, legal (O m) (entry a kappa (/ 2 ^ m) d One)) /\
    forall (S : space), sigma S -> forall (Gamma : algorithm (nat * nat) dyadic network S),
      let Xi m := acceptable cost eps a kappa (/ 2 ^ m) d r N One in
      ev S (fun w => succeeds O0 (fun _ => True) (Gamma w)) -> (forall m, ev S (fun w => succeeds (O m) (Xi m) (Gamma w))) ->
      (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
      (forall m, ev S (fun w => succeeds O0 (Xi m) (Gamma w))) ->
      Pr S (fun w => succeeds O0 (fun _ => True) (Gamma w)) = 1 ->
      forall s, (forall m, s <= Pr S (fun w => succeeds (O m) (Xi m) (Gamma w))) -> s <= 0.
Definition Limit_level := forall tol a kappa delta d r N phi, 0 < a -> kappa < 1 -> sizes d r N ->
  acceptable maximum_error tol a kappa delta d r N Zero phi <->
  NN d N phi /\ maximum_error (1 / 2 + tol) (outputs a kappa delta d r phi Zero) (labels r).

(** Section 5: instability. The number of points (x_1, delta*label, 0, ...) that h*e_1 + s*delta*e_2 makes wrong. *)
Definition flips (d : nat) (phi : network) (g : R -> R) (data : list (R * bool)) (delta h s : R) : nat :=
  count (fun tl => wrong g (eval phi (place d (fst tl + h) (delta * b2r (snd tl) + s * delta))) (snd tl)) data.
Definition Instability := forall d N phi g (data : list (R * bool)) delta h, NN d N phi -> monotone g -> increasing (map fst data) ->
  let m := ((changes (map snd data) - P N + 1) / 2)%nat in
  (flips d phi g data delta h 0 = 0%nat -> (m <= flips d phi g data delta h (-1))%nat /\ (m <= flips d phi g data delta h 1)%nat) /\
  forall c J, exists i, (i <= J)%nat /\ (J * m <= (J + 1) * flips d phi g data delta h (c + INR i))%nat.
Fixpoint apart_by (gap : R) (l : list R) : Prop :=
  match l with t :: ((u :: _) as l') => t + gap < u /\ apart_by gap l' | _ => True end.
Definition Stable := forall d eps (data : list (R * bool)), (1 <= d)%nat -> 0 <= eps -> apart_by (2 * eps) (map fst data) ->
  exists psi, NN d [(2 * changes (map snd data))%nat] psi /\
    forall t b s x, In (t, b) data -> Rabs (s - t) <= eps -> eval psi (s :: x) = b2r b.

(** Section 6: the linear programs and the simplex *)
Definition Lp_minimisers := forall delta y x, 0 < delta < 1 -> 0 < y ->
  (lp_minimiser (1 - delta) y x <-> x = (y, 0)) /\ (lp_minimiser (1 + delta) y x <-> x = (0, y / (1 + delta))).
Definition Lp_disjoint := forall K delta y, 0 < delta < 1 -> 0 < y ->
  ((forall x, lp_acceptable K (0, y / (1 + delta)) x -> lp_acceptable K (y, 0) x -> False) <-> 2 / 10 ^ K < y).
Definition Simplex_minimiser := forall k delta j x, 0 < delta -> (j < k)%nat -> (simplex_minimiser k delta j x <-> x = vertex k j).
Definition Programs_legal := forall lp p e j, (1 <= e)%nat -> legal (program_answers lp p e j) (program_entry lp (/ 2 ^ e) j).
Definition Programs_coupled := forall lp p e j j' i n, (2 <= e)%nat -> (n <= program_couples lp p e)%nat ->
  program_answers lp p e j i n = program_answers lp p e j' i n.

(** Confidence: Ville's inequality *)
Definition Ville := forall p alpha N, 0 < p < 1 -> 0 < alpha -> missed p alpha N 0 0 <= alpha.

(** General statements (docs/families.md) *)
Definition G1 := forall lo hi n, lo <= hi ->
  ((exists q, Rabs (D2R q - lo) <= / 2 ^ n /\ Rabs (D2R q - hi) <= / 2 ^ n) <->
   hi - lo < 2 * / 2 ^ n \/ hi - lo = 2 * / 2 ^ n /\ exists q, D2R q = (lo + hi) / 2).
(** For single solutions, in the maximum norm. *)
Definition G2 := forall r x y, length x = length y -> ((forall z, near r z x -> near r z y -> False) <-> ~ near (2 * r) x y).
(** The adversary's weights q hold every common output to at most v. *)
Definition certifies {Y} (k : nat) (Xi : nat -> Y -> Prop) (q : nat -> R) (v : R) :=
  (forall j, (j < k)%nat -> 0 <= q j) /\ Sum q k = 1 /\ 0 <= v /\
  forall y (J : nat -> bool), (forall j, (j < k)%nat -> J j = true -> Xi j y) -> Sum (fun j => if J j then q j else 0) k <= v.
Definition G3 := forall (I A Y : Type) (k : nat) (O : nat -> oracle I A) (Xi : nat -> Y -> Prop) (kind : I -> nat -> Prop),
  (0 < k)%nat -> (forall i j, (i < k)%nat -> (j < k)%nat -> alike_off kind (O i) (O j)) ->
  forall q v (S : space) (Gamma : algorithm I A Y S), certifies k Xi q v ->
    (forall j, (j < k)%nat -> ev S (fun w => succeeds (O j) (Xi j) (Gamma w))) -> ev S (fun w => asks (O 0%nat) kind (Gamma w)) ->
    exists j, (j < k)%nat /\ Pr S (fun w => succeeds (O j) (Xi j) (Gamma w)) <= v + (1 - v) * Pr S (fun w => asks (O 0%nat) kind (Gamma w)).
(** Output y serves, at place m of the sequences, inputs of a weight above v. *)
Definition overweight {Y} k (Xi0 : Y -> Prop) (Xi : nat -> nat -> Y -> Prop) (q0 v : R) (q : nat -> R) (m : nat) (y : Y) : Prop :=
  exists (J0 : bool) (J : nat -> bool), (J0 = true -> Xi0 y) /\ (forall j, (j < k)%nat -> J j = true -> Xi j m y) /\
    v < (if J0 then q0 else 0) + Sum (fun j => if J j then q j else 0) k.
Definition G7 := forall (I A Y : Type) (k : nat) (O0 : oracle I A) (O : nat -> nat -> oracle I A) (Xi0 : Y -> Prop) (Xi : nat -> nat -> Y -> Prop),
  (forall n, exists M, forall m, (M <= m)%nat -> forall j, (j < k)%nat -> forall i p, (p <= n)%nat -> O0 i p = O j m i p) ->
  forall (q0 v : R) (q : nat -> R), 0 <= q0 -> (forall j, (j < k)%nat -> 0 <= q j) -> q0 + Sum q k = 1 -> 0 <= v ->
  (forall y, exists M, forall m, (M <= m)%nat -> ~ overweight k Xi0 Xi q0 v q m y) ->
  forall (S : space), sigma S -> forall (Gamma : algorithm I A Y S),
    ev S (fun w => succeeds O0 (fun _ => True) (Gamma w)) -> ev S (fun w => succeeds O0 Xi0 (Gamma w)) ->
    (forall j m, ev S (fun w => succeeds (O j m) (Xi j m) (Gamma w))) -> (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
    (forall m, ev S (fun w => succeeds O0 (overweight k Xi0 Xi q0 v q m) (Gamma w))) ->
    forall s, s <= Pr S (fun w => succeeds O0 Xi0 (Gamma w)) ->
      (forall j m, (j < k)%nat -> s <= Pr S (fun w => succeeds (O j m) (Xi j m) (Gamma w))) ->
      (Pr S (fun w => succeeds O0 (fun _ => True) (Gamma w)) = 1 -> s <= v) /\ s <= Rmax v (Sum q k).
Definition G8 := forall (I A Y : Type) (k : nat) (O : nat -> oracle I A) (Xi : nat -> Y -> Prop) (kind : I -> nat -> Prop),
  (0 < k)%nat -> (forall i j, (i < k)%nat -> (j < k)%nat -> alike_off kind (O i) (O j)) -> exclusive k Xi ->
  forall (claims : Y -> Prop) (S : space) (Gamma : algorithm I A Y S),
    let claim w := succeeds (O 0%nat) claims (Gamma w) /\ ~ asks (O 0%nat) kind (Gamma w) in
    let wrongly j w := succeeds (O j) (fun y => claims y /\ ~ Xi j y) (Gamma w) in
    ev S claim -> (forall j, (j < k)%nat -> ev S (wrongly j)) -> (INR k - 1) * Pr S claim <= Sum (fun j => Pr S (wrongly j)) k.

(** G5: inputs named by words of at most p numbers, u followed by m tending to u. *)
Definition G5 := forall (I A Y : Type) (p : nat) (O : list nat -> oracle I A) (Xi : list nat -> Y -> Prop),
  (forall u, (length u < p)%nat -> follows (O u) (fun m => O (u ++ [m]))) ->
  (forall u y, (length u < p)%nat -> Xi u y -> exists M, forall m, (M <= m)%nat -> forall w, ~ Xi (u ++ m :: w) y) ->
  forall (S : space), sigma S -> forall (Gamma : algorithm I A Y S),
    (forall u, ev S (fun w => succeeds (O u) (Xi u) (Gamma w))) -> (forall u n, ev S (fun w => asks (O u) (deeper n) (Gamma w))) ->
    (forall u M, ev S (fun w => succeeds (O u) (fun y => Xi u y /\ exists m v, (M <= m)%nat /\ Xi (u ++ m :: v) y) (Gamma w))) ->
    forall s, (forall u, (length u <= p)%nat -> s <= Pr S (fun w => succeeds (O u) (Xi u) (Gamma w))) -> s <= 1 / INR (p + 1).

(** G7 is attained, whatever the weights: outputs y given at once with weights w, of sum h, and with probability 1 - h a reader
    that recognises every input but the limit. J0 and J mark outputs that are right; all marks carry s. *)
Definition mass {Y} (J : Y -> bool) (l : list (Y * R)) : R := total (map (fun yw => if J (fst yw) then snd yw else 0) l).
Definition G7_attained := forall (I A Y : Type) (k : nat) (O0 : oracle I A) (O : nat -> nat -> oracle I A) (Xi0 : Y -> Prop) (Xi : nat -> nat -> Y -> Prop)
    (right : nat -> nat -> Y) (reader : strategy I A Y) (l : list (Y * R)) (J0 : Y -> bool) (J : nat -> nat -> Y -> bool),
  (forall j m, halts (O j m) reader (right j m)) -> (forall j m, Xi j m (right j m)) -> (forall y, ~ halts O0 reader y) ->
  Forall (fun yw => 0 <= snd yw) l -> let h := total (map snd l) in h <= 1 ->
  (forall y, J0 y = true -> Xi0 y) -> (forall j m y, J j m y = true -> Xi j m y) ->
  exists (S : space) (Gamma : algorithm I A Y S), sigma S /\ Pr S (fun w => succeeds O0 (fun _ => True) (Gamma w)) = h /\
    mass J0 l <= Pr S (fun w => succeeds O0 Xi0 (Gamma w)) /\
    forall j m, (j < k)%nat -> mass (J j m) l + (1 - h) <= Pr S (fun w => succeeds (O j m) (Xi j m) (Gamma w)).
(** G5 is attained: how many of p numbers h_i >= 0 are positive? One algorithm is right with probability 1/(p + 1) on every
    input, with every legal oracle. *)
Definition positives (p : nat) (h : nat -> R) : nat := length (filter (fun i => if Rlt_dec 0 (h i) then true else false) (seq 0 p)).
Definition G5_attained := forall p : nat, exists (S : space) (Gamma : algorithm nat dyadic nat S), sigma S /\
  forall (h : nat -> R) (O : oracle nat dyadic), (forall i, 0 <= h i) -> legal O h ->
    Pr S (fun w => succeeds O (fun y => y = positives p h) (Gamma w)) = 1 / INR (p + 1).

(** R: single solutions in the maximum norm. A pairwise test on the solutions bounds what any output can serve. *)
Definition Registration := forall k (solution : nat -> list R) r q v, (forall i j, length (solution i) = length (solution j)) ->
  (forall j, (j < k)%nat -> 0 <= q j) -> Sum q k = 1 -> 0 <= v ->
  (forall J : nat -> bool, (forall i j, (i < j < k)%nat -> J i = true -> J j = true -> near (2 * r) (solution i) (solution j)) ->
     Sum (fun j => if J j then q j else 0) k <= v) ->
  certifies k (fun j x => near r x (solution j)) q v.
