"""What a comparison says, made again from the trials of both directories, one by one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from onehalf.comparing.pairs import compare_directories
from onehalf.comparing.words import comparison_sentences

Cells = dict[tuple[str, int], dict[str, Any]]
"""By algorithm and e: seed, whether a rule may stop it, and for each trial's number its verdicts on two inputs."""


@st.composite
def directories(draw: st.DrawFn) -> tuple[Cells, Cells]:
    """Two directories of few cells; an algorithm beats another in hardly any, some or most trials."""
    found: tuple[Cells, Cells] = ({}, {})
    for side in (0, 1):
        seed = draw(st.integers(1, 2))
        for key in draw(st.sets(st.tuples(st.sampled_from(("a", "b")), st.integers(5, 7)), min_size=1)):
            bias = draw(st.integers(0, 4))
            trials = draw(st.sets(st.integers(0, 15), max_size=16)) if draw(st.booleans()) else set(range(16))
            coin = st.tuples(*(st.integers(0, 4),) * 2)
            verdicts = {trial: tuple(x < bias for x in draw(coin)) for trial in sorted(trials)}
            found[side][key] = {"seed": seed, "until": draw(st.integers(0, 5)) == 5, "trials": verdicts}
    return found


def described(cells: Cells) -> Any:
    """A directory's plan, as far as a comparison looks at it."""
    seeds = {cell["seed"] for cell in cells.values()}
    listed = [
        SimpleNamespace(
            family="training",
            parameters={"exponent": e},
            policy="decoy",
            budget=SimpleNamespace(digits=None, seconds=None),
            algorithm=name,
            until="decided" if cell["until"] else None,
            coordinates=(name, e),
            axes=[SimpleNamespace(name="exponent", symbol="e", kind="closeness")],
            inputs=("1", "2"),
            written={"digest": name},
        )
        for (name, e), cell in cells.items()
    ]
    return SimpleNamespace(cells=listed, seed=seeds.pop())


class Opened:
    """A store that gives a directory's trials as the harness's does."""

    def __init__(self, cells: Cells) -> None:
        self.members = list(cells.values())
        self.connection = self

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, query: str, place: tuple[int]) -> list[tuple[int]]:
        return [(trial,) for trial in self.members[place[0]]["trials"]]


def vectors(recorded: Any, store: Opened, index: int) -> Any:
    found = np.zeros((2, 16), dtype=bool)
    for trial, verdicts in store.members[index]["trials"].items():
        found[:, trial] = verdicts
    return found


def told(first: Cells, second: Cells) -> list[str]:
    module = "onehalf.comparing.pairs"
    opened = {"first": Opened(first), "second": Opened(second)}
    with (
        mock.patch(f"{module}.read_store", side_effect=lambda path: opened[str(path)]),
        mock.patch(f"{module}.require_possible"),
        mock.patch(f"{module}.success_vectors", side_effect=vectors),
    ):
        parts = (Path("first"), described(first)), (Path("second"), described(second))
        return comparison_sentences(compare_directories(*parts))


def matched(first: Cells, second: Cells) -> list[tuple[Any, Any]]:
    """The cells of one algorithm and e in both; and what is left where that is one cell of an e on either side."""
    same = [(key, key) for key in first if key in second]
    for e in {e for _, e in first}:
        left = [[key for key in cells if key[1] == e and (key, key) not in same] for cells in (first, second)]
        if len(left[0]) == len(left[1]) == 1:
            same.append((left[0][0], left[1][0]))
    return same


@cache
def mcnemar(more: int, less: int) -> float:
    return float(binomtest(more, more + less).pvalue) if more + less else 1.0


def rows(first: Cells, second: Cells) -> list[dict[str, Any]]:
    """Each comparison, with Holm's adjustment of exact binomial tests of the trials in which the two differ."""
    found = []
    for a, b in matched(first, second):
        one, other = first[a], second[b]
        both = sorted(set(one["trials"]) & set(other["trials"]))
        if one["until"] or other["until"] or not both:
            continue
        for place in (0, 1):
            x, y = ([cell["trials"][trial][place] for trial in both] for cell in (one, other))
            more = sum(p and not q for p, q in zip(x, y, strict=True))
            less = sum(q and not p for p, q in zip(x, y, strict=True))
            p = mcnemar(more, less)
            same = one["seed"] == other["seed"] and a == b
            found.append(
                {
                    "a": a,
                    "b": b,
                    "place": place,
                    "n": len(both),
                    "sums": (sum(x), sum(y)),
                    "p": p,
                    "same": same,
                }
            )
    order = sorted(found, key=lambda row: row["p"])
    least = 0.0
    for rank, row in enumerate(order):
        least = max(least, min(1.0, row["p"] * (len(order) - rank)))
        row["holm"] = least
    return found


Pair = tuple[Cells, Cells]


def is_compared(pair: Pair, m: Any) -> bool:
    found, level = rows(*pair), float(m["level"])
    wins = [
        sum(row["holm"] <= level and (row["sums"][0] > row["sums"][1]) == side for row in found)
        for side in (1, 0)
    ]
    cells = len({(row["a"], row["b"]) for row in found})
    counts = int(m["all"]), int(m["cells"]), int(m["first"]), int(m["second"]), int(m["none"])
    return counts == (len(found), cells, *wins, len(found) - sum(wins))


