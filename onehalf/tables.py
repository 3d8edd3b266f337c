"""From the store to the tables that the analysis takes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from onehalf.plan import Cell, Experiment
from onehalf.stopping import Decision
from onehalf.store import Store
from oracle.problems import Bound

_STATUSES = "status", "verdict", "claim"


def cells_table(experiment: Experiment, decisions: Mapping[int, Decision] | None = None) -> pd.DataFrame:
    """Return one row a cell with what the analysis must know of it; `decisions` says where cells stopped early."""
    found, rows = decisions or {}, []
    for index, cell in enumerate(experiment.cells):
        bound = cell.problem.bound(cell.policy)
        rows.append(
            {
                "cell": index,
                "group": cell.group,
                "family": cell.problem.family,
                "parameters": dict(cell.problem.parameters()),
                "oracle": cell.policy,
                "algorithm": cell.spec.label,
                "algorithm_name": cell.spec.name,
                "algorithm_parameters": dict(cell.spec.parameters),
                "role": cell.spec.load().role,
                "planned": found[index].trials if index in found else cell.trials,
                "cap": cell.trials,
                "until": cell.until and cell.until.text,
                "against": cell.until and cell.until.bound,
                "stopped": found[index].reason if index in found else None,
                "inputs": tuple(member.name for member in cell.problem.inputs),
                "exclusive": bound.exclusive,
                "theorem": bound.theorem,
                "coupling_depth": bound.depth,
                "limit": bound.limit,
                "digit_budget": cell.budget.digits,
                "over_reading_exact": _known_over_reading(cell, bound),
            }
        )
    return pd.DataFrame(rows)


def _known_over_reading(cell: Cell, bound: Bound) -> float | None:
    """Return the probability of reading past the coupling where the algorithm knows it."""
    algorithm = cell.spec.load()
    if algorithm.over_reading is None or bound.theorem != "1":
        return None
    settled = {name: parameter.default for name, parameter in algorithm.parameters.items()}
    return algorithm.over_reading({**settled, **dict(cell.spec.parameters)}, bound.depth)


def patterns_table(experiment: Experiment, store: Store) -> pd.DataFrame:
    """Return the joint outcome counts: one row for each combination that occurs in a cell."""
    width = max(len(cell.problem.inputs) for cell in experiment.cells)
    columns = [f"{name}_{i}" for name in _STATUSES for i in range(width)]
    pivot = ", ".join(
        f"MAX(CASE WHEN input = {i} THEN {name} END) AS {name}_{i}"
        for name in _STATUSES
        for i in range(width)
    )
    counted = store.table(
        f"SELECT cell, shared, {', '.join(columns)}, COUNT(*) AS count FROM "
        f"(SELECT cell, trial, shared, {pivot} FROM outcomes GROUP BY cell, trial) "
        f"GROUP BY cell, shared, {', '.join(columns)} ORDER BY cell, count DESC"
    )
    rows = []
    for row in counted.astype(object).where(counted.notna(), None).to_dict("records"):
        inputs = range(len(experiment.cells[row["cell"]].problem.inputs))
        claims = (row[f"claim_{i}"] for i in inputs)
        rows.append(
            {
                "cell": int(row["cell"]),
                "shared": bool(row["shared"]),
                "statuses": tuple(row[f"status_{i}"] for i in inputs),
                "verdicts": tuple(row[f"verdict_{i}"] for i in inputs),
                "claims": tuple(None if claim is None else bool(claim) for claim in claims),
                "count": int(row["count"]),
            }
        )
    names = ["cell", "shared", "statuses", "verdicts", "claims", "count"]
    return pd.DataFrame(rows, columns=names)


def failures_table(experiment: Experiment, store: Store, most: int = 200) -> tuple[pd.DataFrame, int]:
    """Return the first failures with their texts, and how many there are (runs that did not halt with y ∈ M)."""
    total = int(store.table("SELECT COUNT(*) AS n FROM outcomes WHERE status <> 'halted'")["n"].iloc[0])
    found = store.table(
        "SELECT cell, trial, input, status, note FROM outcomes WHERE status <> 'halted' "
        "AND (cell, status, note, trial) IN (SELECT cell, status, note, MIN(trial) FROM outcomes "
        "WHERE status <> 'halted' GROUP BY cell, status, note) ORDER BY cell, trial, input LIMIT ?",
        [most],
    )
    names = [
        experiment.cells[cell].problem.inputs[i].name
        for cell, i in zip(found["cell"], found["input"], strict=True)
    ]
    return found.assign(input=names), total


def success_vectors(experiment: Experiment, store: Store, index: int) -> NDArray[np.bool_]:
    """Return whether each trial, to the last on record, succeeded on each input: shape (inputs, trials)."""
    last = store.connection.execute("SELECT MAX(trial) FROM outcomes WHERE cell = ?", (index,)).fetchone()[0]
    found = np.zeros(
        (len(experiment.cells[index].problem.inputs), 0 if last is None else last + 1), dtype=bool
    )
    query = "SELECT trial FROM outcomes WHERE cell = ? AND input = ? AND verdict = 'accepted'"
    for position, row in enumerate(found):
        accepted = store.connection.execute(query, (index, position))
        row[np.fromiter((trial for (trial,) in accepted), dtype=np.int64)] = True
    return found
