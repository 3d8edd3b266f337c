"""What the atlas says of a solver, made again from its answers one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onehalf.atlas.cells import atlas_cells
from onehalf.atlas.presentations import Case, presentations_of
from onehalf.atlas.survey import Judged
from onehalf.atlas.tables import cells_csv, reach_table
from onehalf.atlas.words import kind_headline, sentence, sentences

Rows = list[Judged]
CHOSEN = ("constraint", "scaled")
AT = (10, 20, 30, 60)


@cache
def case(name: str, e: int) -> Case:
    return Case(next(p for p in presentations_of("lp") if p.name == name), e, 2)


def reads(name: str, e: int) -> bool:
    """Whether the digits are there: 52 bits at size 1 tell 2^-e; both presentations are of that size or above it."""
    return e < 52


@st.composite
def surveys(draw: st.DrawFn) -> Rows:
    """Answers of one to three solvers: all right, all alike, or anything; where the digits end as a function gives."""
    exponents = sorted(draw(st.sets(st.sampled_from(AT), min_size=1)))
    rows: Rows = []
    for solver in ("a", "b", "c")[: draw(st.integers(1, 3))]:
        manner = draw(st.sampled_from(("right", "any", "none")))
        for name in CHOSEN:
            for e in exponents:
                there = reads(name, e)
                given_: dict[int, Judged] = {}
                for number in (1, 2):
                    for order in (1, 2):
                        mine = draw(answers(solver, name, e, manner if there else "any"))
                        # A function of what it is shown answers alike where the digits end; the judge then differs.
                        again = given_.setdefault(order, mine)
                        row = mine if there else again
                        other = number == 2 and row.minimiser == "right" and not there
                        row = replace(row, input=number, order=order)
                        rows.append(replace(row, minimiser="wrong", between=False) if other else row)
    return rows


@st.composite
def answers(draw: st.DrawFn, solver: str, name: str, e: int, manner: str) -> Judged:
    kind = {"right": "right", "none": "no answer"}.get(manner) or draw(
        st.sampled_from(("right", "right", "wrong", "no answer"))
    )
    x = {"right": (1.0, 0.0), "wrong": draw(st.sampled_from(((0.5, 0.5), (3.0, 0.0)))), "no answer": None}[
        kind
    ]
    reached = kind != "no answer" and x != (3.0, 0.0)
    return Judged(
        **{"kind": "lp", "solver": solver, "presentation": name, "exponent": e, "input": 1, "order": 1},
        digits_read="digits there" if reads(name, e) else "digits end",
        x=x,
        converged=kind != "no answer" and draw(st.booleans()),
        status="",
        minimiser=kind,
        objective="no answer" if x is None else "right" if reached else "wrong",
        between=x == (0.5, 0.5),
        seconds=0.0,
    )


def of(rows: Rows, name: str | None = None, there: bool | None = None, above: int = -1) -> Rows:
    return [
        row
        for row in rows
        if (name in (None, row.presentation))
        and (there is None or there == reads(row.presentation, row.exponent))
        and row.exponent > above
    ]


def right(rows: Rows) -> bool:
    return all(row.minimiser == "right" for row in rows)


def lies(row: Judged) -> bool:
    return row.converged and row.minimiser == "wrong"


def cells(rows: Rows) -> Iterator[Rows]:
    for key in dict.fromkeys((row.solver, row.presentation, row.exponent) for row in rows):
        yield [row for row in rows if (row.solver, row.presentation, row.exponent) == key]


def share(rows: Rows, holds: Callable[[Judged], bool], choose: Callable[..., float]) -> Fraction:
    """A probability over the orders, on the input that is chosen."""
    inputs = [[row for row in rows if row.input == number] for number in (1, 2)]
    return Fraction(choose(Fraction(sum(map(holds, mine)), len(mine)) for mine in inputs))


def span(text: str, values: list[Fraction]) -> bool:
    low, _, high = text.partition(" to ")
    return (Fraction(low), Fraction(high or low)) == (min(values), max(values))


def count(text: str) -> int:
    return 0 if text == "none" else int(text.replace(",", ""))


def of_solver(rows: Rows, text: str) -> bool:
    """Whether the sentence on one solver is true of its answers."""
    body = text.removeprefix(f"**{rows[0].solver}**: ").removesuffix(".")
    told: set[str] = set()
    fine = re.search(r"right wherever the digits are there in ([^;]*)", body)
    names = [name for name in CHOSEN if of(rows, name, True)]
    if fine:
        mine = list(CHOSEN) if fine[1] == "every presentation" else re.split(", | and ", fine[1])
        told |= set(mine)
        if not all(right(of(rows, name, True)) and of(rows, name, True) for name in mine):
            return False
    for part in re.finditer(
        r"in (?P<names>[\w, -]+) (right up to e = (?P<last>\d+); beyond|not right at e = (?P<first>\d+); from there "
        r"on), with the digits there, (?P<wrong>[\d,]+) of (?P<all>[\d,]+) questions? (is|are) answered wrongly(, "
        r"(?P<claims>[\d,]+) of them with a claim of success)?(, and (?P<none>[\d,]+) not at all)?(?P<min>, some with "
        r"what reaches the minimum and is near no input's minimiser)?(?P<order>, some depending on the order of "
        r"columns)?",
        body,
    ):
        for name in re.split(", | and ", part["names"]):
            told.add(name)
            last = int(part["last"]) if part["last"] else -1
            there = of(rows, name, True)
            failing = of(rows, name, True, last)
            first = min(row.exponent for row in failing)
            if not right([row for row in there if row.exponent <= last]) or right(
                [row for row in there if row.exponent == first]
            ):
                return False
            if part["first"] and int(part["first"]) != first:
                return False
            wrong = [row for row in failing if row.minimiser == "wrong"]
            counts = (len(wrong), len(failing), sum(row.converged for row in wrong))
            if counts != (count(part["wrong"]), count(part["all"]), count(part["claims"] or "0")):
                return False
            if sum(row.x is None for row in failing) != count(part["none"] or "0"):
                return False
            if bool(part["min"]) != any(row.objective == "right" != row.minimiser for row in failing):
                return False
            differ = any(
                np.max(np.abs(np.subtract(one.x, other.x))) > 0.01
                for cell in cells(failing)
                for one in cell
                for other in cell
                if one.x is not None and other.x is not None and one.input == other.input
            )
            if bool(part["order"]) != differ:
                return False
    return told == set(names) and of_end(of(rows, there=False), body)


def of_end(end: Rows, body: str) -> bool:
    found = re.search(
        r"where the digits end it (?P<claim>.+?), is right on its worst input with probability (?P<right>.+?), and "
        r"makes a false claim there with probability (?P<false>.+?) \(the theorem: at least (?P<least>.+?) with these "
        r"claims\)",
        body,
    )
    if found is None:
        return not end
    mine = list(cells(end))
    claims = [share(cell, lambda row: row.converged, min) for cell in mine]
    says = {row.converged for row in end}
    claim = re.fullmatch(
        r"claims success with probability (.+) on the input where it does least often", found["claim"]
    )
    return (
        ({True: "always", False: "never"}[next(iter(says))] + " claims success" == found["claim"])
        if len(says) == 1
        else claim is not None and span(claim[1], claims)
    ) and (
        span(found["right"], [share(cell, lambda row: row.minimiser == "right", min) for cell in mine])
        and span(found["false"], [share(cell, lies, max) for cell in mine])
        and span(found["least"], [c / 2 for c in claims])
    )


def of_kind(rows: Rows, text: str) -> bool:
    """Whether the headline of a kind is true of all answers."""
    solvers = dict.fromkeys(row.solver for row in rows)
    mine = {solver: [row for row in rows if row.solver == solver] for solver in solvers}
    found = re.fullmatch(
        r"(?P<n>\d+) configurations?\.( While the digits are there, (?P<right>\w+) of (?P<n1>\d+) gives? every "
        r"minimiser; (?P<lying>\w+) of (?P<n2>\d+) gives? a wrong one somewhere and claims? success: "
        r"(?P<false>[\d,]+) false claims? in (?P<all>[\d,]+) questions?, of which (?P<reach>[\d,]+) reach the "
        r"minimum\. By presentation, as many are right wherever the digits are there: (?P<by>.+?)\.)?( Where "
        r"the digits end, (?P<above>no cell is|1 cell is|\d+ cells are) above its bound, and "
        r"(?P<claiming>\w+) of (?P<n3>\d+) claims? "
        r"success for what is wrong on some input\.)?",
        text,
    )
    if found is None or {found["n"], found["n1"], found["n2"], found["n3"]} - {None} != {str(len(solvers))}:
        return False
    there, end = of(rows, there=True), of(rows, there=False)
    if (found["right"] is not None, found["claiming"] is not None) != (bool(there), bool(end)):
        return False
    if end:
        above = sum(share(c, lambda row: row.minimiser == "right", min) > Fraction(1, 2) for c in cells(end))
        claiming = sum(any(map(lies, of(own, there=False))) for own in mine.values())
        said = 0 if found["above"] == "no cell is" else int(found["above"].split()[0])
        if (said, count(found["claiming"])) != (above, claiming):
            return False
    if not there:
        return True
    numbers = [count(found[name]) for name in ("right", "lying", "false", "all", "reach")]
    false = [row for row in there if lies(row)]
    by = ", ".join(
        f"{name} {sum(right(of(own, name, True)) for own in mine.values())}"
        for name in dict.fromkeys(row.presentation for row in there)
    )
    return by == found["by"] and numbers == [
        sum(right(of(own, there=True)) for own in mine.values()),
        sum(any(map(lies, of(own, there=True))) for own in mine.values()),
        len(false),
        len(there),
        sum(row.objective == "right" for row in false),
    ]


CHECKERS = {"kind_headline": of_kind, "sentence": of_solver}


@given(surveys())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_sentence_is_true(rows: Rows) -> None:
    found = atlas_cells(rows, 2)
    assert of_kind(rows, kind_headline("lp", found))
    told = sentences(found)
    assert len(told) == len({row.solver for row in rows})
    for text in told:
        mine = [row for row in rows if text.startswith(f"**{row.solver}**: ")]
        assert of_solver(mine, text), text
    table = reach_table("lp", found)
    for line in table.rows:
        mine = of([row for row in rows if row.solver == line[0].text], there=True)
        assert line[len(CHOSEN) + 1].text == f"{sum(map(lies, mine))}/{len(mine)}"
    assert len(cells_csv(found).splitlines()) == 1 + len(list(cells(rows)))


def test_another_number_is_refused() -> None:
    rows = [
        Judged("lp", "a", name, e, number, order, "digits there" if e < 52 else "digits end", x, True, "", m, "right",
               m == "wrong", 0.0)
        for name in CHOSEN
        for e in AT
        for number in (1, 2)
        for order, m, x in ((1, "right", (1.0, 0.0)), (2, "wrong", (0.5, 0.5)))
    ]  # fmt: skip
    found = atlas_cells(rows, 2)
    for text, check in ((kind_headline("lp", found), of_kind), (sentence(found), of_solver)):
        assert check(rows, text)
        for place in re.finditer(r"\d+", text):
            other = f"{text[: place.start()]}{int(place[0]) + 1}{text[place.end() :]}"
            near = text[: place.start()].endswith(("/", "1 configuration"))
            assert near or not check(rows, other), other


def test_where_nothing_was_asked_nothing_is_said() -> None:
    """With no e at which the digits are there, none of them gives every minimiser is no finding."""
    rows = [
        Judged("lp", "a", "constraint", 60, number, 1, "digits end", None, False, "", *("no answer",) * 2, False, 0.0)
        for number in (1, 2)
    ]  # fmt: skip
    found = atlas_cells(rows, 2)
    assert kind_headline("lp", found) == (
        "1 configuration. Where the digits end, no cell is above its bound, and none of 1 claims success for what is "
        "wrong on some input."
    )
    assert sentence(found).startswith("**a**: where the digits end it never claims success")
