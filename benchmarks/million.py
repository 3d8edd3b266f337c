"""A million coin flips: run, judged, stored and summarised, with the memory of all processes taken together."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Row, exponent
from benchmarks.memory import peak_memory

SIZES = 1_000, 10_000, 100_000, 1_000_000
_WORKERS = 2


def run() -> list[Row]:
    """Measure seconds end to end, in a fresh process for each size, and the growth with it."""
    times, peaks = {}, {}
    for size in SIZES:
        with tempfile.TemporaryDirectory() as place:
            command = [sys.executable, "-m", "benchmarks.million", str(size), place]
            output, peaks[size] = peak_memory(command)
        times[size] = float(output)
    last = SIZES[-1]
    growth = peaks[last] / peaks[SIZES[-2]]
    rows = [Row("million", f"{size:,} coin flips", times[size], "s") for size in SIZES[:-1]]
    steep = exponent(SIZES[2:], [times[size] for size in SIZES[2:]])
    memory, flat = f"peak of all processes, {last:,}", "peak, 1,000,000 / 100,000"
    return [
        *rows,
        Row("million", f"{last:,} coin flips", times[last], "s", None, "≤ 60", times[last] <= 60),
        Row("million", memory, peaks[last], "MB", None, "≤ 400", peaks[last] <= 400),
        Row("million", flat, growth, "times", None, "≤ 1.1", growth <= 1.1),
        Row("scaling", "trials, 10^5 to 10^6: coin flip", steep, "exponent", None, "1 expected"),
    ]


def flip(size: int, place: Path) -> float:
    """Return the seconds that coin flips took, from the plan to the summary; imports and worker start included."""
    started = time.perf_counter()
    import onehalf as oh

    problem = oh.AlternatingTraining()
    result = oh.run(problem, "coin-flip", trials=size, jobs=_WORKERS, directory=place / "run")
    cell = result.summary()["cells"][0]
    assert cell["planned"] == size
    assert not result.violations
    return time.perf_counter() - started


if __name__ == "__main__":
    print(flip(int(sys.argv[1]), Path(sys.argv[2])))
