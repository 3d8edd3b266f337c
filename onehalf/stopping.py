"""When a cell may stop before its last planned trial, decided from its first trials alone.

A rule is looked at after m trials only when trials 0..m−1 are all on record, and only at the look points of
`look_points`; it stops the cell at the first at which it is met. What is decided is thus a function of the seeds:
the same for any number of workers and any interruption. Trials beyond the decision, begun while it was not yet known,
are not part of the record.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from onehalf.shares import read_share
from oracle.errors import InvalidValue

if TYPE_CHECKING:
    from onehalf.chunks import Chunk
    from onehalf.plan import Cell, Experiment
    from onehalf.store import Store

_LEVEL = 0.01
_ENTRIES = ("decided", "width", "level", "bound")


@dataclass(frozen=True, slots=True)
class Until:
    """A rule that stops a cell early; the planned trials remain the cap.

    Attributes
    ----------
    decided : bool
        Stop when it is decided whether the smallest success probability is above or below the bound: when one of the
        two e-values reaches 1/level.
    width : float or None
        Stop when the confidence sequence for the smallest success probability is at most this wide.
    level : float
        Probability of a wrong decision, for either direction.
    bound : float or None
        What `decided` is about; by default the bound that the cell's theorem sets to algorithms that never read past
        the coupling (1/2 for two inputs; 1/2 too where no theorem applies).
    """

    decided: bool = False
    width: float | None = None
    level: float = _LEVEL
    bound: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.decided, bool):
            raise InvalidValue("until.decided", self.decided, "must be true or false", "write true")
        if self.width is None and not self.decided:
            raise InvalidValue("until", {}, "names no rule", 'write until = "decided" or until.width = 0.02')
        for name in ("width", "level", "bound"):
            value = getattr(self, name)
            if value is not None and not (_is_number(value) and 0 < value < 1):
                raise InvalidValue(
                    f"until.{name}", value, "must lie between 0 and 1", "take for example 0.02"
                )

    def as_json(self) -> dict[str, Any]:
        """Return the rule as JSON values."""
        return {name: getattr(self, name) for name in _ENTRIES}

    @property
    def text(self) -> str:
        """The rule in words."""
        against = "its bound" if self.bound is None else f"{self.bound:g}"
        rules = [f"above or below {against} is decided at level {self.level:g}"] * self.decided
        return " or ".join(
            [*rules, *([f"the interval is at most {self.width:g} wide"] if self.width else [])]
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def read_until(written: Any) -> Until | None:
    """Return the rule of ``"decided"``, ``"width=0.02"``, ``{width = 0.02, level = 0.05}`` or None.

    Raises
    ------
    InvalidValue
        If it is none of these.
    """
    if written is None or isinstance(written, Until):
        return written
    if isinstance(written, str):
        table = dict(_part(part.strip()) for part in written.split(","))
    elif isinstance(written, Mapping):
        table = dict(written)
    else:
        raise InvalidValue("until", written, "is no rule", 'write until = "decided" or until.width = 0.02')
    for name in table:
        if name not in _ENTRIES:
            raise InvalidValue(f"until.{name}", table[name], "is unknown", f"it has {', '.join(_ENTRIES)}")
    return Until(**table)


def _part(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or value.strip() == "true":
        return name.strip(), True
    try:
        return name.strip(), read_share(value)
    except ValueError as error:
        raise InvalidValue(f"until.{name}", value, "must be a number", "take for example 0.02") from error


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a cell stopped, and why: "above" or "below" the bound, or "width"."""

    trials: int
    reason: str


def compared(cell: Cell) -> tuple[list[str], float]:
    """Return the inputs whose smallest success matters, and the bound for algorithms that read no further."""
    from analysis.universal import bound_value

    bound = cell.problem.bound(cell.policy)
    names = [member.name for member in cell.problem.inputs]
    if len(bound.exclusive) < 2:
        return names, 0.5
    limit = [bound.limit] if bound.limit else []
    return [*limit, *bound.exclusive], bound_value(bound.theorem, len(bound.exclusive), 0.0)


