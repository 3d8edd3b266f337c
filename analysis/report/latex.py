"""Tables as LaTeX, no wider than the page that they stand on."""

import re
from collections.abc import Sequence

from analysis.report.latex_text import to_latex
from analysis.tables.table import Entry, Table

_UPRIGHT, _ACROSS = 92, 150
"""Characters that fit in a line: of a page, and in a smaller size of a page that lies on its side."""
_INTERVAL = re.compile(r"([\[(][\d.]+,) (?=[\d.]+[\])])")
"""The beginning of an interval, and the space after it."""
_GAP = 2
"""Characters between columns."""


def latex(table: Table) -> str:
    """A table as a LaTeX ``longtable`` for a document that loads the packages named in its first line.

    Columns have their natural widths where they fit on a page; otherwise the page lies on its side, and long entries
    are broken.
    """
    columns = [[heading, *(row[at].whole for row in table.rows)] for at, heading in enumerate(table.headings)]
    upright = sum(max(map(len, column)) + _GAP for column in columns) <= _UPRIGHT
    layout = "l" * len(columns) if upright else "".join(map(_paragraph, _shares(columns)))
    caption = ". ".join(part for part in (table.title, table.caption) if part) or table.name
    between = " " if upright else r"\newline "
    rows = [" & ".join(_cell(entry, between) for entry in row) + r" \\" for row in table.rows]
    opening, ending = _FRAMES[upright]
    head = [r"\toprule", " & ".join(map(to_latex, table.headings)) + r" \\", r"\midrule"]
    lines = [
        r"% \usepackage{array,booktabs,longtable,pdflscape}",
        *opening,
        r"\setlength{\LTcapwidth}{\linewidth}",
        rf"\begin{{longtable}}{{{layout}}}",
        rf"\caption{{{to_latex(caption)}}}\label{{tab:{table.name}}}\\",
        *head,
        r"\endfirsthead",
        *head,
        r"\endhead",
        *rows,
        r"\bottomrule",
        r"\end{longtable}",
        *ending,
    ]
    return "\n".join(lines) + "\n"


_FRAMES = {
    True: ([r"\begingroup\small"], [r"\endgroup"]),
    False: (
        [r"\begin{landscape}\scriptsize\setlength{\tabcolsep}{2pt}"],
        [r"\end{landscape}"],
    ),
}


def _cell(entry: Entry, between: str) -> str:
    """Both lines of an entry, with intervals that are not broken."""
    lines = (_INTERVAL.sub(r"\1~", to_latex(line)) for line in (entry.text, entry.note) if line)
    return between.join(lines)


def _shares(columns: Sequence[Sequence[str]]) -> list[float]:
    """The columns' shares of the line: room for the longest word of each, and the rest by what remains."""
    least = [max(len(word) for text in column for word in text.split() or [""]) + _GAP for column in columns]
    wanted = [max(map(len, column)) + _GAP for column in columns]
    missing = [most - low for most, low in zip(wanted, least, strict=True)]
    spare = max(0, _ACROSS - sum(least))
    widths = [
        low + (spare * more / sum(missing) if any(missing) else 0.0)
        for low, more in zip(least, missing, strict=True)
    ]
    return [width / sum(widths) for width in widths]


def _paragraph(share: float) -> str:
    return rf">{{\raggedright\arraybackslash}}p{{\dimexpr {share:.4f}\linewidth-2\tabcolsep\relax}}"
