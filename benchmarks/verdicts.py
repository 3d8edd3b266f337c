"""Verdicts per second on one core, beside plain exact arithmetic in three libraries."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from importlib import import_module
from time import process_time
from typing import Any

import flint
import numpy as np

from benchmarks.measure import Row, absent, installed, ratios, rounds, row
from benchmarks.networks import alternating_level, random_networks
from oracle.judge import Level, judge
from oracle.networks import Network

_CASES = (((2, 8, 1), 28), ((2, 16, 1), 64), ((2, 32, 32, 1), 64), ((2, 64, 64, 64, 1), 64))
_BATCHES = 1, 8, 64, 512, 4096
_MAIN = (2, 16, 1), 64
_ROUNDS = 5


def run() -> list[Row]:
    """Measure networks a second of processor time, each judged on one input; ratios are of the same round."""
    rng = np.random.default_rng(1)
    return [*_beside_peers(rng), *_by_architecture(rng), *_by_batch(rng)]


def _name(architecture: Sequence[int], points: int) -> str:
    return f"{'-'.join(map(str, architecture))}, {points} points"


def _beside_peers(rng: np.random.Generator) -> list[Row]:
    architecture, points = _MAIN
    networks, level = random_networks(rng, architecture, 4096), alternating_level(points)
    cases: dict[str, tuple[int, Callable[[], object]]] = {
        "judge": (4096, lambda: judge(networks, [level])),
        "judge, exact only": (100, lambda: [level.decide(n) for n in networks[:100]]),
        "fractions.Fraction": (4, lambda: [_plain(n, level, Fraction) for n in networks[:4]]),
    }
    missing = []
    if installed("gmpy2"):
        mpq = import_module("gmpy2").mpq
        cases["gmpy2.mpq"] = 30, lambda: [_plain(n, level, mpq) for n in networks[:30]]
    else:
        missing.append(absent("verdicts", "gmpy2.mpq", "networks/s", "bench"))
    cases["flint.fmpz_mat"] = 100, lambda: [_by_matrices(n, level) for n in networks[:100]]
    times = rounds({case: function for case, (_, function) in cases.items()}, _ROUNDS, process_time)
    rates = {case: [cases[case][0] / t for t in times[case]] for case in cases}
    rows = [
        row("verdicts", case, rates[case], "networks/s", at_least=150_000 if case == "judge" else None)
        for case in cases
    ]
    gain = ratios(rates["judge"], rates["fractions.Fraction"])
    return [*rows, *missing, row("verdicts", "judge / fractions.Fraction", gain, "times", at_least=1_000)]


def _plain(network: Network, level: Level, number: Callable[[Any], Any]) -> bool:
    """Decide by lists and one rational type alone, as one would write it first."""
    layers = [
        ([[number(x) for x in line] for line in w.tolist()], [number(x) for x in b.tolist()])
        for w, b in network.layers
    ]
    zero, one = number(0), number(1)
    worst = zero
    for point, label in zip(level.points, level.labels.tolist(), strict=True):
        values = [number(x) for x in point]
        for index, (w, b) in enumerate(layers):
            if index:
                values = [v if v > zero else zero for v in values]
            values = [
                sum((x * v for x, v in zip(line, values, strict=True)), c)
                for line, c in zip(w, b, strict=True)
            ]
        error = one - values[0] if label else values[0]
        worst = max(worst, error, -error)
    return bool(worst <= number(level.level))


def _by_matrices(network: Network, level: Level) -> bool:
    """Decide by integer matrices of python-flint, each point's denominator an extra coordinate."""
    assert level.integers is not None
    coordinates, scales = level.integers
    values = flint.fmpz_mat([*coordinates.tolist(), scales.tolist()])
    for index, (w, b) in enumerate(network.layers):
        if index:
            table = [[max(int(x), 0) for x in line] for line in values.table()]
            values = flint.fmpz_mat(table)
        ratios_ = [[x.as_integer_ratio() for x in line] for line in np.column_stack([w, b]).tolist()]
        common = math.lcm(*(q for line in ratios_ for _, q in line))
        scaled = [[p * (common // q) for p, q in line] for line in ratios_]
        values = flint.fmpz_mat([*scaled, [0] * w.shape[1] + [common]]) * values
    top, bottom = values.table()
    error = max(
        abs(int(c) - int(v)) / Fraction(int(c)) if label else abs(int(v)) / Fraction(int(c))
        for v, c, label in zip(top, bottom, level.labels.tolist(), strict=True)
    )
    return error <= level.level


def _by_architecture(rng: np.random.Generator) -> list[Row]:
    work = {}
    for architecture, points in _CASES:
        count = 2048 if len(architecture) == 3 else 256
        networks, level = random_networks(rng, architecture, count), alternating_level(points)
        work[_name(architecture, points)] = count, partial(judge, networks, [level])
    times = rounds({case: function for case, (_, function) in work.items()}, _ROUNDS, process_time)
    return [
        row("verdicts by architecture", case, [count / t for t in times[case]], "networks/s")
        for case, (count, _) in work.items()
    ]


def _by_batch(rng: np.random.Generator) -> list[Row]:
    architecture, points = _MAIN
    networks, level = random_networks(rng, architecture, max(_BATCHES)), alternating_level(points)

    def calls(size: int) -> object:
        return [judge(networks[at : at + size], [level]) for at in range(0, counts[size], size)]

    counts = {size: min(max(_BATCHES), 512 * size) for size in _BATCHES}
    times = rounds({str(size): partial(calls, size) for size in _BATCHES}, _ROUNDS, process_time)
    return [
        row(
            "verdicts by batch",
            f"{size} in a call",
            [counts[size] / t for t in times[str(size)]],
            "networks/s",
        )
        for size in _BATCHES
    ]
