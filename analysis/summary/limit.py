"""What limits a cell whose inputs converge to a member ι⁰: Theorems 2 and 3 in a form that counts can be held against.

With the same coins, a run whose answers were the same on all inputs is one run. So in N coupled trials the proofs
lose nothing but the trials of one event, whose probability u tends to 0 as the inputs approach ι⁰ while the algorithm
stays as it is:

- Theorem 2: the run told the inputs apart and was right on ι⁰ all the same, or it did not and was right both on ι⁰
  and on another input. Then min(p_0, p_j) ≤ (1 + u)/2 (Remark 2a).
- Theorem 3: the run told the inputs apart and halted on ι⁰ all the same. Elsewhere the k successes sum to at most 1
  where it halts and to at most k where it does not, so Σ_j p_j ≤ (h − u) + k(1 − h + u), h = p_0, and the smallest of
  p_0, p_1, …, p_k is at most (k + (k − 1)u)/(2k − 1).
- The limit game ("4", docs/problems.md, G7), of which both are cases: the trial was right on inputs that weigh more
  than the game's value c under the adversary's weights. Elsewhere they weigh at most c, so that the smallest success
  probability is at most c + (1 − c)u.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from analysis.statistics.estimates import CONFIDENCE, clopper_pearson
from analysis.statistics.theorems import bound_value
from analysis.summary.schema import RateEntry, ShareEntry, UniversalEntry


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


def excepted(
    rows: Iterable[Mapping[str, Any]],
    inputs: Sequence[str],
    exclusive: Sequence[str],
    limit: str,
    theorem: str,
    weights: Mapping[str, Fraction] = MappingProxyType({}),
    value: Fraction = Fraction(1),
) -> int:
    """Number of trials in the event that the proof of Theorem 2 or 3, or of the limit game, must except."""
    total = 0
    for number, shared, accepted, halted in _trials(rows, inputs):
        if theorem == "3":
            counted = not shared and limit in halted
        elif theorem == "4":
            counted = sum((q for name, q in weights.items() if name in accepted), Fraction(0)) > value
        else:
            counted = limit in accepted and (not shared or bool(accepted & set(exclusive)))
        total += number if counted else 0
    return total


def _sum(rows: Iterable[Mapping[str, Any]], inputs: Sequence[str], first: str, second: str) -> RateEntry:
    """p_first + p_second: the share of trials right on either plus the share right on both, from coupled trials.

    The interval is the sum of two Clopper–Pearson intervals at half the error each; where no trial is right on both
    this uses that one run served both, and is far narrower than what the two inputs would give one by one.
    """
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
    compared: Sequence[str],
    limit: str,
    theorem: str,
    spent: int,
    breadth: float,
    halting: str | None,
    weight: Fraction | None,
    note: str = "",
) -> UniversalEntry | None:
    """What the summary says of a cell in which ι⁰ is a member; None for any other cell.

    Parameters
    ----------
    compared
        The other inputs that the bound is about.
    spent
        Number of trials in the event of this module's description.
    breadth
        As of `bound_value`.
    halting
        What an algorithm that halts almost surely on ι⁰ does not surpass, where the limit game says so, as text.
    weight
        Of ι⁰ in the limit game.
    note
        Why Theorem 2 does not apply, where that is known.

    Returns
    -------
    dict
        ``limit`` (the name of ι⁰), ``halting`` (by input, the share of trials that halted there), ``sums`` (by
        compared input j, p_0 + p_j), ``spent`` (the event of this module's description), ``ceiling`` (the theorem's
        bound, which needs no measurement: 1/2, k/(2k − 1), or the value of the limit game), ``halting_ceiling`` and
        ``limit_weight`` (the weight w of ι⁰: w·p_0 + (1 − w)·p is at most the ceiling, p the worst of the others),
        and ``note`` where there is one.
    """
    if not limit:
        return None
    trials = _trials(rows, inputs)
    of = sum(number for number, _, _, _ in trials)

    def share(count: int) -> ShareEntry:
        estimate = clopper_pearson(count, of)
        return {"count": count, "of": of, "rate": estimate.rate, "interval": estimate.interval}

    halted_on = {name: sum(number for number, _, _, halted in trials if name in halted) for name in inputs}
    halts_at_most = {"3": 1 / breadth}.get(theorem) if halting is None else float(Fraction(halting))
    ceiling = bound_value(theorem, breadth, 0.0)
    told: UniversalEntry = {
        "limit": limit,
        "halting": {name: share(count) for name, count in halted_on.items()},
        "sums": {name: _sum(rows, inputs, limit, name) for name in compared},
        "spent": share(spent),
        "ceiling": ceiling,
        "halting_ceiling": halts_at_most,
        "limit_weight": {"2": 0.5}.get(theorem, 1 - ceiling) if weight is None else float(weight),
    }
    if note:
        told["note"] = note
    return told
