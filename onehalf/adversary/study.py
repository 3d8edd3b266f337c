"""What the adversary sees of an algorithm in one cell: how far it asks, where it halts, how it fails.

Everything here runs on coins of its own. What it finds decides which input, which oracle and which δ are fixed for
the confirmation; nothing that it counts is counted there.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from algorithms.registry import Spec
from analysis.statistics.exact_limits import sequence_limits
from analysis.statistics.theorems import bound_value
from onehalf.adversary.beyond import End
from onehalf.adversary.events import Tally, open_names, tally
from onehalf.plan.experiment import Cell, Experiment
from onehalf.record.directory import TRIALS
from onehalf.record.result import Result
from onehalf.record.store import connected
from onehalf.running.backends.choice import Backend
from onehalf.running.listener import Listener
from onehalf.running.run import run_experiment
from oracle.errors import InvalidValue
from oracle.problems import Problem
from oracle.session import Budget

MARGIN = Fraction(1, 20)
_IDLE_SECONDS = 1.0
_FAILED = ("error", "crashed", "invalid")


@dataclass(frozen=True)
class Seen:
    """What was seen of the algorithm in one cell.

    Attributes
    ----------
    problem, policy, trials
        The cell.
    tally : Tally
        Successes, and the event that the theorem's proof must except.
    failed : int
        Outcomes with an error, a crash or an invalid output.
    stuck : int
        Outcomes that did not halt within the budget.
    depths : tuple of int
        Of each trial the largest precision that it asked for, in order of size.
    seconds : float
        Mean time of a trial, of all its runs together.
    waited : int
        Runs on limits that met their time, having asked for no more digits than the budget allows.
    """

    problem: Problem
    policy: str
    trials: int
    tally: Tally
    failed: int
    stuck: int
    depths: tuple[int, ...]
    seconds: float
    waited: int = 0

    @property
    def closeness(self) -> int:
        """e of the inputs' distance 2^-e."""
        return self.problem.closeness

    @property
    def cell(self) -> str:
        """What tells it from other cells."""
        return json.dumps([self.policy, dict(self.problem.parameters())])

    @property
    def ideal(self) -> Fraction:
        """The theorem's bound where nothing is excepted."""
        return self._bound(0)

    @property
    def worst(self) -> int:
        """Successes on the target, with the trials that may be right there beyond the budget."""
        return min(self.tally.reach.values())

    @property
    def target(self) -> str:
        """The input with the fewest such trials, the first of them in the order of the problem."""
        reach = self.tally.reach
        return next(m.name for m in self.problem.inputs if reach.get(m.name) == self.worst)

    @property
    def idle(self) -> bool:
        """Whether every run was still at work when its time was up, so that more of them would show nothing more."""
        return self.stuck == self.trials * len(self.problem.inputs) and self.seconds >= _IDLE_SECONDS

    @property
    def resolved(self) -> bool:
        """Whether every run told the inputs apart and was right."""
        return self.tally.spent == self.trials == self.worst

    @property
    def bounded(self) -> bool:
        """Whether the theorem bounds the algorithm here, by what was seen, and was not seen to be surpassed.

        That is so where the excepted event is rare, and where it is not ruled out that success is within the bound.
        """
        rare = self._bound(self.tally.spent) <= self.ideal + MARGIN / 2
        return rare and sequence_limits(self.worst, self.trials)[0] <= self.ideal

    @property
    def defeated(self) -> bool:
        """Whether success was seen to be within the bound, whatever the reason."""
        return sequence_limits(self.worst, self.trials)[1] <= self.ideal + MARGIN

    @property
    def damage(self) -> tuple[float, float, float, float]:
        """Orders what is bounded: the least excepted first, then the fewest failures, then the fewest successes."""
        total = sum(self.tally.reach.values())
        return (
            self.tally.spent / self.trials,
            self.failed / self.trials,
            self.worst / self.trials,
            total / self.trials,
        )

    @property
    def rise(self) -> float:
        """How far success lies above the bound."""
        return self.worst / self.trials - float(self.ideal)

    def _bound(self, spent: int) -> Fraction:
        bound = self.problem.bound(self.policy)
        return bound_value(bound.theorem, bound.breadth, Fraction(spent, self.trials))

    def as_json(self) -> dict[str, Any]:
        """Return what was seen as JSON values."""
        return {
            "closeness": self.closeness,
            "limit": bool(self.problem.bound(self.policy).limit),
            "oracle": self.policy,
            "trials": self.trials,
            "excess": self.tally.spent,
            "failed": self.failed,
            "stuck": self.stuck,
            "successes": self.tally.successes,
            "met": self.tally.met,
            "depth": [self.depths[0], self.depths[len(self.depths) // 2], self.depths[-1]],
        }


def study_seed(seed: int) -> int:
    """Return the root seed of a study; a confirmation's is made of its plan, in another way."""
    return int.from_bytes(hashlib.sha256(f"study of {seed}".encode()).digest()[:8], "little") * 2 + 2 + seed


@dataclass(frozen=True)
class Laboratory:
    """Where an algorithm is looked at.

    Attributes
    ----------
    spec : Spec
        The algorithm.
    directory : Path
        Where the study's experiments are kept.
    seed : int
        What the study's coins are made of.
    budget : Budget
        Of each run.
    jobs : int
        Workers.
    listener : Listener
        Told of each experiment while it runs.
    backend : Backend or None
        Where trials are run.
    """

    spec: Spec
    directory: Path
    seed: int
    budget: Budget
    jobs: int
    listener: Listener
    backend: Backend | None = None

    def look(
        self,
        name: str,
        problem: Problem,
        policies: Sequence[str],
        trials: int,
        cost: float,
        budget: Budget | None = None,
    ) -> list[Seen]:
        """Run trials against each policy, each run in a process of its own."""
        result = self._run(name, problem, policies, trials, cost, budget)
        return observations(result)

    def ends(
        self, name: str, problem: Problem, policy: str, trials: int, budget: Budget, member: str
    ) -> list[End]:
        """Return how each trial on one input ended, with another budget and the coins of `look`."""
        result = self._run(name, problem, [policy], trials, budget.seconds, budget)
        place = [m.name for m in problem.inputs].index(member)
        rows = outcomes_of(result.directory / TRIALS)
        return [(row.status, row.depth) for row in rows if row.position == place]

    def _run(
        self,
        name: str,
        problem: Problem,
        policies: Sequence[str],
        trials: int,
        cost: float,
        budget: Budget | None,
    ) -> Result:
        limits = budget or self.budget
        cells = tuple(
            Cell(problem, policy, self.spec, trials, limits, log=True, sealed=True) for policy in policies
        )
        experiment = Experiment(f"study-{name}", study_seed(self.seed), cells)
        place = self.directory / name
        return run_experiment(experiment, place, self.jobs, self.listener, cost, backend=self.backend)


def adversarial_policies(problem: Problem) -> list[str]:
    """Return the policies that the problem admits and that only an adversary would choose; honest where it has none."""
    found = []
    for policy in problem.policies:
        try:
            problem.check_policy(policy)
        except InvalidValue:
            continue
        found.append(policy)
    return [policy for policy in found if policy != "honest"] or found


def observations(result: Result) -> list[Seen]:
    """Return what was seen in each cell of a finished experiment."""
    recorded = outcomes_of(result.directory / TRIALS)
    found = []
    for index, cell in enumerate(result.experiment.cells):
        mine = [row for row in recorded if row.cell == index]
        bound, names = cell.problem.bound(cell.policy), [m.name for m in cell.problem.inputs]
        trials = [list(group) for _, group in itertools.groupby(mine, key=lambda row: row.trial)]
        served = [
            (bool(t[0].shared), [(row.status, row.verdict == "accepted") for row in t], True) for t in trials
        ]
        open_ = open_names(bound, names)  # on limits only those that met the budget elsewhere, too
        found.append(
            Seen(
                cell.problem,
                cell.policy,
                cell.trials,
                tally(bound, names, served, open_),
                sum(row.status in _FAILED for row in mine),
                sum(row.status == "no_halt" for row in mine),
                tuple(sorted(max(row.depth for row in t) for t in trials)),
                sum(row.seconds for row in mine if not row.shared or row.position == 0) / cell.trials,
                sum(
                    row.status == "no_halt" and row.depth <= cell.budget.digits
                    for row in mine
                    if names[row.position] in bound.resting
                ),
            )
        )
    return found


class OutcomeRow(NamedTuple):
    """What a store holds of a trial on an input."""

    cell: int
    trial: int
    position: int
    shared: int
    status: str
    verdict: str | None
    depth: int
    seconds: float


def outcomes_of(path: Path) -> list[OutcomeRow]:
    """Return the outcomes in a store, in order; without pandas, which an attack's children need not hold."""
    query = "SELECT cell, trial, input, shared, status, verdict, depth, seconds FROM every_outcome"
    with contextlib.closing(connected(path, writing=False)) as connection:
        return [OutcomeRow(*row) for row in connection.execute(f"{query} ORDER BY cell, trial, input")]
