"""Tables of a report, apart from the form in which they are printed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from analysis.summary.schema import RateEntry
from analysis.summary.series import rate_of
from analysis.wording import fraction, interval_text


@dataclass(frozen=True)
class Entry:
    """One entry of a table: what is read, what is sorted by, and a smaller second line."""

    text: str
    key: float | str
    note: str = ""
    alarm: bool = False

    @property
    def whole(self) -> str:
        """Both lines in one."""
        return f"{self.text} {self.note}".strip()


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

    def compact(self, kept: Sequence[str]) -> "Table":
        """The table with columns that say the same in every row moved into its caption.

        Columns headed as in `kept` stay, and so do those of tables with fewer than three rows or with an alarm.
        """
        if len(self.rows) < 3:
            return self
        columns = list(zip(self.headings, zip(*self.rows, strict=True), strict=True))

        def said_once(heading: str, column: Sequence[Entry]) -> bool:
            same = len({(entry.text, entry.note) for entry in column}) == 1
            return same and heading not in kept and not column[0].alarm

        once = [(heading, column[0]) for heading, column in columns if said_once(heading, column)]
        if not once:
            return self
        parts = [
            f"{heading}: {entry.text or '–'}" + (f" ({entry.note})" if entry.note else "")
            for heading, entry in once
        ]
        rest = [(heading, column) for heading, column in columns if heading not in dict(once)]
        caption = " ".join(
            part for part in (self.caption, f"The same in every row: {'; '.join(parts)}.") if part
        )
        rows = [list(row) for row in zip(*(column for _, column in rest), strict=True)]
        return replace(self, caption=caption, headings=[heading for heading, _ in rest], rows=rows)

    def searchable(self, row: Sequence[Entry]) -> str:
        """What a filter looks through."""
        return " ".join(f"{entry.text} {entry.note}" for entry in row).lower()


def share_entry(count: int, of: int, entry: RateEntry) -> Entry:
    """A count of a number of trials over its interval."""
    if not of:
        return Entry("–", -1.0)
    return Entry(fraction(count, of), rate_of(entry), interval_text(entry["interval"]))


def text(value: object) -> Entry:
    """Plain words."""
    return Entry(str(value), str(value))


def whole(value: int | None, missing: str = "–") -> Entry:
    """A whole number."""
    return Entry(missing, -1.0) if value is None else Entry(str(value), float(value))
