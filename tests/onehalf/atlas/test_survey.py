"""The survey, its cells and its words: with solvers whose answers are known beforehand, in processes of their own."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import pytest

from algorithms.solvers.shelf import shipped_solvers
from benchmarks.recount import recount
from onehalf.atlas.cells import ALL_RIGHT, FALSE_CLAIM, NO_ANSWER, WARNED, AtlasCell, atlas_cells, series_of
from onehalf.atlas.page import OPENING, OWN_SOLVER, write_atlas
from onehalf.atlas.solvers import all_solvers, find_solver
from onehalf.atlas.survey import END, THERE, Judged, survey
from onehalf.atlas.tables import cells_csv, false_claims_table, reach_table, rows_csv
from onehalf.atlas.words import kind_headline, sentence
from oracle.errors import InvalidValue

OWN = """
import os
import time

import numpy as np
import onehalf as oh


def corner(A, b, j):
    x = np.zeros(A.shape[1])
    x[j] = b[0] / A[0, j]
    return x


@oh.solver("exact-corner", kinds=["lp"])
def exact_corner(c, A, b):
    return corner(A, b, int(np.argmin(c / A[0]))), True


@oh.solver("middle", kinds=["lp"])
def middle(c, A, b):
    return np.full(A.shape[1], b.sum() / A.sum()), True


@oh.solver("honest", kinds=["lp"])
def honest(c, A, b):
    return corner(A, b, int(np.argmin(c / A[0]))), bool(np.ptp(c / A[0]) > 0)


@oh.solver("abstains", kinds=["lp"])
def abstains(c, A, b):
    return (corner(A, b, int(np.argmin(c / A[0]))), True) if np.ptp(c / A[0]) > 0 else oh.Abstain()


@oh.solver("dies", kinds=["lp"])
def dies(c, A, b):
    if np.ptp(c / A[0]) < 1e-6:
        os.kill(os.getpid(), 9)
    return corner(A, b, int(np.argmin(c / A[0]))), True


@oh.solver("sleeps", kinds=["lp"])
def sleeps(c, A, b):
    time.sleep(60)


@oh.solver("spins", kinds=["lp"])
def spins(c, A, b):
    while True:
        pass


@oh.solver("raises", kinds=["lp"])
def raises(c, A, b):
    if np.ptp(c / A[0]) > 1e-6:
        raise RuntimeError("not today")
    return [1.0], True


@oh.solver("fractions", kinds=["least-squares"], exact=True)
def fractions(A, y):
    (a, b), (c, d) = A
    determinant = a * d - b * c
    return [(d * y[0] - b * y[1]) / determinant, (a * y[1] - c * y[0]) / determinant]
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("solvers") / "own.py"
    file.write_text(OWN)
    return str(file)


@pytest.fixture(scope="module")
def rows(own: str) -> list[Judged]:
    """Every solver of the file, at three e; those that do not end apart."""
    solvers = [s for s in all_solvers(own)[len(shipped_solvers()) :] if s.name not in ("sleeps", "spins")]
    return survey(solvers, exponents=(12, 40, 60), jobs=2, file=own)


def cells(rows: list[Judged], solver: str, presentation: str = "constraint") -> list[AtlasCell]:
    found = [
        c for c in atlas_cells(rows, 2) if (c.solver, c.case.presentation.name) == (solver, presentation)
    ]
    assert [cell.exponent for cell in found] == [12, 40, 60]
    return found


def test_an_exact_solver_is_right_until_the_digits_end_and_then_a_fair_coin(rows: list[Judged]) -> None:
    found = cells(rows, "exact-corner")
    assert [cell.reading for cell in found] == [THERE, THERE, END]
    assert [cell.outcome for cell in found] == [ALL_RIGHT, ALL_RIGHT, FALSE_CLAIM]
    half = Fraction(1, 2)
    end = found[-1]
    assert (end.success, end.bound, end.claimed) == (half, half, 1)
    assert (end.false_claims, end.least_false_claims) == (half, half)
    assert end.order_matters
    assert not end.contradicts
    quarter = cells(rows, "exact-corner", "near-duplicates")[-1]
    assert (quarter.success, quarter.false_claims, quarter.least_false_claims) == (
        Fraction(1, 4),
        Fraction(3, 4),
        Fraction(3, 4),
    )


def test_a_point_between_reaches_the_minimum_and_is_nowhere_right(rows: list[Judged]) -> None:
    for cell in cells(rows, "middle"):
        assert cell.success == 0
        assert cell.false_claims == 1
        assert cell.between
        assert not cell.order_matters
        assert {row.objective for row in cell.rows} == {"right"}


