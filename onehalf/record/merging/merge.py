"""Shards of one experiment joined into one directory: the same plan, disjoint trials, the rows as they are."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from analysis.wording import listing, number, plural
from onehalf.plan.shard import Shard, planned_trials, read_shard
from onehalf.record import chain
from onehalf.record.described import CELLS
from onehalf.record.directory import (
    MANIFEST,
    SHARD,
    TRIALS,
    another_experiment,
    damaged,
    inspected,
    read_manifest,
    read_store,
    write_manifest,
)
from onehalf.record.environment import computed_otherwise
from onehalf.record.integrity import EARLIER
from onehalf.record.merging.rows import begin_like, plan_digest, pour, spans_on_record
from onehalf.record.result import Result
from onehalf.record.store import Store
from oracle.errors import CannotGoOn, InvalidValue

MERGED = "merged"


@dataclass(frozen=True)
class _Part:
    """A directory that is joined: its manifest, the stretches of trials that it holds, and what computed them."""

    directory: Path
    manifest: dict[str, Any]
    spans: list[tuple[int, int, int]]
    environments: list[dict[str, Any]]
    head: str

    @property
    def shard(self) -> Shard | None:
        """Which share it is; None for a directory that was begun whole."""
        return read_shard(self.manifest.get(SHARD))


def merge(directories: Sequence[str | Path], directory: str | Path, *, allow_mixed: bool = False) -> Result:
    """Join shards of one experiment into one directory, which holds what a run of the whole would.

    The shards stay as they are. What is joined need not be complete: `lacking` tells what is missing, and a run of the
    same experiment in the new directory goes on there.

    Parameters
    ----------
    directories : sequence of str or Path
        Shards, or other directories of the same experiment whose trials are disjoint.
    directory : str or Path
        The new directory; it is there when all of it is.
    allow_mixed : bool
        Whether trials of one cell may have been computed by different versions of NumPy and its like, though what
        ships may come out otherwise; reports tell of it.

    Returns
    -------
    Result
        Of the new directory.

    Raises
    ------
    InvalidValue
        If they are not of one plan and seed, or hold the same trials, or the new directory is not empty.
    DamagedRecord
        If one of them is not what was written.
    """
    out = Path(directory)
    if isinstance(directories, str | Path) or not directories:
        rule = "must be a list of one or more"
        raise InvalidValue("directories", str(directories), rule, 'name shards, such as ["part1", "part2"]')
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InvalidValue("out", str(out), "is there already", "name a new directory with --out")
    parts = [_part(Path(place)) for place in directories]
    for part in parts[1:]:
        _require_one_plan(parts[0], part)
    _require_disjoint(parts)
    if not allow_mixed:
        _require_one_kind(parts)
    with _made_whole(out) as place:
        _join(parts, place)
    return Result(out)


def lacking(result: Result) -> str:
    """Say what a joined directory lacks to be the whole run; "" where it lacks nothing."""
    manifest, unfinished = result.manifest, []
    planned = planned_trials(manifest["experiment"])
    with read_store(result.directory) as store:
        decided = store.decisions()
        open_ = {
            index: [] if index in decided else store.missing(index, trials)
            for index, (trials, _) in enumerate(planned)
        }
        uncertified = sum(
            len(store.uncertified(index)) for index, told in enumerate(manifest[CELLS]) if told["certified"]
        )
    missing = sum(stop - start for gaps in open_.values() for start, stop in gaps)
    if not missing:
        return f"{plural(uncertified, 'output')} without a certificate" if uncertified else ""
    shards = [read_shard(told[SHARD]) for told in manifest.get(MERGED, ())]
    counts = {shard.count if shard else 0 for shard in shards}
    if len(counts) == 1 and (count := counts.pop()):
        spans = {i: Shard(i, count).spans(planned) for i in range(1, count + 1)}
        there = {shard.number for shard in shards if shard}
        for i, mine in spans.items():
            short = any(
                start < b and a < stop for index, (start, stop) in enumerate(mine) for a, b in open_[index]
            )
            if short:
                unfinished.append(f"{i}/{count}{' (in part)' if i in there else ''}")
    trials = f"{number(missing)} of {plural(sum(count for count, _ in planned), 'planned trial')}"
    return trials + (
        f", of {'shard' if len(unfinished) == 1 else 'shards'} {listing(unfinished)}" * bool(unfinished)
    )


def _part(directory: Path) -> _Part:
    manifest = read_manifest(directory)
    with read_store(directory) as store:
        if not store.keeps_digests() or CELLS not in manifest:
            rule = "was made before digests were kept, which joining compares"
            raise InvalidValue(
                "directory", str(directory), rule, "run it once more, so that they are, and join then"
            )
        return _Part(
            directory,
            manifest,
            spans_on_record(store),
            store.environments(),
            chain.head_of(store.connection),
        )


def _require_one_plan(first: _Part, other: _Part) -> None:
    one, two = (part.manifest["experiment"] for part in (first, other))
    difference = another_experiment(one, two) or another_experiment(two, one)
    if difference:
        rule = f"are no shards of one experiment: {first.directory} {difference}"
        raise InvalidValue("directories", _named(first, other), rule, "join those of one plan and one seed")


def _require_disjoint(parts: Sequence[_Part]) -> None:
    planned = planned_trials(parts[0].manifest["experiment"])
    held = sorted((*span, index) for index, part in enumerate(parts) for span in part.spans)
    for (cell, _, stop, one), (after, begin, end, two) in pairwise(held):
        if cell != after or one == two:
            continue
        label = parts[0].manifest[CELLS][cell]["label"]
        if begin < stop:
            rule = f"both hold trials {begin} to {min(stop, end) - 1} of {label}"
            raise InvalidValue("directories", _named(parts[one], parts[two]), rule, "leave one of them out")
        if planned[cell][1]:
            rule = f"both hold trials of {label}, whose rule looks at all of them in order"
            raise InvalidValue("directories", _named(parts[one], parts[two]), rule, "leave one of them out")


def _require_one_kind(parts: Sequence[_Part]) -> None:
    """Refuse trials of one cell that were computed by different versions, where what ships may come out otherwise."""
    cells = parts[0].manifest["experiment"]["cells"]
    for index, (cell, told) in enumerate(zip(cells, parts[0].manifest[CELLS], strict=True)):
        if cell["origin"] != "shipped":
            continue
        holders = [part for part in parts if any(span[0] == index for span in part.spans)]
        known = [(part, one) for part in holders for one in part.environments]
        names = {"numpy", "scipy", *told["versions"]}
        for part, one in known[1:]:
            different = list(computed_otherwise(known[0][1], one, names))
            if different:
                raise InvalidValue(
                    "directories",
                    _named(known[0][0], part),
                    f"were computed with {'; '.join(different)}: trials of {told['label']} may have come out otherwise",
                    "run one again with the versions of the other, or take the mixture with --allow-mixed, which the "
                    "record then tells",
                )


def _named(*parts: _Part) -> list[str]:
    return [str(part.directory) for part in parts]


@contextlib.contextmanager
def _made_whole(out: Path) -> Iterator[Path]:
    """Yield a directory beside the new one, which takes its place when all is in it, and is gone otherwise."""
    place = out.with_name(f"{out.name}.part")
    try:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        yield place
        place.replace(out)
    except OSError as error:
        raise CannotGoOn(
            f"{out}: cannot be written ({error.strerror}): make room or give rights, or name another with --out"
        ) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _join(parts: Sequence[_Part], place: Path) -> None:
    first = parts[0].manifest
    manifest = {
        **{name: value for name, value in first.items() if name not in (SHARD, EARLIER, MERGED)},
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
        "started": min(part.manifest["started"] for part in parts),
        MERGED: [told for part in parts for told in _told(part)],
    }
    target = Store(place / TRIALS)
    try:
        for index, part in enumerate(parts):
            with read_store(part.directory) as store:
                if index == 0:
                    begin_like(target, store, plan_digest(first["experiment"]))
                pour(store, target)
    finally:
        target.close()
    write_manifest(place / MANIFEST, manifest)
    found = inspected(place, manifest)
    if found:
        raise damaged(place, found)


def _told(part: _Part) -> list[dict[str, Any]]:
    """Return what a joined directory keeps of where its trials come from; of one that was joined, of its parts."""
    if MERGED in part.manifest:
        return list(part.manifest[MERGED])
    kept = {name: part.manifest[name] for name in ("command", "started", "versions", "platform")}
    shard = part.manifest.get(SHARD)
    return [{SHARD: shard, "directory": str(part.directory), "head": part.head, **kept}]
