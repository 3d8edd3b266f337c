"""The files of an atlas: the page with its pictures, sentences, tables for programs and for papers, provenance."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from algorithms.solvers.configuration import Configuration
from analysis.report.latex import latex
from onehalf.atlas.cells import AtlasCell, atlas_cells
from onehalf.atlas.picture import ALTERNATIVE, heat_map_file
from onehalf.atlas.presentations import presentations_of
from onehalf.atlas.survey import END, Judged
from onehalf.atlas.tables import cells_csv, false_claims_table, reach_table, rows_csv
from onehalf.atlas.words import TITLES, kind_headline, sentences

PAGE = "solvers.md"
_DISTRIBUTIONS = {"sklearn": "scikit-learn", "pyscipopt": "PySCIPOpt"}

OPENING = """# What the solvers say

This page is made by `onehalf atlas`; nothing on it is written by hand. Each problem has two inputs (some have four)
whose data differ by 2^-e and whose only minimisers are far apart, both proved in exact arithmetic. A solver is
shown the data as honest oracles show them, correct to {bits} binary digits at size 1, which float64 carries; it
sees the columns in every order that a fair coin may choose. An answer is *right* within {radius} of the minimiser,
in every coordinate, and the verdict is exact. Beside it stands what the solver says: its own status, or for methods
without one, that no warning was raised (a rank below the number of columns that is returned with the answer counts
as a warning).

Three ranges are kept apart. **Both fine** (light): the digits are there, and all answers are right. **The tolerance
fails** (dark left of the black line): the numbers that were read decide, an exact solver of these very numbers is
right, and this one is not. That is no theorem, and often what its documentation says (GLPK's exact simplex first
replaces each number by a short fraction within 1e-9 of it). **The digits end** (right of the line): what is read is
the same on all k inputs, so that *no* algorithm is right with probability above 1/k on each of them, and one that
claims success with probability c makes a false claim with probability at least c(k − 1)/k on some input (G8). No
tolerance, no precision of the arithmetic and no repetition mends that; only more digits do, or the words "I do not
know".
"""

OWN_SOLVER = """## Your own solver

```python
# my_solver.py
import numpy as np
import onehalf as oh


@oh.solver("first-column", kinds=["lp"])
def first_column(c, A, b):
    return np.linalg.lstsq(A[:, :1], b)[0].tolist() + [0.0] * (A.shape[1] - 1), True
```

`onehalf atlas my_solver.py` puts it into every table and picture. `pip install 'onehalf[solvers]'` installs what is
surveyed here; a library that is absent is skipped, with a word. Beside this page the command writes `sentences.md`
(a sentence for each solver), `answers.csv` (every answer), `cells.csv`, a LaTeX table for each kind, and
`provenance.json` (versions, options).
"""


def write_atlas(
    place: Path,
    rows: Sequence[Judged],
    solvers: Sequence[Configuration],
    absent: Sequence[Configuration],
    settings: dict[str, Any],
) -> list[AtlasCell]:
    """Write all files of an atlas into a directory, and return its cells."""
    cells = atlas_cells(rows, settings["K"])
    (place / "pictures").mkdir(parents=True, exist_ok=True)
    kinds = [kind for kind in TITLES if any(cell.case.presentation.kind == kind for cell in cells)]
    by_kind = {kind: [c for c in cells if c.case.presentation.kind == kind] for kind in kinds}
    provenance = {**settings, **_provenance(rows, solvers, absent)}
    for kind, own in by_kind.items():
        (place / "pictures" / f"solvers-{kind}.png").write_bytes(heat_map_file(own, "png"))
        _write(place / f"{kind}.tex", latex(reach_table(kind, own)))
    _write(place / PAGE, _page(by_kind, settings, provenance))
    _write(place / "sentences.md", _all_sentences(by_kind))
    _write(place / "answers.csv", rows_csv(rows))
    _write(place / "cells.csv", cells_csv(cells))
    _write(place / "provenance.json", json.dumps(provenance, indent=1, ensure_ascii=False))
    return cells


def _write(file: Path, content: str) -> None:
    file.write_text(content if content.endswith("\n") else content + "\n", encoding="utf-8")


def _page(by_kind: dict[str, list[AtlasCell]], settings: dict[str, Any], provenance: dict[str, Any]) -> str:
    parts = [OPENING.format(bits=52, radius=f"10^-{settings['K']}")]
    for kind, cells in by_kind.items():
        parts += [f"## {_title(kind)}", "", kind_headline(kind, cells), ""]
        parts += [f"![{ALTERNATIVE}](pictures/solvers-{kind}.png)", ""]
        parts += ["; ".join(f"*{p.name}*: {p.words}" for p in presentations_of(kind)) + ".", ""]
    parts += ["## False claims beside their bound", "", _false_claims(by_kind), ""]
    parts += [OWN_SOLVER, "## Versions", "", _versions(provenance)]
    return "\n".join(parts)


def _title(kind: str) -> str:
    return TITLES[kind][0].upper() + TITLES[kind][1:]


def _false_claims(by_kind: dict[str, list[AtlasCell]]) -> str:
    if not any(cell.reading == END for cells in by_kind.values() for cell in cells):
        return "No e was surveyed at which the digits end."
    lines = [
        "Where the digits end and there are two inputs: c is the probability that the solver claims success, over the "
        "orders of columns and, where it varies, over e and presentations; the bound is c/2. Probabilities are shares "
        "of equally likely orders, and no estimates.",
        "",
        "| kind | c | false claims at least | measured on the worst input | solvers |",
        "|---|---|---|---|---|",
    ]
    for kind, cells in by_kind.items():
        for c, least, measured, names in false_claims_table(cells):
            lines.append(
                f"| {TITLES[kind]} | {c} | {least} | {measured} | {len(names)}: {', '.join(names)} |"
            )
    return "\n".join(lines)


def _versions(provenance: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in provenance["versions"].items())
    missing = ", ".join(provenance["absent"])
    left = f" Not installed, and so left out: {missing}." if missing else ""
    return f"Python {provenance['python']}; {versions}.{left}"


def _all_sentences(by_kind: dict[str, list[AtlasCell]]) -> str:
    parts = ["# A sentence for each solver", ""]
    for kind, cells in by_kind.items():
        parts += [f"## {_title(kind)}", "", *(f"- {line}" for line in sentences(cells)), ""]
    return "\n".join(parts)


def _provenance(
    rows: Sequence[Judged], solvers: Sequence[Configuration], absent: Sequence[Configuration]
) -> dict[str, Any]:
    needed = sorted({name for solver in solvers for name in solver.requires})
    seconds: dict[str, float] = {}
    for row in rows:
        seconds[row.solver] = seconds.get(row.solver, 0.0) + row.seconds
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "versions": {_distribution(name): version for name in needed if (version := _version(name))},
        "options": {solver.name: solver.options for solver in solvers if solver.options},
        "absent": {solver.name: ", ".join(solver.absent) for solver in absent},
        "processor_seconds": {name: round(value, 1) for name, value in seconds.items()},
    }


def _distribution(module: str) -> str:
    return _DISTRIBUTIONS.get(module, module)


def _version(module: str) -> str:
    try:
        return importlib.metadata.version(_distribution(module))
    except importlib.metadata.PackageNotFoundError:
        return ""
