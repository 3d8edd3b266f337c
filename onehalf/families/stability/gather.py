"""From stored certificates of the stability family to what the analysis takes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from onehalf.families.stability.perturbations import SIGNS
from onehalf.families.stability.problem import Stability
from onehalf.record.described import Described, Recorded
from onehalf.record.store import Store
from oracle.errors import InvalidValue
from oracle.networks import Network
from oracle.problems import Problem

_ACROSS, _UP = 121, 61
_LOW, _HIGH = -1.5, 2.5


def stability_groups(experiment: Recorded, store: Store) -> list[dict[str, Any]]:
    """Return one group for each stability problem of the experiment, in the order of the plan."""
    groups: dict[str, dict[str, Any]] = {}
    for index, cell in enumerate(experiment.cells):
        problem = _at_hand(cell)
        if not isinstance(problem, Stability):
            continue
        key = json.dumps(problem.parameters(), sort_keys=True)
        if key not in groups:
            groups[key] = {
                "parameters": problem.parameters(),
                "background": problem.background(),
                "picture": None,
                "cells": [],
            }
        group = groups[key]
        group["cells"].append(_cell(index, cell, problem, store))
        # One picture is enough: a report has room for one.
        if not any(other["picture"] for other in groups.values()):
            group["picture"] = _picture(group["cells"][-1], problem, store)
    return list(groups.values())


def _at_hand(cell: Described) -> Problem | None:
    """Return the problem of a cell of this family; None where what its parameters name in a file is not at hand."""
    try:
        return cell.problem if cell.family == Stability.family else None
    except InvalidValue:
        return None


def _cell(index: int, cell: Described, problem: Stability, store: Store) -> dict[str, Any]:
    found = [(trial, json.loads(body)) for trial, body in store.certificates(index)]
    query = "SELECT COUNT(*), MAX(depth) FROM outcomes WHERE cell = ? AND input = 0"
    recorded, depth = store.connection.execute(query, (index,)).fetchone()
    broken = [(trial, problem.violation(certificate)) for trial, certificate in found]
    return {
        "cell": index,
        "algorithm": cell.algorithm,
        "role": cell.role,
        "planned": cell.trials,
        "recorded": recorded,
        "depth": depth,
        "certificates": found,
        "attacks": [(trial, json.loads(body)) for trial, body in store.certificates(index, "attacks")],
        "broken": [(trial, sentence) for trial, sentence in broken if sentence],
    }


def _picture(cell: dict[str, Any], problem: Stability, store: Store) -> dict[str, Any] | None:
    """Return the first perfect network of a trainer that flips, over the plane (a/x_1, x_2/δ)."""
    if cell["role"] != "trainer" or problem.free:
        return None
    for trial, found in cell["certificates"]:
        if found["right_everywhere"] and found["flipped"]:
            body = store.output(cell["cell"], trial, 0)
            assert body is not None
            return {
                "cell": cell["cell"],
                "trial": trial,
                "algorithm": cell["algorithm"],
                "sign": found["sign"],
                "wrong": {str(sign): found["wrong"][str(sign)] for sign in SIGNS},
                **_plane(problem.decode(body), problem),
            }
    return None


def _plane(network: Network, problem: Stability) -> dict[str, Any]:
    """Return φ, cut off to [−1, 2], on a grid of the plane in float64: a picture, and no verdict rests on it."""
    sample = problem.sample
    a = float(problem.facts.a)
    ratios = [a / float(x) for x in sample.places]
    across = np.linspace(min(ratios) - 0.5, max(ratios) + 0.5, _ACROSS)
    up = np.linspace(_LOW, _HIGH, _UP)
    points = np.zeros((_UP * _ACROSS, problem.dimension))
    points[:, 0] = np.tile(a / across, _UP)
    points[:, 1] = np.repeat(up * float(problem.delta), _ACROSS)
    weights = [(w.astype(np.float64), b.astype(np.float64)) for w, b in network.layers]
    values = np.clip(Network(weights)(points), -1.0, 2.0).reshape(_UP, _ACROSS)
    return {
        "ratios": [round(ratio, 6) for ratio in ratios],
        "across": [float(across[0]), float(across[-1])],
        "up": [_LOW, _HIGH],
        "values": np.round(values, 2).tolist(),
    }
