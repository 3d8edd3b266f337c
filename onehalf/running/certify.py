"""Certificates of stored outputs: a pass after the run, parallel, resumable, each written once."""

from __future__ import annotations

import json
from collections.abc import Iterator

from onehalf.plan.experiment import Experiment
from onehalf.record.described import Recorded
from onehalf.record.store import Store
from onehalf.running.backends.engine import Engine
from onehalf.running.listener import Listener
from onehalf.running.worker import made_of
from oracle.namespaces import pack
from oracle.problems import Certified, Problem

_CHUNK = 8

Body = tuple[bytes, bytes]


def certify_outputs(experiment: Experiment, store: Store, engine: Engine, listener: Listener) -> None:
    """Certify every stored output of a certified family that has no certificate yet.

    A certificate is a pure function of the problem and the output, so that an interruption costs time alone.

    Parameters
    ----------
    engine : Engine
        Where it is done.
    listener : Listener
        Told the number of outputs certified and of all, first with 0; not at all where there is none to do.
    """
    chunks = list(_chunks(experiment, store))
    if not chunks:
        return
    done, total = 0, sum(len(outputs) for _, _, outputs in chunks)
    listener.assessed(done, total)
    for index, rows in engine.results(_work, chunks):
        store.write_certificates(index, rows)
        done += len(rows)
        listener.assessed(done, total)


def certified(experiment: Recorded, store: Store) -> tuple[int, int]:
    """Return how many trials of certified families have a certificate, and how many have an output to certify."""
    cells = [i for i, cell in enumerate(experiment.cells) if cell.certified]
    return sum(len(store.certificates(i)) for i in cells), sum(store.outputs(i) for i in cells)


def _chunks(experiment: Experiment, store: Store) -> Iterator[tuple[int, bytes, list[Body]]]:
    for index, cell in enumerate(experiment.cells):
        if isinstance(cell.problem, Certified):
            bodies = store.uncertified(index)
            problem = pack(cell.problem) if bodies else b""
            for start in range(0, len(bodies), _CHUNK):
                yield index, problem, bodies[start : start + _CHUNK]


def _work(index: int, body: bytes, outputs: list[Body]) -> tuple[int, list[tuple[bytes, str]]]:
    problem: Problem = made_of(body)
    assert isinstance(problem, Certified)
    return index, [
        (digest, json.dumps(problem.certify(problem.decode(output)))) for digest, output in outputs
    ]
