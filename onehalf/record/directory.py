"""A directory holds one experiment: manifest.json (written first), trials.sqlite, summary.json, report.html."""

from __future__ import annotations

import contextlib
import datetime
import errno
import fcntl
import json
import os
import platform
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from algorithms.registry import in_file, same_source
from analysis.wording import plural
from onehalf.plan.experiment import Experiment
from onehalf.plan.shard import Shard, require_share
from onehalf.record.described import CELLS, description
from onehalf.record.digests import digest_of_json
from onehalf.record.environment import (
    blas_kernels,
    computed_otherwise,
    environment,
    environment_of,
    versions,
)
from onehalf.record.integrity import EARLIER, UNKEPT, faults_of, is_surroundings, unread_by_sqlite
from onehalf.record.store import Store
from oracle.errors import CannotGoOn, DamagedRecord, DirectoryInUse, InvalidValue

MANIFEST, TRIALS, SUMMARY, REPORT = "manifest.json", "trials.sqlite", "summary.json", "report.html"
SUMS = "SHA256SUMS"
LOCK = "lock"
SHARD = "shard"
DIGEST = "digest"
SCHEMA = 1


def prepare(directory: Path, experiment: Experiment, shard: Shard | None = None) -> dict[str, Any]:
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
        difference = another_experiment(manifest["experiment"], plan)
        if difference:
            raise InvalidValue(
                "out", str(directory), difference, "name a new one with --out, or delete it with --overwrite"
            )
        require_share(str(directory), manifest.get(SHARD, ""), str(shard or ""))
        grown = _planned(plan) > _planned(manifest["experiment"])
        if grown and shard is not None:
            rule = f"holds shard {shard} of fewer trials, and those of another plan are others"
            raise InvalidValue("out", str(directory), rule, "name a new directory with --out")
        if grown:
            # The store is of the plan before until it is opened; a run that ends in between leaves it so.
            manifest[EARLIER] = [*manifest.get(EARLIER, []), digest_of_json(manifest["experiment"])]
            manifest |= {"experiment": plan, CELLS: description(experiment)}
        if grown or CELLS not in manifest or (DIGEST not in manifest and not _keeps_digests(directory)):
            manifest.setdefault(CELLS, description(experiment))
            write_manifest(path, manifest)
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
        "schema": SCHEMA,
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
        **({} if shard is None else {SHARD: str(shard)}),
    }
    write_manifest(path, manifest)
    return manifest


def _keeps_digests(directory: Path) -> bool:
    if not (directory / TRIALS).exists():
        return False
    try:
        with contextlib.closing(Store.to_read(directory / TRIALS)) as store:
            return store.keeps_digests()
    except sqlite3.DatabaseError:
        return True  # what it is will be told when it is inspected


