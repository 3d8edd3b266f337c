"""How the values in this folder were recorded, and how the same values are taken from any later release.

They were recorded with release 0.1: ``PYTHONPATH=CHECKOUT python make.py``, where CHECKOUT is one of release 0.1. The
test calls the same functions and compares. Nothing is used but the public names, the command line, and files.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import shutil
import sqlite3
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import onehalf as oh
from onehalf.cli import main

HERE = Path(__file__).parent
Rows = list[list[Any]]

VARYING = ("started", "versions", "platform", "command", "directory", "directories", "sha256", "seconds")
"""Keys of a summary whose values are of one machine, one moment or one state of the sources."""

_GROUPS = tomllib.loads((HERE / "groups.toml").read_text(encoding="utf-8"))
PLANNED: dict[str, dict[str, Any]] = _GROUPS["planned"]
RUNS: dict[str, dict[str, Any]] = _GROUPS["run"]
ATTACKS: dict[str, list[str]] = _GROUPS["attack"]
COMMANDS = (
    "reproduce", "run", "stability", "report", "power", "replay", "attack", "verify", "prove", "algorithms", "check",
    "new", "problems",
)  # fmt: skip
REPLAYED = ((0, 0), (0, 7), (1, 2), (2, 3), (3, 4), (4, 1), (5, 0), (6, 3), (7, 0), (8, 0))


def command(*arguments: object) -> tuple[int, str]:
    """Call the command line in this process; return its exit status and what it printed."""
    words, said = [str(argument) for argument in arguments], io.StringIO()
    with contextlib.redirect_stdout(said), mock.patch.object(sys, "argv", ["onehalf", *words]):
        status = main(words)
    return status, said.getvalue()


def planned(group: Mapping[str, Any], directory: Path) -> Rows:
    """Return root seed, stream key and coordinates of the cells of a group, as a run stores them."""
    oh.run(**group, trials=1, directory=directory, budget=oh.Budget(digits=1))
    return stored(directory, "SELECT root_seed, stream_key, coordinates FROM cells ORDER BY cell")


def run(name: str, directory: Path) -> Path:
    """Run a group of `RUNS` into a directory, and return it."""
    group = dict(RUNS[name])
    budget = oh.Budget(digits=group.pop("digits", 10_000))
    oh.run(**group, seed=71, directory=directory, budget=budget, name=name)
    return directory


def outcomes(directory: Path) -> Rows:
    """Return all that a directory records of every trial on every input but its seconds, and its output's SHA-256."""
    found = stored(
        directory,
        "SELECT cell, trial, input, shared, status, verdict, margin, depth, queries, claim, note, body "
        "FROM outcomes LEFT JOIN outputs ON output = digest ORDER BY cell, trial, input",
    )
    return [[*row, None if body is None else hashlib.sha256(body).hexdigest()] for *row, body in found]


def stored(directory: Path, query: str) -> Rows:
    """Return the rows of a query on a directory's record."""
    with closing(sqlite3.connect(directory / "trials.sqlite")) as connection:
        return [list(row) for row in connection.execute(query)]


def summary(names: Sequence[str], place: Path, out: str = "joined") -> tuple[int, Any]:
    """Return the exit status of ``onehalf report`` on directories, and the steady part of its summary.json."""
    with contextlib.chdir(place):
        status, _ = command("report", *names, "--out", out, "--formats", "json", "latex", "csv")
        return status, steady(json.loads((Path(out) / "summary.json").read_text(encoding="utf-8")))


def steady(value: Any) -> Any:
    """Return a summary without what must vary: `VARYING`, and float64 values that linear algebra computed."""
    if isinstance(value, Mapping):
        kept = {name: steady(inner) for name, inner in value.items() if name not in VARYING}
        if {"values", "across", "up"} <= set(kept):  # a picture of a network over the plane
            kept["values"] = [len(kept["values"]), len(kept["values"][0])]
        return kept
    return [steady(inner) for inner in value] if isinstance(value, list) else value


