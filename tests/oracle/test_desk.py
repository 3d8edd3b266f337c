"""What a task gives and what it hides: sessions, ledger, budgets, float64 tables, and no way to the input."""

import gc
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest

from onehalf.families.linear_program.problem import LinearProgram
from onehalf.families.training.problem import AlternatingTraining
from oracle.errors import BudgetExhausted, IllegalQuestion, TooPrecise
from oracle.problems import Oracle, Problem
from oracle.session import Budget, Ledger, Session
from oracle.task import Task, close_session, open_session

TRAINING = AlternatingTraining(hidden=(2,), exponent=53)
PROGRAM = LinearProgram()


@contextmanager
def at_desk(
    problem: Problem, policy: str = "decoy", position: int = 0, budget: Budget | None = None
) -> Iterator[tuple[Task, Session]]:
    session = Session(Oracle(problem, problem.inputs[position], policy), budget or Budget())
    ticket = open_session(session)
    try:
        yield Task(problem.facts, ticket), session
    finally:
        close_session(ticket)


def reachable(root: object) -> list[object]:
    """Return everything that attributes, slots, items and closures lead to, short of classes, modules and globals."""
    seen: dict[int, object] = {}
    open_ = [root]
    while open_:
        thing = open_.pop()
        if id(thing) in seen or isinstance(thing, type | ModuleType):
            continue
        seen[id(thing)] = thing
        if isinstance(thing, FunctionType):
            open_ += [cell.cell_contents for cell in thing.__closure__ or ()]
        else:
            open_ += gc.get_referents(thing)
    return list(seen.values())


@pytest.mark.parametrize("problem", [TRAINING, AlternatingTraining(hidden=(2,), limit=True), PROGRAM])
def test_nothing_a_task_refers_to_leads_to_the_input(problem: Problem) -> None:
    with at_desk(problem, "blind") as (task, session):
        hidden = Oracle | Session | Problem | Ledger
        found = reachable(task)
        assert not [thing for thing in found if isinstance(thing, hidden)]
        assert any(isinstance(thing, hidden) for thing in reachable(session)), (
            "the walk sees what it looks for"
        )


@pytest.mark.parametrize("problem", [TRAINING, PROGRAM])
def test_tasks_for_different_inputs_are_equal_but_for_the_ticket(problem: Problem) -> None:
    with at_desk(problem, position=0) as (one, _), at_desk(problem, position=1) as (two, _):
        assert pickle.dumps(one.facts) == pickle.dumps(two.facts)
        assert set(Task.__slots__) == {"facts", "ticket"}
        with pytest.raises(AttributeError):
            one.oracle  # noqa: B018


def test_the_facts_of_a_limit_family_do_not_tell_delta() -> None:
    small, large = (AlternatingTraining(hidden=(2,), limit=True, exponent=e) for e in (20, 40))
    assert pickle.dumps(small.facts) == pickle.dumps(large.facts)


@pytest.mark.parametrize(("problem", "most"), [(TRAINING, 53), (LinearProgram(exponent=52), 52)])
@pytest.mark.parametrize("position", [0, 1])
def test_float_tables_hold_the_oracle_s_answers_and_refuse_more(
    problem: Problem, most: int, position: int
) -> None:
    for policy in problem.policies:
        with at_desk(problem, policy, position) as (task, session):
            table = task.read(most)
            for index, entry in np.ndenumerate(table):
                assert Fraction(float(entry)) == session.oracle.answer(index, most)
            with pytest.raises(
                TooPrecise, match=rf"^bits={most + 1}: float64 carries {most} .*; use task.read_exact"
            ):
                task.read(most + 1)
            assert (task.read_exact(most + 1).shape, session.ledger.depth) == (problem.facts.shape, most + 1)


def test_an_answer_that_is_no_float64_is_refused_rather_than_rounded() -> None:
    with (
        at_desk(LinearProgram(exponent=60), "decoy") as (task, _),
        pytest.raises(TooPrecise, match="read_exact"),
    ):
        task.read(52)


