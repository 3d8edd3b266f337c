"""Running an experiment in a directory: from a plan to a result."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import joblib

from onehalf.plan.experiment import Experiment, cells_of
from onehalf.plan.file import problems_given
from onehalf.plan.memory import read_memory
from onehalf.plan.rule import read_until
from onehalf.record.clearing import cleared
from onehalf.record.directory import opened
from onehalf.record.result import Result
from onehalf.running.certify import certify_outputs
from onehalf.running.listener import Listener
from onehalf.running.progress import Progress
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
    allow_mixed: bool = False,
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
    allow_mixed : bool
        Whether to go on where NumPy, SciPy, scikit-learn, PyTorch or a linear-algebra kernel is another than the
        directory was begun with, though what ships may come out otherwise.

    Raises
    ------
    InvalidValue
        If the directory holds another experiment, or another process is writing there.
    """
    workers, hearing = workers_of(jobs), listener or Listener()
    with opened(directory, experiment, allow_mixed) as store:
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
    budget: Budget | Mapping[str, Any] | None = None,
    until: Any = None,
    sealed: bool = False,
    memory: int | str | None = None,
    sandbox: bool = False,
    name: str = "run",
    progress: bool | None = None,
    overwrite: bool = False,
) -> Result:
    """Let algorithms face an oracle, and judge every output exactly.

    Parameters
    ----------
    problem : Problem, str, or sequence of these
        Such as ``AlternatingTraining(exponent=53)`` or ``"training[exponent=53]"``; a family of a file's is written
        ``"file.py::Name[param=value]"``.
    algorithms : str, path, callable, or sequence of these
        Names, ``name[param=value]``, paths of plugin files, or registered functions.
    oracle : str or sequence of str
        A policy that the family has: for those that ship, "honest", "blind", "decoy", "mirage" or "midpoint".
    trials : int
        Trials of each cell, all of them in the denominator.
    seed : int
        Root seed.
    directory : str or Path, optional
        Where the experiment is kept; one that holds part of the same experiment is continued. By default a new
        temporary directory. One that holds fewer trials of the same cells gets those that are missing.
    jobs : int
        Worker processes.
    budget : Budget or mapping, optional
        Digits and seconds each run may use, such as ``{"seconds": 5}``.
    until : str, mapping or Until, optional
        A rule that may stop a cell early, such as ``"decided"`` or ``{"width": 0.02}``; `trials` is then the cap.
    progress : bool, optional
        Whether to show how far it is, on standard error; by default where that is a terminal.
    overwrite : bool
        Whether what an earlier experiment left in the directory is deleted first.
    sealed : bool
        Whether oracle, ledger and judge are kept in another process than the algorithms (docs/boundary.md; Linux).
    memory : int or str, optional
        What an algorithm's process may take beside what it has when it is called: bytes, or a text such as "500M".
    sandbox : bool
        Whether files and sockets are kept from the algorithms as well, which are then sealed (docs/boundary.md; Linux).

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
    policies = _policies_given(oracle)
    several = _algorithms_given(algorithms)
    rule, limits = read_until(until), _budget_given(budget)
    most = read_memory(memory)
    cells = tuple(
        cells_of(
            problems,
            policies,
            several,
            trials,
            limits,
            until=rule,
            sealed=sealed or sandbox is True,
            memory=most,
            sandbox=sandbox,
        )
    )
    place = _place_given(directory)
    if overwrite:
        cleared(place)
    shown = sys.stderr.isatty() if progress is None else progress
    return run_experiment(Experiment(name, seed, cells), place, jobs, Progress() if shown else None)


def _policies_given(oracle: Any) -> list[str]:
    several = [oracle] if isinstance(oracle, str) or not isinstance(oracle, Iterable) else list(oracle)
    for one in several:
        if not isinstance(one, str):
            named = getattr(one, "__name__", one)
            raise InvalidValue("oracle", named, "is no name of a policy", 'give "decoy", or a list of names')
    return several


def _algorithms_given(algorithms: Any) -> list[Any]:
    if isinstance(algorithms, str | Path) or callable(algorithms):
        several = [algorithms]
    elif isinstance(algorithms, Iterable):
        several = list(algorithms)
    else:
        raise InvalidValue(
            "algorithms", algorithms, "is no algorithm", "give a name, a file, a function, or a list of these"
        )
    return [str(one) if isinstance(one, Path) else one for one in several]


def _budget_given(budget: Budget | Mapping[str, Any] | None) -> Budget | None:
    if budget is None or isinstance(budget, Budget):
        return budget
    names = [entry.name for entry in fields(Budget)]
    if not isinstance(budget, Mapping) or not set(budget) <= set(names):
        rule = f"is a Budget or names {' and '.join(names)}"
        raise InvalidValue("budget", budget, rule, 'write for example {"seconds": 5}')
    return Budget(**budget)


def _place_given(directory: str | Path | None) -> Path:
    if directory is None:
        return Path(tempfile.mkdtemp(prefix="onehalf-"))
    if not isinstance(directory, str | Path):
        raise InvalidValue("directory", directory, "is no path", "give a text or a pathlib.Path")
    return Path(directory)
