"""What a record says of the boundary between algorithm and oracle: what was sealed, and which rows none can be."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.wording import number
from onehalf.record import chain
from onehalf.record.described import Recorded
from onehalf.record.rows import Chunk
from oracle.errors import InvalidValue

if TYPE_CHECKING:
    import pandas as pd

TABLE = """
CREATE TABLE IF NOT EXISTS sealed (
    cell INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    PRIMARY KEY (cell, start, stop)) WITHOUT ROWID;
"""
"""Trials start..stop−1 of a cell were made sealed; of others nothing is written, as before there was a choice."""
SANDBOX = "sandbox"
"""What the environment of a chunk says where files and sockets were kept from the algorithm."""
_APART = "oracle, ledger and judge in another process than the algorithm"
_ROWS = "SELECT COUNT(*) FROM outcomes WHERE input = 0"
_PACKED = "SELECT COALESCE(SUM(stop - start), 0) FROM packs WHERE TRUE"
_TOGETHER = (
    "with the oracle in a process that the algorithm shares: one that looks there for the input, or forges its ledger, "
    "can make the record of its own runs untrue (--sealed keeps it out)"
)


def enter_mode(connection: sqlite3.Connection, chunk: Chunk) -> None:
    """Write in which mode a chunk's trials were made."""
    if chunk.sealed:
        place = chunk.cell, chunk.start, chunk.stop
        if connection.execute("INSERT OR IGNORE INTO sealed VALUES (?, ?, ?)", place).rowcount:
            chain.sum_rows(connection, "sealed", [place])


def sealed_ranges(connection: sqlite3.Connection) -> dict[int, list[tuple[int, int]]]:
    """Return by cell the ranges (start, stop) of trials that were made sealed."""
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sealed'").fetchone()
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    if known is not None:
        for cell, start, stop in connection.execute("SELECT cell, start, stop FROM sealed"):
            found[cell].append((start, stop))
    return dict(found)


def sandbox_ranges(connection: sqlite3.Connection) -> dict[int, list[tuple[int, int]]]:
    """Return by cell the ranges (start, stop) of trials that were made in a sandbox."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'environments'").fetchone() is None:
        return {}
    query = "SELECT cell, start, stop, body FROM chunks JOIN environments USING (environment)"
    for cell, start, stop, body in connection.execute(query):
        if json.loads(body).get(SANDBOX) is True:
            found[cell].append((start, stop))
    return dict(found)


def mode_told(connection: sqlite3.Connection) -> str:
    """Return the sentences that say in which mode the trials on record were made."""
    recorded = sum(connection.execute(query).fetchone()[0] for query in (_ROWS, _PACKED))
    sealed = _recorded(connection, sealed_ranges(connection))
    kept = _recorded(connection, sandbox_ranges(connection))
    if sealed == 0:
        return f"Every trial was made {_TOGETHER}."
    share = "Every trial was" if sealed == recorded else f"{number(sealed)} of {number(recorded)} trials were"
    said = f"{share} made sealed: {_APART}."
    if kept:
        share = "all of these" if kept == sealed else f"{number(kept)} of these"
        said += f" Files, but for its own code, and sockets were kept from the algorithm in {share}."
    return said if sealed == recorded else f"{said} The others were made {_TOGETHER}."


def _recorded(connection: sqlite3.Connection, ranges: dict[int, list[tuple[int, int]]]) -> int:
    """Return how many trials on record are in ranges."""
    within = [
        f"{query} AND cell = ? AND {trial} >= ? AND {trial} < ?"
        for query, trial in ((_ROWS, "trial"), (_PACKED, "start"))
    ]
    places = [(cell, *span) for cell, spans in ranges.items() for span in spans]
    return sum(connection.execute(query, place).fetchone()[0] for query in within for place in places)


def add_mode(table: pd.DataFrame, ranges: dict[int, list[tuple[int, int]]]) -> pd.DataFrame:
    """Return a table of trials with a column that says which were made sealed."""
    sealed = table["cell"] != table["cell"]
    for cell, spans in ranges.items():
        for start, stop in spans:
            sealed |= (table["cell"] == cell) & (table["trial"] >= start) & (table["trial"] < stop)
    return table.assign(sealed=sealed.astype("boolean"))


def require_possible(connection: sqlite3.Connection, experiment: Recorded, directory: Path) -> None:
    """Refuse a record with a trial that none can be: unshared, though all it asked is answered alike on all inputs.

    A trial is unshared once one of its runs asked further; another may have asked less, if it was killed before or the
    algorithm asks as it likes. Release 0.1 did not count in the depth what a budget refused, so that trials that met
    theirs are left out.

    Raises
    ------
    InvalidValue
        If there is one.
    """
    unlike = "MAX(depth) FROM {} WHERE cell = ?1 AND NOT shared GROUP BY {} HAVING MAX(depth) <= ?2 AND {}"
    halted = "SUM(status = 'no_halt') = 0"
    rows, packed = (
        unlike.format("outcomes", "trial", halted),
        unlike.format("patterns", "start, pattern", halted),
    )
    query = f"SELECT trial, {rows} UNION ALL SELECT MIN(first), {packed} LIMIT 1"
    for index, cell in enumerate(experiment.cells):
        found = connection.execute(query, (index, cell.bound.depth)).fetchone()
        if found is not None:
            rule = (
                f"holds a trial that none can be: cell {index}, trial {found[0]} asked no more than {found[1]} digits, "
                f"up to {cell.bound.depth} all inputs are answered alike, and it is recorded as unshared"
            )
            raise InvalidValue("directory", str(directory), rule, "run the experiment again in a new one")
