"""Certificates: what was run and found in one cell, in one self-contained JSON file that a referee can check.

The format is the one that `onehalf.verify_standalone` reads; docs/certificates.md describes every entry.
"""

from __future__ import annotations

import base64
import itertools
import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from algorithms.registry import Spec
from analysis.statistics.exact_limits import sequence_limits
from analysis.statistics.theorems import bound_value
from onehalf.adversary.events import tally
from onehalf.plan.experiment import Cell, Experiment
from onehalf.proof.stated import output_text, stated_document
from onehalf.record.directory import TRIALS
from onehalf.record.rows import decode_questions
from onehalf.verify_standalone import (
    MOST,
    NAME,
    STATED,
    VERSION,
    Refused,
    Trial,
    canonical,
    level,
    make,
    seal,
    sentence,
    stated,
)
from oracle.errors import InvalidValue
from oracle.instances.problem import InstanceProblem
from oracle.networks import Network
from oracle.problems import Input, Oracle, Problem
from oracle.session import Budget

Question = tuple[int, int, int]


def check_certifiable(spec: Spec, problem: Problem, budget: Budget) -> None:
    """Raise `InvalidValue` if nothing bounds an algorithm on a problem, or a certificate could not be written of it."""
    if budget.digits > MOST:
        raise InvalidValue("digits", budget.digits, f"a certificate shows at most {MOST:,}", f"take {MOST}")
    if not budget.seconds <= MOST:
        raise InvalidValue("seconds", budget.seconds, f"must be at most {MOST:,}", "take for example 20")
    if not NAME.fullmatch(spec.name):
        rule = "a certificate prints names of letters, digits and - + . : @ _, words apart by single spaces"
        raise InvalidValue("algorithm", spec.name, rule, "give it another name")
    if not problem.bound(_first_policy(problem)).limits:
        raise InvalidValue(
            "problem",
            problem.family,
            "has one output that serves every input with these parameters, so nothing limits an algorithm",
            "take other parameters, or another family",
        )


def _first_policy(problem: Problem) -> str:
    for policy in problem.policies:
        try:
            return problem.check_policy(policy)
        except InvalidValue:
            continue
    return problem.policies[0]


def referee_of(problem: Problem) -> str:
    """Return the problem's family in the standalone verifier; "" where that cannot check these parameters."""
    try:
        if isinstance(problem, InstanceProblem):
            return problem.referee if problem.referee and stated(stated_document(problem)).exclusive() else ""
        known = make(problem.referee, json.loads(json.dumps(dict(problem.parameters()))))
        return problem.referee if known.exclusive() else ""
    except (Refused, ValueError):
        return ""


