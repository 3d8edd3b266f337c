"""Everything that ships keeps to every rule, and the reference page lists it."""

from __future__ import annotations

from pathlib import Path

import pytest

from algorithms.conformance.suite import check
from algorithms.registry import known, shipped_names
from onehalf.commands.algorithms import reference
from oracle.families import known_families
from tests.scale import sample

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", sorted(shipped_names()))
def test_what_ships_keeps_to_every_rule(name: str) -> None:
    report = check(name)
    assert report.passed, str(report)
    halted = next(f for f in report.findings if f.rule == "output in M")
    assert halted.outcome == "passed", str(report)


# Of the families that are stated by their instances, which are one class, those of each sort of answer.
_STATED = "onehalf.families.stated."
_OF_EACH_SORT = ("feature-selection", "program-decision", "cycle")
FACED = [n for n, f in known_families().items() if not f.__module__.startswith(_STATED) or n in _OF_EACH_SORT]


GENERAL = [n for n in sorted(shipped_names()) if not known()[n].families]


def test_what_faces_every_family_is_there() -> None:
    assert {"coin-flip", "patient"} <= set(GENERAL)


@pytest.mark.parametrize("family", sorted(FACED))
def test_what_faces_every_family_keeps_to_the_rules_there(family: str) -> None:
    some = sample(GENERAL, 3, start=sorted(FACED).index(family))
    reports = [check(name, problem=family) for name in some]
    assert all(report.passed for report in reports), "\n".join(map(str, reports))


def test_the_reference_page_is_current() -> None:
    page = (ROOT / "docs" / "algorithms.md").read_text(encoding="utf-8")
    assert page == reference(), "write it again: onehalf algorithms --markdown > docs/algorithms.md"
