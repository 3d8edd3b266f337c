"""A training set's exchanged points as instances: some of the disjoint pairs that conflict, each in either order."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from oracle.errors import InvalidValue
from oracle.instances.finite import TrainingSet

MOST_EXCHANGED = 6


def exchanged(data: Mapping[str, Any], finding: Mapping[str, Any], pairs: int) -> list[Any]:
    """Return the 2^pairs data sets in which so many pairs stand in one order or the other, and the rest in one.

    Raises
    ------
    InvalidValue
        If two points stand at one place, or there are not so many pairs.
    """
    proof = finding["proof"]
    exchanges = proof["exchanges"]
    if not proof["distinct"] or proof["contradictions"]:
        rule = "has points that are known exactly, stand at one place, and cannot be told apart"
        raise InvalidValue("problem", "training set", rule, "leave such points out, and audit again")
    if not 1 <= pairs <= min(len(exchanges), MOST_EXCHANGED):
        rule = f"must be a whole number from 1 to {min(len(exchanges), MOST_EXCHANGED)}"
        raise InvalidValue("pairs", pairs, rule, "take 1")
    places = [tuple(Fraction(x) for x in point) for point in proof["points"]]
    kinds = sorted(set(map(str, data["labels"])))
    labels = [kinds.index(str(label)) for label in data["labels"]]
    found = []
    for swapped in itertools.product((False, True), repeat=pairs):
        points = list(places)
        for exchange, other in zip(exchanges, swapped, strict=False):
            i, j = map(int, exchange["points"])
            if other:
                points[i], points[j] = places[j], places[i]
        found.append(TrainingSet(X=points, labels=labels, places=places))
    return found
