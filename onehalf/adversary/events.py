"""What coupled trials show of a theorem's event, by the referee's own functions, for any family and order of inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onehalf.verify_standalone import Trial, excepted, open_inputs
from oracle.problems import Bound

LIMIT = "0"
"""How the referee calls ι⁰."""


@dataclass(frozen=True)
class Tally:
    """Counts of coupled trials.

    Attributes
    ----------
    trials : int
        All of them.
    spent, hidden : int
        Trials in the event that the theorem's proof must except, and those that may be in it beyond the budget.
    successes, opened, met : dict
        By input that the theorem bounds: successes; trials that met the budget there and may be right beyond it;
        trials that met it.
    """

    trials: int
    spent: int
    hidden: int
    successes: dict[str, int]
    opened: dict[str, int]
    met: dict[str, int]

    @property
    def reach(self) -> dict[str, int]:
        """By input, the trials that were right, and those that may be right beyond the budget."""
        return {name: count + self.opened[name] for name, count in self.successes.items()}


def bounded_names(bound: Bound, names: Sequence[str]) -> list[str]:
    """Return the inputs, without ι⁰, the smallest of whose success probabilities a theorem bounds.

    Under Theorem 1 and in the limit game these are all: the least of all is at most the least of those compared.
    """
    if bound.theorem in ("1", "4"):
        return [name for name in names if name != bound.limit]
    return list(bound.exclusive)


def open_names(bound: Bound, names: Sequence[str]) -> list[str]:
    """Return those of the inputs to which no others converge: what met the budget there may be right beyond it."""
    return [name for name in bounded_names(bound, names) if name not in bound.inner]


def tally(bound: Bound, names: Sequence[str], trials: Sequence[Trial], open_: Sequence[str]) -> Tally:
    """Count trials, each with its outcomes in the order of `names`.

    Parameters
    ----------
    open_ : sequence of str
        Inputs on which a run that met the budget may be right beyond it.
    """
    over = [*bounded_names(bound, names), *([bound.limit] if bound.limit else [])]
    places = [list(names).index(name) for name in over]
    mine = [(shared, [served[place] for place in places], logged) for shared, served, logged in trials]
    opened = [open_inputs(over, trial, list(open_), bound.resting) for trial in mine]
    weights = dict(bound.weights)

    def heavy(right: Sequence[bool]) -> bool:
        return sum(weights.get(name, 0) for name, each in zip(over, right, strict=True) if each) > (
            bound.value or 0
        )

    seen = [excepted(bound.theorem, trial, flags, heavy) for trial, flags in zip(mine, opened, strict=True)]
    return Tally(
        len(mine),
        sum(spent for spent, _ in seen),
        sum(hidden for _, hidden in seen),
        {name: sum(served[i][1] for _, served, _ in mine) for i, name in enumerate(over)},
        {name: sum(flags[i] for flags in opened) for i, name in enumerate(over)},
        {name: sum(served[i][0] == "no_halt" for _, served, _ in mine) for i, name in enumerate(over)},
    )
