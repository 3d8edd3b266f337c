"""From rows of joint outcomes to the counts of one cell."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

STATUSES = ("halted", "no_halt", "error", "crashed", "invalid", "abstained")
"""What can become of a run; only a halted one can be accepted."""
FAILED = ("no_halt", "error", "crashed", "invalid")
"""Those of a run that gave nothing; one that abstains says so."""
VERDICTS = ("accepted", "rejected", "undecided", "none")
CLAIMS = ("true", "false", "none")

Table: TypeAlias = dict[str, dict[str, int]]


@dataclass(frozen=True)
class InputCounts:
    """Counts of one cell on one input, over its recorded trials.

    Attributes
    ----------
    statuses
        Number of trials for each of `STATUSES`.
    claims
        For each of `CLAIMS` (what the exit flag said) the number of trials for each of `VERDICTS`.
    """

    statuses: dict[str, int]
    claims: Table

    def verdict(self, name: str) -> int:
        """Number of trials with this verdict, whatever was claimed."""
        return sum(row[name] for row in self.claims.values())


@dataclass(frozen=True)
class CellCounts:
    """Counts of one cell over its recorded trials.

    Attributes
    ----------
    recorded
        Trials on record.
    over_reads
        Trials in which one run could not serve all inputs: it read past the coupling.
    one_answer
        Trials in which one run served all inputs and halted with an output.
    double_accepted
        Trials in which one run served all inputs and was accepted on two or more exclusive ones. By Theorem 1
        there is none; any is a defect.
    false_success
        Trials in which the exit flag said success on an output that was rejected, on at least one input.
    claimed
        Trials with a claim, true or false, on at least one input.
    by_input
        The counts on each input.
    """

    recorded: int = 0
    over_reads: int = 0
    one_answer: int = 0
    double_accepted: int = 0
    false_success: int = 0
    claimed: int = 0
    by_input: dict[str, InputCounts] = field(default_factory=dict)

    def successes(self, inputs: Iterable[str]) -> list[int]:
        """Accepted trials on each of the named inputs."""
        return [self.by_input[name].verdict("accepted") for name in inputs]


def _claim(value: object) -> str:
    # A claim may arrive as a NumPy boolean, an SQLite integer, None or a NaN that pandas put in None's place.
    return "none" if value is None or value != value else ("true" if value else "false")


def _check(cell: object, inputs: Sequence[str], row: Mapping[str, Any]) -> None:
    for column in ("statuses", "verdicts", "claims"):
        if len(row[column]) != len(inputs):
            raise ValueError(
                f"{column}={row[column]!r} of cell {cell} has not one entry for each input {tuple(inputs)}; "
                "align the entries with the cell's inputs."
            )
    for status, verdict in zip(row["statuses"], row["verdicts"], strict=True):
        if status not in STATUSES:
            raise ValueError(f"status={status!r} of cell {cell} is none of {STATUSES}; record one of these.")
        if verdict not in (*VERDICTS[:3], None):
            raise ValueError(
                f"verdict={verdict!r} of cell {cell} is none of {VERDICTS[:3]} or None; judge again."
            )
        if verdict == "accepted" and status != "halted":
            raise ValueError(
                f"verdict='accepted' of cell {cell} has status={status!r}; only a halted run succeeds."
            )


def count(
    cell: object, inputs: Sequence[str], exclusive: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> CellCounts:
    """Counts of one cell.

    Parameters
    ----------
    cell
        The cell's number, for messages.
    inputs, exclusive
        Names of the inputs, and of those whose acceptable sets are pairwise disjoint.
    rows
        Joint outcomes: mappings with ``shared``, ``statuses``, ``verdicts``, ``claims`` (aligned with
        `inputs`) and ``count``, the number of trials that ended so.

    Raises
    ------
    ValueError
        If an entry is missing, a status or verdict is unknown, a run that did not halt is accepted, or an
        exclusive input is not among the inputs.
    """
    if not set(exclusive) <= set(inputs):
        raise ValueError(
            f"exclusive={tuple(exclusive)} of cell {cell} is not among inputs={tuple(inputs)}; add it."
        )
    totals: Counter[str] = Counter()
    statuses: dict[str, Counter[str]] = {name: Counter() for name in inputs}
    pairs: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in inputs}
    for row in rows:
        _check(cell, inputs, row)
        number = int(row["count"])
        verdicts = ["none" if verdict is None else str(verdict) for verdict in row["verdicts"]]
        claims = [_claim(claim) for claim in row["claims"]]
        accepted = {name for name, verdict in zip(inputs, verdicts, strict=True) if verdict == "accepted"}
        totals["recorded"] += number
        totals["over_reads"] += 0 if row["shared"] else number
        totals["one_answer"] += number if row["shared"] and "halted" in row["statuses"] else 0
        totals["double_accepted"] += number if row["shared"] and len(accepted & set(exclusive)) > 1 else 0
        false_claim = ("true", "rejected") in zip(claims, verdicts, strict=True)
        totals["false_success"] += number if false_claim else 0
        totals["claimed"] += number if set(claims) != {"none"} else 0
        for name, status, claim, verdict in zip(inputs, row["statuses"], claims, verdicts, strict=True):
            statuses[name][status] += number
            pairs[name][claim, verdict] += number
    by_input = {
        name: InputCounts(
            statuses={status: statuses[name][status] for status in STATUSES},
            claims={
                claim: {verdict: pairs[name][claim, verdict] for verdict in VERDICTS} for claim in CLAIMS
            },
        )
        for name in inputs
    }
    return CellCounts(by_input=by_input, **totals)
