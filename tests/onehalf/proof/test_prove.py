"""Chains of checked facts: they hold where the bound does, and break where a fact is false."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest

from onehalf.cli import main
from onehalf.families.linear_program.problem import LinearProgram
from onehalf.families.simplex.problem import Simplex
from onehalf.families.training.forcing import forcing
from onehalf.families.training.problem import AlternatingTraining
from onehalf.proof.prove import prove
from onehalf.proof.steps import as_page, as_text
from oracle.costs import COSTS, Cost
from oracle.errors import InvalidValue
from oracle.problems import Index, Problem


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
def test_an_illegal_oracle_breaks_the_chain(problem: Simplex) -> None:
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


@pytest.mark.parametrize(
    ("cost", "says"),
    [
        ("max", "ε = ε̂ = 1/4. If R ≤ ε then every e_k ≤ max_k e_k"),
        ("mean-absolute", "ε = ε̂/r = 1/112. If"),
        ("mean-squared", "ε = ε̂²/r = 1/448. If"),
        ("cross-entropy", "decided as 1 − Π_k (1 − e_k) ≤ 1/4. If"),
    ],
)
def test_a_standard_cost_is_proved_by_an_inequality(cost: str, says: str) -> None:
    (step,) = (s for s in prove(AlternatingTraining(cost=cost), "blind").steps if s.title == "Cost")
    assert (step.mark, says in step.statement) == ("checked", True), step.statement


@pytest.mark.parametrize("cost", ["max", "mean-squared"])
def test_a_threshold_that_is_not_the_proved_one_is_false(cost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = dataclasses.replace(COSTS[cost], threshold=lambda tolerance, r: tolerance / (r + 1))
    monkeypatch.setitem(COSTS, cost, wrong)
    assert forcing(wrong, [0, 1, 0], Fraction(1, 4)).mark == "FALSE"


def test_a_users_cost_is_sampled_and_says_so() -> None:
    def value(values: Sequence[Any], labels: Sequence[int]) -> Any:
        return 2 * max(abs(v - w) for v, w in zip(values, labels, strict=True))

    own = Cost("max", value, lambda tolerance, r: 2 * tolerance)
    proof = prove(AlternatingTraining(cost=own), "blind")  # type: ignore[arg-type]
    assert proof.holds
    assert "[sampled] Cost" in as_text(proof)
    assert "Granted the fact marked [sampled]" in as_page(proof)
    assert "[sampled]" not in as_text(prove(AlternatingTraining(), "blind"))
    generous = Cost("own", value, lambda tolerance, r: 4 * tolerance)
    assert forcing(generous, [0, 1], Fraction(1, 4)).mark == "FALSE"


@pytest.mark.parametrize(
    ("problem", "policy"),
    [
        *((AlternatingTraining(exponent=10**6), p) for p in AlternatingTraining.policies),
        *((LinearProgram(exponent=10**5), p) for p in LinearProgram.policies),
        (Simplex(answers=3, exponent=10**5, limit=True), "blind"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.family,
)
def test_precisions_that_are_not_tried_are_argued(problem: Problem, policy: str) -> None:
    proof = prove(problem, policy)
    assert proof.holds
    assert [step.title for step in proof.steps].count("All precisions") == 1


@dataclass(frozen=True)
class Dip(Simplex):
    """A simplex whose blind oracle errs at a precision that is not among those tried one by one."""

    def shown(self, policy: str, index: Index, bits: int) -> Fraction:
        """Return 1, and 5 half-way."""
        return Fraction(5 if bits == self.exponent // 2 else 1)


def test_an_oracle_that_errs_between_breaks_the_chain() -> None:
    proof = prove(Dip(exponent=10**5), "blind")
    assert [step.title for step in proof.steps if not step.holds] == ["All precisions"]


def test_the_chain_is_closed_by_an_inequality() -> None:
    assert "p_1 + p_2 ≤ (1 − t) + 2t = 1 + t" in as_text(prove(AlternatingTraining(), "blind"))
    assert "p_1 + … + p_4 ≤ (1 − t) + 4t = 1 + 3t" in as_page(prove(Simplex(answers=4), "decoy"))
    assert "p_0 + p_1 ≤ 1 + u" in prove(AlternatingTraining(limit=True, exponent=9), "mirage").argument


def test_of_stability_it_is_said_what_is_about_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "stability"]) == 2
    said = capsys.readouterr().err
    assert "no bound by Theorem 1" in said
    assert "run onehalf stability" in said


def test_a_proof_as_json_says_what_its_bound_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "training[hidden=[4,4],exponent=60]", "--oracle", "honest", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["bounded"]
    assert told["parameters"] == AlternatingTraining(hidden=(4, 4), exponent=60).parameters()
    assert (told["theorem"], told["coupling_depth"], told["pieces"], told["bound"]) == ("1", 59, 25, "1/2")
    assert (told["exclusive"], told["limit_input"], told["oracle"]) == (["1", "2"], "", "honest")
