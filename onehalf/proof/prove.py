"""Why a bound holds for concrete parameters: a chain of facts, each computed and checked on the spot.

Nothing here runs an algorithm. What a machine checks is the hypotheses of a theorem of docs/theory.md for these
numbers; the theorem itself is proved there.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from analysis.statistics.theorems import bound_value
from analysis.wording import iota
from onehalf.proof.answers import answers_alike, inputs_differ, oblivious
from onehalf.proof.steps import Proof
from oracle.checks import Step
from oracle.errors import BrokenFamily, InvalidOutput, InvalidValue
from oracle.problems import Bound, Problem, require_sound


def prove(problem: Problem, policy: str) -> Proof:
    """Return the chain of facts behind the bound on a problem against an oracle.

    Raises
    ------
    InvalidValue
        If no theorem bounds the problem (one output serves every input), or there is no such policy.
    BrokenFamily
        If a method of the family raises, or its bound is of no theorem.
    """
    require_sound(problem, policy)
    bound = problem.bound(policy)
    if not bound.limits:
        raise InvalidValue("problem", problem.family, *problem.unlimited())
    if bound.theorem not in _ARGUMENTS and (bound.theorem != "4" or bound.value is None):
        rule = f"its bound is by Theorem {bound.theorem}, and there are 1, 2 and 3 (docs/theory.md)"
        raise BrokenFamily("problem", problem.family, rule, "correct `bound`")
    try:
        steps = [
            *inputs_differ(problem),
            *answers_alike(problem, policy, bound.depth),
            *_exclusion(problem),
            *_witnesses(problem, bound),
        ]
        if bound.limit:
            steps.append(oblivious(problem, policy, bound))
    except (InvalidValue, MemoryError, RecursionError):
        raise
    except Exception as error:
        rule = f"while its facts are checked it raises {type(error).__name__}: {error}"
        raise BrokenFamily("problem", problem.family, rule) from error
    parameters = ", ".join(f"{k} = {v}" for k, v in problem.parameters().items())
    subject = f"{problem.family} ({parameters}), {policy} oracle"
    if bound.value is not None:
        argue = _by_limit_game if bound.limit else _by_game
        return Proof(subject, tuple(steps), *argue(bound, bound.value))
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
    return Proof(subject, tuple(steps), argument, conclusion)


def _by_game(bound: Bound, value: Fraction) -> tuple[str, str]:
    """Return argument and conclusion where the bound is the value of a game other than 1/k."""
    weighed = " + ".join(f"{q}·p_{name}" for name, q in bound.weights)
    argument = (
        "Hence: give the runs on all inputs the same coins. Until a question deeper than "
        f"{bound.depth} digits is asked they have the same answers, so they are one run with one output. With "
        "probability 1 − t no such question is asked, and then the inputs on which the output is right have "
        f"together at most {value} of the adversary's weight; otherwise they have at most 1: {weighed} ≤ "
        f"{value}·(1 − t) + t, and the smallest is at most this mean."
    )
    names = ", ".join(iota(name) for name, _ in bound.weights)
    conclusion = (
        f"By Theorem 1 in its game form, on the worst of {names} every algorithm succeeds with probability at most "
        f"{value} + {1 - value}·t, where t is the probability that it reads more than {bound.depth} digits of an "
        f"entry in which the inputs differ: at most {value} if it never does."
    )
    return argument, conclusion


def _by_limit_game(bound: Bound, value: Fraction) -> tuple[str, str]:
    """Return argument and conclusion where the limit is a member."""
    weighed = " + ".join(f"{q}·p_{name}" for name, q in bound.weights)
    argument = (
        "Hence: give the runs on all inputs the same coins, and let U be that the algorithm is right on inputs that "
        f"weigh more than {value}: {weighed} ≤ {value} + {1 - value}·u, and the smallest is at most this mean. "
        "A run that halts before it can tell its input from what converges to it is the same run there; so U is only "
        "where one is right on an input and halts later than that. If such inputs are ever closer to their limits, "
        "with the same sets of common answers, which no finite check shows, they can be chosen after the algorithm, "
        "one after the other, with u as small as one likes."
    )
    halting = "" if bound.halting is None else f", and {bound.halting} for one that halts almost surely on ι⁰"
    conclusion = (
        f"At these inputs the smallest success probability is at most {value} + {1 - value}·u, where u is the "
        "probability of U. By the limit game (docs/problems.md, G7), as they approach their limits, it is at most "
        f"{value} for every algorithm, also for one that reads for ever{halting}."
    )
    return argument, conclusion


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


def _exclusion(problem: Problem) -> list[Step]:
    """Return the family's proof that acceptable sets are disjoint, or the fact that it offers none."""
    missing = (
        f"the {problem.family} family offers no proof that no output is acceptable on two of these inputs"
    )
    return list(problem.exclusion()) or [Step("Exclusion", f"{missing}.", True, offered=False)]


def _witnesses(problem: Problem, bound: Bound) -> Iterator[Step]:
    exclusive = set(bound.exclusive)
    for position, member in enumerate(problem.inputs):
        try:
            verdicts = problem.judge([problem.check_output(problem.facts.witness(member))])[0]
        except InvalidOutput as error:
            yield Step("Witness", f"{iota(member.name)}: its witness is no output: {error}.", False)
            continue
        others = [
            verdict.kind
            for verdict, other in zip(verdicts, problem.inputs, strict=True)
            if other.name in exclusive - {member.name} and member.name in exclusive
        ]
        refused = ", and rejects it on every other exclusive input" if others else ""
        yield Step(
            "Witness",
            f"{iota(member.name)} has an acceptable output: the judge accepts its witness there{refused}.",
            verdicts[position].kind == "accepted" and set(others) <= {"rejected"},
        )