def test_a_solver_that_sees_the_tie_and_says_so_makes_no_false_claim(rows: list[Judged]) -> None:
    end = cells(rows, "honest")[-1]
    assert (end.claimed, end.false_claims, end.least_false_claims) == (0, 0, 0)
    assert end.outcome == WARNED


def test_one_that_abstains_where_the_digits_end_is_never_wrong(rows: list[Judged]) -> None:
    found = cells(rows, "abstains")
    assert [cell.outcome for cell in found] == [ALL_RIGHT, ALL_RIGHT, NO_ANSWER]
    assert {row.status for row in found[-1].rows} == {"it abstains"}
    assert found[-1].false_claims == found[-1].least_false_claims == 0


def test_what_dies_raises_or_does_not_fit_is_no_answer_and_harms_nobody_else(rows: list[Judged]) -> None:
    dead = cells(rows, "dies")
    assert [cell.outcome for cell in dead] == [ALL_RIGHT, NO_ANSWER, NO_ANSWER]
    assert dead[1].rows[0].status == "the process died of SIGKILL"
    raised = cells(rows, "raises")
    assert {cell.outcome for cell in raised} == {NO_ANSWER}
    assert raised[0].rows[0].status == "RuntimeError: not today"
    misfit = raised[1].rows[0]
    assert misfit.x is None
    assert not misfit.converged
    assert misfit.status == "says that it succeeded; 1 numbers for 2 columns"


