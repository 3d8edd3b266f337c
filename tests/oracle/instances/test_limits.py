"""Limits as members: the values of the theory, what is refused, and plans that attain them whatever the oracle."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction as F
from typing import Any

import pytest

import onehalf as oh
from oracle.families import make_problem
from oracle.instances.limits import tree
from oracle.instances.limits.facts import LimitFacts
from oracle.instances.limits.tree import limit_game
from oracle.instances.problem import InstanceProblem
from oracle.problems import Oracle

CASES = [
    *[("digit-products", {"blocks": b, "digits": k}, F(2, min(k, b) + 2), F(1, 2 ** min(k, b)))
      for b in (1, 2, 3) for k in (1, 2, 3)],
    *[("matrix-rank", {"features": p}, F(1, p + 1), F(1, p + 1)) for p in (1, 2, 4)],
    *[("feature-selection", {"features": p}, F(1, p + 1), F(1, p + 1)) for p in (1, 3)],
    *[("sparse-recovery", {"answers": k}, F(k, 2 * k - 1), F(1, k)) for k in (2, 3)],
    ("lasso-duplicates", {"answers": 3}, F(3, 5), F(1, 3)),
    ("pseudo-inverse", {"digits": 3}, F(2, 3), F(1, 2)),
    ("pseudo-inverse", {"digits": 4}, F(1, 2), F(1, 3)),
    ("collinear-regression", {"answers": 4}, F(4, 7), F(1, 4)),
    ("flat-root", {}, F(2, 3), F(1, 2)),
    ("wells", {"answers": 4, "digits": 0}, F(2, 3), F(1, 2)),
    ("eigenprojector", {"answers": 8}, F(8, 15), F(1, 8)),
    ("program-decision", {}, F(1, 2), F(1, 2)),
]  # fmt: skip


def limited(family: str, **parameters: Any) -> InstanceProblem:
    found = make_problem(family, {"exponent": 6, **parameters, "limit": True})
    assert isinstance(found, InstanceProblem)
    return found


@pytest.mark.parametrize(("family", "parameters", "value", "halting"), CASES)
def test_the_pair_any_algorithm_and_halting(
    family: str, parameters: dict[str, Any], value: F, halting: F
) -> None:
    problem = limited(family, **parameters)
    bound = problem.bound("honest")
    assert (bound.theorem, bound.value, bound.halting, bound.limit) == ("4", value, halting, "0")
    without = make_problem(family, {"exponent": 6, **parameters})
    assert without.with_limit() == problem
    assert without.bound("blind").theorem == "1"


@pytest.mark.parametrize(
    ("family", "parameters"), [("digit-products", {"digits": 0}), ("pseudo-inverse", {"digits": 2})]
)
def test_where_one_answer_serves_all_nothing_limits(family: str, parameters: dict[str, Any]) -> None:
    assert not limited(family, **parameters).bound("blind").limits


def followed(problem: InstanceProblem, plan: dict[int, Any], member: Any, policy: str) -> Any:
    """What a run that follows a plan gives within 200 digits; None where it goes on."""
    facts, oracle = problem.facts, Oracle(problem, member, policy)
    assert isinstance(facts, LimitFacts)
    at, bits = len(facts.parents), 1
    while at not in plan and bits < 200:
        at, bits = facts.recognised([oracle.answer(index, bits) for index in facts.probe], bits), bits + 1
    return plan.get(at)


@pytest.mark.parametrize(
    ("family", "parameters"),
    [
        ("digit-products", {"blocks": 2, "exponent": 3}),
        ("matrix-rank", {"features": 3, "exponent": 2}),
        ("lasso-duplicates", {"answers": 3}),
        ("pseudo-inverse", {}),
        ("eigenprojector", {}),
        ("program-decision", {}),
    ],
)
@pytest.mark.parametrize("policy", ["blind", "honest"])
def test_plans_attain_the_value_on_every_input(family: str, parameters: dict[str, Any], policy: str) -> None:
    problem = limited(family, **parameters)
    facts = problem.facts
    assert isinstance(facts, LimitFacts)
    for place, member in enumerate(problem.inputs):
        success = F(0)
        for weight, plan in zip(facts.player, facts.plans, strict=True):
            output = followed(problem, dict(plan), member, policy)
            if weight and output is not None:
                success += weight * (
                    problem.judge([problem.check_output(output)])[0][place].kind == "accepted"
                )
        assert success >= problem.bound(policy).value  # type: ignore[operator]


def test_what_is_told_does_not_depend_on_how_close_inputs_are() -> None:
    for family in ("lasso-duplicates", "digit-products", "matrix-rank", "flat-root", "collinear-regression"):
        assert limited(family, exponent=12).facts == limited(family, exponent=13).facts
    with pytest.raises(oh.InvalidValue, match=r"would show on ι⁰, too, how close the other inputs are"):
        limited("lasso-duplicates").check_policy("decoy")


def test_a_minimax_by_brute_force_agrees() -> None:
    """A tree of depth 2 with labels as answers; sets of inputs served are tried one by one, weights on a grid."""
    parents, labels = (4, 4, 0, 0), ["a", "b", "a", "c", "a"]
    game = limit_game(parents, lambda face: labels[face[0]] if len({labels[j] for j in face}) == 1 else None)
    # Halt on ι⁰: {0, 2, 4}, {1} or {3}; or go on, and on ι¹ halt, {0, 2} or {3}, or go on, {2, 3}; on ι² it is {1}.
    served = [{0, 2, 4}, {1}, {3}, {0, 2, 1}, {3, 1}, {2, 3, 1}]
    steps = 12
    best = min(
        max(sum(q[j] for j in face) for face in served)
        for q in itertools.product(range(steps + 1), repeat=5)
        if sum(q) == steps
    )
    assert game.value == F(best, steps)


D = oh.dyadic(10)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: oh.Instances([oh.Rank([[D]]), oh.Rank([[1]])], converging=[0, 0]), "there is no limit"),
        (lambda: oh.Instances([oh.Rank([[D]])], limit=oh.Rank([[0]]), converging=[1]), "earlier instance"),
        (lambda: oh.Instances([oh.Rank([[D]])], limit=oh.Rank([[0, 0]])), "instance 2 has A 1×2"),
        (lambda: oh.Instances([oh.Rank([[D]])], limit=oh.Rank([[D]])), "have the same data"),
        (
            lambda: oh.Instances([oh.Rank([[D]]), oh.Rank([[D * D]])], limit=oh.Rank([[0]]), converging=[0, 1]),
            "each level has entries of its own",
        ),
        (
            lambda: oh.Instances(
                [oh.Lasso([[1, 1 + D]], [1], "1/4", [0, 1])], limit=oh.Lasso([[1, 1]], [1], "1/4", [1, 0])
            ),
            "the limit: the obligation fails: column 1 is not strictly inactive",
        ),
    ],
)  # fmt: skip
def test_what_is_no_limit_is_refused(make: Callable[[], oh.Instances], reason: str) -> None:
    with pytest.raises(oh.InvalidValue, match=reason):
        make()


def test_too_many_ways_to_go_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(oh.InvalidValue, match="at most 15 are solved"):
        limit_game([16] * 16, lambda face: 1)
    monkeypatch.setattr(tree, "_MOST_PLANS", 5)
    with pytest.raises(oh.InvalidValue, match="too many ways for a run to go"):
        limit_game([4, 4, 0, 1], lambda face: 1 if len(face) < 2 else None)
    with pytest.raises(oh.InvalidValue, match="must be at most 10,000,000"):
        limited("matrix-rank", features=16)


def test_columns_may_meet_the_penalty_if_they_are_independent() -> None:
    assert oh.Lasso([[1, 0], [0, 1]], [2, 1], 1, [1, 0]).solutions().witness == (1, 0)
    with pytest.raises(oh.InvalidValue, match="column 1 is not strictly inactive"):
        oh.Lasso([[1, 1]], [2], 1, [1, 0]).solutions()


def test_free_columns_are_a_block_that_a_row_bounds() -> None:
    two = oh.LP([1, 1, 1, 1], [[1, 1, 0, 0], [0, 0, 1, 2]], [3, 4], basis=[3], free=[0, 1])
    (box,) = two.solutions().boxes
    assert (box.low, box.high) == ((0, 0, 0, 2), (3, 3, 0, 2))
    with pytest.raises(oh.InvalidValue, match="the free columns are no block of their own"):
        oh.LP([1, 1, 1], [[1, 1, 0], [0, 1, 1]], [3, 4], basis=[2], free=[0, 1]).solutions()
    with pytest.raises(oh.InvalidValue, match="no row bounds the free column 0"):
        oh.LP([1, 1], [[1, -1]], [3], free=[0, 1]).solutions()


def test_one_instance_and_its_limit_are_as_far_apart_as_they_are() -> None:
    made = oh.problem("made")(lambda: oh.Instances([oh.Rank(A=[[F(1, 64)]])], limit=oh.Rank(A=[[0]])))()
    assert made.closeness == 6
    assert (made.bound("blind").value, made.bound("blind").halting) == (F(1, 2), F(1, 2))


@pytest.mark.parametrize(
    ("family", "reason"),
    [
        ("lasso-duplicates", "by ‖y‖² over twice the penalty"),
        ("sparse-recovery", "A has full row rank"),
        ("noisy-recovery", "A has full row rank"),
        ("digit-products", "costs are positive, A has full row rank and some x > 0"),
        ("flat-root", "roots lie in a bounded interval"),
        ("wells", "the points are finitely many"),
        ("eigenprojector", "projectors are bounded"),
        ("collinear-regression", ""),
        ("pseudo-inverse", ""),
        ("matrix-rank", ""),
        ("feature-selection", ""),
        ("program-decision", ""),
    ],
)
def test_where_g6_forbids_theorem_2_it_is_said_why(family: str, reason: str) -> None:
    """docs/problems.md, G6: and where a set is unbounded or discrete it is not said."""
    limited = make_problem(family, {"limit": True, "exponent": 8})
    note = limited.bound("blind").note
    assert bool(note) == bool(reason)
    assert reason in note
    steps = [step.statement for step in limited.exclusion() if step.title == "Why not Theorem 2"]
    assert steps == [note] * bool(note)


def test_the_reason_needs_its_hypotheses() -> None:
    """Dependent rows, or costs that are not positive: nothing is said."""
    assert oh.BasisPursuit(A=[[1, 1], [2, 2]], y=[1, 2]).stays() == ""
    assert oh.LP(c=[1, 0], A=[[1, 1]], b=[1]).stays() == ""
    assert oh.LP(c=[1, 1], A=[[1, -1]], b=[1]).stays() == ""
    assert oh.LP(c=[1, 1], A=[[1, 1]], b=[1]).stays() != ""
