"""The adversary: study an algorithm, fix an input and an oracle, confirm on fresh coins, and certify what was found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

from algorithms.registry import Spec, shipped_names
from analysis.summary.schema import Summary
from onehalf.adversary.certificate import certificate, check_certifiable, write_certificate
from onehalf.adversary.doubt import doubt
from onehalf.adversary.search import Target, search
from onehalf.adversary.study import MARGIN, Laboratory
from onehalf.plan.experiment import Cell, Experiment
from onehalf.record.directory import REPORT, SUMMARY, opened, write_text
from onehalf.record.reading.stories import stories_of
from onehalf.record.result import Result
from onehalf.running.backends.choice import Backend
from onehalf.running.backends.start import started
from onehalf.running.listener import Listener
from onehalf.running.run import workers_of
from onehalf.running.scheduler import execute
from onehalf.verify_standalone import LOOKS, hopeless, root_seed
from oracle.errors import InvalidValue
from oracle.problems import Problem, remade
from oracle.session import Budget

PLAN, CERTIFICATE = "plan.json", "certificate.json"
CAP = 6400
FIRST_LOOKS, _FIRST_SECONDS, _ALL_SECONDS = LOOKS[:5], 100.0, 300.0
"""Numbers of trials at which the confirmation may first stop: the largest that takes at most these seconds; and the
seconds that all of it should take, where that is no fewer than four times the first look, and no number was given."""
CONFIDENCE = Fraction(19, 20)
_VERSION = 2


@dataclass(frozen=True)
class Attack:
    """What an attack found.

    Attributes
    ----------
    directory : Path
        Holds the study, ``plan.json``, the confirmation, ``certificate.json``, ``summary.json`` and ``report.html``.
    plan : dict
        What was fixed between study and confirmation.
    document : dict
        The certificate.
    violated : bool
        Whether the target's lower limit lies above the bound at the upper limit of t (or u), or one run was accepted on
        two inputs that exclude each other: the harness is then defective.
    doubt : str
        Why the certificate, checked at the end like anyone's, does not hold; it is then not written. "" if it does.
    """

    directory: Path
    plan: dict[str, Any]
    document: dict[str, Any]
    violated: bool
    doubt: str = ""

    @property
    def statement(self) -> str:
        """The certificate's sentence."""
        return str(self.document["statement"])

    @property
    def conclusive(self) -> bool:
        """Whether the upper limit is at or under the bound plus the margin, and the certificate holds."""
        return bool(self.document["conclusive"]) and not self.doubt


def attack(
    spec: Spec,
    problem: Problem,
    directory: Path,
    *,
    seed: int = 1,
    beacon: str = "",
    budget: Budget | None = None,
    cap: int | None = None,
    jobs: int | None = None,
    tell: Callable[[str], None] = lambda line: None,
    listener: Listener | None = None,
    backend: Backend | None = None,
) -> Attack:
    """Find an input on which an algorithm fails, and certify it.

    A directory that holds part of the same attack is continued: the study where it was, the plan as it was written,
    the confirmation where it was.

    Parameters
    ----------
    spec : Spec
        Any algorithm.
    problem : Problem
        The family with its parameters; e, and whether the limit is a member, are the adversary's choice.
    directory : Path
        A new directory, or the one of this attack.
    seed : int
        What the study's coins are made of. The confirmation's are made of the plan alone, and cannot be chosen.
    beacon : str
        A public value, known to be of after the algorithm was fixed, that the confirmation's coins depend on as well.
    budget : Budget, optional
        Digits and seconds of each run.
    cap : int, optional
        Most trials of the confirmation; by default 6400, and fewer where they take long.
    jobs : int, optional
        Workers.
    tell : callable
        Called with a line about each stage.
    listener : Listener, optional
        Told of each experiment, of study and confirmation, while it runs.
    backend : Backend, optional
        Where trials are run; by default on this machine.

    Raises
    ------
    InvalidValue
        If nothing bounds the algorithm on this family, or it has a name that would be taken for another's.
    """
    hearing = listener or Listener()
    given = budget or Budget(seconds=20.0)
    limits = replace(given, seconds=float(given.seconds))
    workers = workers_of(jobs)
    _check(spec, problem, limits, cap, beacon)
    path = directory / PLAN
    if path.exists():
        plan = _same(json.loads(path.read_text(encoding="utf-8")), spec, problem, beacon, directory)
        tell(f"plan: as written in {path}")
    else:
        tell(f"study of {spec.label} on {problem.family}")
        found = search(
            Laboratory(spec, directory / "study", seed, limits, workers, hearing, backend), problem
        )
        plan = _plan(spec, problem, found, limits, cap, beacon)
        write_text(path, json.dumps(plan, indent=1, ensure_ascii=False))
    for reason in plan["reasons"]:
        tell(reason)
    return _confirm(spec, problem, directory, plan, workers, tell, hearing, backend)


