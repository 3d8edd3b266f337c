"""Every command of the tutorials is run as it stands, in the files that they show, and leaves the report they name."""

import re
import shlex
from pathlib import Path

import pytest

from analysis.figures import gallery
from onehalf import reproduce
from onehalf.cli import DONE, main

HOME = Path(__file__).resolve().parents[2] / "docs" / "tutorials"
REPORTS = {
    "trainer": "results/my_trainer/report.html",
    "analyst": "results/audit-diet.mps/audit.json",
    "problem": "results/player+sklearn-lasso/report.html",
    "teacher": "results/lecture/report.html",
}


def test_there_is_a_tutorial_for_each_of_four_users() -> None:
    assert {page.stem for page in HOME.glob("*.md")} == set(REPORTS)


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_every_command_of_a_tutorial_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    # What reports draw is tested elsewhere, and takes most of their time; a page of fewer settings says as much here.
    monkeypatch.setattr(gallery, "FIGURES", ())
    monkeypatch.setattr(reproduce, "EXPLORED_EXPONENTS", (9, 30))
    monkeypatch.setattr(reproduce, "EXPLORED_DIGITS", (12, 40))
    text = (HOME / f"{name}.md").read_text(encoding="utf-8")
    for title, body in re.findall(r'```\w+ title="([^"]+)"\n(.*?)```', text, re.DOTALL):
        Path(title).write_text(body, encoding="utf-8")
    commands = re.findall(r"^\$ onehalf (.*)$", text, re.MULTILINE)
    assert commands
    for command in commands:
        assert main(shlex.split(command)) == DONE, capsys.readouterr().err
    assert Path(REPORTS[name]).exists()
