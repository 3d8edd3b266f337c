"""A worker's unit: run some trials of a cell, judge their outputs, and return rows for the store."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import itertools
import math
import multiprocessing
import operator
import pickle
import signal
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from algorithms.calling import Status
from algorithms.processes import be_clean, die_with_parent
from onehalf.plan.experiment import Cell
from onehalf.record.packed.pack import Half, pack_trials
from onehalf.record.rows import Chunk, Row, Run, impossible
from onehalf.running.supervisor import run_trials
from oracle.errors import BrokenFamily
from oracle.judge import REJECTED, Verdict
from oracle.loading.rehearsal import undisturbed
from oracle.problems import Problem

_UNJUDGED: tuple[str | None, float | None, bytes | None] = (None, None, None)
_judging = threading.Lock()
"""Threads that run trials judge one after the other: what is judged with may be imported on the way."""
_TRIAL, _PLACE = operator.attrgetter("trial"), operator.attrgetter("trial", "input")
_SECONDS = operator.attrgetter("seconds")
_TOLD = operator.attrgetter("shared", "status", "depth", "queries", "claim", "output", "note")
_Told = tuple[bool, Status, int, int, bool | None, bytes | None, str]
_BODY = 5


@lru_cache(maxsize=512)
def made_of(body: bytes) -> Any:
    """Return the cell or the problem that `oracle.namespaces.pack` wrote, the same object for the same bytes."""
    with undisturbed():
        return pickle.loads(body)


def forget_packed() -> None:
    """Forget what was unpacked: the files on which it rests are others from now on."""
    made_of.cache_clear()


def begin_worker(parent: int) -> None:
    """Make a new process a worker, before its first chunk: it ends when the run does, and heeds no Ctrl-C.

    Parameters
    ----------
    parent : int
        The process that starts it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(parent)()
    # joblib's own kind of worker is a program that is started anew, any other's a fork of who knows what.
    if type(multiprocessing.current_process()).__name__ == "LokyProcess":
        be_clean()


def work(index: int, body: bytes, key: tuple[int, int], start: int, stop: int) -> Chunk:
    """Run and judge trials start..stop−1 of a pickled cell, in a worker or in the parent."""
    cell: Cell = made_of(body)
    with _collection_paused():
        runs = run_trials(cell, key, start, stop)
        with _judging:
            return judge_runs(index, cell, start, stop, runs)


@contextlib.contextmanager
def _collection_paused() -> Iterator[None]:
    """Keep the cycle collector from walking a chunk's rows, in which there are no cycles, again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def judge_runs(index: int, cell: Cell, start: int, stop: int, runs: list[Run]) -> Chunk:
    """Return the judged rows of finished runs."""
    problem = cell.problem
    bodies = sorted({run.output for run in runs if run.output is not None})
    digests = {body: hashlib.sha256(body).digest()[:16] for body in bodies}
    verdicts = judge_bodies(problem, bodies)
    entries = {body: [_entry(verdict) for verdict in found] for body, found in verdicts.items()}
    names = [member.name for member in problem.inputs]
    bound = problem.bound(cell.policy)
    exclusive = [names.index(name) for name in bound.exclusive]
    twice = {
        body
        for body, found in verdicts.items()
        if sum(found[position].kind == "accepted" for position in exclusive) > 1
    }
    numbers, times, kinds = _sorted_out(runs)
    halves: list[list[Half]] = []
    double: set[int] = set()
    for number, (trial, served) in enumerate(kinds):
        shared = len(served) == 1
        if len(served) != (1 if served[0][0] else len(names)):
            raise RuntimeError(
                f"trial {trial}: {len(served)} runs recorded; the first is shared={served[0][0]}"
            )
        outcome: list[Half] = []
        for position, told in enumerate(served * len(names) if shared else served):
            run_shared, status, depth, queries, claim, body, note = told
            if not run_shared and impossible(False, depth, bound.depth):
                raise RuntimeError(
                    f"trial {trial}: an unshared run that asked no more than {bound.depth} digits"
                )
            verdict, margin, digest = _UNJUDGED
            if body is not None:
                verdict, margin, reason = entries[body][position]
                digest, note = digests[body], note or reason
            elif status == "invalid":
                verdict = REJECTED.kind
            flag = None if claim is None else int(claim)
            outcome.append((int(shared), status, verdict, margin, depth, queries, flag, note, digest))
        halves.append(outcome)
        if shared and served[0][_BODY] in twice:
            double.add(number)
    doubles = [start + at for at, number in enumerate(numbers) if number in double] if double else []
    outputs = {digest: body for body, digest in digests.items()}
    questions = [(run.trial, run.input, run.asked) for run in runs if run.asked is not None]
    seconds = sum(run.seconds for run in runs)
    packed = None if questions else pack_trials(start, numbers, times, halves)
    rows = [] if packed else _rows(start, numbers, times, halves)
    return Chunk(
        index, start, stop, rows, outputs, doubles, seconds, questions, cell.sealed, cell.sandbox, pack=packed
    )


def _sorted_out(
    runs: list[Run],
) -> tuple[list[int], list[tuple[float, ...]], list[tuple[int, tuple[_Told, ...]]]]:
    """Return each trial's number of its outcome, the times of its runs, and the outcomes with their first trials."""
    numbers: list[int] = []
    times: list[tuple[float, ...]] = []
    kinds: dict[tuple[_Told, ...], tuple[int, int]] = {}
    # A batch runs all its trials on one input before the next, so a trial's runs do not come one after another.
    for trial, group in itertools.groupby(sorted(runs, key=_PLACE), key=_TRIAL):
        served = list(group)
        numbers.append(kinds.setdefault(tuple(map(_TOLD, served)), (len(kinds), trial))[0])
        times.append(tuple(map(_SECONDS, served)))
    return numbers, times, [(trial, told) for told, (_, trial) in kinds.items()]


def _rows(
    start: int,
    numbers: Sequence[int],
    times: Sequence[tuple[float, ...]],
    halves: Sequence[Sequence[Half]],
) -> list[Row]:
    """Return a row for each trial and input."""
    return [
        (trial, position, *half[:7], spent[position if len(spent) > 1 else 0], *half[7:])
        for trial, (number, spent) in enumerate(zip(numbers, times, strict=True), start)
        for position, half in enumerate(halves[number])
    ]


def _entry(verdict: Verdict) -> tuple[str, float | None, str]:
    """Return what a row holds of a verdict: its kind, its margin as a plain float, and why it is undecided."""
    return verdict.kind, None if math.isnan(verdict.margin) else float(verdict.margin), verdict.reason


def judge_bodies(problem: Problem, bodies: list[bytes]) -> dict[bytes, tuple[Verdict, ...]]:
    """Return the verdicts on every input, by encoded output.

    Raises
    ------
    BrokenFamily
        If the family's judge raises, or gives another number of verdicts.
    """
    try:
        verdicts = problem.judge([problem.decode(body) for body in bodies])
    except MemoryError:
        raise
    except Exception as error:
        rule = f"its judge raises {type(error).__name__}: {error}"
        raise BrokenFamily("problem", problem.family, rule) from error
    if len(verdicts) != len(bodies) or any(len(found) != len(problem.inputs) for found in verdicts):
        rule = "its judge gives another number of verdicts than there are outputs and inputs"
        raise BrokenFamily("problem", problem.family, rule)
    return dict(zip(bodies, verdicts, strict=True))
