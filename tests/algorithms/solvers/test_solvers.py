"""Solvers by kind: what they are handed, columns in another order, and the libraries' right answers on honest input."""

from __future__ import annotations

import json
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest

import onehalf as oh
from algorithms.registry import resolve
from oracle.families import make_problem
from oracle.problems import Oracle
from oracle.session import Session
from oracle.task import Task, close_session, open_session


@oh.problem("three-columns")
def three_columns(exponent: int = 6) -> oh.Instances:
    d = oh.dyadic(exponent)
    rows = [[[1 + d, 1, F(1, 2)], [0, 1, 1]], [[1, 1 + d, F(1, 2)], [0, 1, 1]]]
    return oh.Instances([oh.LeastSquares(A=[*A, [1, 0, 2]], y=[1, 2, 3]) for A in rows], digits=3)


def ran(algorithm: Any, problem: Any, place: int = 0, seed: int = 0, **parameters: Any) -> Any:
    session = Session(Oracle(problem, problem.inputs[place], "honest"), oh.Budget())
    ticket = open_session(session)
    try:
        made = resolve(algorithm).load()
        return made.function(Task(problem.facts, ticket), np.random.default_rng(seed), **parameters)
    finally:
        close_session(ticket)


@oh.solver("looks", kinds=["least-squares"])
def looks(A: Any, y: Any, rng: Any, *, scale: float = 1.0) -> Any:
    """Say what was handed over."""
    return [[A.dtype.name, A.tolist(), y.tolist(), scale, type(rng).__name__], 0, 0, 0]


@oh.solver("exactly", kinds=["least-squares"], exact=True)
def exactly(A: Any, y: Any) -> Any:
    """Say what was handed over."""
    return [A[0, 0], type(A[0, 0]).__name__, A.shape]


def test_data_are_read_at_the_digits_asked_for() -> None:
    problem = three_columns(exponent=6)
    (name, rows, y, scale, coins), *_ = ran(looks, problem, bits=3, scale=2)
    assert (name, scale, coins, y) == ("float64", 2.0, "Generator", [1.0, 2.0, 3.0])
    assert rows[0] == [1.0, 1.0, 0.5], "1 + 2^-6, read to 3 digits, is 1"
    assert ran(looks, problem, bits=6)[0][1][0][0] == 1 + 2**-6
    assert ran(looks, problem)[0][1][0][0] == 1 + 2**-6
    assert ran(exactly, problem, bits=40) == [1 + F(1, 64), "Fraction", (3, 3)]


def test_shuffled_is_a_permutation_that_is_undone() -> None:
    problem = three_columns()
    plain = ran("numpy-lstsq", problem)
    for seed in range(5):
        assert np.allclose(ran("numpy-lstsq", problem, seed=seed, present="shuffled"), plain)
    shown = {json.dumps(ran(looks, problem, seed=seed, present="shuffled")[0][1]) for seed in range(40)}
    assert len(shown) > 10
    for seed in range(5):
        rows, y = (ran(looks, problem, seed=seed, present="shuffled")[0][i] for i in (1, 2))
        assert sorted(map(sorted, rows)) == sorted(map(sorted, ran(looks, problem)[0][1]))
        assert sorted(y) == [1.0, 2.0, 3.0]


CASES = [
    ("linprog", "digit-products", {}),
    ("linprog-value", "program-value", {}),
    ("linprog-decision", "program-decision", {}),
    ("linprog-pursuit", "sparse-recovery", {"answers": 3}),
    ("sklearn-lasso", "lasso-duplicates", {}),
    ("sklearn-support", "feature-selection", {}),
    ("lars-sqrt-lasso", "sqrt-lasso-duplicates", {}),
    ("sklearn-elastic-net", "elastic-net-duplicates", {}),
    ("numpy-lstsq", "pseudo-inverse", {}),
    ("numpy-lstsq", "collinear-regression", {}),
    ("numpy-rank", "matrix-rank", {}),
    ("numpy-argmin", "wells", {}),
    ("numpy-argmin", "cycle", {}),
    ("sklearn-classifier", "twin-points", {"twins": 2}),
    ("bisection", "flat-root", {}),
    ("numpy-eigh", "eigenprojector", {}),
]


@pytest.mark.parametrize(("name", "family", "parameters"), CASES)
def test_right_where_the_inputs_are_far_apart(name: str, family: str, parameters: dict[str, Any]) -> None:
    problem = make_problem(family, {"exponent": 4, **parameters})
    for place, _ in enumerate(problem.inputs):
        found = ran(name, problem, place)
        output = problem.check_output(found.output if isinstance(found, oh.Claim) else found)
        assert problem.judge([output])[0][place].kind == "accepted", (place, output)


def test_gradient_flow_is_its_formula() -> None:
    """x_i = 2α² sinh(a_i T) with a·x = y; at a = (1, 1) both halves, and with small α the larger column alone."""
    problem = make_problem("sparse-recovery", {"exponent": 4})
    x = ran("diagonal-network", problem, 0, smallness=3.0)
    alpha = np.exp(-3.0)
    times = [float(np.arcsinh(v / (2 * alpha**2)) / a) for v, a in zip(x, (1 + 2**-4, 1.0), strict=True)]
    assert times[0] == pytest.approx(times[1], rel=1e-9)
    assert x[0] * (1 + 2**-4) + x[1] == pytest.approx(1.0, rel=1e-9)
    small = ran("diagonal-network", problem, 0, smallness=300.0)
    assert small[1] < 1e-9 and small[0] == pytest.approx(16 / 17)  # noqa: PT018


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["ridge"], "is no kind of instances"),
        ([], "names no kind"),
        (["lp"], "instances of kind lp have no such data"),
    ],
)
def test_what_cannot_be_is_refused(kinds: list[str], words: str) -> None:
    with pytest.raises(oh.InvalidValue, match=words):

        @oh.solver("refused", kinds=kinds)
        def refused(A: Any, y: Any) -> Any:
            """Nothing."""


def test_parameters_are_checked_when_planned() -> None:
    with pytest.raises(oh.InvalidValue, match="must be plain or shuffled"):
        resolve("sklearn-lasso[present=sorted]")
    with pytest.raises(oh.InvalidValue, match="at least 0"):
        resolve("sklearn-lasso[bits=-1]")
    with pytest.raises(oh.InvalidValue, match="is made for lasso"):
        resolve("sklearn-lasso").require_suited(make_problem("digit-products"))
