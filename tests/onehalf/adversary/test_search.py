"""The search for e: at, next to and above what was seen, off every table; success counts, and so does the budget."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from algorithms.registry import resolve
from onehalf.adversary.search import Target, _at, _Hunt, rungs, search, symbol_of
from onehalf.adversary.study import Laboratory, study_seed
from onehalf.families.simplex.problem import Simplex
from onehalf.families.training.problem import AlternatingTraining
from onehalf.running.listener import Listener
from oracle.facts import Axis
from oracle.families import make_problem
from oracle.problems import Problem
from oracle.session import Budget
from tests.onehalf.adversary.conftest import CASES, PLUGINS
from tests.scale import sample

TRAINING = AlternatingTraining()
Search = Callable[..., Target]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Search:
    """Search for what defeats an algorithm, on coins of its own."""

    def run(text: str, problem: Problem = TRAINING, budget: Budget | None = None) -> Target:
        place, limits = tmp_path_factory.mktemp("study"), budget or Budget(seconds=20.0)
        return search(Laboratory(resolve(text), place, 1, limits, 1, Listener()), problem)

    return run


@pytest.mark.parametrize("bits", sample([5001, 10_000], 1))
def test_a_fixed_number_of_digits_is_met_with_an_e_as_large(found: Search, bits: int) -> None:
    target = found(f"{CASES / 'deep.py'}::deep-fixed[bits={bits}]")
    assert target.chosen.closeness >= bits
    assert target.chosen.tally.spent == 0
    assert not target.chosen.problem.bound(target.chosen.policy).limit


def test_a_capped_over_reader_is_met_beyond_its_cap(found: Search) -> None:
    target = found(f"{CASES / 'told.py'}::told[extra=2,cap=200]")
    assert target.chosen.closeness >= 200
    assert target.chosen.tally.spent == 0


def test_what_knows_a_table_of_e_is_met_off_the_table(found: Search) -> None:
    target = found(f"{CASES / 'told.py'}::ladder")
    assert target.chosen.closeness not in (53, 107, 320, 1000, 5000)
    assert target.chosen.tally.spent == 0
    assert not target.chosen.problem.bound(target.chosen.policy).limit


def test_a_fixed_delta_is_preferred_to_the_limit_where_it_does_better(found: Search) -> None:
    target = found(f"{CASES / 'told.py'}::told[extra=2,cap=200]", Simplex())
    assert target.chosen.ideal == Fraction(1, 2)
    assert target.chosen.tally.spent == 0


def test_where_only_the_budget_defeats_at_a_fixed_delta_the_limit_is_chosen(found: Search) -> None:
    """What meets the budget at a fixed e may be right beyond it, and counts so; on the limit it is never right."""
    target = found("limit-hedge[q=0.6667]", Simplex(), Budget(400, 20.0))
    assert target.chosen.ideal == Fraction(2, 3)
    assert target.chosen.tally.spent == 0


@pytest.mark.parametrize(
    ("text", "opened"), sample([("one_more.py", ("1", "2")), ("gambler.py", ("1", "2"))], 1)
)
def test_what_resolves_all_that_was_tried_is_met_with_the_limit(
    found: Search, text: str, opened: tuple[str, ...]
) -> None:
    target = found(str(PLUGINS / text), budget=Budget(400, 20.0))
    assert target.chosen.problem.bound(target.chosen.policy).limit == "0"
    assert target.open == opened
    assert "the last as deep as the budget of 400 digits" in target.reasons[0]
    assert "every δ" not in " ".join(target.reasons)


@pytest.mark.parametrize("text", ["never.py"])
def test_on_the_limit_what_meets_the_budget_elsewhere_is_open(found: Search, text: str) -> None:
    target = found(str(PLUGINS / text), budget=Budget(400, 20.0))
    assert target.open == ("1", "2", "0")


def test_a_reader_whose_cap_is_beyond_the_budget_is_found_out_by_a_larger_budget(
    found: Search, tmp_path: Path
) -> None:
    plugin = tmp_path / "capped.py"
    plugin.write_text(
        "import onehalf as oh\n\n\n@oh.algorithm('capped')\ndef capped(task, rng):\n"
        '    """Read until it is known, or to 2,000 digits."""\n'
        "    for bits in (70, 700, 2000):\n"
        "        seen = task.recognise([task.ask(*place, bits) for place in task.probe], bits)\n"
        "        if seen is not None:\n            return task.witness(seen)\n"
        "    return task.witness(oh.Input('0', None))\n",
        encoding="utf-8",
    )
    target = found(str(plugin), budget=Budget(800, 20.0))
    assert target.chosen.problem.bound(target.chosen.policy).limit == "0"
    assert target.open == ("1", "2", "0")
    assert "digits" in target.reasons[-1]
    assert "halt that do not within the budget" in target.reasons[-1]


def test_a_family_without_a_limit_is_said_to_have_none_and_nothing_is_inferred(found: Search) -> None:
    target = found("patient", make_problem("linear-program", {}), Budget(500, 20.0))
    assert target.chosen.rise > 0
    assert "offers no limit as a member" in target.reasons[0]


@pytest.mark.parametrize("deepest", [40, 60, 200, 10_000])
def test_rungs_grow_from_the_first_to_the_deepest_and_no_table_lists_them(deepest: int) -> None:
    low, high = (list(rungs(53, deepest, lambda turn, at=at: at)) for at in (Fraction(0), Fraction(99, 100)))
    for steps in (low, high):
        assert steps == sorted(set(steps))
        assert steps[0] == 53
        assert steps[-1] == max(53, deepest)
    assert deepest < 10_000 or set(low[1:-1]).isdisjoint(high[1:-1])


def test_no_seed_is_its_own_study_seed() -> None:
    assert all(study_seed(seed) != seed for seed in range(1000))
    assert len({study_seed(seed) for seed in range(1000)}) == 1000


def test_the_distance_is_told_in_the_letter_of_the_family() -> None:
    axis = Axis("gap", "g", "the inputs differing by 2⁻ᵍ")

    def seen(**parameters: int) -> Any:
        problem = SimpleNamespace(axes=(axis,), parameters=lambda: parameters)
        return SimpleNamespace(problem=problem, closeness=1000)

    assert symbol_of(seen().problem) == "g"
    assert symbol_of(TRAINING) == "e"
    assert _at(seen(gap=1000)) == "At g = 1,000"
    # A family may derive the distance from its parameter, which then is another number.
    assert _at(seen(gap=7)) == "With inputs 2⁻¹⁰⁰⁰ apart"


@pytest.mark.parametrize("draw", [Fraction(0), Fraction(1, 2), Fraction(99, 100)])
def test_rungs_grow_by_2_5_to_4_5_times_up_to_two_thirds_of_the_deepest(draw: Fraction) -> None:
    deepest, factor = 10_000, Fraction(5, 2) + 2 * draw
    steps = list(rungs(53, deepest, lambda turn: draw))
    assert all(later == int(step * factor) for step, later in itertools.pairwise(steps[:-1]))
    assert all(3 * step <= 2 * deepest for step in steps[:-1])
    assert 3 * int(steps[-2] * factor) > 2 * deepest


def test_a_rung_at_two_thirds_of_the_deepest_is_still_tried() -> None:
    assert list(rungs(4, 15, lambda turn: Fraction(0))) == [4, 10, 15]
    assert list(rungs(4, 14, lambda turn: Fraction(0))) == [4, 14]
    assert list(rungs(9, 9, lambda turn: Fraction(0))) == list(rungs(9, 3, lambda turn: Fraction(0))) == [9]


@pytest.mark.parametrize(("deepest", "last"), [(40, True), (41, False)])
def test_that_the_budget_was_reached_is_said_where_it_was(deepest: int, last: bool) -> None:
    hunt = _Hunt(SimpleNamespace(budget=Budget(deepest, 1.0)), deepest)  # type: ignore[arg-type]
    problems = [AlternatingTraining(exponent=e) for e in (20, 40)]
    hunt.seen = [SimpleNamespace(closeness=p.exponent, policy="blind", problem=p) for p in problems]  # type: ignore[misc]
    assert ("the last as deep as the budget of 40 digits" in hunt.tried()) is last
    assert "(20 and 40" in hunt.tried()
