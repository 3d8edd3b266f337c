(** From a list of numbers to a certificate. [tools/certificate.py] writes the numbers; a referee who does not trust it
    can print what was read ([Compute]) and compare. *)
From Coq Require Import List ZArith Bool Uint63.
From OneHalf Require Import Statement Certificate.
Import ListNotations.
Open Scope Z_scope.

(** * Words of 63 bits, as which numbers are read fast in the kernel *)
(** A word 2n is the number n. A word 4m + 1 or 4m + 3 says that the next m words are a number in base 2^60, least first,
    positive or negative. *)
Definition base : Z := 2 ^ 60.
Fixpoint unpack (fuel : nat) (words : list int) : list Z :=
  match fuel, words with
  | S fuel, w :: rest =>
      let z := Uint63.to_Z w in
      if Z.even z then Z.div2 z :: unpack fuel rest
      else
        let m := Z.to_nat (z / 4) in
        let v := fold_right (fun w s => Uint63.to_Z w + base * s) 0 (firstn m rest) in
        (if Z.testbit z 1 then - v else v) :: unpack fuel (skipn m rest)
  | _, _ => []
  end.

(** Sixteen words at once: the kernel reads a long list written so in about half the time. *)
Definition row (a b c d e f g h i j k l m n o p : int) (rest : list int) : list int :=
  a :: b :: c :: d :: e :: f :: g :: h :: i :: j :: k :: l :: m :: n :: o :: p :: rest.

(** * Readers *)
Definition reader (A : Type) := list Z -> option (A * list Z).
Definition give {A} (a : A) : reader A := fun l => Some (a, l).
Definition bind {A B} (r : reader A) (f : A -> reader B) : reader B := fun l => match r l with Some (a, l') => f a l' | None => None end.
Local Notation "x <- r ; s" := (bind r (fun x => s)) (at level 60, right associativity).

Definition number : reader Z := fun l => match l with z :: l' => Some (z, l') | [] => None end.
(** Below 2^24: what is counted one by one must not be written in a few digits. *)
Definition natural : reader nat := z <- number; fun l => if (Z.ltb z 0 || Z.ltb 16777216 z)%bool then None else Some (Z.to_nat z, l).
Definition flag : reader bool := z <- number; give (Z.eqb z 1).
(** A list, its length first. Every element takes at least one number, so the list that is left bounds the length too. *)
Fixpoint times {A} (r : reader A) (fuel : list Z) (n : Z) : reader (list A) :=
  if Z.leb n 0 then give []
  else match fuel with [] => fun _ => None | _ :: fuel => a <- r; l <- times r fuel (n - 1); give (a :: l) end.
Definition many {A} (r : reader A) : reader (list A) := z <- number; fun l => times r l z l.
Definition fraction : reader rational := n <- number; d <- number; give (n, d).
Definition pair_of {A B} (r : reader A) (s : reader B) : reader (A * B) := a <- r; b <- s; give (a, b).
(** -1 stands for nothing. *)
Definition option_of : reader (option nat) := z <- number; fun l => if Z.ltb 16777216 z then None else Some (if Z.ltb z 0 then None else Some (Z.to_nat z), l).

Definition a_cost : reader cost_name :=
  z <- number; match z with 0 => give Maximum | 1 => give MeanAbsolute | 2 => give MeanSquared | 3 => give CrossEntropy | _ => fun _ => None end.
Definition a_policy : reader policy :=
  z <- number; match z with 0 => give Honest | 1 => give Blind | 2 => give Decoy | 3 => give Mirage | 4 => give Midpoint | _ => fun _ => None end.
Definition a_family : reader family :=
  z <- number;
  match z with
  | 0 => a <- fraction; kappa <- fraction; tol <- fraction; dim <- natural; hidden <- many natural; points <- natural; cost <- a_cost;
         give (Training a kappa tol dim hidden points cost)
  | 1 => y <- fraction; digits <- natural; give (Linear_program y digits)
  | 2 => k <- natural; tol <- fraction; give (Simplex k tol)
  | _ => fun _ => None
  end.
Definition a_neuron : reader (list Z * Z) := pair_of (many number) number.
Definition a_layer : reader neurons := pair_of number (many a_neuron).
Definition an_output : reader output :=
  z <- number;
  match z with
  | 0 => h <- many a_layer; o <- pair_of number a_neuron; give (Net (h, o))
  | 1 => x <- many fraction; give (Point x)
  | _ => fun _ => None
  end.
Definition an_answer : reader (question * list dyadic) :=
  k <- natural; col <- natural; n <- natural; l <- many (pair_of number natural); give ((k, col, n), l).
Definition a_group : reader group :=
  places <- many natural; refused <- many (pair_of (pair_of natural natural) number); give {| Certificate.places := places; Certificate.refused := refused |}.
Definition a_run : reader run :=
  g <- option_of; o <- option_of; s <- natural; r <- many flag; give {| asked := g; made := o; status := s; right := r |}.
Definition a_trial : reader trial := z <- number; match z with 0 => r <- a_run; give (Shared r) | _ => rs <- many a_run; give (Apart rs) end.

Definition a_certificate : reader certificate :=
  problem <- a_family; exponent <- natural; limit <- flag; shows <- a_policy; depth <- natural; budget <- number;
  answers <- many an_answer; questions <- many a_group; outputs <- many an_output; trials <- many a_trial;
  successes <- many natural; statuses <- many (many natural); spent <- natural; alpha <- fraction; margin <- fraction;
  limits <- many fraction; limits_spent <- fraction; target <- natural; conclusive <- flag;
  second <- flag; waits <- many flag; opens <- many natural; unseen <- natural;
  give {| Certificate.problem := problem; Certificate.exponent := exponent; Certificate.limit := limit; Certificate.shows := shows;
    Certificate.depth := depth; Certificate.budget := budget; Certificate.answers := answers; Certificate.questions := questions;
    Certificate.outputs := outputs; Certificate.trials := trials; Certificate.successes := successes; Certificate.statuses := statuses;
    Certificate.spent := spent; Certificate.alpha := alpha; Certificate.margin := margin; Certificate.limits := limits;
    Certificate.limits_spent := limits_spent; Certificate.target := target; Certificate.conclusive := conclusive;
    Certificate.second := second; Certificate.waits := waits; Certificate.opens := opens; Certificate.unseen := unseen |}.

(** The whole list must be read. *)
Definition decode (l : list Z) : option certificate := match a_certificate l with Some (c, []) => Some c | _ => None end.
