"""Whether an algorithm finds right answers where nothing stands in its way: honest answers, inputs far apart.

What fails there, too, fails at the barrier for reasons of its own. That is no rule of plugins, and is only noted.
"""

from __future__ import annotations

from collections.abc import Callable

from algorithms.algorithm import Algorithm
from algorithms.conformance.probes import Probe, observe
from algorithms.conformance.rules import Ruling
from oracle.errors import BrokenFamily, InvalidValue
from oracle.facts import CLOSENESS
from oracle.problems import Problem, remade
from oracle.session import Budget

RULE = "right where inputs lie apart"
TRIALS = 3
_EXPONENT = 20
_KNOWN = ("baseline", "control")


def competence_ruling(
    problem: Problem,
    algorithm: Algorithm,
    load: Callable[[bool], Algorithm],
    settings: dict[str, object],
    budget: Budget,
) -> Ruling:
    """Return how often an algorithm is right on every input of an easy problem, told the truth.

    Parameters
    ----------
    load : callable
        Returns the algorithm, in the child that runs it.
    settings : dict
        The algorithm's parameters.
    """
    if algorithm.role in _KNOWN:
        return Ruling(RULE, "skipped", f"it is a {algorithm.role}: what it can do is known")
    easy, words = _easy(problem)
    if "honest" not in easy.policies:
        return Ruling(RULE, "skipped", "the family has no honest oracle")
    right = [True] * TRIALS
    for position, member in enumerate(easy.inputs):
        probe = Probe(easy, "honest", member, tuple((seed,) for seed in range(TRIALS)))
        try:
            seen = observe(probe, load, settings, budget)
        except BrokenFamily as error:
            return Ruling(RULE, "skipped", str(error))
        accepted = {
            one.seeds[0]: easy.judge([easy.decode(one.outputs[0])])[0][position].kind == "accepted"
            for one in seen
            if one.status == "halted" and one.outputs and one.outputs[0]  # b"" is an abstention
        }
        right = [was and accepted.get(seed, False) for seed, was in enumerate(right)]
    found = f"right on every input in {sum(right)} of {TRIALS} trials with honest answers{words}"
    if 2 * sum(right) > TRIALS:
        return Ruling(RULE, "passed", found)
    return Ruling(
        RULE,
        "noted",
        f"{found}: its failures elsewhere are its own, and say nothing about a bound",
    )


def _easy(problem: Problem) -> tuple[Problem, str]:
    """Return the problem with its inputs far apart, and where they are; as it is where that is out of its range."""
    axis = next((axis for axis in problem.axes if axis.kind == CLOSENESS), None)
    value = None if axis is None else problem.parameters().get(axis.name)
    if axis is None or not isinstance(value, int) or value <= _EXPONENT:
        return problem, "" if axis is None or value is None else f" at {axis.symbol} = {value}"
    try:
        return remade(problem, **{axis.name: _EXPONENT}), f" at {axis.symbol} = {_EXPONENT}"
    except InvalidValue:
        return problem, f" at {axis.symbol} = {value}"
