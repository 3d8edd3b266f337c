"""When a cell may stop before its last planned trial, decided from its first trials alone.

A rule is looked at after m trials only when trials 0..m−1 are all on record, and only at the look points of
`look_points`; it stops the cell at the first at which it is met. What is decided is thus a function of the seeds:
the same for any number of workers and any interruption. Trials beyond the decision, begun while it was not yet known,
are not part of the record.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from oracle.errors import InvalidValue

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
    return Until(**{name: _number(name, value) for name, value in table.items()})


def _number(name: str, value: Any) -> Any:
    """A share may be written as text, "9/10" or "0.9", as everywhere else."""
    return _share(name, value) if isinstance(value, str) and name != "decided" else value


def _part(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or value.strip() == "true":
        return name.strip(), True
    return name.strip(), _share(name, value)


def _share(name: str, value: str) -> float:
    try:
        return read_share(value)
    except ValueError as error:
        raise InvalidValue(f"until.{name}", value, "must be a number", "take for example 0.02") from error


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a cell stopped, and why: "above" or "below" the bound, or "width"."""

    trials: int
    reason: str


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
    return Evidence(*_e_values(successes, trials, bound), *_interval(successes, trials))


def _e_values(successes: Sequence[int], trials: int, bound: float) -> tuple[float, float]:
    """Return the e-values against "at most the bound" and "at least the bound"."""
    # Plans are read by every worker, few of which have a rule: the analysis is loaded when it is needed.
    from analysis.statistics.sequential import log_e_smallest_above, log_e_smallest_below

    logs = (log_e_smallest_above(successes, trials, bound), log_e_smallest_below(successes, trials, bound))
    above, below = (math.exp(min(log, 700.0)) for log in logs)
    return above, below


def _interval(successes: Sequence[int], trials: int) -> tuple[float, float]:
    """Return the ends of the confidence sequence, which takes ten times as long as the e-values."""
    from analysis.statistics.estimates import CONFIDENCE, smallest
    from analysis.statistics.intervals import ANYTIME

    found = smallest(successes, trials, CONFIDENCE, ANYTIME)
    return found.low, found.high


def verdict_at(until: Until, successes: Sequence[int], trials: int, bound: float) -> str | None:
    """Return why a rule is met by these counts, None if it is not."""
    return _verdict(until, tuple(successes), trials, bound)


@lru_cache(maxsize=1 << 16)
def _verdict(until: Until, successes: tuple[int, ...], trials: int, bound: float) -> str | None:
    """What `verdict_at` says: many cells come by the same counts, and each look takes a millisecond."""
    if until.decided:
        above, below = _e_values(successes, trials, bound if until.bound is None else until.bound)
        if max(above, below) >= 1 / until.level:
            return "above" if above > below else "below"
    if until.width is not None:
        low, high = _interval(successes, trials)
        if high - low <= until.width:
            return "width"
    return None


def read_share(text: str) -> float:
    """Return the number that a decimal or a fraction of two decimals stands for.

    Raises
    ------
    ValueError
        If it is neither, or divides by zero.
    """
    top, slash, low = text.partition("/")
    below = float(low) if slash else 1.0
    if below == 0.0:
        raise ValueError(f"share={text!r}: divides by zero; write for example 1/3")
    return float(top) / below
