"""From the store to the tables that the analysis takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from onehalf.plan.rule import Decision
from onehalf.record.described import Recorded
from onehalf.record.packed.tables import packs_of, spans
from onehalf.record.store import Store

_STATUSES = ("halted", "no_halt", "error", "crashed", "invalid", "abstained")
_VERDICTS = (None, "accepted", "rejected", "undecided")
_CLAIMS = (None, False, True)
_BITS, _INPUTS_A_WORD = 7, 8


def _place(column: str, values: Sequence[str | None]) -> str:
    """Return the SQL of a value's place among those listed; 0 is what `values` begins with, also for NULL."""
    cases = " ".join(f"WHEN '{value}' THEN {i}" for i, value in enumerate(values) if i)
    return f"CASE {column} {cases} ELSE 0 END"


# In SQL << and | have the same rank.
_CODE = (
    f"(({_place('status', _STATUSES)}) << 4) | (({_place('verdict', _VERDICTS)}) << 2) | "
    "(CASE WHEN claim IS NULL THEN 0 ELSE 1 + claim END)"
)


# A trial of a pack stands for all that ended as it did, of which it is the first.
_FAILED = (
    "WITH failed AS (SELECT cell, trial, input, status, note, 1 AS count FROM outcomes "
    "WHERE status NOT IN ('halted', 'abstained') UNION ALL "
    "SELECT cell, first, input, status, note, alike FROM patterns WHERE status NOT IN ('halted', 'abstained'))"
)


def cells_table(experiment: Recorded, decisions: Mapping[int, Decision] | None = None) -> pd.DataFrame:
    """Return one row a cell with what the analysis must know of it; `decisions` says where cells stopped early."""
    found, rows = decisions or {}, []
    for index, cell in enumerate(experiment.cells):
        rows.append(
            {
                "cell": index,
                "group": cell.group,
                "family": cell.family,
                "parameters": dict(cell.parameters),
                "axes": [asdict(axis) for axis in cell.axes],
                "outputs": cell.outputs,
                "oracle": cell.policy,
                "algorithm": cell.algorithm,
                "algorithm_name": cell.name,
                "algorithm_parameters": dict(cell.settled),
                "role": cell.role,
                "planned": found[index].trials if index in found else cell.trials,
                "cap": cell.trials,
                "until": cell.until and cell.until.text,
                "against": cell.until and cell.until.bound,
                "stopped": found[index].reason if index in found else None,
                "inputs": cell.inputs,
                "exclusive": cell.bound.exclusive,
                "theorem": cell.bound.theorem,
                "coupling_depth": cell.bound.depth,
                "limit": cell.bound.limit,
                "value": None if cell.bound.value is None else str(cell.bound.value),
                "compared": cell.bound.compared,
                "weights": {name: str(q) for name, q in cell.bound.weights},
                "halting": None if cell.bound.halting is None else str(cell.bound.halting),
                "tier": cell.bound.tier,
                "note": cell.bound.note,
                "digit_budget": cell.budget.digits,
                "second_budget": cell.budget.seconds,
                "over_reading_exact": cell.over_reading,
            }
        )
    return pd.DataFrame(rows)


def patterns_table(experiment: Recorded, store: Store) -> pd.DataFrame:
    """Return the joint outcome counts: one row for each combination that occurs in a cell."""
    width = max(len(cell.inputs) for cell in experiment.cells)
    # One number holds what a trial did on several inputs, so that SQLite sorts numbers and not rows of text.
    words = range(-(-width // _INPUTS_A_WORD))
    sums = ", ".join(
        f"SUM(CASE WHEN input / {_INPUTS_A_WORD} = {word} THEN ({_CODE}) << ({_BITS} * (input % {_INPUTS_A_WORD})) "
        f"ELSE 0 END) AS word_{word}"
        for word in words
    )
    names = ", ".join(f"word_{word}" for word in words)
    counted = store.connection.execute(
        f"SELECT cell, shared, {names}, SUM(count) AS count FROM ("
        f"SELECT cell, shared, {names}, COUNT(*) AS count FROM "
        f"(SELECT cell, trial, shared, {sums} FROM outcomes GROUP BY cell, trial) GROUP BY cell, shared, {names} "
        f"UNION ALL SELECT cell, shared, {sums}, MAX(alike) FROM patterns GROUP BY cell, start, pattern) "
        f"GROUP BY cell, shared, {names} ORDER BY cell, count DESC, shared, {names}"
    )
    rows = []
    for cell, shared, *codes, count in counted:
        found = [_decode(codes, i) for i in range(len(experiment.cells[cell].inputs))]
        statuses, verdicts, claims = zip(*found, strict=True)
        rows.append((cell, bool(shared), statuses, verdicts, claims, count))
    return pd.DataFrame(rows, columns=["cell", "shared", "statuses", "verdicts", "claims", "count"])


def _decode(words: Sequence[int], position: int) -> tuple[str, str | None, bool | None]:
    """Return status, verdict and claim on the input at `position` from the numbers of `patterns_table`."""
    code = words[position // _INPUTS_A_WORD] >> (_BITS * (position % _INPUTS_A_WORD))
    return _STATUSES[code >> 4 & 7], _VERDICTS[code >> 2 & 3], _CLAIMS[code & 3]


def failures_table(experiment: Recorded, store: Store, most: int = 200) -> tuple[pd.DataFrame, int]:
    """Return failures with their texts, and how many there are (runs that neither halted with y ∈ M nor abstained).

    For each cell, status and text: the first trial that ended so, on each input, and the number of such trials. What
    is most frequent in the whole experiment comes first.
    """
    total = int(store.table(f"{_FAILED} SELECT COALESCE(SUM(count), 0) AS n FROM failed")["n"].iloc[0])
    found = store.table(
        f"{_FAILED}, kinds AS (SELECT cell, status, note, MIN(trial) AS trial, SUM(count) AS trials FROM "
        "(SELECT DISTINCT cell, trial, status, note, count FROM failed) GROUP BY cell, status, note), "
        "totals AS (SELECT status, note, SUM(trials) AS total FROM kinds GROUP BY status, note) "
        "SELECT cell, trial, input, status, note, trials FROM failed "
        "JOIN kinds USING (cell, trial, status, note) JOIN totals USING (status, note) "
        "ORDER BY total DESC, status, note, cell, trial, input LIMIT ?",
        [most],
    )
    names = [experiment.cells[c].inputs[i] for c, i in zip(found["cell"], found["input"], strict=True)]
    return found.assign(input=names), total


def success_vectors(experiment: Recorded, store: Store, index: int) -> NDArray[np.bool_]:
    """Return whether each trial, to the last on record, succeeded on each input: shape (inputs, trials)."""
    last = store.connection.execute("SELECT MAX(trial) FROM outcomes WHERE cell = ?", (index,)).fetchone()[0]
    packed = [stop for _, stop in spans(store.connection, index)]
    trials = max(packed, default=0), 0 if last is None else last + 1
    found = np.zeros((len(experiment.cells[index].inputs), max(trials)), dtype=bool)
    for start, pack in packs_of(store.connection, index):
        found[:, start : pack.stop] = pack.succeeded(len(found))
    query = "SELECT trial FROM outcomes WHERE cell = ? AND input = ? AND verdict = 'accepted'"
    for position, row in enumerate(found):
        accepted = store.connection.execute(query, (index, position))
        row[np.fromiter((trial for (trial,) in accepted), dtype=np.int64)] = True
    return found
