"""What limits a cell whose inputs converge to a member ι⁰: Theorems 2 and 3 in a form that counts can be held against.

With the same coins, a run whose answers were the same on all inputs is one run. So in N coupled trials the proofs
lose nothing but the trials of one event, whose probability u tends to 0 as the inputs approach ι⁰ while the algorithm
stays as it is:

- Theorem 2: the run told the inputs apart and was right on ι⁰ all the same, or it did not and was right both on ι⁰
  and on another input. Then min(p_0, p_j) ≤ (1 + u)/2 (Remark 2a).
- Theorem 3: the run told the inputs apart and halted on ι⁰ all the same. Elsewhere the k successes sum to at most 1
  where it halts and to at most k where it does not, so Σ_j p_j ≤ (h − u) + k(1 − h + u), h = p_0, and the smallest of
  p_0, p_1, …, p_k is at most (k + (k − 1)u)/(2k − 1).
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

Share = TypeVar("Share", float, Fraction)


def bound_value(theorem: str, exclusive: int, share: Share) -> Share:
    """The largest smallest success probability where the event the proof must except has probability `share`.

    Parameters
    ----------
    theorem
        "1", "2" or "3"; anything else does not limit.
    exclusive
        Number k of coupled inputs, without ι⁰, whose acceptable sets are pairwise disjoint.
    share
        Theorem 1: the over-reading probability t; Theorems 2 and 3: u as above; at most 1. A float, or a Fraction
        for an exact value.
    """
    if theorem == "2":
        return (1 + share) / 2
    if theorem == "3":
        return (exclusive + (exclusive - 1) * share) / (2 * exclusive - 1)
    return (1 + (exclusive - 1) * share) / exclusive if exclusive >= 2 else type(share)(1)


def _trials(
    rows: Iterable[Mapping[str, Any]], inputs: Sequence[str]
) -> list[tuple[int, bool, set[str], set[str]]]:
    """Count, shared, inputs on which it was accepted, inputs on which it halted; for each joint outcome."""
    found = []
    for row in rows:
        accepted = {n for n, verdict in zip(inputs, row["verdicts"], strict=True) if verdict == "accepted"}
        halted = {n for n, status in zip(inputs, row["statuses"], strict=True) if status == "halted"}
        found.append((int(row["count"]), bool(row["shared"]), accepted, halted))
    return found


def spent(
    rows: Iterable[Mapping[str, Any]],
    inputs: Sequence[str],
    exclusive: Sequence[str],
    limit: str,
    theorem: str,
) -> int:
    """Number of trials in the event that the proof of Theorem 2 or 3 must except."""
    total = 0
    for number, shared, accepted, halted in _trials(rows, inputs):
        if theorem == "3":
            counted = not shared and limit in halted
        else:
            counted = limit in accepted and (not shared or bool(accepted & set(exclusive)))
        total += number if counted else 0
    return total


def _sum(rows: Iterable[Mapping[str, Any]], inputs: Sequence[str], first: str, second: str) -> dict[str, Any]:
    """p_first + p_second: the share of trials right on either plus the share right on both, from coupled trials.

    The interval is the sum of two Clopper–Pearson intervals at half the error each; where no trial is right on both
    this uses that one run served both, and is far narrower than what the two inputs would give one by one.
    """
    from analysis.statistics.estimates import (
        CONFIDENCE,
        clopper_pearson,
    )  # SciPy's statistics: a second to import

    trials = _trials(rows, inputs)
    of = sum(number for number, _, _, _ in trials)
    either = sum(number for number, _, accepted, _ in trials if accepted & {first, second})
    both = sum(number for number, _, accepted, _ in trials if {first, second} <= accepted)
    level = 1 - (1 - CONFIDENCE) / 2
    parts = [clopper_pearson(count, of, level) for count in (either, both)]
    ends = [sum(part.low for part in parts), sum(part.high for part in parts)]
    return {"rate": (either + both) / of if of else None, "interval": [ends[0], min(2.0, ends[1])]}


def universal_entry(
    rows: Sequence[Mapping[str, Any]],
    inputs: Sequence[str],
    exclusive: Sequence[str],
    limit: str,
    theorem: str,
) -> dict[str, Any] | None:
    """What the summary says of a cell in which ι⁰ is a member; None for any other cell.

    Returns
    -------
    dict
        ``limit`` (the name of ι⁰), ``halting`` (by input, the share of trials that halted there), ``sums`` (by
        exclusive input j, p_0 + p_j), ``spent`` (the event of this module's description) and ``ceiling`` (the
        theorem's bound, which needs no measurement: 1/2 or k/(2k − 1)).
    """
    from analysis.statistics.estimates import clopper_pearson

    if not limit:
        return None
    trials = _trials(rows, inputs)
    of = sum(number for number, _, _, _ in trials)

    def share(count: int) -> dict[str, Any]:
        estimate = clopper_pearson(count, of)
        return {"count": count, "of": of, "rate": estimate.rate, "interval": estimate.interval}

    halting = {name: sum(number for number, _, _, halted in trials if name in halted) for name in inputs}
    return {
        "limit": limit,
        "halting": {name: share(count) for name, count in halting.items()},
        "sums": {name: _sum(rows, inputs, limit, name) for name in exclusive},
        "spent": share(spent(rows, inputs, exclusive, limit, theorem)),
        "ceiling": bound_value(theorem, len(exclusive), 0.0),
    }