def test_a_solver_that_takes_its_time_is_ended(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading the solvers may take a second of processor time by itself, on a busy machine: there are five."""
    monkeypatch.setattr("onehalf.atlas.survey._PATIENCE", 2)
    sleeper = find_solver("sleeps", "lp", own)
    found = survey([sleeper], exponents=(12,), seconds=5, file=own)
    assert {row.status for row in found} == {"10 s ended"}
    assert {row.minimiser for row in found} == {"no answer"}


def test_one_that_computes_for_ever_is_ended_by_its_processor_time(own: str) -> None:
    found = survey([find_solver("spins", "lp", own)], exponents=(12,), seconds=4, file=own)
    assert {row.status for row in found} == {"4 s of processor time ended"}


def test_one_that_takes_fractions_gets_them(rows: list[Judged]) -> None:
    for name in ("collinear", "duplicates", "four answers"):
        assert [c.outcome for c in cells(rows, "fractions", name)[:2]] == [ALL_RIGHT, ALL_RIGHT]


def test_no_cell_is_above_its_bound(rows: list[Judged]) -> None:
    found = atlas_cells(rows, 2)
    assert {cell.reading for cell in found} == {THERE, END}
    assert not [cell for cell in found if cell.contradicts]


def test_rows_that_could_not_be_of_one_function_contradict_the_theorem(rows: list[Judged]) -> None:
    """H0: the check sees nothing. A cell in which both inputs are always answered rightly is above 1/2."""
    end = cells(rows, "exact-corner")[-1]
    forged = tuple(
        Judged(**{**{n: getattr(r, n) for n in Judged.__slots__}, "minimiser": "right"}) for r in end.rows
    )
    assert AtlasCell(end.case, forged).contradicts


def test_sentences_keep_the_three_ranges_apart(rows: list[Judged]) -> None:
    exact = [c for c in atlas_cells(rows, 2) if c.solver == "exact-corner"]
    assert sentence([c for c in exact if c.case.presentation.name == "constraint"]) == (
        "**exact-corner**: right wherever the digits are there in every presentation; where the digits end it "
        "always claims success, is right on its worst input with probability 1/2, and makes a false claim there "
        "with probability 1/2 (the theorem: at least 1/2 with these claims)."
    )
    assert sentence(cells(rows, "middle")) == (
        "**middle**: in constraint not right at e = 12; from there on, with the digits there, 8 of 8 questions are "
        "answered wrongly, 8 of them with a claim of success, some with what reaches the minimum and is near no "
        "input's minimiser; where the digits end it always claims success, "
        "is right on its worst input with probability 0, and makes a false claim there with probability 1 (the "
        "theorem: at least 1/2 with these claims)."
    )
    words = kind_headline("lp", [*cells(rows, "exact-corner"), *cells(rows, "middle")])
    assert (
        "2 configurations. While the digits are there, 1 of 2 gives every minimiser; 1 of 2 gives a wrong one"
        in words
    )
    assert "8 false claims in 16 questions, of which 8 reach the minimum" in words
    assert "no cell is above its bound, and 2 of 2 claim success" in words


def test_tables_hold_every_answer_and_every_cell(rows: list[Judged]) -> None:
    answers = list(csv.DictReader(io.StringIO(rows_csv(rows))))
    assert len(answers) == len(rows)
    first = next(r for r in rows if r.x is not None)
    written = next(a for a in answers if a["x"])
    assert tuple(map(float, written["x"].split())) == first.x
    own = [cell for cell in atlas_cells(rows, 2) if cell.case.presentation.kind == "lp"]
    assert len(list(csv.DictReader(io.StringIO(cells_csv(own))))) == len(own)
    table = reach_table("lp", own)
    assert [row[0].text for row in table.rows] == list(dict.fromkeys(c.solver for c in own))
    corner = next(row for row in table.rows if row[0].text == "exact-corner")
    assert [entry.text for entry in corner[1:4]] == ["40", "40", "40"]
    assert ("1", "1/2", "1") in [line[:3] for line in false_claims_table(own) if "middle" in line[3]]


def test_the_files_of_an_atlas(rows: list[Judged], tmp_path: Path, own: str) -> None:
    solvers = [s for s in all_solvers(own) if s.name in {row.solver for row in rows}]
    settings = {"exponents": [12, 40, 60], "K": 2, "seconds": 120.0}
    write_atlas(tmp_path, rows, solvers, [], settings)
    page = (tmp_path / "solvers.md").read_text(encoding="utf-8")
    assert "![" in page
    assert "| linear programs | 1 | 1/2 | 1/2 |" in page
    assert (tmp_path / "pictures" / "solvers-lp.png").read_bytes().startswith(b"\x89PNG")
    assert r"\begin{longtable}" in (tmp_path / "lp.tex").read_text(encoding="utf-8")
    provenance = json.loads((tmp_path / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["K"] == 2
    assert "**middle**" in (tmp_path / "sentences.md").read_text(encoding="utf-8")


def test_series_know_how_far_they_are_right(rows: list[Judged]) -> None:
    by_name = {s.presentation: s for s in series_of([c for c in atlas_cells(rows, 2) if c.solver == "dies"])}
    assert by_name["constraint"].right_to == 12
    assert not by_name["constraint"].tolerates_all


def test_a_file_without_solvers_and_a_name_that_is_taken_are_refused(tmp_path: Path) -> None:
    empty, taken = tmp_path / "empty.py", tmp_path / "taken.py"
    empty.write_text('import onehalf as oh\n\n@oh.algorithm("a")\ndef a(task, rng):\n    return None\n')
    taken.write_text(
        'import onehalf as oh\n\n@oh.solver("glpk-exact", kinds=["lp"])\ndef a(c, A, b):\n    return c\n'
    )
    with pytest.raises(InvalidValue, match="registers no solver of a kind that is surveyed"):
        all_solvers(str(empty))
    with pytest.raises(InvalidValue, match="solver='glpk-exact': is the name of one that ships"):
        all_solvers(str(taken))


def test_the_page_in_the_documentation_is_the_commands() -> None:
    page = (Path(__file__).parents[3] / "docs" / "solvers.md").read_text(encoding="utf-8")
    assert page.startswith(OPENING.format(bits=52, radius="10^-2"))
    assert OWN_SOLVER in page
    assert "no cell is above its bound" in page
    for kind in ("lp", "lasso", "least-squares"):
        assert f"(pictures/solvers-{kind}.png)" in page
        assert (Path(__file__).parents[3] / "docs" / "pictures" / f"solvers-{kind}.png").exists()


def test_an_independent_recount_finds_the_same_and_notices_what_is_altered(rows: list[Judged]) -> None:
    answers, told = (
        list(csv.DictReader(io.StringIO(text))) for text in (rows_csv(rows), cells_csv(atlas_cells(rows, 2)))
    )
    counted, differing = recount(answers, told)
    assert differing == []
    assert counted["lp: answers"] == sum(row.kind == "lp" for row in rows)
    assert counted["lp: false claims"] == sum(row.false_claim for row in rows if row.kind == "lp")
    there = next(i for i, row in enumerate(answers) if row["minimiser"] == "right")
    forged = [*answers[:there], answers[there] | {"x": "0.5 0.5"}, *answers[there + 1 :]]
    assert any("is ('wrong'" in line for line in recount(forged, told)[1])
    end = next(i for i, cell in enumerate(told) if cell["bound"])
    for name, value in (
        ("bound", "3/4"),
        ("success", "1"),
        ("outcome", "right"),
        ("digits_read", "digits there"),
    ):
        altered = [*told[:end], told[end] | {name: value}, *told[end + 1 :]]
        assert [line for line in recount(answers, altered)[1] if f": {name} {value} is " in line]
    assert recount(answers, told[1:])[1]
