"""What an audit says, made again from its exact numbers, by hand-counted matchings, and by trying every order."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onehalf.auditing.data import Datum
from onehalf.auditing.datasets.conflicts import separation_of
from onehalf.auditing.datasets.labelled import boxes_of, labelled
from onehalf.auditing.datasets.look import look_of
from onehalf.auditing.datasets.trainers import run_trainer
from onehalf.auditing.datasets.wording import exact_sentences, sentences_of, separation_sentence
from onehalf.auditing.networks.audit import _accuracy, _finding, _row, _sentence, _stated
from onehalf.auditing.networks.flips import Flips
from onehalf.auditing.radii import Radii
from onehalf.auditing.report.text import digit_table
from onehalf.auditing.verdicts import Answer, Audit, AuditDecision, Finding
from onehalf.auditing.wording import digit_sentences

TEN = Fraction(10)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    sizes = st.tuples(st.integers(1, 30), st.integers(-9, 4)).map(lambda p: p[0] * TEN ** p[1])
    answers = []
    for number in range(draw(st.integers(1, 4))):
        radius = draw(st.one_of(st.none(), st.just(Fraction(0)), sizes))
        apart = draw(st.one_of(st.just(Fraction(0)), sizes))
        apart = apart if radius is None else min(apart, 2 * radius)
        answers.append(Answer(f"x{number}", Fraction(0), radius, apart, (0, 1) if apart else None))
    verdict = draw(st.sampled_from(("CERTIFIED", "IMPOSSIBLE", "NEITHER")))
    decision = AuditDecision("feasible", verdict, "there are both", None)
    return Finding("2^-9", "correct to 2^-9", tuple(answers), (decision,))


def digits_true(finding: Finding, text: str) -> bool:
    """Whether the sentence on digits holds for the enclosures and distances."""
    found = re.fullmatch(
        r"From numbers correct to 2\^-9, ((?P<whole>the minimiser is certain to the last digit)|no digit after the "
        r"point of ((?P<short>\d+) of (?P<of>\d+) components of )?the minimiser is certified(, and every component to "
        r"within (?P<within>1|10\^\d+))?|(?P<digits>\d+) digits? of every component of the minimiser (is|are) certain "
        r"\(least (?P<least>\w+)\)); (no digit was proved impossible|not even (?P<unit>the unit|10\^\d+) of (?P<big>"
        r"\w+) can be had|the (?P<nth>\d+)(st|nd|rd|th) digit of (?P<lost>\w+) cannot be had)\.",
        text,
    )
    if found is None:
        return False
    named = {answer.name: answer for answer in finding.answers}
    radii = [answer.radius for answer in finding.answers]
    short = [radius for radius in radii if radius is None or radius > Fraction(1, 10)]
    if found["whole"]:
        good = all(radius == 0 for radius in radii)
    elif found["digits"]:
        k, least = int(found["digits"]), named[found["least"]].radius
        good = all(radius is not None and radius <= TEN**-k for radius in radii)
        good = good and least is not None and least > TEN ** -(k + 1)
    else:
        good = len(short) == (int(found["short"]) if found["short"] else len(radii)) > 0
        good = (
            good and found["of"] in (None, str(len(radii))) and bool(found["within"]) == (None not in radii)
        )
        if found["within"]:
            power = TEN ** int(found["within"].partition("^")[2] or 0)
            largest = max(radius for radius in radii if radius is not None)
            good = good and largest <= power < 10 * largest
    apart = {answer.name: answer.apart for answer in finding.answers if answer.apart}
    if found["nth"]:
        k, name = int(found["nth"]), found["lost"]
    elif found["big"]:
        k, name = -int(found["unit"].removeprefix("the unit").partition("^")[2] or 0), found["big"]
    else:
        return good and not apart
    best = max(apart.values())
    return (
        good
        and apart.get(name, 0) > 2 * TEN**-k
        and best <= 2 * TEN ** -(k - 1)
        and (k > 0) == bool(found["nth"])
    )


@given(findings())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_sentences_on_digits_are_true_and_others_are_not(finding: Finding) -> None:
    first, *decided = digit_sentences([finding], "the minimiser")
    assert digits_true(finding, first), first
    for place in re.finditer(r"(?<=the )\d+(?=[snrt])|(?<=, )\d+(?= digit)|\d+(?= of \d)", first):
        assert not digits_true(finding, f"{first[: place.start()]}{int(place[0]) + 1}{first[place.end() :]}")
    impossible = finding.decisions[0].verdict == "IMPOSSIBLE"
    assert (
        decided
        == ["From numbers correct to 2^-9, whether it is feasible cannot be decided: there are both."]
        * impossible
    )
    audit = Audit("linear program", "x", "", (finding,), {}, ())
    for answer, (_, entry) in zip(finding.answers, digit_table(audit)[1], strict=True):
        certain, _, lost = entry.partition(" | ")
        assert (certain == "–") == (answer.radius is None)
        assert (certain == "all") == (answer.radius == 0)
        if answer.radius:
            assert TEN ** -(int(certain) + 1) < answer.radius <= TEN ** -int(certain)
        assert (lost == "–") == (not answer.apart)
        if answer.apart:
            assert 2 * TEN ** -int(lost) < answer.apart <= 2 * TEN ** -(int(lost) - 1)


Points = list[tuple[tuple[int, ...], str]]


def exchangeable(one: tuple[int, ...], other: tuple[int, ...], radius: Fraction) -> bool:
    """Whether two points may stand in each other's place: their boxes share more than a place."""
    gaps = [abs(a - b) for a, b in zip(one, other, strict=True)]
    return all(gap <= 2 * radius for gap in gaps) and any(gap < 2 * radius for gap in gaps)


