"""What oracles may answer, checked: legal, alike to a depth and no further, and on ι⁰ the same whatever e is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from analysis.wording import iota, plural
from oracle.checks import Step, short
from oracle.errors import InvalidValue
from oracle.problems import CLOSENESS, Bound, Index, Input, Oracle, Problem

_MOST_QUESTIONS = 40_000
_EDGE = 8
_SPREAD = 200


def inputs_differ(problem: Problem) -> Iterator[Step]:
    """Yield in how many entries the inputs differ, and by how much."""
    names = ", ".join(iota(member.name) for member in problem.inputs)
    differing = [index for index in _entries(problem) if not _alike(problem, index)]
    claimed = [index for index in _entries(problem) if problem.sensitive(index)]
    entries = plural(len(list(_entries(problem))), "real entry", "real entries")
    yield Step(
        "Inputs",
        f"{names} have {entries} each and differ in {len(differing)} of them.",
        set(differing) <= set(claimed) and bool(differing),
    )
    widest = max((_spread(problem, index) for index in differing), default=Fraction(0))
    yield Step("Distance", f"They differ by at most {short(widest)} in any entry.", widest > 0)


def answers_alike(problem: Problem, policy: str, depth: int) -> Iterator[Step]:
    """Yield that answers up to the coupling depth are legal and alike on all inputs, and that they part beyond."""
    places = [index for index in _entries(problem) if problem.sensitive(index)]
    oracles = [Oracle(problem, member, policy) for member in problem.inputs]
    every = (depth + 1) * len(places) * len(oracles) <= _MOST_QUESTIONS
    tested = range(depth + 1) if every else [*range(_EDGE), *range(depth - _EDGE, depth + 1)]
    legal, alike = _tried(problem, oracles, places, tested)
    count = len(places) * len(tested) * len(oracles)
    range_ = f"0, …, {depth}" if every else f"0, …, {_EDGE - 1} and {depth - _EDGE}, …, {depth}"
    yield Step(
        "Legal answers",
        f"All {count} answers at precisions n = {range_} to entries that differ are within 2^-n of the truth.",
        legal,
    )
    yield Step("Coupling", f"At these precisions all {len(oracles)} oracles give the same answers.", alike)
    if not every:
        yield from _between(problem, policy, oracles, places, depth)
    beyond = next(
        (n for n in range(depth + 1, depth + 4) for i in places if len({o.claim(i, n) for o in oracles}) > 1),
        None,
    )
    yield Step(
        "No further",
        f"They first differ at n = {beyond}: the coupling depth is {depth} exactly.",
        beyond == depth + 1,
    )


def _tried(
    problem: Problem, oracles: Sequence[Oracle], places: Sequence[Index], tested: Sequence[int]
) -> tuple[bool, bool]:
    """Return whether all answers at some precisions are legal, and whether they are alike on all inputs."""
    legal, alike = True, True
    for index, bits in itertools.product(places, tested):
        answers = [oracle.claim(index, bits) for oracle in oracles]
        alike = alike and len(set(answers)) == 1
        legal = legal and all(
            _within(problem, oracle.member, index, q, bits)
            for oracle, q in zip(oracles, answers, strict=True)
        )
    return legal, alike


def _between(
    problem: Problem, policy: str, oracles: Sequence[Oracle], places: Sequence[Index], depth: int
) -> Iterator[Step]:
    """Why the precisions that are not tried are as those that are: the hardest is the last, and it is tried."""
    last = {i: oracles[0].claim(i, depth) for i in places}
    radius = Fraction(1, 1 << depth)
    distances: list[Any] = [abs(problem.value(m, i) - last[i]) for i in places for m in problem.inputs]
    worst = max(distances)
    if policy == "honest" and all(q.denominator == 1 for q in last.values()) and 2 * worst <= radius:
        yield Step(
            "All precisions",
            f"An honest answer is a nearest multiple of 2^-n, legal for every n. At n = {depth} it is a whole number, "
            f"within 2^-{depth + 1} of the truth on every input; for n < {depth} that is less than half of 2^-n, so "
            "the same whole number is the nearest multiple of 2^-n there too, on every input.",
            True,
        )
    elif policy in problem.constant:
        yield Step(
            "All precisions",
            f"To an entry the policy shows one number for every n ≤ {depth}, on all inputs alike. It is within "
            f"{short(worst)} of the truth, which is at most 2^-{depth}, hence at most 2^-n for every n ≤ {depth}: "
            "legal at the finest of these precisions, it is legal at all of them.",
            worst <= radius
            and all(problem.shown(policy, i, n) == last[i] for i in places for n in (0, depth // 2, depth)),
        )
    else:
        yield from list(problem.between(policy)) or [_spread_out(problem, oracles, places, depth)]


def _spread_out(problem: Problem, oracles: Sequence[Oracle], places: Sequence[Index], depth: int) -> Step:
    """Try precisions all over the range, where nobody says why those in between are as these."""
    tested = sorted({depth * step // _SPREAD for step in range(_SPREAD + 1)})
    return Step(
        "All precisions",
        f"At {len(tested)} precisions spread over 0, …, {depth} the answers are legal and alike; of those in between "
        "the family says nothing.",
        _tried(problem, oracles, places, tested) == (True, True),
        sampled=True,
    )


def oblivious(problem: Problem, policy: str, bound: Bound) -> Step:
    """Return that the oracle of ι⁰ is the same however close the other inputs are (Remark 2b)."""
    title = "One oracle for ι⁰ (Remark 2b)"
    e = problem.closeness
    symbol = next((axis.symbol for axis in problem.axes if axis.kind == CLOSENESS), "e")
    limit = next(member for member in problem.inputs if member.name == bound.limit)
    try:
        others = [problem.at(other) for other in (e + 1, 2 * e, 10 * e)]
    except InvalidValue as error:
        missing = f"the family does not say what it is with inputs that are closer ({error})"
        return Step(title, f"The answers on ι⁰ cannot be compared: {missing}.", True, offered=False)
    precisions = sorted({*range(_EDGE), *range(max(e - 2, 0), e + _EDGE)})
    same = all(
        Oracle(problem, limit, policy).claim(index, bits) == Oracle(other, limit, policy).claim(index, bits)
        for other in others
        for index in _entries(problem)
        for bits in precisions
    )
    return Step(
        title,
        f"The answers on ι⁰ are those it gives for {symbol} = {e + 1}, {2 * e} and {10 * e} (at "
        f"{len(precisions)} precisions around {symbol} and from 0 on): they do not betray {symbol}.",
        same,
    )


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
