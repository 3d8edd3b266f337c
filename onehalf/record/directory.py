"""A directory holds one experiment: manifest.json (written first), trials.sqlite, summary.json, report.html."""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import importlib.metadata
import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_info

from algorithms.registry import in_file, same_source
from analysis.wording import plural
from onehalf.plan.experiment import Experiment
from onehalf.record.described import CELLS, description
from onehalf.record.store import Store
from oracle.errors import InvalidValue

MANIFEST, TRIALS, SUMMARY, REPORT = "manifest.json", "trials.sqlite", "summary.json", "report.html"
LOCK = "lock"
_OWN = {
    *(MANIFEST, TRIALS, f"{TRIALS}-wal", f"{TRIALS}-shm", SUMMARY, REPORT, LOCK),
    *("figures", "tables", "report.md"),
}
"""What an experiment and its reports leave in a directory."""
_LIBRARIES = (
    "onehalf",
    "numpy",
    "scipy",
    "joblib",
    "pandas",
    "statsmodels",
    "scikit-learn",
    "python-flint",
    "matplotlib",
)


def prepare(directory: Path, experiment: Experiment) -> dict[str, Any]:
    """Make the directory and its manifest, or check that the one there is of the same experiment.

    A manifest of release 0.1, which describes no cells, gets their descriptions, now that their sources are at hand.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    InvalidValue
        If the directory holds another experiment, or an algorithm's source has changed since.
    """
    path = directory / MANIFEST
    plan = json.loads(json.dumps(experiment.as_json()))
    if path.exists():
        manifest = read_manifest(directory)
        difference = _difference(manifest["experiment"], plan)
        if difference:
            raise InvalidValue(
                "out", str(directory), difference, "name a new one with --out, or delete it with --overwrite"
            )
        grown = _planned(plan) > _planned(manifest["experiment"])
        if CELLS not in manifest or grown:
            manifest |= {"experiment": plan} if grown else {}
            manifest[CELLS] = description(experiment)
            write_text(path, json.dumps(manifest, indent=1))
        return manifest
    if directory.exists() and not directory.is_dir():
        raise InvalidValue("out", str(directory), "is a file", "name a directory with --out")
    if directory.exists() and any(directory.iterdir()):
        raise InvalidValue(
            "out", str(directory), "holds files but no experiment", "name a new or empty one with --out"
        )
    cells = description(experiment)
    directory.mkdir(parents=True, exist_ok=True)
    manifest = {
        "schema": 1,
        "experiment": plan,
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
        "started": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "platform": {
            "system": platform.platform(),
            "machine": platform.machine(),
            "processors": os.cpu_count(),
            "blas": blas_kernels(),
        },
        CELLS: cells,
    }
    write_text(path, json.dumps(manifest, indent=1))
    return manifest


def versions() -> dict[str, str | None]:
    """Return the versions of Python and of the libraries on which results may depend."""
    return {name: _version(name) for name in _LIBRARIES} | {"python": platform.python_version()}


def blas_kernels() -> list[str]:
    """Return the linear-algebra kernels in use, on which the last digits of a training run may depend."""
    found = (library for library in threadpool_info() if library["user_api"] == "blas")
    return sorted(
        {f"{library['internal_api']} {library.get('architecture', '')}".strip() for library in found}
    )


def read_manifest(directory: Path) -> dict[str, Any]:
    """Return the manifest of a directory.

    Raises
    ------
    InvalidValue
        If there is none, or it cannot be read.
    """
    try:
        manifest: dict[str, Any] = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidValue(
            "directory",
            str(directory),
            f"holds no experiment ({error})",
            "name a directory made by onehalf run",
        ) from error
    return manifest


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all, durably."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _difference(old: dict[str, Any], new: dict[str, Any]) -> str:
    """Say in what the experiment on disk differs from the one to run; "" where it does not."""
    for name in ("name", "seed"):
        if old[name] != new[name]:
            return f"holds an experiment with {name} {old[name]!r}, not {new[name]!r}"
    if len(old["cells"]) != len(new["cells"]):
        return f"holds an experiment of {plural(len(old['cells']), 'cell')}, not {len(new['cells'])}"
    for index, (before, after) in enumerate(zip(old["cells"], new["cells"], strict=True)):
        for key in after:
            if not _agree(key, before, after):
                if key in _SOURCES:
                    return f"was begun with another version of the source of {_SOURCES[key].format(**after)}"
                return f"holds an experiment whose cell {index} has {key} {before.get(key)!r}, not {after[key]!r}"
    return ""


_SOURCES = {
    "digest": "{algorithm}",
    "problem_digest": "a cost or a monotone g",
    "family_digest": "the family {family}",
}


def _planned(plan: dict[str, Any]) -> int:
    return sum(int(cell["trials"]) for cell in plan["cells"])


def cleared(directory: Path) -> None:
    """Delete what an experiment left in a directory; a directory without one stays as it is.

    Raises
    ------
    InvalidValue
        If it holds anything else, too, or another process is writing there; nothing is then deleted.
    """
    if not (directory / MANIFEST).exists():
        return
    foreign = sorted(path.name for path in directory.iterdir() if path.name not in _OWN)
    if foreign:
        rule = f"holds {', '.join(foreign[:3])}, too, which no experiment made"
        raise InvalidValue("overwrite", str(directory), rule, "take that away, or name another directory")
    with _alone(directory):
        for name in sorted(_OWN - {LOCK}):
            path = directory / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    (directory / LOCK).unlink(missing_ok=True)


def _agree(key: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Tell whether two plans of a cell agree in an entry: a source is known by its digest, wherever it is.

    More trials than before are the same experiment, its first ones on record, unless a rule says when a cell ends.
    """
    if key == "trials" and not after.get("until"):
        return bool(after[key] >= before[key])
    if key == "digest":
        return same_source(after["algorithm"], after["origin"], before[key], after[key])
    if key == "origin" and in_file(before[key]) and in_file(after[key]):
        return True
    if key in ("family_origin", "family_digest") and key not in before:
        return True  # release 0.1 knew of no family but those that are installed
    if key == "family_origin" and "::" in before[key] and "::" in after[key]:
        return True
    return bool(before.get(key) == after[key])


@cache
def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


@contextlib.contextmanager
def opened(directory: Path, experiment: Experiment) -> Iterator[Store]:
    """Make or take up an experiment's directory, and yield its store with the plan entered.

    Raises
    ------
    InvalidValue
        If the directory holds another experiment, or another process is writing there.
    """
    prepare(directory, experiment)
    with _alone(directory):
        store = Store(directory / TRIALS)
        try:
            store.enter_plan(experiment)
            yield store
        finally:
            store.close()


@contextlib.contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Hold the directory's lock: a record lock, which ends with this process and is no child's."""
    with (directory / LOCK).open("w") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InvalidValue(
                "out", str(directory), "another run is at work there", "wait until it ends, or name a new one"
            ) from error
        yield
