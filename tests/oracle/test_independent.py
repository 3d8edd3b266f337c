"""Two implementations that share no code: the standalone verifier's families against the oracle and the judge."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onehalf.families.linear_program.problem import LinearProgram
from onehalf.families.simplex.problem import Simplex
from onehalf.families.training.problem import AlternatingTraining
from onehalf.verify_standalone import Refused, make
from oracle.errors import InvalidValue
from oracle.networks import Network
from oracle.problems import Oracle, Problem

FIXED = settings(derandomize=True, deadline=None, max_examples=40)
PROBLEMS: dict[str, Problem] = {
    "training": AlternatingTraining(hidden=(1,), exponent=9),
    "three coordinates": AlternatingTraining(hidden=(2,), exponent=5, dimension=3),
    "its limit": AlternatingTraining(hidden=(1,), exponent=9, limit=True),
    "program": LinearProgram(exponent=7, y="1/3"),
    "simplex": Simplex(answers=3, exponent=6),
    "simplex with limit": Simplex(answers=2, exponent=6, limit=True),
}
COSTS = ("max", "mean-absolute", "mean-squared", "cross-entropy")


def second(problem: Problem) -> Any:
    """The family of the standalone verifier with the same parameters."""
    return make(str(problem.referee), json.loads(json.dumps(dict(problem.parameters()))))


def admitted(problem: Problem) -> list[str]:
    found = []
    for policy in problem.policies:
        try:
            problem.check_policy(policy)
        except InvalidValue:
            continue
        found.append(policy)
    return found


@pytest.mark.parametrize("name", PROBLEMS)
def test_both_give_every_answer_of_every_policy_alike(name: str) -> None:
    problem, other = PROBLEMS[name], second(PROBLEMS[name])
    assert set(admitted(problem)) == set(other.depths)
    assert {member.name for member in problem.inputs} == set(other.names)
    rows, columns = problem.facts.shape
    assert (rows, columns) == tuple(other.shape)
    places = itertools.product(range(min(rows, 3)), range(columns), (0, 1, 2, *range(3, 14), 40))
    for row, column, bits in places:
        for policy, member in itertools.product(admitted(problem), problem.inputs):
            mine = Oracle(problem, member, policy).answer((row, column), bits)
            assert mine == other.answer(policy, member.name, row, column, bits), (
                policy,
                member.name,
                row,
                column,
                bits,
            )


@pytest.mark.parametrize("name", PROBLEMS)
def test_both_say_how_deep_a_policy_couples(name: str) -> None:
    problem, other = PROBLEMS[name], second(PROBLEMS[name])
    for policy in admitted(problem):
        assert problem.bound(policy).depth == other.depths[policy]


def written(number: Fraction) -> str:
    return f"{number.numerator:x}/{number.denominator:x}"


@pytest.mark.parametrize("cost", COSTS)
@FIXED
@given(data=st.data())
def test_both_judge_networks_alike(cost: str, data: st.DataObject) -> None:
    limit = cost == "max" and data.draw(st.booleans())
    problem = AlternatingTraining(hidden=(2,), exponent=3, cost=cost, points=5, limit=limit)
    member = data.draw(st.sampled_from(problem.inputs))
    network = problem.facts.witness(data.draw(st.sampled_from(problem.inputs)))
    layers = [
        tuple(np.vectorize(Fraction, otypes=[object])(part) for part in pair) for pair in network.layers
    ]
    # A witness, moved by a little in a weight or two, so that some are right and some are not.
    for _ in range(data.draw(st.integers(0, 2))):
        matrix, offsets = layers[data.draw(st.integers(0, len(layers) - 1))]
        step = Fraction(data.draw(st.integers(-9, 9)), data.draw(st.sampled_from([1, 8, 64, 1000])))
        if data.draw(st.booleans()):
            offsets[data.draw(st.integers(0, len(offsets) - 1))] += step
        else:
            i, j = (data.draw(st.integers(0, size - 1)) for size in matrix.shape)
            matrix[i, j] += step
    verdict = problem.judge([Network(layers)])[0][problem.inputs.index(member)]
    weights = [written(Fraction(x)) for w, b in layers for x in (*w.ravel(), *b)]
    plain = {"architecture": [2, *(len(b) for _, b in layers)], "weights": weights}
    assert (verdict.kind == "accepted") == second(problem).accepts(plain, member.name)


@pytest.mark.parametrize("name", ["program", "simplex", "simplex with limit"])
@FIXED
@given(data=st.data())
def test_both_judge_points_alike(name: str, data: st.DataObject) -> None:
    problem, other = PROBLEMS[name], second(PROBLEMS[name])
    at = problem.facts.witness(data.draw(st.sampled_from(problem.inputs)))
    radius = other.radius
    steps = st.sampled_from([Fraction(0), radius, -radius, radius + Fraction(1, 10**9), radius / 3])
    point = tuple(Fraction(x) + data.draw(steps) for x in at)
    verdicts = problem.judge([point])[0]
    for member, verdict in zip(problem.inputs, verdicts, strict=True):
        assert (verdict.kind == "accepted") == other.accepts([written(x) for x in point], member.name)


@pytest.mark.parametrize(
    "changed",
    [
        {"a": "1/3"},
        {"a": "2"},
        {"kappa": "1/5"},
        {"kappa": "4/5"},
        {"dimension": 1},
        {"points": 4},
        {"tolerance": "1/2"},
        {"tolerance": "0"},
        {"free": True},
        {"hidden": [0]},
    ],
)
def test_the_verifier_takes_no_parameters_for_exclusive_beyond_their_range(changed: dict[str, Any]) -> None:
    inside = AlternatingTraining(hidden=(2,), exponent=3, points=5)
    parameters = json.loads(json.dumps(dict(inside.parameters())))
    for good in ({}, {"a": "1/2"}, {"a": "1"}, {"kappa": "1/4"}, {"kappa": "3/4"}, {"tolerance": "1/1000"}):
        assert make("training", parameters | good).exclusive()
    assert not make("training", parameters | changed).exclusive()


def test_a_network_of_another_shape_is_no_output() -> None:
    other = second(AlternatingTraining(hidden=(2,), exponent=3, points=5))
    for architecture, count in (
        ([2, 3, 1], 13),
        ([1, 2, 1], 7),
        ([2, 2, 1], 8),
        ([2, 2, 2], 12),
        ([2, 1], 3),
    ):
        with pytest.raises((Refused, ValueError)):
            other.accepts({"architecture": architecture, "weights": ["0/1"] * count}, "1")
    assert other.accepts({"architecture": [2, 1, 1], "weights": ["0/1"] * 5}, "1") is False
