"""For a paper: a table across both columns of the cells that are reported, and its figures at one column's width."""

import re
from collections.abc import Sequence

from analysis.figures.picture import Picture
from analysis.figures.svg import to_bytes
from analysis.report.latex_text import to_latex
from analysis.summary.schema import CellEntry, Summary
from analysis.tables.table import Entry, share_entry
from analysis.wording import interval_text, iota, p_text, place_of, rounded

COLUMN = 3.35
"""Width of a column in inches: 8.5 cm."""
_LINE = 118
"""Characters of this size that fit across a page of two columns, 17.8 cm."""
_GAP, _LONGEST = 2, 10
_PLACES = re.compile(r"(?<=[-_,=/:\[\]+@])")

PREAMBLE = r"""\documentclass[twocolumn]{article}
\usepackage[a4paper,textwidth=17.8cm,columnsep=0.8cm]{geometry}
\usepackage{array,booktabs,graphicx}
\begin{document}
"""


def paper_table(summary: Summary) -> str:
    r"""A ``table*`` with a row for each cell, for a document that loads array and booktabs.

    Every column has a share of ``\textwidth``, and every entry may be broken, so that no line is too wide.
    """
    cells = summary["cells"]
    names = sorted({name for cell in cells for name in cell["by_input"]})
    headings = ["algorithm", "oracle", "setting", *map(iota, names), "smallest", "t", "bound", "p"]
    rows = [_row(cell, names) for cell in cells]
    kept = [at for at in range(len(headings)) if any(row[at].text for row in rows)]
    columns = [[Entry(headings[at], 0.0), *(row[at] for row in rows)] for at in kept]
    shares = _shares([[entry.whole for entry in column] for column in columns])
    layout = "".join(
        rf">{{\raggedright\arraybackslash}}p{{\dimexpr {share:.4f}\textwidth-2\tabcolsep\relax}}"
        for share in shares
    )
    lines = [" & ".join(_cell(column[at]) for column in columns) + r" \\" for at in range(len(rows) + 1)]
    return "\n".join(
        [
            r"% \usepackage{array,booktabs}",
            r"\begin{table*}",
            r"\footnotesize\setlength{\tabcolsep}{2pt}\hyphenpenalty=10000",
            rf"\caption{{{_caption(summary, names)}}}",
            rf"\begin{{tabular}}{{@{{}}{layout}@{{}}}}",
            r"\toprule",
            lines[0],
            r"\midrule",
            *lines[1:],
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table*}",
            "",
        ]
    )


def _row(cell: CellEntry, names: Sequence[str]) -> list[Entry]:
    bound, test = cell["bound"], cell["test"]
    over, least = cell["over_reading"], cell["smallest"]
    inputs = [cell["by_input"].get(name) for name in names]
    return [
        Entry(cell["algorithm"], ""),
        Entry(cell["oracle"], ""),
        Entry(", ".join(filter(None, (cell["family"], place_of(cell)))), ""),
        *(
            Entry("", "") if entry is None else share_entry(entry["successes"], cell["recorded"], entry)
            for entry in inputs
        ),
        Entry(rounded(least["rate"]), "", interval_text(least["interval"])),
        Entry(rounded(over["rate"]), ""),
        Entry("none" if not bound["applies"] else rounded(bound["value"]), ""),
        Entry("" if test is None or not cell["recorded"] else p_text(test["p_adjusted"]), ""),
    ]


def _caption(summary: Summary, names: Sequence[str]) -> str:
    inputs = " and ".join(map(iota, names)) if len(names) < 4 else "each input"
    level = summary["method"]["confidence"]
    text = (
        f"Successes in the trials on record on {inputs}, and the smallest success probability, with intervals at "
        f"{level:.0%} confidence; t is the share of trials that told the inputs apart, p the adjusted p-value of "
        "the test that the smallest success probability is above the bound."
    )
    return to_latex(text)


def _cell(entry: Entry) -> str:
    return " ".join(_breakable(line) for line in (entry.text, entry.note) if line)


def _breakable(text: str) -> str:
    """Text as LaTeX that may be broken after hyphens and the like, and within words that are longer than a column."""
    return " ".join(r"\hspace{0pt}".join(map(to_latex, _pieces(word))) for word in text.split())


def _pieces(word: str) -> list[str]:
    if len(word) <= _LONGEST:
        return [word]
    parts = [part for part in _PLACES.split(word) if part]
    return [part[at : at + _LONGEST] for part in parts for at in range(0, len(part), _LONGEST)]


def _shares(columns: Sequence[Sequence[str]]) -> list[float]:
    """Shares of the line: room for the longest piece of each column, and the rest by what would still be broken."""
    least = [
        max(len(piece) for text in column for word in text.split() for piece in _pieces(word)) + _GAP
        for column in columns
    ]
    missing = [max(0, max(map(len, column)) + _GAP - low) for column, low in zip(columns, least, strict=True)]
    spare = max(0, _LINE - sum(least))
    total = sum(missing) or 1
    widths = [low + spare * more / total for low, more in zip(least, missing, strict=True)]
    whole = max(sum(widths), _LINE)
    return [width / whole for width in widths]


def paper_figures(pictures: Sequence[Picture]) -> list[tuple[str, str, bytes]]:
    """The first drawing of each picture at one column's width, as PDF with TrueType fonts: name, caption, file."""
    found = []
    for picture in pictures:
        figure = picture.panels[0].figure
        width, height = figure.get_size_inches()
        figure.set_size_inches(COLUMN, COLUMN * height / width)
        figure.set_layout_engine("constrained")
        found.append((picture.files()[0], picture.caption, to_bytes(figure, "pdf")))
    return found


def paper_document(table: str, figures: Sequence[tuple[str, str]]) -> str:
    """A whole document of two columns with the table and the figures, each a name and a caption."""
    drawn = [
        "\n".join(
            [
                r"\begin{figure}",
                rf"\includegraphics[width=\columnwidth]{{{name}.pdf}}",
                rf"\caption{{\sloppy {to_latex(caption)}}}",
                r"\end{figure}",
            ]
        )
        for name, caption in figures
    ]
    return "\n".join([PREAMBLE + table, *drawn, r"\end{document}", ""])
