"""A batch whose runs told the inputs apart is recorded trial by trial, as its runs one by one would be."""

from pathlib import Path

from onehalf.families.training.problem import AlternatingTraining
from onehalf.running.run import run


def test_a_batch_that_reads_past_the_coupling_is_run_on_each_input(tmp_path: Path) -> None:
    problem = AlternatingTraining(exponent=20)
    result = run(problem, ["random-features[bits=40]"], trials=6, directory=tmp_path / "d")
    outcomes = result.outcomes
    assert len(outcomes) == 12
    assert not outcomes["shared"].any()
    assert (outcomes["depth"] == 40).all()
    # Read past the barrier, the same features are learnt on either input.
    assert result.summary()["cells"][0]["over_reading"]["count"] == 6
