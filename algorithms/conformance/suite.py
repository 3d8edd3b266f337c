"""The conformance suite: what every algorithm and every family must keep to, checked one rule at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import cloudpickle

from algorithms import registry
from algorithms.algorithm import Algorithm
from algorithms.conformance.competence import competence_ruling
from algorithms.conformance.family_suite import check_family
from algorithms.conformance.probes import Observation, Probe, observe
from algorithms.conformance.report import Report, joined
from algorithms.conformance.rules import LIMIT, Ruling, rulings
from algorithms.conformance.states import at_its_widest, dependence, number_of_calls, states_rule
from algorithms.described.apart import Say
from algorithms.described.asking import LOAD_SECONDS, asked_apart
from algorithms.described.offers import offer_of
from algorithms.library import load_shipped
from algorithms.parameters.spelling import split_parameters
from algorithms.processes import expendable
from algorithms.registry import Spec, resolve, resolve_all
from oracle import families
from oracle.errors import BrokenFamily, InvalidValue
from oracle.families import (
    default_policy,
    families_in,
    family_parameters,
    find_family,
    made_for,
    make_problem,
    origin_of,
)
from oracle.instances.data import SUFFIXES
from oracle.namespaces import load_module
from oracle.problems import Problem, require_sound
from oracle.session import Budget

Tell = Callable[[int, int], None]
_SILENT_CALLS = 100
"""Calls that a check may make between two words of it."""


def _silent(done: int, planned: int) -> None:
    """Tell nobody."""


def check(
    what: Any,
    *,
    problem: Problem | str | None = None,
    budget: Budget | None = None,
    tell: Tell = _silent,
) -> Report:
    """Check an algorithm or a family against every rule, in forked children that are killed at the budget.

    Parameters
    ----------
    what : str, callable, Algorithm, Spec, Problem, or a class of problems
        As for `onehalf.run`. Of a file that holds families, these and all its algorithms are checked.
    problem : Problem or str, optional
        What an algorithm faces: a problem, or a family's name. By default the families for which it is made; where it
        names none, those of its own file, or the training family.
    budget : Budget, optional
        Of each run, or rule of a family; by default 10,000 digits and 20 seconds.
    tell : callable
        Called with the number of calls made and that of all, before the first and after each group of them.

    Returns
    -------
    Report
        In a test of your own: ``report = onehalf.check("my_trainer.py"); assert report.passed, str(report)``.

    Raises
    ------
    InvalidValue
        If there is no such algorithm or family, it cannot be loaded, or is made for another problem.
    """
    limits = budget or Budget(seconds=20.0)
    what = fspath(what) if isinstance(what, PathLike) else what
    several = _families_of_file(what, limits.seconds) if isinstance(what, str) and problem is None else []
    return joined([check_one(one, problem, limits, tell) for one in several or [what]])


def check_one(what: Any, problem: Problem | str | None, budget: Budget, tell: Tell = _silent) -> Report:
    """Check one algorithm, or one family; see `check`."""
    if isinstance(what, type) and issubclass(what, Problem):
        what = make_problem(what)
    if isinstance(what, Problem):
        return check_family(what, _algorithms_beside(what), budget, tell)
    return _check_algorithm(what, problem, budget, tell)


def _check_algorithm(what: Any, problem: Problem | str | None, budget: Budget, tell: Tell) -> Report:
    spec = resolve(what)
    if not registry.executed_apart(spec.origin) or expendable():
        return _check_loaded(spec, problem, budget, tell)

    def work(say: Say) -> None:
        found = _check_loaded(spec, problem, budget, lambda done, planned: say([done, planned]))
        say(dataclasses.asdict(found))

    found: dict[str, Any] = {}
    what = spec.origin if registry.in_file(spec.origin) else spec.name
    for said in asked_apart(what, work, LOAD_SECONDS + _SILENT_CALLS * (budget.seconds + 1)):
        if isinstance(said, dict):
            found = said
        else:
            tell(*said)
    return Report(found["algorithm"], tuple(found["problems"]), tuple(Ruling(**f) for f in found["findings"]))


def _check_loaded(spec: Spec, problem: Problem | str | None, budget: Budget, tell: Tell) -> Report:
    """Check an algorithm that may be executed in this process."""
    algorithm = spec.load()
    problems: Sequence[Problem]
    if isinstance(problem, Problem):
        problems = [problem]
    else:
        faced = faced_by(spec) if problem is None else [find_family(problem)]
        problems = [make_problem(f, _applicable(f, algorithm.setting)) for f in faced]
    names = tuple(dict.fromkeys(p.family for p in problems))
    try:
        for each in problems:
            require_sound(each, default_policy(each, "honest"))
    except BrokenFamily as error:
        return Report(spec.label, names, (_disordered(error),))
    for each in problems:
        algorithm.require_suited(each)
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
        try:
            seen += observe(probe, load, dict(spec.parameters), budget)
        except BrokenFamily as error:
            return Report(spec.label, names, (_disordered(error),))
        done += len(probe.calls)
        tell(done, planned)
    states = []
    for each in problems:
        wide = at_its_widest(each)
        states.append(dependence(wide, default_policy(wide, "honest"), load, dict(spec.parameters), budget))
        done += number_of_calls(each)
        tell(done, planned)
    shown = [competence_ruling(each, algorithm, load, dict(spec.parameters), budget) for each in problems]
    if len(shown) > 1:
        shown = [
            Ruling(f"{found.rule}, {each.family}", found.outcome, found.sentence)
            for found, each in zip(shown, problems, strict=True)
        ]
    return Report(spec.label, names, (*rulings(seen, algorithm, spec.origin), states_rule(states), *shown))


def _disordered(error: BrokenFamily) -> Ruling:
    return Ruling("faces a family in order", "failed", str(error))


def faced_by(spec: Spec) -> Sequence[type[Problem]]:
    """Return the families on which an algorithm shows what it does: those of its own file, if it is made for these.

    Else they are the installed ones that it is made for; and the first that ships where it names none.

    Raises
    ------
    InvalidValue
        If none of what it is made for is there.
    """
    algorithm = spec.described()
    has_own = registry.in_file(spec.origin) and offer_of(spec.origin).families
    own = list(families_in(Path(spec.origin)).values()) if has_own else []
    if not algorithm.families and own:
        return own
    beside = [family for family in own if {family.family} & set(algorithm.families)]
    others = [name for name in algorithm.families if name not in [family.family for family in beside]]
    return [*beside, *(made_for(others) if others or not beside else ())]


def _applicable(family: type[Problem], setting: Sequence[tuple[str, Any]]) -> dict[str, Any]:
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
    try:
        limited = problem.with_limit()
    except InvalidValue:
        return
    if limited is not None:
        yield limited


def _algorithms_beside(problem: Problem) -> list[Algorithm]:
    """Return the algorithms of the file that defines a problem's family."""
    path = origin_of(problem).rpartition("::")[0]
    return list(_registered_in(path).values()) if path.endswith(".py") else []


