"""A byte that changes on the disk changes no row and no summary without a word."""

import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import onehalf as oh
from onehalf.record.directory import MANIFEST, SUMMARY, TRIALS
from onehalf.record.integrity import unread_by_sqlite
from onehalf.record.publish import differing
from onehalf.record.result import Result
from oracle.errors import CannotGoOn, DamagedRecord, InvalidValue

Several = Callable[[int, int], int]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small directory with everything in it: rows, outputs, a cell that stopped early, a page."""
    place = tmp_path_factory.mktemp("finished") / "run"
    problem = oh.AlternatingTraining(hidden=[2], exponent=20)
    result = oh.run(
        problem, ["coin-flip", "random-depth[stop=0.05]"], trials=40, until={"width": 0.5}, directory=place
    )
    result.report(formats=("json", "md"))
    return place


def told(directory: Path) -> tuple[Any, Any, Any]:
    """Return rows, trials and summary as a new reader finds them."""
    result = Result(directory)
    outcomes = result.outcomes.astype(object)
    rows = list(outcomes.where(outcomes.notna(), None).itertuples(index=False, name=None))
    summary = result.summary()
    provenance = summary.pop("provenance")
    return rows, summary, provenance["seed"]


def flip(file: Path, draws: random.Random) -> None:
    """Change one byte."""
    body = bytearray(file.read_bytes())
    body[draws.randrange(len(body))] ^= draws.randrange(1, 256)
    file.write_bytes(body)


@pytest.mark.parametrize("name", [MANIFEST, TRIALS])
def test_a_flipped_byte_is_told_or_changes_nothing(
    name: str, finished: Path, tmp_path: Path, draws: random.Random, several: Several
) -> None:
    place = tmp_path / "run"
    shutil.copytree(finished, place)
    before, body = told(place), (place / name).read_bytes()
    sentences = []
    for number in range(several(16, 400)):
        flip(place / name, draws)
        try:
            assert told(place) == before, f"flip {number} changed the record silently"
        except (InvalidValue, CannotGoOn) as error:
            sentences.append(str(error))
        (place / name).write_bytes(body)
        for rest in place.glob(f"{TRIALS}-*"):
            rest.unlink()
    assert sentences
    assert [text for text in sentences if len(text.splitlines()) != 1] == []


def test_a_definition_that_is_no_text_is_damage(finished: Path, tmp_path: Path) -> None:
    place = tmp_path / "run"
    shutil.copytree(finished, place)
    body = (place / TRIALS).read_bytes()
    found = re.search(rb"CREATE TABLE \w+", body)
    assert found is not None
    (place / TRIALS).write_bytes(body[: found.start() + 6] + b"\x8c" + body[found.start() + 7 :])
    with pytest.raises(DamagedRecord, match="its definitions of tables are no text"):
        told(place)


def test_what_sqlite_quotes_stands_on_one_line() -> None:
    error = sqlite3.DatabaseError("malformed database schema (\n  root_seed TEXT\n)")
    assert unread_by_sqlite(error) == "SQLite cannot read it (malformed database schema ( root_seed TEXT ))"


def test_a_flipped_byte_of_the_summary_is_found(
    finished: Path, tmp_path: Path, draws: random.Random, several: Several
) -> None:
    place = tmp_path / "run"
    shutil.copytree(finished, place)
    body = (place / SUMMARY).read_bytes()
    assert differing(place)[1] == []
    for _ in range(several(20, 300)):
        flip(place / SUMMARY, draws)
        assert differing(place)[1] == [
            f"{SUMMARY} is not what was written; onehalf report {place} writes it again"
        ]
        (place / SUMMARY).write_bytes(body)


CHANGES = {
    "a verdict": "UPDATE outcomes SET verdict = 'accepted' WHERE verdict = 'rejected'",
    "a depth": "UPDATE outcomes SET depth = depth + 1 WHERE cell = 1 AND trial = 3",
    "a time": "UPDATE outcomes SET seconds = seconds * 2 WHERE cell = 0 AND trial = 0",
    "a row that is gone": "DELETE FROM outcomes WHERE cell = 0 AND trial = 1",
    "a row more": "INSERT INTO outcomes SELECT cell, 999, input, shared, status, verdict, margin, depth, queries, "
    "claim, seconds, note, output FROM outcomes WHERE cell = 1 AND trial = 0",
    "a chunk that is gone": "DELETE FROM chunks WHERE number = 1",
    "the last chunk with its rows": "DELETE FROM chunks WHERE number = (SELECT MAX(number) FROM chunks)",
    "a decision": "UPDATE decisions SET trials = trials - 1",
    "a decision that is gone": "DELETE FROM decisions",
    "an output": "UPDATE outputs SET body = body || x'00'",
    "an output that is gone": "DELETE FROM outputs",
    "the root seed": "UPDATE cells SET root_seed = '2'",
    "a stream key": "UPDATE cells SET stream_key = '0' WHERE cell = 1",
    "a coordinate": "UPDATE cells SET coordinates = replace(coordinates, '20', '21')",
    "an environment": "UPDATE environments SET body = replace(body, 'numpy', 'nampy')",
    "what a view shows": "DROP VIEW trials; CREATE VIEW trials AS SELECT cell, trial, 'halted' AS status FROM outcomes",
    "the schema": "PRAGMA user_version=7",
    "the mark of kept digests": "PRAGMA user_version=0",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_by_hand_is_told(change: str, finished: Path, tmp_path: Path) -> None:
    place = tmp_path / "run"
    shutil.copytree(finished, place)
    with closing(sqlite3.connect(place / TRIALS)) as connection:
        connection.executescript(CHANGES[change])
        assert connection.total_changes or "VIEW" in CHANGES[change] or "PRAGMA" in CHANGES[change]
    with pytest.raises(DamagedRecord, match=r"trials\.sqlite"):
        told(place)