def is_coins(pair: Pair, m: Any) -> bool:
    found = rows(*pair)
    same = sum(row["same"] for row in found)
    if m["some"] is not None:
        return (same, len(found)) == (int(m["some"]), int(m["all"])) and 0 < same < len(found)
    return same == (len(found) if "had the same coins in both" in m[0] else 0)


def is_largest(pair: Pair, m: Any) -> bool:
    found = rows(*pair)
    place = {"¹": 0, "²": 1}[m["input"]]
    members = [
        row
        for row in found
        if row["place"] == place
        and row["a"][1] == int(m["e"])
        and " and ".join(dict.fromkeys((row["a"][0], row["b"][0]))) == m["who"]
    ]
    largest = max(abs(row["sums"][0] - row["sums"][1]) / row["n"] for row in found)
    counts = {m["one"]: int(m["x"]), m["other"]: int(m["y"])}
    return any(
        row["sums"] == (counts["first"], counts["second"])
        and {row["n"]} == {int(m["n"]), int(m["k"])}
        and abs(abs(row["sums"][0] - row["sums"][1]) / row["n"] - largest) < 1e-12
        and abs(as_number(m["p"]) - row["holm"]) <= 0.06 * row["holm"]
        for row in members
    )


def as_number(text: str) -> float:
    """A p-value as it is printed: "0.033", "6.1·10⁻⁵"."""
    digits, _, power = text.partition("·10")
    try:
        return float(digits) * 10.0 ** int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or 0)
    except ValueError:
        return math.nan  # which is near no number


def is_stopping(pair: Pair, m: Any) -> bool:
    return int(m["cells"]) == sum(pair[0][a]["until"] or pair[1][b]["until"] for a, b in matched(*pair))


def is_empty(pair: Pair, m: Any) -> bool:
    return int(m["cells"]) == sum(
        not (pair[0][a]["until"] or pair[1][b]["until"])
        and not set(pair[0][a]["trials"]) & set(pair[1][b]["trials"])
        for a, b in matched(*pair)
    )


def is_alone(pair: Pair, m: Any) -> bool:
    side = ("first", "second").index(m["directory"])
    return int(m["cells"]) == len(pair[side]) - len(matched(*pair))


FORMS: dict[str, tuple[str, Callable[[Pair, Any], bool]]] = {
    "compared": (
        r"(?P<all>\d+) comparisons? \((?P<cells>\d+) pairs? of cells, input by input\): first succeeds more often in "
        r"(?P<first>\d+), second in (?P<second>\d+); in (?P<none>\d+) the trials do not tell them apart "
        r"\(exact McNemar tests, Holm's adjustment, level (?P<level>[\d.]+)\)\.",
        is_compared,
    ),
    "coins": (
        r"(?:In (?P<some>\d+) of (?P<all>\d+) comparisons t|T)rials of equal number had (?:the same|independent) "
        r"coins.*",
        is_coins,
    ),
    "largest": (
        r"The largest difference: (?P<who>.+?) on ι(?P<input>.), training under decoy at e = (?P<e>\d+): (?P<x>\d+)/"
        r"(?P<n>\d+) in (?P<one>\w+), (?P<y>\d+)/(?P<k>\d+) in (?P<other>\w+) \(adjusted p = (?P<p>[^)]*)\)\.",
        is_largest,
    ),
    "stopping": (r"(?P<cells>\d+) pairs? of cells may stop early, .*", is_stopping),
    "empty": (r"Left out without a trial of one number in both: (?P<cells>\d+) pairs? of cells\.", is_empty),
    "alone": (r"Left out of (?P<directory>\w+): (?P<cells>\d+) cells? without a counterpart\.", is_alone),
}
MET: dict[str, list[tuple[Pair, str]]] = {}


def refused(pair: Pair, sentence: str) -> str:
    for name, (form, check) in FORMS.items():
        found = re.fullmatch(form, sentence)
        if found is not None:
            MET.setdefault(name, []).append((pair, sentence))
            return "" if check(pair, found) else f"not true: {sentence}"
    return f"no checker: {sentence}"


@given(directories())
@settings(max_examples=32, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_sentences_of_a_comparison_are_true(pair: Pair) -> None:
    if matched(*pair):
        assert [why for why in (refused(pair, text) for text in told(*pair)) if why] == []


def test_each_checker_is_met_and_refuses_another_number() -> None:
    if not MET:
        test_sentences_of_a_comparison_are_true()
    alert = set()
    for name, examples in list(MET.items()):
        for pair, sentence in examples[:6]:
            others = [
                f"{sentence[: place.start()]}{int(place[0]) + 1}{sentence[place.end() :]}"
                for place in re.finditer(r"(?<![\d.])\d+", sentence)
            ]
            others += [sentence.replace("independent coins", "the same coins in both")]
            others += [sentence.replace("the same coins in both", "independent coins")]
            alert |= {name for other in others if refused(pair, other).startswith("not true")}
    assert set(MET) == alert == set(FORMS)
