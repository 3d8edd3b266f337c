"""The adversary's study: how far an algorithm reads, where it halts, and which legal answers hurt it most.

Everything here runs on coins of its own. What it finds decides which input, which oracle and which δ are fixed for
the confirmation; nothing that it counts is counted there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from algorithms.registry import Spec
from analysis.wording import iota
from onehalf.plan.experiment import Cell, Experiment
from onehalf.running.listener import Listener
from onehalf.running.run import run_experiment
from oracle.errors import InvalidValue
from oracle.families import family_parameters, make_problem
from oracle.problems import Problem
from oracle.session import Budget

RUNGS = (53, 107, 320, 1000, 5000)
"""Values of e at which the algorithm is studied, until one is found that it does not resolve."""
_TRIALS, _LEAST, _SECONDS = 16, 4, 16.0
"""Trials of a cell of the study; at least so many; and fewer than the first if they take more than these seconds."""
_REFINED, _REFINED_SECONDS = 200, 20.0
_IDLE_SECONDS = 1.0
_MOST_OVER_READING = 0.1
_FAILED = ("error", "crashed", "invalid")


@dataclass(frozen=True)
class Observation:
    """What was seen of the algorithm in one cell of the study.

    Attributes
    ----------
    problem, policy, trials
        The cell.
    excess : int
        Trials in the event that the theorem's proof must except: told the inputs apart (Theorem 1), or did so and
        was right, or halted, on ι⁰ (Theorems 2 and 3).
    failed : int
        Outcomes with an error, a crash or an invalid output.
    stuck : int
        Outcomes that did not halt within the budget.
    successes : dict
        By input, for the inputs that the theorem compares.
    depth : tuple of int
        Least, median and greatest number of digits that a trial read.
    seconds : float
        Mean time of a trial, of all its runs together.
    """

    problem: Problem
    policy: str
    trials: int
    excess: int
    failed: int
    stuck: int
    successes: dict[str, int]
    depth: tuple[int, int, int]
    seconds: float

    @property
    def damage(self) -> tuple[float, float, float, float]:
        """Orders observations: the least excess first, then the fewest failures, then the fewest successes."""
        worst, total = min(self.successes.values()), sum(self.successes.values())
        return tuple(x / self.trials for x in (self.excess, self.failed, worst, total))  # type: ignore[return-value]

    @property
    def exponent(self) -> int:
        """e of δ = 2^-e."""
        return int(self.problem.parameters()["exponent"])

    @property
    def idle(self) -> bool:
        """Whether every run was still at work when its time was up, so that more of them would show nothing more."""
        return self.stuck == self.trials * len(self.problem.inputs) and self.seconds >= _IDLE_SECONDS

    @property
    def target(self) -> str:
        """The input with the fewest successes, the first of them in the order of the problem."""
        return min(self.successes, key=self.successes.__getitem__)

    def as_json(self) -> dict[str, Any]:
        """Return what was seen as JSON values."""
        return {
            "exponent": self.exponent,
            "limit": bool(self.problem.parameters().get("limit", False)),
            "oracle": self.policy,
            "trials": self.trials,
            "excess": self.excess,
            "failed": self.failed,
            "stuck": self.stuck,
            "successes": self.successes,
            "depth": list(self.depth),
        }


@dataclass(frozen=True)
class Finding:
    """What the study concludes: everything it saw, the cell to confirm, and why, in sentences."""

    seen: tuple[Observation, ...]
    chosen: Observation
    reasons: tuple[str, ...]


def study_seed(seed: int) -> int:
    """Return the root seed of the study that belongs to a confirmation's root seed; the two never agree."""
    return int.from_bytes(hashlib.sha256(f"study of {seed}".encode()).digest()[:8], "little") * 2 + 2 + seed


def study(
    spec: Spec, problem: Problem, directory: Path, seed: int, budget: Budget, jobs: int, listener: Listener
) -> Finding:
    """Study an algorithm at growing e and, if it always resolves δ, at the limit.

    One trial against each policy shows what a trial costs. If none of them halts within its time, that is all there
    is to see at this e; otherwise as many follow as time allows.

    Parameters
    ----------
    spec : Spec
        The algorithm.
    problem : Problem
        The family with its other parameters; e is chosen here.
    directory : Path
        Where the study's experiments are kept.
    seed : int
        Root seed of the confirmation.
    listener : Listener
        Told of each experiment of the study while it runs.

    Raises
    ------
    InvalidValue
        If the algorithm always resolves δ and the family has no limit as a member.
    """

    def look(name: str, at: Problem, policies: Sequence[str], trials: int, cost: float) -> list[Observation]:
        cells = tuple(Cell(at, policy, spec, trials, budget) for policy in policies)
        experiment = Experiment(f"study-{name}", study_seed(seed), cells)
        result = run_experiment(experiment, directory / name, jobs, listener, cost)
        return observations(result, experiment)

    def climb(name: str, **changes: Any) -> Iterator[list[Observation]]:
        """Yield what is seen at one e after the other, but for those that it is known to read past."""
        passed = 0
        for rung in RUNGS:
            if rung < passed:
                continue
            at = with_(problem, exponent=rung, **changes)
            policies = adversarial_policies(at)
            found = look(f"{name}{rung}-first", at, policies, 1, _SECONDS)
            if not all(o.idle for o in found):
                cost = max(o.seconds for o in found)
                found = look(f"{name}{rung}", at, policies, affordable(cost, _SECONDS, _LEAST, _TRIALS), cost)
            yield found
            passed = min(o.depth[0] for o in found) if all(o.excess == o.trials for o in found) else 0

    seen: list[Observation] = []
    earlier: list[Observation] = []
    for found in climb("e"):
        seen += found
        if any(o.excess == 0 for o in found) or _resolves(earlier, found):
            break
        earlier = found
    best = min(seen, key=lambda o: o.damage)
    reasons = []
    if best.excess and _least_share(seen) > _MOST_OVER_READING and _meets_limit(spec, problem, seen):
        reasons.append(
            f"Up to e = {seen[-1].exponent} it told the inputs apart in {_least_share(seen):.0%} of its runs or more, "
            f"against each policy (it read up to {max(o.depth[2] for o in seen)} digits), so no fixed δ defeats it; it "
            "is met with the limit ι⁰ instead."
        )
        for found in climb("limit-e", limit=True):
            seen += found
            best = min(found, key=lambda o: o.damage)
            if best.excess == 0:
                break
    refined = affordable(best.seconds, _REFINED_SECONDS, 0, _REFINED)
    if min(best.successes.values()) > 0 and refined > best.trials:
        (best,) = look("refined", best.problem, [best.policy], refined, best.seconds)
        seen.append(best)
    return Finding(tuple(seen), best, tuple(reasons + _why(best)))


