"""Packs in a store: their tables, and the views in which they are rows like any others.

`every_outcome` has all outcomes, whether they were written row by row (table `outcomes`) or in packs. In a store that
was begun before there were packs it is a temporary view of the table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from onehalf.record.packed.pack import Pack, Pattern

_COLUMNS = "cell, trial, input, shared, status, verdict, margin, depth, queries, claim, seconds, note, output"
_OF_PATTERNS = (
    "pattern, input, shared, status, verdict, margin, depth, queries, claim, note, output, first, alike"
)
_PACKS = """{kind} TABLE packs (
    cell INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, width INTEGER NOT NULL,
    base INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (cell, start)) WITHOUT ROWID"""
_PATTERNS = """{kind} TABLE patterns (
    cell INTEGER NOT NULL, start INTEGER NOT NULL, pattern INTEGER NOT NULL, input INTEGER NOT NULL,
    shared INTEGER NOT NULL, status TEXT NOT NULL, verdict TEXT, margin REAL, depth INTEGER NOT NULL,
    queries INTEGER NOT NULL, claim INTEGER, note TEXT NOT NULL, output BLOB,
    first INTEGER NOT NULL, alike INTEGER NOT NULL, PRIMARY KEY (cell, start, pattern, input)) WITHOUT ROWID"""
_UNPACKED = """{kind} VIEW unpacked AS
SELECT p.cell, p.start + e.key / p.width AS trial, t.input, t.shared, t.status, t.verdict, t.margin, t.depth,
    t.queries, t.claim, (e.value / p.base) / 1e9 AS seconds, t.note, t.output, p.start
FROM packs AS p CROSS JOIN json_each(p.body) AS e CROSS JOIN patterns AS t
WHERE t.cell = p.cell AND t.start = p.start AND t.pattern = e.value % p.base
    AND (p.width = 1 OR t.input = e.key % p.width)"""
_EVERY = f"{{kind}} VIEW every_outcome AS SELECT {_COLUMNS} FROM outcomes UNION ALL SELECT {_COLUMNS} FROM unpacked"
_NAMES = (("TABLE", "packs"), ("TABLE", "patterns"), ("VIEW", "unpacked"), ("VIEW", "every_outcome"))


def there(connection: sqlite3.Connection) -> bool:
    """Tell whether a store has the tables itself."""
    query = "SELECT 1 FROM main.sqlite_master WHERE name = 'packs'"
    return connection.execute(query).fetchone() is not None


def enter(connection: sqlite3.Connection) -> None:
    """Make tables and views in a store that has none."""
    if not there(connection):
        for kind, name in reversed(_NAMES):
            connection.execute(f"DROP {kind} IF EXISTS temp.{name}")
        for statement in (_PACKS, _PATTERNS, _UNPACKED, _EVERY):
            connection.execute(statement.format(kind="CREATE"))


def enter_temporary(connection: sqlite3.Connection) -> None:
    """Make them for this connection alone, where a store has none: nothing is written to the file."""
    if not there(connection):
        connection.execute("PRAGMA temp_store=MEMORY")
        for statement in (_PACKS, _PATTERNS, _UNPACKED, _EVERY):
            connection.execute(statement.format(kind="CREATE TEMP"))


def write_pack(connection: sqlite3.Connection, cell: int, start: int, pack: Pack) -> None:
    """Write a pack in place of the one that begins there, if any."""
    connection.execute("DELETE FROM patterns WHERE cell = ? AND start = ?", (cell, start))
    row = cell, start, pack.stop, pack.width, pack.base, pack.body
    connection.execute("INSERT OR REPLACE INTO packs VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.executemany(
        f"INSERT INTO patterns VALUES ({cell}, {start}, {', '.join('?' * len(Pattern._fields))})",
        pack.patterns,
    )


def read_pack(connection: sqlite3.Connection, cell: int, start: int) -> Pack | None:
    """Return the pack that begins at a trial, None where there is none."""
    query = "SELECT stop, width, base, body FROM packs WHERE cell = ? AND start = ?"
    row = connection.execute(query, (cell, start)).fetchone()
    if row is None:
        return None
    stop, width, base, body = row
    query = f"SELECT {_OF_PATTERNS} FROM patterns WHERE cell = ? AND start = ? ORDER BY pattern, input"
    return Pack(stop, width, base, body, list(map(Pattern._make, connection.execute(query, (cell, start)))))


def spans(connection: sqlite3.Connection, cell: int) -> list[tuple[int, int]]:
    """Return the trials (start, stop) of a cell's packs, in order."""
    query = "SELECT start, stop FROM packs WHERE cell = ? ORDER BY start"
    return connection.execute(query, (cell,)).fetchall()


def packs_of(connection: sqlite3.Connection, cell: int) -> Iterator[tuple[int, Pack]]:
    """Yield the packs of a cell, each with its first trial."""
    for start, _ in spans(connection, cell):
        found = read_pack(connection, cell, start)
        assert found is not None
        yield start, found


def holding(connection: sqlite3.Connection, cell: int, trial: int) -> int:
    """Return the first trial of the pack that holds a trial, −1 where none does."""
    query = "SELECT MAX(start), stop FROM packs WHERE cell = ? AND start <= ?"
    start, stop = connection.execute(query, (cell, trial)).fetchone()
    return -1 if start is None or stop <= trial else int(start)


def cut_packs(connection: sqlite3.Connection, cell: int, trials: int) -> None:
    """Take out what lies beyond a cell's first trials."""
    start = holding(connection, cell, trials)
    if 0 <= start < trials:
        whole = read_pack(connection, cell, start)
        assert whole is not None
        write_pack(connection, cell, start, whole.cut(start, trials))
    for table in ("packs", "patterns"):
        connection.execute(f"DELETE FROM {table} WHERE cell = ? AND start >= ?", (cell, trials))


def outcomes_of_trial(
    connection: sqlite3.Connection, columns: str, cell: int, trial: int
) -> list[tuple[object, ...]]:
    """Return columns of a trial's outcomes, one for each input in order; an empty list where it has none."""
    at = holding(connection, cell, trial)
    table, place = ("outcomes", ()) if at < 0 else ("unpacked", (at,))
    within = " AND start = ?" if place else ""
    query = f"SELECT {columns} FROM {table} WHERE cell = ? AND trial = ?{within} ORDER BY input"
    return connection.execute(query, (cell, trial, *place)).fetchall()
