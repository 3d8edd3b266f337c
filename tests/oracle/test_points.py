"""Numbers in outputs: of numpy's integers, of long doubles, and of more digits than Python writes in decimal."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from onehalf.families.linear_program.problem import LinearProgram
from onehalf.families.simplex.problem import Simplex
from onehalf.families.training.problem import AlternatingTraining
from oracle.families import make_problem
from oracle.networks import Network, decode, encode
from oracle.points import decode_point, encode_point


@pytest.mark.parametrize("problem", [LinearProgram(exponent=20_000), Simplex(exponent=20_000)])
def test_a_point_of_many_digits_is_stored_exactly(problem: LinearProgram | Simplex) -> None:
    point = (Fraction(-(3**20_000), 7**20_000), Fraction(0))
    assert problem.decode(problem.encode(problem.check_output(point))) == point
    for member in problem.inputs:
        witness = problem.facts.witness(member)
        assert problem.decode(problem.encode(witness)) == witness


def test_points_in_decimal_are_read() -> None:
    point = (Fraction(-12, 35), Fraction(3))
    assert decode_point(b'["-12/35", "3"]') == decode_point(encode_point(point)) == point


def test_fractions_of_numpy_integers_do_not_wrap() -> None:
    big = Fraction(np.int64(3_037_000_500), np.int64(1))
    rest = np.array([Fraction(0)], dtype=object)
    first = np.array([[big, Fraction(0)]], dtype=object)
    network = Network([(first, rest), (np.array([[big]], dtype=object), rest)])
    assert network(np.array([[Fraction(2**33), Fraction(0)]], dtype=object))[0] == 3_037_000_500**2 * 2**33
    problem = AlternatingTraining(hidden=(1,), points=5)
    assert problem.judge([network]) == problem.judge([decode(encode(network))])


def test_a_long_double_is_the_number_that_it_is() -> None:
    near = np.longdouble(1) + np.longdouble(2) ** -60
    if near == 1:
        pytest.skip("long doubles are float64 here")
    network = Network([(np.full((1, 2), near), np.zeros(1)), (np.ones((1, 1)), np.zeros(1))])
    assert network.layers[0][0][0, 0] == 1 + Fraction(1, 2**60)


@pytest.mark.parametrize("family", ["training", "stability"])
@pytest.mark.parametrize("a", [0.7, "0.7", "7/10", "1/sqrt(2)"])
def test_a_problem_is_made_again_from_its_parameters(family: str, a: float | str) -> None:
    problem = make_problem(family, {"a": a})
    again = make_problem(family, problem.parameters())
    assert again.value(again.inputs[0], (0, 0)) == problem.value(problem.inputs[0], (0, 0))
    assert again.parameters() == problem.parameters()
