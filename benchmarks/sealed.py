"""A sealed trial beside one in a shared process: a no-op, a guess, and training by Adam, in the same rounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import onehalf as oh
from algorithms.registry import resolve
from benchmarks.measure import Row, ratios, rounds, row
from benchmarks.nothing import no_op
from onehalf.plan.experiment import Cell
from onehalf.running.supervisor import run_trials

CASES: tuple[tuple[Any, int, int], ...] = (
    (no_op, 2_000, 100),
    ("coin-flip", 1_000, 100),
    ("mlp-adam", 10, 10),
)
"""Algorithm, and trials of a round: in a shared process, and sealed."""


def run() -> list[Row]:
    """Measure milliseconds a trial, without the start of the process that forks runs; ratios are of the same round."""
    rows: list[Row] = []
    for what, many, few in CASES:
        spec = resolve(what)
        cell = Cell(oh.AlternatingTraining(), "decoy", spec, many)
        shared, sealed = _trials(cell, many), _trials(replace(cell, sealed=True), few)
        times = rounds({"shared": shared, "sealed": sealed}, 5)
        plain = [t / many * 1e3 for t in times["shared"]]
        apart = [t / few * 1e3 for t in times["sealed"]]
        rows.append(row("sealed", f"{spec.name}, shared process", plain, "ms a trial"))
        rows.append(row("sealed", f"{spec.name}, sealed", apart, "ms a trial"))
        rows.append(row("sealed", f"{spec.name}, sealed / shared", ratios(apart, plain), "times"))
    return rows


def _trials(cell: Cell, count: int) -> Callable[[], object]:
    def once() -> None:
        assert len(run_trials(cell, (3, 4), 0, count)) >= count

    once()
    return once
