"""A registered problem for the proved checker: the instances' data, and what proves their bound (docs/theory.md, R).

Nothing that is written here is believed: `check_registered` of proofs/ accepts or refuses the document.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from onehalf.proof.transcript import REGISTERED, NotCovered
from oracle.arithmetic.linear_algebra import (
    Matrix,
    Vector,
    columns_of,
    gram,
    image_of,
    inner_product,
    minus,
    only_solution,
    transpose_of,
)
from oracle.errors import InvalidValue
from oracle.instances.coupling import MIDPOINT, depth_of, shown_by
from oracle.instances.game import Face, maximal_faces, play
from oracle.instances.instance import Instance
from oracle.instances.solutions import EUCLIDEAN, MAXIMUM, Boxes

_KINDS = {
    "lp": "lp",
    "basis-pursuit": "basis-pursuit",
    "lasso": "regression",
    "elastic-net": "regression",
    "least-squares": "regression",
    "sqrt-lasso": "sqrt-lasso",
}


def registered(
    instances: Sequence[Instance], radius: Fraction, *, norm: str = MAXIMUM, policy: str = MIDPOINT
) -> dict[str, Any]:
    """Return the document from which the proved checker decides that a bound holds for these instances.

    Parameters
    ----------
    instances : sequence of Instance
        Two or more of one kind and one shape, each with one solution.
    radius : Fraction
        How far from the solution an output may be.
    norm : str
        "max" or "euclidean".
    policy : str
        What is shown of entries that differ: "midpoint", "blind" or "decoy", one answer up to a depth. Honest answers
        are no such policy, and not covered.

    Raises
    ------
    NotCovered
        If proofs/ has no statement for the kind.
    InvalidValue
        If no answer, not even one of no digits, serves all instances.
    """
    kinds = {_KINDS.get(instance.kind, "") for instance in instances}
    if len(kinds) != 1 or "" in kinds:
        raise NotCovered(
            f"instances of the kinds {sorted({i.kind for i in instances})} have no statement in proofs/"
        )
    inputs = [_proved_input(instance) for instance in instances]
    tables = [_table(entry) for entry in inputs]
    shown, depth = _shown_entries(tables, policy)
    if depth < 0:
        remedy = "register instances that are closer to each other"
        raise InvalidValue(
            "instances", len(instances), "have no legal answer in common, even to 0 digits", remedy
        )
    points = [entry["solution"] for entry in inputs]
    apart = least_sets_apart(points, radius, norm)
    faces = maximal_faces(
        len(points), lambda face: not any(set(members) <= set(face) for members in apart), pairwise=False
    )
    game = play(len(points), faces)
    document = {
        "format": REGISTERED,
        "kind": kinds.pop(),
        "norm": norm,
        "radius": radius,
        "inputs": inputs,
        "depth": depth,
        "shown": shown,
        "apart": [
            [[j, w] for j, w in zip(members, weights, strict=True)] for members, weights in apart.items()
        ],
        "weights": game.adversary,
        "value": game.value,
    }
    written: dict[str, Any] = json.loads(json.dumps(document, default=str))
    digest = hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()
    return {**written, "sha256": digest}


def _proved_input(instance: Instance) -> dict[str, Any]:
    """Return an instance's numbers, its solution, and what proves it the only one."""
    found = instance.solutions()
    if not isinstance(found, Boxes) or len(found.boxes) != 1 or not found.boxes[0].is_point:
        raise NotCovered(f"a solution set {found.words} has no statement in proofs/")
    data: dict[str, Any] = instance.data
    rows, right = data["A"], data["b"] if "b" in data else data["y"]
    penalty, ridge = data.get("penalty", Fraction(0)), data.get("ridge", Fraction(0))
    x = found.witness
    dual, slopes, tight = _certificate_of(instance, rows, right, x)
    return {
        "costs": data.get("c", ()),
        "rows": rows,
        "right": right,
        "penalty": penalty,
        "ridge": ridge,
        "solution": x,
        "dual": dual,
        "inverse": _left_inverse(rows, [j for j, s in enumerate(slopes) if abs(s) == tight]),
    }


