"""The example of a family in one file, from a folder outside the package: basis pursuit, checked, proved, run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onehalf as oh
from onehalf.cli import main
from oracle.families import find_family

SOURCE = Path(__file__).resolve().parents[3] / "examples" / "basis_pursuit.py"
FIXED = settings(derandomize=True, deadline=None, max_examples=50)
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command in a folder that holds the example and nothing else."""
    shutil.copy(SOURCE, tmp_path)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str]:
        return main(list(words)), capsys.readouterr().out

    return run


def test_it_imports_one_package_of_ours_and_keeps_every_rule(command: Command) -> None:
    lines = [
        line
        for line in SOURCE.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import", "from"))
    ]
    assert [line for line in lines if "onehalf" in line] == ["import onehalf as oh"]
    assert not [
        line for line in lines if line.split()[1].partition(".")[0] in ("oracle", "algorithms", "analysis")
    ]
    status, said = command("check", "basis_pursuit.py")
    assert (status, said.count("\npasses\n")) == (0, 2)


def test_it_is_told_and_proved(command: Command) -> None:
    status, said = command("problems", "basis_pursuit.py::BasisPursuit")
    assert status == 0
    assert "  gap : int (default 53)\n" in said
    status, said = command("prove", "basis_pursuit.py[gap=30]", "--oracle", "decoy")
    assert status == 0
    assert "[checked] Exclusion: The minimisers are 1073741824/1073741825 apart" in said
    assert "not closed" not in said
    assert "more than 30 digits" in said
    assert command("prove", "basis_pursuit.py[radius=3/5]")[0] == 2


def test_it_is_run_from_an_experiment_file_beside_it(command: Command, tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    shutil.move("basis_pursuit.py", "plan")
    (tmp_path / "plan" / "it.toml").write_text(
        'seed = 3\ntrials = 20\n[[cells]]\noracle = ["blind", "decoy", "honest"]\nalgorithms = ["basis_pursuit.py"]\n'
        'problem = { family = "basis_pursuit.py::basis-pursuit", gap = [50, 54] }\n'
    )
    status, said = command("run", "plan/it.toml", "--jobs", "1", "--out", "results")
    assert status == 0
    assert "pursuit" in said
    assert (tmp_path / "results" / "report.html").is_file()


def test_nothing_read_up_to_the_depth_tells_which(command: Command) -> None:
    trials = oh.run(
        "basis_pursuit.py[gap=60]", "basis_pursuit.py", oracle=["blind", "decoy"], trials=30
    ).trials
    both = (trials.verdict_1 == "accepted") & (trials.verdict_2 == "accepted")
    assert not both.any()
    assert ((trials.verdict_1 == "accepted") | (trials.verdict_2 == "accepted")).all()
    honest = oh.run("basis_pursuit.py[gap=52]", "basis_pursuit.py", oracle="honest", trials=5).trials
    assert set(honest.verdict_1) == set(honest.verdict_2) == {"accepted"}


@FIXED
@given(
    y=st.fractions(Fraction(1, 100), 100, max_denominator=100),
    radius=st.fractions(Fraction(1, 100), 100, max_denominator=100),
    gap=st.integers(1, 80),
    first=st.fractions(-200, 200, max_denominator=100),
    second=st.fractions(-200, 200, max_denominator=100),
)
def test_its_bound_is_of_theorem_1_where_no_point_serves_both(
    y: Fraction, radius: Fraction, gap: int, first: Fraction, second: Fraction
) -> None:
    problem = find_family(str(SOURCE))(y=y, radius=radius, gap=gap)
    one, other = (problem.facts.witness(member) for member in problem.inputs)
    middle = tuple((a + b) / 2 for a, b in zip(one, other, strict=True))
    found = problem.judge([middle, (first, second), one, other])
    served = [all(v.kind == "accepted" for v in row) for row in found]
    # The midpoint is within the radius of both exactly where any point is.
    assert served[0] == (problem.bound("blind").theorem == "")
    assert served[0] or not any(served)
    assert (found[2][0].kind, found[3][1].kind) == ("accepted", "accepted")
