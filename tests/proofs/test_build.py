"""The built proofs: the axioms they rest on, what the kernel accepts, and the bound with its constants filled in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from onehalf.adversary.attack import Attack
from onehalf.proof.coq import statement
from onehalf.proof.transcript import coq_of, numbers_of
from oracle.errors import InvalidValue
from oracle.families import make_problem
from tests.proofs.conftest import PROOFS, compile_

PROBLEMS = [
    ("training", "blind", {}),
    ("training", "honest", {"cost": "cross-entropy", "exponent": 107, "hidden": [4, 4], "dimension": 3}),
    ("training", "midpoint", {"cost": "mean-squared", "a": "5/7"}),
    ("training", "mirage", {"limit": True}),
    ("linear-program", "decoy", {}),
    ("simplex", "honest", {"answers": 3}),
    ("simplex", "blind", {"answers": 4, "limit": True}),
]


def test_the_axioms_are_those_of_the_list(coq: Path, tmp_path: Path) -> None:
    source = tmp_path / "Assumptions.v"
    source.write_text((PROOFS / "Assumptions.v").read_text(encoding="utf-8"), encoding="utf-8")
    done = compile_(coq, source)
    assert done.returncode == 0, done.stderr
    assert named(done.stdout) == (PROOFS / "assumptions.txt").read_text(encoding="utf-8")


def named(printed: str) -> str:
    """Return the axioms under the name of each theorem, from what Coq printed in the order of Assumptions.v."""
    theorems = re.findall(
        r"Print Assumptions ([\w.]+)\.\n", (PROOFS / "Assumptions.v").read_text(encoding="utf-8")
    )
    blocks = re.split(r"^(?:Axioms:|(?=Closed under))", printed, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(theorems)
    axioms = [sorted(set(re.findall(r"^([\w.]+)\s*(?::|$)", block, flags=re.MULTILINE))) for block in blocks]
    lines = [f"{name}: {', '.join(found) or 'none'}" for name, found in zip(theorems, axioms, strict=True)]
    return "\n".join(lines) + "\n"


def test_the_theory_names_theorems_that_the_build_has(coq: Path, tmp_path: Path) -> None:
    theory = (PROOFS.parent / "docs" / "theory.md").read_text(encoding="utf-8")
    names = {
        n for group in re.findall(r"Coq: ((?:`\w+`(?:, )?)+)", theory) for n in re.findall(r"`(\w+)`", group)
    }
    source = tmp_path / "Names.v"
    lines = [
        "From OneHalf Require Import Programs Policies Coupling Games Limit Certificate Registry Instances.",
        "From OneHalf Require Import Confidence Proved.",
    ]
    source.write_text(
        "\n".join(lines + [f"Check {name}." for name in sorted(names)]) + "\n", encoding="utf-8"
    )
    done = compile_(coq, source)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("family", "policy", "parameters"), PROBLEMS)
def test_the_kernel_accepts_the_written_bound(
    coq: Path, tmp_path: Path, family: str, policy: str, parameters: dict[str, object]
) -> None:
    source = tmp_path / "Bound.v"
    source.write_text(statement(make_problem(family, parameters), policy), encoding="utf-8")
    done = compile_(coq, source)
    assert done.returncode == 0, done.stderr


def test_the_default_bound_is_the_committed_one() -> None:
    written = statement(make_problem("training", {}), "blind")
    assert written == (PROOFS / "examples" / "Default.v").read_text(encoding="utf-8")


def test_what_has_no_statement_is_said_to_have_none() -> None:
    for parameters in ({"a": "1/sqrt(2)"}, {"free": True}):
        with pytest.raises(InvalidValue):
            statement(make_problem("training", parameters), "blind")


@pytest.mark.parametrize("case", ["apart", "simplex-limit"])
def test_the_kernel_accepts_a_certificate_and_no_forgery(
    coq: Path, tmp_path: Path, certified: Callable[[str], Attack], case: str
) -> None:
    document = certified(case).document
    source = tmp_path / "Certificate.v"
    source.write_text(coq_of(numbers_of(document), document["sha256"]), encoding="utf-8")
    done = compile_(coq, source)
    assert done.returncode == 0, done.stderr
    name = document["target"]
    forged = {**document, "counts": {**document["counts"]}}
    forged["counts"][name] = {**forged["counts"][name], "successes": forged["counts"][name]["successes"] + 1}
    source.write_text(coq_of(numbers_of(forged), document["sha256"]), encoding="utf-8")
    assert compile_(coq, source).returncode != 0
