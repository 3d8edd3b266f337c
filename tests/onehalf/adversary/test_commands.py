"""`onehalf attack` and `onehalf verify`: what they print, write and return."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from onehalf.adversary.attack import CERTIFICATE, Attack
from onehalf.cli import DEFECT, NOT_RERUN, main
from onehalf.commands import verify as verifying
from onehalf.record.directory import REPORT
from tests.onehalf.adversary.conftest import CASES, PLUGINS

Attacked = Callable[..., Attack]


def test_attack_and_verify_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plugin, place = str(PLUGINS / "flaky.py"), tmp_path / "out"
    assert main(["attack", plugin, "--out", str(place), "--trials", "40", "--jobs", "2", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert "body" not in shown
    assert shown["algorithm"]["origin"] == "flaky.py"
    certificate = str(place / CERTIFICATE)
    assert main(["verify", certificate, "--algorithm", plugin]) == 0
    agree = "trials give the recorded statuses, outputs and questions"
    told = [f"verified: {shown['statement']}", f"run again, 3 {agree}"]
    assert capsys.readouterr().out.splitlines() == told
    assert main(["verify", certificate, "--algorithm", plugin, "--rerun", "all"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == f"run again, all {shown['trials']} {agree}"
    assert main(["verify", certificate]) == NOT_RERUN
    remedy = f"say where its file, or exec:program, is: onehalf verify {certificate} --algorithm flaky.py"
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(
        "not checked: that this algorithm made these outputs from these coins, and that no"
    )
    assert lines[0].endswith(f"comes from flaky.py; {remedy}")
    assert lines[1] == f"consistent: {shown['statement']}"
    assert main(["verify", certificate, "--rerun", "2"]) == 2
    assert capsys.readouterr().err.endswith(f"comes from flaky.py; {remedy} --rerun 2\n")
    assert main(["verify", certificate, "--rerun", "0", "--json"]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["verified"] is True
    assert "made these outputs" in outcome["unchecked"]
    again = ["attack", plugin, "--out", str(place), "--trials", "40", "--beacon", "x", "--jobs", "1"]
    assert main(again) == 2
    assert "name a new directory" in capsys.readouterr().err


def test_an_algorithm_with_state_gets_no_certificate_and_is_told_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "out"
    words = [
        "attack",
        f"{CASES / 'stateful.py'}::learner",
        "--out",
        str(place),
        "--trials",
        "10",
        "--digits",
        "200",
    ]
    assert main([*words, "--jobs", "1"]) == 1
    told = capsys.readouterr().out
    assert told.startswith("no certificate: ")
    assert "the output depends on files that earlier runs left" in told
    assert not (place / CERTIFICATE).exists()


def test_a_changed_certificate_is_refused_with_status_1(
    tmp_path: Path, attacked: Attacked, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (attacked("coin-flip").directory / CERTIFICATE).read_text(encoding="utf-8")
    (tmp_path / "c.json").write_text(text.replace('"trials": 60', '"trials": 61'), encoding="utf-8")
    assert main(["verify", str(tmp_path / "c.json")]) == 1
    assert "refused: its text was changed (SHA-256)" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "none.json")]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_the_report_tells_the_sentence_the_reasons_and_the_study(attacked: Attacked) -> None:
    found = attacked("coin-flip")
    page = unescape((found.directory / REPORT).read_text(encoding="utf-8"))
    assert page.count(found.statement) == 1
    assert all(reason in page for reason in found.plan["reasons"])
    assert page.count("<td>mirage</td>") >= sum(seen["oracle"] == "mirage" for seen in found.plan["study"])
    assert found.document["sha256"] in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["attack", "no-such-algorithm"], "is no algorithm"),
        (["attack", "vertex", "--problem", "training"], "is made for linear-program"),
        (["attack", "coin-flip", "--problem", "training[free=true]"], "nothing limits an algorithm"),
        (["attack", "coin-flip", "--problem", "training[cost=none]"], "cost"),
    ],
)
def test_wrong_usage_is_one_sentence(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error


def test_a_defect_of_the_program_has_a_status_of_its_own(
    attacked: Attacked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(text: str) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(verifying, "verify", broken)
    assert main(["verify", str(attacked("coin-flip").directory / CERTIFICATE)]) == DEFECT == 4
    assert capsys.readouterr().err == "onehalf: a defect of this program: ZeroDivisionError: by nothing\n"


def test_a_run_of_nothing_but_errors_warns_and_is_a_failure_if_strict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plugin = tmp_path / "broken.py"
    plugin.write_text(
        'import onehalf as oh\n\n\n@oh.algorithm("broken")\ndef broken(task, rng):\n'
        '    """Fail."""\n    raise ValueError\n',
        encoding="utf-8",
    )
    words = ["run", str(plugin), "--trials", "5", "--jobs", "1", "--out", str(tmp_path / "out")]
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("Warning: every trial of broken ended with an error")
    assert main([*words, "--strict"]) == 1
    assert main(["run", "coin-flip", "--strict", *words[2:-1], str(tmp_path / "other")]) == 0
