"""`onehalf prove`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from algorithms.parameters.spelling import spell, split_parameters
from analysis.statistics.theorems import bound_value
from onehalf.cli import DONE, VIOLATION
from onehalf.proof.coq import statement
from onehalf.proof.prove import prove
from onehalf.proof.stated import bound_document
from onehalf.proof.steps import as_page, as_text
from onehalf.record.directory import write_text
from oracle.errors import InvalidValue
from oracle.families import default_policy, known_families, make_problem
from oracle.instances.problem import InstanceProblem
from oracle.networks import pieces
from oracle.problems import Problem


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf prove\n  onehalf prove 'training[exponent=107,hidden=[4,4]]' --oracle decoy\n"
        "  onehalf prove 'simplex[answers=3,limit=true]' --html proof.html\n"
        "  onehalf prove lasso-duplicates --bound bound.json && onehalf verify bound.json"
    )
    parser.add_argument(
        "problem",
        nargs="?",
        default=None,
        metavar="FAMILY",
        help="family, with parameters in brackets (default training)",
    )
    parser.add_argument(
        "--oracle", default=None, help="policy of answers (default blind, or the family's only one)"
    )
    parser.add_argument("--html", type=Path, default=None, metavar="FILE", help="write a page as well")
    parser.add_argument("--json", action="store_true", help="print as JSON")
    parser.add_argument(
        "--bound",
        type=Path,
        default=None,
        metavar="FILE.json",
        help="of a problem stated by instances, write them with all that proves the bound, for onehalf verify",
    )
    parser.add_argument(
        "--coq",
        type=Path,
        default=None,
        metavar="FILE.v",
        help="write the bound with its proof for Coq as well",
    )


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    family, parameters = split_parameters(options.problem or next(iter(known_families())))
    problem = make_problem(family, parameters)
    policy = options.oracle or default_policy(problem, "blind")
    proof = prove(problem, policy)
    if options.coq is not None:
        write_text(options.coq, statement(problem, policy))
    if options.bound is not None:
        _write_bound(options.bound, problem)
    if options.html is not None:
        write_text(options.html, as_page(proof))
    if options.json:
        facts = {**asdict(proof), "holds": proof.holds, "bounded": _bounded(problem, policy)}
        print(json.dumps(facts, indent=1, ensure_ascii=False))
    else:
        print(as_text(proof))
    return DONE if proof.holds else VIOLATION


def _write_bound(path: Path, problem: Problem) -> None:
    if not isinstance(problem, InstanceProblem):
        rule = "is not stated by instances, and has no such file"
        raise InvalidValue("bound", problem.family, rule, "take --coq, or onehalf attack for a certificate")
    name = spell(problem.family, sorted(problem.parameters().items()))
    write_text(path, json.dumps(bound_document(problem, name), ensure_ascii=False))


def _bounded(problem: Problem, policy: str) -> dict[str, Any]:
    """Return what the bound is about as JSON values, for other programs to tie themselves to."""
    bound = problem.bound(policy)
    architecture = getattr(problem.facts, "architecture", None)
    return {
        "family": problem.family,
        "parameters": dict(problem.parameters()),
        "oracle": policy,
        "theorem": bound.theorem,
        "exclusive": list(bound.exclusive),
        "limit_input": bound.limit,
        "coupling_depth": bound.depth,
        "bound": str(bound_value(bound.theorem, bound.breadth, Fraction(0))),
        "pieces": None if architecture is None else pieces(architecture),
    }
