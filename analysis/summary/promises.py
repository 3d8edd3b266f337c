"""False promises on inputs that look alike: what an algorithm that promises to be right must get wrong (G8).

Where one run serves k exclusive inputs its answer is right on one of them at most, so that a promise is false on
k − 1 at least: if runs promise with probability c, then on one input a promise is false with probability c(k − 1)/k or
more.
An algorithm that has no exit flag, and may abstain, promises by answering.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis.statistics.estimates import estimate
from analysis.statistics.intervals import Method
from analysis.summary.schema import PromiseEntry, ShareEntry

FLAG, ANSWER = "flag", "answer"


def promise_entry(
    rows: Iterable[Mapping[str, Any]], inputs: Sequence[str], exclusive: Sequence[str], method: Method
) -> PromiseEntry | None:
    """What the summary says of the promises of a cell; None where nothing is promised, or no two inputs are exclusive.

    Returns
    -------
    dict
        ``by`` ("flag" or "answer"), the trials in which one run served all inputs and ``promised``, the ``least`` rate
        of false promises on the worst input that this entails, and that on the ``worst``, the input ``on`` which it was
        seen.
    """
    outcomes = list(rows)
    flagged = any(claim in (True, 1) for row in outcomes for claim in row["claims"])
    abstains = any(status == "abstained" for row in outcomes for status in row["statuses"])
    if len(exclusive) < 2 or not (flagged or abstains):
        return None
    places = {name: list(inputs).index(name) for name in exclusive}
    recorded = sum(int(row["count"]) for row in outcomes)
    promised, false = 0, dict.fromkeys(exclusive, 0)
    for row in outcomes:
        kept = [
            row["claims"][place] in (True, 1) if flagged else row["statuses"][place] == "halted"
            for place in places.values()
        ]
        if not row["shared"] or not all(kept):
            continue
        promised += int(row["count"])
        for name, place in places.items():
            false[name] += int(row["count"]) if row["verdicts"][place] == "rejected" else 0
    worst = max(exclusive, key=lambda name: false[name])
    k = len(exclusive)

    def share(count: int) -> ShareEntry:
        found = estimate(count, recorded, method=method)
        return {"count": count, "of": recorded, "rate": found.rate, "interval": found.interval}

    return {
        "by": FLAG if flagged else ANSWER,
        "promised": share(promised),
        "least": promised * (k - 1) / (k * recorded) if recorded else None,
        "worst": share(false[worst]),
        "on": worst,
    }
