(** What a reader must believe: the definitions, and after them, as propositions, the final statements.
    Every other file only proves them ([Proved.v] has one theorem for each) and may be left unread.
    The names are those of docs/theory.md. *)
From Coq Require Import Reals List ZArith.
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
