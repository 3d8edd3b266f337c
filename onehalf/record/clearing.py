"""Taking away what an experiment left, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from onehalf.record.directory import LOCK, MANIFEST, REPORT, SUMMARY, SUMS, TRIALS, alone
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
