"""An answer that is not legal is refused at run time, whoever wrote the family, and is no outcome of an algorithm's."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onehalf as oh
from onehalf.families.linear_program.problem import LinearProgram
from onehalf.families.simplex.problem import Simplex
from onehalf.proof.prove import prove
from oracle.errors import BrokenFamily
from oracle.numbers import Real, parse_real
from oracle.problems import Bound, Index, Input, Oracle, Problem
from oracle.session import Budget, Session
from tests.scale import WHOLE

FIXED = settings(derandomize=True, deadline=None, max_examples=60)


@dataclass(frozen=True)
class Own(LinearProgram):
    """A family of a user's, in order."""

    family = "own"


@dataclass(frozen=True)
class Five(Own):
    """It shows 5 where the truth is 1 or 1 ± δ."""

    def shown(self, policy: str, index: Index, bits: int) -> Fraction:
        """Return 5."""
        return Fraction(5)


@dataclass(frozen=True)
class Deep(Own):
    """It says that its inputs are coupled to 70 digits, where they are to 53."""

    def bound(self, policy: str) -> Bound:
        """Return a bound of another depth."""
        return dataclasses.replace(super().bound(policy), depth=70)


@dataclass(frozen=True)
class Dip(Own):
    """It errs at one precision alone."""

    def shown(self, policy: str, index: Index, bits: int) -> Fraction:
        """Return what is legal, but for 17 digits."""
        return Fraction(5) if bits == 17 else super().shown(policy, index, bits)


@dataclass(frozen=True)
class Insensitive(Own):
    """It calls no entry sensitive."""

    def value(self, member: Input, index: Index) -> Fraction:
        """Return the entry."""
        return self.facts.coefficient(member) if index == (0, 1) else Fraction(1)

    def sensitive(self, index: Index) -> bool:
        """Return that inputs differ nowhere."""
        return False


@dataclass(frozen=True)
class Floats(Own):
    """Its entries are float64."""

    def value(self, member: Input, index: Index) -> Any:
        """Return a float."""
        return float(super().value(member, index))


@dataclass(frozen=True)
class Raises(Own):
    """It divides by zero."""

    def value(self, member: Input, index: Index) -> Fraction:
        """Raise."""
        return Fraction(1, 0)


@dataclass(frozen=True)
class NoJudge(Own):
    """Its judge raises."""

    def judge(self, outputs: Sequence[Any]) -> Any:
        """Raise."""
        raise KeyError("verdict")


@dataclass(frozen=True)
class NoFacts(Own):
    """Its facts raise."""

    @property
    def facts(self) -> Any:
        """Raise."""
        raise RuntimeError("facts")


@dataclass(frozen=True)
class NoParameters(Own):
    """Its parameters raise."""

    def parameters(self) -> Any:
        """Raise."""
        raise KeyError("exponent")


@dataclass(frozen=True)
class NoInputs(Own):
    """Its inputs raise."""

    @property
    def inputs(self) -> Any:
        """Raise."""
        raise IndexError("inputs")


@dataclass(frozen=True)
class NoBound(Own):
    """Its bound raises."""

    def bound(self, policy: str) -> Bound:
        """Raise."""
        raise ArithmeticError("bound")


@dataclass(frozen=True)
class Misnamed(Own):
    """Its bound names an input that is not there."""

    def bound(self, policy: str) -> Bound:
        """Return a bound of other inputs."""
        return dataclasses.replace(super().bound(policy), exclusive=("1", "3"))


@dataclass(frozen=True)
class Worded(Own):
    """Its depth is text."""

    def bound(self, policy: str) -> Bound:
        """Return a bound without a number."""
        return dataclasses.replace(super().bound(policy), depth="53")  # type: ignore[arg-type]


@dataclass(frozen=True)
class NoSense(Own):
    """It cannot say where inputs differ."""

    def sensitive(self, index: Index) -> bool:
        """Raise."""
        raise KeyError(index)


@dataclass(frozen=True)
class HalfSense(Own):
    """It cannot say of an entry beside the probe whether inputs differ there."""

    def sensitive(self, index: Index) -> bool:
        """Raise, but at the probe."""
        return {(0, 1): True}[index]


