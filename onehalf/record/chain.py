"""The chain of a store: one link a chunk, with the digest of its rows and of all that were written before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from onehalf.record.digests import BEGINNING, chained, digest_of_rows, summed
from onehalf.record.packed.tables import read_pack

TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS environments (environment INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS chunks (
    number INTEGER PRIMARY KEY, cell INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    environment INTEGER NOT NULL, rows BLOB NOT NULL, chain BLOB NOT NULL);
"""
SUMMED = ("decisions", "certificates", "attacks", "environments", "sealed")
NOT_KNOWN = 0
"""The environment of rows that were made before environments were kept."""
_HEAD = "head"


def about_itself(connection: sqlite3.Connection, name: str) -> str:
    """Return what the store says of itself under a name; "" where it says nothing."""
    row = connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row[0])


def begun(connection: sqlite3.Connection) -> bool:
    """Tell whether digests were ever kept in a store: it then tells of itself."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'about'").fetchone() is None:
        return False
    return connection.execute("SELECT 1 FROM about").fetchone() is not None


def tell(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Write what the store says of itself under a name."""
    connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))


def outcomes_between(connection: sqlite3.Connection, cell: int, start: int, stop: int) -> list[Any]:
    """Return the rows of a chunk, without the cell."""
    query = (
        "SELECT trial, input, shared, status, verdict, margin, depth, queries, claim, seconds, note, output "
        "FROM outcomes WHERE cell = ? AND trial >= ? AND trial < ? ORDER BY trial, input"
    )
    return connection.execute(query, (cell, start, stop)).fetchall()


def lines_of(connection: sqlite3.Connection, cell: int, start: int, stop: int) -> list[Any]:
    """Return what is stored of a chunk's trials: those of its pack, or its rows."""
    pack = read_pack(connection, cell, start)
    return outcomes_between(connection, cell, start, stop) if pack is None else pack.lines()


def questions_between(connection: sqlite3.Connection, cell: int, start: int, stop: int) -> list[Any]:
    """Return what the runs of a chunk asked, where that was logged."""
    query = (
        "SELECT trial, input, body FROM questions WHERE cell = ? AND trial >= ? AND trial < ? "
        "ORDER BY trial, input"
    )
    return connection.execute(query, (cell, start, stop)).fetchall()


def add_link(
    connection: sqlite3.Connection,
    cell: int,
    start: int,
    stop: int,
    environment: int,
    rows: Sequence[Any],
    questions: Iterable[Sequence[Any]],
) -> None:
    """Add the link of a chunk that is written in the same transaction."""
    body = digest_of_rows(rows, sorted(questions, key=lambda row: (row[0], row[1])))
    head = chained(bytes.fromhex(about_itself(connection, _HEAD)), cell, start, stop, environment, body)
    connection.execute(
        "INSERT INTO chunks (cell, start, stop, environment, rows, chain) VALUES (?, ?, ?, ?, ?, ?)",
        (cell, start, stop, environment, body, head),
    )
    tell(connection, _HEAD, head.hex())


def links(
    connection: sqlite3.Connection, first: int = 0
) -> Iterator[tuple[int, int, int, int, int, bytes, bytes]]:
    """Yield number, cell, start, stop, environment, digest and chained digest of every chunk, as written."""
    query = "SELECT number, cell, start, stop, environment, rows, chain FROM chunks WHERE number >= ? ORDER BY number"
    yield from connection.execute(query, (first,)).fetchall()


def cut_off(connection: sqlite3.Connection, cell: int, trials: int) -> None:
    """Take out of the chain what lies beyond a cell's first trials, whose rows are gone, and chain the rest anew."""
    query = "SELECT number, start FROM chunks WHERE cell = ? AND stop > ? ORDER BY number"
    beyond = connection.execute(query, (cell, trials)).fetchall()
    for number, start in beyond:
        if start >= trials:
            connection.execute("DELETE FROM chunks WHERE number = ?", (number,))
            continue
        body = digest_of_rows(
            lines_of(connection, cell, start, trials), questions_between(connection, cell, start, trials)
        )
        connection.execute("UPDATE chunks SET stop = ?, rows = ? WHERE number = ?", (trials, body, number))
    if beyond:
        chain_anew(connection, beyond[0][0])


def chain_anew(connection: sqlite3.Connection, first: int = 0) -> None:
    """Chain what the links hold, in their order, from link `first` on: those before it are what they were."""
    query = "SELECT chain FROM chunks WHERE number < ? ORDER BY number DESC LIMIT 1"
    before = connection.execute(query, (first,)).fetchone()
    head = BEGINNING if before is None else bytes(before[0])
    for number, index, start, stop, environment, body, chain in links(connection, first):
        head = chained(head, index, start, stop, environment, body)
        if head != chain:
            connection.execute("UPDATE chunks SET chain = ? WHERE number = ?", (head, number))
    tell(connection, _HEAD, head.hex())


def head_of(connection: sqlite3.Connection) -> str:
    """Return the last chained digest in hexadecimal."""
    return about_itself(connection, _HEAD)


def sum_rows(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a table's sum, or take them out."""
    tell(connection, f"sum of {table}", summed(rows, about_itself(connection, f"sum of {table}")))


def environment_number(connection: sqlite3.Connection, body: str) -> int:
    """Return the number of an environment, which is entered if it is new."""
    found = connection.execute("SELECT environment FROM environments WHERE body = ?", (body,)).fetchone()
    if found is None:
        cursor = connection.execute("INSERT INTO environments (body) VALUES (?)", (body,))
        sum_rows(connection, "environments", [(cursor.lastrowid, body)])
        return int(cursor.lastrowid or 0)
    return int(found[0])


def adopt(connection: sqlite3.Connection) -> None:
    """Chain the rows of a store that was begun before digests were kept: from now on they are kept, too."""
    before: tuple[int, int, int] | None = None
    runs: list[tuple[int, int, int]] = []
    for cell, trial in connection.execute("SELECT cell, trial FROM outcomes WHERE input = 0 ORDER BY 1, 2"):
        if before is not None and before[0] == cell and before[2] == trial:
            before = cell, before[1], trial + 1
            continue
        runs += [] if before is None else [before]
        before = cell, trial, trial + 1
    for cell, start, stop in [*runs, *([] if before is None else [before])]:
        rows = outcomes_between(connection, cell, start, stop)
        add_link(
            connection, cell, start, stop, NOT_KNOWN, rows, questions_between(connection, cell, start, stop)
        )
    for table in SUMMED:
        sum_rows(connection, table, connection.execute(f"SELECT * FROM {table}").fetchall())
