"""The store: one SQLite file, one writer, one row for every planned trial and input, whatever happened to it."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from onehalf.plan.experiment import Experiment
from onehalf.record import boundary
from onehalf.record.rows import Chunk

if TYPE_CHECKING:
    import pandas as pd
from onehalf.plan.rule import Decision
from oracle.errors import CannotGoOn

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
CREATE TABLE IF NOT EXISTS certificates (
    cell INTEGER NOT NULL, digest BLOB NOT NULL, body TEXT NOT NULL, PRIMARY KEY (cell, digest)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attacks (
    cell INTEGER NOT NULL, digest BLOB NOT NULL, body TEXT NOT NULL, PRIMARY KEY (cell, digest)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS questions (
    cell INTEGER NOT NULL, trial INTEGER NOT NULL, input INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (cell, trial, input)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS decisions (cell INTEGER PRIMARY KEY, trials INTEGER NOT NULL, reason TEXT NOT NULL);
"""

Statements = Literal["certificates", "attacks"]


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
        self.connection.executescript(_TABLES + boundary.TABLE)

    def close(self) -> None:
        """Close the file, leaving everything in the one file where no other process reads it."""
        with contextlib.suppress(sqlite3.OperationalError):  # on a full disk the log stays beside the file
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Write durably, all of it or nothing."""
        try:
            with self.connection as connection:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
        except sqlite3.OperationalError as error:
            raise CannotGoOn(
                f"{self.path}: cannot be written ({error}): make room or give rights, then run again"
            ) from error

    def enter_plan(self, experiment: Experiment) -> None:
        """Write the cells and the view `trials` for as many inputs as the plan has."""
        rows = [
            (
                i,
                experiment.name,
                label,
                cell.trials,
                str(experiment.seed),
                f"{key[1]:016x}{key[0]:016x}",
                json.dumps(cell.coordinates),
            )
            for i, (cell, label, key) in enumerate(
                zip(experiment.cells, experiment.labels, experiment.keys(), strict=True)
            )
        ]
        inputs = max(len(cell.problem.inputs) for cell in experiment.cells)
        with self._transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO cells VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            connection.execute("DROP VIEW IF EXISTS trials")
            connection.execute(_trials_view(inputs))

    def write(self, chunk: Chunk) -> None:
        """Write a chunk durably, whole or not at all.

        Raises
        ------
        CannotGoOn
            If the file cannot be written, as on a full disk.
        """
        with self._transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO outputs VALUES (?, ?)", chunk.outputs.items())
            connection.executemany(
                f"INSERT OR REPLACE INTO outcomes VALUES ({chunk.cell}, {', '.join('?' * 12)})", chunk.rows
            )
            connection.executemany(
                f"INSERT OR REPLACE INTO questions VALUES ({chunk.cell}, ?, ?, ?)", chunk.questions
            )
            boundary.enter_mode(connection, chunk)

    def decide(self, cell: int, decision: Decision) -> None:
        """Record where a cell stopped, and take back what was run beyond it: it is no part of the record."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO decisions VALUES (?, ?, ?)", (cell, decision.trials, decision.reason)
            )
            beyond = "cell = ? AND trial >= ?", (cell, decision.trials)
            digests = connection.execute(
                f"SELECT DISTINCT output FROM outcomes WHERE {beyond[0]} AND output IS NOT NULL", beyond[1]
            ).fetchall()
            connection.execute(f"DELETE FROM questions WHERE {beyond[0]}", beyond[1])
            connection.execute(f"DELETE FROM outcomes WHERE {beyond[0]}", beyond[1])
            self._forget(digests)

    def _forget(self, digests: list[tuple[bytes]]) -> None:
        """Delete those outputs that no outcome has."""
        if digests:
            used = {row[0] for row in self.connection.execute("SELECT DISTINCT output FROM outcomes")}
            gone = [row for row in digests if row[0] not in used]
            self.connection.executemany("DELETE FROM outputs WHERE digest = ?", gone)

    def decisions(self) -> dict[int, Decision]:
        """Return where cells stopped early, by cell."""
        rows = self.connection.execute("SELECT cell, trials, reason FROM decisions")
        return {cell: Decision(trials, reason) for cell, trials, reason in rows}

    def verdicts(self, cell: int) -> list[tuple[int, int, int, str, str | None]]:
        """Return trial, input, shared, status and verdict of a cell's recorded outcomes."""
        query = "SELECT trial, input, shared, status, verdict FROM outcomes WHERE cell = ?"
        return self.connection.execute(query, (cell,)).fetchall()

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
        import pandas as pd  # a third of a second, which writing does not need

        return pd.read_sql_query(query, self.connection, params=list(parameters))  # type: ignore[arg-type]

    def output(self, cell: int, trial: int, position: int) -> bytes | None:
        """Return the encoded output of a trial on an input, None where there is none."""
        row = self.connection.execute(
            "SELECT body FROM outcomes JOIN outputs ON output = digest WHERE cell = ? AND trial = ? AND input = ?",
            (cell, trial, position),
        ).fetchone()
        return None if row is None else bytes(row[0])

    def uncertified(self, cell: int, table: Statements = "certificates") -> list[tuple[bytes, bytes]]:
        """Return (digest, encoded output) for the cell's outputs on its first input that a table says nothing of."""
        rows = self.connection.execute(
            "SELECT DISTINCT output, outputs.body FROM outcomes JOIN outputs ON output = outputs.digest "
            f"WHERE cell = ?1 AND input = 0 AND output NOT IN (SELECT digest FROM {table} WHERE cell = ?1) "
            "ORDER BY output",
            (cell,),
        )
        return [(bytes(digest), bytes(body)) for digest, body in rows]

    def outputs(self, cell: int) -> int:
        """Return the number of the cell's trials that have an output on its first input."""
        query = "SELECT COUNT(*) FROM outcomes WHERE cell = ? AND input = 0 AND output IS NOT NULL"
        return int(self.connection.execute(query, (cell,)).fetchone()[0])

    def write_certificates(
        self, cell: int, rows: Iterable[tuple[bytes, str]], table: Statements = "certificates"
    ) -> None:
        """Write certificates, or what attacks found, durably, by the digest of their output."""
        with self._transaction() as connection:
            connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({int(cell)}, ?, ?)", rows)

    def certificates(self, cell: int, table: Statements = "certificates") -> list[tuple[int, str]]:
        """Return (trial, certificate) for every trial of the cell that has one."""
        rows = self.connection.execute(
            f"SELECT trial, body FROM outcomes JOIN {table} ON {table}.cell = outcomes.cell "
            "AND digest = output WHERE outcomes.cell = ? AND input = 0 ORDER BY trial",
            (cell,),
        )
        return [(int(trial), str(body)) for trial, body in rows]


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
