"""Barriers and smooth falls of every series of cells, as plain data for the summary."""

import itertools
from collections.abc import Sequence
from typing import Any

from analysis.statistics.barrier import Barrier, barrier, difference
from analysis.statistics.estimates import CONFIDENCE
from analysis.statistics.smooth_fall import fit_floor
from analysis.summary.series import Cell, Series, series


def _usable(line: Series) -> bool:
    """Whether each value occurs once, with a number of trials that was fixed, and no limit among the inputs."""
    once = len(set(line.values)) == len(line.values)
    return once and not any(cell["sequential"] or cell["universal"] for cell in line.cells)


def _threshold(cells: Sequence[Cell]) -> float | None:
    """Halfway between 1 and 1/k, k the number of mutually exclusive inputs; None where nothing excludes anything."""
    most = max(cell["bound"]["exclusive_inputs"] for cell in cells)
    return (1.0 + 1.0 / most) / 2 if most >= 2 else None


def _located(line: Series, threshold: float, confidence: float) -> Barrier:
    counts = [
        [cell["by_input"][name]["successes"] for name in cell["smallest"]["over"]] for cell in line.cells
    ]
    return barrier(line.values, counts, [cell["recorded"] for cell in line.cells], threshold, confidence)


def _theory(line: Series, threshold: float) -> int | None:
    """The first value at which Theorem 1's bound, at the measured over-reading, is below the threshold."""
    below = (v for v, cell in zip(line.values, line.cells, strict=True) if cell["bound"]["value"] < threshold)
    return next(below, None)


def _smooth(line: Series) -> dict[str, Any] | None:
    pairs = [cell["pair"] for cell in line.cells]
    if len(pairs) < 3 or not all(pairs):
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


def curves(cells: Sequence[Cell]) -> dict[str, list[dict[str, Any]]]:
    """The barrier of every series along e or K, and the differences between algorithms that share a setting.

    Returns
    -------
    dict
        ``barriers`` and ``barrier_differences``, as docs/summary-json.md describes them.
    """
    barriers: list[dict[str, Any]] = []
    differences: list[dict[str, Any]] = []
    for parameter, least in (("exponent", 3), ("digits", 3)):
        lines = [line for line in series(cells, parameter, least) if _usable(line)]
        for line in lines:
            threshold = _threshold(line.cells)
            if threshold is None:
                continue
            found = _located(line, threshold, CONFIDENCE)
            barriers.append(
                {
                    **_names(line, parameter),
                    "values": list(line.values),
                    "threshold": threshold,
                    "fit": list(found.fit),
                    "estimate": found.estimate,
                    "above": found.above,
                    "at_most": found.at_most,
                    "theory": _theory(line, threshold),
                    "smooth": _smooth(line),
                }
            )
        for first, second in itertools.combinations(lines, 2):
            if (first.family, first.oracle, first.fixed) == (second.family, second.oracle, second.fixed):
                differences += _difference(first, second, parameter)
    return {"barriers": barriers, "barrier_differences": differences}


def _names(line: Series, parameter: str) -> dict[str, Any]:
    return {
        "parameter": parameter,
        "family": line.family,
        "oracle": line.oracle,
        "algorithm": line.algorithm,
        "fixed": line.fixed,
    }


def _difference(first: Series, second: Series, parameter: str) -> list[dict[str, Any]]:
    threshold = _threshold([*first.cells, *second.cells])
    if threshold is None:
        return []
    level = 1.0 - (1.0 - CONFIDENCE) / 2
    located = [_located(line, threshold, level) for line in (first, second)]
    low, high = difference(located[0], located[1], (first.values, second.values))
    names = _names(first, parameter)
    del names["algorithm"]
    return [{**names, "first": first.algorithm, "second": second.algorithm, "low": low, "high": high}]
