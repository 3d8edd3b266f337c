"""`oh.rules`: a case for each rule, run by pytest itself, and only when it is reached."""

from pathlib import Path
from typing import Any

import pytest

import onehalf as oh
from algorithms.conformance import testing
from algorithms.conformance.report import Report
from algorithms.conformance.rules import Ruling

FOUND = (
    Ruling("runs", "failed", "a sentence of what was seen"),
    Ruling("halts on input 1", "passed", "within the budgets"),
    Ruling("output in M", "skipped", "no run halted"),
    Ruling("deterministic given oracle and seed", "failed", "its outputs differ"),
    Ruling("faces a family in order", "failed", "the family is broken"),
)


def test_each_rule_is_a_case_with_its_own_end(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []

    def once(subject: object, problem: object, budget: object) -> Report:
        checked.append(subject)
        return Report("half", ("simplex",), FOUND)

    monkeypatch.setattr(testing, "check_one", once)
    test: Any = oh.rules("coin-flip", expected_failures={"runs": "on purpose"})
    assert checked == []
    (mark,) = test.pytestmark
    cases = {case.values[1]: case for case in mark.args[1]}
    assert [case.id for case in mark.args[1]] == [f"coin-flip: {name}" for name in cases]
    (expected,) = cases["runs"].marks
    assert (expected.name, expected.kwargs) == ("xfail", {"reason": "on purpose", "strict": True})
    assert not any(case.marks for name, case in cases.items() if name != "runs")
    for name, outcome, sentence in (
        ("runs", pytest.fail.Exception, "a sentence of what was seen"),
        ("deterministic given oracle and seed", pytest.fail.Exception, "its outputs differ"),
        (testing.OTHERWISE, pytest.fail.Exception, "faces a family in order: the family is broken"),
        ("output in M", pytest.skip.Exception, "no run halted"),
        ("claims are booleans", pytest.skip.Exception, "it was not looked at"),
    ):
        with pytest.raises(outcome, match=sentence):
            test(*cases[name].values)
    test(*cases["halts"].values)
    assert len(checked) == 1


def test_the_names_are_those_of_the_suite() -> None:
    """Every finding on an algorithm that ships is about a rule that has a case, and every case has one."""
    report, names = oh.check("coin-flip", problem="simplex"), testing.ALGORITHM_RULES
    assert testing.findings_on(testing.OTHERWISE, report.findings, names) == []
    assert all(testing.findings_on(name, report.findings, names) for name in names)


def test_a_family_and_a_file_of_both_have_their_own_cases(tmp_path: Path) -> None:
    template = Path(oh.__file__).parent / "templates" / "family.py.txt"
    (tmp_path / "own.py").write_text(template.read_text(encoding="utf-8"))
    test: Any = oh.rules(tmp_path / "own.py")
    titles = {case.id.partition(": ")[0] for case in test.pytestmark[0].args[1]}
    assert len(titles) > 1
    assert any(title.startswith("family ") for title in titles)


def test_a_rule_that_is_none_is_refused() -> None:
    with pytest.raises(oh.InvalidValue, match="expected_failures='halt': is no rule; did you mean halts"):
        oh.rules("coin-flip", expected_failures={"halt": "never"})
