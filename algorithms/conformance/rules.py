"""The rules of plugins: each one a function from what was observed to a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from algorithms.algorithm import Algorithm
from algorithms.conformance.probes import Observation
from algorithms.programs.program import Program

Outcome = Literal["passed", "failed", "noted", "skipped"]
LIMIT = "0"
_OWN = {
    "random": "the state of Python's random module",
    "numpy.random": "NumPy's global random state",
}


@dataclass(frozen=True)
class Ruling:
    """What became of one rule.

    Attributes
    ----------
    rule : str
        Its name.
    outcome : str
        "passed", "failed", "noted" (allowed, and worth knowing) or "skipped" (does not apply).
    sentence : str
        What was seen and, if it failed, the rule and the remedy.
    """

    rule: str
    outcome: Outcome
    sentence: str


def rulings(seen: list[Observation], algorithm: Algorithm, origin: str) -> Iterator[Ruling]:
    """Yield what became of every rule in observations of an algorithm that was loaded from `origin`."""
    yield _runs(seen)
    for name in dict.fromkeys(o.input for o in seen):
        yield _halts(
            name, [o for o in seen if o.input == name], getattr(algorithm.function, "hint_of_silence", "")
        )
    yield _legal(seen)
    halted = [o for o in seen if o.status == "halted"]
    yield _members(seen, halted)
    yield _claims(seen, halted)
    yield _deterministic(seen)
    yield _own_generator(seen, algorithm)
    yield _task_untouched(seen, algorithm)
    yield _batches(seen, algorithm)
    yield _reloads(seen, origin)


def _runs(seen: list[Observation]) -> Ruling:
    bad = next((o for o in seen if o.status in ("error", "crashed") and not o.unloaded), None)
    if bad is None:
        return Ruling("runs", "passed", f"{len(seen)} runs without an exception or a crash")
    return Ruling("runs", "failed", f"{_where(bad)}: {bad.status}: {bad.note}")


def _halts(name: str, seen: list[Observation], hint: str) -> Ruling:
    rule = f"halts on input {name}"
    slow = next((o for o in seen if o.status == "no_halt"), None)
    if slow is None and all(o.status in ("error", "crashed") for o in seen):
        return Ruling(rule, "skipped", "no run came to its end")
    if slow is None:
        return Ruling(rule, "passed", "within the budgets of digits and time")
    if name == LIMIT:
        return Ruling(rule, "noted", f"does not halt within budget: allowed, counted as such ({slow.note})")
    return Ruling(
        rule, "failed", f"{slow.note}: an algorithm halts within its budgets; read or compute less{hint}"
    )


def _legal(seen: list[Observation]) -> Ruling:
    bad = next((o for o in seen if o.illegal), None)
    if bad is None:
        return Ruling(
            "asks legal questions", "passed", "every question was for 2^-n, n ≥ 0, of an entry that is there"
        )
    return Ruling("asks legal questions", "failed", bad.illegal)


def _members(seen: list[Observation], halted: list[Observation]) -> Ruling:
    bad = next((o for o in seen if o.status == "invalid" and not o.bad_claim), None)
    if bad is not None:
        return Ruling("output in M", "failed", bad.note)
    return _unless_empty("output in M", halted, "every output has the shape asked for, and finite numbers")


def _claims(seen: list[Observation], halted: list[Observation]) -> Ruling:
    bad = next((o for o in seen if o.bad_claim), None)
    if bad is not None:
        return Ruling("claims are booleans", "failed", bad.note)
    claims = {claim for o in halted for claim in o.claims}
    words = "makes no claim" if claims <= {None} else "its exit flag is True or False"
    return _unless_empty("claims are booleans", halted, words)


def _deterministic(seen: list[Observation]) -> Ruling:
    rule = "deterministic given oracle and seed"
    again: dict[tuple[str, str, str, int], list[Observation]] = {}
    for o in seen:
        if len(o.seeds) == 1 and o.status in ("halted", "error", "invalid"):
            again.setdefault((o.problem, o.policy, o.input, o.seeds[0]), []).append(o)
    twice = [pair for pair in again.values() if len(pair) > 1]
    for first, second in twice:
        for what in ("status", "asked", "outputs", "claims"):
            if getattr(first, what) != getattr(second, what):
                return Ruling(
                    rule,
                    "failed",
                    f"{_where(first)}: run again in a new process with the same seed, its {what} differ: use no "
                    "clock, no process id, no state kept between runs, and no generator but the one handed in",
                )
    if not twice:
        return Ruling(rule, "skipped", "no run could be repeated")
    return Ruling(
        rule, "passed", f"{len(twice)} runs repeated in a new process, in another order: the same bits"
    )


def _own_generator(seen: list[Observation], algorithm: Algorithm) -> Ruling:
    rule = "uses only its generator"
    if isinstance(algorithm.function, Program):
        return Ruling(rule, "skipped", "a program of its own cannot reach our generators")
    for name, words in _OWN.items():
        if any(name in o.touched for o in seen):
            return Ruling(
                rule,
                "failed",
                f"{words} changed: draw from rng alone, and call neither {name}.seed nor its functions",
            )
    return Ruling(rule, "passed", "the global random states are as they were")


def _task_untouched(seen: list[Observation], algorithm: Algorithm) -> Ruling:
    rule = "leaves the task as it is"
    if isinstance(algorithm.function, Program):
        return Ruling(rule, "skipped", "a program of its own has a copy")
    bad = next((o for o in seen if "task" in o.touched or "read-only" in o.note), None)
    if bad is None:
        return Ruling(rule, "passed", "nothing was written to what the task hands out")
    return Ruling(
        rule, "failed", f"{_where(bad)}: wrote to what the task hands out, which others read: change a copy"
    )


def _batches(seen: list[Observation], algorithm: Algorithm) -> Ruling:
    rule = "batched equals one by one"
    if not algorithm.batched:
        return Ruling(rule, "skipped", "takes one generator at a time")
    halted = [o for o in seen if o.status == "halted"]
    alone = {
        (o.problem, o.policy, o.input, o.seeds[0]): (o.outputs[0], o.claims[0], o.asked)
        for o in halted
        if len(o.seeds) == 1
    }
    compared = 0
    for o in halted:
        for seed, body, claim in zip(o.seeds, o.outputs, o.claims, strict=True) if len(o.seeds) > 1 else ():
            expected = alone.setdefault((o.problem, o.policy, o.input, seed), (body, claim, o.asked))
            compared += 1
            if expected[:2] != (body, claim):
                return Ruling(
                    rule,
                    "failed",
                    f"{_where(o)}: its output for seed {seed} depends on the batch: let each generator be used for one "
                    "output only, and no reduction run over the batch",
                )
            if expected[2] != o.asked:
                return Ruling(
                    rule,
                    "failed",
                    f"{_where(o)}: with seed {seed} alone it asks other questions: the record of a batch is that of "
                    "each of its runs, so let it read for all of them alike, or take one generator at a time",
                )
    if not compared:
        return Ruling(rule, "skipped", "no batch halted")
    return Ruling(rule, "passed", f"{compared} outputs of batches of 2 and 3 have the same bits")


def _reloads(seen: list[Observation], origin: str) -> Ruling:
    bad = next((o for o in seen if o.unloaded), None)
    if bad is not None:
        rule = "a worker loads an algorithm anew: let it need nothing of the session that made it"
        return Ruling("loads in workers", "failed", f"{bad.note}; {rule}")
    return Ruling("loads in workers", "passed", f"pickled, and loaded anew ({origin})")


def _unless_empty(rule: str, halted: list[Observation], words: str) -> Ruling:
    return Ruling(rule, "passed", words) if halted else Ruling(rule, "skipped", "no run halted")


def _where(o: Observation) -> str:
    return f"{o.problem}, input {o.input}, {o.policy}, seed {', '.join(map(str, o.seeds))}"
