"""A verdict costs so much and no more: counted beforehand, and by the numbers alone."""

import itertools
import math
import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onehalf as oh
from oracle import judge as judging
from oracle.arithmetic import effort as counting
from oracle.arithmetic import exactly
from oracle.arithmetic.effort import Effort, TooLarge, common_multiple, reduced
from oracle.costs import COSTS
from oracle.judge import TOO_LARGE_WORDS, Level, exact_values, judge
from oracle.networks import Network
from oracle.numbers import parse_real

FIXED = settings(derandomize=True, deadline=None, max_examples=40)
LABELS = np.array([0, 1, 0, 1, 0], dtype=np.int64)
TINY = 1_000


def coprime(architecture: tuple[int, ...], bits: int, seed: int = 1) -> Network:
    draw = random.Random(seed)

    def entry() -> Fraction:
        return Fraction(draw.getrandbits(bits) | 1, draw.getrandbits(bits) | 1 << (bits - 1) | 1)

    layers = []
    for inner, outer in itertools.pairwise(architecture):
        w = np.array([[entry() for _ in range(inner)] for _ in range(outer)], dtype=object)
        layers.append((w, np.array([entry() for _ in range(outer)], dtype=object)))
    return Network(layers)


def question(cost: str = "max", irrational: bool = False) -> Level:
    theta = parse_real("1/sqrt(2)") if irrational else Fraction(1, 7)
    points = np.empty((5, 2), dtype=object)
    for k in range(5):
        points[k] = theta / (k + 1), Fraction(k, 2**53)
    return Level(points, LABELS, COSTS[cost], Fraction(1, 4))


@FIXED
@given(
    bits=st.sampled_from([3, 60, 700, 8_000]),
    seed=st.integers(0, 99),
    cost=st.sampled_from(sorted(COSTS)),
    irrational=st.booleans(),
)
def test_what_the_budget_allows_is_what_no_budget_says(
    bits: int, seed: int, cost: str, irrational: bool
) -> None:
    level = question(cost, irrational and bits < 1_000)
    network = coprime((2, 3, 1), bits, seed)
    free = level.decide(network, None)
    within = level.decide(network)
    assert within == free or within.kind == "undecided"
    assert bits > 1_000 or within == free
    assert level.decide(network, TINY).kind == "undecided"


@pytest.mark.parametrize("irrational", [False, True])
def test_exact_values_do_not_depend_on_the_slices(irrational: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    level = question(irrational=irrational)
    networks = [coprime((2, 3, 2, 1), 90), coprime((2, 2, 1), 21_000)][: 1 + (not irrational)]
    whole = [exact_values(n, level, Effort()) for n in networks]
    monkeypatch.setattr(exactly, "SLICE_BITS", 1)
    assert [exact_values(n, level, Effort()) for n in networks] == whole
    assert [exact_values(n, level) for n in networks] == whole


def test_filtered_verdicts_do_not_depend_on_the_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    networks = [
        Network(
            [(rng.normal(size=(4, 2)), rng.normal(size=4)), (rng.normal(size=(1, 4)), rng.normal(size=1))]
        )
        for _ in range(40)
    ]
    whole = judge(networks, [question()])
    monkeypatch.setattr(judging, "_SLICE_FLOATS", 1)
    for before, after in zip(whole, judge(networks, [question()]), strict=True):
        assert before[0].kind == after[0].kind
        assert before[0].margin == pytest.approx(after[0].margin, rel=1e-12)


def test_long_integers_are_evaluated_as_short_ones_are(monkeypatch: pytest.MonkeyPatch) -> None:
    level, network = question(), coprime((2, 3, 1), 400)
    before = exact_values(network, level)
    for module in (counting, exactly):
        monkeypatch.setattr(module, "LONG", 8)
    after = exact_values(network, level)
    assert after == before
    assert all(math.gcd(v.numerator, v.denominator) == 1 < v.denominator for v in after)
    assert all(type(v.numerator) is int and type(v.denominator) is int for v in after)


@FIXED
@given(st.integers(-(2**400), 2**400), st.integers(-(2**400), 2**400).filter(bool), st.integers(1, 2**90))
def test_a_fraction_is_in_lowest_terms_by_either_way(p: int, q: int, common: int) -> None:
    quick = reduced(p * common, q * common)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "LONG", 1)
        slow = reduced(p * common, q * common)
        multiple = common_multiple([abs(q), common, 8], Effort())
    assert (quick.numerator, quick.denominator) == (slow.numerator, slow.denominator)
    assert multiple == math.lcm(abs(q), common, 8) == common_multiple([abs(q), common, 8], Effort())


def test_too_large_is_undecided_with_a_reason_and_says_nothing_of_the_margin() -> None:
    network = coprime((2, 8, 1), 60_000)
    (verdict,) = judge([network], [question("cross-entropy")], 10**8)[0]
    assert verdict.kind == "undecided"
    assert math.isnan(verdict.margin)
    assert verdict.reason == TOO_LARGE_WORDS
    assert judge([coprime((2, 2, 1), 9)], [question()])[0][0].reason == ""


def test_the_filter_s_verdicts_need_no_budget_for_exact_ones() -> None:
    network = Network([([[1.0, 0.0]], [9.0]), ([[1.0]], [0.0])])
    assert judge([network], [question()], 0)[0][0].kind == "rejected"


def test_points_of_linear_programs_have_the_same_budget() -> None:
    far = Fraction(3**200_000, 2**300_000 + 1)
    problem = oh.LinearProgram()
    assert judging.judge_point((far, far), (Fraction(0),) * 2, Fraction(1, 10), 100).kind == "undecided"
    assert {v.kind for v in problem.judge([problem.check_output((far, far))])[0]} == {"rejected"}


def test_memory_has_a_budget_too() -> None:
    with pytest.raises(TooLarge):
        Effort().hold(2**33)
    Effort(None).hold(2**60)


def test_the_record_says_why_a_verdict_is_undecided(tmp_path: Path) -> None:
    plugin = tmp_path / "large.py"
    plugin.write_text(
        "from fractions import Fraction\nimport onehalf as oh\n"
        '@oh.algorithm("large")\n'
        "def large(task, rng):\n"
        '    """Answer the right network, written in a way that is too large to judge."""\n'
        "    (w, b), (v, c) = task.witness(task.members[0]).exact_layers()\n"
        "    n = len(b)\n"
        "    odd = [Fraction(1, 3 ** (600_000 + 7 * k)) + k for k in range(3 * n)]\n"
        "    import numpy as np\n"
        "    noise = np.array(odd, dtype=object)\n"
        "    return oh.Network([(w + noise[: 2 * n].reshape(n, 2), b), (v + noise[None, 2 * n :], c)])\n",
        encoding="utf-8",
    )
    problem = oh.AlternatingTraining(exponent=20, cost="mean-squared")
    result = oh.run(problem, f"{plugin}::large", trials=2)
    outcomes = result.outcomes
    assert set(outcomes["verdict"]) == {"undecided"}
    assert set(outcomes["note"]) == {TOO_LARGE_WORDS}
    assert result.summary()["totals"]["undecided"] == 4
