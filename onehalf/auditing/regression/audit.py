"""Least squares audited at several readings of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from onehalf.auditing.listening import AuditListener
from onehalf.auditing.radii import Radii
from onehalf.auditing.regression.squares import (
    RESPONSE,
    Augmented,
    Regression,
    augmented_of,
    enclosure_of,
    extreme_corners,
    radii_of,
    solution_of,
)
from onehalf.auditing.verdicts import CERTIFIED, NEITHER, Answer, Audit, AuditDecision, Finding
from onehalf.auditing.wording import digit_sentences

MOST = 60
_FULL_RANK = "of full rank"


def audit_regression(
    shown: Regression, source: str, readings: Sequence[Radii], listener: AuditListener, most: int = MOST
) -> Audit:
    """Audit a regression; pairs are looked for for so many coefficients."""
    listener.tell(f"solving {source} exactly: {len(shown.table)} rows, {len(shown.names)} columns")
    system = augmented_of(shown.table)
    findings = []
    for radii in readings:
        with listener.stage(f"{source}, {radii.title}") as tell:
            findings.append(_audit_reading(shown, system, radii, most, tell))
    return Audit(
        "least squares",
        source,
        shown.reading,
        tuple(findings),
        _data(shown, system),
        tuple(digit_sentences(findings, "the coefficients")),
    )


def _audit_reading(
    shown: Regression, system: Augmented, radii: Radii, most: int, tell: Callable[[], None]
) -> Finding:
    sizes = radii_of(shown, radii)
    known = enclosure_of(system, sizes)
    m = len(shown.table)
    answers: list[Answer] = []
    data_sets: list[dict[str, Any]] = []
    for k, name in enumerate(shown.names):
        value = system.point[m + k]
        radius = None if known is None else Fraction(float(known[m + k]))
        ends: list[tuple[Fraction, dict[str, Any]]] = []
        for signs in extreme_corners(shown, sizes, k) if k < most and sizes.any() else ():
            point = solution_of(shown.table + signs * sizes)
            tell()
            if point is not None:
                moves = "".join("0+-"[sign] for sign in signs.ravel().tolist())
                ends.append((point[k], {"moves": moves, "point": [str(x) for x in point]}))
        apart = abs(ends[1][0] - ends[0][0]) if len(ends) == 2 else Fraction(0)
        pair = (len(data_sets), len(data_sets) + 1) if apart else None
        data_sets += [entry for _, entry in ends] if apart else []
        answers.append(Answer(name, value, radius, apart, pair))
    proof: dict[str, Any] = {"radii": [str(w) for w in sizes.ravel()]}
    if known is not None:
        proof["enclosure"] = [x.hex() for x in known.tolist()]
        words = "the columns are linearly independent for all data within the radii of these numbers"
        decision = AuditDecision(_FULL_RANK, CERTIFIED, words)
    else:
        words = "it is not certain that the columns are linearly independent for all data within the radii"
        decision = AuditDecision(_FULL_RANK, NEITHER, words)
    return Finding(
        radii.title, radii.words, tuple(answers), (decision,), tuple(data_sets), proof, {"rows": m}
    )


def _data(shown: Regression, system: Augmented) -> dict[str, Any]:
    inverse = system.inverse
    floats = (
        None
        if inverse is None or inverse.exact
        else [[x.hex() for x in row] for row in inverse.floats.tolist()]
    )
    return {
        "columns": [*shown.names, RESPONSE],
        "values": [[str(x) for x in row] for row in shown.table],
        "inverse": floats,
    }
