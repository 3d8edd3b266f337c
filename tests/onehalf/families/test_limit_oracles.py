"""Remark 2b: what an oracle says on the limit does not depend on how close the other inputs are, at any precision."""

import contextlib
import itertools
from collections.abc import Iterator

import pytest

from oracle.errors import InvalidValue
from oracle.facts import Input
from oracle.families import family_parameters, known_families, make_problem
from oracle.problems import Oracle, Problem

EXPONENTS = (8, 11, 14)
CLOSE = "exponent"


def limited(name: str) -> list[Problem]:
    return [make_problem(name, {CLOSE: e, "limit": True}) for e in EXPONENTS]


def limit_of(problem: Problem, policy: str) -> Input:
    """Return the input to which all others converge."""
    return next(member for member in problem.inputs if member.name == problem.bound(policy).limit)


def policies(problem: Problem) -> Iterator[str]:
    """Yield those that the theorems with a limit allow; honest oracles show the truth, which is one."""
    for policy in problem.policies:
        with contextlib.suppress(InvalidValue):
            yield problem.check_policy(policy)


WITH_LIMIT = [name for name, f in known_families().items() if {CLOSE, "limit"} <= set(family_parameters(f))]


@pytest.mark.parametrize("name", WITH_LIMIT)
def test_nothing_on_the_limit_says_how_close_the_others_are(name: str) -> None:
    problems = limited(name)
    allowed = list(policies(problems[0]))
    assert "blind" in allowed
    for policy in allowed:
        oracles = [Oracle(p, limit_of(p, policy), policy) for p in problems]
        for index in itertools.product(*map(range, problems[0].facts.shape)):
            for bits in range(24):
                assert len({oracle.answer(index, bits) for oracle in oracles}) == 1, (policy, index, bits)
