"""The report's other forms hold the same content, and take names and error texts for data."""

import csv
import io
import re
from typing import Any

import pytest

from analysis.figures.gallery import pictures
from analysis.figures.svg import to_bytes
from analysis.report.exports import comma_separated, markdown, to_markdown
from analysis.report.latex import latex
from analysis.report.latex_text import to_latex
from analysis.report.page import fragment
from analysis.report.sections import TABLES
from analysis.tables.table import Entry, Table

EVIL = "<script>_a_&%|$x^2\\</script>"


@pytest.fixture
def summary(tables: Any) -> dict[str, Any]:
    cells, patterns = [], []
    for e in range(51, 57):
        cells.append(tables.cell(cell=e, parameters={"exponent": e}, algorithm=EVIL, algorithm_name=EVIL))
        verdicts = ("accepted", "accepted" if e < 53 else "rejected")
        patterns.append(tables.pattern(cell=e, shared=e >= 53, verdicts=verdicts))
    rules = {"until": "decided", "cap": 900, "against": None, "stopped": "below"}
    cells.append(tables.cell(cell=1, algorithm="stopped", **rules))
    patterns.append(tables.pattern(cell=1))
    failures = [{"cell": 51, "trial": 0, "input": "1", "status": "error", "note": f"| {EVIL}\nsecond line"}]
    found: dict[str, Any] = tables.summarise(
        cells, patterns, failures, {"name": "x"}, {"command": ["a", "b c"]}
    )
    return found


def test_markdown_holds_every_part_and_no_markup_of_names(summary: dict[str, Any]) -> None:
    text = markdown(summary, pictures(summary))
    titles = ["Findings", "Figures", "Cells", "Barriers", "Stopped early", "Statuses and failures", "Methods"]
    assert [title for title in titles if f"## {title}" not in text] == []
    assert "<script>" not in text
    assert "\\<script\\>" in text
    assert "(figures/fall.svg)" in text
    headline, _, rest = text.partition("## Findings")
    assert [sentence for sentence in summary["headline"] if to_markdown(sentence) not in headline] == []
    assert summary["headline"]
    assert "The bound:" in rest
    assert "    a 'b c'" in text
    for line in text.splitlines():
        if line.startswith("| ") and "stopped" in line and "under" not in line:
            assert line.replace("\\|", "").count("|") > 5
    assert to_markdown("a\nb | *c*") == "a b \\| \\*c\\*"


@pytest.mark.parametrize("description", ["", "What was run."])
def test_markdown_parts_stand_one_line_apart(summary: dict[str, Any], description: str) -> None:
    described = {**summary, "experiment": {"name": "x", "description": description}}
    for found in (described, {**described, "findings": []}, {**described, "provenance": {}}):
        for drawn in (pictures(found), []):
            lines = markdown(found, drawn).splitlines()
            blank = [at for at, line in enumerate(lines) if not line]
            assert [at for at in blank if at + 1 in blank] == []
            for at, line in enumerate(lines):
                if line.startswith("#"):
                    assert at == 0 or not lines[at - 1]
                    assert not lines[at + 1]


def test_latex_tables_have_a_cell_for_each_column_and_no_active_character(summary: dict[str, Any]) -> None:
    seen = 0
    for _, _, make in TABLES:
        for table in make(summary):
            text = latex(table)
            body = text.split("\\endhead\n")[1].split("\n\\bottomrule")[0].splitlines()
            assert len(body) == len(table.rows)
            for line in body:
                assert line.replace("\\&", "").count("&") == len(table.headings) - 1
                assert line.endswith("\\\\")
            seen += len(body)
            assert "<script>" not in text
    assert seen > 10
    assert to_latex("50% of a_b ≤ ½") == "50\\% of a\\_b $\\le$ $\\frac{1}{2}$"
    assert to_latex("\\") == "\\textbackslash{}"


def test_a_latex_table_is_no_wider_than_its_page() -> None:
    narrow = Table("t", "", "", ["a", "b"], [[Entry("one", 1), Entry("two", 2)]])
    assert "\\begin{longtable}{ll}" in latex(narrow)
    assert "landscape" not in latex(narrow).split("\n", 1)[1]
    long = Entry("many words " * 20 + "end", 1, "[0.1, 0.25]")
    text = latex(Table("t", "", "", ["a", "b", "c"], [[long, Entry("a" * 30, 2), Entry("x", 3)]]))
    assert "many words end\\newline [0.1,~0.25] & " in text
    shares = [float(share) for share in re.findall(r"\\dimexpr ([\d.]+)\\linewidth", text)]
    assert sum(shares) == pytest.approx(1, abs=1e-3)
    # What can be broken gives way to what cannot.
    assert shares[1] > 30 / 150
    assert shares[0] > shares[1] > shares[2]
    assert text.count("\\begin{landscape}") == text.count("\\end{landscape}") == 1


def test_csv_holds_every_number_in_full(summary: dict[str, Any]) -> None:
    rows = list(csv.DictReader(io.StringIO(comma_separated(summary["cells"]))))
    assert len(rows) == len(summary["cells"])
    for row, cell in zip(rows, summary["cells"], strict=True):
        assert row["algorithm"] == cell["algorithm"]
        assert float(row["smallest.low"]) == cell["smallest"]["interval"][0]
        assert float(row["by_input.1.rate"]) == cell["by_input"]["1"]["rate"]
    assert comma_separated([]) == "\n"


def test_figures_are_files_of_each_form_and_the_same_every_time(summary: dict[str, Any]) -> None:
    panel = pictures(summary)[0].panels[0]
    starts = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}
    for form, start in starts.items():
        body = to_bytes(panel.figure, form)
        assert body.startswith(start)
        assert body == to_bytes(panel.figure, form)
    with pytest.raises(ValueError, match=r"form='gif' is no form of figures"):
        to_bytes(panel.figure, "gif")


def test_a_notebook_shows_findings_figures_and_cells_without_script(summary: dict[str, Any]) -> None:
    text = fragment(summary)
    assert text.startswith('<div class="onehalf">')
    assert "<script" not in text
    assert text.count("<svg") == sum(len(picture.panels) for picture in pictures(summary))
    assert "200/200" in text
    assert text.index(to_markdown(summary["headline"][1])) < text.index("<svg")


def test_a_cell_with_a_rule_has_sequential_numbers(summary: dict[str, Any]) -> None:
    cell = next(cell for cell in summary["cells"] if cell["cell"] == 1)
    assert cell["interval_method"] == "anytime"
    assert cell["attained"] is None
    assert cell["sequential"]["stopped"] == "below"
    assert cell["sequential"]["log_e_below"] > 4.6
    low, high = cell["by_input"]["1"]["interval"]
    # A confidence sequence is wider than the interval for a number of trials that was fixed.
    assert low < 0.9816
    assert high == 1.0


def test_findings_say_where_success_falls_and_how_rules_ended(summary: dict[str, Any]) -> None:
    texts = {item["kind"]: item["text"] for item in summary["findings"]}
    assert texts["barriers"] == (
        "Barriers: the exact 95% interval of the place where success falls holds the place that Theorem 1 predicts "
        "in 1 of 1 series along e."
    )
    assert texts["stopped"] == (
        "Stopped early: the one cell with a stopping rule was decided below 1/2, after 200 of at most 900 trials."
    )
