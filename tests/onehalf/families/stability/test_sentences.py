"""What is said of certificates, made again from the networks themselves with fractions and nothing of ours.

Problems and networks are few, and certified once; which of them an experiment has, how often, and whether a
certificate was spoilt, is generated.
"""

from __future__ import annotations

import itertools
import math
import random
import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.story import RecordedCell
from onehalf.families.stability.problem import Stability
from onehalf.families.stability.report.findings import stability_findings, stability_headline
from onehalf.families.stability.report.gather import groups
from onehalf.families.stability.report.summary import entries
from oracle.networks import Network

HALF = Fraction(1, 2)
_SMALL: dict[str, Any] = {"hidden": (2,), "training": 14, "validation": 8}
PROBLEMS = (
    Stability(support=10, **_SMALL),
    Stability(support=10, exponent=44, **_SMALL),
    Stability(support=12, data_seed=4, **_SMALL),
    Stability(support=3, **_SMALL),
    Stability(support=10, feature=False, **_SMALL),
    Stability(support=10, free=True, **_SMALL),
)


def networks() -> list[Network]:
    """Networks of two hidden neurons: the one that reads the hidden feature, constants, and random ones."""
    rng = np.random.default_rng(7)
    found = [Network([([[0.0, 2.0**e], [0.0, 0.0]], [0.0, 0.0]), ([[1.0, 0.0]], [0.0])]) for e in (40, 44)]
    for scale in (1.0, 2.0**40):
        first = rng.integers(-3, 4, size=(2, 2)) * np.array([2.0, scale])
        found.append(
            Network([(first, rng.integers(-2, 3, size=2)), (rng.integers(-2, 3, size=(1, 2)), [0.5])])
        )
    return found


NETWORKS = networks()


@cache
def certified(problem: int, network: int) -> dict[str, Any]:
    return dict(PROBLEMS[problem].certify(output(problem, network)))


@cache
def output(problem: int, network: int) -> Network:
    """A network by its number; beyond the small ones those that are stable on the problem's sample."""
    small = len(NETWORKS)
    return (
        NETWORKS[network] if network < small else PROBLEMS[problem].stable(("ramps", "fold")[network - small])
    )


def value(layers: list[Any], x: list[Fraction]) -> Fraction:
    for index, (w, b) in enumerate(layers):
        x = [max(z, Fraction(0)) for z in x] if index else x
        x = [
            sum((Fraction(a) * z for a, z in zip(row, x, strict=True)), start=Fraction(c))
            for row, c in zip(w, b, strict=True)
        ]
    return x[0]


@cache
def points(problem: int) -> tuple[tuple[Fraction, Fraction, int], ...]:
    """The different points of training and validation, as docs/theory.md section 5 places them, with their labels."""
    asked = PROBLEMS[problem]
    training, validation = asked.draws
    delta = Fraction(1, 2**asked.exponent)
    return tuple(
        (Fraction(3, 4) / (k + HALF), delta * ((k + 1) % 2) * asked.feature, (k + 1) % 2)
        for k in sorted({*training, *validation}, reverse=True)
    )


@cache
def wrong(problem: int, network: int, across: Fraction = Fraction(0), up: Fraction = Fraction(0)) -> int:
    """How many points are wrong once all are moved; `up` is in units of δ, `across` in those of ε."""
    asked, found = PROBLEMS[problem], output(problem, network)
    layers = [(w.tolist(), b.tolist()) for w, b in found.layers]
    assert asked.support is not None
    size = Fraction(1, (4 * asked.support + 3) * (4 * asked.support + 4)), Fraction(1, 2**asked.exponent)
    moved = (([x + across * size[0], y + up * size[1]], label) for x, y, label in points(problem))
    return sum((value(layers, place) >= HALF) != (label == 1) for place, label in moved)


def changes(problem: int) -> int:
    return sum(a[2] != b[2] for a, b in itertools.pairwise(points(problem)))


def forced(problem: int) -> int:
    """m = ⌈(A − P(N))/2⌉ for the two hidden neurons of these problems; a free one forces nothing."""
    return 0 if PROBLEMS[problem].free else max(0, math.ceil(Fraction(changes(problem) - 3, 2)))


Cell = tuple[int, str, list[int], int]
"""A problem, an algorithm, the networks of its trials, and how many trials were planned."""


def summary_of(cells: list[Cell], spoilt: bool) -> dict[str, Any]:
    recorded = []
    for number, (problem, algorithm, trials, planned) in enumerate(cells):
        found = [(trial, certified(problem, network)) for trial, network in enumerate(trials)]
        if spoilt and found and not number:
            found[0] = (0, {**found[0][1], "flipped": -1})

        def assessed(table: str, found: list[Any] = found) -> list[Any]:
            return found if table == "certificates" else []

        def given_back(trial: int, place: int, problem: int = problem, trials: list[int] = trials) -> Network:
            return output(problem, trials[trial])

        recorded.append(
            RecordedCell(
                *(number, PROBLEMS[problem], algorithm, "trainer", planned, len(trials)),
                *(40, assessed, given_back),
            )
        )
    return {"stability": entries(groups(recorded))}


