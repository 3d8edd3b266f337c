"""The store: one SQLite file, one writer, one row for every planned trial and input, whatever happened to it."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from onehalf.plan.experiment import Experiment
from onehalf.plan.rule import Decision
from onehalf.plan.seeds import stream_key
from onehalf.record import boundary, chain
from onehalf.record.digests import digest_of_json
from onehalf.record.environment import environment
from onehalf.record.packed import tables as packs
from onehalf.record.rows import Chunk
from oracle.errors import CannotGoOn

if TYPE_CHECKING:
    import pandas as pd

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

PACKED, ROWS, BEFORE = 2, 1, 0
"""SQLite's user_version of a store that has packs and keeps digests, of one without packs, and of one without both."""

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
        self.environment = chain.NOT_KNOWN
        self.connection = connected(path, writing=True)

    @classmethod
    def to_read(cls, path: Path) -> Store:
        """Open a store that is only read: nothing is written, neither to the file nor beside it if that may not be."""
        made = cls.__new__(cls)
        made.path, made.environment, made.connection = path, chain.NOT_KNOWN, connected(path, writing=False)
        return made

    def close(self) -> None:
        """Close the file, leaving everything in the one file where no other process reads it."""
        with contextlib.suppress(sqlite3.OperationalError):  # on a full disk the log stays beside the file
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write durably, all of it or nothing."""
        try:
            with self.connection as connection:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
        except sqlite3.OperationalError as error:
            raise CannotGoOn(
                f"{self.path}: cannot be written ({error}): make room or give rights, then run again"
            ) from error

    def enter_plan(self, experiment: Experiment, plan: str = "") -> None:
        """Write the cells and the view `trials` for as many inputs as the plan has, and what computes from now on.

        Parameters
        ----------
        plan : str
            The digest of the plan as the manifest has it, where that is not of today's files.
        """
        rows = planned_cells(
            experiment.name,
            experiment.seed,
            [
                (label, cell.trials, cell.coordinates)
                for label, cell in zip(experiment.labels, experiment.cells, strict=True)
            ],
        )
        inputs = max(len(cell.problem.inputs) for cell in experiment.cells)
        with self.transaction() as connection:
            if kept_by(connection) == BEFORE:
                for statement in filter(str.strip, chain.TABLES.split(";")):
                    connection.execute(statement)
                chain.adopt(connection)
            packs.enter(connection)
            connection.execute(f"PRAGMA user_version={PACKED}")
            connection.executemany("INSERT OR REPLACE INTO cells VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            connection.execute("DROP VIEW IF EXISTS trials")
            connection.execute(trials_view(inputs))
            written = plan or digest_of_json(json.loads(json.dumps(experiment.as_json())))
            chain.tell(connection, "plan", written)
            chain.tell(connection, "schema", schema_of(connection))
            body = json.dumps(environment(), sort_keys=True)
            self.environment = chain.environment_number(connection, body)

    def write(self, chunk: Chunk) -> None:
        """Write a chunk durably, whole or not at all.

        Raises
        ------
        CannotGoOn
            If the file cannot be written, as on a full disk.
        """
        with self.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO outputs VALUES (?, ?)", chunk.outputs.items())
            if chunk.pack is not None:
                packs.write_pack(connection, chunk.cell, chunk.start, chunk.pack)
            connection.executemany(
                f"INSERT OR REPLACE INTO outcomes VALUES ({chunk.cell}, {', '.join('?' * 12)})", chunk.rows
            )
            connection.executemany(
                f"INSERT OR REPLACE INTO questions VALUES ({chunk.cell}, ?, ?, ?)", chunk.questions
            )
            number = self.environment
            if chunk.environment or chunk.sandbox:
                told = json.loads(chunk.environment) if chunk.environment else environment()
                body = json.dumps(told | ({boundary.SANDBOX: True} if chunk.sandbox else {}), sort_keys=True)
                number = chain.environment_number(connection, body)
            place = chunk.cell, chunk.start, chunk.stop, number
            chain.add_link(connection, *place, chunk.lines(), chunk.questions)
            boundary.enter_mode(connection, chunk)

    def decide(self, cell: int, decision: Decision) -> None:
        """Record where a cell stopped, and take back what was run beyond it: it is no part of the record."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO decisions VALUES (?, ?, ?)", (cell, decision.trials, decision.reason)
            )
            chain.sum_rows(connection, "decisions", [(cell, decision.trials, decision.reason)])
            beyond = "cell = ? AND trial >= ?", (cell, decision.trials)
            connection.execute(f"DELETE FROM questions WHERE {beyond[0]}", beyond[1])
            connection.execute(f"DELETE FROM outcomes WHERE {beyond[0]}", beyond[1])
            packs.cut_packs(connection, cell, decision.trials)
            chain.cut_off(connection, cell, decision.trials)

    def sweep(self) -> None:
        """Delete the outputs that no outcome has any more, where decisions took outcomes back."""
        with self.transaction() as connection:
            if connection.execute("SELECT 1 FROM decisions").fetchone() is not None:
                used = " UNION ".join(
                    f"SELECT output FROM {table} WHERE output IS NOT NULL"
                    for table in ("outcomes", "patterns")
                )
                connection.execute(f"DELETE FROM outputs WHERE digest NOT IN ({used})")

    def decisions(self) -> dict[int, Decision]:
        """Return where cells stopped early, by cell."""
        rows = self.connection.execute("SELECT cell, trials, reason FROM decisions")
        return {cell: Decision(trials, reason) for cell, trials, reason in rows}

    def verdicts(self, cell: int) -> list[tuple[int, int, int, str, str | None]]:
        """Return trial, input, shared, status and verdict of a cell's outcomes, but for those in packs."""
        query = "SELECT trial, input, shared, status, verdict FROM outcomes WHERE cell = ?"
        return self.connection.execute(query, (cell,)).fetchall()

    def missing(self, cell: int, planned: int, first: int = 0) -> list[tuple[int, int]]:
        """Return the ranges (start, stop) of a cell's trials from `first` to `planned` that have no row yet."""
        query = "SELECT trial FROM outcomes WHERE cell = ? AND input = 0 AND trial >= ? AND trial < ?"
        rows = self.connection.execute(query, (cell, first, planned))
        done = np.fromiter((row[0] for row in rows), dtype=np.int64)
        open_ = np.ones(planned - first + 2, dtype=bool)
        open_[[0, -1]] = False
        open_[done - first + 1] = False
        for start, stop in packs.spans(self.connection, cell):
            open_[max(start - first, 0) + 1 : min(stop, planned) - first + 1] = False
        edges = np.flatnonzero(np.diff(open_.astype(np.int8))) + first
        return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]

    def keeps_digests(self) -> bool:
        """Tell whether digests of all that is on record are kept, and a plan is entered."""
        return keeps(self.connection) and chain.about_itself(self.connection, "plan") != ""

    def chunks(self) -> int:
        """Return the number of chunks in the store's chain."""
        return sum(1 for _ in chain.links(self.connection)) if keeps(self.connection) else 0

    def environments(self) -> list[dict[str, Any]]:
        """Return what computed the chunks on record, in the order of their first use."""
        if not keeps(self.connection):
            return []
        query = (
            "SELECT body FROM environments WHERE environment IN (SELECT environment FROM chunks) "
            "ORDER BY environment"
        )
        return [json.loads(body) for (body,) in self.connection.execute(query)]

    def unknown_environment(self) -> bool:
        """Tell whether there are chunks that were made before environments were kept."""
        if not keeps(self.connection):
            return True
        query = "SELECT 1 FROM chunks WHERE environment = ?"
        return self.connection.execute(query, (chain.NOT_KNOWN,)).fetchone() is not None

    def recorded(self) -> int:
        """Return the number of trials that have a row."""
        rows = "SELECT COUNT(*) FROM outcomes WHERE input = 0"
        packed = "SELECT COALESCE(SUM(stop - start), 0) FROM packs"
        return sum(int(self.connection.execute(query).fetchone()[0]) for query in (rows, packed))

    def table(self, query: str, parameters: Iterable[object] = ()) -> pd.DataFrame:
        """Return the result of a query."""
        import pandas as pd  # a third of a second, which writing does not need

        return pd.read_sql_query(query, self.connection, params=list(parameters))  # type: ignore[arg-type]

    def output(self, cell: int, trial: int, position: int) -> bytes | None:
        """Return the encoded output of a trial on an input, None where there is none."""
        for place, digest in packs.outcomes_of_trial(self.connection, "input, output", cell, trial):
            if place == position and digest is not None:
                query = "SELECT body FROM outputs WHERE digest = ?"
                row = self.connection.execute(query, (digest,)).fetchone()
                return None if row is None else bytes(row[0])
        return None

    def uncertified(self, cell: int, table: Statements = "certificates") -> list[tuple[bytes, bytes]]:
        """Return (digest, encoded output) for the cell's outputs on its first input that a table says nothing of."""
        rows = self.connection.execute(
            "SELECT digest, outputs.body FROM outputs WHERE digest IN ("
            "SELECT output FROM outcomes WHERE cell = ?1 AND input = 0 UNION "
            "SELECT output FROM patterns WHERE cell = ?1 AND input = 0) "
            f"AND digest NOT IN (SELECT digest FROM {table} WHERE cell = ?1) ORDER BY digest",
            (cell,),
        )
        return [(bytes(digest), bytes(body)) for digest, body in rows]

    def outputs(self, cell: int) -> int:
        """Return the number of the cell's trials that have an output on its first input."""
        first = "WHERE cell = ? AND input = 0 AND output IS NOT NULL"
        rows = f"SELECT COUNT(*) FROM outcomes {first}"
        packed = f"SELECT COALESCE(SUM(alike), 0) FROM patterns {first}"
        return sum(int(self.connection.execute(query, (cell,)).fetchone()[0]) for query in (rows, packed))

    def write_certificates(
        self, cell: int, rows: Iterable[tuple[bytes, str]], table: Statements = "certificates"
    ) -> None:
        """Write certificates, or what attacks found, durably, by the digest of their output."""
        made = {digest: (cell, digest, body) for digest, body in rows}
        query = f"SELECT * FROM {table} WHERE cell = ? AND digest = ?"
        with self.transaction() as connection:
            gone = [row for digest in made for row in connection.execute(query, (cell, digest))]
            connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", made.values())
            if keeps(connection):
                chain.sum_rows(connection, table, [*gone, *made.values()])

    def certificates(self, cell: int, table: Statements = "certificates") -> list[tuple[int, str]]:
        """Return (trial, certificate) for every trial of the cell that has one."""
        rows = self.connection.execute(
            f"SELECT trial, body FROM every_outcome AS o JOIN {table} AS told ON told.cell = o.cell "
            "AND digest = output WHERE o.cell = ? AND input = 0 ORDER BY trial",
            (cell,),
        )
        return [(int(trial), str(body)) for trial, body in rows]


