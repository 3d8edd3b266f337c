"""A pack: the trials of a chunk in one text, each the number of its outcome and its time, and every outcome once.

Nothing is left out of it: which trial had which outcome on which input is read back, and its time to the nanosecond.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FEWEST_TRIALS = 1_000
"""Chunks of fewer trials are kept row by row: what a trial costs is then much more than its rows."""
_TRIALS_AN_OUTCOME = 8
_LONGEST_SECONDS = 1e6

Half = tuple[int, str, str | None, float | None, int, int, int | None, str, bytes | None]
"""An outcome on one input: shared, status, verdict, margin, depth, queries, claim, note, digest of the output."""


class Pattern(NamedTuple):
    """What some trials of a chunk have in common on one input: a row of table `patterns` without cell and start.

    Attributes
    ----------
    pattern : int
        The number of the outcome, by which the pack names it.
    input : int
    shared, status, verdict, margin, depth, queries, claim, note, output
        As in a row of `outcomes`.
    first : int
        The first trial that ended so.
    alike : int
        The number of trials that did.
    """

    pattern: int
    input: int
    shared: int
    status: str
    verdict: str | None
    margin: float | None
    depth: int
    queries: int
    claim: int | None
    note: str
    output: bytes | None
    first: int
    alike: int


class Pack(NamedTuple):
    """The trials start..stop−1 of a cell: a row of table `packs` without cell and start, and its patterns.

    Attributes
    ----------
    stop : int
    width : int
        Times a trial: 1 where each trial was one run, else one for each input.
    base : int
        Numbers in the body are time in nanoseconds × base + number of the outcome.
    body : str
        A JSON list: the numbers of the first trial, then those of the next.
    patterns : list of Pattern
    """

    stop: int
    width: int
    base: int
    body: str
    patterns: list[Pattern]

    def lines(self) -> list[tuple[Any, ...]]:
        """Return all it holds as rows, of which its digest is made."""
        return [(self.stop, self.width, self.base, self.body), *map(tuple, self.patterns)]

    def numbers(self) -> NDArray[np.int64]:
        """Return the number of each trial's outcome."""
        return _values(self.body)[:: self.width] % self.base

    def succeeded(self, inputs: int) -> NDArray[np.bool_]:
        """Return whether each trial was accepted on each input: shape (inputs, trials)."""
        table = np.zeros((inputs, self.base), dtype=bool)
        for pattern in self.patterns:
            table[pattern.input, pattern.pattern] = pattern.verdict == "accepted"
        found: NDArray[np.bool_] = table[:, self.numbers()]
        return found

    def cut(self, start: int, stop: int) -> Pack:
        """Return the pack of the trials start..stop−1 alone, of which `start` is its first."""
        values = _values(self.body)[: (stop - start) * self.width]
        numbers = values[:: self.width] % self.base
        counts = np.bincount(numbers, minlength=self.base).tolist()
        patterns = [p._replace(alike=counts[p.pattern]) for p in self.patterns if counts[p.pattern]]
        return self._replace(stop=stop, body=_text(values), patterns=patterns)


def pack_trials(
    start: int, numbers: Sequence[int], seconds: Sequence[Sequence[float]], kinds: Sequence[Sequence[Half]]
) -> Pack | None:
    """Return the pack of a chunk's trials; None where rows serve it as well.

    Parameters
    ----------
    numbers : sequence of int
        For each trial the number of its outcome.
    seconds : sequence of sequence of float
        For each trial the times of its runs: one, or one for each input.
    kinds : sequence of sequence of Half
        The different outcomes, on each input.
    """
    if len(numbers) < FEWEST_TRIALS or len(kinds) * _TRIALS_AN_OUTCOME > len(numbers):
        return None
    width = max(map(len, seconds))
    even = [times if len(times) == width else (times[0],) * width for times in seconds]
    spent = np.asarray(even, dtype=np.float64)
    if spent.max() > _LONGEST_SECONDS:
        return None
    outcomes = np.asarray(numbers, dtype=np.int64)
    _, firsts, counts = np.unique(outcomes, return_index=True, return_counts=True)
    patterns = [
        Pattern(number, position, *half, start + int(first), int(count))
        for number, (first, count) in enumerate(zip(firsts, counts, strict=True))
        for position, half in enumerate(kinds[number])
    ]
    values = np.rint(spent * 1e9).astype(np.int64) * len(kinds) + outcomes[:, np.newaxis]
    return Pack(start + len(numbers), width, len(kinds), _text(values.ravel()), patterns)


def _values(body: str) -> NDArray[np.int64]:
    return np.asarray(json.loads(body), dtype=np.int64)


def _text(values: NDArray[np.int64]) -> str:
    return f"[{','.join(map(str, values.tolist()))}]"
