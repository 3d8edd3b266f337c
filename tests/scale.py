"""How much of a campaign runs: a sample at each run of the tests, the whole with `make campaign`; seeds are equal."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
WHOLE = os.environ.get("ONEHALF_TESTS") == "all"


def sample(values: Sequence[T], number: int, start: int = 0) -> Sequence[T]:
    """Return all values in a campaign, and else `number` of them, evenly apart from the one at `start` on."""
    if WHOLE or number >= len(values):
        return values
    return [values[(start + k * len(values) // number) % len(values)] for k in range(number)]


def several(few: int, all_of_them: int) -> int:
    """Choose a number: the second in a campaign, else the first."""
    return all_of_them if WHOLE else few
