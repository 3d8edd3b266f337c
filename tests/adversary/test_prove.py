"""Chains of checked facts: they hold where the bound does, and break where a fact is false."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from onehalf.cli import main
from onehalf.proofs import as_page, as_text
from onehalf.prove import prove
from oracle.errors import InvalidValue
from oracle.linear import LinearProgram
from oracle.problems import Index, Problem
from oracle.simplex import Simplex
from oracle.training import AlternatingTraining


@pytest.mark.parametrize(
    ("problem", "policy", "says"),
    [
        (AlternatingTraining(), "blind", "(1 + t)/2"),
        (AlternatingTraining(), "decoy", "more than 53 digits"),
        (
            AlternatingTraining(a="1/sqrt(2)", hidden=(2, 2), exponent=20, cost="mean-squared"),
            "mirage",
            "Theorem 1",
        ),
        (AlternatingTraining(), "honest", "more than 52 digits"),
        (AlternatingTraining(limit=True, exponent=9), "mirage", "Theorem 2"),
        (AlternatingTraining(exponent=3000), "blind", "more than 3000 digits"),
        (LinearProgram(), "decoy", "more than 52 digits"),
        (Simplex(answers=4), "decoy", "(1 + 3t)/4"),
        (Simplex(answers=3, limit=True), "blind", "at most 3/5 for every algorithm"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.family,
)
def test_every_fact_behind_a_bound_holds(problem: Problem, policy: str, says: str) -> None:
    proof = prove(problem, policy)
    assert proof.holds
    assert says in proof.conclusion
    assert "FALSE" not in as_text(proof)


def test_where_one_output_serves_every_input_nothing_is_proved() -> None:
    for problem in (LinearProgram(digits=2), AlternatingTraining(free=True)):
        with pytest.raises(InvalidValue, match="one output that serves every input"):
            prove(problem, "blind")


@dataclass(frozen=True)
class Lying(Simplex):
    """A simplex whose oracle shows what is not legal."""

    def shown(self, policy: str, index: Index, bits: int) -> Fraction:
        """Return something far away."""
        return Fraction(5)


@dataclass(frozen=True)
class Shallow(Simplex):
    """A simplex that answers with the truth long before the depth that it claims."""

    def shown(self, policy: str, index: Index, bits: int) -> Fraction:
        """Return what depends on the precision alone up to 5 digits, and then what lies within no coupling."""
        return Fraction(1) if bits < 5 else Fraction(1) + Fraction(2, 2**bits)


@pytest.mark.parametrize("problem", [Lying(), Shallow()], ids=lambda problem: type(problem).__name__)
def test_an_illegal_oracle_breaks_the_chain(problem: Simplex, monkeypatch: pytest.MonkeyPatch) -> None:
    from onehalf import prove as module

    monkeypatch.setattr(module, "_exclusion", lambda p: module._simplex(p))
    proof = prove(problem, "blind")
    assert not proof.holds
    assert next(step.title for step in proof.steps if not step.holds) == "Legal answers"
    assert proof.conclusion not in as_text(proof)
    assert "Not proved" in as_page(proof)


def test_a_page_is_whole_and_fetches_nothing() -> None:
    class Reader(HTMLParser):
        tags: list[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tags.append(tag)
            assert tag not in ("script", "img", "iframe")

    reader = Reader()
    reader.tags = []
    proof = prove(AlternatingTraining(exponent=9), "blind")
    reader.feed(as_page(proof))
    assert reader.tags.count("li") == len(proof.steps)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "simplex[answers=3]", "--json"]) == 0
    assert '"holds": true' in capsys.readouterr().out
    assert main(["prove", "linear-program[digits=1]"]) == 2
    assert "one output that serves every input" in capsys.readouterr().err