def certificate(directory: Path, experiment: Experiment, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the certificate of an experiment of one cell that logged its questions.

    Parameters
    ----------
    directory : Path
        Where the experiment is.
    experiment : Experiment
        The plan as it was carried out: one cell, with the number of trials that count.
    plan : mapping
        The written plan, which becomes part of the certificate.
    """
    cell, key = experiment.cells[0], experiment.keys()[0]
    problem, bound = cell.problem, cell.problem.bound(cell.policy)
    names = [member.name for member in problem.inputs]
    body, served = _body(cell, _rows(directory / TRIALS, cell.trials), len(names))
    found = tally(bound, names, served, plan["open"])
    error = 1 - Fraction(plan["confidence"])
    counts = {name: _counts([trial[1][i] for trial in served]) for i, name in enumerate(names)}
    for name in names:
        counts[name]["open"] = found.opened.get(name, 0)
    limits = {
        name: _limits(counts[name]["successes"], counts[name]["open"], cell.trials, error) for name in names
    }
    shares = _limits(found.spent, found.hidden, cell.trials, error)
    ideal, low, high = (bound_value(bound.theorem, bound.breadth, u) for u in (Fraction(0), *shares))
    referee = referee_of(problem)
    document: dict[str, Any] = {
        "certificate": VERSION,
        "problem": {"family": problem.family, "parameters": dict(problem.parameters())},
        "referee": referee,
        "closeness": problem.closeness,
        "oracle": cell.policy,
        "inputs": names,
        "coupling_depth": bound.depth,
        "theorem": bound.theorem,
        "algorithm": {**plan["algorithm"], "origin": written_origin(cell.spec)},
        "budget": plan["budget"],
        "plan": dict(plan),
        "seed": {"root": experiment.seed, "stream": f"{key[1]:016x}{key[0]:016x}"},
        "trials": cell.trials,
        "target": plan["target"],
        "confidence": plan["confidence"],
        "margin": plan["margin"],
        "counts": counts,
        "limits": {name: _written(ends) for name, ends in limits.items()},
        "bound": {
            "ideal": str(ideal),
            "spent": {"count": found.spent, "hidden": found.hidden, "limits": _written(shares)},
            "low": str(low),
            "high": str(high),
        },
        "body": base64.b64encode(zlib.compress(json.dumps(body, separators=(",", ":")).encode(), 9)).decode(),
    }  # fmt: skip
    if isinstance(problem, InstanceProblem) and referee:
        document[STATED] = stated_document(problem)
    document = json.loads(json.dumps(document))
    document["conclusive"] = limits[plan["target"]][1] <= level(document)
    document["statement"] = sentence(document)
    document["sha256"] = seal(document)
    return document


def written_origin(spec: Spec) -> str:
    """Return where an algorithm comes from, without the folders of a place."""
    return spec.origin if spec.origin in ("shipped", "installed") else Path(spec.origin).name or spec.name


def write_certificate(document: Mapping[str, Any]) -> str:
    """Return the one text in which a certificate is valid."""
    return canonical(dict(document))


def _rows(path: Path, trials: int) -> list[tuple[Any, ...]]:
    """Return trial, input, shared, status, verdict, output and questions of the trials that count, in order."""
    with sqlite3.connect(path) as connection:
        found = connection.execute(
            "SELECT o.trial, o.input, o.shared, o.status, o.verdict, b.body, q.body FROM outcomes o "
            "LEFT JOIN outputs b ON o.output = b.digest "
            "LEFT JOIN questions q ON q.cell = o.cell AND q.trial = o.trial AND q.input = o.input "
            "WHERE o.cell = 0 AND o.trial < ? ORDER BY o.trial, o.input",
            (trials,),
        ).fetchall()
    connection.close()
    return found


def _body(cell: Cell, rows: Sequence[tuple[Any, ...]], width: int) -> tuple[dict[str, Any], list[Trial]]:
    """Return the log of all runs, and for each trial whether it was shared, status and success by input, and log."""
    outputs: dict[bytes, int] = {}
    questions: dict[bytes, int] = {}
    runs: list[list[Any]] = []
    served: list[Trial] = []
    for trial, group in itertools.groupby(rows, key=lambda row: row[0]):
        inputs = list(group)
        shared = bool(inputs[0][2])
        results = [(row[3], row[4] == "accepted") for row in inputs]
        logged = True
        for position in range(1 if shared else width):
            _, _, _, status, _, output, asked = inputs[position]
            number = -1 if output is None else outputs.setdefault(output, len(outputs))
            group_number = -1 if asked is None else questions.setdefault(asked, len(questions))
            verdicts = [right for _, right in (results if shared else results[position : position + 1])]
            runs.append([trial, position, int(shared), status, group_number, number, verdicts])
            logged = logged and asked is not None
        served.append((shared, results, logged))
    groups = [decode_questions(body) for body in questions]
    body = {
        "questions": groups,
        "answers": [_answers(cell, question) for question in _distinct(cell, groups)],
        "outputs": [output_of(cell.problem, output) for output in outputs],
        "runs": runs,
    }
    return body, served


def _distinct(cell: Cell, groups: Iterable[list[Question]]) -> list[Question]:
    """Return every question within the budget; row −1 stands for the whole table. Beyond it there was no answer."""
    rows, columns = cell.problem.facts.shape
    found: set[Question] = set()
    for row, column, bits in itertools.chain(*groups):
        if bits <= cell.budget.digits:
            places = itertools.product(range(rows), range(columns)) if row < 0 else [(row, column)]
            found |= {(i, j, bits) for i, j in places}
    return sorted(found)


def _answers(cell: Cell, question: Question) -> list[Any]:
    """Return a question with the answer that the oracle gives on each input, as hexadecimal m and s of m·2^-s."""
    row, column, bits = question
    shown = [_dyadic(cell, member, (row, column), bits) for member in cell.problem.inputs]
    return [row, column, bits, *shown]


def _dyadic(cell: Cell, member: Input, index: tuple[int, int], bits: int) -> list[Any]:
    answer = Oracle(cell.problem, member, cell.policy).answer(index, bits)
    return [f"{answer.numerator:x}", answer.denominator.bit_length() - 1]


def output_of(problem: Problem, body: bytes) -> Any:
    """Return an encoded output as it stands in a certificate: numbers that the referee reads, or the bytes."""
    if not problem.referee:
        return body.hex()
    output = problem.decode(body)
    if isinstance(problem, InstanceProblem):
        return output_text(problem, output)
    if isinstance(output, Network):
        flat = [x for w, b in output.layers for x in (*w.ravel().tolist(), *b.tolist())]
        return {"architecture": list(output.architecture), "weights": [_number(x) for x in flat]}
    return [_number(x) for x in output]


def _number(value: float | Fraction) -> str:
    return value.hex() if isinstance(value, float) else f"{value.numerator:x}/{value.denominator:x}"


def _counts(outcomes: list[tuple[str, bool]]) -> dict[str, Any]:
    statuses = [status for status, _ in outcomes]
    return {
        "successes": sum(right for _, right in outcomes),
        "statuses": {status: statuses.count(status) for status in sorted(set(statuses))},
    }


def _limits(seen: int, hidden: int, trials: int, error: Fraction) -> tuple[Fraction, Fraction]:
    """Return the lower limit of what was seen, and the upper one of that and what may be beyond the budget."""
    return sequence_limits(seen, trials, error)[0], sequence_limits(seen + hidden, trials, error)[1]


def _written(ends: tuple[Fraction, Fraction]) -> list[str]:
    return [f"{float(end):.6f}" for end in ends]
