"""Networks made by hand against the checker: their certificates are known without it."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onehalf.families.stability.certificate import broken_guarantee, certify_network
from onehalf.families.stability.classifier import RULES, Rule, rule_of
from onehalf.families.stability.constructions import (
    CONSTRUCTIONS,
    certify_stable,
    least_neurons,
    stable_network,
)
from onehalf.families.stability.perturbations import (
    Sample,
    best_perturbations,
    certified_radii,
    forced_errors,
    norms,
    wrong_sets,
)
from onehalf.families.stability.problem import Stability
from onehalf.families.training.separation import epsilon
from oracle.networks import Network, pieces
from oracle.numbers import parse_real

DELTA = Fraction(1, 2**40)
K = 12


def sample(a: object = "3/4", k: int = K, feature: bool = True) -> Sample:
    number = parse_real(a)  # type: ignore[arg-type]
    ks = range(k, 0, -1)
    return Sample(
        places=tuple(number / (j + 1 - Fraction(1, 2)) for j in ks),
        labels=tuple((j + 1) % 2 for j in ks),
        training=(1,) * k,
        validation=(0,) * k,
        delta=DELTA,
        radius=epsilon(k),
        feature=feature,
    )


def carried(factor: float = 1.0) -> Network:
    """Return ρ(x_2)/δ with its weights split as factor and 1/(δ·factor)."""
    return Network([([[0.0, factor]], [0.0]), ([[2.0**40 / factor]], [0.0])])


ONES = tuple(k for k in range(K) if sample().labels[k] == 1)
ZEROS = tuple(k for k in range(K) if sample().labels[k] == 0)


@pytest.mark.parametrize("factor", [1.0, 2.0**600, 2.0**-900])
def test_the_perfect_network_is_flipped_on_each_label_one_point(factor: float) -> None:
    # −δe_2 takes label-1 points to value 0 and leaves label-0 points at 0; +δ takes label-0 points to value 1.
    found = certify_network(carried(factor), sample())
    assert found["wrong"] == {"0": [], "-1": list(ONES), "1": list(ZEROS)}
    assert found["training"] == {"right": K, "of": K}
    # φ = ρ(x_2)/δ is wrong for label 1 exactly while x_2 < δ/2, whatever x_1 is.
    assert found["box"]["tau"] == "1/2"
    # Its members have |η_1| < ε/2 = 1/5304, |η_2| < 3δ/2.
    assert found["box"]["norms"] == pytest.approx({"1": 1 / 5304, "2": 1 / 5304, "inf": 1 / 5304}, rel=1e-6)
    assert found["search"][0]["wrong"] == len(ONES)
    # t = +δ/2 makes label 0 wrong; t < −δ/2 makes label 1 wrong: the least |t| is δ/2, attained.
    assert found["search"][0]["t"] == str(DELTA / 2)


@pytest.mark.parametrize(("rule", "wrong"), [("threshold", ZEROS), ("identity", tuple(range(K)))])
def test_constant_half(rule: str, wrong: tuple[int, ...]) -> None:
    # φ = 1/2 everywhere: class 1 for the step at 1/2 and error exactly 1/2, hence wrong, for g(t) = t.
    network = Network([(np.zeros((1, 2)), [0.0]), ([[0.0]], [0.5])])
    found = certify_network(network, sample(), RULES[rule])
    assert all(found["wrong"][sign] == list(wrong) for sign in ("0", "-1", "1"))
    assert found["sign"] == 0
    assert found["box"]["tau"] == "1"
    assert broken_guarantee(found) == ""


@pytest.mark.parametrize("scale", [1e200, 1e-200])
def test_weights_of_any_size(scale: float) -> None:
    # ρ(scale·x_2)·(1/scale) is x_2 up to the rounding of 1/scale, far below 1/2: label 1 is wrong, label 0 right.
    network = Network([([[0.0, scale]], [0.0]), ([[1.0 / scale]], [0.0])])
    assert wrong_sets(network, sample()) == {0: ONES, -1: ONES, 1: ONES}
    # (scale·x_2)·scale is over 1/2 at x_2 = δ and under it at 0 for 1e200, and vanishes for 1e-200.
    square = Network([([[0.0, scale]], [0.0]), ([[scale]], [0.0])])
    expected = {0: (), -1: ONES, 1: ZEROS} if scale > 1 else {0: ONES, -1: ONES, 1: ONES}
    assert wrong_sets(square, sample()) == expected


def test_a_breakpoint_at_each_data_point() -> None:
    # Every kink of this zigzag lies exactly at a point, where it takes the label as its value.
    data = sample(k=5)
    places = [Fraction(x) for x in data.places]
    slopes = [
        Fraction(b - a) / (q - p) for (a, p), (b, q) in pairs(list(zip(data.labels, places, strict=True)))
    ]
    steps = [slopes[0], *(b - a for a, b in pairs(slopes))]
    first = [[Fraction(1), Fraction(0)] for _ in steps]
    network = Network(
        [
            (np.array(first), np.array([-p for p in places[:-1]])),
            (np.array([steps]), np.array([Fraction(data.labels[0])])),
        ]
    )
    assert wrong_sets(network, data) == {0: (), -1: (), 1: ()}
    found = certify_stable(network, data)
    assert found is not None
    assert found.right
    assert not found.equal


def pairs(items: list) -> list[tuple]:  # type: ignore[type-arg]
    return list(itertools.pairwise(items))


def test_a_value_of_one_half_exactly_at_a_point_has_radius_zero() -> None:
    # φ = 1/2 + (x_1 − p) at label-0 point p: wrong at p itself (φ = 1/2 counts as class 1), right just left of it.
    data = sample(k=3)
    index = next(k for k, label in enumerate(data.labels) if label == 0 and k > 0)
    place = Fraction(data.places[index])
    network = Network(
        [
            (np.array([[Fraction(1), Fraction(0)]]), np.array([Fraction(0)])),
            (np.array([[Fraction(1)]]), np.array([Fraction(1, 2) - place])),
        ]
    )
    assert index in wrong_sets(network, data)[0]
    assert certified_radii(network, data, 0, [index]) == [0]


def test_deep_and_thin() -> None:
    # Sixty layers of one neuron that hand x_2/δ on: the same function as one layer.
    one = ([[1.0]], [0.0])
    network = Network([([[0.0, 1.0]], [0.0]), *[one] * 59, ([[2.0**40]], [0.0])])
    assert wrong_sets(network, sample()) == {0: (), -1: ONES, 1: ZEROS}
    assert set(certified_radii(network, sample(), -1, ONES)) == {Fraction(1, 2)}


def test_zero_weights_and_dead_neurons() -> None:
    # All label 0: wrong exactly where the label is 1, under every perturbation, on the whole box.
    network = Network(
        [(np.zeros((4, 2)), np.full(4, -1.0)), (np.zeros((2, 4)), np.zeros(2)), ([[1.0, 1.0]], [0.0])]
    )
    found = certify_network(network, sample())
    assert found["wrong"]["0"] == found["wrong"]["-1"] == found["wrong"]["1"] == list(ONES)
    assert found["box"]["tau"] == "1"
    assert found["balls"] == {"equal": False, "right": False, "margin": -0.5}


def test_the_box_is_the_largest() -> None:
    # φ = x_2/δ − (x_1 − p)·slope on label 1 moved by −δ: right again where x_2/δ − (x_1 − p)·slope reaches 1/2.
    data = sample(k=3)
    index = next(k for k, label in enumerate(data.labels) if label == 1)
    place, slope = Fraction(data.places[index]), Fraction(1, 2) / data.radius
    top = np.array([[-slope, 1 / DELTA], [slope, -1 / DELTA]])
    network = Network(
        [(top, np.array([slope * place, -slope * place])), (np.array([[1, -1]]), np.array([0]))]
    )
    # In box units u, v ∈ [−1, 1]: v − u/2 ≥ 1/2 first at v = −u = 1/3.
    assert certified_radii(network, data, -1, [index]) == [Fraction(1, 3)]


@pytest.mark.parametrize("construction", CONSTRUCTIONS)
@pytest.mark.parametrize("a", ["3/4", "1/sqrt(2)", "pi/4"])
def test_stable_networks(construction: str, a: str) -> None:
    data = sample(a)
    network = stable_network(data, construction)
    found = certify_stable(network, data)
    assert found is not None
    assert found.right
    assert found.equal == (construction == "ramps")
    assert wrong_sets(network, data) == {0: (), -1: (), 1: ()}
    assert best_perturbations(network, data, (DELTA, data.radius))[-1].wrong == 0
    neurons = {"ramps": 2 * (K - 1), "zigzag": K - 1, "fold": -(-(K - 1) // 2) + 2}
    assert sum(network.architecture[1:-1]) == neurons[construction]
    assert neurons[construction] >= least_neurons(data.changes, len(network.architecture) - 2)


def test_irrational_points_give_exact_certificates() -> None:
    # At a = 1/sqrt(2) nothing of ρ(x_2)/δ changes: it does not depend on x_1.
    found = certify_network(carried(), sample("1/sqrt(2)"))
    assert found["wrong"]["-1"] == list(ONES)
    assert found["box"]["tau"] == "1/2"


def test_a_network_that_uses_the_second_feature_has_no_ball_certificate() -> None:
    assert certify_stable(carried(), sample()) is None


@pytest.mark.parametrize(
    ("changes", "hidden", "expected"),
    [(27, (8,), 9), (9, (8,), 0), (10, (8,), 1), (11, (8,), 1), (40, (2, 3), 14)],
)
def test_forced_errors(changes: int, hidden: tuple[int, ...], expected: int) -> None:
    # ⌈(A − P)/2⌉ with P = Π (N_i + 1).
    assert forced_errors(changes, (2, *hidden, 1)) == expected


@pytest.mark.parametrize(("changes", "layers", "expected"), [(27, 1, 26), (27, 2, 9), (28, 3, 7), (1, 1, 1)])
def test_least_neurons(changes: int, layers: int, expected: int) -> None:
    # (26 + 1) ≥ 27; (4 + 1)(5 + 1) = 30 ≥ 27 and (4 + 1)² = 25 < 27; (2+1)(2+1)(3+1) = 36 ≥ 28, 27 < 28.
    assert least_neurons(changes, layers) == expected


def test_a_broken_guarantee_is_said() -> None:
    found = certify_network(carried(), sample())
    # Were the network to have P = 1 and flip nothing, Lemma 6 would be contradicted.
    assert broken_guarantee({**found, "flipped": 0}) != ""
    assert broken_guarantee({**found, "lines": {"0": 0, "delta": 9}}) != ""
    assert broken_guarantee(found) == ""


def test_norms() -> None:
    # (3, −4): 7, 25 = 5², 4.
    assert norms(Fraction(3), Fraction(-4)) == {"1": 7, "2 squared": 25, "inf": 4}


def cube(t: Fraction) -> Fraction:
    return t * t * t


def test_a_monotone_g_of_the_users() -> None:
    # |t³ − label| ≥ 1/2: right for 1 on (2^(-1/3), 1.5^(1/3)), for 0 on ±2^(-1/3).
    rule = rule_of(cube, "cube")
    assert [rule.wrong(Fraction(t), 0) for t in ("-8/10", "-79/100", "79/100", "8/10")] == [
        True,
        False,
        False,
        True,
    ]
    assert [rule.wrong(Fraction(t), 1) for t in ("79/100", "8/10", "114/100", "115/100")] == [
        True,
        False,
        False,
        True,
    ]
    low, high = rule.spans[1].low, rule.spans[1].high
    assert low is not None
    assert high is not None
    assert 0 <= Fraction(1, 2) - low**3 < Fraction(1, 2**60)
    assert 0 <= high**3 - Fraction(3, 2) < Fraction(1, 2**60)
    falling = rule_of(lambda t: -t, "falling")
    assert falling.wrong(Fraction(1), 1)
    assert not falling.wrong(Fraction(-1), 1)
    found = certify_network(carried(), sample(), rule)
    assert found["wrong"]["-1"] == list(ONES)
    # +δ makes all wrong (label 0 at value 1, label 1 at 2); label 0 is right again below 2^(-1/3).
    assert (found["sign"], found["flipped"]) == (1, K)
    assert found["box"]["value"] == pytest.approx(1 - 0.5 ** (1 / 3), abs=1e-12)


def test_g_must_be_monotone() -> None:
    with pytest.raises(ValueError, match="must be monotone"):
        rule_of(lambda t: t * t, "square")


def any_rule() -> st.SearchStrategy[Rule]:
    return st.sampled_from(list(RULES.values()))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from([(1,), (3,), (2, 2), (1, 1, 1), (5, 2)]),
    st.sampled_from([0, 1, 20, 40, 60]),
    any_rule(),
    st.booleans(),
)
def test_the_theorem_holds_for_every_network(
    seed: int, hidden: tuple[int, ...], exponent: int, rule: Rule, feature: bool
) -> None:
    rng = np.random.default_rng(seed)
    sizes = (2, *hidden, 1)
    layers = [
        (rng.integers(-4, 5, size=(b, a)) / 2.0, rng.integers(-4, 5, size=b) / 4.0)
        for a, b in pairs(list(sizes))
    ]
    layers[0] = (layers[0][0] * [4.0, 2.0**exponent], layers[0][1])
    network = Network(layers)
    data = sample(feature=feature)
    found = certify_network(network, data, rule)
    assert broken_guarantee(found) == ""
    assert found["pieces"] == pieces(network.architecture)
    # What is best on the whole segment is no worse than what is best at three of its points.
    assert found["search"][0]["wrong"] >= found["flipped"]
    assert found["search"][1]["wrong"] >= found["search"][0]["wrong"]


def test_the_sample_is_in_s_f() -> None:
    for a in ("1/2", "1/sqrt(2)", "1"):
        for kappa in ("1/4", "3/4"):
            assert Stability(a=a, kappa=kappa, support=30).separation.member
