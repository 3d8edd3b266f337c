"""The rules about what a family's oracles answer: legal, coupled to the depth told, enough to tell inputs apart."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

from algorithms.conformance.rules import Ruling
from algorithms.conformance.specimens import Specimen
from oracle.errors import InvalidValue
from oracle.facts import CLOSENESS
from oracle.problems import Oracle

_BEYOND = 200


def sensitive_where_told(specimen: Specimen) -> Ruling:
    problem = specimen.problem
    name = "inputs differ where it says"
    differ = {i: len({problem.value(member, i) for member in problem.inputs}) > 1 for i in specimen.entries}
    hidden = [index for index in specimen.entries if differ[index] and index not in specimen.sensitive]
    if hidden:
        return Ruling(name, "failed", f"inputs differ at entry {hidden[0]}, which `sensitive` denies")
    if len(problem.inputs) > 1 and not any(differ.get(index) for index in problem.facts.probe):
        return Ruling(
            name, "failed", "inputs differ at no entry of `probe`: name entries that tell them apart"
        )
    return Ruling(name, "passed", f"at {sum(differ.values())} of {len(specimen.entries)} entries looked at")


def _faults(specimen: Specimen, policy: str) -> dict[int, str]:
    """Return by precision, up to the coupling depth, why an answer there is not legal for all inputs alike."""
    found = {bits: _fault(specimen, policy, bits) for bits in specimen.precisions(policy)}
    return {bits: words for bits, words in found.items() if words}


def _fault(specimen: Specimen, policy: str, bits: int) -> str:
    """Return why an answer at a precision is not legal for all inputs alike; "" where all are."""
    oracles = specimen.oracles(policy)
    for index in specimen.sensitive:
        answers = [oracle.claim(index, bits) for oracle in oracles]
        if len(set(answers)) > 1:
            return f"{policy}: at entry {index} its oracles say {_listed(answers)} for n = {bits}"
        for oracle in oracles:
            distance: Any = abs(specimen.problem.value(oracle.member, index) - answers[0])
            if distance > Fraction(1, 1 << bits):
                shows = f"at entry {index} it shows {cut_short(answers[0])} for n = {bits}"
                return (
                    f"{policy}: {shows}, and input {oracle.member.name} is further than 2^-{bits} from that"
                )
    return ""


def _last_without(specimen: Specimen, policy: str, first: int) -> int:
    """Return the last precision without a fault, where all from `first` on have one (by bisection)."""
    good = max(n for n in specimen.precisions(policy) if n < first)
    while good + 1 < first:
        middle = (good + first) // 2
        good, first = (good, middle) if _fault(specimen, policy, middle) else (middle, first)
    return good


def _overstated(specimen: Specimen, policy: str, faults: dict[int, str]) -> bool:
    """Tell whether all is well up to some precision, and nothing beyond: then it is the depth that is wrong."""
    return (
        bool(faults)
        and all(n in faults for n in specimen.precisions(policy) if n >= min(faults))
        and 0 not in faults
    )


def answers_legal(specimen: Specimen) -> Ruling:
    name = "answers are legal"
    count = 0
    for policy in specimen.policies:
        faults = _faults(specimen, policy)
        if faults and not _overstated(specimen, policy, faults):
            return Ruling(
                name, "failed", f"{faults[min(faults)]}: an answer is within 2^-n of all that it is given for"
            )
        deepest = 0 if faults else specimen.precisions(policy)[-1]
        for oracle, index in itertools.product(specimen.oracles(policy), specimen.entries):
            for bits in {0, 7, deepest, *(() if faults else (deepest + 1, deepest + 9))}:
                answer = oracle.answer(index, bits)
                count += 1
                if answer.denominator & (answer.denominator - 1):
                    return Ruling(
                        name, "failed", f"{policy}: {answer} at entry {index}: show a dyadic fraction, m/2^k"
                    )
    return Ruling(
        name,
        "passed",
        f"all {count} that were tried of {len(specimen.policies)} policies, up to the depth and beyond",
    )


def coupling_true(specimen: Specimen) -> Ruling:
    name = "coupling depth is true"
    if len(specimen.problem.inputs) < 2 or not specimen.sensitive:
        return Ruling(name, "skipped", "there is nothing in which inputs differ")
    depths = []
    for policy in specimen.policies:
        depth = specimen.bound(policy).depth
        faults = _faults(specimen, policy)
        if _overstated(specimen, policy, faults):
            most = _last_without(specimen, policy, min(faults))
            return Ruling(
                name,
                "failed",
                f"{faults[min(faults)]}: depth {depth} is overstated, and {most} is seen to be true",
            )
        if faults:
            return Ruling(name, "skipped", "its answers are not legal")
        first = _first_difference(specimen, policy, depth)
        if first is not None and first > depth + 1:
            return Ruling(
                name,
                "failed",
                f"{policy}: its oracles first differ at n = {first}: depth {depth} is understated, say {first - 1}",
            )
        depths.append(f"{policy} {depth}" if first else f"{policy} {depth} or more")
    return Ruling(name, "passed", f"alike to it and no further: {', '.join(depths)}")


def _first_difference(specimen: Specimen, policy: str, depth: int) -> int | None:
    oracles = specimen.oracles(policy)
    return next(
        (
            n
            for n in range(depth + 1, depth + _BEYOND)
            for index in specimen.sensitive
            if len({oracle.claim(index, n) for oracle in oracles}) > 1
        ),
        None,
    )


def recognises(specimen: Specimen) -> Ruling:
    name = "recognise is consistent"
    facts, problem = specimen.problem.facts, specimen.problem
    if len(problem.inputs) < 2:
        return Ruling(name, "skipped", "there is one input")
    depth = specimen.bound("honest" if "honest" in specimen.policies else specimen.policies[0]).depth
    deep = max(depth, 1, *(member.exponent or 0 for member in problem.inputs)) * 2 + 64
    for member, bits in itertools.product(problem.inputs, (0, depth, depth + 1, depth + 2, deep)):
        oracle = Oracle(problem, member, "honest")
        found = facts.recognise([oracle.claim(index, bits) for index in facts.probe], bits)
        if found is not None and found.name != member.name and member.exponent is not None:
            return Ruling(
                name,
                "failed",
                f"honest answers for n = {bits} on input {member.name} are taken for {found.name}",
            )
        if found is None and bits == deep and member.exponent is not None:
            return Ruling(name, "failed", f"input {member.name} is not told from its answers for n = {bits}")
    for policy in specimen.policies:
        n = min(specimen.bound(policy).depth, deep)
        if _fault(specimen, policy, n):
            continue  # a rule of its own
        answers = [Oracle(problem, problem.inputs[0], policy).claim(index, n) for index in facts.probe]
        if (
            all(problem.sensitive(i) for i in facts.probe)
            and (found := facts.recognise(answers, n)) is not None
        ):
            return Ruling(
                name,
                "failed",
                f"{policy}: answers for n = {n}, legal for all inputs, are taken for input {found.name} alone",
            )
    return Ruling(name, "passed", f"none at its depth, each input from its answers for n = {deep}")


def comes_closer(specimen: Specimen) -> Ruling:
    name = "inputs come closer"
    problem = specimen.problem
    if len(problem.inputs) < 2:
        return Ruling(name, "skipped", "there is one input")
    try:
        e = problem.closeness
        closer = problem.at(e + 1)
    except InvalidValue as error:
        return Ruling(name, "noted", f"no fall and no attack can be made: {error}")
    symbol = next((axis.symbol for axis in problem.axes if axis.kind == CLOSENESS), "e")
    if (closer.closeness, len(closer.inputs)) != (e + 1, len(problem.inputs)):
        return Ruling(
            name,
            "failed",
            f"at({e + 1}) has inputs 2^-{closer.closeness} apart: change that and nothing else",
        )
    return Ruling(name, "passed", f"{symbol} = {e + 1} after {e}")


def _listed(values: list[Any]) -> str:
    return " and ".join(dict.fromkeys(map(cut_short, values)))


def cut_short(value: Any) -> str:
    text = str(value)
    return text if len(text) < 60 else f"{text[:57]}…"
