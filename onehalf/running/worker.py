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
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from algorithms.processes import be_clean, die_with_parent
from onehalf.plan.experiment import Cell
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
    positions = range(len(names))
    rows: list[Row] = []
    doubles: list[int] = []
    # A batch runs all its trials on one input before the next, so a trial's runs do not come one after another.
    for trial, group in itertools.groupby(sorted(runs, key=_PLACE), key=_TRIAL):
        served = list(group)
        shared = len(served) == 1
        if len(served) != (1 if served[0].shared else len(names)):
            raise RuntimeError(
                f"trial {trial}: {len(served)} runs recorded; the first is shared={served[0].shared}"
            )
        for run in served:
            if not run.shared and impossible(False, run.depth, bound.depth):
                raise RuntimeError(
                    f"trial {trial}: an unshared run that asked no more than {bound.depth} digits"
                )
        if shared:
            served = served * len(names)
        for position, run in zip(positions, served, strict=True):
            claim = None if run.claim is None else int(run.claim)
            verdict, margin, digest = _UNJUDGED
            note = run.note
            if run.output is not None:
                verdict, margin, reason = entries[run.output][position]
                digest, note = digests[run.output], note or reason
            elif run.status == "invalid":
                verdict = REJECTED.kind
            head = (trial, position, int(shared), run.status, verdict, margin, run.depth, run.queries)
            rows.append((*head, claim, run.seconds, note, digest))
        if shared and served[0].output in twice:
            doubles.append(trial)
    outputs = {digest: body for body, digest in digests.items()}
    questions = [(run.trial, run.input, run.asked) for run in runs if run.asked is not None]
    seconds = sum(run.seconds for run in runs)
    return Chunk(index, start, stop, rows, outputs, doubles, seconds, questions, cell.sealed, cell.sandbox)


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
