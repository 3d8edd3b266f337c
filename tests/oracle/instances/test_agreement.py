"""Random instances: the library and the referee's second file, which share no code, agree on everything."""

import os

from benchmarks.agreement import agreement

PROBLEMS = int(os.environ.get("ONEHALF_AGREEMENT", "100"))
"""10,000 take about four minutes: ONEHALF_AGREEMENT=10000, or python -m benchmarks.agreement 10000."""


def test_two_implementations_agree_on_random_instances() -> None:
    counted = agreement(PROBLEMS, seed=3)
    assert counted["instances"] > 2 * PROBLEMS
    assert counted["values below 1"] > PROBLEMS // 10
    assert len([kind for kind in counted if counted[kind] and "-" in kind]) >= 5
