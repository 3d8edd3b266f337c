"""Whether a directory still holds what was written: digests compared with rows, and the store with its plan.

All of it is one pass over the store, so that every report can ask. What was written is not thereby right; it is what
this program wrote.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from onehalf.record import chain
from onehalf.record.described import CELLS
from onehalf.record.digests import (
    BEGINNING,
    chained,
    digest_of_json,
    digest_of_output,
    digest_of_rows,
    summed,
)
from onehalf.record.packed.tables import read_pack
from onehalf.record.store import BEFORE, PACKED, ROWS, Store, keeps, kept_by, planned_cells, schema_of
from oracle.errors import CannotGoOn

_SURROUNDINGS = ("BUSY", "LOCKED", "CANTOPEN", "READONLY", "FULL", "IOERR", "PERM", "NOMEM", "NOLFS", "AUTH")
UNKEPT = "made before digests were kept: that no byte has changed cannot be told"


def is_surroundings(error: sqlite3.Error) -> bool:
    """Tell whether SQLite's error is of rights, locks, memory or the disk, and not of what the file holds."""
    name = getattr(error, "sqlite_errorname", "") or ""
    return name.removeprefix("SQLITE_").startswith(_SURROUNDINGS)


def unread_by_sqlite(error: sqlite3.Error) -> str:
    """Return on one line that SQLite cannot read a file; its own words may quote a definition of many lines."""
    return f"SQLite cannot read it ({' '.join(str(error).split())})"


def faults_of(manifest: Mapping[str, Any], store: Store) -> list[str]:
    """Return in what a store is not what was written for a manifest's plan; nothing where it is.

    Raises
    ------
    CannotGoOn
        If the file cannot be read for want of rights, memory or a lock.
    """
    connection, found = store.connection, list[str]()
    try:
        connection.execute("BEGIN")
        found.extend(_faults(manifest, connection))
    except sqlite3.Error as error:
        if is_surroundings(error):
            raise CannotGoOn(
                f"{store.path}: cannot be read ({error}): give rights or room, then again"
            ) from error
        found.append(unread_by_sqlite(error))
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        found.append(f"it holds what no run writes ({type(error).__name__}: {error})")
    finally:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
    return found


def plan_differs(manifest: Mapping[str, Any], connection: sqlite3.Connection) -> str:
    """Say in what a store's cells are not those of a manifest's plan; "" where they are, or none is entered yet."""
    plan, told, earlier = manifest["experiment"], manifest.get(CELLS), manifest.get(EARLIER, [])
    cells = [
        (
            told[index]["label"] if told is not None else "",
            cell["trials"],
            {name: cell[name] for name in _COORDINATES},
        )
        for index, cell in enumerate(plan["cells"])
    ]
    written = connection.execute("SELECT * FROM cells ORDER BY cell").fetchall()
    if not written:
        return ""
    expected = planned_cells(plan["name"], plan["seed"], cells)
    if len(written) != len(expected):
        return f"it has {len(written)} cells, the plan {len(expected)}"
    labelled = told is not None and keeps(connection)
    for index, (one, other) in enumerate(zip(written, expected, strict=True)):
        for name, old, new in zip(_CELL, one, other, strict=True):
            if name == "label" and not labelled:
                continue
            if name == "planned" and earlier and old <= new:
                continue
            if old != new and not (name == "coordinates" and json.loads(str(old)) == json.loads(str(new))):
                return f"its cell {index} has {name.replace('_', ' ')} {old!r}, the plan {new!r}"
    digest = chain.about_itself(connection, "plan") if keeps(connection) else ""
    if digest and digest not in (digest_of_json(plan), *earlier):
        return f"it was made for the plan with SHA-256 {digest[:12]}…, not {digest_of_json(plan)[:12]}…"
    return ""


EARLIER = "earlier_plans"
"""The digests of plans of the same cells with fewer trials, before trials were added: a store may be of one still."""
_COORDINATES = ("family", "parameters", "oracle", "algorithm", "algorithm_parameters")
_CELL = ("cell", "experiment", "label", "planned", "root_seed", "stream_key", "coordinates")