@dataclass(frozen=True)
class NoEncoding(Own):
    """It cannot encode."""

    def encode(self, output: Any) -> bytes:
        """Raise."""
        raise TypeError("bytes")


@dataclass(frozen=True)
class Irrational(Own):
    """Its coefficient is (1 + s·δ)/√2, and blind shows the dyadic number next to 1/√2 from below or above."""

    legal: bool = True

    def value(self, member: Input, index: Index) -> Real:
        """Return an irrational entry."""
        return parse_real("1/sqrt(2)") * super().value(member, index)

    def shown(self, policy: str, index: Index, bits: int) -> Fraction:
        """Return ⌊2^n/√2⌋/2^n if legal, else one 2^-n above the ceiling."""
        below = parse_real("1/sqrt(2)").floor_scaled(bits)  # type: ignore[union-attr]
        return Fraction(below if self.legal else below + 2, 1 << bits)

    def sensitive(self, index: Index) -> bool:
        """Tell that every entry is irrational; only the second one differs."""
        return index == (0, 1)

    def bound(self, policy: str) -> Bound:
        """Return a depth of 20, less than the 50 bits of δ."""
        return Bound("1", ("1", "2"), 20)


@oh.algorithm("swallows")
def swallows(task: oh.Task, rng: np.random.Generator, *, bits: int = 17) -> tuple[int, int]:
    """Read, whatever that raises, and answer."""
    try:
        task.read_exact(bits)
    except BaseException:
        return 1, 0
    return 0, 1


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (Five(), "is 5, further than that from input 1"),
        (Deep(), "alike to depth 70"),
        (Dip(), "to within 2^-17 is 5"),
        (Insensitive(), "inputs 1 and 2 differ there, and it is called insensitive"),
        (Floats(), "comes of a float: `value` returns exact numbers"),
        (Raises(), "raises ZeroDivisionError"),
        (NoJudge(), "its judge raises KeyError"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Problem) else "",
)
@pytest.mark.parametrize(
    ("algorithm", "jobs"),
    [("coin-flip", 1), (swallows, 1), *[(a, 2) for a in ("coin-flip", swallows) if WHOLE]],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_broken_family_is_refused_and_nothing_is_recorded(
    problem: Problem, says: str, algorithm: Any, jobs: int, tmp_path: Path
) -> None:
    if isinstance(problem, Dip | Insensitive) and algorithm is not swallows:
        pytest.skip("what is broken there is seen when it is asked for")
    with pytest.raises(BrokenFamily, match=r"^problem='own': ") as refused:
        oh.run(problem, algorithm, oracle="blind", trials=20, directory=tmp_path / "run", jobs=jobs)
    assert says in str(refused.value)
    with closing(sqlite3.connect(tmp_path / "run" / "trials.sqlite")) as store:
        assert store.execute("SELECT COUNT(*) FROM outcomes").fetchone() == (0,)


def test_a_broken_family_is_refused_by_two_workers(tmp_path: Path) -> None:
    with pytest.raises(BrokenFamily, match=r"^problem='own': .*alike to depth 70"):
        oh.run(Deep(), swallows, oracle="blind", trials=20, directory=tmp_path / "run", jobs=2)


UNSOUND = [
    (NoFacts(), "its facts raises RuntimeError: facts"),
    (NoParameters(), "its parameters raises KeyError"),
    (NoInputs(), "its inputs raises IndexError"),
    (NoBound(), "its bound raises ArithmeticError"),
    (Misnamed(), "exclusive=('1', '3')"),
    (Worded(), "depth='53'"),
]


@pytest.mark.parametrize(
    ("problem", "says"),
    [*UNSOUND, (NoSense(), "raises KeyError"), (NoEncoding(), "it cannot encode an output that it takes")],
    ids=lambda value: type(value).__name__ if isinstance(value, Problem) else "",
)
def test_a_family_that_cannot_say_what_it_is_is_refused(problem: Problem, says: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenFamily, match=r"^problem='own': ") as refused:
        oh.run(problem, "coin-flip", oracle="blind", trials=3, directory=tmp_path / "run", jobs=1)
    assert says in str(refused.value)


def test_an_entry_of_which_nothing_is_said_ends_the_run() -> None:
    @oh.algorithm("asks-beside")
    def asks_beside(task: oh.Task, rng: np.random.Generator) -> tuple[int, int]:
        try:
            task.ask(0, 0, 3)
        except BaseException:
            return 1, 0
        return 0, 1

    with pytest.raises(BrokenFamily, match=r"at entry \(0, 0\) .* raises KeyError"):
        oh.run(HalfSense(), asks_beside, oracle="blind", trials=3, jobs=1)


@pytest.mark.parametrize(
    ("problem", "says"),
    [*UNSOUND, (NoSense(), "raises KeyError"), (NoJudge(), "while its facts are checked it raises KeyError")],
    ids=lambda value: type(value).__name__ if isinstance(value, Problem) else "",
)
def test_nothing_is_proved_of_a_family_that_raises(problem: Problem, says: str) -> None:
    with pytest.raises(BrokenFamily, match=r"^problem='own': ") as refused:
        prove(problem, "blind")
    assert says in str(refused.value)


def test_an_overstated_depth_of_honest_oracles_is_refused() -> None:
    with pytest.raises(BrokenFamily, match="differs on inputs 1 and 2"):
        oh.run(Deep(), "coin-flip", oracle="honest", trials=2)


def test_the_command_ends_with_one_sentence_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from onehalf.cli import main

    file = tmp_path / "five.py"
    file.write_text(
        "from dataclasses import dataclass\nfrom fractions import Fraction\n\n"
        "from onehalf.families.linear_program.problem import LinearProgram\n\n\n"
        "@dataclass(frozen=True)\nclass Five(LinearProgram):\n    family = 'five'\n\n"
        "    def shown(self, policy, index, bits):\n        return Fraction(5)\n",
        encoding="utf-8",
    )
    command = ["run", "coin-flip", "--problem", f"{file}::Five", "--oracle", "blind", "--jobs", "1"]
    assert main([*command, "--out", str(tmp_path / "run")]) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("onehalf: problem='five': the answer of its blind oracle")


@pytest.mark.parametrize("policy", Simplex.policies)
@pytest.mark.parametrize("bits", [0, 5, 8, 9, 40])
def test_an_overstated_depth_is_refused_at_each_precision_beyond(policy: str, bits: int) -> None:
    @dataclass(frozen=True)
    class Overstated(Simplex):
        def bound(self, policy: str) -> Bound:
            found = super().bound(policy)
            return dataclasses.replace(found, depth=found.depth + 30)

    problem = Overstated(answers=3, exponent=9)
    true = Simplex(answers=3, exponent=9).bound(policy).depth
    oracle = Oracle(problem, problem.inputs[0], policy)
    if true < bits <= true + 30:
        with pytest.raises(BrokenFamily):
            oracle.answer((0, 0), bits)
    else:
        oracle.answer((0, 0), bits)


@FIXED
@given(bits=st.integers(0, 20), legal=st.booleans())
def test_irrational_entries_are_compared_exactly(bits: int, legal: bool) -> None:
    problem = Irrational(exponent=50, legal=legal)
    oracle = Oracle(problem, problem.inputs[0], "blind")
    if legal:
        assert problem.value(problem.inputs[0], (0, 1)) - oracle.answer((0, 1), bits) >= 0
    else:
        with pytest.raises(BrokenFamily, match=f"within 2\\^-{bits} is"):
            oracle.answer((0, 1), bits)


def test_an_answer_is_checked_once_in_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Own()
    asked: list[int] = []
    shown = LinearProgram.shown

    def counting(self: LinearProgram, policy: str, index: Index, bits: int) -> Fraction:
        asked.append(bits)
        return shown(self, policy, index, bits)

    monkeypatch.setattr(LinearProgram, "shown", counting)
    session = Session(Oracle(problem, problem.inputs[0], "blind"), Budget())
    for _ in range(3):
        session.answer((0, 1), 12)
    assert asked == [12]


def test_a_run_whose_family_is_at_fault_gets_no_more_answers() -> None:
    problem = Dip()
    session = Session(Oracle(problem, problem.inputs[0], "blind"), Budget())
    session.answer((0, 1), 3)
    for bits in (17, 3):
        with pytest.raises(BaseException, match="to within 2\\^-17 is 5"):
            session.answer((0, 1), bits)
    assert isinstance(session.fault, BrokenFamily)
