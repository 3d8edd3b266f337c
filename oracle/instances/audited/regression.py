"""A regression's data sets as instances: least squares, and with a penalty LASSO and the elastic net."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from oracle.instances.linear import LeastSquares

_WAYS = {"0": 0, "+": 1, "-": -1}


def moved(values: Sequence[Fraction], radii: Sequence[Fraction], moves: str) -> list[Fraction]:
    """Return numbers of which each stays, or goes to an end of its interval: 0, + or −."""
    return [x + _WAYS[sign] * w for x, w, sign in zip(values, radii, moves, strict=True)]


def regressions(data: Mapping[str, Any], finding: Mapping[str, Any], pair: Sequence[int]) -> list[Any]:
    """Return the two regressions of a pair."""
    values = [Fraction(x) for row in data["values"] for x in row]
    radii = [Fraction(w) for w in finding["proof"]["radii"]]
    wide = len(data["columns"])
    found = []
    for k in pair:
        numbers = moved(values, radii, finding["data_sets"][k]["moves"])
        rows = [numbers[i : i + wide] for i in range(0, len(numbers), wide)]
        found.append(LeastSquares([row[:-1] for row in rows], [row[-1] for row in rows]))
    return found
