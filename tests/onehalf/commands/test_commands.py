"""The commands that look: algorithms, problems, report, replay; a plugin run by its path; output for programs."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest

import onehalf as oh
from algorithms.registry import shipped_names
from onehalf.record.digests import digest_of_output
from oracle.families import known_families
from oracle.networks import encode
from tests.sealing import sealed_again

Command = Callable[..., tuple[int, str, str]]
TRIALS = 6
TEN_LINES = '''\
import numpy as np
import onehalf as oh
@oh.algorithm("ten-lines")
def ten_lines(task, rng):
    """Fit the last layer to random features by least squares."""
    x = task.read(bits=53)
    w, b = rng.normal(size=(8, 2)), rng.normal(size=8)
    features = np.maximum(x @ w.T + b, 0)
    v, *_ = np.linalg.lstsq(features, task.labels, rcond=None)
    return oh.Claim(oh.Network([(w, b), (v[None, :], [0.0])]), converged=True)
'''


def strict(text: str) -> Any:
    """Parse JSON as the standard has it, without NaN and infinities."""

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> "tuple[Path, subprocess.CompletedProcess[str]]":
    """Ten lines in a file of their own, run by path from a folder far from the repository."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "mine").mkdir()
    (folder / "mine" / "ten.py").write_text(TEN_LINES)
    home = Path(oh.__file__).parents[1]
    arguments = ["mine/ten.py", "--trials", TRIALS, "--jobs", 1, "--out", "out", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "onehalf.cli", "run", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return folder, done


@pytest.fixture
def finished(outside: "tuple[Path, subprocess.CompletedProcess[str]]", tmp_path: Path) -> Path:
    """A copy of that run's directory, to do with what one likes."""
    return Path(shutil.copytree(outside[0] / "out", tmp_path / "copy"))


def test_ten_lines_outside_the_repository_run_by_their_path(
    outside: "tuple[Path, subprocess.CompletedProcess[str]]",
) -> None:
    folder, done = outside
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "ten: 1 cell, 6 trials" in done.stderr
    (cell,) = strict(done.stdout)["cells"]
    assert (cell["planned"], cell["algorithm"]) == (TRIALS, "ten-lines")
    result = oh.load(folder / "out")
    assert result.trials["status"].tolist() == ["halted"] * TRIALS
    assert result.trials["depth"].tolist() == [53] * TRIALS
    assert result.trials["claim_1"].tolist() == [1] * TRIALS
    made = {file.name for file in (folder / "out").iterdir()}
    assert {"manifest.json", "trials.sqlite", "summary.json", "report.html"} <= made
    assert [file.name for file in folder.iterdir()].count("results") == 0


def test_a_report_is_made_again_from_the_record_alone(finished: Path, command: Command) -> None:
    before = strict((finished / "summary.json").read_text(encoding="utf-8"))
    for name in ("summary.json", "report.html"):
        (finished / name).unlink()
    status, out, _ = command("report", finished, "--formats", "html", "json")
    assert (status, out.strip()) == (0, str(finished / "report.html"))
    assert "ten-lines" in (finished / "report.html").read_text(encoding="utf-8")
    assert strict((finished / "summary.json").read_text(encoding="utf-8"))["cells"] == before["cells"]
    status, out, _ = command("report", finished, "--formats", "json", "--json")
    assert status == 0
    assert strict(out)["cells"] == before["cells"]


def test_replay_finds_every_trial_as_recorded(finished: Path, command: Command) -> None:
    for trial in range(TRIALS):
        status, out, _ = command("replay", finished, 0, trial)
        assert (status, out.splitlines()[-1]) == (0, "the same as recorded")
        assert out.startswith("ten-lines · decoy · training")
    status, out, _ = command("replay", finished, 0, 2, "--json")
    found = strict(out)
    assert (status, found["same"]) == (0, True)
    assert [row["input"] for row in found["inputs"]] == ["1", "2"]
    assert all(row["recorded"] == row["now"] for row in found["inputs"])
    assert {"status", "verdict", "margin", "depth", "queries", "claim", "output"} <= set(
        found["inputs"][0]["now"]
    )


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("verdict = 'accepted'", "input = 1"),
        ("margin = margin + 1e-9", "input = 0"),
        ("depth = 54, shared = 0", "input = 0"),
        ("claim = 0", "input = 0"),
    ],
)
def test_replay_reports_a_tampered_record_with_status_1(
    finished: Path, command: Command, change: str, where: str
) -> None:
    with closing(sqlite3.connect(finished / "trials.sqlite")) as store, store:
        touched = store.execute(f"UPDATE outcomes SET {change} WHERE trial = 3 AND {where}").rowcount
    assert touched == 1
    assert command("replay", finished, 0, 3)[0] == 1, "its digests are others"
    sealed_again(finished)
    status, out, _ = command("replay", finished, 0, 3)
    assert (status, out.splitlines()[-1]) == (1, "DIFFERS from the record")
    status, out, _ = command("replay", finished, 0, 3, "--json")
    found = strict(out)
    assert (status, found["same"]) == (1, False)
    assert sum(not row["same"] for row in found["inputs"]) == 1, "the one row that was touched"
    assert command("replay", finished, 0, 2)[0] == 0


