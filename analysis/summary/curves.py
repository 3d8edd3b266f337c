"""Barriers and smooth falls of every series of cells, as plain data for the summary."""

import itertools
from collections.abc import Sequence
from typing import TypedDict

from analysis.statistics.barrier import Barrier, barrier, difference
from analysis.statistics.estimates import CONFIDENCE
from analysis.statistics.smooth_fall import fit_floor
from analysis.summary.schema import BarrierEntry, CellEntry, DifferenceEntry, LineEntry, SmoothEntry
from analysis.summary.series import Series, bound_of, series
from analysis.wording import FALLING


def _usable(line: Series) -> bool:
    """Whether each value occurs once, with a number of trials that was fixed, and no limit among the inputs."""
    once = len(set(line.values)) == len(line.values)
    return once and not any(cell["sequential"] or cell["universal"] for cell in line.cells)


def _threshold(cells: Sequence[CellEntry]) -> float | None:
    """Halfway between 1 and the least bound 1/k (or v) of the cells; None where nothing limits any."""
    most = max(cell["bound"]["breadth"] for cell in cells)
    return (1.0 + 1.0 / most) / 2 if most > 1 else None


def _located(line: Series, threshold: float, confidence: float) -> Barrier:
    counts = [
        [cell["by_input"][name]["successes"] for name in cell["smallest"]["over"]] for cell in line.cells
    ]
    return barrier(line.values, counts, [cell["recorded"] for cell in line.cells], threshold, confidence)


def _theory(line: Series, threshold: float) -> int | None:
    """The first value at which Theorem 1's bound, at the measured over-reading, is below the threshold."""
    below = (v for v, cell in zip(line.values, line.cells, strict=True) if bound_of(cell) < threshold)
    return next(below, None)


def _smooth(line: Series) -> SmoothEntry | None:
    pairs = [cell["pair"] for cell in line.cells if cell["pair"] is not None]
    if not 3 <= len(pairs) == len(line.cells):
        return None
    fit = fit_floor(line.values, [(pair["both"], pair["one"], pair["neither"]) for pair in pairs])
    return {
        "identified": fit.identified,
        "reason": fit.reason,
        "coefficients": list(fit.coefficients),
        "errors": list(fit.errors),
        "midpoint": fit.midpoint,
        "interval": list(fit.interval),
    }


class Curves(TypedDict):
    """What `curves` adds to the summary."""

    barriers: list[BarrierEntry]
    barrier_differences: list[DifferenceEntry]


def curves(cells: Sequence[CellEntry]) -> Curves:
    """The barrier of every series along which success falls, and the differences between algorithms in one setting.

    Returns
    -------
    dict
        ``barriers`` and ``barrier_differences``, as docs/summary-json.md describes them.
    """
    barriers: list[BarrierEntry] = []
    differences: list[DifferenceEntry] = []
    for kind in FALLING:
        lines = [line for line in series(cells, kind, least=3) if _usable(line)]
        for line in lines:
            threshold = _threshold(line.cells)
            if threshold is not None:
                barriers.append(_barrier(line, threshold))
        for first, second in itertools.combinations(lines, 2):
            if _setting(first) == _setting(second):
                differences += _difference(first, second)
    return {"barriers": barriers, "barrier_differences": differences}


def _barrier(line: Series, threshold: float) -> BarrierEntry:
    found = _located(line, threshold, CONFIDENCE)
    return {
        **_names(line),
        "algorithm": line.algorithm,
        "values": list(line.values),
        "threshold": threshold,
        "fit": list(found.fit),
        "estimate": found.estimate,
        "above": found.above,
        "at_most": found.at_most,
        "theory": _theory(line, threshold),
        "smooth": _smooth(line),
    }


def _setting(line: Series) -> tuple[str, ...]:
    return line.family, line.oracle, line.fixed, line.axis["name"]


def _names(line: Series) -> LineEntry:
    return {
        "parameter": line.axis["name"],
        "symbol": line.axis["symbol"],
        "words": line.axis["words"],
        "kind": line.axis["kind"],
        "family": line.family,
        "oracle": line.oracle,
        "fixed": line.fixed,
    }


def _difference(first: Series, second: Series) -> list[DifferenceEntry]:
    threshold = _threshold([*first.cells, *second.cells])
    if threshold is None:
        return []
    level = 1.0 - (1.0 - CONFIDENCE) / 2
    located = [_located(line, threshold, level) for line in (first, second)]
    low, high = difference(located[0], located[1], (first.values, second.values))
    return [{**_names(first), "first": first.algorithm, "second": second.algorithm, "low": low, "high": high}]
