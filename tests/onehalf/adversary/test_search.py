"""The search for e: at, next to and above what was seen, off every table; success counts, and so does the budget."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scipy.stats import binom

from algorithms.registry import resolve
from onehalf.adversary.events import Tally
from onehalf.adversary.search import Target, _at, _Hunt, rungs, search, symbol_of
from onehalf.adversary.study import Laboratory, Seen, study_seed
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


_PROBLEM = AlternatingTraining(hidden=(2,), exponent=20)
_NAMES = [member.name for member in _PROBLEM.inputs]


def cell_with(
    right: tuple[int, int], trials: int = 200, opened: tuple[int, int] = (0, 0), spent: int = 0, **other: Any
) -> Seen:
    """A cell in which a trial's two inputs were right so often."""
    counts = Tally(
        trials,
        spent,
        0,
        dict(zip(_NAMES, right, strict=True)),
        dict(zip(_NAMES, opened, strict=True)),
        dict.fromkeys(_NAMES, 0),
    )
    facts = {"failed": 0, "stuck": 0, "depths": (4,) * trials, "seconds": 0.5, **other}
    return Seen(_PROBLEM, "blind", trials, counts, **facts)


def test_the_target_is_the_worst_input_the_first_of_equals_and_what_may_be_right_counts() -> None:
    assert (cell_with((90, 110)).target, cell_with((90, 110)).worst) == (_NAMES[0], 90)
    assert (cell_with((110, 90)).target, cell_with((110, 90)).worst) == (_NAMES[1], 90)
    assert cell_with((100, 100)).target == _NAMES[0]
    assert (cell_with((80, 100), opened=(30, 0)).target, cell_with((80, 100), opened=(30, 0)).worst) == (
        _NAMES[1],
        100,
    )


@pytest.mark.parametrize(
    ("stuck", "seconds", "idle"), [(400, 1.0, True), (399, 1.0, False), (400, 0.999, False), (0, 5.0, False)]
)
def test_idle_is_where_every_run_on_every_input_met_a_budget_of_a_second_or_more(
    stuck: int, seconds: float, idle: bool
) -> None:
    assert cell_with((0, 0), stuck=stuck, seconds=seconds).idle is idle


@pytest.mark.parametrize(
    ("right", "spent", "resolved"),
    [((200, 200), 200, True), ((200, 200), 199, False), ((199, 200), 200, False), ((200, 199), 200, False)],
)
def test_resolved_is_where_every_run_told_the_inputs_apart_and_was_right(
    right: tuple[int, int], spent: int, resolved: bool
) -> None:
    assert cell_with(right, spent=spent).resolved is resolved


def test_defeated_is_where_the_limit_at_any_time_is_within_a_twentieth_of_the_bound() -> None:
    # By R: the greatest S of n = 4000 with (n + 1)·dbinom(S, n, 0.55) <= 20^-1 for p = 0.55 above S/n.
    n = 4000
    last = max(s for s in range(n // 2, int(0.55 * n)) if (n + 1) * binom.pmf(s, n, 0.55) <= 1 / 20)
    assert cell_with((last, n), n).defeated
    assert not cell_with((last + 1, n), n).defeated


@pytest.mark.parametrize(("spent", "rare"), [(0, True), (100, True), (101, False), (2000, False)])
def test_bounded_allows_for_an_excepted_event_of_at_most_a_twentieth(spent: int, rare: bool) -> None:
    # Theorem 1 with two inputs: (1 + t)/2 is within 1/40 of 1/2 for t up to 1/20.
    assert cell_with((900, 1000), 2000, spent=spent).bounded is rare


def test_bounded_is_not_said_where_the_bound_was_seen_to_be_surpassed() -> None:
    n = 2000
    first = min(s for s in range(n // 2, n) if (n + 1) * binom.pmf(s, n, 0.5) <= 1 / 20)
    assert cell_with((first - 2, n), n).bounded
    assert not cell_with((first + 2, n), n).bounded


def test_damage_orders_by_the_excepted_then_failures_then_the_worst_then_all() -> None:
    cells = [
        cell_with((0, 0), spent=20),
        cell_with((90, 110), failed=2),
        cell_with((100, 100)),
        cell_with((90, 120)),
        cell_with((90, 110)),
    ]
    assert sorted(cells, key=lambda cell: cell.damage) == [cells[4], cells[3], cells[2], cells[1], cells[0]]
    assert cells[3].damage == (0.0, 0.0, 0.45, 1.05)


def test_a_cell_is_told_from_others_by_policy_and_parameters() -> None:
    other = Seen(
        AlternatingTraining(hidden=(2,), exponent=21), "blind", 200, cell_with((1, 1)).tally, 0, 0, (), 0.0
    )
    assert cell_with((1, 1)).cell == cell_with((5, 6)).cell != other.cell
    assert other.closeness == 21
    assert other.waited == 0
