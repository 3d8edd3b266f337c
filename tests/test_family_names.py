"""Nobody outside a family names it, or a parameter of one: what the house knows of them, they say themselves.

The text constants of every module are read. A family's name, or a parameter's, is looked for as a whole constant: such
a word is what code would look something up by. Sentences and docstrings may use the words.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from oracle.families import family_parameters, known_families

HOME = Path(__file__).resolve().parents[1]
PACKAGES = ("oracle", "algorithms", "onehalf")
MAY_NAME = (
    "onehalf/families/",
    "onehalf/verify_standalone.py",
    "onehalf/verify_audit.py",
    "onehalf/verify_instances.py",
    "onehalf/verify_kinds.py",
    "onehalf/verify_network.py",
    "onehalf/verify_regression.py",
    "onehalf/proof/transcript.py",
    "onehalf/commands/stability.py",
)
"""The families themselves, the referees (the standalone ones, and the scribe of the proved one), a family's command."""
# Words that are a family's or a parameter's name and mean something else here: "digits" are those of a budget, …
HOMONYMS = {
    # The data of kinds of instances have the names that textbooks give them.
    "y": (
        *(
            "oracle/instances/linear.py",
            "oracle/instances/sparse/signed.py",
            "onehalf/auditing/datasets/files.py",
        ),
        *("onehalf/auditing/networks/points.py", "onehalf/auditing/regression/files.py"),
        "onehalf/proof/registered.py",
    ),
    "points": (
        "oracle/instances/finite.py",
        "oracle/instances/kinds.py",
        "oracle/instances/audited/table.py",
        "onehalf/auditing/datasets/audit.py",
        "onehalf/auditing/networks/audit.py",
        "onehalf/auditing/networks/trained.py",
        "algorithms/wrappers/network_from.py",
    ),
    "scale": ("algorithms/wrappers/network_from.py",),  # what a model's inputs were divided by
    # When an output of a network of several is right.
    "rule": (
        "onehalf/auditing/networks/audit.py",
        "onehalf/auditing/audit.py",
        "onehalf/auditing/networks/classes.py",
        "algorithms/conformance/testing.py",  # the argument of a test
    ),
    "support": (
        "oracle/instances/finite.py",
        "algorithms/solvers/regression.py",
        "onehalf/auditing/regression/penalty_audit.py",
    ),
    "tolerance": ("algorithms/solvers/regression.py",),
    # The columns of a training set.
    "features": (
        "oracle/instances/finite.py",
        "onehalf/auditing/datasets/audit.py",
        "onehalf/auditing/datasets/files.py",
    ),
    # What stated problems have in common: K, and the norm.
    "norm": (
        "oracle/instances/stated.py",
        "oracle/instances/data.py",
        "onehalf/proof/native.py",
        "onehalf/proof/registered.py",
        "onehalf/proof/stated.py",
    ),
    # Of an Input, which every family has; a key of the summary.
    # Parameters that mean by their names what an axis says, and the argument of oh.dyadic.
    "exponent": (
        "oracle/instances/registration.py",
        "oracle/instances/stated.py",
        "oracle/problems.py",
        "algorithms/programs/wire.py",
        "onehalf/adversary/attack.py",
    ),
    # Of a Bound, the name of its limit; a key of the summary.
    "limit": (
        "oracle/instances/problem.py",  # and the parameter that means by its name whether it is a member
        "onehalf/auditing/networks/flips.py",
        "onehalf/adversary/study.py",
        "onehalf/record/described.py",
        "onehalf/record/reading/tables.py",
        # An entry of statements in data and in certificates: the instance to which the others converge.
        *("oracle/instances/data.py", "onehalf/proof/native.py", "onehalf/proof/stated.py"),
    ),
    # Columns of a linear program of which less is asked, and a limit of which nothing is.
    "free": ("onehalf/proof/stated.py",),
    "digits": (
        "oracle/instances/registration.py",
        "oracle/instances/stated.py",
        "oracle/instances/data.py",
        "onehalf/proof/native.py",
        "oracle/session.py",
        "onehalf/adversary/attack.py",
        "onehalf/adversary/certificate.py",
        "onehalf/record/described.py",
        "onehalf/commands/run.py",
        "onehalf/commands/studies/atlas.py",
        "onehalf/plan/experiment.py",
        "onehalf/plan/file.py",
        "onehalf/proof/stated.py",
    ),
    "cost": ("oracle/costs.py",),  # the noun of that file
    "hidden": (
        "oracle/networks.py",
        "onehalf/adversary/certificate.py",
    ),  # the widths of a network's hidden layers
    "answers": ("oracle/facts.py", "onehalf/adversary/certificate.py"),  # a kind of axis; what an oracle gave
    "stability": ("onehalf/cli.py",),  # a command
}


def words() -> set[str]:
    """Return every name of a family that ships, and of a parameter of one that is no common word of the runner."""
    families = known_families()
    parameters = {name for family in families for name in family_parameters(family)}
    return set(families) | parameters


def constants(source: str) -> Iterator[str]:
    """Yield the text constants of a source that are neither docstrings nor parts of a sentence."""
    tree = ast.parse(source)
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def modules() -> list[Path]:
    """Return the modules that may name no family."""
    every = (file for package in PACKAGES for file in sorted((HOME / package).rglob("*.py")))
    return [file for file in every if not place(file).startswith(MAY_NAME)]


def place(file: Path) -> str:
    """Return a file's path within the tree."""
    return file.relative_to(HOME).as_posix()


@pytest.mark.parametrize("file", modules(), ids=place)
def test_no_family_and_no_parameter_is_named(file: Path) -> None:
    found = {text for text in constants(file.read_text(encoding="utf-8")) if text in words()}
    assert {text for text in found if place(file) not in HOMONYMS.get(text, ())} == set()


def test_the_walk_sees_what_code_looks_things_up_by() -> None:
    source = '"""training"""\ndef f(p):\n    "simplex"\n    return p["exponent"], {"hidden": 1}, f"a {p} simplex"\n'
    assert list(constants(source)) == ["exponent", "hidden", "a ", " simplex"]
    assert {
        "training",
        "simplex",
        "linear-program",
        "stability",
        "exponent",
        "hidden",
        "data_seed",
    } <= words()


def test_the_exceptions_are_needed() -> None:
    for word, files in HOMONYMS.items():
        for file in files:
            assert word in set(constants((HOME / file).read_text(encoding="utf-8")))
    for start in MAY_NAME:
        named = [file for file in (HOME / "onehalf").rglob("*.py") if place(file).startswith(start)]
        assert any(
            text in words() for file in named for text in constants(file.read_text(encoding="utf-8"))
        ), start