def look_points(cap: int) -> Iterator[int]:
    """Yield the numbers of trials after which a rule is looked at: each to 100, then in steps of 1%, the cap last."""
    at = 1
    while at < cap:
        yield at
        at += max(1, at // 100)
    yield cap


@dataclass(frozen=True, slots=True)
class Evidence:
    """What counts say of the smallest success probability, valid whenever it is looked at.

    Attributes
    ----------
    above, below : float
        E-values against "at most the bound" and against "at least the bound".
    low, high : float
        Ends of the confidence sequence, 95%.
    """

    above: float
    below: float
    low: float
    high: float


def evidence(successes: Sequence[int], trials: int, bound: float) -> Evidence:
    """Return the evidence of counts of successes on the inputs compared."""
    # Plans are read by every worker, few of which have a rule: the analysis is loaded when it is needed.
    from analysis.estimates import CONFIDENCE, smallest
    from analysis.intervals import ANYTIME
    from analysis.sequential import log_e_smallest_above, log_e_smallest_below

    logs = (log_e_smallest_above(successes, trials, bound), log_e_smallest_below(successes, trials, bound))
    found = smallest(successes, trials, CONFIDENCE, ANYTIME)
    above, below = (math.exp(min(log, 700.0)) for log in logs)
    return Evidence(above, below, found.low, found.high)


def verdict_at(until: Until, successes: Sequence[int], trials: int, bound: float) -> str | None:
    """Return why a rule is met by these counts, None if it is not."""
    found = evidence(successes, trials, bound if until.bound is None else until.bound)
    if until.decided and max(found.above, found.below) >= 1 / until.level:
        return "above" if found.above > found.below else "below"
    if until.width is not None and found.high - found.low <= until.width:
        return "width"
    return None


class Watch:
    """Follows one cell's trials, in whatever order they come, and says when its rule is met.

    Parameters
    ----------
    cell : Cell
        With a rule `until`.
    """

    def __init__(self, cell: Cell) -> None:
        assert cell.until is not None
        self.until, self.cap = cell.until, cell.trials
        names, self.bound = compared(cell)
        self.inputs = cell.positions(names)
        self.accepted: NDArray[np.bool_] = np.zeros((len(cell.problem.inputs), cell.trials), dtype=bool)
        self.known: NDArray[np.bool_] = np.zeros(cell.trials, dtype=bool)
        self.complete = 0
        self._looks = look_points(cell.trials)
        self._next = next(self._looks)
        self._counts = [0] * len(self.inputs)
        self._counted = 0

    def note(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take rows that begin with trial, input, shared, status, verdict."""
        for row in rows:
            self.accepted[row[1], row[0]] = row[4] == "accepted"
            self.known[row[0]] = True

    def decide(self) -> Decision | None:
        """Return the decision if the trials known so far lead to one, None if more are needed or the cap is met."""
        open_ = np.flatnonzero(~self.known[self.complete :])
        self.complete = self.complete + int(open_[0]) if len(open_) else self.cap
        while self._next <= self.complete:
            at = self._next
            for index, position in enumerate(self.inputs):
                self._counts[index] += int(self.accepted[position, self._counted : at].sum())
            self._counted = at
            reason = verdict_at(self.until, self._counts, at, self.bound)
            if reason is not None:
                return Decision(at, reason)
            self._next = next(self._looks, self.cap + 1)
        return None


class Stops:
    """The rules of an experiment at work: what is decided, and what each chunk decides.

    Parameters
    ----------
    experiment : Experiment
        The plan.
    store : Store
        Read for what earlier runs recorded, and told every decision.
    announce : callable, optional
        Called with each new decision's cell and the decision.
    """

    def __init__(
        self, experiment: Experiment, store: Store, announce: Callable[[int, Decision], None] | None = None
    ) -> None:
        self.store, self.announce = store, announce
        self.decided = store.decisions()
        self._watches = {
            index: Watch(cell)
            for index, cell in enumerate(experiment.cells)
            if cell.until is not None and index not in self.decided
        }
        for index, watch in list(self._watches.items()):
            watch.note(store.verdicts(index))
            self._settle(index)

    def watched(self, index: int) -> bool:
        """Return whether a cell has a rule that has not stopped it yet."""
        return index in self._watches

    def take(self, chunk: Chunk) -> None:
        """Take a chunk that was written, and record the decision it leads to, if any."""
        if chunk.cell in self._watches:
            self._watches[chunk.cell].note(chunk.rows)
            self._settle(chunk.cell)

    def _settle(self, index: int) -> None:
        decision = self._watches[index].decide()
        if decision is not None:
            self.store.decide(index, decision)
            self.decided[index] = decision
            del self._watches[index]
            if self.announce is not None:
                self.announce(index, decision)