def most_pairs(points: Points, radius: Fraction, left: tuple[int, ...]) -> int:
    """The largest number of disjoint pairs with different labels, by trying all."""
    if len(left) < 2:
        return 0
    first, *rest = left
    best = most_pairs(points, radius, tuple(rest))
    for k in rest:
        if points[first][1] != points[k][1] and exchangeable(points[first][0], points[k][0], radius):
            best = max(best, 1 + most_pairs(points, radius, tuple(j for j in rest if j != k)))
    return best


class Nearest:
    """A trainer: the label of the nearest point."""

    def fit(self, points: object, labels: object) -> Nearest:
        self.points, self.labels = np.asarray(points), np.asarray(labels)
        return self

    def predict(self, points: object) -> object:
        table = np.abs(np.asarray(points)[:, None] - self.points[None]).max(axis=2)
        return self.labels[table.argmin(axis=1)]

    def get_params(self, deep: bool = True) -> dict[str, object]:
        return {}


def up(text: str, value: Fraction) -> bool:
    return 0 <= Fraction(text) - value < Fraction(1, 1000)


def table_true(points: Points, radius: Fraction, text: str) -> bool:
    """Whether a sentence on a table holds, by all matchings and all distances."""
    r, pairs = len(points), most_pairs(points, radius, tuple(range(len(points))))
    gaps = {
        (i, j): max(abs(a - b) for a, b in zip(points[i][0], points[j][0], strict=True))
        for i, j in itertools.combinations(range(r), 2)
        if points[i][1] != points[j][1]
    }
    conflicts = sum(exchangeable(points[i][0], points[j][0], radius) for i, j in gaps)
    if found := re.search(
        r"no algorithm is right at all (\d+) points with probability above 2\^-(\d+) .* expected training accuracy "
        r"above ([\d.]+), whatever the hypothesis class: (one pair|(\d+) disjoint pairs) of points with different "
        r"labels may stand in each other's place \((\d+) conflicts?\)\.",
        text,
    ):
        counts = (int(found[1]), int(found[2]), int(found[5] or 1), int(found[6]))
        return counts == (r, pairs, pairs, conflicts) and pairs > 0 and up(found[3], 1 - Fraction(pairs, r))
    if "every data set can be learnt without error" in text:
        return all(gap > 2 * radius for gap in gaps.values())
    if "no algorithm is right at all points with probability above 1/2: two points" in text:
        return not pairs and any(gap == 2 * radius for gap in gaps.values())
    if found := re.search(
        r"no function is right at all (\d+) points: points (\d+) and (\d+) are shown equal", text
    ):
        return radius == 0 and int(found[1]) == r and gaps.get((int(found[2]) - 1, int(found[3]) - 1)) == 0
    if found := re.search(
        r"every radius below ([\d.e-]+), half the distance of points (\d+) and (\d+) ", text
    ):
        least, i, j = min(gaps.values()), int(found[2]) - 1, int(found[3]) - 1
        return gaps[i, j] == least and Fraction(found[1]) <= Fraction(least, 2) < Fraction(
            found[1]
        ) * Fraction(1001, 1000)
    if found := re.search(r"Points (\d+) and (\d+) are shown equal with different labels: no radius", text):
        return gaps[int(found[1]) - 1, int(found[2]) - 1] == 0
    if found := re.search(
        r"The trainer .* more than ([\d.]+) of the points .*; ([\d.]+) on the numbers as shown", text
    ):
        first = dict(reversed(points))
        right = Fraction(sum(first[place] == label for place, label in points), r)
        return abs(Fraction(found[2]) - right) < Fraction(1, 1000) and Fraction(found[1]) <= 1 - Fraction(
            pairs, r
        ) + Fraction(1, 1000)
    return False


