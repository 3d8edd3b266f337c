"""How costs grow: with digits, points, width and depth. The exponents are slopes on doubly logarithmic paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from time import process_time

import numpy as np

from benchmarks.measure import Row, exponent, rounds
from benchmarks.networks import alternating_level, random_networks
from onehalf.families.training.problem import AlternatingTraining
from oracle.judge import judge
from oracle.numbers import nearest, parse_real
from oracle.problems import Oracle
from oracle.session import Budget, Session

_ROUNDS = 3
_DIGITS = 1_000, 10_000, 100_000
_POINTS = 100, 1_000, 10_000
_WIDTHS = 16, 64, 256, 1024
_DEPTHS = 1, 2, 4, 8, 16


def run() -> list[Row]:
    """Measure seconds of processor time by size, and fit an exponent to each series."""
    rng = np.random.default_rng(2)
    return [
        *_series("digits", "one answer, x = 1/(2√2)", "≤ 1.2 expected", _answers()),
        *_series("digits", "exact verdict on the witness", "≤ 1.6 expected", _verdicts()),
        *_series("points", "table of a cell, made once", "1 expected", _tables()),
        *_series("points", "verdict on 2-16-1", "1 expected", _by_points(rng)),
        *_series("width", "verdict on 2-n-1", "1 expected", _by_width(rng)),
        *_series("depth", "verdict on 2-16-…-16-1", "1 expected", _by_depth(rng)),
    ]


def _series(axis: str, what: str, expected: str, work: Mapping[int, Callable[[], object]]) -> list[Row]:
    """Return a row for each size, and one with the exponent."""
    times = rounds({str(size): function for size, function in work.items()}, _ROUNDS, process_time)
    best = {size: sorted(times[str(size)])[_ROUNDS // 2] for size in work}
    rows = [Row("scaling", f"{axis} {size:,}: {what}", seconds * 1e6, "µs") for size, seconds in best.items()]
    slope = exponent(list(best), list(best.values()))
    return [*rows, Row("scaling", f"{axis}: {what}", slope, "exponent", None, expected)]


def _answers() -> dict[int, Callable[[], object]]:
    x = parse_real("1/sqrt(8)")
    return {digits: partial(nearest, x, digits) for digits in _DIGITS}


def _verdicts() -> dict[int, Callable[[], object]]:
    def once(digits: int) -> Callable[[], object]:
        problem = AlternatingTraining(exponent=digits)
        witness = problem.facts.witness(problem.inputs[0])
        assert [v.kind for v in problem.judge([witness])[0]] == ["accepted", "rejected"]
        return lambda: problem.judge([witness])

    return {digits: once(digits) for digits in _DIGITS}


def _tables() -> dict[int, Callable[[], object]]:
    def once(points: int) -> Callable[[], object]:
        problem = AlternatingTraining(hidden=(8,), points=points)
        oracle = Oracle(problem, problem.inputs[0], "decoy")
        return lambda: Session(oracle, Budget()).table(53)

    return {points: once(points) for points in _POINTS}


def _by_points(rng: np.random.Generator) -> dict[int, Callable[[], object]]:
    networks = random_networks(rng, (2, 16, 1), 256)
    levels = {points: alternating_level(points) for points in _POINTS}
    return {points: partial(judge, networks, [level]) for points, level in levels.items()}


def _by_width(rng: np.random.Generator) -> dict[int, Callable[[], object]]:
    level = alternating_level(64)
    batches = {width: random_networks(rng, (2, width, 1), 256) for width in _WIDTHS}
    return {width: partial(judge, batch, [level]) for width, batch in batches.items()}


def _by_depth(rng: np.random.Generator) -> dict[int, Callable[[], object]]:
    level = alternating_level(64)
    # Weights of variance 2/16 keep the values' size, so that the filter's bound decides at every depth.
    scale = float(Fraction(1, 3))
    work: dict[int, Callable[[], object]] = {}
    for depth in _DEPTHS:
        networks = random_networks(rng, (2, *[16] * depth, 1), 128)
        small = [type(n)([(w * scale, b) for w, b in n.layers]) for n in networks]
        work[depth] = partial(judge, small, [level])
    return work
