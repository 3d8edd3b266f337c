"""Tables of a report, apart from the form in which they are printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.wording import fraction, interval_text


@dataclass(frozen=True)
class Entry:
    """One entry of a table: what is read, what is sorted by, and a smaller second line."""

    text: str
    key: float | str
    note: str = ""
    alarm: bool = False


@dataclass(frozen=True)
class Table:
    """A table of a report.

    Attributes
    ----------
    name
        Short, unique, fit for a file name and an anchor.
    title, caption
        Its heading, and a sentence above it; either may be empty.
    headings
        One for each column.
    rows
        Each with an entry for each column.
    """

    name: str
    title: str
    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Entry]] = field(default_factory=list)

    def searchable(self, row: Sequence[Entry]) -> str:
        """What a filter looks through."""
        return " ".join(f"{entry.text} {entry.note}" for entry in row).lower()


def share(count: int, of: int, entry: Mapping[str, Any]) -> Entry:
    """A count of a number of trials over its interval."""
    if not of:
        return Entry("–", -1.0)
    return Entry(fraction(count, of), float(entry["rate"]), interval_text(entry["interval"]))


def text(value: object) -> Entry:
    """Plain words."""
    return Entry(str(value), str(value))


def whole(value: int | None, missing: str = "–") -> Entry:
    """A whole number."""
    return Entry(missing, -1.0) if value is None else Entry(str(value), float(value))
