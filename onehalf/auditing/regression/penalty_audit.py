"""LASSO and elastic net audited at several readings of their numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from onehalf.auditing.data import Datum
from onehalf.auditing.listening import AuditListener
from onehalf.auditing.radii import Radii, check_patterns, is_meant
from onehalf.auditing.regression.kept import KeptFit, ShownFit, kept_of
from onehalf.auditing.regression.penalised import Minimiser, Penalised, minimiser_of
from onehalf.auditing.regression.squares import RESPONSE, Exact, Regression, sizes_of
from onehalf.auditing.regression.tilted import Moves, corners_of_fit, tilter_of_fit
from onehalf.auditing.verdicts import CERTIFIED, IMPOSSIBLE, NEITHER, Answer, Audit, AuditDecision, Finding
from onehalf.auditing.wording import decision_sentences, digit_sentences
from oracle.errors import InvalidValue

PENALTY, RIDGE = "penalty", "ridge"
MOST_TILTED = 60
_SUPPORT = "of the support shown"
_SAME = "every data set within the radii of these numbers has one minimiser, of the same support and signs"
_OTHER = "there are data sets within the radii whose only minimisers have different supports or signs"
_OPEN = (
    "whether the support is the same for all data within the radii is neither certain nor proved impossible"
)
_CLAIM = (
    "The objective is ½‖Ax − y‖² + penalty·‖x‖₁ + ½·ridge·‖x‖² (scikit-learn's alpha: penalty over rows). "
    "The penalty and the ridge are exact unless a radius names them."
)


@dataclass(frozen=True, eq=False)
class Chosen:
    """A regression with its penalties: λ > 0, and of an elastic net μ > 0."""

    shown: Regression
    penalty: Datum
    ridge: Datum | None

    @property
    def kind(self) -> str:
        """How the audit is called."""
        return "LASSO" if self.ridge is None else "elastic net"

    def problem(self) -> Penalised:
        """Return the problem of the numbers as shown."""
        ridge = Fraction(0) if self.ridge is None else self.ridge.value
        return Penalised(self.shown.table, self.penalty.value, ridge)

    def loose(self, radii: Radii) -> tuple[Fraction, Fraction]:
        """Return the radii of the penalties: 0 unless a pattern names them."""
        meant = (*(pattern for pattern, _ in radii.named), *radii.inexact)
        return tuple(  # type: ignore[return-value]
            radii.of(name, datum)
            if datum is not None and any(is_meant(name, p) for p in meant)
            else Fraction(0)
            for name, datum in ((PENALTY, self.penalty), (RIDGE, self.ridge))
        )


@dataclass(frozen=True, eq=False)
class _End:
    """A corner and its minimiser, which is the only one."""

    moves: Moves
    minimiser: Minimiser


def audit_penalised(
    chosen: Chosen, source: str, readings: Sequence[Radii], listener: AuditListener, most: int = MOST_TILTED
) -> Audit:
    """Audit a LASSO or an elastic net; so many columns are tilted at most.

    Raises
    ------
    InvalidValue
        If no minimiser of the numbers as shown was found.
    """
    shown = chosen.shown
    listener.tell(f"solving {source} exactly: {len(shown.table)} rows, {len(shown.names)} columns")
    problem = chosen.problem()
    found = minimiser_of(problem)
    if found is None:
        raise InvalidValue("A", "as shown", "ties in more ways than steps allow", "leave a column out")
    fit = ShownFit(problem, found)
    findings = []
    for radii in readings:
        check_patterns(radii, (*shown.names, RESPONSE, PENALTY, RIDGE))
        with listener.stage(f"{source}, {radii.title}") as tell:
            findings.append(_finding(chosen, fit, radii, most, tell))
    sentences = digit_sentences(findings, "the coefficients") + decision_sentences(findings, (CERTIFIED,))
    if not found.unique:
        sentences.append(
            "With the numbers exactly as shown, the minimiser was not proved to be the only one."
        )
    audit = Audit(chosen.kind, source, shown.reading, tuple(findings), _data(chosen, fit), tuple(sentences))
    return Audit(**{**vars(audit), "claims": (*audit.claims, _CLAIM)})


def _finding(chosen: Chosen, fit: ShownFit, radii: Radii, most: int, tell: Callable[[], None]) -> Finding:
    table, loose = sizes_of(chosen.shown, radii), chosen.loose(radii)
    known = kept_of(fit, table, loose)
    sizes = np.array([*table.ravel(), *loose], dtype=object)
    ends = _ends(fit, sizes, most, tell)
    answers = []
    for j, name in enumerate(chosen.shown.names):
        values = [(end.minimiser.point[j], k) for k, end in enumerate(ends)]
        low, high = (min(values), max(values)) if values else ((Fraction(0), 0),) * 2
        pair = (low[1], high[1]) if high[0] > low[0] else None
        answers.append(Answer(name, fit.minimiser.point[j], known.radius(fit, j), high[0] - low[0], pair))
    decision = _decision(known, ends)
    used = sorted({k for pair in (*(a.pair for a in answers), decision.pair) for k in pair or ()})
    place = {k: at for at, k in enumerate(used)}

    def again(pair: tuple[int, int] | None) -> tuple[int, int] | None:
        return None if pair is None else (place[pair[0]], place[pair[1]])

    proof: dict[str, Any] = {
        "radii": [str(w) for w in table.ravel()],
        "penalty_radius": str(loose[0]),
        "ridge_radius": str(loose[1]),
    }
    if known.support is not None:
        proof["support"] = [x.hex() for x in known.support.tolist()]
    if known.convex is not None:
        proof["convex"] = known.convex.hex()
    return Finding(
        radii.title,
        radii.words,
        tuple(Answer(a.name, a.value, a.radius, a.apart, again(a.pair)) for a in answers),
        (AuditDecision(decision.question, decision.verdict, decision.words, again(decision.pair)),),
        tuple(_data_set(ends[k]) for k in used),
        proof,
        {"rows": len(chosen.shown.table), "corners": len(ends)},
    )


def _ends(fit: ShownFit, sizes: Exact, most: int, tell: Callable[[], None]) -> list[_End]:
    """Return corners whose minimisers are proved to be the only ones."""
    tilter = tilter_of_fit(fit, sizes.astype(np.float64))
    if tilter is None or not sizes.any():
        return []
    found, seen = [], set()
    shape = fit.problem.table.shape
    for moves in corners_of_fit(tilter, most):
        mark = moves.tobytes()
        if mark in seen:
            continue
        seen.add(mark)
        steps = moves * sizes
        table = fit.problem.table + steps[:-2].reshape(shape)
        penalty, ridge = fit.problem.penalty + steps[-2], fit.problem.ridge + steps[-1]
        if penalty > 0 and ridge >= 0:
            moved = minimiser_of(Penalised(table, penalty, ridge), fit.minimiser.signs)
            if moved is not None and moved.unique:
                found.append(_End(moves, moved))
        tell()
    return found


def _decision(known: KeptFit, ends: Sequence[_End]) -> AuditDecision:
    if known.support is not None:
        return AuditDecision(_SUPPORT, CERTIFIED, _SAME)
    other = next((k for k, end in enumerate(ends) if end.minimiser.signs != ends[0].minimiser.signs), None)
    if other is not None:
        return AuditDecision(_SUPPORT, IMPOSSIBLE, _OTHER, (0, other))
    return AuditDecision(_SUPPORT, NEITHER, _OPEN)


def _data_set(end: _End) -> dict[str, Any]:
    return {
        "moves": "".join("0+-"[move] for move in end.moves.tolist()),
        "signs": list(end.minimiser.signs),
        "point": [str(x) for x in end.minimiser.point],
    }


def _data(chosen: Chosen, fit: ShownFit) -> dict[str, Any]:
    inverse = fit.inverse
    return {
        "columns": [*chosen.shown.names, RESPONSE],
        "values": [[str(x) for x in row] for row in chosen.shown.table],
        "penalty": str(fit.problem.penalty),
        "ridge": None if chosen.ridge is None else str(fit.problem.ridge),
        "signs": list(fit.minimiser.signs),
        "inverse": None if inverse is None or inverse.exact else _hexed(inverse.floats),
        "left": None if fit.left is None else _hexed(fit.left),
    }


def _hexed(table: Any) -> list[list[str]]:
    return [[x.hex() for x in row] for row in table.tolist()]
