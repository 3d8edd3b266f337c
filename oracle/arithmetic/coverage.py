"""Where on a line most things are: runs of exact numbers, open or closed at either end, counted exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Run = tuple[Any, Any, bool, bool]
"""(low, high, low_open, high_open)"""


@dataclass(frozen=True, eq=False)
class Coverage:
    """How many things hold at every place: between neighbouring events nothing changes.

    Attributes
    ----------
    events : list of exact numbers
        Ascending.
    counts : array of int
        At the first event, between it and the second, at the second, and so on.
    """

    events: list[Any]
    counts: NDArray[np.int64]

    def place(self, index: int) -> Any:
        """Return the place of a count: an event, or the middle between two."""
        half = index // 2
        return (self.events[half] + self.events[(index + 1) // 2]) / 2 if index % 2 else self.events[half]

    def most(self, low: Any, high: Any) -> tuple[int, Any]:
        """Return the largest count between two events, and among its places the one nearest to 0."""
        position = {event: 2 * i for i, event in enumerate(self.events)}
        inside = range(position[low], position[high] + 1)
        best = max(int(self.counts[i]) for i in inside)
        places = (self.place(i) for i in inside if self.counts[i] == best)
        return best, min(places, key=abs)

    def least(self, low: Any, high: Any) -> tuple[Any, bool]:
        """Return the infimum of |t| over all places with the largest count, and whether one of them attains it.

        Zero must be an event, so that no open interval between two holds it.
        """
        position = {event: 2 * i for i, event in enumerate(self.events)}
        best, _ = self.most(low, high)
        inside = (i for i in range(position[low], position[high] + 1) if self.counts[i] == best)
        size, between = min(
            (min(abs(self.events[i // 2]), abs(self.events[(i + 1) // 2])), i % 2) for i in inside
        )
        return size, not between

    def widest(self, low: Any, high: Any) -> Any | None:
        """Return the middle of the widest open interval with the largest count, None where there is none."""
        position = {event: 2 * i for i, event in enumerate(self.events)}
        best, _ = self.most(low, high)
        gaps = [i for i in range(position[low] + 1, position[high], 2) if self.counts[i] == best]
        if not gaps:
            return None
        return self.place(max(gaps, key=lambda i: self.events[i // 2 + 1] - self.events[i // 2]))


def coverage_of(things: Sequence[Sequence[Run]], marks: Iterable[Any]) -> Coverage:
    """Return how many things hold where.

    Parameters
    ----------
    things : sequence of sequences of runs
        Where each holds; runs of one may overlap.
    marks : exact numbers
        Places that are to be events as well, below the first and above the last of all runs among them.
    """
    events = sorted({*marks, *(end for runs in things for run in runs for end in run[:2])})
    position = {event: 2 * i for i, event in enumerate(events)}
    counts = np.zeros(2 * len(events) - 1, dtype=np.int64)
    for runs in things:
        held = np.zeros(len(counts), dtype=bool)
        for low, high, low_open, high_open in runs:
            held[position[low] + low_open : position[high] + 1 - high_open] = True
        counts += held
    return Coverage(events, counts)
