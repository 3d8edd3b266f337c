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
from tests.scale import WHOLE

PROBLEMS = [
    ("training", "blind", {}),
    ("training", "honest", {"cost": "cross-entropy", "exponent": 107, "hidden": [4, 4], "dimension": 3}),
    ("training", "midpoint", {"cost": "mean-squared", "a": "5/7"}),
    ("training", "mirage", {"limit": True}),
    ("linear-program", "decoy", {}),
    ("simplex", "honest", {"answers": 3}),
    ("simplex", "blind", {"answers": 4, "limit": True}),
]


ASSUMPTIONS = (PROOFS / "Assumptions.v").read_text(encoding="utf-8")
LISTED = dict(
    line.split(": ", 1) for line in (PROOFS / "assumptions.txt").read_text(encoding="utf-8").splitlines()
)
THEOREMS = re.findall(r"Print Assumptions ([\w.]+)\.\n", ASSUMPTIONS)


def printed(coq: Path, source: Path, text: str) -> list[str]:
    """Return the axioms of each `Print Assumptions` of a text, in order."""
    source.write_text(text, encoding="utf-8")
    done = compile_(coq, source)
    assert done.returncode == 0, done.stderr
    blocks = re.split(r"^(?:Axioms:|(?=Closed under))", done.stdout, flags=re.MULTILINE)[1:]
    found = [sorted(set(re.findall(r"^([\w.]+)\s*(?::|$)", block, flags=re.MULTILINE))) for block in blocks]
    return [", ".join(axioms) or "none" for axioms in found]


def test_every_named_theorem_is_listed() -> None:
    assert list(LISTED) == THEOREMS


def test_no_theorem_rests_on_more_than_its_line_says(coq: Path, tmp_path: Path) -> None:
    """Theorems of one line are asked for together, which gives the axioms of them all."""
    together: dict[str, list[str]] = {}
    for name, axioms in LISTED.items():
        together.setdefault(axioms, []).append(name)
    lines = [line for line in ASSUMPTIONS.splitlines() if "Require" in line]
    for number, names in enumerate(together.values()):
        lines.append(f"Definition group{number} := ({', '.join('@' + name for name in names)}).")
        lines.append(f"Print Assumptions group{number}.")
    assert printed(coq, tmp_path / "Groups.v", "\n".join(lines) + "\n") == list(together)


@pytest.mark.skipif(not WHOLE, reason="minutes: make campaign")
def test_every_theorem_rests_on_what_its_line_says(coq: Path, tmp_path: Path) -> None:
    assert dict(zip(THEOREMS, printed(coq, tmp_path / "Assumptions.v", ASSUMPTIONS), strict=True)) == LISTED


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