@given(
    st.lists(
        st.tuples(st.tuples(st.integers(0, 6), st.integers(0, 3)), st.sampled_from("ab")),
        min_size=2,
        max_size=7,
    ).filter(lambda points: len({label for _, label in points}) > 1),
    st.sampled_from(tuple(map(Fraction, ("0", "1/2", "1", "3/2", "3", "1/7")))),
    st.booleans(),
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_sentences_on_tables_are_true(points: Points, radius: Fraction, tried: bool) -> None:
    columns = [[Datum(Fraction(place[k]), Fraction(1, 2)) for place, _ in points] for k in (0, 1)]
    table = labelled(columns, [label for _, label in points], ("x", "y"), "as they are")
    radii = Radii(named=(("*", radius),), inexact=("*",))
    look = look_of(table, boxes_of(table, radii), radii.title, radii.words)
    trained = [run_trainer("nearest", Nearest(), table, look.twins)] if tried and look.twins.exchanges else []
    apart = separation_of(table.numbers, table.labels)
    told = [*sentences_of(table, look, trained), separation_sentence(table, apart)]
    assert told
    assert [text for text in told if not table_true(points, radius, text)] == []


def test_what_was_taken_as_exact_is_named() -> None:
    """A feature of whole numbers, and no other, where nothing declares it inexact."""
    columns = [
        [Datum(Fraction(k), Fraction(1, 2)) for k in (1, 2)],
        [Datum(Fraction(k, 2), Fraction(1, 20)) for k in (1, 3)],
    ]
    table = labelled(columns, ["a", "b"], ("whole", "part"), "as they are")
    for inexact, named in (((), ["whole"]), (("*",), [])):
        radii = Radii(uniform=Fraction(1, 8), inexact=inexact)
        look = look_of(table, boxes_of(table, radii), radii.title, radii.words)
        assert [re.findall(r"declared so: (.*?) \(", text) for text in exact_sentences(table, look)] == [
            [name] for name in named
        ]


@pytest.mark.parametrize(
    "sentence",
    [
        "From numbers x, every data set can be learnt without error: the boxes are disjoint.",
        "The labels are separated within every radius below 0.51, half the distance of points 1 and 2 (the largest):",
    ],
)
def test_a_false_sentence_on_a_table_is_refused(sentence: str) -> None:
    assert not table_true([((0, 0), "a"), ((1, 0), "b")], Fraction(1), sentence)


@st.composite
def flipped(draw: st.DrawFn) -> tuple[str, Flips]:
    """What one direction does to five points: one at a border is right, and wrong for every t above 0."""
    limit, before = Fraction(draw(st.sampled_from(("1/3", "0.01", "1")))), draw(st.sets(st.integers(0, 4)))
    least = [
        Fraction(0) if k in before else draw(st.sampled_from((None, Fraction(0), limit / 3, limit)))
        for k in range(5)
    ]
    right = sum(x is not None for k, x in enumerate(least) if k not in before)
    many = draw(st.integers(bool(right), right))
    box = draw(st.sampled_from((Fraction(0), limit / 7)))
    return f"v{draw(st.integers(0, 9))}", Flips(
        limit, tuple(sorted(before)), many + len(before), limit, (), box, many, tuple(least), ()
    )


@given(flipped())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_sentences_on_networks_are_true(named: tuple[str, Flips]) -> None:
    name, one = named
    text = _sentence(one.limit, [named], 5)
    least = [x for k, x in enumerate(one.least) if k not in one.wrong_before and x is not None]
    if least:
        found = re.fullmatch(
            rf"Within (\S+) along {name}, one and the same perturbation makes (\d) of 5 points wrong at most; at most "
            rf"(\d) points? that (?:is|are) right becomes? wrong by one\. (\d) of the points that are right can be "
            rf"made wrong along {name}\.",
            text,
        )
        assert found is not None, text
        assert Fraction(found[1]) == one.limit
        assert [int(found[k]) for k in (2, 3, 4)] == [one.most, one.most_flipped, len(least)]
    else:
        assert "no point that is right becomes wrong: certified." in text
    (decision,) = _finding(one.limit, [named], one.wrong_before, 5).decisions
    if one.most_flipped:
        assert decision.words.startswith(f"one perturbation makes {one.most_flipped} point")
    assert decision.verdict == ("IMPOSSIBLE" if one.most_flipped else "CERTIFIED")
    right = 5 - len(one.wrong_before)
    assert (
        _accuracy(one.wrong_before, 5, False)
        == f"Exactly {right} of 5 points {'is' if right == 1 else 'are'} right."
    )
    row = _row(one.limit, name, one)
    assert row[6] == str(len(least))
    assert row[5] == "none" if not one.box else 0 <= one.box - Fraction(row[5]) < one.box / 100
    if least:
        median = (sorted(least)[(len(least) - 1) // 2] + sorted(least)[len(least) // 2]) / 2
        assert abs(Fraction(row[8]) - median) <= median / 100


@given(
    st.lists(
        st.tuples(st.fractions(-9, 9), st.fractions(-1, 1) | st.just(Fraction(0))), min_size=1, max_size=3
    )
)
def test_what_a_counterexample_states_is_told_as_far_off_as_it_is(
    pairs: list[tuple[Fraction, Fraction]],
) -> None:
    exact = [value for value, _ in pairs]
    own = SimpleNamespace(outputs=len(pairs), exact=SimpleNamespace(values=lambda point: exact))
    (text,) = _stated(own, [None], [value + off for value, off in pairs])  # type: ignore[arg-type]
    far = max(abs(off) for _, off in pairs)
    if far:
        found = re.fullmatch(
            r"The outputs that the counterexample states are within (\S+) of the exact ones\.", text
        )
        assert found is not None, text
        assert 0 <= Fraction(found[1]) - far <= far / 100
    else:
        assert text == "The outputs that the counterexample states are the exact ones."
