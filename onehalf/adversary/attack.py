"""The adversary: study an algorithm, fix an input and an oracle, confirm on fresh coins, and certify what was found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

from algorithms.registry import Spec, same_source
from analysis.report.page import render
from analysis.summary.schema import Summary
from onehalf.adversary.certificate import Terms, certificate, check_certifiable, write_certificate
from onehalf.adversary.study import Finding, study
from onehalf.plan.experiment import Cell, Experiment
from onehalf.record.directory import REPORT, SUMMARY, opened, write_text
from onehalf.record.result import Result
from onehalf.record.stories import stories_of
from onehalf.running.listener import Listener
from onehalf.running.run import workers_of
from onehalf.running.scheduler import execute
from oracle.errors import InvalidValue
from oracle.families import make_problem
from oracle.problems import Problem
from oracle.session import Budget

PLAN, CERTIFICATE = "plan.json", "certificate.json"
CAP = 6400
FIRST_LOOKS, _FIRST_SECONDS = (10, 20, 50, 100, 200), 100.0
"""Numbers of trials at which the confirmation may first stop: the largest that takes at most these seconds."""
_VERSION = 1


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
    """

    directory: Path
    plan: dict[str, Any]
    document: dict[str, Any]
    violated: bool

    @property
    def statement(self) -> str:
        """The certificate's sentence."""
        return str(self.document["statement"])

    @property
    def conclusive(self) -> bool:
        """Whether the upper limit is at or under the bound plus the margin."""
        return bool(self.document["conclusive"])