def pairs(cells: list[Cell], most: int = 0) -> list[tuple[int, int]]:
    """The problem and the network of each trial in which the theorem forces something."""
    return [(p, n) for p, _, trials, _ in cells for n in trials if forced(p) > most]


def main(cells: list[Cell]) -> list[tuple[int, int]]:
    """Those of the first problem that forces most, and of others with as many points."""
    every = pairs(cells)
    first = max(every, key=lambda pair: forced(pair[0]))
    size = len(points(first[0])), forced(first[0])
    return [(p, n) for p, n in every if (len(points(p)), forced(p)) == size]


def perfect(members: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(p, n) for p, n in members if not wrong(p, n)]


def flipped_down(members: list[tuple[int, int]]) -> int:
    return min(wrong(p, n, up=Fraction(-1)) for p, n in perfect(members))


def worst_of_three(p: int, n: int) -> int:
    return max(wrong(p, n, up=Fraction(s)) for s in (0, -1, 1))


def guaranteed(p: int, n: int) -> int:
    """Docs/theory.md section 5: all m on one line, or of two-thirds where −δ, 0 and δ share them."""
    one_line = not wrong(p, n) or not PROBLEMS[p].feature
    return forced(p) if one_line else math.ceil(Fraction(2 * forced(p), 3))


def is_forced(cells: list[Cell], m: Any) -> bool:
    every = pairs(cells)
    spare = min(worst_of_three(p, n) - guaranteed(p, n) for p, n in every)
    return spare >= 0 and (count(m["all"]), int(m["spare"])) == (len(every), spare)


def is_perfect(cells: list[Cell], m: Any) -> bool:
    members = main(cells)
    found = perfect(members)
    told = count(m["networks"]), int(m["flipped"]), int(m["forced"])
    if told != (len(found), flipped_down(members), forced(members[0][0])):
        return False
    radius, draw = Fraction(m["radius"]), random.Random(1)
    for p, n in set(found):  # somewhere near the edge of the box, around the worst of three
        sign = max((0, -1, 1), key=lambda s: wrong(p, n, up=Fraction(s)))
        for _ in range(3):
            s, t = (radius * Fraction(draw.randint(-999, 999), 1000) for _ in "st")
            if wrong(p, n, s, sign + t) < flipped_down(members):
                return False
    sizes = {PROBLEMS[p].exponent for p, _ in found}
    return m["size"] == " to ".join(f"2{raised(-e)}" for e in sorted({min(sizes), max(sizes)}))


def is_headline(cells: list[Cell], m: Any) -> bool:
    every, members = pairs(cells), main(cells)
    if count(m["all"]) != len(every) or not all(worst_of_three(p, n) > 0 for p, n in every):
        return False
    if m["among"] and count(m["among"]) != len(members):
        return False
    if m["flipped"] is not None:
        meant = every if not m["among"] else members
        told = count(m["perfect"]), int(m["flipped"]), int(m["points"])
        if told != (len(perfect(meant)), flipped_down(meant), len(points(members[0][0]))):
            return False
    elif perfect(members):
        return False
    return m["neurons"] is None or all(
        any(stable(p, n) and sum(output(p, n).architecture[1:-1]) in numbers(m["neurons"]) for n in STABLE)
        for p in {p for p, _ in members}
    )


STABLE = (len(NETWORKS), len(NETWORKS) + 1)


@cache
def stable(p: int, n: int) -> bool:
    """Whether a network is right at both ends of each ball along x_1, and at some places within it."""
    draw = random.Random(n)
    places = [(Fraction(-1), Fraction(0)), (Fraction(1), Fraction(0))]
    places += [(Fraction(draw.randint(-999, 999), 1000), Fraction(draw.randint(-99, 99))) for _ in range(4)]
    return all(wrong(p, n, across, up) == 0 for across, up in places)


def is_certified(cells: list[Cell], m: Any) -> bool:
    return not pairs(cells) and count(m["all"]) == sum(len(trials) for _, _, trials, _ in cells)


def is_stable(cells: list[Cell], m: Any) -> bool:
    """Some problem has as many changes; the networks exist, and no fewer neurons allow so many pieces."""
    least = int(m["changes"])
    sizes = {int(size) for size in re.findall(r"with (\d+)", m["sizes"])}
    one = next(n for n in itertools.count(1) if n + 1 >= least)
    two = min(a + b for a in range(1, 30) for b in range(1, 30) if (a + 1) * (b + 1) >= least)
    found = (
        {sum(PROBLEMS[p].stable(name).architecture[1:-1]) for name in ("ramps", "zigzag", "fold")}
        for p in {p for p, _, trials, _ in cells if trials and changes(p) == least}
    )
    return (int(m["one"]), int(m["two"])) == (one, two) and any(sizes <= built for built in found)