def plan(file: Path) -> Any:
    """Return the plan of an experiment file as JSON values, without the digests of sources."""
    written = json.loads(json.dumps(oh.read_experiment(file).as_json()))
    for cell in written["cells"]:
        del cell["digest"], cell["problem_digest"]
    return written


def replayed(directory: Path, cell: int, trial: int) -> tuple[int, Any]:
    """Return the exit status of ``onehalf replay`` and what it says as JSON."""
    status, said = command("replay", directory, cell, trial, "--json")
    return status, json.loads(said)


def interrupt(directory: Path) -> None:
    """Take trials, a decision and certificates out of a record, as if the run had been killed before them."""
    with closing(sqlite3.connect(directory / "trials.sqlite")) as connection, connection:
        for lost in (
            "cell = 0 AND trial > 3 AND trial <> 7",
            "cell = 2",
            "cell = 5 AND trial > 3",
            "cell = 8",
        ):
            connection.execute(f"DELETE FROM outcomes WHERE {lost}")
        connection.execute("DELETE FROM decisions")
        connection.execute("DELETE FROM certificates WHERE cell IN (7, 8)")
        connection.execute(
            "DELETE FROM outputs WHERE digest NOT IN (SELECT output FROM outcomes WHERE output NOTNULL)"
        )


def _write(name: str, value: Mapping[str, Any]) -> None:
    """Write an object with a line for each member of the lists that it holds; compress what is named so."""
    text = ",\n".join(f"{json.dumps(key)}: {_lines(inner)}" for key, inner in value.items())
    body = f"{{\n{text}\n}}\n".encode()
    (HERE / name).write_bytes(gzip.compress(body, mtime=0) if name.endswith(".gz") else body)


def _lines(value: Any) -> str:
    if isinstance(value, list):
        return "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in value) + "\n]"
    return json.dumps(value, ensure_ascii=False)


def _record(place: Path) -> None:
    assert oh.__version__ == "0.1.0", "the record is one of release 0.1"
    _write("names.json", {"python": list(sys.version_info[:2]), "names": dir(oh)})
    (HERE / "help").mkdir(exist_ok=True)
    for name in ("onehalf", *COMMANDS):
        text = command(*([] if name == "onehalf" else [name]), "--help")[1]
        (HERE / "help" / f"{name}.txt").write_text(text, encoding="utf-8")
    _write(
        "planned.json", {name: planned(group, place / "planned" / name) for name, group in PLANNED.items()}
    )
    _write("outcomes.json", {name: outcomes(run(name, place / name)) for name in RUNS})
    _write("summary.json.gz", summary(list(RUNS), place)[1])
    _write("plans.json.gz", {f.name: plan(f) for f in sorted((HERE / "examples").glob("*.toml"))})
    (HERE / "certificates").mkdir(exist_ok=True)
    for name, words in ATTACKS.items():
        command("attack", *words, "--out", place / "attacks" / name, "--jobs", 1)
        shutil.copy(place / "attacks" / name / "certificate.json", HERE / "certificates" / f"{name}.json")
    _keep(place / "kept")


def _keep(place: Path) -> None:
    place.mkdir()
    shutil.copy(HERE / "kept" / "kept.toml", place)
    for name in ("complete", "interrupted"):
        with contextlib.chdir(place):
            command("run", "kept.toml", "--out", name, "--jobs", 1)
        if name == "interrupted":
            interrupt(place / name)
        (HERE / "kept" / name).mkdir(exist_ok=True)
        with closing(sqlite3.connect(place / name / "trials.sqlite")) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for file in ("manifest.json", "trials.sqlite"):
            shutil.copy(place / name / file, HERE / "kept" / name)
    _write("kept/summary.json", summary(["complete"], place, "report")[1])
    _write("kept/replays.json", {f"{c} {t}": replayed(place / "complete", c, t)[1] for c, t in REPLAYED})


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict("os.environ", COLUMNS="100"):
        _record(Path(folder))
