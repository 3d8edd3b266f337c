"""What the record holds, as values: a run, a row of the store, a chunk of judged trials."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import NamedTuple

from algorithms.calling import Status

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


def encode_questions(asked: set[tuple[int, int, int]]) -> bytes:
    """Return a set of questions (row, column, bits) as compressed JSON, in order."""
    return zlib.compress(json.dumps(sorted(asked), separators=(",", ":")).encode(), 9)


def decode_questions(body: bytes) -> list[tuple[int, int, int]]:
    """Return the questions that `encode_questions` wrote."""
    return [(row, column, bits) for row, column, bits in json.loads(zlib.decompress(body))]
