"""The rules as tests of one's own: a parametrised pytest test, a case for each rule."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from algorithms.conformance.competence import RULE as COMPETENT
from algorithms.conformance.family_rules import RULES as FAMILY_RULES
from algorithms.conformance.family_suite import SAME
from algorithms.conformance.report import Report
from algorithms.conformance.rules import Ruling
from algorithms.conformance.states import RULE as STATELESS
from algorithms.conformance.suite import check_one, offered
from algorithms.registry import resolve
from oracle.errors import InvalidValue, meant
from oracle.problems import Problem
from oracle.session import Budget

ALGORITHM_RULES = (
    "runs",
    "halts",
    "asks legal questions",
    "output in M",
    "claims are booleans",
    "deterministic given oracle and seed",
    "uses only its generator",
    "leaves the task as it is",
    "batched equals one by one",
    "loads in workers",
    STATELESS,
    COMPETENT,
)
"""The rules of algorithms; what holds for each input, or each family, is one of them."""
OTHERWISE = "nothing else is wrong"
"""The last case of each: whatever no rule by name is about, such as a family that cannot be faced."""


def rules(
    what: Any,
    *,
    problem: Problem | str | None = None,
    budget: Budget | None = None,
    expected_failures: Mapping[str, str] | None = None,
) -> Callable[..., None]:
    """Return a pytest test with a case for each rule of an algorithm, a family, or all that a file holds.

    In a test module: ``test_rules = onehalf.rules("my_trainer.py")``. Nothing is run before the first case is.

    Parameters
    ----------
    what, problem, budget
        As for `check`; of a file everything that it registers and every family in it is tested.
    expected_failures : mapping of str to str, optional
        By the name of a rule the reason why it is broken on purpose: that case must fail, and one that passes is an
        error.

    Raises
    ------
    InvalidValue
        If there is no such algorithm or family, no such rule, or no pytest.
    """
    try:
        import pytest
    except ImportError as error:
        raise InvalidValue(
            "rules", str(what), "needs pytest, which is not installed", "pip install pytest"
        ) from error
    limits = budget or Budget(seconds=20.0)
    text = os.fspath(what) if isinstance(what, os.PathLike) else what
    subjects: Sequence[Any] = offered(text, limits.seconds) if isinstance(text, str) else [text]
    reasons = dict(expected_failures or {})
    names = {_title(subject): _names(subject) for subject in subjects}
    _require_known(reasons, {name for own in names.values() for name in own})

    @cache
    def report(place: int) -> Report:
        return check_one(subjects[place], problem, limits)

    cases = [
        pytest.param(
            place,
            name,
            id=f"{title}: {name}",
            marks=[pytest.mark.xfail(reason=reasons[name], strict=True)] if name in reasons else [],
        )
        for place, (title, own) in enumerate(names.items())
        for name in own
    ]

    @pytest.mark.parametrize(("subject", "rule"), cases)
    def test(subject: int, rule: str) -> None:
        found = findings_on(rule, report(subject).findings, list(names.values())[subject])
        wrong = [f"{finding.rule}: {finding.sentence}" for finding in found if finding.outcome == "failed"]
        if wrong:
            pytest.fail("\n".join(wrong), pytrace=False)
        if not found and rule != OTHERWISE:
            pytest.skip("it was not looked at: another rule was broken first")
        if found and all(finding.outcome == "skipped" for finding in found):
            pytest.skip(found[0].sentence)

    return test


def findings_on(rule: str, found: Sequence[Ruling], names: Sequence[str]) -> list[Ruling]:
    """Return the findings that are about a rule; about `OTHERWISE` are those that are about none of the names."""
    if rule == OTHERWISE:
        return [finding for finding in found if not any(_is_about(finding, name) for name in names)]
    return [finding for finding in found if _is_about(finding, rule)]


def _is_about(finding: Ruling, rule: str) -> bool:
    return finding.rule == rule or finding.rule.startswith((f"{rule} on input ", f"{rule}, "))


def _title(subject: Any) -> str:
    if isinstance(subject, type | Problem):
        return f"family {getattr(subject, 'family', subject)}"
    return resolve(subject).label


def _names(subject: Any) -> tuple[str, ...]:
    if isinstance(subject, type | Problem):
        return (*FAMILY_RULES, SAME, OTHERWISE)
    return (*ALGORITHM_RULES, OTHERWISE)


def _require_known(reasons: Mapping[str, str], known: set[str]) -> None:
    for name in reasons:
        if name not in known:
            choice = f"{meant(name, sorted(known))}choose one of {', '.join(sorted(known))}"
            raise InvalidValue("expected_failures", name, "is no rule", choice)
