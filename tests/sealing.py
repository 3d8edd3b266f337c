"""Records that a test has changed on purpose: sealed again, or as they were before digests were kept."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from onehalf.record import chain
from onehalf.record.digests import digest_of_json, digest_of_rows, summed
from onehalf.record.directory import DIGEST, MANIFEST, TRIALS
from onehalf.record.store import schema_of


def sealed_again(directory: Path) -> None:
    """Make every digest of a directory anew, of its manifest and of its store; links whose rows are gone go, too."""
    path = directory / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest.pop(DIGEST, None)
    path.write_text(json.dumps({**manifest, DIGEST: digest_of_json(manifest)}, indent=1), encoding="utf-8")
    with closing(sqlite3.connect(directory / TRIALS)) as connection, connection:
        for number, cell, start, stop, *_ in list(chain.links(connection)):
            rows = chain.outcomes_between(connection, cell, start, stop)
            if not rows:
                connection.execute("DELETE FROM chunks WHERE number = ?", (number,))
                continue
            end = max(row[0] for row in rows) + 1
            body = digest_of_rows(rows, chain.questions_between(connection, cell, start, end))
            connection.execute("UPDATE chunks SET stop = ?, rows = ? WHERE number = ?", (end, body, number))
        chain.chain_anew(connection)
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        chain.tell(connection, "schema", schema_of(connection))
        for table in there.intersection(chain.SUMMED):
            total = summed(connection.execute(f"SELECT * FROM {table}").fetchall())
            chain.tell(connection, f"sum of {table}", total)
        chain.tell(connection, "plan", digest_of_json(manifest["experiment"]))


def unsealed(directory: Path) -> None:
    """Take from a directory whatever release 0.1 did not keep: digests, the chain, and what was sealed."""
    path = directory / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest.pop(DIGEST, None)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with closing(sqlite3.connect(directory / TRIALS)) as connection, connection:
        for table in ("about", "environments", "chunks", "sealed"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute("PRAGMA user_version=0")
