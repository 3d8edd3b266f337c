"""How many faults: a few at each run of the tests, the whole campaign with `make faults`; seeds are fixed in both."""

import os
import random
from collections.abc import Callable

import pytest


@pytest.fixture
def draws(request: pytest.FixtureRequest) -> random.Random:
    """The generator of a test's faults, the same at every run."""
    return random.Random(request.node.name)


@pytest.fixture
def several() -> Callable[[int, int], int]:
    """Choose the number of faults of a kind: the first where a few will do, the second in the whole campaign."""
    whole = os.environ.get("ONEHALF_FAULTS") == "all"
    return lambda few, all_of_them: all_of_them if whole else few
