"""The bound of a problem as a Coq file, its constants filled in, with its proof; and the proved checker, asked."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

from onehalf.families.linear_program.problem import LinearProgram
from onehalf.families.simplex.problem import Simplex
from onehalf.families.training.problem import AlternatingTraining
from onehalf.proof.transcript import Misshapen, NotCovered, numbers_of
from oracle.errors import InvalidValue
from oracle.problems import Problem

CHECKER = Path(__file__).resolve().parents[2] / "proofs" / "build" / "checker"
_COSTS = {
    "max": "Maximum",
    "mean-absolute": "MeanAbsolute",
    "mean-squared": "MeanSquared",
    "cross-entropy": "CrossEntropy",
}


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
    name = policy.capitalize()
    if isinstance(problem, AlternatingTraining):
        body = _training(problem, name, bound.depth)
    elif isinstance(problem, LinearProgram):
        body = _linear_program(problem, name, bound.depth)
    elif isinstance(problem, Simplex):
        body = _simplex(problem, name, bound.depth)
    else:
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


def _real(value: Fraction) -> str:
    return f"({value.numerator} / {value.denominator})"


def _training(problem: AlternatingTraining, policy: str, depth: int) -> str:
    p = problem.parameters()
    if p["cost"] not in _COSTS:
        raise InvalidValue(
            "cost", p["cost"], "has no statement in proofs/", f"take one of {', '.join(_COSTS)}"
        )
    if not isinstance(problem.facts.a, Fraction):
        raise InvalidValue(
            "a", p["a"], "is not rational, which the written file does not cover", "take a rational a"
        )
    a, kappa, tol = (_real(Fraction(p[name])) for name in ("a", "kappa", "tolerance"))
    cost, d, r, e = _COSTS[p["cost"]], p["dimension"], p["points"], p["exponent"]
    widths = f"[{'; '.join(f'{n}%nat' for n in p['hidden'])}]"
    level = f"(cost_of {cost}) (threshold {cost} {r} {tol})"
    text = _TRAINING.format(
        a=a,
        kappa=kappa,
        tol=tol,
        cost=cost,
        d=d,
        r=r,
        e=e,
        widths=widths,
        level=level,
        policy=policy,
        depth=depth,
    )
    if problem.limit:
        text += _UNIVERSAL.format(a=a, kappa=kappa, tol=tol, cost=cost, d=d, r=r, widths=widths, level=level)
    return text


def _linear_program(problem: LinearProgram, policy: str, depth: int) -> str:
    y, digits, e = _real(Fraction(problem.y)), problem.digits, problem.exponent
    return _DIGITS.format(y=y, digits=digits) + _PROGRAM.format(
        lp="true",
        entry="lp_entry",
        k=2,
        e=e,
        depth=depth,
        policy=policy,
        right=f"near (/ 10 ^ {digits}) x (lp_solution (/ 2 ^ {e}) {y} j)",
        share="(1 + t) / 2",
        lemma=f"lp_bound {digits} {e} {y} {policy} ltac:(lia) ltac:(lra) the_digits",
    )


def _simplex(problem: Simplex, policy: str, depth: int) -> str:
    k, tolerance = problem.answers, _real(Fraction(problem.tolerance))
    if problem.limit:
        return _SIMPLEX_LIMIT.format(k=k, tol=tolerance)
    return _PROGRAM.format(
        lp="false",
        entry="simplex_entry",
        k=k,
        e=problem.exponent,
        depth=depth,
        policy=policy,
        right=f"near {tolerance} x (vertex {k} j)",
        share=f"(1 + (INR {k} - 1) * t) / INR {k}",
        lemma=f"simplex_bound {k} {problem.exponent} {tolerance} {policy} ltac:(lia) ltac:(lia) ltac:(lra)",
    )


_DIGITS = r"""Lemma the_digits : 2 / 10 ^ {digits} < {y}.
Proof.
  apply (Rmult_lt_reg_r (10 ^ {digits})); [apply pow_lt; lra|]. unfold Rdiv at 1.
  rewrite Rmult_assoc, Rinv_l by (apply pow_nonzero; lra). simpl. lra.
Qed.

"""

_TRAINING = r"""(** What is acceptable on an input, its entries, and what the oracles answer. *)
Definition right := acceptable {level} {a} {kappa} (/ 2 ^ {e}) {d} {r} {widths}.
Definition inputs := entry {a} {kappa} (/ 2 ^ {e}) {d}.
Definition oracles := policy_answers {a} {kappa} {d} {e} {policy}.

Lemma the_sizes : sizes {d} {r} {widths}.
Proof. repeat split; [lia | discriminate | repeat constructor | apply Nat.leb_le; vm_compute; reflexivity]. Qed.

