"""Witnesses are accepted exactly, decoys are not, and no output is accepted on two inputs (Lemma 5)."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onehalf.families.training.problem import AlternatingTraining
from oracle.costs import COSTS
from oracle.errors import InvalidOutput, InvalidValue
from oracle.networks import Network, pieces
from oracle.problems import Input

FIXED = settings(derandomize=True, deadline=None, max_examples=60)
SHAPES = [(8,), (4, 4), (3, 3, 3)]


def kinds(problem: AlternatingTraining, output: Network) -> list[str]:
    return [verdict.kind for verdict in problem.judge([problem.check_output(output)])[0]]


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("hidden", SHAPES)
def test_a_witness_costs_nothing_on_its_own_input_and_too_much_on_the_other(
    hidden: tuple[int, ...], cost: str
) -> None:
    problem = AlternatingTraining(hidden=hidden, cost=cost)
    for member, expected in zip(
        problem.inputs, (["accepted", "rejected"], ["rejected", "accepted"]), strict=True
    ):
        witness = problem.facts.witness(member)
        assert kinds(problem, witness) == expected
        own = problem.levels[problem.inputs.index(member)]
        assert own.decide(witness).margin == pytest.approx(float(own.level), rel=1e-15)
        assert list(witness(problem.points_of(member))) == problem.facts.labels.tolist()


@pytest.mark.parametrize("exponent", [1, 52, 53, 54, 1022, 1023, 1074, 1075, 5000])
@pytest.mark.parametrize("hidden", [(8,), (2, 2)])
def test_witnesses_hold_at_every_size_of_delta(hidden: tuple[int, ...], exponent: int) -> None:
    problem = AlternatingTraining(hidden=hidden, exponent=exponent)
    one, two = (problem.facts.witness(member) for member in problem.inputs)
    assert kinds(problem, one) == ["accepted", "rejected"]
    assert kinds(problem, two) == ["rejected", "accepted"]


def test_the_limit_s_witness_is_right_there_alone() -> None:
    problem = AlternatingTraining(hidden=(3,), limit=True, exponent=20)
    half = problem.facts.witness(Input("0", None))
    by_name = dict(zip((m.name for m in problem.inputs), kinds(problem, half), strict=True))
    assert by_name == {"1": "rejected", "2": "rejected", "0": "accepted"}


@pytest.mark.parametrize("hidden", [(1,), (2,), (2, 1)])
@FIXED
@given(data=st.data())
def test_no_output_is_accepted_on_both_inputs(hidden: tuple[int, ...], data: st.DataObject) -> None:
    # Networks near the witnesses and their mixtures, where both costs are as small as they get together.
    exponent = data.draw(st.integers(1, 12))
    problem = AlternatingTraining(hidden=hidden, exponent=exponent, tolerance="499/1000")
    one, two = (problem.facts.witness(member) for member in problem.inputs)
    share = data.draw(st.floats(0, 1))
    shake = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    size = data.draw(st.sampled_from([0.0, 1e-6, 0.1, 1.0]))
    layers = [
        (share * w + (1 - share) * v + size * shake.normal(size=w.shape), share * b + (1 - share) * c)
        for (w, b), (v, c) in zip(one.layers, two.layers, strict=True)
    ]
    assert kinds(problem, Network(layers)).count("accepted") <= 1


def interpolating(values: list[int], points: list[Fraction]) -> Network:
    """Return the network in x_1 alone that joins the values at the points by straight lines: len − 1 hidden neurons."""
    order = sorted(range(len(points)), key=points.__getitem__)
    xs, ys = [points[i] for i in order], [values[i] for i in order]
    slopes = [Fraction(b - a) / (x - w) for a, b, w, x in zip(ys, ys[1:], xs, xs[1:], strict=False)]
    turns = [slopes[0], *(b - a for a, b in itertools.pairwise(slopes))]
    w = np.array([[Fraction(1), Fraction(0)]] * len(turns), dtype=object)
    return Network(
        [(w, np.array([-x for x in xs[:-1]], dtype=object)), (np.array([turns], dtype=object), [ys[0]])]
    )


def test_fewer_points_than_p_plus_two_are_served_by_one_network_and_refused() -> None:
    # r = P(N) + 1 points need P(N) − 1 turns to interpolate, and one network serves both inputs: hence the rule.
    hidden = 4
    count = pieces((2, hidden, 1))
    free = AlternatingTraining(hidden=(hidden,), points=count + 2, free=True)
    xs = [row[0] for row in free.points_of(free.inputs[0])[:count]]
    labels = free.facts.labels.tolist()[:count]
    served = interpolating(labels, xs)
    assert served.architecture == (2, hidden, 1)
    points = np.array([[x, Fraction(0)] for x in xs], dtype=object)
    assert list(served(points)) == labels
    assert AlternatingTraining(hidden=(hidden,), points=count + 2).facts.shape == (count + 2, 2)
    with pytest.raises(
        InvalidValue, match=rf"^points={count + 1}: .*P\(N\) = {count}\).*Lemma 5\); take {count + 2} or"
    ):
        AlternatingTraining(hidden=(hidden,), points=count + 1)


def test_with_the_architecture_free_one_network_is_accepted_everywhere() -> None:
    problem = AlternatingTraining(hidden=(2,), free=True, limit=True)
    xs = [row[0] for row in problem.points_of(problem.inputs[0])]
    network = interpolating(problem.facts.labels.tolist(), xs)
    assert kinds(problem, network) == ["accepted"] * 3
    with pytest.raises(InvalidOutput, match=r"is not within \(2, 2, 1\)"):
        AlternatingTraining(hidden=(2,)).check_output(network)


@pytest.mark.parametrize(
    ("layers", "accepted"),
    [
        ([([[0.0, 1.0]], [0.0]), ([[1.0]], [0.0])], True),
        ([([[0.0, 1.0]] * 9, [0.0] * 9), ([[1.0] * 9], [0.0])], False),
        ([([[0.0, 1.0]], [0.0])], False),
        ([([[0.0, 1.0]], [0.0]), ([[1.0]], [0.0]), ([[1.0]], [0.0])], False),
        ([([[0.0, 1.0, 0.0]], [0.0]), ([[1.0]], [0.0])], False),
    ],
)
def test_outputs_are_networks_within_the_architecture(
    layers: list[tuple[object, object]], accepted: bool
) -> None:
    problem, network = AlternatingTraining(hidden=(8,)), Network(layers)  # type: ignore[arg-type]
    if accepted:
        assert problem.check_output(network) is network
    else:
        with pytest.raises(InvalidOutput, match="architecture"):
            problem.check_output(network)


@pytest.mark.parametrize("output", [None, "network", 3.5, [1, 2], np.zeros(3)])
def test_what_is_no_network_is_no_output(output: object) -> None:
    with pytest.raises(
        InvalidOutput, match=f"output of type {type(output).__name__}: return a onehalf.Network"
    ):
        AlternatingTraining().check_output(output)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"a": "1/3"}, r"^a='1/3': must be an exact number in \[1/2, 1\]"),
        ({"a": "pi"}, r"^a="),
        ({"kappa": "1/5"}, r"^kappa='1/5': must be a rational in \[1/4, 3/4\]"),
        ({"kappa": "1/sqrt(3)"}, r"^kappa=.*must be a rational"),
        ({"tolerance": "1/2"}, r"^tolerance='1/2': .*\(0, 1/2\)"),
        ({"tolerance": 0}, r"^tolerance="),
        ({"exponent": 0}, r"^exponent=0: must be a whole number of at least 1"),
        ({"exponent": 5.0}, r"^exponent=5.0"),
        ({"dimension": 1}, r"^dimension=1"),
        ({"hidden": ()}, r"^hidden=\(\)"),
        ({"hidden": (0,)}, r"^hidden=\(0,\)"),
        ({"hidden": 8}, r"^hidden=8"),
        ({"points": "many"}, r"^points='many'"),
        ({"free": "yes"}, r"^free='yes': must be true or false"),
        ({"limit": 1}, r"^limit=1: must be true or false"),
        ({"limit": True, "cost": "mean-squared"}, r"^limit=True: .*maximum error only; take cost = \"max\""),
    ],
)
def test_parameters_out_of_range_are_refused_with_the_rule(
    parameters: dict[str, object], message: str
) -> None:
    with pytest.raises(InvalidValue, match=message):
        AlternatingTraining(**parameters)  # type: ignore[arg-type]
