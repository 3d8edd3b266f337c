"""The families that are stated by instances in small: each with the strategy that attains its bound, and a control."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onehalf.plan.experiment import Cell, cells_of
from oracle.families import make_problem
from oracle.problems import Problem
from oracle.session import Budget

_AT = 53
_STAIRCASES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "Stated: every digit costs a factor two": [
        ("digit-products", {"blocks": 3, "digits": k}) for k in (0, 1, 2, 3, 4)
    ],
    "Stated: one step in the maximum norm": [
        ("sparse-recovery", {"answers": 4, "digits": k}) for k in (0, 1, 2)
    ],
    "Stated: steps in the Euclidean norm": [
        ("sparse-recovery", {"answers": 4, "norm": "euclidean", "y": f"0.{y}", "digits": k})
        for y in ("11", "12", "13")
        for k in (0, 1, 2)
    ],
    "Stated: noise, and a segment of solutions": [
        *(("noisy-recovery", {"digits": k}) for k in (0, 1)),
        ("noisy-recovery", {"answers": 3}),
        ("tied-pursuit", {}),
    ],
    "Stated: the phase transition": [
        *(("phase-transition", {"digits": k}) for k in (2, 3, 4)),
        *(("network-transition", {"digits": k}) for k in (2, 3, 4)),
    ],
    "Stated: LASSO and square-root LASSO": [
        *(("lasso-duplicates", {"answers": k}) for k in (2, 3)),
        *(("sqrt-lasso-duplicates", {"digits": k}) for k in (1, 2)),
    ],
    "Stated: supports and ranks": [
        *(("feature-selection", {"features": p}) for p in (1, 2, 3)),
        *(("matrix-rank", {"features": p}) for p in (1, 2, 3)),
    ],
    "Stated: decisions": [("program-decision", {}), ("sdp-feasibility", {})],
    "Stated: semidefinite programs": [("sdp-minimiser", {"digits": k}) for k in (0, 1)],
    "Stated: least squares": [
        *(("pseudo-inverse", {"digits": k}) for k in (2, 3, 4)),
        *(("collinear-regression", {"answers": k}) for k in (2, 5)),
    ],
    "Stated: roots, least values, eigenvectors": [
        *(("flat-root", {"digits": k}) for k in (0, 1)),
        *(("wells", {"answers": 4, "digits": k}) for k in (0, 1)),
        ("cycle", {"answers": 5}),
        *(("eigenprojector", {"answers": k}) for k in (4, 8)),
    ],
}
_COMPUTABLE = ("program-value", "elastic-net-duplicates")
_LIMITS: list[tuple[str, dict[str, Any]]] = [
    *(("digit-products", {"blocks": 2, "digits": k}) for k in (1, 2)),
    *(("matrix-rank", {"features": p}) for p in (1, 2)),
    ("feature-selection", {"features": 2}),
    ("lasso-duplicates", {"answers": 3}),
    ("pseudo-inverse", {"digits": 4}),
    ("flat-root", {}),
    ("sdp-feasibility", {}),
]
_CLOSE, _DIGITS = 8, 600
"""e where e is not told, and the digits that a run may read there, beyond all that are used."""


def stated_cells(trials: int, controls: int) -> list[Cell]:
    """Return cells of every stated family: the attaining strategy, and one that reads until it knows, or a control.

    Parameters
    ----------
    trials, controls : int
        Of each.
    """
    return list(_cells(trials, controls))


def _cells(trials: int, controls: int) -> Iterator[Cell]:
    for group, problems in _STAIRCASES.items():
        made = [_made(family, parameters, _AT) for family, parameters in problems]
        yield from cells_of(made, ["blind"], ["player"], trials, group=group)
        yield from cells_of(_one_each(made), ["blind"], ["patient"], controls, group=group)
    computable = [_made(family, {}, _AT) for family in _COMPUTABLE]
    yield from cells_of(computable, ["blind"], ["player"], controls, group="Stated: what is computable")
    limited = [_made(family, {**parameters, "limit": True}, _CLOSE) for family, parameters in _LIMITS]
    budget, group = Budget(digits=_DIGITS), "Stated: limits as members"
    yield from cells_of(limited, ["blind"], ["player"], trials, budget, group=group)


def _made(family: str, parameters: dict[str, Any], exponent: int) -> Problem:
    return make_problem(family, {**parameters, "exponent": exponent})


def _one_each(problems: list[Problem]) -> list[Problem]:
    """Return the last problem of each family: where most is asked, if in order."""
    return list({problem.family: problem for problem in problems}.values())