(** Every algorithm, on every space of coins. *)
Theorem bound :
  (forall j, legal (oracles j) (inputs j)) /\
  forall (S : space) (Gamma : algorithm (nat * nat) dyadic network S),
    let p j := Pr S (fun w => succeeds (oracles j) (right j) (Gamma w)) in
    let t := Pr S (fun w => asks (oracles One) (deep_feature {depth}) (Gamma w)) in
    ev S (fun w => succeeds (oracles One) (right One) (Gamma w)) ->
    ev S (fun w => succeeds (oracles Two) (right Two) (Gamma w)) ->
    ev S (fun w => asks (oracles One) (deep_feature {depth}) (Gamma w)) ->
    Rmin (p One) (p Two) <= (1 + t) / 2.
Proof.
  split; [exact (policies_legal {a} {kappa} {d}%nat {e}%nat {policy})|]. intros S Gamma p t M1 M2 M3.
  exact (proj2 (training (cost_of {cost}) {tol} (threshold {cost} {r} {tol}) {a} {kappa}
    {d}%nat {r}%nat {e}%nat {widths} {policy} ltac:(lra) ltac:(lra) the_sizes ltac:(lia) ltac:(lra)
    (costs {cost} {r}%nat {tol} ltac:(lra) ltac:(lia)) S Gamma M1 M2 M3)).
Qed.
"""

_UNIVERSAL = r"""
(** With the limit and all closer inputs in the family: 1/2 for every algorithm, halting or not. *)
Theorem universal (Xi0 : network -> Prop) : (forall phi, Xi0 phi -> NN {d} {widths} phi) ->
  exists (O0 : oracle (nat * nat) dyadic) (O : nat -> oracle (nat * nat) dyadic),
    legal O0 (entry {a} {kappa} 0 {d} Zero) /\
    (forall m, legal (O m) (entry {a} {kappa} (/ 2 ^ m) {d} One)) /\
    forall (S : space), sigma S -> forall (Gamma : algorithm (nat * nat) dyadic network S),
      let Xi m := acceptable {level} {a} {kappa} (/ 2 ^ m) {d} {r} {widths} One in
      ev S (fun w => succeeds O0 Xi0 (Gamma w)) -> (forall m, ev S (fun w => succeeds (O m) (Xi m) (Gamma w))) ->
      (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
      (forall m, ev S (fun w => succeeds O0 (fun y => Xi0 y /\ Xi m y) (Gamma w))) ->
      forall s, s <= Pr S (fun w => succeeds O0 Xi0 (Gamma w)) ->
        (forall m, s <= Pr S (fun w => succeeds (O m) (Xi m) (Gamma w))) -> s <= 1 / 2.
Proof.
  exact (universal_half (cost_of {cost}) {tol} (threshold {cost} {r} {tol}) {a} {kappa} {d}%nat {r}%nat {widths}
    ltac:(lra) ltac:(lra) the_sizes ltac:(lra) (costs {cost} {r}%nat {tol} ltac:(lra) ltac:(lia)) Xi0).
Qed.
"""

_PROGRAM = r"""(** What is acceptable on input j, its entries, and what the oracles answer. *)
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

_SIMPLEX_LIMIT = r"""(** With the limit, all costs 1, in the family: Theorem 3, for every algorithm. *)
Theorem bound :
  exists (O0 : oracle (nat * nat) dyadic) (O : nat -> nat -> oracle (nat * nat) dyadic),
    (forall j, legal O0 (simplex_entry 0 j)) /\ (forall j m, legal (O j m) (simplex_entry (/ 2 ^ (m + 1)) j)) /\
    forall (S : space), sigma S -> forall (Gamma : algorithm (nat * nat) dyadic (list R) S),
      ev S (fun w => succeeds O0 (fun _ => True) (Gamma w)) ->
      (forall j m, ev S (fun w => succeeds (O j m) (fun x => near {tol} x (vertex {k} j)) (Gamma w))) ->
      (forall n, ev S (fun w => asks O0 (deeper n) (Gamma w))) ->
      let h := Pr S (fun w => succeeds O0 (fun _ => True) (Gamma w)) in
      forall s, s <= h ->
        (forall j m, (j < {k})%nat ->
          s <= Pr S (fun w => succeeds (O j m) (fun x => near {tol} x (vertex {k} j)) (Gamma w))) ->
        (h = 1 -> s <= 1 / INR {k}) /\ s <= INR {k} / (2 * INR {k} - 1).
Proof. exact (simplex_limit {k} {tol} ltac:(lia) ltac:(lra)). Qed.
"""
