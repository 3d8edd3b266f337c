"""What a report says of problems: the directory's own words, the family's where it is at hand, and that it is not."""

from types import SimpleNamespace
from typing import Any

from onehalf.families.simplex.problem import Simplex
from onehalf.record.asked import lines, statements
from onehalf.record.described import in_full
from oracle.errors import InvalidValue


class _Gone:
    statement = ""

    @property
    def problem(self) -> Any:
        raise InvalidValue("problem", "mine", "is not at hand", "put it back")


def test_the_words_of_the_directory_come_first_then_the_familys_then_that_there_are_none() -> None:
    cells: list[tuple[str, Any]] = [
        ("own", SimpleNamespace(statement="As it was told.", problem=Simplex())),
        ("own", SimpleNamespace(statement="Never reached.", problem=Simplex())),
        ("simplex", SimpleNamespace(statement="", problem=Simplex())),
        ("gone", _Gone()),
    ]
    found = statements(cells)
    assert found == {
        "own": "As it was told.",
        "simplex": in_full(Simplex),
        "gone": "Its family is not at hand.",
    }
    assert len(found["simplex"]) > 100


def test_algorithms_that_ship_have_a_line_each_without_emphasis_and_others_none() -> None:
    cells: list[tuple[str, Any]] = [
        ("coin-flip", SimpleNamespace(name="coin-flip")),
        ("mine", SimpleNamespace(name="mine")),
    ]
    found = lines(cells)
    assert list(found) == ["coin-flip"]
    assert found["coin-flip"]
    assert "*" not in "".join(found.values())
