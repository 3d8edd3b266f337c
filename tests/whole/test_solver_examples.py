"""The examples about solvers: a published table computed anew, and a regression that drops a column."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import onehalf as oh

EXAMPLES = Path(__file__).parents[2] / "examples"
# Colbrook, Antun, Hansen 2022, Table 1, K = 1, and what the coordinates that are meant give, by n.
PUBLISHED = {10: 0.2597823, 20: 0.2598049, 30: 0.2598051}
MEANT = {10: 0.1500233, 20: 0.1500000, 30: 0.1500000}


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


TABLE = example("pnas_table_1")
DROPPED = example("dropped_column")


@pytest.mark.parametrize("n", PUBLISHED)
def test_the_published_figures_come_out_but_for_what_is_rounding(n: int) -> None:
    """The seventh digit differs between processors: the example says why."""
    assert abs(TABLE.distance(1, n, as_published=True) - PUBLISHED[n]) < 1e-6


@pytest.mark.parametrize("n", MEANT)
def test_the_coordinates_that_are_meant_give_half_the_distance_of_the_minimisers(n: int) -> None:
    assert round(TABLE.distance(1, n, as_published=False), 7) == MEANT[n]


@pytest.mark.parametrize("K", TABLE.DIGITS)
def test_the_conclusion_stands_k_digits_are_missed_for_every_n(K: int) -> None:
    for n in TABLE.BITS:
        for as_published in (True, False):
            assert TABLE.distance(K, n, as_published) > 1.4 * 10.0**-K


def test_the_two_minimisers_are_3_units_apart_and_the_data_nearly_equal() -> None:
    for K in TABLE.DIGITS:
        (A, y, x), (B, z, w) = (TABLE.problem(K, 20, j, (0, 1)) for j in (0, 1))
        assert np.linalg.norm(x - w) == pytest.approx(3 * 10.0**-K, rel=1e-6)
        assert np.linalg.norm(A - B, 2) <= 2.0**-20
        assert np.array_equal(y, z)


def test_with_k_6_the_demo_has_the_coordinates_that_are_meant() -> None:
    assert TABLE.distance(6, 10, True) == TABLE.distance(6, 10, False)


def test_linear_regression_drops_a_column_without_a_warning() -> None:
    found = DROPPED.fitted()
    assert found.coefficients[0] == pytest.approx(3, abs=1e-6)
    assert abs(found.coefficients[1]) < 1e-6
    assert (found.rank, found.warnings) == (1, 0)


@pytest.mark.parametrize("changed", [{"tol": 1e-12}, {"scale": 1.0}])
def test_the_digits_were_there(changed: dict[str, float]) -> None:
    found = DROPPED.fitted(**changed)
    assert found.coefficients == pytest.approx((3, 2), abs=1e-6)
    assert (found.rank, found.warnings) == (2, 0)


@oh.problem("two-answers")
def two_answers(exponent: int = 53, digits: int = 1) -> oh.Instances:
    """Least squares with nearly equal columns."""
    A = [[1, 1], [0, oh.dyadic(exponent)]]
    return oh.Instances([oh.LeastSquares(A, [1, c * oh.dyadic(exponent)]) for c in (0, 1)], digits=digits)


def test_a_solver_that_is_surveyed_runs_on_a_family_of_its_kind() -> None:
    solver = f"{EXAMPLES / 'plugins' / 'surveyed_solvers.py'}::scipy-gelsy[bits=52,present=shuffled]"
    near, far = (
        oh.run(two_answers(exponent=e), [solver], oracle="honest", trials=6, jobs=1).trials for e in (53, 30)
    )
    assert set(far.verdict_1) == set(far.verdict_2) == {"accepted"}
    assert set(far.claim_1) == {1}
    # With the columns equal it says that the rank is 1, and gives a point between.
    assert set(near.verdict_1) == set(near.verdict_2) == {"rejected"}
    assert set(near.claim_1) == {0}