def test_replay_sees_an_output_that_is_another_s(finished: Path, command: Command) -> None:
    body = encode(oh.Network([([[0.0, 0.0]] * 8, [0.0] * 8), ([[0.0] * 8], [0.5])]))
    key = digest_of_output(body)
    with closing(sqlite3.connect(finished / "trials.sqlite")) as store, store:
        store.execute("INSERT INTO outputs VALUES (?, ?)", (key, body))
        store.execute("UPDATE outcomes SET output = ? WHERE trial = 3 AND input = 1", (key,))
    sealed_again(finished)
    status, out, _ = command("replay", finished, 0, 3, "--json")
    found = strict(out)
    assert (status, found["same"]) == (1, False)
    assert [row["same"] for row in found["inputs"]] == [True, False]


def test_replay_refuses_a_trial_that_is_not_there(finished: Path, command: Command) -> None:
    for cell, trial, message in [(1, 0, "cell=1: "), (0, TRIALS, f"trial={TRIALS}: ")]:
        status, out, err = command("replay", finished, cell, trial)
        assert (status, out) == (2, "")
        assert err.startswith(f"onehalf: {message}")


def test_replay_refuses_a_plugin_that_has_changed(
    finished: Path, outside: "tuple[Path, subprocess.CompletedProcess[str]]", tmp_path: Path, command: Command
) -> None:
    moved = tmp_path / "ten.py"
    moved.write_text(TEN_LINES)
    manifest = finished / "manifest.json"
    here = json.dumps(str(outside[0] / "mine" / "ten.py"))
    assert manifest.read_text().count(here) == 1
    manifest.write_text(manifest.read_text().replace(here, json.dumps(str(moved))))
    sealed_again(finished)
    assert command("replay", finished, 0, 0)[0] == 0
    moved.write_text(TEN_LINES.replace("np.maximum", "np.minimum"))
    status, out, err = command("replay", finished, 0, 0)
    assert (status, out) == (2, "")
    assert err.startswith("onehalf: algorithm='ten-lines': its source has changed since it ran: SHA-256 of ")
    assert err.endswith("; put back the source that ran\n")


def test_algorithms_are_listed_and_shown(tmp_path: Path, command: Command) -> None:
    status, out, _ = command("algorithms")
    assert status == 0
    assert set(shipped_names()) <= {line.split()[0] for line in out.splitlines()}
    status, out, _ = command("algorithms", "--json")
    listed = {entry["name"]: entry for entry in strict(out)}
    assert status == 0
    assert set(shipped_names()) <= set(listed)
    assert listed["reader"]["parameters"] == {"bits": 53}
    assert listed["interpolant"]["families"] == ["training", "stability"]
    assert all(entry["summary"] for entry in listed.values())
    status, out, _ = command("algorithms", "random-depth")
    assert status == 0
    assert out.startswith("random-depth (baseline; every family)")
    assert "stop" in out
    (tmp_path / "ten.py").write_text(TEN_LINES)
    status, out, _ = command("algorithms", tmp_path / "ten.py", "--json")
    assert (status, [entry["name"] for entry in strict(out)]) == (0, ["ten-lines"])


def test_problems_are_listed_with_parameters_and_policies(command: Command) -> None:
    status, out, _ = command("problems")
    assert status == 0
    assert [line for line in out.splitlines() if line and not line.startswith(" ")][:-1] == list(
        known_families()
    )
    assert "parameters: hidden = [8], exponent = 53, a = 3/4, " in out
    assert "limit = false" in out
    status, out, _ = command("problems", "--json")
    found = strict(out)
    assert (status, list(found)) == (0, list(known_families()))
    assert found["training"]["parameters"]["exponent"] == "53"
    assert {"honest", "blind", "decoy", "mirage"} <= set(found["training"]["oracles"])
    for name, entry in found.items():
        assert entry["oracles"] == list(known_families()[name].policies)


def test_one_family_is_told_in_detail_with_its_defaults(command: Command) -> None:
    status, out, _ = command("problems", "linear-program")
    assert status == 0
    assert "Minimise x_1 + x_2 subject to x_1 + (1 + s·δ) x_2 = y, x ≥ 0" in out
    assert "  y : positive rational (default 1/500)\n      Right-hand side of the equation.\n" in out
    assert "Raises" not in out
    for name in known_families():
        status, out, _ = command("problems", name)
        told = {
            p for line in out.splitlines() if " : " in line for p in line.split(" : ")[0].strip().split(", ")
        }
        _, listed, _ = command("problems", name, "--json")
        parameters = strict(listed)[name]["parameters"]
        assert set(parameters) <= told
        assert out.count("(default ") >= len([v for v in parameters.values() if v != "None"]) - 1


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("power --p 0.6 --json", None),
        ("prove --json", "holds"),
        ("prove linear-program --oracle decoy --json", "holds"),
    ],
)
def test_what_a_program_reads_is_json(command: Command, line: str, entry: str | None) -> None:
    status, out, _ = command(*line.split())
    found = strict(out)
    assert status == 0
    assert found
    assert entry is None or found[entry] is True


def test_the_version_is_told(command: Command) -> None:
    assert command("--version") == (0, f"onehalf {oh.__version__}\n", "")