def _registered_in(path: str) -> Mapping[str, Algorithm]:
    """Return what a file registers, which may be nothing."""
    load_shipped()  # what ships is not to be counted among what the file registers, should it import some of it
    return load_module(Path(path)).registered


def offered(text: str, seconds: float) -> list[Spec | Problem]:
    """Return everything that a text offers for checking: families and algorithms of a file, every point of a grid.

    A file is loaded in a forked child, so that one which hangs or ends its process cannot hurt.

    Raises
    ------
    InvalidValue
        If there is no such algorithm or family, or it cannot be loaded.
    """
    found = _families_of_file(text, seconds)
    if found:
        return found
    place, parameters = split_parameters(text)
    path, _, name = place.partition("::")
    if place.startswith(registry.PROGRAM) or not path.endswith(".py"):
        return list(resolve_all(text))
    origin = str(Path(path).resolve())
    offer = offer_of(origin, seconds).algorithms
    if name or parameters:
        return list(resolve_all(text))
    return [registry.find(each, origin) for each in offer]


def _families_of_file(text: str, seconds: float) -> list[Spec | Problem]:
    """Return what is to be checked of a family's name, of one in a file, or of a file that holds some; else nothing."""
    place, parameters = split_parameters(text)
    path, _, name = place.partition("::")
    if path.endswith(SUFFIXES):
        return [make_problem(place, parameters)]
    if not path.endswith(".py"):
        is_one = place in families.known_families() and place not in registry.known()
        return [make_problem(place, parameters)] if is_one else []
    if not Path(path).is_file():
        return []
    offer = offer_of(path, seconds, empty=True)
    if not offer.families:
        return []
    own = families_in(Path(path))
    named = {**{family.family: family for family in own.values()}, **own}
    if name:
        return [make_problem(named[name], parameters)] if name in named else []
    if not own or parameters:
        return []
    origin = str(Path(path).resolve())
    specs = [registry.find(each, origin) for each in offer.algorithms]
    return [*(make_problem(family) for family in own.values()), *specs]
