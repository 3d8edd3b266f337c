"""What a run asks is asked, also where a budget refuses it: depth, t and u count the largest precision asked."""

from __future__ import annotations

import time

import numpy as np
import pytest

import onehalf as oh
from algorithms.registry import resolve
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Cell, Experiment
from onehalf.running.supervisor import run_trials
from oracle.errors import BudgetExhausted, IllegalQuestion, TooPrecise
from oracle.problems import Oracle
from oracle.session import DEEPEST, Budget, Ledger, Session

PROBLEM = AlternatingTraining()


@oh.algorithm("asks-too-much")
def asks_too_much(task: oh.Task, rng: np.random.Generator) -> oh.Network:
    """Ask first for more digits than there are."""
    task.ask(0, 1, 2**5000)
    return task.witness(task.members[0])


@oh.algorithm("asks-and-waits")
def asks_and_waits(task: oh.Task, rng: np.random.Generator) -> oh.Network:
    """Ask past δ, then think for longer than there is time."""
    task.ask(0, 1, 60)
    time.sleep(30)
    return task.witness(task.members[0])


def session(digits: int = 100, asked: bool = True) -> Session:
    return Session(
        Oracle(PROBLEM, PROBLEM.inputs[0], "blind"), Budget(digits), Ledger(asked=set() if asked else None)
    )


def runs_of(name: str, budget: Budget) -> list[tuple[str, bool, int]]:
    cell = Cell(PROBLEM, "blind", resolve(name), 2, budget)
    runs = run_trials(cell, Experiment("depth", 1, (cell,)).keys()[0], 0, 2)
    return [(run.status, run.shared, run.depth) for run in runs]


@pytest.mark.parametrize("bits", [101, 5000, 2**5000])
def test_a_refused_question_is_asked(bits: int) -> None:
    one = session()
    with pytest.raises(BudgetExhausted):
        one.answer((0, 1), bits)
    ledger = one.ledger
    assert (ledger.queries, ledger.depth, ledger.sensitive_depth) == (
        0,
        min(bits, DEEPEST),
        min(bits, DEEPEST),
    )
    assert ledger.asked == {(0, 1, min(bits, DEEPEST))}


def test_a_refused_question_about_what_all_inputs_share_does_not_tell_them_apart() -> None:
    one = session()
    with pytest.raises(BudgetExhausted):
        one.answer((0, 0), 101)
    assert (one.ledger.depth, one.ledger.sensitive_depth) == (101, 0)


def test_a_question_after_the_time_is_up_is_asked() -> None:
    one = session()
    one.deadline = 1e-9
    with pytest.raises(BudgetExhausted):
        one.answer((0, 1), 60)
    assert one.ledger.sensitive_depth == 60


def test_a_question_is_told_before_it_is_answered() -> None:
    told: list[int] = []
    one = session()
    one.on_question = lambda ledger: told.append(ledger.depth)
    one.memory = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        one.answer((0, 1), 7)
    assert told == [7]


def test_what_is_no_question_is_not_asked() -> None:
    one = session()
    for index, bits in (((0, 2), 5000), ((0, 1), -1)):
        with pytest.raises(IllegalQuestion):
            one.answer(index, bits)
    with pytest.raises(TooPrecise):
        one.table(60)
    assert one.ledger == Ledger(asked=set())


def test_a_run_that_met_a_budget_is_not_shared_if_it_asked_deeper_than_the_coupling() -> None:
    assert set(runs_of("asks-too-much", Budget(1000, 5.0))) == {("no_halt", False, DEEPEST)}
    assert set(runs_of("asks-and-waits", Budget(1000, 0.3))) == {("no_halt", False, 60)}


def test_a_run_that_asked_more_than_its_budget_and_less_than_the_coupling_is_shared() -> None:
    cell = Cell(AlternatingTraining(exponent=2000), "blind", resolve("reader[bits=500]"), 2, Budget(100, 5.0))
    runs = run_trials(cell, (1, 2), 0, 2)
    assert [(run.status, run.shared, run.depth) for run in runs] == [("no_halt", True, 500)] * 2
