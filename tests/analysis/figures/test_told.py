"""What is said of a figure is true of its curves, counted again from the trials."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from analysis.figures.along import fall_caption, fall_told
from analysis.figures.depth import depth
from analysis.figures.together import abreast, bounds_of
from analysis.summary.series import series, ungridded
from tests.analysis.conftest import Tables
from tests.analysis.prose.checkers import ceiling
from tests.analysis.prose.experiments import experiments, falling
from tests.analysis.prose.store import Raw
from tests.analysis.prose.test_methods import summary_of


def lines_of(raw: Raw, labels: Sequence[tuple[str, ...]]) -> list[list[int]]:
    """The cells of each curve that is drawn, by e."""
    found: dict[tuple[str, ...], list[int]] = {key: [] for key in labels}
    for at in raw.numbers:
        cell = raw.cells[at]
        for key in found:
            if raw.trials[at] and key == (
                cell["family"],
                cell["oracle"],
                cell["algorithm"],
                str(raw.value(at, "demand")),
            ):
                found[key].append(at)
    return [sorted(cells, key=lambda at: (raw.value(at, "closeness"), at)) for cells in found.values()]


def told_true(raw: Raw, lines: Sequence[Sequence[int]], told: str) -> bool:
    """As many curves as is said are above 3/4 at their first e, and at most 3/4 first at an e within what is named."""
    ends = []
    for line in lines:
        low = [at for at in line if 4 * raw.worst(at) <= 3 * raw.recorded(at)]
        if low and low[0] != line[0]:
            ends.append(raw.value(low[0], "closeness"))
    if " none of " in told:
        return not ends and re.findall(r"none of (\d+)", told) == [str(len(lines))]
    said = re.fullmatch(r"(\d+) of (\d+) curves? falls? .* first at e = (\d+)(?: to (\d+))?\.", told)
    return (
        said is not None
        and bool(ends)
        and (int(said[1]), int(said[2]), int(said[3]), int(said[4] or said[3]))
        == (len(ends), len(lines), min(ends), max(ends))
    )


@given(st.one_of(experiments(), falling()))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_what_is_said_of_falling_curves_and_their_bound_is_true(raw: Raw) -> None:
    summary = summary_of(raw)
    drawn = abreast(series(ungridded(summary["cells"]), "closeness", least=3))
    assume(drawn)
    fixed = [re.sub(r".* = ", "", line.fixed) for line in drawn]
    keys = [(line.family, line.oracle, line.algorithm, rest) for line, rest in zip(drawn, fixed, strict=True)]
    lines = lines_of(raw, keys)
    _, told = fall_told(summary, 1)
    assert told_true(raw, lines, told)
    more = re.sub(r"\d+(?= of)|(?<=none of )\d+", lambda found: str(int(found[0]) + 1), told)
    assert not told_true(raw, lines, more)
    highest: dict[int, float] = {}
    for line in lines:
        for at in line:
            bound = ceiling(raw, at) if raw.bounded(at) else 1.0
            e = raw.value(at, "closeness")
            highest[e] = max(highest.get(e, 0.0), bound)
    assert bounds_of(drawn) == pytest.approx(highest)
    assert "largest of theirs" in fall_caption(summary)


def test_readers_of_random_depth_are_drawn_where_the_line_is_their_bound(tables: type[Tables]) -> None:
    """With the limit as a member the bound is another, for Theorem 3 above the line."""
    reader = {"over_reading_exact": 0.5, "algorithm": "r", "algorithm_name": "r", "limit": ""}
    limited = {"inputs": ("0", "1", "2"), "limit": "0", "theorem": "3"}
    three = {"inputs": ("1", "2", "3"), "exclusive": ("1", "2", "3")}
    cells = [
        tables.cell(cell=0, **reader),
        tables.cell(cell=1, **{**reader, **limited}),
        tables.cell(cell=2, **reader, **three),
    ]
    patterns = [
        tables.pattern(
            cell=at, statuses=("halted",) * n, verdicts=("accepted",) * n, claims=(None,) * n, count=count
        )
        for at, (n, count) in enumerate(((2, 7), (3, 8), (3, 9)))
    ]
    (panel,) = depth(tables.summarise(cells, patterns))
    assert "7/7" in panel.alternative
    assert "8/8" not in panel.alternative
    assert "9/9" not in panel.alternative
    assert depth(tables.summarise(cells[1:2], patterns[1:2])) == []
