"""The examples run, and say what their first lines claim."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import onehalf as oh

EXAMPLES = Path(__file__).parents[4] / "examples"


def run(name: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name), *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return done.stdout


def counts(pattern: str, text: str) -> list[int]:
    return [int(found) for found in re.findall(pattern, text)]


def test_published_configuration() -> None:
    text = run("published_configuration.py")
    with_feature, without = text.split("trained without x_2")
    assert text.startswith("a = 20, K = 26, ε = 1/100, δ = 1/1000, 8000 points, 6 label changes along x_1, ")
    assert (
        "The theorem forces nothing here: such a network has up to 105 pieces on a line, and 6 label" in text
    )
    assert "observed, not proved" in text
    assert "8000 of 8000 points right (100.00%)" in with_feature
    # One η of size 10^-3 flips all points of label 1, the other all of label 0: together every point.
    down, up = counts(r"x_2: (\d+) wrong", with_feature)
    assert f"of the {down} points that −δ flips, 6 spread over them" in with_feature
    assert down + up == 8000
    assert min(down, up) > 2800
    assert counts(r": (\d+) of 8000 points right", without)[0] < 5600
    assert "equal to f on every ball of radius ε: True" in text


def test_digits() -> None:
    text = run("digits.py")
    trained, psi = text.split("ψ, 54 hidden neurons")
    assert counts(r"images: (\d+) wrong", trained) == [0, 0]
    down, up = counts(r"− δ: (\d+) wrong", trained), counts(r"\+ δ: (\d+) wrong", trained)
    assert [a + b for a, b in zip(down, up, strict=True)] == [898, 899]
    assert counts(r"(\d+) wrong", psi) == [0] * 6
    assert "around every image: True" in psi


def test_experiment_file() -> None:
    experiment = oh.read_experiment(EXAMPLES / "stability.toml")
    assert [cell.spec.name for cell in experiment.cells] == ["mlp-lbfgs", "random-features"] * 2 + [
        "stable"
    ] * 2
    assert experiment.cells[0].problem.separation.member  # type: ignore[attr-defined]
