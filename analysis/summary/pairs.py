"""Coupled trials on two inputs as plain data: how many succeeded on both, and what that says of sum and average."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis.statistics.estimates import Estimate
from analysis.statistics.intervals import Method
from analysis.statistics.paired import average_of_pair, sum_of_pair
from analysis.summary.schema import PairEntry, RateEntry


def _plain(estimate: Estimate) -> RateEntry:
    return {"rate": estimate.rate, "interval": estimate.interval}


def pair_entry(
    rows: Iterable[Mapping[str, Any]], inputs: Sequence[str], exclusive: Sequence[str], method: Method
) -> PairEntry | None:
    """What the summary says of two inputs together; None where not exactly two are compared.

    Returns
    -------
    dict
        ``inputs``, the trials that succeeded on ``both``, ``one`` and ``neither``, and ``sum`` (p_1 + p_2) and
        ``average`` (success when a fair coin chooses the truth), each with ``rate`` and ``interval``.
    """
    pair = list(exclusive or inputs)
    if len(pair) != 2:
        return None
    counts = [0, 0, 0]
    for row in rows:
        accepted = {n for n, verdict in zip(inputs, row["verdicts"], strict=True) if verdict == "accepted"}
        counts[len(accepted & set(pair))] += int(row["count"])
    neither, one, both = counts
    given = one + both, both, sum(counts)
    return {
        "inputs": pair,
        "both": both,
        "one": one,
        "neither": neither,
        "sum": _plain(sum_of_pair(*given, method=method)),
        "average": _plain(average_of_pair(*given, method=method)),
    }
