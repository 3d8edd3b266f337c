"""One way to run an algorithm on an input, whatever its form, and to judge what it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from algorithms.algorithm import Algorithm, Claim, registered
from algorithms.registry import known, resolve
from oracle.problems import Oracle, Problem
from oracle.session import Budget, Session
from oracle.task import Task, close_session, open_session

Answers = tuple[list[Any], Session]
Run = Callable[..., Answers]


def _found(algorithm: Any) -> tuple[Algorithm, dict[str, Any]]:
    if isinstance(algorithm, str):
        spec = resolve(algorithm)
        return spec.load(), dict(spec.parameters)
    return next(a for a in [*registered.values(), *known().values()] if a.function is algorithm), {}


def _answers(
    algorithm: Any,
    problem: Problem,
    policy: str,
    seeds: Sequence[int],
    position: int = 0,
    alone: bool = False,
    **parameters: Any,
) -> Answers:
    found, given = _found(algorithm)
    session = Session(Oracle(problem, problem.inputs[position], policy), Budget())
    ticket = open_session(session, len(seeds))
    task = Task(problem.facts, ticket)
    rngs = [np.random.default_rng(seed) for seed in seeds]
    limits = threadpool_limits(1)
    try:
        if not found.batched:
            answers = [found.function(task, rng, **given, **parameters) for rng in rngs]
        elif alone:
            answers = [found.function(task, [rng], **given, **parameters)[0] for rng in rngs]
        else:
            answers = list(found.function(task, rngs, **given, **parameters))
    finally:
        limits.restore_original_limits()
        close_session(ticket)
    return answers, session


def _accepted(problem: Problem, answers: Sequence[Any]) -> list[tuple[bool, ...]]:
    outputs = [problem.check_output(a.output if isinstance(a, Claim) else a) for a in answers]
    return [tuple(verdict.kind == "accepted" for verdict in verdicts) for verdicts in problem.judge(outputs)]


@pytest.fixture
def run() -> Run:
    """``run(algorithm, problem, policy, seeds, position=0, alone=False, **parameters)``: answers and session."""
    return _answers


@pytest.fixture
def accepted() -> Callable[[Problem, Sequence[Any]], list[tuple[bool, ...]]]:
    """``accepted(problem, answers)``: for each answer, whether it is accepted on each input."""
    return _accepted
