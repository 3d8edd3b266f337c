"""What the record holds, as values: a run, a row of the store, a chunk of judged trials."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from algorithms.calling import STATUSES, Status
from onehalf.record.packed.pack import Pack

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
        seconds, note, digest of the output. None where there is a pack.
    outputs : dict
        Encoded outputs by digest.
    questions : list of (trial, input, bytes)
        What runs asked, where the cell logs it.
    sealed : bool
        Whether oracle and ledger were in another process than the algorithm.
    sandbox : bool
        Whether files and sockets were kept from it, too.
    environment : str
        What computed it, as the store keeps it, where that is no process of this machine.
    doubles : list of int
        Trials in which one run was accepted on two inputs that exclude each other: a violation of Theorem 1.
    pack : Pack or None
        The trials in place of rows, where they are many and differ little.
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
    sandbox: bool = False
    environment: str = ""
    pack: Pack | None = None

    def lines(self) -> list[Any]:
        """Return what is stored of its trials as rows, of which its digest is made."""
        return self.rows if self.pack is None else self.pack.lines()

    def successes(self) -> list[int]:
        """Return the number of trials that were accepted on each input."""
        if self.pack is not None:
            told = [(line.input, line.verdict, line.alike) for line in self.pack.patterns]
        else:
            told = [(row[1], row[4], 1) for row in self.rows]
        found = [0] * (1 + max((place for place, _, _ in told), default=-1))
        for place, verdict, count in told:
            found[place] += count * (verdict == "accepted")
        return found


_LINE, _SIZE = struct.Struct("<QHBBBqqdqqq"), struct.Struct("<Q")
_FIELDS = np.dtype(
    [
        ("trial", "<u8"),
        ("input", "<u2"),
        ("status", "u1"),
        ("shared", "u1"),
        ("claim", "u1"),
        ("depth", "<i8"),
        ("queries", "<i8"),
        ("seconds", "<f8"),
        ("output", "<i8"),
        ("note", "<i8"),
        ("asked", "<i8"),
    ]
)
"""A line of `_LINE` as a record of NumPy's: the place of the output among the outputs, and the lengths of the texts."""
_CLAIMS: tuple[bool | None, ...] = (False, True, None)
_NUMBERS = {status: number for number, status in enumerate(STATUSES)}


def impossible(shared: bool, depth: int, coupled: int) -> bool:
    """Tell whether no run can end so: unshared, though all it asked is answered alike on all inputs."""
    return not shared and depth <= coupled


def encode_runs(runs: Sequence[Run]) -> bytes:
    """Return the bytes of runs: the different outputs, then a line of fixed length for each run, then their texts."""
    outputs: dict[bytes, int] = {}
    lines: list[bytes] = []
    texts: list[bytes] = []
    for run in runs:
        body, asked = run.output, run.asked
        note = run.note.encode() if run.note else b""
        place = -1 if body is None else outputs.setdefault(body, len(outputs))
        claim = 2 if run.claim is None else int(run.claim)
        head = (run.trial, run.input, _NUMBERS[run.status], run.shared, claim, run.depth, run.queries)
        lines.append(_LINE.pack(*head, run.seconds, place, len(note), -1 if asked is None else len(asked)))
        if note or asked:
            texts += (note, asked or b"")
    bodies = [part for body in outputs for part in (_SIZE.pack(len(body)), body)]
    return b"".join((_SIZE.pack(len(outputs)), *bodies, _SIZE.pack(len(lines)), *lines, *texts))


def decode_runs(body: bytes) -> list[Run]:
    """Return the runs that `encode_runs` wrote; equal outputs are one object.

    Raises
    ------
    ValueError
        If none are written like that; nothing else is raised, whatever the bytes.
    """
    number, at = _size(body, 0)
    outputs: list[bytes | None] = []
    for _ in range(number):
        length, start = _size(body, at)
        at = start + length
        if at > len(body):
            raise ValueError("an output is cut off")
        outputs.append(body[start:at])
    number, at = _size(body, at)
    told = at + number * _LINE.size
    if told > len(body):
        raise ValueError("a run is cut off")
    lines = np.frombuffer(body, _FIELDS, number, at)
    _check(lines, len(outputs))
    notes, asked = lines["note"].tolist(), lines["asked"].tolist()
    if any(notes) or max(asked, default=-1) > 0:
        notes, asked, told = _texts(body, told, notes, asked)
    else:
        notes, asked = [""] * number, [None if size < 0 else b"" for size in asked]
    if told != len(body):
        raise ValueError("there is something after the runs")
    outputs.append(None)  # place -1
    columns = (
        lines["trial"].tolist(),
        lines["input"].tolist(),
        map(STATUSES.__getitem__, lines["status"].tolist()),
        map(bool, lines["shared"].tolist()),
        lines["depth"].tolist(),
        lines["queries"].tolist(),
        map(_CLAIMS.__getitem__, lines["claim"].tolist()),
        lines["seconds"].tolist(),
        map(outputs.__getitem__, lines["output"].tolist()),
        notes,
        asked,
    )
    return list(map(Run._make, zip(*columns, strict=True)))


def _size(body: bytes, at: int) -> tuple[int, int]:
    """Return the number that stands at a place, and the place after it."""
    if at + _SIZE.size > len(body):
        raise ValueError("a number is cut off")
    return int(_SIZE.unpack_from(body, at)[0]), at + _SIZE.size


def _check(lines: np.ndarray, outputs: int) -> None:
    """Raise ValueError where a line is none of a run."""
    output, seconds = lines["output"], lines["seconds"]
    possible = (
        (lines["status"] < len(STATUSES))
        & (lines["claim"] < len(_CLAIMS))
        & (lines["depth"] >= 0)
        & (lines["queries"] >= 0)
        & (seconds >= 0)
        & (seconds < 1e12)
        & (output >= -1)
        & (output < outputs)
        & (lines["note"] >= 0)
        & (lines["asked"] >= -1)
    )
    if not possible.all():
        raise ValueError("a run that none can be")
    if ((output >= 0) != (lines["status"] == _NUMBERS["halted"])).any():
        raise ValueError("what halts has an output, and nothing else")


def _texts(
    body: bytes, at: int, notes: list[int], asked: list[int]
) -> tuple[list[str], list[bytes | None], int]:
    """Return the notes and the questions of runs by their lengths, and the place after them."""
    words: list[str] = []
    logs: list[bytes | None] = []
    for note, log in zip(notes, asked, strict=True):
        logged = at + note
        words.append(body[at:logged].decode("utf-8", "replace"))
        at = logged + max(log, 0)
        logs.append(None if log < 0 else body[logged:at])
        if at > len(body):
            raise ValueError("a text of a run is cut off")
    return words, logs, at


def encode_questions(asked: set[tuple[int, int, int]]) -> bytes:
    """Return a set of questions (row, column, bits) as compressed JSON, in order."""
    return zlib.compress(json.dumps(sorted(asked), separators=(",", ":")).encode(), 9)


def decode_questions(body: bytes) -> list[tuple[int, int, int]]:
    """Return the questions that `encode_questions` wrote."""
    return [(row, column, bits) for row, column, bits in json.loads(zlib.decompress(body))]
