"""Coin flips by their number: processor time, store, memory, summary. ``python -m benchmarks.scale [SIZE …]``.

By default 10^5 and 10^6; 10^7 takes some minutes. Processor time is that of all processes, so that other work on the
machine disturbs it less than the wall clock. Each size is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, exponent
from benchmarks.memory import peak_memory

SIZES = 100_000, 1_000_000
WORKERS = 2
_PERIOD = 0.1
_TICK = os.sysconf("SC_CLK_TCK")


class Clock:
    """Processor time of this process and of all that descend from it, also of workers that outlive the run."""

    def __init__(self) -> None:
        self._seen: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(_PERIOD):
            self.look()

    def look(self) -> float:
        """Return the seconds so far."""
        family = [os.getpid()]
        for member in family:
            try:
                for task in Path(f"/proc/{member}/task").iterdir():
                    family += [int(child) for child in (task / "children").read_text().split()]
                told = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            # A process that has waited for its children has their time; one that is gone was waited for by its parent.
            self._seen[member] = sum(map(int, told[11:15])) / _TICK
        return sum(self._seen[member] for member in self._seen if member in family)

    def stop(self) -> float:
        """Return the seconds in all."""
        self._over.set()
        self._thread.join()
        return self.look()


def measured(size: int) -> dict[str, float]:
    """Run coin flips in a process of their own and return what they cost."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "benchmarks.scale", "--child", str(size), place]
        output, memory = peak_memory(command)
    return {"trials": size, **json.loads(output.splitlines()[-1]), "megabytes": memory}


def flip(size: int, place: Path) -> dict[str, float]:
    """Run, store and summarise coin flips, and return seconds and bytes."""
    import onehalf as oh

    clock, began = Clock(), time.perf_counter()
    at_start = clock.look()
    result = oh.run(oh.AlternatingTraining(), "coin-flip", trials=size, jobs=WORKERS, directory=place / "run")
    wall, used = time.perf_counter() - began, clock.stop() - at_start
    store = sum(file.stat().st_size for file in (place / "run").iterdir())
    before, began = time.process_time(), time.perf_counter()
    cell = result.summary()["cells"][0]
    summary, waited = time.process_time() - before, time.perf_counter() - began
    assert cell["planned"] == cell["recorded"] == size
    assert not result.violations
    return {"wall": wall, "cpu": used, "store": store, "summary_cpu": summary, "summary_wall": waited}


def table(found: list[dict[str, float]]) -> str:
    """Return what was measured as a table in Markdown."""
    head = (
        "trials",
        "processor µs a trial",
        "wall µs a trial",
        "store, bytes a trial",
        "peak MB",
        "summary, processor s",
    )
    lines = [f"| {' | '.join(head)} |", f"|{'--:|' * len(head)}"]
    for one in found:
        n = one["trials"]
        cells = (
            f"{n:,.0f}",
            f"{one['cpu'] / n * 1e6:.1f}",
            f"{one['wall'] / n * 1e6:.1f}",
            f"{one['store'] / n:.1f}",
            f"{one['megabytes']:.0f}",
            f"{one['summary_cpu']:.1f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def model(found: list[dict[str, float]]) -> dict[str, float]:
    """Return what a trial costs beyond what any run does, from the smallest and the largest of several sizes."""
    first, last = found[0], found[-1]
    more = last["trials"] - first["trials"]
    return {
        name: (last[name] - first[name]) / more
        for name in ("cpu", "wall", "store", "megabytes", "summary_cpu")
    }


def run() -> list[Row]:
    """Return the rows of the benchmark ``scale``."""
    found = [measured(size) for size in SIZES]
    last = found[-1]
    n = last["trials"]
    each = last["cpu"] / WORKERS / n * 1e6
    size = last["store"] / n
    growth = last["megabytes"] / found[0]["megabytes"]
    steep = exponent(SIZES, [one["cpu"] for one in found])
    return [
        Row(
            "scale",
            f"{n:,.0f} coin flips, two cores",
            each,
            "µs a trial",
            None,
            "≤ 25",
            each <= 25,
            "processor time / 2",
        ),
        Row("scale", "store", size, "bytes a trial", None, "≤ 40", size <= 40),
        Row(
            "scale",
            f"peak, {n:,.0f} / {found[0]['trials']:,.0f}",
            growth,
            "times",
            None,
            "≤ 1.1",
            growth <= 1.1,
        ),
        Row(
            "scale", f"summary of {n:,.0f}", last["summary_cpu"], "s", None, "≤ 20", last["summary_cpu"] <= 20
        ),
        Row("scale", "growth of processor time", steep, "exponent", None, "1 expected"),
    ]


def main() -> int:
    """Measure the sizes that are named and print table and model."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scale", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), metavar="SIZE")
    parser.add_argument("--child", nargs=2, metavar=("SIZE", "DIR"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(flip(int(options.child[0]), Path(options.child[1]))))
        return 0
    found: list[dict[str, Any]] = []
    for size in sorted(options.sizes):
        print(f"load {os.getloadavg()[0]:.2f}", file=sys.stderr)
        found.append(measured(size))
        print(table(found), flush=True)
    if len(found) > 1:
        told = model(found)
        print(
            f"a trial more: {told['cpu'] * 1e6:.1f} µs of processor time, "
            f"{told['wall'] * 1e6:.1f} µs on {WORKERS} workers, "
            f"{told['store']:.1f} bytes, {told['megabytes'] * 1e6:.1f} bytes of memory, "
            f"{told['summary_cpu'] * 1e6:.2f} µs of the summary"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
