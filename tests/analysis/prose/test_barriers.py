"""What is said of the place where success falls: an interval that would hold any prediction confirms none."""

from typing import Any

import pytest

from analysis.prose.rule_findings import barriers

THEORY = 53
FOUND = "Barriers: the exact 95% interval of the place where success falls holds the place that Theorem 1 predicts in "
LATEST = "; the theorem says where it must fall at the latest"


def said(*ends: tuple[int | None, int | None]) -> list[str]:
    entries = [{"above": low, "at_most": high, "theory": THEORY, "symbol": "e"} for low, high in ends]
    summary: Any = {"barriers": entries}
    return barriers(summary)


@pytest.mark.parametrize(
    ("ends", "tail"),
    [
        ((52, 53), "1 of 1 series along e."),
        ((52, 54), "1 of 1 series along e."),
        ((53, 54), "0 of 1 series along e (1 later)."),
        ((50, 52), f"0 of 1 series along e (1 fall earlier){LATEST}."),
        ((53, None), "0 of 1 series along e (1 later)."),
        ((None, 52), f"0 of 1 series along e (1 fall earlier){LATEST}."),
    ],
)
def test_a_series_holds_its_prediction_or_excludes_it(ends: tuple[int | None, int | None], tail: str) -> None:
    assert said(ends) == [FOUND + tail]


@pytest.mark.parametrize("ends", [(None, None), (52, None), (None, 53)])
def test_an_open_end_confirms_nothing(ends: tuple[int | None, int | None]) -> None:
    assert said(ends) == []
    assert said((52, 53), ends) == [
        FOUND
        + "1 of 1 series along e. Left out: 1 series that would hold any, with an interval that has an open end."
    ]
