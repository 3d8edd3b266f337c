"""How many verdicts go the exact way: a count, which a slower machine does not change."""

import itertools
from typing import Any

import numpy as np
import pytest

from algorithms.trainers.descent import adam
from onehalf.families.training.problem import AlternatingTraining
from oracle import judge as judging
from oracle.judge import Level, filtered, judge
from oracle.networks import Network
from oracle.problems import Oracle
from oracle.session import Budget, Session
from oracle.task import Task, close_session, open_session


def random_networks(count: int, *sizes: int) -> list[Network]:
    rng = np.random.default_rng(5)
    pairs = list(itertools.pairwise(sizes))
    return [Network([(rng.normal(size=(o, i)), rng.normal(size=o)) for i, o in pairs]) for _ in range(count)]


def trained_networks(problem: AlternatingTraining, policy: str, count: int) -> list[Network]:
    """Return what the batched Adam makes of the first input."""
    ticket = open_session(Session(Oracle(problem, problem.inputs[0], policy), Budget()))
    rngs = [np.random.default_rng([6, i]) for i in range(count)]
    claims = adam(Task(problem.facts, ticket), rngs)
    close_session(ticket)
    return [claim.output for claim in claims]


def escalated(networks: list[Network], problem: AlternatingTraining) -> int:
    return sum(v is None for level in problem.levels for v in filtered(networks, level))


@pytest.mark.parametrize("cost", ["max", "mean-absolute", "mean-squared", "cross-entropy"])
@pytest.mark.parametrize("hidden", [(8,), (16,), (4, 4)])
def test_no_random_network_needs_exact_arithmetic(hidden: tuple[int, ...], cost: str) -> None:
    problem = AlternatingTraining(hidden=hidden, cost=cost)
    assert escalated(random_networks(500, 2, *hidden, 1), problem) == 0


@pytest.mark.parametrize(
    ("exponent", "policy"), [(20, "honest"), (46, "decoy"), (53, "decoy"), (53, "blind")]
)
def test_no_trained_network_needs_exact_arithmetic(exponent: int, policy: str) -> None:
    problem = AlternatingTraining(exponent=exponent)
    networks = trained_networks(problem, policy, 100)
    assert escalated(networks, problem) == 0
    accepted = sum(first.kind == "accepted" for first, _ in judge(networks, problem.levels))
    assert accepted >= 90 or policy == "blind", "the networks are trained ones"


def test_the_judge_escalates_what_the_filter_leaves_open_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = AlternatingTraining()
    one, two = (problem.facts.witness(member) for member in problem.inputs)
    cancelling = Network([([[1.0, 0.0], [1.0, 0.0]], [0.0, 0.0]), ([[1e200, -1e200]], [0.5])])
    networks = [*random_networks(50, 2, 8, 1), one, two, cancelling]
    open_ = sum(v is None for level in problem.levels for v in filtered(networks[:-1], level)) + 2
    calls = []
    exact = Level.decide

    def counted(level: Level, network: Network, budget: int | None) -> Any:
        calls.append(network)
        return exact(level, network, budget)

    monkeypatch.setattr(Level, "decide", counted)
    judge(networks, problem.levels)
    assert len(calls) == open_
    assert calls.count(cancelling) == 2


@pytest.mark.parametrize(("count", "passes"), [(1, 1), (128, 1), (129, 2), (4096, 32)])
def test_networks_are_evaluated_in_batches(count: int, passes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = AlternatingTraining(hidden=(16,), points=64)
    networks = random_networks(min(count, 130), 2, 16, 1)
    batches = []
    evaluate = judging._evaluate

    def counted(layers: Any, points: Any) -> Any:
        batches.append(len(layers[0][0]))
        return evaluate(layers, points)

    monkeypatch.setattr(judging, "_evaluate", counted)
    judge((networks * (count // len(networks) + 1))[:count], problem.levels[:1])
    assert len(batches) == passes
    assert sum(batches) == count
