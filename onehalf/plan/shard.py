"""A share of an experiment's trials, for machines that share nothing: a function of the plan and two numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oracle.errors import InvalidValue

_RULE, _REMEDY = "must be i/k, two whole numbers with 1 ≤ i ≤ k", "write for example 3/16"
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Shard:
    """The share `number` of `count`.

    Of each cell a shard has one stretch of trials; of which cell it has the first is turned from cell to cell, so that
    many cells of few trials are shared out evenly. A cell that may stop early goes whole to one shard: its rule is a
    function of the first trials, which no other machine then has.

    Attributes
    ----------
    number : int
        From 1 to `count`.
    count : int
    """

    number: int
    count: int

    def __post_init__(self) -> None:
        whole = all(type(value) is int for value in (self.number, self.count))
        if not whole or not 1 <= self.number <= self.count <= _MOST:
            raise InvalidValue("shard", str(self), _RULE, _REMEDY)

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def spans(self, cells: Sequence[tuple[int, bool]]) -> list[tuple[int, int]]:
        """Return the trials (start, stop) of each cell that are this shard's.

        Parameters
        ----------
        cells : sequence of (int, bool)
            Of each cell the planned trials, and whether a rule may stop it early.
        """
        found, ruled = list[tuple[int, int]](), 0
        for index, (trials, stops) in enumerate(cells):
            if stops:
                found.append((0, trials) if ruled % self.count == self.number - 1 else (0, 0))
                ruled += 1
                continue
            rank = (self.number - 1 + index) % self.count
            found.append((trials * rank // self.count, trials * (rank + 1) // self.count))
        return found


def read_shard(written: Any) -> Shard | None:
    """Return the shard of ``"3/16"``, ``(3, 16)`` or None.

    Raises
    ------
    InvalidValue
        If it is none of these.
    """
    if written is None or isinstance(written, Shard):
        return written
    if isinstance(written, str) and re.fullmatch(r"\d{1,9}/\d{1,9}", written):
        return Shard(*map(int, written.split("/")))
    if isinstance(written, Sequence) and not isinstance(written, str) and len(written) == 2:
        return Shard(*written)
    raise InvalidValue("shard", written, _RULE, _REMEDY)


def planned_trials(plan: Mapping[str, Any]) -> list[tuple[int, bool]]:
    """Return of each cell of a plan, as JSON values, the trials and whether a rule may stop it early."""
    return [(int(cell["trials"]), bool(cell.get("until"))) for cell in plan["cells"]]


def require_share(directory: str, there: str, asked: str) -> None:
    """Raise `InvalidValue` unless a directory holds the share that is asked for; "" stands for the whole."""
    if there == asked:
        return
    if not there:
        rule, remedy = f"was begun whole, and not as shard {asked}", "name a new directory with --out"
    else:
        rule = f"holds shard {there}" + (f", not {asked}" if asked else ", not the whole experiment")
        remedy = (
            f"go on with --shard {there}, name a new directory with --out, or join shards by onehalf merge"
        )
    raise InvalidValue("out", directory, rule, remedy)
