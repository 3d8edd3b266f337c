"""The rules of families of problems: each one a function from a specimen to a finding."""

from __future__ import annotations

import inspect
import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

from algorithms.conformance.family_answers import (
    answers_legal,
    comes_closer,
    coupling_true,
    cut_short,
    recognises,
    sensitive_where_told,
)
from algorithms.conformance.rules import Ruling
from algorithms.conformance.specimens import Specimen, alike, has_equality
from algorithms.programs.wire import write_facts
from oracle.errors import BrokenFamily, InvalidOutput
from oracle.families import make_problem
from oracle.judge import Verdict
from oracle.problems import Bound, Oracle, Problem

_KINDS = ("accepted", "rejected", "undecided")
_RUBBISH: tuple[Any, ...] = (
    None,
    "text",
    object(),
    float("nan"),
    [float("inf")] * 2,
    [[[1]]],
    {},
    (),
    -1,
    True,
)
Rule = Callable[[Specimen], Ruling]


def family_rulings(specimen: Specimen) -> Iterator[Ruling]:
    """Yield what became of every rule on a problem; what raises fails the rule that met it."""
    for name, rule in RULES.items():
        try:
            yield rule(specimen)
        except BrokenFamily as error:
            yield Ruling(name, "failed", str(error))
        except Exception as error:
            yield Ruling(name, "failed", f"raises {type(error).__name__}: {error}")


def _parameters(specimen: Specimen) -> Ruling:
    problem = specimen.problem
    name = "parameters make it again"
    written = problem.parameters()
    again = make_problem(type(problem), json.loads(json.dumps(written)))
    if json.dumps(again.parameters()) != json.dumps(written):
        return Ruling(
            name,
            "failed",
            f"{dict(again.parameters())} come back of {dict(written)}: write them as they are read",
        )
    same = (again.inputs, _told(again)) == (problem.inputs, _told(problem))
    if not same or (has_equality(problem) and again != problem):
        return Ruling(
            name, "failed", f"with {dict(written)} another problem is made: let parameters say all that it is"
        )
    missing = [
        axis.name for axis in problem.axes if axis.name not in inspect.signature(type(problem)).parameters
    ]
    if missing and type(problem).axes is not Problem.axes:
        return Ruling(name, "failed", f"axes: {', '.join(missing)} is no parameter: name one that is")
    return Ruling(name, "passed", f"{', '.join(f'{k} = {v}' for k, v in written.items())}")


def _told(problem: Problem) -> str:
    return json.dumps(write_facts(problem.facts))


def _facts(specimen: Specimen) -> Ruling:
    problem = specimen.problem
    name = "facts hide the truth"
    if not problem.facts.family:
        words = f'say family = "{problem.family}" in them, too: it is what an external program is told'
        return Ruling(name, "failed", words)
    before = _told(problem)
    for member, index, policy in itertools.product(problem.inputs, specimen.entries, specimen.policies):
        Oracle(problem, member, policy).claim(index, 1)
        if _told(problem) != before:
            return Ruling(
                name,
                "failed",
                f"they change when input {member.name} is asked for: keep nothing of a question",
            )
    names = [member.name for member in problem.inputs]
    if len(set(names)) < len(names):
        return Ruling(name, "failed", f"inputs {', '.join(names)}: give each a name of its own")
    strangers = [member.name for member in problem.facts.members if member.name not in names]
    if strangers:
        return Ruling(name, "failed", f"members {', '.join(strangers)} are no inputs: name some of `inputs`")
    return Ruling(name, "passed", f"the same whichever of {len(names)} inputs is the truth")


def _bound(specimen: Specimen) -> Ruling:
    name = "bound names inputs"
    names = [member.name for member in specimen.problem.inputs]
    for policy in specimen.policies:
        bound = specimen.bound(policy)
        said = (*bound.exclusive, *([bound.limit] if bound.limit else []))
        if bound.theorem not in ("", "1", "2", "3", "4") or not set(said) <= set(names):
            return Ruling(
                name,
                "failed",
                f"{policy}: {bound}: a theorem is 1, 2, 3, 4 or nothing, and inputs are {', '.join(names)}",
            )
        if bound.theorem and len(set(bound.exclusive)) < 2 and not bound.limits:
            return Ruling(
                name, "failed", f"{policy}: Theorem {bound.theorem} takes two exclusive inputs or more"
            )
        if bound.value is not None and not _is_distribution(bound):
            return Ruling(
                name, "failed", f"{policy}: {bound}: weights are probabilities of inputs that add up to 1"
            )
        if not isinstance(bound.depth, int) or bound.depth < 0:
            return Ruling(
                name, "failed", f"{policy}: depth = {bound.depth!r}: a depth is a whole number from 0 on"
            )
    first = specimen.bound(specimen.policies[0])
    game = "" if first.value is None else f", value {first.value}"
    words = (
        f"Theorem {first.theorem}, {len(first.exclusive)} exclusive{game}"
        if first.theorem
        else "nothing limits it"
    )
    return Ruling(name, "passed", f"{words}; {', '.join(specimen.policies)}")


