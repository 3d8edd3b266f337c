"""Whoever makes a sentence has a checker: a function that ends one, and is not named here, is a failing test."""

import ast
import importlib
import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from analysis.story import Story
from tests.analysis.prose.forms import FORMS, refused
from tests.analysis.prose.store import Raw

CHECKERS = {check.__name__ for _, check in FORMS}
STABLE = "tests.onehalf.families.stability.test_sentences"
COMPARED = "tests.onehalf.comparing.test_sentences"
MADE = {
    "analysis.prose.findings": {
        "progress": "progress",
        "pathwise": "pathwise defect",
        "bound": "bound defect",
        "attained": "attained",
        "flags_told": "flags",
        "promises": "false_promises",
        "abstentions": "abstained",
        "failures": "failures undecided",
        "_always_failing": "silent",
        "untold": "missing_told",
    },
    "analysis.prose.rule_findings": {"barriers": "barriers", "stopped": "stopped"},
    "analysis.prose.series_findings": {
        "contrasts": "contrast",
        "fall": "fall",
        "_rest": "fall",
        "over_reading": "known_depth",
        "controls": "controls",
        "width": "dimensions",
        "_of_step": "needless",
        "_of_steps": "steps",
        "_needless": "needless",
    },
    "analysis.prose.competence_findings": {
        "competent": "competence",
        "unable_warning": "unable",
        "untried": "untried",
    },
    "analysis.prose.headline": {
        "headline": "no_trial",
        "_failed": "erring",
        "_violated": "defect",
        "_unfinished": "progress",
        "_unsettled": "undecided",
        "_EXISTS": "exists",
        "_nothing": "nothing",
        "_tested": "bound one_cell",
        "_free": "free one_cell",
        "_fall": "headline_fall",
        "_step": "step",
        "_contrast": "contrast",
    },
}
"""For each module of this room what ends a sentence, with its checkers."""
ELSEWHERE = {
    "onehalf.families.stability.report.findings": {
        "stability_findings": "defect",
        "_inaccurate_or_unstable": "forced perfect",
        "stability_headline": "headline certified",
        "_stable_networks": "stable computable",
    },
    "onehalf.comparing.words": {
        "comparison_sentences": "compared stopping empty alone",
        "_coins": "coins",
        "_largest": "largest",
    },
}
"""And for what tells sentences of its own."""
_TESTS = {"onehalf.families.stability.report.findings": STABLE, "onehalf.comparing.words": COMPARED}


def ends_a_sentence(node: ast.AST) -> bool:
    """Whether a text within a function, its docstring apart, ends with a full stop."""
    body = node.body[1:] if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) else [node]
    texts = [
        found.value
        for part in body
        for found in ast.walk(part)
        if isinstance(found, ast.Constant) and isinstance(found.value, str)
    ]
    return any(re.search(r"[\w)}”%] ?\.$|^\.$", text) for text in texts)


def makers(module: str) -> set[str]:
    """The functions and constants of a module that end a sentence."""
    tree = ast.parse(Path(str(importlib.import_module(module).__file__)).read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and ends_a_sentence(node)}
    for node in tree.body:
        if isinstance(node, ast.Assign) and ends_a_sentence(node.value):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def test_every_module_that_makes_sentences_is_looked_at() -> None:
    room = {path.stem for path in Path("analysis/prose").glob("*.py")} - {"__init__", "methods"}
    assert {module.rpartition(".")[2] for module in MADE} == room
    stories = [
        importlib.import_module(place).__dict__[name]
        for entry in entry_points(group="onehalf.problems")
        if isinstance(written := getattr(entry.load(), "story", ""), str) and written
        for place, _, name in [written.partition(":")]
    ]
    told = [
        tell for story in stories if isinstance(story, Story) for tell in (story.headline, story.findings)
    ]
    assert told
    assert {tell.__module__ for tell in told if tell is not None} - {"analysis.story"} <= set(ELSEWHERE)


@pytest.mark.parametrize("module", [*MADE, *ELSEWHERE])
def test_whoever_ends_a_sentence_has_a_checker(module: str) -> None:
    named = {**MADE, **ELSEWHERE}[module]
    assert makers(module) == set(named)
    known = CHECKERS if module in MADE else set(importlib.import_module(_TESTS[module]).FORMS)
    assert {check for checks in named.values() for check in checks.split()} <= known


def test_every_checker_is_of_some_sentence() -> None:
    assert {
        check for named in MADE.values() for checks in named.values() for check in checks.split()
    } == CHECKERS


def test_a_sentence_without_a_form_is_refused() -> None:
    assert refused(Raw([], []), "Nobody knows this.").startswith("no checker")
