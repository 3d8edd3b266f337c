"""What an attack makes of a cell that it looked at: each judgement at its threshold, and a step to either side."""

from typing import Any

import pytest

from onehalf.adversary.events import Tally
from onehalf.adversary.study import Seen
from onehalf.families.training.problem import AlternatingTraining

_PROBLEM = AlternatingTraining(hidden=(2,), exponent=20)
_NAMES = [member.name for member in _PROBLEM.inputs]


def seen(
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
    assert (seen((90, 110)).target, seen((90, 110)).worst) == (_NAMES[0], 90)
    assert (seen((110, 90)).target, seen((110, 90)).worst) == (_NAMES[1], 90)
    assert seen((100, 100)).target == _NAMES[0]
    assert (seen((80, 100), opened=(30, 0)).target, seen((80, 100), opened=(30, 0)).worst) == (_NAMES[1], 100)


@pytest.mark.parametrize(
    ("stuck", "seconds", "idle"), [(400, 1.0, True), (399, 1.0, False), (400, 0.999, False), (0, 5.0, False)]
)
def test_idle_is_where_every_run_on_every_input_met_a_budget_of_a_second_or_more(
    stuck: int, seconds: float, idle: bool
) -> None:
    assert seen((0, 0), stuck=stuck, seconds=seconds).idle is idle


@pytest.mark.parametrize(
    ("right", "spent", "resolved"),
    [((200, 200), 200, True), ((200, 200), 199, False), ((199, 200), 200, False), ((200, 199), 200, False)],
)
def test_resolved_is_where_every_run_told_the_inputs_apart_and_was_right(
    right: tuple[int, int], spent: int, resolved: bool
) -> None:
    assert seen(right, spent=spent).resolved is resolved


def test_defeated_is_where_the_limit_at_any_time_is_within_a_twentieth_of_the_bound() -> None:
    # By R: the greatest S of n = 4000 with (n + 1)·dbinom(S, n, 0.55) <= 20^-1 for p = 0.55 above S/n.
    from scipy.stats import binom

    n = 4000
    last = max(s for s in range(n // 2, int(0.55 * n)) if (n + 1) * binom.pmf(s, n, 0.55) <= 1 / 20)
    assert seen((last, n), n).defeated
    assert not seen((last + 1, n), n).defeated


@pytest.mark.parametrize(("spent", "rare"), [(0, True), (100, True), (101, False), (2000, False)])
def test_bounded_allows_for_an_excepted_event_of_at_most_a_twentieth(spent: int, rare: bool) -> None:
    # Theorem 1 with two inputs: (1 + t)/2 is within 1/40 of 1/2 for t up to 1/20.
    assert seen((900, 1000), 2000, spent=spent).bounded is rare


def test_bounded_is_not_said_where_the_bound_was_seen_to_be_surpassed() -> None:
    from scipy.stats import binom

    n = 2000
    first = min(s for s in range(n // 2, n) if (n + 1) * binom.pmf(s, n, 0.5) <= 1 / 20)
    assert seen((first - 2, n), n).bounded
    assert not seen((first + 2, n), n).bounded


def test_damage_orders_by_the_excepted_then_failures_then_the_worst_then_all() -> None:
    cells = [
        seen((0, 0), spent=20),
        seen((90, 110), failed=2),
        seen((100, 100)),
        seen((90, 120)),
        seen((90, 110)),
    ]
    assert sorted(cells, key=lambda cell: cell.damage) == [cells[4], cells[3], cells[2], cells[1], cells[0]]
    assert cells[3].damage == (0.0, 0.0, 0.45, 1.05)


def test_a_cell_is_told_from_others_by_policy_and_parameters() -> None:
    other = Seen(
        AlternatingTraining(hidden=(2,), exponent=21), "blind", 200, seen((1, 1)).tally, 0, 0, (), 0.0
    )
    assert seen((1, 1)).cell == seen((5, 6)).cell != other.cell
    assert other.closeness == 21
    assert other.waited == 0
