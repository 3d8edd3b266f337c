"""Batched algorithms in the runner: the record is what one-by-one runs give, also where the inputs are told apart."""

from pathlib import Path

import pytest

from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.running.replay import replay
from onehalf.running.run import run_experiment


@pytest.mark.parametrize(("exponent", "shared"), [(46, 0), (53, 1)])
@pytest.mark.parametrize("name", ["random-features", "adam"])
def test_a_batch_is_recorded_trial_by_trial(tmp_path: Path, name: str, exponent: int, shared: int) -> None:
    problem = AlternatingTraining(exponent=exponent)
    experiment = Experiment("batches", 5, tuple(cells_of([problem], ["decoy"], [name], 7)))
    result = run_experiment(experiment, tmp_path / "out", jobs=1)
    outcomes = result.outcomes
    assert list(outcomes["shared"]) == [shared] * 14
    assert set(outcomes["depth"]) == {53}
    expected = ["accepted", "accepted" if exponent < 53 else "rejected"]
    assert list(outcomes["verdict"]) == expected * 7
    for trial in (0, 3, 6):
        assert replay(result, 0, trial).same