def _is_distribution(bound: Bound) -> bool:
    return sum(q for _, q in bound.weights) == 1 and all(q > 0 for _, q in bound.weights)


def _witnesses(specimen: Specimen) -> Ruling:
    problem = specimen.problem
    name = "witnesses are accepted"
    for position, member in enumerate(problem.inputs):
        try:
            output = problem.check_output(problem.facts.witness(member))
        except InvalidOutput as error:
            return Ruling(name, "failed", f"that of input {member.name} is no output: {error}")
        found = problem.judge([output])[0][position]
        if found.kind != "accepted":
            return Ruling(
                name, "failed", f"that of input {member.name} is {found.kind} there, by {found.margin:.6g}"
            )
    return Ruling(name, "passed", f"each of {len(problem.inputs)} on its own input")


def _exclusive(specimen: Specimen) -> Ruling:
    problem = specimen.problem
    name = "no output for two inputs"
    exclusive = {name for policy in specimen.policies for name in specimen.bound(policy).exclusive}
    if len(exclusive) < 2:
        return Ruling(name, "skipped", "its bound names no exclusive inputs")
    places = [i for i, member in enumerate(problem.inputs) if member.name in exclusive]
    for (words, _), verdicts in zip(specimen.outputs, _judged(specimen), strict=True):
        accepting = [problem.inputs[i].name for i in places if verdicts[i].kind == "accepted"]
        if len(accepting) > 1:
            return Ruling(
                name,
                "failed",
                f"{words} is accepted on inputs {' and '.join(accepting)}, which `bound` calls exclusive",
            )
    return Ruling(
        name, "passed", f"{len(specimen.outputs)} outputs, none accepted on two exclusive ones (no proof)"
    )


def _judged(specimen: Specimen) -> list[tuple[Verdict, ...]]:
    return list(specimen.problem.judge([output for _, output in specimen.outputs]))


def _judge(specimen: Specimen) -> Ruling:
    name = "judge is total"
    problem = specimen.problem
    outputs = [output for _, output in specimen.outputs]
    found = _judged(specimen)
    if problem.judge([]) or len(found) != len(outputs):
        return Ruling(
            name, "failed", f"{len(found)} rows of verdicts for {len(outputs)} outputs: give one for each"
        )
    for (words, output), row in zip(specimen.outputs, found, strict=True):
        if len(row) != len(problem.inputs):
            return Ruling(
                name,
                "failed",
                f"{words}: {len(row)} verdicts for {len(problem.inputs)} inputs: give one for each",
            )
        for verdict in row:
            if verdict.kind not in _KINDS or not isinstance(verdict.margin, float):
                return Ruling(
                    name,
                    "failed",
                    f"{words}: {verdict}: a verdict is {', '.join(_KINDS)}, and a float margin",
                )
        if [v.kind for v in problem.judge([output])[0]] != [v.kind for v in row]:
            return Ruling(
                name, "failed", f"{words}: another verdict alone than among others: judge each by itself"
            )
    return Ruling(
        name, "passed", f"{len(outputs)} outputs on {len(problem.inputs)} inputs, huge numbers among them"
    )


def _round_trip(specimen: Specimen) -> Ruling:
    name = "encoding is exact"
    problem = specimen.problem
    for words, output in specimen.outputs:
        body = problem.encode(output)
        if not isinstance(body, bytes):
            return Ruling(name, "failed", f"{words}: encode gives {type(body).__name__}: give bytes")
        again = problem.decode(body)
        if alike(output, again) is False or problem.encode(again) != body:
            return Ruling(
                name, "failed", f"{words}: {cut_short(again)} is decoded, which is not what was encoded"
            )
        if problem.judge([again]) != problem.judge([output]):
            return Ruling(name, "failed", f"{words}: decoded it gets another verdict")
    return Ruling(name, "passed", f"{len(specimen.outputs)} outputs decoded as they were")


def _refuses(specimen: Specimen) -> Ruling:
    name = "refuses what is no output"
    problem = specimen.problem
    refused = 0
    for rubbish in _RUBBISH:
        try:
            taken = problem.check_output(rubbish)
        except InvalidOutput:
            refused += 1
        except Exception as error:
            return Ruling(
                name,
                "failed",
                f"{cut_short(rubbish)} makes check_output raise {type(error).__name__}: {error}; raise InvalidOutput",
            )
        else:
            problem.judge([problem.decode(problem.encode(taken))])
    return Ruling(
        name, "passed", f"{refused} of {len(_RUBBISH)} odd things, each in a sentence; the others are judged"
    )


RULES: dict[str, Rule] = {
    "parameters make it again": _parameters,
    "facts hide the truth": _facts,
    "bound names inputs": _bound,
    "inputs differ where it says": sensitive_where_told,
    "answers are legal": answers_legal,
    "coupling depth is true": coupling_true,
    "recognise is consistent": recognises,
    "inputs come closer": comes_closer,
    "witnesses are accepted": _witnesses,
    "no output for two inputs": _exclusive,
    "judge is total": _judge,
    "encoding is exact": _round_trip,
    "refuses what is no output": _refuses,
}
"""Every rule by its name, in the order in which they are told."""
