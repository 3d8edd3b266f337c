"""Why a bound holds for concrete parameters: a chain of facts, each computed and checked on the spot.

Nothing here runs an algorithm. What a machine checks is the hypotheses of a theorem of docs/theory.md for these
numbers; the theorem itself is proved there.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from analysis.universal import bound_value
from analysis.wording import iota
from onehalf.proofs import Proof, Step
from oracle.costs import check_cost
from oracle.errors import InvalidValue
from oracle.linear import LinearProgram
from oracle.networks import pieces
from oracle.problems import Index, Input, Oracle, Problem
from oracle.separation import check_separation, ratio_of
from oracle.simplex import Simplex
from oracle.training import AlternatingTraining

_MOST_QUESTIONS = 40_000
_EDGE = 8


def prove(problem: Problem, policy: str) -> Proof:
    """Return the chain of facts behind the bound on a problem against an oracle.

    Raises
    ------
    InvalidValue
        If no theorem bounds the problem (one output serves every input), or there is no such policy.
    """
    bound = problem.bound(policy)
    if len(bound.exclusive) < 2:
        raise InvalidValue(
            "problem",
            problem.family,
            "has one output that serves every input with these parameters, so nothing limits an algorithm",
            "take other parameters",
        )
    steps = [
        *_inputs(problem),
        *_answers(problem, policy, bound.depth),
        *_exclusion(problem),
        *_witnesses(problem),
    ]
    if bound.limit:
        steps.append(_oblivious(problem, policy))
    parameters = ", ".join(f"{k} = {v}" for k, v in problem.parameters().items())
    k = len(bound.exclusive)
    conclusion = _CONCLUSIONS[bound.theorem].format(
        k=k,
        less=k - 1 if k > 2 else "",
        odd=2 * k - 1,
        rule=f"(1 + {k - 1 if k > 2 else ''}t)",
        depth=bound.depth,
        best=bound_value(bound.theorem, k, Fraction(0)),
    )
    return Proof(f"{problem.family} ({parameters}), {policy} oracle", tuple(steps), conclusion)


_CONCLUSIONS = {
    "1": "By Theorem 1, on the worst of the {k} inputs every algorithm succeeds with probability at most {rule}/{k}, "
    "where t is the probability that it reads more than {depth} digits of an entry in which the inputs differ: at most "
    "{best} if it never does.",
    "2": "By Theorem 2, as e grows, the smallest of p_0, p_1, p_2 is at most {best} for every algorithm, also for one "
    "that reads for ever; at this e it is at most (1 + u)/2, where u is the probability that a run reads past {depth} "
    "digits and is right on ι⁰, or does not and is right both on ι⁰ and on another input.",
    "3": "By Theorem 3, as e grows, the worst of the {k} inputs and ι⁰ has success probability at most {best} for "
    "every algorithm, and at most 1/{k} for one that halts on ι⁰; at this e at most ({k} + {less}u)/{odd}, where u is "
    "the probability that a run reads past {depth} digits and halts on ι⁰.",
}


def _inputs(problem: Problem) -> Iterator[Step]:
    names = ", ".join(iota(member.name) for member in problem.inputs)
    differing = [index for index in _entries(problem) if not _alike(problem, index)]
    claimed = [index for index in _entries(problem) if problem.sensitive(index)]
    yield Step(
        "Inputs",
        f"{names} have {len(list(_entries(problem)))} real entries each and differ in {len(differing)} of them.",
        set(differing) <= set(claimed) and bool(differing),
    )
    widest = max(_spread(problem, index) for index in differing)
    yield Step("Distance", f"They differ by at most {_short(widest)} in any entry.", widest > 0)


def _answers(problem: Problem, policy: str, depth: int) -> Iterator[Step]:
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


def _exclusion(problem: Problem) -> Iterator[Step]:
    makers: dict[type[Problem], Callable[[Any], Iterator[Step]]] = {
        AlternatingTraining: _training,
        LinearProgram: _program,
        Simplex: _simplex,
    }
    if type(problem) not in makers:
        raise InvalidValue(
            "problem",
            problem.family,
            "has no written chain of facts",
            f"choose one of {', '.join(kind.family for kind in makers)}",
        )
    return makers[type(problem)](problem)


def _training(problem: AlternatingTraining) -> Iterator[Step]:
    facts = problem.facts
    labels, architecture = facts.labels.tolist(), facts.architecture
    changes = sum(a != b for a, b in itertools.pairwise(labels))
    most = pieces(architecture)
    yield Step(
        "Labels",
        f"The {len(labels)} labels alternate: {changes} changes along x_1.",
        changes == len(labels) - 1,
    )
    ratios = [ratio_of(facts.a, problem.value(problem.inputs[0], (k, 0))) for k in range(len(labels))]
    found = check_separation(facts.a, ratios, labels)
    yield Step(
        "The function",
        f"The labels are f_a's at these points, which are well separated: each lies further than {found.epsilon} from "
        "every jump of f_a.",
        found.member,
    )
    yield Step(
        "Pieces (Lemma 4)",
        f"A network of architecture {'-'.join(map(str, architecture))} has at most P(N) = {most} affine pieces on a "
        "line.",
        most == _product(architecture[1:-1]),
    )
    yield Step(
        "Tolerance",
        f"The tolerance {facts.tolerance} is below 1/2, and a cost at or below the threshold forces every error to be "
        "at or below it (checked on 200 vectors).",
        0 < 2 * facts.tolerance < 1 and _forces(problem),
    )
    yield Step(
        "Exclusion (Lemma 5)",
        "A network accepted on ι¹ and ι² would be within the tolerance of every label on the line x_2 = 0 (from ι¹ "
        f"where the label is 0, from ι² where it is 1), so φ − 1/2 would change sign {changes} times there. That takes "
        f"at least {changes} pieces, and there are {most}: {changes} > {most}.",
        changes > most,
    )


def _product(widths: Sequence[int]) -> int:
    """Return Π (N_i + 1) by repeated addition of pieces: each neuron adds one to each piece it finds."""
    total = 1
    for width in widths:
        total += total * width
    return total


def _forces(problem: AlternatingTraining) -> bool:
    level = problem.levels[0]
    try:
        check_cost(level.cost, level.labels.tolist(), problem.facts.tolerance)
    except InvalidValue:
        return False
    return True


def _program(problem: LinearProgram) -> Iterator[Step]:
    first, second = (problem.facts.witness(member) for member in problem.inputs)
    apart = max(abs(a - b) for a, b in zip(first, second, strict=True))
    radius = Fraction(1, 10**problem.digits)
    yield Step(
        "Exclusion",
        f"The minimisers are {_short(apart)} apart, and each answer must be within 10^-{problem.digits} of one of "
        f"them: 2·10^-{problem.digits} < {_short(apart)}.",
        2 * radius < apart,
    )


def _simplex(problem: Simplex) -> Iterator[Step]:
    tolerance = problem.facts.tolerance
    yield Step(
        "Exclusion",
        f"The {problem.answers} minimisers are vertices, 1 apart, and answers must be within {tolerance} of them: "
        f"2·{tolerance} < 1.",
        2 * tolerance < 1,
    )


def _witnesses(problem: Problem) -> Iterator[Step]:
    exclusive = set(problem.bound(problem.policies[0]).exclusive)
    for position, member in enumerate(problem.inputs):
        verdicts = problem.judge([problem.check_output(problem.facts.witness(member))])[0]
        others = [
            verdict.kind
            for verdict, other in zip(verdicts, problem.inputs, strict=True)
            if other.name in exclusive - {member.name} and member.name in exclusive
        ]
        refused = ", and rejects it on every other exclusive input" * bool(others)
        yield Step(
            "Witness",
            f"{iota(member.name)} has an acceptable output: the judge accepts its witness there{refused}.",
            verdicts[position].kind == "accepted" and set(others) <= {"rejected"},
        )


def _oblivious(problem: Problem, policy: str) -> Step:
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


def _short(value: Any) -> str:
    """Write an exact number: a power of two as such."""
    if (
        isinstance(value, Fraction)
        and value.numerator in (1, 2)
        and value.denominator & (value.denominator - 1) == 0
    ):
        return f"2^-{value.denominator.bit_length() - value.numerator}"
    return str(value) if len(str(value)) < 40 else f"about {float(value):.6g}"
