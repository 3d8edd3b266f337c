"""Algorithms compared on the same input: exact McNemar tests, adjusted for their number."""

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.statistics.bound_test import benjamini_hochberg, holm
from analysis.statistics.paired import mcnemar
from analysis.summary.schema import ComparisonEntry


def comparisons(pairs: Iterable[Mapping[str, Any]]) -> list[ComparisonEntry]:
    """The tests of all pairs of cells, with p-values adjusted across them.

    Parameters
    ----------
    pairs
        One row for each two cells and input: ``first`` and ``second`` (their numbers), ``input``, and of the trials
        with the same number how many succeeded in ``both``, ``only_first``, ``only_second`` and ``neither``.

    Returns
    -------
    list of dict
        The rows with ``p_value`` (exact McNemar), ``p_holm`` and ``p_bh``.
    """
    rows = list(pairs)
    p_values = [mcnemar(int(row["only_first"]), int(row["only_second"])).p_value for row in rows]
    adjusted = zip(rows, p_values, holm(p_values), benjamini_hochberg(p_values), strict=True)
    return [
        {
            "first": int(row["first"]),
            "second": int(row["second"]),
            "input": row["input"],
            "both": int(row["both"]),
            "only_first": int(row["only_first"]),
            "only_second": int(row["only_second"]),
            "neither": int(row["neither"]),
            "p_value": p,
            "p_holm": h,
            "p_bh": b,
        }
        for row, p, h, b in adjusted
    ]
