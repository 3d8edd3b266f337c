"""What a paper takes: a table that fits across two columns, figures of one column with TrueType fonts."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from analysis.figures.gallery import pictures
from analysis.report.paper import COLUMN, paper_document, paper_figures, paper_table

LONG = "a-very-long-name-of-a-trainer[learning_rate=0.125,momentum=0.9,unbreakablewordthatgoesonandon=1]"


@pytest.fixture(scope="module")
def summary() -> Any:
    from tests.analysis.conftest import Tables

    cells = [Tables.cell(cell=at, algorithm=name) for at, name in enumerate(("adam", LONG))]
    return Tables.summarise(cells, [Tables.pattern(cell=at) for at in range(2)])


def test_the_table_has_a_row_a_cell_and_shares_the_line(summary: Any) -> None:
    text = paper_table(summary)
    assert text.isascii()
    shares = [float(share) for share in re.findall(r"dimexpr ([\d.]+)\\textwidth", text)]
    assert sum(shares) <= 1.0001
    body = text.partition(r"\midrule")[2].partition(r"\bottomrule")[0]
    rows = [line for line in body.splitlines() if line.endswith(r"\\")]
    assert len(rows) == 2
    assert all(row.count("&") == len(shares) - 1 for row in rows)
    assert r"200/200 [0.981, 1] & 0/200 [0, 0.019]" in rows[0]
    # A column has room for its longest piece, at 0.85 mm a letter of this size.
    for share, column in zip(shares, zip(*(row.split("&") for row in rows), strict=True), strict=True):
        pieces = [piece for entry in column for piece in re.split(r"\\hspace\{0pt\}| ", entry)]
        assert max(len(re.sub(r"\\(?=[_$%&])|\\\\", "", piece)) for piece in pieces) <= share * 178 / 1.5


def test_figures_have_the_width_of_a_column_and_truetype_fonts(summary: Any) -> None:
    drawn = pictures(summary)[:1]
    ((name, caption, body),) = paper_figures(drawn)
    assert drawn[0].panels[0].figure.get_size_inches()[0] == pytest.approx(COLUMN)
    assert b"/Type3" not in body
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+)", body)
    assert box is not None
    assert float(box[1]) == pytest.approx(8.5 / 2.54 * 72, abs=0.5)
    assert f"{{{name}.pdf}}" in paper_document("", [(name, caption)])


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_the_document_compiles_without_a_box_that_is_too_wide(summary: Any, tmp_path: Path) -> None:
    figures = paper_figures(pictures(summary)[:1])
    for name, _, body in figures:
        (tmp_path / f"{name}.pdf").write_bytes(body)
    (tmp_path / "paper.tex").write_text(
        paper_document(paper_table(summary), [(name, caption) for name, caption, _ in figures])
    )
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "paper.tex"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", done.stdout)]
    assert [points for points in wide if points > 1] == []
