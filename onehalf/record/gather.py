"""From finished directories to one summary: a directory alone, runs of the same cells pooled, others side by side."""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.story import Group
from onehalf.record.asked import lines, statements
from onehalf.record.boundary import mode_told, require_possible
from onehalf.record.described import Described, Recorded
from onehalf.record.directory import mixtures, read_manifest, read_store, unkept
from onehalf.record.reading.identity import Identity, identities, numbered
from onehalf.record.reading.stories import Stories, gathered, stories_of
from onehalf.record.reading.tables import cells_table, failures_table, patterns_table, success_vectors
from oracle.errors import InvalidValue, meant

_UNTESTED_ROLES = ("baseline", "control")


@dataclass
class _Tables:
    """What the analysis takes, gathered directory by directory; cells are numbered anew."""

    cells: dict[int, dict[str, Any]] = field(default_factory=dict)
    patterns: list[pd.DataFrame] = field(default_factory=list)
    failures: list[pd.DataFrame] = field(default_factory=list)
    total: int = 0
    groups: dict[str, list[Group]] = field(default_factory=dict)
    modes: dict[Path, str] = field(default_factory=dict)
    vectors: dict[int, list[NDArray[np.bool_]]] = field(default_factory=dict)


def gather(
    parts: Sequence[tuple[Path, Recorded]], interval: str = "clopper-pearson", only: str = ""
) -> dict[str, Any]:
    """Return the summary of one directory, or of several joined.

    Cells that agree in problem, oracle, algorithm, budget and rule are pooled: their trials are added up. Everything
    else stands side by side, under the name of its experiment. Two sources of one name are two algorithms, or two
    families: the beginnings of their digests then stand in their names.

    Parameters
    ----------
    parts : sequence of (Path, Recorded)
        Directories with what they say of their experiments.
    interval : str
        Method of intervals, see docs/statistics.md.
    only : str
        A group, a family or a cell's number: the summary is then of these cells alone, as if nothing else had been
        run; adjustments are for the tests among them.

    Raises
    ------
    InvalidValue
        If two directories hold the same trials (equal cells under an equal seed), the method is unknown, or `only`
        names nothing.
    """
    from analysis.statistics.intervals import METHODS
    from analysis.summarise import summarise

    if interval not in METHODS or interval == "anytime":
        names = ", ".join(name for name in METHODS if name != "anytime")
        raise InvalidValue("interval", interval, "is no method for a fixed number of trials", f"take {names}")
    named = identities(parts)
    _check_seeds(parts, named)
    numbers, tables = numbered(named), _Tables()
    stories = stories_of(experiment for _, experiment in parts)
    kept = _kept(parts, named, numbers, only)
    compared = _with_company(parts, named, numbers)
    for (directory, experiment), who, own in zip(parts, named, numbers, strict=True):
        _add(tables, directory, experiment, who, own, len(parts) > 1, stories, kept, compared)
    found = summarise(
        {**_head(parts), **_words(parts, named)},
        pd.DataFrame(list(tables.cells.values())),
        _summed(pd.concat(tables.patterns, ignore_index=True)),
        pd.concat(tables.failures, ignore_index=True),
        _provenance(parts, named, tables.modes),
        failure_total=None if only else tables.total,
        pairs=_pairs(tables),
        interval=interval,
        told=[(story, tables.groups.get(story.name, [])) for story in stories.each],
        untold=list(stories.missing.items()),
    )
    return dict(found)


def _kept(
    parts: Sequence[tuple[Path, Recorded]],
    named: Sequence[Sequence[Identity]],
    numbers: Sequence[Sequence[int]],
    only: str,
) -> set[int]:
    """Return the numbers of the cells that are meant; without a word all of them."""
    called: dict[int, set[str]] = {}
    for (_, experiment), names, own in zip(parts, named, numbers, strict=True):
        for cell, name, number in zip(experiment.cells, names, own, strict=True):
            called.setdefault(number, {str(number)}).update((cell.group, cell.family, name.family))
    found = {number for number, words in called.items() if not only or only in words}
    if not found:
        known = dict.fromkeys(
            word for words in called.values() for word in sorted(words) if not word.isdigit()
        )
        choice = ", ".join(word for word in known if word)
        raise InvalidValue(
            "only",
            only,
            "is no group, family or cell",
            f"{meant(only, known)}choose one of {choice}, or a cell from 0 to {max(called)}",
        )
    return found


