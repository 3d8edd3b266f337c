"""The proved checker asked of stated bounds: which it is asked of, and what is said of its answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onehalf.cli import main
from onehalf.commands import verify as command
from onehalf.proof.coq import CHECKER
from onehalf.proof.native import check_stated_natively
from onehalf.proof.stated import stated_document
from oracle.families import make_problem

COVERED = {
    "digit-products": {"blocks": 1},
    "sparse-recovery": {"answers": 3},
    "lasso-duplicates": {},
    "elastic-net-duplicates": {},
    "sqrt-lasso-duplicates": {},
    "collinear-regression": {},
}
STRANGE = ("noisy-recovery", "feature-selection", "program-decision", "matrix-rank", "wells", "flat-root")


def asked(family: str, policy: str, checker: Path, **parameters: Any) -> str:
    problem: Any = make_problem(family, parameters)
    document = json.loads(json.dumps(stated_document(problem)))
    return check_stated_natively(document, policy, problem.bound(policy).depth, checker)


@pytest.fixture(scope="module")
def yes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that accepts whatever it is asked."""
    file = tmp_path_factory.mktemp("checker") / "yes"
    file.write_text("#!/bin/sh\ncat > /dev/null\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_it_is_asked_of_what_proofs_cover_and_of_nothing_else(yes: Path) -> None:
    for family, parameters in COVERED.items():
        assert asked(family, "midpoint", yes, **parameters) == "accepted"
        assert asked(family, "honest", yes, **parameters) == "not covered"
    assert {asked(family, "blind", yes) for family in STRANGE} == {"not covered"}
    assert asked("lasso-duplicates", "blind", yes, limit=True, exponent=8) == "not covered"
    assert asked("lasso-duplicates", "blind", yes.with_name("nowhere")) == "not built"


def test_what_does_not_follow_is_refused_before_it_is_asked(yes: Path) -> None:
    problem: Any = make_problem("lasso-duplicates", {})
    document = json.loads(json.dumps(stated_document(problem)))
    assert check_stated_natively({**document, "value": "1/3"}, "blind", 53, yes) == "refused"
    assert check_stated_natively(document, "blind", 52, yes) == "not covered"
    document["inputs"][0]["proof"]["signs"] = [1, 1]
    assert check_stated_natively(document, "blind", 53, yes) == "refused"


@pytest.mark.skipif(not CHECKER.exists(), reason="make native has not built the checker")
def test_the_checker_itself_accepts_what_ships(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for family, parameters in COVERED.items():
        assert asked(family, "blind", CHECKER, **parameters) == "accepted"
    file = tmp_path / "bound.json"
    assert main(["prove", "lasso-duplicates", "--bound", str(file)]) == 0
    capsys.readouterr()
    assert main(["verify", str(file), "--native"]) == 0
    told = capsys.readouterr().out
    assert "the midpoint oracle, by the proved checker: accepted" in told
    assert "the honest oracle, by the proved checker: not covered: proofs/ has no statement" in told


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("accepted", "accepted as the bound on these instances; it was not asked of the trials"),
        ("refused", "REFUSED, though the standalone verifier accepts: one of them is wrong"),
        ("not covered", "not covered: proofs/ has no statement for this problem"),
        ("not built", "not built: run make native"),
    ],
)
def test_of_a_certificate_it_is_asked_of_the_bound(
    answer: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(command, "check_stated_natively", lambda *given: told.append(given) or answer)
    outcome: dict[str, Any] = {}
    document = {"instances": {"kind": "lasso"}, "oracle": "blind", "coupling_depth": 53}
    assert command._natively(document, outcome) == said
    assert (told, outcome) == ([({"kind": "lasso"}, "blind", 53)], {"native": answer})