def attack(
    spec: Spec,
    problem: Problem,
    directory: Path,
    *,
    seed: int = 1,
    budget: Budget | None = None,
    cap: int = CAP,
    jobs: int | None = None,
    tell: Callable[[str], None] = lambda line: None,
    listener: Listener | None = None,
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
        Root seed of the confirmation; the study's derives from it and differs.
    budget : Budget, optional
        Digits and seconds of each run.
    cap : int
        Most trials of the confirmation.
    jobs : int, optional
        Workers.
    tell : callable
        Called with a line about each stage.
    listener : Listener, optional
        Told of each experiment, of study and confirmation, while it runs.

    Raises
    ------
    InvalidValue
        If no theorem bounds the algorithm on this family, or a certificate of it could not be checked.
    """
    hearing = listener or Listener()
    limits = budget or Budget(seconds=20.0)
    check_certifiable(problem, limits)
    workers = workers_of(jobs)
    if not isinstance(cap, int) or isinstance(cap, bool) or cap < 1:
        raise InvalidValue("trials", cap, "must be a whole number of at least 1", "take for example 6400")
    path = directory / PLAN
    if path.exists():
        plan = _same(json.loads(path.read_text(encoding="utf-8")), spec, problem, seed, directory)
        # A plan of an earlier release may know what ships by another digest, and its certificate must say the same.
        spec = replace(spec, digest=plan["algorithm"]["sha256"])
        tell(f"plan: as written in {path}")
    else:
        tell(f"study of {spec.label} on {problem.family}")
        finding = study(spec, problem, directory / "study", seed, limits, workers, hearing)
        plan = _plan(spec, problem, finding, seed, limits, cap)
        write_text(path, json.dumps(plan, indent=1, ensure_ascii=False))
    for reason in plan["reasons"]:
        tell(reason)
    return _confirm(spec, directory, plan, workers, tell, hearing)


def _plan(
    spec: Spec, problem: Problem, finding: Finding, seed: int, budget: Budget, cap: int
) -> dict[str, Any]:
    chosen = finding.chosen
    bound = chosen.problem.bound(chosen.policy)
    terms = Terms(chosen.target)
    looks = list(looks_for(cap, chosen.seconds))
    early = [f"A trial takes so long that the confirmation may stop after {looks[0]} trials already."] * (
        looks[0] < min(cap, FIRST_LOOKS[-1])
    )
    return {
        "plan": _VERSION,
        "algorithm": {"label": spec.label, "sha256": spec.digest},
        "asked": {"family": problem.family, "parameters": dict(problem.parameters())},
        "problem": {"family": problem.family, "parameters": dict(chosen.problem.parameters())},
        "oracle": chosen.policy,
        "theorem": bound.theorem,
        "target": terms.target,
        "seed": seed,
        "budget": {"digits": budget.digits, "seconds": budget.seconds},
        "looks": looks,
        "confidence": str(terms.confidence),
        "margin": str(terms.margin),
        "reasons": [*finding.reasons, *early],
        "study": [o.as_json() for o in finding.seen],
    }


def looks_for(cap: int, seconds: float) -> Iterator[int]:
    """Yield the numbers of trials after which the confirmation may stop; the cap last.

    The limits hold at all times at once, so that more looks cost no confidence. The first is as late as trials of
    this cost allow, because the limits at an early one are wide.
    """
    first = max((n for n in FIRST_LOOKS if n * seconds <= _FIRST_SECONDS), default=FIRST_LOOKS[0])
    yield from (n for n in FIRST_LOOKS[:-1] if first <= n < cap)
    at = FIRST_LOOKS[-1]
    while at < cap:
        yield at
        at *= 2
    yield cap


def _same(plan: dict[str, Any], spec: Spec, problem: Problem, seed: int, directory: Path) -> dict[str, Any]:
    """Return a written plan if it is of this attack."""
    written = plan["algorithm"]
    same = written["label"] == spec.label and same_source(
        spec.name, spec.origin, written["sha256"], spec.digest
    )
    asked = json.loads(json.dumps({"family": problem.family, "parameters": dict(problem.parameters())}))
    if not same or (plan["asked"], plan["seed"]) != (asked, seed):
        raise InvalidValue(
            "out",
            str(directory),
            f"holds an attack on {plan['algorithm']['label']} with another source, problem or seed",
            "name a new directory",
        )
    return plan


def _confirm(
    spec: Spec,
    directory: Path,
    plan: dict[str, Any],
    jobs: int,
    tell: Callable[[str], None],
    listener: Listener,
) -> Attack:
    """Run trials on fresh coins, from look to look, until the plan's rule is met."""
    problem = make_problem(plan["problem"]["family"], plan["problem"]["parameters"])
    cell = Cell(
        problem, plan["oracle"], spec, plan["looks"][-1], Budget(**plan["budget"]), "Attack", log=True
    )
    terms = Terms(plan["target"], Fraction(plan["confidence"]), Fraction(plan["margin"]))
    first = plan["looks"][0]
    expected = _FIRST_SECONDS / first if first < FIRST_LOOKS[-1] else None
    place = directory / "confirmation"
    whole = Experiment(f"attack on {spec.label}", plan["seed"], (cell,))
    with opened(place, whole) as store:
        for look in plan["looks"]:
            tell(f"confirmation: to {look} trials")
            part = replace(whole, cells=(replace(cell, trials=look),))
            listener.begun(part, store.recorded())
            try:
                doubles = execute(part, store, jobs, listener, expected)
            finally:
                listener.ended()
            document = certificate(place, part, terms, plan)
            violated = bool(doubles) or _above(document)
            if document["conclusive"] or violated:
                break
    write_text(directory / CERTIFICATE, write_certificate(document))
    _report(Result(place, part, doubles), directory, plan, document)
    return Attack(directory, plan, document, violated)


def _above(document: dict[str, Any]) -> bool:
    low = Fraction(document["limits"][document["target"]][0])
    return low > Fraction(document["bound"]["high"])


def _report(result: Result, directory: Path, plan: dict[str, Any], document: dict[str, Any]) -> None:
    summary = result.summary()
    contradiction = summary["headline"] if summary["violations"] else []
    summary["headline"] = [*contradiction, document["statement"]]
    summary["attack"] = {
        "statement": document["statement"],
        "conclusive": document["conclusive"],
        "target": plan["target"],
        "reasons": plan["reasons"],
        "study": plan["study"],
        "looks": plan["looks"],
        "sha256": document["sha256"],
    }
    write_text(directory / SUMMARY, json.dumps(summary, indent=1, ensure_ascii=False))
    write_text(
        directory / REPORT, render(cast("Summary", summary), stories=stories_of([result.recorded]).each)
    )
