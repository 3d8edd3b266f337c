"""Baselines succeed as often as theory says.

Null hypothesis of every count: it is binomial with the stated probability. All comparisons of this file together reject
a true null with probability at most 1e-6 (Bonferroni over `COMPARISONS`). Seeds are fixed: nothing is retried to green.
"""

import pandas as pd
import pytest
from scipy.stats import binomtest

import onehalf as oh
from oracle.problems import Problem

EXPONENT = 20
PROBLEM = oh.AlternatingTraining(hidden=(2,), exponent=EXPONENT)
COUPLED = ["blind", "decoy", "mirage"]
STOPS = [0.01, 0.05, 0.2, 1.0]
TRIALS = 2_000
COMPARISONS = 2 * len(COUPLED) + 3 * len(STOPS)
LEVEL = 1e-6 / COMPARISONS
EVERY = [
    *((PROBLEM, policy) for policy in ["honest", *COUPLED]),
    *((oh.LinearProgram(exponent=EXPONENT), policy) for policy in ["honest", "blind", "decoy"]),
]


def accepted(result: oh.Result) -> pd.DataFrame:
    """Return one row a trial: shared, depth, and for each input whether the output was accepted there."""
    table = result.trials
    verdicts = table.filter(regex=r"^verdict_\d+$")
    assert set(table["status"]) == {"halted"}
    return verdicts.eq("accepted").assign(shared=table["shared"].eq(1), depth=table["depth"])


def consistent(successes: int, probability: float) -> bool:
    return float(binomtest(successes, TRIALS, probability).pvalue) > LEVEL


@pytest.mark.parametrize("policy", COUPLED)
def test_a_coin_flip_is_right_on_exactly_one_of_two_inputs(policy: str) -> None:
    found = accepted(oh.run(PROBLEM, "coin-flip", oracle=policy, trials=TRIALS, seed=1))
    assert found["shared"].all()
    assert (found["verdict_1"] ^ found["verdict_2"]).all(), "one success in each trial: p_1 + p_2 = 1"
    assert found["verdict_1"].mean() + found["verdict_2"].mean() == 1
    assert consistent(int(found["verdict_1"].sum()), 1 / 2)
    assert consistent(int(found["verdict_2"].sum()), 1 / 2)


@pytest.mark.parametrize("stop", STOPS)
def test_a_random_depth_reader_succeeds_with_probability_half_of_one_plus_t(stop: float) -> None:
    # P(D > e) = (1 − stop)^e for a geometric D: Theorem 1 is attained for each t.
    t = (1 - stop) ** EXPONENT
    found = accepted(oh.run(PROBLEM, f"random-depth[stop={stop}]", trials=TRIALS, seed=2))
    beyond = found["depth"] > EXPONENT
    assert (found["shared"] == ~beyond).all()
    both = found["verdict_1"].astype(int) + found["verdict_2"]
    assert both[~beyond].eq(1).all()
    assert both[beyond].eq(2).all()
    if t:
        assert consistent(int(beyond.sum()), t)
    else:
        assert not beyond.any()
    assert consistent(int(found["verdict_1"].sum()), (1 + t) / 2)
    assert consistent(int(found["verdict_2"].sum()), (1 + t) / 2)


@pytest.mark.parametrize(("problem", "policy"), EVERY)
def test_one_digit_past_the_barrier_is_enough_for_every_success(problem: Problem, policy: str) -> None:
    reader = f"reader[bits={EXPONENT + 1}]"
    found = accepted(oh.run(problem, reader, oracle=policy, trials=50, seed=3))
    assert not found["shared"].any()
    assert found[["verdict_1", "verdict_2"]].all(axis=None)


@pytest.mark.parametrize(("problem", "policy"), [pair for pair in EVERY if pair[1] != "honest"])
def test_up_to_the_barrier_no_digit_helps(problem: Problem, policy: str) -> None:
    reader = f"reader[bits={problem.bound(policy).depth}]"
    found = accepted(oh.run(problem, reader, oracle=policy, trials=50, seed=3))
    assert found["shared"].all()
    assert (found["verdict_1"] ^ found["verdict_2"]).all()


@pytest.mark.parametrize("answers", [2, 3, 5])
def test_of_k_disjoint_answers_a_guess_is_right_on_exactly_one(answers: int) -> None:
    problem = oh.Simplex(answers=answers, exponent=EXPONENT)
    found = accepted(oh.run(problem, "coin-flip", oracle="blind", trials=200, seed=4))
    verdicts = found.filter(like="verdict")
    assert verdicts.shape == (200, answers)
    assert verdicts.sum(axis=1).eq(1).all()
    assert verdicts.any(axis=0).all()
