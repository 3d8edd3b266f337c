"""Measuring: interleaved rounds, medians of ratios within a round, the machine's description."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Rounds = dict[str, list[float]]
LIBRARIES = (
    "numpy",
    "scipy",
    "joblib",
    "scikit-learn",
    "python-flint",
    "gmpy2",
    "torch",
    "benchopt",
    "optuna",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One measured quantity.

    Attributes
    ----------
    benchmark, case : str
        What was measured.
    value : float or None
        The median; None where a peer is not installed.
    unit : str
    spread : (float, float) or None
        Smallest and largest of the rounds.
    target : str
        What it is held against, such as "≤ 30"; "" for none.
    met : bool or None
        Whether the target was met.
    note : str
    """

    benchmark: str
    case: str
    value: float | None
    unit: str
    spread: tuple[float, float] | None = None
    target: str = ""
    met: bool | None = None
    note: str = ""


Clock = Callable[[], float]


def seconds(function: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    """Return the time of one call, by the wall unless `clock` is another."""
    started = clock()
    function()
    return clock() - started


def rounds(
    functions: Mapping[str, Callable[[], object]], count: int, clock: Clock = time.perf_counter
) -> Rounds:
    """Time each function once a round, so that a disturbance meets all of them; the first call is a rehearsal.

    Work of one process is timed by `time.process_time`, which other processes disturb less than the wall clock.
    """
    for function in functions.values():
        function()
    found: Rounds = {name: [] for name in functions}
    for _ in range(count):
        for name, function in functions.items():
            found[name].append(seconds(function, clock))
    return found


def row(
    benchmark: str,
    case: str,
    samples: Sequence[float],
    unit: str,
    at_most: float | None = None,
    at_least: float | None = None,
    note: str = "",
) -> Row:
    """Return the row of a sample: its median, its range, and how it stands to a target."""
    middle = statistics.median(samples)
    target = f"≤ {at_most:,g}" if at_most is not None else f"≥ {at_least:,g}" if at_least is not None else ""
    met = middle <= at_most if at_most is not None else middle >= at_least if at_least is not None else None
    return Row(benchmark, case, middle, unit, (min(samples), max(samples)), target, met, note)


def absent(benchmark: str, case: str, unit: str, extra: str) -> Row:
    """Return the row of a peer that is not installed."""
    return Row(benchmark, case, None, unit, note=f"not installed: pip install -e '.[{extra}]'")


def ratios(slow: Sequence[float], fast: Sequence[float]) -> list[float]:
    """Return how many times longer one took than the other, round by round."""
    return [a / b for a, b in zip(slow, fast, strict=True)]


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return the slope of log cost against log size by least squares."""
    from math import log

    return statistics.linear_regression([log(s) for s in sizes], [log(c) for c in costs]).slope


def machine() -> dict[str, Any]:
    """Return what of this machine bears on the figures, without its name."""
    return {
        "processor": _processor(),
        "processors": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "libraries": {name: version for name in LIBRARIES if (version := installed(name))},
        "load_before": round(os.getloadavg()[0], 2),
    }


def installed(name: str) -> str | None:
    """Return a distribution's version, None where it is not installed."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()