def affordable(cost: float, seconds: float, least: int, most: int) -> int:
    """Return how many trials of some cost fit into so many seconds, within bounds."""
    return max(least, min(most, int(seconds / max(cost, 1e-9))))


def _why(chosen: Observation) -> list[str]:
    worst = chosen.successes[chosen.target]
    event = "the event that the theorem's proof must except"
    idle = ["No run halted within its time, against any policy, so that one trial against each was enough."]
    return [
        *(idle if chosen.idle else []),
        f"At e = {chosen.exponent} it read {chosen.depth[0]} to {chosen.depth[2]} digits (median {chosen.depth[1]}), "
        f"and {event} happened in {chosen.excess} of {chosen.trials} trials.",
        f"Of the legal oracles, {chosen.policy} hurt most: {worst} of {chosen.trials} right on "
        f"{iota(chosen.target)}; {chosen.stuck} outcomes without halting, {chosen.failed} with an error.",
    ]


def _least_share(seen: Sequence[Observation]) -> float:
    """Return the least share, over the policies, of excess at the two largest values of e."""
    largest = sorted({o.exponent for o in seen})[-2:]
    shares = []
    for policy in {o.policy for o in seen}:
        mine = [o for o in seen if o.policy == policy and o.exponent in largest]
        shares.append(sum(o.excess for o in mine) / sum(o.trials for o in mine))
    return min(shares)


def _meets_limit(spec: Spec, problem: Problem, seen: Sequence[Observation]) -> bool:
    """Tell whether the family has a limit; refuse one without, if there is nothing else to bound the algorithm."""
    if "limit" in family_parameters(problem.family):
        return True
    if all(o.excess == o.trials for o in seen):
        raise InvalidValue(
            "problem",
            problem.family,
            f"has no limit as a member, and {spec.label} resolves every δ: no theorem bounds it here",
            "choose the training or the simplex family",
        )
    return False


def _resolves(earlier: Sequence[Observation], now: Sequence[Observation]) -> bool:
    """Tell whether every run told the inputs apart at two values of e, reading further at the second."""
    everything = [*earlier, *now]
    if not earlier or any(o.excess < o.trials for o in everything):
        return False
    return min(o.depth[0] for o in now) > max(o.depth[2] for o in earlier)


def with_(problem: Problem, **changes: Any) -> Problem:
    """Return a problem of the same family with other values of some parameters."""
    return make_problem(problem.family, {**problem.parameters(), **changes})


def adversarial_policies(problem: Problem) -> list[str]:
    """Return the policies, other than honest, that the problem admits."""
    found = []
    for policy in problem.policies:
        try:
            problem.check_policy(policy)
        except InvalidValue:
            continue
        found += [policy] * (policy != "honest")
    return found


def observations(result: Any, experiment: Experiment) -> list[Observation]:
    """Return what was seen in each cell of a finished experiment."""
    outcomes = result.outcomes
    found = []
    for entry, cell in zip(result.summary()["cells"], experiment.cells, strict=True):
        mine = outcomes[outcomes["cell"] == entry["cell"]]
        runs = mine[(mine["shared"] == 0) | (mine["input"] == 0)]
        depths = sorted(int(d) for d in mine.groupby("trial")["depth"].max())
        special = entry["universal"]["spent"] if entry["universal"] else entry["over_reading"]
        found.append(
            Observation(
                cell.problem,
                cell.policy,
                cell.trials,
                special["count"],
                int(mine["status"].isin(_FAILED).sum()),
                int((mine["status"] == "no_halt").sum()),
                {name: entry["by_input"][name]["successes"] for name in entry["smallest"]["over"]},
                (depths[0], depths[len(depths) // 2], depths[-1]),
                float(runs["seconds"].sum()) / cell.trials,
            )
        )
    return found
