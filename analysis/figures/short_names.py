"""Names of algorithms for figures, where there is no room for every parameter."""

from collections import Counter
from collections.abc import Iterable

from analysis.summary.schema import CellEntry
from analysis.summary.series import group
from analysis.wording import value_text

_MOST = 28
"""Characters of a name in a figure; the table of cells has it in full."""
NOTE = (
    "Names leave out parameters that all cells of an algorithm share, and are cut where they are long; the table has "
    "them in full."
)
"""What a caption says of such names."""


def short_names(cells: Iterable[CellEntry]) -> dict[str, str]:
    """For each name of an algorithm in these cells a short one that tells it from the others.

    It has the parameters, and the budget, in which cells of that algorithm differ.
    """
    named = {str(cell["algorithm"]): cell for cell in cells}
    wished: dict[str, str] = {}
    for members in group(named.values(), lambda cell: cell["algorithm_name"]).values():
        keys = dict.fromkeys(key for cell in members for key in cell["algorithm_parameters"])
        varying = [
            key for key in keys if len({repr(cell["algorithm_parameters"].get(key)) for cell in members}) > 1
        ]
        wished.update((str(cell["algorithm"]), _told(cell, varying)) for cell in members)
    counts = Counter(wished.values())
    found: dict[str, str] = {}
    for label, name in wished.items():
        found[label] = _apart(_cut(name if counts[name] == 1 else label), set(found.values()))
    return found


def _told(cell: CellEntry, varying: Iterable[str]) -> str:
    given = cell["algorithm_parameters"]
    inner = ",".join(f"{key}={value_text(given[key])}" for key in varying if key in given)
    name = f"{cell['algorithm_name']}[{inner}]" if inner else str(cell["algorithm_name"])
    return f"{name}, {cell['budget']}" if cell["budget"] else name


def _cut(name: str) -> str:
    return name if len(name) <= _MOST else name[: _MOST - 1] + "…"


def _apart(name: str, taken: set[str]) -> str:
    """The name, or where another was cut to the same, with a number after it."""
    if name not in taken:
        return name
    at = 2
    while f"{name} ({at})" in taken:
        at += 1
    return f"{name} ({at})"
