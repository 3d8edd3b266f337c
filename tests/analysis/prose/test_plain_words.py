"""Sentences that stand near each other say what they count, and claim no more than few trials show."""

from typing import Any

import pytest

from analysis.figures.gallery import pictures
from analysis.figures.top import key_pictures
from analysis.prose.findings import beyond_headline
from analysis.summary.provenance import size

RULES = {"until": "decided", "against": None, "cap": 60}
APART = {"shared": False, "verdicts": ("accepted", "accepted")}


def texts(summary: dict[str, Any]) -> dict[str, str]:
    return {item["kind"]: item["text"] for item in summary["findings"]}


def test_what_was_decided_is_told_with_its_number_and_reason(tables: Any) -> None:
    cells = [tables.cell(cell=n, planned=23, stopped="above", **RULES) for n in range(2)]
    cells += [tables.cell(cell=2, planned=30, stopped="below", **RULES)]
    cells += [tables.cell(cell=3, planned=60, stopped=None, **RULES)]
    patterns = [tables.pattern(cell=n, count=23, **APART) for n in range(2)]
    patterns += [tables.pattern(cell=2, count=30), tables.pattern(cell=3, count=60)]
    found = tables.summarise(cells, patterns)
    assert texts(found)["stopped"] == (
        "Stopped early: of 4 cells with a stopping rule 2 were decided above 1/2 (inputs told apart), 1 was decided "
        "below 1/2 and 1 ran to the cap, after 136 of at most 240 trials."
    )
    assert size(found) == (
        "Planned: 4 cells with at most 60 trials each, 240 in all; run: 136, as a rule stopped 3 cells early."
    )
    partly = [tables.pattern(cell=0, count=20, **APART), tables.pattern(cell=0, count=3)]
    told = texts(tables.summarise(cells, [*partly, *patterns[1:]]))
    assert "2 were decided above 1/2 (inputs told apart in all trials or some)" in told["stopped"]
    assert (
        "in none of the 4 cells with mutually exclusive inputs is success significantly above the cell's own"
        in (told["bound"])
    )
    found = tables.summarise([tables.cell(planned=1)], [tables.pattern(count=1)])
    assert size(found) == "Planned: 1 cell with 1 trial each, 1 in all."


def test_controls_without_output_are_left_out_and_told(tables: Any) -> None:
    cells = [tables.cell(cell=n, algorithm=f"a{n}") for n in range(3)]
    silent = {"statuses": ("no_halt", "no_halt"), "verdicts": (None, None), "shared": False}
    patterns = [
        tables.pattern(cell=0, **APART),
        tables.pattern(cell=1, shared=False),
        tables.pattern(cell=2, **silent),
    ]
    told = texts(tables.summarise(cells, patterns))["controls"]
    assert told.endswith(
        "1 of 2 cells succeed in every trial on every input; not so, least first: a1 under decoy at e = 53 (0/200); "
        "left out: 1 cell in which no trial gave an output."
    )
    assert "controls" not in texts(tables.summarise(cells[2:], patterns[2:]))


def test_points_are_counted_as_points_and_algorithms_without_parameters(tables: Any) -> None:
    cells = [
        tables.cell(
            cell=n, algorithm=f"reader[bits={n}]", algorithm_name="reader", algorithm_parameters={"bits": n}
        )
        for n in range(3)
    ]
    found = tables.summarise(cells, [tables.pattern(cell=n) for n in range(3)])
    assert "and reader was right on its worst input" in found["headline"][0]
    (key,) = key_pictures(found, pictures(found))
    assert key.told.startswith("None of 3 points is above")


@pytest.mark.parametrize(("trials", "few"), [(3, True), (200, False)])
def test_few_trials_only_agree_with_the_theorem(tables: Any, trials: int, few: bool) -> None:
    pattern = tables.pattern(count=trials, claims=(None, None))
    first = tables.summarise([tables.cell(planned=trials)], [pattern])["headline"][0]
    if few:
        assert first == (
            "Networks provably exist, yet no algorithm that reads only what two inputs share finds them on the worse "
            "one with probability above 1/2 (a theorem); the few trials agree: of 3 answers given to two inputs that "
            "look alike none was right on both, and adam was right on its worst input in 0 of 3 trials, 95% interval "
            "[0, 0.768]."
        )
    else:
        assert "(a theorem): of 200 answers" in first


def test_the_one_cell_and_nothing_twice_on_the_terminal(tables: Any) -> None:
    pattern = tables.pattern(count=100), tables.pattern(verdicts=("rejected", "accepted"), count=100)
    found = tables.summarise([tables.cell()], list(pattern))
    assert texts(found)["attained"] == (
        "The best: adam under decoy at e = 53, the one cell that never read past the coupling (bound 1/2): 100/200 on "
        "ι¹ and ι²."
    )
    assert "exit_flags" in texts(found)
    shown = [*found["headline"], *beyond_headline(found)]
    assert sum("were reported as converged" in text for text in shown) == 1
    assert sum("nothing here shows" in text.lower() for text in shown) == 1
    assert len(beyond_headline(found)) == len(found["findings"]) - 2
