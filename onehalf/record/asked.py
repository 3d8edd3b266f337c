"""What a report says of problems and algorithms in words: the families' statements, a line for each algorithm."""

from __future__ import annotations

from collections.abc import Iterable

from algorithms.registry import known
from onehalf.record.described import Described, in_full
from oracle.errors import InvalidValue


def statements(cells: Iterable[tuple[str, Described]]) -> dict[str, str]:
    """Return for each family, by the name that it has in a report, the problem in words."""
    found: dict[str, str] = {}
    for family, cell in cells:
        if family not in found:
            found[family] = _statement(cell)
    return found


def _statement(cell: Described) -> str:
    if cell.statement:
        return cell.statement
    try:
        return in_full(type(cell.problem))
    except InvalidValue:
        return "Its family is not at hand."


def lines(cells: Iterable[tuple[str, Described]]) -> dict[str, str]:
    """Return for each algorithm that ships, by the name that it has in a report, what it does in one line."""
    shipped = known()
    return {name: shipped[cell.name].summary.replace("*", "") for name, cell in cells if cell.name in shipped}
