"""What an algorithm does where inputs were told apart is told before its failures are read as the bound's."""

from typing import Any

import pytest

APART = {"shared": False, "claims": (None, None)}


def told(tables: Any, right: int | None) -> tuple[str, list[str]]:
    """The competence finding and the headline, with trials right of 20 where the inputs were told apart."""
    cells = [tables.cell(planned=20)]
    patterns = [tables.pattern(count=20)]
    if right is not None:
        cells.append(tables.cell(cell=1, planned=20, parameters={"exponent": 20}))
        patterns += [
            tables.pattern(cell=1, count=n, verdicts=(kind, kind), **APART)
            for n, kind in ((right, "accepted"), (20 - right, "rejected"))
            if n
        ]
    summary = tables.summarise(cells, patterns)
    finding = next(item["text"] for item in summary["findings"] if item["kind"] == "competence")
    return finding, summary["headline"]


def test_a_trainer_that_cannot_learn_is_named_first(tables: Any) -> None:
    finding, headline = told(tables, 0)
    assert headline[0].startswith(
        "Not competent: also where every trial told the inputs apart, adam (0 of 20 trials)"
    )
    assert (
        "adam (at best 0 of 20 trials); its failures are its own and say nothing about the bound" in finding
    )


@pytest.mark.parametrize(("right", "able"), [(10, False), (11, True), (20, True)])
def test_more_than_half_of_the_trials_are_asked_for(tables: Any, right: int, able: bool) -> None:
    finding, headline = told(tables, right)
    assert ("Not competent" in headline[0]) is not able
    assert finding.startswith("Competence: adam is right on every input") is able


def test_where_nothing_was_told_apart_nothing_is_shown(tables: Any) -> None:
    finding, headline = told(tables, None)
    assert "nothing here shows whether right answers could be expected of adam" in finding
    assert headline[-1].startswith("Nothing here shows")
