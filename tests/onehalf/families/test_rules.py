"""The rules of families: what ships keeps them all, and each is broken by a family made for it, and told by name."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import pytest

import onehalf as oh
from algorithms.conformance.family_rules import RULES
from onehalf.cli import main
from oracle.families import known_families

PURSUIT = Path(__file__).parent / "plugins" / "basis_pursuit_0_1.py"


@dataclasses.dataclass(frozen=True)
class Own(oh.LinearProgram):
    """A family in order."""

    family: ClassVar[str] = "own"


@pytest.mark.parametrize("family", known_families())
def test_what_ships_keeps_every_rule(family: str) -> None:
    report = oh.check(known_families()[family])
    assert report.passed, str(report)
    assert [ruling.rule for ruling in report.findings] == [*RULES, "deterministic"]
    assert str(report).startswith(f"family {family}\n")


@pytest.mark.parametrize(
    "text",
    [
        "training[limit=true]",
        "training[free=true]",
        "training[a=1/sqrt(2),hidden=[2,2],cost=mean-squared,exponent=1]",
        "stability[a=pi/4]",
        "linear-program[digits=1]",
        "simplex[answers=4,limit=true]",
        "simplex[answers=3,exponent=3000]",
    ],
)
def test_what_ships_keeps_them_with_other_parameters(text: str) -> None:
    report = oh.check(text)
    assert report.passed, str(report)


def shown(answer: Callable[[Own, int], Fraction]) -> dict[str, Any]:
    return {"shown": lambda self, policy, index, bits: answer(self, bits)}


def deeper(by: int) -> dict[str, Any]:
    def bound(self: Own, policy: str) -> oh.Bound:
        found = oh.LinearProgram.bound(self, policy)
        return dataclasses.replace(found, depth=found.depth + by)

    return {"bound": bound}


def raises(*rest: Any) -> Any:
    raise KeyError("oh")


def exits(*rest: Any) -> Any:
    os._exit(3)


def hangs(*rest: Any) -> Any:
    time.sleep(60)


_count = itertools.count()


def lossy(self: Own, output: Sequence[Fraction]) -> bytes:
    return json.dumps(
        [max(min(float(x), 1e300), -1e300) if abs(x) < 10**300 else 0.0 for x in output]
    ).encode()


def from_floats(self: Own, body: bytes) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, json.loads(body)))


def everything(self: Own, outputs: Sequence[Any]) -> list[tuple[oh.Verdict, ...]]:
    return [(oh.Verdict("accepted", 1.0),) * 2 for _ in outputs]


def by_float(self: Own, outputs: Sequence[Any]) -> list[tuple[oh.Verdict, ...]]:
    return [(oh.Verdict("rejected", float(x)),) * 2 for x, _ in outputs]


def by_place(self: Own, outputs: Sequence[Any]) -> list[tuple[oh.Verdict, ...]]:
    found = oh.LinearProgram.judge(self, outputs)
    return [*found[:-1], found[-1][::-1]] if len(found) > 1 else found


def by_coin(self: Own, outputs: Sequence[Any]) -> list[tuple[oh.Verdict, ...]]:
    found = oh.LinearProgram.judge(self, outputs)
    return [tuple(oh.Verdict(v.kind, v.margin + next(_count)) for v in row) for row in found]


def one_for_all(self: Own, outputs: Sequence[Any]) -> list[tuple[oh.Verdict, ...]]:
    return [row[:1] for row in oh.LinearProgram.judge(self, outputs)]


BROKEN: dict[str, tuple[dict[str, Any], str, str]] = {
    "illegal answers": (shown(lambda self, bits: Fraction(5)), "answers are legal", "it shows 5 for n = 0"),
    "illegal at one precision": (
        shown(lambda self, bits: Fraction(5 if bits == 2 else 1)),
        "answers are legal",
        "it shows 5 for n = 2",
    ),
    "no dyadic answers": (
        shown(lambda self, bits: 1 + Fraction(1, 3 << (self.exponent + 2))),
        "answers are legal",
        "show a dyadic fraction",
    ),
    "overstated by 17": (deeper(17), "coupling depth is true", "is overstated, and 52 is seen to be true"),
    "overstated by 1": (deeper(1), "coupling depth is true", "is overstated"),
    "understated": (deeper(-13), "coupling depth is true", "first differ at n = 53: depth 39 is understated, say 52"),
    "insensitive": (
        {
            "sensitive": lambda self, index: False,
            "value": lambda self, member, index: self.facts.coefficient(member),
        },
        "inputs differ where it says",
        "which `sensitive` denies",
    ),
    "wrong witness": (
        {"judge": lambda self, outputs: [row[::-1] for row in oh.LinearProgram.judge(self, outputs)]},
        "witnesses are accepted",
        "that of input 1 is rejected there",
    ),
    "accepts everything": ({"judge": everything}, "no output for two inputs", "is accepted on inputs 1 and 2"),
    "judge raises": ({"judge": raises}, "judge is total", "raises KeyError: 'oh'"),
    "judge overflows": ({"judge": by_float}, "judge is total", "raises OverflowError"),
    "judge looks around": ({"judge": by_place}, "judge is total", "another verdict alone"),
    "too few verdicts": ({"judge": one_for_all}, "judge is total", "1 verdicts for 2 inputs"),
    "lossy encoding": ({"encode": lossy, "decode": from_floats}, "encoding is exact", "which is not what was encoded"),
    "text for bytes": (
        {"encode": lambda self, output: "x", "decode": lambda self, body: (Fraction(0), Fraction(0))},
        "encoding is exact",
        "encode gives str: give bytes",
    ),
    "check_output raises": (
        {"check_output": lambda self, output: tuple(map(Fraction, output))},
        "refuses what is no output",
        "makes check_output raise TypeError",
    ),
    "random judge": ({"judge": by_coin}, "deterministic", "asked twice, its verdicts differ"),
    "parameters lost": (
        {"parameters": lambda self: {"exponent": 9}},
        "parameters make it again",
        "another problem is made",
    ),
    "parameters not JSON": ({"parameters": lambda self: {"y": self.y}}, "parameters make it again", "raises TypeError"),
    "strange bound": (
        {"bound": lambda self, policy: oh.Bound("1", ("1", "5"), 52)},
        "bound names inputs",
        "and inputs are 1, 2",
    ),
    "negative depth": (deeper(-99), "bound names inputs", "a depth is a whole number from 0 on"),
    "axis without parameter": (
        {"axes": (oh.Axis("gap", "g", "no such thing"),)},
        "parameters make it again",
        "axes: gap is no parameter",
    ),
    "at does something else": ({"at": lambda self, e: self}, "inputs come closer", "change that and nothing else"),
    "value raises": ({"value": raises}, "facts hide the truth", "raises KeyError"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_told_by_its_name(name: str) -> None:
    space, rule, says = BROKEN[name]
    report = oh.check(
        dataclasses.dataclass(frozen=True)(type("Broken", (Own,), {"__module__": __name__, **space}))
    )
    told = {ruling.rule: ruling.sentence for ruling in report.failures}
    assert says in told.get(rule, ""), str(report)
    assert "Traceback" not in str(report)
    if rule == "coupling depth is true":
        assert list(told) == [rule]


class Forgetful(oh.LinearProgram):
    """Its facts say which input was asked for last."""

    family = "forgetful"
    asked: ClassVar[list[str]] = [""]

    @property
    def facts(self) -> Any:
        """Facts with a hole."""
        found = oh.LinearProgram.facts.func(self)  # type: ignore[attr-defined]
        digits = 4 if self.asked[0] != "2" else 5
        return dataclasses.replace(found, digits=digits)

    def value(self, member: oh.Input, index: tuple[int, int]) -> Fraction:
        """Return an entry, and remember of what."""
        self.asked[0] = member.name
        return super().value(member, index)


def test_facts_that_change_with_the_input_are_told() -> None:
    told = {ruling.rule: ruling.sentence for ruling in oh.check(Forgetful()).failures}
    assert "they change when input 2 is asked for" in told["facts hide the truth"]


@dataclasses.dataclass(frozen=True)
class Confused(Own):
    """Its facts recognise the wrong input, or one where several would do."""

    how: str = "swapped"

    @property
    def facts(self) -> Any:  # type: ignore[override]
        """Facts that recognise in their own way."""
        return _ConfusedFacts(self._y, self.digits, self.exponent, how=self.how)

    def parameters(self) -> dict[str, Any]:
        """Return all parameters."""
        return {**super().parameters(), "how": self.how}


@dataclasses.dataclass(frozen=True)
class _ConfusedFacts(type(oh.LinearProgram().facts)):  # type: ignore[misc]
    how: str = "swapped"

    def recognise(self, answers: Sequence[Fraction], bits: int) -> oh.Input | None:
        found = super().recognise(answers, bits)
        if self.how == "swapped":
            return found and self.members[found.name == "1"]
        return None if self.how == "never" else self.members[0] if bits < 53 else found


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("swapped", "on input 1 are taken for 2"),
        ("never", "input 1 is not told from its answers"),
        ("hasty", "taken for"),
    ],
)
def test_facts_that_recognise_wrongly_are_told(how: str, says: str) -> None:
    told = {ruling.rule: ruling.sentence for ruling in oh.check(Confused(how=how)).failures}
    assert says in told["recognise is consistent"]


@pytest.mark.parametrize(
    ("judge", "says"), [(exits, "the process that looked at it died"), (hangs, "ran for more than 1 s")]
)
def test_a_family_that_ends_or_stops_its_process_hurts_nobody(judge: Any, says: str) -> None:
    kind = type("Broken", (Own,), {"__module__": __name__, "judge": judge})
    report = oh.check(kind(), budget=oh.Budget(seconds=1.0))
    assert [(r.rule, says in r.sentence) for r in report.failures] == [("witnesses are accepted", True)], str(
        report
    )
    assert report.findings[-1].outcome == "skipped"


def test_a_family_whose_words_depend_on_the_process_is_told(tmp_path: Path) -> None:
    file = tmp_path / "hashed.py"
    file.write_text(
        "import dataclasses\nimport onehalf as oh\n"
        "@dataclasses.dataclass(frozen=True)\nclass Hashed(oh.LinearProgram):\n    family = 'hashed'\n"
        "    def judge(self, outputs):\n"
        "        shift = float(hash('a') % 1000)\n"
        "        return [tuple(oh.Verdict(v.kind, v.margin + shift) for v in r) for r in super().judge(outputs)]\n"
    )
    told = {ruling.rule: ruling.sentence for ruling in oh.check(str(file)).failures}
    assert list(told) == ["deterministic"]
    assert "in a new process its verdicts differ" in told["deterministic"]


def test_the_families_and_the_algorithms_of_a_file_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(PURSUIT)]) == 0
    said = capsys.readouterr().out
    assert said.index("family basis-pursuit\n") < said.index("bp-solver on basis-pursuit\n")
    assert said.count("\npasses\n") == 2
    report = oh.check(str(PURSUIT))
    assert report.passed
    rules = [ruling.rule for ruling in report.findings]
    assert {"basis-pursuit: answers are legal", "bp-solver: output in M"} <= set(rules)
    assert main(["check", f"{PURSUIT}::BasisPursuit[exponent=3]", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["algorithm"], found["passed"]) == ("family basis-pursuit", True)
    assert "exponent = 3" in found["findings"][0]["sentence"]


def test_an_algorithm_is_not_blamed_for_the_family_it_faces(tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    body = PURSUIT.read_text(encoding="utf-8")
    file.write_text(
        body.replace('return Fraction(1) if policy == "blind" else', "return Fraction(5) if policy else")
    )
    assert file.read_text() != body
    report = oh.check(f"{file}::bp-solver")
    (ruling,) = report.findings
    assert (ruling.rule, ruling.outcome) == ("faces a family in order", "failed")
    assert "is 5, further than that from input 1" in ruling.sentence


WORDS = """
import dataclasses
import onehalf as oh

