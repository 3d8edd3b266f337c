"""Trials of a certificate run again, where the algorithm is at hand."""

from __future__ import annotations

import base64
import itertools
import json
import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from algorithms.parameters.spelling import spell
from algorithms.registry import Spec, resolve, same_source, shipped_names
from onehalf.adversary.beyond import PROBED, beyond, larger
from onehalf.adversary.certificate import output_of
from onehalf.adversary.events import LIMIT
from onehalf.plan.experiment import Cell, Experiment
from onehalf.proof.stated import stated_document
from onehalf.record.rows import decode_questions
from onehalf.running.supervisor import run_trials
from onehalf.verify_standalone import STATED, Refused
from oracle.errors import InvalidValue
from oracle.families import make_problem
from oracle.instances.problem import InstanceProblem
from oracle.problems import Problem
from oracle.session import Budget

_REMEDY = "name the file, or exec:program"
_FAMILY = "say where its file is: --problem FILE"
_STRETCH = 64


@dataclass(frozen=True)
class Rerun:
    """What running trials again gave.

    Attributes
    ----------
    trials : tuple of int
        The trials that were run.
    different : tuple of int
        Those of them whose status, output, questions or sharing is not the recorded one.
    """

    trials: tuple[int, ...]
    different: tuple[int, ...]


