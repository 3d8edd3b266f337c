"""Which cells are the same, in one directory or in several, and what their sources are called beside each other."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from algorithms.parameters.spelling import names_apart
from algorithms.registry import settled_digest
from onehalf.record.described import Described, Recorded


def _mark(cell: Described, source: str) -> str:
    until = None if cell.until is None else cell.until.as_json()
    families = cell.written.get("family_digest", ""), cell.written["problem_digest"]
    budget = cell.budget.digits, cell.budget.seconds
    return json.dumps([cell.coordinates, *budget, until, source, *families], default=str)


def _sources(cells: Sequence[Described]) -> list[str]:
    """Return the digest of each cell's algorithm; of what ships today's, where another stands for the same source."""
    digests: dict[str, set[str]] = {}
    for cell in cells:
        digests.setdefault(cell.name, set()).add(cell.written["digest"])
    return [
        settled_digest(cell.name, cell.written["origin"], cell.written["digest"])
        if len(digests[cell.name]) > 1
        else cell.written["digest"]
        for cell in cells
    ]


@dataclass(frozen=True)
class Identity:
    """A cell of a directory among all that are joined: what identifies it, and what its sources are called."""

    mark: str
    family: str
    name: str
    algorithm: str


def identities(parts: Sequence[tuple[Path, Recorded]]) -> list[list[Identity]]:
    """Return for each directory its cells, with sources of one name told apart."""
    cells = [cell for _, recorded in parts for cell in recorded.cells]
    sources = _sources(cells)
    names = names_apart([(cell.name, source) for cell, source in zip(cells, sources, strict=True)])
    families = names_apart([(cell.family, cell.written.get("family_digest", "")) for cell in cells])
    problems = [
        f"{f} {json.dumps(cell.parameters, sort_keys=True)}" for f, cell in zip(families, cells, strict=True)
    ]
    told = names_apart([(p, cell.written["problem_digest"]) for p, cell in zip(problems, cells, strict=True)])
    made = (
        Identity(
            _mark(cell, source),
            family + with_[len(problem) :],
            name,
            name + cell.algorithm[len(cell.name) :],
        )
        for cell, source, name, family, problem, with_ in zip(
            cells, sources, names, families, problems, told, strict=True
        )
    )
    return [list(itertools.islice(made, len(recorded.cells))) for _, recorded in parts]


def numbered(named: Sequence[Sequence[Identity]]) -> list[list[int]]:
    """Return for each directory the numbers that its cells have where they are joined: equal cells have one."""
    known: dict[str, int] = {}
    return [[known.setdefault(name.mark, len(known)) for name in names] for names in named]
