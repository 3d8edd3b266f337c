"""The conformance suite: what every algorithm must keep to, checked one rule at a time."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cloudpickle

from algorithms import registry
from algorithms.algorithm import Algorithm
from algorithms.conformance.probes import Observation, Probe, observe, rehearse
from algorithms.conformance.rules import LIMIT, Finding, findings
from algorithms.conformance.states import at_its_widest, dependence, number_of_calls, states_rule
from algorithms.parameters.spelling import split_parameters
from algorithms.registry import Spec, resolve, resolve_all
from oracle.errors import InvalidValue
from oracle.families import family_parameters, make_problem
from oracle.problems import Problem
from oracle.session import Budget

_MARKS = {"passed": "ok", "failed": "FAIL", "noted": "note", "skipped": "–"}


@dataclass(frozen=True)
class Report:
    """The findings on one algorithm.

    Attributes
    ----------
    algorithm : str
        Name and parameters.
    problems : tuple of str
        The families on which it was run.
    findings : tuple of Finding
        One for each rule.
    """

    algorithm: str
    problems: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether no rule failed."""
        return not self.failures

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The rules that failed."""
        return tuple(f for f in self.findings if f.outcome == "failed")

    def __str__(self) -> str:
        width = max(len(f.rule) for f in self.findings)
        lines = [f"{self.algorithm} on {', '.join(self.problems)}"]
        for f in self.findings:
            lead = f"  {_MARKS[f.outcome]:4}  {f.rule:{width}}  "
            lines.append(
                textwrap.fill(f.sentence, 110, initial_indent=lead, subsequent_indent=" " * len(lead))
            )
        return "\n".join(lines)


def check(
    what: Any,
    *,
    problem: Problem | str | None = None,
    budget: Budget | None = None,
    tell: Callable[[int, int], None] = lambda done, planned: None,
) -> Report:
    """Check an algorithm against every rule of plugins, in forked children that are killed at the budget.

    Parameters
    ----------
    what : str, callable, Algorithm or Spec
        As for `onehalf.run`.
    problem : Problem or str, optional
        A problem, or a family's name. By default the families for which the algorithm is made; training where it
        names none.
    budget : Budget, optional
        Of each run; by default 10,000 digits and 20 seconds.
    tell : callable
        Called with the number of calls made and that of all, before the first and after each group of them.

    Returns
    -------
    Report
        In a test of your own: ``report = onehalf.check("my_trainer.py"); assert report.passed, str(report)``.

    Raises
    ------
    InvalidValue
        If there is no such algorithm, it cannot be loaded, or is made for another problem.
    """
    spec = resolve(what)
    algorithm = spec.load()
    if isinstance(problem, Problem):
        problems: Sequence[Problem] = [problem]
    else:
        families = [problem] if problem is not None else algorithm.families or ("training",)
        problems = [make_problem(f, _applicable(f, algorithm.setting)) for f in families]
    for each in problems:
        algorithm.require_suited(each)
    limits = budget or Budget(seconds=20.0)
    probes = [probe for each in problems for probe in _probes(each, algorithm)]

    def load(fresh: bool) -> Algorithm:
        if not fresh:
            return algorithm
        registry.forget()
        again: Spec = cloudpickle.loads(cloudpickle.dumps(spec))
        return again.load()

    seen: list[Observation] = []
    planned, done = sum(len(probe.calls) for probe in probes) + sum(map(number_of_calls, problems)), 0
    tell(done, planned)
    for probe in probes:
        seen += observe(probe, load, dict(spec.parameters), limits)
        done += len(probe.calls)
        tell(done, planned)
    states = []
    for each in problems:
        wide = at_its_widest(each)
        states.append(dependence(wide, _policy(wide), load, dict(spec.parameters), limits))
        done += number_of_calls(each)
        tell(done, planned)
    names = tuple(dict.fromkeys(p.family for p in problems))
    return Report(spec.label, names, (*findings(seen, algorithm, spec.origin), states_rule(states)))


def _policy(problem: Problem) -> str:
    """Return a policy that every problem of a family admits: honest, or the first."""
    return "honest" if "honest" in problem.policies else problem.policies[0]


def _applicable(family: str, setting: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in setting if name in family_parameters(family)}


def _probes(problem: Problem, algorithm: Algorithm) -> Iterator[Probe]:
    """Yield the runs that show every rule: two seeds twice, every other input, the limit, batches."""
    first, *others = problem.inputs
    policy = "decoy" if "decoy" in problem.policies else problem.policies[-1]
    yield Probe(problem, policy, first, ((0,), (1,)))
    yield Probe(problem, policy, first, ((1,), (0,)), fresh=True)
    yield from (Probe(problem, "honest", member, ((0,),)) for member in others)
    if algorithm.batched:
        yield Probe(problem, policy, first, ((0, 1, 2), (2, 0)))
    if LIMIT not in [member.name for member in problem.inputs]:
        for extended in _with_limit(problem):
            zero = next(member for member in extended.inputs if member.name == LIMIT)
            yield Probe(extended, "honest", zero, ((0,),))


def _with_limit(problem: Problem) -> Iterator[Problem]:
    """Yield the problem with its limit as a member, where it has one."""
    parameters: Mapping[str, Any] = problem.parameters()
    if "limit" in parameters:
        try:
            yield make_problem(problem.family, {**parameters, "limit": True})
        except InvalidValue:
            return


def offered(text: str, seconds: float) -> list[Spec]:
    """Return everything that a text offers for checking: all algorithms of a file, every point of a grid.

    A file is first loaded in a forked child, so that one which hangs or ends its process cannot hurt.

    Raises
    ------
    InvalidValue
        If there is no such algorithm, or it cannot be loaded.
    """
    place, parameters = split_parameters(text)
    path, _, name = place.partition("::")
    if place.startswith(registry.PROGRAM) or not path.endswith(".py"):
        return resolve_all(text)
    origin = str(Path(path).resolve())
    trouble = rehearse(lambda: registry.load_file(origin), seconds)
    if trouble:
        raise InvalidValue("algorithm", path, f"cannot be loaded: {trouble}", "correct the file")
    if name or parameters:
        return resolve_all(text)
    return [registry.find(each, origin) for each in registry.load_file(origin)]