def _check_seeds(parts: Sequence[tuple[Path, Recorded]], named: Sequence[Sequence[Identity]]) -> None:
    seen: dict[tuple[str, int], Path] = {}
    for (directory, experiment), names in zip(parts, named, strict=True):
        for cell, name in zip(experiment.cells, names, strict=True):
            mark = name.mark, experiment.seed
            if mark in seen:
                raise InvalidValue(
                    "directories",
                    [str(seen[mark]), str(directory)],
                    f"hold the same trials (seed {experiment.seed}) of {cell.label}",
                    "join runs with different seeds",
                )
            seen[mark] = directory


def _add(
    tables: _Tables,
    directory: Path,
    experiment: Recorded,
    names: Sequence[Identity],
    own: Sequence[int],
    joined: bool,
    stories: Stories,
    kept: Collection[int],
    compared: Collection[int],
) -> None:
    with read_store(directory) as store:
        require_possible(store.connection, experiment, directory)
        tables.modes[directory] = mode_told(store.connection)
        rows = cells_table(experiment, store.decisions()).to_dict("records")
        for row, name, number in zip(rows, names, own, strict=True):
            known = {"family": name.family, "algorithm_name": name.name, "algorithm": name.algorithm}
            told = {str(k): v for k, v in row.items()} | known
            if number in kept:
                _add_cell(tables.cells, told, number, experiment.name if joined else "")
        patterns = patterns_table(experiment, store)
        failures, total = failures_table(experiment, store)
        groups = gathered(stories, experiment, store, names, own, kept)
        for index, number in enumerate(own):
            if number not in kept or number not in compared:
                continue
            tables.vectors.setdefault(number, []).append(success_vectors(experiment, store, index))
    for found, rows_of in ((tables.patterns, patterns), (tables.failures, failures)):
        numbered = rows_of.assign(cell=[own[cell] for cell in rows_of["cell"]])
        found.append(numbered[numbered["cell"].isin(list(kept))])
    tables.total += total
    for story, told_of in groups.items():
        tables.groups.setdefault(story, []).extend(told_of)


def _add_cell(cells: dict[int, dict[str, Any]], row: dict[str, Any], number: int, name: str) -> None:
    if number in cells:
        pooled = cells[number]
        pooled["planned"] += row["planned"]
        pooled["cap"] += row["cap"]
        pooled["stopped"] = pooled["stopped"] or row["stopped"]
        if name not in pooled["group"]:
            pooled["group"] = f"{pooled['group']}, {name}"
    else:
        group = " · ".join(part for part in (name, row["group"]) if part)
        cells[number] = {**row, "cell": number, "group": group}


def _summed(patterns: pd.DataFrame) -> pd.DataFrame:
    keys = [name for name in patterns.columns if name != "count"]
    summed: pd.DataFrame = patterns.groupby(keys, sort=False, dropna=False, as_index=False).sum()
    return summed


def _with_company(
    parts: Sequence[tuple[Path, Recorded]],
    named: Sequence[Sequence[Identity]],
    numbers: Sequence[Sequence[int]],
) -> set[int]:
    """Return the cells that are compared: of several algorithms on one problem, of trials fixed in advance."""
    groups: dict[str, set[int]] = {}
    for (_, experiment), names, own in zip(parts, named, numbers, strict=True):
        for cell, name, number in zip(experiment.cells, names, own, strict=True):
            if cell.until is None:
                key = [
                    name.family,
                    dict(cell.parameters),
                    cell.policy,
                    cell.budget.digits,
                    cell.budget.seconds,
                ]
                groups.setdefault(json.dumps(key, default=str), set()).add(number)
    return {number for members in groups.values() if len(members) > 1 for number in members}


