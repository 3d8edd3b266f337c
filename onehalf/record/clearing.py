"""What becomes of what an earlier experiment left: it is taken away, and nothing else, or another directory chosen."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

from onehalf.plan.experiment import Experiment
from onehalf.record.directory import (
    LOCK,
    MANIFEST,
    REPORT,
    SUMMARY,
    SUMS,
    TRIALS,
    alone,
    another_experiment,
    read_manifest,
)
from oracle.errors import InvalidValue

_OWN = {
    *(MANIFEST, TRIALS, f"{TRIALS}-wal", f"{TRIALS}-shm", SUMMARY, REPORT, LOCK, SUMS),
    *("figures", "tables", "report.md"),
}
"""What an experiment and its reports leave in a directory."""


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
    with alone(directory):
        for name in sorted(_OWN - {LOCK}):
            path = directory / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    (directory / LOCK).unlink(missing_ok=True)


def own_directory(directory: Path, experiment: Experiment) -> tuple[Path, str]:
    """Return where an experiment goes for which nobody named a directory, and why not to the one that it is called by.

    It is the first of ``directory``, ``directory-2``, ``directory-3``, … that holds part of the same experiment, or
    nothing. So a plugin that was edited has a directory of its own, and its trials before are kept.

    Raises
    ------
    InvalidValue
        If the manifest of one of them cannot be read.
    DamagedRecord
        If it is not what was written.
    """
    plan = json.loads(json.dumps(experiment.as_json()))
    why = ""
    for number in itertools.count(1):
        place = directory if number == 1 else directory.with_name(f"{directory.name}-{number}")
        if (place / MANIFEST).exists():
            found = another_experiment(read_manifest(place)["experiment"], plan)
        elif place.is_dir() and any(place.iterdir()):
            found = "holds files but no experiment"
        else:
            found = "is a file" if place.is_file() else ""
        if not found:
            return place, why
        why = why or f"{directory} {found}"
    raise AssertionError("unreachable")
