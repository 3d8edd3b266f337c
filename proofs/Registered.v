(** Registered problems (docs/families.md, Theorem R): the data, what is acceptable, and what a certificate says. Like Statement.v
    and Certificate.v this is to be believed: definitions and propositions, no proofs. *)
From Coq Require Import Reals List ZArith QArith Qreals.
From OneHalf Require Import Statement.
Import ListNotations.
Open Scope R_scope.

(** * The data *)

(** One input: a linear program (costs, rows, right: min c.x, Ax = b, x >= 0), basis pursuit (min |x|_1, Ax = b), a regression
    (min |Ax - b|^2 / 2 + penalty |x|_1 + ridge |x|^2 / 2: LASSO, elastic net, least squares), or the square-root LASSO. *)
Inductive kind := Linear | Pursuit | Regression | Square_root.
Record instance := { costs : list Q; rows : list (list Q); right : list Q; penalty : Q; ridge : Q }.

(** With its solution come a dual vector, and rows that invert the columns which a solution may use. *)
Record proved := { input : instance; solution : list Q; dual : list Q; inverse : list (list Q) }.

Record registered := {
  problem : kind; proofs : list proved;
  euclidean : bool; radius : Q;                  (* acceptable: within the radius of a minimiser, in this norm or the maximum norm *)
  depth : nat; shown : list (nat * nat * dyadic);(* what is shown of the entries that differ, up to this precision *)
  apart : list (list (nat * Q));                 (* sets of inputs with no common answer, with weights (for the Euclidean norm) *)
  weights : list Q; value : Q;                   (* the adversary's *)
}.

(** * The meaning *)

Definition vec (l : list Q) (j : nat) : R := Q2R (nth j l 0%Q).
Definition mat (M : list (list Q)) (i j : nat) : R := vec (nth i M []) j.
Definition inner (a b : nat -> R) (n : nat) : R := Sum (fun j => a j * b j) n.
Definition image (A : nat -> nat -> R) (n : nat) (x : nat -> R) (i : nat) : R := inner (A i) x n.
Definition norm1 (x : nat -> R) (n : nat) : R := Sum (fun j => Rabs (x j)) n.
Definition squared (x : nat -> R) (n : nat) : R := inner x x n.

Section Problem.
  Context (kd : kind) (m n : nat) (c : nat -> R) (A : nat -> nat -> R) (b : nat -> R) (lambda mu : R).
  Definition residual (x : nat -> R) (i : nat) : R := b i - image A n x i.
  Definition feasible (x : nat -> R) : Prop :=
    match kd with
    | Linear => (forall j, (j < n)%nat -> 0 <= x j) /\ forall i, (i < m)%nat -> image A n x i = b i
    | Pursuit => forall i, (i < m)%nat -> image A n x i = b i
    | _ => True
    end.
  Definition objective (x : nat -> R) : R :=
    match kd with
    | Linear => inner c x n
    | Pursuit => norm1 x n
    | Regression => squared (residual x) m / 2 + lambda * norm1 x n + mu * squared x n / 2
    | Square_root => sqrt (squared (residual x) m) + lambda * norm1 x n
    end.
  Definition minimises (x : nat -> R) : Prop := feasible x /\ forall z, feasible z -> objective x <= objective z.
End Problem.

Definition at_ (x : list R) (j : nat) : R := nth j x 0.
(** x, a list, is a minimiser: it has a coordinate for each column. *)
Definition solves (kd : kind) (P : instance) (x : list R) : Prop :=
  length x = length (hd [] (rows P)) /\
  minimises kd (length (right P)) (length (hd [] (rows P))) (vec (costs P)) (mat (rows P)) (vec (right P)) (Q2R (penalty P)) (Q2R (ridge P)) (at_ x).

(** The entries of an input: (row, column) of the table of its numbers. *)
Definition table (P : instance) : list (list Q) := [penalty P; ridge P] :: costs P :: right P :: rows P.
Definition number (P : instance) (rc : nat * nat) : Q := nth (snd rc) (nth (fst rc) (table P) []) 0%Q.

Definition within (euclid : bool) (r : R) (x y : list R) : Prop :=
  if euclid then length x = length y /\ squared (fun j => at_ x j - at_ y j) (length y) <= r * r else near r x y.

Section Registered.
  Variable c : registered.
  Definition nothing : proved := {| input := {| costs := []; rows := []; right := []; penalty := 0; ridge := 0 |}; solution := []; dual := []; inverse := [] |}.
  Definition the (j : nat) : proved := nth j (proofs c) nothing.
  Definition inputs : nat := length (proofs c).
  (** Acceptable on input j: within the radius of a minimiser. *)
  Definition Xi (j : nat) (x : list R) : Prop := exists s, solves (problem c) (input (the j)) s /\ within (euclidean c) (Q2R (radius c)) x s.
  Definition iota (j : nat) (rc : nat * nat) : R := Q2R (number (input (the j)) rc).
  (** What is listed is shown as it is listed up to the depth, on every input; all else is answered honestly. *)
  Definition listed (rc : nat * nat) (s : nat * nat * dyadic) : bool := (Nat.eqb (fst (fst s)) (fst rc) && Nat.eqb (snd (fst s)) (snd rc))%bool.
  Definition answers (j : nat) : oracle (nat * nat) dyadic :=
    policy_oracle (fun rc => existsb (listed rc) (shown c)) (depth c)
      (fun rc _ => match find (listed rc) (shown c) with Some s => snd s | None => (0%Z, 0%nat) end) (iota j).

  (** * The facts: the premises of Theorem R, and its bound for every randomised algorithm *)
  Record registered_facts : Prop := {
    r_shapes : forall j, (j < inputs)%nat -> let P := input (the j) in
      length (rows P) = length (right P) /\ forall row, In row (rows P) -> length row = length (hd [] (rows P));
    r_solutions : forall j, (j < inputs)%nat -> forall x, solves (problem c) (input (the j)) x <-> x = map Q2R (solution (the j));
    r_legal : forall j, (j < inputs)%nat -> legal (answers j) (iota j);
    r_coupled : coupled_to_depth (depth c) inputs answers;
    r_apart : forall J, In J (apart c) -> ~ exists x, forall jw, In jw J -> Xi (fst jw) x;
    r_game : certifies inputs Xi (vec (weights c)) (Q2R (value c));
    r_bound : forall (S : space) (Gamma : algorithm (nat * nat) dyadic (list R) S),
      let p j := Pr S (fun w => succeeds (answers j) (Xi j) (Gamma w)) in
      let t := Pr S (fun w => asks (answers 0%nat) (deeper (depth c)) (Gamma w)) in
      (forall j, (j < inputs)%nat -> ev S (fun w => succeeds (answers j) (Xi j) (Gamma w))) ->
      ev S (fun w => asks (answers 0%nat) (deeper (depth c)) (Gamma w)) ->
      exists j, (j < inputs)%nat /\ p j <= Q2R (value c) + (1 - Q2R (value c)) * t;
  }.
End Registered.
