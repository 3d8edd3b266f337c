"""What can be seen of the proofs without building them: nothing is admitted, and every statement has its theorem."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.proofs.conftest import PROOFS

SOURCES = sorted(PROOFS.glob("*.v"))
# The integers of a functor, which Instances.v proves for both implementations: not axioms of the theory.
INTEGERS = {
    "t",
    "of_Z",
    "to_Z",
    "add",
    "leb",
    "of_spec",
    "add_spec",
    "sub_spec",
    "mul_spec",
    "max_spec",
    "leb_spec",
}
THEORY = PROOFS.parent / "docs" / "theory.md"


def without_comments(text: str) -> str:
    """Return a source without its comments, nested ones too."""
    while (shorter := re.sub(r"\(\*(?:(?!\(\*|\*\)).)*\*\)", " ", text, flags=re.DOTALL)) != text:
        text = shorter
    return text


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_nothing_is_admitted_and_nothing_assumed(source: Path) -> None:
    text = without_comments(source.read_text(encoding="utf-8"))
    assert not re.search(r"\b(Admitted|admit|give_up|Conjecture|Unset\s+\w+\s+Checking|bypass_check)\b", text)
    assumed = re.findall(r"\b(?:Axioms?|Parameters?)\s+(\w+)", text)
    assert set(assumed) <= (INTEGERS if source.name == "Code.v" else set())


def test_the_search_for_assumptions_sees_them() -> None:
    assert re.findall(
        r"\b(?:Axioms?|Parameters?)\s+(\w+)", without_comments("(* Axiom a. *) Axiom b : False.")
    ) == ["b"]


def test_every_file_is_in_the_project() -> None:
    listed = set((PROOFS / "_CoqProject").read_text(encoding="utf-8").split()[3:])
    assert {path.name for path in SOURCES} == listed | {"Extract.v", "Assumptions.v"}


def test_every_statement_is_proved_under_its_name() -> None:
    statements = (PROOFS / "Statement.v").read_text(encoding="utf-8").partition("* 7. The statements")[2]
    wanted = set(re.findall(r"^Definition (\w+) := (?:forall|exists)", statements, flags=re.MULTILINE))
    proved = re.findall(
        r"^Theorem (\w+) : Statement\.(\w+)\.",
        (PROOFS / "Proved.v").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert len(wanted) > 35
    assert {statement for _, statement in proved} == wanted


def test_the_theory_names_theorems_that_exist() -> None:
    named = set(re.findall(r"Coq: ((?:`\w+`(?:, )?)+)", THEORY.read_text(encoding="utf-8")))
    names = {name for group in named for name in re.findall(r"`(\w+)`", group)}
    assert len(names) > 20
    written = "\n".join(without_comments(path.read_text(encoding="utf-8")) for path in SOURCES)
    assert {name for name in names if not re.search(rf"\b(?:Theorem|Corollary) {name}\b", written)} == set()


def test_the_lines_to_be_believed_are_counted_right() -> None:
    lines = sum(
        len((PROOFS / name).read_text(encoding="utf-8").splitlines())
        for name in ("Statement.v", "Certificate.v", "Registered.v")
    )
    for readme in (PROOFS / "README.md", PROOFS.parent / "README.md"):
        assert f"{lines} lines" in readme.read_text(encoding="utf-8")
