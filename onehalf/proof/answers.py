"""What oracles may answer, checked: legal, alike to a depth and no further, and on ι⁰ the same whatever e is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from analysis.wording import iota
from onehalf.proof.steps import Step, short
from oracle.problems import Index, Input, Oracle, Problem

_MOST_QUESTIONS = 40_000
_EDGE = 8


def inputs_differ(problem: Problem) -> Iterator[Step]:
    names = ", ".join(iota(member.name) for member in problem.inputs)
    differing = [index for index in _entries(problem) if not _alike(problem, index)]
    claimed = [index for index in _entries(problem) if problem.sensitive(index)]
    yield Step(
        "Inputs",
        f"{names} have {len(list(_entries(problem)))} real entries each and differ in {len(differing)} of them.",
        set(differing) <= set(claimed) and bool(differing),
    )
    widest = max(_spread(problem, index) for index in differing)
    yield Step("Distance", f"They differ by at most {short(widest)} in any entry.", widest > 0)


def answers_alike(problem: Problem, policy: str, depth: int) -> Iterator[Step]:
    places = [index for index in _entries(problem) if problem.sensitive(index)]
    oracles = [Oracle(problem, member, policy) for member in problem.inputs]
    every = (depth + 1) * len(places) * len(oracles) <= _MOST_QUESTIONS
    tested = range(depth + 1) if every else [*range(_EDGE), *range(depth - _EDGE, depth + 1)]
    legal, alike = True, True
    for index, bits in itertools.product(places, tested):
        answers = [oracle.answer(index, bits) for oracle in oracles]
        alike = alike and len(set(answers)) == 1
        legal = legal and all(
            _within(problem, member, index, q, bits)
            for member, q in zip(problem.inputs, answers, strict=True)
        )
    count = len(places) * len(tested) * len(oracles)
    range_ = f"0, …, {depth}" if every else f"0, …, {_EDGE - 1} and {depth - _EDGE}, …, {depth}"
    yield Step(
        "Legal answers",
        f"All {count} answers at precisions n = {range_} to entries that differ are within 2^-n of the truth.",
        legal,
    )
    yield Step("Coupling", f"At these precisions all {len(oracles)} oracles give the same answers.", alike)
    if not every:
        yield _between(problem, policy, oracles, places, depth)
    beyond = next(
        (
            n
            for n in range(depth + 1, depth + 4)
            for i in places
            if len({o.answer(i, n) for o in oracles}) > 1
        ),
        None,
    )
    yield Step(
        "No further",
        f"They first differ at n = {beyond}: the coupling depth is {depth} exactly.",
        beyond == depth + 1,
    )


def _between(
    problem: Problem, policy: str, oracles: Sequence[Oracle], places: Sequence[Index], depth: int
) -> Step:
    """Why the precisions that are not tried are as those that are: the hardest is the last, and it is tried."""
    truths: dict[Index, list[Any]] = {
        i: [problem.value(member, i) for member in problem.inputs] for i in places
    }
    last = {i: oracles[0].answer(i, depth) for i in places}
    radius = Fraction(1, 1 << depth)
    distances: list[Any] = [abs(value - last[i]) for i in places for value in truths[i]]
    worst = max(distances)
    if policy == "honest":
        reason = (
            f"An honest answer is a nearest multiple of 2^-n, legal for every n. At n = {depth} it is a whole number, "
            f"within 2^-{depth + 1} of the truth on every input; for n < {depth} that is less than half of 2^-n, so "
            "the same whole number is the nearest multiple of 2^-n there too, on every input."
        )
        holds = all(q.denominator == 1 for q in last.values()) and 2 * worst <= radius
    elif policy == "mirage":
        reason = (
            f"For every n ≤ {depth} the answer is 0 or 2^-n, by the label alone, on all inputs alike; truth and answer "
            f"both lie in [0, 2^-n], since no truth is above 2^-{depth} ≤ 2^-n, and so they differ by at most 2^-n."
        )
        holds = all(0 <= value <= radius for values in truths.values() for value in values) and all(
            oracles[0].answer(i, n) in (0, Fraction(1, 1 << n))
            for i in places
            for n in (0, depth // 2, depth)
        )
    else:
        reason = (
            f"To an entry the policy shows one number for every n ≤ {depth}, on all inputs alike. It is within "
            f"{short(worst)} of the truth, which is at most 2^-{depth}, hence at most 2^-n for every n ≤ {depth}: "
            "legal at the finest of these precisions, it is legal at all of them."
        )
        holds = worst <= radius and all(
            problem.shown(policy, i, n) == last[i] for i in places for n in (0, depth // 2, depth)
        )
    return Step("All precisions", reason, holds)


def oblivious(problem: Problem, policy: str) -> Step:
    """The oracle of ι⁰ must be the same whatever e is (Remark 2b)."""
    exponent = problem.parameters()["exponent"]
    limit = problem.inputs[-1]
    others = [type(problem)(**_changed(problem, e)) for e in (exponent + 1, 2 * exponent, 10 * exponent)]
    precisions = sorted({*range(_EDGE), *range(exponent - 2, exponent + _EDGE)})
    same = all(
        Oracle(problem, limit, policy).answer(index, bits) == Oracle(other, limit, policy).answer(index, bits)
        for other in others
        for index in _entries(problem)
        for bits in precisions
    )
    return Step(
        "One oracle for ι⁰ (Remark 2b)",
        f"The answers on ι⁰ are those it gives for e = {exponent + 1}, {2 * exponent} and {10 * exponent} (at "
        f"{len(precisions)} precisions around e and from 0 on): they do not betray e.",
        same,
    )


def _changed(problem: Problem, exponent: int) -> dict[str, Any]:
    found = {k: tuple(v) if isinstance(v, list) else v for k, v in problem.parameters().items()}
    return {**found, "exponent": exponent}


def _entries(problem: Problem) -> Iterator[Index]:
    rows, columns = problem.facts.shape
    return itertools.product(range(rows), range(columns))


def _alike(problem: Problem, index: Index) -> bool:
    first = problem.value(problem.inputs[0], index)
    return all(problem.value(member, index) == first for member in problem.inputs)


def _spread(problem: Problem, index: Index) -> Any:
    values: list[Any] = [problem.value(member, index) for member in problem.inputs]
    return max(abs(a - b) for a, b in itertools.combinations(values, 2))


def _within(problem: Problem, member: Input, index: Index, answer: Fraction, bits: int) -> bool:
    value: Any = problem.value(member, index)
    return bool(abs(value - answer) <= Fraction(1, 1 << bits))
