"""Proofs of users' families: what a family offers is checked; what it does not is said, and nothing claimed of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

import pytest

import onehalf as oh
from onehalf.cli import main
from onehalf.proof.prove import prove
from onehalf.proof.steps import as_page, as_text

PURSUIT = Path(__file__).parent / "plugins" / "basis_pursuit_0_1.py"


def test_a_family_without_a_proof_is_shown_with_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", f"{PURSUIT}::BasisPursuit[exponent=9]"]) == 0
    said = capsys.readouterr().out
    assert " [not offered] Exclusion: the basis-pursuit family offers no proof" in said
    assert (
        "The chain is not closed: nothing above says why of Exclusion. What follows rests on it, unproved:"
        in said
    )
    assert said.count("[checked]") == 7
    assert "FALSE" not in said


@dataclasses.dataclass(frozen=True)
class Sign(oh.LinearProgram):
    """One with an axis of another name, of values ±2^-gap + shift, and a policy that shows what depends on n."""

    family: ClassVar[str] = "own"
    policies: ClassVar[tuple[str, ...]] = ("honest", "ladder")
    constant: ClassVar[tuple[str, ...]] = ()
    wrong_at: int = -1
    shift: Fraction = Fraction(0)

    def value(self, member: oh.Input, index: tuple[int, int]) -> Fraction:
        """Return an entry."""
        return super().value(member, index) + self.shift

    def shown(self, policy: str, index: tuple[int, int], bits: int) -> Fraction:
        """Return 1 + 2^-(n + 1), or at one precision what is not legal."""
        return self.shift + (Fraction(5) if bits == self.wrong_at else 1 + Fraction(1, 2 << bits))

    def bound(self, policy: str) -> oh.Bound:
        """Return the depth at which 2^-(n + 1) + δ is still at most 2^-n.

        Of a shift by 1/3 every multiple of 2^-(n + 1) is (1/3)·2^-(n + 1) away or more, which is δ or more up to e − 3.
        """
        return oh.Bound("1", ("1", "2"), self.exponent - (3 if self.shift else 1))

    def exclusion(self) -> Iterator[oh.Step]:
        """Say that the answers are disjoint."""
        yield oh.Step("Exclusion", "Said by the family.", True)


def test_precisions_that_nobody_argues_are_sampled() -> None:
    proof = prove(Sign(exponent=30_001), "ladder")
    (step,) = (step for step in proof.steps if step.title == "All precisions")
    assert (step.mark, proof.holds, proof.closed) == ("sampled", True, True)
    assert "of those in between the family says nothing" in step.statement
    assert "Granted the fact marked [sampled]" in as_text(proof)


@pytest.mark.parametrize(("wrong", "holds"), [(5, False), (15_000, False), (15_001, True)])
def test_an_answer_that_is_not_legal_is_false_where_it_is_tried(wrong: int, holds: bool) -> None:
    # 201 precisions are spread over 0, …, 30,000: 15,000 is among them, its neighbour is not.
    proof = prove(Sign(exponent=30_001, wrong_at=wrong), "ladder")
    assert proof.holds == holds


@pytest.mark.parametrize("exponent", [9, 30_001])
def test_honest_answers_that_are_no_whole_numbers_are_not_argued_as_such(exponent: int) -> None:
    shifted = Sign(exponent=exponent, shift=Fraction(1, 3))
    proof = prove(shifted, "honest")
    assert proof.holds, as_text(proof)
    marks = {step.title: step.mark for step in proof.steps}
    assert marks.get("All precisions", "sampled") == "sampled"
    assert ("All precisions" in marks) == (exponent > 9)


@dataclasses.dataclass(frozen=True)
class Limited(oh.Simplex):
    """A simplex that cannot be brought closer."""

    family: ClassVar[str] = "limited"
    limit: bool = True

    def at(self, closeness: int) -> oh.Problem:
        """Refuse."""
        raise oh.InvalidValue("problem", "limited", "is as close as it is", "leave it")


def test_where_inputs_cannot_come_closer_the_oracle_of_the_limit_is_not_compared() -> None:
    proof = prove(Limited(answers=3), "blind")
    (step,) = (step for step in proof.steps if not step.offered)
    assert step.title == "One oracle for ι⁰ (Remark 2b)"
    assert "is as close as it is" in step.statement
    assert "not closed" in as_page(proof)


def test_the_limit_is_compared_along_the_axis_whatever_it_is_called() -> None:
    @dataclasses.dataclass(frozen=True)
    class Gap(oh.Simplex):
        axes = (oh.Axis("exponent", "g", "closeness under another symbol"),)

    proof = prove(Gap(answers=3, limit=True, exponent=7), "blind")
    assert any("for g = 8, 14 and 70" in step.statement for step in proof.steps)
    assert proof.closed


def test_a_bound_of_no_theorem_is_refused() -> None:
    class Fourth(oh.Simplex):
        def bound(self, policy: str) -> oh.Bound:
            return dataclasses.replace(super().bound(policy), theorem="4")

    with pytest.raises(oh.BrokenFamily, match="its bound is by Theorem 4, and there are 1, 2 and 3"):
        prove(Fourth(), "blind")
