"""What the record holds, as values: a run, a row of the store, a chunk of judged trials."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from algorithms.calling import STATUSES, Status

Row = tuple[int, int, int, str, str | None, float | None, int, int, int | None, float, str, bytes | None]


class Run(NamedTuple):
    """What became of one run.

    Attributes
    ----------
    trial, input : int
        The trial's number, and the position of the input it was run on.
    status : str
        halted, no_halt (a budget was met), error (an exception), crashed (the process died), invalid (no member of M).
    shared : bool
        Whether every answer it got is the answer on all inputs of the trial, so that it is the run on them all.
    depth, queries : int
        The ledger: the largest n asked, and the number of answers.
    claim : bool or None
        The algorithm's exit flag.
    seconds : float
        Wall-clock time.
    output : bytes or None
        The encoded output where it halted.
    note : str
        Why it did not.
    asked : bytes or None
        The distinct questions, where the cell logs them and the process lived to tell (`encode_questions`).
    """

    trial: int
    input: int
    status: Status
    shared: bool
    depth: int
    queries: int
    claim: bool | None
    seconds: float
    output: bytes | None
    note: str
    asked: bytes | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Judged trials start..stop−1 of one cell.

    Attributes
    ----------
    rows : list of tuple
        One for each trial and input: trial, input, shared, status, verdict, margin, depth, queries, claim,
        seconds, note, digest of the output.
    outputs : dict
        Encoded outputs by digest.
    questions : list of (trial, input, bytes)
        What runs asked, where the cell logs it.
    sealed : bool
        Whether oracle and ledger were in another process than the algorithm.
    doubles : list of int
        Trials in which one run was accepted on two inputs that exclude each other: a violation of Theorem 1.
    """

    cell: int
    start: int
    stop: int
    rows: list[Row]
    outputs: dict[bytes, bytes]
    doubles: list[int]
    seconds: float
    questions: list[tuple[int, int, bytes]] = field(default_factory=list)
    sealed: bool = False


_RUN = struct.Struct("<QHBBbqqdqqq")
_CLAIMS: tuple[bool | None, ...] = (False, True, None)
_STATUSES, _HALTED = len(STATUSES), STATUSES.index("halted")


def impossible(shared: bool, depth: int, coupled: int) -> bool:
    """Tell whether no run can end so: unshared, though all it asked is answered alike on all inputs."""
    return not shared and depth <= coupled


def encode_runs(runs: Sequence[Run]) -> bytes:
    """Return the bytes of runs."""
    parts: list[bytes] = []
    for run in runs:
        body, note, asked = run.output, run.note.encode(), run.asked
        sizes = -1 if body is None else len(body), len(note), -1 if asked is None else len(asked)
        claim = 2 if run.claim is None else int(run.claim)
        head = (run.trial, run.input, STATUSES.index(run.status), run.shared, claim, run.depth, run.queries)
        parts += (_RUN.pack(*head, run.seconds, *sizes), body or b"", note, asked or b"")
    return b"".join(parts)


def decode_runs(body: bytes) -> list[Run]:
    """Return the runs that `encode_runs` wrote.

    Raises
    ------
    ValueError
        If none are written like that; nothing else is raised, whatever the bytes.
    """
    runs: list[Run] = []
    at, end = 0, len(body)
    while at < end:
        start = at + _RUN.size
        if start > end:
            raise ValueError("a run is cut off")
        trial, position, status, shared, claim, depth, queries, seconds, output, note, asked = (
            _RUN.unpack_from(body, at)
        )
        # Condition by condition, with no loop over the parts: this is much of what a trial that does nothing costs.
        if output < -1 or note < 0 or asked < -1:
            raise ValueError("a part of a run has no length")
        told = start + output if output > 0 else start
        logged = told + note
        at = logged + asked if asked > 0 else logged
        if at > end:
            raise ValueError("a part of a run is cut off")
        if not (
            status < _STATUSES and 0 <= claim < 3 and depth >= 0 and queries >= 0 and 0 <= seconds < 1e12
        ):
            raise ValueError("a run that none can be")
        if (output >= 0) != (status == _HALTED):
            raise ValueError("what halts has an output, and nothing else")
        runs.append(
            Run(
                trial,
                position,
                STATUSES[status],
                shared != 0,
                depth,
                queries,
                _CLAIMS[claim],
                seconds,
                body[start:told] if output >= 0 else None,
                body[told:logged].decode("utf-8", "replace") if note else "",
                body[logged:at] if asked >= 0 else None,
            )
        )
    return runs


def encode_questions(asked: set[tuple[int, int, int]]) -> bytes:
    """Return a set of questions (row, column, bits) as compressed JSON, in order."""
    return zlib.compress(json.dumps(sorted(asked), separators=(",", ":")).encode(), 9)


def decode_questions(body: bytes) -> list[tuple[int, int, int]]:
    """Return the questions that `encode_questions` wrote."""
    return [(row, column, bits) for row, column, bits in json.loads(zlib.decompress(body))]
