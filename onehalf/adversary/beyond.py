"""What a larger budget of digits shows of runs on ι⁰ that met theirs: whether they may be right beyond it.

On ι⁰ not to halt is what the theorem forces on an algorithm that resolves every δ. So there a run that met the budget
counts as wrong, but only if there is reason to: with more digits it went on asking. A run that waited, or that halts
with more digits, may be right beyond the budget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.wording import number, plural
from oracle.session import Budget

PROBED = 4
_LARGER, _MOST_DIGITS, _FURTHER = 100, 10**6, 10
End = tuple[str, int]
"""How a run on ι⁰ ended: its status, and the largest precision that it asked for."""


@dataclass(frozen=True)
class Beyond:
    """What was found.

    Attributes
    ----------
    open : bool
        Whether what met the budget on ι⁰ may be right beyond it.
    sentence : str
        Why.
    """

    open: bool
    sentence: str


def larger(budget: Budget) -> Budget:
    """Return a budget of a hundred times the digits, at most a million, and of the same time."""
    return replace(budget, digits=max(budget.digits, min(_MOST_DIGITS, _LARGER * budget.digits)))


def beyond(budget: Budget, before: Sequence[End], after: Sequence[End], where: str = "ι⁰") -> Beyond:
    """Compare runs on ι⁰, or on what else others converge to, within a budget with the same within `larger` of it."""
    more = larger(budget)
    within = f"With {number(more.digits)} digits and {budget.seconds:g} s"
    late = sum(b == "no_halt" != a for (a, _), (b, _) in zip(after, before, strict=True))
    if late:
        return Beyond(
            True,
            f"{within} {late} of {plural(len(after), 'run')} on {where} halt that do not within the budget.",
        )
    enough = min(more.digits + 1, _FURTHER * budget.digits)
    waited = sum(status == "no_halt" and depth < enough for status, depth in after)
    if waited:
        return Beyond(
            True,
            f"{within} {waited} of {plural(len(after), 'run')} on {where} meet the time, and not the digits, so that "
            "with more time they may be right.",
        )
    return Beyond(
        False,
        f"{within} no run on {where}, of {number(len(after))}, halts that does not within the budget.",
    )
