"""`onehalf attack` and `onehalf verify`: what they print, write and return."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from onehalf.adversary.attack import CERTIFICATE, Attack
from onehalf.cli import main
from onehalf.record.directory import REPORT
from tests.adversary.conftest import PLUGINS

Attacked = Callable[..., Attack]


def test_attack_and_verify_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plugin, place = str(PLUGINS / "flaky.py"), tmp_path / "out"
    assert main(["attack", plugin, "--out", str(place), "--trials", "40", "--jobs", "1", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert "body" not in shown
    assert shown["algorithm"]["origin"] == "flaky.py"
    certificate = str(place / CERTIFICATE)
    assert main(["verify", certificate, "--algorithm", plugin]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == [
        f"verified: {shown['statement']}",
        "run again, 3 trials give the recorded statuses and outputs",
    ]
    assert main(["verify", certificate]) == 0
    remedy = f"say where its file, or exec:program, is: onehalf verify {certificate} --algorithm flaky.py"
    assert capsys.readouterr().out.endswith(f"comes from flaky.py; {remedy}\n")
    assert main(["verify", certificate, "--rerun", "2"]) == 2
    assert capsys.readouterr().err.endswith(f"comes from flaky.py; {remedy} --rerun 2\n")
    assert main(["verify", certificate, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verified"] is True
    assert main(["attack", plugin, "--out", str(place), "--trials", "40", "--seed", "2", "--jobs", "1"]) == 2
    assert "name a new directory" in capsys.readouterr().err


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
        (["attack", "coin-flip", "--problem", "stability"], "certificates are made for"),
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
