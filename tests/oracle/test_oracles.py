"""Every answer legal; coupled oracles equal up to the stated depth and, where it is an adversary's, apart beyond it."""

import itertools
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onehalf.families.linear_program.problem import LinearProgram
from onehalf.families.simplex.problem import Simplex
from onehalf.families.training.problem import AlternatingTraining
from oracle.errors import InvalidValue
from oracle.problems import Input, Oracle, Problem

FIXED = settings(derandomize=True, deadline=None, max_examples=120)


def training(**parameters: object) -> AlternatingTraining:
    return AlternatingTraining(**{"hidden": (1,), **parameters})  # type: ignore[arg-type]


PROBLEMS: dict[str, Problem] = {
    "plain": training(),
    "e = 1": training(exponent=1),
    "e = 2": training(exponent=2),
    "e = 5,000": training(exponent=5000),
    "irrational": training(a="1/sqrt(2)", kappa="1/3", exponent=20),
    "pi": training(a="pi/4", kappa="3/4", exponent=7),
    "three coordinates": training(dimension=3, exponent=9),
    "limit": training(limit=True, exponent=12),
    "two layers": training(hidden=(2, 2), exponent=4),
    "free": training(free=True, exponent=6),
    "simplex": Simplex(exponent=30),
    "simplex with limit": Simplex(answers=3, limit=True, exponent=5),
    "program": LinearProgram(),
    "program, e = 2": LinearProgram(exponent=2),
    "program, e = 100": LinearProgram(exponent=100, y="7/3"),
}


def oracles(problem: Problem) -> Iterator[tuple[str, list[Oracle]]]:
    for policy in problem.policies:
        if policy in ("decoy", "midpoint") and Input("0", None) in problem.inputs:
            continue  # they would betray e on the limit, and are refused there
        yield policy, [Oracle(problem, member, policy) for member in problem.inputs]


def entries(problem: Problem) -> list[tuple[int, int]]:
    rows, columns = problem.facts.shape
    return list(itertools.product(range(min(rows, 4)), range(columns)))


@pytest.mark.parametrize("name", PROBLEMS)
@FIXED
@given(bits=st.one_of(st.integers(0, 130), st.integers(0, 20_000)))
def test_every_answer_is_legal_and_dyadic(name: str, bits: int) -> None:
    problem = PROBLEMS[name]
    index = entries(problem)[bits % len(entries(problem))]
    for _, asked in oracles(problem):
        for oracle in asked:
            q = oracle.answer(index, bits)
            truth = problem.value(oracle.member, index)
            assert q - Fraction(1, 1 << bits) <= truth <= q + Fraction(1, 1 << bits)
            assert q.denominator & (q.denominator - 1) == 0
            assert oracle.answer(index, bits) == q


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_answer_is_legal_around_the_barrier(name: str) -> None:
    problem = PROBLEMS[name]
    e = problem.inputs[0].exponent
    assert e is not None
    for bits in {0, 1, *range(max(e - 3, 0), e + 5)}:
        for _, asked in oracles(problem):
            for oracle, index in itertools.product(asked, entries(problem)):
                distance = oracle.answer(index, bits) - problem.value(oracle.member, index)
                assert -Fraction(1, 1 << bits) <= distance <= Fraction(1, 1 << bits)


@pytest.mark.parametrize("name", PROBLEMS)
def test_oracles_agree_up_to_the_coupling_depth_and_part_beyond(name: str) -> None:
    problem = PROBLEMS[name]
    for policy, asked in oracles(problem):
        depth = problem.bound(policy).depth
        for bits in {0, depth // 2, *range(max(depth - 4, 0), depth + 1)}:
            for index in entries(problem):
                assert len({oracle.answer(index, bits) for oracle in asked}) == 1, (policy, bits, index)
        for one, other in itertools.combinations(asked, 2):
            beyond = (
                one.answer(index, bits) != other.answer(index, bits)
                for index in entries(problem)
                for bits in (depth + 1,)
            )
            assert any(beyond), (policy, one.member, other.member)


def test_the_adversary_s_answers_are_those_of_the_theory() -> None:
    e = 10
    problem = training(exponent=e)
    for bits in range(e + 1):
        shown = {p: [o[1].answer((k, 1), bits) for k in range(2)] for p, o in oracles(problem)}
        assert shown["blind"] == [0, 0]
        assert shown["decoy"] == [0, Fraction(1, 1 << e)]
        assert shown["mirage"] == [0, Fraction(1, 1 << bits)]
        assert shown["midpoint"] == [Fraction(1, 1 << (e + 1))] * 2
    assert problem.bound("midpoint").depth == e + 1
    beyond = {p: [o[1].answer((k, 1), e + 1) for k in range(2)] for p, o in oracles(problem)}
    assert beyond.pop("midpoint") == [Fraction(1, 1 << (e + 1))] * 2
    assert all(answers == [Fraction(1, 1 << e), 0] for answers in beyond.values())


def test_honest_blind_and_mirage_answer_with_multiples_of_the_precision() -> None:
    problem = training(exponent=12, a="1/sqrt(2)")
    for policy, asked in oracles(problem):
        for oracle, bits in itertools.product(asked, range(20)):
            for index in ((0, 0), (0, 1), (1, 1)):
                whole = oracle.answer(index, bits) * (1 << bits)
                assert whole.denominator == 1 or (policy == "decoy" and bits < 12) or policy == "midpoint"


def test_x_1_and_further_coordinates_are_the_same_on_all_inputs() -> None:
    problem = training(dimension=4, limit=True)
    for _, asked in oracles(problem):
        for k, bits in itertools.product(range(3), (0, 53, 300)):
            assert len({oracle.answer((k, 0), bits) for oracle in asked}) == 1
            assert {oracle.answer((k, j), bits) for oracle in asked for j in (2, 3)} == {0}


@pytest.mark.parametrize("problem", [training(), LinearProgram()])
def test_an_unknown_policy_is_refused(problem: Problem) -> None:
    with pytest.raises(InvalidValue, match=r"^oracle='kind': .* has honest, blind"):
        problem.check_policy("kind")


def test_the_linear_program_has_no_mirage() -> None:
    with pytest.raises(InvalidValue, match=r"^oracle='mirage'"):
        LinearProgram().bound("mirage")