def write_manifest(path: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest with its digest."""
    manifest[DIGEST] = _digest(manifest)
    write_text(path, json.dumps(manifest, indent=1))


def _digest(manifest: dict[str, Any]) -> str:
    """Return the digest of all that a manifest says beside it."""
    return digest_of_json({name: value for name, value in manifest.items() if name != DIGEST})


def read_manifest(directory: Path) -> dict[str, Any]:
    """Return the manifest of a directory.

    Raises
    ------
    InvalidValue
        If there is none, it cannot be read, or it is of a schema that is not known here.
    DamagedRecord
        If it is not what was written.
    """
    path = directory / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidValue(
            "directory",
            str(directory),
            f"holds no experiment ({error})",
            "name a directory made by onehalf run",
        ) from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("experiment"), dict):
        raise InvalidValue(
            "directory",
            str(directory),
            f"its {MANIFEST} holds no plan",
            "name a directory made by onehalf run",
        )
    if DIGEST in manifest and manifest[DIGEST] != _digest(manifest):
        raise damaged(directory, [f"{MANIFEST} is not what was written: its SHA-256 is another"])
    if manifest.get("schema") != SCHEMA:
        rule = f"its {MANIFEST} is of schema {manifest.get('schema')!r}, and this release reads {SCHEMA}"
        raise InvalidValue("directory", str(directory), rule, "read it with the release that made it")
    return manifest


def damaged(directory: Path, found: Sequence[str]) -> DamagedRecord:
    """Return the error for a directory that is not what was written."""
    rest = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return DamagedRecord(
        "directory",
        str(directory),
        f"{found[0]}{rest}",
        "put back a copy, or run it again into another directory; onehalf fsck tells all that differs",
    )


def inspected(directory: Path, manifest: dict[str, Any]) -> list[str]:
    """Return in what a directory's store is not what was written for its plan."""
    try:
        store = Store.to_read(directory / TRIALS)
    except sqlite3.DatabaseError as error:
        return [f"{TRIALS}: {unread_by_sqlite(error)}"]
    try:
        found = [f"{TRIALS}: {text}" for text in faults_of(manifest, store)]
        if not found and DIGEST not in manifest and store.keeps_digests():
            found = [f"{MANIFEST} has lost its digest, which {TRIALS} shows it had"]
    finally:
        store.close()
    return found


@contextlib.contextmanager
def read_store(directory: Path) -> Iterator[Store]:
    """Yield the store of a directory to read, after a look that it is what was written for its plan.

    Raises
    ------
    DamagedRecord
        If it is not.
    InvalidValue
        If the directory has a plan and no store yet.
    """
    manifest = read_manifest(directory)
    if not (directory / TRIALS).exists():
        rule = f"has a plan and no {TRIALS}: nothing was run yet"
        raise InvalidValue("directory", str(directory), rule, "run it first")
    state = _state(directory)
    if _whole.get(directory) != state:
        found = inspected(directory, manifest)
        if found:
            raise damaged(directory, found)
        _whole[directory] = state
    store = Store.to_read(directory / TRIALS)
    try:
        yield store
    except sqlite3.DatabaseError as error:
        if is_surroundings(error):
            raise CannotGoOn(
                f"{directory / TRIALS}: cannot be read ({error}): give rights or room"
            ) from error
        raise damaged(directory, [f"{TRIALS}: {unread_by_sqlite(error)}"]) from error
    finally:
        store.close()


_whole: dict[Path, tuple[tuple[int, int, int], ...]] = {}
"""Directories that were found whole, with the state of their files then."""


def _state(directory: Path) -> tuple[tuple[int, int, int], ...]:
    found = (directory / name for name in (MANIFEST, TRIALS, f"{TRIALS}-wal"))
    stats = (path.stat() for path in found if path.exists())
    return tuple((stat.st_ino, stat.st_size, stat.st_mtime_ns) for stat in stats)


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all, durably."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def another_experiment(old: dict[str, Any], new: dict[str, Any]) -> str:
    """Say in what the experiment on disk differs from the one to run; "" where it does not."""
    for name in ("name", "seed"):
        if old[name] != new[name]:
            return f"holds an experiment with {name} {old[name]!r}, not {new[name]!r}"
    if len(old["cells"]) != len(new["cells"]):
        return f"holds an experiment of {plural(len(old['cells']), 'cell')}, not {len(new['cells'])}"
    for index, (before, after) in enumerate(zip(old["cells"], new["cells"], strict=True)):
        # A family's file may hold algorithms, whose digest is another with it: the family is what has changed.
        for key in sorted(after, key=lambda key: key != "family_digest"):
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


@contextlib.contextmanager
def opened(
    directory: Path, experiment: Experiment, allow_mixed: bool = False, shard: Shard | None = None
) -> Iterator[Store]:
    """Make or take up an experiment's directory, and yield its store with the plan entered.

    Raises
    ------
    InvalidValue
        If the directory holds another experiment, or part of this one that was made with other versions of what
        computes, where that may change what algorithms that ship give.
    DamagedRecord
        If what it holds is not what was written.
    CannotGoOn
        If another process is writing there, or nothing can be written.
    """
    try:
        manifest = prepare(directory, experiment, shard)
    except OSError as error:
        raise _unwritable(directory, error) from error
    with alone(directory):
        if (directory / TRIALS).exists():
            found = inspected(directory, manifest)
            if found:
                raise damaged(directory, found)
        store = Store(directory / TRIALS)
        try:
            if not allow_mixed:
                _require_one_environment(directory, manifest, store)
            store.enter_plan(experiment, digest_of_json(manifest["experiment"]))
            yield store
        finally:
            store.close()


def _require_one_environment(directory: Path, manifest: dict[str, Any], store: Store) -> None:
    """Refuse to go on where what ships may now give other bits than it gave the cell's first trials."""
    now, before = environment(), store.environments() or [environment_of(manifest)]
    for index, (cell, told) in enumerate(zip(manifest["experiment"]["cells"], manifest[CELLS], strict=True)):
        begun = store.missing(index, cell["trials"])
        if cell["origin"] != "shipped" or not begun or begun == [(0, cell["trials"])]:
            continue
        names = {"numpy", "scipy", *told["versions"]}
        different = dict.fromkeys(text for one in before for text in computed_otherwise(one, now, names))
        if different:
            raise InvalidValue(
                "out",
                str(directory),
                f"was begun with {'; '.join(different)}: the rest of {told['label']} may come out otherwise",
                "go on where it was begun, name a new directory with --out, or take the mixture with --allow-mixed, "
                "which the record then tells",
            )


def mixtures(directory: Path, store: Store) -> list[str]:
    """Return sentences on chunks of one directory that were computed by different versions or kernels."""
    each = store.environments()
    manifest = environment_of(read_manifest(directory))
    first = [manifest] if store.unknown_environment() else []
    known = [*first, *each]
    told = dict.fromkeys(text for now in known[1:] for text in computed_otherwise(known[0], now))
    if not told:
        return []
    return [f"Trials of {directory.name} were computed by different versions: {'; '.join(told)}"]


def unkept(directory: Path, store: Store) -> list[str]:
    """Return the sentence on trials of a directory that were recorded before digests were kept, if there are any."""
    if not store.unknown_environment():
        return []
    return [f"{directory.name} was (in part) {UNKEPT}"]


@contextlib.contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Hold the directory's lock: a record lock, which ends with this process and is no child's."""
    try:
        file = (directory / LOCK).open("w")
    except OSError as error:
        raise _unwritable(directory, error) from error
    with file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise CannotGoOn(
                    f"{directory}: its file system gives no lock ({error.strerror}): name a directory on another one "
                    "with --out"
                ) from error
            raise DirectoryInUse(
                "out", str(directory), "another run is at work there", "wait until it ends, or name a new one"
            ) from error
        yield


def _unwritable(directory: Path, error: OSError) -> CannotGoOn:
    return CannotGoOn(
        f"{directory}: cannot be written ({error.strerror}): make room or give rights, or name another with --out"
    )
