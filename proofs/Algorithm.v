(** Randomised algorithms on inexact input, and the coupling lemma. No axioms. *)
From Coq Require Import List.
From OneHalf Require Import Statement.

Section Model.
  Context {I A Y : Type}.
  Implicit Types (O : oracle I A) (s : strategy I A Y).

  Lemma halts_unique O s y z : halts O s y -> halts O s z -> y = z.
  Proof.
    intros H; revert z. induction H; intros z Hz; inversion Hz; subst; auto.
  Qed.

  (** The coupling lemma: same coins, same output, unless a question of the kind is asked; *)
  Lemma coupling_output kind O O' s y :
    alike_off kind O O' -> ~ asks O kind s -> halts O s y -> halts O' s y.
  Proof.
    intros HA Hn H. induction H.
    - constructor.
    - destruct (HA i n) as [B | B].
      + destruct Hn. now constructor.
      + constructor. rewrite <- B. apply IHhalts. intro C; apply Hn. now apply A_later.
    - constructor. apply IHhalts. intro C; apply Hn. now constructor.
  Qed.

  (** and whether one is asked does not depend on which of the two oracles answers. *)
  Lemma coupling_asks kind O O' s : alike_off kind O O' -> asks O kind s -> asks O' kind s.
  Proof.
    intros HA H. induction H.
    - now constructor.
    - destruct (HA i n) as [B | B].
      + now constructor.
      + apply A_later. now rewrite <- B.
    - now constructor.
  Qed.
End Model.