def _check(spec: Spec, problem: Problem, budget: Budget, cap: int | None, beacon: str) -> None:
    check_certifiable(spec, problem, budget)
    if spec.origin != "shipped" and spec.name in shipped_names():
        raise InvalidValue(
            "algorithm",
            spec.name,
            "is the name of an algorithm that ships, for which a certificate of this one would be taken",
            "give it another name",
        )
    if cap is not None and (not isinstance(cap, int) or isinstance(cap, bool) or cap < 1):
        raise InvalidValue("trials", cap, "must be a whole number of at least 1", "take for example 6400")
    if not isinstance(beacon, str) or len(beacon) > 400 or not (beacon.isprintable() or not beacon):
        raise InvalidValue(
            "beacon", beacon, "must be a line of at most 400 characters", "give a public value"
        )


def _plan(
    spec: Spec, problem: Problem, found: Target, budget: Budget, cap: int | None, beacon: str
) -> dict[str, Any]:
    chosen = found.chosen
    bound = chosen.problem.bound(chosen.policy)
    looks = list(looks_for(cap or affordable_cap(chosen.seconds), chosen.seconds))
    early = f"A trial takes so long that the confirmation may stop after {looks[0]} trials already."
    plan = {
        "plan": _VERSION,
        "algorithm": {
            "name": spec.name,
            "label": spec.label,
            "parameters": dict(spec.parameters),
            "sha256": spec.digest,
        },
        "asked": _written(problem),
        "problem": _written(chosen.problem),
        "oracle": chosen.policy,
        "theorem": bound.theorem,
        "target": chosen.target,
        "open": list(found.open),
        "beacon": beacon,
        "budget": {"digits": budget.digits, "seconds": budget.seconds},
        "looks": looks,
        "confidence": str(CONFIDENCE),
        "margin": str(MARGIN),
        "processes": "one for each run",
        "reasons": [*found.reasons, *([early] if looks[0] < min(looks[-1], FIRST_LOOKS[-1]) else [])],
        "study": [seen.as_json() for seen in found.seen],
    }
    written: dict[str, Any] = json.loads(json.dumps(plan))
    return written


def _written(problem: Problem) -> dict[str, Any]:
    return {"family": problem.family, "parameters": dict(problem.parameters())}


def affordable_cap(seconds: float) -> int:
    """Return the most trials of a confirmation whose trials take so many seconds."""
    first = next(looks_for(CAP, seconds))
    return max(4 * first, min(CAP, int(_ALL_SECONDS / max(seconds, 1e-9))))


def looks_for(cap: int, seconds: float) -> Iterator[int]:
    """Yield the numbers of trials after which the confirmation may stop; the cap last.

    The limits hold at all times at once, so that more looks cost no confidence. The first is as late as trials of
    this cost allow, because the limits at an early one are wide.
    """
    first = max((n for n in FIRST_LOOKS if n * seconds <= _FIRST_SECONDS), default=FIRST_LOOKS[0])
    yield from (n for n in LOOKS if first <= n < cap)
    yield cap


