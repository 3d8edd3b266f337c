"""Certificates on problems that are stated by instances: checked by the referee, and refused when forged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onehalf.adversary.attack import CERTIFICATE, Attack
from onehalf.cli import main
from onehalf.proof.stated import stated_document
from onehalf.verify_standalone import Refused, verify
from oracle.families import make_problem
from oracle.session import Budget
from tests.onehalf.adversary.conftest import Document, consistent, unpack

Attacked = Callable[..., Attack]


@pytest.fixture(scope="module")
def found(attacked: Attacked) -> Attack:
    """A certificate of an algorithm on a game that no exclusive inputs explain: v = 2/5, and any two sets of 5 meet
    in a circle."""
    return attacked("player", "cycle", cap=12, answers=5)


def test_the_bound_is_the_value_of_the_game(found: Attack) -> None:
    assert found.document["referee"] == "instances"
    assert found.document["bound"]["ideal"] == "2/5"
    assert found.document["instances"] == stated_document(make_problem("cycle", {"answers": 5}))  # type: ignore[arg-type]
    assert "cycle[answers=5,digits=1,exponent=53] (5 instances, SHA-256 " in found.statement
    assert "alike to 53 digits, blind oracle)" in found.statement
    assert "No second implementation" not in found.statement
    assert verify((found.directory / CERTIFICATE).read_text(encoding="utf-8")) == found.document


def test_the_command_verifies_and_runs_again(found: Attack, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(found.directory / CERTIFICATE), "--rerun", "2"]) == 0
    assert "run again, 2 trials give the recorded statuses" in capsys.readouterr().out


def other_family(c: Document, body: Document) -> None:
    c["instances"] = stated_document(make_problem("wells", {"answers": 5}))  # type: ignore[arg-type]


def lower_value(c: Document, body: Document) -> None:
    c["instances"]["value"] = "1/3"


def lower_bound(c: Document, body: Document) -> None:
    c["bound"]["ideal"] = "1/3"


def other_depth(c: Document, body: Document) -> None:
    c["coupling_depth"] = 54


def other_verdict(c: Document, body: Document) -> None:
    body["runs"][0][6][0] = not body["runs"][0][6][0]


def other_name(c: Document, body: Document) -> None:
    c["problem"]["family"] = c["plan"]["problem"]["family"] = c["plan"]["asked"]["family"] = "cy\ncle"


def two_parameters(c: Document, body: Document) -> None:
    c["problem"]["parameters"].update(digits=2, exponent=54)
    c["plan"]["problem"]["parameters"].update(digits=2, exponent=54)


def without(c: Document, body: Document) -> None:
    del c["instances"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (other_family, "an output is no point|a verdict is wrong|the bound is another"),
        (lower_value, "an answer may be right on the instances"),
        (lower_bound, "the bound is another"),
        (other_depth, "the oracles agree to another depth"),
        (other_verdict, "a verdict is wrong"),
        (other_name, "the problem's name is none"),
        (two_parameters, "the plan was asked another problem"),
    ],
)
def test_a_forgery_is_refused(found: Attack, change: Callable[..., None], reason: str) -> None:
    document = json.loads(json.dumps(found.document))
    body = unpack(document)
    change(document, body)
    with pytest.raises(Refused, match=reason):
        verify(consistent(document, body))


def test_without_its_instances_no_family_is_known(found: Attack) -> None:
    document = json.loads(json.dumps(found.document))
    without(document, {})
    with pytest.raises(Refused, match='of the family "cycle" there is no second implementation here'):
        verify(consistent(document))


def test_other_instances_under_a_family_s_name_are_found(
    found: Attack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file alone proves its own instances; that they are the family's, the family shows."""
    document = json.loads(json.dumps(found.document))
    for each in document["instances"]["inputs"]:
        for part in each["data"]:
            part[1] = [value.replace("1/1", "2/2") if value == "1/1" else value for value in part[1]]
    body: dict[str, Any] = unpack(document)
    changed = tmp_path / "changed.json"
    changed.write_text(consistent(document, body), encoding="utf-8")
    assert main(["verify", str(changed)]) == 1
    assert "refused: instance 1" not in (told := capsys.readouterr().out)
    assert "a number is not written as it should be" in told
    document = json.loads(json.dumps(found.document))
    document["problem"]["parameters"]["exponent"] = document["plan"]["problem"]["parameters"]["exponent"] = 60
    changed.write_text(consistent(document, body), encoding="utf-8")
    assert main(["verify", str(changed), "--rerun", "1"]) == 1
    assert "the instances are not those that cycle states with these parameters" in capsys.readouterr().out


@pytest.fixture(scope="module")
def limited(attacked: Attacked) -> Attack:
    """A certificate of what reads until it knows, on a chain: it halts on no input to which another converges."""
    problem = {"exponent": 8, "features": 2, "limit": True}
    return attacked("patient", "matrix-rank", cap=12, budget=Budget(100, 20.0), **problem)


def test_the_bound_of_a_limit_game_is_certified(limited: Attack) -> None:
    document = limited.document
    assert (document["referee"], document["theorem"], document["bound"]["ideal"]) == ("instances", "4", "1/3")
    assert document["plan"]["open"] == ["2"], "on ι⁰ and ι¹, to which others converge, not to halt is forced"
    assert document["counts"]["1"]["successes"] == document["counts"]["0"]["successes"] == 0
    assert document["conclusive"]
    assert "(2 instances and their limit, SHA-256 " in limited.statement
    assert "bound 1/3, Theorem 4, with u ≤ " in limited.statement
    assert verify((limited.directory / CERTIFICATE).read_text(encoding="utf-8")) == document


def outweighing(c: Document, body: Document) -> None:
    c["bound"]["spent"]["count"] = 1


def opened(c: Document, body: Document) -> None:
    c["plan"]["open"] = ["1", "2"]


def without_limit(c: Document, body: Document) -> None:
    c["instances"]["limit"]["free"] = True


def other_answer(c: Document, body: Document) -> None:
    body["answers"][-1][-1] = ["1", 8]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (outweighing, "the count of the exceptional event is another"),
        (opened, "what counts as open is not what the plan must fix"),
        (without_limit, "a run may be right on|a run that halts may be right on"),
        (lower_value, "do not attain the value|the bound is another"),
        (other_answer, "on input 0, entry .* is not"),
    ],
)
def test_a_forgery_with_a_limit_is_refused(limited: Attack, change: Callable[..., None], reason: str) -> None:
    document = json.loads(json.dumps(limited.document))
    body = unpack(document)
    if change is lower_value:
        document["instances"]["value"] = "1/2"
    else:
        change(document, body)
    with pytest.raises(Refused, match=reason):
        verify(consistent(document, body))


def test_a_run_again_finds_what_halts_later_on_a_limit(limited: Attack) -> None:
    assert main(["verify", str(limited.directory / CERTIFICATE), "--rerun", "1"]) == 0
