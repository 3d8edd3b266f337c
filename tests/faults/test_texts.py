"""No text of an algorithm, a parameter or a file moves a terminal, breaks a line of a table or is a formula."""

import csv
import io

import pytest

import onehalf as oh
from analysis.report.exports import comma_separated
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.plan.texts import require_printable
from onehalf.streams import _beside_a_bar, spelled
from oracle.errors import InvalidValue

NASTY = ("\x1b[31mred", "a\x00b", "two\nlines", "\u202egnp.exe", "\x9b2J", "a\u2028b", "\ud800")


@pytest.mark.parametrize("text", NASTY)
def test_control_characters_are_refused_when_planned(text: str) -> None:
    cells = tuple(cells_of([oh.AlternatingTraining()], ["decoy"], ["coin-flip"], 5, group="a group"))
    assert Experiment("é ∞ 名", 1, cells).name == "é ∞ 名"
    with pytest.raises(InvalidValue, match="control character U\\+"):
        Experiment(text, 1, cells)
    with pytest.raises(InvalidValue, match="control character U\\+"):
        require_printable("parameters", {"inner": [1, {"deep": text}]})


def test_a_terminal_is_shown_text_alone() -> None:
    assert spelled("\x1b[2J\ttab\nline \u202e\x00") == "\\u001b[2J\ttab\nline \\u202e\\u0000"
    assert _beside_a_bar("\r 5%\x1b[A\x1b[31m") == "\r 5%\x1b[A\\u001b[31m"


def test_no_cell_of_a_table_is_a_formula() -> None:
    rows = [{"name": "=cmd|' /C calc'!A0", "note": "-2+3", "margin": -0.5, "other": "@SUM(1)\x1b", "n": None}]
    assert list(csv.DictReader(io.StringIO(comma_separated(rows)))) == [
        {
            "name": "'=cmd|' /C calc'!A0",
            "note": "'-2+3",
            "margin": "-0.5",
            "other": "'@SUM(1)\\u001b",
            "n": "",
        }
    ]