def is_computable(cells: list[Cell], m: Any) -> bool:
    told = {}
    for part in m["parts"].split("; "):
        form = r"(.+) found one in ([\d,]+)/([\d,]+) trials, from 40 binary digits of the input"
        found_in = re.fullmatch(form, part)
        if found_in is None:
            return False
        names, x, n = found_in.groups()
        told |= dict.fromkeys(re.split(r", | and ", names), (count(x), count(n)))
    found = {}
    for name in {name for _, name, _, _ in cells}:
        trials = [(p, n) for p, own, members, _ in cells if own == name for n in members]
        # A network that reads the hidden feature has no balls on which it is right.
        good = sum(n not in (0, 1) and not reads_up(n) and stable(p, n) for p, n in trials)
        if good:
            found[name] = good, len(trials)
    return told == found


def reads_up(network: int) -> bool:
    return network < len(NETWORKS) and any(NETWORKS[network].layers[0][0][:, 1])


def is_defect(cells: list[Cell], m: Any) -> bool:
    return count(m["all"]) == 1 and m["where"] == "cell 0, trial 0"


def count(text: str) -> int:
    return {"the one": 1, "The one": 1, "the one that is": 1}.get(text) or int(
        text.replace(",", "").split()[-1]
    )


def numbers(text: str) -> range:
    ends = [int(part) for part in text.split(" to ")]
    return range(ends[0], ends[-1] + 1)


def raised(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))


FORMS: dict[str, tuple[str, Callable[[list[Cell], Any], bool]]] = {
    "forced": (
        r"Inaccurate or unstable: (?P<all>the one|each of [\d,]+) networks? of fixed architecture has one .* \(by at "
        r"least (?P<spare>\d+)\)\.",
        is_forced,
    ),
    "perfect": (
        r"Perfect and unstable: (?P<networks>[\d,]+) networks? right on .* flipped on at least (?P<flipped>\d+) points "
        r"by −δ .*? \(δ = (?P<size>.+?); the theorem asks for (?P<forced>\d+)\); .* at least (?P<radius>[\d.]+) times "
        r"\(ε, δ\)\.",
        is_perfect,
    ),
    "headline": (
        r"(?P<all>The one|Each of [\d,]+) networks? of fixed size is inaccurate or unstable(?:: (?:of the "
        r"(?P<among>[\d,]+) with most errors forced \(\d+ of \d+ points\), )?(?P<perfect>the one that is|the [\d,]+) "
        r"(?:that are )?right on every point (?:is|are) made wrong on at least (?P<flipped>\d+) of (?P<points>\d+) by "
        r"one perturbation of size [^.;]+?)?(?:; a stable and accurate network exists, with (?P<neurons>[\d to]+) "
        r"hidden neurons)?\.",
        is_headline,
    ),
    "certified": (r"(?P<all>[\d,]+) networks? ha(?:s|ve) a certificate\.", is_certified),
    "stable": (
        r"Stable networks exist: for (?P<changes>\d+) label changes, (?P<sizes>.+?) hidden neurons (?:is|are) right "
        r".*; one hidden layer needs (?P<one>\d+) or more, two need (?P<two>\d+)\.",
        is_stable,
    ),
    "computable": (r"Stable networks are computable: (?P<parts>.+)\.", is_computable),
    "defect": (
        r"Defect: (?P<all>[\d,]+) certificates? contradicts? the instability theorem \((?P<where>[^:]+): .*",
        is_defect,
    ),
}


@st.composite
def experiments(draw: st.DrawFn) -> list[Cell]:
    cells = []
    for number in range(draw(st.integers(1, 4))):
        problem = draw(st.sampled_from((*range(len(PROBLEMS)), 5, 5, 5)))
        pool = st.integers(0, len(NETWORKS) - 1 + 2 * PROBLEMS[problem].free)
        trials = draw(st.lists(pool, min_size=not number, max_size=4))
        cells.append((problem, f"a{draw(st.integers(0, 1))}", trials, len(trials) + draw(st.integers(0, 2))))
    return cells


MET: dict[str, list[tuple[list[Cell], str]]] = {}


def refused(cells: list[Cell], sentence: str) -> str:
    for name, (form, check) in FORMS.items():
        found = re.fullmatch(form, sentence)
        if found is not None:
            MET.setdefault(name, []).append((cells, sentence))
            return "" if check(cells, found) else f"not true: {sentence}"
    return f"no checker: {sentence}"


@given(experiments(), st.integers(0, 9))
@settings(max_examples=36, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_sentences_about_certificates_are_true(cells: list[Cell], luck: int) -> None:
    summary = summary_of(cells, spoilt=luck == 9)
    told = stability_findings(summary)
    if luck != 9:  # with a violation the headline is about that alone
        told += stability_headline(summary)
    assert told
    assert [why for why in (refused(cells, sentence) for sentence in told) if why] == []


def test_each_checker_is_met_and_refuses_another_number() -> None:
    if not MET:
        test_sentences_about_certificates_are_true()
    alert = set()
    for name, examples in list(MET.items()):
        for cells, sentence in examples[:4]:
            for place in re.finditer(r"(?<![\d.])\d+", sentence):
                other = f"{sentence[: place.start()]}{int(place[0]) + 1}{sentence[place.end() :]}"
                alert |= {name} if refused(cells, other).startswith("not true") else set()
    assert set(MET) == alert == set(FORMS)
