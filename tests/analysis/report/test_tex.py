"""No character reaches LaTeX that it cannot print: neither those of the report's own texts nor a user's."""

import ast
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from analysis.report.latex import latex
from analysis.report.latex_text import to_latex
from analysis.report.sections import TABLES

HOME = Path(__file__).resolve().parents[3]
SOURCES = sorted([*(HOME / "analysis").rglob("*.py"), *(HOME / "onehalf" / "families").rglob("report/*.py")])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("at most α", r"at most $\alpha$"),
        ("E ≥ 1/α ∈ Λ", r"E $\ge$ 1/$\alpha$ $\in$ $\Lambda$"),
        ("2⁻⁴⁰ x₁ ½", r"2$^{-}$$^{4}$$^{0}$ x$_{1}$ $\frac{1}{2}$"),
        ("Büchi, Vlačić", r"B\"{u}chi, Vla\v{c}i\'{c}"),
        ("Bu\u0308chi", r"B\"{u}chi"),
        ("a\u00a0b\nc", "a b c"),
        ("中 🙂 \u0302 \x07", "[U+4E2D] [U+1F642] [U+0302] [U+0007]"),
        ('"x"', r"{\char34}x{\char34}"),
    ],
)
def test_characters(text: str, written: str) -> None:
    assert to_latex(text) == written


def test_every_character_of_the_analysis_has_a_command() -> None:
    """Captions, headers and notes are made of literals of these modules."""
    literals = {
        mark
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for mark in node.value
        if mark.isprintable() and not unicodedata.combining(mark)
    }
    assert len(literals) > 100
    assert {"α", "β", "∞"} <= literals
    assert [mark for mark in literals if "[U+" in to_latex(mark)] == []


def test_tables_of_every_kind_are_ascii(tables: Any) -> None:
    cells, patterns = [], []
    for e in range(51, 57):
        for at, name in enumerate(("adam", "ναμε ∘ 中")):
            index, names = 10 * at + e, {"algorithm": name, "algorithm_name": name}
            cells.append(tables.cell(cell=index, parameters={"exponent": e}, **names))
            verdicts = ("accepted", "accepted" if e < 53 else "rejected")
            patterns.append(tables.pattern(cell=index, shared=e >= 53, verdicts=verdicts))
    rules = {"until": "decided", "cap": 900, "against": None, "stopped": "below"}
    cells.append(tables.cell(cell=1, algorithm="stopped", **rules))
    patterns.append(tables.pattern(cell=1))
    pair = {
        "first": 51,
        "second": 61,
        "input": "1",
        "both": 9,
        "only_first": 1,
        "only_second": 0,
        "neither": 0,
    }
    found = tables.summarise(cells, patterns)
    found["comparisons"] = [{**pair, "p_value": 1.0, "p_holm": 1.0, "p_bh": 1.0}]
    for name, _, make in TABLES:
        written = [latex(table) for table in make(found)]
        assert written, name
        for text in written:
            assert text.isascii(), name
