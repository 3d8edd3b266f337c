"""Running an experiment in a directory: from a plan to a result."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import joblib

from onehalf.plan.experiment import Experiment, cells_of
from onehalf.plan.file import problems_given
from onehalf.plan.rule import read_until
from onehalf.record.directory import opened
from onehalf.record.result import Result
from onehalf.running.certify import certify_outputs
from onehalf.running.listener import Listener
from onehalf.running.scheduler import execute
from oracle.errors import InvalidValue
from oracle.problems import Problem
from oracle.session import Budget


def run_experiment(
    experiment: Experiment,
    directory: Path,
    jobs: int | None = None,
    listener: Listener | None = None,
    expected: float | None = None,
) -> Result:
    """Run what is missing of an experiment in a directory, and assess outputs where its families ask for it.

    Parameters
    ----------
    jobs : int, optional
        Workers; by default as many as there are processors.
    listener : Listener, optional
        Told of the run while it runs.
    expected : float, optional
        Seconds that a trial is expected to take, where that is known.

    Raises
    ------
    InvalidValue
        If the directory holds another experiment, or another process is writing there.
    """
    workers, hearing = workers_of(jobs), listener or Listener()
    with opened(directory, experiment) as store:
        hearing.begun(experiment, store.recorded())
        try:
            violations = execute(experiment, store, workers, hearing, expected)
            certify_outputs(experiment, store, workers, hearing)
        finally:
            hearing.ended()
    return Result(directory, experiment, violations)


def workers_of(jobs: int | None) -> int:
    """Return the number of workers that is asked for: without a number, as many as there are processors."""
    workers = joblib.cpu_count() if jobs is None else jobs
    if not isinstance(workers, int) or workers < 1:
        raise InvalidValue("jobs", jobs, "must be a whole number of at least 1", "take 1 or more")
    return workers


def run(
    problem: Problem | str | Sequence[Problem | str],
    algorithms: Any,
    *,
    oracle: str | Sequence[str] = "decoy",
    trials: int = 200,
    seed: int = 1,
    directory: str | Path | None = None,
    jobs: int = 1,
    budget: Budget | None = None,
    until: Any = None,
    sealed: bool = False,
    name: str = "run",
) -> Result:
    """Let algorithms face an oracle, and judge every output exactly.

    Parameters
    ----------
    problem : Problem, str, or sequence of these
        Such as ``AlternatingTraining(exponent=53)`` or ``"training[exponent=53]"``; a family of a file's is written
        ``"file.py::Name[param=value]"``.
    algorithms : str, callable, or sequence of these
        Names, ``name[param=value]``, paths of plugin files, or registered functions.
    oracle : str or sequence of str
        A policy that the family has: for those that ship, "honest", "blind", "decoy", "mirage" or "midpoint".
    trials : int
        Trials of each cell, all of them in the denominator.
    seed : int
        Root seed.
    directory : str or Path, optional
        Where the experiment is kept; one that holds part of the same experiment is continued. By default a new
        temporary directory.
    jobs : int
        Worker processes.
    budget : Budget, optional
        Digits and seconds each run may use.
    until : str, mapping or Until, optional
        A rule that may stop a cell early, such as ``"decided"`` or ``{"width": 0.02}``; `trials` is then the cap.
    sealed : bool
        Whether oracle, ledger and judge are kept in another process than the algorithms (docs/boundary.md; Linux).

    Returns
    -------
    Result
        With ``.trials``, ``.summary()`` and ``.report()``.

    Raises
    ------
    InvalidValue
        If something is misspelt or out of range.
    """
    problems = problems_given(problem)
    policies = [oracle] if isinstance(oracle, str) else list(oracle)
    several = [algorithms] if isinstance(algorithms, str) or callable(algorithms) else list(algorithms)
    rule = read_until(until)
    cells = tuple(cells_of(problems, policies, several, trials, budget, until=rule, sealed=sealed))
    place = Path(directory) if directory is not None else Path(tempfile.mkdtemp(prefix="onehalf-"))
    return run_experiment(Experiment(name, seed, cells), place, jobs)
