"""What a user's family needs is public under one name, and what was public in 0.1 still is."""

from __future__ import annotations

import ast
import inspect
import typing
from pathlib import Path

import pytest

import onehalf as oh
from oracle import errors, facts, problems

HOME = Path(__file__).resolve().parents[3]
_BENEATH = ("oracle", "algorithms", "analysis", "onehalf.")


@pytest.mark.parametrize("name", oh.__all__)
def test_every_name_is_there_and_known_to_type_checkers(name: str) -> None:
    assert getattr(oh, name) is not None
    source = (HOME / "onehalf" / "__init__.py").read_text(encoding="utf-8")
    (checked,) = (node for node in ast.parse(source).body if isinstance(node, ast.If))
    told = {
        alias.asname or alias.name
        for node in checked.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    } | {
        target.id
        for node in ast.walk(checked)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        for target in [node]
    }
    assert name in told | {"__version__"}


def test_what_the_methods_of_a_family_speak_of_is_public() -> None:
    """Every class of ours that a method of Problem, Facts or Oracle takes, gives, or says that it raises."""
    public = {getattr(oh, name) for name in oh.__all__}
    spoken = set()
    for kind in (problems.Problem, facts.Facts, problems.Oracle):
        for _, method in inspect.getmembers(kind, inspect.isfunction):
            for hint in typing.get_type_hints(method).values():
                spoken |= {part for part in (hint, *typing.get_args(hint)) if isinstance(part, type)}
    ours = {part for part in spoken if part.__module__.startswith("oracle")}
    assert {problems.Problem, facts.Bound, facts.Input} <= ours
    assert ours <= public
    assert {errors.InvalidValue, errors.InvalidOutput, errors.BrokenFamily} <= public


@pytest.mark.parametrize("name", ["algorithm.py.txt", "family.py.txt"])
def test_a_template_imports_one_package_of_ours(name: str) -> None:
    text = (HOME / "onehalf" / "templates" / name).read_text(encoding="utf-8")
    lines = [line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert "onehalf" in lines
    assert not [line for line in lines if line.startswith(_BENEATH)]
