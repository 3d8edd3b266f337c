"""Memory of a process and all its descendants, sampled while it runs."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

_PERIOD = 0.05


def peak_memory(command: Sequence[str]) -> tuple[str, float]:
    """Run a command; return its standard output and the most megabytes that it and its descendants held at once.

    Counted is the proportional set size: a page that several processes share, as a forked child does with its
    parent, counts once. Needs Linux's /proc.

    Raises
    ------
    subprocess.CalledProcessError
        If the command fails.
    """
    most = 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            most = max(most, sum(_proportional(pid) for pid in _family(process.pid)))
            time.sleep(_PERIOD)
        assert process.stdout is not None
        output = process.stdout.read()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return output, most / 1024


def _family(pid: int) -> list[int]:
    """Return a process and its living descendants."""
    found = [pid]
    for member in found:
        try:
            for task in Path(f"/proc/{member}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _proportional(pid: int) -> float:
    """Return the proportional set size of a process in kilobytes, 0 if it is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1])
    except OSError:
        return 0.0
    return 0.0
