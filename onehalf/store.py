"""The store: one SQLite file, one writer, one row for every planned trial and input, whatever happened to it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from onehalf.chunks import Chunk
from onehalf.plan import Experiment

_TABLES = """
CREATE TABLE IF NOT EXISTS cells (
    cell INTEGER PRIMARY KEY, experiment TEXT NOT NULL, label TEXT NOT NULL, planned INTEGER NOT NULL,
    root_seed TEXT NOT NULL, stream_key TEXT NOT NULL, coordinates TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outcomes (
    cell INTEGER NOT NULL, trial INTEGER NOT NULL, input INTEGER NOT NULL, shared INTEGER NOT NULL,
    status TEXT NOT NULL, verdict TEXT, margin REAL, depth INTEGER NOT NULL, queries INTEGER NOT NULL,
    claim INTEGER, seconds REAL NOT NULL, note TEXT NOT NULL, output BLOB,
    PRIMARY KEY (cell, trial, input)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outputs (digest BLOB PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS questions (
    cell INTEGER NOT NULL, trial INTEGER NOT NULL, input INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (cell, trial, input)) WITHOUT ROWID;
"""


class Store:
    """An experiment's `trials.sqlite`: table `outcomes`, view `trials` (one row a planned trial), outputs.

    Parameters
    ----------
    path : Path
        The file; made if it does not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.executescript(_TABLES)

    def close(self) -> None:
        """Close the file, leaving everything in the one file where no other process reads it."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()

    def enter_plan(self, experiment: Experiment) -> None:
        """Write the cells and the view `trials` for as many inputs as the plan has."""
        rows = [
            (
                i,
                experiment.name,
                cell.label,
                cell.trials,
                str(experiment.seed),
                f"{key[1]:016x}{key[0]:016x}",
                json.dumps(cell.coordinates),
            )
            for i, (cell, key) in enumerate(zip(experiment.cells, experiment.keys(), strict=True))
        ]
        inputs = max(len(cell.problem.inputs) for cell in experiment.cells)
        with self.connection as connection:
            connection.execute("BEGIN")
            connection.executemany("INSERT OR REPLACE INTO cells VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            connection.execute("DROP VIEW IF EXISTS trials")
            connection.execute(_trials_view(inputs))

    def write(self, chunk: Chunk) -> None:
        """Write a chunk durably, whole or not at all."""
        with self.connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT OR IGNORE INTO outputs VALUES (?, ?)", chunk.outputs.items())
            connection.executemany(
                f"INSERT OR REPLACE INTO outcomes VALUES ({chunk.cell}, {', '.join('?' * 12)})", chunk.rows
            )
            connection.executemany(
                f"INSERT OR REPLACE INTO questions VALUES ({chunk.cell}, ?, ?, ?)", chunk.questions
            )

    def missing(self, cell: int, planned: int) -> list[tuple[int, int]]:
        """Return the ranges (start, stop) of a cell's trials that have no row yet."""
        query = "SELECT trial FROM outcomes WHERE cell = ? AND input = 0 AND trial < ?"
        done = np.fromiter(
            (row[0] for row in self.connection.execute(query, (cell, planned))), dtype=np.int64
        )
        open_ = np.ones(planned + 2, dtype=bool)
        open_[[0, -1]] = False
        open_[done + 1] = False
        edges = np.flatnonzero(np.diff(open_.astype(np.int8)))
        return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]

    def recorded(self) -> int:
        """Return the number of trials that have a row."""
        count: int = self.connection.execute("SELECT COUNT(*) FROM outcomes WHERE input = 0").fetchone()[0]
        return count

    def table(self, query: str, parameters: Iterable[object] = ()) -> pd.DataFrame:
        """Return the result of a query."""
        return pd.read_sql_query(query, self.connection, params=list(parameters))  # type: ignore[arg-type]

    def output(self, cell: int, trial: int, position: int) -> bytes | None:
        """Return the encoded output of a trial on an input, None where there is none."""
        row = self.connection.execute(
            "SELECT body FROM outcomes JOIN outputs ON output = digest WHERE cell = ? AND trial = ? AND input = ?",
            (cell, trial, position),
        ).fetchone()
        return None if row is None else bytes(row[0])


def _trials_view(inputs: int) -> str:
    """Return the SQL of the view with one row a trial and one group of columns an input."""
    columns = ", ".join(
        f"MAX(CASE WHEN input = {i} THEN {name} END) AS {name}_{i + 1}"
        for i in range(inputs)
        for name in ("status", "verdict", "margin", "claim")
    )
    return f"""
CREATE VIEW trials AS
SELECT experiment, cell, trial, root_seed || '/' || stream_key || '/' || trial AS seed,
    MAX(CASE WHEN input = 0 THEN status END) AS status, shared, {columns},
    MAX(depth) AS depth, MAX(CASE WHEN input = 0 OR NOT shared THEN queries END) AS queries,
    SUM(CASE WHEN input = 0 OR NOT shared THEN seconds END) AS seconds, MAX(note) AS note
FROM outcomes JOIN cells USING (cell) GROUP BY cell, trial
"""
