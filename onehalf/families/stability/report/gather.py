"""From stored certificates of stability problems to what the summary takes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.story import RecordedCell
from oracle.networks import Network

_ACROSS, _UP = 121, 61
_LOW, _HIGH = -1.5, 2.5


def groups(cells: Sequence[RecordedCell]) -> list[dict[str, Any]]:
    """Return one group for each stability problem, in the order of the plan."""
    found: dict[str, dict[str, Any]] = {}
    for cell in cells:
        problem = cell.problem
        key = json.dumps(problem.parameters(), sort_keys=True)
        if key not in found:
            found[key] = {
                "parameters": problem.parameters(),
                "background": problem.background(),
                "forced": problem.forced,
                "picture": None,
                "cells": [],
            }
        group = found[key]
        group["cells"].append(_cell(cell))
        # One picture is enough: a report has room for one.
        if not any(other["picture"] for other in found.values()):
            group["picture"] = _picture(cell, group["cells"][-1]["certificates"])
    return list(found.values())


def _cell(cell: RecordedCell) -> dict[str, Any]:
    found = cell.assessed("certificates")
    broken = [(trial, cell.problem.violation(certificate)) for trial, certificate in found]
    return {
        "cell": cell.number,
        "algorithm": cell.algorithm,
        "role": cell.role,
        "planned": cell.planned,
        "recorded": cell.recorded,
        "depth": cell.depth,
        "certificates": found,
        "attacks": cell.assessed("attacks"),
        "broken": [(trial, sentence) for trial, sentence in broken if sentence],
    }


def _picture(cell: RecordedCell, certificates: Sequence[tuple[int, Any]]) -> dict[str, Any] | None:
    """Return the first perfect network of a trainer that flips, over the plane (a/x_1, x_2/δ)."""
    if cell.role != "trainer" or cell.problem.free:
        return None
    for trial, found in certificates:
        if found["right_everywhere"] and found["flipped"]:
            return {
                "cell": cell.number,
                "trial": trial,
                "algorithm": cell.algorithm,
                "sign": found["sign"],
                "wrong": dict(found["wrong"]),
                **_plane(cell.output(trial, 0), cell.problem),
            }
    return None


def _plane(network: Network, problem: Any) -> dict[str, Any]:
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
