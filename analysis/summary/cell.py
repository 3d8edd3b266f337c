"""One cell of the summary: its counts, estimates, bound and test as plain data."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from analysis.statistics.bound_test import above_bound
from analysis.statistics.equivalence import MARGIN, attains_bound
from analysis.statistics.estimates import Estimate, estimate, smallest
from analysis.statistics.intervals import ANYTIME, EXACT, Method
from analysis.statistics.sequential import log_e_smallest_above, log_e_smallest_below
from analysis.statistics.theorems import bound_value
from analysis.summary.counts import CellCounts, InputCounts, count
from analysis.summary.limit import excepted, universal_entry
from analysis.summary.pairs import pair_entry
from analysis.summary.promises import promise_entry
from analysis.summary.schema import (
    AttainedEntry,
    AxisEntry,
    BoundEntry,
    BoundTestEntry,
    CellEntry,
    InputEntry,
    SequentialEntry,
    ShareEntry,
    SmallestEntry,
)

CELL_COLUMNS = (
    *(
        "cell",
        "group",
        "family",
        "parameters",
        "oracle",
        "algorithm",
        "algorithm_name",
        "algorithm_parameters",
    ),
    *("role", "planned", "inputs", "exclusive", "theorem", "coupling_depth"),
)


OUTPUTS = "right answers"
"""What a right output is called where its family does not say."""


def plain(value: Any) -> Any:
    """The value in JSON's terms: tuples as lists, NumPy scalars as Python's, NaN as None, others as text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None if np.isnan(value) else str(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _share(part: int, whole: int, method: Method) -> ShareEntry:
    found = estimate(part, whole, method=method)
    return {"count": part, "of": whole, "rate": found.rate, "interval": found.interval}


def _input_entry(counts: InputCounts, denominator: int, method: Method) -> InputEntry:
    successes = counts.verdict("accepted")
    found = estimate(successes, denominator, method=method)
    return {
        "successes": successes,
        "rate": found.rate,
        "interval": found.interval,
        "undecided": counts.verdict("undecided"),
        "statuses": counts.statuses,
        "claims": counts.claims,
        "false_success": _share(counts.claims["true"]["rejected"], counts.verdict("rejected"), method),
    }


def _smallest_entry(counts: CellCounts, over: list[str], denominator: int, method: Method) -> SmallestEntry:
    successes = dict(zip(over, counts.successes(over), strict=True))
    found = smallest(list(successes.values()), denominator, method=method)
    least = min(successes.values())
    attained = [name for name, value in successes.items() if value == least]
    return {
        "over": over,
        "attained_on": attained,
        "successes": least,
        "rate": found.rate,
        "interval": found.interval,
    }


def _bound_entry(exclusive: int, breadth: float, theorem: str, tier: str, event: Estimate) -> BoundEntry:
    applies = breadth > 1
    value = None if event.rate is None else bound_value(theorem, breadth, event.rate)
    return {
        "applies": applies,
        "value": value if applies else 1.0,
        "interval": [bound_value(theorem, breadth, end) for end in event.interval],
        "theorem": theorem if applies else "",
        "exclusive_inputs": exclusive,
        "breadth": breadth,
        "tier": tier,
    }


def _test_entries(
    counts: CellCounts,
    over: list[str],
    breadth: float,
    theorem: str,
    event: int,
    beta: float,
    sequential: bool,
) -> tuple[BoundTestEntry | None, AttainedEntry | None]:
    """The test of "above the bound", and for a fixed number of trials that of "the bound is attained", one by one."""
    if breadth <= 1:
        return None, None

    def bound_at(share: float) -> float:
        return bound_value(theorem, breadth, share)

    given = (counts.successes(over), counts.recorded, event, beta)
    above = above_bound(*given, bound_at=bound_at, method=ANYTIME if sequential else EXACT)
    test: BoundTestEntry = {
        "p_value": above.p_value,
        "bound_tested": above.bound,
        "p_adjusted": above.p_value,
        "above_bound": False,
    }
    if sequential:
        return test, None
    same = attains_bound(*given, bound_at=bound_at)
    return test, {"p_value": same.p_value, "margin": MARGIN, "p_adjusted": same.p_value, "holds": False}


def _sequential_entry(
    cell: Mapping[str, Any], counts: CellCounts, over: list[str], breadth: float, theorem: str
) -> SequentialEntry | None:
    """What a cell with a stopping rule has: the rule, how it ended, and the e-values against its bound."""
    if not plain(cell.get("until")):
        return None
    given = plain(cell.get("against"))
    bound = float(given or (bound_value(theorem, breadth, 0.0) if breadth > 1 else 0.5))
    successes = counts.successes(over)
    return {
        "rule": str(cell["until"]),
        "cap": int(cell["cap"]),
        "stopped": plain(cell.get("stopped")),
        "bound": bound,
        "log_e_above": log_e_smallest_above(successes, counts.recorded, bound),
        "log_e_below": log_e_smallest_below(successes, counts.recorded, bound),
    }


def cell_entry(
    cell: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], beta: float, method: Method = EXACT
) -> CellEntry:
    """The entry of one cell in the summary, before its p-value is adjusted for the other cells'.

    Parameters
    ----------
    cell
        The cell as planned: `CELL_COLUMNS` and, optionally, ``axes`` (parameters along which success may change, each
        with ``name``, ``symbol``, ``words`` and ``kind``), ``outputs`` (what a right output is called, in the plural),
        ``over_reading_exact``, ``limit`` (the name of ι⁰ where it is a member), ``digit_budget`` (the most digits a
        question may ask for), ``second_budget`` (the seconds a run may take), ``value`` and ``compared`` (where the
        bound is not 1/k for k exclusive inputs, the game's value as text and the inputs it is about), ``weights`` and
        ``halting`` (of the limit game: the adversary's weights, and the bound for algorithms that halt on ι⁰, as
        texts), ``tier`` (how the bound is known), and ``note`` (why Theorem 2 does not apply, where that is known).
    rows
        Its joint outcomes, as `counts.count` takes them.
    beta
        Error spent on the unknown over-reading probability in its test.
    method
        Of the intervals; a cell with a stopping rule has confidence sequences whatever is asked for.

    Raises
    ------
    ValueError
        If the cell has no input, more trials than planned, or outcomes that contradict it.
    """
    inputs, exclusive = [str(name) for name in cell["inputs"]], [str(name) for name in cell["exclusive"]]
    number, planned = int(cell["cell"]), int(cell["planned"])
    if not inputs:
        raise ValueError(f"inputs=() of cell {number} is empty; a cell needs at least one input.")
    outcomes = list(rows)
    counts = count(number, inputs, exclusive, outcomes)
    recorded = counts.recorded
    if recorded > planned:
        raise ValueError(
            f"planned={planned} of cell {number} is below its {recorded} recorded trials; correct the plan."
        )
    exact = plain(cell.get("over_reading_exact"))
    sequential = bool(plain(cell.get("until")))
    method = ANYTIME if sequential else method
    over_reading = _share(counts.over_reads, recorded, method)
    theorem, limit, tier = (
        str(cell["theorem"]),
        str(cell.get("limit") or ""),
        str(plain(cell.get("tier")) or ""),
    )
    value = Fraction(plain(cell.get("value")) or 0)
    breadth = float(1 / value) if value else max(1.0, float(len(exclusive)))
    compared = [str(name) for name in cell["compared"]] if value else exclusive
    over = compared if breadth > 1 else inputs
    used = counts.over_reads
    halting = plain(cell.get("halting"))
    weights = {str(name): Fraction(q) for name, q in (plain(cell.get("weights")) or {}).items()}
    if limit:
        over = [limit, *compared]
        used = excepted(outcomes, inputs, exclusive, limit, theorem, weights, value)
    test, attained = _test_entries(counts, over, breadth, theorem, used, beta, sequential)
    return {
        "cell": number,
        "group": str(cell["group"]),
        "family": str(cell["family"]),
        "parameters": plain(cell["parameters"]),
        "axes": _axes(cell),
        "outputs": str(plain(cell.get("outputs")) or OUTPUTS),
        "oracle": str(cell["oracle"]),
        "algorithm": str(cell["algorithm"]),
        "algorithm_name": str(cell["algorithm_name"]),
        "algorithm_parameters": plain(cell["algorithm_parameters"]),
        "role": str(cell["role"]),
        "inputs": inputs,
        "exclusive": exclusive,
        "theorem": theorem,
        "coupling_depth": plain(cell["coupling_depth"]),
        "planned": planned,
        "recorded": recorded,
        "complete": recorded == planned,
        "denominator": "planned" if recorded == planned else "recorded",
        "by_input": {name: _input_entry(counts.by_input[name], recorded, method) for name in inputs},
        "smallest": _smallest_entry(counts, over, recorded, method),
        "interval_method": method.name,
        "sequential": _sequential_entry(cell, counts, over, breadth, theorem),
        "pair": pair_entry(outcomes, inputs, exclusive, method),
        "over_reading": {**over_reading, "exact": None if exact is None else float(exact)},
        "bound": _bound_entry(
            len(exclusive), breadth, theorem, tier, estimate(used, recorded, method=method)
        ),
        "universal": universal_entry(
            outcomes,
            inputs,
            compared,
            limit,
            theorem,
            used,
            breadth,
            halting,
            weights.get(limit),
            str(plain(cell.get("note")) or ""),
        ),
        "digit_budget": plain(cell.get("digit_budget")),
        "second_budget": plain(cell.get("second_budget")),
        "test": test,
        "attained": attained,
        "one_answer": counts.one_answer,
        "double_accepted": counts.double_accepted,
        "undecided": sum(part.verdict("undecided") for part in counts.by_input.values()),
        "false_success": _share(counts.false_success, counts.claimed, method),
        "promises": promise_entry(outcomes, inputs, exclusive, method),
        "budget": "",
    }


def limited(cell: Mapping[str, Any]) -> bool:
    """Whether anything limits success in a cell as planned."""
    return len(cell["exclusive"]) >= 2 or bool(plain(cell.get("value")))


def _axes(cell: Mapping[str, Any]) -> list[AxisEntry]:
    """The axes of a cell's problem; a table without them has none."""
    return [
        {
            "name": str(axis["name"]),
            "symbol": str(axis["symbol"]),
            "words": str(axis["words"]),
            "kind": str(axis["kind"]),
        }
        for axis in plain(cell.get("axes")) or []
    ]