def _pairs(tables: _Tables) -> pd.DataFrame:
    """Return, for each two algorithms that faced the same input, how often both, one or neither succeeded."""
    columns = ["first", "second", "input", "both", "only_first", "only_second", "neither"]
    return pd.DataFrame(list(_pair_rows(tables)), columns=columns)


def _pair_rows(tables: _Tables) -> Iterator[tuple[int, int, str, int, int, int, int]]:
    groups: dict[str, list[int]] = {}
    for number in tables.vectors:
        cell = tables.cells[number]
        key = [cell[name] for name in ("family", "parameters", "oracle", "digit_budget", "second_budget")]
        groups.setdefault(json.dumps(key, default=str), []).append(number)
    vectors = {number: np.concatenate(parts, axis=1) for number, parts in tables.vectors.items()}
    for members in groups.values():
        for first, second in itertools.combinations(members, 2):
            if min(vectors[n].shape[1] for n in (first, second)) == 0:
                continue
            if {tables.cells[n]["role"] for n in (first, second)} <= set(_UNTESTED_ROLES):
                continue
            a, b = vectors[first], vectors[second]
            common = min(a.shape[1], b.shape[1])
            for position, name in enumerate(tables.cells[first]["inputs"]):
                x, y = a[position, :common], b[position, :common]
                both, one, other = int((x & y).sum()), int((x & ~y).sum()), int((~x & y).sum())
                yield first, second, name, both, one, other, common - both - one - other


def _head(parts: Sequence[tuple[Path, Recorded]]) -> dict[str, Any]:
    names = list(dict.fromkeys(experiment.name for _, experiment in parts))
    head: dict[str, Any] = {"name": " + ".join(names), "directory": str(parts[0][0])}
    if len(parts) == 1:
        return {**head, "seed": parts[0][1].seed}
    listed = ", ".join(f"{experiment.name} (seed {experiment.seed})" for _, experiment in parts)
    return {
        **head,
        "directories": [str(directory) for directory, _ in parts],
        "description": f"Joined from {len(parts)} directories: {listed}. Equal cells are pooled.",
    }


def _words(parts: Sequence[tuple[Path, Recorded]], named: Sequence[Sequence[Identity]]) -> dict[str, Any]:
    """Return what is said of problems and algorithms in words."""
    pairs = [
        (name, cell)
        for (_, experiment), names in zip(parts, named, strict=True)
        for cell, name in zip(experiment.cells, names, strict=True)
    ]
    return {
        "problems": statements((name.family, cell) for name, cell in pairs),
        "algorithms": lines((name.name, cell) for name, cell in pairs),
    }


def _provenance(
    parts: Sequence[tuple[Path, Recorded]], named: Sequence[Sequence[Identity]], modes: Mapping[Path, str]
) -> dict[str, Any]:
    """Return what the directories say of how the trials were made; nothing in it is looked up today."""
    told = {
        str(directory): _provenance_of(directory, experiment, names, modes[directory])
        for (directory, experiment), names in zip(parts, named, strict=True)
    }
    return next(iter(told.values())) if len(parts) == 1 else told


def _provenance_of(
    directory: Path, experiment: Recorded, names: Sequence[Identity], mode: str
) -> dict[str, Any]:
    manifest = read_manifest(directory)
    with read_store(directory) as store:
        mixed = mixtures(directory, store)
        notes = [*experiment.notes, *mixed, *unkept(directory, store)]
        environments = store.environments() if mixed else []
    pairs = list(zip(names, experiment.cells, strict=True))
    families = {
        name.family: {"origin": cell.written["family_origin"], "sha256": cell.written["family_digest"]}
        for name, cell in pairs
        if cell.written.get("family_digest")
    }
    return {
        **{name: manifest[name] for name in ("command", "started", "versions", "platform")},
        "sources": {name.algorithm: _source(cell) for name, cell in pairs},
        **({"families": families} if families else {}),
        **({"notes": notes} if notes else {}),
        **({"environments": environments} if environments else {}),
        "seed": experiment.seed,
        "boundary": mode,
    }


def _source(cell: Described) -> dict[str, Any]:
    known = {"versions": dict(cell.versions)} if cell.versions else {}
    return {"origin": cell.written["origin"], "sha256": cell.written["digest"], **known}
