"""Checkers of what is said of the place where success falls, and of what contradicts a theorem."""

import re
from functools import lru_cache
from typing import Any

from scipy.stats import binomtest

from tests.analysis.prose.cell_checkers import count
from tests.analysis.prose.store import Raw

_ERROR = 0.025


@lru_cache(maxsize=10_000)
def _p(successes: int, trials: int, share: float, side: str) -> float:
    return float(binomtest(successes, trials, share, alternative=side).pvalue)


def _lines(raw: Raw, symbol: str) -> list[list[int]]:
    """The cells of each series along an axis of this letter: alike but for it, three values or more, each once."""
    found: dict[Any, list[tuple[int, int]]] = {}
    for at in raw.numbers:
        for axis in raw.cells[at]["axes"]:
            if axis["symbol"] == symbol and raw.trials[at]:
                cell, name = raw.cells[at], axis["name"]
                others = tuple((key, value) for key, value in cell["parameters"].items() if key != name)
                key = cell["family"], cell["oracle"], cell["algorithm"], others
                found.setdefault(key, []).append((cell["parameters"][name], at))
    usable = []
    for members in found.values():
        members.sort()
        free = not any(raw.cells[at]["limit"] or raw.cells[at].get("until") for _, at in members)
        if len({value for value, _ in members}) == len(members) >= 3 and free:
            usable.append([at for _, at in members])
    return usable


def _place(raw: Raw, line: list[int], symbol: str) -> tuple[bool, str] | None:
    """Whether the interval of a fall is closed, and where its prediction lies; None where nothing is predicted."""
    values = [
        raw.cells[at]["parameters"][axis["name"]]
        for at in line
        for axis in raw.cells[at]["axes"]
        if axis["symbol"] == symbol
    ]
    k = max(float(raw.breadth(at)) for at in line)
    threshold = (1 + 1 / k) / 2
    if k == 1:
        return None
    counts = [[raw.right(at, name) for name in raw.compared(at)] for at in line]
    sizes = [raw.recorded(at) for at in line]
    above = at_most = theory = None
    for value, right, n in zip(values, counts, sizes, strict=True):
        if any(_p(x, n, threshold, "greater") > _ERROR for x in right):
            break
        above = value
    for value, right, n in reversed(list(zip(values, counts, sizes, strict=True))):
        if len(right) * min(_p(x, n, threshold, "less") for x in right) > _ERROR:
            break
        at_most = value
    for value, at in reversed(list(zip(values, line, strict=True))):
        own, t = float(raw.breadth(at)), raw.excepted(at) / raw.recorded(at)
        if own > 1 and (1 + (own - 1) * t) / own < threshold:
            theory = value
    if theory is None:
        return None
    closed = above is not None and at_most is not None
    if at_most is not None and at_most < theory:
        return closed, "earlier"
    return closed, "later" if above is not None and above >= theory else "inside"


def barriers(raw: Raw, m: Any) -> bool:
    """As many series as is said have an exact interval that holds the place predicted, or lies before or after it."""
    total = 0
    for part in re.finditer(
        r"in (\d+) of (\d+) series along (\w)(?: \(([^)]*)\))?", m[0].partition("predicts ")[2]
    ):
        places = [place for line in _lines(raw, part[3]) if (place := _place(raw, line, part[3])) is not None]
        told = [where for closed, where in places if closed or where != "inside"]
        total += len(places) - len(told)
        early, late = (
            int(found[1]) if (found := re.search(form, part[4] or "")) else 0
            for form in (r"(\d+) fall earlier", r"(\d+) later")
        )
        if (told.count("inside"), len(told), told.count("earlier"), told.count("later")) != (
            int(part[1]),
            int(part[2]),
            early,
            late,
        ):
            return False
    left = re.search(r"Left out: ([\d,]+) series", m[0])
    return (count(left[1]) if left else 0) >= total


def defect(raw: Raw, m: Any) -> bool:
    """As many runs as is said were accepted on two inputs that exclude each other; what is above is above."""
    double = sum(map(raw.twice, raw.numbers))
    told = re.search(
        r"([\d,]+) runs? that (?:was|were) accepted on two|([\d,]+) runs? that served mutually", m[0]
    )
    if told is not None and count(told[1] or told[2]) != double:
        return False
    above = re.search(r"([\d,]+) cells? whose smallest success .*? \(cell ([\d, and]+)\)", m[0])
    cells = [] if above is None else [int(at) for at in re.split(r", | and ", above[2])]
    more = all(raw.rate(at) > 1 / len(raw.cells[at]["exclusive"]) for at in cells)
    return more and (told is not None or above is not None or "significantly above its bound" in m[0])
