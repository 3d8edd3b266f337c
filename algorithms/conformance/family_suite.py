"""The conformance suite of families of problems: every rule in a child that is killed at the budget."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing.connection import Connection

import cloudpickle

from algorithms.algorithm import Algorithm
from algorithms.conformance.family_rules import RULES, family_rulings
from algorithms.conformance.probes import arrives
from algorithms.conformance.report import Report
from algorithms.conformance.rules import Ruling
from algorithms.conformance.specimens import Specimen, portrait
from algorithms.library import load_shipped
from algorithms.parameters.signatures import EMPTY
from algorithms.processes import end_group, fork_child
from oracle.errors import InvalidValue
from oracle.namespaces import pack, user_place
from oracle.problems import Problem
from oracle.session import Budget
from oracle.sources import OUR_PACKAGES

_QUICK = ("baseline", "control", "solver")
_FRESH = "import pickle, sys; print(pickle.load(sys.stdin.buffer)())"
_START_SECONDS = 20.0
SAME = "deterministic"
Tell = Callable[[int, int], None]


def check_family(problem: Problem, algorithms: Sequence[Algorithm], budget: Budget, tell: Tell) -> Report:
    """Check a problem, and the same with its limit as a member, against every rule of families.

    Parameters
    ----------
    algorithms : sequence of Algorithm
        Those that come with the family; their outputs are judged, too.
    budget : Budget
        Seconds for each rule.
    tell : callable
        Called with the number of rules looked at and that of all.
    """
    variants = [("", problem), *_with_limit(problem)]
    planned = (len(RULES) + 1) * len(variants)
    tell(0, planned)
    found: dict[str, Ruling] = {}
    for number, (words, variant) in enumerate(variants):
        suited = tuple(_suited(variant, algorithms))
        for place, finding in enumerate(_findings(variant, suited, budget)):
            if finding.outcome == "failed" or finding.rule not in found:
                before = found.get(finding.rule)
                if before is None or before.outcome != "failed":
                    found[finding.rule] = Ruling(finding.rule, finding.outcome, words + finding.sentence)
            tell(number * (len(RULES) + 1) + place + 1, planned)
    return Report(f"family {problem.family}", (), tuple(found.values()))


def _with_limit(problem: Problem) -> Iterator[tuple[str, Problem]]:
    try:
        limited = problem.with_limit()
    except InvalidValue:
        return
    except Exception:
        return  # the problem itself fails a rule, or runs as it is
    if limited is not None and limited.parameters() != problem.parameters():
        yield "with its limit as a member: ", limited


def _suited(problem: Problem, algorithms: Sequence[Algorithm]) -> Iterator[Algorithm]:
    shipped = [a for a in load_shipped().values() if a.role in _QUICK and not a.requires and not a.setting]
    for each in dict.fromkeys([*algorithms, *shipped]):
        try:
            each.require_suited(problem)
        except Exception:
            continue  # made for others; or the family cannot say what it is, and fails a rule
        needs = [p for p in each.parameters.values() if p.default is EMPTY]
        if not each.batched and not each.inner and not needs:
            yield each


def _findings(problem: Problem, algorithms: tuple[Algorithm, ...], budget: Budget) -> Iterator[Ruling]:
    """Yield the findings of a forked child, and what became of it where it does not come to an end."""

    def work(sender: Connection) -> None:
        for finding in family_rulings(Specimen(problem, algorithms)):
            sender.send_bytes(pickle.dumps(finding))

    pid, receiver = fork_child(work)
    names, ended = list(RULES), ""
    try:
        while names and not ended:
            if arrives(receiver, pid, budget.seconds):
                yield pickle.loads(receiver.recv_bytes())
                del names[0]
            else:
                ended = f"ran for more than {budget.seconds:g} s"
    except EOFError:
        ended = "the process that looked at it died"
    finally:
        receiver.close()
        how = end_group(pid, patience=0.0)
    if ended:
        yield Ruling(names[0], "failed", ended if ended.startswith("ran") else f"{ended}: {how}")
        yield from (Ruling(each, "skipped", "not reached") for each in names[1:])
    yield _deterministic(problem, budget.seconds) if not ended else Ruling(SAME, "skipped", "not reached")


def _deterministic(problem: Problem, seconds: float) -> Ruling:
    """Compare what a problem says of itself twice here, and once in a process that executes its file anew."""
    try:
        here, again = portrait(problem), portrait(problem)
        body = _portable(problem)
    except Exception as error:
        return Ruling(SAME, "failed", f"raises {type(error).__name__}: {error}")
    if here != again:
        return Ruling(
            SAME, "failed", f"asked twice, its {_difference(here, again)} differ: let methods be functions"
        )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _FRESH],
            input=body,
            capture_output=True,
            env=environment,
            timeout=seconds + _START_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ruling(SAME, "failed", f"in a new process it does not come to an end within {seconds:g} s")
    if done.returncode:
        last = (done.stderr.decode(errors="replace").strip().splitlines() or ["it died"])[-1]
        rule = "a worker loads a family anew: let it need nothing of the session that made it"
        return Ruling(SAME, "failed", f"in a new process it cannot be loaded ({last}); {rule}")
    there = done.stdout.decode().strip().splitlines()[-1]
    if here != there:
        words = f"in a new process its {_difference(here, there)} differ"
        return Ruling(SAME, "failed", f"{words}: use no clock, no random numbers, and no order of a set")
    return Ruling(SAME, "passed", "asked twice, and in a new process: the same bits")


def _portable(problem: Problem) -> bytes:
    """Return bytes that make `portrait` of the problem in a process that may not be able to import its module."""
    module = sys.modules.get(type(problem).__module__)
    installed = type(problem).__module__.partition(".")[0] in (*OUR_PACKAGES, "__main__")
    by_value = module is not None and not installed and user_place(module.__name__) is None
    if by_value:
        cloudpickle.register_pickle_by_value(module)
    try:
        return pack(partial(portrait, problem))
    finally:
        if by_value:
            cloudpickle.unregister_pickle_by_value(module)


def _difference(one: str, other: str) -> str:
    first, second = json.loads(one), json.loads(other)
    return next((key for key in first if first[key] != second.get(key)), "words")
