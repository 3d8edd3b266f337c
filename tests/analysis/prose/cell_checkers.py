"""Checkers of what is said of steps of demand, of known depths, of promises and of abstentions."""

import re
from collections.abc import Iterable
from typing import Any

from scipy.stats import beta

from tests.analysis.prose.store import Raw


def count(text: str) -> int:
    return int(text.replace(",", ""))


def values(text: str) -> set[int]:
    """The values of "46 to 52", "8 and 9", "8, 9 and 20"."""
    if " to " in text:
        low, high = map(int, text.split(" to "))
        return set(range(low, high + 1))
    return {int(part) for part in re.split(r", | and ", text)}


def share(text: str) -> float:
    return float(text.rstrip("%")) / 100


def _best(raw: Raw, cells: Iterable[int], told: tuple[int, int], label: str | None) -> bool:
    """Whether a cell (of an algorithm, where one is named) has these counts, and no other is right more often."""
    members = list(cells)
    return any(
        (raw.worst(at), raw.recorded(at)) == told and (label is None or raw.cells[at]["algorithm"] == label)
        for at in members
    ) and all(raw.rate(at) <= told[0] / told[1] + 1e-12 for at in members)


def _fixed(raw: Raw, at: int, kin: Iterable[int]) -> str:
    """The parameters of a cell beside that on its axis of demand in which its kin differ, in words."""
    name = raw.axis(at, "demand")["name"]
    every = [raw.cells[other]["parameters"] for other in kin]
    return ", ".join(
        f"{key} = {value}"
        for key, value in raw.cells[at]["parameters"].items()
        if key != name and len({given[key] for given in every}) > 1
    )


def step(raw: Raw, m: Any) -> bool:
    """Some problem has this step along an axis of this letter."""
    return _step(raw, m.groupdict())


def _step(raw: Raw, told: dict[str, str]) -> bool:
    """At these values some problem has cells on either side, and none of them there is right more often."""
    before, after = values(told["before"]), values(told["after"])
    cells = [
        at for at in raw.numbers if raw.trials[at] and raw.axis(at, "demand")["symbol"] == told["symbol"]
    ]
    for family in {raw.cells[at]["family"] for at in cells}:
        kin = [at for at in cells if raw.cells[at]["family"] == family]
        for fixed in {"", *(_fixed(raw, at, kin) for at in kin)}:
            problem = ", ".join(filter(None, (family, fixed)))
            if told.get("problem", problem) != problem:
                continue
            if "words" in told and fixed and not told["words"].endswith("; " + fixed):
                continue
            own = [at for at in kin if not fixed or _fixed(raw, at, kin) == fixed]
            easy = [at for at in own if raw.unobstructed(at) and raw.value(at, "demand") in before]
            hard = [at for at in own if raw.alike(at) and raw.value(at, "demand") in after]
            sides = {raw.value(at, "demand") for at in easy}, {raw.value(at, "demand") for at in hard}
            if (
                sides == (before, after)
                and not before & after
                and _best(raw, easy, (count(told["x"]), count(told["n"])), told.get("easiest"))
                and _best(raw, hard, (count(told["y"]), count(told["k"])), told.get("hardest"))
            ):
                return True
    return False


_STEP = re.compile(
    r"(?P<problem>\S.*?) (?P<x>\d+)/(?P<n>\d+) at (?P<symbol>\w) = (?P<before>[\d, toand]+) \((?P<easiest>.*?)\), "
    r"(?P<y>\d+)/(?P<k>\d+) at \w = (?P<after>[\d, toand]+) \((?P<hardest>.*?)\)"
)


def steps(raw: Raw, m: Any) -> bool:
    """Each of several problems has its step; those that are not named have families of their own, or parameters."""
    if m["more"] and len(raw.numbers) < 2 * (4 + count(m["more"])):
        return False
    found = [_STEP.fullmatch(part) for part in m["parts"].split("; ")]
    return all(part is not None and _step(raw, part.groupdict()) for part in found) and _needless(
        raw, m["rest"], [raw.cells[at]["family"] for at in raw.numbers]
    )


def needless(raw: Raw, m: Any) -> bool:
    """As `step`; and where one answer would do, who is named gives it in every trial, and who is not does not."""
    return step(raw, m) and _needless(raw, m["rest"], [m["problem"].split(", ")[0]])


