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
AUDITED, SURVEYED = "tests.onehalf.auditing.test_sentences", "tests.onehalf.atlas.test_sentences"
ATTACKED, PLANNED = "tests.onehalf.test_certificate_sentences", "tests.onehalf.commands.test_power_sentences"
OF_COMMANDS = {
    "onehalf.auditing.wording": {
        "decision_sentences": f"{AUDITED} test_sentences_on_digits_are_true_and_others_are_not",
        "_of_one": f"{AUDITED} digits_true",
    },
    "onehalf.auditing.datasets.wording": {
        "decision_of": f"{AUDITED} table_true",
        "sentences_of": f"{AUDITED} table_true",
        "_none_of": f"{AUDITED} table_true",
        "separation_sentence": f"{AUDITED} table_true",
        "exact_sentences": f"{AUDITED} test_what_was_taken_as_exact_is_named",
    },
    "onehalf.auditing.networks.audit": {
        "_accuracy": f"{AUDITED} test_sentences_on_networks_are_true",
        "_sentence": f"{AUDITED} test_sentences_on_networks_are_true",
        "_stated": f"{AUDITED} test_what_a_counterexample_states_is_told_as_far_off_as_it_is",
        "_finding": f"{AUDITED} test_sentences_on_networks_are_true",
    },
    "onehalf.atlas.words": {
        "kind_headline": f"{SURVEYED} of_kind",
        "sentence": f"{SURVEYED} of_solver",
        "_tolerance": f"{SURVEYED} of_solver",
        "_manner": f"{SURVEYED} of_solver",
        "_end": f"{SURVEYED} of_end",
    },
    "onehalf.adversary.beyond": {
        "beyond": f"{ATTACKED} test_what_a_larger_budget_shows_is_told_as_it_was",
    },
    "onehalf.verify_standalone": {
        "sentence": f"{ATTACKED} holds",
        "outcome": f"{ATTACKED} end_holds",
        "told": f"{ATTACKED} test_the_sentence_is_true_and_with_another_number_is_not",
    },
    "onehalf.commands.power": {
        "_lines": f"{PLANNED} enough",
        "_about_trials": f"{PLANNED} told",
    },
}
"""The sentences of audit, atlas, attack and power, each with the test or checker that makes its claim again."""
_NO_SENTENCES = {
    "onehalf.auditing.networks.audit": {"audit_network"},  # the rule by which a point is right, in words
    "onehalf.verify_standalone": {"_check_answer", "_check_plan", "main", "verify"},  # reasons of a refusal
    "onehalf.commands.power": {"configure"},  # examples of its use
}
_REFUSING = {"InvalidValue", "require", "demand", "Refused", "add_argument", "ValueError", "RuntimeError"}


def tells(function: ast.FunctionDef) -> bool:
    """Whether a function holds a text of four words, its docstring, refusals and help apart; with or without a stop."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    nodes = [node for part in body for node in ast.walk(part)]
    apart = {
        id(inner)
        for node in nodes
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in _REFUSING
        for inner in ast.walk(node)
    }
    texts = (
        " ".join(part.value for part in node.values if isinstance(part, ast.Constant))
        if isinstance(node, ast.JoinedStr)
        else node.value
        for node in nodes
        if id(node) not in apart
        and (
            isinstance(node, ast.JoinedStr)
            or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        )
    )
    return any(len(re.findall(r"\b[a-z]{2,}\b", text)) >= 4 for text in texts)


@pytest.mark.parametrize("module", list(OF_COMMANDS))
def test_whoever_tells_what_a_command_found_has_a_checker(module: str) -> None:
    tree = ast.parse(Path(str(importlib.import_module(module).__file__)).read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and tells(node)}
    assert found - _NO_SENTENCES.get(module, set()) == set(OF_COMMANDS[module])
    for place in OF_COMMANDS[module].values():
        test, name = place.split()
        assert callable(getattr(importlib.import_module(test), name))


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
