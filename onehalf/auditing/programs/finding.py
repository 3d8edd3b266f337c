"""What was proved of one reading of a linear program, put together: answers, decisions, and their proofs for a file."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from onehalf.auditing.programs.degenerate import VertexOnBox
from onehalf.auditing.programs.model import Box, ExactProgram, Key, Shown
from onehalf.auditing.programs.simplex import Infeasible, Outcome, Unbounded
from onehalf.auditing.programs.stable import BasisOnBox, Prepared
from onehalf.auditing.programs.tilts import Moves
from onehalf.auditing.programs.vertex import Basis, Vertex, undetermined
from onehalf.auditing.radii import Radii
from onehalf.auditing.verdicts import CERTIFIED, IMPOSSIBLE, NEITHER, Answer, AuditDecision, Finding
from oracle.arithmetic.linear_algebra import OneDenominator

OBJECTIVE = "objective"
_MOST_ENDS = 6


@dataclass(frozen=True)
class SeenCorner:
    """A corner of the box and what was proved there."""

    moves: Moves
    outcome: Vertex | Infeasible | Unbounded
    unique: bool
    objective: Fraction | None = None
    known: dict[str, frozenset[int]] = field(default_factory=dict, compare=False)

    @property
    def vertex(self) -> Vertex:
        """The minimiser of one that has one."""
        assert isinstance(self.outcome, Vertex)
        return self.outcome

    def open_in(self, box: Box) -> frozenset[int]:
        """Return the columns that may differ among the minimisers at this corner."""
        if "columns" not in self.known:
            program = box.program.changed(box.moved(self.moves))
            self.known["columns"] = undetermined(program, self.vertex)
        return self.known["columns"]


def value_of(program: ExactProgram, vertex: Vertex) -> Fraction:
    n = len(program.cost)
    return OneDenominator(dict(enumerate(vertex.point[:n]))).product(dict(enumerate(program.cost)))


def infeasible_throughout(box: Box, multipliers: Sequence[Fraction]) -> bool:
    """Tell whether the same multipliers prove infeasibility for all data in the box."""
    program = box.program
    n = len(program.cost)
    for way in (1, -1):
        total = Fraction(0)
        for index in range(n + len(multipliers)):
            if index >= n:
                ends = [way * multipliers[index - n]] * 2
            else:
                rate = -way * sum(
                    (a * multipliers[i] for i, a in program.columns[index].items()), Fraction(0)
                )
                spread = sum(
                    (abs(z) * box.radius("A", i, index) for i, z in enumerate(multipliers) if z), Fraction(0)
                )
                ends = [rate - spread, rate + spread]
            low, high = program.limits(index)
            low = None if low is None else low - box.limit_radius(index, False)
            high = None if high is None else high + box.limit_radius(index, True)
            if (low is None and ends[1] > 0) or (high is None and ends[0] < 0):
                break
            corners_ = [e * v for e in ends for v in (low, high) if v is not None and e]
            total += min([*corners_, *([Fraction(0)] if not all(ends) else [])], default=Fraction(0))
        else:
            if total > 0:
                return True
    return False


def finding_of(
    shown: Shown,
    box: Box,
    nominal: Outcome,
    known: BasisOnBox | None,
    held: VertexOnBox | None,
    prepared: Prepared | None,
    seen: list[SeenCorner],
    radii: Radii,
) -> Finding:
    n = len(shown.columns)
    points = [(k, s) for k, s in enumerate(seen) if isinstance(s.outcome, Vertex)]
    columns, least = _radii(known, held, n)
    answers = []
    for j, name in enumerate(shown.columns):
        value, radius = nominal.point[j] if isinstance(nominal, Vertex) else None, columns[j]
        answers.append(_answer(name, value, radius, _ends(box, points, j)))
    objective = value_of(shown.program, nominal) if isinstance(nominal, Vertex) else None
    values = [(k, s.objective) for k, s in points if s.objective is not None]
    reach = None if least is None else least + box.radius("o", 0)
    whole = _answer(OBJECTIVE, objective, reach, values)
    if shown.sense < 0 and whole.value is not None:
        whole = Answer(OBJECTIVE, -whole.value, whole.radius, whole.apart, whole.pair)
    if whole.value is not None:
        whole = Answer(OBJECTIVE, whole.value + shown.offset, whole.radius, whole.apart, whole.pair)
    answers.append(whole)
    decisions = _decisions(box, nominal, known, held, seen)
    used = sorted({k for a in answers for k in a.pair or ()} | {k for d in decisions for k in d.pair or ()})
    place = {k: at for at, k in enumerate(used)}
    order = list(shown.data)
    proof: dict[str, Any] = {"radii": [str(box.radii.get(key, 0)) for key in order]}
    if prepared is not None and (held is not None or (known is not None and known.feasible)):
        proof["enclosure"] = _enclosure_json(prepared, known, held)
    if isinstance(nominal, Infeasible) and infeasible_throughout(box, nominal.multipliers):
        proof["infeasible"] = [str(z) for z in nominal.multipliers]
    return Finding(
        radii.title,
        radii.words,
        tuple(_renumbered(a, place) for a in answers),
        tuple(_renumbered_decision(d, place) for d in decisions),
        tuple(_data_set(seen[k], order, box) for k in used),
        proof,
        {"corners": len(seen), "columns": n},
    )


def _radii(
    known: BasisOnBox | None, held: VertexOnBox | None, n: int
) -> tuple[Sequence[Fraction | None], Fraction | None]:
    """Return how far columns and the least value may move, None where it is not known."""
    if held is not None:
        return held.columns, held.objective
    least = known.objective if known is not None and known.priced else None
    if known is None or not known.optimal or known.columns is None:
        return [None] * n, least
    return [Fraction(x) for x in known.columns.tolist()], least


def _enclosure_json(prepared: Prepared, known: BasisOnBox | None, held: VertexOnBox | None) -> dict[str, Any]:
    """Return what proves an enclosure: Lemma P for one basis, or for a vertex that others share."""
    inverse = prepared.inverse
    assert inverse is not None
    common = {
        "basis": _basis_json(prepared.vertex.basis),
        "inverse": None if inverse.exact else [_hexed(row) for row in inverse.floats.tolist()],
    }
    if held is not None:
        return common | {
            "columns": _hexed(held.moves.tolist()),
            "prices": _hexed(held.duals),
            "shifts": {str(k): str(t) for k, t in held.shifts.items()},
            "spread": _hexed([*held.spread.tolist(), held.price]),
        }
    assert known is not None
    assert known.columns is not None
    return common | {
        "columns": _hexed(known.columns.tolist()),
        "duals": None if known.duals is None else _hexed(known.duals.tolist()),
        "priced": known.priced,
        "strict": known.optimal,
    }


def _hexed(values: Sequence[float]) -> list[str]:
    return [x.hex() for x in values]


def _ends(box: Box, points: Sequence[tuple[int, SeenCorner]], j: int) -> list[tuple[int, Fraction]]:
    """Return the two corners at which a column is least and greatest, and has one value in all minimisers."""
    values = sorted(((s.vertex.point[j], k, s) for k, s in points), key=lambda v: v[:2])
    if not values or values[0][0] == values[-1][0]:
        return []
    found: list[tuple[int, Fraction]] = []
    for order in (values, values[::-1]):
        tried = ((k, x) for x, k, s in order[:_MOST_ENDS] if s.unique or j not in s.open_in(box))
        found += itertools.islice(tried, 1)
    return found


def _answer(
    name: str, value: Fraction | None, radius: Fraction | None, found: list[tuple[int, Fraction]]
) -> Answer:
    if not found:
        return Answer(name, value, radius)
    low, high = min(found, key=lambda f: f[1]), max(found, key=lambda f: f[1])
    apart = high[1] - low[1]
    return Answer(name, value, radius, apart, (low[0], high[0]) if apart else None)


def _decisions(
    box: Box,
    nominal: Outcome,
    known: BasisOnBox | None,
    held: VertexOnBox | None,
    seen: list[SeenCorner],
) -> list[AuditDecision]:
    """Return what is known of feasibility, boundedness and uniqueness."""
    feasible = [k for k, s in enumerate(seen) if isinstance(s.outcome, Vertex)]
    feasible += [k for k, s in enumerate(seen) if isinstance(s.outcome, Unbounded)]
    infeasible = [k for k, s in enumerate(seen) if isinstance(s.outcome, Infeasible)]
    unbounded = [k for k, s in enumerate(seen) if isinstance(s.outcome, Unbounded)]
    solved = [k for k, s in enumerate(seen) if isinstance(s.outcome, Vertex)]
    decisions = []
    if feasible and infeasible:
        words = "there are feasible and infeasible programs within the radii of these numbers"
        decisions.append(AuditDecision("feasible", IMPOSSIBLE, words, (feasible[0], infeasible[0])))
    elif held is not None or (known is not None and known.feasible):
        decisions.append(
            AuditDecision(
                "feasible", CERTIFIED, "every program within the radii of these numbers is feasible"
            )
        )
    elif isinstance(nominal, Infeasible) and infeasible_throughout(box, nominal.multipliers):
        decisions.append(
            AuditDecision("feasible", CERTIFIED, "no program within the radii of these numbers is feasible")
        )
    else:
        decisions.append(
            AuditDecision("feasible", NEITHER, "feasibility is neither certain nor proved impossible")
        )
    if solved and unbounded:
        words = "there are programs with a minimiser and unbounded ones within the radii of these numbers"
        decisions.append(AuditDecision("bounded", IMPOSSIBLE, words, (solved[0], unbounded[0])))
    elif held is not None:
        words = "every program within the radii has a minimiser, near the same vertex"
        decisions.append(AuditDecision("bounded", CERTIFIED, words, single=False))
    elif known is not None and known.priced:
        number = "exactly one minimiser" if known.optimal else "a minimiser"
        words = f"every program within the radii has {number}, in the same basis"
        decisions.append(AuditDecision("bounded", CERTIFIED, words, single=known.optimal))
    elif not isinstance(nominal, Infeasible):
        decisions.append(
            AuditDecision("bounded", NEITHER, "boundedness is neither certain nor proved impossible")
        )
    return decisions


def _renumbered(answer: Answer, place: Mapping[int, int]) -> Answer:
    pair = None if answer.pair is None else (place[answer.pair[0]], place[answer.pair[1]])
    return Answer(answer.name, answer.value, answer.radius, answer.apart, pair)


def _renumbered_decision(decision: AuditDecision, place: Mapping[int, int]) -> AuditDecision:
    pair = None if decision.pair is None else (place[decision.pair[0]], place[decision.pair[1]])
    return replace(decision, pair=pair)


def _basis_json(basis: Basis) -> dict[str, Any]:
    return {"basic": list(basis.basic), "states": {str(k): v for k, v in sorted(basis.states.items())}}


def _data_set(seen: SeenCorner, order: list[Key], box: Box) -> dict[str, Any]:
    """Return a corner for a file: one sign for each datum, and what proves its outcome."""
    ways = seen.moves
    signs = "".join(["0+-"[ways.get(key, 0)] for key in order])
    return {"moves": signs, **outcome_json(seen.outcome, seen.unique)}


def outcome_json(outcome: Vertex | Infeasible | Unbounded, alone: bool) -> dict[str, Any]:
    """Return what proves an outcome; `alone`, whether strict reduced costs prove a minimiser to be the only one."""
    if isinstance(outcome, Vertex):
        return {"outcome": "optimal", "unique": alone, "basis": _basis_json(outcome.basis)}
    if isinstance(outcome, Infeasible):
        return {"outcome": "infeasible", "multipliers": [str(z) for z in outcome.multipliers]}
    return {
        "outcome": "unbounded",
        "point": [str(x) for x in outcome.point],
        "ray": [str(x) for x in outcome.ray],
    }
