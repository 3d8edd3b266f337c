"""Registered problems: what the certified instances of the oracle prove, the proved checker accepts, and no forgery."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

from onehalf.proof.coq import check_natively
from onehalf.proof.registered import registered
from onehalf.proof.transcript import NotCovered, coq_of, numbers_of
from oracle.errors import InvalidValue
from oracle.instances.coupling import depth_of_pair
from oracle.instances.finite import ArgMin
from oracle.instances.instance import Instance
from oracle.instances.linear import LP, LeastSquares, Rank
from oracle.instances.solutions import EUCLIDEAN, MAXIMUM, Solutions, common
from oracle.instances.sparse.signed import BasisPursuit, ElasticNet, Lasso, SqrtLasso
from tests.proofs.conftest import PROOFS, compile_

Document = dict[str, Any]
EXAMPLE = PROOFS / "examples" / "lasso.json"
D = F(1, 2**40)
UP, DOWN = [[1, 1 + D]], [[1, 1 - D]]


def columns(k: int) -> list[Instance]:
    """Return basis pursuits whose one solution is about e_j: k points at mutual Euclidean distance about √2."""
    return [
        BasisPursuit([[1 + D * (i == j) for i in range(k)]], [1], [int(i == j) for i in range(k)])
        for j in range(k)
    ]


CASES: dict[str, tuple[list[Instance], F, str]] = {
    "lp": (
        [LP([1, 1], UP, [F(1, 500)], [1]), LP([1, 1], DOWN, [F(1, 500)], [0])],
        F(1, 10**4),
        MAXIMUM,
    ),
    "lp, one digit less": (
        [LP([1, 1], UP, [F(1, 500)], [1]), LP([1, 1], DOWN, [F(1, 500)], [0])],
        F(1, 10**3),
        MAXIMUM,
    ),
    "basis-pursuit": ([BasisPursuit(UP, [1], [0, 1]), BasisPursuit(DOWN, [1], [1, 0])], F(1, 10), MAXIMUM),
    "lasso": (
        [Lasso(UP, [1], F(1, 4), [0, 1]), Lasso(DOWN, [1], F(1, 4), [1, 0])],
        F(1, 10),
        EUCLIDEAN,
    ),
    "lasso, two rows": (
        [
            Lasso([[1, 1 + D, 0], [0, 0, 2]], [1, 3], F(1, 4), [0, 1, 1]),
            Lasso([[1, 1 - D, 0], [0, 0, 2]], [1, 3], F(1, 4), [1, 0, 1]),
        ],
        F(1, 3),
        MAXIMUM,
    ),
    "elastic-net": (
        [ElasticNet(a, [1], F(1, 4), [1, 1], F(1, 2)) for a in (UP, DOWN)],
        F(1, 10**20),
        MAXIMUM,
    ),
    "sqrt-lasso": (
        [SqrtLasso(UP, [1], [0, 1], None, F(1, 4)), SqrtLasso(DOWN, [1], [1, 0], None, F(1, 4))],
        F(1, 10),
        MAXIMUM,
    ),
    "least-squares": (
        [LeastSquares([[1, 0], [0, D]], [1, s * D]) for s in (1, -1)],
        F(1, 10),
        EUCLIDEAN,
    ),
    "three columns": (columns(3), F(1, 2), EUCLIDEAN),
    "three columns, pairs meet": (columns(3), F(3, 4), EUCLIDEAN),
    "three columns, all meet": (columns(3), F(9, 10), EUCLIDEAN),
    "four columns, triples meet": (columns(4), F(83, 100), EUCLIDEAN),
}
VALUES = {
    "lp, one digit less": "1",
    "elastic-net": "1/2",
    "three columns": "1/3",
    "three columns, pairs meet": "2/3",
    "three columns, all meet": "1",
    "four columns, triples meet": "3/4",
}


def document_of(case: str) -> Document:
    """Return the document of a case."""
    instances, radius, norm = CASES[case]
    return registered(instances, radius, norm=norm)


@pytest.mark.parametrize("case", CASES)
def test_the_checker_accepts_what_the_instances_prove(checker: Path, case: str) -> None:
    document = document_of(case)
    assert check_natively(document, checker) == "accepted"
    assert document["value"] == VALUES.get(case, "1/2")


@pytest.mark.parametrize("case", CASES)
def test_sets_that_are_apart_are_those_without_a_common_answer(case: str) -> None:
    instances, radius, norm = CASES[case]
    sets: list[Solutions] = [instance.solutions() for instance in instances]
    for members in document_of(case)["apart"]:
        assert common([sets[j] for j, _ in members], norm, radius) is None


@pytest.mark.parametrize("policy", ["midpoint", "blind", "decoy"])
def test_the_depth_is_that_of_the_answers_shown(checker: Path, policy: str) -> None:
    instances, radius, norm = CASES["basis-pursuit"]
    document = registered(instances, radius, norm=norm, policy=policy)
    assert check_natively(document, checker) == "accepted"
    deepest = depth_of_pair(1 - D, 1 + D)
    assert document["depth"] == (deepest if policy != "decoy" else deepest - 1)


Change = Callable[[Document], object]


def _third(values: list[str], place: int) -> None:
    values[place] = str(F(values[place]) / 3 + 1)


CHANGES: dict[str, Change] = {
    "a solution": lambda d: _third(d["inputs"][0]["solution"], 0),
    "a right side": lambda d: _third(d["inputs"][0]["right"], 0),
    "an entry": lambda d: _third(d["inputs"][1]["rows"][0], 0),
    "a solution too short": lambda d: d["inputs"][0]["solution"].pop(),
    "a row too short": lambda d: d["inputs"][0]["rows"][0].pop(),
    "the radius": lambda d: d.__setitem__("radius", "2"),
    "the depth": lambda d: d.__setitem__("depth", d["depth"] + 1),
    "an answer": lambda d: d["shown"][0].__setitem__(
        2, str(int(d["shown"][0][2]) + 5 * 2 ** d["shown"][0][3])
    ),
    "nothing shown": lambda d: d["shown"].clear(),
    "nothing apart": lambda d: d["apart"].clear(),
    "apart from itself": lambda d: d["apart"].append([[0, "1/2"], [0, "1/2"]]),
    "an input that is none": lambda d: d["apart"].append([[0, "1/2"], [9, "1/2"]]),
    "the weights": lambda d: d["weights"].__setitem__(0, "1"),
    "negative weights": lambda d: d.__setitem__("weights", ["2", "-1", *["0"] * (len(d["inputs"]) - 2)]),
    "the value": lambda d: d.__setitem__("value", str(F(d["value"]) - F(1, 100))),
    "no input": lambda d: d["inputs"].clear(),
}
# What proves a solution, in the cases that have it.
PROOFS_OF: dict[str, Change] = {
    "a dual vector": lambda d: _third(d["inputs"][0]["dual"], 0),
    "a left inverse": lambda d: _third(next(row for row in d["inputs"][0]["inverse"] if row), 0),
    "the penalty": lambda d: d["inputs"][0].__setitem__("penalty", "1/3"),
}


@pytest.mark.parametrize("case", [name for name in CASES if VALUES.get(name) != "1"])
def test_no_forgery_is_accepted(checker: Path, case: str) -> None:
    passed = []
    document = document_of(case)
    changes = dict(CHANGES)
    if case == "sqrt-lasso":
        changes |= PROOFS_OF
    if case == "lasso, two rows":
        changes["the penalty"] = PROOFS_OF["the penalty"]
        changes["a left inverse"] = PROOFS_OF["a left inverse"]
    for name, change in changes.items():
        forged = copy.deepcopy(document)
        change(forged)
        if check_natively(forged, checker) != "refused":
            passed.append(name)
    assert passed == []


def test_what_is_not_covered_is_said() -> None:
    with pytest.raises(NotCovered):
        registered([Rank([[1, 0]]), Rank([[0, 0]])], F(1, 10))
    with pytest.raises(NotCovered):
        registered([ArgMin([1, 1], [[0], [1]])] * 2, F(1, 10))
    with pytest.raises(InvalidValue, match="legal answer in common"):
        registered([LeastSquares([[1]], [1]), LeastSquares([[1]], [9])], F(1, 10))


def test_the_committed_example_is_what_is_written() -> None:
    assert json.loads(EXAMPLE.read_text(encoding="utf-8")) == document_of("lasso")


@pytest.mark.parametrize("case", ["lasso", "four columns, triples meet"])
def test_the_kernel_accepts_it_and_no_forgery(coq: Path, tmp_path: Path, case: str) -> None:
    document = document_of(case)
    source = tmp_path / "Registered_problem.v"
    source.write_text(coq_of(numbers_of(document), document["sha256"]), encoding="utf-8")
    done = compile_(coq, source)
    assert done.returncode == 0, done.stderr
    document["value"] = "1/4"
    source.write_text(coq_of(numbers_of(document), document["sha256"]), encoding="utf-8")
    assert compile_(coq, source).returncode != 0
