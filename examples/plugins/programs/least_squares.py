#!/usr/bin/env python3
"""Random features and least squares in NumPy: a trainer that does not know the harness (docs/protocol.md).

Run it: onehalf run "exec:python3 examples/plugins/programs/least_squares.py[bits=53]" --oracle decoy honest
"""

import json
import sys

import numpy as np


def tell(message: dict) -> None:
    """Write one message and send it off at once."""
    print(json.dumps(message), flush=True)


def train(points: np.ndarray, labels: np.ndarray, width: int, rng: np.random.Generator) -> tuple[list, float]:
    """Return the layers of the best of twenty networks with random hidden neurons, and its largest error."""
    spread = points.std(axis=0)
    scale, mean = np.where(spread > 0, spread, 1.0), points.mean(axis=0)
    best, least = [], np.inf
    for _ in range(20):
        directions, offsets = rng.normal(size=(width, points.shape[1])), rng.uniform(-1, 1, width)
        design = np.column_stack(
            [np.maximum((points - mean) / scale @ directions.T + offsets, 0), np.ones(len(labels))]
        )
        last = np.linalg.lstsq(design, labels, rcond=None)[0]
        error = np.abs(design @ last - labels).max()
        if error < least:
            first = directions / scale
            best, least = [[first, offsets - first @ mean], [last[None, :-1], last[-1:]]], error
    return [[part.tolist() for part in layer] for layer in best], float(least)


for line in sys.stdin:
    start = json.loads(line)
    task = start["task"]
    if len(task["architecture"]) != 3:
        tell(
            {
                "error": f"architecture={task['architecture']}: one hidden layer is trained; choose hidden = [N]"
            }
        )
        break
    tell({"read": start["parameters"].get("bits", 53)})
    points = np.array(json.loads(sys.stdin.readline())["answer"])
    labels = np.array(task["labels"], dtype=float)
    network, error = train(points, labels, task["architecture"][1], np.random.default_rng(start["seed"]))
    tell({"output": {"network": network}, "claim": error < 0.25, "ready": True})
