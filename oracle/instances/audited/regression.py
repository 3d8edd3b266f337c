"""A regression's data sets as instances: least squares, and with a penalty LASSO and the elastic net."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from oracle.instances.linear import LeastSquares
from oracle.instances.sparse.signed import ElasticNet, Lasso

_WAYS = {"0": 0, "+": 1, "-": -1}


def moved(values: Sequence[Fraction], radii: Sequence[Fraction], moves: str) -> list[Fraction]:
    """Return numbers of which each stays, or goes to an end of its interval: 0, + or −."""
    return [x + _WAYS[sign] * w for x, w, sign in zip(values, radii, moves, strict=True)]


def regressions(data: Mapping[str, Any], finding: Mapping[str, Any], pair: Sequence[int]) -> list[Any]:
    """Return the two regressions of a pair."""
    values = [Fraction(x) for row in data["values"] for x in row]
    radii = [Fraction(w) for w in finding["proof"]["radii"]]
    wide, size = len(data["columns"]), len(values)
    penalised = "penalty" in data
    if penalised:
        values += [Fraction(data["penalty"]), Fraction(data["ridge"] or 0)]
        radii += [Fraction(finding["proof"][name]) for name in ("penalty_radius", "ridge_radius")]
    found: list[Any] = []
    for k in pair:
        entry = finding["data_sets"][k]
        numbers = moved(values, radii, entry["moves"])
        rows = [numbers[i : i + wide] for i in range(0, size, wide)]
        parts = [row[:-1] for row in rows], [row[-1] for row in rows]
        if not penalised:
            found.append(LeastSquares(*parts))
        elif data["ridge"] is None:
            found.append(Lasso(*parts, numbers[size], entry["signs"]))
        else:
            found.append(ElasticNet(*parts, numbers[size], entry["signs"], numbers[size + 1]))
    return found
