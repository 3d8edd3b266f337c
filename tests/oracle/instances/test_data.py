"""Families that are data: the same problem as the Python that says the same, found again by file and digest."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

import onehalf as oh
from oracle.families import digest_of, family_at, find_family, make_problem, origin_of
from oracle.instances.data import expression

TOML = """
name = "duplicates"
about = "LASSO with two columns that differ by 2^-exponent."
digits = 1
parameters = { exponent = 20 }

[[instances]]
kind = "lasso"
A = [[1, "1 + 2^-exponent"]]
y = [1]
penalty = 0.25
signs = [0, 1]

[[instances]]
kind = "lasso"
A = [[1, "1 - 2^-exponent"]]
y = [1]
penalty = "1/4"
signs = [1, 0]
"""


@oh.problem("duplicates")
def duplicates(exponent: int = 20, digits: int = 1) -> oh.Instances:
    """LASSO with two columns that differ by 2^-exponent."""
    d = oh.dyadic(exponent)
    ones = [([[1, 1 + d]], [0, 1]), ([[1, 1 - d]], [1, 0])]
    return oh.Instances([oh.Lasso(A=A, y=[1], penalty="1/4", signs=s) for A, s in ones], digits=digits)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "duplicates.toml"
    path.write_text(TOML)
    return path


def test_data_states_what_python_states(file: Path) -> None:
    problem, same = make_problem(str(file), {"exponent": 30}), duplicates(exponent=30)
    assert problem.parameters() == same.parameters()
    assert problem.stated.tables == same.stated.tables  # type: ignore[attr-defined]
    assert [problem.bound(p) for p in problem.policies] == [same.bound(p) for p in same.policies]
    assert problem.facts == same.facts
    assert oh.check(str(file)).passed


def test_json_states_it_too(file: Path, tmp_path: Path) -> None:
    written = {
        "digits": 2,
        "instances": [
            {"kind": "support", "of": {"kind": "lasso", "A": [[1]], "y": [y], "penalty": 1, "signs": s}}
            for y, s in (("1 + 2^-9", [1]), ("1 - 2^-9", [0]))
        ],
    }
    path = tmp_path / "selection.json"
    path.write_text(json.dumps(written))
    problem = make_problem(str(path))
    assert (problem.family, problem.facts.kinds[0]) == ("selection", "support")
    assert problem.bound("blind") == oh.Bound("1", ("1", "2"), 9, tier="certified")


def test_it_is_found_again_by_file_and_digest(file: Path) -> None:
    problem = make_problem(str(file))
    origin, digest = origin_of(problem), digest_of(problem)
    assert origin.startswith(f"{file}::")
    assert family_at(origin, "duplicates", digest) is type(problem)
    body = pickle.dumps(problem)
    assert pickle.loads(body) == problem
    file.write_text(TOML.replace("0.25", "0.2"))
    with pytest.raises(oh.InvalidValue, match="has changed: its SHA-256"):
        family_at(origin, "duplicates", digest)
    assert find_family(str(file)) is not type(problem)


def test_a_run_of_it_is_replayed(file: Path, tmp_path: Path) -> None:
    result = oh.run(
        f"{file}[exponent=12]", ["player"], oracle="blind", trials=8, seed=1, jobs=1, directory=tmp_path / "r"
    )
    again = oh.load(tmp_path / "r")
    assert again.summary()["cells"] == result.summary()["cells"]
    assert again.summary()["cells"][0]["bound"]["tier"] == "certified"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "lasso"', 'kind = "ridge"', "is no kind of instances"),
        ("penalty = 0.25", "penalti = 0.25", "has no such entry"),
        ("penalty = 0.25", "", "needs it"),
        ("2^-exponent", "2^-unknown", "is no rational number"),
        ("2^-exponent", "open('x')", "is no rational number"),
        ("signs = [0, 1]", "signs = [1, 0]", "instance 1: the obligation fails"),
        ("digits = 1", "digits = 1\ncolour = 3", "has no such entry"),
        ("exponent = 20", 'exponent = "x"', "are whole numbers by name"),
        ("name =", "name", "is no TOML"),
        ('"duplicates"', '"training"', "takes the name training"),
    ],
)
def test_what_is_wrong_in_it_is_told_in_a_sentence(file: Path, old: str, new: str, words: str) -> None:
    file.write_text(TOML.replace(old, new))
    with pytest.raises(oh.InvalidValue, match=words):
        make_problem(str(file))


def test_expressions_are_exact() -> None:
    assert expression("x", "1 + 2^-70", {}) == 1 + F(1, 2**70)
    assert expression("x", "-(3/4)*k^2 - 0.1", {"k": 3}) == -F(27, 4) - F(1, 10)
    for text in ("1/0", "2^(1/2)", "2^9999999999", "[1]", "", "1 if 1 else 2", "True"):
        with pytest.raises(oh.InvalidValue):
            expression("x", text, {})


CHAIN = """
name = "chain"
parameters = { exponent = 8 }
converging = [0, 1]

[[instances]]
kind = "rank"
A = [["2^-exponent", 0], [0, 0]]

[[instances]]
kind = "rank"
A = [["2^-exponent", 0], [0, "2^-(4*exponent)"]]

[limit]
kind = "rank"
A = [[0, 0], [0, 0]]
"""


def test_a_limit_is_stated_by_data(tmp_path: Path) -> None:
    """A chain of ranks as the family that ships states it; a limit that only asks to halt; and without it."""
    (tmp_path / "chain.toml").write_text(CHAIN)
    problem: Any = make_problem(str(tmp_path / "chain.toml"))
    shipped: Any = make_problem("matrix-rank", {"exponent": 8, "limit": True})
    assert problem.stated.rows == shipped.stated.rows
    assert problem.bound("blind") == shipped.bound("blind")
    assert problem.bound("blind").value == F(1, 3)
    assert problem.parameters() == {"exponent": 8, "digits": 1, "limit": True}
    without = make_problem(str(tmp_path / "chain.toml"), {"limit": False})
    assert (without.bound("blind").theorem, without.with_limit()) == ("1", problem)
    free = (
        TOML + '[limit]\nkind = "anything"\nof = { kind = "lasso", A = [[1, 1]], y = [1], penalty = "1/4" }\n'
    )
    (tmp_path / "free.toml").write_text(free)
    bound = make_problem(str(tmp_path / "free.toml")).bound("blind")
    assert (bound.theorem, bound.value, bound.halting) == ("4", F(2, 3), F(1, 2))
    assert bound.note.startswith("Theorem 2 never applies (G6): minimisers are bounded")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            CHAIN.replace("[limit]", "[[instances]]"),
            "says to which instance each converges, and there is no limit",
        ),
        (CHAIN.replace("[0, 1]", '"first"'), "is no list of whole numbers"),
        (CHAIN.replace("[0, 1]", "[0, 7]"), "each instance converges to the limit or to an earlier one"),
        (CHAIN.replace("exponent = 8", "limit = 8"), "other than digits and limit, which stand above"),
    ],
)
def test_a_limit_that_is_none_is_refused(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "chain.toml").write_text(text)
    with pytest.raises(oh.InvalidValue, match=sentence):
        make_problem(str(tmp_path / "chain.toml")).bound("blind")
