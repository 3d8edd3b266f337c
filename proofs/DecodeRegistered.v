(** From a list of numbers to a registered problem, as Decode.v does it for a certificate. *)
From Coq Require Import List ZArith QArith.
From OneHalf Require Import Statement Certificate Registered Decode.
Import ListNotations.
Open Scope Z_scope.
Local Notation "x <- r ; s" := (bind r (fun x => s)) (at level 60, right associativity).

Definition quotient : reader Q := n <- number; d <- number; match d with Zpos p => give (n # p)%Q | _ => fun _ => None end.
Definition a_kind : reader kind :=
  z <- number; match z with 0 => give Linear | 1 => give Pursuit | 2 => give Regression | 3 => give Square_root | _ => fun _ => None end.
Definition an_instance : reader instance :=
  costs <- many quotient; rows <- many (many quotient); right <- many quotient; penalty <- quotient; ridge <- quotient;
  give {| costs := costs; rows := rows; right := right; penalty := penalty; ridge := ridge |}.
Definition a_proved : reader proved :=
  input <- an_instance; solution <- many quotient; dual <- many quotient; inverse <- many (many quotient);
  give {| input := input; solution := solution; dual := dual; inverse := inverse |}.
Definition a_registered : reader registered :=
  problem <- a_kind; proofs <- many a_proved; euclidean <- flag; radius <- quotient;
  depth <- natural; shown <- many (pair_of (pair_of natural natural) (pair_of number natural));
  apart <- many (many (pair_of natural quotient)); weights <- many quotient; value <- quotient;
  give {| problem := problem; proofs := proofs; euclidean := euclidean; radius := radius; depth := depth; shown := shown;
    apart := apart; weights := weights; value := value |}.

(** The whole list must be read. *)
Definition decode_registered (l : list Z) : option registered := match a_registered l with Some (c, []) => Some c | _ => None end.