def _certificate_of(
    instance: Instance, rows: Matrix, right: Vector, x: Vector
) -> tuple[Vector, Vector, Fraction]:
    """Return a dual vector, what is compared in each column, and the value at which a column may be used."""
    given: Any = instance
    columns = transpose_of(rows)
    if instance.kind == "lp":
        part = columns_of(rows, list(given.basis))
        prices = only_solution(transpose_of(part), tuple(given.c[j] for j in given.basis))
        assert prices is not None, "the basis of a certified program is regular"
        return prices, minus(given.c, image_of(columns, prices)), Fraction(0)
    if instance.kind in ("basis-pursuit", "sqrt-lasso"):
        level = given.penalty if instance.kind == "sqrt-lasso" else Fraction(1)
        support = [j for j, sign in enumerate(given.signs) if sign]
        part = columns_of(rows, support)
        weights = only_solution(gram(part), tuple(level * given.signs[j] for j in support))
        assert weights is not None, "the columns of a certified support are independent"
        dual = image_of(part, weights) if given.dual is None else tuple(map(Fraction, given.dual))
        return dual, image_of(columns, dual), level
    ridge = getattr(given, "ridge", Fraction(0))
    slopes = image_of(columns, minus(right, image_of(rows, x)))
    return (), minus(slopes, tuple(ridge * v for v in x)), getattr(given, "penalty", Fraction(0))


def _left_inverse(rows: Matrix, tight: list[int]) -> list[Vector]:
    """Return (GᵀG)⁻¹Gᵀ for the tight columns G, its rows in their places; empty rows where they are dependent."""
    part = columns_of(rows, tight)
    found: list[Vector] = [() for _ in rows[0]]
    for place, j in enumerate(tight):
        weights = only_solution(gram(part), tuple(Fraction(i == place) for i in range(len(tight))))
        if weights is not None:
            found[j] = image_of(part, weights)
    return found


def _table(entry: dict[str, Any]) -> list[Vector]:
    """Return the numbers of an input as the rows of one table, as `table` of Registered.v has them."""
    return [(entry["penalty"], entry["ridge"]), entry["costs"], entry["right"], *entry["rows"]]


def _shown_entries(tables: list[list[Vector]], policy: str) -> tuple[list[list[Any]], int]:
    """Return what is shown of each entry that differs, and the greatest depth at which all of it is legal."""
    places = [(r, c) for r, row in enumerate(tables[0]) for c in range(len(row))]
    values = {(r, c): [table[r][c] for table in tables] for r, c in places}
    told = {place: found for place, found in values.items() if len(set(found)) > 1}
    depth = depth_of(policy, list(told.values()), [None] * len(told)) if told else 0
    answers = {place: shown_by(policy, found) for place, found in told.items()}
    shown = [[*place, str(q.numerator), q.denominator.bit_length() - 1] for place, q in answers.items()]
    return shown, depth


def least_sets_apart(
    points: Sequence[Vector], radius: Fraction, norm: str
) -> dict[Face, tuple[Fraction, ...]]:
    """Return the least sets of inputs without a common answer, each with weights that prove it.

    Maximum norm: pairs. Euclidean norm: with weights w of sum 1 and the mean c of the points, Σ w|x − y|² is at least
    Σ w|x − c|² for every y; at the centre of a circumscribed ball that lies among its points this is its radius.
    """
    found: dict[Face, tuple[Fraction, ...]] = {}
    most = 2 if norm == MAXIMUM else len(points[0]) + 1
    for size in range(2, min(most, len(points)) + 1):
        for face in itertools.combinations(range(len(points)), size):
            if any(set(members) <= set(face) for members in found):
                continue
            weights = _proving([points[j] for j in face], radius, norm)
            if weights is not None:
                found[face] = weights
    return found


def _proving(points: Sequence[Vector], radius: Fraction, norm: str) -> tuple[Fraction, ...] | None:
    if norm != EUCLIDEAN:
        far = any(abs(a - b) > 2 * radius for a, b in zip(*points, strict=True))
        return (Fraction(1, 2), Fraction(1, 2)) if far else None
    first, *others = points
    edges = [minus(x, first) for x in others]
    inner = tuple(tuple(2 * inner_product(u, v) for v in edges) for u in edges)
    found = only_solution(inner, tuple(inner_product(u, u) for u in edges))
    if found is None:
        return None
    weights = (1 - sum(found, Fraction(0)), *found)
    centre = image_of(transpose_of(points), weights)
    away = minus(first, centre)
    return weights if min(weights) > 0 and inner_product(away, away) > radius**2 else None
