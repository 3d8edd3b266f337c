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
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from analysis.statistics.exact_limits import sequence_limits
from analysis.statistics.theorems import bound_value
from analysis.summary.limit import excepted
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Cell, Experiment
from onehalf.record.directory import TRIALS
from onehalf.record.rows import decode_questions
from onehalf.verify_standalone import MOST, VERSION, canonical, seal, sentence
from oracle.costs import COSTS
from oracle.errors import InvalidValue
from oracle.networks import Network
from oracle.numbers import Irrational
from oracle.problems import Input, Oracle, Problem
from oracle.session import Budget

FAMILIES = ("training", "linear-program", "simplex")
Question = tuple[int, int, int]


@dataclass(frozen=True)
class Terms:
    """What a confirmation is about, fixed before its first trial.

    Attributes
    ----------
    target : str
        Name of the input on which the algorithm is said to fail.
    confidence : Fraction
        Level of every confidence sequence.
    margin : Fraction
        How far above the bound the upper limit may lie for the certificate to be conclusive.
    """

    target: str
    confidence: Fraction = Fraction(19, 20)
    margin: Fraction = Fraction(1, 20)


def check_certifiable(problem: Problem, budget: Budget) -> None:
    """Raise `InvalidValue` if the standalone verifier could not check a certificate of a problem."""
    if budget.digits > MOST:
        raise InvalidValue("digits", budget.digits, f"a certificate shows at most {MOST:,}", f"take {MOST}")
    if problem.family not in FAMILIES:
        raise InvalidValue(
            "problem",
            problem.family,
            f"certificates are made for {', '.join(FAMILIES)}",
            "choose one of these",
        )
    if isinstance(problem, AlternatingTraining):
        if isinstance(problem.a, Irrational):
            raise InvalidValue(
                "a",
                problem.parameters()["a"],
                "a certificate is checked in rational arithmetic",
                "take a rational a",
            )
        if problem.cost not in COSTS.values():
            raise InvalidValue(
                "cost",
                problem.parameters()["cost"],
                "a certificate is checked without a user's code",
                f"take one of {', '.join(COSTS)}",
            )


