"""The bound of a problem as a Coq file, its constants filled in, with its proof; and the proved checker, asked."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

from onehalf.proof.transcript import Misshapen, NotCovered, numbers_of
from oracle.errors import InvalidValue
from oracle.problems import Problem

CHECKER = Path(__file__).resolve().parents[2] / "proofs" / "build" / "checker"


def statement(problem: Problem, policy: str) -> str:
    """Return the bound on a problem against an oracle as a Coq file that the kernel accepts.

    Compile it with ``coqc -R proofs OneHalf FILE.v`` after ``make prove``.

    Raises
    ------
    InvalidValue
        If proofs/ has no statement for the problem.
    """
    bound = problem.bound(policy)
    if not bound.theorem:
        raise InvalidValue(
            "problem", problem.family, "has no bound with these parameters", "take other parameters"
        )
    body = problem.in_coq(policy)
    if not body:
        raise InvalidValue("problem", problem.family, "has no statement in proofs/", "take another family")
    told = ", ".join(f"{key} = {value}" for key, value in problem.parameters().items())
    return (
        f"(* {problem.family} ({told}), {policy} oracle. Written by onehalf prove --coq. *)\n{_HEAD}\n{body}"
    )


def check_natively(document: dict[str, Any], checker: Path = CHECKER) -> str:
    """Return what the proved checker says of a certificate: accepted, refused, not covered, or not built.

    Parameters
    ----------
    document : dict
        A parsed certificate. Its text and plan are the standalone verifier's business.
    checker : Path
        The program that ``make native`` builds.
    """
    if not checker.exists():
        return "not built"
    try:
        numbers = " ".join(map(str, numbers_of(document)))
    except NotCovered:
        return "not covered"
    except Misshapen:
        return "refused"
    done = subprocess.run([str(checker)], input=numbers, capture_output=True, text=True, check=False)
    return {0: "accepted", 1: "refused"}.get(done.returncode, "not covered")


_HEAD = """From Coq Require Import Reals Lra Lia List.
From OneHalf Require Import Statement Programs Proved.
Import ListNotations.
Open Scope R_scope.
"""


def real(value: Fraction) -> str:
    """Return a rational as a real number of Coq."""
    return f"({value.numerator} / {value.denominator})"


PROGRAM = r"""(** What is acceptable on input j, its entries, and what the oracles answer. *)
Definition right (j : nat) (x : list R) := {right}.
Definition inputs := {entry} (/ 2 ^ {e}).
Definition oracles := program_answers {lp} {policy} {e}.

(** Every algorithm, on every space of coins. *)
Theorem bound :
  (forall j, legal (oracles j) (inputs j)) /\
  forall (S : space) (Gamma : algorithm (nat * nat) dyadic (list R) S),
    let p j := Pr S (fun w => succeeds (oracles j) (right j) (Gamma w)) in
    let t := Pr S (fun w => asks (oracles 0%nat) (deeper {depth}) (Gamma w)) in
    (forall j, (j < {k})%nat -> ev S (fun w => succeeds (oracles j) (right j) (Gamma w))) ->
    ev S (fun w => asks (oracles 0%nat) (deeper {depth}) (Gamma w)) ->
    exists j, (j < {k})%nat /\ p j <= {share}.
Proof.
  split; [intros j; apply (programs_legal {lp}); lia|]. intros S Gamma p t M1 M2.
  exact (proj2 (proj2 ({lemma}) S Gamma M1 M2)).
Qed.
"""
"""The bound on a family of linear programs, to be filled in by the family."""