def _faults(manifest: Mapping[str, Any], connection: sqlite3.Connection) -> Iterator[str]:
    checked = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if checked != "ok":
        yield f"SQLite finds it damaged ({' '.join(checked.split())})"
    version = kept_by(connection)
    if version not in (BEFORE, ROWS, PACKED):
        yield f"it is of schema {version}; this release reads {BEFORE}, {ROWS} and {PACKED}"
        return
    differs = plan_differs(manifest, connection)
    if differs:
        yield f"it is not of this plan: {differs}"
    used: set[bytes] = set()
    if version != BEFORE:
        yield from _foundations(connection)
        yield from _rows(connection, used)
        yield from _sums(connection)
    else:
        if chain.begun(connection):
            yield "it has lost the mark of a store that keeps digests, and has some"
        rows = connection.execute("SELECT DISTINCT output FROM outcomes WHERE output IS NOT NULL")
        used.update(digest for (digest,) in rows)
    yield from _outputs(connection, used)


def _foundations(connection: sqlite3.Connection) -> Iterator[str]:
    """Compare the definitions of tables and views, and the chain's own links."""
    known = chain.about_itself(connection, "schema")
    if known != schema_of(connection) and (
        known or connection.execute("SELECT 1 FROM every_outcome").fetchone()
    ):
        yield "its tables are not defined as they were"
    head = BEGINNING
    for number, cell, start, stop, environment, body, link in chain.links(connection):
        head = chained(head, cell, start, stop, environment, body)
        if head != link:
            yield f"link {number} of its chain (cell {cell}, trials {start} to {stop - 1}) does not follow"
            return
    if head.hex() != chain.head_of(connection):
        yield "its chain does not end where it ended"


def _rows(connection: sqlite3.Connection, used: set[bytes]) -> Iterator[str]:
    """Compare every chunk's rows with its digest, in one pass, and note the outputs that they name."""
    rows = _Cursor(connection.execute("SELECT * FROM outcomes ORDER BY cell, trial, input"))
    asked = _Cursor(connection.execute("SELECT * FROM questions ORDER BY cell, trial, input"))
    packed = patterns = 0
    for _, cell, start, stop, _, digest, _ in sorted(chain.links(connection), key=lambda link: link[1:4]):
        pack = read_pack(connection, cell, start)
        packed += pack is not None
        mine = rows.up_to(cell, stop if pack is None else start)
        used.update(row[-1] for row in mine if row[-1] is not None)
        if pack is not None:
            used.update(line.output for line in pack.patterns if line.output is not None)
            patterns += len(pack.patterns)
            mine += pack.lines()
        if digest_of_rows(mine, asked.up_to(cell, stop)) != digest:
            yield f"cell {cell}, trials {start} to {stop - 1}: the rows are not those that were written"
    written = (
        connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in ("packs", "patterns")
    )
    if rows.next is not None or asked.next is not None or (packed, patterns) != tuple(written):
        yield "it has rows that no run wrote"


class _Cursor:
    """Rows that begin with cell and trial, in that order, taken chunk by chunk."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self.cursor = cursor
        self.next = cursor.fetchone()

    def up_to(self, cell: int, stop: int) -> list[Any]:
        """Return the rows, without the cell, up to trial `stop` of a cell, and whatever stands before them."""
        found = []
        row = self.next
        while row is not None and (row[0] < cell or (row[0] == cell and row[1] < stop)):
            found.append(row[1:])
            row = self.cursor.fetchone()
        self.next = row
        return found


def _sums(connection: sqlite3.Connection) -> Iterator[str]:
    for table in chain.SUMMED:
        known = chain.about_itself(connection, f"sum of {table}")
        if int(summed(connection.execute(f"SELECT * FROM {table}")), 16) != int(known or "0", 16):
            yield f"its {table} are not those that were written"


def _outputs(connection: sqlite3.Connection, used: set[bytes]) -> Iterator[str]:
    """Compare every output with its key, which is its own digest."""
    there = set()
    for digest, body in connection.execute("SELECT digest, body FROM outputs"):
        there.add(digest)
        if not isinstance(body, bytes) or digest_of_output(body) != digest:
            yield f"output {bytes(digest).hex()}: its bytes are not those that were written"
    if not used <= there:
        yield f"it lacks {len(used - there)} of the outputs that its rows name"
