"""Algorithms compared on the same input: exact McNemar tests, adjusted for their number."""

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.statistics.bound_test import benjamini_hochberg, holm
from analysis.statistics.paired import mcnemar

PAIR_COLUMNS = ("first", "second", "input", "both", "only_first", "only_second", "neither")


def comparisons(pairs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The tests of all pairs of cells, with p-values adjusted across them.

    Parameters
    ----------
    pairs
        One row for each two cells and input: `PAIR_COLUMNS`, the first two the cells' numbers, the last four numbers of
        trials with the same trial number.

    Returns
    -------
    list of dict
        The rows with ``p_value`` (exact McNemar), ``p_holm`` and ``p_bh``.
    """
    rows = [
        {name: row[name] if name == "input" else int(row[name]) for name in PAIR_COLUMNS} for row in pairs
    ]
    p_values = [mcnemar(row["only_first"], row["only_second"]).p_value for row in rows]
    adjusted = zip(rows, p_values, holm(p_values), benjamini_hochberg(p_values), strict=True)
    return [{**row, "p_value": p, "p_holm": h, "p_bh": b} for row, p, h, b in adjusted]