def test_a_table_may_be_spoilt_without_harm_to_the_next_reader() -> None:
    with at_desk(TRAINING) as (task, _):
        first = task.read(53)
        before = first.copy()
        first[:] = np.nan
        exact = task.read_exact(20)
        kept = exact.copy()
        exact[:] = Fraction(7)
        assert (task.read(53) == before).all()
        assert (task.read_exact(20) == kept).all()


def test_the_ledger_counts_what_was_asked() -> None:
    with at_desk(TRAINING) as (task, session):
        task.ask(0, 0, 200)
        assert (session.ledger.queries, session.ledger.depth, session.ledger.sensitive_depth) == (1, 200, 0)
        task.ask(0, 1, 10)
        task.ask(0, 1, 10)
        assert (session.ledger.queries, session.ledger.depth, session.ledger.sensitive_depth) == (3, 200, 10)
        task.read(53)
        rows, columns = task.shape
        assert (session.ledger.queries, session.ledger.sensitive_depth) == (3 + rows * columns, 53)


@pytest.mark.parametrize("bits", [0, 5, 62, 63, 64, 65, 200])
def test_numpy_s_integers_ask_the_same_question(bits: int) -> None:
    with at_desk(TRAINING, "honest") as (task, _), at_desk(TRAINING, "honest") as (other, _):
        assert task.ask(0, 0, np.int64(bits)) == other.ask(0, 0, bits)  # type: ignore[arg-type]
        assert (task.read_exact(np.int64(bits)) == other.read_exact(bits)).all()  # type: ignore[arg-type]


@pytest.mark.parametrize("bits", [-1, 1.0, "3", None, True, np.float64(2), np.int64(-1)])
def test_what_is_no_number_of_digits_is_an_illegal_question(bits: Any) -> None:
    with at_desk(TRAINING) as (task, session):
        for question in (
            lambda: task.ask(0, 1, bits),
            lambda: task.read(bits),
            lambda: task.read_exact(bits),
        ):
            with pytest.raises(IllegalQuestion, match=r"^bits=.*ask for 2\^-bits, bits ≥ 0$"):
                question()
        assert session.ledger == Ledger()


@pytest.mark.parametrize("entry", [(-1, 0), (0, -1), (0, 2), (10**6, 0)])
def test_an_entry_outside_the_table_is_an_illegal_question(entry: tuple[int, int]) -> None:
    with at_desk(TRAINING) as (task, _), pytest.raises(IllegalQuestion, match="count from 0"):
        task.ask(*entry, 5)


def test_digits_past_the_budget_end_the_run_for_good() -> None:
    with at_desk(TRAINING, budget=Budget(digits=100)) as (task, session):
        assert task.ask(0, 1, 100) is not None
        for bits in (101, 10**9, 1):
            with pytest.raises(BudgetExhausted, match="the digit budget is 100"):
                task.ask(0, 1, bits)
        assert (session.ledger.queries, session.ledger.depth) == (1, 10**9)
        assert not issubclass(BudgetExhausted, Exception)


def test_time_past_the_budget_ends_the_run() -> None:
    with at_desk(TRAINING, budget=Budget(seconds=1e-9)) as (task, session):
        session.deadline = 1e-9
        with pytest.raises(BudgetExhausted, match="time budget"):
            task.read(10)


def test_a_ticket_buys_nothing_after_the_run() -> None:
    with at_desk(TRAINING) as (task, _):
        pass
    with pytest.raises(IllegalQuestion, match="this run is over"):
        task.ask(0, 1, 5)


def test_a_process_that_was_forked_gets_no_answers() -> None:
    """What it asked would stand in its own copy of the ledger, and the run would seem to have asked nothing."""
    with at_desk(TRAINING) as (task, session):
        receiver, sender = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                task.ask(0, 1, 60)
                said = "answered"
            except IllegalQuestion as error:
                said = str(error)
            os.write(sender, said.encode())
            os._exit(0)
        os.close(sender)
        with os.fdopen(receiver, "rb") as heard:
            said = heard.read().decode()
        os.waitpid(child, 0)
        assert "another process than the run's own gets no answers" in said
        assert session.ledger == Ledger()
        task.ask(0, 1, 60)
        assert session.ledger.sensitive_depth == 60
