"""A linear program audited: what its data determine, component by component."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from onehalf.auditing.programs.highs import float_basis
from onehalf.auditing.programs.model import Box, ExactProgram, Key, Shown, box_of
from onehalf.auditing.programs.simplex import (
    Infeasible,
    Outcome,
    Unbounded,
    is_infeasible,
    is_optimal,
    is_unbounded,
    optimise,
)
from onehalf.auditing.programs.stable import BasisOnBox, Prepared, prepare_vertex, stability_of
from onehalf.auditing.programs.tilts import Moves, corners, tilter_of
from onehalf.auditing.programs.vertex import (
    Basis,
    Vertex,
    basic_point,
    slack,
    undetermined,
    unique,
    vertex_of,
)
from onehalf.auditing.radii import Radii
from onehalf.auditing.verdicts import CERTIFIED, IMPOSSIBLE, NEITHER, Answer, AuditDecision, Finding
from oracle.arithmetic.linear_algebra import OneDenominator

OBJECTIVE = "objective"
_FEW_PIVOTS = 12
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


def optimum(program: ExactProgram) -> Outcome:
    """Return the exact outcome of a program, proved; None if it was not found."""
    return _proved(program, optimise(program, float_basis(program)))


def audit_reading(
    shown: Shown,
    nominal: Outcome,
    prepared: Prepared | None,
    radii: Radii,
    most: int,
    tell: Callable[[], None],
) -> Finding:
    """Audit one reading of a program.

    Parameters
    ----------
    nominal : Vertex, Infeasible, Unbounded or None
        What the program as shown has.
    prepared : Prepared or None
        Its vertex, inverted.
    most : int
        How many components and columns are tilted.
    tell : callable
        Called for each corner that was looked at.
    """
    box = box_of(shown, radii)
    known: BasisOnBox | None = None
    tries: list[Moves] = []
    if prepared is not None:
        known = stability_of(prepared, box)
        tilter = tilter_of(prepared, box)
        if tilter is not None:
            tries = list(corners(tilter, known, most))
    else:
        tries = [{}, *_rescues(box, nominal)]
    seen: list[SeenCorner] = []
    done: set[frozenset[tuple[Key, int]]] = set()
    start = prepared.vertex.basis if prepared is not None else None
    for moves in tries:
        moves = box.movable(moves)
        mark = frozenset(moves.items())
        if mark in done:
            continue
        done.add(mark)
        found = _look(box, moves, start, known is not None and known.optimal)
        if found is not None:
            seen.append(found)
        tell()
    return _finding(shown, box, nominal, known, prepared, seen, radii)


def _look(box: Box, moves: Moves, start: Basis | None, kept: bool) -> SeenCorner | None:
    """Solve one corner exactly; where its minimiser is not proved unique, tilt what ties away and try once more.

    Where the basis is `kept`, being that of the only minimiser throughout the box, only the point is solved for.
    """
    program = box.program.changed(box.moved(moves))
    if kept and start is not None:
        point = basic_point(program, start)
        assert point is not None, "a kernel that Lemma P proves regular is regular"
        vertex = Vertex(start, point, [], {})
        return SeenCorner(moves, vertex, True, _value(program, vertex))
    outcome = _from_near(program, start) if start is not None else None
    if outcome is None:
        outcome = optimum(program)
    if outcome is None:
        return None
    if isinstance(outcome, Vertex) and not unique(program, outcome):
        ties = {
            ("c", j, 0): 1 if state == "l" else -1
            for j, state in outcome.basis.states.items()
            if j < len(program.cost) and state != "f" and slack(program, outcome, j) == 0
        }
        for j in [key[1] for key in ties] if start is not None else ():
            if not outcome.point[j]:
                way = -1 if outcome.basis.states[j] == "l" else 1
                ties |= {("A", i, j): way * _sign(outcome.duals[i]) for i in program.columns[j]}
        tilted = {**moves, **{key: way for key, way in ties.items() if key in box.ends}}
        other = box.program.changed(box.moved(tilted))
        again = _proved(other, optimise(other, outcome.basis, _FEW_PIVOTS))
        if isinstance(again, Vertex) and unique(other, again):
            return SeenCorner(tilted, again, True, _value(other, again))
        return SeenCorner(moves, outcome, False, _value(program, outcome))
    return SeenCorner(moves, outcome, True, _value(program, outcome) if isinstance(outcome, Vertex) else None)


def _from_near(program: ExactProgram, start: Basis) -> Outcome:
    """Return the outcome of a program of which a basis near by is known: that one, or where floats go from it."""
    vertex = vertex_of(program, start)
    if vertex is not None and is_optimal(program, vertex):
        return vertex
    return _proved(program, optimise(program, float_basis(program, start), _FEW_PIVOTS))


def _value(program: ExactProgram, vertex: Vertex) -> Fraction:
    n = len(program.cost)
    return OneDenominator(dict(enumerate(vertex.point[:n]))).product(dict(enumerate(program.cost)))


def _proved(program: ExactProgram, outcome: Outcome) -> Outcome:
    """Return an outcome if its proof is right, else None."""
    right = (
        (isinstance(outcome, Vertex) and is_optimal(program, outcome))
        or (isinstance(outcome, Infeasible) and is_infeasible(program, outcome.multipliers))
        or (isinstance(outcome, Unbounded) and is_unbounded(program, outcome))
    )
    return outcome if right else None


def _rescues(box: Box, nominal: Outcome) -> list[Moves]:
    """Return corners at which a program without a solution might have one."""
    program = box.program
    n = len(program.cost)
    if isinstance(nominal, Unbounded):
        return [{("c", j, 0): _sign(r) for j, r in enumerate(nominal.ray)}]
    if not isinstance(nominal, Infeasible):
        return []
    found = []
    for way in (1, -1):
        moves: Moves = {}
        for i, z in enumerate(nominal.multipliers):
            moves |= {("b", i, 0): -way * _sign(z), ("bl", i, 0): -1, ("bu", i, 0): 1}
            for j in range(n):
                low, high = program.limits(j)
                stands = _sign(low or Fraction(0)) or _sign(high or Fraction(0)) or 1
                moves[("A", i, j)] = way * _sign(z) * stands
        moves |= {("xl", j, 0): -1 for j in range(n)} | {("xu", j, 0): 1 for j in range(n)}
        found.append(moves)
    return found


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


def _finding(
    shown: Shown,
    box: Box,
    nominal: Outcome,
    known: BasisOnBox | None,
    prepared: Prepared | None,
    seen: list[SeenCorner],
    radii: Radii,
) -> Finding:
    n = len(shown.columns)
    points = [(k, s) for k, s in enumerate(seen) if isinstance(s.outcome, Vertex)]
    certain = known is not None and known.optimal and known.columns is not None
    answers = []
    for j, name in enumerate(shown.columns):
        value = nominal.point[j] if isinstance(nominal, Vertex) else None
        radius = (
            Fraction(float(known.columns[j])) if certain and known and known.columns is not None else None
        )
        answers.append(_answer(name, value, radius, _ends(box, points, j)))
    objective = _value(shown.program, nominal) if isinstance(nominal, Vertex) else None
    values = [(k, s.objective) for k, s in points if s.objective is not None]
    reach = known.objective + box.radius("o", 0) if known is not None and known.priced else None
    whole = _answer(OBJECTIVE, objective, reach, values)
    if shown.sense < 0 and whole.value is not None:
        whole = Answer(OBJECTIVE, -whole.value, whole.radius, whole.apart, whole.pair)
    if whole.value is not None:
        whole = Answer(OBJECTIVE, whole.value + shown.offset, whole.radius, whole.apart, whole.pair)
    answers.append(whole)
    decisions = _decisions(box, nominal, known, seen)
    used = sorted({k for a in answers for k in a.pair or ()} | {k for d in decisions for k in d.pair or ()})
    place = {k: at for at, k in enumerate(used)}
    order = list(shown.data)
    proof: dict[str, Any] = {"radii": [str(box.radii.get(key, 0)) for key in order]}
    if known is not None and known.feasible and prepared is not None:
        assert prepared.inverse is not None
        assert known.columns is not None
        proof["enclosure"] = {
            "basis": _basis_json(prepared.vertex.basis),
            "columns": [x.hex() for x in known.columns.tolist()],
            "duals": None if known.duals is None else [y.hex() for y in known.duals.tolist()],
            "priced": known.priced,
            "strict": known.optimal,
            "inverse": None
            if prepared.inverse.exact
            else [[x.hex() for x in row] for row in prepared.inverse.floats.tolist()],
        }
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
    box: Box, nominal: Outcome, known: BasisOnBox | None, seen: list[SeenCorner]
) -> list[AuditDecision]:
    """Return what is known of feasibility, boundedness and uniqueness."""
    feasible = [k for k, s in enumerate(seen) if not isinstance(s.outcome, Infeasible)]
    infeasible = [k for k, s in enumerate(seen) if isinstance(s.outcome, Infeasible)]
    unbounded = [k for k, s in enumerate(seen) if isinstance(s.outcome, Unbounded)]
    solved = [k for k, s in enumerate(seen) if isinstance(s.outcome, Vertex)]
    decisions = []
    if feasible and infeasible:
        words = "there are feasible and infeasible programs within the radii of these numbers"
        decisions.append(AuditDecision("feasible", IMPOSSIBLE, words, (feasible[0], infeasible[0])))
    elif known is not None and known.feasible:
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


def prepared_of(program: ExactProgram, nominal: Outcome) -> Prepared | None:
    """Return the shown program's vertex, inverted, if it has one."""
    return prepare_vertex(program, nominal) if isinstance(nominal, Vertex) else None


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
