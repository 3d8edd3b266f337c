"""A linear program audited: what its data determine, component by component."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from onehalf.auditing.programs.degenerate import vertex_on_box
from onehalf.auditing.programs.finding import SeenCorner, finding_of, value_of
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
from onehalf.auditing.programs.vertex import Basis, Vertex, basic_point, slack, unique, vertex_of
from onehalf.auditing.radii import Radii
from onehalf.auditing.verdicts import Finding

_FEW_PIVOTS = 12


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
    held = None
    tries: list[Moves] = []
    if prepared is not None:
        known = stability_of(prepared, box)
        held = None if known.optimal else vertex_on_box(prepared, box)
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
    return finding_of(shown, box, nominal, known, held, prepared, seen, radii)


def _look(box: Box, moves: Moves, start: Basis | None, kept: bool) -> SeenCorner | None:
    """Solve one corner exactly; where its minimiser is not proved unique, tilt what ties away and try once more.

    Where the basis is `kept`, being that of the only minimiser throughout the box, only the point is solved for.
    """
    program = box.program.changed(box.moved(moves))
    if kept and start is not None:
        point = basic_point(program, start)
        assert point is not None, "a kernel that Lemma P proves regular is regular"
        vertex = Vertex(start, point, [], {})
        return SeenCorner(moves, vertex, True, value_of(program, vertex))
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
            return SeenCorner(tilted, again, True, value_of(other, again))
        return SeenCorner(moves, outcome, False, value_of(program, outcome))
    return SeenCorner(
        moves, outcome, True, value_of(program, outcome) if isinstance(outcome, Vertex) else None
    )


def _from_near(program: ExactProgram, start: Basis) -> Outcome:
    """Return the outcome of a program of which a basis near by is known: that one, or where floats go from it."""
    vertex = vertex_of(program, start)
    if vertex is not None and is_optimal(program, vertex):
        return vertex
    return _proved(program, optimise(program, float_basis(program, start), _FEW_PIVOTS))


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


def prepared_of(program: ExactProgram, nominal: Outcome) -> Prepared | None:
    """Return the shown program's vertex, inverted, if it has one."""
    return prepare_vertex(program, nominal) if isinstance(nominal, Vertex) else None


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
