"""One trial run again from its seed, and compared with its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from algorithms.dependencies import dependency_versions
from onehalf.plan.experiment import require_same_source
from onehalf.plan.seeds import stream_key
from onehalf.record.boundary import sealed_ranges
from onehalf.record.described import CELLS
from onehalf.record.directory import read_store
from onehalf.record.environment import blas_kernels, versions
from onehalf.record.packed.tables import outcomes_of_trial
from onehalf.record.result import Result
from onehalf.running.supervisor import run_trials
from onehalf.running.worker import judge_runs
from oracle.errors import InvalidValue

_FIELDS = ("shared", "status", "verdict", "margin", "depth", "queries", "claim", "note", "output")


@dataclass(frozen=True)
class Replay:
    """What a trial gave now, beside its record.

    Attributes
    ----------
    label : str
        The cell.
    rows : list of dict
        For each input: its name, the recorded and the new values, and whether they are the same.
    same : bool
        Whether nothing but the time differs.
    elsewhere : list of str
        Versions and linear-algebra kernels that are not those of the record, which may explain a difference.
    """

    label: str
    rows: list[dict[str, Any]]
    same: bool
    elsewhere: list[str]


def replay(result: Result, index: int, trial: int) -> Replay:
    """Run one trial again and judge it again.

    Raises
    ------
    InvalidValue
        If there is no such cell or no record of such a trial, or the algorithm's source is no longer the one that ran.
    """
    cells = result.recorded.cells
    if not 0 <= index < len(cells):
        raise InvalidValue(
            "cell", index, f"the experiment has cells 0 to {len(cells) - 1}", "choose one of them"
        )
    told = cells[index]
    if not 0 <= trial < told.trials:
        raise InvalidValue(
            "trial", trial, f"the cell has trials 0 to {told.trials - 1}", "choose one of them"
        )
    cell = told.cell()
    require_same_source(cell, told.written)
    with read_store(result.directory) as store:
        spans = sealed_ranges(store.connection).get(index, [])
        recorded = outcomes_of_trial(store.connection, ", ".join(_FIELDS), index, trial)
    if not recorded:
        raise InvalidValue("trial", trial, "was planned but has no record yet", "finish the run first")
    cell = replace(cell, sealed=any(start <= trial < stop for start, stop in spans))
    runs = run_trials(cell, stream_key(result.recorded.seed, told.coordinates), trial, trial + 1)
    again = judge_runs(index, cell, trial, trial + 1, runs).rows
    rows = []
    for member, old, row in zip(cell.problem.inputs, recorded, again, strict=True):
        new = (*row[2:9], *row[10:])
        before, now = (dict(zip(_FIELDS, values, strict=True)) for values in (old, new))
        same = _facts(before, result.manifest) == _facts(now, result.manifest)
        rows.append({"input": member.name, "recorded": before, "now": now, "same": same})
    elsewhere = _differences(result.manifest, told.versions, dependency_versions(cell.spec))
    return Replay(told.label, rows, all(row["same"] for row in rows), elsewhere)


def _facts(row: Mapping[str, Any], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what must be the same; release 0.1, which described no cells, did not count what a budget refused."""
    uncounted = CELLS not in manifest and row["status"] == "no_halt"
    return {name: value for name, value in row.items() if not (uncounted and name == "depth")}


def _differences(
    manifest: Mapping[str, Any], recorded: Mapping[str, str], present: Mapping[str, str]
) -> list[str]:
    """Return in which versions and linear-algebra kernels this program differs from the one that made the record."""
    before = {**recorded, **manifest["versions"], "blas": manifest["platform"].get("blas")}
    now = {**({} if not recorded else present), **versions(), "blas": blas_kernels()}
    return [
        f"{name}: recorded with {before.get(name)}, now {now[name]}"
        for name in now
        if before.get(name) != now[name]
    ]
