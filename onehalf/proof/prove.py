"""Why a bound holds for concrete parameters: a chain of facts, each computed and checked on the spot.

Nothing here runs an algorithm. What a machine checks is the hypotheses of a theorem of docs/theory.md for these
numbers; the theorem itself is proved there.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from analysis.statistics.theorems import bound_value
from analysis.wording import iota
from onehalf.families.linear_program.problem import LinearProgram
from onehalf.families.simplex.problem import Simplex
from onehalf.families.stability.problem import Stability
from onehalf.families.training.forcing import forcing
from onehalf.families.training.problem import AlternatingTraining
from onehalf.families.training.separation import check_separation, ratio_of
from onehalf.proof.answers import answers_alike, inputs_differ, oblivious
from onehalf.proof.steps import Proof, Step, short
from oracle.errors import InvalidValue
from oracle.networks import pieces
from oracle.problems import Problem


def prove(problem: Problem, policy: str) -> Proof:
    """Return the chain of facts behind the bound on a problem against an oracle.

    Raises
    ------
    InvalidValue
        If no theorem bounds the problem (one output serves every input), or there is no such policy.
    """
    if isinstance(problem, Stability):
        raise InvalidValue(
            "problem",
            problem.family,
            "has one input and no bound by Theorem 1: its theorem, the instability of docs/theory.md, section 5, is "
            "checked network by network",
            "run onehalf stability",
        )
    bound = problem.bound(policy)
    if len(bound.exclusive) < 2:
        raise InvalidValue(
            "problem",
            problem.family,
            "has one output that serves every input with these parameters, so nothing limits an algorithm",
            "take other parameters",
        )
    steps = [
        *inputs_differ(problem),
        *answers_alike(problem, policy, bound.depth),
        *_exclusion(problem),
        *_witnesses(problem),
    ]
    if bound.limit:
        steps.append(oblivious(problem, policy))
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
    argument = _ARGUMENTS[bound.theorem].format(
        k=k,
        less=k - 1 if k > 2 else "",
        depth=bound.depth,
        total=" + ".join(("p_1", "…", f"p_{k}") if k > 3 else (f"p_{j + 1}" for j in range(k))),
    )
    return Proof(f"{problem.family} ({parameters}), {policy} oracle", tuple(steps), argument, conclusion)


# What closes the chain: from "the same answers" and "exclusive" to an inequality between probabilities.
_ARGUMENTS = {
    "1": "Hence: give the runs on the {k} inputs the same coins. Until a question deeper than {depth} digits is asked "
    "they have the same answers, so they are one run with one output, which is right on at most one of these inputs. "
    "With probability 1 − t no such question is asked and at most 1 of the {k} runs succeeds; otherwise at most {k} "
    "do: {total} ≤ (1 − t) + {k}t = 1 + {less}t, and the smallest is at most the mean.",
    "2": "Hence: give the runs on ι⁰ and on another input the same coins. Until a question deeper than {depth} digits "
    "is asked they have the same answers, so they are one run with one output, counted twice only where it is right on "
    "both; deeper, at most 1 is counted besides a success on ι⁰: p_0 + p_1 ≤ 1 + u, and p_0 + p_2 ≤ 1 + u (Remark 2a).",
    "3": "Hence: give all runs the same coins, and let H be that the one on ι⁰ halts with no question deeper than "
    "{depth} digits. On H all have the same answers and so one output, right on at most one of the {k} exclusive "
    "inputs: {total} ≤ P(H) + {k}(1 − P(H)). The smallest success probability s is at most that of halting on ι⁰, "
    "P(H) + u; so {k}s ≤ {k} − {less}P(H) ≤ {k} − {less}(s − u).",
}

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
    yield Step("Tolerance", f"The tolerance {facts.tolerance} is below 1/2.", 0 < 2 * facts.tolerance < 1)
    level = problem.levels[0]
    yield forcing(level.cost, level.labels.tolist(), facts.tolerance)
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


def _program(problem: LinearProgram) -> Iterator[Step]:
    first, second = (problem.facts.witness(member) for member in problem.inputs)
    apart = max(abs(a - b) for a, b in zip(first, second, strict=True))
    radius = Fraction(1, 10**problem.digits)
    yield Step(
        "Exclusion",
        f"The minimisers are {short(apart)} apart, and each answer must be within 10^-{problem.digits} of one of "
        f"them: 2·10^-{problem.digits} < {short(apart)}.",
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