def certificate(
    directory: Path, experiment: Experiment, terms: Terms, plan: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the certificate of an experiment of one cell that logged its questions.

    Parameters
    ----------
    directory : Path
        Where the experiment is.
    experiment : Experiment
        The plan as it was carried out: one cell, with the number of trials that count.
    terms : Terms
        What was fixed beforehand.
    plan : mapping
        The written plan, which becomes part of the certificate.

    Raises
    ------
    InvalidValue
        If the problem's verdicts cannot be made again by the standalone verifier.
    """
    cell, key = experiment.cells[0], experiment.keys()[0]
    problem, bound = cell.problem, cell.problem.bound(cell.policy)
    check_certifiable(problem, cell.budget)
    rows = _rows(directory / TRIALS, cell.trials)
    names = [member.name for member in problem.inputs]
    body, served = _body(cell, rows, len(names))
    counts = {name: _counts([trial[i] for _, trial in served]) for i, name in enumerate(names)}
    event = _spent(served, names, bound.exclusive, bound.limit, bound.theorem)
    error = 1 - terms.confidence
    limits = {name: sequence_limits(counts[name]["successes"], cell.trials, error) for name in names}
    shares = sequence_limits(event, cell.trials, error)
    ideal, low, high = (bound_value(bound.theorem, len(bound.exclusive), u) for u in (Fraction(0), *shares))
    document: dict[str, Any] = {
        "certificate": VERSION,
        "problem": {"family": problem.family, "parameters": dict(problem.parameters())},
        "oracle": cell.policy,
        "inputs": names,
        "coupling_depth": bound.depth,
        "theorem": bound.theorem,
        "algorithm": {
            "name": cell.spec.name,
            "label": cell.spec.label,
            "parameters": dict(cell.spec.parameters),
            "origin": cell.spec.origin if cell.spec.origin in ("shipped", "installed") else Path(cell.spec.origin).name,
            "sha256": cell.spec.digest,
        },
        "budget": {"digits": cell.budget.digits, "seconds": cell.budget.seconds},
        "plan": dict(plan),
        "seed": {"root": experiment.seed, "stream": f"{key[1]:016x}{key[0]:016x}"},
        "trials": cell.trials,
        "target": terms.target,
        "confidence": str(terms.confidence),
        "margin": str(terms.margin),
        "counts": counts,
        "limits": {name: _written(ends) for name, ends in limits.items()},
        "bound": {
            "ideal": str(ideal),
            "spent": {"count": event, "limits": _written(shares)},
            "low": str(low),
            "high": str(high),
        },
        "conclusive": limits[terms.target][1] <= low + terms.margin,
        "body": base64.b64encode(zlib.compress(json.dumps(body, separators=(",", ":")).encode(), 9)).decode(),
    }  # fmt: skip
    document = json.loads(json.dumps(document))
    document["statement"] = sentence(document)
    document["sha256"] = seal(document)
    return document


def write_certificate(document: Mapping[str, Any]) -> str:
    """Return the one text in which a certificate is valid."""
    return canonical(dict(document))


Outcome = tuple[str, bool]
Served = list[tuple[bool, list[Outcome]]]


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


def _body(cell: Cell, rows: Sequence[tuple[Any, ...]], width: int) -> tuple[dict[str, Any], Served]:
    """Return the log of all runs, and for each trial whether it was shared, with status and success by input."""
    outputs: dict[bytes, int] = {}
    questions: dict[bytes, int] = {}
    runs, served = [], []
    for trial, group in itertools.groupby(rows, key=lambda row: row[0]):
        inputs = list(group)
        shared = bool(inputs[0][2])
        results = [(row[3], row[4] == "accepted") for row in inputs]
        served.append((shared, results))
        for position in range(1 if shared else width):
            _, _, _, status, _, output, asked = inputs[position]
            number = -1 if output is None else outputs.setdefault(output, len(outputs))
            group_number = -1 if asked is None else questions.setdefault(asked, len(questions))
            verdicts = [right for _, right in (results if shared else results[position : position + 1])]
            runs.append([trial, position, int(shared), status, group_number, number, verdicts])
    groups = [decode_questions(body) for body in questions]
    body = {
        "questions": groups,
        "answers": [_answers(cell, question) for question in _distinct(cell.problem, groups)],
        "outputs": [output_of(cell.problem, output) for output in outputs],
        "runs": runs,
    }
    return body, served


def _distinct(problem: Problem, groups: Iterable[list[Question]]) -> list[Question]:
    """Return every question that was asked; row −1 stands for the whole table."""
    rows, columns = problem.facts.shape
    found: set[Question] = set()
    for row, column, bits in itertools.chain(*groups):
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
    """Return an encoded output as it stands in a certificate."""
    output = problem.decode(body)
    if isinstance(output, Network):
        flat = [x for w, b in output.layers for x in (*w.ravel().tolist(), *b.tolist())]
        return {"architecture": list(output.architecture), "weights": [_number(x) for x in flat]}
    return [_number(x) for x in output]


def _number(value: float | Fraction) -> str:
    return value.hex() if isinstance(value, float) else f"{value.numerator:x}/{value.denominator:x}"


def _counts(outcomes: list[Outcome]) -> dict[str, Any]:
    statuses = [status for status, _ in outcomes]
    return {
        "successes": sum(right for _, right in outcomes),
        "statuses": {status: statuses.count(status) for status in sorted(set(statuses))},
    }


def _spent(served: Served, names: Sequence[str], exclusive: Sequence[str], limit: str, theorem: str) -> int:
    """Number of trials in the event that the theorem's proof must except."""
    if not limit:
        return sum(not shared for shared, _ in served)
    rows = [
        {
            "count": 1,
            "shared": shared,
            "verdicts": ["accepted" if right else None for _, right in outcomes],
            "statuses": [status for status, _ in outcomes],
        }
        for shared, outcomes in served
    ]
    return excepted(rows, names, exclusive, limit, theorem)


def _written(ends: tuple[Fraction, Fraction]) -> list[str]:
    return [f"{float(end):.6f}" for end in ends]
