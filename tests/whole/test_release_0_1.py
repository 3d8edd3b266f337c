"""What release 0.1 recorded holds: later releases may say more, but what was said stays, to the byte where it must.

The reference values are of release 0.1 itself; `release_0_1/make.py` says how each was made. A value that changes on
purpose is an entry in CHANGELOG.md, and leaves this test by name, as a command leaves `UNCHANGED`.
"""

from __future__ import annotations

import contextlib
import gzip
import importlib.util
import json
import math
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import onehalf as oh
from onehalf import cli

HOME = Path(__file__).resolve().parents[2]
RECORDED = Path(__file__).resolve().parent / "release_0_1"

UNCHANGED = (
    "power", "replay", "algorithms",
    # "check", "new" and "problems" know of families in files; "prove" and "verify" of Coq; "attack", "run",
    # "report", "reproduce", "stability" and "onehalf" itself have options and statuses that came since.
)  # fmt: skip
"""Commands whose help is word for word that of 0.1; "onehalf" is the list of commands."""

_EXTRAS = {"everything.toml": ("cma", "nevergrad", "torch")}
_ROUNDING = 1e-12


def _module(path: Path) -> ModuleType:
    """Return a file as a module: with pytest's import mode, files beside tests cannot be imported by name."""
    spec = importlib.util.spec_from_file_location("release_0_1_make", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make = _module(RECORDED / "make.py")


def recorded(name: str) -> Any:
    """Return the content of a recorded JSON file."""
    body = (RECORDED / name).read_bytes()
    return json.loads(gzip.decompress(body) if name.endswith(".gz") else body)


def lost(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """Yield in what a value is not the old one; keys that are new, at any depth, do not count.

    The floats of a summary come from SciPy and NumPy, which promise no last digit: two that agree to a relative 1e-12
    are the same. What is printed in its sentences is compared as it stands, and outcomes are compared bit by bit.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name, value in old.items():
            if name in new:
                yield from lost(value, new[name], f"{place}/{name}")
            else:
                yield f"{place}/{name} is gone"
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, now) in enumerate(zip(old, new, strict=True)):
            yield from lost(before, now, f"{place}/{index}")
    elif type(old) is not type(new) or not _same(old, new):
        yield f"{place} was {str(old)[:200]}, is {str(new)[:200]}"


def _same(old: Any, new: Any) -> bool:
    return math.isclose(old, new, rel_tol=_ROUNDING) if isinstance(old, float) else bool(old == new)


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """Put back the handler that the command line sets."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the groups of runs, each run afresh."""
    folder = tmp_path_factory.mktemp("runs")
    for name in make.RUNS:
        make.run(name, folder / name)
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with copies of the two directories of release 0.1, beside their experiment file."""
    folder = tmp_path_factory.mktemp("kept") / "here"
    shutil.copytree(RECORDED / "kept", folder)
    return folder


@pytest.mark.parametrize("name", make.PLANNED)
def test_coordinates_and_stream_keys(name: str, tmp_path: Path) -> None:
    assert make.planned(make.PLANNED[name], tmp_path / "run") == recorded("planned.json")[name]


def as_counted_since(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows of 0.1 with the depth that counts since: a question that the digit budget refused has been asked, too."""
    found = [list(row) for row in rows]
    for row in found:
        told = re.match(r"asked for (\d+) digits, the digit budget is ", str(row[10]))
        if told:
            row[7 if len(row) == 12 else 8] = int(told[1])
    return found


@pytest.mark.parametrize("name", make.RUNS)
def test_outcomes_and_outputs(name: str, place: Path) -> None:
    assert make.outcomes(place / name) == as_counted_since(recorded("outcomes.json")[name])


MENDED = {
    "/stability/0/picture/cell was 0, is 47": "in a joined report 0.1 gave the cell's number in its own directory",
    "/kinds/barriers is gone": "both its series have intervals open at both ends, which hold whatever is predicted",
}
"""What the summary says otherwise than 0.1 did, because 0.1 was wrong there, by how the difference is told."""


def numbers(summary: Mapping[str, Any]) -> dict[str, Any]:
    """A summary without its sentences, of which some were false in 0.1; that a kind of finding is there stays.

    What sentences say is found true again by `tests/analysis/prose/checkers.py`.
    """
    kinds = {item["kind"]: True for item in summary["findings"]}
    return {**{k: v for k, v in summary.items() if k not in ("headline", "findings")}, "kinds": kinds}


def test_the_summary_of_all_runs_says_what_it_said(place: Path) -> None:
    status, summary = make.summary(list(make.RUNS), place)
    assert status == 0
    different = list(lost(numbers(recorded("summary.json.gz")), numbers(summary)))
    assert [text for text in different if not text.startswith(tuple(MENDED))] == []
    assert len(different) == len(MENDED)


def test_the_comparison_sees_what_is_lost_and_lets_pass_what_is_new() -> None:
    old = {"a": [1, {"b": 0.5, "c": None}], "d": "x"}
    assert list(lost(old, {"a": [1, {"b": 0.5, "c": None, "new": 2}], "d": "x", "e": 3})) == []
    assert list(lost(old, {"a": [1, {"b": 0.5 + 1e-9}], "d": "x"})) == [
        "/a/1/b was 0.5, is 0.500000001",
        "/a/1/c is gone",
    ]
    assert list(lost(old, {"a": [True, old["a"][1], 2], "d": "x"})) != []
    assert list(lost([1], [True])) == ["/0 was 1, is True"]


def test_a_kept_directory_is_loaded_and_reported(kept: Path) -> None:
    result = oh.load(kept / "complete")
    assert len(result.trials) == 42
    status, summary = make.summary(["complete"], kept, "report")
    assert status == 0
    assert list(lost(numbers(recorded("kept/summary.json")), numbers(summary))) == []
    assert list(lost(summary, make.steady(json.loads(json.dumps(result.summary()))))) == []


def test_what_cannot_be_compared_of_a_kept_directory_is_told(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["fsck", str(kept / "complete")]) == 0
    said = capsys.readouterr().out
    assert (
        "no fault found in what can be compared: outputs and stream keys of 42 trials, rows of 0 chunks"
        in said
    )
    assert "rows from before digests were kept cannot be" in said
    assert "as written" not in said


@pytest.mark.parametrize(("cell", "trial"), make.REPLAYED)
def test_a_kept_trial_is_replayed(kept: Path, cell: int, trial: int) -> None:
    status, said = make.replayed(kept / "complete", cell, trial)
    assert status == 0
    different = list(lost(recorded("kept/replays.json")[f"{cell} {trial}"], said))
    # What a budget refused has been asked, and counts since.
    refused = re.compile(r"/inputs/\d/now/depth was (64, is 128|128, is 256)")
    assert [text for text in different if not refused.match(text)] == []


def as_certified_then(rows: list[list[Any]]) -> list[list[Any]]:
    """Return certificates without what a search says of the least size since."""
    found = []
    for cell, digest, body in rows:
        told = json.loads(body)
        for entry in told.get("search", []):
            for name in ("least", "least_over_delta", "attained"):
                entry.pop(name, None)
        found.append([cell, digest, told])
    return found


@pytest.mark.parametrize("name", ["interrupted", "fresh"])
def test_a_run_is_continued_by_its_own_command_to_the_rows_of_a_complete_one(kept: Path, name: str) -> None:
    """The manifest holds the SHA-256 of each algorithm's source file in 0.1.

    Those files are others by now, or elsewhere. An algorithm that ships is known by its name all the same, and a
    directory that 0.1 began is continued.
    """
    manifest = json.loads((kept / "interrupted" / "manifest.json").read_text())
    program, *words = manifest["command"]
    assert (program, words[:4]) == ("onehalf", ["run", "kept.toml", "--out", "interrupted"])
    words[3] = name
    begun = len(make.outcomes(kept / name)) if (kept / name).exists() else 0
    assert begun == {"interrupted": 69, "fresh": 0}[name]
    with contextlib.chdir(kept):
        assert make.command(*words)[0] == 0
    assert as_counted_since(make.outcomes(kept / name)) == as_counted_since(make.outcomes(kept / "complete"))
    tables = {
        "cells": "SELECT * FROM cells",
        "outputs": "SELECT * FROM outputs ORDER BY digest",
        "decisions": "SELECT * FROM decisions",
        "certificates": "SELECT * FROM certificates ORDER BY cell, digest",
        "trials": "SELECT cell, trial, seed, status, shared, verdict_1, margin_2, claim_3, depth, queries, note "
        "FROM trials ORDER BY cell, trial",
    }
    for table, query in tables.items():
        mine, theirs = (make.stored(kept / each, query) for each in (name, "complete"))
        if table == "trials":
            mine, theirs = as_counted_since(mine), as_counted_since(theirs)
        if table == "certificates":
            mine, theirs = as_certified_then(mine), as_certified_then(theirs)
        assert mine == theirs
    if name == "interrupted":
        after = json.loads((kept / name / "manifest.json").read_text())
        assert list(lost(manifest, after)) == [], "what 0.1 wrote down is left as it was"


def numbers_of(document: Mapping[str, Any]) -> str:
    """What 0.1 said of a certificate, up to whether it is conclusive, which is judged otherwise since."""
    return str(document["statement"]).partition(" This is not")[0].rstrip(".")


@pytest.mark.parametrize("name", make.ATTACKS)
def test_a_certificate_is_verified(name: str) -> None:
    path = RECORDED / "certificates" / f"{name}.json"
    document = json.loads(path.read_text())
    assert f"-{document['theorem']}" == name[-2:]
    assert make.command("verify", path)[0] == 0
    status, said = make.command("verify", path, "--rerun", 2, "--json")
    outcome = json.loads(said)
    assert (status, outcome["verified"]) == (0, True)
    assert outcome["statement"].startswith(numbers_of(document))
    assert "chosen freely" in outcome["statement"]
    assert (len(outcome["rerun"]), outcome["different"]) == (2, [])


@pytest.mark.parametrize("name", make.ATTACKS)
def test_a_certificate_is_verified_by_the_one_file_alone(name: str, tmp_path: Path) -> None:
    verifier = shutil.copy(HOME / "onehalf" / "verify_standalone.py", tmp_path)
    path = RECORDED / "certificates" / f"{name}.json"
    done = subprocess.run(
        [sys.executable, "-I", "-S", verifier, str(path)], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert numbers_of(json.loads(path.read_text())) in done.stdout


def test_every_public_name_is_there() -> None:
    names = recorded("names.json")["names"]
    assert set(names) <= set(dir(oh))
    assert all(getattr(oh, name) is not None for name in names)


def test_every_command_is_listed() -> None:
    status, said = make.command("--help")
    assert status == 0
    listed = re.findall(r"^    ([a-z]+)\b", said, flags=re.MULTILINE)
    assert set(make.COMMANDS) <= set(listed)


@pytest.mark.parametrize("name", make.COMMANDS)
def test_every_option_is_there(name: str) -> None:
    status, said = make.command(name, "--help")
    assert status == 0
    old = (RECORDED / "help" / f"{name}.txt").read_text(encoding="utf-8")
    assert _options(old)
    assert _options(old) <= _options(said)


def _options(text: str) -> set[str]:
    """Return the options that a help lists, as ``-h`` and ``--out``."""
    listed = re.findall(r"^  (-.*?)(?:  |$)", text, flags=re.MULTILINE)
    return {option for line in listed for option in re.findall(r"--?[a-z][a-z-]*", line)}


@pytest.mark.parametrize("name", UNCHANGED)
def test_the_help_is_word_for_word_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if list(sys.version_info[:2]) != recorded("names.json")["python"]:
        pytest.skip("argparse lays out its text otherwise in another version of Python")
    monkeypatch.setenv("COLUMNS", "100")
    words = ["--help"] if name == "onehalf" else [name, "--help"]
    assert make.command(*words)[1] == (RECORDED / "help" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["barrier.toml", "everything.toml", "stability.toml", "universal.toml"])
def test_an_experiment_file_is_read_to_the_same_plan(name: str) -> None:
    for extra in _EXTRAS.get(name, ()):
        pytest.importorskip(extra)
    assert list(lost(recorded("plans.json.gz")[name], make.plan(RECORDED / "examples" / name))) == []
