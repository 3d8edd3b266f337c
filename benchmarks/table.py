"""The results as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.measure import Row


def markdown(about: Mapping[str, Any], rows: Sequence[Row]) -> str:
    """Return the page: the machine, then one table for each benchmark."""
    libraries = ", ".join(f"{name} {version}" for name, version in about["libraries"].items())
    lines = [
        "# Benchmark results",
        "",
        f"{about['processor']}, {about['processors']} processors, {about['memory_gb']} GB; {about['system']}, "
        f"Python {about['python']}; {libraries}. Load before the run: {about['load_before']}.",
        "",
        "Medians with the smallest and largest of several rounds; a ratio is the median of ratios within a round. "
        "Made by `make bench`; what the figures mean is in [docs/performance.md](../../docs/performance.md).",
    ]
    for benchmark in dict.fromkeys(row.benchmark for row in rows):
        lines += [
            "",
            f"## {benchmark.capitalize()}",
            "",
            "| case | median | range | target | |",
            "|---|--:|--:|--:|---|",
        ]
        lines += [_line(row) for row in rows if row.benchmark == benchmark]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    median = "–" if row.value is None else f"{number(row.value)} {row.unit}"
    spread = "" if row.spread is None else " – ".join(number(x) for x in row.spread)
    verdict = {True: "met", False: "**missed**", None: ""}[row.met]
    remark = "; ".join(text for text in (verdict, row.note) if text)
    return f"| {row.case} | {median} | {spread} | {row.target} | {remark} |"


def number(value: float) -> str:
    """Return a number with three significant digits or, from a thousand on, none after the point."""
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"