def _needless(raw: Raw, rest: str, families: list[str]) -> bool:
    told = re.findall(
        r" At \w = (\d+)(?: \((\w+)[^)]*\))? ([^(].*?) gives? the one answer for all; .*? on the worst "
        r"input ([^.]+)\.",
        rest,
    )
    for value, family, names, wrong in told:
        members = [
            at
            for at in raw.numbers
            if raw.cells[at]["family"] in ([family] if family else families)
            and raw.trials[at]
            and raw.value(at, "demand") == int(value)
            and not raw.bounded(at)
            and raw.one_answer(at) == raw.recorded(at)
        ]
        for name in re.split(r", | and ", names):
            if not any(raw.cells[at]["algorithm"] == name and raw.perfect(at) for at in members):
                return False
        for name, x, n in re.findall(r"(\S+) (\d+)/(\d+)", wrong):
            counts = {
                (raw.worst(at), raw.recorded(at)) for at in members if raw.cells[at]["algorithm"] == name
            }
            if (int(x), int(n)) not in counts or x == n:
                return False
    return len(told) == rest.count(" At ")


def _smallest_interval(raw: Raw, at: int) -> tuple[float, float]:
    """The 95% interval of the least of several shares (docs/statistics.md): Clopper and Pearson's ends, by scipy."""
    counts, n = [raw.right(at, name) for name in raw.compared(at)], raw.recorded(at)
    low = min(float(beta.ppf(0.025, x, n - x + 1)) if x else 0.0 for x in counts)
    error = 0.025 / len(counts)
    high = min(float(beta.ppf(1 - error, x + 1, n - x)) if x < n else 1.0 for x in counts)
    return low, high


def known_depth(raw: Raw, m: Any) -> bool:
    """Theorem 1's bound at the known t, (1 + (k − 1)t)/k, is in as many intervals as is said."""
    cells = [
        at
        for at in raw.numbers
        if raw.trials[at] and raw.bounded(at) and raw.cells[at]["over_reading_exact"] is not None
    ]
    inside = []
    for at in cells:
        k, t = float(raw.breadth(at)), raw.cells[at]["over_reading_exact"]
        low, high = _smallest_interval(raw, at)
        inside.append(low - 1e-9 <= (1 + (k - 1) * t) / k <= high + 1e-9)
    missed = re.findall(r" (\S+ under \S+ at [^.]+?) has (\d+)/(\d+), interval", m["rest"])
    outside = {
        (raw.where(at), raw.worst(at), raw.recorded(at))
        for at, held in zip(cells, inside, strict=True)
        if not held
    }
    return (len(cells), sum(inside)) == (count(m["cells"]), count(m["inside"])) and all(
        (where, int(x), int(n)) in outside for where, x, n in missed
    )


def false_promises(raw: Raw, m: Any) -> bool:
    """One run that served all exclusive inputs promised so often, and was so often rejected on the one named."""
    for at in raw.named(m["where"]):
        cell, trials = raw.cells[at], raw.trials[at]
        places = [cell["inputs"].index(name) for name in cell["exclusive"]]
        on = cell["inputs"].index(m["on"].translate(str.maketrans("⁰¹²³", "0123")))
        flagged = m["how"] == "reports success"
        kept = [
            trial
            for trial in trials
            if trial["shared"]
            and all(
                trial["claims"][place] is True if flagged else trial["statuses"][place] == "halted"
                for place in places
            )
        ]
        wrong = sum(trial["verdicts"][on] == "rejected" for trial in kept)
        k = len(places)
        least = len(kept) * (k - 1) / (k * len(trials)) if trials else 0.0
        if (
            (len(kept), len(trials)) == (count(m["kept"]), count(m["trials"]))
            and (wrong, len(trials)) == (count(m["wrong"]), count(m["of"]))
            and least - 0.001 < share(m["least"]) <= least + 1e-12
        ):
            return True
    return False


def abstained(raw: Raw, m: Any) -> bool:
    every = [status for trials in raw.trials for trial in trials for status in trial["statuses"]]
    return (every.count("abstained"), len(every)) == (count(m["none"]), count(m["all"]))


def missing_told(raw: Raw, m: Any) -> bool:
    return (m["names"], m["why"]) in raw.untold