@dataclasses.dataclass(frozen=True)
class Facts(type(oh.LinearProgram().facts)):
    family = "words"

    def witness(self, member):
        return member.name

@dataclasses.dataclass(frozen=True)
class Words(oh.LinearProgram):
    family = "words"

    @property
    def facts(self):
        old = super().facts
        return Facts(**{field.name: getattr(old, field.name) for field in dataclasses.fields(old)})

    def check_output(self, output):
        if not isinstance(output, str) or output not in ("1", "2"):
            raise oh.InvalidOutput("output: return '1' or '2'")
        return output

    def judge(self, outputs):
        yes, no = oh.Verdict("accepted", 1.0), oh.Verdict("rejected", -1.0)
        return [tuple(yes if x == member.name else no for member in self.inputs) for x in outputs]

    def encode(self, output):
        return output.encode()

    def decode(self, body):
        return body.decode()BREAK
"""


def test_outputs_may_be_words(tmp_path: Path) -> None:
    whole, wrong = tmp_path / "words.py", tmp_path / "wrong.py"
    whole.write_text(WORDS.replace("BREAK", ""))
    wrong.write_text(WORDS.replace("BREAK", " + ' '"))
    report = oh.check(str(whole))
    assert report.passed, str(report)
    told = {ruling.rule: ruling.sentence for ruling in oh.check(str(wrong)).failures}
    assert "is decoded, which is not what was encoded" in told["encoding is exact"]


def test_an_algorithm_is_not_blamed_for_a_family_that_cannot_say_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "silent.py"
    file.write_text(
        PURSUIT.read_text(encoding="utf-8").replace("    def facts(self)", "    def facts(self, also)")
    )
    (ruling,) = oh.check(f"{file}::bp-solver").findings
    assert (ruling.rule, ruling.outcome) == ("faces a family in order", "failed")
    assert "its facts raises TypeError" in ruling.sentence


def test_a_family_without_policies_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mute.py"
    file.write_text(
        "import onehalf as oh\nclass Mute(oh.LinearProgram):\n    family = 'mute'\n    policies = ()\n"
    )
    for command in (["check", str(file)], ["run", "coin-flip", "--problem", str(file)]):
        assert main(command) == 2
        assert "mute.py::Mute': says of no policy how its oracles may answer" in capsys.readouterr().err
