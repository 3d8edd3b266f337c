"""Runs on different inputs share no process that an algorithm could have changed."""

from __future__ import annotations

import os
from collections import defaultdict

import numpy as np

import onehalf as oh
from algorithms.registry import resolve
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Cell
from onehalf.record.rows import Run
from onehalf.running.supervisor import run_trials
from oracle.session import Budget

KEPT: list[int] = []


@oh.algorithm("process-teller")
def process_teller(task: oh.Task, rng: np.random.Generator) -> oh.Network:
    """Read past δ, and say in which process, after how many runs there."""
    task.ask(0, 1, 60)
    KEPT.append(1)
    raise ValueError(f"{os.getpid()} {len(KEPT)}")


@oh.algorithm("dies-at-once")
def dies_at_once(task: oh.Task, rng: np.random.Generator) -> oh.Network:
    """End the process, by a signal or with a status, or answer."""
    fate = rng.integers(3)
    if fate == 0:
        os.kill(os.getpid(), 9)
    if fate == 1:
        os._exit(7)
    return task.witness(task.members[0])


def told(log: bool) -> dict[int, list[tuple[str, int]]]:
    cell = Cell(AlternatingTraining(limit=True), "blind", resolve("process-teller"), 4, Budget(), log=log)
    found = defaultdict(list)
    for run in run_trials(cell, (3, 4), 0, 4):
        process, before = run.note.removeprefix("ValueError: ").split()
        found[run.input].append((process, int(before)))
    return found


def test_each_position_of_the_inputs_has_its_own_process() -> None:
    found = told(log=False)
    processes = [{process for process, _ in runs} for runs in found.values()]
    assert len(processes) == 3
    assert len(set.union(*processes)) == sum(map(len, processes))


def test_each_run_of_a_certificate_is_a_fork_of_its_own() -> None:
    runs = [run for runs in told(log=True).values() for run in runs]
    assert len({process for process, _ in runs}) == len(runs) == 12
    assert {before for _, before in runs} == {1}


def test_a_run_that_dies_alone_is_recorded_as_one_that_dies_among_others() -> None:
    def fates(log: bool) -> list[tuple[object, ...]]:
        cell = Cell(AlternatingTraining(), "blind", resolve("dies-at-once"), 12, Budget(), log=log)
        return [without_time(run) for run in run_trials(cell, (5, 6), 0, 12)]

    alone = fates(True)
    assert alone == fates(False)
    assert {status for _, _, status, *_ in alone} == {"crashed", "halted"}
    assert {note for *_, note in alone} == {
        "",
        "the process died of SIGKILL",
        "the process ended itself with status 7",
    }


def without_time(run: Run) -> tuple[object, ...]:
    return (run.trial, run.input, run.status, run.shared, run.depth, run.queries, run.output, run.note)
