"""The example plugins and the template of `onehalf new` keep to the rules and do what they say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import onehalf
from algorithms.conformance.suite import check
from onehalf.cli import main

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / "examples" / "plugins"
NEAR = onehalf.AlternatingTraining(exponent=53)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Compile the C example."""
    program = tmp_path_factory.mktemp("c") / "reader"
    source = PLUGINS / "programs" / "reader.c"
    subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source, "-lm"], check=True)
    return f"exec:{program}"


def test_the_c_program_keeps_to_the_rules(reader: str) -> None:
    report = check(reader)
    assert report.passed, str(report)


def test_the_c_program_is_the_baseline_it_says(reader: str) -> None:
    result = onehalf.run(NEAR, [f"{reader}[bits=[53,54]]"], trials=30, oracle=["decoy"])
    blind, sighted = (result.trials[result.trials.cell == cell] for cell in (0, 1))
    first, second = (list(blind[name] == "accepted") for name in ("verdict_1", "verdict_2"))
    assert [a + b for a, b in zip(first, second, strict=True)] == [1] * 30
    assert 0 < sum(first) < 30
    assert set(sighted.verdict_1) == set(sighted.verdict_2) == {"accepted"}
    assert set(sighted.claim_1) == {1}


def test_the_python_program_trains() -> None:
    program = {"program": [sys.executable, str(PLUGINS / "programs" / "least_squares.py")]}
    report = check(program)
    assert report.passed, str(report)
    result = onehalf.run(NEAR, [program], trials=20, oracle=["decoy", "honest"])
    decoy, honest = (result.trials[result.trials.cell == cell] for cell in (0, 1))
    assert set(decoy.verdict_1) == {"accepted"}
    assert set(decoy.verdict_2) == {"rejected"}
    assert set(honest.verdict_1) == set(honest.verdict_2) == {"accepted"}


def test_a_distribution_is_known_once_it_is_installed(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    shutil.copytree(PLUGINS / "distribution", source)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-index", "--no-build-isolation", "--target", str(target)]
    subprocess.run([*pip, *offline, str(source)], check=True)
    places = os.pathsep.join([str(target), str(ROOT)])
    command = [sys.executable, "-m", "onehalf.cli"]
    environment = {**os.environ, "PYTHONPATH": places}
    checked = subprocess.run([*command, "check", "stump"], env=environment, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "(installed)" in checked.stdout
    run = [*command, "run", "stump", "--trials", "5", "--out", str(tmp_path / "run")]
    subprocess.run(run, env=environment, check=True, capture_output=True)
    replay = [*command, "replay", str(tmp_path / "run"), "0", "3"]
    again = subprocess.run(replay, env=environment, capture_output=True, text=True)
    assert again.stdout.rstrip().endswith("the same as recorded"), again.stdout + again.stderr


def test_a_broken_distribution_is_left_out_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "broken_plugin.py").write_text("raise RuntimeError('no licence')\n")
    (tmp_path / "taken_plugin.py").write_text(
        "import onehalf\n@onehalf.algorithm('coin-flip')\ndef f(task, rng): return None\n"
    )
    metadata = tmp_path / "broken_plugin-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-plugin\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[onehalf.algorithms]\nx = broken_plugin\ny = taken_plugin\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    command = [sys.executable, "-m", "onehalf.cli", "check", "coin-flip"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "(shipped)" in done.stdout
    assert "plugin broken_plugin: cannot be imported: RuntimeError: no licence; it is left out" in done.stderr
    assert "plugin taken_plugin: the name coin-flip is taken; it is left out" in done.stderr


def test_the_template_keeps_to_the_rules_and_trains(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "my_first_trainer.py"
    assert main(["new", "algorithm", str(file)]) == 0
    report = check(str(file))
    assert report.passed, str(report)
    assert report.algorithm == "my-first-trainer"
    result = onehalf.run(NEAR, str(file), trials=20, oracle="honest")
    assert set(result.trials.verdict_1) == set(result.trials.verdict_2) == {"accepted"}
    assert main(["new", "algorithm", str(file)]) == 2
    assert "exists already; choose another name" in capsys.readouterr().err
    assert main(["new", "algorithm", str(tmp_path / "trainer.txt")]) == 2
    assert "a plugin is a Python file" in capsys.readouterr().err
    assert main(["new", "algorithm", str(tmp_path / "none" / "x.py")]) == 2
    assert "cannot be written" in capsys.readouterr().err
