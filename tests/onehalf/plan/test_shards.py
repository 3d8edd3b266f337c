"""A share of the trials is a function of the plan and two numbers, and all shares are all trials once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onehalf.plan.shard import Shard, read_shard
from oracle.errors import InvalidValue

CELLS = st.lists(st.tuples(st.integers(1, 50), st.booleans()), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(CELLS, st.integers(1, 9))
def test_all_shards_are_all_trials_once(cells: list[tuple[int, bool]], count: int) -> None:
    each = [Shard(number, count).spans(cells) for number in range(1, count + 1)]
    for index, (trials, stops) in enumerate(cells):
        mine = [spans[index] for spans in each]
        assert sorted(trial for start, stop in mine for trial in range(start, stop)) == list(range(trials))
        if stops:
            assert sorted(stop - start for start, stop in mine) == [0] * (count - 1) + [trials]


def test_many_cells_of_one_trial_are_shared_out_evenly() -> None:
    loads = [sum(b - a for a, b in Shard(number, 4).spans([(1, False)] * 20)) for number in range(1, 5)]
    assert loads == [5, 5, 5, 5]
    loads = [sum(b - a for a, b in Shard(number, 4).spans([(30, True)] * 20)) for number in range(1, 5)]
    assert loads == [150, 150, 150, 150]


@pytest.mark.parametrize(
    "written", ["0/4", "5/4", "3", "3/", "a/b", "1/99999", (1, 2.0), (1, 2, 3), 3, (True, 2)]
)
def test_what_is_no_shard_is_refused_in_a_sentence(written: object) -> None:
    with pytest.raises(InvalidValue, match=r"shard=.*1 ≤ i ≤ k"):
        read_shard(written)
