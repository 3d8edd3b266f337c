"""Plugins that fork, break their channel or lie of their outputs' kind: the record stays whole and true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import onehalf
from onehalf.plan.experiment import cells_of
from onehalf.running import supervisor

HEAD = """
import os
from fractions import Fraction
import numpy as np
import onehalf

def witness(task):
    return task.witness(task.members[0])

class Liar(onehalf.Network):
    asked = []
    @property
    def architecture(self):
        Liar.asked.append(0)
        return (2, 2, 1) if len(Liar.asked) % 2 else (2, 3, 1)

mine = onehalf.Network([(np.zeros((2, 2)), np.zeros(2)), (np.zeros((1, 2)), np.zeros(1))])
exact = onehalf.Network([(np.zeros((2, 2), dtype=int), np.zeros(2)), (np.zeros((1, 2)), np.zeros(1))])

@onehalf.algorithm("hostile")
def hostile(task, rng):
"""
BODIES = {
    "forks": ("    os.fork()\n    return witness(task)\n", "halted", ""),
    "closes": ("    os.closerange(3, 512)\n    return witness(task)\n", "crashed", "ended itself"),
    "lies": (
        "    return Liar([(np.zeros((3, 2)), np.zeros(3)), (np.zeros((1, 3)), np.zeros(1))])\n",
        "invalid",
        "architecture (2, 3, 1) is not within (2, 2, 1)",
    ),
    "rewrites": (
        "    for w, b in mine.layers:\n        w.setflags(write=True)\n        w += 1\n    return mine\n",
        "error",
        "cannot set WRITEABLE flag",
    ),
    "rewrites exactly": (
        "    for w, b in exact.layers:\n        w.setflags(write=True)\n        w += 1\n    return exact\n",
        "error",
        "cannot set WRITEABLE flag",
    ),
    "is long": (
        "    far = np.longdouble('1e400')\n"
        "    return onehalf.Network([(np.full((2, 2), far), np.zeros(2)), (np.zeros((1, 2)), np.zeros(1))])\n",
        "halted",
        "",
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_every_trial_has_one_true_row(name: str, tmp_path: Path) -> None:
    body, status, note = BODIES[name]
    plugin = tmp_path / "hostile.py"
    plugin.write_text(HEAD + body)
    problem = onehalf.AlternatingTraining(hidden=(2,), exponent=20)
    trials = onehalf.run(problem, [str(plugin)], trials=40, directory=tmp_path / "run", jobs=1).trials
    assert list(trials.trial) == list(range(40))
    assert set(trials.status) == {status}
    assert all(note in text for text in trials.note)


def test_a_channel_that_breaks_after_the_last_run_takes_none_along(monkeypatch: pytest.MonkeyPatch) -> None:
    (cell,) = cells_of([onehalf.AlternatingTraining(hidden=(2,))], ["blind"], ["coin-flip"], 5)
    whole = supervisor.run_trials(cell, (1, 2), 0, 5)
    real = supervisor._supervise

    def broken(*arguments: Any, **options: Any) -> Any:
        runs, _ = real(*arguments, **options)
        return runs, runs[-1]._replace(status="crashed", output=None, note="the process broke its channel")

    monkeypatch.setattr(supervisor, "_supervise", broken)
    again = supervisor.run_trials(cell, (1, 2), 0, 5)
    assert [(run.trial, run.status, run.output) for run in again] == [
        (run.trial, run.status, run.output) for run in whole
    ]
