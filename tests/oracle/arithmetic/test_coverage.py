"""Where on a line most things are, against a count at every whole number and halfway between."""

import math
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from oracle.arithmetic.coverage import Run, coverage_of

LIMIT = 4
HALVES = [Fraction(k, 2) for k in range(-2 * LIMIT, 2 * LIMIT + 1)]


def holds(run: Run, place: Fraction) -> bool:
    low, high, low_open, high_open = run
    return (low < place or (low == place and not low_open)) and (
        place < high or (place == high and not high_open)
    )


@st.composite
def runs(draw: st.DrawFn) -> Run:
    low, high = sorted(draw(st.tuples(*[st.integers(-LIMIT, LIMIT)] * 2)))
    open_ends = draw(st.booleans()), draw(st.booleans())
    return (low, high, *(open_ends if low < high else (False, False)))


@given(st.lists(st.lists(runs(), max_size=3), max_size=5), st.integers(1, LIMIT))
def test_the_largest_count_and_its_places_are_those_of_a_plain_count(
    things: list[list[Run]], size: int
) -> None:
    coverage = coverage_of(things, {-LIMIT, -size, 0, size, LIMIT})
    inside = [place for place in HALVES if -size <= place <= size]
    counts = {place: sum(any(holds(run, place) for run in of_one) for of_one in things) for place in inside}
    best = max(counts.values())
    most, nearest = coverage.most(-size, size)
    assert most == best
    assert sum(any(holds(run, nearest) for run in of_one) for of_one in things) == best
    # Between whole numbers nothing changes, so that halfway stands for all of the open interval.
    sizes = {
        place: abs(place) if place.denominator == 1 else min(abs(math.floor(place)), abs(math.ceil(place)))
        for place, count in counts.items()
        if count == best
    }
    least, attained = coverage.least(-size, size)
    assert least == min(sizes.values())
    assert attained == any(abs(place) == least for place in sizes)
    middle = coverage.widest(-size, size)
    assert (middle is not None) == any(place.denominator == 2 for place in sizes)
    assert middle is None or sum(any(holds(run, middle) for run in of_one) for of_one in things) == best
