"""The two commands that reach the proofs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from onehalf.adversary.attack import CERTIFICATE, Attack
from onehalf.cli import main
from onehalf.proof.coq import statement
from oracle.families import make_problem


def test_prove_writes_the_bound_for_coq(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "bound.v"
    assert main(["prove", "simplex[answers=3]", "--oracle", "honest", "--coq", str(target)]) == 0
    assert target.read_text(encoding="utf-8") == statement(make_problem("simplex", {"answers": 3}), "honest")
    assert "Theorem 1" in capsys.readouterr().out


def test_verify_asks_the_proved_checker(
    certified: Callable[[str], Attack], checker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = certified("simplex").directory / CERTIFICATE
    assert main(["verify", str(path), "--native", "--rerun", "0", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["native"] == "accepted"


def test_without_the_program_verify_says_how_to_build_it(
    certified: Callable[[str], Attack], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("onehalf.commands.verify.check_natively", lambda document: "not built")
    path = certified("simplex").directory / CERTIFICATE
    assert main(["verify", str(path), "--native", "--rerun", "0"]) == 0
    assert "make native" in capsys.readouterr().out