def connected(path: Path, writing: bool) -> sqlite3.Connection:
    """Open the file; an archive that cannot be written is read as it stands.

    Raises
    ------
    CannotGoOn
        If it cannot be opened.
    """
    try:
        if writing:
            return _to_write(path)
        try:
            return _to_read(f"{path.absolute().as_uri()}?mode=rw")
        except sqlite3.OperationalError:
            log = path.with_name(f"{path.name}-wal")
            waiting = log.exists() and log.stat().st_size > 0
            return _to_read(f"{path.absolute().as_uri()}?mode=ro{'' if waiting else '&immutable=1'}")
    except (sqlite3.OperationalError, OSError) as error:
        remedy = "check its rights" if path.exists() else "name a directory made by onehalf run"
        raise CannotGoOn(f"{path}: cannot be opened ({error}): {remedy}, then run again") from error


def _to_write(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        new = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0] == 0
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.executescript(_TABLES + boundary.TABLE)
        if new:
            connection.executescript(f"{chain.TABLES}PRAGMA user_version={PACKED};")
            packs.enter(connection)
        packs.enter_temporary(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _to_read(place: str) -> sqlite3.Connection:
    connection = sqlite3.connect(place, isolation_level=None, timeout=30, uri=True)
    try:
        connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        packs.enter_temporary(connection)
        connection.execute("PRAGMA query_only=ON")
    except UnicodeDecodeError as error:
        # SQLite's own message quotes a definition that has lost a byte.
        connection.close()
        raise sqlite3.DatabaseError("its definitions of tables are no text") from error
    except BaseException:
        connection.close()
        raise
    return connection


def kept_by(connection: sqlite3.Connection) -> int:
    """Return the store's version: `PACKED`, `ROWS`, `BEFORE`, or one that is not known here."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def keeps(connection: sqlite3.Connection) -> bool:
    """Tell whether a store keeps digests."""
    return kept_by(connection) in (PACKED, ROWS)


def schema_of(connection: sqlite3.Connection) -> str:
    """Return the digest of the definitions of all tables and views."""
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
    return digest_of_json([list(row) for row in rows])


def planned_cells(
    name: str, seed: int, cells: Sequence[tuple[str, int, Mapping[str, Any]]]
) -> list[tuple[int, str, str, int, str, str, str]]:
    """Return the rows of table `cells` for a plan, of which each cell has a label, trials and coordinates."""
    keys = (stream_key(seed, coordinates) for _, _, coordinates in cells)
    return [
        (i, name, label, trials, str(seed), f"{key[1]:016x}{key[0]:016x}", json.dumps(coordinates))
        for i, ((label, trials, coordinates), key) in enumerate(zip(cells, keys, strict=True))
    ]


def trials_view(inputs: int) -> str:
    """Return the SQL of the view with one row a trial and one group of columns an input."""
    columns = ", ".join(
        f"MAX(CASE WHEN input = {i} THEN {name} END) AS {name}_{i + 1}"
        for i in range(inputs)
        for name in ("status", "verdict", "margin", "claim")
    )
    selects = (
        f"""
SELECT experiment, cell, trial, root_seed || '/' || stream_key || '/' || trial AS seed,
    MAX(CASE WHEN input = 0 THEN status END) AS status, shared, {columns},
    MAX(depth) AS depth, MAX(CASE WHEN input = 0 OR NOT shared THEN queries END) AS queries,
    SUM(CASE WHEN input = 0 OR NOT shared THEN seconds END) AS seconds, MAX(note) AS note
FROM {table} JOIN cells USING (cell) GROUP BY cell, trial
"""
        for table in ("outcomes", "unpacked")
    )
    return f"CREATE VIEW trials AS {'UNION ALL'.join(selects)}"
