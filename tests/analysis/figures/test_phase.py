"""Two numbers that vary make a map, with the theorem's line on it; what is no grid is left to the other figures."""

from typing import Any

import pytest

from analysis.figures.gallery import pictures
from analysis.figures.phase import phase
from analysis.summary.series import grids, ungridded


@pytest.fixture(scope="module")
def table() -> list[tuple[int, int]]:
    """The places of a grid of 5 × 6 cells: e, and the digits read."""
    return [(e, bits) for e in range(3, 8) for bits in range(2, 8)]


def summary_of(tables: Any, places: list[tuple[int, int]], **more: Any) -> Any:
    """Return a summary of cells that are always right where more than e digits are read, and half right elsewhere."""
    cells, patterns = [], []
    for number, (e, bits) in enumerate(places):
        given = {
            "parameters": {"exponent": e, "hidden": (8,)},
            "algorithm_parameters": {"bits": bits},
            **more,
        }
        name = {"algorithm": f"reader[bits={bits}]", "algorithm_name": "reader", "role": "baseline"}
        cells.append(tables.cell(cell=number, planned=8, coupling_depth=e, **name, **given))
        if bits > e:
            right = ("accepted", "accepted")
            patterns.append(tables.pattern(cell=number, shared=False, verdicts=right, count=8))
        else:
            patterns.append(tables.pattern(cell=number, count=4))
            patterns.append(tables.pattern(cell=number, verdicts=("rejected", "accepted"), count=4))
    return tables.summarise(cells, patterns)


def test_a_grid_is_drawn_once_with_its_line(tables: Any, table: list[tuple[int, int]]) -> None:
    summary = summary_of(tables, table)
    (grid,) = grids(summary["cells"])
    assert (grid.across, grid.up) == ("e, the inputs differing by 2⁻ᵉ", "bits of reader")
    assert grid.values == (list(range(3, 8)), list(range(2, 8)))
    assert ungridded(summary["cells"]) == []
    (panel,) = phase(summary)
    free = sum(bits > e for e, bits in table)
    assert f"Without a bound below 1 {free}/{free} have at least 3/4" in panel.alternative
    assert f"With one 0/{30 - free} have" in panel.alternative
    area = panel.figure.axes[0]
    sides = {tuple(zip(*line.get_data(), strict=True)) for line in area.get_lines()}
    # Between bits ≤ e and bits > e: one side above each column's last bounded cell, one beside it.
    expected = {((e - 0.5, e + 0.5), (e + 0.5, e + 0.5)) for e in range(3, 7)}
    assert {
        ((xs[0], xs[1]), (ys[0], ys[1])) for (xs, ys) in (zip(*side, strict=True) for side in sides)
    } >= expected
    assert len(sides) == 4 + 4
    names = [picture.name for picture in pictures(summary)]
    assert "phase" in names
    assert "fall" not in names


def test_what_is_no_grid_is_left_to_the_curves(tables: Any, table: list[tuple[int, int]]) -> None:
    assert grids(summary_of(tables, [place for place in table if place[1] < 6])["cells"]) == []
    assert grids(summary_of(tables, [(5, bits) for bits in range(2, 8)])["cells"]) == []
    uneven = summary_of(tables, table)
    uneven["cells"][0]["algorithm_parameters"] = {}
    assert grids(uneven["cells"]) == []
    mixed = summary_of(tables, table)
    mixed["cells"][0]["parameters"]["hidden"] = [9]
    assert grids(mixed["cells"]) == []
    assert ungridded(mixed["cells"]) == mixed["cells"]