class NotAtHand(InvalidValue):
    """The algorithm of a certificate is not here, or its source is another."""


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
    NotAtHand
        If it is not at hand, or its source is another.
    Refused
        If it bears the name of one that ships and is said to come from elsewhere, or is said to ship and has a source
        that no release had. (The coins are keyed by the name, so that nobody else's can be under it.)
    """
    written = document["algorithm"]
    name, origin, digest = written["name"], written["origin"], written["sha256"]
    if (origin == "shipped") != (name in shipped_names()):
        came = (
            "is said to ship with onehalf, and does not"
            if origin == "shipped"
            else f"ships, and not from {origin}"
        )
        raise Refused(f"the algorithm {name} {came}")
    if place is None and origin not in ("shipped", "installed"):
        raise NotAtHand("algorithm", written["label"], f"comes from {origin}", remedy)
    head = name if place is None else place
    try:
        spec = resolve(spell(head, sorted(written["parameters"].items())))
    except InvalidValue as error:
        if origin == "shipped" and place is None and written["parameters"]:
            raise Refused(f"the {name} that ships cannot be {written['label']} ({error})") from error
        raise
    if spec.name == name and same_source(name, spec.origin, digest, spec.digest):
        return spec
    if origin == "shipped" and place is None:
        raise Refused(
            f"the {name} that ships has another source than SHA-256 {digest[:12]}…, and had in release 0.1"
        )
    rule = f"is not the {name} whose source has SHA-256 {digest[:12]}…"
    raise NotAtHand("algorithm", head, rule, "give the same source")


def family_of(document: Mapping[str, Any], place: str | None = None) -> Problem:
    """Return the problem of a certificate; of one that is stated by instances, its instances must be the same.

    Parameters
    ----------
    place : str, optional
        Where its family is, as in ``near_duplicates.py``: needed unless it ships or is installed.

    Raises
    ------
    NotAtHand
        If its family is not at hand.
    Refused
        If the family states other instances.
    """
    written = document["problem"]
    name = written["family"] if place is None else place
    try:
        problem = make_problem(name, written["parameters"])
    except InvalidValue as error:
        if STATED not in document:
            raise
        raise NotAtHand("problem", name, f"is not at hand ({error})", _FAMILY) from error
    if problem.family != written["family"]:
        raise NotAtHand("problem", name, f"is the family {problem.family}, not {written['family']}", _FAMILY)
    mine = stated_document(problem) if isinstance(problem, InstanceProblem) and STATED in document else None
    if mine != document.get(STATED):
        raise Refused(f"the instances are not those that {problem.family} states with these parameters")
    return problem


def rerun(
    document: Mapping[str, Any], spec: Spec, number: int | None, problem: Problem | None = None
) -> Rerun:
    """Run trials of a certificate again, from their seeds, and compare statuses, outputs, questions and sharing.

    Of a run that met a budget or died the questions are not compared: how far it came may be a matter of time.

    Parameters
    ----------
    number : int or None
        How many, chosen at random; None for all.
    problem : Problem, optional
        The problem, where its family is not to be found by its name.
    """
    cell, key = _cell(document, spec, problem, Budget(**document["budget"]))
    body = _unpacked(document)
    recorded: dict[int, list[list[Any]]] = {}
    for trial, position, shared, status, asked, output, _ in body["runs"]:
        made = body["outputs"][output] if output >= 0 else None
        questions = sorted(map(list, body["questions"][asked])) if asked >= 0 else None
        recorded.setdefault(trial, []).append(_comparable(position, shared, status, made, questions))
    everything = range(cell.trials)
    chosen = (
        everything if number is None or number >= cell.trials else sorted(random.sample(everything, number))
    )
    different: list[int] = []
    for start, stop in _stretches(chosen):
        again: dict[int, list[list[Any]]] = {}
        for run in run_trials(cell, key, start, stop):
            made = None if run.output is None else output_of(cell.problem, run.output)
            questions = None if run.asked is None else sorted(map(list, decode_questions(run.asked)))
            found = _comparable(run.input, int(run.shared), run.status, made, questions)
            again.setdefault(run.trial, []).append(found)
        different += [trial for trial in range(start, stop) if again[trial] != recorded[trial]]
    return Rerun(tuple(chosen), tuple(different))


def late(document: Mapping[str, Any], spec: Spec, problem: Problem | None = None) -> str:
    """Return what runs on ι⁰ do, with more digits, that contradicts that what met the budget there is not open; or "".

    Which inputs are open is fixed in the plan, by what a study showed. A plan that was made up for an algorithm without
    coins has seeds that give the same runs, and only this shows it.
    """
    inputs = document["inputs"]
    closed = [name for name in inputs if name not in document["plan"].get("open", inputs)]
    places = {inputs.index(n) for n in closed if document["counts"][n]["statuses"].get("no_halt")}
    if not places:
        return ""
    met: dict[int, set[int]] = {}
    for trial, position, shared, status, *_ in _unpacked(document)["runs"]:
        if status == "no_halt":
            met.setdefault(trial, set()).update(range(len(inputs)) if shared else [position])
    alone = [trial for trial, positions in met.items() if positions <= places]
    chosen = sorted(random.sample(alone, min(PROBED, len(alone))))
    budget = Budget(**document["budget"])
    cell, key = _cell(document, spec, problem, larger(budget))
    after = [
        (run.status, run.depth)
        for trial in chosen
        for run in run_trials(cell, key, trial, trial + 1)
        if run.shared or run.input in met[trial]
    ]
    found = beyond(budget, [("no_halt", 0)] * len(after), after, "ι⁰" if closed == [LIMIT] else "limits")
    return found.sentence if any(status != "no_halt" for status, _ in after) else ""


def _cell(
    document: Mapping[str, Any], spec: Spec, problem: Problem | None, budget: Budget
) -> tuple[Cell, tuple[int, int]]:
    """Return the cell of a certificate with some budget, and the key of its coins."""
    if problem is None:
        problem = family_of(document)
    cell = Cell(problem, document["oracle"], spec, document["trials"], budget, log=True, sealed=True)
    return cell, Experiment("again", document["seed"]["root"], (cell,)).keys()[0]


def _unpacked(document: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(document["body"])))
    return body


def _comparable(position: int, shared: int, status: str, output: Any, questions: Any) -> list[Any]:
    return [position, status, output, *([] if status in ("no_halt", "crashed") else [shared, questions])]


def _stretches(trials: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield ranges (start, stop) of successive trials, none too long to be run in one go."""
    start = None
    for trial, after in itertools.pairwise([*trials, -1]):
        start = trial if start is None else start
        if after != trial + 1 or after - start >= _STRETCH:
            yield start, trial + 1
            start = None
