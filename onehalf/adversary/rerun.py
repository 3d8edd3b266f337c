"""Trials of a certificate run again, where the algorithm is at hand."""

from __future__ import annotations

import base64
import json
import random
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from algorithms.parameters.spelling import spell
from algorithms.registry import Spec, resolve, same_source
from onehalf.adversary.certificate import output_of
from onehalf.plan.experiment import Cell, Experiment
from onehalf.running.supervisor import run_trials
from oracle.errors import InvalidValue
from oracle.families import make_problem
from oracle.session import Budget

_REMEDY = "name the file, or exec:program"


@dataclass(frozen=True)
class Rerun:
    """What running trials again gave.

    Attributes
    ----------
    trials : tuple of int
        The trials that were run.
    different : tuple of int
        Those of them whose status or output is not the recorded one.
    """

    trials: tuple[int, ...]
    different: tuple[int, ...]


def algorithm_of(document: Mapping[str, Any], place: str | None = None, remedy: str = _REMEDY) -> Spec:
    """Return the algorithm of a certificate.

    Parameters
    ----------
    document : mapping
        The certificate.
    place : str, optional
        Where it is, as in ``my_trainer.py``: needed unless it ships or is installed.
    remedy : str
        What to do where it is needed and missing.

    Raises
    ------
    InvalidValue
        If it is not at hand, or its source is another.
    """
    written = document["algorithm"]
    shipped = written["origin"] in ("shipped", "installed")
    if place is None and not shipped:
        raise InvalidValue(
            "algorithm",
            written["label"],
            f"comes from {written['origin']}",
            remedy,
        )
    head = written["name"] if place is None else place
    spec = resolve(spell(head, sorted(written["parameters"].items())))
    same = spec.name == written["name"]
    if not same or not same_source(spec.name, spec.origin, written["sha256"], spec.digest):
        raise InvalidValue(
            "algorithm",
            head,
            f"is not the {written['name']} whose source has SHA-256 {written['sha256'][:12]}…",
            "give the same source",
        )
    return spec


def rerun(document: Mapping[str, Any], spec: Spec, number: int) -> Rerun:
    """Run a random sample of a certificate's trials again, from their seeds, and compare status and output."""
    problem = make_problem(document["problem"]["family"], document["problem"]["parameters"])
    cell = Cell(problem, document["oracle"], spec, document["trials"], Budget(**document["budget"]))
    key = Experiment("again", document["seed"]["root"], (cell,)).keys()[0]
    body = json.loads(zlib.decompress(base64.b64decode(document["body"])))
    recorded: dict[int, list[Any]] = {}
    for trial, position, _, status, _, output, _ in body["runs"]:
        made = body["outputs"][output] if output >= 0 else None
        recorded.setdefault(trial, []).append([position, status, made])
    sample = sorted(random.sample(range(cell.trials), min(number, cell.trials)))
    different = []
    for trial in sample:
        again = [
            [run.input, run.status, None if run.output is None else output_of(problem, run.output)]
            for run in run_trials(cell, key, trial, trial + 1)
        ]
        different += [trial] * (again != recorded[trial])
    return Rerun(tuple(sample), tuple(different))
