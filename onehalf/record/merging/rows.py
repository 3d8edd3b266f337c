"""Rows of one store poured into another: trials, outputs, certificates and decisions, with their links and sums."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from onehalf.record import chain
from onehalf.record.digests import digest_of_json
from onehalf.record.store import Store, schema_of, trials_view
from oracle.errors import InvalidValue

_BY_OUTPUT = ("certificates", "attacks")


def begin_like(target: Store, part: Store, plan: str) -> None:
    """Enter into an empty store the plan of another one, whose digest is given: its cells, and the view of trials."""
    cells = part.connection.execute("SELECT * FROM cells ORDER BY cell").fetchall()
    columns = [str(told[0]) for told in part.connection.execute("SELECT * FROM trials LIMIT 0").description]
    inputs = sum(name.startswith("status_") for name in columns)
    with target.transaction() as connection:
        connection.executemany("INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?, ?)", cells)
        connection.execute(trials_view(inputs))
        chain.tell(connection, "plan", plan)
        chain.tell(connection, "schema", schema_of(connection))


def pour(part: Store, target: Store) -> None:
    """Add all that a store holds to another one, whose trials are others; rows pass through one by one.

    Raises
    ------
    InvalidValue
        If both have a statement on one output, and the two differ.
    """
    reader = part.connection
    reader.execute("BEGIN")
    try:
        with target.transaction() as writer:
            writer.executemany("INSERT OR IGNORE INTO outputs VALUES (?, ?)", _rows(reader, "outputs"))
            writer.executemany(
                f"INSERT INTO outcomes VALUES ({', '.join('?' * 13)})", _rows(reader, "outcomes")
            )
            writer.executemany("INSERT INTO questions VALUES (?, ?, ?, ?)", _rows(reader, "questions"))
            for table, width in (("packs", 6), ("patterns", 15)):
                writer.executemany(
                    f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", _rows(reader, table)
                )
            _pour_links(reader, writer)
            for table, width in (("decisions", 3), ("sealed", 3)):
                found = list(_rows(reader, table))
                writer.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", found)
                chain.sum_rows(writer, table, found)
            for table in _BY_OUTPUT:
                _pour_statements(reader, writer, table)
    finally:
        reader.execute("ROLLBACK")


def _rows(reader: sqlite3.Connection, table: str) -> Iterator[tuple[object, ...]]:
    if reader.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is None:
        return iter(())
    return iter(reader.execute(f"SELECT * FROM {table}"))


def _pour_links(reader: sqlite3.Connection, writer: sqlite3.Connection) -> None:
    """Add the links of a store's chunks, each with what computed it, and chain all anew."""
    numbers = {chain.NOT_KNOWN: chain.NOT_KNOWN}
    for number, body in reader.execute("SELECT environment, body FROM environments ORDER BY environment"):
        numbers[number] = chain.environment_number(writer, body)
    writer.executemany(
        "INSERT INTO chunks (cell, start, stop, environment, rows, chain) VALUES (?, ?, ?, ?, ?, ?)",
        (
            (cell, start, stop, numbers[environment], body, b"")
            for _, cell, start, stop, environment, body, _ in chain.links(reader)
        ),
    )
    chain.chain_anew(writer)


def _pour_statements(reader: sqlite3.Connection, writer: sqlite3.Connection, table: str) -> None:
    """Add what is stated of outputs; of one that both hold, once."""
    known = f"SELECT body FROM {table} WHERE cell = ? AND digest = ?"
    for cell, digest, body in _rows(reader, table):
        there = writer.execute(known, (cell, digest)).fetchone()
        if there is None:
            writer.execute(f"INSERT INTO {table} VALUES (?, ?, ?)", (cell, digest, body))
            chain.sum_rows(writer, table, [(cell, digest, body)])
        elif there[0] != body:
            rule = f"hold two {table} of one output of cell {cell} that differ"
            raise InvalidValue(
                "directories", table, rule, "look which is right: onehalf fsck, onehalf replay"
            )


def spans_on_record(store: Store) -> list[tuple[int, int, int]]:
    """Return (cell, start, stop) of every chunk on record, in order."""
    return sorted(link[1:4] for link in chain.links(store.connection))


def plan_digest(plan: object) -> str:
    """Return the digest by which a store names the plan of its manifest."""
    return digest_of_json(plan)