def _same(plan: dict[str, Any], spec: Spec, problem: Problem, beacon: str, directory: Path) -> dict[str, Any]:
    """Return a written plan if it is of this attack."""
    asked = json.loads(json.dumps(_written(problem)))
    mine = {"label": spec.label, "sha256": spec.digest}
    theirs = {name: plan["algorithm"].get(name) for name in mine}
    if (theirs, plan["asked"], plan.get("beacon", ""), plan["plan"]) != (mine, asked, beacon, _VERSION):
        raise InvalidValue(
            "out",
            str(directory),
            f"holds an attack on {plan['algorithm']['label']} with another source, problem or beacon, or one of an "
            "earlier release",
            "name a new directory",
        )
    return plan


def _confirm(
    spec: Spec,
    asked: Problem,
    directory: Path,
    plan: dict[str, Any],
    jobs: int,
    tell: Callable[[str], None],
    listener: Listener,
    backend: Backend | None,
) -> Attack:
    """Run trials on coins made of the plan, from look to look, until its rule is met; check what comes of it."""
    problem = _remade(asked, plan["problem"])
    budget = Budget(**plan["budget"])
    cell = Cell(problem, plan["oracle"], spec, plan["looks"][-1], budget, "Attack", log=True, sealed=True)
    first = plan["looks"][0]
    expected = _FIRST_SECONDS / first if first < FIRST_LOOKS[-1] else None
    place = directory / "confirmation"
    whole = Experiment(f"attack on {spec.label}", root_seed(plan), (cell,))
    with opened(place, whole) as store:
        for look in plan["looks"]:
            tell(f"confirmation: to {look} trials")
            part = replace(whole, cells=(replace(cell, trials=look),))
            listener.begun(part, store.recorded())
            try:
                with started(backend, jobs, part) as engine:
                    doubles = execute(part, store, engine, listener, expected)
            finally:
                listener.ended()
            document = certificate(place, part, plan)
            violated = bool(doubles) or _above(document)
            if document["conclusive"] or violated or hopeless(document):
                break
    tell("the certificate is checked, and trials are run again")
    found = doubt(document, part)
    path = directory / CERTIFICATE
    if found:
        path.unlink(missing_ok=True)
    else:
        write_text(path, write_certificate(document))
    _report(Result(place, part, doubles), directory, plan, document, found)
    return Attack(directory, plan, document, violated, found)


def _remade(asked: Problem, written: dict[str, Any]) -> Problem:
    """Return the problem of a plan: of the family that was asked, with the parameters that were written."""
    parameters = {k: tuple(v) if isinstance(v, list) else v for k, v in written["parameters"].items()}
    return remade(asked, **parameters)


def _above(document: dict[str, Any]) -> bool:
    low = Fraction(document["limits"][document["target"]][0])
    return low > Fraction(document["bound"]["high"])


def _report(
    result: Result, directory: Path, plan: dict[str, Any], document: dict[str, Any], doubted: str
) -> None:
    from analysis.report.page import render  # figures and tables, which no trial need wait for

    summary = result.summary()
    contradiction = summary["headline"] if summary["violations"] else []
    statement = f"There is no certificate: {doubted}" if doubted else document["statement"]
    summary["headline"] = [*contradiction, statement]
    summary["attack"] = {
        "statement": statement,
        "conclusive": document["conclusive"] and not doubted,
        "target": plan["target"],
        "reasons": plan["reasons"],
        # The plan's own word for it came with its second form; the summary keeps its key.
        "study": [{"exponent": seen["closeness"], **seen} for seen in plan["study"]],
        "looks": plan["looks"],
        "sha256": document["sha256"],
    }
    write_text(directory / SUMMARY, json.dumps(summary, indent=1, ensure_ascii=False))
    stories = stories_of([result.recorded]).each
    write_text(directory / REPORT, render(cast("Summary", summary), stories=stories))
