"""The chain over chunks: it depends on what they hold and on their order, not on the order within one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from onehalf.record import chain, digests

_ROWS = [(0, 0, 1, "halted"), (0, 1, 1, "halted"), (1, 0, 1, "halted")]
_QUESTIONS = [(0, 0, b"\2"), (0, 1, b"\1"), (1, 0, b"\3")]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as found:
        found.executescript(chain.TABLES)
        chain.tell(found, "head", "")
        yield found


def head(rows: list[Any], questions: list[Any], place: tuple[int, int, int, int] = (0, 0, 2, 1)) -> str:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(chain.TABLES)
        chain.tell(connection, "head", "")
        chain.add_link(connection, *place, rows, questions)
        return str(connection.execute("SELECT hex(chain) FROM chunks").fetchone()[0])


def test_questions_are_summed_in_the_order_of_trials_and_inputs() -> None:
    ordered = digests.chained(b"", 0, 0, 2, 1, digests.digest_of_rows(_ROWS, _QUESTIONS)).hex().upper()
    for given in (_QUESTIONS, _QUESTIONS[::-1], [*_QUESTIONS[1:], _QUESTIONS[0]]):
        assert head(_ROWS, given) == ordered


def test_any_other_row_question_or_place_has_another_sum() -> None:
    found = {
        head(_ROWS, _QUESTIONS),
        head(_ROWS[:2], _QUESTIONS),
        head(_ROWS, _QUESTIONS[:2]),
        head(_ROWS, [(0, 1, b"\2"), (0, 0, b"\1"), (1, 0, b"\3")]),
        *(
            head(_ROWS, _QUESTIONS, place)
            for place in ((1, 0, 2, 1), (0, 1, 2, 1), (0, 0, 3, 1), (0, 0, 2, 2))
        ),
    }
    assert len(found) == 8


def test_every_link_depends_on_the_one_before(connection: sqlite3.Connection) -> None:
    chain.add_link(connection, 0, 0, 2, 1, _ROWS, [])
    chain.add_link(connection, 0, 0, 2, 1, _ROWS, [])
    (one, two) = (row[0] for row in connection.execute("SELECT chain FROM chunks ORDER BY number"))
    assert one != two
    assert chain.about_itself(connection, "head") == two.hex()
