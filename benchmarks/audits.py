"""Audits of one's own data at the sizes that people bring: a dense program, a training set, a network of six layers."""

from __future__ import annotations

import itertools
import random
import tempfile
from pathlib import Path

import numpy as np

import onehalf as oh
from benchmarks.measure import Row, row, seconds

_BITS = [20, 30, 40, 52]


def run() -> list[Row]:
    """Measure seconds by the wall of one audit each; the first call of a process imports what it needs."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        oh.audit(_program(place / "small.mps", 3, 6), bits=_BITS, decimals=True)
        program = _program(place / "dense.mps", 100, 200)
        features, labels = _table(400, 30)
        np.savez(place / "set.npz", X=features, y=labels)
        network, points = _network(place / "wide.nnet", (5, *[50] * 6, 5)), place / "points.npz"
        np.savez(points, X=np.random.default_rng(3).uniform(-1, 1, (1000, 5)))
        taken = (
            (
                "dense program, 100 × 200, five readings",
                lambda: oh.audit(program, bits=_BITS, decimals=True),
                120,
            ),
            ("training set, 400 × 30, one radius", lambda: oh.audit(place / "set.npz", radius="1/8"), 10),
            (
                "network 5-6×50-5, 1,000 points, δ = 0.01",
                lambda: oh.audit(network, data=points, delta="0.01"),
                60,
            ),
        )
        return [row("audits", case, [seconds(work)], "s", at_most=limit) for case, work, limit in taken]


def _program(path: Path, rows: int, columns: int) -> Path:
    """Write min c·x, Ax = b, 0 ≤ x, of four decimals, with a feasible point and no negative cost."""
    draw = random.Random(7)
    a = [[draw.randint(1, 9999) for _ in range(columns)] for _ in range(rows)]
    point = [draw.randint(0, 3) for _ in range(columns)]
    lines = ["NAME dense", "ROWS", " N cost", *(f" E r{i}" for i in range(rows)), "COLUMNS"]
    for j in range(columns):
        lines.append(f" x{j} cost {draw.randint(1, 9999) / 10**4}")
        lines += [f" x{j} r{i} {a[i][j] / 10**4}" for i in range(rows)]
    totals = [sum(x * y for x, y in zip(line, point, strict=True)) for line in a]
    lines += ["RHS", *(f" RHS r{i} {total / 10**4}" for i, total in enumerate(totals)), "ENDATA"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _table(size: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return two clouds of points with their labels, of two decimals."""
    draw = np.random.default_rng(5)
    labels = draw.integers(0, 2, size)
    return np.round(draw.normal(labels[:, None] * 0.5, 1.0, (size, width)), 2), labels


def _network(path: Path, widths: tuple[int, ...]) -> Path:
    """Write a random network as .nnet, without scales of its inputs."""
    draw = np.random.default_rng(9)
    inputs = widths[0]
    head = [f"{len(widths) - 1},{inputs},{widths[-1]},{max(widths)},", ",".join(map(str, widths)) + ",", "0,"]
    head += ["-1.0," * inputs, "1.0," * inputs, "0.0," * (inputs + 1), "1.0," * (inputs + 1)]
    for m, n in itertools.pairwise(widths):
        head += [",".join(f"{x:.6f}" for x in line) + "," for line in draw.normal(0, m**-0.5, (n, m))]
        head += [f"{x:.6f}," for x in draw.normal(0, 0.1, n)]
    path.write_text("\n".join(["// random", *head]) + "\n", encoding="utf-8")
    return path
