"""Run the benchmarks and write table and picture: ``python -m benchmarks [NAME …] [--out DIR]``.

Each benchmark runs in a process of its own, with one thread for linear algebra. Peers come with
``pip install -e '.[bench,torch]'``; one that is not installed is reported as such. Named benchmarks replace their
rows in the results that are there.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, machine
from benchmarks.picture import draw
from benchmarks.table import markdown

NAMES = (
    "overhead",
    "verdicts",
    "contradictions",
    "training",
    "workers",
    "million",
    "scale",
    "scaling",
    "startup",
    "sealed",
    "audits",
)
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> int:
    """Run what is asked for; exit status 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all of: {', '.join(NAMES)}")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results", metavar="DIR")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.names) - set(NAMES)
    if unknown:
        parser.error(f"NAME={sorted(unknown)[0]!r}: must be one of {', '.join(NAMES)}")
    if options.child:
        rows = importlib.import_module(f"benchmarks.{options.names[0]}").run()
        print(json.dumps([dataclasses.asdict(row) for row in rows]))
        return 0
    names = options.names or list(NAMES)
    about = machine()
    results = {name: _measure(name) for name in names}
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "results.json"
    if options.names and file.exists():
        results = json.loads(file.read_text(encoding="utf-8"))["results"] | results
    written = {"machine": about, "results": {name: results[name] for name in NAMES if name in results}}
    file.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    rows = [Row(**row) for name in written["results"] for row in results[name]]
    (options.out / "results.md").write_text(markdown(about, rows), encoding="utf-8")
    draw(rows, options.out / "results")
    missed = [f"{row.benchmark}: {row.case}" for row in rows if row.met is False]
    print(f"{options.out / 'results.md'}: {len(rows)} rows, {len(missed)} targets missed")
    for line in missed:
        print(f"  missed: {line}")
    return 1 if missed else 0


def _measure(name: str) -> list[dict[str, Any]]:
    """Run one benchmark in a process of its own and return its rows."""
    started = time.perf_counter()
    print(f"{name} …", end=" ", flush=True)
    command = [sys.executable, "-m", "benchmarks", "--child", name]
    environment = os.environ | dict.fromkeys(_THREADS, "1")
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    print(f"{time.perf_counter() - started:.0f} s", flush=True)
    rows: list[dict[str, Any]] = json.loads(done.stdout.strip().splitlines()[-1])
    return rows


if __name__ == "__main__":
    sys.exit(main())
