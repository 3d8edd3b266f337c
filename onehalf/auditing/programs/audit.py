"""A linear program audited at several readings of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from joblib import Parallel, cpu_count, delayed

from onehalf.auditing.listening import AuditListener
from onehalf.auditing.programs.files import program_of_arrays
from onehalf.auditing.programs.judge import audit_reading, optimum, prepared_of
from onehalf.auditing.programs.model import Shown, program_json
from onehalf.auditing.programs.simplex import Infeasible, Unbounded
from onehalf.auditing.programs.stable import Prepared
from onehalf.auditing.programs.vertex import Vertex, unique
from onehalf.auditing.radii import Radii
from onehalf.auditing.verdicts import Audit, Finding
from onehalf.auditing.wording import decision_sentences, digit_sentences
from oracle.errors import InvalidOutput
from oracle.judge import Verdict, judge_point
from oracle.networks import exact_fraction

MOST = 60
LARGE = 5_000
"""From so many rows times columns on a reading takes longer than a process to start."""


def audit_program(
    shown: Shown, source: str, readings: Sequence[Radii], listener: AuditListener, most: int = MOST
) -> Audit:
    """Audit a program.

    Parameters
    ----------
    most : int
        How many columns, and how many components, are tilted at most.
    """
    listener.tell(f"solving {source} exactly: {len(shown.rows)} rows, {len(shown.columns)} columns")
    nominal = optimum(shown.program)
    prepared = prepared_of(shown.program, nominal)
    if len(shown.rows) * len(shown.columns) < LARGE or len(readings) == 1:
        findings = []
        for radii in readings:
            with listener.stage(f"{source}, {radii.title}") as tell:
                findings.append(audit_reading(shown, nominal, prepared, radii, most, tell))
    else:
        with listener.stage(f"{source}, {len(readings)} readings side by side") as tell:
            findings = list(_side_by_side(shown, nominal, prepared, readings, most, tell))
    first = {
        Vertex: "",
        Infeasible: "With the numbers exactly as shown the program is infeasible. ",
        Unbounded: "With the numbers exactly as shown the program is unbounded. ",
        type(None): "The exact optimum of the numbers as shown was not found. ",
    }[type(nominal)]
    sentences = [first.strip()] if first else []
    sentences += (
        digit_sentences(findings, "the minimiser") if prepared is not None else decision_sentences(findings)
    )
    if isinstance(nominal, Vertex) and not unique(shown.program, nominal):
        sentences.append(
            "With the numbers exactly as shown, the minimiser was not proved to be the only one."
        )
    return Audit(
        "linear program", source, shown.reading, tuple(findings), program_json(shown), tuple(sentences)
    )


def _side_by_side(
    shown: Shown,
    nominal: Any,
    prepared: Prepared | None,
    readings: Sequence[Radii],
    most: int,
    tell: Callable[[], None],
) -> Iterator[Finding]:
    """Yield the findings of the readings in order, which are looked at on all processors."""
    work = (delayed(audit_reading)(shown, nominal, prepared, radii, most, _unheard) for radii in readings)
    for finding in Parallel(min(cpu_count(), len(readings)), return_as="generator")(work):
        tell()
        yield finding


def _unheard() -> None:
    """Tell nobody."""


def judge_lp(matrix: Any, right: Any, cost: Any, x: Any, digits: int) -> Verdict:
    """Judge an output for min c·x, Ax = b, x ≥ 0, all numbers taken as the rationals that they are.

    Parameters
    ----------
    matrix, right, cost : arrays (m, n), (m,), (n,)
    x : array (n,)
        The output.
    digits : int
        K: accepted if it lies within 10^-K of the minimiser in the maximum norm.

    Returns
    -------
    Verdict
        Exact.

    Raises
    ------
    InvalidOutput
        If the program has no minimiser that is proved to be the only one, or x is not of its shape.
    """
    program = program_of_arrays(matrix, right, cost).program
    found = optimum(program)
    if not isinstance(found, Vertex) or not unique(program, found):
        raise InvalidOutput("the program has no minimiser that strict reduced costs prove to be the only one")
    point = [exact_fraction(value) for value in x]
    if len(point) != len(program.cost):
        raise InvalidOutput(f"x has {len(point)} entries; the program has {len(program.cost)} columns")
    return judge_point(tuple(point), tuple(found.point[: len(point)]), Fraction(10) ** -digits)
