"""Audits held against random data: ``python -m benchmarks.boxes NUMBER SEED FILE …``.

Each file is audited (20, 30, 40, 52 bits and the decimals as written), its audit.json is proved again by the referee's
verifier, and then so many data sets are drawn for each reading with something certified: uniformly within the radii,
every third at corners of the box. Each is solved exactly, which the verifier's code proves from the basis or the signs;
whatever is certified must hold: digits, radii, feasibility, boundedness, uniqueness, the support. Exit status 1 if
something does not.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

import onehalf as oh
from onehalf import verify_audit, verify_regression
from onehalf.auditing.programs.finding import outcome_json
from onehalf.auditing.programs.judge import optimum
from onehalf.auditing.programs.model import ExactProgram
from onehalf.auditing.regression.penalised import Penalised, minimiser_of
from onehalf.auditing.report.document import audit_document
from onehalf.auditing.verdicts import CERTIFIED, Audit, Finding

_BITS = (20, 30, 40, 52)
_FINE = 1 << 20
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Solved:
    """What a data set has, proved.

    Attributes
    ----------
    point : tuple of Fraction
        The components of a minimiser, empty where there is none.
    alone : tuple of bool
        For each component, whether it has this value in all minimisers.
    answers : dict of str to bool or tuple
        What questions have for an answer.
    """

    point: tuple[Fraction, ...]
    alone: tuple[bool, ...]
    answers: dict[str, Any]


def shares(rng: random.Random, count: int, corner: bool) -> list[Fraction]:
    """Draw where in their intervals the data lie, from −1 to 1."""
    if corner:
        return [Fraction(rng.choice((-1, 1))) for _ in range(count)]
    return [Fraction(rng.randint(-_FINE, _FINE), _FINE) for _ in range(count)]


def program_solved(data: Data, radii: Sequence[Fraction], where: Sequence[Fraction]) -> Solved:
    """Return the outcome of a linear program in the box."""
    model = verify_audit.Model(data)  # type: ignore[arg-type]
    steps = dict(zip(model.keys, (w * u for w, u in zip(radii, where, strict=True)), strict=True))
    moved = model.moved(_signs(model, steps), {key: abs(step) for key, step in steps.items()})
    limits = moved.limits
    program = ExactProgram(
        tuple(moved.cost),
        tuple({i: a for i, a in column.items() if a} for column in moved.columns),
        *(tuple(limits[side]) for side in ("bl", "bu", "xl", "xu")),
    )
    outcome = optimum(program)
    if outcome is None:
        raise ValueError("the outcome of a data set was not found")
    kind, corner, value = verify_audit._outcome(moved, outcome_json(outcome, False))
    if kind != "optimal":
        return Solved((), (), {"feasible": kind == "unbounded", "bounded": kind != "unbounded"})
    offset = model.offset + steps.get(("o", 0, 0), 0)
    point = (*corner.point, model.sign * value + offset)
    alone = (*(corner.unique or corner.determined(j) for j in range(model.n)), True)
    return Solved(point, alone, {"feasible": True, "bounded": True})


def _signs(model: verify_audit.Model, steps: dict[Any, Fraction]) -> str:
    """Return the signs of steps; the sides of ranged rows, copies of one datum, stay where they are."""
    held = {i for kind, i, _ in model.keys if kind == "r"}
    held |= {i for kind, i, _ in model.keys if kind == "bl" and ("bu", i, 0) in steps}
    words = []
    for key, step in steps.items():
        if (key[0] in ("b", "bl", "bu") and key[1] in held) or key[0] in ("r", "o"):
            words.append("0")
        else:
            words.append("0" if not step else "+" if step > 0 else "-")
    return "".join(words)


def regression_solved(data: Data, radii: Sequence[Fraction], where: Sequence[Fraction]) -> Solved:
    """Return the minimiser of a regression in the box."""
    width = len(data["values"][0])
    numbers = [Fraction(x) for row in data["values"] for x in row]
    penalties = [Fraction(data[name] or 0) for name in ("penalty", "ridge")] if "penalty" in data else []
    moved = [x + w * u for x, w, u in zip([*numbers, *penalties], radii, where, strict=True)]
    table = [moved[i : i + width] for i in range(0, len(numbers), width)]
    if not penalties:
        point = tuple(verify_regression._least_squares(table, verify_audit))
        return Solved(point, (True,) * len(point), {})
    penalty, ridge = moved[len(numbers) :]
    found = minimiser_of(Penalised(np.array(table, dtype=object), penalty, ridge))
    if found is None:
        raise ValueError("the minimiser of a data set was not found")
    fit = verify_regression._Fit(table, penalty, ridge, found.signs, verify_audit)
    return Solved(tuple(fit.point), (True,) * len(fit.point), {"of the support shown": tuple(found.signs)})


def broken(finding: Finding, solved: Solved, data: Data) -> Iterator[str]:
    """Yield what is certified and does not hold."""
    for place, answer in enumerate(finding.answers):
        if answer.radius is None or answer.value is None:
            continue
        if not solved.point:
            yield f"{answer.name} is certified, and a data set has no minimiser"
        elif not solved.alone[place] or abs(solved.point[place] - answer.value) > answer.radius:
            yield f"{answer.name} lies outside of its enclosure, or has several values"
        elif answer.certified is not None and answer.radius > Fraction(10) ** -answer.certified:
            yield f"{answer.name} has fewer digits than are certified"
    for decision in finding.decisions:
        if decision.verdict != CERTIFIED or decision.question not in solved.answers:
            continue
        if decision.question == "of the support shown":
            wanted: Any = tuple(data["signs"])
        else:
            wanted = not decision.words.startswith("no program")
        if solved.answers[decision.question] != wanted:
            yield f"certified, and not so: {decision.words}"
        if decision.single and not all(solved.alone):
            yield f"certified, and there are several minimisers: {decision.words}"


def campaign(audit: Audit, number: int, rng: random.Random) -> tuple[int, int, list[str]]:
    """Hold an audit against random data: how many were solved, how many comparisons were made, and what was wrong."""
    document = json.loads(json.dumps(audit_document(audit)))
    wrong, solved, compared = [], 0, 0
    try:
        verify_audit.verify_audit(json.dumps(document))
    except verify_audit.RefusedAudit as refusal:
        wrong.append(f"refused: {refusal}")
    solve = program_solved if audit.kind == "linear program" else regression_solved
    for finding in audit.findings:
        certain = sum(answer.radius is not None for answer in finding.answers)
        certain += sum(decision.verdict == CERTIFIED for decision in finding.decisions)
        radii = [Fraction(w) for w in finding.proof["radii"]]
        if "penalty" in document["data"]:
            radii += [Fraction(finding.proof[name]) for name in ("penalty_radius", "ridge_radius")]
        for count in range(number if certain and any(radii) else 0):
            found = solve(document["data"], radii, shares(rng, len(radii), count % 3 == 2))
            wrong += [f"{finding.title}: {words}" for words in broken(finding, found, document["data"])]
            solved, compared = solved + 1, compared + certain
    return solved, compared, wrong


def main(arguments: Sequence[str]) -> int:
    """Print a row for each file."""
    number, seed, *files = arguments
    print(
        "| file | readings with something certified × data | certified things held | pairs | wrong | seconds |"
    )
    print("|---" * 6 + "|")
    status = 0
    for name in files:
        started = time.monotonic()
        audit = oh.audit(Path(name), bits=list(_BITS), decimals=True)
        solved, compared, wrong = campaign(audit, int(number), random.Random(f"{seed} {name}"))
        pairs = sum(a.pair is not None for f in audit.findings for a in f.answers)
        pairs += sum(d.pair is not None for f in audit.findings for d in f.decisions)
        seconds = time.monotonic() - started
        stem = Path(name).name
        print(f"| {stem} | {solved:,} | {compared:,} | {pairs} | {len(wrong)} | {seconds:.0f} |", flush=True)
        print("".join(f"  {words}\n" for words in sorted(set(wrong))), end="", flush=True)
        status |= bool(wrong)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
