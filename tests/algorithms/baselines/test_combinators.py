"""Combinators: what they do, and that none of them passes the bound of what they are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from algorithms.algorithm import algorithm
from algorithms.registry import resolve
from onehalf.families.linear_program.problem import LinearProgram
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Cell
from oracle.errors import InvalidValue
from oracle.networks import Network
from oracle.problems import Input

Run = Callable[..., Any]
BARRIER = AlternatingTraining(exponent=53)
SPARE = AlternatingTraining(exponent=46)
PROGRAM = LinearProgram(y="1", digits=6, exponent=52)


@algorithm("drawer")
def drawer(task: Any, rng: np.random.Generator, *, bits: int = 53) -> Network:
    """Draw one of the constant networks 0, 1/8, …, 7/8 and read nothing: what it draws can be read off it."""
    value = float(rng.integers(8)) / 8
    return Network([(np.zeros((1, 2)), [0.0]), (np.zeros((1, 1)), [value])])


@algorithm("writer")
def writer(task: Any, rng: np.random.Generator, *, bits: int = 53) -> Any:
    """Write down the witness of ι¹ with chance 0.7, else that of ι²."""
    return task.witness(Input("1" if rng.random() < 0.7 else "2", task.exponent))


def constant(network: Network) -> float:
    return float(network.layers[-1][1][0])


def test_restarts_keeps_the_best_of_its_runs(run: Run) -> None:
    chosen, session = run("restarts[inner=drawer,k=6]", BARRIER, "decoy", range(30))
    assert session.ledger.depth == 53
    for seed, network in enumerate(chosen):
        drawn = [rng.integers(8) / 8 for rng in np.random.default_rng(seed).spawn(6)]
        best = min(abs(value - 0.5) for value in drawn)
        assert abs(constant(network) - 0.5) == best


def test_one_run_of_restarts_is_the_inner_algorithm_on_a_spawned_generator(run: Run) -> None:
    chosen, _ = run("restarts[inner=drawer,k=1]", BARRIER, "decoy", range(10))
    assert [constant(n) for n in chosen] == [
        np.random.default_rng(s).spawn(1)[0].integers(8) / 8 for s in range(10)
    ]


@pytest.mark.parametrize("problem", [BARRIER, PROGRAM], ids=["training", "linear-program"])
def test_majority_votes(run: Run, accepted: Run, problem: Any) -> None:
    answers, session = run("majority[inner=writer,k=7]", problem, "blind", range(60))
    won = [first for first, _ in accepted(problem, answers)]
    camps = [
        sum(rng.random() < 0.7 for rng in np.random.default_rng(seed).spawn(7)) >= 4 for seed in range(60)
    ]
    assert won == camps
    assert 0.7 < np.mean(won) < 1
    assert session.ledger.depth in (0, 53)


@pytest.mark.parametrize("name", ["restarts", "majority"])
@pytest.mark.parametrize("policy", ["blind", "decoy", "mirage"])
def test_repetition_does_not_amplify(run: Run, accepted: Run, name: str, policy: str) -> None:
    answers, session = run(f'{name}[inner="reader[bits=53]",k=5]', BARRIER, policy, range(40))
    assert session.ledger.sensitive_depth <= 53
    verdicts = accepted(BARRIER, answers)
    assert (True, True) not in verdicts
    on_second, _ = run(f'{name}[inner="reader[bits=53]",k=5]', BARRIER, policy, range(40), position=1)
    assert accepted(BARRIER, on_second) == verdicts


def test_deeper_doubles_until_it_is_sure(run: Run, accepted: Run) -> None:
    honest, session = run("deeper[inner=exact-least-squares]", SPARE, "honest", range(3))
    assert accepted(SPARE, honest) == [(True, False)] * 3
    assert session.ledger.depth == 53
    past, session = run(
        "deeper[inner=exact-least-squares]", AlternatingTraining(exponent=100), "blind", range(3)
    )
    assert accepted(AlternatingTraining(exponent=100), past) == [(True, False)] * 3
    assert session.ledger.depth == 106
    _, session = run("deeper[inner=reader,bits=13,most=53]", BARRIER, "blind", range(3))
    assert session.ledger.depth == 52


def test_deeper_stops_where_float64_does(run: Run) -> None:
    claims, session = run("deeper[inner=adam]", BARRIER, "blind", [0])
    assert not claims[0].converged
    assert session.ledger.depth == 53


def test_a_confident_falsehood_is_not_looked_into(run: Run, accepted: Run) -> None:
    claims, session = run("deeper[inner=exact-least-squares]", BARRIER, "decoy", range(3), position=1)
    assert accepted(BARRIER, claims) == [(True, False)] * 3
    assert session.ledger.depth == 53


@pytest.mark.parametrize("q", [0.0, 0.3, 1.0])
def test_hedge_lies_on_the_frontier(run: Run, accepted: Run, q: float) -> None:
    limit = AlternatingTraining(exponent=20, limit=True)
    hedged = f"hedge[inner=constant-half,later=patient,q={q}]"
    now = [np.random.default_rng(seed).random() < q for seed in range(50)]
    answers, _ = run(hedged, limit, "blind", range(50))
    assert [verdict[:2] for verdict in accepted(limit, answers)] == [(not early, False) for early in now]
    assert [verdict[2] for verdict in accepted(limit, answers)] == now


def test_combinators_nest(run: Run, accepted: Run) -> None:
    text = """majority[inner='restarts[inner="reader[bits=53]",k=2]',k=3]"""
    answers, session = run(text, SPARE, "honest", range(3))
    assert accepted(SPARE, answers) == [(True, False)] * 3
    assert session.ledger.depth == 53


def test_a_batched_algorithm_can_be_inner(run: Run, accepted: Run) -> None:
    answers, _ = run("restarts[inner=random-features,k=2]", SPARE, "honest", range(3))
    assert accepted(SPARE, answers) == [(True, False)] * 3
    assert all(claim.converged for claim in answers)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("majority[k=0]", "^k=0: must be at least 1"),
        ("majority[k=2]", "^k=2: must be odd"),
        ("restarts[k=0]", "^k=0: must be at least 1"),
        ("restarts[bits=-1]", "^bits=-1: must be at least 0"),
        ("hedge[q=1.5]", r"^q=1.5: must lie in \[0, 1\]"),
        ("deeper[inner=coin-flip]", "^inner='coin-flip': coin-flip has no parameter bits"),
        ("deeper[bits=0]", "^bits=0: must be at least 1"),
        ("deeper[most=0]", "^most=0: must be at least 1"),
        ("restarts[inner='majority[k=2]']", "^k=2: must be odd"),
        ("hedge[later='reader[bits=-1]']", "^bits=-1: must be at least 0"),
        ("restarts[inner=vertex]", "^algorithm='vertex': is made for linear-program, not for training"),
    ],
)
def test_parameters_out_of_range_are_refused_when_the_experiment_is_planned(text: str, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        Cell(BARRIER, "decoy", resolve(text), 1)


def test_a_misspelt_inner_algorithm_is_refused_when_the_experiment_is_planned() -> None:
    with pytest.raises(InvalidValue, match="algorithm='raeder': is no algorithm"):
        Cell(BARRIER, "decoy", resolve("restarts[inner=raeder]"), 1)
